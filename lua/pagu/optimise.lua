--- pagu.optimise: s:optimise, the best allocation of money over lines and packages under all rules.
local _, pagu = ...
pagu = pagu or require "pagu"
local lang = pagu._require "pagu.lang"
local study = pagu._require "pagu.study"
local fail, options, say = lang.fail, lang.options, lang.say
local error, ipairs, pairs, setmetatable, tostring, type = error, ipairs, pairs, setmetatable, tostring, type

local M = {}

lang.add_texts {
  optimise_gain = {
    id = "optimise: %s adalah { [\"1.06\"] = angka per rupiah }, { targets = { [\"1.06\"] = bobot } } atau kolom",
    en = "optimise: %s is { [\"1.06\"] = number for each rupiah }, { targets = { [\"1.06\"] = weight } } or a column",
  },
  optimise_list = {
    id = "optimise: %s adalah daftar { %s }",
    en = "optimise: %s is a list of { %s }",
  },
  optimise_no_unit_cost = {
    id = "%s tidak punya target berupa angka positif dan pagu di atas 0 pada %s, jadi biaya satuannya tidak ada",
    en = "%s has no positive number as target or no budget above 0 in %s, so it has no unit cost",
  },
  optimise_lump = {
    id = "optimise: %s memerlukan biaya satu paket di atas 0",
    en = "optimise: %s needs the cost of one package, above 0",
  },
  optimise_margins = {
    id = "optimise: margins adalah { pohon = { kelas = paling_banyak atau { min =, max = } } }",
    en = "optimise: margins is { tree = { class = most or { min =, max = } } }",
  },
  optimise_title = { id = "Alokasi terbaik", en = "Best allocation" },
  optimise_prices = { id = "Harga bayangan", en = "Shadow prices" },
  optimise_prices_mean = {
    id = "Tambahan manfaat bila aturan dilonggarkan satu rupiah pada sisi itu, dan sampai berapa rupiah harga itu berlaku.",
    en = "What one rupiah more room at that side of a rule gains, and for how many rupiah at least that holds.",
  },
  optimise_optimal = { id = "Terbaik: %s (terbukti)", en = "Best: %s (proven)" },
  optimise_feasible = {
    id = "Yang terbaik ditemukan: %s; paling tinggi mungkin %s (selisih %s)",
    en = "Best found: %s; at most %s is possible (gap %s)",
  },
}

-- ---- coefficients ----

--- The target and the money of a place: what one rupiah buys of it.
local function units_per_rupiah(s, o, place, weight)
  local year = o.year or o.period or s.year
  local node = s:node(place)
  local indicator = node:indicators()[1]
  local target = indicator and s:get(indicator.id, "target", year)
  local budget = s:get(node.key, o.field or "budget", year)
  if not (math.type(target) and target > 0 and budget and budget > 0) then
    fail("argument", "optimise_no_unit_cost", node.key, tostring(year))
  end
  return weight * (target / budget)
end

local function sorted(list)
  table.sort(list, function(a, b) return a[1] < b[1] end)
  return list
end

--- { {key, number}, … } of a map by key, of weighted targets, or of a column.
local function coefficients_of(s, o, value, name)
  local out = {}
  if pagu.type(value) == "column" then
    for node, x in value:each() do
      if math.type(x) then out[#out + 1] = { node.key, x } end
    end
    return sorted(out)
  end
  if type(value) ~= "table" or pagu.type(value) then fail("argument", "optimise_gain", name) end
  local targets = value.targets
  if targets ~= nil and (type(targets) ~= "table" or next(value, next(value)) ~= nil) then fail("argument", "optimise_gain", name) end
  for place, x in pairs(targets or value) do
    if not math.type(x) then fail("argument", "optimise_gain", name) end
    local node = s:node(place)
    out[#out + 1] = { node.key, targets and units_per_rupiah(s, o, node, x) or x }
  end
  return sorted(out)
end

-- ---- packages ----

local package_options = { "at", "cost", "gain", "min", "max", "name" }

--- lumpy = { [key] = cost of one }: as many as fit below the cap, each gaining cost × the line's coefficient.
local function add_lumpy(s, o, maximise, out)
  local by_key = {}
  for _, pair in ipairs(maximise) do by_key[pair[1]] = pair[2] end
  local lumps = {}
  for place, cost in pairs(lang.list("optimise", "lumpy", o.lumpy)) do
    local node = s:node(place)
    if not math.type(cost) or cost < 1 then fail("argument", "optimise_lump", node.key) end
    lumps[#lumps + 1] = { node.key, math.tointeger(cost) or fail("fraction", "not_whole", "optimise", node.key, tostring(cost)) }
  end
  for _, lump in ipairs(sorted(lumps)) do
    local key, cost = lump[1], lump[2]
    local node, gain = s:node(key), nil
    while node and gain == nil do
      gain, node = by_key[node.key], node.parent
    end
    local cap = type(o.cap) == "table" and o.cap[key] or math.type(o.cap) and o.cap
      or s:get(key, o.field or "budget", o.year or o.period or s.year) or 0
    out[#out + 1] = { at = key, cost = cost, gain = (gain or 0) * cost, min = 0, max = math.max(0, cap // cost) }
  end
end

local function packages_of(s, o, maximise)
  local out = {}
  for i, p in ipairs(lang.list("optimise", "packages", o.packages)) do
    if type(p) ~= "table" then fail("argument", "optimise_list", "packages", table.concat(package_options, ", ")) end
    options("optimise packages", p, package_options)
    for _, name in ipairs { "at", "cost", "gain" } do
      if p[name] == nil then fail("argument", "missing_option", "optimise packages", name) end
    end
    out[i] = { at = s:node(p.at).key, cost = p.cost, gain = p.gain, min = p.min, max = p.max, name = p.name }
  end
  if o.lumpy then add_lumpy(s, o, maximise, out) end
  return out
end

-- ---- requirements ----

local row_options = { "name", "at", "min", "max", "coefficients", "targets" }

--- Totals by the classes of a tag tree, such as funds.
local function add_margins(o, out)
  if type(o.margins) ~= "table" then fail("argument", "optimise_margins") end
  for tree, classes in pairs(o.margins) do
    if type(classes) ~= "table" then fail("argument", "optimise_margins") end
    for class, limit in pairs(classes) do
      if type(limit) ~= "table" then limit = { max = limit } end
      options("optimise margins", limit, { "min", "max", "name" })
      out[#out + 1] = {
        name = limit.name or ("%s = %s"):format(tree, class), at = { tag = { [tree] = class } }, min = limit.min, max = limit.max,
      }
    end
  end
  table.sort(out, function(a, b) return a.name < b.name end)
end

local function requirements_of(s, o)
  local out = {}
  if o.margins then add_margins(o, out) end
  for _, row in ipairs(lang.list("optimise", "subject_to", o.subject_to)) do
    if type(row) ~= "table" then fail("argument", "optimise_list", "subject_to", table.concat(row_options, ", ")) end
    options("optimise subject_to", row, row_options)
    local list = row.coefficients or (row.targets and { targets = row.targets })
    if (list == nil) == (row.at == nil) then fail("argument", "one_of", "optimise subject_to", "at, coefficients, targets") end
    out[#out + 1] = {
      name = row.name, at = row.at, min = row.min, max = row.max,
      coefficients = list and coefficients_of(s, o, list, "subject_to") or nil,
    }
  end
  return out
end

-- ---- the verb ----

local names = {
  "at", "field", "year", "period", "total", "exactly", "maximise", "unit", "floor", "cap", "packages", "lumpy", "subject_to", "margins",
  "seconds", "gap", "prices", "dry", "reason",
}

local function verdict(r)
  local gain = pagu.format(r.gain)
  return r.status == "optimal" and say("optimise_optimal", gain)
    or say("optimise_feasible", gain, pagu.format(r.bound), pagu.format(r.gap))
end

local methods = {}

--- Lines before and after.
function methods.chart(r)
  return pagu.chart { table = r.changes, label = "name", values = { "old", "new" }, unit = "Rp", title = say "optimise_title" }
end

--- The verdict, the lines, their chart, the shadow prices, and the solver.
function methods.document(r)
  local doc = pagu.document { title = say "optimise_title" }:text(verdict(r))
  doc:add(r.changes, { name = "lines" }):add(r:chart(), { name = "chart" })
  if r.prices then doc:heading(say "optimise_prices"):text(say "optimise_prices_mean"):add(r.prices, { name = "prices" }) end
  return doc:stamp("solver", r.solver)
end

local class = {
  __name = "pagu.Allocation", __index = methods, methods = methods,
  __tostring = function(r)
    return verdict(r) .. "\n" .. tostring(r.changes) .. (r.prices and "\n" .. tostring(r.prices) or "")
  end,
}

local function call_of(s, o)
  local maximise = o.maximise ~= nil and coefficients_of(s, o, o.maximise, "maximise") or {}
  return {
    at = o.at or "/", field = o.field, year = o.year, period = o.period, total = o.total, exactly = o.exactly, unit = o.unit,
    floor = o.floor, cap = o.cap, seconds = lang.number("optimise", "seconds", o.seconds),
    gap = lang.number("optimise", "gap", o.gap), prices = o.prices, dry = o.dry, reason = o.reason,
    maximise = maximise, packages = packages_of(s, o, maximise), subject_to = requirements_of(s, o),
  }
end

function M.optimise(s, o)
  options("optimise", o, names)
  if o.maximise == nil and o.packages == nil then fail("argument", "one_of", "optimise", "maximise, packages") end
  local function run(on)
    local r, err = on:_optimise(call_of(on, o))
    if err then
      err.conflict = r.conflict
      error(err, 0)
    end
    return study.result(class, r)
  end
  if o.dry then return run(s) end
  return s:atomic(run, { verb = "optimise", args = o, reason = o.reason })
end

return M
