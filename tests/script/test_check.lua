-- v:check{…}: filters, fields of findings, and what is said of a scenario.
local check = require "check"
local pagu = require "pagu"
local tests, equal, fails = check.tests, check.equal, check.fails

function tests.findings_have_fields()
  local f = check.plan():check { rule = "footing" }[1]
  equal(f.rule, "footing")
  equal(f.severity, "warning")
  equal(f.file, "T7")
  equal(f.line, 30)
  equal(f.key, "1.06.04.2.01")
  equal(f.stage, "final")
  equal(f.period, "2024")
  equal(f.difference, "value")
  equal(#f.lines, 1)
  check.is_true(f.lines[1]:find("1.06.04.2.01.12", 1, true))
  equal(f.source_line, 837)
  equal(f.suppressed, nil)
end

function tests.severity_and_rule_filter()
  local plan = check.plan()
  local all, warnings = plan:check(), plan:check { severity = "warning" }
  equal(#warnings, all:count "warning")
  check.is_true(#warnings < #all)
  for f in plan:check { rule = "unit-drift" }:each() do equal(f.rule, "unit-drift") end
  equal(#plan:check { severity = "error" }, 0)
end

function tests.unknown_rules_and_options_are_refused()
  local plan = check.plan()
  fails("not_found", "footing", plan.check, plan, { rule = "footng" })
  fails("argument", "rules", plan.check, plan, { rules = "footing" })
  fails("argument", "severe", plan.check, plan, { severity = "severe" })
end

function tests.a_broken_ceiling_of_a_scenario_is_a_finding()
  local s = check.plan():branch "batas"
  local before = #s:check()
  s:ceiling { at = "1.06", amount = pagu.miliar(4), reason = "pagu indikatif", warn = true }
  local found = s:check { rule = "ceiling-broken" }
  equal(#found, 1)
  equal(found[1].key, "1.06")
  check.is_true(found[1].message:find("pagu indikatif", 1, true))
  equal(#s:check(), before + 1)
end

function tests.what_was_printed_is_compared_with_the_plan_as_loaded()
  local s = check.plan():branch "potong"
  local before = #s:check { rule = "printed-differs" } + #s:check { rule = "footing" }
  s:set("1.06.01.2.09.09", "budget", 2024, pagu.juta(1))
  equal(#s:check { rule = "printed-differs" } + #s:check { rule = "footing" }, before)
end

function tests.a_budget_without_target_follows_the_scenario()
  local s = check.plan():branch "tanpa target"
  local before = #s:check { rule = "budget-without-target" }
  s:set("1.06.04.2.01.01#1", "target", 2024, 0)
  equal(#s:check { rule = "budget-without-target" }, before + 1)
end

check.run()
