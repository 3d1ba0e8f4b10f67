--- pagu.simulate_runs: v:simulate{ run =, params = }: a script run once a draw, on a branch of its own, with drawn
-- parameters. A draw that fails is listed and the others stand.
local _, pagu = ...
pagu = pagu or require "pagu"
local lang = pagu._require "pagu.lang"
local dist = pagu._require "pagu.dist"
local study = pagu._require "pagu.study"
local fail, say = lang.fail, lang.say

local M = {}

lang.add_texts {
  runs_params = {
    id = "simulate: params adalah { nama = sebaran atau nilai tetap }",
    en = "simulate: params are { name = distribution or fixed value }",
  },
  runs_title = { id = "Simulasi %d kali jalan", en = "Simulation of %d runs" },
  runs_metric = { id = "Ukuran", en = "Metric" },
  runs_unit = { id = "Satuan", en = "Unit" },
  runs_count = { id = "Berhasil", en = "Runs" },
  runs_failed = {
    id = "%d dari %d kali jalan gagal; angka di atas hanya dari yang berhasil",
    en = "%d of %d runs failed; the figures are of those that succeeded",
  },
  runs_draw = { id = "Undian", en = "Draw" },
  runs_why = { id = "Sebab", en = "Why" },
  runs_failures = { id = "Kali jalan yang gagal", en = "Runs that failed" },
  runs_none = { id = "simulate: semua kali jalan gagal; yang pertama: %s", en = "simulate: every run failed; the first: %s" },
}

local class, methods = study.result_class "pagu.simulation"

--- Lists of draws by parameter, whole where the script declares whole numbers.
local function draw_all(script, o, seed, draws)
  local fixed, lists, names = {}, {}, {}
  if o.params ~= nil and type(o.params) ~= "table" then fail("argument", "runs_params") end
  for name, given in pairs(o.params or {}) do
    if type(name) ~= "string" then fail("argument", "runs_params") end
    if dist.is(given) then names[#names + 1] = name else fixed[name] = given end
  end
  table.sort(names)
  if #names == 0 then fail("argument", "runs_params") end
  for _, name in ipairs(names) do
    local x, whole = pagu._dist_draws(dist.for_use(o.params[name], "param"), seed, name, draws), false
    for _, d in ipairs(script.params) do
      if d.name == name then whole = math.type(d.default) == "integer" or d.whole end
    end
    for i = 1, whole and draws or 0 do x[i] = pagu.round(x[i], 1) end
    lists[name] = x
  end
  return fixed, lists, names
end

-- A script that is given with params of its own is checked by them; one that declares none takes whatever is drawn.
local function open_script(o)
  local run = o.run
  if type(run) ~= "function" then return study.script_of("simulate", run) end
  local params = {}
  for name, given in pairs(type(o.params) == "table" and o.params or {}) do
    if type(name) == "string" then params[name] = { default = dist.is(given) and given:mean() + 0.0 or given } end
  end
  return pagu.script { params = params, run = run }
end

local function run_one(script, view, fixed, lists, k)
  local params = {}
  for name, value in pairs(fixed) do params[name] = value end
  for name, list in pairs(lists) do params[name] = list[k] end
  local _, _, values = script:run(view, params)
  return values
end

--- Names of the metrics, declared ones first.
local function metric_names(script, values)
  local out, seen, others = {}, {}, {}
  for _, m in ipairs(script.metrics) do out[#out + 1], seen[m.name] = m, true end
  for name in pairs(values) do
    if not seen[name] then others[#others + 1] = name end
  end
  table.sort(others)
  for _, name in ipairs(others) do out[#out + 1] = { name = name } end
  return out
end

local function numbers_of(results, name)
  local out = {}
  for _, values in ipairs(results) do
    if math.type(values[name]) then out[#out + 1] = values[name] end
  end
  return out
end

local function mean_and_sd(x)
  local sum, squares = 0.0, 0.0
  for _, v in ipairs(x) do sum = sum + v end
  local mean = sum / #x
  for _, v in ipairs(x) do squares = squares + (v - mean) ^ 2 end
  return mean, #x > 1 and math.sqrt(squares / (#x - 1)) or 0.0
end

-- Figures of whole values are shown whole.
local function shown(x, values)
  return study.column_type(values) == "money" and pagu.round(x, 1) or x
end

local function percent_name(q) return ("p%s"):format((("%.10g"):format(q * 100):gsub("%.", "_"))) end

local function result_table(r)
  local columns = {
    name = "simulasi", title = say("runs_title", r.draws), decimals = r.decimals,
    { "metric", say "runs_metric", "text" }, { "unit", say "runs_unit", "text" }, { "runs", say "runs_count", "integer" },
    { "mean", say "sim_mean", "number" }, { "mean_error", say "sim_mean_error", "number" }, { "sd", say "sim_sd", "number" },
  }
  for _, q in ipairs(r.quantiles) do columns[#columns + 1] = { percent_name(q), ("P%.10g"):format(q * 100), "number" } end
  local t = pagu.table(columns)
  for _, m in ipairs(r.metrics) do
    local x = numbers_of(r.results, m.name)
    if #x > 0 then
      local mean, sd = mean_and_sd(x)
      local row = { m.title or m.name, m.unit or "", #x, shown(mean, x), shown(sd / math.sqrt(#x), x), shown(sd, x) }
      for _, q in ipairs(r.quantiles) do row[#row + 1] = shown(pagu._quantile(x, q), x) end
      t:add(row)
    end
  end
  if #r.failures > 0 then t:note(say("runs_failed", #r.failures, r.draws)) end
  return study.stamp(t, r._view, r._stamp)
end

local function failures_table(r)
  local t = pagu.table { name = "simulasi_gagal", title = say "runs_failures", { "draw", say "runs_draw", "integer" },
    { "why", say "runs_why", "text" } }
  for _, f in ipairs(r.failures) do t:add { f[1], f[2] } end
  return t
end

local function assumptions_table(o, names)
  local t = pagu.table { name = "simulasi_asumsi", title = say "sim_assumptions", { "variable", say "sim_variable", "text" },
    { "distribution", say "sim_distribution", "text" } }
  for _, name in ipairs(names) do t:add { name, tostring(o.params[name]) } end
  return t
end

function M.simulate(view, o, draws, seed, quantiles)
  local script = open_script(o)
  local fixed, lists, names = draw_all(script, o, seed, draws)
  local r = { draws = draws, seed = seed, quantiles = quantiles, results = {}, failures = {}, _view = view, decimals = view.decimals,
    _stamp = { { "seed", tostring(seed) }, { "draws", tostring(draws) } }, drawn = lists }
  for k = 1, draws do
    local ok, values = pcall(run_one, script, view, fixed, lists, k)
    if ok then
      r.results[#r.results + 1] = values
    else
      r.failures[#r.failures + 1] = { k, study.words_of(values) }
    end
  end
  if #r.results == 0 then fail("argument", "runs_none", r.failures[1][2]) end
  r.metrics = metric_names(script, r.results[1])
  r.table, r.failed, r.assumptions = result_table(r), failures_table(r), assumptions_table(o, names)
  return study.result(class, r)
end

--- Values of a metric over the runs that succeeded.
function methods:values(metric)
  return numbers_of(self.results, metric)
end

function methods:document(opts)
  local doc = pagu.document { title = self.table.title, lang = opts and opts.lang }
  doc:add(self.table):add(self.assumptions)
  return #self.failures > 0 and doc:add(self.failed) or doc
end

return M
