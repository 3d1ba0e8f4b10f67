--- pagu.workspace: named scenarios and runs in one file; see pagu/workspace.h for what the file is.
local _, pagu = ...
pagu = pagu or require "pagu"
local lang = pagu._require "pagu.lang"
local life = pagu._require "pagu.life"
local options = lang.options

local M = { module = {}, methods = {} }
local methods = M.methods

local ANY = -1

--- Open a workspace file; it is made if there is none, unless mode is "read" or "write".
function M.module.workspace(path, o)
  o = options("workspace", o or {}, { "mode" })
  return pagu._workspace(path, o.mode)
end

local save_options = { "version", "overwrite", "who", "reason" }

-- Which version a save replaces: the one that was loaded or saved here last.
local function expected(w, name, o)
  if o.overwrite then return ANY end
  return o.version or w:_seen()[name] or 0
end

--- Save under a name; returns the version. Raises "conflict" over a version that this script has not seen.
function methods.save(w, name, s, o)
  o = options("save", o or {}, save_options)
  local version = w:_save(name, s, { expected = expected(w, name, o), who = o.who, reason = o.reason })
  w:_seen()[name] = version
  return version
end

--- The text of a scenario and its version.
function methods.text(w, name, version)
  return w:_read(name, version)
end

local load_options = { "version", "replay", "apply", "years", "map", "to", "name", "stage", "onto" }

--- A scenario onto a plan, as pagu.load_scenario does.
function methods.load(w, name, plan, o)
  o = options("load", o or {}, load_options)
  local text, version, code = w:_read(name, o.version)
  if not text then return nil, version, code end
  local s, message, why, details
  if o.replay or o.onto or o.stage then
    s, message, why, details = life.read(plan, text, name, o)
  else
    s, message, why, details = pagu._read_scenario(plan, text, name)
  end
  if s then w:_seen()[name] = version end
  return s, message, why, details
end

function methods.remove(w, name, o)
  o = options("remove", o or {}, save_options)
  local version = expected(w, name, o)
  w:_remove(name, { expected = version == 0 and ANY or version, who = o.who, reason = o.reason })
  w:_seen()[name] = nil
end

local run_options = { "script", "script_hash", "params", "stage", "results", "stamp", "who" }

local function text_of(value)
  if type(value) == "string" then return value end
  if pagu.type(value) == "table" then return value:csv() end
  if pagu.type(value) == "scenario" then return value:dump() end
  return pagu._json(value)
end

--- Keep a run: what made it, and its results by name (text, tables, scenarios, plain values). Returns its number.
function methods.add_run(w, plan, o)
  o = options("add_run", o or {}, run_options)
  local names, results = {}, {}
  for name in pairs(o.results or {}) do names[#names + 1] = name end
  table.sort(names)
  for i, name in ipairs(names) do
    results[i] = { name = name, text = text_of(o.results[name]) }
  end
  return w:_add_run {
    script = o.script or "", script_hash = o.script_hash, plan_hash = plan:hash(), stage = o.stage or plan.stage_id,
    params = pagu._json(o.params or {}), stamp = pagu._json(o.stamp or { engine = pagu.version }), who = o.who,
    results = results,
  }
end

return M
