-- Goal seek: an edit that brings about a value, or the interval that can be reached.
local check = require "check"
local pagu = require "pagu"
local tests, equal, fails, is_true = check.tests, check.equal, check.fails, check.is_true

local function scenario()
  local plan = check.plan()
  return plan:branch "uji", plan
end

function tests.solve__a_total_by_one_program_is_one_step()
  local s = scenario()
  local before = s:hash()
  local r = s:solve { want = { key = "/", value = pagu.miliar(6) }, by = "1.06.01", reason = "batas baru" }
  equal(r.status, "found")
  equal(r.x, 3189666035)
  equal(r.value, 6000000000)
  equal(s:get "/", 6000000000)
  equal(s:get "1.06.01", r.x)
  equal(#s:journal(), 1)
  equal(s:journal()[1].verb, "solve")
  s:undo()
  equal(s:hash(), before)
end

function tests.solve__dry_changes_nothing_and_tells_what_it_would()
  local s = scenario()
  local before = s:hash()
  local r = s:solve { want = { key = "/", value = pagu.miliar(6) }, by = "1.06.01", dry = true }
  equal(s:hash(), before)
  equal(#s:journal(), 0)
  is_true(#r.changes:rows() > 5)
end

function tests.solve__one_factor_under_holds()
  local s = scenario()
  s:hold "1.06.01.2.02"
  local r = s:solve {
    want = { key = "/", value = pagu.miliar(6) }, by = { at = "1.06.01", change = "percent" }, unit = 0.001, lo = -100, hi = 0,
  }
  equal(s:get "1.06.01.2.02", 3435721000)
  equal(r.status, "unreachable") -- the free lines have less than is to go
  equal(s:get "/", 6736773965)
  r = s:solve { want = { key = "/", value = pagu.miliar(6.5) }, by = { at = "1.06.01", change = "percent" }, unit = 0.001, lo = -100, hi = 0 }
  equal(r.status, "nearest")
  equal(s:get("/"), r.value)
  is_true(math.abs(r.value - 6500000000) <= 19633) -- half a thousandth of a percent of the place
  equal(s:get "1.06.01.2.02", 3435721000)
end

function tests.solve__a_floor_is_a_bound_and_is_named()
  local s = scenario()
  s:floor { at = "1.06.04", amount = 100000000, name = "lantai" }
  local before = s:hash()
  local r = s:solve { want = { key = "/", value = 1000 }, by = "1.06.04" }
  equal(r.status, "unreachable")
  equal(r.x, 100000000)
  equal(r.least, s:get "/" - s:get "1.06.04" + 100000000)
  equal(r.first_allowed, 100000000)
  equal(r.bound, 99999999)
  is_true(r.refusal:find("lantai", 1, true))
  is_true(tostring(r):find("lantai", 1, true))
  equal(s:hash(), before)
end

function tests.solve__money_moves_until_a_goal_is_met()
  local s = scenario()
  local total = s:get "/"
  local r = s:solve { want = { key = "1.06.04", value = pagu.juta(120) }, by = { from = "1.06.04", to = "1.06.05" } }
  equal(r.status, "found")
  equal(s:get "1.06.04", 120000000)
  equal(s:get "/", total)
end

function tests.solve__a_target_that_costs_a_given_amount()
  local s = scenario()
  local before = s:get("1.06.04.2.01.01", "target")
  local r = s:solve {
    want = { key = "1.06.04.2.01.01", value = pagu.juta(100) },
    by = { at = "1.06.04.2.01.01", change = "target", cost = "unit_cost", from = "1.06.01.2.09.09" },
  }
  equal(r.status, "found")
  equal(s:get("1.06.04.2.01.01", "target"), r.x)
  equal(r.x, before * 2)
end

function tests.solve__any_function_of_the_scenario_and_any_change()
  local s = scenario()
  local r = s:solve {
    want = { metric = function(v) return v:get "1.06.05" * 3 end, value = pagu.juta(300) },
    by = function(on, x) on:set("1.06.05", "budget", 2024, x) end, lo = 0, hi = pagu.miliar(1),
  }
  equal(r.status, "found")
  equal(s:get "1.06.05", 100000000)
  is_true(#r.changes:rows() > 0)
end

function tests.solve__a_rate_is_reached_by_a_target()
  local s = scenario()
  local r = s:solve {
    want = { metric = function(v) return v:get "1.06.05" / v:get "/" * 100 end, value = 5 }, by = "1.06.05", tolerance = 0.00001,
  }
  equal(r.status, "found")
  is_true(math.abs(s:get "1.06.05" / s:get "/" * 100 - 5) <= 0.00001)
end

function tests.solve__the_nearest_can_be_declined()
  local s = scenario()
  local want = { metric = function(v) return v:get "1.06.05" * 7 end, value = 1000 }
  local r = s:solve { want = want, by = "1.06.05", nearest = false }
  equal(r.status, "nearest")
  equal(r.x, 143)
  equal(#s:journal(), 0)
end

function tests.solve__an_error_of_the_script_is_no_refusal()
  local s = scenario()
  fails("unknown_key", nil, s.solve, s, { want = { key = "9.99", value = 1 }, by = "1.06.05" })
  local ok, err = pcall(s.solve, s, { want = { metric = function() error("boo", 0) end, value = 1 }, by = "1.06.05" })
  equal(ok, false)
  is_true(tostring(err):find("boo", 1, true))
  equal(#s:journal(), 0)
end

function tests.solve__says_what_is_wrong_with_the_question()
  local s = scenario()
  local want = { key = "/", value = 1 }
  fails("argument", "solve: option \"want\" is missing", s.solve, s, { by = "/" })
  fails("argument", "solve: option \"by\" is missing", s.solve, s, { want = want })
  fails("argument", "solve: want is { key =", s.solve, s, { want = 5, by = "/" })
  fails("argument", "solve: want is { key =", s.solve, s, { want = { key = "/" }, by = "/" })
  fails("argument", "solve: by is a place", s.solve, s, { want = want, by = { change = "total" } })
  fails("argument", "there are total, delta, percent, amount, target", s.solve, s, { want = want, by = { at = "/", change = "x" } })
  fails("argument", "\"lo\" is missing", s.solve, s, { want = want, by = function() end })
  fails("argument", "unit must be above 0", s.solve, s, { want = want, by = "/", unit = 0 })
  fails("argument", "unit must be above 0", s.solve, s, { want = want, by = "/", unit = 1 / 3 })
  fails("argument", "no multiple of 1000 lies between 1 and 999", s.solve, s, { want = want, by = "/", unit = 1000, lo = 1, hi = 999 })
  fails("argument", "solve has no option \"wnat\"", s.solve, s, { wnat = 1 })
end

function tests.solve__works_inside_a_step_and_on_a_branch()
  local s = scenario()
  s:atomic(function(on)
    on:set("1.06.06", "budget", 2024, 10)
    equal(on:solve({ want = { key = "/", value = pagu.miliar(6) }, by = "1.06.01" }).status, "found")
  end)
  equal(#s:journal(), 1)
  equal(s:get "/", 6000000000)
  local b = s:branch "cabang"
  equal(b:solve({ want = { key = "/", value = pagu.miliar(5) }, by = "1.06.01" }).status, "found")
  equal(s:get "/", 6000000000)
end

-- ---- optimise ----

function tests.optimise__the_best_allocation_for_a_ceiling_is_one_step()
  local s = scenario()
  local before = s:hash()
  s:hold "1.06.01.2.02"
  s:floor { at = "1.06.04", amount = 100000000, name = "lantai" }
  local options = { total = pagu.miliar(5), maximise = { ["1.06.01"] = 1, ["1.06.04"] = 2, ["1.06.05"] = 3.5 }, dry = true }
  local r = s:optimise(options)
  equal(#s:journal(), 2)
  options.dry = nil
  r = s:optimise(options)
  equal(r.status, "optimal")
  equal(r.gap, 0)
  -- all of the three programs fits below the ceiling, so that each gains what it has
  equal(r.gain, s:get "1.06.01" + 2 * s:get "1.06.04" + s:get "1.06.05" * 7 / 2)
  equal(s:get "/", 5000000000)
  equal(s:get "1.06.01.2.02", 3435721000)
  equal(#s:journal(), 3)
  equal(s:journal()[3].verb, "optimise")
  s:undo() s:undo() s:undo()
  equal(s:hash(), before)
end

function tests.optimise__the_order_of_options_and_constraints_does_not_matter()
  local maximise = {}
  local results = {}
  for round = 1, 2 do
    local s = scenario()
    local rules = { { at = "1.06.04", amount = 100000000, name = "a" }, { at = "1.06.05", amount = 50000000, name = "b" } }
    s:floor(rules[round])
    s:floor(rules[3 - round])
    local subject_to = {
      { name = "x", at = "2.13.05", max = 700000000 }, { name = "y", at = { "1.06.01", "1.06.06" }, max = 3000000000 },
    }
    if round == 2 then subject_to[1], subject_to[2] = subject_to[2], subject_to[1] end
    s:optimise { total = pagu.miliar(4), maximise = { ["2.13.05"] = 2, ["1.06"] = 1 }, subject_to = subject_to, prices = false }
    results[round] = s:set({}) == nil and s:get "2.13.05" .. " " .. s:get "1.06.01" .. " " .. s:get "1.06.04"
  end
  equal(results[1], results[2])
end

function tests.optimise__target_units_weigh_what_money_buys()
  local s = scenario()
  local a, b = s:node "1.06.04.2.01.01", s:node "1.06.04.2.01.02"
  local per_a, per_b = a.target[2024] / a.budget[2024], b.target[2024] / b.budget[2024]
  local r = s:optimise {
    at = { a, b }, total = a.budget[2024], maximise = { targets = { [a.key] = 1, [b.key] = 1 } }, cap = function(n) return pagu.juta(50) end,
  }
  equal(r.status, "optimal")
  local best = per_a > per_b and a or b
  equal(best.budget[2024], 50000000)
  is_true(math.abs(r.gain - 50000000 * math.max(per_a, per_b)) < 0.001)
end

function tests.optimise__lumps_and_packages_come_whole()
  local s = scenario()
  s:optimise { at = "1.06.06.2.01.01", maximise = { ["/"] = 1 }, lumpy = { ["1.06.06.2.01.01"] = 7000000 } }
  equal(s:get "1.06.06.2.01.01", 49000000)
  local r = s:optimise {
    at = { "1.06.06.2.01.01", "1.06.05.2.02.03" }, total = 100000000,
    packages = {
      { at = "1.06.06.2.01.01", cost = 30000000, gain = 10, max = 5 }, { at = "1.06.05.2.02.03", cost = 40000000, gain = 14, max = 1 },
    },
  }
  equal(r.gain, 34)
  equal(s:get "1.06.06.2.01.01", 60000000)
  equal(s:get "1.06.05.2.02.03", 40000000)
  equal(r.changes:rows()[2].count, 2)
end

function tests.optimise__a_gap_is_never_more_than_was_allowed()
  local packages, at = {}, "2.13.05.2.01.04"
  for i = 1, 30 do
    packages[i] = { at = at, cost = 1000003 * (i * 37 % 29 + 5), gain = i * 37 % 29 + 5 + i % 3, max = 2 }
  end
  local s = scenario()
  local call = { at = at, total = 301234567, packages = packages, dry = true }
  local best = s:optimise(call)
  equal(best.status .. best.gap, "optimal0")
  call.gap = 0.05
  local r = s:optimise(call)
  is_true(r.gain <= best.gain and best.gain <= r.bound and r.gap <= 0.05 * r.bound + 1e-6)
  is_true(r.status == "feasible" or r.gain == best.gain)
end

function tests.optimise__margins_by_class_of_a_tag()
  local s = scenario()
  local r = s:optimise {
    total = pagu.miliar(6), maximise = { ["/"] = 1 }, margins = { fund = { APBD = { max = pagu.juta(500), name = "dana" } } }, unit = 1000,
  }
  local sum = 0
  for node in s:lines({ tag = { fund = "APBD" } }):each() do sum = sum + (s:get(node) or 0) end
  is_true(sum > 0 and sum <= 500000000)
  equal(s:get "/", r.gain)
  fails("unknown_tag", nil, s.optimise, s, { maximise = { ["/"] = 1 }, margins = { nowhere = { APBD = 5 } } })
  fails("argument", "margins is", s.optimise, s, { maximise = { ["/"] = 1 }, margins = 5 })
end

function tests.optimise__shadow_prices_hold_as_far_as_they_say()
  local s = scenario()
  local options = {
    total = pagu.miliar(5), maximise = { ["1.06"] = 2, ["2.13"] = 1 }, subject_to = { { name = "kecil", at = "1.06.04", max = 50000000 } }, dry = true,
  }
  local r = s:optimise(options)
  local by_rule = {}
  for row in r.prices:each() do by_rule[row.rule] = row end
  local total = by_rule["the total"]
  equal(total.price, 1)
  equal(by_rule.kecil.price, 1) -- 2 there instead of 1 elsewhere
  options.total = options.total + total.range
  equal(s:optimise(options).gain, r.gain + total.range)
  options.total = pagu.miliar(5)
  options.subject_to[1].max = 50000000 + by_rule.kecil.range
  equal(s:optimise(options).gain, r.gain + by_rule.kecil.range)
end

function tests.optimise__a_conflict_is_told_rule_by_rule_and_relaxing_one_ends_it()
  local s = scenario()
  s:hold { at = "1.06.01.2.02", reason = "gaji" }
  s:floor { at = "2.13.05", amount = pagu.miliar(1), name = "desa", law = "Perwali 5" }
  s:floor { at = "1.06.06", amount = 1000, name = "sisa" }
  local options = { total = pagu.miliar(4), maximise = { ["/"] = 1 } }
  local before = s:hash()
  local err = fails("unreachable", "\"gaji\" (435,722,000)", s.optimise, s, options)
  equal(s:hash(), before)
  local rows = err.conflict:rows()
  equal(#rows, 3)
  equal(rows[1].rule .. "/" .. rows[2].rule .. "/" .. rows[3].rule, "gaji/desa/the total")
  equal(rows[2].law, "Perwali 5")
  equal(rows[1].relax, 435722000)
  options.total = options.total + rows[3].relax - 1
  fails("unreachable", nil, s.optimise, s, options)
  options.total = options.total + 1
  equal(s:optimise(options).status, "optimal")
end

function tests.optimise__a_share_of_the_total_is_kept_to_the_rupiah()
  local s = scenario()
  s:rule { at = "1.06.04", share_of = "/", min = 2.5, name = "layanan" }
  s:rule { at = "1.06.05", ratio_of = "1.06.06", min = 2, name = "dua kali" }
  local r = s:optimise { total = pagu.miliar(5) + 1, maximise = { ["1.06.01"] = 1, ["2.13.05"] = 1, ["1.06.06"] = 4 } }
  equal(s:get "/", pagu.miliar(5) + 1)
  equal(s:get "1.06.04", 125000001) -- 2.5% of 5,000,000,001, rounded up
  equal(s:get "1.06.06", 50000000)
  equal(s:get "1.06.05", 100000000)
  is_true(s:slack "layanan" >= 0 and s:slack "dua kali" >= 0)
  equal(r.status, "optimal")
end

function tests.optimise__a_predicate_judges_what_would_be_committed()
  local s = scenario()
  s:rule { name = "tidak boleh bulat", check = function(v) return v:get "/" % 10 ~= 0, "bulat" end }
  local before = s:hash()
  fails("rule", "bulat", s.optimise, s, { total = pagu.miliar(5), maximise = { ["/"] = 1 } })
  equal(s:hash(), before)
  s:optimise { total = pagu.miliar(5) + 1, maximise = { ["/"] = 1 } }
  equal(s:get "/", 5000000001)
end

function tests.optimise__a_rule_that_only_warns_does_not_bind()
  local s = scenario()
  s:floor { at = "1.06.05", amount = pagu.miliar(9), name = "bawah", severity = "warn" }
  equal(s:optimise({ total = pagu.miliar(5), maximise = { ["/"] = 1 } }).gain, 5000000000)
end

function tests.searches__are_decisions_that_can_be_run_again()
  local s, plan = scenario()
  s:solve { want = { key = "/", value = pagu.miliar(6) }, by = "1.06.01" }
  s:optimise {
    total = pagu.miliar(5), maximise = { ["1.06"] = 2, ["2.13"] = 1 }, subject_to = { { name = "x", at = "1.06.05", max = 90000000 } },
    packages = { { at = "1.06.06.2.01.01", cost = 7000000, gain = 9, max = 3 } },
  }
  s:solve { want = { metric = function(v) return v:get "/" end, value = pagu.miliar(4) }, by = function(on, x) on:scale { at = "/", by = x / 100 } end, lo = 1, hi = 100 }
  local again, conflicts = s:replay(plan, { mode = "decisions" })
  equal(#conflicts, 0)
  equal(again:hash(), s:hash())
  local need = s:replay(plan:stage "need", { mode = "decisions" })
  is_true(need:get "/" <= pagu.miliar(4))
end

function tests.optimise__says_what_is_wrong_with_the_question()
  local s = scenario()
  fails("argument", "maximise, packages", s.optimise, s, { total = 5 })
  fails("argument", "optimise has no option \"totl\"", s.optimise, s, { totl = 5, maximise = { ["/"] = 1 } })
  fails("argument", "maximise is {", s.optimise, s, { maximise = 5 })
  fails("argument", "maximise is {", s.optimise, s, { maximise = { ["/"] = "x" } })
  fails("argument", "has no positive number as target", s.optimise, s, { maximise = { targets = { ["/"] = 1 } } })
  fails("unknown_key", nil, s.optimise, s, { maximise = { ["9.99"] = 1 } })
  fails("argument", "needs min or max", s.optimise, s, { maximise = { ["/"] = 1 }, subject_to = { { name = "x", at = "/" } } })
  fails("argument", "at, coefficients, targets", s.optimise, s, { maximise = { ["/"] = 1 }, subject_to = { { name = "x", min = 1 } } })
  fails("argument", "option \"gain\" is missing", s.optimise, s, { packages = { { at = "1.06.06.2.01.01", cost = 5 } } })
  fails("argument", "is no line of the place", s.optimise, s, { at = "1.06.05", packages = { { at = "1.06.06.2.01.01", cost = 5, gain = 1 } } })
  fails("argument", "counts from 0 up", s.optimise, s, { packages = { { at = "1.06.06.2.01.01", cost = 5, gain = 1, min = 3, max = 2 } } })
  fails("argument", "time limit above 0", s.optimise, s, { maximise = { ["/"] = 1 }, seconds = 0 })
  fails("argument", "a gap from 0 to below 1", s.optimise, s, { maximise = { ["/"] = 1 }, gap = 1 })
end

function tests.what_is_found__is_a_report()
  local s, plan = scenario()
  local before = s:hash()
  local found = s:solve { want = { key = "/", value = pagu.miliar(6) }, by = "1.06.01", dry = true }
  local best = s:optimise { total = pagu.miliar(5), unit = 1000, maximise = { ["1.06"] = 1 }, dry = true }
  equal(s:hash(), before)
  s:cut { at = "1.06.01", percent = 5 }
  local parts = pagu.attribute(plan, s, "/")
  for what, r in pairs { [3189666035] = found, [4999999965] = best, [-196322000] = parts } do
    is_true(pagu.report(r, s, { format = "html" }):find(pagu.format(what), 1, true), what)
    is_true(#pagu.report(r, s, { format = "xlsx" }) > 1000)
  end
end

check.run()
