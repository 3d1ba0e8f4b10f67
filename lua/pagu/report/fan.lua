--- pagu.report.fan: the picture of a projection: history, then the middle in a band, from a simulation's quantiles or
-- from prediction intervals; every year of the axis is there, with figures or without.
local _, pagu = ...
pagu = pagu or require "pagu"
local errors = pagu._require "pagu.report.errors"
local phrases = pagu._require "pagu.report.phrases"

local M = { helper = true } -- no report of its own

--- Low and high of the whole's budget in a year by the prediction intervals of its parts, as if all erred the same way.
local function interval(rows, total, year)
  local low, high, any = total, total, false
  for _, row in ipairs(rows) do
    if row.field == "budget" and row.year == year and row.low and row.value and row.method ~= "stop" and row.method ~= "manual" then
      low, high, any = low - row.value + row.low, high - row.value + row.high, true
    end
  end
  if any then return math.tointeger(math.floor(low + 0.5)), math.tointeger(math.floor(high + 0.5)) end
end

--- Quantile of the whole in a year, nil if the simulation doesn't watch it.
local function quantile(simulation, q, year)
  local ok, value = pcall(function() return (simulation:quantile("/", q, year)) end)
  return ok and value or nil
end

--- Low, middle and high of a year after n.
local function band(ctx, rows, year, total)
  local simulation = ctx.opts.simulation
  local low = simulation and quantile(simulation, 0.1, year)
  if low then return low, quantile(simulation, 0.5, year), quantile(simulation, 0.9, year) end
  if not total then return nil end
  local high
  low, high = interval(rows, total, year)
  return low, total, high
end

local function series_columns(ctx)
  local spec = {
    name = "proyeksi_deret", title = ctx.text{ id = "Pagu dan proyeksi per tahun", en = "Budget and projection by year" },
    decimals = ctx.view.decimals,
    { "year", ctx.text{ id = "Tahun", en = "Year" }, "text" },
    { "budget", ctx.text{ id = "Pagu", en = "Budget" }, "money" },
    { "projection", ctx.text{ id = "Proyeksi", en = "Projection" }, "money" },
  }
  local simulated = ctx.opts.simulation
  spec[#spec + 1] = { "low", simulated and "P10" or ctx.text{ id = "Bawah", en = "Low" }, "money" }
  if simulated then spec[#spec + 1] = { "middle", "P50", "money" } end
  spec[#spec + 1] = { "high", simulated and "P90" or ctx.text{ id = "Atas", en = "High" }, "money" }
  return spec
end

--- Years of the whole, without a gap: what is planned to n, and the projection from n on.
local function series(ctx, before, after)
  local rows, has_band, t = errors.rows(ctx.view), false, pagu.table(series_columns(ctx))
  for year = before[1], after[#after] or ctx.year do
    local amount = ctx.total("budget", year)
    if year <= ctx.year then
      t:add{ year = tostring(year), budget = amount, projection = year == ctx.year and amount or nil }
    else
      local low, middle, high = band(ctx, rows, year, amount)
      has_band = has_band or low ~= nil
      t:add{ year = tostring(year), projection = amount, low = low, middle = ctx.opts.simulation and middle or nil, high = high }
    end
  end
  return t, has_band
end

--- The same without the columns of a band: there is none.
local function narrow(t)
  local out = pagu.table{
    name = "proyeksi_deret", title = t.title, decimals = t.decimals,
    { "year", t:columns()[1].title, "text" }, { "budget", t:columns()[2].title, "money" },
    { "projection", t:columns()[3].title, "money" },
  }
  for row in t:each() do out:add{ year = row.year, budget = row.budget, projection = row.projection } end
  return out
end

--- What a fan draws: history and projection in one column.
local function fan_table(ctx, t)
  local out = pagu.table{
    name = "proyeksi_kipas", title = t.title, decimals = ctx.view.decimals,
    { "year", ctx.text{ id = "Tahun", en = "Year" }, "text" }, { "low", ctx.text{ id = "Bawah", en = "Low" }, "money" },
    { "middle", ctx.text{ id = "Pagu dan proyeksi", en = "Budget and projection" }, "money" },
    { "high", ctx.text{ id = "Atas", en = "High" }, "money" },
  }
  for row in t:each() do
    out:add{ year = row.year, low = row.low, middle = row.middle or row.projection or row.budget, high = row.high }
  end
  return out
end

local function caption(ctx)
  local simulation = ctx.opts.simulation
  if simulation then
    return ctx.text{
      id = "Pita: P10 sampai P90 dari simulasi %d percobaan (benih %d); garis tengah: P50.",
      en = "Band: P10 to P90 of a simulation of %d draws (seed %d); middle line: P50.",
    }:format(simulation.draws, simulation.seed)
  end
  return ctx.text{
    id = "Pita: selang prediksi tiap rincian, dijumlahkan seakan-akan semuanya meleset ke arah yang sama; garis tengah: proyeksi.",
    en = "Band: prediction intervals of the parts, added up as if all erred the same way; middle line: the projection.",
  }
end

--- Add the chart and its table.
function M.add(doc, ctx, before, after)
  local t, has_band = series(ctx, before, after)
  local unit = ctx.meta.currency == "IDR" and "Rp" or ctx.meta.currency
  if not has_band then
    t = narrow(t)
    doc:add(pagu.chart{ kind = "line", table = t, label = "year", values = { "budget", "projection" }, unit = unit }, { name = "proyeksi_grafik" })
    doc:add(t)
    return
  end
  doc:add(pagu.chart{ kind = "fan", table = fan_table(ctx, t), label = "year", values = { "low", "middle", "high" }, unit = unit },
    { name = "proyeksi_grafik" })
  doc:add(t)
  doc:text(caption(ctx))
end

local function quantiles(ctx, simulation)
  local t = pagu.table{
    name = "proyeksi_kuantil", title = ctx.text{ id = "Kuantil simulasi menurut tahun", en = "Quantiles of the simulation by year" },
    decimals = ctx.view.decimals, { "year", ctx.text{ id = "Tahun", en = "Year" }, "integer" },
    { "p10", "P10", "money" }, { "p50", "P50", "money" }, { "p90", "P90", "money" },
  }
  for year = ctx.year, ctx.view.last_year do
    local p10 = quantile(simulation, 0.1, year)
    if p10 then t:add{ year, p10, quantile(simulation, 0.5, year), quantile(simulation, 0.9, year) } end
  end
  return t
end

--- Quantiles, the probability that each limit breaks, and what was assumed; nothing without opts.simulation.
function M.add_simulation(doc, ctx, level)
  local simulation = ctx.opts.simulation
  if not simulation then return end
  doc:heading(ctx.text{ id = "Ketidakpastian", en = "Uncertainty" }, level)
  doc:add(quantiles(ctx, simulation), { name = "proyeksi_kuantil" })
  for row in simulation.breaks:each() do
    doc:text(ctx.text{ id = "Peluang batas \"%s\" %s terlampaui: %s.", en = "Probability that the limit \"%s\" of %s breaks: %s." }
      :format(row.name or row.key or "", row.year or row.period or "", phrases.percent(row.probability, ctx.lang)))
  end
  doc:add(simulation.breaks, { name = "proyeksi_peluang" })
  doc:add(simulation.assumptions, { name = "proyeksi_asumsi" })
end

return M
