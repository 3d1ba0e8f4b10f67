--- pagu.project_measures: projection of targets and other measures, indicator by indicator.
local _, pagu = ...
pagu = pagu or require "pagu"
local lang = pagu._require "pagu.lang"
local parameter = pagu._require "pagu.parameter"
local estimate = pagu._require "pagu.estimate"
local projection = pagu._require "pagu.projection"
local strategic = pagu._require "pagu.strategic"
local fail, say = lang.fail, lang.say

lang.add_texts {
  project_money_only = { id = "cara \"%s\" hanya untuk uang", en = "method \"%s\" is for money only" },
}

local M = {}

-- A whole number stays whole; a percentage stops at 100 unless it was above it already.
local function grown(value, unit, percent, years, verb)
  local out, capped = value * (1 + percent / 100) ^ years, nil
  if out - out ~= 0 then fail("overflow", "beyond", verb) end
  if math.type(value) == "integer" and unit ~= "%" then
    local whole = out < 0 and math.ceil(out - 0.5) or math.floor(out + 0.5)
    return math.type(whole) == "integer" and whole or fail("overflow", "beyond", verb)
  end
  if unit == "%" and out > 100 and value <= 100 then out, capped = 100, "capped" end
  return out, capped
end

--- { [year] = number } of an indicator; years in another unit than the year from are no observations.
local function history(on, c, indicator, unit)
  local out = {}
  for year = c.first, c.from do
    local value, its_unit = on:get(indicator, c.history, year)
    if math.type(value) and its_unit ~= "-" and (its_unit == unit or unit == nil) then out[year] = value end
  end
  return out
end

--- True if a value is worse than another by the indicator's polarity.
local function is_worse(indicator, value, now)
  if not math.type(now) then return false end
  if indicator.polarity == "higher" then return value < now end
  return indicator.polarity == "lower" and value > now
end

local function fit_of(on, c, indicator, unit, method)
  local key, node = indicator.id, indicator.node
  if c.fits[key] ~= nil then return c.fits[key] end
  local series = history(on, c, indicator, unit)
  local asked = { method = method, level = c.o.level }
  for name, of in pairs(c.smoothing) do asked[name] = node and of(node) end
  local f = estimate.fit(series, c.years, asked, key, c.short)
  if not f and c.short ~= "skip" then
    asked.method = c.short
    f = estimate.fit(series, c.years, asked, key, "skip")
  end
  if f then f.kind = estimate.kind(series, unit == "%") end
  c.fits[key] = f or false
  if not f then c.skipped[#c.skipped + 1] = key end
  return f
end

local function fitted(on, c, indicator, now, unit, method, year)
  local f = fit_of(on, c, indicator, unit, method)
  if not f then return nil end
  local value, flag = estimate.bounded(f[year].value, f.kind)
  local low, high = f[year].low, f[year].high
  if low then
    low = estimate.bounded(low, { percent = f.kind.percent, least = f.kind.least, most = f.kind.most })
    high = estimate.bounded(high, { percent = f.kind.percent, least = f.kind.least, most = f.kind.most })
  end
  return value, { low = low, high = high, flags = estimate.flags(flag, is_worse(indicator, value, now) and "worse") }
end

local function by_strategic(on, c, indicator, now, year)
  c.plan = c.plan or strategic.view(on)
  local value, flag = strategic.target(on, c.plan, indicator, c.from, year)
  if value == nil and c.short == "error" then strategic.refuse(on, indicator, c.field, year) end
  if value == nil then
    c.skipped[#c.skipped + 1] = indicator.id
    return nil
  end
  return value, { method = "renstra", flags = estimate.flags(flag, is_worse(indicator, value, now) and "worse") }
end

--- Percentage and years of compounding for one year.
local function step_of(c, indicator, year)
  local node, index = indicator.node, c.o.index
  if c.method_of(node) ~= "index" then return c.growth_of(node), year - c.from end
  local at = type(index) == "table" and index[year]
  if not at then fail("argument", "missing_option", c.verb, ("index[%d]"):format(year)) end
  return pagu._percent_of_index(at, index[c.from] or 100), 1
end

--- The value of one indicator and year: number and what made it, or nil for what stays as it is now.
local function value_of(on, c, indicator, now, unit, year)
  local method = indicator.node and c.method_of(indicator.node) or "growth"
  if estimate.fitted[method] then return fitted(on, c, indicator, now, unit, method, year) end
  if method == "renstra" then return by_strategic(on, c, indicator, now, year) end
  if method ~= "growth" and method ~= "index" and method ~= "keep" then fail("argument", "project_money_only", method) end
  local percent, years
  if method ~= "keep" and indicator.node then percent, years = step_of(c, indicator, year) end
  if not percent then return now end
  local value, flag = grown(now, unit, percent, years, c.verb)
  if flag then c.capped[#c.capped + 1] = indicator.id end
  return value, { flags = estimate.flags(flag) }
end

local function needs_number(c, indicator)
  local method = indicator.node and c.method_of(indicator.node)
  return method == "renstra" or estimate.fitted[method] and c.history ~= c.field
end

local function cell_of(on, c, indicator, year)
  local now, unit, text = on:get(indicator, c.field, c.from)
  if unit == "-" then return "-" end
  if now == nil and not needs_number(c, indicator) then return nil end
  if now ~= nil and not math.type(now) then return { text = now, unit = unit } end
  local value, made = value_of(on, c, indicator, now, unit, year)
  if value == nil then return nil end
  if made then
    if made.method or made.low or made.flags or c.fits[indicator.id] then
      c.made[indicator.id] = c.made[indicator.id] or {}
      c.made[indicator.id][year] = made
    end
    text = nil
  end
  return { value = value, unit = unit or indicator.unit, text = text }
end

local function read(on, indicator, field, year)
  local value, unit, text = on:get(indicator, field, year)
  if unit == "-" then return "-" end
  return value ~= nil and { value = math.type(value) and value or nil, unit = unit, text = text or not math.type(value) and value or nil }
    or nil
end

local function same(a, b)
  if type(a) ~= "table" or type(b) ~= "table" then return a == b end
  return a.value == b.value and a.unit == b.unit and a.text == b.text
end

--- Fill one year of an opened call, and tell it in its table.
function M.fill(on, c, t, year)
  local batch, before = {}, {}
  for _, indicator in ipairs(c.indicators) do
    before[indicator.id] = read(on, indicator, c.field, year)
    local cell = cell_of(on, c, indicator, year)
    if cell ~= nil then batch[#batch + 1] = { indicator, c.field, year, cell } end
  end
  if #batch > 0 then on:set(batch) end
  for _, row in ipairs(batch) do
    local indicator = row[1]
    local old, new = before[indicator.id], read(on, indicator, c.field, year)
    if not same(old, new) then
      t:add(projection.describe(c, indicator.id, year, { key = indicator.id, name = indicator.name, year = year, old = old, new = new }))
    end
  end
end

--- Make a call ready to fill years; its empty table.
function M.open(on, c)
  c.capped = {}
  c.indicators = on:select { under = c.o.at or "/" }:indicators()
  c.growth_of = parameter.by_key(on, c.o.growth, parameter.is_number, parameter.no_percentage(c.verb, c.growth_option))
  return projection.measure_table()
end

function M.run(on, c)
  if (c.o.method or "growth") == "growth" and c.o.growth == nil then fail("argument", "missing_option", c.verb, c.growth_option) end
  local t = M.open(on, c)
  for _, year in ipairs(c.years) do M.fill(on, c, t, year) end
  for _, id in ipairs(c.capped) do t:note(say("capped", id)) end
  return t
end

return M
