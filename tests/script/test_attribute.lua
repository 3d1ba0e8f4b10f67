-- Which edits made a difference: parts add up, order doesn't matter, idle edits get nothing.
local check = require "check"
local pagu = require "pagu"
local tests, equal, is_true = check.tests, check.equal, check.is_true

local office, from, to = "1.06.01", "1.06.01.2.09.09", "1.06.04.2.01.01"

local function sum_of(why)
  local sum = 0
  for _, part in ipairs(why.parts) do sum = sum + part.part end
  return sum
end

local function part_of(why, what)
  for _, part in ipairs(why.parts) do
    if part.what == what then return part.part end
  end
end

function tests.attribute__money_parts_add_up_to_the_rupiah()
  local plan = check.plan()
  local s = plan:branch "x"
  s:transfer { from = from, to = to, amount = 100000000, reason = "geser" }
  s:cut { at = office, percent = 10, reason = "efisiensi" }
  s:set(from, "budget", 2024, 777777777)
  for _, key in ipairs { "/", office, from, to } do
    local why = pagu.attribute(plan, s, { key, "budget", 2024 })
    equal(why.difference, s:get(key, "budget", 2024) - plan:get(key, "budget", 2024))
    equal(sum_of(why), why.difference)
  end
end

function tests.attribute__transfers_and_cuts_get_the_same_part_in_any_order()
  local plan = check.plan()
  local edits = {
    function(s) s:transfer { from = from, to = to, amount = 100000000, reason = "a" } end,
    function(s) s:transfer { from = "1.06.01.2.02.01", to = to, amount = 5000000, reason = "b" } end,
    function(s) s:cut { at = "1.06.05", percent = 7, reason = "c" } end,
  }
  local seen
  for _, order in ipairs { { 1, 2, 3 }, { 3, 2, 1 }, { 2, 3, 1 } } do
    local s, got = plan:branch "x", {}
    for _, i in ipairs(order) do edits[i](s) end
    local why = pagu.attribute(plan, s, "1.06", { groups = "reason", all = true })
    local inside = pagu.attribute(plan, s, office, { groups = "reason", all = true })
    for i, reason in ipairs { "a", "b", "c" } do got[i] = part_of(why, reason) .. "/" .. part_of(inside, reason) end
    local text = table.concat(got, " ")
    equal(text, seen or text)
    seen = text
  end
  equal(seen:match "^%S+ %S+", "0/-100000000 0/-5000000")
end

function tests.attribute__two_writers_of_one_line_share_what_the_last_one_did()
  local plan = check.plan()
  local s, line = plan:branch "x", from
  local base = plan:get(line, "budget", 2024)
  s:set(line, "budget", 2024, base + 100)
  s:set(line, "budget", 2024, base + 151)
  local why = pagu.attribute(plan, s, line)
  -- alone 100 and 151, together 151: (100 + 0) / 2 and (151 + 51) / 2
  equal(why.parts[1].part, 101)
  equal(why.parts[1].group, 2)
  equal(why.parts[2].part, 50)
end

function tests.attribute__undone_and_idle_edits_get_nothing()
  local plan = check.plan()
  local s = plan:branch "x"
  s:set(from, "budget", 2024, 1)
  s:set(to, "budget", 2024, 2)
  s:set(to, "budget", 2025, 3)
  s:undo(2)
  s:set(to, "target", 2024, 300)
  local why = pagu.attribute(plan, s, from, { all = true })
  equal(#why.parts, 2)
  equal(why.parts[2].part, 0)
  equal(#pagu.attribute(plan, s, from).parts, 1)
  is_true(pagu.attribute(plan, s, from).table:text():find "made no difference, left out: 1")
  equal(#pagu.attribute(plan, plan:branch "y", from).parts, 0)
end

function tests.attribute__a_branch_of_a_branch_counts_from_where_they_parted()
  local plan = check.plan()
  local s = plan:branch "induk"
  s:set(from, "budget", 2024, 10)
  local child = s:branch "anak"
  child:set(from, "budget", 2024, 30)
  s:set(to, "budget", 2024, 7)
  local why = pagu.attribute(s, child, "/", { all = true })
  equal(#why.parts, 2)
  equal(part_of(why, "1. set"), 20)
  equal(part_of(why, "without 2. set"), plan:get(to, "budget", 2024) - 7)
  equal(sum_of(why), child:get "/" - s:get "/")
  equal(#pagu.attribute(plan, child, "/").parts, 2)
  equal(pagu.attribute(child, s, "/").difference, -why.difference)
end

function tests.attribute__ratios_add_up_to_the_last_digit()
  local plan = check.plan()
  local s = plan:branch "x"
  s:transfer { from = from, to = to, amount = 123456789 }
  s:cut { at = office, percent = 10 }
  s:set(to, "target", 2024, 301)
  local function share(v) return v:get(office) / v:get "/" end
  local why = pagu.attribute(plan, s, share, { all = true })
  local millionths = 0
  for _, part in ipairs(why.parts) do millionths = millionths + pagu.round(math.floor(part.part * 1e6 + 0.5), 1) end
  equal(millionths, math.floor(share(s) * 1e6 + 0.5) - math.floor(share(plan) * 1e6 + 0.5))
  equal(part_of(why, "3. set"), 0)
  -- by hand: the mean of the two orders
  local a, b = plan:branch "a", plan:branch "b"
  a:transfer { from = from, to = to, amount = 123456789 }
  b:cut { at = office, percent = 10 }
  local expected = (share(a) - share(plan) + share(s) - share(b)) / 2
  is_true(math.abs(part_of(why, "1. transfer") - expected) < 2e-6)
end

function tests.attribute__holds_and_ceilings_do_not_stop_what_is_only_thought()
  local plan = check.plan()
  local s = plan:branch "x"
  s:cut { at = office, percent = 10 }
  s:set(to, "budget", 2024, 5)
  s:hold { at = office }
  s:ceiling { at = "/", amount = s:get "/" }
  equal(pagu.attribute(plan, s, function(v) return v:get "/" end).difference, s:get "/" - plan:get "/")
end

function tests.attribute__rows_that_came_and_went_are_parts()
  local plan = check.plan()
  local s = plan:branch "x"
  s:add { under = "1.06.04.2.01", name = "Baru", budget = 1000 }
  s:remove { at = "1.06.05" }
  local gone = plan:get "1.06.05"
  for _, metric in ipairs { "/", function(v) return v:get "/" end } do
    local why = pagu.attribute(plan, s, metric)
    equal(#why.parts, 2)
    equal(why.parts[1].part, -gone)
    equal(why.parts[2].part, 1000)
  end
end

function tests.attribute__more_than_twelve_groups_are_drawn_with_an_error()
  local plan = check.plan()
  local s, n = plan:branch "x", 0
  for node in plan:lines():each() do
    if n < 14 and (node.budget[2024] or 0) > 0 then
      n = n + 1
      s:cut { at = node.key, percent = n }
    end
  end
  local function share(v) return v:get(office) / v:get "/" end
  local why = pagu.attribute(plan, s, share, { samples = 40, seed = 7 })
  is_true(why.table:text():find "40 orders drawn with seed 7")
  is_true(why.parts[1].error > 0)
  equal(tostring(pagu.attribute(plan, s, share, { samples = 40, seed = 7 })), tostring(why))
  local exact = pagu.attribute(plan, s, share, { groups = function(step) return step.number < 4 and "awal" or "akhir" end })
  equal(#exact.parts, 2)
  is_true(math.abs(exact.difference - why.difference) < 1e-9)
  equal(sum_of(pagu.attribute(plan, s, "/")), s:get "/" - plan:get "/") -- money needs no draws
  is_true(not pagu.attribute(plan, s, "/").parts[1].error)
end

function tests.attribute__says_what_it_cannot_do()
  local plan = check.plan()
  local s = plan:branch "x"
  s:set(from, "budget", 2024, 1)
  local fails, call = check.fails, pagu.attribute
  fails("argument", "need and x are not branches of one stage, so no edits lead from one to the other",
    call, plan:stage "need", s, "/")
  fails("argument", "attribute takes two plans or scenarios", call, plan, 5, "/")
  fails("argument", "what is explained is { key, field, year }, or a function that returns a number", call, plan, s, 5)
  fails("argument", "attribute has no option \"group\"", call, plan, s, "/", { group = "verb" })
  fails("argument", "exact is 0 … 12 groups, not 13; more are drawn", call, plan, s, "/", { exact = 13 })
  fails("argument", "samples is 2 … 1000000 orders, not 1", call, plan, s, "/", { samples = 1 })
  fails("argument", "the metric must be a number, it is text", call, plan, s, function() return "x" end)
  fails("argument", "the metric has no value in \"final\", so there is no difference to divide; missing = 0 counts it as 0",
    call, plan, s, function() return nil end)
  fails("unknown_key", "1.99", call, plan, s, "1.99")
  local ok, err = pcall(call, plan, s, function() error { mine = true } end)
  is_true(not ok and err.mine)
  fails("argument", "the function must return a text for each step, not nil", call, plan, s, "/", { groups = function() end })
end

function tests.attribute__a_set_without_a_value_is_named()
  local plan = check.plan()
  local s = plan:branch "x"
  s:set(from, "budget", 2024, 1)
  s:set(to, "budget", 2024, 2)
  local function only_both(v)
    local a, b = v:get(from) == 1, v:get(to) == 2
    if a ~= b then return nil end
    return a and 1.0 or 0.0
  end
  check.fails("argument", "the metric has no value when only the edits 1 are done", pagu.attribute, plan, s, only_both)
  local why = pagu.attribute(plan, s, only_both, { missing = 0 })
  equal(why.parts[1].part, 0.5)
  equal(why.parts[2].part, 0.5)
end

function tests.attribute__a_waterfall_and_a_document_show_it()
  local plan = check.plan()
  local s = plan:branch "x"
  s:cut { at = office, percent = 10 }
  s:set(to, "budget", 2024, 5)
  local why = pagu.attribute(plan, s, "/")
  local html = why:document():render "html"
  is_true(html:find "Part of each edit" and html:find "Shapley")
  is_true(why:chart(1) ~= nil)
  equal(pagu.type(why.table), "table")
end

check.run()
