-- pagu.sweep: a script for many values of its parameters, in one process.
local check = require "check"
local pagu = require "pagu"
local tests, equal, fails = check.tests, check.equal, check.fails

local function script(extra)
  local declaration = {
    title = "Growth", question = "How much next year?",
    params = { growth = { default = 3, unit = "%", min = -100 }, unit = { default = 1000, min = 1 }, note = "x", on = true },
    metrics = { { name = "next", title = "Next year", unit = "Rp" } },
    run = function(s, p)
      s:forward { growth = p.growth, unit = p.unit }
      return { next = s:get("/", "budget", s.year + 1) }
    end,
  }
  for name, value in pairs(extra or {}) do declaration[name] = value end
  return declaration
end

--- What is kept of the members, as it is read back.
local function records(r)
  local out, n = {}, 0
  for line in r:jsonl():gmatch "[^\n]+" do
    n = n + 1
    if n > 1 then out[n - 1] = assert(pagu._require "pagu.sweep.record".read_line(line, "lines", n, 1000000)) end
  end
  return out
end

local function sweep(o)
  o.script = o.script or script()
  o.view = o.view or check.plan()
  return pagu.sweep(o)
end

function tests.sweep__members_are_the_product_and_the_last_varies_fastest()
  local r = sweep { grid = { { "unit", { 1, 1000 } }, { "growth", { 2, 4.5, "6:8:1" } } } }
  equal(r.count, 10)
  local got = {}
  for row in r.table:each() do got[#got + 1] = ("%d:%d/%s"):format(row.member, row.unit, tostring(row.growth)) end
  equal(table.concat(got, " "),
    "1:1/2 2:1/4.5 3:1/6 4:1/7 5:1/8 6:1000/2 7:1000/4.5 8:1000/6 9:1000/7 10:1000/8")
end

function tests.sweep__each_member_is_what_a_run_gives()
  local plan, one = check.plan(), pagu.script(script())
  local r = sweep { view = plan, grid = { growth = { 1, 2.5, 7 } } }
  for row in r.table:each() do
    local _, _, values = one:run(plan, { growth = row.growth })
    equal(row.next, values.next)
  end
end

function tests.sweep__grids_by_name_are_in_the_order_of_the_script()
  local by_name = sweep { grid = { unit = { 1, 10 }, growth = { 1, 2 } } }
  local listed = sweep { grid = { "growth=1,2", "unit=1,10" } }
  equal(by_name:jsonl(), listed:jsonl())
end

function tests.sweep__params_fix_the_others()
  local r = sweep { params = { growth = 0 }, grid = { unit = { 1, 1000000 } } }
  equal(r.table[1].next, check.plan():get("/", "budget", 2024))
  check.is_true(tostring(r):find("Fixed: growth = 0 %, note = x, on = yes.", 1, true))
end

function tests.sweep__a_list_may_be_a_table()
  local r = sweep { list = { { growth = 1, unit = 10 }, { growth = 2 } } }
  equal(r.count, 2)
  equal(r.table[2].unit, 1000)
end

function tests.sweep__latin_hypercubes_meet_each_part_once()
  local r = sweep { lhs = { n = 20, ranges = { growth = { 0, 10 }, unit = { 1, 20 } } }, seed = 3 }
  local parts, units = {}, {}
  for row in r.table:each() do
    parts[math.floor(row.growth * 2)], units[row.unit] = true, true
  end
  for i = 0, 19 do check.is_true(parts[i] and units[i + 1], i) end
end

function tests.sweep__a_failing_member_is_listed_and_the_others_stand()
  local failing = script { run = function(s, p)
    if p.growth == 2 then error "no two" end
    if p.growth == 3 then s:get("9.99", "budget", 2024) end
    if p.growth == 4 then error { message = "with a table" } end
    return { next = 10 * p.growth }
  end }
  local r = sweep { script = failing, grid = { growth = { 1, 2, 3, 4, 5 } } }
  equal(r.count .. "/" .. r.failed, "5/3")
  check.is_true(r.table[2].error:find "no two")
  check.is_true(r.table[3].error:find "no node \"9.99\"")
  equal(r.table[5].next, 50)
  equal(r.table[2].next, nil)
  equal(#r.failures, 3)
  equal(r.failures[1].first, 2)
end

function tests.sweep__the_view_stays_as_it_was()
  local plan = check.plan()
  local s = plan:branch "base"
  s:cut { at = "1.06.05", percent = 10 }
  local before, steps = s:hash(), #s:journal()
  local r = sweep { view = s, grid = { growth = { 0, 1 } } }
  equal(s:hash(), before)
  equal(#s:journal(), steps)
  check.is_true(r.table[1].next < plan:get("/", "budget", 2024))
end

function tests.sweep__random_numbers_start_from_the_seed_in_every_member()
  local drawing = script { run = function() return { next = math.random(1000000) } end }
  local r = sweep { script = drawing, grid = { growth = { 1, 2, 3 } } }
  equal(r.table[1].next, r.table[3].next)
  check.is_true(sweep { script = drawing, grid = { growth = { 1 } }, seed = 9 }.table[1].next ~= r.table[1].next)
end

function tests.sweep__metrics_of_every_kind_come_back()
  local kinds = { 12345, -5, 2.5, 1e300, -1.5e17, 1e16 + 2, 2^62, 0.1, "1e300 ", "99", "-", "text", true, math.maxinteger, math.mininteger, 9007199254740993, "0012" }
  local r = sweep { script = { params = { n = 1 }, run = function(_, p) return { v = kinds[p.n] } end },
    grid = { n = { ("1:%d"):format(#kinds) } } }
  for i, line in ipairs(records(r)) do equal(line.metrics.v, kinds[i], i) end
  local nothing = sweep { script = { params = { n = 1 }, run = function(_, p) return { v = p.n / 0 } end }, grid = { n = { 1 } } }
  equal(records(nothing)[1].metrics.v, nil)
  local bytes = sweep { script = { params = { n = 1 }, run = function() return { v = "a\0b\255" } end }, grid = { n = { 1 } } }
  equal(records(bytes)[1].metrics.v, "a\u{FFFD}b\u{FFFD}")
end

function tests.sweep__names_that_meet_keep_columns_apart()
  local r = sweep { script = { params = { member = 1, x = 2 }, run = function(_, p) return { x = p.x, error = 5, member = 7 } end },
    grid = { member = { 1 }, x = { 2, 3 } } }
  local names = {}
  for i, column in ipairs(r.table:columns()) do names[i] = column.name end
  equal(table.concat(names, " "), "member member_ x error_ member__ x_")
  equal(r.table[2].x_, 3)
end

function tests.sweep__charts_show_one_or_two_parameters()
  equal(sweep { grid = { growth = { 1, 2, 3 } } }:chart("next").kind, "line")
  equal(sweep { grid = { on = { true, false } } }:chart().kind, "bar")
  local two = sweep { grid = { growth = { 1, 2, 3 }, unit = { 1, 1000 } } }:chart()
  equal(#two.table, 3)
  equal(two.table[1].c2, sweep { grid = { growth = { 1 } } }.table[1].next)
  fails("argument", "one or two parameters", function()
    return sweep { grid = { growth = { 1 }, unit = { 1 }, note = { "a" } } }:chart()
  end)
  fails("argument", "no metric \"zz\"; there are next", function() return sweep { grid = { growth = { 1 } } }:chart "zz" end)
end

function tests.sweep__documents_render_in_every_format()
  local r = sweep { grid = { growth = { 1, 2, 3 }, unit = { 1, 1000 } } }
  for _, format in ipairs { "text", "markdown", "csv", "csv-excel-id", "json", "html", "xlsx", "jsonl" } do
    check.is_true(#r:render(format) > 50, format)
  end
  local failed = sweep { script = script { run = function() error "never" end }, grid = { growth = { 1, 2 }, unit = { 1, 2 } } }
  check.is_true(failed:render "html":find "never")
end

function tests.sweep__summary_names_extremes_and_where()
  local r = sweep { script = { params = { n = 1 }, run = function(_, p) return { v = (p.n - 3) ^ 2 } end }, grid = { n = { "1:6" } } }
  local row = r.summary[1]
  equal(("%s %s %s %s %s"):format(row.least, row.least_at, row.median, row.most, row.most_at), "0 n = 3 1 9 n = 6")
end

function tests.sweep__what_is_wrong_is_said_at_once()
  local wrong = fails("argument", "grid growth=-101: at least -100 %", function()
    return sweep { grid = { growth = { -101, "1:2:-1" }, zzzzzz = { 1 } }, params = { unit = "x" } }
  end)
  for _, part in ipairs { "grid growth=1:2:-1: a range is", "no parameter 'zzzzzz'; there are: growth, note, on, unit",
    "param unit=x: not a number" } do
    check.is_true(wrong.message:find(part, 1, true), part)
  end
  fails("argument", "nothing varies: give grid, list or lhs", function() return sweep {} end)
  fails("argument", "sweep has no option \"jobs\"", function() return sweep { jobs = 2, grid = { growth = { 1 } } } end)
  fails("argument", "grid is { name = {value, …} }", function() return sweep { grid = { 5 } } end)
  fails("argument", "list is a CSV file", function() return sweep { list = 5 } end)
  fails("argument", "lhs x: give the number of members", function() return sweep { lhs = { n = "x", ranges = { growth = { 1, 2 } } } } end)
  fails("argument", "range note: this parameter is not a number", function() return sweep { lhs = { n = 2, ranges = { note = { 1, 2 } } } } end)
  fails("argument", "seed must be a whole number", function() return sweep { seed = 1.5, grid = { growth = { 1 } } } end)
  fails("argument", "option \"view\" is missing", pagu.sweep, { script = script(), grid = { growth = { 1 } } })
end

function tests.sweep__a_thousand_members_stay_small()
  local plan = check.plan()
  local r = sweep { view = plan, script = { params = { n = 1 }, run = function(s, p)
    s:cut { at = "1.06.05", percent = 1 }
    return { n = p.n }
  end }, grid = { n = { "1:1000" } } }
  equal(r.table[1000].n, 1000)
end

check.run()
