--- pagu.report.errors: how far the fitted projections of a scenario were from the years there are: method, error
-- and interval of each, as s:projection() reads them from the journal.
local _, pagu = ...
pagu = pagu or require "pagu"

local M = { helper = true } -- no report of its own

--- Rows of s:projection(), the last of each key, field and year: a later step replaces an earlier one.
function M.rows(view)
  local out, at = {}, {}
  if pagu.type(view) ~= "scenario" then return out end
  for row in view:projection():each() do
    local id = row.key .. " " .. row.field .. " " .. row.year
    if not at[id] then
      at[id] = #out + 1
    end
    out[at[id]] = row
  end
  return out
end

local function columns(ctx, kind)
  return {
    { "key", ctx.text{ id = "Kode", en = "Key" }, "text" }, { "year", ctx.text{ id = "Tahun", en = "Year" }, "integer" },
    { "method", ctx.text{ id = "Cara", en = "Method" }, "text" }, { "value", ctx.text{ id = "Proyeksi", en = "Projection" }, kind },
    { "computed", ctx.text{ id = "Menurut cara", en = "By the method" }, kind },
    { "n", ctx.text{ id = "n", en = "n" }, "integer" }, { "mae", ctx.text{ id = "Galat|MAE", en = "Error|MAE" }, "number" },
    { "mape", ctx.text{ id = "Galat|%", en = "Error|%" }, "percent" },
    { "level", ctx.text{ id = "Selang|Taraf (%)", en = "Interval|Level (%)" }, "number" },
    { "low", ctx.text{ id = "Selang|Bawah", en = "Interval|Low" }, kind },
    { "high", ctx.text{ id = "Selang|Atas", en = "Interval|High" }, kind },
    { "flag", ctx.text{ id = "Tanda", en = "Flag" }, "text" }, { "reason", ctx.text{ id = "Alasan pilihan", en = "Why chosen" }, "text" },
  }
end

local function table_of(ctx, rows, name, money)
  local spec = columns(ctx, money and "money" or "number")
  spec.name, spec.decimals = name, ctx.view.decimals
  spec.title = money and ctx.text{ id = "Galat dan selang pagu", en = "Errors and intervals of budgets" }
    or ctx.text{ id = "Galat dan selang target", en = "Errors and intervals of targets" }
  local t = pagu.table(spec)
  for _, row in ipairs(rows) do
    if pagu._is_money(ctx.view, row.field) == money then
      local function amount(x) return x and (money and math.tointeger(x) or x) or nil end
      t:add{ key = row.key, year = row.year, method = row.method, value = amount(row.value), computed = amount(row.computed), n = row.n,
        mae = row.mae, mape = row.mape, level = row.level, low = amount(row.low), high = amount(row.high), flag = row.flag,
        reason = row.reason }
    end
  end
  return t
end

--- Add what there is; false if nothing was fitted or set by hand.
function M.add(doc, ctx)
  local rows = M.rows(ctx.view)
  if #rows == 0 then return false end
  for _, part in ipairs{ { "proyeksi_galat", true }, { "proyeksi_galat_target", false } } do
    local t = table_of(ctx, rows, part[1], part[2])
    if #t:rows() > 0 then doc:add(t) end
  end
  doc:text(ctx.text{
    id = "MAE adalah galat mutlak rata-rata bila tiap tahun disisihkan bergantian dan ditaksir dari tahun lainnya (leave-one-out); "
      .. "selang prediksi memakai sebaran t pada taraf yang tertera. Cara pertumbuhan, indeks, dan manual memakai asumsi dan "
      .. "tidak memiliki galat terukur.",
    en = "MAE is the mean absolute error when each year in turn is left out and predicted from the others; prediction intervals "
      .. "take Student's t at the level given. Growth, index and manual methods use assumptions and have no measured error.",
  })
  return true
end

return M
