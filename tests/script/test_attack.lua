-- Requests that make no sense, extremes, odd orders: a structured error or the right number, never a raw
-- Lua error, a silent nothing, or a wrapped amount.
local check = require "check"
local pagu = require "pagu"
local tests, equal, fails = check.tests, check.equal, check.fails
local K = "1.06.05"

local function scenario()
  local plan = check.plan()
  return plan:branch "uji", plan
end

-- f(s) fails with a code and changes nothing.
local function refused(code, f)
  local s = scenario()
  local before = s:hash()
  local err = fails(code, nil, f, s)
  equal(s:hash(), before, "content after " .. tostring(err))
  equal(#s:journal(), 0, "journal after " .. tostring(err))
end

function tests.fit__by_priority_checks_its_amounts()
  local function fit(options)
    options.method, options.order = "priority", options.order or { K }
    return function(s) s:fit(options) end
  end
  for _, total in ipairs { 0 / 0, 1 / 0, -1 / 0, 0.5 } do
    refused("fraction", fit { total = total })
  end
  refused("argument", fit { total = "5 M" })
  refused("argument", fit { total = 100, floor = "1" })
  refused("overflow", fit { total = math.mininteger })
end

function tests.fit__by_priority_goes_as_low_as_a_huge_negative_floor_allows()
  local s = scenario()
  s:fit { total = 100, floor = math.mininteger, method = "priority", order = { K } }
  equal(s:get "/", 100)
end

function tests.fit__by_priority_gives_only_to_lines_of_its_place()
  local s, plan = scenario()
  local total = plan:get "1.06"
  s:fit { at = "1.06.06", total = plan:get "1.06.06" + 5, method = "priority", order = { K } }
  equal(s:get "1.06", total + 5)
  equal(s:get "1.06.06", plan:get "1.06.06" + 5)
  refused("unreachable", function(x)
    x:fit { at = x:select { where = function() return false end }, total = 5, method = "priority", order = { K } }
  end)
end

function tests.cut__proposes_targets_without_wrapping_around()
  local s = scenario()
  local key = "1.06.04.2.01.01"
  s:set(key, "budget", 2024, 4 * 10 ^ 15 // 1 | 0)
  s:set(key, "target", 2024, 100000)
  local _, proposed = s:cut { at = key, percent = 50, targets = "propose" }
  equal(proposed:rows()[1].proposed, 50000)
end

function tests.bounds__by_a_function_that_adds_lines_are_refused()
  local function adds(s, value)
    return function()
      s:add { under = "1.06.04", name = "T", budget = 5 }
      return value
    end
  end
  local function refuses(f)
    local s = scenario()
    local total = s:get "/"
    local err = fails("conflict", "added or removed lines", f, s)
    equal(s:get("1.06.01"), select(2, scenario()):get "1.06.01", tostring(err))
    check.is_true(s:get "/" >= total)
  end
  refuses(function(s) s:spread { at = "1.06.04", percent = 5, cap = adds(s, 10 ^ 12 // 1 | 0) } end)
  refuses(function(s) s:spread { at = "1.06.04", percent = 5, floor = adds(s, 0) } end)
  refuses(function(s) s:spread { at = "1.06.04", percent = 5, basis = adds(s, 1) } end)
  refuses(function(s) s:fit { total = pagu.miliar(6), method = "least_harm", floor = adds(s, 0) } end)
end

function tests.project__checks_years_and_growth()
  for _, years in ipairs { "x", 0, -1, 1.5, {}, { "a" } } do
    refused("argument", function(s) s:project { growth = 1, years = years } end)
  end
  refused("out_of_frame", function(s) s:project { growth = 1, years = 100000000 } end)
  refused("argument", function(s) s:project { growth = 1, from = "2024" } end)
  refused("argument", function(s) s:project { method = "index", index = 5 } end)
  for _, growth in ipairs { "abc", 0 / 0, 1 / 0, { ["/"] = "abc" } } do
    refused("argument", function(s) s:project { growth = growth, field = "target" } end)
  end
  refused("overflow", function(s) s:project { growth = 1e300, field = "target" } end)
end

function tests.forward__checks_targets_and_year()
  refused("argument", function(s) s:forward { growth = 5, targets = "grow" } end)
  refused("argument", function(s) s:forward { growth = 5, targets = true } end)
  refused("argument", function(s) s:forward { growth = 5, year = "x" } end)
end

function tests.target__takes_finite_numbers_and_whole_costs()
  local at = "1.06.04.2.01.01"
  refused("bad_number", function(s) s:target { at = at, value = 0 / 0 } end)
  refused("bad_number", function(s) s:set(at, "target", 2024, 1 / 0) end)
  refused("argument", function(s) s:target { at = at, value = 5, cost = function() return "x" end } end)
  refused("fraction", function(s) s:target { at = at, value = 5, cost = function() return 0 / 0 end } end)
end

function tests.add__refuses_codes_that_would_break_keys()
  for _, code in ipairs { "", "a/b", "a\27b", "1..2", "#", "x#" } do
    refused("argument", function(s) s:add { under = "1.06.06", code = code, name = "x" } end)
  end
end

function tests.set__of_a_batch_that_overflows_is_an_error()
  refused("overflow", function(s)
    s:set { { "1.06.06.2.01.01", "budget", 2024, math.maxinteger }, { "1.06.04.2.01.01", "budget", 2024, 5 } }
  end)
end

function tests.join__refuses_rows_that_another_scenario_added()
  local s, plan = scenario()
  local other = plan:branch "lain"
  other:add { under = K, code = "77", name = "baru", budget = 7 }
  fails("not_member", nil, s.join, s, { at = K .. ".77", from = other })
end

function tests.remove__then_adding_the_same_key_and_undoing_all_comes_back()
  local s = scenario()
  local before, total = s:hash(), s:get "/"
  local old = s:get(K)
  s:remove(K)
  s:add { under = "1.06", code = "05", name = "baru", budget = 7 }
  equal(s:get(K), 7)
  equal(s:get "/", total - old + 7)
  fails("duplicate_key", nil, s.join, s, { at = K, from = "final" })
  s:undo()
  s:undo()
  equal(s:hash(), before)
end

function tests.atomic__with_a_branch_inside_changes_nothing()
  local keep
  refused("conflict", function(s)
    s:atomic(function(on)
      on:set(K, "budget", 2024, 1)
      keep = on:branch "anak"
      on:set(K, "budget", 2024, 2)
    end)
  end)
  equal(keep:get(K), 1)
end

function tests.spread__a_floor_for_one_line_does_not_let_another_fall_below_zero()
  local s = scenario()
  local ok, err = pcall(s.spread, s, {
    at = { "1.06.04.2.01.01", "1.06.04.2.01.03", "1.06.05" },
    total = 1,
    hold = "1.06.05",
    floor = { ["1.06.04.2.01.01"] = 0 },
  })
  equal(ok, false)
  equal(err.code, "unreachable")
  equal(#s:journal(), 0)
end

function tests.children__a_row_that_undo_brings_back_is_a_child_again()
  local s = scenario()
  s:remove "1.06.04.2.01.12"
  s:add { under = "1.06.04.2.01", code = "1.06.04.2.01.12", name = "lagi" }
  s:undo()
  s:undo()
  local found = false
  for _, child in ipairs(s:node("1.06.04.2.01"):children()) do
    found = found or child.code == "1.06.04.2.01.12"
  end
  equal(found, true)
end

-- ---- every option of every verb, with values that it can't mean ----

local function usual()
  local A, L, d = "1.06.04", "1.06.04.2.01.01", pagu.dist
  return {
    simulate = {
      vary = { { name = "a", at = A, by = d.normal(1, 0.1) } }, draws = 20, seed = 1, correlation = {}, watch = { A },
      limits = { { at = A, max = 5 } }, quantiles = { 0.5 }, noise = "double", threads = 1,
    },
    sensitivity = { vary = { { name = "a", at = A, percent = 10 } }, metric = "/" },
    two_way = {
      down = { name = "a", at = A, percent = { 0, 5 } }, across = { name = "b", at = K, percent = { 0, 5 } }, metric = "/",
    },
    break_even = { at = A, percent = { 0, -5 }, unit = 1, metric = "/", at_least = 5, field = "budget", year = 2024 },
    regret = { options = { { name = "a" }, { name = "b" } }, futures = { { name = "f", weight = 1 } }, value = A, better = "high" },
    solve = {
      want = { key = "/", value = 6000000000 }, by = "1.06.01", lo = 0, hi = 10000000000, unit = 1, guess = 5, tolerance = 0,
      trials = 50, nearest = true, reason = "r",
    },
    spread = {
      at = A, total = 5, basis = "current", unit = 1, hold = L, floor = 0, cap = 1000000000, on_zero = "equal",
      on_negative = "abs", residue = "largest", field = "budget", year = 2024, reason = "r",
    },
    fit = { at = A, total = 5, method = "least_harm", weights = { [A] = 2 }, floor = 0 },
    project = {
      at = A, growth = 3, years = 1, from = 2024, method = "auto", history = "spent", first = 2020, level = 80, alpha = 0.5,
      beta = 0.5, phi = 0.9, on_short = "skip", unit = 1, each = "line",
    },
    forward = {
      at = A, growth = 3, year = 2024, years = 1, method = "index", volume = 1, index = { [2025] = 103 },
      manual = { [L] = 5 }, stop = K, targets = "keep", unit = 1, level = 80,
    },
    rule = { at = A, min = 0, max = 100, share_of = "/", field = "budget", years = { 2024 }, name = "x", severity = "warn" },
    hold = { at = A, total = true, field = "budget", year = 2024, from_year = 2024, to_year = 2025 },
    transfer = { from = "1.06.01", to = A, amount = 5, unit = 1 },
    target = { at = L, value = 5, cost = "unit_cost", from = "1.06.01.2.09.09", indicator = 1, unit = 1 },
    cut = { at = A, percent = 5, targets = "propose", cost = "unit_cost" },
    add = {
      under = "1.06.06.2.01", name = "T", code = "09", sign = 1, tag = {}, budget = 5, indicator = "i", unit = "unit",
      type = "output", target = 3, year = 2024,
    },
    take = { at = A, from = "need" },
    optimise = {
      at = "/", total = 6000000000, exactly = true, maximise = { ["/"] = 1 }, floor = 0, cap = 100, unit = 1, packages = {},
      lumpy = {}, subject_to = {}, margins = {}, seconds = 1, gap = 0, prices = false, field = "budget", year = 2024,
    },
  }
end

local function attempt(s, before, verb, what, value, options)
  local ok, err = pcall(s[verb], s, options)
  local said = ("%s with %s = %s: %s"):format(verb, what, tostring(value), tostring(err))
  if not ok then check.is_true(pagu.type(err) == "error" and err.code ~= "internal", said) end
  if ok and #s:journal() > 0 then s:undo(#s:journal()) end
  equal(s:hash(), before, said)
end

local function copy_with(t, key, value)
  local out = {}
  for k, x in pairs(t) do out[k] = x end
  out[key] = value
  return out
end

function tests.options__of_any_verb_refuse_what_they_cannot_mean()
  local plan = check.plan()
  local junk = { 0 / 0, 1 / 0, math.mininteger, "x", { {} }, true, function() end, plan:select(), plan }
  local whole = plan:branch "uji":hash()
  for verb, options in pairs(usual()) do
    for name, given in pairs(options) do
      for _, value in ipairs(junk) do
        local s <close> = plan:branch "uji"
        attempt(s, whole, verb, name, value, copy_with(options, name, value))
        for inner in pairs(type(given) == "table" and given or {}) do
          attempt(s, whole, verb, name .. "." .. inner, value, copy_with(options, name, copy_with(given, inner, value)))
        end
      end
    end
  end
end

function tests.dry__foresees_what_a_sum_without_lines_gets()
  local s = scenario()
  s:remove "1.06.06.2.01"
  local before = s:dump()
  equal(s:fit { at = "1.06.06", total = 5, dry = true }[1].new, 5)
  equal(s:cut { at = "1.06.06", amount = 5, dry = true }[1].new, -5)
  equal(s:dump(), before)
  equal(s:fit { at = "1.06.06", total = 5 }[1].new, 5)
end

check.run()
