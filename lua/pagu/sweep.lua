--- pagu.sweep: run a scenario script for many values of its parameters, in this process. The program's
-- `pagu sweep` runs the same members in many, from what M.open makes.
local _, pagu = ...
pagu = pagu or require "pagu"
local lang = pagu._require "pagu.lang"
local design = pagu._require "pagu.sweep.design"
local record = pagu._require "pagu.sweep.record"
local result = pagu._require "pagu.sweep.result"

local M = { module = {} }
local options = { "script", "view", "plan", "params", "grid", "list", "lhs", "seed" }

--- A sweep that is ready to run: { script, view, design }; or nil and all that is wrong with it.
function M.open(script, view, o)
  local made, problems = design.new(script, o)
  if not made then return nil, problems end
  return { script = script, view = view, design = made }
end

function M.module.sweep(o)
  lang.options("sweep", o, options)
  local script, message, code = pagu.script(o.script)
  if not script then return pagu._raise(code or "argument", message) end
  local view = o.view or o.plan or lang.fail("argument", "missing_option", "sweep", "view")
  local sweep, problems = M.open(script, view, o)
  if not sweep then return pagu._raise("argument", table.concat(problems, "; ")) end
  local lines = {}
  for k = 1, sweep.design.count do lines[k] = record.line(sweep, k) end
  return assert(result.of_lines(record.header(sweep), lines, script.name))
end

return M
