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

check.run()
