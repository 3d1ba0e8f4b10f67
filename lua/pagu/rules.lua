--- pagu.rules: rules over several years, what they warn of, and packs of laws with their dates.
-- A pack is a list of rules that name places by their role ("education"), never by a code: which
-- lines those are in this plan, the analyst says, or a class of that id in the plan's tree "mandate".
local _, pagu = ...
pagu = pagu or require "pagu"
local lang = pagu._require "pagu.lang"
local fail, options, say = lang.fail, lang.options, lang.say

local M = {}

lang.add_texts {
  rule_what = { id = "rule memerlukan min, max, equals, atau check", en = "rule needs min, max, equals or check" },
  rule_years = {
    id = "rule: years adalah daftar tahun, atau { from = 2024, to = 2026 }",
    en = "rule: years is a list of years, or { from = 2024, to = 2026 }",
  },
  rule_year_once = { id = "rule memerlukan year, period, atau years; jangan sekaligus", en = "rule takes one of year, period and years" },
  pack_unknown = { id = "paket aturan \"%s\" tidak ada; yang ada: %s", en = "no rule pack \"%s\"; there are %s" },
  pack_shape = {
    id = "paket aturan adalah tabel dengan daftar rules; setiap aturan punya id dan part",
    en = "a rule pack is a table with a list rules; each rule has an id and a part",
  },
  pack_role = {
    id = "paket ini tidak mengenal \"%s\"; yang dikenal: %s",
    en = "the pack has no role \"%s\"; there are %s",
  },
  pack_applied = { id = "diterapkan", en = "applied" },
  pack_skipped = { id = "tidak diterapkan", en = "not applied" },
  pack_needs = { id = "belum dipetakan: %s", en = "not mapped: %s" },
  pack_no_year = { id = "tidak berlaku pada %d", en = "not in force in %d" },
  pack_no_figure = { id = "peraturannya tidak memuat angka", en = "the law gives no figure" },
  pack_no_frame = { id = "tahun %d di luar rentang rencana", en = "%d lies outside the plan's years" },
  pack_no_base = { id = "tidak ada nilai dasar pada %d", en = "there is no base value in %d" },
  rule = { id = "Aturan", en = "Rule" },
  rule_title = { id = "Isi", en = "Content" },
  rule_state = { id = "Status", en = "State" },
  rule_why = { id = "Sebab", en = "Why" },
  rule_number = { id = "Nomor", en = "Number" },
  rule_slack = { id = "Ruang", en = "Slack" },
  rule_law = { id = "Dasar hukum", en = "Law" },
  rule_source = { id = "Sumber", en = "Source" },
  rule_mark = { id = "Keandalan", en = "Confidence" },
  rule_message = { id = "Pesan", en = "Message" },
}

-- ---- years ----

local function runs_of(years)
  if type(years) ~= "table" then fail("argument", "rule_years") end
  if years.from or years.to then return { { years.from, years.to } } end
  local sorted, runs = {}, {}
  for i, year in ipairs(years) do
    if math.type(year) ~= "integer" then fail("argument", "rule_years") end
    sorted[i] = year
  end
  if #sorted == 0 then fail("argument", "rule_years") end
  table.sort(sorted)
  for _, year in ipairs(sorted) do
    local last = runs[#runs]
    if last and year <= last[2] + 1 then
      last[2] = year
    else
      runs[#runs + 1] = { year, year }
    end
  end
  return runs
end

local function copy(o, without)
  local out = {}
  for k, v in pairs(o) do
    if k ~= without then out[k] = v end
  end
  return out
end

local rule_options = {
  "at", "min", "max", "equals", "share_of", "ratio_of", "check", "field", "year", "period", "years", "from_year", "to_year",
  "of_field", "of_year", "name", "reason", "law", "severity", "warn",
}

--- One record; several where the years in force have gaps. Returns their numbers.
function M.rule(s, o)
  options("rule", o, rule_options)
  if o.min == nil and o.max == nil and o.equals == nil and o.check == nil then fail("argument", "rule_what") end
  if o.years == nil then return s:_rule(o) end
  if o.year or o.period then fail("argument", "rule_year_once") end
  local calls = {}
  for i, run in ipairs(runs_of(o.years)) do
    local call = copy(o, "years")
    if run[1] == run[2] then
      call.year = run[1]
    else
      call.from_year, call.to_year = run[1], run[2]
    end
    calls[i] = call
  end
  if #calls == 1 then return s:_rule(calls[1]) end
  return s:atomic(function(on)
    local ids = {}
    for i, call in ipairs(calls) do
      ids[i] = on:_rule(call)
    end
    return table.unpack(ids)
  end, { verb = "rule", reason = o.reason })
end

--- What is broken now, whether it refuses edits or only warns.
function M.warnings(s)
  local t = pagu.table { { "name", say "rule", "text" }, { "severity", "severity", "text" }, { "message", say "rule_message", "text" } }
  for row in s:constraints():each() do
    if row.state == "broken" then t:add { row.name, row.severity, row.message } end
  end
  return t
end

-- ---- packs ----

local shipped = { "mandates", "efficiency_2025" }

local function check_pack(pack)
  if type(pack) ~= "table" or type(pack.rules) ~= "table" then fail("argument", "pack_shape") end
  for _, rule in ipairs(pack.rules) do
    if type(rule) ~= "table" or type(rule.id) ~= "string" or type(rule.part) ~= "string" then fail("argument", "pack_shape") end
  end
  return pack
end

--- A shipped pack by name, every shipped rule for a year, a file of the script's folder, or a table.
local function find_pack(which)
  if type(which) == "table" then return check_pack(which) end
  local name = tostring(which)
  if name:match "%.lua$" then return check_pack(require((name:gsub("%.lua$", "")))) end
  local all, year = {}, math.tointeger(tonumber(name))
  for _, file in ipairs(shipped) do
    local pack = pagu._require("pagu.rules." .. file)
    if file == name then return pack end
    for _, rule in ipairs(pack.rules) do
      all[#all + 1] = rule
    end
  end
  if year then return { rules = all }, year end
  return fail("argument", "pack_unknown", name, table.concat(shipped, ", ") .. ", 2024, …")
end

local function roles_of(pack)
  local roles, list = { total = true }, {}
  for _, rule in ipairs(pack.rules) do
    for _, role in ipairs { rule.part, rule.whole or "total", rule.less or "total" } do
      roles[role] = true
    end
  end
  for role in pairs(roles) do
    list[#list + 1] = role
  end
  table.sort(list)
  return roles, list
end

--- The place of a role: as the analyst maps it, else the class of that id in the tree "mandate".
local function place_of(s, map, role)
  if map[role] ~= nil then return map[role] end
  if role == "total" then return "/" end
  local ok, found = pcall(s.select, s, { tag = { mandate = role } })
  return ok and #found > 0 and found or nil
end

local function base_value(base, place, field, year)
  local sum
  for node in base:lines(place):each() do
    local value = base:get(node.key, field, year)
    if value then sum = (sum or 0) + value end
  end
  return sum
end

--- The options of s:rule for a rule of a pack; or nil and why not.
local function plan_rule(s, rule, o, year)
  if year < (rule.from or year) or year > (rule.to or year) then return nil, say("pack_no_year", year) end
  if not (rule.min or rule.max or rule.change_min or rule.change_max) then return nil, say "pack_no_figure" end
  local first, last = s.first_year, s.last_year
  if first and (year < first or year > last) then return nil, say("pack_no_frame", year) end
  local missing, places = {}, {}
  for _, key in ipairs { "part", "whole", "less" } do
    local role = rule[key] or (key == "whole" and (rule.min or rule.max) and "total") or nil
    if role then
      places[key] = place_of(s, o.places, role)
      if places[key] == nil then missing[#missing + 1] = role end
    end
  end
  if #missing > 0 then return nil, say("pack_needs", table.concat(missing, ", ")) end
  local call = {
    at = s:lines(places.part), year = year, field = o.field, name = rule.name or rule.id, law = rule.law,
    severity = o.severity or rule.severity, reason = rule.title and rule.title[pagu._lang()] or rule.name,
  }
  if rule.min or rule.max then
    call.share_of = places.less and s:lines(places.whole) - s:lines(places.less) or s:lines(places.whole)
    call.min, call.max = rule.min, rule.max
    return call
  end
  local value = base_value(o.base, places.part, o.field, year)
  if not value then return nil, say("pack_no_base", year) end
  if rule.change_max then call.max = pagu.muldiv(value, 100 + rule.change_max, 100) end
  if rule.change_min then call.min = pagu.muldiv(value, 100 + rule.change_min, 100) end
  return call
end

local apply_options = { "places", "year", "field", "severity", "base", "reason" }

--- Put the rules of a pack in force; a table says of each rule whether it is, and if not, why.
function M.apply_rules(s, which, o)
  o = copy(options("apply_rules", o or {}, apply_options) or o or {})
  local pack, given = find_pack(which)
  local year = o.year or given or s.year
  o.places, o.base, o.field = o.places or {}, o.base or s, o.field or "budget"
  local roles, list = roles_of(pack)
  for role in pairs(o.places) do
    if not roles[role] then fail("argument", "pack_role", tostring(role), table.concat(list, ", ")) end
  end
  local t = pagu.table {
    decimals = s.decimals, { "rule", say "rule", "text" }, { "title", say "rule_title", "text" },
    { "state", say "rule_state", "text" }, { "why", say "rule_why", "text" }, { "id", say "rule_number", "integer" },
    { "slack", say "rule_slack", "money" }, { "law", say "rule_law", "text" }, { "mark", say "rule_mark", "text" },
    { "source", say "rule_source", "text" },
  }
  s:atomic(function(on)
    for _, rule in ipairs(pack.rules) do
      local call, why = plan_rule(on, rule, o, year)
      local id = call and on:_rule(call)
      local slack = id and on:slack(id)
      local title = rule.title and rule.title[pagu._lang()] or rule.name or rule.id
      t:add { rule.id, title, say(id and "pack_applied" or "pack_skipped"), why, id, slack, rule.law, rule.mark, rule.source }
    end
  end, { verb = "apply_rules", reason = o.reason })
  return t
end

return M
