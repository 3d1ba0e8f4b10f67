-- Column algebra: indicators' columns, units, formulas, derived fields, assignment.
local check = require "check"
local pagu = require "pagu"
local tests, equal, is_true, fails = check.tests, check.equal, check.is_true, check.fails

local function json(fields, extra)
  return ([==[{
    "name": "kecil", "pagu": { "format": 1, "year": 2024, "years": [2022, 2026], "fields": [%s] },
    "resources": [
      { "name": "stages", "data": [["stage","name","kind","role","rank"],
        ["common","Umum","common","",0], ["need","Kebutuhan","plan","",1], ["final","Renja","plan","",2]] },
      { "name": "levels", "data": [["tree","level","rank","name"],
        ["main","plan",0,"Rencana"], ["main","program",1,"Program"], ["main","item",2,"Rincian"]] },
      { "name": "nodes", "data": [["node","level","name"], [".","plan","Semua"],
        ["1","program","Satu"], ["1.01","item","A"], ["1.02","item","B"], ["1.03","item","C"],
        ["2","program","Dua"], ["2.01","item","D"]] },
      { "name": "units", "data": [["unit","name","kind"], ["orang","orang","count"], ["unit","unit","count"], ["%%","%%","percent"]] },
      { "name": "amounts", "data": [["node","stage","period","budget","spent"],
        ["1.01","final",2024,1000,""], ["1.02","final",2024,333,""], ["1.03","final",2024,"-",""], ["2.01","final",2024,500,""],
        ["1.01","final",2025,40,""], ["1.01","need",2024,1200,""], ["1.01","common",2024,"",250], ["2.01","common",2024,"",0]] },
      { "name": "indicators", "data": [["indicator","owner","name","unit"],
        ["1.01#1","1.01","a","orang"], ["1.01#2","1.01","a2","unit"], ["1.02#1","1.02","b","orang"],
        ["1.03#1","1.03","c","unit"], ["2.01#1","2.01","d","%%"]] },
      { "name": "measures", "data": [["indicator","stage","period","field","value","unit","text"],
        ["1.01#1","final",2024,"target",4,"",""], ["1.01#1","final",2023,"target",3,"",""],
        ["1.01#2","final",2024,"target",2,"",""], ["1.02#1","final",2024,"target",0,"",""],
        ["1.02#1","final",2023,"target",5,"unit",""], ["1.03#1","final",2024,"target","","","390;320 Jenis"],
        ["2.01#1","final",2024,"target",80,"",""], ["2.01#1","final",2023,"target","-","",""]] }%s
    ] }]==]):format(fields or "", extra or "")
end

local function small(fields)
  pagu.lang "en"
  return assert(pagu.read_json(json(fields), "kecil.json"))
end

function tests.indicators__are_a_list_that_columns_are_made_of()
  local plan = small()
  local list = plan:select { under = "1" }:indicators()
  equal(#list, 4)
  equal(list[2].id, "1.01#2")
  equal(list[5], nil)
  equal(table.concat(list:ids(), " "), "1.01#1 1.01#2 1.02#1 1.03#1")
  local ids = {}
  for ind in list do ids[#ids + 1] = ind.id end
  for _, ind in ipairs(list) do ids[#ids + 1] = ind.id end
  for ind in list:each() do ids[#ids + 1] = ind.id end
  equal(#ids, 12)
  equal(pagu.type(list), "indicators")
  equal(tostring(list), '4 indicators of "final": 1.01#1, 1.01#2, 1.02#1, 1.03#1')
  equal(#list:nodes(), 3)
  equal(list.target[2024]:at "1.01#2", 2)
  equal(list.target[2024]:values()["1.03#1"], "390;320 Jenis")
  equal(list.target[2024]:count(), 4)
end

function tests.indicators__money_is_that_of_their_node()
  local list = small():select { under = "1" }:indicators()
  local cost = list.budget[2024] / list.target[2024]
  equal(cost:at "1.01#1", 250)
  equal(cost:at "1.01#2", 500)
  local value, unit, reason = cost:at "1.02#1"
  equal(value, nil)
  equal(reason, "zero divisor")
  equal(select(3, cost:at "1.03#1"), "not one number")
  equal(cost:count(), 2)
  fails("argument", "count once for each", function() return list.budget[2024]:sum() end)
end

function tests.indicators__unlike_units_are_a_state_of_a_cell_and_the_rest_stands()
  local plan = small()
  local sel = plan:select { level = "item" }
  local sum = sel.target[2024] + sel.target[2023]
  equal(sum:at "1.01", 7)
  equal(select(2, sum:at "1.01"), "orang")
  equal(select(3, sum:at "1.02"), "unit clash")
  equal(select(3, sum:at "1.03"), "not one number")
  equal(sum:at "2.01", 80)
  equal(select(3, sel.target[2024]:sum()), "unit clash")
  local people, unit = plan:select { "1.01", "1.02" }.target[2024]:sum()
  equal(people, 4)
  equal(unit, "orang")
  equal(select(3, plan:formula("sum(item, target)")), "unit clash")
  equal(plan:formula "count(item, target)", 4)
end

function tests.columns__masks_select_indicators_too()
  local list = small():select {}:indicators()
  equal(table.concat(list:where(list.target[2024]:gt(1) & ~list.target[2024]:gt(50)):ids(), " "), "1.01#1 1.01#2")
  equal(table.concat(list:where(list.target[2024]:eq "390;320 Jenis"):ids(), " "), "1.03#1")
  equal(#list:where(function(ind) return ind.unit == "orang" end), 2)
  fails("argument", "takes a mask", list.where, list, list.target[2024])
  local other = small():select {}:indicators()
  fails("argument", "different selections", list.where, list, other.target[2024]:gt(1))
end

function tests.columns__of_targets_are_assigned_as_one_step()
  local s = small():branch "x"
  local list = s:select { under = "1" }:indicators()
  list.target[2025] = list.target[2024] * 1.5
  equal(s:get("1.01#1", "target", 2025), 6)
  equal(s:get("1.02#1", "target", 2025), 0)
  equal(s:get("1.03#1", "target", 2025), nil) -- a text times a number is none
  equal(#s:journal(), 1)
  s:undo()
  equal(s:get("1.01#1", "target", 2025), nil)
  list.target[2026] = list.target[2024]
  equal(s:get("1.03#1", "target", 2026), "390;320 Jenis")
  s:undo()
  local sel = s:select { level = "item" }
  sel.target[2025] = sel.target[2024] + 1
  equal(s:get("1.01", "target", 2025), 5)
  equal(s:get("1.01#2", "target", 2025), nil, "only the main indicator")
  equal(#s:journal(), 1)
  list.achieved[2024] = 7
  equal(s:get("1.01#2", "achieved", 2024), 7)
  local err = fails("unit_clash", "unlike units", function() sel.target[2026] = sel.target[2024] + sel.target[2023] end)
  equal(err.node, "1.02#1")
  equal(s:get("1.01", "target", 2026), nil, "a failed assignment changes nothing")
  fails("unknown_field", "ask its node", function() list.budget[2025] = 1 end)
end

function tests.columns__of_another_selection_or_view_are_not_assigned()
  local plan = small()
  local s = plan:branch "x"
  local sel = s:select { level = "item" }
  fails("argument", "different selections", function() sel.budget[2025] = plan:select { level = "item" }.budget[2024] end)
  fails("argument", "different selections", function() sel.budget[2025] = s:select { "1.01" }.budget[2024] end)
  sel.budget[2025] = s:select { level = "item" }.budget[2024]
  equal(s:get("1.01", "budget", 2025), 1000)
  fails("wrong_level", "/ is a sum", function() s:select {}.budget[2025] = 5 end)
end

function tests.columns__of_money_mixed_with_numbers_round_once()
  local s = small():branch "x"
  local sel = s:select { "1.01", "1.02" }
  sel.budget[2025] = sel.budget[2024] / 7 -- 142.857, 47.571
  equal(s:get("1.01", "budget", 2025), 143)
  equal(s:get("1.02", "budget", 2025), 48)
  sel.budget[2025] = sel.budget[2024] * sel.target[2024] / 3
  equal(s:get("1.01", "budget", 2025), 1333)
  equal(s:get("1.02", "budget", 2025), 0)
end

function tests.formula__fields_of_the_package_read_like_any_other()
  local plan = small [[{ "id": "double_cost", "expr": "unit_cost * 2" },
    { "id": "unit_cost", "title": "Biaya satuan", "expr": "budget / target" },
    { "id": "growth", "expr": "(budget - budget[-1]) / budget[-1]" }, { "id": "big", "expr": "budget > 400" }]]
  equal(plan:get("1.01", "unit_cost", 2024), 250)
  equal(plan["1.01"].unit_cost[2024], 250)
  equal(plan["1.01"].double_cost[2024], 500)
  equal(plan:get("1.01#2", "unit_cost", 2024), 500)
  equal(select(3, plan:get("1.02", "unit_cost", 2024)), "zero divisor")
  equal(plan["1.01"].growth[2025], -0.96)
  equal(plan["1.01"].growth[2022], nil, "no year before the frame's first")
  equal(plan["1.01"].big[2024], true)
  local sel = plan:select { level = "item" }
  equal(sel.unit_cost[2024]:max(), 250)
  equal(#sel:where(sel.big[2024]), 2)
  local s = plan:branch "x"
  s["1.01"].budget[2024] = 2000
  equal(s["1.01"].unit_cost[2024], 500)
  fails("unknown_field", "is computed and can't be set", function() s["1.01"].unit_cost[2024] = 1 end)
  fails("unknown_field", "is computed and can't be set", s.set, s, "1.01", "unit_cost", 2024, 1)
  local rows = {}
  for r in plan:fields():each() do rows[r.field] = r end
  equal(rows.unit_cost.kind, "derived")
  equal(rows.unit_cost.formula, "budget / target")
end

function tests.formula__of_a_package_counts_for_the_hash()
  local with, without = small [[{ "id": "a", "expr": "budget * 2" }]], small()
  local other = small [[{ "id": "a", "expr": "budget * 3" }]]
  is_true(with:hash() ~= without:hash() and with:hash() ~= other:hash())
  local before = without:hash()
  without:field("a", "budget * 2")
  equal(without:hash(), before, "a script's field is no part of the plan")
end

function tests.formula__faults_of_a_package_are_findings_with_a_place()
  pagu.lang "en"
  local faults = {
    ['{ "id": "a", "expr": "budgit" }'] = 'formula, character 1: unknown field "budgit"',
    ['{ "id": "a", "expr": "budget +" }'] = "formula, character 9: a number, a field",
    ['{ "id": "a", "expr": "b" }, { "id": "b", "expr": "1 + a" }'] = 'character 1: "a" is made of itself: a -> b -> a',
    ['{ "id": "a", "expr": "a" }'] = '"a" is made of itself: a -> a',
    ['{ "id": "a", "expr": "budget * budget" }'] = "formula, character 8: money times money",
    ['{ "id": "budget", "expr": "1" }'] = 'field "budget" holds values',
    ['{ "id": "1a", "expr": "1" }'] = '"1a" can\'t name a field',
    ['{ "id": "a", "expr": "1" }, { "id": "a", "expr": "2" }'] = 'field "a" has two formulas: 1, and 2',
    ['{ "id": "a", "expr": "1", "unit": "x" }'] = "unknown key",
    ['{ "id": "a" }'] = "is missing",
    ['7'] = "must be an object",
  }
  for fields, message in pairs(faults) do
    local plan, _, code, findings = pagu.read_json(json(fields), "kecil.json")
    equal(plan, nil, fields)
    equal(code, "package", fields)
    local said = findings:csv()
    is_true(said:find(message:gsub('"', '""'), 1, true), fields .. ": " .. said)
  end
end

function tests.formula__a_column_of_amounts_keeps_its_name()
  pagu.lang "en"
  local text = json '{ "id": "pledged", "expr": "budget * 2" }'
  local before, rows, after = text:match '^(.-"amounts", )("data": .-%]%] })(.*)$'
  rows = rows:gsub("%]([,%]])", ',""]%1'):gsub('""', '"pledged"', 1):gsub('%[%["node".-%]', function(header)
    return (header:gsub('""', '"pledged"'))
  end)
  local schema = [["schema": { "fields": [{ "name": "node", "type": "string" }, { "name": "stage", "type": "string" },
    { "name": "period", "type": "string" }, { "name": "budget", "type": "integer" },
    { "name": "spent", "type": "integer" }, { "name": "pledged", "type": "integer" }] }, ]]
  local plan, _, code, findings = pagu.read_json(before .. schema .. rows .. after, "kecil.json")
  equal(plan, nil)
  equal(code, "package")
  is_true(findings:csv():find('field ""pledged"" holds values', 1, true), findings:csv())
end

function tests.formula__fields_of_scripts_may_be_defined_again()
  local plan = small [[{ "id": "unit_cost", "expr": "budget / target" }]]
  plan:field("x", "budget * 2")
  local old = plan:select { "1.01" }.x[2024]
  plan:field("x", "budget * 3")
  equal(plan["1.01"].x[2024], 3000)
  equal(old:at "1.01", 2000, "a column keeps what it was made with")
  plan:field("y", "x + 1")
  equal(plan["1.01"].y[2024], 3001)
  fails("duplicate_key", 'a field "unit_cost" already', plan.field, plan, "unit_cost", "1")
  fails("duplicate_key", 'a field "budget" already', plan.field, plan, "budget", "1")
  fails("argument", "can't name a field", plan.field, plan, "a b", "1")
  fails("syntax", "character 2", plan.field, plan, "z", "(")
  local all = plan:select {}
  plan:field("share", all.budget.own / 1000)
  equal(plan["1.01"].share[2025], 0.04)
  for i = 1, 300 do
    local ok, err = pcall(plan.field, plan, "f" .. i, "budget + " .. i)
    if not ok then
      equal(err.code, "limit")
      return
    end
  end
  error "no limit"
end

function tests.formula__is_explained_by_its_operands()
  local plan = small [[{ "id": "unit_cost", "expr": "budget / target" },
    { "id": "growth", "expr": "(unit_cost - unit_cost[2023]) / sum(lines, budget)" }]]
  local s = plan:branch "x"
  s:set { { "1.01", "target", 2024, 5 }, reason = "lebih banyak" }
  s["1.01"].budget[2024] = 2000
  local function shape(t)
    local out = {}
    for r in t:each() do out[#out + 1] = ("%d %s %s=%s"):format(r.depth, r.kind, r.name, tostring(r.value)) end
    return table.concat(out, "; ")
  end
  equal(shape(s:explain("1.01", "unit_cost", 2024)),
    "0 formula unit_cost 2024=400; 1 edit budget 2024=2000; 1 edit target 2024=5")
  local rows = s:explain("1.01", "unit_cost", 2024):rows()
  equal(rows[1].reason, "budget / target")
  equal(rows[3].was, 4)
  equal(rows[3].reason, "lebih banyak")
  equal(rows[3].verb, "set")
  is_true(rows[2].source:find "test_columns.lua:%d+")
  equal(shape(plan:explain("1.02", "growth", 2024)),
    "0 formula growth 2024=nil; 1 formula unit_cost 2024=nil; 2 input budget 2024=333; 2 input target 2024=0; " ..
    "1 formula unit_cost 2023=nil; 2 missing budget 2023=nil; 2 input target 2023=5; 1 aggregate sum=1833")
  equal(plan:explain("1.02", "unit_cost", 2024)[1].reason, "budget / target: zero divisor")
  equal(shape(plan:explain("1", "unit_cost", 2024)),
    "0 formula unit_cost 2024=nil; 1 rollup budget 2024=1333; 1 missing target 2024=nil")
  equal(shape(plan:explain("1.01#2", "target", 2024)), "0 input target 2024=2")
  equal(shape(plan:explain("1.01", "growth", 2024, { depth = 1 })),
    "0 formula growth 2024=nil; 1 formula unit_cost 2024=250; 1 formula unit_cost 2023=nil; 1 aggregate sum=1833")
end

function tests.formula__printed_expressions_of_the_sample_all_compute()
  local plan, n = check.plan(), 0
  for r in plan:table "printed":each() do
    if r.expr then
      n = n + 1
      is_true(math.type(plan:formula(r.expr)) == "integer", r.expr)
    end
  end
  equal(n, 14)
  equal(plan:formula "count(objective:goal)", 3)
  equal(plan:formula "meta.year + 1", 2025)
end

function tests.formula__language()
  local plan = small()
  local cases = {
    { "1 + 2 * 3", 7 }, { "(1 + 2) * 3", 9 }, { "-2 * -3", 6 }, { "7 / 2", 3.5 }, { "10 - 2 - 3", 5 },
    { "12.5%", 0.125 }, { "budget[2024] * 1.045", 1915 }, { "1 < 2 and not 2 < 1", true }, { "1 = 1 or 1/0 = 1", true },
    { "1 != 1", false }, { "1 ~= 2", true }, { "2 >= 2", true }, { "2 <> 2", false }, { "1/0 = 1", false },
    { "if(1 < 2, 10, 20)", 10 }, { "default(spent[2026], 5)", 5 }, { "present(spent)", true },
    { "min(3, 1, 2)", 1 }, { "max(budget, 5)", 1833 }, { "abs(-5)", 5 }, { "round(1250, 100)", 1300 },
    { "round(-1250, 100)", -1300 }, { "round(1.005 + 1, 0.1)", 2 }, { "money(7 / 2)", 4 },
    { "sum(lines, budget)", 1833 }, { "sum(item under '1', budget)", 1333 }, { "count(lines under '1')", 3 },
    { "count(nodes)", 7 }, { "mean(lines, budget)", 458.25 }, { "max(item, budget)", 1000 }, { "min(item, budget)", 0 },
    { "count(item, budget >= 500)", 2 }, { "count(item, budget)", 3 }, { "sum(children, budget)", 1833 },
    { "count(indicators)", 0 }, { "budget@need", 1200 }, { "budget@need[2024] - budget", -633 }, { "budget[2024]@need", 1200 },
    { "budget[n+1]", 40 }, { "budget[year+1]", 40 }, { "budget[+1]", 40 }, { "budget[-2]", nil }, { "meta.first_year", 2022 },
    { "count(item, target = '390;320 Jenis')", 1 }, { "spent[2024Q1]", nil }, { "budget[..year]", nil },
    { "sum(lines under here, budget)", 1833 },
  }
  for _, c in ipairs(cases) do equal((plan:formula(c[1])), c[2], c[1]) end
  equal(plan:formula("count(indicators, target > 2)", "1.01"), 1)
  equal(plan:formula("sum(lines under here, budget)", "1"), 1333)
  equal(plan:formula("budget", "1.01", 2025), 40)
  equal(plan:formula("budget * 2", "1.01#2"), 2000)
end

function tests.formula__faults_name_the_character()
  local plan = small()
  local faults = {
    { "", "syntax", "character 1: a number, a field or \"(\" is expected, not the end" },
    { "budget)", "syntax", "character 7: an operator or the end is expected, not )" },
    { "1.000.000", "bad_number", "character 1: a number is written plainly" },
    { "12abc", "bad_number", "character 1" },
    { "12345678901234567890", "bad_number", "too many digits" },
    { "budget[1999]", "out_of_frame", "character 8: period 1999 is outside the years 2022 to 2026" },
    { "budget[foo]", "out_of_frame", "character 8" },
    { "budget[]", "out_of_frame", "a period is expected" },
    { "budget[2024", "syntax", "has no \"]\"" },
    { "budget@rancangan", "unknown_stage", "character 8" },
    { "absorption@need", "argument", "is computed" },
    { "sum(foo, budget)", "unknown_level", "character 5" },
    { "sum(foo:bar, budget)", "unknown_tag", "character 5" },
    { "sum(nodes, budget)", "argument", "count twice" },
    { "sum(item, budget > 1)", "argument", "works on amounts" },
    { "count(children under here)", "syntax", "can be narrowed" },
    { "count(item under 1.06)", "syntax", "a key in quotes" },
    { "count(item under '9.9')", "unknown_key", nil },
    { "panjang(1)", "syntax", "there is no function \"panjang\"" },
    { "if(1, 2, 3)", "argument", "a condition" },
    { "if(1 > 2, 2)", "argument", "takes 3 values" },
    { "if(1 > 2, 2, 'a')", "argument", "different kinds" },
    { "'a' + 1", "argument", "does not work on text" },
    { "1 < 2 < 3", "argument", "not on masks" },
    { "1 and 2", "argument", "combines masks" },
    { "round(budget, 0.5)", "argument", "whole unit" },
    { "round(budget, 0)", "argument", "above 0" },
    { "meta.nothing", "not_found", "says nothing" },
    { "meta.", "syntax", "after the point" },
    { "é", "syntax", "means nothing here" },
    { "1 ! 2", "syntax", "write not" },
    { "'abc", "syntax", "no closing quote" },
    { ("("):rep(200) .. "1", "limit", "100 deep" },
    { ("-"):rep(200) .. "a", "limit", "100 deep" },
    { "1" .. (" + 1"):rep(2000), "limit", nil },
    { ("1 +"):rep(2000), "limit", "at most 4000 bytes" },
  }
  for _, f in ipairs(faults) do fails(f[2], f[3], plan.formula, plan, f[1]) end
end

check.run()
