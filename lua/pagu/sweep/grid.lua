--- pagu.sweep.grid: the values of a parameter as people write them: "4,5.5,10:20:2", { 1, 2 }, "1:3".
local _, pagu = ...
pagu = pagu or require "pagu"
local lang = pagu._require "pagu.lang"
local params = pagu._require "pagu.params"
local say = lang.say

local M = { most = 1000000 }

lang.add_texts {
  sweep_form = { id = "%s%s: tulis nama=nilai,nilai,…", en = "%s%s: write name=value,value,…" },
  sweep_empty = { id = "%s%s=%s: ada nilai yang kosong", en = "%s%s=%s: a value is empty" },
  sweep_same = { id = "%s%s=%s: nilai ini sudah ada", en = "%s%s=%s: this value is there already" },
  sweep_range = {
    id = "%s%s=%s: rentang ditulis awal:akhir atau awal:akhir:langkah, dan langkahnya menuju akhir",
    en = "%s%s=%s: a range is from:to or from:to:step, and its steps lead there",
  },
}

local function trim(s)
  return s:match "^%s*(.-)%s*$"
end

--- The parts of a text between separators, without blanks around them.
function M.split(text, separator)
  local out = {}
  for item in (text .. separator):gmatch("(.-)" .. separator) do
    out[#out + 1] = trim(item)
  end
  return out
end

-- Digits behind the point of a float as written.
local function decimals_of(x)
  for n = 0, 12 do
    local scaled = x * 10 ^ n
    if scaled > -9e15 and scaled < 9e15 and math.floor(scaled + 0.5) / 10 ^ n == x then return n end
  end
end

--- The values of from, to and step, counted in whole steps so that 0:1:0.1 meets 0.3 and 1.
local function range_values(from, to, step)
  local steps = (to + 0.0 - from) / step
  if not (steps >= 0 and steps < M.most) then return nil end
  local out = {}
  if math.type(from) == "integer" and math.type(to) == "integer" and math.type(step) == "integer" then
    for value = from, to, step do out[#out + 1] = value end
    return out
  end
  local digits = 0
  for _, x in ipairs { from, to, step } do
    local n = decimals_of(x)
    if not n then return nil end
    digits = math.max(digits, n)
  end
  local scale = 10 ^ digits
  local function whole(x) return math.tointeger(math.floor(x * scale + 0.5)) end
  for value = whole(from), whole(to), whole(step) do out[#out + 1] = value / scale end
  return out
end

local function range(d, text)
  local parts = M.split(text, ":")
  if #parts < 2 or #parts > 3 then return nil end
  for i, part in ipairs(parts) do
    parts[i] = params.number(part)
    if not parts[i] then return nil end
  end
  return range_values(parts[1], parts[2], parts[3] or 1)
end

--- Values of an item of a grid: one, or those of a range.
local function item_values(d, item, word, problems)
  local values = { item }
  if d.type == "number" and type(item) == "string" and item:find(":", 1, true) then
    values = range(d, item)
    if not values then
      problems[#problems + 1] = say("sweep_range", word, d.name, item)
      return {}
    end
  end
  return values
end

--- The list of values of one parameter, each checked.
function M.values(d, given, word, problems)
  local items, out, seen = given, {}, {}
  if type(given) == "string" then items = M.split(given, given:find(";", 1, true) and ";" or ",") end
  if type(items) ~= "table" then items = { items } end
  for _, item in ipairs(items) do
    if item == "" and d.type ~= "string" then
      problems[#problems + 1] = say("sweep_empty", word, d.name, tostring(given))
      return out
    end
    for _, given_value in ipairs(item_values(d, item, word, problems)) do
      local value, problem = params.value(d, given_value, word)
      if problem then
        problems[#problems + 1] = problem
      elseif seen[value] then
        problems[#problems + 1] = say("sweep_same", word, d.name, tostring(value))
      else
        seen[value], out[#out + 1] = true, value
      end
    end
  end
  return out
end

--- Grids as a list of { name, values }, whatever form they have.
function M.list(grid, word, problems, script)
  local out = {}
  if type(grid) ~= "table" then return { problem = grid ~= nil } end
  for _, entry in ipairs(grid) do
    if type(entry) == "string" then
      local name, values = entry:match "^([^=]+)=(.*)$"
      if name then out[#out + 1] = { name, values } else problems[#problems + 1] = say("sweep_form", word, entry) end
    elseif type(entry) == "table" and type(entry[1]) == "string" then
      out[#out + 1] = { entry[1], entry[2] }
    else
      out.problem = true
    end
  end
  local named = {}
  for _, d in ipairs(script.params) do -- by name: in the order of the script
    if grid[d.name] ~= nil then out[#out + 1], named[d.name] = { d.name, grid[d.name] }, true end
  end
  for _, name in ipairs(params.sorted_keys(grid)) do
    if type(name) == "string" and not named[name] then out[#out + 1] = { name, grid[name] } end
  end
  return out
end

return M
