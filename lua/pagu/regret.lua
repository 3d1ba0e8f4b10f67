--- pagu.regret: v:regret{ options =, futures =, value = }: what each choice gives in each named future, how much is lost
-- against the best choice there, and which choice loses least at worst. Every cell is a run on a branch of its own.
local _, pagu = ...
pagu = pagu or require "pagu"
local lang = pagu._require "pagu.lang"
local study = pagu._require "pagu.study"
local fail, options, say = lang.fail, lang.options, lang.say

local M = {}

lang.add_texts {
  regret_lists = {
    id = "regret: options dan futures adalah daftar { name = …, run = function(s) … end } atau { name = …, params = {…} }",
    en = "regret: options and futures are lists of { name = …, run = function(s) … end } or { name = …, params = {…} }",
  },
  regret_twice = { id = "regret: \"%s\" disebut dua kali", en = "regret: \"%s\" is named twice" },
  regret_weights = {
    id = "regret: beri bobot (weight, 0 ke atas) pada semua masa depan, atau tidak sama sekali",
    en = "regret: give every future a weight (0 or more), or none",
  },
  regret_better = { id = "regret: better adalah \"high\" atau \"low\"", en = "regret: better is \"high\" or \"low\"" },
  regret_option = { id = "Pilihan", en = "Option" },
  regret_value = { id = "Hasil", en = "Value" },
  regret_regret = { id = "Penyesalan", en = "Regret" },
  regret_worst = { id = "Penyesalan terbesar", en = "Largest regret" },
  regret_expected = { id = "Penyesalan rata-rata", en = "Expected regret" },
  regret_mean = { id = "Hasil rata-rata", en = "Expected value" },
  regret_choice = { id = "Pilihan dengan penyesalan terbesar paling kecil: %s", en = "Least largest regret: %s" },
  regret_choice_expected = { id = "Pilihan dengan penyesalan rata-rata terkecil: %s", en = "Least expected regret: %s" },
  regret_none = { id = "tidak ada pilihan yang berjalan di semua masa depan", en = "no option runs in every future" },
  regret_failed = { id = "%s, %s: %s", en = "%s, %s: %s" },
  regret_values_title = { id = "Hasil tiap pilihan", en = "What each option gives" },
  regret_title = { id = "Tabel penyesalan", en = "Regrets" },
}

local class, methods = study.result_class("pagu.regret", function(r)
  local lines = { tostring(r.values), tostring(r.table) }
  return table.concat(lines, "\n")
end)

local function check_list(list, allowed)
  if type(list) ~= "table" or #list == 0 then fail("argument", "regret_lists") end
  local seen = {}
  for _, x in ipairs(list) do
    if type(x) ~= "table" or type(x.name) ~= "string" or (x.run ~= nil and type(x.run) ~= "function")
      or (x.params ~= nil and type(x.params) ~= "table") then
      fail("argument", "regret_lists")
    end
    options("regret", x, allowed)
    if seen[x.name] then fail("argument", "regret_twice", x.name) end
    seen[x.name] = true
  end
  return list
end

--- Weights that sum to 1, or nil.
local function weights_of(futures)
  local sum, given = 0, 0
  for _, f in ipairs(futures) do
    if f.weight ~= nil then
      if not math.type(f.weight) or f.weight < 0 then fail("argument", "regret_weights") end
      sum, given = sum + f.weight, given + 1
    end
  end
  if given == 0 then return nil end
  if given < #futures or sum <= 0 then fail("argument", "regret_weights") end
  local out = {}
  for i, f in ipairs(futures) do out[i] = f.weight / sum end
  return out
end

--- What one choice gives in one future: the choice is made first, then the future comes, then it is measured.
local function cell_of(view, o, measure, option, future)
  if measure then
    local changes = {}
    for _, params in ipairs { option.params or {}, future.params or {} } do
      for name, value in pairs(params) do changes[#changes + 1] = { { as = "param", param = name }, value } end
    end
    return measure(changes)
  end
  local s = view:branch(option.name .. " · " .. future.name)
  if option.run then option.run(s, future) end
  if future.run then future.run(s, option) end
  local value = type(o.value) == "function" and o.value(s, option, future) or nil
  if type(o.value) ~= "function" then value = study.measurer("regret", s, { metric = o.value }) {} end
  if not math.type(value) then fail("argument", "study_not_number", "regret", tostring(value)) end
  return value
end

local function run_all(view, o, measure)
  local values, notes = {}, {}
  for i, option in ipairs(o.options) do
    values[i] = {}
    for k, future in ipairs(o.futures) do
      local ok, value = pcall(cell_of, view, o, measure, option, future)
      if ok then
        values[i][k] = value
      else
        notes[#notes + 1] = say("regret_failed", option.name, future.name, study.words_of(value))
      end
    end
  end
  return values, notes
end

--- Regret of each cell: the distance to the best value in its future.
local function regrets_of(values, o)
  local out = {}
  for i in ipairs(o.options) do out[i] = {} end
  for k in ipairs(o.futures) do
    local best
    for i in ipairs(o.options) do
      local x = values[i][k]
      if x ~= nil and (best == nil or (o.better == "low" and x < best) or (o.better ~= "low" and x > best)) then best = x end
    end
    for i in ipairs(o.options) do
      local x = values[i][k]
      if x ~= nil then
        out[i][k] = o.better == "low" and study.difference("regret", x, best) or study.difference("regret", best, x)
      end
    end
  end
  return out
end

-- Largest and expected of a row; nil if a cell is missing.
local function of_row(row, n, weights)
  local worst, expected = nil, weights and 0 or nil
  for k = 1, n do
    if row[k] == nil then return nil, nil end
    if worst == nil or row[k] > worst then worst = row[k] end
    if weights then expected = expected + weights[k] * row[k] end
  end
  return worst, expected
end

local function least(list, n)
  local best
  for i = 1, n do
    if list[i] ~= nil and (best == nil or list[i] < list[best]) then best = i end
  end
  return best
end

local function cells_table(view, o, cells, spec)
  local flat = {}
  for _, row in ipairs(cells) do
    for k in ipairs(o.futures) do flat[#flat + 1] = row[k] end
  end
  local kind = study.column_type(flat)
  local columns = { name = spec.name, title = spec.title, decimals = view.decimals, { "option", say "regret_option", "text" } }
  for k, future in ipairs(o.futures) do columns[#columns + 1] = { "f" .. k, spec.group .. "|" .. future.name, kind } end
  for _, extra in ipairs(spec.extras) do columns[#columns + 1] = { extra[1], extra[2], extra[3] or kind } end
  local t = pagu.table(columns)
  for i, option in ipairs(o.options) do
    local row = { option = option.name }
    for k in ipairs(o.futures) do row["f" .. k] = cells[i][k] end
    for _, extra in ipairs(spec.extras) do
      local x = extra.values[i]
      if x ~= nil and kind == "money" and math.type(x) == "float" then x = pagu.round(x, 1) end
      row[extra[1]] = x
    end
    t:add(row)
  end
  return t
end

--- v:regret{ options = { { name =, run = } }, futures = { { name =, weight =, run = } }, value = metric, better = }, or with
-- script = and params in place of run.
function M.regret(view, o)
  options("regret", o, { "options", "futures", "value", "better", "script", "params" })
  if o.better ~= nil and o.better ~= "high" and o.better ~= "low" then fail("argument", "regret_better") end
  check_list(o.options, { "name", "run", "params" })
  check_list(o.futures, { "name", "run", "params", "weight" })
  local weights = weights_of(o.futures)
  local measure = o.script and study.measurer("regret", view, { script = o.script, metric = o.value, params = o.params })
  local values, notes = run_all(view, o, measure)
  local regrets = regrets_of(values, o)
  local n, worst, expected, mean = #o.futures, {}, {}, {}
  for i in ipairs(o.options) do
    worst[i], expected[i] = of_row(regrets[i], n, weights)
    local _, m = of_row(values[i], n, weights)
    mean[i] = m
  end
  local by_worst, by_expected = least(worst, #o.options), weights and least(expected, #o.options)
  local r = { options = o.options, futures = o.futures, value = values, regret = regrets, failures = notes }
  r.values = cells_table(view, o, values, { name = "hasil_pilihan", title = say "regret_values_title", group = say "regret_value",
    extras = weights and { { "expected", say "regret_mean", values = mean } } or {} })
  local extras = { { "worst", say "regret_worst", values = worst } }
  if weights then extras[2] = { "expected", say "regret_expected", values = expected } end
  r.table = cells_table(view, o, regrets, { name = "penyesalan", title = say "regret_title", group = say "regret_regret", extras = extras })
  r.choice = by_worst and o.options[by_worst].name
  r.choice_expected = by_expected and o.options[by_expected].name
  r.table:note(by_worst and say("regret_choice", r.choice) or say "regret_none")
  if r.choice_expected then r.table:note(say("regret_choice_expected", r.choice_expected)) end
  for _, note in ipairs(notes) do r.values:note(note) end
  study.stamp(r.table, view)
  if by_worst then r.chart = pagu.chart { kind = "bar", table = r.table, label = "option", values = { "worst" } } end
  return study.result(class, r)
end

--- Values, regrets and a chart of the largest ones.
function methods:document(opts)
  local doc = pagu.document { title = say "regret_title", lang = opts and opts.lang }
  doc:add(self.values):add(self.table)
  return self.chart and doc:add(self.chart, { name = "penyesalan_grafik" }) or doc
end

return M
