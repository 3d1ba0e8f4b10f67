-- s:project by fitted methods and s:forward, on a plan with six years of history.
local check = require "check"
local pagu = require "pagu"
local tests, equal, fails = check.tests, check.equal, check.fails

local function near(got, wanted, tolerance)
  if math.abs(got - wanted) > (tolerance or 1e-9) then error(("%.15g instead of %.15g"):format(got, wanted), 2) end
end

--- A plan of year 2024 with a program of four lines; amounts and measures by line of { …, period, value }.
local function plan()
  pagu.lang "en"
  local rows = {}
  local function add(list, ...) list[#list + 1] = '["' .. table.concat({ ... }, '","') .. '"]' end
  local nodes, amounts, measures, indicators = {}, {}, {}, {}
  add(nodes, "node", "parent", "level", "code", "name", "sign", "stages")
  add(nodes, ".", "", "plan", "-", "Plan", "", "")
  add(nodes, "1", "", "program", "1", "Program", "", "")
  for i, name in ipairs { "Straight", "Rough", "Young", "Ended" } do
    add(nodes, "1." .. i, "", "kegiatan", "1." .. i, name, "", "")
  end
  add(amounts, "node", "stage", "period", "budget", "spent")
  local budgets = {
    ["1.1"] = { [2019] = 100, [2020] = 110, [2021] = 120, [2023] = 140, [2024] = 150 },
    ["1.2"] = { [2019] = 400, [2020] = 380, [2021] = 520, [2022] = 410, [2023] = 700, [2024] = 640 },
    ["1.3"] = { [2023] = 50, [2024] = 60 },
    ["1.4"] = { [2019] = 10, [2020] = 20, [2021] = 30 },
  }
  for _, key in ipairs { "1.1", "1.2", "1.3", "1.4" } do
    for year = 2019, 2024 do
      local value = budgets[key][year]
      if value then add(amounts, key, year == 2024 and "dpa" or "common", ("%d"):format(year), ("%d000000"):format(value), year < 2024 and ("%d500000"):format(value - 10) or "") end
    end
  end
  add(amounts, "1.1", "renstra", "2025", "165000000", "")
  for q = 1, 2 do add(amounts, "1.1", "common", "2024Q" .. q, "", "30000000") end
  add(indicators, "indicator", "owner", "type", "name", "unit", "polarity", "over_time", "over_children", "weight", "definition")
  add(indicators, "1#1", "1", "outcome", "Coverage", "%", "higher", "", "", "", "")
  add(indicators, "1.1#1", "1.1", "output", "People", "orang", "higher", "", "", "", "")
  add(indicators, "1.2#1", "1.2", "output", "Complaints", "orang", "lower", "", "", "", "")
  add(measures, "indicator", "stage", "period", "field", "value", "unit", "text")
  for i, value in ipairs { 60, 70, 80, 90, 98, 99 } do
    add(measures, "1#1", i == 6 and "dpa" or "common", ("%d"):format(2018 + i), "target", tostring(value), "", "")
  end
  for i, value in ipairs { 10, 20, 30, 40, 50, 60 } do
    local stage, year = i == 6 and "dpa" or "common", ("%d"):format(2018 + i)
    add(measures, "1.1#1", stage, year, "target", tostring(value), "", "")
    add(measures, "1.2#1", stage, year, "target", tostring(value), "", "")
    if i < 6 then add(measures, "1.1#1", "common", year, "achieved", tostring(value), "", "") end
  end
  add(measures, "1.1#1", "renstra", "..2026", "target", "350", "", "")
  add(measures, "1#1", "renstra", "..2026", "target", "100", "", "")
  for _, pair in ipairs {
    { "stages", '["stage","name","kind","role","rank"],["common","Common","common","","0"],["renstra","Renstra","reference","strategic","1"],["dpa","DPA","plan","","2"]' },
    { "levels", '["tree","level","rank","name","name_en","length"],["main","plan","0","Plan","Plan","0"],["main","program","1","Program","Program","1"],["main","kegiatan","2","Kegiatan","Activity","2"]' },
    { "nodes", table.concat(nodes, ",") }, { "amounts", table.concat(amounts, ",") },
    { "units", '["unit","name","kind","synonyms","over_time","over_children","scale","categories"],["orang","Orang","count","","sum","none","",""],["%","%","percent","","last","none","",""]' },
    { "indicators", table.concat(indicators, ",") }, { "measures", table.concat(measures, ",") },
  } do
    rows[#rows + 1] = ('{"name":"%s","data":[%s]}'):format(pair[1], pair[2])
  end
  return assert(pagu.read_json(('{"name":"p","pagu":{"format":1,"year":2024,"years":[2019,2027],"strategic":{"start":2022,"end":2026,"name":"Renstra"}},"resources":[%s]}'):format(table.concat(rows, ","))))
end

local function scenario()
  local p = plan()
  return p:branch "s", p
end

local function juta(x) return x * 1000000 end

local function row_of(t, key, year)
  for row in t:each() do
    if row.key == key and row.year == year then return row end
  end
  error("no row of " .. key)
end

function tests.project__a_missing_year_counts_as_time()
  local s = scenario()
  local t = s:project { at = "1.1", method = "linear", years = 3 }
  for i, year in ipairs { 2025, 2026, 2027 } do equal(s:get("1.1", "budget", year), juta(150 + 10 * i)) end
  local row = row_of(t, "1.1", 2026)
  equal(row.method, "linear")
  equal(row.n, 5)
  near(row.mae, 0, 1e-6)
  equal(row.low, juta(170))
end

function tests.project__errors_and_intervals_are_those_of_the_forecast()
  local s = scenario()
  local series = {}
  for year = 2019, 2024 do series[year] = s:get("1.2", "budget", year) end
  local f = pagu.forecast(series, { method = "theil_sen", to = 2025, level = 90 })
  local row = row_of(s:project { at = "1.2", method = "theil_sen", level = 90, unit = 1000 }, "1.2", 2025)
  near(row.mae, f.mae)
  near(row.mape, f.mape)
  equal(row.new, pagu.round(math.floor(f[2025].value + 0.5), 1000))
  near(row.high, f[2025].high, 1000)
  equal(row.new % 1000, 0)
end

function tests.project__auto_tells_why_and_what_else_was_tried()
  local s = scenario()
  local t, tried = s:project { at = { "1.1", "1.2" }, method = "auto" }
  equal(row_of(t, "1.1", 2025).method, "drift")
  check.is_true(row_of(t, "1.1", 2025).reason:find("drift has the least error", 1, true))
  local best, chosen = math.huge, nil
  for row in tried:each() do
    if row.key == "1.2" then
      best = math.min(best, row.mae)
      if row.chosen then chosen = row end
    end
  end
  equal(chosen.mae, best)
  equal(row_of(t, "1.2", 2025).method, chosen.method)
end

function tests.project__short_history_is_refused_skipped_or_done_otherwise()
  local s = scenario()
  local before = s:hash()
  fails("no_history", "1.3: linear needs values of 3 years, and there are 2: 2023, 2024", s.project, s, { method = "linear" })
  equal(s:hash(), before)
  local t = s:project { method = "linear", on_short = "skip" }
  equal(s:get("1.3", "budget", 2025), nil)
  check.is_true(t.notes[#t.notes]:find("1.3", 1, true))
  s:undo()
  t = s:project { method = "linear", on_short = "naive" }
  equal(s:get("1.3", "budget", 2025), juta(60))
  equal(row_of(t, "1.3", 2025).method, "naive")
  fails("argument", "on_short", s.project, s, { method = "linear", on_short = "growth" })
end

function tests.project__what_ended_is_not_revived()
  local s = scenario()
  s:project { method = "naive" }
  equal(s:get("1.4", "budget", 2025), nil)
  equal(s:get("1", "budget", 2025), juta(150 + 640 + 60))
end

function tests.project__methods_by_key_the_nearest_decides()
  local s = scenario()
  local t = s:project { method = { ["/"] = "growth", ["1.1"] = "linear", ["1.2"] = "mean" }, growth = 10 }
  equal(s:get("1.1", "budget", 2025), juta(160))
  equal(s:get("1.2", "budget", 2025), math.floor(3050000000 / 6 + 0.5))
  equal(s:get("1.3", "budget", 2025), juta(66))
  equal(row_of(t, "1.3", 2025).method, nil)
  equal(#s:journal(), 1)
end

function tests.project__a_place_is_projected_and_its_lines_follow_exactly()
  local s = scenario()
  local t = s:project { at = "1", each = "place", method = "drift", years = 2, unit = 1000 }
  local past = {}
  for year = 2019, 2024 do past[year] = s:get("1", "budget", year) end
  local f = pagu.forecast(past, { method = "drift", to = { 2025, 2026 } })
  for _, year in ipairs { 2025, 2026 } do
    local total = pagu.round(math.floor(f[year].value + 0.5), 1000)
    equal(s:get("1", "budget", year), total)
    equal(row_of(t, "1", year).new, total)
    equal(s:lines "1".budget[year]:sum(), total)
  end
  equal(row_of(s:project { each = "program", method = "drift", dry = true }, "1", 2025).new, s:get("1", "budget", 2025) // 1000 * 1000)
  fails("unknown_level", nil, s.project, s, { each = "dinas", method = "drift" })
end

function tests.project__money_stays_at_zero_or_above_with_a_flag()
  local s = scenario()
  s:set("1.1", "budget", 2024, 1000000)
  s:set("1.1", "budget", 2023, 60000000)
  local row = row_of(s:project { at = "1.1", method = "drift", years = 3 }, "1.1", 2027)
  equal(row.new, 0)
  equal(row.flag, "below zero, made 0")
  equal(row.low, 0)
end

function tests.project__percentages_stay_within_bounds_and_counts_whole()
  local s = scenario()
  local t = s:project { field = "target", method = "linear", years = 2 }
  equal(s:get("1#1", "target", 2026), 100)
  equal(row_of(t, "1#1", 2026).flag, "bounded to 0-100")
  equal(s:get("1.1#1", "target", 2025), 70)
  equal(math.type(s:get("1.1#1", "target", 2025)), "integer")
  equal(row_of(t, "1.2#1", 2025).flag, "worse than now")
  equal(row_of(t, "1.1#1", 2025).flag, nil)
end

function tests.project__realised_values_can_be_the_past_of_targets()
  local s = scenario()
  s:project { at = "1.1", field = "target", history = "achieved", method = "linear" }
  equal(s:get("1.1#1", "target", 2025), 70)
end

function tests.project__absorption_and_quarters_estimate_spending()
  local s = scenario()
  s:project { at = "1.2", field = "spent", method = "absorption", years = { 2024 } }
  local spent, budget = 0, 0
  for year = 2019, 2023 do
    spent, budget = spent + s:get("1.2", "spent", year), budget + s:get("1.2", "budget", year)
  end
  equal(s:get("1.2", "spent", 2024), pagu.muldiv(juta(640), spent, budget))
  s:project { at = "1.1", field = "spent", method = "run_rate", years = { 2024 } }
  equal(s:get("1.1", "spent", 2024), juta(120))
  fails("no_history", "1.3", s.project, s, { at = "1.3", field = "spent", method = "run_rate", years = { 2024 } })
end

function tests.project__renstra_gives_its_budget_and_the_path_of_targets()
  local s = scenario()
  s:project { at = "1.1", method = "renstra" }
  equal(s:get("1.1", "budget", 2025), juta(165))
  fails("no_history", "1.1 has no budget of 2026", s.project, s, { at = "1.1", method = "renstra", years = { 2026 } })
  fails("no_history", "ends in 2026, so that 2027", s.project, s, { at = "1.1", method = "renstra", years = { 2027 } })
  s:project { at = "1.1", field = "target", method = "renstra", years = 2 }
  local done = s:get("1.1#1", "cumulative", 2024)
  equal(s:get("1.1#1", "target", 2025) + s:get("1.1#1", "target", 2026), 350 - done)
end

function tests.forward__prices_volumes_and_indexes_multiply()
  local s = scenario()
  s:forward { at = "1.1", growth = 5, volume = 10, index = { [2025] = 102 } }
  equal(s:get("1.1", "budget", 2025), 176715000)
  s:undo()
  s:forward { at = "1.1", growth = { ["/"] = 50, ["1.1"] = 10 }, years = 3 }
  equal(s:get("1.1", "budget", 2027), 199650000)
  s:undo()
  s:forward { at = "1.1", index = { [2025] = 110, [2026] = 121 }, years = 2 }
  equal(s:get("1.1", "budget", 2026), 181500000)
  fails("argument", "index[2026]", s.forward, s, { at = "1.2", index = { [2025] = 110 }, years = 2 })
end

function tests.forward__unit_cost_follows_next_years_target()
  local s = scenario()
  s:forward { at = "1.1", method = "unit_cost", targets = 50 }
  equal(s:get("1.1#1", "target", 2025), 90)
  equal(s:get("1.1", "budget", 2025), juta(225))
  s:undo()
  s:forward { at = "1.1", method = "unit_cost", targets = 50, growth = 10 }
  equal(s:get("1.1", "budget", 2025), 247500000)
  fails("no_history", "1.3", s.forward, s, { at = "1.3", method = "unit_cost", targets = "none" })
end

function tests.forward__a_hand_stands_beside_the_method()
  local s = scenario()
  local t = s:forward { growth = 10, manual = { ["1.1"] = 170000000 }, reason = "contract" }
  local row = row_of(t, "1.1", 2025)
  equal(row.new, 170000000)
  equal(row.computed, 165000000)
  equal(row.method, "manual")
  equal(row.flag, "set by hand")
  equal(s:get("1.2", "budget", 2025), 704000000)
  local kept = s:projection():rows()[1]
  equal(kept.computed, 165000000)
  equal(kept.value, 170000000)
  equal(kept.method, "manual")
end

function tests.forward__the_next_year_starts_from_the_hand()
  local s = scenario()
  s:forward { at = "1.1", growth = 10, manual = { ["1.1"] = 200000000 }, years = 2 }
  equal(s:get("1.1", "budget", 2026), 220000000)
end

function tests.forward__what_stops_has_dashes()
  local s = scenario()
  local t = s:forward { growth = 10, stop = { "1.2" }, years = 2 }
  for _, year in ipairs { 2025, 2026 } do
    local value, mark = s:get("1.2", "budget", year)
    equal(value, 0)
    equal(mark, "-")
    local _, unit = s:get("1.2#1", "target", year)
    equal(unit, "-")
  end
  equal(row_of(t, "1.2", 2025).flag, "stopped")
  equal(s:get("1.1", "budget", 2026), 181500000)
end

function tests.forward__takes_fitted_methods_and_the_strategic_plan()
  local s = scenario()
  s:forward { method = { ["/"] = "linear", ["1.3"] = "index" }, growth = 10, targets = "renstra", years = 2, on_short = "skip" }
  equal(s:get("1.1", "budget", 2026), juta(170))
  equal(s:get("1.3", "budget", 2026), 72600000)
  equal(s:get("1#1", "target", 2026), 100)
end

function tests.projection__the_journal_keeps_method_error_and_interval()
  local s = scenario()
  local t = s:project { at = "1.2", method = "linear", years = 2, reason = "trend" }
  local kept = s:projection():rows()
  equal(#kept, 2)
  equal(kept[2].year, 2026)
  near(kept[2].mae, row_of(t, "1.2", 2026).mae)
  equal(kept[2].low, row_of(t, "1.2", 2026).low)
  equal(kept[2].level, 80)
end

function tests.project__is_atomic_dry_and_undone()
  local s = scenario()
  local before = s:hash()
  for _, o in ipairs {
    { method = "auto", on_short = "naive", years = 3 }, { each = "place", at = "1", method = "ses", alpha = 0.5 },
    { field = "target", method = "holt", beta = { ["/"] = 0.2, ["1.1"] = 0 } },
  } do
    o.dry = true
    local told = tostring(s:project(o))
    equal(s:hash(), before)
    o.dry = nil
    equal(tostring(s:project(o)), told)
    equal(#s:journal(), 1)
    s:undo()
    equal(s:hash(), before)
  end
end

function tests.project__refuses_what_makes_no_sense()
  local s = scenario()
  fails("argument", "alpha must lie between 0 and 1", s.project, s, { at = "1.2", method = "ses", alpha = 2 })
  fails("argument", '"alpha" is a number', s.project, s, { method = "ses", alpha = "x" })
  fails("argument", "there are absorption", s.project, s, { method = "guess" }) 
  fails("argument", 'each is "line"', s.project, s, { method = "naive", each = 1 })
  fails("argument", "money only", s.project, s, { field = "target", method = "run_rate" })
  fails("out_of_frame", "2028", s.project, s, { at = "1.1", method = "linear", years = 4 })
end

function tests.forecast__refuses_hostile_input()
  pagu.lang "en"
  local series = { [2020] = 1, [2021] = 2, [2022] = 4 }
  for _, x in ipairs { 5, "x", { a = 1 }, { [2020] = "1" }, { [2020] = 0 / 0 }, { [2020] = 1, [1 / 0] = 2 } } do
    fails("argument", nil, pagu.forecast, x)
  end
  for _, o in ipairs {
    { to = "x" }, { to = { "x" } }, { to = 0 / 0 }, { method = 5 }, { method = "x" }, { level = 0 / 0 }, { level = 100 },
    { start = {} }, { alpha = "x" }, { phi = 0, method = "damped" }, { unknown = 1 },
  } do
    local ok, err = pcall(pagu.forecast, series, o)
    equal(ok, false)
    equal(type(err), "table")
  end
  fails("no_history", "there are none", pagu.forecast, {})
  local long = {}
  for i = 1, 100000 do long[-i] = i end
  fails("limit", "at most 200 values", pagu.forecast, long)
end

check.run()
