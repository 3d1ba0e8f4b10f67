--- pagu.study: what sensitivity, break-even, regret and simulation by runs share: inputs applied to a branch, metrics
-- read from it, scripts run with parameters, failures kept as words.
local _, pagu = ...
pagu = pagu or require "pagu"
local lang = pagu._require "pagu.lang"
local fail, say = lang.fail, lang.say

local M = {}

lang.add_texts {
  study_metric = {
    id = "%s: metric adalah kode, { kode, kolom, tahun }, fungsi, atau nama ukuran skrip, bukan %s",
    en = "%s: metric is a key, { key, field, year }, a function, or the name of a script's metric, not %s",
  },
  study_not_number = { id = "%s: nilai yang diukur bukan angka: %s", en = "%s: what is measured is no number: %s" },
  study_one_way = {
    id = "%s: \"%s\" memerlukan salah satu dari percent, by, delta, total, atau param",
    en = "%s: \"%s\" needs one of percent, by, delta, total and param",
  },
  study_name = { id = "%s: name harus berupa teks", en = "%s: name is text" },
  study_no_param = { id = "%s: skrip tidak punya parameter \"%s\"", en = "%s: the script has no parameter \"%s\"" },
  study_no_script = { id = "%s: param memerlukan script", en = "%s: param needs a script" },
  study_no_result = { id = "%s: skrip tidak mengembalikan ukuran \"%s\"", en = "%s: the script gives no metric \"%s\"" },
}

--- The words of a caught error; what stops a session goes on.
function M.words_of(err)
  if type(err) == "table" and err.code == "interrupted" then error(err, 0) end
  return type(err) == "table" and err.message or tostring(err)
end

--- Decimal text of the language, shortest form.
function M.text(x)
  if math.type(x) == "integer" then return pagu.format(x) end
  local text = ("%.10g"):format(x)
  return pagu.lang() == "id" and (text:gsub("%.", ",")) or text
end

-- ---- subjects: a view with edits, or a script with parameters ----

--- The script of a study, or nil: a path, a script, or { params =, run = }.
function M.script_of(verb, source)
  if source == nil then return nil end
  if type(source) == "function" then source = { run = source } end
  local script, message, code = pagu.script(source)
  return script or pagu._raise(code or "argument", message)
end

-- The value of a metric among what a script gave.
local function pick(verb, values, metric)
  local value
  if metric ~= nil then
    value = values[metric]
    if value == nil then fail("argument", "study_no_result", verb, tostring(metric)) end
    return value
  end
  for _, name in ipairs(values._order) do
    if math.type(values[name]) then return values[name] end
  end
  fail("argument", "study_no_result", verb, "?")
end

local function run_script(verb, script, view, params, metric)
  local metrics, scenario, by_name = script:run(view, params)
  local values = { _order = {} }
  for name, value in pairs(by_name) do values[name] = value end
  for _, m in ipairs(script.metrics) do values._order[#values._order + 1] = m.name end
  if #values._order == 0 then
    for name in pairs(by_name) do values._order[#values._order + 1] = name end
    table.sort(values._order)
  end
  if type(metric) == "function" then return metric(scenario) end
  return pick(verb, values, metric)
end

--- How a metric is read from a view.
local function reader(verb, view, metric)
  if type(metric) == "function" then return metric end
  local key, field, year = metric or "/", nil, nil
  if type(metric) == "table" and not pagu.type(metric) then
    key, field, year = metric[1] or metric.key or "/", metric[2] or metric.field, metric[3] or metric.year
  end
  if type(key) ~= "string" and pagu.type(key) ~= "node" then fail("argument", "study_metric", verb, tostring(metric)) end
  key = view:node(key).key
  return function(v) return (v:get(key, field, year)) end
end

--- f(changes) -> number: a branch of the view with changes made, measured. changes: list of { input, value }.
function M.measurer(verb, view, o)
  local script = M.script_of(verb, o.script)
  local read = not script and reader(verb, view, o.metric)
  return function(changes)
    local branch, params, value = view, {}, nil
    for name, fixed in pairs(o.params or {}) do params[name] = fixed end
    for _, change in ipairs(changes) do
      local input, x = change[1], change[2]
      if input.as == "param" then
        params[input.param] = x
      else
        if branch == view then branch = view:branch(verb) end
        branch:spread { at = input.at, field = input.field, year = input.year, [input.as] = x }
      end
    end
    if script then value = run_script(verb, script, branch, params, o.metric) else value = read(branch) end
    if not math.type(value) then fail("argument", "study_not_number", verb, tostring(value)) end
    return value
  end, script
end

-- ---- inputs ----

local ways = { "percent", "by", "delta", "total", "param" }

--- An input: { name, at, field, year, as, given }; given is what stands beside the way.
function M.input(verb, entry, index, script)
  if type(entry) ~= "table" then fail("argument", "study_one_way", verb, tostring(entry)) end
  if entry.name ~= nil and type(entry.name) ~= "string" then fail("argument", "study_name", verb) end
  local name = entry.name or (type(entry.at) == "string" and entry.at) or entry.param or tostring(index)
  local input
  for _, way in ipairs(ways) do
    if entry[way] ~= nil then
      if input then fail("argument", "study_one_way", verb, name) end
      input = { name = name, at = entry.at, field = entry.field, year = entry.year, as = way, given = entry[way] }
    end
  end
  if not input then fail("argument", "study_one_way", verb, name) end
  if input.as == "param" then
    if not script then fail("argument", "study_no_script", verb) end
    input.param, input.given = entry.param, entry.values or { entry.low, entry.high }
    for _, declared in ipairs(script.params) do
      if declared.name == entry.param then input.declared = declared end
    end
    if not input.declared then fail("argument", "study_no_param", verb, tostring(entry.param)) end
  elseif input.at == nil then
    fail("argument", "missing_option", verb, "at")
  end
  return input
end

--- A value of an input as people read it.
function M.value_text(input, x)
  if input.as == "percent" then return (x > 0 and "+" or "") .. M.text(x) .. "%" end
  if input.as == "by" then return "× " .. M.text(x) end
  if input.as == "delta" and x > 0 then return "+" .. M.text(x) end
  return M.text(x)
end

--- "money" for whole amounts, else "number": the type of a column that holds measured values.
function M.column_type(values)
  for _, x in pairs(values) do
    if math.type(x) ~= "integer" then return "number" end
  end
  return "money"
end

--- a - b, exact for whole amounts.
function M.difference(verb, a, b)
  if math.type(a) == "integer" and math.type(b) == "integer" then return lang.subtract(verb, a, b) end
  return a - b
end

--- Stamp a table with what it was made from.
function M.stamp(t, view, more)
  for _, pair in ipairs(pagu._stamps(view)) do t:stamp(pair[1], pair[2]) end
  for _, pair in ipairs(more or {}) do t:stamp(pair[1], pair[2]) end
  return t
end

--- A class of results: they print themselves, are read like their main table, and give a document that pagu.report
-- renders: pagu.report(result, view, { out = "x.html" }).
function M.result_class(name, print_as)
  local methods = {}
  for _, method in ipairs { "csv", "json", "markdown", "rows", "each" } do
    methods[method] = function(self, ...) return self.table[method](self.table, ...) end
  end
  return { __name = name, __index = methods, __tostring = print_as or function(r) return tostring(r.table) end }, methods
end

--- Make a result of a class; its document becomes a layout for pagu.report.
function M.result(class, r)
  r.build = function(_, opts) return r:document(opts) end
  return setmetatable(r, class)
end

return M
