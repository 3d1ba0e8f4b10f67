--- pagu.report.decisions: steps of a scenario's journal in words: their method, growth and reason.
local _, pagu = ...
pagu = pagu or require "pagu"

local M = { helper = true } -- no report of its own

local escapes = { n = "\n", t = "\t", r = "\r", b = "\b", f = "\f" }

local function read_string(text, at)
  local out = {}
  while true do
    local plain, stop = text:match('^([^"\\]*)()', at)
    out[#out + 1] = plain
    local c = text:sub(stop, stop)
    if c ~= "\\" then return table.concat(out), stop + 1 end
    local code = text:match("^u(%x%x%x%x)", stop + 1)
    if code then
      out[#out + 1] = utf8.char(tonumber(code, 16))
      at = stop + 6
    else
      local letter = text:sub(stop + 1, stop + 1)
      out[#out + 1] = escapes[letter] or letter
      at = stop + 2
    end
  end
end

local read_value

--- Members or elements up to the closing bracket.
local function read_list(text, at, close, named)
  local out, order = {}, {}
  while true do
    at = text:match("^[%s,]*()", at)
    if text:sub(at, at) == close or at > #text then return out, at + 1, order end
    local key = #order + 1
    if named then
      key, at = read_string(text, at + 1)
      at = text:match("^%s*:()", at)
    end
    order[#order + 1] = key
    out[key], at = read_value(text, at)
  end
end

--- A value of the journal's JSON, which is ours and well formed, and where it ends. Objects keep
-- the order of their names under the key "order".
function read_value(text, at)
  at = text:match("^%s*()", at)
  local c = text:sub(at, at)
  if c == '"' then return read_string(text, at + 1) end
  if c == "{" or c == "[" then
    local out, stop, order = read_list(text, at + 1, c == "{" and "}" or "]", c == "{")
    return { value = out, order = order }, stop
  end
  local word, stop = text:match("^([%w%.+-]+)()", at)
  local number = tonumber(word)
  if number then return number, stop end
  return word == "true", stop
end

--- What a step was asked: { growth = …, method = …, unit = … }; lists and maps as
-- { value = { [key] = value }, order = { key, … } }.
function M.arguments(step)
  if not step.args or step.args:sub(1, 1) ~= "{" then return {} end
  return (read_value(step.args, 1)).value
end

--- A place as people call it.
local function place(key, lang) return key ~= "/" and key or lang == "en" and "whole plan" or "seluruh rencana" end

--- The place of a step: a key, or nothing for the whole plan; nil for what is not one place.
function M.place(at, lang)
  return (at == nil or type(at) == "string") and place(at or "/", lang) or nil
end

--- "3,5%", or "seluruh rencana 3,5%; 1.06.01.2.02 6%" of growth by place.
function M.growth(value, lang)
  local function percent(x)
    return math.type(x) and pagu.format(x + 0.0, lang):gsub(",0$", ""):gsub("%.0$", "") .. "%" or tostring(x)
  end
  if type(value) ~= "table" then return value ~= nil and percent(value) or nil end
  local out = {}
  for _, key in ipairs(value.order) do
    local x = value.value[key]
    out[#out + 1] = place(key, lang) .. " " .. (type(x) == "table" and M.growth(x, lang) or percent(x))
  end
  return table.concat(out, "; ")
end

--- A method by place in words: "linear", or "seluruh rencana growth; 1.06.04 linear".
function M.method(value, lang)
  if type(value) ~= "table" then return value end
  local out = {}
  for _, key in ipairs(value.order) do out[#out + 1] = place(key, lang) .. " " .. tostring(value.value[key]) end
  return table.concat(out, "; ")
end

--- The steps of a scenario that fill other years: project and forward; none for a stage.
function M.projections(view)
  local out = {}
  if pagu.type(view) ~= "scenario" then return out end
  for step in view:journal():each() do
    if step.verb == "project" or step.verb == "forward" then
      step.asked = M.arguments(step)
      out[#out + 1] = step
    end
  end
  return out
end

return M
