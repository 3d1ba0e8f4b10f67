--- pagu.replay: the decisions of a saved scenario, run again on another base.
local _, pagu = ...
pagu = pagu or require "pagu"
local lang = pagu._require "pagu.lang"
local decode = pagu._require "pagu.journal_text".decode
local fail = lang.fail

local M = {}

lang.add_texts {
  life_not_kept = {
    id = "argumen \"%s\" berupa %s yang tidak disimpan; terapkan skenario ini menurut nilai",
    en = "the argument \"%s\" was a %s, which isn't kept; replay the scenario by values",
  },
  life_no_rule = {
    id = "aturan berupa fungsi tidak disimpan, jadi tidak ikut diterapkan (entri %s)",
    en = "rules by function aren't kept, so they don't come along (entry %s)",
  },
  life_no_args = {
    id = "argumen tindakan ini tidak disimpan; terapkan skenario ini menurut nilai",
    en = "the arguments of this verb weren't kept; replay the scenario by values",
  },
  life_no_decision = {
    id = "\"%s\" bukan tindakan yang dapat diulang; terapkan skenario ini menurut nilai",
    en = "\"%s\" is no verb that can be run again; replay the scenario by values",
  },
  life_bad_args = { id = "argumen tindakan ini rusak", en = "the arguments of this verb are malformed" },
  life_no_code = {
    id = "%s tidak punya satu padanan pada kode baru",
    en = "%s has no one counterpart among the new codes",
  },
  life_conflicts = {
    id = "skenario menemui %d pertentangan di sini, jadi tidak ada yang diterapkan",
    en = "the scenario meets %d conflicts here, so nothing of it was applied",
  },
  life_entry = { id = "Entri", en = "Entry" },
  life_verb = { id = "Tindakan", en = "Verb" },
  life_field = { id = "Medan", en = "Field" },
  life_period = { id = "Periode", en = "Period" },
  life_base = { id = "Dasar", en = "Base" },
  life_here = { id = "Di sini", en = "Here" },
  life_wanted = { id = "Diminta", en = "Wanted" },
  life_why = { id = "Sebab", en = "Why" },
  life_outcome = { id = "Hasil", en = "Outcome" },
}

-- Verbs that change a scenario by their arguments alone. A file can name no other method.
M.verbs = {
  set = true, spread = true, transfer = true, take = true, scale = true, cut = true, fit = true, add = true,
  add_indicator = true, remove = true, join = true, hold = true, floor = true, ceiling = true, share = true, rule = true,
  constrain = true, mandate = true, release = true, target = true, project = true, forward = true, solve = true,
  optimise = true, allocate = true, spread_margins = true,
}

-- Verbs whose year is n unless given.
local dated = {
  spread = "year", transfer = "year", take = "year", scale = "year", cut = "year", fit = "year", floor = "year",
  ceiling = "year", rule = "year", target = "year", add = "year", forward = "year", project = "from",
}

-- Words of the analyst and ids: no codes stand in them.
local words = {
  reason = true, name = true, law = true, unit = true, type = true, method = true, field = true, fields = true, tag = true,
  level = true, indicator = true,
}
-- Options whose keys are years.
local by_year = { index = true, budget = true, target = true, growth_by_year = true }

-- ---- arguments ----

--- The code of a key as it is here: the longest code of the map that it equals or lies below.
local function here_code(codes, text)
  for _, from in ipairs { 1, (text:match "^.*/()" or 1) } do
    local at = #text
    while at >= from do
      local to = codes[text:sub(from, at)]
      if to == false then fail("unknown_key", "life_no_code", text) end
      if to then return text:sub(1, from - 1) .. to .. text:sub(at + 1) end
      at = (text:sub(1, at):match "^.*()[%.#]" or 1) - 1
    end
  end
  return text
end

local function moved_period(text, shift)
  return (text:gsub("%d+", function(d) return #d == 4 and ("%04d"):format(tonumber(d) + shift) or d end))
end

local function is_year(x)
  return math.type(x) == "integer" and x >= 1000 and x <= 9999
end

local function moved_year(value, shift)
  if type(value) == "string" then return moved_period(value, shift) end
  if is_year(value) then return value + shift end
  if type(value) ~= "table" then return value end
  local out = {}
  for i, y in pairs(value) do
    out[i] = moved_year(y, shift)
  end
  return out
end

-- What stands for something that JSON can't hold; a stage is one that this plan may have too.
local function unkept(value)
  local key, only = next(value), nil
  if key and next(value, key) == nil then only = key end
  return (only == "function" or only == "userdata" or only == "table" or only == "thread" or only == "view" or only == "rows")
    and only
end

local period_names = { year = true, years = true, period = true, periods = true, first_year = true, last_year = true }

local function arrange(c, value, name)
  if type(value) == "string" then
    if words[name] or not c.codes then return value end
    return here_code(c.codes, value)
  end
  if type(value) ~= "table" then return value end
  local what = unkept(value)
  if what then fail("argument", "life_not_kept", tostring(name), what) end
  if value.stage and next(value, next(value)) == nil and (name == "from" or name == "basis") then
    return c.view:stage(value.stage)
  end
  local out = {}
  for k, v in pairs(value) do
    if by_year[name] and type(k) == "string" and k:match "^%d%d%d%d$" then k = math.tointeger(tonumber(k)) + c.shift end
    if type(k) == "string" and c.codes and not period_names[k] and not words[name] then k = here_code(c.codes, k) end
    if period_names[k] then
      out[k] = moved_year(v, c.shift)
    else
      out[k] = arrange(c, v, type(k) == "string" and k or name)
    end
  end
  return out
end

--- A row of a batch: [key, field, period, value].
local function arrange_row(c, row)
  if type(row) ~= "table" then fail("argument", "life_bad_args") end
  local key, period = row[1] or row.key, row[3] or row.year
  return {
    c.codes and type(key) == "string" and here_code(c.codes, key) or key, row[2] or row.field,
    period and moved_year(period, c.shift) or c.year, row[4] == nil and row.value or row[4],
  }
end

local function read(text)
  local value, at = decode(text)
  if at then fail("argument", "life_bad_args") end
  return value
end

-- ---- running ----

local function set(s, c, args)
  if type(args) ~= "table" then fail("argument", "life_bad_args") end
  if args.at then args = { { args.at, args.field, args.period, args.value } } end
  for i = 1, args["1"] and #args == 0 and math.maxinteger or 0 do -- a batch with a reason: JSON has no mixed tables
    local row = args[tostring(i)]
    if row == nil then break end
    args[i] = row
  end
  s:atomic(function(on)
    for _, row in ipairs(args) do
      row = arrange_row(c, row)
      on:set(row[1], row[2], row[3], row[4])
    end
  end, { verb = "set", reason = type(args.reason) == "string" and args.reason or nil })
end

local run

local function run_verb(s, c, verb, args, reason)
  if args == nil then fail("argument", "life_no_args") end
  if type(args) == "table" and args.steps then
    if type(args.steps) ~= "table" then fail("argument", "life_bad_args") end
    s:atomic(function(on)
      for _, step in ipairs(args.steps) do
        if type(step) ~= "table" or step.verb == nil then fail("argument", "life_no_args") end
        run_verb(on, c, step.verb, step.args, type(step.reason) == "string" and step.reason or nil)
      end
    end, { verb = "atomic" })
    return
  end
  if not M.verbs[verb] or not s[verb] then fail("argument", "life_no_decision", verb) end
  if verb == "set" then return set(s, c, args) end
  if verb == "release" then return s:release(args, reason) end
  local o = arrange(c, args, verb)
  local year = dated[verb]
  if c.year and year and o[year] == nil and o.years == nil and o.period == nil then o[year] = c.year end
  s[verb](s, o)
end

--- One undo step of the saved journal: entries first … last.
function run(s, c, entries, first, last)
  local head = entries[first]
  if head.args then return run_verb(s, c, head.verb, read(head.args), head.reason) end
  s:atomic(function(on)
    for i = first, last do
      local e = entries[i]
      if e.values then
        set(on, c, read(e.values))
      else
        run_verb(on, c, e.verb, e.args and read(e.args) or nil, e.reason)
      end
    end
  end, { verb = head.verb, reason = head.reason })
end

local function conflict_table(s)
  local say = lang.say
  return pagu._ours(pagu.table {
    decimals = s.decimals, { "entry", say "life_entry", "integer" }, { "verb", say "life_verb", "text" },
    { "key", say "key", "text" }, { "field", say "life_field", "text" }, { "period", say "life_period", "text" },
    { "base", say "life_base", "money" }, { "ours", say "life_here", "money" }, { "theirs", say "life_wanted", "money" },
    { "base_target", say "life_base", "measure" }, { "ours_target", say "life_here", "measure" },
    { "theirs_target", say "life_wanted", "measure" }, { "why", say "life_why", "text" },
    { "outcome", say "life_outcome", "text" },
  })
end

local fatal = { no_memory = true, interrupted = true, internal = true, closed = true }

local function step_end(entries, first)
  local last = first
  while entries[last + 1] and entries[last + 1].joined do last = last + 1 end
  return last
end

--- Note on a table of conflicts which rules a replay by values can't bring along.
function M.note_rules(t, saved)
  local entries = {}
  for i, e in ipairs(saved.entries) do
    if e.verb == "rule" and e.args and e.args:find('"check": {"function": true}', 1, true) then entries[#entries + 1] = i end
  end
  if #entries > 0 then t:note(lang.say("life_no_rule", table.concat(entries, ", "))) end
  return t
end

--- Run the steps of `saved` on s; true and the table of conflicts, or nil, message, code, table.
function M.decisions(s, saved, o)
  local here = s.year
  local c = {
    view = s, codes = o.map and next(o.map) and o.map or nil, shift = 0,
    year = nil, -- what stood for n there, where it isn't n here
  }
  if saved.year > 0 and saved.year ~= here then
    if o.years == "relative" then c.shift = here - saved.year else c.year = saved.year end
  end
  local t, start, entries = conflict_table(s), s:savepoint(), saved.entries
  local i = (o.skip or 0) + 1
  while entries[i] do
    local e, last = entries[i], step_end(entries, i)
    pagu._at(e.script or "", e.line)
    local before = s:savepoint()
    local ok, err = pcall(run, s, c, entries, i, last)
    pagu._at()
    if not ok then
      if s:savepoint() > before then s:rollback(before) end
      -- a plain error is what malformed arguments do to a verb: a conflict as well
      if type(err) ~= "table" or err.code == nil then err = { message = tostring(err), node = "", field = "" } end
      if fatal[err.code] then
        s:rollback(start)
        error(err, 0)
      end
      t:add { i, e.verb, err.node ~= "" and err.node or nil, err.field ~= "" and err.field or nil, nil, nil, nil, nil, nil, nil,
        nil, err.message, o.apply == "none" and "open" or "left" }
    end
    i = last + 1
  end
  if #t > 0 and o.apply == "none" then
    s:rollback(start)
    return nil, lang.say("life_conflicts", #t), "conflict", t
  end
  return true, t
end

return M
