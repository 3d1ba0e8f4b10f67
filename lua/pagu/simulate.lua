--- pagu.simulate: v:simulate{ vary = … }: Monte Carlo over cells, drawn by the engine, and what it says.
local _, pagu = ...
pagu = pagu or require "pagu"
local lang = pagu._require "pagu.lang"
local dist = pagu._require "pagu.dist"
local study = pagu._require "pagu.study"
local runs = pagu._require "pagu.simulate_runs"
local fail, options, say = lang.fail, lang.options, lang.say

local M = {}

lang.add_texts {
  sim_vary = {
    id = "simulate: vary adalah daftar { at = tempat, by = sebaran }",
    en = "simulate: vary is a list of { at = place, by = distribution }",
  },
  sim_one_way = {
    id = "simulate: \"%s\" memerlukan salah satu dari by, percent, delta, total",
    en = "simulate: \"%s\" needs one of by, percent, delta and total",
  },
  sim_choice = { id = "simulate: %s adalah %s, bukan %s", en = "simulate: %s is %s, not %s" },
  sim_whole = { id = "simulate: \"%s\" harus berupa bilangan bulat dari %d ke atas", en = "simulate: \"%s\" must be a whole number from %d up" },
  sim_quantiles = {
    id = "simulate: quantiles adalah daftar angka antara 0 dan 1",
    en = "simulate: quantiles is a list of numbers between 0 and 1",
  },
  sim_limit = {
    id = "simulate: limits adalah daftar { at = tempat, max = jumlah } atau { at = tempat, min = jumlah }",
    en = "simulate: limits is a list of { at = place, max = amount } or { at = place, min = amount }",
  },
  sim_not_watched = {
    id = "%s tahun %s tidak diamati dalam simulasi ini; sebutkan pada watch",
    en = "%s in %s is not watched in this simulation; name it in watch",
  },
  sim_correlation = {
    id = "simulate: correlation adalah daftar { \"nama\", \"nama\", korelasi }",
    en = "simulate: correlation is a list of { \"name\", \"name\", correlation }",
  },
  sim_factors = {
    id = "simulate: factors dari \"%s\" adalah { nama = muatan }",
    en = "simulate: factors of \"%s\" are { name = loading }",
  },
  sim_ask = {
    id = "probability memerlukan salah satu dari above, below, at_least, at_most",
    en = "probability needs one of above, below, at_least and at_most",
  },
  sim_year = { id = "Tahun", en = "Year" },
  sim_base = { id = "Semula", en = "Base" },
  sim_mean = { id = "Rata-rata", en = "Mean" },
  sim_sd = { id = "Simpangan baku", en = "Standard deviation" },
  sim_limit_name = { id = "Batas", en = "Limit" },
  sim_kind = { id = "Jenis", en = "Kind" },
  sim_amount = { id = "Jumlah", en = "Amount" },
  sim_probability = { id = "Peluang terlanggar (%)", en = "Probability broken (%)" },
  sim_error = { id = "Galat baku (poin)", en = "Standard error (points)" },
  sim_excess = { id = "Rata-rata kelebihan", en = "Mean excess" },
  sim_floor = { id = "minimal", en = "floor" },
  sim_ceiling = { id = "maksimal", en = "ceiling" },
  sim_draws = { id = "Undian", en = "Draws" },
  sim_mean_error = { id = "Galat baku rata-rata", en = "Standard error of the mean" },
  sim_quantile_error = { id = "Galat baku %s", en = "Standard error of %s" },
  sim_variable = { id = "Variabel", en = "Variable" },
  sim_place = { id = "Tempat", en = "Place" },
  sim_effect = { id = "Pengaruh", en = "Effect" },
  sim_distribution = { id = "Sebaran", en = "Distribution" },
  sim_per = { id = "Diundi per", en = "Drawn per" },
  sim_linked = { id = "Keterkaitan", en = "Linked by" },
  sim_path_independent = { id = "tiap tahun tersendiri", en = "each year for itself" },
  sim_path_same = { id = "sama setiap tahun", en = "the same each year" },
  sim_path_cumulative = { id = "kumulatif", en = "cumulative" },
  sim_line = { id = "rincian", en = "line" },
  sim_shared = { id = "tempat (bersama)", en = "place (shared)" },
  sim_from = { id = "Dari", en = "From" },
  sim_to = { id = "Sampai", en = "To" },
  sim_count = { id = "Banyaknya", en = "Count" },
  sim_title = { id = "Simulasi %d undian", en = "Simulation of %d draws" },
  sim_breaks_title = { id = "Peluang batas terlanggar", en = "Probability that a limit breaks" },
  sim_convergence = { id = "Kekonvergenan: %s, %s", en = "Convergence: %s, %s" },
  sim_assumptions = { id = "Asumsi", en = "Assumptions" },
  sim_histogram = { id = "Sebaran hasil: %s, %s", en = "Distribution of %s, %s" },
  sim_fan = { id = "Rentang %s sampai %s menurut tahun: %s", en = "Range %s to %s by year: %s" },
}

-- ---- what varies ----

local ways = { "by", "percent", "delta", "total" }
local vary_options = {
  "name", "at", "field", "year", "years", "by", "percent", "delta", "total", "per", "path", "factors",
}

local function choice(what, value, names)
  for _, name in ipairs(names) do
    if value == name then return value end
  end
  fail("argument", "sim_choice", what, "\"" .. table.concat(names, "\", \"") .. "\"", tostring(value))
end

local function periods_of(view, entry)
  local given = entry.years or entry.year or view.year
  if type(given) ~= "table" then return { given } end
  local out = {}
  for i, year in ipairs(given) do out[i] = year end
  return out
end

local function loadings(name, factors)
  if factors == nil then return end
  if type(factors) ~= "table" then fail("argument", "sim_factors", name) end
  local names, values = {}, {}
  for factor, loading in pairs(factors) do
    if type(factor) ~= "string" or not math.type(loading) then fail("argument", "sim_factors", name) end
    names[#names + 1] = factor
  end
  table.sort(names)
  for i, factor in ipairs(names) do values[i] = factors[factor] end
  return names, values
end

local function vary_of(view, entry, index)
  if type(entry) ~= "table" then fail("argument", "sim_vary") end
  options("simulate", entry, vary_options)
  local name = entry.name or ("%d"):format(index)
  local as, given
  for _, way in ipairs(ways) do
    if entry[way] ~= nil then
      if as then fail("argument", "sim_one_way", name) end
      as, given = way, entry[way]
    end
  end
  if not as then fail("argument", "sim_one_way", name) end
  if not dist.is(given) then fail("argument", "dist_needed", name, as, pagu.type(given) or type(given)) end
  if entry.at == nil then fail("argument", "sim_vary") end
  local factors, values = loadings(name, entry.factors)
  return {
    name = name, at = entry.at, field = entry.field, periods = periods_of(view, entry), as = as,
    dist = dist.for_use(given, as), shown = given, per_line = choice("per", entry.per or "shared", { "line", "shared" }) == "line",
    path = choice("path", entry.path or "independent", { "independent", "same", "cumulative" }),
    factors = factors, loadings = values,
  }
end

local function correlations(list)
  for _, c in ipairs(lang.list("simulate", "correlation", list)) do
    if type(c) ~= "table" or type(c[1]) ~= "string" or type(c[2]) ~= "string" or not math.type(c[3]) then
      fail("argument", "sim_correlation")
    end
  end
  return list
end

-- ---- what is watched ----

local function watch_key(key, field, period) return key .. "\n" .. field .. "\n" .. tostring(period) end

local function add_watch(r, key, field, period)
  local id = watch_key(key, field, period)
  if not r._index[id] then
    r._watch[#r._watch + 1] = { key, field, period }
    r._index[id] = #r._watch
  end
  return r._index[id]
end

--- Fields and periods that vary, sorted.
local function columns_of(vary)
  local out, seen = {}, {}
  for _, x in ipairs(vary) do
    for _, period in ipairs(x.periods) do
      local field = x.field or "budget"
      local id = field .. "\n" .. tostring(period)
      if not seen[id] then
        seen[id] = true
        out[#out + 1] = { field, period }
      end
    end
  end
  table.sort(out, function(a, b)
    if a[1] ~= b[1] then return a[1] < b[1] end
    return tostring(a[2]) < tostring(b[2])
  end)
  return out
end

--- The whole and the places that vary, unless watch says more.
local function places_of(view, o)
  local out, seen = {}, {}
  local function add(place)
    for node in view:select(place):each() do
      if not seen[node.key] then
        seen[node.key] = true
        out[#out + 1] = node.key
      end
    end
  end
  add "/"
  if o.watch ~= nil then
    add(o.watch)
  else
    for _, entry in ipairs(o.vary) do
      if #view:select(entry.at) <= 20 then add(entry.at) end
    end
  end
  return out
end

-- ---- limits ----

local function add_terms(r, l, keys, field, period, weight)
  for _, key in ipairs(keys) do
    l.watch[#l.watch + 1], l.weights[#l.weights + 1] = add_watch(r, key, field, period), weight
  end
end

--- A limit of one period: a sum of watched cells with weights, and its least or most.
local function add_limit(r, limit, period)
  local l = { name = limit.name, min = limit.min, max = limit.max, period = period, watch = {}, weights = {}, unit = 1 }
  if limit.share then -- 100 × sum >= share × sum of the others, without decimals
    l.unit = 100 * math.tointeger(10 ^ limit.scale)
    l.min, l.max = limit.share == "min" and 0 or nil, limit.share == "max" and 0 or nil
    l.percent = limit.digits / 10 ^ limit.scale
    add_terms(r, l, limit.of_keys, limit.of_field, limit.of_period or period, -limit.digits)
  end
  add_terms(r, l, limit.keys, limit.field, period, l.unit)
  r._limits[#r._limits + 1] = l
end

--- The periods of a limit in which something varies: its own, or every year in which it is in force.
local function periods_in_force(limit, columns)
  local out, seen = {}, {}
  for _, c in ipairs(columns) do
    local year = math.tointeger(tonumber(c[2]))
    local in_force = year == nil or (limit.first_year == 0 or year >= limit.first_year) and (limit.last_year == 0 or year <= limit.last_year)
    local own = limit.period == nil or tostring(limit.period) == tostring(c[2])
    if c[1] == limit.field and own and in_force and not seen[tostring(c[2])] then
      seen[tostring(c[2])] = true
      out[#out + 1] = c[2]
    end
  end
  return out
end

local function add_limits(r, view, o, columns)
  for _, limit in ipairs(pagu._limits(view)) do
    for _, period in ipairs(periods_in_force(limit, columns)) do add_limit(r, limit, period) end
  end
  for _, given in ipairs(lang.list("simulate", "limits", o.limits)) do
    if type(given) ~= "table" or given.at == nil or (given.min == nil) == (given.max == nil) then fail("argument", "sim_limit") end
    options("simulate", given, { "name", "at", "field", "year", "min", "max" })
    local keys = {}
    for node in view:select(given.at):each() do keys[#keys + 1] = node.key end
    add_limit(r, {
      name = given.name or (keys[1] or "?"), keys = keys, field = given.field or "budget",
      min = given.min and lang.money("simulate", "min", given.min), max = given.max and lang.money("simulate", "max", given.max),
    }, given.year or view.year)
  end
end

-- ---- the result ----

local class, methods = study.result_class("pagu.simulation", function(r)
  local text = tostring(r.table)
  return #r._limits > 0 and text .. "\n" .. tostring(r.breaks) or text
end)

local function percent_name(q) return ("p%s"):format((("%.10g"):format(q * 100):gsub("%.", "_"))) end
local function percent_title(q)
  local text = ("P%.10g"):format(q * 100)
  return pagu.lang() == "id" and (text:gsub("%.", ",")) or text
end

--- Money from a mean: the nearest whole.
local function whole(x) return pagu.round(x, 1) end

local function stamp(r, t, whole_stamp)
  for _, s in ipairs(whole_stamp and r._stamps or {}) do t:stamp(s[1], s[2]) end
  t:stamp("seed", tostring(r.seed))
  t:stamp("draws", tostring(r.draws))
  if r.noise == "single" then t:stamp("noise", r.noise) end
  return t
end

local function index_of(r, key, field, period)
  local node = r._view:node(key)
  local i = r._index[watch_key(node.key, field or "budget", period or r._view.year)]
  return i or fail("argument", "sim_not_watched", node.key, tostring(period or r._view.year))
end

local function summary_table(r)
  local columns = {
    name = "simulasi", title = say("sim_title", r.draws), decimals = r._view.decimals,
    { "key", say "key", "text" }, { "name", say "name", "text" }, { "year", say "sim_year", "text" },
    { "base", say "sim_base", "money" }, { "mean", say "sim_mean", "money" }, { "sd", say "sim_sd", "money" },
  }
  for _, q in ipairs(r.quantiles) do columns[#columns + 1] = { percent_name(q), percent_title(q), "money" } end
  local t = pagu.table(columns)
  for _, w in ipairs(r._shown) do
    local i, node = r._index[watch_key(w[1], w[2], w[3])], r._view:node(w[1])
    local base, mean, sd, _, low, high = r._sim:summary(i)
    local row = { w[1], node.name, w[2] == "budget" and tostring(w[3]) or (w[2] .. " " .. tostring(w[3])), base, whole(mean), whole(sd) }
    for _, q in ipairs(r.quantiles) do row[#row + 1] = (r._sim:quantile(i, q)) end
    if low == 0 and high == 0 and r._view:get(w[1], w[2], w[3]) == nil then row = { w[1], node.name, row[3] } end -- missing
    t:add(row)
  end
  return stamp(r, t, true)
end

local function share_of(broken, draws)
  local p = broken / draws
  return 100 * broken / draws, 100 * math.sqrt(p * (1 - p) / draws), p
end

local function breaks_table(r)
  local t = pagu.table {
    name = "simulasi_batas", title = say "sim_breaks_title", decimals = r._view.decimals,
    { "name", say "sim_limit_name", "text" }, { "year", say "sim_year", "text" }, { "kind", say "sim_kind", "text" },
    { "amount", say "sim_amount", "money" }, { "probability", say "sim_probability", "percent" },
    { "error", say "sim_error", "percent" }, { "excess", say "sim_excess", "money" },
  }
  for _, l in ipairs(r._limits) do
    local broken, draws, excess = r._sim:broken(l.watch, l.weights, l.min, l.max)
    local p, error = share_of(broken, draws)
    local kind = l.max and say "sim_ceiling" or say "sim_floor"
    if l.percent then kind = kind .. " " .. study.text(l.percent) .. "%" end
    t:add { l.name, tostring(l.period), kind, not l.percent and (l.max or l.min) or nil, p, error,
      broken > 0 and whole(excess / l.unit) or nil }
  end
  return stamp(r, t)
end

local function linked(x, correlation)
  local out = {}
  for i, f in ipairs(x.factors or {}) do out[#out + 1] = f .. " " .. study.text(x.loadings[i]) end
  for _, c in ipairs(correlation or {}) do
    if c[1] == x.name then out[#out + 1] = c[2] .. " " .. study.text(c[3]) end
    if c[2] == x.name then out[#out + 1] = c[1] .. " " .. study.text(c[3]) end
  end
  return #out > 0 and table.concat(out, "; ") or nil
end

local function place_text(view, at)
  if type(at) == "string" then return at end
  local selection = view:select(at)
  local keys = {}
  for node in selection:each() do
    keys[#keys + 1] = node.key
    if #keys == 4 and #selection > 4 then
      keys[4] = ("… (%d)"):format(#selection)
      break
    end
  end
  return table.concat(keys, " ")
end

local function assumptions_table(r, correlation)
  local t = pagu._ours(pagu.table {
    name = "simulasi_asumsi", title = say "sim_assumptions",
    { "variable", say "sim_variable", "text" }, { "at", say "sim_place", "text" }, { "year", say "sim_year", "text" },
    { "effect", say "sim_effect", "text" }, { "distribution", say "sim_distribution", "text" },
    { "per", say "sim_per", "text" }, { "linked", say "sim_linked", "text" },
  })
  for _, x in ipairs(r._vary) do
    local years = {}
    for i, p in ipairs(x.periods) do years[i] = tostring(p) end
    t:add { x.name, place_text(r._view, x.at), table.concat(years, " ") .. (#years > 1 and " (" .. say("sim_path_" .. x.path) .. ")" or ""), x.as,
      tostring(x.shown), x.per_line and say "sim_line" or say "sim_shared", linked(x, correlation) }
  end
  return t
end

--- Quantile q of a watched place: money, and its standard error.
function methods:quantile(key, q, year, field)
  if not math.type(q) or q < 0 or q > 1 then fail("argument", "sim_quantiles") end
  return self._sim:quantile(index_of(self, key, field, year), q)
end

--- Mean of a watched place and its standard error, then the standard deviation: numbers.
function methods:mean(key, year, field)
  local _, mean, sd, error = self._sim:summary(index_of(self, key, field, year))
  return mean, error, sd
end

--- Values by draw: a list of money.
function methods:values(key, year, field)
  return self._sim:draws(index_of(self, key, field, year))
end

--- Share of draws (0 … 1) and its standard error.
function methods:probability(o)
  options("probability", o, { "at", "year", "field", "above", "below", "at_least", "at_most" })
  local min, max, other
  if o.above then max = lang.money("probability", "above", o.above) end
  if o.at_least then max, other = lang.subtract("probability", lang.money("probability", "at_least", o.at_least), 1), max end
  if o.below then min, other = lang.money("probability", "below", o.below), other or max end
  if o.at_most then min, other = lang.add("probability", lang.money("probability", "at_most", o.at_most), 1), other or max or min end
  if other or (min == nil) == (max == nil) then fail("argument", "sim_ask") end
  local watch, weights = {}, {}
  for node in self._view:select(o.at or "/"):each() do
    watch[#watch + 1], weights[#weights + 1] = index_of(self, node.key, o.field, o.year), 1
  end
  local broken, draws = self._sim:broken(watch, weights, min, max)
  local _, error, p = share_of(broken, draws)
  return p, error / 100
end

--- How mean and quantiles settle as draws double, with their standard errors.
function methods:convergence(key, year, field)
  key = self._view:node(key or "/").key
  local i = index_of(self, key, field, year)
  local columns = {
    name = "simulasi_konvergensi", title = say("sim_convergence", key, tostring(year or self._view.year)),
    decimals = self._view.decimals, { "draws", say "sim_draws", "integer" }, { "mean", say "sim_mean", "money" },
    { "mean_error", say "sim_mean_error", "money" },
  }
  for _, q in ipairs(self.quantiles) do
    columns[#columns + 1] = { percent_name(q), percent_title(q), "money" }
    columns[#columns + 1] = { percent_name(q) .. "_error", say("sim_quantile_error", percent_title(q)), "money" }
  end
  for k, l in ipairs(self._limits) do
    columns[#columns + 1] = { "broken_" .. k, say "sim_probability" .. ": " .. l.name, "percent" }
  end
  local t, n = pagu.table(columns), self.draws
  while n >= 500 and n % 2 == 0 do n = n // 2 end
  while n <= self.draws do
    local _, mean, _, error = self._sim:summary(i, n)
    local row = { n, whole(mean), whole(error) }
    for _, q in ipairs(self.quantiles) do
      local value, e = self._sim:quantile(i, q, n)
      row[#row + 1], row[#row + 2] = value, whole(e)
    end
    for _, l in ipairs(self._limits) do
      local broken, draws = self._sim:broken(l.watch, l.weights, l.min, l.max, n)
      row[#row + 1] = 100 * broken / draws
    end
    t:add(row)
    n = n * 2
  end
  return stamp(self, t)
end

--- The years of a place: low, middle and high quantile, for a fan chart; history where nothing varies.
function methods:fan(key, o)
  o = options("fan", o or {}, { "field", "low", "middle", "high", "from" })
  key = self._view:node(key or "/").key
  local field, low, middle, high = o.field or "budget", o.low or 0.1, o.middle or 0.5, o.high or 0.9
  local t = pagu.table {
    name = "simulasi_kipas", title = say("sim_fan", percent_title(low), percent_title(high), self._view:node(key).name),
    decimals = self._view.decimals, { "year", say "sim_year", "text" }, { "low", percent_title(low), "money" },
    { "middle", percent_title(middle), "money" }, { "high", percent_title(high), "money" },
  }
  for year = o.from or self._view.first_year, self._view.last_year do
    local i = self._index[watch_key(key, field, year)]
    local now = self._view:get(key, field, year)
    if i then
      t:add { tostring(year), (self._sim:quantile(i, low)), (self._sim:quantile(i, middle)), (self._sim:quantile(i, high)) }
    elseif now then
      t:add { tostring(year), nil, now, nil }
    end
  end
  stamp(self, t)
  return pagu.chart { kind = "fan", table = t, label = "year", values = { "low", "middle", "high" } }, t
end

--- Counts of draws in bins of one width.
function methods:histogram(key, o)
  o = options("histogram", o or {}, { "year", "field", "bins" })
  key = self._view:node(key or "/").key
  local i = index_of(self, key, o.field, o.year)
  local bins = o.bins or 20
  if not math.tointeger(bins) or bins < 1 or bins > 1000 then fail("argument", "sim_whole", "bins", 1) end
  local _, _, _, _, low, high = self._sim:summary(i)
  local t = pagu.table {
    name = "simulasi_histogram", title = say("sim_histogram", key, tostring(o.year or self._view.year)),
    decimals = self._view.decimals, { "from", say "sim_from", "money" }, { "to", say "sim_to", "money" },
    { "count", say "sim_count", "integer" },
  }
  local width = math.max(1, pagu.muldiv(high - low, 1, bins) + (high - low >= bins and 1 or 0))
  local start, before = low, 0
  while start <= high do
    local below = self._sim:broken({ i }, { 1 }, start + width)
    t:add { start, math.min(start + width - 1, high), below - before }
    before, start = below, start + width
  end
  stamp(self, t)
  return pagu.chart { kind = "bar", table = t, label = "from", values = { "count" } }, t
end

--- Result, limits, assumptions, fan or distribution of the whole, convergence.
function methods:document(opts)
  local doc = pagu.document { title = self.table.title, lang = opts and opts.lang }
  local years, first = 0, self._shown[1]
  for _, w in ipairs(self._shown) do
    if w[1] == first[1] and w[2] == first[2] then years = years + 1 end
  end
  doc:add(self.table)
  if #self._limits > 0 then doc:add(self.breaks) end
  doc:add(self.assumptions)
  if years > 1 then
    doc:add((self:fan(first[1], { field = first[2] })), { name = "simulasi_kipas_grafik" })
  end
  doc:add((self:histogram(first[1], { field = first[2], year = first[3] })), { name = "simulasi_histogram_grafik" })
  return doc:add(self:convergence(first[1], first[3], first[2]))
end

-- ---- the verb ----

local simulate_options = {
  "vary", "correlation", "watch", "limits", "draws", "seed", "noise", "threads", "quantiles", "run", "params",
}

local function count(name, value, least, fallback)
  if value == nil then return fallback end
  local n = math.type(value) and math.tointeger(value)
  if not n or n < least then fail("argument", "sim_whole", name, least) end
  return n
end

local function quantiles_of(list)
  list = list or { 0.1, 0.5, 0.9 }
  if type(list) ~= "table" or #list == 0 then fail("argument", "sim_quantiles") end
  for _, q in ipairs(list) do
    if not math.type(q) or q < 0 or q > 1 then fail("argument", "sim_quantiles") end
  end
  return list
end

function M.simulate(view, o)
  options("simulate", o, simulate_options)
  if o.run ~= nil then
    return runs.simulate(view, o, count("draws", o.draws, 1, 1000), count("seed", o.seed, math.mininteger, 1), quantiles_of(o.quantiles))
  end
  if type(o.vary) ~= "table" or #o.vary == 0 then fail("argument", "sim_vary") end
  local r = {
    draws = count("draws", o.draws, 1, 10000), seed = count("seed", o.seed, math.mininteger, 1), quantiles = quantiles_of(o.quantiles),
    noise = choice("noise", o.noise or "double", { "double", "single" }),
    _view = view, _vary = {}, _watch = {}, _index = {}, _limits = {}, _shown = {}, _stamps = pagu._stamps(view),
  }
  for i, entry in ipairs(o.vary) do r._vary[i] = vary_of(view, entry, i) end
  local columns = columns_of(r._vary)
  for _, key in ipairs(places_of(view, o)) do
    for _, c in ipairs(columns) do
      add_watch(r, key, c[1], c[2])
      r._shown[#r._shown + 1] = { key, c[1], c[2] }
    end
  end
  add_limits(r, view, o, columns)
  r._sim = pagu._simulate(view, {
    vary = r._vary, correlation = correlations(o.correlation), watch = r._watch, draws = r.draws, seed = r.seed,
    single = r.noise == "single", threads = count("threads", o.threads, 0, 0),
  })
  r.table, r.breaks = summary_table(r), breaks_table(r)
  r.assumptions = assumptions_table(r, o.correlation)
  return study.result(class, r)
end

return M
