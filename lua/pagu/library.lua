--- pagu.library: adds the Lua side of the API to the module and to the classes' methods.
-- Called once by luaopen_pagu with the module and the method tables, by class name. A module is read when
-- one of its functions is first called: reading them all takes longer than to open a plan.
local pagu, classes = ...
local read = pagu._require
local modules = {} -- of functions that are here by name only

local function load(name)
  return read("pagu." .. name)
end

--- Functions of a module, or of a table in it, by their names.
local function late(to, module, part, names)
  modules[module] = true
  for _, name in ipairs(names) do
    to[name] = function(...)
      local from = load(module)
      return (part and from[part] or from)[name](...)
    end
  end
end

local plan, view, scenario = classes.plan, classes.view, classes.scenario

for name, f in pairs(load "lang".module) do pagu[name] = f end
late(pagu, "report", "module", { "_report_files", "render", "report", "reports" })
late(pagu, "script", "module", { "script" })
late(pagu, "sweep", "module", { "sweep" })
late(pagu, "attribute", "module", { "attribute" })
late(pagu, "workspace", "module", { "workspace" })
late(pagu, "life", "module", { "merge" })
late(scenario, "life", nil, { "merge", "rebase", "replay" })
late(scenario, "verbs", nil, { "cut", "fit", "scale" })
late(scenario, "target", nil, { "target" })
late(scenario, "project", nil, { "project", "projection" })
late(scenario, "forward", nil, { "forward" })
late(scenario, "structure", nil, { "add", "add_indicator" })
late(scenario, "solve", nil, { "solve" })
late(scenario, "optimise", nil, { "optimise" })
late(scenario, "rules", nil, { "apply_rules", "rule", "warnings" })
late(classes.workspace, "workspace", "methods", { "add_run", "load", "remove", "save", "text" })

-- What is uncertain: distributions, and verbs of every view.
pagu.dist = load "dist".module
for _, class in ipairs { plan, view, scenario } do
  late(class, "simulate", nil, { "simulate" })
  late(class, "sensitivity", nil, { "break_even", "sensitivity", "two_way" })
  late(class, "regret", nil, { "regret" })
end

local documents = load "documents"
for _, class in ipairs { plan, view, scenario } do
  class.table = documents.wrap(class.table)
end

--- Loads that may replay: with options only.
local function loader(plain)
  return function(on, path, o)
    if o == nil then return plain(on, path) end
    return load "life".load(plain, on, path, o)
  end
end
pagu.load_scenario, plan.load = loader(pagu.load_scenario), loader(plan.load)

load "rules_watch"(scenario)

--- Read what is read late, for processes that are forked from this state: each would read it anew.
function pagu._load_library()
  for module in pairs(modules) do load(module) end
end
