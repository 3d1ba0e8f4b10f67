-- Goal seek: an edit that brings about a value, or the interval that can be reached.
local check = require "check"
local pagu = require "pagu"
local tests, equal, fails, is_true = check.tests, check.equal, check.fails, check.is_true

local function scenario()
  local plan = check.plan()
  return plan:branch "uji", plan
end

function tests.solve__a_total_by_one_program_is_one_step()
  local s = scenario()
  local before = s:hash()
  local r = s:solve { want = { key = "/", value = pagu.miliar(6) }, by = "1.06.01", reason = "batas baru" }
  equal(r.status, "found")
  equal(r.x, 3189666035)
  equal(r.value, 6000000000)
  equal(s:get "/", 6000000000)
  equal(s:get "1.06.01", r.x)
  equal(#s:journal(), 1)
  equal(s:journal()[1].verb, "solve")
  s:undo()
  equal(s:hash(), before)
end

function tests.solve__dry_changes_nothing_and_tells_what_it_would()
  local s = scenario()
  local before = s:hash()
  local r = s:solve { want = { key = "/", value = pagu.miliar(6) }, by = "1.06.01", dry = true }
  equal(s:hash(), before)
  equal(#s:journal(), 0)
  is_true(#r.changes:rows() > 5)
end

function tests.solve__one_factor_under_holds()
  local s = scenario()
  s:hold "1.06.01.2.02"
  local r = s:solve {
    want = { key = "/", value = pagu.miliar(6) }, by = { at = "1.06.01", change = "percent" }, unit = 0.001, lo = -100, hi = 0,
  }
  equal(s:get "1.06.01.2.02", 3435721000)
  equal(r.status, "unreachable") -- the free lines have less than is to go
  equal(s:get "/", 6736773965)
  r = s:solve { want = { key = "/", value = pagu.miliar(6.5) }, by = { at = "1.06.01", change = "percent" }, unit = 0.001, lo = -100, hi = 0 }
  equal(r.status, "nearest")
  equal(s:get("/"), r.value)
  is_true(math.abs(r.value - 6500000000) <= 19633) -- half a thousandth of a percent of the place
  equal(s:get "1.06.01.2.02", 3435721000)
end

function tests.solve__a_floor_is_a_bound_and_is_named()
  local s = scenario()
  s:floor { at = "1.06.04", amount = 100000000, name = "lantai" }
  local before = s:hash()
  local r = s:solve { want = { key = "/", value = 1000 }, by = "1.06.04" }
  equal(r.status, "unreachable")
  equal(r.x, 100000000)
  equal(r.least, s:get "/" - s:get "1.06.04" + 100000000)
  equal(r.first_allowed, 100000000)
  equal(r.bound, 99999999)
  is_true(r.refusal:find("lantai", 1, true))
  is_true(tostring(r):find("lantai", 1, true))
  equal(s:hash(), before)
end

function tests.solve__money_moves_until_a_goal_is_met()
  local s = scenario()
  local total = s:get "/"
  local r = s:solve { want = { key = "1.06.04", value = pagu.juta(120) }, by = { from = "1.06.04", to = "1.06.05" } }
  equal(r.status, "found")
  equal(s:get "1.06.04", 120000000)
  equal(s:get "/", total)
end

function tests.solve__a_target_that_costs_a_given_amount()
  local s = scenario()
  local before = s:get("1.06.04.2.01.01", "target")
  local r = s:solve {
    want = { key = "1.06.04.2.01.01", value = pagu.juta(100) },
    by = { at = "1.06.04.2.01.01", change = "target", cost = "unit_cost", from = "1.06.01.2.09.09" },
  }
  equal(r.status, "found")
  equal(s:get("1.06.04.2.01.01", "target"), r.x)
  equal(r.x, before * 2)
end

function tests.solve__any_function_of_the_scenario_and_any_change()
  local s = scenario()
  local r = s:solve {
    want = { metric = function(v) return v:get "1.06.05" * 3 end, value = pagu.juta(300) },
    by = function(on, x) on:set("1.06.05", "budget", 2024, x) end, lo = 0, hi = pagu.miliar(1),
  }
  equal(r.status, "found")
  equal(s:get "1.06.05", 100000000)
  is_true(#r.changes:rows() > 0)
end

function tests.solve__a_rate_is_reached_by_a_target()
  local s = scenario()
  local r = s:solve {
    want = { metric = function(v) return v:get "1.06.05" / v:get "/" * 100 end, value = 5 }, by = "1.06.05", tolerance = 0.00001,
  }
  equal(r.status, "found")
  is_true(math.abs(s:get "1.06.05" / s:get "/" * 100 - 5) <= 0.00001)
end

function tests.solve__the_nearest_can_be_declined()
  local s = scenario()
  local want = { metric = function(v) return v:get "1.06.05" * 7 end, value = 1000 }
  local r = s:solve { want = want, by = "1.06.05", nearest = false }
  equal(r.status, "nearest")
  equal(r.x, 143)
  equal(#s:journal(), 0)
end

function tests.solve__an_error_of_the_script_is_no_refusal()
  local s = scenario()
  fails("unknown_key", nil, s.solve, s, { want = { key = "9.99", value = 1 }, by = "1.06.05" })
  local ok, err = pcall(s.solve, s, { want = { metric = function() error("boo", 0) end, value = 1 }, by = "1.06.05" })
  equal(ok, false)
  is_true(tostring(err):find("boo", 1, true))
  equal(#s:journal(), 0)
end

function tests.solve__says_what_is_wrong_with_the_question()
  local s = scenario()
  local want = { key = "/", value = 1 }
  fails("argument", "solve: option \"want\" is missing", s.solve, s, { by = "/" })
  fails("argument", "solve: option \"by\" is missing", s.solve, s, { want = want })
  fails("argument", "solve: want is { key =", s.solve, s, { want = 5, by = "/" })
  fails("argument", "solve: want is { key =", s.solve, s, { want = { key = "/" }, by = "/" })
  fails("argument", "solve: by is a place", s.solve, s, { want = want, by = { change = "total" } })
  fails("argument", "there are total, delta, percent, amount, target", s.solve, s, { want = want, by = { at = "/", change = "x" } })
  fails("argument", "\"lo\" is missing", s.solve, s, { want = want, by = function() end })
  fails("argument", "unit must be above 0", s.solve, s, { want = want, by = "/", unit = 0 })
  fails("argument", "unit must be above 0", s.solve, s, { want = want, by = "/", unit = 1 / 3 })
  fails("argument", "no multiple of 1000 lies between 1 and 999", s.solve, s, { want = want, by = "/", unit = 1000, lo = 1, hi = 999 })
  fails("argument", "solve has no option \"wnat\"", s.solve, s, { wnat = 1 })
end

function tests.solve__works_inside_a_step_and_on_a_branch()
  local s = scenario()
  s:atomic(function(on)
    on:set("1.06.06", "budget", 2024, 10)
    equal(on:solve({ want = { key = "/", value = pagu.miliar(6) }, by = "1.06.01" }).status, "found")
  end)
  equal(#s:journal(), 1)
  equal(s:get "/", 6000000000)
  local b = s:branch "cabang"
  equal(b:solve({ want = { key = "/", value = pagu.miliar(5) }, by = "1.06.01" }).status, "found")
  equal(s:get "/", 6000000000)
end

check.run()
