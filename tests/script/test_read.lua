-- Reading: values, nodes, selections, columns.
local check = require "check"
local pagu = require "pagu"
local tests, equal, fails = check.tests, check.equal, check.fails

function tests.get__missing_is_nil_and_dash_is_zero_with_a_mark()
  local plan = check.plan()
  equal(select("#", plan:get("1.06.01.2.01.06", "budget", 2024)), 1)
  equal(plan:get("1.06.01.2.01.06", "budget", 2024), nil)
  local v, mark = plan:stage "need":get("1.06.01.2.05.01", "budget", 2024)
  equal(v, 0)
  equal(mark, "-")
end

function tests.get__money_is_an_integer()
  equal(math.type(check.plan():get("1.06", "budget", 2024)), "integer")
end

function tests.get__measure_gives_number_unit_and_text()
  local plan = check.plan()
  local v, unit = plan:get("1.06.04.2.01.01", "target", 2024)
  equal(v, 200)
  equal(unit, "Orang")
  local text = plan:get("2.13.04#1", "target", 2022)
  equal(text, "Cepat Berkembang")
  equal(select(2, plan["1.06.04.2.01.01"].target(2024)), "Orang")
end

function tests.get__defaults_are_budget_and_year_n()
  local plan = check.plan()
  equal(plan:get "1.06", plan:get("1.06", "budget", 2024))
end

function tests.get__reads_the_common_stage_where_the_stage_has_none()
  local plan = check.plan()
  equal(plan:get("/", "budget", 2022), 5176219306)
  equal(plan:get("/", "spent", 2022), 4958785649)
end

function tests.view__has_year_frame_and_meta()
  local plan = check.plan()
  equal(plan.year, 2024)
  equal(plan.first_year, 2020)
  equal(plan.last_year, 2027)
  equal(plan.meta.government, "Kota Tarakan")
  equal(plan.meta.nothing, nil)
  equal(plan.stage_id, "final")
end

function tests.view__find_gives_nil_message_code()
  local node, message, code = check.plan():find "9.99"
  equal(node, nil)
  check.is_true(message:find("9.99", 1, true))
  equal(code, "unknown_key")
  equal(check.plan():find("1.06").code, "1.06")
end

function tests.view__lists_what_the_plan_declares()
  local plan = check.plan()
  equal(#plan:stages(), 5)
  equal(plan:levels():rows()[6].level, "sub_kegiatan")
  equal(plan:fields():rows()[1].field, "budget")
  equal(plan:classes("fund")[1].id, "APBD")
end

function tests.view__hash_is_stable_and_64_digits()
  local plan = check.plan()
  equal(#plan:hash(), 64)
  equal(plan:hash(), check.plan():hash())
  local s = plan:branch "x"
  s:set("1.06.04.2.01.01", "budget", 2024, 1)
  check.is_true(s:hash() ~= plan:stage("final"):hash())
  s:undo()
  equal(s:hash(), plan:branch "y":hash())
end

function tests.plan__hash_is_of_all_its_content_and_a_stage_s_of_its_own()
  local plan = check.plan()
  local draft, need = plan:stage "draft":hash(), plan:stage "need":hash()
  check.is_true(plan:hash() ~= draft and draft ~= need and plan:hash() ~= plan:stage "final":hash())
end

function tests.view__by_sums_lines_by_class_and_foots()
  local plan = check.plan()
  local t, value = plan:by "unit", {}
  for row in t:each() do value[row.class or ""] = row.value end
  equal(t[#t].value, plan:get "/")
  equal(value["DinsosPM/umum"], plan:get "1.06.01")
  local s = plan:branch "x"
  s:cut { at = "1.06.01.2.09.09", percent = 50 }
  equal(s:by("unit", "budget", 2024)[3].value, value["DinsosPM/umum"] - 100000000)
  check.fails("unknown_tag", "fund", plan.by, plan, "dana")
  check.fails("unknown_field", "money", plan.by, plan, "fund", "target")
end

function tests.objects__say_what_they_are()
  local plan = check.plan()
  equal(tostring(plan), "Renja 2024, stage final")
  equal(tostring(plan:branch "uji"), 'scenario "uji" on stage final of Renja 2024')
  equal(tostring(plan:select { under = "1.06.06" }),
    'selection of 3 nodes of "final": 1.06.06, 1.06.06.2.01, 1.06.06.2.01.01')
  check.is_true(tostring(plan:lines()):find("of \"final\": 1.06.01.2.01.06, [%d., ]+, …$"))
  equal(tostring(plan["1.06"].budget), "budget of every year; one year is .budget[2024]")
end

function tests.node__has_code_name_level_parent()
  local n = check.plan()["1.06.04"]
  equal(n.code, "1.06.04")
  equal(n.key, "1.06.04")
  equal(n.name, "Program Rehabilitasi Sosial")
  equal(n.level, "program")
  equal(n.parent.code, "1.06")
  equal(n.parent, check.plan and n.parent)
  equal(n.view["/"].parent, nil)
  equal(n.leaf, false)
  equal(tostring(n), "1.06.04 Program Rehabilitasi Sosial")
end

function tests.node__equals_itself_found_again()
  local plan = check.plan()
  check.is_true(plan["1.06"] == plan["1.06.04"].parent)
  check.is_true(plan["1.06"] ~= plan["1.06.04"])
end

function tests.node__segments_that_differ_in_zeros_are_equal()
  equal(check.plan()["1.6.4"].code, "1.06.04")
end

function tests.node__children_come_three_ways()
  local kids = check.plan()["1.06"]:children()
  equal(#kids, 6)
  equal(kids[1].code, "1.06.01")
  equal(kids[7], nil)
  local by_call, by_each, by_index = {}, {}, {}
  for n in kids do by_call[#by_call + 1] = n.code end
  for n in kids:each() do by_each[#by_each + 1] = n.code end
  for _, n in ipairs(kids) do by_index[#by_index + 1] = n.code end
  equal(table.concat(by_call, " "), "1.06.01 1.06.02 1.06.04 1.06.05 1.06.06 1.06.07")
  equal(table.concat(by_each, " "), table.concat(by_call, " "))
  equal(table.concat(by_index, " "), table.concat(by_call, " "))
end

function tests.node__tag_gives_class_or_labels()
  local n = check.plan()["1.06.04.2.01.01"]
  equal(n.tag.fund, "APBD")
  equal(n.tag.pn[1], "01")
  equal(#n.tag.objective, 0)
end

function tests.node__indicators_know_their_node()
  local plan = check.plan()
  local ind = plan["1.06.04.2.01.01"]:indicators()[1]
  equal(ind.id, "1.06.04.2.01.01#1")
  equal(ind.node.code, "1.06.04.2.01.01")
  equal(ind.unit, "orang")
  equal(ind.polarity, "higher")
  equal(ind.target[2024], 200)
  equal(plan:indicator(ind.id), ind)
end

function tests.selection__set_algebra()
  local plan = check.plan()
  local programs = plan:select { level = "program" }
  local social = plan:select { under = "1.06" }
  equal(#programs, 8)
  equal(#(programs & social), 6)
  equal(#(programs - social), 2)
  equal(#(programs | social), #social + 2)
  equal(#(programs & "1.06.04"), 1)
  check.is_true(programs:has "1.06.04")
  check.is_true((programs & social) == (social & programs))
end

function tests.selection__where_by_function_and_by_mask_agree()
  local plan = check.plan()
  local programs = plan:select { level = "program" }
  local f = programs:where(function(n) return (n.budget[2024] or 0) > 100000000 end)
  local m = programs:where(programs.budget[2024]:gt(100000000))
  check.is_true(f == m)
  check.is_true(f == plan:select { level = "program", where = function(n) return (n.budget[2024] or 0) > 100000000 end })
end

function tests.selection__options_combine()
  local plan = check.plan()
  local s = plan:select { level = { "program", "kegiatan" }, under = { "1.06.04", "1.06.05" } }
  equal(table.concat(s:keys(), " "), "1.06.04 1.06.04.2.01 1.06.04.2.02 1.06.05 1.06.05.2.02")
  equal(#plan:select { "1.06.04", plan["1.06.05"], { "1.06.06" } }, 3)
  equal(#plan:select { tag = { pn = { "01" } }, under = "1.06.04", level = "sub_kegiatan" }, 8)
end

function tests.selection__on_another_view_drops_what_it_lacks()
  local plan = check.plan()
  local need = plan:stage "need"
  local s = need:select { under = "1.06.01.2.05" }
  equal(#s, 3)
  equal(#s:on(plan), 0)
end

function tests.selection__indicators_in_tree_order()
  local list = check.plan():select { under = "1.06.04.2.01" }:indicators()
  equal(list[1].owner, "1.06.04.2.01")
  equal(list[2].owner, "1.06.04.2.01.01")
end

function tests.column__aggregates()
  local plan = check.plan()
  local c = plan:select { level = "program" }.budget[2024]
  equal(c:sum(), plan:get "/")
  equal(c:max(), 3926440000)
  equal(c:min(), 43885970)
  equal(c:mean(), 6736773965 / 8)
  equal(c:at "1.06.04", 199433770)
  equal(c:values()["1.06.04"], 199433770)
  equal(#c, 8)
end

function tests.column__nothing_present_is_nil()
  local c = check.plan():select { level = "program" }.budget[2025]
  equal(c:sum(), nil)
  equal(c:mean(), nil)
end

function tests.column__arithmetic_is_exact()
  local plan = check.plan()
  local one = plan:select "1.06.04"
  equal((one.budget[2024] * 2 + 1):at "1.06.04", 398867541)
  equal((2 * one.budget[2024]):at "1.06.04", 398867540)
  equal((one.budget[2024] * 1.045):at "1.06.04", pagu.scale(199433770, 1.045))
  equal((-one.budget[2024]):at "1.06.04", -199433770)
  equal((one.budget[2024] / one.budget[2024]):at "1.06.04", 1)
  equal((one.budget[2024] - one.budget[2024]):at "1.06.04", 0)
end

function tests.column__masks_combine()
  local programs = check.plan():select { level = "program" }
  local c = programs.budget[2024]
  equal(#programs:where(c:ge(199433770) & c:le(199433770)), 1)
  equal(#programs:where(~c:eq(199433770)), 7)
  equal(#programs:where(c:lt(60000000) | c:gt(2000000000)), 4)
  equal(c:ne(199433770):sum(), 7)
end

function tests.column__each_is_in_tree_order()
  local keys = {}
  for node, value in check.plan():select { level = "program" }.budget[2024]:each() do
    keys[#keys + 1] = node.code .. "=" .. value
  end
  equal(keys[1], "1.06.01=3926440000")
  equal(#keys, 8)
end

function tests.column__prints_as_a_table()
  local text = tostring(check.plan():select { level = "program" }.budget[2024])
  check.is_true(text:find("3,926,440,000", 1, true))
end

function tests.column__sum_refuses_to_count_twice()
  local plan = check.plan()
  local c = plan:select { under = "1.06.04" }.budget[2024]
  fails("argument", "count twice", c.sum, c)
  equal(plan:select { under = "1.06.04" }:lines().budget[2024]:sum(), 199433770)
end

function tests.table__proposals_have_the_names_of_add()
  local row = check.plan():table "proposals":rows()[1]
  equal(row.key, "2.13.05.2.01.04")
  equal(row.budget, 30000000)
  equal(row.volume, 1)
  equal(row.id, "usulan-1")
  equal(row.location, "RT. 43 Kelurahan Karang Anyar")
end

function tests.table__other_documents_stay_as_they_are()
  local t = check.plan():table "texts"
  check.is_true(#t > 0)
  check.is_true(t:rows()[1].kind)
end

check.run()
