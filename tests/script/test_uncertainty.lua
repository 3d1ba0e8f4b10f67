--- Simulation, sensitivity, break-even and regret as scripts see them.
local check = require "check"
local pagu = require "pagu"
local tests = check.tests

local script = {
  params = { naik = { default = 0, min = -100, max = 100 } },
  metrics = { { name = "jumlah", title = "Jumlah", unit = "rupiah" } },
  run = function(s, p)
    s:spread { at = "/", percent = p.naik }
    return { jumlah = s:get "/" }
  end,
}

local function near(got, wanted, tolerance, what)
  check.is_true(math.abs(got - wanted) <= tolerance, ("%s: got %s, wanted %s within %s"):format(what or "value", got, wanted, tolerance))
end

-- ---- simulation ----

local function vary(plan)
  return {
    { name = "harga", at = "1.06.04", by = pagu.dist.triangular(0.9, 1, 1.3), per = "line" },
    { name = "gaji", at = "1.06.01.2.02", percent = pagu.dist.normal(2, 3), factors = { inflasi = 0.6 } },
    { name = "bencana", at = "1.06.06", delta = pagu.dist.events { { p = 0.2, effect = pagu.juta(200) } } },
  }
end

function tests.simulate__means_are_those_of_the_distributions()
  local plan = check.plan()
  local r = plan:simulate { vary = vary(plan), draws = 20000, seed = 3 }
  local mean, error = r:mean "1.06.04"
  near(mean, plan:get "1.06.04" * 3.2 / 3, 5 * error, "triangular")
  mean, error = r:mean "1.06.01.2.02"
  near(mean, plan:get "1.06.01.2.02" * 1.02, 5 * error, "normal")
  mean, error = r:mean "1.06.06"
  near(mean, plan:get "1.06.06" + pagu.juta(40), 5 * error, "event")
end

function tests.simulate__one_and_two_threads_give_the_same_bytes()
  local plan = check.plan()
  local a = plan:simulate { vary = vary(plan), draws = 3000, threads = 1 }
  local b = plan:simulate { vary = vary(plan), draws = 3000, threads = 2 }
  check.equal(a:csv(), b:csv())
  check.equal(a:json(), b:json())
  check.equal(table.concat(a:values "/", " "), table.concat(b:values "/", " "))
end

function tests.simulate__two_scenarios_of_one_seed_face_the_same_luck()
  local plan = check.plan()
  local s = plan:branch "dua kali"
  s:set("1.06.06", "budget", nil, 2 * plan:get "1.06.06")
  local given = { vary = { { at = "1.06.04", name = "harga", by = pagu.dist.normal(1, 0.1), per = "line" } }, draws = 500, seed = 9 }
  local a, b = plan:simulate(given), s:simulate(given)
  check.equal(table.concat(a:values "1.06.04", " "), table.concat(b:values "1.06.04", " "))
  check.equal(b:values "/"[17] - a:values "/"[17], plan:get "1.06.06")
end

function tests.simulate__probability_of_limits_counts_draws()
  local plan = check.plan()
  local s = plan:branch "batas"
  s:ceiling { at = "/", max = pagu.miliar(7), name = "pagu dinas" }
  local r = s:simulate { vary = vary(plan), draws = 2000, limits = { { at = { "1.06.04", "1.06.06" }, min = pagu.juta(250), name = "layanan" } } }
  local over, under = 0, 0
  local whole, a, b = r:values "/", r:values "1.06.04", r:values "1.06.06"
  for i = 1, 2000 do
    if whole[i] > pagu.miliar(7) then over = over + 1 end
    if a[i] + b[i] < pagu.juta(250) then under = under + 1 end
  end
  check.equal(r.breaks:rows()[1].probability, 100 * over / 2000)
  check.equal(r.breaks:rows()[2].probability, 100 * under / 2000)
  check.equal(r:probability { above = pagu.miliar(7) }, over / 2000)
  check.equal(r:probability { at_most = pagu.miliar(7) }, (2000 - over) / 2000)
  check.equal(r:probability { at = { "1.06.04", "1.06.06" }, below = pagu.juta(250) }, under / 2000)
end

function tests.simulate__shares_of_the_total_are_limits_too()
  local plan = check.plan()
  local s = plan:branch "porsi"
  s:rule { at = "1.06.04", share_of = "/", max = 3.1, year = 2024, name = "layanan" }
  local r = s:simulate { vary = vary(plan), draws = 2000, watch = { "1.06.04" } }
  local a, whole, broken, short = r:values "1.06.04", r:values "/", 0, 0
  for i = 1, 2000 do
    if 1000 * a[i] > 31 * whole[i] then broken, short = broken + 1, short + (1000 * a[i] - 31 * whole[i]) / 1000 end
  end
  local row = r.breaks:rows()[1]
  check.is_true(broken > 0)
  check.equal(row.probability, 100 * broken / 2000)
  near(row.excess, short / broken, 1)
end

function tests.simulate__histogram_counts_every_draw_once()
  local plan = check.plan()
  local r = plan:simulate { vary = vary(plan), draws = 1000 }
  for _, bins in ipairs { 1, 7, 20 } do
    local _, t = r:histogram("/", { bins = bins })
    local sum = 0
    for row in t:each() do sum = sum + row.count end
    check.equal(sum, 1000)
  end
end

function tests.simulate__nothing_is_written()
  local plan = check.plan()
  local s = plan:branch "x"
  local hash = s.hash
  s:simulate { vary = vary(plan), draws = 100 }
  check.equal(s.hash, hash)
  check.equal(#s:journal():rows(), 0)
end

function tests.simulate__a_document_has_its_seed_and_charts()
  local plan = check.plan()
  local s = plan:branch "x"
  s:project { years = 1, growth = 3 }
  local r = s:simulate { draws = 1000, seed = 77,
    vary = { { name = "harga", at = "/", years = { 2024, 2025 }, path = "cumulative", percent = pagu.dist.normal(0, 2) } } }
  local html = pagu.report(r, s, { format = "html" })
  check.is_true(html:find("seed", 1, true) and html:find("77", 1, true), "no seed")
  check.is_true(html:find("<svg", 1, true), "no chart")
  check.is_true(#pagu.report(r, s, { format = "xlsx" }) > 1000, "no workbook")
end

function tests.simulate__what_is_wrong_is_named()
  local plan = check.plan()
  local d = pagu.dist.normal(1, 0.1)
  check.fails("argument", "vary is a list", plan.simulate, plan, {})
  check.fails("argument", 'simulate: "harga" needs one of by, percent, delta and total', plan.simulate, plan, { vary = { { name = "harga", at = "/" } } })
  check.fails("argument", 'needs one of by', plan.simulate, plan, { vary = { { at = "/", by = d, percent = d } } })
  check.fails("argument", "is a distribution", plan.simulate, plan, { vary = { { at = "/", by = 1.1 } } })
  check.fails("unknown_key", nil, plan.simulate, plan, { vary = { { at = "9.99", by = d } } })
  check.fails("argument", 'per is "line", "shared", not baris', plan.simulate, plan, { vary = { { at = "/", by = d, per = "baris" } } })
  check.fails("argument", "draws", plan.simulate, plan, { vary = { { at = "/", by = d } }, draws = 0 })
  check.fails("argument", "quantiles", plan.simulate, plan, { vary = { { at = "/", by = d } }, quantiles = { 2 } })
  check.fails("argument", 'the correlations contradict each other: "c" and "b"', plan.simulate, plan, {
    vary = { { name = "a", at = "1.06.04", by = d }, { name = "b", at = "1.06.05", by = d }, { name = "c", at = "1.06.06", by = d } },
    correlation = { { "a", "b", 0.9 }, { "b", "c", 0.9 }, { "a", "c", -0.9 } },
  })
  check.fails("argument", "low 2 lies above the high end 1" and "the low end 2 lies above the high end 1", pagu.dist.uniform, 2, 1)
  local r = plan:simulate { vary = { { at = "1.06.04", by = d } }, draws = 10 }
  check.fails("argument", "1.06.05 in 2024 is not watched", r.quantile, r, "1.06.05", 0.5)
  check.fails("argument", "one of above, below", r.probability, r, { above = 1, below = 2 })
end

function tests.simulate__runs_fail_one_by_one()
  local plan = check.plan()
  local s = plan:branch "batas"
  s:ceiling { at = "/", max = pagu.miliar(7), name = "pagu" }
  local r = s:simulate { run = script, params = { naik = pagu.dist.normal(3, 2) }, draws = 200, seed = 3 }
  check.equal(#r:values "jumlah" + #r.failures, 200)
  check.is_true(#r.failures > 0 and r.failures[1][2]:find("pagu", 1, true))
  for _, x in ipairs(r:values "jumlah") do check.is_true(x <= pagu.miliar(7)) end
  check.equal(r:csv(), s:simulate { run = script, params = { naik = pagu.dist.normal(3, 2) }, draws = 200, seed = 3 }:csv())
end

-- ---- sensitivity ----

function tests.sensitivity__is_sorted_by_swing_and_exact()
  local plan = check.plan()
  local r = plan:sensitivity { vary = { { at = "1.06.04", percent = 10 }, { name = "gaji", at = "1.06.01.2.02", percent = { -2, 6 } } } }
  local rows = r.table:rows()
  check.equal(rows[1].input, "gaji")
  check.equal(rows[2].at_high - rows[2].at_low, rows[2].swing)
  check.equal(rows[2].change_high, pagu.muldiv(plan:get "1.06.04", 1, 10))
  check.equal(r.base, plan:get "/")
end

function tests.sensitivity__a_refused_value_is_noted_and_the_rest_stand()
  local plan = check.plan()
  local s = plan:branch "x"
  s:floor { at = "1.06.04", min = plan:get "1.06.04", name = "SPM" }
  local r = s:sensitivity { vary = { { at = "1.06.04", percent = 10 } } }
  check.equal(r.table:rows()[1].at_low, nil)
  check.is_true(r.table:rows()[1].at_high ~= nil)
  check.is_true(tostring(r):find("SPM", 1, true))
end

function tests.sensitivity__runs_scripts_by_parameter()
  local plan = check.plan()
  local r = plan:sensitivity { script = script, vary = { { param = "naik", low = -5, high = 5 } }, metric = "jumlah" }
  check.equal(r.table:rows()[1].at_high, plan:get "/" + pagu.muldiv(plan:get "/", 5, 100))
  check.fails("argument", 'the script has no parameter "turun"', plan.sensitivity, plan, { script = script, vary = { { param = "turun", low = 1, high = 2 } } })
  check.fails("argument", "param needs a script", plan.sensitivity, plan, { vary = { { param = "naik", low = 1, high = 2 } } })
end

function tests.two_way__is_additive_where_the_plan_is()
  local plan = check.plan()
  local r = plan:two_way { down = { at = "1.06.04", percent = { -10, 0, 10 } }, across = { at = "1.06.05", percent = { -50, 0 } } }
  check.equal(r.values[1][1] - r.values[1][2], r.values[3][1] - r.values[3][2])
  check.equal(r.values[2][2], plan:get "/")
end

-- ---- break-even: against trying every step ----

function tests.break_even__finds_what_trying_every_step_finds()
  local plan = check.plan()
  local s = plan:branch "x"
  s:floor { at = "1.06.04", min = pagu.juta(190), name = "SPM" }
  local r = s:break_even { at = "1.06.04", delta = { 0, -20000000 }, unit = 500000 }
  local last
  for k = 0, 40 do
    local b = s:branch "coba"
    if not pcall(b.spread, b, { at = "1.06.04", delta = -500000 * k }) then break end
    last = -500000 * k
  end
  check.equal(r.last, last)
  check.equal(r.next, last - 500000)
  check.equal(r.status, "found")
  check.is_true(r.why:find("SPM", 1, true))
end

function tests.break_even__is_exact_to_the_rupiah()
  local plan = check.plan()
  local r = plan:break_even { at = "1.06.04", delta = { 0, pagu.juta(900) }, metric = "/", at_most = pagu.miliar(7) }
  check.equal(plan:get "/" + r.last, pagu.miliar(7))
  check.equal(r.result, pagu.miliar(7))
  check.equal(plan:break_even({ at = "1.06.04", delta = { 0, 5 }, at_most = pagu.miliar(7) }).status, "never")
  check.equal(plan:break_even({ at = "1.06.04", delta = { 0, 5 }, at_least = pagu.miliar(7) }).status, "already")
  check.fails("argument", "give percent, by, delta", plan.break_even, plan, { at = "/", percent = 5 })
  check.fails("argument", "at most one of", plan.break_even, plan, { at = "/", percent = { 0, 5 }, at_least = 1, at_most = 2 })
end

-- ---- regret: Savage's table worked by hand ----

function tests.regret__is_the_table_worked_by_hand()
  local plan = check.plan()
  local gives = { A = { x = 100, y = 20 }, B = { x = 70, y = 60 }, C = { x = 30, y = 90 } }
  local given = {
    options = { { name = "A" }, { name = "B" }, { name = "C" } }, futures = { { name = "x", weight = 3 }, { name = "y", weight = 1 } },
    value = function(_, option, future) return gives[option.name][future.name] end,
  }
  local r = plan:regret(given)
  local rows = r.table:rows()
  check.equal(rows[1].worst, 70)
  check.equal(rows[2].worst, 30)
  check.equal(rows[3].worst, 70)
  check.equal(r.choice, "B")
  check.equal(rows[1].expected, 18) -- (0 × 3 + 70) / 4 = 17.5
  check.equal(r.choice_expected, "A")
  given.better = "low"
  r = plan:regret(given)
  check.equal(r.choice, "B") -- costs: regrets A 70 and 0, B 40 and 40, C 0 and 70
  check.equal(r.regret[1][1], 70)
end

function tests.regret__a_failed_cell_takes_its_option_out()
  local plan = check.plan()
  local r = plan:regret {
    options = { { name = "A", run = function(_, f) if f.name == "y" then error "tidak bisa" end end }, { name = "B" } },
    futures = { { name = "x" }, { name = "y" } }, value = "/",
  }
  check.equal(r.choice, "B")
  check.equal(#r.failures, 1)
  check.is_true(r.failures[1]:find("tidak bisa", 1, true))
  check.equal(r.table:rows()[1].worst, nil)
end

function tests.regret__wrong_lists_are_refused()
  local plan = check.plan()
  check.fails("argument", "options and futures are lists", plan.regret, plan, { options = {}, futures = { { name = "x" } }, value = "/" })
  check.fails("argument", '"x" is named twice', plan.regret, plan, { options = { { name = "a" } }, futures = { { name = "x" }, { name = "x" } }, value = "/" })
  check.fails("argument", "weight", plan.regret, plan, { options = { { name = "a" } }, futures = { { name = "x", weight = 1 }, { name = "y" } }, value = "/" })
end

check.run()
