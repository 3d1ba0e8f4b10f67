-- Tables of scripts print like ours.
local check = require "check"
local pagu = require "pagu"
local tests, equal, fails = check.tests, check.equal, check.fails
pagu.lang "en"

function tests.table__decides_its_types_from_the_rows()
  local t = pagu.table { "code", "year", "total", "rate", "mixed", "empty" }
  t:add { "1.06", 2024, 150000000, 1.5, "text" }
  t:add { code = "1.07", year = 2025, total = "-", mixed = 3 }
  local types = {}
  for i, c in ipairs(t:columns()) do types[i] = c.type end
  equal(table.concat(types, " "), "text integer money number measure text")
  equal(t[1].total, 150000000)
  equal(t[2].total, 0)
  equal(select(2, t:cell(2, "total")), "-")
  equal(t[2].rate, nil)
  equal(#t, 2)
  equal(t:csv(), "code,year,total,rate,mixed,mixed_unit,empty\n1.06,2024,150000000,1.5,text,,\n1.07,2025,-,,3,,\n")
end

function tests.table__can_be_added_to_after_printing()
  local t = pagu.table { "a" }
  t:add { 1 }
  equal(t:csv(), "a\n1\n")
  t:add { 2.5 }
  equal(t:csv(), "a\n1\n2.5\n")
  t:note "sumber: uji"
  t:stamp("hash", "abc")
  equal(t.notes[1], "sumber: uji")
  equal(t.stamps.hash, "abc")
end

function tests.table__typed_columns_have_titles_and_styles()
  local t = pagu.table { title = "Uji", { "key", "Kode", "text" }, { name = "total", title = "Pagu", type = "money" }, { "t", "Target", "measure" } }
  t:add({ "1", 10000, { value = 3, unit = "orang" } }, { style = "group", indent = 1 })
  t:add({ total = 5, t = "Cepat" }, { style = "total" })
  equal(t.title, "Uji")
  local style, indent = t:style(1)
  equal(style, "group")
  equal(indent, 1)
  equal(t:columns()[2].title, "Pagu")
  local v, unit = t:cell(1, "t")
  equal(v, 3)
  equal(unit, "orang")
  check.is_true(t:markdown():find("10,000", 1, true))
  check.is_true(t:text { locale = "id" }:find("10.000", 1, true))
  check.is_true(t:json():find('"10000"', 1, true))
end

function tests.table__rows_and_each_agree()
  local t = pagu.table { "a", "b" }
  for i = 1, 5 do t:add { i, tostring(i) } end
  local n = 0
  for row in t:each() do
    n = n + 1
    equal(row.a, n)
    equal(row.b, t:rows()[n].b)
  end
  equal(n, 5)
end

function tests.table__must_fail()
  fails("argument", "names of its columns", pagu.table, {})
  fails("argument", "two columns", pagu.table, { "a", "a" })
  fails("argument", "not a column type", pagu.table, { { "a", "A", "uang" } })
  local t = pagu.table { "a" }
  fails("argument", "1 columns", t.add, t, { 1, 2 })
  fails("argument", "\"b\"", t.add, t, { b = 2 })
  fails("argument", nil, t.add, t, 5)
  local m = pagu.table { { "a", "A", "money" } }
  fails("fraction", nil, m.add, m, { 0.5 })
  fails("argument", nil, m.cell, m, 1, "zzz")
end

function tests.table__a_node_prints_its_key()
  local plan = check.plan()
  local t = pagu.table { "node" }
  t:add { plan["1.06"] }
  equal(t:csv(), "node\n1.06\n")
end

function tests.report__own_cells_keep_dashes_and_measures()
  local need = check.plan():stage "need"
  local layout = require "pagu.report.layout"
  local t = layout.build({
    title = "t", from = "sub_kegiatan", keep = function(row) return row.key:find("^1%.06%.01%.2%.0[15]") end,
    columns = {
      { "code", "text", "Code", cell = "code" },
      { "ours", "money", "Ours", cell = "money" },
      { "own", "money", "Own", cell = function(ctx, _, row) return row.nodes.main.budget(ctx.year) end },
      { "target", "measure", "Target", cell = "measure" },
      { "own_target", "measure", "Own", cell = function(ctx, _, row) return row.nodes.main.target(ctx.year) end },
    },
  }, need)
  local at = {}
  for i, row in ipairs(t:rows()) do at[row.code] = i end
  for _, column in ipairs { "ours", "own" } do
    local value, mark = t:cell(at["1.06.01.2.05.01"], column)
    equal(value, 0)
    equal(mark, "-", column)
    equal(t:cell(at["1.06.01.2.01.06"], column), nil)
  end
  local value, unit = t:cell(at["1.06.01.2.01.06"], "own_target")
  equal(value, 0)
  equal(unit, select(2, t:cell(at["1.06.01.2.01.06"], "target")))
  check.is_true(t:csv():find("1.06.01.2.05.01,-,-,", 1, true))
end

function tests.verbs__a_dash_stays_one_in_what_they_did()
  local s = check.plan():branch("x", { stage = "need" })
  local t = s:fit { at = "1.06.01.2.05", total = 5, method = "priority", order = { "1.06.01.2.05.01" }, basis = "equal" }
  local old, mark = t:cell(1, "old")
  equal(old, 0)
  equal(mark, "-")
  equal(t:cell(1, "new"), 5)
end

function tests.report__dispatches_layouts_formats_and_files()
  local plan = check.plan()
  local layout = { build = function(view, opts)
    local t = pagu.table { { "key", "Key", "text" }, { "budget", "Budget", "money" } }
    for n in view:select { level = opts.level }:each() do t:add { n.key, n.budget[view.year] } end
    return t
  end }
  local t = pagu.report(layout, plan, { level = "program" })
  equal(#t, 8)
  equal(t.stamps.stage, "final")
  equal(t.stamps.plan, plan:hash())
  equal(t.stamps.hash, plan:stage("final"):hash())
  equal(t.stamps.engine, pagu.version)
  check.is_true(pagu.report(layout, plan, { level = "program", format = "csv" }):find("1.06.04,199433770", 1, true))
  fails("argument", "no report", pagu.report, "zzz", plan)
  fails("argument", "text, markdown, csv, csv-excel-id, json", pagu.report, layout, plan, { level = "program", format = "zzz" })
  local io, os = check.global "io", check.global "os"
  if io then
    local path = os.tmpname()
    pagu.report(layout, plan, { level = "program", format = "json", out = path })
    local f <close> = assert(io.open(path))
    check.is_true(f:read "a":find("199433770", 1, true))
    os.remove(path)
  end
end

check.run()
