-- Views side by side: what changed, how much of it, and what it does to shares, ceilings and targets.
local check = require "check"
local pagu = require "pagu"
local tests, equal, is_true, fails = check.tests, check.equal, check.is_true, check.fails

local building, food = "1.06.01.2.09.09", "1.06.04.2.01.01"

local function edited()
  local plan = check.plan()
  local s = plan:branch "x"
  s:transfer { from = building, to = food, amount = 100000000 }
  s:set("1.06.05.2.02.01", "target", 2024, 9000)
  s:add { under = "1.06.04.2.01", name = "Baru", budget = 7 }
  s:remove { at = "1.06.06.2.01.01" }
  return plan, s
end

local function row_of(t, key)
  for row in t:each() do
    if row.key == key then return row end
  end
end

function tests.compare__added_and_removed_rows_say_so()
  local plan, s = edited()
  local t = pagu.compare(plan, s, { show = "change" })
  equal(row_of(t, "1.06.06.2.01.01").change, "removed")
  equal(row_of(t, "1.06.04.2.01.13").change, "added")
  equal(row_of(t, building).change, "changed")
  equal(row_of(pagu.compare(s, plan, { show = "change" }), "1.06.06.2.01.01").change, "added")
  equal(row_of(pagu.compare(plan, s, { show = "change", all = true }), "1.06.01.2.02.01").change, nil)
  pagu.lang "id"
  is_true(tostring(t):find "dihapus" and tostring(t):find "baru")
  is_true(t:csv():find "removed")
  pagu.lang "en"
end

function tests.compare__a_row_without_money_that_came_is_a_change()
  local plan = check.plan()
  local s = plan:branch "x"
  s:add { under = "1.06.04.2.01", name = "Baru" }
  local t = pagu.compare(plan, s, { show = "change" })
  equal(#t, 2)
  equal(t[1].change, "added")
  equal(t[1].delta2, nil)
end

function tests.compare__share_is_of_the_parent()
  local plan, s = edited()
  local row = row_of(pagu.compare(plan, s, { show = "share" }), building)
  equal(row.share1, 100 * plan:get(building) / plan:get "1.06.01.2.09")
  equal(row.share2, 100 * s:get(building) / s:get "1.06.01.2.09")
end

function tests.compare__slack_is_the_nearest_ceiling_on_the_way_up()
  local plan, s = edited()
  s:ceiling { at = "/", amount = s:get "/" + 500 }
  s:ceiling { at = "1.06.04", amount = s:get "1.06.04" + 90 }
  s:ceiling { at = "1.06.04", year = 2025, amount = 1 }
  s:floor { at = "1.06.04", amount = 1 }
  local t = pagu.compare(plan, s, { show = { "slack" } })
  equal(row_of(t, building).slack2, 500)
  equal(row_of(t, food).slack2, 90)
  equal(row_of(t, food).slack1, nil)
  equal(row_of(pagu.compare(s, s, { level = "program", all = true, show = "slack" }), "1.06.04").slack1, 90)
end

function tests.compare__targets_and_their_cost()
  local plan, s = edited()
  local t = pagu.compare(plan, s, { show = { "target", "unit_cost" } })
  local fakir, meal = row_of(t, "1.06.05.2.02.01"), row_of(t, food)
  equal(fakir.delta2, 0)
  equal(fakir.target_delta2, -1000)
  equal(meal.target_delta2, 0)
  equal(meal.unit_cost1, plan:get(food) // 200)
  equal(meal.unit_cost2, s:get(food) // 200)
  equal(row_of(pagu.compare(plan, s), "1.06.05.2.02.01"), nil) -- without targets it is equal
end

function tests.compare__cumulative_ends_at_all_of_the_change()
  local plan, s = edited()
  local last, rows = 0, pagu.compare(plan, s, { show = "cumulative" }):rows()
  for i = 1, #rows - 1 do
    is_true(rows[i].cumulative >= last)
    last = rows[i].cumulative
  end
  equal(math.floor(rows[1].cumulative * 1e4), 399999) -- 100 million of 250,000,007
  equal(last, 100)
end

function tests.compare__classes_of_a_tree_foot_to_the_plan()
  local plan, s = edited()
  local t = pagu.compare(plan, s, { by = "fund", all = true })
  local rows = t:rows()
  equal(rows[#rows].value2, s:get "/")
  local sum = 0
  for i = 1, #rows - 1 do sum = sum + (rows[i].value2 or 0) end
  equal(sum, s:get "/")
  fails("unknown_tag", "warna", pagu.compare, plan, s, { by = "warna" })
  fails("argument", "compare: by goes over the whole plan; leave out at and level", pagu.compare, plan, s,
    { by = "fund", level = "program" })
end

function tests.compare__three_views_and_any_selection()
  local plan, s = edited()
  local t = pagu.compare(plan, s, s:branch "y", { at = { level = "program", under = "1.06" }, all = true, show = "all" })
  equal(#t, 7)
  equal(t[1].value3, t[1].value2)
  fails("argument", "share, slack, target, unit_cost, cumulative, change, all", pagu.compare, plan, s, { show = "warna" })
end

check.run()
