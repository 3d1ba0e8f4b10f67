--- pagu.structure: s:add, a node with its money and its target in one step; s:add_indicator.
local _, pagu = ...
pagu = pagu or require "pagu"
local lang = pagu._require "pagu.lang"
local fail, options = lang.fail, lang.options

local M = {}

local add_options = {
  "under", "code", "name", "level", "sign", "tag", "budget", "target", "indicator", "unit", "type", "year", "dry", "reason",
}

--- A number for one year, or { [2024] = …, [2025] = … }.
local function set_years(s, key, field, year, value)
  if type(value) ~= "table" or value.value ~= nil or value.text ~= nil then
    s:set(key, field, year, value)
    return
  end
  local batch = {}
  for y, v in pairs(value) do
    batch[#batch + 1] = { key, field, y, v }
  end
  table.sort(batch, function(a, b) return tostring(a[3]) < tostring(b[3]) end)
  s:set(batch)
end

local function add(s, o)
  local node = s:_add { under = o.under, code = o.code, name = o.name, level = o.level, sign = o.sign, tag = o.tag, reason = o.reason }
  if o.budget ~= nil then set_years(s, node.key, "budget", o.year, o.budget) end
  if o.indicator or o.target ~= nil then
    local indicator = s:_add_indicator { node = node, name = o.indicator or o.name, unit = o.unit, type = o.type }
    if o.target ~= nil then set_years(s, indicator.id, "target", o.year, o.target) end
  end
  return node
end

--- The new node; dry: { key, name, budget } of what it would be.
function M.add(s, o)
  options("add", o, add_options)
  if o.under == nil then fail("argument", "missing_option", "add", "under") end
  if o.dry then
    return s:_dry(function(on)
      local node = add(on, o)
      return { key = node.key, name = node.name, budget = node.budget[o.year] }
    end)
  end
  return s:atomic(function(on) return add(on, o) end, { verb = "add", args = o, reason = o.reason })
end

local indicator_options = { "at", "name", "unit", "type", "target", "year", "reason" }

function M.add_indicator(s, o)
  options("add_indicator", o, indicator_options)
  if o.at == nil then fail("argument", "missing_option", "add_indicator", "at") end
  return s:atomic(function(on)
    local indicator = on:_add_indicator { node = o.at, name = o.name, unit = o.unit, type = o.type }
    if o.target ~= nil then set_years(on, indicator.id, "target", o.year, o.target) end
    return indicator
  end, { verb = "add_indicator", args = o, reason = o.reason })
end

return M
