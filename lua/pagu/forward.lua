--- pagu.forward: s:forward, the forward estimate (prakiraan maju): price × volume × index of each line, its target
-- next year at today's unit cost, the strategic plan's path, or a figure set by hand; year by year, each the base
-- of the next.
local _, pagu = ...
pagu = pagu or require "pagu"
local lang = pagu._require "pagu.lang"
local parameter = pagu._require "pagu.parameter"
local calls = pagu._require "pagu.project_call"
local estimate = pagu._require "pagu.estimate"
local projection = pagu._require "pagu.projection"
local money = pagu._require "pagu.project_money"
local measures = pagu._require "pagu.project_measures"
local fail, options, say = lang.fail, lang.options, lang.say

lang.add_texts {
  forward_no_target = {
    id = "%s tidak punya target berupa angka untuk %d dan %d, jadi biaya satuannya tidak dapat diteruskan; pakai cara lain atau on_short",
    en = "%s has no targets that are numbers in %d and %d, so that its unit cost can't be carried on; use another method, or on_short",
  },
}

local M = {}

local forward_options = {
  "at", "field", "year", "years", "method", "growth", "volume", "index", "values", "manual", "targets", "stop", "unit",
  "history", "first", "level", "alpha", "beta", "phi", "on_short", "dry", "reason", "used", "used_targets",
}
local methods = { index = true, unit_cost = true, renstra = true, manual = true }

local function check_method(name)
  if methods[name] or estimate.fitted[name] then return end
  local out = {}
  for _, set in ipairs { methods, estimate.fitted } do
    for known in pairs(set) do out[#out + 1] = known end
  end
  table.sort(out)
  fail("argument", "no_method", "forward", tostring(name), table.concat(out, ", "))
end

-- ---- price × volume × index ----

--- What the three make together, as a percentage of ten decimals; the plain growth where it is alone.
local function combined(c, node, year)
  local growth, volume, index = c.growth_of(node), c.volume_of(node), c.index_of(node)
  if not volume and not index then return growth end
  local factor = (1 + (growth or 0) / 100) * (1 + (volume or 0) / 100)
  if index then
    if not parameter.is_number(index[year]) then fail("argument", "missing_option", "forward", ("index[%d]"):format(year)) end
    factor = factor * (1 + pagu._percent_of_index(index[year], index[year - 1] or 100) / 100)
  end
  return math.floor((factor - 1) * 1e12 + 0.5) / 1e10
end

local function by_index(on, c, nodes, year)
  local call = { field = c.field, from = year - 1, to = year, unit = c.o.unit }
  if c.only == "index" and not c.o.volume and not c.o.index then
    call.at, call.growth = nodes, c.o.growth
    on:_project(call)
    return
  end
  local function percent_of(node)
    return combined(c, node, year) or fail("argument", "missing_option", "forward", "growth")
  end
  for percent, at in money.by_percent(nodes, percent_of) do
    call.at, call.growth = at, percent
    on:_project(call)
  end
end

-- ---- unit cost ----

--- Numbers as whole ones of one scale: 2.5 and 3 are 25 and 30.
local function whole(a, b)
  for _ = 0, 6 do
    local x, y = math.tointeger(a), math.tointeger(b)
    if x and y then return x, y end
    a, b = a * 10, b * 10
  end
end

--- Targets of two years of the nearest main indicator on the way up that is a number in both.
local function targets_of(on, node, before, after)
  while node do
    local indicator = node:indicators()[1]
    if indicator then
      local a, b = on:get(indicator, "target", before), on:get(indicator, "target", after)
      if math.type(a) and math.type(b) and a > 0 then return whole(a, b) end
    end
    node = node.parent
  end
end

local function by_unit_cost(on, c, nodes, year)
  local batch, grown = {}, {}
  for _, node in ipairs(nodes) do
    local amount, mark = on:get(node, c.field, year - 1)
    local before, after = targets_of(on, node, year - 1, year)
    if math.type(amount) and before then
      local new = mark == "-" and "-" or pagu.muldiv(amount, after, before)
      local percent = c.growth_of(node)
      batch[#batch + 1] = { node.key, c.field, year, percent and new or new ~= "-" and pagu.round(new, c.o.unit or 1) or new }
      if percent then grown[#grown + 1] = { node, percent } end
    elseif math.type(amount) then
      if c.short == "error" then
        pagu._raise("no_history", say("forward_no_target", node.key, year - 1, year), node.key)
      end
      c.skipped[#c.skipped + 1] = node.key
    end
  end
  if #batch > 0 then on:set(batch) end
  for _, row in ipairs(grown) do -- the price of the units
    on:_project { at = row[1], field = c.field, from = year, to = year, growth = row[2], unit = c.o.unit }
  end
end

-- ---- by hand, and stopped ----

local function by_hand() end -- the figures follow after the methods

--- Sorted keys of a map by place, and the value of each for a year.
local function values_of(on, given, year, first)
  local out = {}
  for place, value in pairs(given) do
    if type(value) == "table" then
      value = value[year]
    elseif year ~= first then
      value = nil
    end
    if value ~= nil then out[#out + 1] = { on:node(place), value } end
  end
  table.sort(out, function(a, b) return a[1].key < b[1].key end)
  return out
end

local function override(on, c, year, make)
  for _, pair in ipairs(values_of(on, c.manual, year, c.years[1])) do
    local node, before = pair[1], {}
    for line in on:lines(node):each() do before[line.key] = on:get(line, c.field, year) or false end
    on:set(node.key, c.field, year, pair[2])
    for line in on:lines(node):each() do
      local was, now = before[line.key], on:get(line, c.field, year)
      if (was or nil) ~= now then
        make(c, line.key, year, { method = "manual", computed = was or nil, flags = { "manual" } })
      end
    end
  end
end

local function stop(on, c, year, make)
  local batch = {}
  for line in on:lines(c.o.stop):each() do
    local was = on:get(line, c.field, year)
    if was ~= nil or on:get(line, c.field, year - 1) ~= nil then
      batch[#batch + 1] = { line.key, c.field, year, "-" }
      make(c, line.key, year, { method = "stop", computed = was, flags = { "stop" } })
    end
  end
  local places = {}
  for node in on:select(c.o.stop):each() do places[#places + 1] = node end
  for _, indicator in ipairs(on:select { under = places }:indicators()) do
    if on:get(indicator, "target", year - 1) ~= nil then batch[#batch + 1] = { indicator, "target", year, "-" } end
  end
  if #batch > 0 then on:set(batch) end
end

-- ---- targets ----

--- The call for targets: kept, grown, on the strategic path, or by a fitted method; nil for "none".
local function targets_call(s, c)
  local given = c.o.targets
  if given == nil then given = "keep" end
  if given == "none" then return nil end
  local o = { at = c.o.at, field = "target", from = c.from, years = c.years, on_short = c.o.on_short, level = c.o.level,
    history = c.o.history and "target" or nil, first = c.o.first, growth = 0 }
  if given == "renstra" or estimate.fitted[given] then
    o.method = given
  elseif given ~= "keep" then
    parameter.by_key(s, given, parameter.is_number, parameter.no_percentage("forward", "targets"))
    o.growth = given
  end
  local call = calls.call(s, o, "forward")
  if given == "keep" then call.method_of = function() return "keep" end end
  call.growth_option = "targets"
  return call
end

-- ---- the verb ----

local function call_of(s, o)
  local from = o.year or s.year
  if not (math.type(from) and math.tointeger(from)) then fail("argument", "not_number", "forward", "year") end
    local method = o.method or "index"
  for _, name in pairs(type(method) == "table" and method or { method }) do check_method(name) end
  local c = calls.call(s, {
    at = o.at, field = o.field, from = from, years = o.years, level = o.level, alpha = o.alpha, beta = o.beta, phi = o.phi,
    history = o.history, first = o.first, on_short = o.on_short, unit = o.unit, growth = o.growth,
  }, "forward")
  c.o = o
  for i = 2, #c.years do
    if c.years[i] ~= c.years[i - 1] + 1 then fail("argument", "no_years", "forward") end
  end
  if c.years[1] ~= from + 1 then fail("argument", "no_years", "forward") end
  c.only, c.by_place = parameter.is_text(method) and method, { manual = true, index = not o.volume and not o.index }
  c.method_of = parameter.by_key(s, method, parameter.is_text, function() check_method(method) end)
  c.appliers = { index = by_index, unit_cost = by_unit_cost, manual = by_hand }
  c.growth_of = parameter.by_key(s, o.growth, parameter.is_number, parameter.no_percentage("forward", "growth"))
  c.volume_of = parameter.by_key(s, o.volume, parameter.is_number, parameter.no_percentage("forward", "volume"))
  c.manual = o.manual or o.values or {}
  if method == "manual" and type(o.values or o.manual) ~= "table" then fail("argument", "missing_option", "forward", "values") end
  if type(c.manual) ~= "table" then fail("argument", "missing_option", "forward", "values") end
  if c.only == "index" and o.growth == nil and o.volume == nil and o.index == nil then
    fail("argument", "missing_option", "forward", "growth")
  end
  return c
end

local function run(on, o, used)
  local c = call_of(on, o)
  local targets, told = targets_call(on, c), nil
  if targets then told = measures.open(on, targets) end
  c.before = function(_, year)
    if targets then measures.fill(on, targets, told, year) end
  end
  c.after = function(_, year, make)
    override(on, c, year, make)
    if o.stop then stop(on, c, year, make) end
  end
  local done = money.run(on, c)
  if targets then
    for _, id in ipairs(targets.capped) do done:note(say("capped", id)) end
    for _, id in ipairs(targets.skipped) do c.skipped[#c.skipped + 1] = id end
    used.used_targets = projection.record(targets)
  end
  if #c.skipped > 0 then done:note(say("projection_skipped", #c.skipped, table.concat(c.skipped, "; "))) end
  used.used = projection.record(c)
  return done, told
end

--- Forward estimate of the years after o.year (n by default); returns the changed lines and the changed targets.
function M.forward(s, o)
  options("forward", o, forward_options)
  local args, used = {}, {}
  for name, value in pairs(o) do args[name] = value end
  args.used, args.used_targets = nil, nil
  if o.dry then return s:_dry(function(on) return run(on, o, used) end) end
  return s:atomic(function(on) return run(on, o, used) end, { verb = "forward", args = args, used = used, reason = o.reason })
end

return M
