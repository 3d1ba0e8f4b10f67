-- The program's side of tests/model/test_verbs.py: random verbs with random options on the plans of plans.lua
-- beside this file. A line says what broke a promise that every verb makes:
--   dry changes nothing and foresees success or refusal; what fails leaves content and journal as they were, with
--   an error of ours; what succeeds is one step, which undo and redo take back and do again; sums foot; a saved
--   scenario loads as the same; parts of a difference add up.
--
--     pagu run --trust verbs_driver.lua

local pagu = require "pagu"
local plans = require "plans"

local function pick(list) return list[math.random(#list)] end
local function chance(p) return math.random() < p end

local function amount()
  return pick { 0, 1, -1, math.random(1000), math.random(10000000), -math.random(1000), math.maxinteger, math.mininteger, 10 ^ 15 // 1 | 0 }
end
local function percent() return pick { 0, 10, -10, 100, -100, 0.5, 33.333, 1e6, -1e6, 1e18 } end

-- Places of a scenario: any node, or a line.
local function places_of(s)
  local nodes, lines = s:select():keys(), s:lines():keys()
  local function any() return #nodes > 0 and pick(nodes) or "/" end
  local function line() return #lines > 0 and pick(lines) or "/" end
  return any, line, function() return pick { any(), line(), "/", { any() } } end
end

local function share_options(t, line, place)
  if chance(0.3) then t.unit = pick { 1, 1000, 7 } end
  if chance(0.2) then t.year = pick { 2024, 2025, 2026 } end
  if chance(0.15) then t.field = pick { "budget", "spent" } end
  if chance(0.2) then t.hold = place() end
  if chance(0.15) then t.floor = amount() end
  if chance(0.15) then t.cap = amount() end
  if chance(0.3) then t.basis = pick { "current", "equal", "spent", { [line()] = math.random(5), [line()] = math.random(9) } } end
  if chance(0.4) then t.on_zero = pick { "error", "equal", "keep" } end
  if chance(0.3) then t.on_negative = pick { "error", "abs", "zero" } end
  if chance(0.1) then t.residue = pick { "largest", "smallest" } end
  return t
end

local function verbs_of(s, other)
  local any, line, place = places_of(s)
  local function maybe_place() return chance(0.5) and place() or nil end
  local function shared(t) return share_options(t, line, place) end
  return {
    spread = function() return shared { at = place(), [pick { "total", "delta" }] = amount() } end,
    both = function()
      return shared { rows = { [line()] = amount(), [line()] = amount() }, columns = { [any()] = amount(), [any()] = amount() } },
        "spread"
    end,
    transfer = function() return { from = place(), to = place(), amount = amount(), unit = pick { 1, 1000 } } end,
    take = function() return { at = maybe_place(), from = pick { other, "need", "final" }, add = chance(0.3) } end,
    scale = function() return shared { at = place(), percent = percent() } end,
    cut = function() return shared { at = place(), percent = percent(), targets = chance(0.3) and "propose" or nil } end,
    fit = function() return shared { at = maybe_place(), total = amount() } end,
    first = function() return { total = amount(), method = "priority", order = { any(), any() } }, "fit" end,
    least = function() return { total = amount(), method = "least_harm" }, "fit" end,
    project = function()
      return { growth = percent(), years = pick { 1, 2 }, at = maybe_place(), unit = pick { 1, 1000 },
        method = pick { "growth", "naive", "linear", "drift", "auto" }, on_short = pick { "error", "skip", "naive" } }
    end,
    forward = function() return { growth = percent(), years = pick { 1, 2 }, stop = chance(0.3) and place() or nil } end,
    add = function() return { under = any(), name = pick { "T", "a\27[2J", "=1+1" }, budget = amount(), sign = pick { 1, -1, 0 } } end,
    remove = function() return { at = place() } end,
    join = function() return { at = place(), from = pick { "need", "final" } } end,
    hold = function() return { at = place(), total = chance(0.5) } end,
    floor = function() return { at = place(), amount = amount(), severity = pick { "reject", "warn" } } end,
    ceiling = function() return { at = place(), amount = amount(), severity = pick { "reject", "warn" } } end,
    rule = function() return { at = place(), share_of = maybe_place(), min = pick { 0, 10, 50 }, severity = pick { "reject", "warn" } } end,
    set = function() return { { any(), "budget", pick { 2024, 2025 }, pick { amount(), "-" } }, { line(), "budget", 2024, amount() } } end,
    solve = function()
      return { want = { key = any(), value = amount() }, by = { at = any(), change = pick { "total", "delta", "percent" } }, trials = 60 }
    end,
    merge = function() return other end,
  }
end

local no_dry = { remove = true, join = true, hold = true, floor = true, ceiling = true, rule = true, set = true, merge = true }

local function show(o)
  local out = {}
  for name, x in pairs(type(o) == "table" and o or {}) do out[#out + 1] = ("%s=%s"):format(name, tostring(x)) end
  table.sort(out)
  return table.concat(out, " ")
end

-- The first sum that isn't what its rows give, in words.
local function unfooted(node)
  for _, year in ipairs { 2024, 2025 } do
    local sum, leaf = 0, true
    for child in node:children() do
      leaf, sum = false, sum + child.sign * (child.budget[year] or 0)
    end
    if not leaf and sum ~= (node.budget[year] or 0) then return ("%s %d: %s, rows %s"):format(node.key, year, node.budget[year], sum) end
  end
  for child in node:children() do
    local words = unfooted(child)
    if words then return words end
  end
end

local function try(fault, s, verb, o)
  local hash, steps, dump, foreseen = s:hash(), #s:journal(), s:dump(), nil
  if not no_dry[verb] then
    o.dry = true
    foreseen = pcall(s[verb], s, o)
    o.dry = nil
    if s:dump() ~= dump or s:hash() ~= hash then fault "dry changed it" end
  end
  local ok, result = pcall(s[verb], s, o)
  if foreseen ~= nil and foreseen ~= ok then fault("dry foresaw " .. tostring(foreseen) .. ": " .. tostring(result)) end
  if not ok then
    if pagu.type(result) ~= "error" or result.code == "internal" then fault(tostring(result)) end
    if s:dump() ~= dump or s:hash() ~= hash then fault("failed and changed it: " .. tostring(result)) end
    return
  end
  local now, made = s:hash(), #s:journal() - steps
  if made > 1 or (now ~= hash and made ~= 1) then fault(made .. " steps") end
  if made == 1 then
    s:undo()
    if s:hash() ~= hash then fault "undo" end
    s:redo()
    if s:hash() ~= now then fault "redo" end
  end
  local wrong = unfooted(s:node "/")
  if wrong then fault("does not foot: " .. wrong) end
  if verb == "solve" and result.status == "found" and s:get(o.want.key, "budget", 2024) ~= o.want.value then fault "not what was found" end
end

local function finish(fault, plan, s, stage, path)
  s:save(path)
  local again, message = plan:load(path)
  if not again or again:hash() ~= s:hash() then fault("load: " .. tostring(message)) end
  for i, step in ipairs(again and s:journal():rows() or {}) do
    if again:journal():rows()[i].verb ~= step.verb then fault("load: verb of step " .. i) end
  end
  local ok, why = pcall(pagu.attribute, plan:stage(stage), s, { "/" })
  local sum = 0
  for _, part in ipairs(ok and why.parts or {}) do sum = sum + part.part end
  if ok and sum ~= why.difference then fault "parts don't add up" end
  if not ok and pagu.type(why) ~= "error" then fault(tostring(why)) end
  if #s:journal() > 0 then s:undo(#s:journal()) end
  if s:hash() ~= plan:branch("", { stage = stage }):hash() then fault "undo of all" end
end

for _, case in ipairs(plans) do
  local plan <close> = assert(pagu.read_json(case.plan))
  math.randomseed(case.seed)
  for _ = 1, 3 do
    local stage = pick { "need", "final" }
    local s <close> = plan:branch("x", { stage = stage })
    local other <close> = plan:branch("lain", { stage = stage })
    pcall(other.scale, other, { percent = 10 })
    local verbs, names = verbs_of(s, other), {}
    for name in pairs(verbs) do names[#names + 1] = name end
    table.sort(names)
    local doing = ""
    local function fault(words) print(("seed %d: %s: %s"):format(case.seed, doing, words)) end
    for _ = 1, 14 do
      local name = pick(names)
      local o, verb = verbs[name]()
      doing = name .. " " .. show(o)
      try(fault, s, verb or name, o)
    end
    doing = "end"
    finish(fault, plan, s, stage, case.file)
  end
end
print "done"
