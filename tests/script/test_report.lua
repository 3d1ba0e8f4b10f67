-- What layouts stand on: indicators by owner, ratings, marks and column numbers, own layouts.
local check = require "check"
local pagu = require "pagu"
local tests, equal, fails = check.tests, check.equal, check.fails
pagu.lang "en"

function tests.view__lists_indicators_of_nodes_and_of_goals()
  local plan = check.plan()
  equal(#plan:indicators "objective:1.5", 2)
  equal(plan:indicators "1.06.04.2.01.01"[1].id, "1.06.04.2.01.01#1")
  equal(#plan:indicators "no such owner", 0)
  equal(plan:indicators "objective:1"[1].node, nil)
end

function tests.view__lists_no_indicator_of_what_a_scenario_removed()
  local s = check.plan():branch "x"
  local before = #s:indicators()
  local gone = #s:select { under = "1.06.07" }:indicators()
  s:remove "1.06.07"
  equal(#s:indicators(), before - gone)
  s:add_indicator { at = "1.06.06", name = "Waktu tanggap", unit = "jam", target = 2 }
  equal(#s:indicators(), before - gone + 1)
end

function tests.rating__is_by_the_unrounded_percent_and_a_named_scale()
  local plan = check.plan()
  equal(plan:rating(91), "sangat tinggi")
  equal(plan:rating(90.999), "tinggi")
  equal(plan:rating(-5), "sangat rendah")
  equal(plan:rating(120, "permenpanrb-8-2021"), "sangat baik")
  fails("not_found", "permendagri", function() plan:rating(50, "no such scale") end)
  fails("argument", "number", function() plan:rating "50" end)
end

function tests.table__takes_words_for_numbers_and_numbers_of_columns()
  local t = pagu.table { { "rate", "Rate", "percent", number = "8=(7/6)" }, { "budget", "Budget", "money" } }
  t:add { { text = "unlike units" }, { text = "too large" } }
  equal(t:cell(1, "rate"), "unlike units")
  equal(t:csv(), "rate,budget\nunlike units,too large\n")
  equal(t:columns()[1].number, "8=(7/6)")
  equal(t:columns()[2].number, nil)
  assert(t:text():find("8=(7/6)", 1, true))
  fails("argument", "rate", function() t:add { {} } end)
end

function tests.layout__of_a_script_has_every_option()
  local layout = require "pagu.report.layout"
  local own = layout.report {
    title = "Own {n} {organisation}{nosuchword}", from = "program", to = "program",
    columns = {
      { "code", "text", "Code", cell = "code" },
      { "budget", "money", "Budget {n+1}", cell = "money" },
      { "rate", "percent", "Rate", cell = "measure", field = "strategic_rate", year = -1 },
    },
    total = "Total", total_in = "code",
    notes = function(ctx) return { "noted in " .. ctx.lang } end,
  }
  local t = pagu.report(own, check.plan(), { unit = 1000000, lang = "en", stamp = false })
  equal(t.title, "Own 2024 Dinas Sosial dan Pemberdayaan Masyarakat\n(in millions of rupiah)")
  equal(t:columns()[2].title, "Budget 2025")
  equal(t[#t].budget, 6737)
  equal(t[7].rate, "not one number") -- "Cepat Berkembang"
  equal(t.notes[1]:match "^(.-):", "not one number")
  equal(t.notes[3], "noted in en")
end

function tests.layout__sums_lists_of_places_and_refuses_unknown_ones()
  local plan = check.plan()
  local t = pagu.report("tc33", plan, { only = { "1.06.05", "1.06.06" } })
  equal(t[#t].budget, plan:get "1.06.05" + plan:get "1.06.06")
  fails("unknown_key", "9.99", function() pagu.report("tc33", plan, { only = "9.99" }) end)
  fails("unknown_level", "sub_kegiatan", function() pagu.report("tc33", plan, { level = "desa" }) end)
  fails("argument", "1000", function() pagu.report("tc33", plan, { unit = 12 }) end)
end

check.run()
