--- pagu.sweep.record: what a sweep keeps of each member, as lines of JSON: a header, then a line a
-- member. Results are always made from these lines, so that a sweep that was resumed, merged or run in
-- one process gives the same bytes as any other.
local _, pagu = ...
pagu = pagu or require "pagu"
local lang = pagu._require "pagu.lang"
local params = pagu._require "pagu.params"
local script_of = pagu._require "pagu.script"
local say = lang.say

local M = {}

lang.add_texts {
  store_not = { id = "%s: ini bukan hasil penyapuan pagu", en = "%s: this is no store of a sweep" },
  store_version = { id = "%s: bentuk versi %s; program ini membaca versi 1", en = "%s: form version %s; this program reads version 1" },
  store_line = { id = "%s:%d: baris ini bukan anggota penyapuan ini", en = "%s:%d: this line is no member of this sweep" },
  store_other = { id = "%s: penyapuan lain: %s berbeda (%s di sana, %s di sini)", en = "%s: another sweep: %s differs (%s there, %s here)" },
  store_plan = { id = "rencana", en = "the plan" },
  store_view = { id = "tahap atau skenario", en = "the stage or scenario" },
  store_script = { id = "skrip", en = "the script" },
  store_modules = { id = "modul skrip", en = "the script's modules" },
  store_design = { id = "parameter", en = "the parameters" },
  store_fixed = { id = "parameter tetap", en = "the fixed parameters" },
  store_seed = { id = "seed", en = "the seed" },
  store_engine = { id = "versi pagu", en = "the version of pagu" },
  store_shard = { id = "bagian (--shard)", en = "the shard" },
}

-- ---- writing ----

local exact = 9007199254740991 -- 2^53 - 1

-- The shortest decimal that reads back as the float.
local function float_text(x)
  for digits = 15, 17 do
    local text = (("%." .. digits .. "g"):format(x):gsub(",", "."))
    if tonumber(text) == x then return text end
  end
end

local function scalar(x)
  if math.type(x) == "integer" then
    return x >= -exact and x <= exact and tostring(x) or '"' .. tostring(x) .. '"'
  elseif math.type(x) == "float" then
    if x - x ~= 0 then return "null" end
    local whole = math.tointeger(x)
    if whole then return scalar(whole) end
    return x >= -exact and x <= exact and float_text(x) or '"' .. float_text(x) .. '"'
  elseif x == nil then
    return "null"
  elseif type(x) == "boolean" then
    return tostring(x)
  end
  return pagu._json_string((tostring(x):gsub("%z", "\u{FFFD}")))
end

--- An object of { key, value } pairs in order.
local function object(pairs)
  local out = {}
  for i, pair in ipairs(pairs) do out[i] = pagu._json_string(pair[1]) .. ":" .. pair[2] end
  return "{" .. table.concat(out, ",") .. "}"
end

local function array(list, encode)
  local out = {}
  for i, x in ipairs(list) do out[i] = encode(x) end
  return "[" .. table.concat(out, ",") .. "]"
end

-- Name, title and unit of a parameter or metric.
local function described(d)
  local out = { { "name", scalar(d.name) } }
  if d.title then out[#out + 1] = { "title", scalar(d.title) } end
  if d.unit then out[#out + 1] = { "unit", scalar(d.unit) } end
  return object(out)
end

local function block_text(block)
  local rows, cells = {}, {}
  for i = 1, block.count do
    for c = 1, #block.names do cells[c] = scalar(block.columns[c][i]) end
    rows[i] = table.concat(cells, ",")
  end
  local out = { { "kind", scalar(block.kind) }, { "names", array(block.names, scalar) }, { "count", tostring(block.count) },
    { "hash", scalar(pagu._hash(table.concat(rows, "\n"))) } }
  if block.kind == "grid" then out[#out + 1] = { "values", array(block.columns[1], scalar) } end
  return object(out)
end

--- What tables are stamped with: plan, stage or scenario, hash of the view, script, seed, engine.
local function stamps_of(view, script, seed)
  local out = {}
  for _, pair in ipairs(pagu._stamps(view)) do
    if pair[1] == "engine" then
      if script.hash then out[#out + 1] = { "script", script.hash } end
      out[#out + 1] = { "seed", tostring(seed) }
    end
    if pair[1] ~= "script" or not script.hash then out[#out + 1] = pair end
  end
  return out
end

--- A hash of the modules that the script has loaded from its folder; nil if there are none.
local function modules_of()
  local loaded, out = pagu._loaded and pagu._loaded() or {}, {} -- stock Lua doesn't say
  for i, name in ipairs(params.sorted_keys(loaded)) do out[i] = name .. "=" .. loaded[name] end
  return #out > 0 and pagu._hash(table.concat(out, "\n")) or nil
end

--- The first line of a sweep; shard: "1/4", or nil.
function M.header(sweep, shard)
  local design, script = sweep.design, sweep.script
  local stamps = stamps_of(sweep.view, script, design.seed)
  local by_key = {}
  for _, pair in ipairs(stamps) do by_key[pair[1]] = pair[2] end
  local fixed = {}
  for _, d in ipairs(script.params) do
    local value = design.fixed[d.name]
    if value ~= nil then fixed[#fixed + 1] = { d.name, scalar(value) } end
  end
  return object {
    { "pagu", '"sweep"' }, { "version", "1" }, { "engine", scalar(pagu.version) }, { "name", scalar(script.name) },
    { "title", scalar(script.title) }, { "question", scalar(script.question) }, { "plan", scalar(by_key.plan) },
    { "view", scalar(by_key.hash) }, { "script", scalar(script.hash) },
    { "modules", scalar(modules_of()) }, { "seed", scalar(design.seed) },
    { "fixed", object(fixed) }, { "fixed_text", scalar(script:describe(design.fixed)) },
    { "design", array(design.blocks, block_text) }, { "params", array(design.varied, described) },
    { "metrics", array(script.metrics, described) }, { "decimals", tostring(sweep.view.decimals) },
    { "stamps", array(stamps, function(pair) return array(pair, scalar) end) }, { "members", tostring(design.count) },
    { "shard", scalar(shard) },
  }
end

--- How the line of member k begins; the same for every run of the same sweep.
function M.head(design, k, values)
  local out = {}
  for i, d in ipairs(design.varied) do out[i] = { d.name, scalar(values[d.name]) } end
  return ('{"member":%d,"params":%s,'):format(k, object(out))
end

local function run(sweep, values)
  local s <close> = sweep.view:branch(sweep.script.name)
  local returned = sweep.script._run(s, values)
  local out, seen = {}, {}
  for _, m in ipairs(script_of.collect(sweep.script, returned, s, values)) do
    if not seen[m.name] then out[#out + 1] = { m.name, scalar(m.value) } end
    seen[m.name] = true
  end
  return object(out)
end

--- Run member k; the line of what came of it. Random numbers of Lua start from the seed every time.
function M.line(sweep, k)
  local values = sweep.design:member(k)
  local head = M.head(sweep.design, k, values)
  math.randomseed(sweep.design.seed)
  local ok, result = pagu._protected(run, sweep, values)
  return ok and head .. '"metrics":' .. result .. "}" or head .. '"error":' .. scalar(result) .. "}"
end

--- The line of a member that gave no result.
function M.failed(design, k, why)
  return M.head(design, k, design:member(k)) .. '"error":' .. scalar(why) .. "}"
end

-- ---- reading ----

-- A number too large for one of JSON is written as text.
local function value_of(x)
  if type(x) ~= "string" or not x:find "^%-?%d[%d.]*e?%+?%d*$" then return x end
  local number = tonumber(x)
  if not number or (number >= -exact and number <= exact) or number - number ~= 0 then return x end
  return scalar(number) == '"' .. x .. '"' and number or x
end

local function is_text(x)
  return x == nil or type(x) == "string"
end

-- Every one of a list is a table that passes the test.
local function all(list, test)
  if type(list) ~= "table" then return false end
  for _, x in ipairs(list) do
    if type(x) ~= "table" or not test(x) then return false end
  end
  return true
end

local function is_described(d)
  return type(d.name) == "string" and is_text(d.title) and is_text(d.unit)
end

local function is_block(block)
  return type(block.kind) == "string" and type(block.names) == "table"
    and (block.kind ~= "grid" or (type(block.values) == "table" and #block.names == 1))
end

local function is_header(h)
  if not (all(h.params, is_described) and all(h.metrics, is_described) and all(h.design, is_block)) then return false end
  local names = 0
  for _, block in ipairs(h.design) do names = names + #block.names end
  for _, field in ipairs { "title", "question", "fixed_text", "shard" } do
    if not is_text(h[field]) then return false end
  end
  return names == #h.params and type(h.name) == "string" and math.type(h.members) == "integer" and h.members >= 0
    and math.type(h.decimals) == "integer" and h.decimals >= 0 and h.decimals <= 6
    and all(h.stamps, function(pair) return type(pair[1]) == "string" and type(pair[2]) == "string" end)
end

--- Read the first line of a store: the header, or nil and what is wrong.
function M.read_header(line, name)
  local h = line and pagu._json_read(line, name, 1)
  if type(h) ~= "table" or h.pagu ~= "sweep" then return nil, say("store_not", name) end
  if h.version ~= 1 then return nil, say("store_version", name, tostring(h.version)) end
  if not is_header(h) then return nil, say("store_not", name) end
  return h
end

--- Read a member's line: { member, params, metrics | error }, or nil and what is wrong.
function M.read_line(line, name, number, members)
  local r = pagu._json_read(line, name, number)
  local ok = type(r) == "table" and math.type(r.member) == "integer" and r.member >= 1 and r.member <= members
    and type(r.params) == "table" and (type(r.metrics) == "table") ~= (type(r.error) == "string")
  if not ok then return nil, say("store_line", name, number) end
  for _, values in ipairs { r.params, r.metrics or {} } do
    for key, value in pairs(values) do
      if type(value) == "table" then return nil, say("store_line", name, number) end
      values[key] = value_of(value)
    end
  end
  return r
end

local function show(x)
  if x == nil then return "-" end
  x = tostring(x)
  return #x == 64 and x:sub(1, 12) .. "…" or x
end

-- The part of a header that must be the same for two stores to belong together.
local function identity(h, part)
  if part == "design" then
    local out = {}
    for i, block in ipairs(h.design) do
      out[i] = ("%s %s ×%s %s"):format(block.kind, table.concat(block.names, "+"), tostring(block.count), show(block.hash))
    end
    return table.concat(out, "; ")
  elseif part == "fixed" then
    local out = {}
    for i, name in ipairs(params.sorted_keys(type(h.fixed) == "table" and h.fixed or {})) do
      out[i] = ("%s=%s"):format(name, tostring(h.fixed[name]))
    end
    return table.concat(out, ", ")
  end
  return h[part]
end

-- What shards of one sweep have in common.
M.parts_of_all = { "engine", "plan", "view", "script", "modules", "design", "fixed", "seed" }
local parts_of_one = { table.unpack(M.parts_of_all) }
parts_of_one[#parts_of_one + 1] = "shard"

--- What differs between the header of a store and the one wanted: a message, or nil.
function M.difference(there, here, name, parts)
  for _, part in ipairs(parts or parts_of_one) do
    local a, b = identity(there, part), identity(here, part)
    if a ~= b then return say("store_other", name, say("store_" .. part), show(a), show(b)) end
  end
end

return M
