-- Lifetimes: closed owners, dropped owners, and a collector that never rests.
local check = require "check"
local pagu = require "pagu"
local tests, equal, fails = check.tests, check.equal, check.fails

function tests.closed__is_an_error_with_code()
  local plan = check.plan()
  local node, sel = plan["1.06"], plan:select { level = "program" }
  local column, cells, kids = sel.budget[2024], node.budget, node:children()
  local ind = plan["1.06.04.2.01.01"]:indicators()[1]
  local each = sel:each()
  plan:close()
  plan:close()
  check.is_true(plan.closed)
  fails("closed", nil, plan.get, plan, "1.06")
  fails("closed", nil, function() return node.name end)
  fails("closed", nil, function() return cells[2024] end)
  fails("closed", nil, function() return #sel end)
  fails("closed", nil, column.sum, column)
  fails("closed", nil, function() return kids[1] end)
  fails("closed", nil, function() return ind.name end)
  fails("closed", nil, each)
  fails("closed", nil, function() return sel | sel end)
  fails("closed", nil, pagu.compare, plan, plan)
  equal(tostring(plan), "closed")
  equal(tostring(node), "closed")
  equal(tostring(sel), "closed")
end

function tests.scenario__outlives_a_closed_plan()
  local plan = check.plan()
  local s = plan:branch "x"
  local need = plan:branch("y", { stage = "need" })
  plan:close()
  s:set("1.06.06.2.01.01", "budget", 2024, 5)
  equal(s:get "1.06.06", 5)
  check.is_true(need:get "/" > 0)
  local b = s:branch "z"
  s:close()
  equal(b:get "1.06.06", 5)
  fails("closed", nil, s.undo, s)
end

function tests.close__works_with_to_be_closed_variables()
  local kept
  do
    local plan <close> = check.plan()
    local s <close> = plan:branch "x"
    kept = s
    s:set("1.06.06.2.01.01", "budget", 2024, 5)
  end
  check.is_true(kept.closed)
end

function tests.node__keeps_its_plan_alive()
  local node = check.plan()["1.06.04.2.01.01"]
  local ind = check.plan()["1.06.04.2.01.01"]:indicators()[1]
  local column = check.plan():select { level = "program" }.budget[2024]
  local collect = check.global "collectgarbage"
  if collect then collect() collect() end
  equal(node.parent.parent.code, "1.06.04")
  equal(ind.target[2024], 200)
  equal(column:sum(), 6736773965)
end

function tests.node__of_an_undone_add_is_gone_not_another()
  local s = check.plan():branch "x"
  local a = s:add { under = "1.06.06.2.01", name = "A", indicator = "a", unit = "unit", target = 1 }
  local ind, sel = a:indicators()[1], s:select { under = "1.06.06" }
  s:undo()
  fails("not_member", nil, function() return a.name end)
  fails("unknown_key", nil, function() return ind.target[2024] end)
  local b = s:add { under = "1.06.07.2.01", name = "B" }
  equal(b.name, "B")
  fails("not_member", nil, function() return a.name end)
  for _ in pairs { pcall(function() for n in sel do check.is_true(n.name ~= "A") end end) } do end
end

function tests.closing_in_a_callback_is_an_error()
  local plan = check.plan()
  local s = plan:branch "x"
  fails("closed", nil, s.spread, s, { at = "1.06.05", total = 5, basis = function() s:close() return 1 end })
  local v = check.plan()
  fails("closed", nil, v.select, v, { where = function() v:close() return true end })
  local a = plan:branch "y"
  fails("closed", nil, a.atomic, a, function(on) on:set("1.06.06", "budget", 2024, 1) on:close() end)
end

function tests.closing_another_view_in_a_callback_is_an_error()
  local plan = check.plan()
  local s, need = plan:branch "x", plan:stage "need"
  fails("closed", nil, s.spread, s, { at = "1.06.05", total = 5, basis = need, floor = function() need:close() return 0 end })
  local draft = plan:stage "draft"
  local function close_draft() draft:close() return true end
  fails("closed", nil, s.take, s, { from = draft, at = { under = "1.06.05", where = close_draft } })
  local other = plan:branch "y"
  fails("closed", nil, pagu.compare, plan, other, { at = { level = "program", where = function() other:close() return true end } })
end

function tests.selection_as_its_own_callback_argument()
  local plan = check.plan()
  local sel = plan:select { level = "program" }
  local n = 0
  for a in sel do
    for b in sel do
      if a ~= b then n = n + 1 end
    end
  end
  equal(n, 56)
end

local function work()
  local plan = check.plan()
  local s = plan:branch "beban"
  s["1.06.05"].budget[2024] = pagu.juta(150)
  s:transfer { from = "1.06.01.2.09.09", to = { ["1.06.04.2.01.01"] = 60, ["1.06.04.2.01.03"] = 40 }, amount = pagu.juta(100) }
  local safe = s:select { under = "1.06.01.2.02" } | s:select { tag = { pn = "01" } }
  s:fit { at = "/", total = pagu.miliar(6), hold = safe, unit = 1000 }
  s:target { at = "1.06.04.2.01.01", value = 260, cost = "unit_cost", from = "1.06.01.2.09.09" }
  s:forward { method = "index", growth = { ["/"] = 3.5 }, unit = 1000 }
  local sub = s:select { level = "sub_kegiatan", under = "1.06.04", where = function(n) return n.budget[2024] end }
  sub.budget[2025] = sub.budget[2024] * 1.045 + 1
  for q in plan:table "proposals":each() do
    s:add { under = q.key, name = q.proposal, budget = q.budget, tag = { location = q.location } }
  end
  local t = pagu.table { "program", "total" }
  for n in s:select { level = "program" } do t:add { n, n.budget[2024] } end
  pcall(s.set, s, "9.99", "budget", 2024, 1)
  pcall(s.spread, s, { at = "1.06.05", total = 5, basis = function() error "x" end })
  local text = tostring(t) .. tostring(pagu.compare(plan, s)) .. s:journal():json() .. s:hash()
  s:undo()
  s:redo()
  return text
end

function tests.collector__changes_nothing()
  local collectgarbage, debug = check.global "collectgarbage", check.global "debug"
  if not collectgarbage then return end
  local wanted = work()
  collectgarbage "generational"
  equal(work(), wanted, "generational")
  collectgarbage("incremental", 1, 1000)
  collectgarbage("setpause", 0)
  equal(work(), wanted, "incremental, no pause")
  if debug and debug.sethook then
    debug.sethook(function() collectgarbage() end, "", 50)
    local got = work()
    debug.sethook()
    equal(got, wanted, "full collection every 50 instructions")
  end
  collectgarbage("incremental", 200, 100)
end

check.run()
