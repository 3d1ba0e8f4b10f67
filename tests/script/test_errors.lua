-- Must-fail cases: exact codes, and messages that say what would help.
local check = require "check"
local pagu = require "pagu"
local tests, equal, fails = check.tests, check.equal, check.fails

local function scenario()
  local plan = check.plan()
  return plan:branch "uji", plan
end

function tests.errors__are_objects_with_code_message_node_place()
  local s = scenario()
  local err = fails("unknown_key", "9.99", s.get, s, "9.99", "budget", 2024)
  equal(tostring(err), err.message)
  check.is_true(err.file:find("check", 1, true) or err.file:find("test_errors", 1, true))
  check.is_true(math.type(err.line) == "integer")
  equal(pagu.type(err), "error")
end

function tests.errors__of_reading()
  local s, plan = scenario()
  fails("unknown_field", "budget", s.get, s, "1.06", "pagu", 2024)
  fails("out_of_frame", "2020", s.get, s, "1.06", "budget", 2031)
  fails("out_of_frame", nil, s.get, s, "1.06", "budget", 2024.5)
  fails("out_of_frame", nil, s.get, s, "1.06", "budget", true)
  fails("argument", "a key is text", s.get, s, 1.06, "budget", 2024)
  fails("not_member", nil, plan.get, plan, "1.06.01.2.05", "budget", 2024)
  fails("unknown_stage", "need", plan.stage, plan, "ranwal")
  fails("unknown_level", "program", s.select, s, { level = "bab" })
  fails("unknown_tag", "APBN", s.select, s, { tag = { fund = "APBN" } })
  fails("argument", "levl", s.select, s, { levl = "program" })
  fails("unknown_key", nil, function() return s.budjet end)
  fails("unknown_field", nil, function() return s["1.06"].pagu end)
  fails("not_found", nil, plan.table, plan, "usulan")
end

function tests.errors__of_a_zero_byte_in_a_text_cut_nothing_off()
  local s, plan = scenario()
  fails("argument", "zero byte", plan.get, plan, "1.06\0.01", "budget", 2024)
  fails("argument", "1.06", plan.find, plan, "1.06\0.01")
  fails("argument", "zero byte", plan.get, plan, "1.06", "budget\0", 2024)
  fails("argument", "zero byte", plan.get, plan, "1.06", "budget", "2024\0Q1")
  fails("argument", "zero byte", plan.branch, plan, "uji\0lain")
  fails("argument", "zero byte", s.select, s, { level = "program\0" })
  fails("argument", "zero byte", s.select, s, { tag = { fund = "APBD\0" } })
  fails("argument", "zero byte", s.add, s, { under = "1.06", name = "nama\0lain" })
  fails("argument", "zero byte", s.set, s, "1.06.04.2.01.01", "target", 2024, "banyak\0sedikit")
  fails("argument", "zero byte", s.cut, s, { at = "1.06", percent = 10, reason = "a\0b" })
  fails("argument", "zero byte", function() return pagu.table{ "a" }:add{ "x\0y" }:csv() end)
  fails("argument", "zero byte", function() return pagu.table{ "a", title = "x\0y" }:text() end)
  equal(#s:journal(), 0)
end

function tests.errors__of_a_stage_say_to_branch_it()
  local _, plan = scenario()
  local need = plan:stage "need"
  for _, verb in ipairs { "set", "cut", "spread", "transfer", "undo", "journal", "hold", "fit" } do
    fails("argument", ('s = plan:branch "name", and call s:%s'):format(verb), function() return plan[verb](plan, {}) end)
    fails("argument", 's = plan:stage "need":branch "name"', function() return need[verb](need, {}) end)
  end
  fails("argument", 'stage "need" can\'t be changed', function() need["1.06"].budget[2024] = 1 end)
  local programs = plan:select { level = "program" }
  fails("argument", "can't be changed", function() programs.budget[2025] = programs.budget[2024] end)
end

function tests.errors__of_a_wrong_name_or_a_dot_for_a_colon()
  local s, plan = scenario()
  fails("unknown_key", 'did you mean "cut"?', function() return s.cutt end)
  fails("unknown_key", 'did you mean "select"?', function() return plan:selct {} end)
  fails("unknown_key", "no node or method", function() return plan.zzzzzzzz end)
  fails("unknown_key", "nearest", function() return plan["1.06.99"] end)
  fails("argument", "with a colon, as in x:get(…)", function() local x = s.get("1.06") end)
  fails("argument", "with a colon, as in x:children(…)", function() local x = s["1.06"].children() end)
  local err = fails("argument", "is needed here", pagu.load_scenario, "x.scn")
  check.is_true(not err.message:find("colon", 1, true))
end

function tests.errors__of_a_constraint_name_it()
  local s = scenario()
  s:hold { at = "1.06.01.2.02", reason = "gaji" }
  fails("held", '"gaji"', s.set, s, "1.06.01.2.02.01", "budget", 2024, 1)
  s:hold "1.06.04"
  fails("held", '"1.06.04"', s.set, s, "1.06.04.2.01.01", "budget", 2024, 1)
  s:hold { at = "1.06.05", name = "bansos", reason = "SPM" }
  fails("held", '"bansos"', s.set, s, "1.06.05.2.02.01", "budget", 2024, 1)
end

function tests.errors__of_set_suggest_what_set_can_do()
  local s = scenario()
  local err = fails("zero_basis", 's:spread{ at = "1.06.01.2.01", total', s.set, s, "1.06.01.2.01", "budget", 2024, 5)
  equal(err.node, "1.06.01.2.01")
  fails("zero_basis", "s:spread{", function() s["1.06.01.2.01"].budget[2024] = 5 end)
  s:spread { at = "1.06.01.2.01", total = 5, on_zero = "equal" }
  equal(s:get "1.06.01.2.01", 5)
end

function tests.errors__of_money()
  local s = scenario()
  local err = fails("fraction", "pagu.round", s.set, s, "1.06.06.2.01.01", "budget", 2024, 0.5)
  check.is_true(err.message:find("0.5", 1, true))
  fails("argument", "pagu.rp \"1,5 M\"", s.set, s, "1.06.06.2.01.01", "budget", 2024, "1,5 M")
  fails("overflow", nil, s.set, s, "1.06.06.2.01.01", "budget", 2024, 1e30)
  fails("overflow", nil, s.set, s, "1.06.06.2.01.01", "budget", 2024, math.maxinteger)
  fails("argument", "nil makes it missing", s.set, s, "1.06.06.2.01.01", "budget", 2024)
  fails("wrong_level", nil, s.set, s, "1.06.06", "budget", 2024, nil)
end

function tests.errors__of_verbs()
  local s, plan = scenario()
  fails("argument", "can't be changed", function() plan["1.06"].budget[2024] = 1 end)
  fails("argument", "s:spread{…}", s.spread, s, "1.06")
  fails("argument", "totl", s.spread, s, { at = "1.06", totl = 1 })
  fails("argument", "one of total, delta", s.spread, s, { at = "1.06" })
  fails("argument", "at is missing", s.spread, s, { total = 1 })
  fails("zero_basis", nil, s.spread, s, { at = "1.06.02.2.02", total = 1 })
  fails("argument", "on_zero", s.spread, s, { at = "1.06", total = 1, on_zero = "skip" })
  fails("argument", "unit must be", s.spread, s, { at = "1.06", total = 1, unit = 0 })
  fails("argument", "cut has no option", s.cut, s, { at = "1.06", persen = 1 })
  fails("argument", "one of: percent, amount", s.cut, s, { at = "1.06" })
  fails("argument", "from is missing", s.transfer, s, { to = "1.06", amount = 1 })
  fails("negative_basis", nil, s.transfer, s, { from = "1.06", to = { ["1.06.04"] = -1, ["1.06.05"] = 2 }, amount = 1 })
  fails("argument", "year", function() s["1.06"].budget = 5 end)
  fails("argument", "field and year", function() s["1.06"] = 5 end)
  equal(#s:journal(), 0)
end

function tests.errors__of_columns()
  local s, plan = scenario()
  local a, b = s:select { level = "program" }, s:select { level = "kegiatan" }
  fails("argument", "different selections", function() return a.budget[2024] + b.budget[2024] end)
  fails("argument", nil, function() return a.budget[2024] & a.budget[2024] end)
  fails("argument", "where takes a mask", a.where, a, a.budget[2024])
  fails("wrong_level", nil, function() a.budget[2025] = a.budget[2024] end)
  fails("unknown_key", nil, a.budget[2024].at, a.budget[2024], "1.06")
  fails("argument", nil, function() return a.budget[2024] * "2" end)
  local other = check.plan()
  fails("argument", "another plan", s.get, s, other["1.06"], "budget", 2024)
  equal(plan.year, other.year)
end

function tests.errors__a_load_gives_nil_message_code_findings()
  local plan, message, code, findings = pagu.open "examples/no-such-plan"
  equal(plan, nil)
  equal(code, "not_found")
  check.is_true(#message > 0)
  equal(pagu.type(findings), "findings")
  local bad, _, bad_code, why = pagu.read_json('{"pagu":{"year":2024}}', "x.json")
  equal(bad, nil)
  check.is_true(bad_code == "package" or bad_code == "syntax")
  equal(pagu.type(why), "findings")
end

function tests.errors__follow_the_language()
  local s = scenario()
  pagu.lang "id"
  fails("fraction", "bulatkan", s.set, s, "1.06.06.2.01.01", "budget", 2024, 0.5)
  fails("argument", "tidak punya opsi", s.cut, s, { persen = 1 })
  fails("argument", "tidak punya opsi", s.spread, s, { persen = 1 })
  pagu.lang "en"
end

check.run()
