--- pagu.script: scenario scripts of the second form as objects: their parameters, checked, and their
-- metrics. pagu run, sweeps and scripts all come through here.
local _, pagu = ...
pagu = pagu or require "pagu"
local lang = pagu._require "pagu.lang"
local params = pagu._require "pagu.params"
local fail = lang.fail

local M = { module = {} }

lang.add_texts {
  not_script = {
    id = "skrip skenario mengembalikan { params = …, run = function(s, p) … end }, bukan %s",
    en = "a scenario script returns { params = …, run = function(s, p) … end }, not %s",
  },
  script_named = { id = "skrip \"%s\"", en = "script \"%s\"" },
  bad_metrics = { id = "metrics memuat entri tanpa nama", en = "metrics has an entry without a name" },
  metric = { id = "Ukuran", en = "Metric" },
  value = { id = "Nilai", en = "Value" },
  unit = { id = "Satuan", en = "Unit" },
}

local methods = {}
local class = { __name = "pagu.script", __index = methods, methods = methods }

local function text_of(declaration, name)
  local text = rawget(declaration, name)
  return type(text) == "string" and text or nil
end

-- One declared metric: "name", {name=, title=, unit=}, or name = "title" | {…} | function.
local function metric_of(key, declared)
  local m = { name = type(key) == "string" and key or nil }
  if type(declared) == "table" then
    m.name, m.title, m.unit = m.name or text_of(declared, "name"), text_of(declared, "title"), text_of(declared, "unit")
  elseif type(declared) == "string" then
    if m.name then m.title = declared else m.name = declared end
  elseif type(declared) == "function" then
    m.compute = declared
  end
  return m.name and m or error(lang.say "bad_metrics", 0)
end

local function metrics_of(declaration)
  local out, declared = {}, rawget(declaration, "metrics")
  if type(declared) ~= "table" then return out end
  for _, key in ipairs(params.sorted_keys(declared)) do
    out[#out + 1] = metric_of(key, declared[key])
  end
  return out
end

--- The name that scenarios of a script get: that of its file, else its title.
local function name_of(path, declaration)
  local stem = path and path:match "([^/]*)$":gsub("%.lua$", "")
  return stem and stem ~= "" and stem or text_of(declaration, "title") or "script"
end

--- The object of a declaration; path and hash are those of its file.
function M.of(declaration, path, hash)
  if type(declaration) ~= "table" or type(rawget(declaration, "run")) ~= "function" then
    fail("argument", "not_script", pagu.type(declaration) or type(declaration))
  end
  return setmetatable({
    title = text_of(declaration, "title"), question = text_of(declaration, "question"),
    params = params.declared(rawget(declaration, "params")), metrics = metrics_of(declaration),
    name = name_of(path, declaration), path = path, hash = hash, _run = rawget(declaration, "run"),
  }, class)
end

--- pagu.script(path or table) -> script, or nil, message, code when the file can't be read.
function M.module.script(source)
  if getmetatable(source) == class then return source end
  if type(source) ~= "string" then return M.of(source) end
  local chunk, message, code = pagu._load_script(source)
  if not chunk then return nil, message, code end
  return M.of(chunk(), source, code)
end

-- ---- running ----

--- Parameters of a run: what is given, in the type and range declared, and defaults.
-- Raises "argument" with the first thing that is wrong.
function methods:check(given)
  local values, problems = params.check(self.params, given or {}, lang.say "parameter")
  return values or pagu._raise("argument", problems[1])
end

-- Money beyond what a double holds exactly is shown as text; missing stays missing.
local function measure(value)
  if math.type(value) == "integer" and (value > 9000000000000000 or value < -9000000000000000) then
    return { text = pagu.format(value) }
  end
  if value == nil or math.type(value) then return value end
  return { text = tostring(value) }
end

local function new_metrics_table()
  return pagu.table {
    { "metric", lang.say "metric", "text" }, { "value", lang.say "value", "measure" }, { "unit", lang.say "unit", "text" },
  }
end

--- Metrics of what run returned, declared ones in their order, then the others by name; pagu tables
-- among them are left out. Returns a list of { name, title, unit, value }.
function M.collect(script, returned, scenario, values)
  local out, shown = {}, {}
  local is_table = type(returned) == "table"
  for _, m in ipairs(script.metrics) do
    local value
    if is_table then value = returned[m.name] end
    if value == nil and m.compute then value = m.compute(scenario, values) end
    out[#out + 1] = { name = m.name, title = m.title, unit = m.unit, value = value }
    shown[m.name] = true
  end
  if not is_table or pagu.type(returned) then return out end
  for _, key in ipairs(params.sorted_keys(returned)) do
    local name, value = tostring(key), returned[key]
    if not shown[name] and pagu.type(value) ~= "table" then out[#out + 1] = { name = name, value = value } end
  end
  return out
end

--- The metrics as `pagu run` prints them, and their values by name.
function M.metrics_table(metrics)
  local t, by_name = new_metrics_table(), {}
  for _, m in ipairs(metrics) do
    t:add { m.title or m.name, measure(m.value), m.unit }
    by_name[m.name] = m.value
  end
  return t, by_name
end

--- Run on a branch of the view: metrics (a table), the scenario, the metrics' values by name.
function methods:run(view, given)
  local values = self:check(given)
  local scenario = view:branch(self.name)
  local t, by_name = M.metrics_table(M.collect(self, self._run(scenario, values), scenario, values))
  return t, scenario, by_name
end

--- "cut = 10 percent, keep = ya" of values that check gave.
function methods:describe(values)
  return params.describe(self.params, values)
end

function class.__tostring(self)
  return lang.say("script_named", self.title or self.name)
end

return M
