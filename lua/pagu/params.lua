--- pagu.params: parameters of scenario scripts: declared in Lua, given as values or as "k=v".
local _, pagu = ...
pagu = pagu or require "pagu"
local lang = pagu._require "pagu.lang"
local say = lang.say

local M = {}

lang.add_texts {
  parameter = { id = "parameter ", en = "parameter " },
  bad_params = {
    id = "params harus tabel nama = {default = …}, atau daftar {name = …, default = …}",
    en = "params must be a table of name = {default = …}, or a list of {name = …, default = …}",
  },
  param_twice = { id = "params menyebut \"%s\" dua kali", en = "params names \"%s\" twice" },
  param_number = {
    id = "%s%s=%s: bukan angka, atau angka yang bermakna ganda",
    en = "%s%s=%s: not a number, or one that can be read in two ways",
  },
  param_boolean = { id = "%s%s=%s: isi ya atau tidak", en = "%s%s=%s: say yes or no" },
  param_text = { id = "%s%s: nilainya teks, bukan %s", en = "%s%s: its value is text, not %s" },
  param_least = { id = "%s%s=%s: paling sedikit %s", en = "%s%s=%s: at least %s" },
  param_most = { id = "%s%s=%s: paling banyak %s", en = "%s%s=%s: at most %s" },
  param_whole = { id = "%s%s=%s: harus bilangan bulat", en = "%s%s=%s: must be a whole number" },
  param_choice = { id = "%s%s=%s: pilih salah satu dari %s", en = "%s%s=%s: choose one of %s" },
  param_form = { id = "%s%s: tulis nama=nilai", en = "%s%s: write name=value" },
  param_required = { id = "%s%s=… wajib diisi", en = "%s%s=… is required" },
  no_params = {
    id = "skrip ini tidak punya parameter, jadi %s%s tidak dapat dipakai",
    en = "this script has no parameters, so %s%s can't be used",
  },
  no_param_guess = {
    id = "tidak ada parameter '%s'; maksud Anda '%s'? Yang ada: %s",
    en = "no parameter '%s'; did you mean '%s'? There are: %s",
  },
  no_param = { id = "tidak ada parameter '%s'; yang ada: %s", en = "no parameter '%s'; there are: %s" },
  yes = { id = "ya", en = "yes" },
  no = { id = "tidak", en = "no" },
}

--- Keys of a table: numbers ascending, then strings by bytes; others are left out.
function M.sorted_keys(t)
  local out = {}
  for key in pairs(t) do
    if type(key) == "string" or math.type(key) then out[#out + 1] = key end
  end
  table.sort(out, function(a, b)
    if type(a) ~= type(b) then return type(a) == "number" end
    return a < b
  end)
  return out
end

-- ---- the declaration ----

-- Of the default, else of the choices; without them a bound makes it a number.
local function type_of(d)
  local like = d.default
  if like == nil and type(d.choices) == "table" then like = d.choices[1] end
  if like ~= nil then return type(like) end
  return (math.type(d.min) or math.type(d.max)) and "number" or "string"
end

local fields = { "title", "unit", "default", "min", "max", "choices", "whole" }

local function one(key, declared)
  local d = {}
  if type(declared) == "table" then
    for _, field in ipairs(fields) do d[field] = rawget(declared, field) end
    d.name = type(key) == "string" and key or rawget(declared, "name")
  else -- a plain value stands for { default = value }
    d.name, d.default = type(key) == "string" and key or nil, declared
  end
  if type(d.name) ~= "string" then error(say "bad_params", 0) end
  d.unit = type(d.unit) == "string" and d.unit or nil
  d.type = type_of(d)
  return d
end

--- The list of parameters that `params` declares: those of a list in its order, then those with
-- names as keys by name. Each has name, type and what was declared.
function M.declared(declaration)
  local out, seen = {}, {}
  if type(declaration) ~= "table" then return out end
  for _, key in ipairs(M.sorted_keys(declaration)) do
    local d = one(key, declaration[key])
    if seen[d.name] then error(say("param_twice", d.name), 0) end
    seen[d.name] = true
    out[#out + 1] = d
  end
  return out
end

-- ---- values ----

-- "7", "-7", "7.5" as Lua would; not "1.000", which may be a thousand.
local function read_plain(s)
  local places = s:match "%.(.*)$"
  if s:find "[^%d+.-]" or (places and #places == 3) then return nil end
  return tonumber(s)
end

-- "7,5": a decimal comma.
local function read_comma(s)
  local places = s:match ",(.*)$"
  if not places or #places == 3 or s:find "[^%d+,-]" then return nil end
  return tonumber((s:gsub(",", ".", 1)))
end

-- "1,5 M", "750 jt", "1.234.567": an amount as printed.
local function read_amount(s)
  local ok, amount = pcall(pagu.rp, s, "plain")
  return ok and amount or nil
end

--- A finite number, or one as people write it; nil for what is none or can be read in two ways.
function M.number(value)
  if type(value) == "string" then
    value = read_plain(value) or read_comma(value) or read_amount(value)
  end
  return math.type(value) and value - value == 0 and value or nil
end

local function to_number(d, value)
  value = M.number(value)
  if not value then return nil end
  local whole = math.type(d.default) == "integer" or d.whole
  return whole and math.tointeger(value) or value
end

local words = { ["true"] = true, ya = true, yes = true, ["1"] = true, ["false"] = false, tidak = false, no = false, ["0"] = false }

local function show(value)
  return type(value) == "string" and value or tostring(value)
end

local function with_unit(bound, d)
  return d.unit and d.unit ~= "" and show(bound) .. " " .. d.unit or show(bound)
end

local function check_number(d, value, word)
  if math.type(d.min) and value < d.min then
    return nil, say("param_least", word, d.name, show(value), with_unit(d.min, d))
  elseif math.type(d.max) and d.max < value then
    return nil, say("param_most", word, d.name, show(value), with_unit(d.max, d))
  elseif d.whole and not math.tointeger(value) then
    return nil, say("param_whole", word, d.name, show(value))
  end
  return value
end

local function check_choice(d, value, word)
  if type(d.choices) ~= "table" then return value end
  local all = {}
  for i, choice in ipairs(d.choices) do
    if choice == value then return choice end
    all[i] = show(choice)
  end
  return nil, say("param_choice", word, d.name, show(value), table.concat(all, ", "))
end

--- A given value in the type and range declared: value, or nil and what is wrong with it, which
-- begins with `word` ("--param ") and the name.
function M.value(d, given, word)
  local value, problem = given, nil
  if d.type == "number" then
    value = to_number(d, given)
    if value == nil then return nil, say("param_number", word, d.name, show(given)) end
    value, problem = check_number(d, value, word)
  elseif d.type == "boolean" then
    if type(given) == "string" then value = words[given] end
    if type(value) ~= "boolean" then return nil, say("param_boolean", word, d.name, show(given)) end
  elseif d.type == "string" then
    if math.type(given) then value = tostring(given) end
    if type(value) ~= "string" then return nil, say("param_text", word, d.name, pagu.type(given) or type(given)) end
  end
  if problem then return nil, problem end
  return check_choice(d, value, word)
end

local function find(declared, name)
  for _, d in ipairs(declared) do
    if d.name == name then return d end
  end
end

--- What is wrong with a name that isn't declared; nil for one that is.
function M.unknown(declared, name, word)
  if find(declared, name) then return nil end
  local names = {}
  for i, d in ipairs(declared) do names[i] = d.name end
  if #names == 0 then return say("no_params", word, name) end
  local all, guess = table.concat(names, ", "), pagu._guess(name, names)
  return guess and say("no_param_guess", name, guess, all) or say("no_param", name, all)
end

--- A list of "name=value" as a table, the last of a name counting; or nil and what is wrong.
function M.read(list, word)
  local out, problems = {}, {}
  for _, text in ipairs(list) do
    local name, value = text:match "^([^=]+)=(.*)$"
    if name then out[name] = value else problems[#problems + 1] = say("param_form", word, text) end
  end
  if #problems > 0 then return nil, problems end
  return out
end

--- Values of all parameters: what is given, and defaults; or nil and the list of all that is wrong.
-- missing_ok: names that need no value here (a sweep varies them).
function M.check(declared, given, word, missing_ok)
  local out, problems = {}, {}
  for _, name in ipairs(M.sorted_keys(given)) do
    problems[#problems + 1] = M.unknown(declared, tostring(name), word)
  end
  for _, d in ipairs(declared) do
    local value, problem = given[d.name], nil
    if value ~= nil then
      value, problem = M.value(d, value, word)
    elseif d.default == nil and not (missing_ok and missing_ok[d.name]) then
      problem = say("param_required", word, d.name)
    else
      value = d.default
    end
    out[d.name], problems[#problems + 1] = value, problem
  end
  if #problems > 0 then return nil, problems end
  return out
end

--- For the program: values of "name=value" texts; or nil and the first thing that is wrong.
function M.of_texts(declared, list, word)
  local given, problems = M.read(list, word)
  local values
  if given then values, problems = M.check(declared, given, word) end
  return values, values == nil and problems[1] or nil
end

-- ---- for people ----

--- A value as people write it: "6.000.000.000", "3,5", "ya"; small whole numbers may be years.
function M.show(value)
  if type(value) == "boolean" then return say(value and "yes" or "no") end
  if math.type(value) == "float" or math.type(value) and (value >= 10000 or value <= -10000) then
    return pagu.format(value)
  end
  return tostring(value)
end

--- "cut = 10 percent, keep = ya" of values that check gave.
function M.describe(declared, values)
  local out = {}
  for _, d in ipairs(declared) do
    if values[d.name] ~= nil and values[d.name] ~= "" then
      local unit = d.unit and d.unit ~= "" and " " .. d.unit or ""
      out[#out + 1] = ("%s = %s%s"):format(d.name, M.show(values[d.name]), unit)
    end
  end
  return table.concat(out, ", ")
end

return M
