-- The stubs in lua/meta/*.lua say what the API has, no more and no less, and their examples run.
local check = require "check"
local pagu = require "pagu"
local tests, equal = check.tests, check.equal

local io, debug, os = check.global "io", check.global "debug", check.global "os"
if not (io and debug) then -- the program's sandbox reads no files of ours
  print "0 tests, 0 failed"
  return
end

local function read(path)
  local f <close> = assert(io.open(path))
  return f:read "a"
end

--- classes: name -> { methods = { [name] = { doc, example, params } }, fields, parent }
local function parse(text)
  local classes, locals, doc, class = {}, {}, {}, nil
  for line in text:gmatch "[^\n]*" do
    local name, parent = line:match "^%-%-%-@class ([%w.]+):? ?([%w.]*)"
    local var = line:match "^local (%w+) = {}$"
    local owner, _, method, params = line:match "^function (%w+)([.:])([%w_]+)%((.-)%) end$"
    if name then
      class = name
      classes[name] = classes[name] or { methods = {}, fields = {}, parent = parent ~= "" and parent or nil }
    end
    local field = line:match "^%-%-%-@field ([%w_]+)"
    if field and class then classes[class].fields[field] = true end
    if var then locals[var] = class end
    if owner then
      classes[locals[owner]].methods[method] = { doc = table.concat(doc, "\n"), params = params }
    end
    if line:match "^%-%-%-" then doc[#doc + 1] = line else doc = {} end
  end
  return classes
end

--- The files of lua/meta, by name: the stock interpreter lists no folders.
local function stubs()
  local out = {}
  local list <close> = assert(io.popen "LC_ALL=C ls lua/meta/*.lua")
  for file in list:lines() do out[#out + 1] = read(file) end
  return table.concat(out, "\n")
end

local classes = parse(stubs())

local function objects()
  local plan = check.plan()
  local s = plan:branch "contoh"
  local node = plan["1.06.04.2.01.01"]
  return {
    ["pagu.View"] = plan:stage "need", ["pagu.Plan"] = plan, ["pagu.Scenario"] = s, ["pagu.Node"] = node,
    ["pagu.Indicator"] = node:indicators()[1], ["pagu.Selection"] = plan:select {},
    ["pagu.Indicators"] = plan:select {}:indicators(),
    ["pagu.Column"] = plan:select "1.06".budget[2024], ["pagu.Table"] = plan:stages(), ["pagu.Findings"] = plan:check(),
    ["pagu.Document"] = pagu.document {}, ["pagu.Workspace"] = pagu.workspace(os.tmpname()),
    ["pagu.Solution"] = s:solve { want = { key = "/", value = 1 }, by = "/", dry = true },
    ["pagu.Allocation"] = s:optimise { maximise = { ["/"] = 1 }, dry = true },
    ["pagu.Script"] = pagu.script { run = function() end },
    ["pagu.Sweep"] = pagu.sweep { view = plan, grid = { n = { 1 } }, script = { params = { n = 1 }, run = function() end } },
    ["pagu.Chart"] = pagu.chart { table = pagu.table { "a", "b" }:add { "x", 1 }, value = "b" },
  }
end

--- Methods of a class and of its parent.
local function documented(name)
  local out, class = {}, classes[name]
  for method, m in pairs(class.methods) do
    out[method] = m
  end
  for method, m in pairs(class.parent and classes[class.parent].methods or {}) do
    out[method] = m
  end
  return out
end

local function compare(what, real, stubs)
  local faults = {}
  for name in pairs(real) do
    if name:sub(1, 1) ~= "_" and not stubs[name] then faults[#faults + 1] = what .. ": no stub for " .. name end
  end
  for name in pairs(stubs) do
    if real[name] == nil then faults[#faults + 1] = what .. ": a stub, but no function " .. name end
  end
  return faults
end

function tests.stubs__module_is_what_there_is()
  local real = {}
  for name, value in pairs(pagu) do
    if type(value) == "function" then real[name] = value end
  end
  equal(table.concat(compare("pagu", real, documented "pagu"), "\n"), "")
end

function tests.stubs__methods_are_what_there_is()
  local faults = {}
  for class, object in pairs(objects()) do
    table.move(compare(class, debug.getmetatable(object).methods, documented(class)), 1, 1000, #faults + 1, faults)
  end
  table.sort(faults)
  equal(table.concat(faults, "\n"), "")
end

function tests.stubs__fields_can_be_read()
  local faults = {}
  for class, object in pairs(objects()) do
    for field in pairs(classes[class].fields) do
      local ok, err = pcall(function() return object[field] end)
      if not ok then faults[#faults + 1] = class .. "." .. field .. ": " .. tostring(err) end
    end
  end
  equal(table.concat(faults, "\n"), "")
  equal(type(pagu.version), "string")
end

function tests.stubs__every_function_is_described()
  local faults = {}
  for class, c in pairs(classes) do
    for name, m in pairs(c.methods) do
      local first = m.doc:match "^%-%-%- ([^\n]*)"
      if not first or first:sub(1, 3) == "```" then faults[#faults + 1] = class .. "." .. name .. ": no sentence" end
      for param in m.params:gmatch "[%w_.]+" do
        if not m.doc:find("---@param " .. param, 1, true) then
          faults[#faults + 1] = class .. "." .. name .. ": no @param " .. param
        end
      end
    end
  end
  equal(table.concat(faults, "\n"), "")
end

--- Names of the options of a method: of { a?: x, … } in its @param, or of the class named there.
local function documented_options(doc)
  local type = doc:match "%-%-%-@param options%?? ([^\n]*)"
  if not type then return nil end
  local names, class = {}, classes[type]
  for name in type:gmatch "([%w_]+)%??:" do names[name] = true end
  while class do
    for name in pairs(class.fields) do names[name] = true end
    class = classes[class.parent]
  end
  return names
end

--- What the method says it takes, when it gets an option that it doesn't know.
local function real_options(object, name)
  local before = {
    explain = { "1.06", "budget", 2024 }, branch = { "x" }, replay = { object }, rebase = { object }, merge = { object },
  }
  local args = before[name] or {}
  args[#args + 1] = { zzz = 1, at = not before[name] and "1.06" or nil }
  local _, err = pcall(object[name], object, table.unpack(args))
  return tostring(err):match "there are ([%w_, ]+)$"
end

function tests.stubs__options_are_what_there_is()
  local faults, checked, s = {}, 0, objects()["pagu.Scenario"]
  for name, m in pairs(documented "pagu.Scenario") do
    local stub, real = documented_options(m.doc), nil
    if stub then real = real_options(s, name) or "" end
    for option in (real or ""):gmatch "[%w_]+" do
      if not stub[option] and option ~= "share_of" then faults[#faults + 1] = name .. ": no stub for " .. option end
      stub[option] = nil
    end
    for option in pairs(stub or {}) do faults[#faults + 1] = name .. ": a stub, but no option " .. option end
    checked = checked + (stub and 1 or 0)
  end
  table.sort(faults)
  equal(table.concat(faults, "\n"), "")
  check.is_true(checked > 15)
end

--- What an example decided can be done again from what the journal kept: by values, and by decisions.
local function decided_again(plan, s)
  if s.closed or #s:journal() == 0 then return nil end
  for row in s:constraints():each() do
    if row.kind == "check" then return nil end -- rules by function aren't kept
  end
  for _, mode in ipairs { "values", "decisions" } do
    local again, message, _, conflicts = s:replay(plan, { mode = mode })
    if not again then return mode .. ": " .. message .. "\n" .. tostring(conflicts) end
    if again:hash() ~= s:hash() then return mode .. ": another result" end
  end
end

local function run_example(doc)
  local example = doc:match "%-%-%- ```lua\n(.-)%-%-%- ```"
  if not example then return "no example" end
  example = example:gsub("%-%-%- ?([^\n]*)", "%1")
  local plan = check.plan()
  local env = setmetatable({
    plan = plan, need = plan:stage "need", s = plan:branch "contoh", print = function(x) return tostring(x) end,
  }, { __index = _G })
  env.pagu = pagu
  local chunk, fault = load(example, "=example", "t", env)
  if not chunk then return fault end
  local ok, err = pcall(chunk)
  return not ok and tostring(err) or decided_again(plan, env.s)
end

function tests.stubs__every_example_runs()
  local faults = {}
  for class, c in pairs(classes) do
    for name, m in pairs(c.methods) do
      local fault = run_example(m.doc)
      if fault then faults[#faults + 1] = class .. "." .. name .. ": " .. fault end
    end
  end
  table.sort(faults)
  equal(table.concat(faults, "\n"), "")
end

check.run()
