--- pagu.life: replay, rebase and merge of scenarios.
local _, pagu = ...
pagu = pagu or require "pagu"
local lang = pagu._require "pagu.lang"
local replay = pagu._require "pagu.replay"
local fail, options = lang.fail, lang.options

local M = { module = {} }

lang.add_texts {
  life_one_of = { id = "%s: \"%s\" tidak ada; yang ada: %s", en = "%s: there is no \"%s\"; there are %s" },
  life_years = {
    id = "skenario ini dibuat untuk rencana tahun %d, sedangkan rencana ini tahun %d: sebutkan years = \"absolute\" (tahunnya tetap) atau \"relative\" (bergeser)",
    en = "the scenario was made for the plan of %d, this plan is of %d: say years = \"absolute\" (they stay) or \"relative\" (they move)",
  },
  life_no_map = {
    id = "%s: bukan pemetaan kode; kolomnya list, from_version, from, to_version, to, share",
    en = "%s: no mapping of codes; its columns are list, from_version, from, to_version, to, share",
  },
  life_versions = {
    id = "%s memetakan ke beberapa versi; sebutkan yang dimaksud dengan to",
    en = "%s maps to several versions; say which one with to",
  },
  life_view = { id = "%s memerlukan rencana, tahap atau skenario", en = "%s takes a plan, a stage or a scenario" },
  life_policy = {
    id = "merge: policy \"%s\" bukan medan rencana ini, \"structure\", atau \"constraints\"",
    en = "merge: policy \"%s\" is no field of this plan, \"structure\" or \"constraints\"",
  },
}

local function one_of(verb, value, ...)
  for i = 1, select("#", ...) do
    if value == select(i, ...) then return value end
  end
  return fail("argument", "life_one_of", verb, tostring(value), table.concat({ ... }, ", "))
end

local function is_view(x)
  local kind = pagu.type(x)
  return kind == "plan" or kind == "view" or kind == "scenario"
end

local function check_view(verb, x)
  return is_view(x) and x or fail("argument", "life_view", verb)
end

-- ---- replay ----

-- ---- codes of another version ----

--- A codes_map.csv, as `pagu migrate --map` reads it: { [from] = to }, false where a code is split or dropped.
local function read_map(path, version)
  local rows, message, code = pagu._read_csv(path)
  if not rows then pagu._raise(code, message) end
  local out, versions = {}, {}
  for row in rows:each() do
    if row.from == nil or row.to_version == nil then fail("syntax", "life_no_map", path) end
    versions[row.to_version] = true
    if version == nil or row.to_version == tostring(version) then
      local seen = out[row.from] ~= nil
      out[row.from] = not seen and row.to and row.to ~= "" and row.to or false
    end
  end
  local first = next(versions)
  if version == nil and first and next(versions, first) then fail("argument", "life_versions", path) end
  return out
end

local function settings(verb, o)
  local map = o.map
  if type(map) == "string" then map = read_map(map, o.to) end
  return {
    mode = one_of(verb, o.mode or o.replay or "values", "values", "decisions"),
    apply = one_of(verb, o.apply or "none", "none", "clean", "all"),
    years = o.years and one_of(verb, o.years, "absolute", "relative"),
    map = map, skip = o.skip,
  }
end

--- A text onto a new branch of `view`.
local function replay_text(text, file, saved, view, name, o)
  if saved.year > 0 and saved.year ~= view.year and not o.years then
    fail("argument", "life_years", saved.year, view.year)
  end
  local s = view:branch(name)
  local function run()
    if o.mode == "decisions" then return replay.decisions(s, saved, o) end
    return pagu._replay(s, text, file, { apply = o.apply, years = o.years, skip = o.skip, codes = o.map })
  end
  local called, ok, second, code, conflicts, findings = pcall(run)
  if called and ok then return s, o.mode == "values" and replay.note_rules(second, saved) or second end
  s:close()
  if not called then error(ok, 0) end
  return nil, second, code, code == "syntax" and findings or conflicts
end

local replay_options = { "mode", "apply", "years", "map", "to", "name" }

--- A new scenario on another view with what this one did.
function M.replay(s, view, o)
  o = options("replay", o or {}, replay_options)
  check_view("replay", view)
  local set = settings("replay", o)
  local text = s:dump()
  if pagu.type(view) == "scenario" then set.skip = pagu._inherited(s) end
  return replay_text(text, s.name, assert(pagu._saved(text, s.name)), view, o.name or s.name, set)
end

function M.rebase(s, view, o)
  return M.replay(s, view, o)
end

local load_options = { "replay", "apply", "years", "map", "to", "name", "stage", "onto" }

--- plan:load and pagu.load_scenario with options; plain is either without.
function M.load(plain, plan, path, o)
  options("load_scenario", o, load_options)
  if o.replay == nil and next(o) == nil then return plain(plan, path) end
  local set = settings("load_scenario", o)
  local text, message, code = pagu._read_file(path)
  if not text then return nil, message, code end
  return M.read(plan, text, path, o, set)
end

--- The same of a text: workspaces keep texts.
function M.read(plan, text, name, o, set)
  set = set or settings("load", o)
  local saved, message, code, findings = pagu._saved(text, name)
  if not saved then return nil, message, code, findings end
  local view = o.onto and check_view("load_scenario", o.onto)
  if not view then
    local ok, stage = pcall(plan.stage, plan, o.stage or saved.stage)
    if not ok then
      if type(stage) == "table" and stage.code then return nil, stage.message, stage.code end
      error(stage, 0)
    end
    view = stage
  end
  return replay_text(text, name, saved, view, o.name or saved.name, set)
end

-- ---- merge ----

local function policies(view, policy)
  local set = { policy = "ask", fields = {} }
  if policy == nil then return set end
  if type(policy) ~= "table" then
    set.policy = one_of("merge", policy, "ask", "ours", "theirs")
    return set
  end
  local known = { structure = true, constraints = true }
  for row in view:fields():each() do
    known[row.field] = true
  end
  for field, value in pairs(policy) do
    one_of("merge", value, "ask", "ours", "theirs")
    if field == "*" then
      set.policy = value
    elseif known[field] then
      set.fields[field] = value
    else
      fail("argument", "life_policy", tostring(field))
    end
  end
  return set
end

local merge_options = { "policy", "dry", "name", "reason", "base" }

--- On a branch of ours; ours itself stays as it is.
local function merge_branch(ours, base, theirs, set, name)
  local s = ours:branch(name or ours.name)
  local called, ok, second, code, conflicts = pcall(pagu._merge, s, base, theirs, set)
  if called and ok then return s, second end
  s:close()
  if not called then error(ok, 0) end
  return nil, second, code, conflicts
end

--- What a merge would do: every conflict, and the changes that meet none.
local function preview(ours, base, theirs, set)
  local s, conflicts, _, open = merge_branch(ours, base, theirs, set)
  if not s then
    conflicts = open
    s = merge_branch(ours, base, theirs, { policy = "ours", fields = {} })
  end
  local before = pagu.type(ours) == "scenario" and #ours:journal() or 0
  local changes = s and #s:journal() > before and s:changes(#s:journal()) or pagu.table { { "key", lang.say "key", "text" } }
  if s then s:close() end
  return conflicts, changes
end

function M.module.merge(base, ours, theirs, o)
  o = options("merge", o or {}, merge_options)
  for _, view in ipairs { check_view("merge", base), check_view("merge", ours), check_view("merge", theirs) } do
    check_view("merge", view)
  end
  local set = policies(ours, o.policy)
  set.reason = o.reason
  if o.dry then return preview(ours, base, theirs, set) end
  return merge_branch(ours, base, theirs, set, o.name)
end

--- On this scenario, as one undo step.
function M.merge(s, theirs, o)
  o = options("merge", o or {}, merge_options)
  check_view("merge", theirs)
  local base = o.base and check_view("merge", o.base) or s:stage(s.stage_id)
  local set = policies(s, o.policy)
  set.reason = o.reason
  if o.dry then return preview(s, base, theirs, set) end
  local ok, second, code, conflicts = pagu._merge(s, base, theirs, set)
  if ok then return s, second end
  return nil, second, code, conflicts
end

return M
