-- The Lua side of the API: what is read late is there by name.
local check = require "check"
local pagu = require "pagu"
local shown, loaded = pcall(function() return package.loaded end) -- stock Lua shows what was read
local read_at_start = shown and (loaded["pagu.verbs"] or loaded["pagu.simulate"] or loaded["pagu.report"]) or nil
local tests, equal = check.tests, check.equal

local function names_of(t)
  local out = {}
  for name in pairs(t) do out[#out + 1] = name end
  table.sort(out)
  return out
end

function tests.library__has_every_function_of_the_modules_that_are_read_late()
  local plan = check.plan()
  local s = plan:branch "x"
  for _, name in ipairs { "report", "script", "sweep", "attribute", "life", "workspace" } do
    for _, f in ipairs(names_of(pagu._require("pagu." .. name).module)) do equal(type(pagu[f]), "function", f) end
  end
  local of_scenarios = { "verbs", "target", "project", "forward", "structure", "solve", "optimise", "rules", "simulate",
    "sensitivity", "regret" }
  for _, name in ipairs(of_scenarios) do
    for _, f in ipairs(names_of(pagu._require("pagu." .. name))) do equal(type(s[f]), "function", f) end
  end
  for _, f in ipairs { "break_even", "regret", "sensitivity", "simulate", "two_way" } do equal(type(plan[f]), "function", f) end
end

function tests.library__reads_no_verbs_before_they_are_called()
  equal(read_at_start, nil)
end

function tests.library__can_be_read_whole()
  pagu._load_library()
  equal(type(pagu._require "pagu.simulate".simulate), "function")
end

check.run()
