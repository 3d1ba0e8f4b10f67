--- pagu.project: s:project (years ahead from one year) and s:forward (prakiraan maju n+1).
local _, pagu = ...
pagu = pagu or require "pagu"
local lang = pagu._require "pagu.lang"
local changes = pagu._require "pagu.changes"
local fail, options = lang.fail, lang.options

local M = {}

local function is_percentage(x)
  return math.type(x) and x - x == 0 -- neither infinite nor no number
end

--- Growth by key: a percentage for the whole plan, or { [key or node] = percentage }.
local function growth_by_key(s, growth, verb, option)
  if is_percentage(growth) then return { ["/"] = growth } end
  local out = {}
  if type(growth) ~= "table" then fail("argument", "no_growth", verb, option) end
  for place, percent in pairs(growth) do
    if not is_percentage(percent) then fail("argument", "no_growth", verb, option) end
    out[s:node(place).key] = percent
  end
  return out
end

--- The nearest percentage on the way up, itself included.
local function growth_of(node, by_key)
  while node do
    if by_key[node.key] then return by_key[node.key] end
    node = node.parent
  end
end

-- A whole number stays whole; a percentage stops at 100 unless it was above it already.
local function grown(value, unit, percent, years, verb)
  local out, capped = value * (1 + percent / 100) ^ years, false
  if out - out ~= 0 then fail("overflow", "beyond", verb) end
  if math.type(value) == "integer" and unit ~= "%" then
    local whole = out < 0 and math.ceil(out - 0.5) or math.floor(out + 0.5)
    return math.type(whole) == "integer" and whole or fail("overflow", "beyond", verb), false
  end
  if unit == "%" and out > 100 and value <= 100 then out, capped = 100, true end
  return out, capped
end

--- Fill a measure field of year `to` from year `from` for the indicators at or below a place.
-- growth nil copies. Text is copied as it is. Returns notes on what stopped at 100%.
local function project_measures(s, at, field, from, to, growth, years, verb, option)
  local by_key, batch, notes = growth and growth_by_key(s, growth, verb, option), {}, {}
  for _, indicator in ipairs(s:select { under = at or "/" }:indicators()) do
    local value, unit, text = s:get(indicator, field, from)
    local percent = by_key and math.type(value) and unit ~= "-" and growth_of(indicator.node, by_key)
    local capped = false
    if percent then
      value, capped = grown(value, unit, percent, years, verb)
      text = nil
    end
    if capped then notes[#notes + 1] = lang.say("capped", indicator.id) end
    if unit == "-" then
      value = "-"
    elseif math.type(value) then
      value = { value = value, unit = unit, text = text }
    elseif value then
      value = { text = value, unit = unit }
    end
    if value ~= nil then batch[#batch + 1] = { indicator, field, to, value } end
  end
  if #batch > 0 then s:set(batch) end
  return notes
end

-- ---- project ----

local project_options = { "at", "field", "from", "years", "method", "growth", "index", "unit", "dry", "reason" }

--- The years to fill: 2 means the next two, a list names them.
-- More years than any frame has end at the first that lies outside of it.
local function years_of(o, from)
  local n = type(o.years) == "table" and #o.years or math.tointeger(o.years or 1)
  if not n or n < 1 then fail("argument", "no_years", "project") end
  if type(o.years) ~= "table" then
    local out = {}
    for i = 1, math.min(n, 1000) do
      out[i] = from + i
    end
    return out
  end
  for i = 1, n do
    if not (math.type(o.years[i]) and math.tointeger(o.years[i])) then fail("argument", "no_years", "project") end
  end
  return o.years
end

--- Percentage and number of years of compounding for one year.
local function step_of(o, from, year)
  if (o.method or "growth") == "growth" then
    if o.growth == nil then fail("argument", "missing_option", "project", "growth") end
    return o.growth, year - from
  end
  local index = type(o.index) == "table" and o.index[year]
  if not index then fail("argument", "missing_option", "project", ("index[%d]"):format(year)) end
  return pagu._percent_of_index(index, o.index[from] or 100), 1
end

function M.project(s, o)
  options("project", o, project_options)
  local method, from, field = o.method or "growth", o.from or s.year, o.field or "budget"
  if method ~= "growth" and method ~= "index" then
    fail("argument", "no_method", "project", tostring(method), "growth, index")
  end
  if not (math.type(from) and math.tointeger(from)) then fail("argument", "not_number", "project", "from") end
  local function run(on)
    local last
    for _, year in ipairs(years_of(o, from)) do
      local growth, years = step_of(o, from, year)
      if pagu._is_money(on, field) then
        last = on:_project { at = o.at, field = field, from = from, to = year, growth = growth, years = years, unit = o.unit }
      else
        local notes = project_measures(on, o.at, field, from, year, growth, years, "project", "growth")
        last = pagu.table { { "key", lang.say "key", "text" } }
        for _, note in ipairs(notes) do last:note(note) end
      end
    end
    return last
  end
  if o.dry then return s:_dry(run) end
  return s:atomic(run, { verb = "project", args = o, reason = o.reason })
end

-- ---- forward ----

local forward_options = { "at", "field", "year", "method", "growth", "values", "targets", "unit", "dry", "reason" }

local function forward_manual(s, o, year)
  if type(o.values) ~= "table" then fail("argument", "missing_option", "forward", "values") end
  local batch, field = {}, o.field or "budget"
  for place, amount in pairs(o.values) do
    batch[#batch + 1] = { s:node(place).key, field, year, amount }
  end
  table.sort(batch, function(a, b) return a[1] < b[1] end)
  return changes.of(s, field, year, function(on) on:set(batch) end)
end

--- Forward estimate of the year after o.year (n by default): money by index or by hand, and
-- targets copied ("keep", the default), grown (a percentage or a map), or left ("none").
function M.forward(s, o)
  options("forward", o, forward_options)
  local method, from = o.method or "index", o.year or s.year
  if method ~= "index" and method ~= "manual" then
    fail("argument", "no_method", "forward", tostring(method), "index, manual")
  end
  if not (math.type(from) and math.tointeger(from)) then fail("argument", "not_number", "forward", "year") end
  if method == "index" and o.growth == nil then fail("argument", "missing_option", "forward", "growth") end
  local function run(on)
    local done
    if method == "manual" then
      done = forward_manual(on, o, from + 1)
    else
      done = on:_project { at = o.at, field = o.field, from = from, to = from + 1, growth = o.growth, unit = o.unit }
    end
    local targets = o.targets or "keep"
    if targets ~= "none" then
      local notes = project_measures(on, o.at, "target", from, from + 1, targets ~= "keep" and targets or nil, 1,
        "forward", "targets")
      for _, note in ipairs(notes) do done:note(note) end
    end
    return done
  end
  if o.dry then return s:_dry(run) end
  return s:atomic(run, { verb = "forward", args = o, reason = o.reason })
end

return M
