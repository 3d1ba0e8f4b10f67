-- The engine's side of tests/model/test_merge.py: for each case of cases.lua beside this file, edits two branches of a
-- plan and prints the three views, then what each policy makes of merging them.
--
--     pagu run --trust merge_driver.lua

local pagu = require "pagu"
local cases = require "cases"

local function cell(view, key, column)
  local value, mark = view:get(key, column[1], column[2])
  return mark or (value == nil and ".") or ("%d"):format(value)
end

local function rows(view, columns)
  local out = {}
  local function walk(node)
    if node.key ~= "/" then
      local row = { node.key, node.parent.key, node.name, #node:children() == 0 and "line" or "sum" }
      for _, column in ipairs(columns) do row[#row + 1] = cell(view, node.key, column) end
      local target = node:indicators()[1]
      local value = target and view:get(target.id, "target", 2024)
      row[#row + 1] = value and ("%g"):format(value) or "."
      out[#out + 1] = table.concat(row, "|")
    end
    for child in node:children() do walk(child) end
  end
  walk(view:node "/")
  return table.concat(out, "\t")
end

local function limits(view)
  local out = {}
  if pagu.type(view) ~= "scenario" then return "" end
  for row in view:constraints():each() do out[#out + 1] = row.name .. "=" .. ("%d"):format(row.amount) end
  table.sort(out)
  return table.concat(out, " ")
end

local function edit(s, ops)
  for _, op in ipairs(ops) do
    -- what the scenario refuses (a row that is gone) is simply not done
    pcall(function()
      if op[1] == "set" then s:set(op[2], op[3], op[4], op[5])
      elseif op[1] == "remove" then s:remove(op[2])
      elseif op[1] == "add" then s:add { under = op[2], code = op[3], name = op[4], budget = op[5] }
      elseif op[1] == "floor" then
        if #s:constraints() > 0 then s:release "batas" end
        s:floor { at = "/", amount = op[2], name = "batas" }
      end
    end)
  end
end

local function show(name, view, columns)
  print(name .. "\t" .. limits(view) .. "\t" .. rows(view, columns))
end

for _, case in ipairs(cases) do
  local plan <close> = assert(pagu.read_json(case.plan))
  print("case\t" .. case.seed)
  local ours, theirs = plan:branch "kami", plan:branch "mereka"
  edit(ours, case.ours)
  edit(theirs, case.theirs)
  show("base", plan, case.columns)
  show("ours", ours, case.columns)
  show("theirs", theirs, case.columns)
  local before = ours:hash()
  for _, policy in ipairs { "ask", "ours", "theirs" } do
    local merged, second, _, open = pagu.merge(plan, ours, theirs, { policy = policy })
    local conflicts = {}
    for row in (merged and second or open):each() do
      conflicts[#conflicts + 1] = ("%s %s %s"):format(row.key, row.field or "", row.period or "")
    end
    table.sort(conflicts)
    print(policy .. "\tconflicts\t" .. table.concat(conflicts, "|"))
    if merged then
      show("merged", merged, case.columns)
      if #merged:journal() > #ours:journal() then merged:undo() end
      print("undone\t" .. (merged:hash() == before and ours:hash() == before and "ok" or "another hash"))
      merged:close()
    else
      print "refused"
    end
  end
end
