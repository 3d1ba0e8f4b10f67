-- What becomes of scenarios: what the journal keeps, replay, rebase, merge, snapshots.
local check = require "check"
local pagu = require "pagu"
local tests, equal, fails, is_true = check.tests, check.equal, check.fails, check.is_true

local A, B = "1.06.04.2.01.01", "1.06.04.2.01.03"

local function args_of(s, step)
  return s:journal():rows()[step].args
end

-- ---- what is kept ----

function tests.life__functions_are_kept_as_what_they_chose()
  local s = check.plan():branch "uji"
  s:spread { at = "1.06.04.2.01", delta = 100, basis = function(n) return n.code == A and 3 or n.code == B and 1 or 0 end }
  is_true(args_of(s, 1):find('"basis":{"' .. A .. '":3,"' .. B .. '":1}', 1, true), args_of(s, 1))
  s:cut { at = { under = "1.06.04", where = function(n) return n.code == A end }, percent = 10 }
  is_true(args_of(s, 2):find('"at":["' .. A .. '"]', 1, true), args_of(s, 2))
  s:set("1.06.04", "budget", 2024, 190000000)
  equal(args_of(s, 3), '{"at":"1.06.04","field":"budget","period":"2024","value":190000000}')
end

function tests.life__a_step_of_ones_own_keeps_its_decisions()
  local s = check.plan():branch "uji"
  s:atomic(function(x)
    x:set(A, "budget", 2024, 5)
    x:transfer { from = B, to = A, amount = 7 }
  end, { verb = "atomic", reason = "dua" })
  equal(args_of(s, 1), '{"steps":[{"verb":"set","args":[["' .. A .. '","budget","2024",5]]},'
    .. '{"verb":"transfer","args":{"amount":7,"from":"' .. B .. '","to":"' .. A .. '"}}]}')
end

-- Everything that a script can decide, by functions too.
local decided = {
  set = function(s) s:set(A, "budget", 2024, 5) end,
  set_sum = function(s) s:set("1.06.04", "budget", 2024, 190000000) end,
  set_batch = function(s) s:set { { A, "budget", 2024, 5 }, { "1.06.05", "budget", 2024, 100000000 }, { A .. "#1", "target", 2024, 7 }, { key = B, field = "budget", year = 2025, value = nil } } end,
  set_reason = function(s) s:set { { A, "budget", 2024, 5 }, { "1.06.05", "budget", 2024, 100000000 }, reason = "rapat" } end,
  set_measure = function(s) s[A]:indicators()[1].target[2024] = "260 Orang" end,
  set_missing = function(s) s:set(A, "budget", 2024, nil) s:set(B, "budget", 2024, "-") end,
  column = function(s) local sub = s:select { level = "sub_kegiatan", under = "1.06.04" } sub.budget[2025] = sub.budget[2024] * 1.045 end,
  column_measure = function(s) local i = s:select { under = "1.06.04" }:indicators():where(function(x) return x.unit == "orang" end) i.target[2025] = i.target[2024] * 1.5 end,
  spread = function(s) s:spread { at = { "1.06.04", "1.06.05" }, percent = -7.5, unit = 1000, floor = 1000 } end,
  spread_fn = function(s) s:spread { at = "1.06.04", total = 199000000, basis = function(n) return #n.code end, cap = function(n) return n.code == A and 100000000 or nil end } end,
  spread_col = function(s) s:spread { at = "1.06.04", total = 199000000, basis = s:select { under = "1.06.04" , level = "sub_kegiatan" }.budget[2024] } end,
  spread_field = function(s) s:spread { at = "1.06.04", year = 2025, total = 199000000, basis = { field = "budget", year = 2024 } } end,
  transfer = function(s) s:transfer { from = { ["1.06.01.2.09.09"] = 5, ["1.06.05"] = 3 }, to = { A, B }, amount = 1000, reason = "x" } end,
  transfer_where = function(s) s:transfer { from = "1.06.01.2.09.09", to = s:select { under = "1.06.04", where = function(n) return n.code == A end }, amount = 1000 } end,
  take = function(s) s:set(A, "budget", 2024, 1) s:take { at = "1.06.04", from = s:stage "need" } end,
  scale = function(s) s:scale { at = "1.06.04", by = 1.1 } end,
  cut = function(s) s:cut { at = "/", percent = 10, hold = s:select { under = "1.06.01.2.02" } | s:select { under = "1.06.04" }, unit = 1000 } end,
  cut_fn = function(s) s:cut { at = "1.06.04", amount = 100000, basis = function(n) return n.code == A and 1 or 0 end } end,
  fit = function(s) s:fit { at = "/", total = pagu.miliar(6), hold = "1.06.01.2.02", unit = 1000 } end,
  fit_priority = function(s) s:fit { at = "/", total = pagu.miliar(6), method = "priority", order = { "1.06.01", "1.06.04" } } end,
  add = function(s) s:add { under = "2.13.05.2.01", name = "Baru", budget = { [2024] = 5, [2025] = 6 }, tag = { fund = "APBD" }, indicator = "I", unit = "unit", target = 3 } end,
  add_indicator = function(s) s:add_indicator { at = A, name = "X", unit = "orang", target = 5 } end,
  remove = function(s) s:remove "1.06.05" end,
  remove_where = function(s) s:remove { at = { level = "sub_kegiatan", where = function(n) return n.code == A end } } end,
  join = function(s) s:join { at = "1.06.01.2.05.01", from = "draft" } end,
  hold = function(s) s:hold "1.06.01.2.02" s:hold { at = "1.06.04", total = true, year = 2024, name = "t" } end,
  floor = function(s) s:floor { at = "1.06.04", min = 1000, name = "f" } s:ceiling { at = "1.06.04", max = pagu.miliar(1), warn = true } s:release "f" end,
  release_id = function(s) local id = s:floor { at = "1.06.04", min = 1000, name = "f" } s:release(id) end,
  rule = function(s) s:rule { at = "1.06.04", min = 1000, max = pagu.miliar(1), years = { 2024, 2025 }, law = "UU" } end,
  target = function(s) s:target { at = A, value = 260, cost = "unit_cost", from = "1.06.01.2.09.09" } end,
  target_fn = function(s) s:target { at = A, value = 260, cost = function(n, old, new, b) return b + 100 end, from = "1.06.01.2.09.09" } end,
  project = function(s) s:project { at = "1.06.04", years = 1, growth = { ["/"] = 3.5, ["1.06.04.2.01"] = 6 }, unit = 1000 } end,
  project_index = function(s) s:project { at = "1.06.04", method = "index", index = { [2024] = 100, [2025] = 104.5 } } end,
  forward = function(s) s:forward { growth = 3.5, unit = 1000 } end,
  forward_manual = function(s) s:forward { method = "manual", values = { [A] = 5, [B] = 7000000 } } end,
  atomic = function(s) s:atomic(function(x) x:cut { at = "1.06.04", percent = 5 } x:atomic(function(y) y:set(A, "budget", 2024, 1) y:transfer { from = B, to = A, amount = 5 } end) end) end,
  solve = function(s) s:solve { want = { key = "/", value = 6700000000 }, by = "1.06.01.2.09.09" } end,
}

function tests.life__every_verb_runs_again_from_what_was_kept()
  local plan, faults, n = check.plan(), {}, 0
  for name, decide in pairs(decided) do
    local s = plan:branch(name)
    decide(s)
    local again, message, _, conflicts = s:replay(plan, { mode = "decisions" })
    if not again then
      faults[#faults + 1] = name .. ": " .. message .. "\n" .. tostring(conflicts)
    elseif again:hash() ~= s:hash() or #again:journal() ~= #s:journal() then
      faults[#faults + 1] = name .. ": another result"
    elseif s:replay(plan):dump() ~= s:dump() then
      faults[#faults + 1] = name .. ": another by values"
    end
    is_true(#s:journal() > 0, name)
    n = n + 1
  end
  equal(table.concat(faults, "\n"), "")
  is_true(n > 30)
end

-- ---- replay ----

local function decisions(plan)
  local s = plan:branch "keputusan"
  s:cut { at = "1.06.04", percent = 10, unit = 1000, reason = "hemat" }
  s:transfer { from = "1.06.01.2.09.09", to = { [A] = 60, [B] = 40 }, amount = pagu.juta(100) }
  s:atomic(function(x)
    x:set(A .. "#1", "target", 2024, 260)
    x:set("1.06.05", "budget", 2024, 150000000)
  end)
  s:hold { at = "1.06.01.2.02", reason = "gaji" }
  s:add { under = "2.13.05.2.01", name = "Pos baru", budget = 7000000, indicator = "Pos", unit = "unit", target = 2 }
  s:target { at = A, value = 300, cost = "unit_cost", from = "1.06.01.2.09.09" }
  return s
end

function tests.life__on_the_same_base_both_ways_give_the_same()
  local plan = check.plan()
  local s = decisions(plan)
  local by_values, none = s:replay(plan, { mode = "values" })
  equal(#none, 0)
  equal(by_values:hash(), s:hash())
  equal(by_values:dump(), s:dump())
  local again, conflicts = s:replay(plan, { mode = "decisions" })
  is_true(again, tostring(conflicts))
  equal(again:hash(), s:hash())
  equal(#again:journal(), #s:journal())
  equal(args_of(again, 1), args_of(s, 1))
  equal(again:journal():rows()[1].source, s:journal():rows()[1].source)
end

function tests.life__another_stage_has_other_values_and_keeps_the_decision()
  local plan = check.plan()
  local s = plan:branch "hemat"
  s:cut { at = A, percent = 10 }
  local need = plan:stage "need":branch "kebutuhan"
  need:set(A, "budget", 2024, 70000000)
  local none, message, code, conflicts = s:replay(need)
  equal(none, nil)
  equal(code, "conflict")
  is_true(message:find("1 conflicts here", 1, true), message)
  local row = conflicts:rows()[1]
  equal(row.entry, 1)
  equal(row.verb, "cut")
  equal(row.key, A)
  equal(row.field, "budget")
  equal(row.period, "2024")
  equal(row.base, 50000000)
  equal(row.ours, 70000000)
  equal(row.theirs, 45000000)
  equal(row.outcome, "open")
  local d = s:replay(need, { mode = "decisions" })
  equal((d:get(A, "budget", 2024)), need:get(A, "budget", 2024) * 9 // 10)
  local over, listed = s:replay(need, { apply = "all" })
  equal((over:get(A, "budget", 2024)), 45000000)
  equal(listed:rows()[1].outcome, "applied")
  local left, told = s:replay(need, { apply = "clean" })
  equal((left:get(A, "budget", 2024)), (need:get(A, "budget", 2024)))
  equal(#left:journal(), 1)
  equal(told:rows()[1].outcome, "left")
end

function tests.life__a_step_is_left_out_whole()
  local plan = check.plan()
  local other = plan:branch "lain"
  other:set(A, "budget", 2024, 1)
  local s = plan:branch "geser"
  s:transfer { from = "1.06.01.2.09.09", to = A, amount = 1000000 }
  s:set(B, "budget", 2024, 5)
  local clean = s:replay(other, { apply = "clean" })
  equal((clean:get("1.06.01.2.09.09", "budget", 2024)), (plan:get("1.06.01.2.09.09", "budget", 2024)))
  equal((clean:get(B, "budget", 2024)), 5)
  local all = s:replay(other, { apply = "all" })
  equal((all:get("1.06.01.2.09.09", "budget", 2024)), plan:get("1.06.01.2.09.09", "budget", 2024) - 1000000)
end

function tests.life__codes_of_another_year_are_mapped()
  local plan = check.plan()
  local s = plan:branch "pindah"
  s:set(A, "budget", 2024, plan:get(B, "budget", 2024) + 1)
  s:undo()
  s:cut { at = A, percent = 50, reason = "1.06.04.2.01.01 dipotong" }
  local d = s:replay(plan, { mode = "decisions", map = { [A] = B } })
  equal((d:get(B, "budget", 2024)), plan:get(B, "budget", 2024) // 2)
  equal((d:get(A, "budget", 2024)), (plan:get(A, "budget", 2024)))
  equal(d:journal():rows()[1].reason, "1.06.04.2.01.01 dipotong")
  local none, _, code, conflicts = s:replay(plan, { mode = "decisions", map = { ["1.06.04"] = false } })
  equal(none, nil)
  equal(code, "conflict")
  equal(conflicts:rows()[1].why, A .. " has no one counterpart among the new codes")
  none, _, _, conflicts = s:replay(plan, { map = { ["1.06.04.2.01.01"] = false } })
  equal(none, nil)
  equal(conflicts:rows()[1].why, A .. " has no one counterpart among the new codes")
end

function tests.life__what_functions_said_is_a_conflict_of_decisions_only()
  local plan = check.plan()
  local s = plan:branch "fungsi"
  s:spread { at = "1.06.04", delta = 1000, basis = plan:branch "dasar" }
  local none, _, _, conflicts = s:replay(plan, { mode = "decisions" })
  equal(none, nil)
  equal(conflicts:rows()[1].why, 'the argument "basis" was a view, which isn\'t kept; replay the scenario by values')
  equal(s:replay(plan):hash(), s:hash())
end

function tests.life__a_branch_is_rebased_onto_its_parent_as_it_is_now()
  local plan = check.plan()
  local parent = plan:branch "induk"
  parent:set(A, "budget", 2024, 60000000)
  local child = parent:branch "anak"
  child:set(B, "budget", 2024, 5)
  parent:set("1.06.05", "budget", 2024, 100000000)
  local rebased = assert(child:rebase(parent))
  equal(rebased.name, "anak")
  equal((rebased:get(B, "budget", 2024)), 5)
  equal((rebased:get("1.06.05", "budget", 2024)), 100000000)
  equal(#rebased:journal(), 3)
end

function tests.life__rules_by_function_do_not_come_along_and_that_is_told()
  local plan = check.plan()
  local s = plan:branch "aturan"
  s:rule { name = "tidak naik", check = function(v) return v:get("/", "budget", 2024) <= pagu.miliar(8) end }
  s:rule { at = "1.06.05", share_of = "/", min = 0.5, name = "bagian" }
  local again, conflicts = s:replay(plan)
  equal(#again:constraints(), 1)
  is_true(conflicts:text():find("rules by function aren't kept, so they don't come along (entry 1)", 1, true), conflicts:text())
  local _, _, _, told = s:replay(plan, { mode = "decisions" })
  equal(told:rows()[1].why, 'the argument "check" was a function, which isn\'t kept; replay the scenario by values')
end

-- ---- files ----

local io = check.global "io"

function tests.life__a_saved_scenario_loads_where_it_is_asked_to()
  local os = check.global "os"
  if not (io and os) then return end
  local plan = check.plan()
  local path = os.tmpname()
  decisions(plan):save(path)
  equal(pagu.load_scenario(plan, path, { replay = "decisions" }):hash(), decisions(plan):hash())
  equal(plan:load(path, { replay = "values", name = "lain" }).name, "lain")
  local none, _, code = pagu.load_scenario(plan, path, { replay = "values", stage = "none" })
  equal(none, nil)
  equal(code, "unknown_stage")
  fails("argument", "there is no \"word\"", pagu.load_scenario, plan, path, { replay = "word" })
  os.remove(path)
end

function tests.life__a_mapping_of_codes_comes_from_a_file()
  local os = check.global "os"
  if not (io and os) then return end
  local plan, path = check.plan(), os.tmpname()
  local function write(text)
    local f <close> = assert(io.open(path, "w"))
    f:write(text)
  end
  write("list,from_version,from,to_version,to,share\nkode,2024," .. A .. ",2025," .. B .. ",\nkode,2024,1.06.05,2025,a,0.5\n"
    .. "kode,2024,1.06.05,2025,b,0.5\nkode,2024," .. A .. ",2026,x,\n")
  local s = plan:branch "pindah"
  s:cut { at = A, percent = 50 }
  local d = assert(s:replay(plan, { mode = "decisions", map = path, to = 2025 }))
  equal((d:get(B, "budget", 2024)), plan:get(B, "budget", 2024) // 2)
  fails("argument", "maps to several versions", s.replay, s, plan, { map = path })
  s:set("1.06.05", "budget", 2024, 100)
  local _, _, _, conflicts = s:replay(plan, { mode = "decisions", map = path, to = "2025" })
  equal(conflicts:rows()[1].why, "1.06.05 has no one counterpart among the new codes")
  write "a,b\n1,2\n"
  fails("syntax", "no mapping of codes", s.replay, s, plan, { map = path })
  fails("not_found", nil, s.replay, s, plan, { map = "none.csv" })
  os.remove(path)
end

--- Whatever a file says was decided: conflicts, no crash, and nothing changed.
function tests.life__decisions_of_a_hostile_file_are_conflicts()
  local os = check.global "os"
  if not (io and os) then return end
  local plan, path = check.plan(), os.tmpname()
  for _, entry in ipairs {
    '"entry":"save","args":"/tmp/x"', '"entry":"close"', '"entry":"undo","args":{}', '"entry":"_add","args":{}',
    '"entry":"branch","args":{"steps":3}', '"entry":"x","args":{"steps":[3,{"verb":"load","args":{}}]}',
    '"entry":"set","args":5', '"entry":"set","args":[5]', '"entry":"set","args":[[{},{},{},{}]]', '"entry":"cut","args":7',
    '"entry":"cut","args":{"percent":{"function":true}}', '"entry":"cut","args":{"at":{"view":"x"}}', '"entry":"cut","args":"{]"',
    '"entry":"take","args":{"at":"/","from":{"stage":"none"}}', '"entry":"spread","args":{"steps":[]},"line":3',
    '"entry":"hold","args":{"at":"1.06","where":1}', '"entry":"add","args":{"under":"1.06","budget":{"x":{"y":1}}}',
    '"entry":"transfer","args":{"from":[],"to":{},"amount":9223372036854775807}', '"entry":"release","args":{}',
  } do
    local f = assert(io.open(path, "w"))
    f:write('{"scenario":"x","format":1,"stage":"final"}\n{' .. entry .. '}\n{"end":true}\n')
    f:close()
    local s, message, code, conflicts = pagu.load_scenario(plan, path, { replay = "decisions" })
    if s then
      equal(s:hash(), plan:branch "x":hash(), entry) -- an empty step is no harm
    else
      is_true(code == "conflict" or code == "syntax", entry .. ": " .. tostring(message))
      is_true(code == "syntax" or #conflicts == 1, entry)
    end
  end
  os.remove(path)
end

-- ---- snapshots ----

function tests.life__a_snapshot_stays()
  local plan = check.plan()
  local s = plan:branch "jalan"
  s:set(A, "budget", 2024, 1)
  local before = s:snapshot "sebelum"
  local hash = before:hash()
  s:set(A, "budget", 2024, 2)
  equal((before:get(A, "budget", 2024)), 1)
  equal(before:hash(), hash)
  equal(before.name, "sebelum")
  fails("argument", "can't be changed", function() before:set(A, "budget", 2024, 3) end)
  local again = before:branch "lagi"
  again:set(A, "budget", 2024, 4)
  equal((before:get(A, "budget", 2024)), 1)
  equal((s:get(A, "budget", 2024)), 2)
  before:close()
  fails("closed", nil, function() return before:get(A, "budget", 2024) end)
end

-- ---- merge ----

local function two(plan)
  return plan:branch "kami", plan:branch "mereka"
end

function tests.life__a_merge_takes_what_only_they_changed()
  local plan = check.plan()
  local ours, theirs = two(plan)
  ours:set(A, "budget", 2024, 1)
  theirs:set(B, "budget", 2024, 2)
  theirs:set(A .. "#1", "target", 2024, 260)
  local merged, conflicts = pagu.merge(plan, ours, theirs)
  is_true(merged, conflicts)
  equal(#conflicts, 0)
  equal((merged:get(A, "budget", 2024)), 1)
  equal((merged:get(B, "budget", 2024)), 2)
  equal((merged:get(A .. "#1", "target", 2024)), 260)
  equal((ours:get(B, "budget", 2024)), (plan:get(B, "budget", 2024)))
  equal(#merged:journal(), 2)
  merged:undo()
  equal(merged:hash(), ours:hash())
end

function tests.life__lines_are_in_conflict_and_sums_are_not()
  local plan = check.plan()
  local ours, theirs = two(plan)
  ours:set(A, "budget", 2024, 1)
  theirs:set(A, "budget", 2024, 2)
  theirs:set(B, "budget", 2024, 3)
  local none, message, code, conflicts = pagu.merge(plan, ours, theirs)
  equal(none, nil)
  equal(message, "1 conflicts are open, so nothing was merged")
  equal(code, "conflict")
  equal(#conflicts, 1)
  local row = conflicts:rows()[1]
  equal(row.key, A)
  equal(row.base, 50000000)
  equal(row.ours, 1)
  equal(row.theirs, 2)
  equal(row.why, "both sides changed it")
  equal(row.outcome, "open")
  local mine, told = pagu.merge(plan, ours, theirs, { policy = "ours" })
  equal((mine:get(A, "budget", 2024)), 1)
  equal((mine:get(B, "budget", 2024)), 3)
  equal(told:rows()[1].outcome, "ours")
  equal((pagu.merge(plan, ours, theirs, { policy = { budget = "theirs" } }):get(A, "budget", 2024)), 2)
  fails("argument", 'policy "bugdet"', pagu.merge, plan, ours, theirs, { policy = { bugdet = "theirs" } })
end

function tests.life__a_base_that_changed_meanwhile_is_a_conflict()
  local plan = check.plan()
  local pinned = plan:snapshot "dulu"
  local theirs = pinned:branch "mereka"
  theirs:set(A, "budget", 2024, 2)
  local now = plan:branch "dasar baru"
  now:set(A, "budget", 2024, 55000000) -- the plan beneath, not a side of the merge
  local none, _, code, conflicts = pagu.merge(pinned, now, theirs)
  equal(none, nil)
  equal(code, "conflict")
  equal(conflicts:rows()[1].ours, 55000000)
end

function tests.life__structure_and_limits_are_merged()
  local plan = check.plan()
  local ours, theirs = two(plan)
  theirs:add { under = "2.13.05.2.01", name = "Pos baru", budget = 7, indicator = "Pos", unit = "unit", target = 2 }
  theirs:remove "1.06.05"
  theirs:floor { at = "1.06.04", amount = 1000, name = "SPM" }
  ours:add_indicator { at = A, name = "Kami", unit = "orang", target = 5 }
  theirs:add_indicator { at = A, name = "Mereka", unit = "orang", target = 6 }
  local merged = assert(pagu.merge(plan, ours, theirs))
  equal(#merged["2.13.05.2.01"]:children(), #theirs["2.13.05.2.01"]:children())
  is_true(not merged:find "1.06.05")
  equal(#merged:constraints(), 1)
  local names = {}
  for _, i in ipairs(merged[A]:indicators()) do
    names[#names + 1] = i.name .. "=" .. tostring((merged:get(i.id, "target", 2024)))
  end
  equal(names[#names - 1], "Kami=5")
  equal(names[#names], "Mereka=6")
end

function tests.life__a_row_removed_there_and_changed_here_is_a_conflict()
  local plan = check.plan()
  local ours, theirs = two(plan)
  ours:set("1.06.05", "budget", 2024, 150000000)
  theirs:remove "1.06.05"
  local none, _, _, conflicts = pagu.merge(plan, ours, theirs)
  equal(none, nil)
  is_true(#conflicts > 0)
  local kept = assert(pagu.merge(plan, ours, theirs, { policy = "ours" }))
  equal((kept:get("1.06.05", "budget", 2024)), 150000000)
  local gone = assert(pagu.merge(plan, ours, theirs, { policy = "theirs" }))
  is_true(not gone:find "1.06.05")
end

function tests.life__a_row_removed_here_and_changed_there_is_a_conflict()
  local plan = check.plan()
  local ours, theirs = two(plan)
  ours:remove "1.06.05"
  theirs:set("1.06.05", "budget", 2024, 150000000)
  local none, _, code = pagu.merge(plan, ours, theirs)
  equal(none, nil)
  equal(code, "conflict")
  is_true(not assert(pagu.merge(plan, ours, theirs, { policy = "ours" })):find "1.06.05")
end

function tests.life__both_sides_added_a_row_of_one_code()
  local plan = check.plan()
  local ours, theirs = two(plan)
  for _, s in ipairs { ours, theirs } do
    s:add { under = "2.13.05.2.01", name = "Sama", budget = 7 }
  end
  equal(#select(2, assert(pagu.merge(plan, ours, theirs))), 0)
  ours:undo()
  ours:add { under = "2.13.05.2.01", name = "Lain", budget = 8 }
  local none, _, _, conflicts = pagu.merge(plan, ours, theirs)
  equal(none, nil)
  equal(#conflicts, 2) -- the row and its budget
end

function tests.life__limits_that_both_sides_changed_are_a_conflict()
  local plan = check.plan()
  local base = plan:branch "dasar"
  base:floor { at = "1.06.04", amount = 1000, name = "SPM" }
  local ours, theirs = base:branch "kami", base:branch "mereka"
  for s, amount in pairs { [ours] = 2000, [theirs] = 3000 } do
    s:release "SPM"
    s:floor { at = "1.06.04", amount = amount, name = "SPM" }
  end
  equal(pagu.merge(base, ours, theirs), nil)
  equal(pagu.merge(base, ours, theirs, { policy = { constraints = "theirs" } }):constraints():rows()[1].amount, 3000)
  equal(pagu.merge(base, ours, theirs, { policy = "ours" }):constraints():rows()[1].amount, 2000)
  equal(assert(pagu.merge(base, base:branch "x", theirs)):constraints():rows()[1].amount, 3000)
end

function tests.life__limits_of_one_name_on_other_places_both_stay()
  local plan = check.plan()
  local ours, theirs = two(plan)
  ours:hold { at = A, reason = "gaji" }
  theirs:hold { at = B, reason = "gaji" }
  local merged, conflicts = pagu.merge(plan, ours, theirs)
  is_true(merged, conflicts)
  equal(#conflicts, 0)
  equal(#merged:constraints(), 2)
end

function tests.life__rules_by_function_are_not_merged_and_that_is_told()
  local plan = check.plan()
  local ours, theirs = two(plan)
  theirs:rule { name = "fungsi", check = function() return true end }
  theirs:set(A, "budget", 2024, 5)
  local merged, conflicts = pagu.merge(plan, ours, theirs)
  equal((merged:get(A, "budget", 2024)), 5)
  equal(#merged:constraints(), 0)
  is_true(conflicts:text():find('rule "fungsi" is a function and was not merged', 1, true), conflicts:text())
  ours:rule { name = "milik kami", check = function(v) return v:get(A, "budget", 2024) > 10, "terlalu kecil" end }
  local none, _, code, told = pagu.merge(plan, ours, theirs, { policy = "theirs" })
  equal(none, nil)
  equal(code, "conflict")
  is_true(told:rows()[1].why:find("terlalu kecil", 1, true), told:rows()[1].why)
end

function tests.life__our_holds_refuse_their_changes()
  local plan = check.plan()
  local ours, theirs = two(plan)
  ours:hold { at = A, reason = "tetap" }
  theirs:set(A, "budget", 2024, 2)
  local none, _, _, conflicts = pagu.merge(plan, ours, theirs, { policy = "theirs" })
  equal(none, nil)
  is_true(conflicts:rows()[1].why:find("held at 50,000,000", 1, true), conflicts:rows()[1].why)
end

function tests.life__a_preview_changes_nothing()
  local plan = check.plan()
  local ours, theirs = two(plan)
  ours:set(A, "budget", 2024, 1)
  theirs:set(A, "budget", 2024, 2)
  theirs:set(B, "budget", 2024, 3)
  local before = ours:hash()
  local conflicts, changes = pagu.merge(plan, ours, theirs, { dry = true })
  equal(#conflicts, 1)
  equal(#changes, 1)
  equal(changes:rows()[1].key, B)
  equal(ours:hash(), before)
  assert(ours:merge(theirs, { policy = "theirs", reason = "gabung" }))
  equal((ours:get(A, "budget", 2024)), 2)
  equal(ours:journal():rows()[2].reason, "gabung")
  ours:undo()
  equal(ours:hash(), before)
end

-- ---- workspaces ----

local function workspace(test)
  local os = check.global "os"
  if not (io and os) then return end
  local path = os.tmpname()
  local w = assert(pagu.workspace(path))
  test(w, path)
  w:close()
  os.remove(path)
end

function tests.life__two_hands_on_one_name_meet_a_conflict()
  workspace(function(w, path)
    local plan = check.plan()
    local other = assert(pagu.workspace(path))
    local s = plan:branch "potong"
    equal(w:save("potong", s), 1)
    local theirs = assert(other:load("potong", plan))
    theirs:set(A, "budget", 2024, 1)
    equal(other:save("potong", theirs), 2)
    s:set(B, "budget", 2024, 2)
    local err = fails("conflict", "is at version 2, saved by", w.save, w, "potong", s)
    is_true(err.message:find("load that one, or overwrite it", 1, true))
    local latest = assert(w:load("potong", plan))
    local both = assert(pagu.merge(plan, s, latest))
    equal(w:save("potong", both), 3)
    equal((assert(other:load("potong", plan)):get(B, "budget", 2024)), 2)
    equal((assert(other:load("potong", plan, { version = 1 })):hash()), plan:branch "potong":hash())
    equal(#other:history "potong", 3)
    fails("conflict", "no longer", other.save, other, "baru", s, { version = 4 })
    equal(other:save("potong", s, { overwrite = true }), 4)
    other:close()
    fails("closed", "the workspace is closed", other.list, other)
  end)
end

function tests.life__a_workspace_loads_by_replay_where_the_base_is_another()
  workspace(function(w)
    local plan = check.plan()
    local s = plan:branch "hemat"
    s:cut { at = A, percent = 10 }
    w:save("hemat", s)
    local need = plan:stage "need":branch "kebutuhan"
    need:set(A, "budget", 2024, 70000000)
    equal((assert(w:load("hemat", plan, { replay = "decisions", onto = need })):get(A, "budget", 2024)), 63000000)
    local none, _, code, conflicts = w:load("hemat", plan, { replay = "values", onto = need })
    equal(none, nil)
    equal(code, "conflict")
    equal(#conflicts, 1)
    none, _, code = w:load("lain", plan)
    equal(code, "unknown_key")
    equal(w:verify(), true)
  end)
end

-- A sum without lines takes the amount on its own line: the first entry of that step changes nothing that is saved.
function tests.life__a_step_keeps_its_name_where_its_first_entry_changes_nothing()
  local os = check.global "os"
  if not os then return end
  local plan = check.plan()
  local s = plan:branch "kosong"
  s:remove "1.06.06.2.01"
  s:cut { at = "1.06.06", amount = -5, reason = "uji" }
  s:cut { at = "1.06.05", amount = 7 }
  local path = os.tmpname()
  s:save(path)
  local again = assert(plan:load(path))
  os.remove(path)
  equal(again:hash(), s:hash())
  equal(#again:journal(), #s:journal())
  for i = 1, #s:journal() do
    local want, got = s:journal()[i], again:journal()[i]
    equal(got.verb, want.verb, "step " .. i)
    equal(got.args:gsub(" ", ""), want.args:gsub(" ", ""), "step " .. i)
    equal(got.reason, want.reason, "step " .. i)
  end
end

function tests.life__a_target_set_twice_in_one_batch_is_saved_once()
  local os = check.global "os"
  if not os then return end
  local plan = check.plan()
  local s = plan:branch "ganda"
  local before = s:hash()
  local key = "1.06.04.2.01.01"
  s:set { { key, "target", 2024, 1 }, { key, "budget", 2024, 7 }, { key, "target", 2025, 3 }, { key, "target", 2024, 2 } }
  equal(s:get(key, "target", 2024), 2)
  equal(s:get(key, "target", 2025), 3)
  equal(#s:changes(1), 3)
  local path = os.tmpname()
  s:save(path)
  local again = assert(plan:load(path))
  os.remove(path)
  equal(again:hash(), s:hash())
  s:undo()
  equal(s:hash(), before)
end

check.run()
