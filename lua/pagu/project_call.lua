--- pagu.project_call: what s:project is asked, checked and made ready for the parts for money and for targets.
local _, pagu = ...
pagu = pagu or require "pagu"
local lang = pagu._require "pagu.lang"
local parameter = pagu._require "pagu.parameter"
local estimate = pagu._require "pagu.estimate"
local fail = lang.fail

lang.add_texts {
  project_short = {
    id = "project: on_short adalah \"error\", \"skip\" atau sebuah cara, bukan \"%s\"",
    en = "project: on_short is \"error\", \"skip\" or a method, not \"%s\"",
  },
  project_parameter = {
    id = "%s: \"%s\" adalah angka atau { [\"1.06\"] = angka }",
    en = "%s: \"%s\" is a number or { [\"1.06\"] = number }",
  },
}

local M = {}

-- Methods beside those that are fitted.
local others = { growth = true, index = true, absorption = true, run_rate = true, renstra = true }

local function method_names()
  local out = {}
  for name in pairs(estimate.fitted) do out[#out + 1] = name end
  for name in pairs(others) do out[#out + 1] = name end
  table.sort(out)
  return table.concat(out, ", ")
end

local function is_year(x)
  return math.type(x) and math.tointeger(x)
end

--- The years to fill: 2 means the next two, a list names them.
-- More years than any frame has end at the first that lies outside of it.
local function years_of(o, from)
  local n = type(o.years) == "table" and #o.years or math.tointeger(o.years or 1)
  if not n or n < 1 then fail("argument", "no_years", "project") end
  local out = {}
  for i = 1, math.min(n, 1000) do
    local year = from + i
    if type(o.years) == "table" then year = o.years[i] end
    out[i] = is_year(year) or fail("argument", "no_years", "project")
  end
  return out
end

local function check_method(name)
  if not estimate.fitted[name] and not others[name] then
    fail("argument", "no_method", "project", tostring(name), method_names())
  end
end

--- The method by node; every one that is named exists.
local function methods_of(s, o)
  local given = o.method or "growth"
  for _, name in pairs(type(given) == "table" and given or { given }) do check_method(name) end
  return parameter.by_key(s, given, parameter.is_text, function()
    fail("argument", "no_method", "project", tostring(given), method_names())
  end)
end

local function smoothing_of(s, o)
  local out = {}
  for _, name in ipairs { "alpha", "beta", "phi" } do
    out[name] = parameter.by_key(s, o[name], parameter.is_number, function()
      fail("argument", "project_parameter", "project", name)
    end)
  end
  return out
end

local function check_numbers(o)
  for _, name in ipairs { "from", "first" } do
    if o[name] ~= nil and not is_year(o[name]) then fail("argument", "not_number", "project", name) end
  end
  if o.level ~= nil and not parameter.is_number(o.level) then fail("argument", "not_number", "project", "level") end
  local short = o.on_short or "error"
  if short ~= "error" and short ~= "skip" then
    if not estimate.fitted[short] then fail("argument", "project_short", tostring(short)) end
  end
end

--- What a call asks, checked: shared by the parts for money and for targets.
function M.call(s, o, verb)
  check_numbers(o)
  local from, field = o.from or s.year, o.field or "budget"
  return {
    o = o, verb = verb, from = math.tointeger(from), field = field, years = years_of(o, math.tointeger(from)),
    method_of = methods_of(s, o), smoothing = smoothing_of(s, o), history = o.history or field, first = o.first or s.first_year,
    short = o.on_short or "error", fits = {}, made = {}, skipped = {},
    growth_option = "growth", only = parameter.is_text(o.method or "growth") and (o.method or "growth"),
    by_place = { growth = true },
  }
end

return M
