--- pagu.sensitivity: v:sensitivity (tornado), v:two_way (a table of two inputs) and v:break_even (how far an input can
-- go). Each value is a branch with one edit, so it costs what the edit touches.
local _, pagu = ...
pagu = pagu or require "pagu"
local lang = pagu._require "pagu.lang"
local dist = pagu._require "pagu.dist"
local study = pagu._require "pagu.study"
local fail, options, say = lang.fail, lang.options, lang.say

local M = {}

lang.add_texts {
  sens_vary = {
    id = "sensitivity: vary adalah daftar { at = tempat, percent = 10 }",
    en = "sensitivity: vary is a list of { at = place, percent = 10 }",
  },
  sens_range = {
    id = "%s: \"%s\" memerlukan satu angka (± itu), { rendah, tinggi }, atau sebaran",
    en = "%s: \"%s\" needs a number (± of it), { low, high }, or a distribution",
  },
  sens_values = { id = "%s: \"%s\" memerlukan daftar nilai", en = "%s: \"%s\" needs a list of values" },
  sens_input = { id = "Masukan", en = "Input" },
  sens_low = { id = "Rendah", en = "Low" },
  sens_high = { id = "Tinggi", en = "High" },
  sens_at_low = { id = "Hasil pada nilai rendah", en = "Result at low" },
  sens_at_high = { id = "Hasil pada nilai tinggi", en = "Result at high" },
  sens_change_low = { id = "Perubahan pada nilai rendah", en = "Change at low" },
  sens_change_high = { id = "Perubahan pada nilai tinggi", en = "Change at high" },
  sens_swing = { id = "Ayunan", en = "Swing" },
  sens_title = { id = "Kepekaan (semula %s)", en = "Sensitivity (base %s)" },
  sens_failed = { id = "%s pada %s: %s", en = "%s at %s: %s" },
  two_title = { id = "%s (ke bawah) × %s (ke kanan)", en = "%s (down) × %s (across)" },
  even_range = {
    id = "break_even: beri percent, by, delta, total, atau param dengan { dari, sampai }",
    en = "break_even: give percent, by, delta, total or param as { from, to }",
  },
  even_unit = { id = "break_even: unit harus lebih dari 0", en = "break_even: unit must be above 0" },
  even_aim = {
    id = "break_even: beri paling banyak satu dari at_least, at_most, equals",
    en = "break_even: give at most one of at_least, at_most and equals",
  },
  even_steps = { id = "break_even: rentangnya memuat terlalu banyak langkah", en = "break_even: the range has too many steps" },
  even_last = { id = "Masih berlaku sampai", en = "Holds up to" },
  even_next = { id = "Tidak lagi pada", en = "No longer at" },
  even_measured = { id = "Hasil", en = "Result" },
  even_why = { id = "Sebab", en = "Why" },
  even_status = { id = "Keadaan", en = "Status" },
  even_found = { id = "ditemukan", en = "found" },
  even_never = { id = "tidak terlanggar dalam rentang", en = "never within the range" },
  even_already = { id = "sudah terlanggar di awal rentang", en = "already at the start of the range" },
  even_value = { id = "hasilnya %s", en = "the result is %s" },
}

-- ---- tornado ----

local input_options = { "name", "at", "field", "year", "percent", "by", "delta", "total", "param", "low", "high" }

--- Low and high of an input.
local function range_of(verb, input)
  local given = input.given
  if dist.is(given) then
    local low, high = given:quantile(0.1), given:quantile(0.9)
    if input.as == "delta" or input.as == "total" then low, high = pagu.round(low, 1), pagu.round(high, 1) end
    return low, high
  end
  if math.type(given) and input.as ~= "total" then
    if input.as == "by" then return 2 - given, given end
    return -given, given
  end
  if type(given) ~= "table" or not math.type(given[1]) or not math.type(given[2]) then
    fail("argument", "sens_range", verb, input.name)
  end
  return given[1], given[2]
end

local class, methods = study.result_class "pagu.sensitivity"

-- A result, or nil and why not, and the error.
local function try(measure, changes)
  local ok, value = pcall(measure, changes)
  if ok then return value end
  return nil, study.words_of(value), value
end

local function swing_of(verb, row, base)
  local low, high = row.at_low, row.at_high
  if low == nil and high == nil then return nil end
  local a, b, c = low or base, high or base, base
  return study.difference(verb, math.max(a, b, c), math.min(a, b, c))
end

local function sensitivity_table(view, rows, base)
  local values = { base }
  for _, row in ipairs(rows) do values[#values + 1], values[#values + 2] = row.at_low, row.at_high end
  local kind = study.column_type(values)
  local t = pagu.table {
    name = "sensitivitas", title = say("sens_title", study.text(base)), decimals = view.decimals,
    { "input", say "sens_input", "text" }, { "low", say "sens_low", "text" }, { "high", say "sens_high", "text" },
    { "at_low", say "sens_at_low", kind }, { "at_high", say "sens_at_high", kind },
    { "change_low", say "sens_change_low", kind }, { "change_high", say "sens_change_high", kind },
    { "swing", say "sens_swing", kind },
  }
  for _, row in ipairs(rows) do
    t:add { row.input.name, study.value_text(row.input, row.low), study.value_text(row.input, row.high), row.at_low, row.at_high,
      row.at_low and study.difference("sensitivity", row.at_low, base), row.at_high and study.difference("sensitivity", row.at_high, base),
      row.swing }
    for _, note in ipairs(row.notes) do t:note(note) end
  end
  return study.stamp(t, view)
end

--- v:sensitivity{ vary =, metric =, script =, params = }
function M.sensitivity(view, o)
  options("sensitivity", o, { "vary", "metric", "script", "params" })
  if type(o.vary) ~= "table" or #o.vary == 0 then fail("argument", "sens_vary") end
  local measure, script = study.measurer("sensitivity", view, o)
  local base, rows = measure {}, {}
  for i, entry in ipairs(o.vary) do
    if type(entry) ~= "table" then fail("argument", "sens_vary") end
    options("sensitivity", entry, input_options)
    local input = study.input("sensitivity", entry, i, script)
    local low, high = range_of("sensitivity", input)
    local row = { input = input, low = low, high = high, index = i, notes = {} }
    for _, side in ipairs { { "at_low", low }, { "at_high", high } } do
      local value, why = try(measure, { { input, side[2] } })
      row[side[1]] = value
      if why then row.notes[#row.notes + 1] = say("sens_failed", input.name, study.value_text(input, side[2]), why) end
    end
    row.swing = swing_of("sensitivity", row, base)
    rows[i] = row
  end
  table.sort(rows, function(a, b)
    local x, y = a.swing or -1, b.swing or -1
    if x ~= y then return x > y end
    return a.index < b.index
  end)
  local r = { base = base, table = sensitivity_table(view, rows, base) }
  r.chart = pagu.chart { kind = "bar", table = r.table, label = "input", values = { "change_low", "change_high" } }
  return study.result(class, r)
end

--- The tornado as a document: chart and table.
function methods:document(opts)
  local doc = pagu.document { title = self.table.title, lang = opts and opts.lang }
  return doc:add(self.chart, { name = "sensitivitas_grafik" }):add(self.table)
end

-- ---- two inputs ----

local two_class, two_methods = study.result_class "pagu.two_way"

local function axis(verb, entry, index, script)
  if type(entry) ~= "table" then fail("argument", "study_one_way", verb, tostring(entry)) end
  options(verb, entry, { "name", "at", "field", "year", "percent", "by", "delta", "total", "param", "values" })
  local input = study.input(verb, entry, index, script)
  if type(input.given) ~= "table" or #input.given == 0 then fail("argument", "sens_values", verb, input.name) end
  for _, x in ipairs(input.as ~= "param" and input.given or {}) do
    if not math.type(x) then fail("argument", "sens_values", verb, input.name) end
  end
  return input
end

--- v:two_way{ down = input with values, across = input with values, metric =, script =, params = }
function M.two_way(view, o)
  options("two_way", o, { "down", "across", "metric", "script", "params" })
  local measure, script = study.measurer("two_way", view, o)
  local down, across = axis("two_way", o.down, 1, script), axis("two_way", o.across, 2, script)
  local values, notes, all = {}, {}, {}
  for i, a in ipairs(down.given) do
    values[i] = {}
    for k, b in ipairs(across.given) do
      local value, why = try(measure, { { down, a }, { across, b } })
      values[i][k], all[#all + 1] = value, value
      if why then notes[#notes + 1] = say("sens_failed", study.value_text(down, a), study.value_text(across, b), why) end
    end
  end
  local kind = study.column_type(all)
  local columns = { name = "dua_arah", title = say("two_title", down.name, across.name), decimals = view.decimals,
    { "value", down.name, "text" } }
  for k, b in ipairs(across.given) do
    columns[k + 1] = { "c" .. k, across.name .. "|" .. study.value_text(across, b), kind }
  end
  local t = pagu.table(columns)
  for i, a in ipairs(down.given) do
    local row = { value = study.value_text(down, a) }
    for k in ipairs(across.given) do row["c" .. k] = values[i][k] end
    t:add(row)
  end
  for _, note in ipairs(notes) do t:note(note) end
  return study.result(two_class, { table = study.stamp(t, view), values = values })
end

function two_methods:document(opts)
  return pagu.document { title = self.table.title, lang = opts and opts.lang }:add(self.table)
end

-- ---- break-even ----

local even_class, even_methods = study.result_class "pagu.break_even"
local even_options = {
  "at", "field", "year", "percent", "by", "delta", "total", "param", "from", "to", "unit", "metric", "script", "params",
  "at_least", "at_most", "equals",
}

-- Is a measured value on the good side?
local function judge(o, start)
  local aims = (o.at_least ~= nil and 1 or 0) + (o.at_most ~= nil and 1 or 0) + (o.equals ~= nil and 1 or 0)
  for _, name in ipairs { "at_least", "at_most", "equals" } do lang.number("break_even", name, o[name]) end
  if aims > 1 then fail("argument", "even_aim") end
  if o.at_least then return function(x) return x >= o.at_least end end
  if o.at_most then return function(x) return x <= o.at_most end end
  if o.equals and start then
    if start >= o.equals then return function(x) return x >= o.equals end end
    return function(x) return x < o.equals end
  end
  return function() return true end
end

--- Values between from and to: from + sign × unit × k, whole when both are whole.
local function steps_of(input, given, unit)
  local from, to = given[1], given[2]
  local count = math.abs(to - from) / unit
  if not (count <= 2 ^ 53) then fail("overflow", "even_steps") end
  count = math.tointeger(math.floor(count + 1e-9))
  local sign = to >= from and 1 or -1
  return count, function(k)
    if math.type(from) == "integer" and math.type(unit) == "integer" then return from + sign * unit * k end
    return tonumber(("%.12g"):format(from + sign * unit * k))
  end
end

local function bisect(test, count)
  local good, bad, value, why = 0, count, nil, nil
  local ok
  ok, value, why = test(0)
  if not ok then return "already", nil, 0, value, why end
  local at_good = value
  ok, value, why = test(count)
  if ok then return "never", count, nil, value end
  local bad_why = why
  while bad - good > 1 do
    local middle = good + (bad - good) // 2
    ok, value, why = test(middle)
    if ok then good, at_good = middle, value else bad, bad_why = middle, why end
  end
  return "found", good, bad, at_good, bad_why
end

-- What a plan refuses, as against what was asked wrongly.
local breaks = {
  held = true, rule = true, insufficient = true, unreachable = true, overflow = true, zero_basis = true, negative_basis = true,
}

--- v:break_even{ at =, percent = { 0, -50 }, at_least = x, … }: how far the input can go before the metric crosses x or
-- a rule refuses it.
function M.break_even(view, o)
  options("break_even", o, even_options)
  local measure, script = study.measurer("break_even", view, o)
  local input = study.input("break_even", {
    at = o.at, field = o.field, year = o.year, percent = o.percent, by = o.by, delta = o.delta, total = o.total, param = o.param,
    low = o.from, high = o.to }, 1, script)
  local given = input.given
  if type(given) ~= "table" or not math.type(given[1]) or not math.type(given[2]) then fail("argument", "even_range") end
  local fine = input.as == "percent" or input.as == "by" or math.type(given[1]) == "float" or math.type(given[2]) == "float"
  local unit = o.unit or (input.as == "by" and 0.0001 or fine and 0.01 or 1)
  if not math.type(unit) or unit <= 0 then fail("argument", "even_unit") end
  local count, value_at = steps_of(input, given, unit)
  local good
  local function test(k)
    local value, why, err = try(measure, { { input, value_at(k) } })
    if value == nil then
      if type(err) ~= "table" or not breaks[err.code] then error(err, 0) end
      return false, nil, why
    end
    good = good or judge(o, value)
    return good(value), value, not good(value) and say("even_value", study.text(value)) or nil
  end
  local status, last, next_, value, why = bisect(test, count)
  local kind = study.column_type { value or 0 }
  local t = pagu.table {
    name = "titik_impas", title = input.name, decimals = view.decimals, { "input", say "sens_input", "text" },
    { "status", say "even_status", "text" }, { "last", say "even_last", "text" }, { "next", say "even_next", "text" },
    { "result", say "even_measured", kind }, { "why", say "even_why", "text" },
  }
  t:add { input.name, say("even_" .. status), last and study.value_text(input, value_at(last)),
    next_ and study.value_text(input, value_at(next_)), value, why }
  return study.result(even_class, {
    table = study.stamp(t, view), status = status, last = last and value_at(last), next = next_ and value_at(next_),
    result = value, why = why,
  })
end

function even_methods:document(opts)
  return pagu.document { title = self.table.title, lang = opts and opts.lang }:add(self.table)
end

return M
