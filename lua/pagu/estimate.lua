--- pagu.estimate: one series of years, fitted: what project and forward ask for a line or an indicator.
local _, pagu = ...
pagu = pagu or require "pagu"
local lang = pagu._require "pagu.lang"
local fail, say = lang.fail, lang.say

lang.add_texts {
  estimate_reason = { id = "galat %s paling kecil (MAE %s pada %d tahun)%s", en = "%s has the least error (MAE %s over %d years)%s" },
  estimate_next = { id = "; berikutnya %s (%s)", en = "; next %s (%s)" },
  estimate_at = { id = "%s: %s", en = "%s: %s" },
  flag_capped = { id = "dibatasi 0-100", en = "bounded to 0-100" },
  flag_negative = { id = "di bawah nol, dijadikan 0", en = "below zero, made 0" },
  flag_worse = { id = "lebih buruk daripada sekarang", en = "worse than now" },
  flag_stop = { id = "berhenti", en = "stopped" },
  flag_manual = { id = "ditetapkan sendiri", en = "set by hand" },
  flag_met = { id = "target akhir sudah tercapai", en = "the end target is met" },
  flag_ended = { id = "tanpa nilai tahun asal", en = "no value in the year from" },
}

local M = {}

--- Methods of pagu.forecast.
M.fitted = {
  auto = true, naive = true, mean = true, drift = true, cagr = true, linear = true, theil_sen = true, ses = true, holt = true,
  damped = true,
}

local function number(x)
  return pagu.format(x + 0.0, nil, 2)
end

--- Why "auto" took what it took, in words.
local function reason_of(f)
  if not f.candidates then return nil end
  local chosen, second
  for _, c in ipairs(f.candidates) do
    if c.method == f.method then
      chosen = c
    elseif not second or c.mae < second.mae then
      second = c
    end
  end
  return say("estimate_reason", f.method, number(chosen.mae), chosen.n,
    second and say("estimate_next", second.method, number(second.mae)) or "")
end

--- Fit { [year] = number }; nil and the error where the history is too short and `short` isn't "error".
-- options: method, level, alpha, beta, phi. key: of the line or the indicator, for errors.
function M.fit(series, years, options, key, short)
  local ok, f = pcall(pagu.forecast, series, {
    method = options.method, to = years, level = options.level, alpha = options.alpha, beta = options.beta, phi = options.phi,
  })
  if not ok then
    if pagu.type(f) ~= "error" then error(f, 0) end
    if f.code == "no_history" and short ~= "error" then return nil, f end
    pagu._raise(f.code, say("estimate_at", key, f.message), key)
  end
  f.reason = reason_of(f)
  return f
end

local function percent_bounds(value, most)
  if value < 0 then return 0, "capped" end
  if value > 100 and most <= 100 then return 100, "capped" end
  return value
end

--- Keep an estimate where values of its kind can be: kind = { percent, whole, least, most } of the
-- history. Returns the value and what was done to it.
function M.bounded(value, kind)
  local flag
  if kind.percent then
    value, flag = percent_bounds(value, kind.most)
  elseif value < 0 and kind.least >= 0 then
    value, flag = 0, "negative"
  end
  if kind.whole then
    local whole = value < 0 and math.ceil(value - 0.5) or math.floor(value + 0.5)
    value = math.type(whole) == "integer" and whole or fail("overflow", "beyond", "project")
  end
  return value, flag
end

--- What the values of a series are: whole numbers, the least, the most.
function M.kind(series, percent)
  local out = { percent = percent, whole = not percent, least = math.huge, most = -math.huge }
  for _, value in pairs(series) do
    out.whole = out.whole and math.type(value) == "integer"
    out.least = math.min(out.least, value)
    out.most = math.max(out.most, value)
  end
  return out
end

--- The flags that there are as a list; nil if none.
function M.flags(...)
  local out = {}
  for i = 1, select("#", ...) do
    local flag = select(i, ...)
    if flag then out[#out + 1] = flag end
  end
  return #out > 0 and out or nil
end

--- Flags in words.
function M.flag(...)
  local out = {}
  for _, flag in ipairs { ... } do out[#out + 1] = say("flag_" .. flag) end
  return #out > 0 and table.concat(out, "; ") or nil
end

return M
