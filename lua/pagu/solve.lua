--- pagu.solve: s:solve, goal seek: what must change, and by how much, for a value to come about.
local _, pagu = ...
pagu = pagu or require "pagu"
local lang = pagu._require "pagu.lang"
local changes = pagu._require "pagu.changes"
local study = pagu._require "pagu.study"
local fail, options, say = lang.fail, lang.options, lang.say
local error, ipairs, pcall, setmetatable, tostring, type = error, ipairs, pcall, setmetatable, tostring, type

local M = {}

lang.add_texts {
  seek_want = {
    id = "solve: want adalah { key =, field =, year =, value = } atau { metric = function(s) … end, value = }",
    en = "solve: want is { key =, field =, year =, value = } or { metric = function(s) … end, value = }",
  },
  seek_by = {
    id = "solve: by adalah tempat, { at =, change = \"total\" }, { from =, to = } atau function(s, x) … end",
    en = "solve: by is a place, { at =, change = \"total\" }, { from =, to = } or function(s, x) … end",
  },
  seek_bounds = { id = "solve: \"%s\" belum diisi; tidak ada batas bawaan untuk ini", en = "solve: \"%s\" is missing; there is no default for this" },
  seek_unit = {
    id = "solve: unit harus di atas 0 dan paling banyak sembilan desimal, bukan %s",
    en = "solve: unit must be above 0 and have nine decimals at most, not %s",
  },
  seek_text = { id = "yang dicari bernilai teks (\"%s\"), bukan angka", en = "what is sought is text (\"%s\"), no number" },
  seek_missing = { id = "yang dicari tidak bernilai", en = "what is sought has no value" },
  seek_title = { id = "Pencarian nilai", en = "Goal seek" },
  seek_found = { id = "Ditemukan: %s dengan x = %s", en = "Found: %s with x = %s" },
  seek_nearest = {
    id = "Tidak ada x yang memberi tepat %s; yang terdekat %s dengan x = %s",
    en = "No x gives exactly %s; the nearest is %s with x = %s",
  },
  seek_unreachable = {
    id = "%s tidak tercapai: nilai yang dapat dicapai %s sampai %s; yang terdekat dengan x = %s. Tidak ada yang diubah",
    en = "%s can't be reached: values from %s to %s can; the nearest with x = %s. Nothing was changed",
  },
  seek_refused = { id = "%s tidak tercapai: semua percobaan ditolak. Tidak ada yang diubah", en = "%s can't be reached: every trial was refused. Nothing was changed" },
  seek_trials = { id = "%d percobaan, %d ditolak; %s", en = "%d trials, %d refused; %s" },
  seek_every = { id = "semua kemungkinan dicoba", en = "every possibility was tried" },
  seek_monotone = { id = "nilai berubah searah di seluruh percobaan", en = "values went one way all along" },
  seek_turns = {
    id = "nilai berbalik arah, jadi puncak yang sempit dapat terlewat",
    en = "values turn, so that a narrow peak can have been missed",
  },
  seek_bound = { id = "Batas dari %s: %s", en = "A bound at %s: %s" },
}

-- What says that a value of x is not allowed, rather than that the question is wrong.
local refusals = {
  held = true, rule = true, unreachable = true, insufficient = true, overflow = true, zero_basis = true, negative_basis = true,
}

-- ---- by: what is changed ----

local function copy(o, without)
  local out = {}
  for name, value in pairs(o) do
    if not without[name] then out[name] = value end
  end
  return out
end

local function times(x, n)
  local most = math.maxinteger // n
  return x > most and math.maxinteger or x < -most and -math.maxinteger or x * n
end

--- Money of a place now.
local function sum_of(s, o, at)
  local field, year = o.field or "budget", o.year or o.period or s.year
  local sum = 0
  for node in s:lines(at):each() do
    sum = lang.add("solve", sum, s:get(node, field, year) or 0)
  end
  return sum
end

local function spread_with(name)
  return function(o)
    local call = copy(o, { change = true })
    return function(on, x)
      call[name] = x
      return on:spread(call)
    end
  end
end

-- Each: the change that x makes, the value of x now, least, greatest; finer units.
local kinds = {
  total = { make = spread_with "total", now = function(s, o) return sum_of(s, o, o.at) end, lo = 0, times = 10 },
  delta = {
    make = spread_with "delta", now = function() return 0 end,
    bounds = function(s, o)
      local sum = sum_of(s, o, o.at)
      return -math.max(sum, 0), times(math.max(sum, 0), 9)
    end,
  },
  percent = { make = spread_with "percent", now = function() return 0 end, lo = -100, hi = 900, unit = 0.01 },
  amount = {
    make = function(o)
      local call = copy(o, { change = true })
      return function(on, x)
        call.amount = x
        if x == 0 then return nil end
        return on:transfer(call)
      end
    end,
    now = function() return 0 end, lo = 0,
    bounds = function(s, o) return 0, math.max(0, sum_of(s, o, o.from)) end,
  },
  target = {
    make = function(o)
      local call = copy(o, { change = true })
      return function(on, x)
        call.value = x
        return on:target(call)
      end
    end,
    now = function(s, o)
      local indicator = o.indicator and pagu.type(o.indicator) == "indicator" and o.indicator.id or o.indicator or o.at
      local ok, value = pcall(s.get, s, indicator, "target", o.year)
      return ok and math.type(value) and value or nil
    end,
    lo = 0, times = 10,
  },
}

--- f(on, x), and the kind that it is of.
local function change_of(s, by)
  if type(by) == "function" then return by, nil, nil end
  local plain = type(by) == "table" and not pagu.type(by)
  if plain and by.from == nil and by.at == nil and #by == 0 then fail("argument", "seek_by") end
  if not plain or #by > 0 then by = { at = by } end
  local change = by.change or (by.from ~= nil and "amount") or (by.indicator ~= nil and "target") or "total"
  local kind = kinds[change]
  if not kind then fail("argument", "no_method", "solve", tostring(change), "total, delta, percent, amount, target") end
  return kind.make(by), kind, by
end

-- ---- x: bounds and steps ----

--- 10^k such that unit × 10^k is whole: 1 for whole units.
local function scale_of(unit)
  if not math.type(unit) or unit <= 0 or unit - unit ~= 0 then fail("argument", "seek_unit", tostring(unit)) end
  local scale = 1
  for _ = 0, 9 do
    local scaled = unit * scale
    local whole = math.tointeger(math.floor(scaled + 0.5))
    if whole and whole > 0 and math.abs(scaled - whole) < 1e-12 * whole then return scale, whole end
    scale = scale * 10
  end
  fail("argument", "seek_unit", tostring(unit))
end

--- x × scale, rounded inwards by `round` where it isn't whole.
local function position(name, x, scale, round)
  if not math.type(x) then fail("argument", "not_number", "solve", name) end
  if scale == 1 then return math.tointeger(x) or math.tointeger(round(x)) or fail("overflow", "beyond", "solve") end
  local scaled = x * (scale + 0.0)
  local near = math.floor(scaled + 0.5)
  if math.abs(scaled - near) <= 1e-6 then scaled = near else scaled = round(scaled) end
  return math.abs(scaled) < 2 ^ 53 and math.tointeger(scaled) or fail("overflow", "beyond", "solve")
end

local function range_of(s, o, kind, by)
  local unit = o.unit or (kind and kind.unit) or 1
  local scale, step = scale_of(unit)
  local now, lo, hi = nil, o.lo, o.hi
  if kind then
    now = kind.now(s, by)
    local low, high = kind.lo, kind.hi
    if kind.bounds then low, high = kind.bounds(s, by) end
    if kind.times and now and now > 0 then high = times(math.tointeger(math.ceil(now)) or 0, kind.times) end
    if kind.times and not high and hi == nil and kind ~= kinds.target then high = math.max(0, sum_of(s, by, "/")) end
    lo, hi = lo == nil and low or lo, hi == nil and high or hi
  end
  if lo == nil then fail("argument", "seek_bounds", "lo") end
  if hi == nil then fail("argument", "seek_bounds", "hi") end
  if o.guess ~= nil then now = o.guess end
  return {
    scale = scale, step = step, lo = position("lo", lo, scale, math.ceil), hi = position("hi", hi, scale, math.floor),
    guess = now and position("guess", now, scale, math.floor),
  }
end

local function x_of(range, k)
  return k and (range.scale == 1 and k or k / range.scale)
end

-- ---- want: what is read ----

local function metric_of(want)
  if type(want) ~= "table" or pagu.type(want) then fail("argument", "seek_want") end
  options("solve want", want, { "key", "field", "year", "period", "value", "metric" })
  if not math.type(want.value) or (want.metric == nil) == (want.key == nil) then fail("argument", "seek_want") end
  if want.metric then
    if type(want.metric) ~= "function" then fail("argument", "seek_want") end
    return want.metric
  end
  return function(on) return (on:get(want.key, want.field or "budget", want.year or want.period)) end
end

--- A number as the search takes it; nil, message for none.
local function read(metric, on)
  local value = metric(on)
  if type(value) == "string" then return nil, say("seek_text", value) end
  if not math.type(value) then return nil, say "seek_missing" end
  return math.tointeger(value) or value
end

-- ---- the search ----

local function seek(s, o, change, metric, range)
  local refused, order = {}, {}
  local function trial(k)
    local x = x_of(range, k)
    local ok, value, why = pcall(s._dry, s, function(on)
      change(on, x)
      return read(metric, on)
    end)
    if ok and value ~= nil then return value end
    if not ok then
      if not (pagu.type(value) == "error" and refusals[value.code]) then error(value, 0) end
      why = value.message
    end
    order[#order + 1], refused[k] = k, why
    return nil
  end
  local found = pagu._seek({
    lo = range.lo, hi = range.hi, step = range.step, guess = range.guess, want = math.tointeger(o.want.value) or o.want.value,
    tolerance = lang.number("solve", "tolerance", o.tolerance), trials = o.trials,
  }, trial)
  local near = nil
  for _, k in ipairs(order) do
    local distance = found.x and math.abs(k + 0.0 - found.x) or 0
    if not near or distance < near.distance or (distance == near.distance and k < near.k) then
      near = { k = k, distance = distance }
    end
  end
  if near then found.bound, found.refusal = x_of(range, near.k), refused[near.k] end
  return found
end

-- ---- what comes of it ----

local shown = pagu.format

local function verdict(r)
  if r.status == "found" then return say("seek_found", shown(r.value), shown(r.x)) end
  if r.status == "nearest" then return say("seek_nearest", shown(r.want), shown(r.value), shown(r.x)) end
  if r.x == nil then return say("seek_refused", shown(r.want)) end
  return say("seek_unreachable", shown(r.want), shown(r.least), shown(r.most), shown(r.x))
end

local function lines_of(r)
  local sure = r.every and "seek_every" or r.monotone and "seek_monotone" or "seek_turns"
  local out = { verdict(r), say("seek_trials", r.trials, r.refused, say(sure)) }
  if r.refusal and r.status ~= "found" then out[#out + 1] = say("seek_bound", shown(r.bound), r.refusal) end
  return out
end

local methods = {}

--- The verdict, how it was found, and the changes.
function methods.document(r)
  local doc = pagu.document { title = say "seek_title" }
  for _, line in ipairs(lines_of(r)) do doc:text(line) end
  return r.changes and doc:add(r.changes, { name = "changes" }) or doc
end

local class = {
  __name = "pagu.Solution", __index = methods, methods = methods,
  __tostring = function(r)
    local text = table.concat(lines_of(r), "\n")
    return r.changes and text .. "\n" .. tostring(r.changes) or text
  end,
}

local names = { "want", "by", "lo", "hi", "unit", "guess", "tolerance", "trials", "nearest", "dry", "reason" }

--- The change, and its table: that of the verb, or what a function did to money.
local function apply(on, o, change, kind, x)
  if kind then return change(on, x) end
  local want = o.want
  local money = want.key and pagu._is_money(on, want.field or "budget")
  return changes.of(on, money and want.field or "budget", want.year or want.period or on.year, function() change(on, x) end)
end

function M.solve(s, o)
  options("solve", o, names)
  if o.want == nil then fail("argument", "missing_option", "solve", "want") end
  if o.by == nil then fail("argument", "missing_option", "solve", "by") end
  local metric, change, kind, by = metric_of(o.want), change_of(s, o.by)
  local range = range_of(s, o, kind, by)
  local r = study.result(class, seek(s, o, change, metric, range))
  r.want = math.tointeger(o.want.value) or o.want.value
  r.x, r.first_allowed, r.last_allowed = x_of(range, r.x), x_of(range, r.first_allowed), x_of(range, r.last_allowed)
  if r.status == "unreachable" or (r.status == "nearest" and o.nearest == false) then return r end
  local function run(on) return apply(on, o, change, kind, r.x) end
  if o.dry then
    r.changes = s:_dry(run)
  else
    r.changes = s:atomic(run, { verb = "solve", args = o, reason = o.reason })
  end
  return r
end

return M
