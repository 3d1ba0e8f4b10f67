-- Changing: set, spread, transfer, take, constraints, structure, undo.
local check = require "check"
local pagu = require "pagu"
local tests, equal, fails = check.tests, check.equal, check.fails

local function scenario(name)
  local plan = check.plan()
  return plan:branch(name or "uji"), plan
end

function tests.set__a_leaf_and_its_ancestors()
  local s, plan = scenario()
  s:set("1.06.04.2.01.01", "budget", 2024, 60000000)
  equal(s:get "1.06.04", plan:get "1.06.04" + 10000000)
  equal(plan:get "1.06.04.2.01.01", 50000000, "the base")
end

function tests.set__a_sum_spreads_in_proportion()
  local s = scenario()
  s:set("1.06.05", "budget", 2024, 102784921)
  equal(s:get "1.06.05", 102784921)
  equal(#s:journal(), 1)
end

function tests.set__missing_and_dash()
  local s = scenario()
  s:set("1.06.04.2.01.01", "budget", 2024, nil)
  equal(s:get "1.06.04.2.01.01", nil)
  s:set("1.06.04.2.01.01", "budget", 2024, "-")
  equal(select(2, s:get "1.06.04.2.01.01"), "-")
  s["1.06.04.2.01.01"].budget[2024] = 5
  equal(s:get "1.06.04.2.01.01", 5)
end

function tests.set__a_float_that_is_whole()
  local s = scenario()
  s:set("1.06.04.2.01.01", "budget", 2024, 1e6)
  equal(math.type(s:get "1.06.04.2.01.01"), "integer")
end

function tests.set__a_target_as_number_text_or_spelling()
  local s = scenario()
  s:set("1.06.04.2.01.01", "target", 2024, 260)
  equal(s:get("1.06.04.2.01.01", "target", 2024), 260)
  s["2.13.04"].target[2024] = "Cepat Berkembang"
  equal(s:get("2.13.04", "target", 2024), "Cepat Berkembang")
  s:set("1.06.04.2.01.01#1", "target", 2024, { value = 12.5, unit = "ORANG" })
  local v, unit = s:get("1.06.04.2.01.01", "target", 2024)
  equal(v, 12.5)
  equal(unit, "Orang")
end

function tests.set__a_target_in_another_unit_is_refused()
  local s = scenario()
  local before = s:hash()
  for _, value in ipairs { "88%", "260 Dokumen", { value = 1, unit = "Laporan" } } do
    local ok, err = pcall(s.set, s, "1.06.04.2.01.01#1", "target", 2024, value)
    equal(ok, false)
    equal(err.code, "unit_clash")
  end
  equal(s:hash(), before)
end

function tests.set__a_batch_is_one_step()
  local s = scenario()
  s:set {
    { "1.06.04.2.01.01", "budget", 2024, 1 },
    { key = "1.06.04.2.01.02", field = "budget", year = 2025, value = 2 },
    { "1.06.04.2.01.01", "target", 2024, 3 },
    { "1.06.05", "budget", 2024, 4000000 },
    reason = "batch",
  }
  equal(s:get "1.06.04.2.01.01", 1)
  equal(s:get("1.06.04.2.01.02", "budget", 2025), 2)
  equal(s:get("1.06.04.2.01.01", "target", 2024), 3)
  equal(s:get "1.06.05", 4000000)
  equal(#s:journal(), 1)
  equal(s:journal()[1].reason, "batch")
  s:undo()
  equal(#s:journal(), 0)
end

function tests.set__a_sum_and_a_line_below_it_are_not_both_kept()
  local s = check.plan():branch "x"
  local before = s:hash()
  fails("argument", "1.06.04 and 1.06.04.2.01.01, which is below it, are both in the batch", s.set, s,
    { { "1.06.04", "budget", 2024, 1000 }, { "1.06.04.2.01.01", "budget", 2024, 2 } })
  fails("argument", "are both in the batch", s.set, s, { { "1.06.04.2.01", "budget", 2024, 9 }, { "1.06.04", "budget", 2024, 1000 } })
  equal(s:hash(), before)
  s:set{ { "1.06.04", "budget", 2024, 1000000 }, { "1.06.04.2.01.01", "budget", 2025, 2 }, { "1.06.05", "budget", 2024, 7000 } }
  equal(s:get("1.06.04", "budget", 2024), 1000000)
  equal(s:get("1.06.04.2.01.01", "budget", 2025), 2)
end

function tests.set__a_failed_batch_changes_nothing()
  local s, plan = scenario()
  s:hold "1.06.05.2.02.01"
  local before = s:hash()
  fails("held", nil, s.set, s, { { "1.06.04.2.01.01", "budget", 2024, 1 }, { "1.06.05.2.02.01", "budget", 2024, 2 } })
  fails("held", nil, s.set, s, { { "1.06.04.2.01.01", "budget", 2024, 1 }, { "1.06.05.2.02", "budget", 2024, 0 } })
  equal(s:hash(), before)
  equal(s:get "1.06.04.2.01.01", plan:get "1.06.04.2.01.01")
end

function tests.column__assignment_is_one_step()
  local s = scenario()
  local sub = s:select { level = "sub_kegiatan", under = "1.06.04" }
  sub.budget[2025] = sub.budget[2024] * 1.1
  equal(s:get("1.06.04.2.01.01", "budget", 2025), 55000000)
  equal(#s:journal(), 1)
  sub.budget[2025] = 7
  equal(s:get("1.06.04", "budget", 2025), 7 * #sub)
  sub.budget[2025] = nil
  equal(s:get("1.06.04", "budget", 2025), nil)
  sub.target[2025] = 10
  equal(s:get("1.06.04.2.01.01", "target", 2025), 10)
end

function tests.spread__requests()
  local s = scenario()
  local t = s:spread { at = "1.06.05", total = 100000000 }
  equal(s:get "1.06.05", 100000000)
  equal(#t, 3)
  s:spread { at = "1.06.05", delta = -1 }
  equal(s:get "1.06.05", 99999999)
  s:spread { at = "1.06.05", percent = -10 }
  equal(s:get "1.06.05", 89999999)
  s:spread { at = "1.06.05", by = 1.1 }
  equal(s:get "1.06.05", 98999999)
end

function tests.set__dry_tells_what_would_change_and_changes_nothing()
  local s = scenario()
  local before = s:hash()
  local t = s:set("1.06.05", "budget", 2024, 90000000, { dry = true })
  local sum = 0
  for row in t:each() do sum = sum + row.new end
  equal(sum, 90000000)
  equal(#s:set { { "1.06.06.2.01.01", "budget", 2024, 1 }, { "1.06.05", "budget", 2024, 2 }, dry = true }, 4)
  equal(#s:set("1.06.06.2.01.01", "budget", 2024, s:get "1.06.06", { dry = true }), 0)
  equal(s:hash(), before)
  equal(#s:journal(), 0)
  s:atomic(function()
    s:set("1.06.05", "budget", 2024, 3)
    equal(#s:set("1.06.05", "budget", 2024, 90000000, { dry = true }), 3)
    equal(s:get "1.06.05", 3)
  end)
end

function tests.set__takes_a_reason_and_no_unknown_option()
  local s = scenario()
  s:set("1.06.06.2.01.01", "budget", 2024, nil, { reason = "rapat" })
  equal(s:get "1.06.06.2.01.01", nil)
  equal(s:journal()[1].reason, "rapat")
  for _, call in ipairs {
    function() s:set("1.06.06.2.01.01", "budget", 2024, 1, { dri = true }) end,
    function() s:set { field = "budget", values = {} } end,
    function() s:set({ ["1.06.06.2.01.01"] = 1 }, "budget", 2024) end,
    function() s:remove("1.06.07", { dry = true }) end,
  } do
    local ok, err = pcall(call)
    equal(ok, false)
    equal(err.code, "argument")
  end
  equal(#s:journal(), 1)
end

function tests.remove__dry_removes_nothing()
  local s = scenario()
  local before = s:hash()
  local t = s:remove { at = "1.06.07", dry = true }
  equal(t[1].old, 76950555)
  equal(s:hash(), before)
end

function tests.spread__dry_changes_nothing()
  local s = scenario()
  local before = s:hash()
  local t = s:spread { at = "1.06.05", total = 1, dry = true }
  check.is_true(#t > 0)
  equal(s:hash(), before)
  equal(#s:journal(), 0)
end

function tests.spread__bases()
  local s, plan = scenario()
  local function parts() return s:get "1.06.05.2.02.01", s:get "1.06.05.2.02.03", s:get "1.06.05.2.02.04" end
  local function is(a, b, c)
    local x, y, z = parts()
    equal(x, a)
    equal(y, b)
    equal(z, c)
  end
  s:spread { at = "1.06.05", total = 300, basis = "equal" }
  is(100, 100, 100)
  s:spread { at = "1.06.05", total = 600, basis = { ["1.06.05.2.02.01"] = 1, ["1.06.05.2.02.03"] = 2, [s["1.06.05.2.02.04"]] = 3 } }
  is(100, 200, 300)
  s:spread { at = "1.06.05", total = 1000, basis = function(n) return n.code == "1.06.05.2.02.03" and 0.75 or 0.125 end }
  is(125, 750, 125)
  s:spread { at = "1.06.05", total = plan:get "1.06.05", basis = plan }
  is(plan:get "1.06.05.2.02.01", plan:get "1.06.05.2.02.03", plan:get "1.06.05.2.02.04")
  s:spread { at = "1.06.05", total = 100, basis = "equal" }
  s:spread { at = "1.06.05", total = plan:get "1.06.05", basis = { stage = "need" } }
  local need = plan:stage "need"
  equal(need:get "1.06.05", plan:get "1.06.05")
  is(need:get "1.06.05.2.02.01", need:get "1.06.05.2.02.03", need:get "1.06.05.2.02.04")
  local lines = s:lines "1.06.05"
  s:spread { at = "1.06.05", total = 300, basis = lines.budget[2024] * 0 + 5 }
  is(100, 100, 100)
  s:spread { at = "1.06.05", total = 400, basis = "target" }
  equal(s:get "1.06.05", 400)
  local other = check.plan() -- another plan: rows are matched by key
  s:spread { at = "1.06.05", total = 400, basis = "equal" }
  s:spread { at = "1.06.05", total = plan:get "1.06.05", basis = other }
  is(plan:get "1.06.05.2.02.01", plan:get "1.06.05.2.02.03", plan:get "1.06.05.2.02.04")
  s:spread { at = "1.06.05", total = 400, basis = "equal" }
  s:spread { at = "1.06.05", total = plan:get "1.06.05", basis = other:lines().budget[2024] }
  is(plan:get "1.06.05.2.02.01", plan:get "1.06.05.2.02.03", plan:get "1.06.05.2.02.04")
end

function tests.spread__floor_cap_hold_unit()
  local s = scenario()
  s:spread { at = "1.06.05", total = 300, basis = "equal" }
  s:spread { at = "1.06.05", total = 150, floor = { ["1.06.05.2.02.01"] = 90 } }
  equal(s:get "1.06.05.2.02.01", 90)
  s:spread { at = "1.06.05", total = 200, cap = function(n) return n.code == "1.06.05.2.02.01" and 95 or nil end }
  check.is_true(s:get "1.06.05.2.02.01" <= 95)
  s:spread { at = "1.06.05", total = 30000, hold = "1.06.05.2.02.01", unit = 1000, basis = "equal" }
  equal(s:get "1.06.05", 30000)
end

function tests.spread__overlapping_place_means_its_upper_nodes()
  local s = scenario()
  s:spread { at = s:select { under = "1.06.05" }, total = 1000000 }
  equal(s:get "1.06.05", 1000000)
end

function tests.transfer__by_amounts_and_by_place()
  local s, plan = scenario()
  s:transfer { from = { ["1.06.01.2.09.09"] = 30, ["1.06.01.2.09.06"] = 20 }, to = { "1.06.04.2.01.01", "1.06.04.2.01.02" } }
  equal(s:get "1.06.01.2.09.09", plan:get "1.06.01.2.09.09" - 30)
  equal(s:get "1.06.04.2.01.01", plan:get "1.06.04.2.01.01" + 25)
  s:transfer { from = "1.06.01.2.09", to = s["1.06.06"], amount = 1000 }
  equal(s:get "1.06.06", plan:get "1.06.06" + 1000)
  s:transfer { from = "1.06.01.2.09.09", to = { ["1.06.06"] = 0.25, ["1.06.07"] = 0.75 }, amount = 1000 }
  equal(s:get "1.06.07", plan:get "1.06.07" + 750)
  equal(s:get "/", plan:get "/")
end

function tests.transfer__says_what_a_source_lacks()
  local s = scenario()
  local err = fails("insufficient", "1.06.01.2.09.09", s.transfer, s, { from = "1.06.01.2.09.09", to = "1.06.06", amount = 10 ^ 12 // 1 | 0 })
  equal(err.node, "1.06.01.2.09.09")
  check.is_true(err.line > 0 and err.file)
end

function tests.take__copies_another_view()
  local s, plan = scenario()
  s:set("1.06.05", "budget", 2024, 1000)
  s:take { at = "1.06.05", from = plan }
  equal(s:get "1.06.05", plan:get "1.06.05")
  local t = plan:branch("need", { stage = "draft" })
  t:take { from = "need" }
  equal(t:get "/", plan:stage "need":get "/")
end

function tests.join__brings_rows_of_another_stage()
  local s = scenario()
  equal(s:find "1.06.01.2.05.02", nil)
  s:join { at = "1.06.01.2.05.02", from = "need" }
  equal(s["1.06.01.2.05.02"].budget[2024], nil)
  s:set("1.06.01.2.05.02", "budget", 2024, 9)
  equal(s:get "1.06.01.2.05", 9)
end

function tests.hold__freezes_and_releases()
  local s = scenario()
  local id = s:hold { at = "1.06.04.2.01", reason = "SPM", name = "spm" }
  local err = fails("held", nil, s.set, s, "1.06.04.2.01.01", "budget", 2024, 1)
  equal(err.node, "1.06.04.2.01.01")
  check.is_true(s:is_held "1.06.04.2.01.01")
  equal(s:constraints()[1].name, "spm")
  s:release(id)
  s:set("1.06.04.2.01.01", "budget", 2024, 1)
  s:hold { at = "1.06.05", total = true, name = "total" }
  fails("held", nil, s.set, s, "1.06.05.2.02.01", "budget", 2024, 1)
  s:transfer { from = "1.06.05.2.02.01", to = "1.06.05.2.02.03", amount = 1 }
  s:release "total"
  equal(#s:constraints(), 0)
end

function tests.ceiling_and_floor__refuse_and_are_inherited()
  local s = scenario()
  s:ceiling { at = "1.06.05", amount = pagu.juta(110), reason = "batas" }
  s:floor { at = "1.06.05", min = pagu.juta(90) }
  fails("rule", nil, s.set, s, "1.06.05.2.02.01", "budget", 2024, pagu.miliar(1))
  local b = s:branch "anak"
  fails("rule", nil, b.set, b, "1.06.05.2.02.01", "budget", 2024, 0)
  s:undo()
  s:undo()
  s:set("1.06.05.2.02.01", "budget", 2024, 0)
end

function tests.undo__restores_the_hash()
  local s = scenario()
  local h0 = s:hash()
  s:set("1.06.05", "budget", 2024, 5)
  local h1 = s:hash()
  s:undo()
  equal(s:hash(), h0)
  s:redo()
  equal(s:hash(), h1)
  s:undo()
  fails("nothing_to_undo", nil, s.undo, s)
end

function tests.savepoint__rolls_back()
  local s = scenario()
  local at = s:savepoint()
  s:set("1.06.05", "budget", 2024, 5)
  s:set("1.06.06", "budget", 2024, 5)
  s:rollback(at)
  equal(#s:journal(), 0)
  fails("nothing_to_undo", nil, s.redo, s)
end

function tests.atomic__is_one_step_and_returns_results()
  local s = scenario()
  local a, b = s:atomic(function(on)
    on:set("1.06.05", "budget", 2024, 5)
    on:set("1.06.06", "budget", 2024, 6)
    return 1, "two"
  end, { reason = "bersama" })
  equal(a, 1)
  equal(b, "two")
  equal(#s:journal(), 1)
  equal(s:journal()[1].reason, "bersama")
  equal(#s:changes(1), 4)
  s:undo()
  equal(#s:journal(), 0)
end

function tests.atomic__a_failed_one_changes_nothing()
  local s = scenario()
  local before = s:hash()
  local ok, err = pcall(s.atomic, s, function(on)
    on:set("1.06.05", "budget", 2024, 5)
    error("berhenti", 0)
  end)
  equal(ok, false)
  equal(err, "berhenti")
  equal(s:hash(), before)
end

function tests.atomic__refuses_a_branch_inside_and_takes_back_everything()
  local s = scenario()
  local before = s:hash()
  fails("conflict", nil, s.atomic, s, function(on)
    on:set("1.06.05", "budget", 2024, 5)
    on:branch "di tengah"
    on:set("1.06.06", "budget", 2024, 5)
  end)
  equal(s:hash(), before)
end

function tests.branch__is_independent_of_its_source()
  local s, plan = scenario()
  s:set("1.06.06", "budget", 2024, 5)
  local b = s:branch "anak"
  b:set("1.06.06", "budget", 2024, 7)
  equal(s:get "1.06.06", 5)
  s:undo()
  equal(b:get "1.06.06", 7)
  equal(s:get "1.06.06", plan:get "1.06.06")
  s:close()
  equal(b:get "1.06.06", 7)
end

function tests.journal__names_the_script_and_the_line()
  local s = scenario()
  s:set("1.06.06", "budget", 2024, 5)
  s:cut { at = "1.06.05", percent = 10, reason = "hemat" }
  local row = s:journal()[2]
  equal(row.verb, "cut")
  check.is_true(row.source:find("test_edit", 1, true), row.source)
  equal(row.args, '{"at":"1.06.05","percent":10,"reason":"hemat"}')
  equal(row.reason, "hemat")
end

function tests.explain__names_the_edit()
  local s = scenario()
  s:set("1.06.06", "budget", 2024, 5)
  check.is_true(s:explain("1.06.06", "budget", 2024):csv():find("test_edit", 1, true))
end

function tests.compare__shows_the_changes_first()
  local s, plan = scenario()
  s:set("1.06.06.2.01.01", "budget", 2024, 5)
  local t = pagu.compare(plan, s)
  equal(#t, 2)
  equal(t[1].key, "1.06.06.2.01.01")
  equal(#pagu.compare(plan, s, { level = "program", all = true }), 9)
  equal(#pagu.compare(plan, s, plan:stage "need", { at = { "1.06.06", "1.06.07" }, all = true }), 3)
end

check.run()
