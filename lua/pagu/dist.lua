--- pagu.dist: distributions of what is uncertain: pagu.dist.triangular(0.9, 1, 1.2) and its like.
local _, pagu = ...
pagu = pagu or require "pagu"
local lang = pagu._require "pagu.lang"
local fail = lang.fail

local M = { module = {} }

lang.add_texts {
  dist_number = { id = "%s: \"%s\" harus berupa angka", en = "%s: \"%s\" must be a number" },
  dist_events = {
    id = "events memerlukan daftar kejadian, misalnya pagu.dist.events{ { p = 0.2, effect = 0.9 } }",
    en = "events takes a list of events, as in pagu.dist.events{ { p = 0.2, effect = 0.9 } }",
  },
  dist_needed = {
    id = "%s: %s adalah sebaran, misalnya pagu.dist.triangular(0.9, 1, 1.2), bukan %s",
    en = "%s: %s is a distribution, such as pagu.dist.triangular(0.9, 1, 1.2), not %s",
  },
  dist_uniform = { id = "seragam", en = "uniform" },
  dist_triangular = { id = "segitiga", en = "triangular" },
  dist_pert = { id = "PERT", en = "PERT" },
  dist_normal = { id = "normal", en = "normal" },
  dist_lognormal = { id = "lognormal", en = "lognormal" },
  dist_events_word = { id = "kejadian", en = "events" },
  dist_low = { id = "terendah", en = "low" },
  dist_mode = { id = "paling mungkin", en = "most likely" },
  dist_high = { id = "tertinggi", en = "high" },
  dist_mean = { id = "rata-rata", en = "mean" },
  dist_sd = { id = "simpangan baku", en = "sd" },
}

local methods = {}
local class = { __name = "pagu.dist", __index = methods }

--- Is it a distribution?
function M.is(x)
  return getmetatable(x) == class
end

local parts = {
  uniform = { "a", "dist_low", "b", "dist_high" },
  triangular = { "a", "dist_low", "b", "dist_mode", "c", "dist_high" },
  pert = { "a", "dist_low", "b", "dist_mode", "c", "dist_high" },
  normal = { "a", "dist_mean", "b", "dist_sd" },
  lognormal = { "a", "dist_mean", "b", "dist_sd" },
}

local function number_text(x)
  local text = math.type(x) == "integer" and pagu.format(x) or ("%.10g"):format(x)
  if math.type(x) == "float" and pagu.lang() == "id" then text = text:gsub("%.", ",") end
  return text
end

--- "triangular: low 0.9, most likely 1, high 1.2"
function class.__tostring(d)
  local out = {}
  if d.kind == "events" then
    for i, p in ipairs(d.p) do out[i] = ("%s%%: %s"):format(number_text(p * 100), number_text(d.value[i])) end
    return lang.say "dist_events_word" .. ": " .. table.concat(out, "; ")
  end
  local names = parts[d.kind]
  for i = 1, #names, 2 do out[#out + 1] = lang.say(names[i + 1]) .. " " .. number_text(d[names[i]]) end
  return lang.say("dist_" .. d.kind) .. ": " .. table.concat(out, ", ")
end

-- Made whole and checked by the engine.
local function make(d)
  d.rest = d.rest or 0
  d._mean, d._sd = pagu._dist(d, d.kind)
  return setmetatable(d, class)
end

local function numbers(kind, a, b, c)
  local given = { a = a, b = b, c = c }
  for i = 1, #parts[kind], 2 do
    if not math.type(given[parts[kind][i]]) then fail("argument", "dist_number", kind, (parts[kind][i + 1]:gsub("dist_", ""))) end
  end
  given.kind = kind
  return make(given)
end

function M.module.uniform(low, high) return numbers("uniform", low, high) end
function M.module.triangular(low, mode, high) return numbers("triangular", low, mode, high) end
function M.module.pert(low, mode, high) return numbers("pert", low, mode, high) end
function M.module.normal(mean, sd) return numbers("normal", mean, sd) end
function M.module.lognormal(mean, sd) return numbers("lognormal", mean, sd) end

--- Events that exclude each other: { { p =, effect = }, …, rest = outcome when none happens }.
function M.module.events(list)
  if type(list) ~= "table" or #list == 0 then fail("argument", "dist_events") end
  local d = { kind = "events", p = {}, value = {}, rest = list.rest }
  for i, event in ipairs(list) do
    if type(event) ~= "table" or not math.type(event.p) or not math.type(event.effect) then fail("argument", "dist_events") end
    d.p[i], d.value[i] = event.p, event.effect
  end
  d.open = list.rest == nil
  return make(d)
end

function methods:mean() return self._mean end
function methods:sd() return self._sd end
--- The value that a share u of draws stays below.
function methods:quantile(u)
  if not math.type(u) or u <= 0 or u >= 1 then fail("argument", "dist_number", "quantile", "u") end
  return pagu._dist_quantile(self, u)
end

--- The distribution as a use needs it: events without an outcome for "none" leave things as they are.
function M.for_use(d, as)
  if d.kind ~= "events" or not d.open then return d end
  local copy = {}
  for k, v in pairs(d) do copy[k] = v end
  copy.rest = as == "by" and 1 or 0
  return copy
end

return M
