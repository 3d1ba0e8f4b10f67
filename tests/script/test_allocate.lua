-- Spreads between margins, fits by harm, what targets cost.
local check = require "check"
local pagu = require "pagu"
local tests, equal, fails = check.tests, check.equal, check.fails

local function scenario()
  local plan = check.plan()
  return plan:branch "uji", plan
end

-- Two programs and two units that share one of them.
local function two_units()
  local s, plan = scenario()
  s:add { under = "1.06.02.2.03", name = "Pendampingan", budget = pagu.juta(40), tag = { unit = "DinsosPM/umum" } }
  return s, plan
end

local function by_unit(s, at, unit)
  return (s:select { under = at }:lines() & s:select { tag = { unit = unit } }).budget[s.year]:sum()
end

local function margins(umum, dayasos)
  return {
    rows = { ["1.06.01"] = pagu.juta(3900), ["1.06.02"] = pagu.juta(150) },
    columns = { tree = "unit", totals = { ["DinsosPM/umum"] = pagu.juta(umum), ["DinsosPM/dayasos"] = pagu.juta(dayasos) } },
    unit = 1000, reason = "pagu per bidang",
  }
end

function tests.margins__both_are_met_in_one_step_that_undo_takes_back()
  local s = two_units()
  local before, steps, options = s:hash(), #s:journal(), margins(3970, 80)
  options.dry = true
  check.is_true(#s:spread(options) > 10)
  equal(s:hash(), before, "dry")
  options.dry = nil
  local t = s:spread(options)
  equal(s:get "1.06.01", 3900000000)
  equal(s:get "1.06.02", 150000000)
  equal(by_unit(s, "1.06.02", "DinsosPM/dayasos"), 80000000)
  equal(by_unit(s, "1.06.02", "DinsosPM/umum"), 70000000)
  for row in t:each() do equal(row.new % 1000, 0, row.key) end
  equal(#s:journal(), steps + 1)
  equal(s:journal()[steps + 1].verb, "spread")
  s:undo()
  equal(s:hash(), before)
end

function tests.margins__may_keep_what_they_have()
  local s = two_units()
  local total, programs = s:get "/", s:get "1.06.02"
  s:spread { rows = { level = "program" }, columns = { tree = "unit" }, basis = "equal" }
  equal(s:get "/", total)
  equal(s:get "1.06.02", programs)
  equal(by_unit(s, "1.06.02", "DinsosPM/umum"), 40000000)
  local a, b = s:get "1.06.01.2.02", s:get "1.06.02"
  s:spread { rows = { ["1.06.01.2.02"] = a + 5, ["1.06.02"] = b - 5 }, columns = { tree = "unit" } }
  equal(s:get "1.06.01.2.02", a + 5)
  equal(by_unit(s, "1.06.02", "DinsosPM/umum"), 40000000 - 5)
end

function tests.margins__rows_by_tree_take_the_whole_plan_or_the_place()
  local s = two_units()
  local one, other = margins(3970, 80), margins(3970, 80)
  one.rows, one.columns, one.at = one.columns, one.rows, { "1.06.01", "1.06.02" }
  s:spread(one)
  local hash = s:hash()
  s:undo()
  s:spread(other)
  equal(s:get "1.06.02", 150000000)
  equal(by_unit(s, "1.06.02", "DinsosPM/dayasos"), 80000000)
  check.is_true(#hash == 64)
end

function tests.margins__what_cant_be_met_is_named_with_the_gap()
  local s = two_units()
  local before = s:hash()
  fails("unreachable", "rows 1.06.01 are to come to 3,900,000,000, but columns and bounds allow 3,890,000,000: 10,000,000 short",
    s.spread, s, margins(3890, 160))
  fails("argument", "those of columns 4,040,000,000; they must agree: change them by 10,000,000", s.spread, s, margins(3970, 70))
  pagu.lang "id"
  local _, err = pcall(s.spread, s, margins(3970, 70))
  pagu.lang "en"
  check.is_true(tostring(err):find("ubah sebesar 10.000.000", 1, true), tostring(err))
  equal(s:hash(), before)
end

function tests.margins__are_refused_when_they_are_none()
  local s = two_units()
  fails("argument", "rows are {", s.spread, s, { columns = { tree = "unit" }, rows = 5 })
  fails("argument", "columns are {", s.spread, s, { rows = { level = "program" } })
  fails("unknown_tag", "has no class \"X\"", s.spread, s, { rows = { level = "program" }, columns = { tree = "unit", totals = { X = 1 } } })
  fails("argument", "totals are {", s.spread, s, { rows = { level = "program" }, columns = { tree = "unit", totals = 5 } })
  fails("unknown_level", nil, s.spread, s, { rows = { level = "x" }, columns = { tree = "unit" } })
end

function tests.residue__goes_to_the_largest_the_smallest_or_a_line()
  local s = scenario()
  local function left(residue)
    local t = s:spread { at = "1.06.04", total = 199999999, unit = 1000000, residue = residue, dry = true }
    local found
    for row in t:each() do
      if row.residue then
        equal(found, nil, "one line alone")
        found = row
      end
      if row.residue == nil then equal(row.new % 1000000, 0) end
    end
    return found
  end
  local largest, smallest = left "largest", left "smallest"
  check.is_true(s:get(largest.key) > s:get(smallest.key))
  equal(left(smallest.key).new, smallest.new)
  local units = 0
  for row in s:spread { at = "1.06.04", total = 199999999, unit = 1000000, dry = true }:each() do
    if row.residue then units = units + 1 end
  end
  check.is_true(units > 1, "largest remainders: several lines, a unit each")
end

function tests.least_harm__gives_up_the_dearest_units_first()
  local s, plan = scenario()
  s:fit { at = "1.06.04", total = plan:get "1.06.04" - 1000000, method = "least_harm" }
  local rate, worst = math.huge, nil
  for node in plan:select { under = "1.06.04" }:lines():each() do
    local target, budget = node.target[2024], node.budget[2024]
    if math.type(target) and budget and budget > 0 and target / budget < rate then
      rate, worst = target / budget, node.key
    end
  end
  equal(s:get(worst), plan:get(worst) - 1000000)
  equal(s:journal()[1].verb, "fit")
  s:undo()
  local t = s:fit { at = "1.06.04", total = plan:get "1.06.04" - 1000000, method = "least_harm", dry = true }
  equal(#s:journal(), 0)
  equal(t:cell(1, "key"), worst)
  check.is_true(math.abs(t:cell(1, "target_change") + 1000000 * rate) < 1e-9)
end

function tests.least_harm__refuses_what_it_does_not_know()
  local s = scenario()
  fails("argument", "order", s.fit, s, { total = 1, method = "least_harm", order = { "1.06" } })
  fails("argument", "weights are {", s.fit, s, { total = 1, method = "least_harm", weights = 3 })
  fails("argument", "the weight of 1.06 is below 0", s.fit, s, { total = 1, method = "least_harm", weights = { ["1.06"] = -1 } })
  s:hold "1.06.04"
  fails("held", "every line of 1.06.04 is held", s.fit, s, { at = "1.06.04", total = 1, method = "least_harm" })
end

-- ---- targets and cost ----

local meals = "1.06.04.2.01.01" -- 200 people for 50 million

function tests.cost__a_step_is_paid_for_every_group_begun()
  local s = scenario()
  local building = { method = "step", every = 50, price = pagu.juta(20) }
  for target, budget in pairs { [200] = 50, [201] = 70, [250] = 70, [260] = 90, [150] = 30, [101] = 30 } do
    s:target { at = meals, value = target, cost = building }
    equal(s:get(meals), pagu.juta(budget), target)
    s:undo()
  end
  s:target { at = meals, value = 260, cost = { method = "step", steps = { [0] = 0, [201] = 7, [251] = 9 } } }
  equal(s:get(meals), 50000009)
end

function tests.cost__elasticity_is_percent_for_percent()
  local s = scenario()
  s:target { at = meals, value = 220, cost = { method = "elasticity", e = 0.8 } }
  equal(s:get(meals), 54000000, "10 % more people, 8 % more money")
  s:undo()
  s:target { at = meals, value = 220, cost = { method = "elasticity", e = 0 } }
  equal(s:get(meals), 50000000)
end

function tests.cost__may_be_told_by_place()
  local s = scenario()
  s:target { at = meals, value = 220, cost = { ["1.06"] = "keep", ["1.06.04"] = "unit_cost" } }
  equal(s:get(meals), 55000000)
  s:undo()
  s:target { at = meals, value = 220, cost = { ["1.06.05"] = "unit_cost" } }
  equal(s:get(meals), 50000000)
end

function tests.cost__models_that_are_none_are_refused()
  local s = scenario()
  local function cost(c, code, words) fails(code, words, s.target, s, { at = meals, value = 220, cost = c }) end
  cost("harga", "argument", "method \"harga\" is not available; there are \"keep\", \"unit_cost\", an amount a unit, { method = \"step\" }, { method = \"elasticity\" }, a function")
  cost({ method = "log" }, "argument", "log")
  cost({ method = "step" }, "argument", "\"step\" takes every and price above 0")
  cost({ method = "step", every = 50, price = -1 }, "argument", "\"step\" takes")
  cost({ method = "step", steps = { [0] = 5, [10] = 3 } }, "argument", "that rise")
  cost({ method = "step", steps = { [0] = 0.5 } }, "fraction", "whole amount")
  cost({ method = "elasticity" }, "argument", "\"elasticity\" takes e, a number of 0 or more")
  equal(#s:journal(), 0)
end

local function proposed(s, options)
  local _, proposals, left = s:cut(options)
  local by_key = {}
  for row in proposals:each() do by_key[row.key] = row.proposed end
  return by_key, left, proposals
end

function tests.cut__targets_follow_by_their_cost_and_the_rest_is_listed_with_why()
  local s = scenario()
  local got, left, proposals = proposed(s, { at = "1.06.04", percent = 10, targets = "propose", dry = true })
  equal(got[meals], 180)
  equal(got["1.06.04.2.01.04"], 22, "22.5 rounded down")
  equal(left[1].why, "a percentage does not follow money; judge it yourself")
  equal(left[2].key, "1.06.04.2.01")
  equal(left[2].why, "it follows from the targets below")
  check.is_true(proposals:markdown():find("rounded down", 1, true))
  equal(#s:journal(), 0)
  got = proposed(s, { at = "1.06.04", percent = 10, targets = "propose", cost = {
    ["/"] = "unit_cost", [meals] = { method = "step", every = 50, price = pagu.juta(3) },
    ["1.06.04.2.01.03"] = { method = "elasticity", e = 2 }, ["1.06.04.2.01.05"] = "keep",
    ["1.06.04.2.01.04"] = function(_, _, value) return value * 1100000 end,
  } })
  equal(got[meals], 100, "two steps less free 5 million")
  equal(got["1.06.04.2.01.03"], 47)
  equal(got["1.06.04.2.01.05"], nil)
  equal(got["1.06.04.2.01.04"], s:get "1.06.04.2.01.04" // 1100000)
  equal(s:get(meals, "target", 2024), 200, "only proposed")
  equal(#s:journal(), 1)
end

function tests.cut__text_and_zero_targets_are_left_alone()
  local s = scenario()
  local _, left = proposed(s, { at = { "2.13.04", "1.06.01.2.01" }, percent = 10, targets = "propose" })
  equal(left[1].why, "the target is text")
  s:set(meals, "target", 2024, nil)
  _, left = proposed(s, { at = meals, percent = 10, targets = "propose" })
  equal(left[1].why, "there is no target")
  s:set(meals, "target", 2024, 0)
  _, left = proposed(s, { at = meals, percent = 10, targets = "propose" })
  equal(left[1].why, "the target is 0 or less")
end

function tests.cut__without_a_target_change_is_flagged()
  local s = scenario()
  local flag = "no target has changed"
  check.is_true(s:cut { at = meals, percent = 1 }:markdown():find(flag, 1, true))
  check.is_true(not s:cut { at = meals, percent = 1, targets = "keep" }:markdown():find(flag, 1, true))
  fails("argument", "cost is for targets", s.cut, s, { at = meals, percent = 1, cost = "unit_cost" })
end

function tests.fit__proposes_targets_by_any_method()
  local s, plan = scenario()
  local total = plan:get "1.06.04" - 10000000
  for _, method in ipairs { "proportional", "least_harm", "priority" } do
    local order = method == "priority" and { "1.06.04.2.02" } or nil
    local done, proposals, left = s:fit { at = "1.06.04", total = total, method = method, order = order, targets = "propose", dry = true }
    check.is_true(#done > 0 and #proposals > 0 and #left > 0, method)
    equal(#s:journal(), 0, method)
  end
  s:fit { at = "1.06.04", total = total, targets = "propose" }
  equal(#s:journal(), 1)
  check.is_true(s:fit { at = "1.06.05", total = 1000 }:markdown():find("no target has changed", 1, true))
  fails("argument", "fit targets", s.fit, s, { total = 1, targets = "x" })
end

function tests.target__proposes_who_could_pay()
  local s = scenario()
  s:hold "1.06.01.2.02"
  s:ceiling { at = "1.06.04", amount = pagu.juta(200) }
  s:release(2)
  local before = s:hash()
  local done, sources = s:target { at = meals, value = 260, cost = "unit_cost", from = "propose" }
  equal(s:hash(), before, "nothing is changed")
  equal(done:cell(1, "budget_after"), 65000000)
  local last = math.huge
  for row in sources:each() do
    check.is_true(row.available <= last, "most first")
    check.is_true(row.key ~= meals and not row.key:find("1.06.01.2.02", 1, true))
    equal(row.enough, row.available >= 15000000 and "yes" or "no")
    last = row.available
  end
  s:transfer { from = sources[1].key, to = meals, amount = 15000000 }
  local freed, none = s:target { at = meals, value = 100, cost = "unit_cost", from = "propose" }
  equal(none, nil)
  check.is_true(freed:markdown():find("Money set free: 32,500,000", 1, true))
end

function tests.target__a_rule_in_the_way_of_a_payer_is_told()
  local s = scenario()
  s:floor { at = "2.13.05.2.01.09", amount = pagu.juta(1000), name = "PKK" }
  local _, sources = s:target { at = meals, value = 260, cost = "unit_cost", from = "propose" }
  local found
  for row in sources:each() do
    if row.key == "2.13.05.2.01.09" then found = row end
  end
  equal(found.enough, "no")
  check.is_true(found.why:find("PKK", 1, true), found.why)
end

function tests.decisions__run_again_give_the_same()
  local s, plan = two_units()
  s:spread(margins(3970, 80))
  s:fit { at = "1.06.04", total = pagu.juta(150), method = "least_harm", weights = { ["1.06.04.2.02"] = 2 }, targets = "propose",
    floor = function(node) return node.budget[2024] and node.budget[2024] // 2 end }
  s:cut { at = "1.06.05", percent = 10, targets = "propose", cost = { ["1.06.05"] = { method = "step", every = 50, price = 1000 } } }
  s:target { at = meals, value = 260, cost = { method = "step", every = 50, price = 1000000 }, from = "1.06.06" }
  s:target { at = meals, value = 270, cost = { method = "elasticity", e = 0.5 } }
  local again, conflicts = s:replay(plan, { mode = "decisions" })
  equal(again:hash(), s:hash())
  equal(#conflicts, 0)
end

function tests.rules__of_the_scenario_refuse_and_nothing_changes()
  local s = two_units()
  s:floor { at = "1.06.01.2.09", amount = s:get "1.06.01.2.09", name = "gedung" }
  local before, steps = s:hash(), #s:journal()
  fails("rule", "gedung", s.spread, s, margins(3970, 80))
  fails("rule", "gedung", s.fit, s, { at = "1.06.01", total = pagu.miliar(1), method = "least_harm" })
  equal(s:hash(), before)
  equal(#s:journal(), steps)
end

check.run()
