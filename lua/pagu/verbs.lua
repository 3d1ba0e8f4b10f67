--- pagu.verbs: scale, cut and fit: sugar over spread, one undo step each.
local _, pagu = ...
pagu = pagu or require "pagu"
local lang = pagu._require "pagu.lang"
local changes = pagu._require "pagu.changes"
local costs = pagu._require "pagu.cost"
local propose = pagu._require "pagu.propose"
local fail, options = lang.fail, lang.options

local M = {}

lang.add_texts {
  cost_of_cut = {
    id = "%s: cost hanya dipakai bersama targets = \"propose\"",
    en = "%s: cost is for targets = \"propose\"",
  },
}

local spread_options = {
  "at", "field", "year", "period", "basis", "unit", "hold", "floor", "cap", "on_zero", "on_negative", "residue", "dry", "reason",
}

local function with(names, ...)
  local out = { ... }
  for _, name in ipairs(names) do
    out[#out + 1] = name
  end
  return out
end

--- The options that spread takes, from those of a verb; `at` is the whole plan by default.
local function spread_from(o, request, value)
  local out = { [request] = value }
  for _, name in ipairs(spread_options) do
    out[name] = o[name]
  end
  out.at = out.at or "/"
  return out
end

--- One spread under another verb's name.
local function spread_as(s, verb, o, request, value)
  local call = spread_from(o, request, value)
  if o.dry then return s:spread(call) end
  return s:atomic(function(on) return on:spread(call) end, { verb = verb, args = o, reason = o.reason })
end

local scale_options = with(spread_options, "percent", "by")

function M.scale(s, o)
  options("scale", o, scale_options)
  if (o.percent == nil) == (o.by == nil) then fail("argument", "one_of", "scale", "percent, by") end
  return spread_as(s, "scale", o, o.percent and "percent" or "by", o.percent or o.by)
end

local cut_options = with(spread_options, "percent", "amount", "targets", "cost")

local function year_of(s, o)
  return o.year or o.period or s.year
end

local function without(o, ...)
  local call = {}
  for name, value in pairs(o) do
    call[name] = value
  end
  for _, name in ipairs { ... } do
    call[name] = nil
  end
  return call
end

-- What cut and fit say of targets.
local function check_targets(verb, s, o)
  if o.targets and o.targets ~= "keep" and o.targets ~= "propose" then
    fail("argument", "one_of", verb .. " targets", "\"keep\", \"propose\"")
  end
  if o.cost ~= nil and o.targets ~= "propose" then fail("argument", "cost_of_cut", verb) end
  if o.cost ~= nil then costs.chooser(s, o.cost, "unit_cost") end
end

-- The cut itself; with targets = "propose" also what would follow.
local function cut(s, o, call, value)
  local place, field, year = o.at or "/", o.field or "budget", year_of(s, o)
  local before = o.targets == "propose" and propose.snapshot(s, place, field, year)
  local done = spread_as(s, "cut", call, o.percent and "percent" or "delta", value > 0 and -value or value)
  if before then return done, propose.targets(before, s, place, field, year, o.cost) end
  if o.targets == nil then propose.flag(s, done, year) end
  return done
end

--- percent = 10 and percent = -10 both cut a tenth.
function M.cut(s, o)
  options("cut", o, cut_options)
  if (o.percent == nil) == (o.amount == nil) then fail("argument", "one_of", "cut", "percent, amount") end
  local value = o.percent or o.amount
  if not math.type(value) then fail("argument", "not_number", "cut", o.percent and "percent" or "amount") end
  check_targets("cut", s, o)
  if not (o.dry and o.targets == "propose") then return cut(s, o, o, value) end
  local call = without(o, "dry") -- done on a branch, so that the new amounts can be read
  return s:_dry(function(on) return cut(on, o, call, value) end)
end

-- ---- fit ----

local fit_options = with(spread_options, "total", "method", "order", "weights", "targets", "cost")

-- What the free lines of a place can give down to the floor (at most: all there is), and those lines.
local function can_give(s, place, held, o, floor)
  local field, year, most = o.field or "budget", o.year or s.year, math.maxinteger
  local free, give = {}, 0
  for node, value in s:lines(place)[field][year]:each() do
    local fixed = (held and held:has(node)) or s:is_held(node, field, year)
    if not fixed and value and value > floor then
      local room = floor < 0 and value > most + floor and most or value - floor
      give = give > most - room and most or give + room
      free[#free + 1] = node
    end
  end
  return give, free
end

-- From the least to the most important: lines that no place of `order` holds, then order from its end.
local function groups(s, o)
  local listed, out = s:lines(o.order), {}
  local rest = s:lines(o.at or "/") - listed
  if #rest > 0 then out[1] = rest end
  for i = #o.order, 1, -1 do
    out[#out + 1] = s:lines(o.order[i]) & s:lines(o.at or "/")
  end
  return out
end

--- The most important lines of the place: they get what there is more.
local function first_of(s, o)
  local all = s:lines(o.at or "/")
  for _, place in ipairs(o.order) do
    local here = s:lines(place) & all
    if #here > 0 then return here end
  end
  return all
end

local function fit_by_priority(s, o, goal, floor)
  local field, year = o.field or "budget", o.year or s.year
  local held = o.hold and s:lines(o.hold)
  local need = lang.subtract("fit", s:lines(o.at or "/")[field][year]:sum() or 0, goal)
  if need < 0 then
    local more = lang.subtract("fit", 0, need)
    s:spread { at = first_of(s, o), delta = more, field = field, year = year, unit = o.unit, hold = o.hold, basis = o.basis }
    return
  end
  for _, group in ipairs(groups(s, o)) do
    local give, free = can_give(s, group, held, o, floor)
    local part = math.min(give, need)
    if part > 0 then
      s:spread { at = free, delta = -part, field = field, year = year, unit = o.unit, floor = floor }
      need = need - part
    end
  end
  if need > 0 then
    local least = pagu.format(lang.subtract("fit", goal, -need))
    fail("unreachable", "short", field, tostring(pagu.type(o.at) and "at" or o.at or "/"), pagu.format(goal), least)
  end
end

local harm_options = { "at", "field", "year", "period", "unit", "hold", "floor", "cap", "dry", "weights", "reason", "total", "method" }

-- The least weighted loss of targets: what a rupiah buys of a target decides who gives first.
local function fit_by_harm(s, o)
  local call = without(o)
  options("fit by least_harm", call, harm_options)
  call.at = call.at or "/"
  if o.dry then return s:_fit_least_harm(call) end
  return s:atomic(function(on) return on:_fit_least_harm(call) end, { verb = "fit", args = o, reason = o.reason })
end

local function fit(s, o)
  if o.total == nil then fail("argument", "missing_option", "fit", "total") end
  local method = o.method or "proportional"
  if method == "proportional" then return spread_as(s, "fit", o, "total", o.total) end
  if method == "least_harm" then return fit_by_harm(s, o) end
  if method ~= "priority" then fail("argument", "no_method", "fit", tostring(method), "proportional, priority, least_harm") end
  if type(o.order) ~= "table" or #o.order == 0 then fail("argument", "missing_option", "fit", "order") end
  local goal, floor = lang.money("fit", "total", o.total), lang.money("fit", "floor", o.floor or 0)
  local function run(on)
    return changes.of(on, o.field or "budget", o.year or s.year, function() fit_by_priority(on, o, goal, floor) end)
  end
  if o.dry then return s:_dry(run) end
  return s:atomic(run, { verb = "fit", args = o, reason = o.reason })
end

--- With targets = "propose" also what would follow.
function M.fit(s, o)
  options("fit", o, fit_options)
  check_targets("fit", s, o)
  if o.targets ~= "propose" then
    local done = fit(s, without(o, "targets"))
    if o.targets == nil then propose.flag(s, done, year_of(s, o)) end
    return done
  end
  local call, place, field, year = without(o, "targets", "cost", "dry"), o.at or "/", o.field or "budget", year_of(s, o)
  local function both(on)
    local before = propose.snapshot(on, place, field, year)
    local done = fit(on, call)
    return done, propose.targets(before, on, place, field, year, o.cost)
  end
  if o.dry then return s:_dry(both) end
  return both(s)
end

return M
