--- pagu.projection: the results of project and forward: rows of money and of targets, what each value was
-- made by, and s:projection(), which reads that back from the journal.
local _, pagu = ...
pagu = pagu or require "pagu"
local lang = pagu._require "pagu.lang"
local estimate = pagu._require "pagu.estimate"
local say = lang.say

lang.add_texts {
  projection_year = { id = "Tahun", en = "Year" },
  projection_method = { id = "Cara", en = "Method" },
  projection_computed = { id = "Menurut cara", en = "By the method" },
  projection_n = { id = "n", en = "n" },
  projection_mae = { id = "Galat (MAE)", en = "Error (MAE)" },
  projection_mape = { id = "Galat (%)", en = "Error (%)" },
  projection_low = { id = "Selang|Bawah", en = "Interval|Low" },
  projection_high = { id = "Selang|Atas", en = "Interval|High" },
  projection_flag = { id = "Tanda", en = "Flag" },
  projection_reason = { id = "Alasan", en = "Reason" },
  projection_step = { id = "Langkah", en = "Step" },
  projection_field = { id = "Kolom", en = "Field" },
  projection_level = { id = "Taraf selang", en = "Level of the interval" },
  projection_chosen = { id = "Dipilih", en = "Chosen" },
  projection_years = { id = "Tahun uji", en = "Years tried" },
  projection_interval = { id = "selang prediksi %s%%", en = "prediction intervals of %s%%" },
  projection_skipped = { id = "%d tanpa proyeksi: %s", en = "%d without projection: %s" },
}

local M = {}

local function heading(name, kind)
  return { name, say("projection_" .. name), kind }
end

local function columns(value_kind, old, new)
  return {
    { "key", say "key", "text" }, { "name", say "name", "text" }, heading("year", "integer"),
    { "old", old, value_kind }, { "new", new, value_kind },
  }
end

local function with_method(out, kind)
  for _, column in ipairs {
    heading("method", "text"), heading("computed", kind), heading("n", "integer"), heading("mae", "number"),
    heading("mape", "percent"), heading("low", kind == "measure" and "number" or kind), heading("high", kind == "measure" and "number" or kind),
    heading("flag", "text"), heading("reason", "text"),
  } do
    out[#out + 1] = column
  end
  return out
end

--- An empty table of changed lines.
function M.money_table(s)
  local out = columns("money", say "before", say "after")
  out[#out + 1] = { "delta", say "change", "money" }
  out.decimals = s.decimals
  return pagu._ours(pagu.table(with_method(out, "money")))
end

--- An empty table of changed targets.
function M.measure_table()
  return pagu._ours(pagu.table(with_method(columns("measure", say "before", say "after"), "measure")))
end

--- What was made of a line or an indicator, for a row: c.fits by key, c.made[key][year].
function M.describe(c, key, year, row)
  local f, made = c.fits[key] or nil, c.made[key] and c.made[key][year] or {}
  row.method = made.method or f and f.method
  row.computed, row.low, row.high = made.computed, made.low, made.high
  row.flag = estimate.flag(table.unpack(made.flags or {}))
  if f and (made.method == nil or made.method == f.method) then
    row.n, row.mae, row.mape, row.reason = f.n, f.mae, f.mape, f.reason
  end
  return row
end

--- What "auto" tried, a row a candidate; nil if it was not asked.
function M.candidates(c)
  local keys = {}
  for key, f in pairs(c.fits) do
    if f and f.candidates then keys[#keys + 1] = key end
  end
  if #keys == 0 then return nil end
  table.sort(keys)
  local t = pagu.table {
    { "key", say "key", "text" }, heading("method", "text"), heading("years", "integer"), heading("mae", "number"),
    heading("chosen", "text"),
  }
  for _, key in ipairs(keys) do
    local f = c.fits[key]
    for _, x in ipairs(f.candidates) do
      t:add { key, x.method, x.n, x.mae, x.method == f.method and "*" or nil }
    end
  end
  return t
end

--- For the journal: what each value was made by, where a method was fitted or a hand overrode it.
function M.record(c)
  local keys, out = {}, {}
  for key in pairs(c.made) do
    keys[#keys + 1] = key
  end
  table.sort(keys)
  for _, key in ipairs(keys) do
    local f = c.fits[key] or nil
    local entry = f and { key = key, method = f.method, n = f.n, mae = f.mae, mape = f.mape, level = f.df and f.level,
      alpha = f.alpha, beta = f.beta, phi = f.phi, why = f.reason } or { key = key }
    entry.years = {}
    for year, made in pairs(c.made[key]) do
      entry.years[("%d"):format(year)] = {
        computed = made.computed, low = made.low, high = made.high, method = made.method, flags = made.flags,
      }
    end
    out[#out + 1] = entry
  end
  return #out > 0 and out or nil
end

--- Sort years ascending, whatever order pairs gives.
local function years_in(entry)
  local out = {}
  for year in pairs(entry.years.value) do
    out[#out + 1] = year
  end
  table.sort(out)
  return out
end

local function add_entry(t, s, step, field, entry)
  for _, name in ipairs(years_in(entry)) do
    local made, year = entry.years.value[name].value, math.tointeger(tonumber(name))
    local money = pagu._is_money(s, field)
    local here = money and s:find(entry.key) or not money and entry.key
    t:add {
      step = step, key = entry.key, field = field, year = year, method = made.method or entry.method,
      value = here and math.type((s:get(here, field, year))) and s:get(here, field, year) + 0.0 or nil,
      computed = made.computed and made.computed + 0.0, n = entry.n, mae = entry.mae and entry.mae + 0.0,
      mape = entry.mape and entry.mape + 0.0, level = entry.level and entry.level + 0.0, low = made.low and made.low + 0.0,
      high = made.high and made.high + 0.0, flag = made.flags and estimate.flag(table.unpack(made.flags.value)), reason = entry.why,
    }
  end
end

--- s:projection() -> what every projected value was made by: step, key, field, year, method, value now, value by
-- the method, n, errors, interval.
function M.projection(s)
  local decisions = pagu._require "pagu.report.decisions"
  local t = pagu.table {
    heading("step", "integer"), { "key", say "key", "text" }, heading("field", "text"), heading("year", "integer"),
    heading("method", "text"), { "value", say "after", "number" }, heading("computed", "number"), heading("n", "integer"),
    heading("mae", "number"), heading("mape", "percent"), heading("level", "number"), heading("low", "number"),
    heading("high", "number"), heading("flag", "text"), heading("reason", "text"),
  }
  for _, step in ipairs(decisions.projections(s)) do
    for _, part in ipairs { { "used", step.asked.field or "budget" }, { "used_targets", "target" } } do
      for _, entry in ipairs(step.asked[part[1]] and step.asked[part[1]].value or {}) do
        add_entry(t, s, step.step, part[2], entry.value)
      end
    end
  end
  return t
end

return M
