--- pagu.target: s:target, a change of a target, what it costs and who pays.
local _, pagu = ...
pagu = pagu or require "pagu"
local lang = pagu._require "pagu.lang"
local costs = pagu._require "pagu.cost"
local propose = pagu._require "pagu.propose"
local fail, options = lang.fail, lang.options

local M = {}

local names = { "at", "indicator", "year", "value", "cost", "from", "unit", "dry", "reason" }

local function one_node(s, at)
  local found = s:select(at)
  if #found ~= 1 then fail("argument", "one_place", "target", #found) end
  return found[1]
end

--- By object, id, or number among the node's own; the main one by default.
local function find_indicator(s, node, which)
  if pagu.type(which) == "indicator" then return s:indicator(which.id) end
  if type(which) == "string" then return s:indicator(which) end
  local indicator = node:indicators()[which or 1]
  if not indicator then fail("unknown_key", "no_indicator", node.key) end
  return indicator
end

--- The new budget by the cost model; nil keeps it.
local function new_budget(s, o, node, indicator, old, budget)
  if o.cost == nil or o.cost == "keep" then return nil end
  local model = costs.chooser(s, o.cost, "keep")(node)
  if type(o.cost) ~= "function" then
    if not math.type(o.value) then fail("argument", "not_number", "target", "value") end
    if not budget then fail("argument", "no_budget", node.key, tostring(o.year or node.view.year)) end
    if not math.type(old) or (model.per_unit and old <= 0) then fail("argument", "no_unit_cost", indicator.id) end
  end
  local new = model.budget(node, old, o.value, budget)
  return new and (type(o.cost) == "function" and new or pagu.round(new, o.unit or 1))
end

--- The difference comes from `from`, or goes back to it; without `from` the plan's total changes.
local function pay(s, o, node, budget, new)
  local delta = new - (budget or 0)
  if delta == 0 then return end
  if not o.from then
    s:set(node.key, "budget", o.year, new)
  elseif delta > 0 then
    s:transfer { from = o.from, to = node.key, amount = delta, year = o.year, reason = o.reason }
  else
    s:transfer { from = node.key, to = o.from, amount = -delta, year = o.year, reason = o.reason }
  end
end

local function run(s, o)
  local node = one_node(s, o.at)
  local indicator = find_indicator(s, node, o.indicator)
  local old, unit = s:get(indicator.id, "target", o.year)
  local budget = s:get(node.key, "budget", o.year)
  local new = new_budget(s, o, node, indicator, old, budget)
  s:set(indicator.id, "target", o.year, o.value)
  if new then pay(s, o, node, budget, new) end
  local value, new_unit = s:get(indicator.id, "target", o.year)
  local say = lang.say
  local function cell(x, u) return math.type(x) and { value = x, unit = u } or x end
  return pagu.table({
    decimals = s.decimals, { "key", say "key", "text" }, { "indicator", say "indicator", "text" },
    { "target_before", say "target" .. "|" .. say "before", "measure" },
    { "target_after", say "target" .. "|" .. say "after", "measure" },
    { "budget_before", say "budget" .. "|" .. say "before", "money" },
    { "budget_after", say "budget" .. "|" .. say "after", "money" },
  }):add { node.key, indicator.name, cell(old, unit), cell(value, new_unit), budget, s:get(node.key, "budget", o.year) }
end

-- from = "propose": what it would cost, and who could pay; nothing is changed.
local function proposed(s, o)
  local node = one_node(s, o.at)
  local year, before = o.year or s.year, s:get(node.key, "budget", o.year) or 0
  local call = {}
  for name, value in pairs(o) do call[name] = value end
  call.from = nil
  local cost = 0
  local done = s:_dry(function(on)
    local t = run(on, call)
    cost = (on:get(node.key, "budget", o.year) or 0) - before
    return t
  end)
  if cost <= 0 then
    done:note(lang.say("propose_gain", pagu.format(-cost)))
    return done, nil
  end
  return done, propose.sources(s, node, cost, year)
end

function M.target(s, o)
  options("target", o, names)
  for _, name in ipairs { "at", "value" } do
    if o[name] == nil then fail("argument", "missing_option", "target", name) end
  end
  if o.from == "propose" then return proposed(s, o) end
  if o.dry then return s:_dry(function(on) return run(on, o) end) end
  return s:atomic(function(on) return run(on, o) end, { verb = "target", args = o, reason = o.reason })
end

return M
