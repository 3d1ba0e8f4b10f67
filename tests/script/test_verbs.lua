-- Verbs of the Lua library: one undo step each, all with dry.
local check = require "check"
local pagu = require "pagu"
local tests, equal, fails = check.tests, check.equal, check.fails

local function scenario()
  local plan = check.plan()
  return plan:branch "uji", plan
end

-- f(s) does one thing that undo takes back; with dry it does nothing.
local function one_step(verb, options)
  local s = scenario()
  local before = s:hash()
  options.dry = true
  local what = s[verb](s, options)
  check.is_true(what ~= nil, verb .. " dry returns what it would do")
  equal(s:hash(), before, verb .. " dry")
  equal(#s:journal(), 0)
  options.dry = nil
  s[verb](s, options)
  equal(#s:journal(), 1, verb .. " steps")
  equal(s:journal()[1].verb, verb)
  check.is_true(s:hash() ~= before)
  s:undo()
  equal(s:hash(), before, verb .. " undone")
end

function tests.verbs__are_one_step_each_and_dry_changes_nothing()
  one_step("scale", { at = "1.06.05", percent = 5 })
  one_step("cut", { at = "1.06.05", amount = 1000 })
  one_step("fit", { total = pagu.miliar(6) })
  one_step("fit", { total = pagu.miliar(6), method = "priority", order = { "1.06.01" } })
  one_step("fit", { total = pagu.miliar(6), method = "least_harm", weights = { ["1.06"] = 2 } })
  one_step("target", { at = "1.06.04.2.01.01", value = 260, cost = "unit_cost", from = "1.06.01.2.09.09" })
  one_step("project", { growth = 4 })
  one_step("forward", { growth = 4 })
  one_step("forward", { method = "manual", values = { ["1.06.06.2.01.01"] = 60000000 } })
  one_step("add", { under = "1.06.06.2.01", name = "Tenda", budget = 5, indicator = "Jumlah tenda", unit = "unit", target = 3 })
end

function tests.dry__inside_atomic_leaves_the_rest()
  local s = scenario()
  s:atomic(function(on)
    on:set("1.06.06", "budget", 2024, 5)
    on:forward { growth = 4, dry = true }
    equal(on:get("1.06.06", "budget", 2025), nil)
  end)
  equal(s:get "1.06.06", 5)
  equal(#s:journal(), 1)
end

function tests.dry__keeps_what_can_be_redone()
  local s = scenario()
  s:set("1.06.06", "budget", 2024, 5)
  s:undo()
  s:forward { growth = 4, dry = true }
  s:redo()
  equal(s:get "1.06.06", 5)
end

function tests.scale__by_factor_or_percent()
  local s = scenario()
  s:scale { at = "1.06.06", by = 1.1 }
  equal(s:get "1.06.06", 55000000)
  s:scale { at = "1.06.06", percent = -10 }
  equal(s:get "1.06.06", 49500000)
  fails("argument", "percent, by", s.scale, s, { at = "1.06.06" })
end

function tests.cut__both_signs_cut()
  local s = scenario()
  s:cut { at = "1.06.06", percent = 10 }
  equal(s:get "1.06.06", 45000000)
  s:cut { at = "1.06.06", percent = -10 }
  equal(s:get "1.06.06", 40500000)
  s:cut { at = "1.06.06", amount = 500000 }
  equal(s:get "1.06.06", 40000000)
end

function tests.cut__proposes_targets_that_follow()
  local s = scenario()
  local _, proposals = s:cut { at = "1.06.04.2.01.01", percent = 10, targets = "propose" }
  equal(#proposals, 1)
  local value, unit = proposals:cell(1, "proposed")
  equal(value, 180)
  equal(unit, "Orang")
  equal(s:get("1.06.04.2.01.01", "target", 2024), 200, "only proposed")
end

function tests.fit__by_priority_takes_from_the_least_important_first()
  local s, plan = scenario()
  local order = { "1.06", "2.13.04" }
  s:fit { total = plan:get "/" - 1000000, method = "priority", order = order }
  equal(s:get "2.13.05", plan:get "2.13.05" - 1000000)
  s:fit { total = plan:get "1.06" + 10, method = "priority", order = order }
  equal(s:get "2.13.05", 0)
  equal(s:get "2.13.04", 10)
  equal(s:get "1.06", plan:get "1.06")
  s:fit { total = plan:get "/", method = "priority", order = order }
  equal(s:get "1.06", plan:get "1.06" + plan:get "/" - plan:get "1.06" - 10)
end

function tests.fit__says_how_far_it_can_go()
  local s = scenario()
  s:hold "1.06"
  local err = fails("unreachable", "4,455,445,985", s.fit, s, { total = 1, method = "priority", order = { "1.06" } })
  equal(err.code, "unreachable")
  equal(#s:journal(), 1, "only the hold")
end

function tests.fit__names_the_methods_there_are()
  local s = scenario()
  fails("argument", "proportional, priority, least_harm", s.fit, s, { total = 1, method = "optimal" })
end

function tests.target__costs()
  local s = scenario()
  s:target { at = "1.06.04.2.01.01", value = 250 }
  equal(s:get "1.06.04.2.01.01", 50000000, "keep")
  s:undo()
  s:target { at = "1.06.04.2.01.01", value = 250, cost = "unit_cost" }
  equal(s:get "1.06.04.2.01.01", 62500000)
  s:undo()
  s:target { at = "1.06.04.2.01.01", value = 210, cost = 100000 }
  equal(s:get "1.06.04.2.01.01", 51000000)
  s:undo()
  s:target { at = s["1.06.04.2.01.01"], value = 210, cost = function(_, old, new, budget) return budget + (new - old) * 7 end }
  equal(s:get "1.06.04.2.01.01", 50000070)
  s:undo()
  s:target { at = "1.06.04.2.01.01", indicator = "1.06.04.2.01.01#1", value = 100, cost = "unit_cost", from = "1.06.01.2.09.09" }
  equal(s:get "1.06.01.2.09.09", 225000000, "the rest goes back")
  fails("argument", "2", s.target, s, { at = { "1.06.04", "1.06.05" }, value = 1 })
  fails("argument", "value", s.target, s, { at = "1.06.04" })
end

function tests.project__compounds_year_by_year()
  local s = scenario()
  s:project { at = "1.06.06", growth = { ["1.06.06"] = 10 }, years = 1 }
  equal(s:get("1.06.06", "budget", 2025), 55000000)
  fails("out_of_frame", "2020", s.project, s, { growth = 10, years = 4 })
  equal(#s:journal(), 1)
  fails("no_history", "1.06.01.2.02.01: cagr needs values of 3 years, and there are 1: 2024", s.project, s, { method = "cagr" })
  fails("argument", "naive", s.project, s, { method = "arima" })
end

function tests.project__by_index()
  local s = scenario()
  s:project { at = "1.06.06", method = "index", index = { [2025] = 104.7 } }
  equal(s:get("1.06.06", "budget", 2025), 52350000)
end

function tests.project__targets_keep_whole_and_stop_at_100()
  local s = scenario()
  local t = s:project { field = "target", growth = 4.5 }
  equal(s:get("1.06.04.2.01.01", "target", 2025), 209)
  equal(s:get("1.06.01", "target", 2025), 100)
  check.is_true(#t.notes > 0)
end

function tests.forward__copies_or_grows_targets()
  local s = scenario()
  s:forward { growth = 5, targets = "none" }
  equal(s:get("1.06.06.2.01.01", "budget", 2025), 52500000)
  s:undo()
  s:forward { growth = 5, targets = { ["/"] = 0, ["1.06.04"] = 10 } }
  equal(s:get("1.06.04.2.01.01", "target", 2025), 220)
  s:undo()
  s:forward { method = "manual", values = { ["1.06.06.2.01.01"] = 60000000 } }
  equal(s:get("1.06.06", "budget", 2025), 60000000)
  equal(s:get("2.13.04", "target", 2025), s:get("2.13.04", "target", 2024))
end

function tests.add__gives_a_node_with_money_and_target()
  local s, plan = scenario()
  local node = s:add {
    under = "1.06.06.2.01", name = "Tenda", budget = { [2024] = 5, [2025] = 6 }, indicator = "Jumlah tenda", unit = "unit", target = 3,
  }
  equal(node.key, "1.06.06.2.01.02")
  equal(node.level, "sub_kegiatan")
  equal(node.budget[2025], 6)
  equal(node.target[2024], 3)
  equal(s:get "1.06.06", plan:get "1.06.06" + 5)
  local second = s:add_indicator { at = node, name = "Luas", unit = "m2", target = 9 }
  equal(second.target[2024], 9)
  equal(#node:indicators(), 2)
  s:remove(node)
  equal(s:find "1.06.06.2.01.02", nil)
  s:undo()
  equal(s:get "1.06.06.2.01.02", 5)
end

function tests.add__a_line_below_a_leaf_keeps_its_money()
  local s, plan = scenario()
  s:add { under = "1.06.06.2.01.01", code = "#5.1.02", name = "Belanja", budget = 5 }
  equal(s:get "1.06.06.2.01.01", plan:get "1.06.06.2.01.01" + 5)
  equal(s:get "1.06.06.2.01.01#5.1.02", 5)
  fails("duplicate_key", nil, s.add, s, { under = "1.06.06.2.01.01", code = "#5.1.02", name = "Lagi" })
end

function tests.rule__is_floor_and_ceiling()
  local s = scenario()
  local id = s:rule { at = "1.06.05", min = 1, max = pagu.juta(110), years = { 2024 }, reason = "aturan" }
  check.is_true(math.type(id) == "integer")
  equal(#s:constraints(), 1)
  equal(#s:journal(), 1)
  s:undo()
  equal(#s:constraints(), 0)
end

check.run()
