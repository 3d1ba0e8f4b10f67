--- pagu.library: adds the Lua side of the API to the module and to the classes' methods.
-- Called once by luaopen_pagu with the module and the method tables, by class name.
local pagu, classes = ...

local function load(name)
  return pagu._require("pagu." .. name)
end

local function add(to, functions)
  for name, f in pairs(functions) do
    to[name] = f
  end
end

add(pagu, load "lang".module)
add(pagu, load "report".module)
add(pagu, load "script".module)
add(pagu, load "sweep".module)
add(pagu, load "attribute".module)
for _, name in ipairs { "verbs", "target", "project", "forward", "structure", "solve", "optimise", "rules" } do
  add(classes.scenario, load(name))
end

local documents = load "documents"
for _, name in ipairs { "plan", "view", "scenario" } do
  classes[name].table = documents.wrap(classes[name].table)
end

local life = load "life"
add(pagu, life.module)
for _, name in ipairs { "replay", "rebase", "merge" } do
  classes.scenario[name] = life[name]
end
life.install(pagu, classes.plan)

local workspace = load "workspace"
add(pagu, workspace.module)
add(classes.workspace, workspace.methods)
-- What is uncertain: distributions, and verbs of every view.
pagu.dist = load "dist".module
for _, name in ipairs { "plan", "view", "scenario" } do
  for _, module in ipairs { "simulate", "sensitivity", "regret" } do add(classes[name], load(module)) end
end
load "rules_watch"(classes.scenario)
