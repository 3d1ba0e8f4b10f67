--- pagu.changes: what some edits did to the lines of a scenario, as a table like that of spread.
local _, pagu = ...
pagu = pagu or require "pagu"
local lang = pagu._require "pagu.lang"

local M = {}

--- { [key] = money, "-" for a dash } of every line.
local function snapshot(s, field, year)
  local out = {}
  for node in s:lines():each() do
    local value, mark = s:get(node, field, year)
    out[node.key] = mark or value
  end
  return out
end

local function amount(cell)
  return math.type(cell) and cell or 0 -- missing and dashes count as 0
end

--- Before and after of every line that f(s) changed.
function M.of(s, field, year, f)
  local before, say = snapshot(s, field, year), lang.say
  f(s)
  local after = snapshot(s, field, year)
  local t = pagu.table {
    decimals = s.decimals, { "key", say "key", "text" }, { "name", say "name", "text" },
    { "old", say "before", "money" }, { "new", say "after", "money" }, { "delta", say "change", "money" },
  }
  for node in s:lines():each() do
    local old, new = before[node.key], after[node.key]
    if old ~= new then t:add { node.key, node.name, old, new, amount(new) - amount(old) } end
  end
  return t
end

return M
