-- pagu.script: scenario scripts as objects, checked as pagu run checks them.
local check = require "check"
local pagu = require "pagu"
local tests, equal, fails = check.tests, check.equal, check.fails

local function cutting(extra)
  local declaration = {
    title = "Cut", question = "What is left?",
    params = { cut = { default = 10, unit = "percent", min = 0, max = 100 }, keep = { default = true }, note = "x" },
    metrics = { { name = "total", title = "Total", unit = "Rp" }, "share" },
    run = function(s, p)
      if p.cut > 0 then s:cut { at = "1.06.05", percent = p.cut } end
      return { total = s:get("/", "budget", s.year), zz = p.note, aa = p.keep, tables = pagu.table { "a" } }
    end,
  }
  for name, value in pairs(extra or {}) do declaration[name] = value end
  return pagu.script(declaration)
end

function tests.script__says_what_it_declares()
  local script = cutting()
  equal(script.title, "Cut")
  equal(script.question, "What is left?")
  equal(script.name, "Cut")
  equal(#script.params, 3)
  local cut = script.params[1]
  equal(("%s %s %s %s %s %s"):format(cut.name, cut.type, cut.unit, cut.default, cut.min, cut.max),
    "cut number percent 10 0 100")
  equal(script.params[2].type .. script.params[3].type, "booleanstring")
  equal(script.metrics[1].title, "Total")
  equal(script.metrics[2].name, "share")
  equal(pagu.script(script), script)
end

function tests.script__parameters_of_a_list_keep_their_order()
  local script = cutting { params = { { name = "z", default = 1 }, { name = "a", default = 2, whole = true } } }
  equal(script.params[1].name .. script.params[2].name, "za")
  equal(script:describe(script:check { a = 3.0 }), "z = 1, a = 3")
end

function tests.script__runs_on_a_branch_and_leaves_the_view_alone()
  local plan = check.plan()
  local before = plan.hash
  local metrics, s, values = cutting():run(plan, { cut = 50 })
  equal(s.name, "Cut")
  equal(s:get("1.06.05", "budget", 2024) * 2, plan:get("1.06.05", "budget", 2024))
  equal(values.total, s:get("/", "budget", 2024))
  equal(plan.hash, before)
  local names = {}
  for i = 1, #metrics do names[i] = metrics[i].metric end
  equal(table.concat(names, " "), "Total share aa zz") -- declared ones first, then the others by name
  equal(metrics[1].value, values.total)
  equal(metrics[2].value, nil)
  equal(metrics[3].value .. metrics[4].value, "truex")
end

function tests.script__runs_on_a_scenario_too()
  local s = check.plan():branch "base"
  s:cut { at = "1.06.05", percent = 50 }
  local _, _, values = cutting():run(s, { cut = 0 })
  equal(values.total, s:get("/", "budget", 2024))
end

function tests.script__values_are_checked_as_on_the_command_line()
  local script, plan = cutting(), check.plan()
  equal(script:check { cut = "12,5" }.cut, 12.5)
  equal(math.type(script:check { cut = 12.0 }.cut), "integer")
  equal(script:check { keep = "tidak" }.keep, false)
  equal(script:check {}.note, "x")
  for given, words in pairs {
    [{ cut = 120 }] = "parameter cut=120: at most 100 percent",
    [{ cut = -1 }] = "parameter cut=-1: at least 0 percent",
    [{ cut = "1.000" }] = "parameter cut=1.000: not a number, or one that can be read in two ways",
    [{ cut = 0 / 0 }] = "not a number",
    [{ keep = 3 }] = "parameter keep=3: say yes or no",
    [{ note = {} }] = "parameter note: its value is text, not table",
    [{ cutt = 1 }] = "no parameter 'cutt'; did you mean 'cut'? There are: cut, keep, note",
    [{ zzzzzz = 1 }] = "no parameter 'zzzzzz'; there are: cut, keep, note",
  } do
    fails("argument", words, script.run, script, plan, given)
  end
  local choosing = cutting { params = { way = { choices = { "a", "b" } }, n = { min = 1, whole = true } } }
  equal(choosing:check { way = "b", n = 2 }.way, "b")
  fails("argument", "parameter way=c: choose one of a, b", choosing.check, choosing, { way = "c", n = 1 })
  fails("argument", "parameter n=1.5: must be a whole number", choosing.check, choosing, { way = "a", n = 1.5 })
  fails("argument", "parameter n=… is required", choosing.check, choosing, { way = "a" })
end

function tests.script__a_file_has_a_name_a_path_and_a_hash()
  local script = pagu.script "scenarios/pagu-turun.lua"
  equal(script.name, "pagu-turun")
  equal(script.path, "scenarios/pagu-turun.lua")
  equal(#script.hash, 64)
  local _, _, values = script:run(check.plan(), { pagu = "5,8 M" })
  equal(values.jumlah_pagu, 5800000000)
end

function tests.script__what_is_no_script_is_refused()
  local none, message, code = pagu.script "scenarios/none.lua"
  equal(none, nil)
  equal(code, "not_found")
  check.is_true(message:find "none.lua")
  fails("argument", "a scenario script returns { params = …, run = function(s, p) … end }, not table", pagu.script, {})
  fails("argument", "not nil", pagu.script)
end

function tests.script__its_errors_are_raised_and_leave_nothing()
  local plan = check.plan()
  fails("unknown_key", "9.99", cutting({ run = function(s) s:get("9.99", "budget", 2024) end }).run,
    cutting({ run = function(s) s:get("9.99", "budget", 2024) end }), plan)
end

check.run()
