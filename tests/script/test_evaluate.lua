-- Evaluation as scripts see it: derived fields, v:evaluate, and what they say when there is no number.
local check = require "check"
local tests, equal = check.tests, check.equal

local plan = check.plan()

function tests.derived_fields_are_read_like_any_other()
  equal(plan:get("1.06.01", "rate", 2022), 95.8)
  equal(plan["1.06.01"].rate[2022], 95.8)
  equal(plan:indicator "1.06.01#1".rate[2022], 95.8)
  equal(plan:select "1.06.01".rate[2022]:at "1.06.01", 95.8)
  equal(plan:get("1.06.01#1", "strategic_target"), 100)
  equal(table.concat({ plan:get("1.06.01.2.09", "cumulative", 2023) }, " ", 1, 2), "149 Unit")
end

function tests.a_cell_without_a_number_says_why()
  local value, unit, reason = plan:get("1.06.01.2.02.01", "cumulative", 2023)
  equal(value, nil)
  equal(unit, nil)
  equal(reason, "unit clash")
  equal(select(3, plan:get("2.13.05.2.01.04", "strategic_rate", 2023)), "not one number")
  equal(select(2, plan:get("1.06.01.2.07.06", "rate", 2022)), "-")
end

function tests.a_derived_field_cant_be_set()
  local s = plan:branch "x"
  local ok, err = pcall(function() s["1.06.01"].rate[2022] = 100 end)
  equal(ok, false)
  equal(err.code, "unknown_field")
  s:close()
end

function tests.evaluation_follows_the_edits_of_a_scenario()
  local s = plan:branch "target"
  equal(s:get("1.06.01.2.09.01", "rate", 2022), 87.5)
  s:set("1.06.01.2.09.01", "target", 2022, 14)
  equal(s:get("1.06.01.2.09.01", "rate", 2022), 50)
  equal(s:get("1.06.01.2.09", "achievement", 2022), 250 / 3) -- 50, 100 and 100
  equal(s:evaluate{ at = { "1.06.01.2.09" } }[1].achievement, 250 / 3)
  equal(s:select "1.06.01.2.09".achievement[2022]:at "1.06.01.2.09", 250 / 3)
  equal(plan:get("1.06.01.2.09.01", "rate", 2022), 87.5)
  s:undo()
  equal(s:get("1.06.01.2.09.01", "rate", 2022), 87.5)
  s:close()
end

function tests.a_value_set_in_the_indicators_unit_clashes_with_one_in_another()
  local s = plan:branch "unit" -- the indicator counts documents, its values of 2022 are persons
  equal(s:get("1.06.01.2.02.02", "rate", 2022), 80)
  s:set("1.06.01.2.02.02", "target", 2022, 16)
  equal(select(3, s:get("1.06.01.2.02.02", "rate", 2022)), "unit clash")
  s:close()
end

function tests.evaluate_says_what_lifts_a_rating()
  local t = plan:evaluate{ at = "1.06.01.2.09.01", year = 2022 }
  equal(#t, 1)
  equal(t[1].rating, "tinggi")
  equal(t[1].next, "sangat tinggi")
  equal(t[1].needs, 8) -- 7,28 of 8 units, and units are whole
  local s = plan:branch "lift"
  s:set("1.06.01.2.09.01", "achieved", 2022, 8)
  equal(s:get("1.06.01.2.09.01", "rating", 2022), "sangat tinggi")
  s:close()
end

function tests.evaluate_takes_rules_for_one_call()
  local function rating(options)
    options.at = "1.06.01"
    return plan:evaluate(options)[1].rating
  end
  equal(rating{ year = 2022 }, "sangat tinggi")
  equal(rating{ year = 2022, scale = "lkjip" }, "memuaskan")
  equal(rating{ year = 2022, scale = "permenpanrb-8-2021" }, "baik")
  equal(plan:evaluate{ at = "1.06.01.2.09", year = 2022, cap = 100 }[1].accumulated_rate, 100)
  equal(plan:evaluate{ at = "1.06.01.2.09", year = 2022, cap = "none" }[1].accumulated_rate > 100, true)
end

function tests.evaluate_defaults_to_the_year_before_last_and_the_whole_plan()
  local t = plan:evaluate()
  equal(t[1].key, "/")
  equal(t[1].absorption == plan["/"].absorption[2022], true)
  for row in t:each() do equal(row.key:find("#", 1, true), nil) end
end

function tests.evaluate_names_what_is_wrong_with_its_options()
  local function fault(options)
    local ok, err = pcall(plan.evaluate, plan, options)
    equal(ok, false)
    return err.code
  end
  equal(fault{ cap = 50 }, "argument")
  equal(fault{ cap = "high" }, "argument")
  equal(fault{ lower = "both" }, "argument")
  equal(fault{ scale = "nilai" }, "not_found")
  equal(fault{ year = 2050 }, "out_of_frame")
  equal(fault{ period = "..2021" }, "argument")
  equal(fault{ at = "9.99" }, "unknown_key")
end

function tests.explain_shows_the_formula_and_its_operands()
  local rows = plan:explain("1.06.01", "strategic_rate", 2023):rows()
  local names = {}
  for i, row in ipairs(rows) do names[i] = row.depth .. " " .. row.name end
  equal(table.concat(names, ", "),
    "0 strategic_rate 2023, 1 cumulative 2023, 2 achieved ..2021, 2 achieved 2022, 2 target 2023, "
      .. "1 strategic_target 2023, 2 target ..2024")
end

check.run()
