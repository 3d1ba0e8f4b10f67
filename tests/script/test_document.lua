-- Documents and charts of scripts: what they hold, what they refuse, how a table filled later shows.
local check = require "check"
local pagu = require "pagu"
local tests, equal, fails = check.tests, check.equal, check.fails
pagu.lang "en"

local function two()
  return pagu.table { { "name", "Nama", "text" }, { "budget", "Pagu", "money" }, name = "budget", title = "Pagu" }:add { "A", 100 }:add { "B", 50 }
end

function tests.document__keeps_blocks_in_order()
  local t = two()
  local c = pagu.chart { table = t, value = "budget", title = "Gambar" }
  local doc = pagu.document { title = "Renja" }:heading("Satu", 2):text "dua":add(t):add(c, { name = "gambar" })
  equal(#doc, 4)
  equal(doc.title, "Renja")
  local blocks = doc:blocks()
  equal(blocks[1].type .. blocks[1].level .. blocks[1].text, "heading2Satu")
  equal(blocks[2].text, "dua")
  equal(blocks[3].name, "budget")
  equal(blocks[3].table, t)
  equal(blocks[4].name, "gambar")
  equal(blocks[4].chart, c)
  equal(pagu.type(doc), "document")
  equal(pagu.type(c), "chart")
  equal(tostring(c), "bar: Gambar")
end

function tests.document__refuses_what_can_not_be_printed()
  local doc = pagu.document {}:add(two())
  fails("argument", "the document has two blocks named \"budget\"", doc.add, doc, two(), { name = "budget" })
  fails("argument", "a heading's level is 1 to 4, not 5", doc.heading, doc, "x", 5)
  fails("argument", "has no text", doc.text, doc, "")
  fails("argument", "a pagu table or a chart", doc.add, doc, {})
  fails("argument", "no option \"titel\"", pagu.document, { titel = "x" })
  fails("argument", "unknown format \"pdf\"", doc.render, doc, "pdf")
  fails("argument", "none of id, en", pagu.document, { lang = "de" })
  equal(#doc, 1)
end

function tests.chart__refuses_columns_that_are_not_numbers()
  local t = two()
  fails("argument", "no chart \"pie\"", pagu.chart, { kind = "pie", table = t, value = "budget" })
  fails("argument", "has no column \"cost\"", pagu.chart, { table = t, value = "cost" })
  fails("argument", "column \"name\" is text", pagu.chart, { table = t, value = "name" })
  fails("argument", "takes 3 value columns, not 1", pagu.chart, { kind = "fan", table = t, value = "budget" })
  fails("argument", "a chart needs value", pagu.chart, { table = t })
  fails("argument", "a pagu table is needed", pagu.chart, { value = "budget" })
  fails("argument", "made of options", pagu.chart, "bar")
end

function tests.document__shows_rows_added_after_it_took_the_table()
  local open = pagu.table { "name", "budget" }:add { "A", 1 } -- types come from the rows: made anew when they grow
  local c = pagu.chart { table = open, value = "budget" }
  local doc = pagu.document {}:add(open):add(c)
  open:add { "Belakangan", 123456 }
  check.is_true(doc:render("csv"):find "Belakangan,123456")
  check.is_true(c:svg { locale = "id" }:find("123.456", 1, true))
  local typed = two()
  local later = pagu.document {}:add(typed)
  typed:add { "C", 7 }
  check.is_true(later:render("csv"):find "C,7")
end

function tests.document__survives_the_collector()
  local doc = pagu.document { title = "x" }
  for i = 1, 50 do
    local t = pagu.table { "name", "n" }:add { "baris " .. i, i }
    doc:add(t):add(pagu.chart { table = t, value = "n", kind = i % 2 == 0 and "treemap" or "bar" })
  end
  local collect = check.global "collectgarbage" -- the sandbox has none
  if collect then collect() end
  check.is_true(doc:render("html"):find "baris 50")
  equal(#doc:render("csv") > 100, true)
end

function tests.table__rows_stand_below_earlier_rows()
  local t = two()
  t:add({ "C", 1 }, { parent = 2, indent = 1 })
  equal(t:parent(3), 2)
  equal(t:parent(1), nil)
  fails("argument", "a row's parent is the number of an earlier row, 1 to 3", t.add, t, { "D" }, { parent = 4 })
  fails("argument", "a row's parent is the number of an earlier row", two().add, two(), { "D" }, { parent = 0 })
  local html = pagu.document {}:add(t):render("html", { interactive = false })
  check.is_true(html:find('data-row="2" data-parent="1"', 1, true))
end

function tests.report__prints_tables_lists_and_documents_in_any_format()
  local plan = check.plan()
  local layouts = {
    one = function() return two() end,
    list = function() return { two(), two() } end,
    document = function() return pagu.document { title = "Dok" }:add(two()) end,
  }
  for name, layout in pairs(layouts) do
    for _, format in ipairs { "text", "md", "csv", "csv-excel-id", "json", "html", "xlsx" } do
      local bytes = pagu.report(layout, plan, { format = format })
      check.is_true(#bytes > 20, name .. " " .. format)
      equal(bytes, pagu.report(layout, plan, { format = format }), name .. " " .. format)
    end
    check.is_true(pagu.report(layout, plan, { format = "text" }):find("plan=" .. plan:hash(), 1, true), name)
    check.is_true(not pagu.report(layout, plan, { format = "text", stamp = false }):find("plan=", 1, true), name)
  end
  equal(pagu.type(pagu.report(layouts.document, plan)), "document")
  equal(#pagu.report(layouts.list, plan), 2)
  fails("argument", "pagu report PLAN KIND -o FILE.pdf", pagu.report, layouts.one, plan, { format = "pdf" })
end

function tests.document__of_another_language_speaks_it()
  local t = pagu.table { "name", { "n", "N", "money" } }:add { "A", 10 }:add({ "B", 4 }, { parent = 1 })
  local doc = pagu.document { lang = "en" }:add(pagu.chart { kind = "treemap", table = t, value = "n" })
  local html = doc:render("html", { locale = "en" })
  check.is_true(html:find('<html lang="en">', 1, true))
  check.is_true(html:find("(not broken down)", 1, true))
  pagu.lang "en"
  check.is_true(pagu.document { lang = "id" }:add(t):render("html"):find('<html lang="id">', 1, true))
end

check.run()
