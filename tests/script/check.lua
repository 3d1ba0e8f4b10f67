--- check: a tiny test runner for stock lua5.4 and for the program's own sandbox.
--   local check = require "check"
--   function check.tests.view__parent_is_the_sum_of_its_children() … end
--   check.run()
local M = { tests = {} }

--- A global that the sandbox may lack: there, an undeclared name is an error.
function M.global(name)
  local ok, value = pcall(function() return _ENV[name] end)
  return ok and value or nil
end

local function show(x)
  return type(x) == "string" and ("%q"):format(x) or tostring(x)
end

function M.equal(got, wanted, what)
  if got ~= wanted then
    error(("%s: got %s, wanted %s"):format(what or "value", show(got), show(wanted)), 2)
  end
end

function M.is_true(x, what)
  if not x then error(what or "not true", 2) end
end

--- f must raise an error object of that code; words must be in its message. Returns the object.
function M.fails(code, words, f, ...)
  local ok, err = pcall(f, ...)
  if ok then error(("no error; wanted %s"):format(code), 2) end
  if type(err) ~= "table" then error(("a plain error: %s; wanted %s"):format(tostring(err), code), 2) end
  if err.code ~= code then error(("code %s (%s), wanted %s"):format(show(err.code), tostring(err), code), 2) end
  if words and not tostring(err):find(words, 1, true) then
    error(("message %q lacks %q"):format(tostring(err), words), 2)
  end
  return err
end

--- A fresh scenario of the Tarakan plan.
M.package = "examples/renja-tarakan-2024"
function M.plan()
  local pagu = require "pagu"
  pagu.lang "en"
  local plan = assert(pagu.open(M.package))
  return plan
end

function M.run()
  local names, failed = {}, {}
  for name in pairs(M.tests) do
    names[#names + 1] = name
  end
  table.sort(names)
  for _, name in ipairs(names) do
    local ok, err = pcall(M.tests[name])
    if not ok then failed[#failed + 1] = ("not ok %s: %s"):format(name, tostring(err)) end
  end
  print(("%d tests, %d failed"):format(#names, #failed))
  M.tests = {}
  if #failed > 0 then error(table.concat(failed, "\n"), 0) end
end

return M
