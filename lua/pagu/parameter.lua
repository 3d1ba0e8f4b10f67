--- pagu.parameter: options that may differ by place: one value for all, or { [key or node] = value },
-- of which the nearest on the way up decides.
local _, pagu = ...
pagu = pagu or require "pagu"
local lang = pagu._require "pagu.lang"

local M = {}

--- A function of the node: the value for it, or nil. `is_value` tells a value from a map of them; a map's
-- values must be values too, else reject() raises.
function M.by_key(s, given, is_value, reject)
  if given == nil then return function() end end
  if is_value(given) then return function() return given end end
  if type(given) ~= "table" then reject() end
  local by_key, found = {}, {}
  for place, value in pairs(given) do
    if not is_value(value) or not (type(place) == "string" or pagu.type(place) == "node") then reject() end
    by_key[s:node(place).key] = value
  end
  local function nearest(node)
    local key = node.key
    if by_key[key] ~= nil then return by_key[key] end
    if found[key] == nil then
      local parent = node.parent
      local value = nil
      if parent then value = nearest(parent) end
      found[key] = value == nil and M or value -- M: looked for, and not there
    end
    if found[key] ~= M then return found[key] end
  end
  return nearest
end

function M.is_number(x)
  return math.type(x) ~= nil and x - x == 0 -- neither infinite nor no number
end

function M.is_text(x)
  return type(x) == "string"
end

--- Reject of an option that is a percentage.
function M.no_percentage(verb, option)
  return function() lang.fail("argument", "no_growth", verb, option) end
end

return M
