--- pagu.project: s:project, the years ahead by growth, an index, or a method fitted to the years there are.
local _, pagu = ...
pagu = pagu or require "pagu"
local lang = pagu._require "pagu.lang"
local calls = pagu._require "pagu.project_call"
local projection = pagu._require "pagu.projection"
local money = pagu._require "pagu.project_money"
local measures = pagu._require "pagu.project_measures"
local options = lang.options

local M = { projection = projection.projection }

local project_options = {
  "at", "field", "from", "years", "method", "growth", "index", "unit", "each", "history", "first", "level", "alpha", "beta", "phi",
  "on_short", "dry", "reason", "used",
}

local function run_on(on, c)
  local done
  if pagu._is_money(on, c.field) then
    done = money.run(on, c)
  else
    done = measures.run(on, c)
  end
  if #c.skipped > 0 then done:note(lang.say("projection_skipped", #c.skipped, table.concat(c.skipped, "; "))) end
  return done, projection.candidates(c)
end

function M.project(s, o)
  options("project", o, project_options)
  local args, used = {}, {}
  for name, value in pairs(o) do args[name] = value end
  args.used = nil
  local function run(on)
    local c = calls.call(on, o, "project")
    local done, tried = run_on(on, c)
    used.used = projection.record(c)
    return done, tried
  end
  if o.dry then return s:_dry(run) end
  return s:atomic(run, { verb = "project", args = args, used = used, reason = o.reason })
end

return M
