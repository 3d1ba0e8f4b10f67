-- pagu.attribute: which edits made the difference.
local check = require "check"
local pagu = require "pagu"
local tests, equal, fails = check.tests, check.equal, check.fails

local pangan, gedung, rehab = "1.06.04.2.01.01", "1.06.01.2.09.09", "1.06.04"

local function share(v)
  return v:get(rehab, "budget", 2024) / v:get("/", "budget", 2024) * 100
end

local function parts(r)
  local out = {}
  for i, group in ipairs(r.groups) do out[i] = group.part end
  return out
end

local function total(list)
  local sum = 0
  for _, part in ipairs(list) do sum = sum + part end
  return sum
end

local function edited(plan)
  local s = plan:branch "x"
  s:transfer{ from = gedung, to = pangan, amount = pagu.juta(100), reason = "pangan" }
  s:cut{ at = "1.06.01", percent = 5, reason = "hemat" }
  s:set("1.06.05.2.02.01", "budget", 2024, 5)
  return s
end

function tests.attribute__money_is_what_each_edit_changed()
  local plan = check.plan()
  local s = edited(plan)
  local r = pagu.attribute(plan, s, { key = rehab })
  equal(r.method, "sum")
  equal(r.from, 199433770)
  equal(r.to, 299433770)
  equal(table.concat(parts(r), " "), "100000000 0 0")
  r = pagu.attribute(plan, s)
  equal(total(parts(r)), s:get("/", "budget", 2024) - plan:get("/", "budget", 2024))
  equal(r.groups[1].part, 0)
  equal(r.groups[2].what, "hemat")
  equal(r.groups[2].verb, "cut")
end

function tests.attribute__a_ratio_is_shared_by_shapley()
  local plan = check.plan()
  local s = edited(plan)
  local r = pagu.attribute(plan, s, { metric = share, unit = "%" })
  equal(r.method, "shapley")
  equal(#r.groups, 3)
  check.is_true(math.abs(total(parts(r)) - (share(s) - share(plan))) < 1e-12)
  -- of two groups: the mean of coming first and coming last
  local t = plan:branch "two"
  t:set(pangan, "budget", 2024, 150000000)
  t:cut{ at = "1.06.01", percent = 20 }
  local alone = plan:branch "one"
  alone:cut{ at = "1.06.01", percent = 20 }
  local only = plan:branch "other"
  only:set(pangan, "budget", 2024, 150000000)
  r = pagu.attribute(plan, t, { metric = share })
  local second = (share(alone) - share(plan) + share(t) - share(only)) / 2
  check.is_true(math.abs(r.groups[2].part - second) < 1e-12)
end

function tests.attribute__independent_edits_may_come_in_any_order()
  local plan, edits, got = check.plan(), {
    function(s) s:set(pangan, "budget", 2024, 90000000) end,
    function(s) s:set(gedung, "budget", 2024, 0) end,
    function(s) s:set("1.06.05.2.02.01", "budget", 2024, 77) end,
  }, {}
  for _, order in ipairs{ { 1, 2, 3 }, { 3, 1, 2 }, { 2, 3, 1 } } do
    local s = plan:branch "x"
    for _, i in ipairs(order) do edits[i](s) end
    local r = pagu.attribute(plan, s, { metric = share })
    local by = {}
    for k, i in ipairs(order) do by[i] = r.groups[k].part end
    for i = 1, 3 do check.is_true(not got[i] or math.abs(got[i] - by[i]) < 1e-12) end
    got = by
  end
end

function tests.attribute__whole_numbers_stay_whole_and_add_up()
  local plan = check.plan()
  local s = edited(plan)
  local function thirds(v) return v:get("/", "budget", 2024) // 3 end
  local r = pagu.attribute(plan, s, { metric = thirds })
  for _, part in ipairs(parts(r)) do equal(math.type(part), "integer") end
  equal(total(parts(r)), thirds(s) - thirds(plan))
end

function tests.attribute__derived_fields_and_targets_have_parts()
  local plan = check.plan()
  local s = plan:branch "x"
  s:set(pangan, "target", 2024, 260)
  s:set("1.06.01.2.02.01", "target", 2024, 12)
  local r = pagu.attribute(plan, s, { key = pangan, field = "target" })
  equal(r.to - r.from, 260 - plan:get(pangan, "target", 2024))
  equal(total(parts(r)), r.whole)
  equal(r.groups[2].part, 0.0)
end

function tests.attribute__of_siblings_takes_back_the_firsts_edits()
  local plan = check.plan()
  local both = plan:branch "both"
  both:set(pangan, "budget", 2024, 60000000)
  local a, b = both:branch "a", both:branch "b"
  a:set(gedung, "budget", 2024, 0)
  b:set("1.06.05.2.02.01", "budget", 2024, 0)
  local r = pagu.attribute(a, b)
  equal(#r.groups, 2)
  equal(r.groups[1].part, plan:get(gedung, "budget", 2024))
  check.is_true(r.groups[1].entries[1].goes_out)
  equal(r.groups[2].part, -plan:get("1.06.05.2.02.01", "budget", 2024))
  local ratio = pagu.attribute(a, b, { metric = share })
  check.is_true(math.abs(total(parts(ratio)) - (share(b) - share(a))) < 1e-12)
end

function tests.attribute__groups_by_reason_verb_source_or_function()
  local plan = check.plan()
  local s = edited(plan)
  s:cut{ at = "1.06.05", percent = 10, reason = "hemat" }
  equal(#pagu.attribute(plan, s).groups, 4)
  equal(#pagu.attribute(plan, s, { by = "reason" }).groups, 3)
  equal(#pagu.attribute(plan, s, { by = "verb" }).groups, 3)
  local r = pagu.attribute(plan, s, { by = function(entry) return entry.reason == "hemat" and "hemat" or "lain" end })
  equal(r.groups[1].what .. " " .. r.groups[2].what, "lain hemat")
  equal(total(parts(r)), r.whole)
end

function tests.attribute__one_compound_step_is_one_group()
  local plan = check.plan()
  local s = plan:branch "x"
  s:atomic(function() s:set(pangan, "budget", 2024, 1) s:set(gedung, "budget", 2024, 1) end)
  equal(#pagu.attribute(plan, s).groups, 1)
  s:undo()
  equal(#pagu.attribute(plan, s).groups, 0)
end

function tests.attribute__rows_that_were_added_are_counted_first()
  local plan = check.plan()
  local s = plan:branch "x"
  s:set(pangan, "budget", 2024, 60000000)
  s:add{ under = "1.06.04.2.01", name = "Baru", budget = 10000000 }
  local r = pagu.attribute(plan, s)
  equal(table.concat(parts(r), " "), "10000000 10000000")
  r = pagu.attribute(plan, s, { metric = share })
  equal(#r.groups, 2)
  check.is_true(r.structure)
  check.is_true(math.abs(total(parts(r)) - r.whole) < 1e-12)
end

function tests.attribute__many_groups_are_sampled_and_say_so()
  local plan = check.plan()
  local s, lines = plan:branch "x", plan:lines("/"):keys()
  for i = 1, 14 do s:set(lines[i], "budget", 2024, i * 1000000) end
  local r = pagu.attribute(plan, s, { metric = share, samples = 40, seed = 7 })
  equal(r.method, "sampled")
  check.is_true(r.error > 0 and math.abs(total(parts(r)) - r.whole) < 1e-12)
  local again = pagu.attribute(plan, s, { metric = share, samples = 40, seed = 7 })
  equal(table.concat(parts(r), " "), table.concat(parts(again), " "))
  local exact = pagu.attribute(plan, s, { metric = share, most = 14 })
  for i, group in ipairs(exact.groups) do check.is_true(math.abs(group.part - r.groups[i].part) < 6 * r.error + 1e-9) end
end

function tests.attribute__holds_dont_stand_in_its_way()
  local plan = check.plan()
  local s = plan:branch "x"
  s:set(pangan, "budget", 2024, 60000000)
  s:hold(pangan)
  check.is_true(pagu.attribute(plan, s, { metric = share }).groups[1].part > 0)
end

function tests.attribute__refuses_what_has_no_answer()
  local plan = check.plan()
  local s = edited(plan)
  fails("argument", "attribute takes two plans or scenarios: pagu.attribute(before, after, { … })", pagu.attribute, plan)
  fails("argument", "are of two stages", pagu.attribute, plan:stage "need", s)
  fails("argument", "attribute: give key and field, or metric, not both", pagu.attribute, plan, s, { key = "/", metric = share })
  fails("argument", "attribute: by is", pagu.attribute, plan, s, { by = "colour" })
  fails("argument", "by(entry) must give a text, not nil", pagu.attribute, plan, s, { by = function() end })
  fails("argument", "the metric is no number before", pagu.attribute, plan, s, { metric = function() return "x" end })
  fails("argument", "most is from 1 to 16", pagu.attribute, plan, s, { most = 20, metric = share })
  fails("unknown_key", "no node", pagu.attribute, plan, s, { key = "9.99" })
  local closed = plan:branch "gone"
  closed:close()
  fails("closed", "closed", pagu.attribute, plan, closed)
  -- a metric that edits what is looked at
  fails("conflict", "edited while their difference was looked at", pagu.attribute, plan, s, { metric = function(v)
    s:set(pangan, "budget", 2024, v:get(pangan, "budget", 2024) + 1)
    return share(v)
  end })
end

function tests.attribute__prints_and_draws()
  pagu.lang "id"
  local plan = check.plan()
  local r = pagu.attribute(plan, edited(plan), { key = rehab })
  pagu.lang "id"
  check.is_true(tostring(r):find("Dari mana selisih 1.06.04 budget 2024", 1, true))
  equal(r:chart().kind, "waterfall")
  check.is_true(r:document():render("html"):find("<svg", 1, true))
  pagu.lang "en"
end

check.run()
