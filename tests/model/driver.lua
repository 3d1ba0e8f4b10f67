-- The engine's side of tests/model/test_model.py: for each case of cases.lua beside this file, opens
-- the plan, does the operations and prints after each what it answered, the hash, and every value.
--
--     pagu run --trust driver.lua
--
-- A line: answer, hash, then key=cell,cell,… of every node in tree order; missing ".", a dash "-".

local pagu = require "pagu"
local cases = require "cases"

local function cell(node, column)
  local value, mark = node.view:get(node, column[1], column[2])
  return mark or (value == nil and ".") or ("%d"):format(value)
end

local function values(view, columns)
  local out = {}
  local function walk(node)
    local cells = {}
    for i, column in ipairs(columns) do cells[i] = cell(node, column) end
    out[#out + 1] = node.key .. "=" .. table.concat(cells, ",")
    for child in node:children() do walk(child) end
  end
  walk(view:node "/")
  return table.concat(out, " ")
end

local function show(answer, view, columns)
  print(("%s\t%s\t%s"):format(answer, view:hash(), values(view, columns)))
end

local function call(scenarios, op)
  local s, args = scenarios[op.on], op.args
  if op.call == "branch" then
    scenarios[#scenarios + 1] = s:branch("cabang " .. #scenarios)
  elseif op.call == "set" then
    s:set(args[1], args[2], args[3], args[4])
  elseif op.call == "undo" or op.call == "redo" then
    s[op.call](s)
  else
    if op.view then args.from = scenarios[op.view] end
    if type(args.basis) == "table" and args.basis.from then args.basis.from = scenarios[args.basis.from] end
    s[op.call](s, args)
  end
end

-- A saved scenario loaded again is the same.
local function save_and_load(plan, s, path)
  s:save(path)
  local again, message, _, findings = plan:load(path)
  if not again then return "load: " .. message .. " " .. tostring(findings) end
  if again:hash() ~= s:hash() then return "load: another hash" end
  local stage = plan:stage(s.stage_id)
  local replayed, why, _, conflicts = s:replay(stage)
  if not replayed then return "replay: " .. why .. " " .. tostring(conflicts) end
  if replayed:dump() ~= s:dump() then return "replay: another text" end
  replayed, why, _, conflicts = s:replay(stage, { mode = "decisions" })
  if replayed then return replayed:hash() == s:hash() and "ok" or "decisions: another hash" end
  -- what came from another scenario can't be decided again, and what follows it may meet other values
  local first = conflicts:rows()[1]
  return first.why:find("which isn't kept", 1, true) and "ok" or "decisions: " .. tostring(conflicts)
end

for _, case in ipairs(cases) do
  local plan <close> = assert(pagu.read_json(case.plan))
  local again <close> = assert(pagu.read_json(plan:json()))
  print("case\t" .. case.seed .. "\t" .. (plan:hash() == again:hash() and "ok" or "json: another hash"))
  for _, stage in ipairs(case.stages) do show("stage", plan:stage(stage), case.columns) end
  local scenarios = { plan:branch("dasar", { stage = case.stage }) }
  for _, op in ipairs(case.ops) do
    local ok, err = pcall(call, scenarios, op)
    local answer = ok and "ok" or pagu.type(err) == "error" and err.code or "lua: " .. tostring(err)
    show(answer, scenarios[op.on], case.columns)
  end
  for _, s in ipairs(scenarios) do
    show(case.file and save_and_load(plan, s, case.file) or "ok", s, case.columns)
  end
  for _, stage in ipairs(case.stages) do show("stage", plan:stage(stage), case.columns) end
end
