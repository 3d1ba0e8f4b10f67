--- pagu.project_money: projection of money, line by line, or of places whose lines follow.
local _, pagu = ...
pagu = pagu or require "pagu"
local lang = pagu._require "pagu.lang"
local estimate = pagu._require "pagu.estimate"
local projection = pagu._require "pagu.projection"
local strategic = pagu._require "pagu.strategic"
local fail, say = lang.fail, lang.say

lang.add_texts {
  project_each = {
    id = "project: each adalah \"line\", \"place\" atau jenjang, bukan \"%s\"",
    en = "project: each is \"line\", \"place\" or a level, not \"%s\"",
  },
  project_no_absorption = { id = "%s belum punya pagu dan realisasi tahun lalu", en = "%s has no budget with spending in past years" },
  project_no_quarter = { id = "%s belum punya %s triwulan tahun %d", en = "%s has no %s of a quarter of %d" },
}

local M = {}

--- { [year] = amount } of a place; dashes and missing years are no observations.
local function history(on, c, node, field)
  local out = {}
  for year = c.first, c.from do
    local value, mark = on:get(node, field or c.history, year)
    if math.type(value) and mark ~= "-" then out[year] = value end
  end
  return out
end

local function skip(c, node)
  c.skipped[#c.skipped + 1] = node.key
end

local function make(c, key, year, made)
  c.made[key] = c.made[key] or {}
  c.made[key][year] = made
end

--- Give a place an amount: a line is set, a place's lines follow in proportion to the year from.
local function give(on, c, node, year, amount)
  if node.leaf then
    on:set(node.key, c.field, year, amount)
  else
    on:spread { at = node, total = amount, field = c.field, year = year, basis = { field = c.field, year = c.from }, unit = c.o.unit }
  end
end

local function rounded(c, number)
  return pagu._estimate(number, c.o.unit or 1)
end

-- ---- methods ----

local appliers = {}

local function percent_of_index(c, node, year)
  local index = c.index_of(node)
  local at = type(index) == "table" and index[year]
  if not at then fail("argument", "missing_option", c.verb, ("index[%d]"):format(year)) end
  return pagu._percent_of_index(at, index[c.from] or 100)
end

--- Nodes by the percentage each has: percentage, nodes; in the order of each one's first node.
function M.by_percent(nodes, percent_of)
  local groups, order = {}, {}
  for _, node in ipairs(nodes) do
    local percent = percent_of(node)
    if not groups[percent] then
      groups[percent] = {}
      order[#order + 1] = percent
    end
    table.insert(groups[percent], node)
  end
  local i = 0
  return function()
    i = i + 1
    return order[i], groups[order[i]]
  end
end

function appliers.growth(on, c, nodes, year)
  on:_project { at = nodes, field = c.field, from = c.from, to = year, growth = c.o.growth, years = year - c.from, unit = c.o.unit }
end

function appliers.index(on, c, nodes, year)
  for percent, at in M.by_percent(nodes, function(node) return percent_of_index(c, node, year) end) do
    on:_project { at = at, field = c.field, from = c.from, to = year, growth = percent, unit = c.o.unit }
  end
end

--- Budget of the year × what was spent of past budgets.
function appliers.absorption(on, c, nodes, year)
  for _, node in ipairs(nodes) do
    local spent, budget = 0, 0
    local past = history(on, c, node, c.history)
    for y, value in pairs(past) do
      local planned = on:get(node, "budget", y)
      if math.type(planned) and planned > 0 then spent, budget = spent + value, budget + planned end
    end
    local amount = on:get(node, "budget", year)
    if budget > 0 and math.type(amount) then
      give(on, c, node, year, pagu.round(pagu.muldiv(amount, spent, budget), c.o.unit or 1))
      make(c, node.key, year, { method = "absorption" })
    elseif math.type(amount) then
      if c.short == "error" then pagu._raise("no_history", say("project_no_absorption", node.key), node.key) end
      skip(c, node)
    end
  end
end

--- Quarters so far, as a year: their sum × 4 / how many.
function appliers.run_rate(on, c, nodes, year)
  for _, node in ipairs(nodes) do
    local sum, quarters = 0, 0
    for q = 1, 4 do
      local value, mark = on:get(node, c.history, ("%dQ%d"):format(c.from, q))
      if math.type(value) then sum, quarters = lang.add(c.verb, sum, value), mark ~= "-" and q or math.max(quarters, q) end
    end
    if quarters > 0 then
      give(on, c, node, year, pagu.round(pagu.muldiv(sum, 4, quarters), c.o.unit or 1))
      make(c, node.key, year, { method = "run_rate" })
    elseif c.short == "error" then
      pagu._raise("no_history", say("project_no_quarter", node.key, c.history, c.from), node.key)
    else
      skip(c, node)
    end
  end
end

function appliers.renstra(on, c, nodes, year)
  local plan = strategic.view(on)
  for _, node in ipairs(nodes) do
    local value, mark = strategic.budget(plan, node, c.field, year)
    if math.type(value) then
      give(on, c, node, year, mark == "-" and 0 or pagu.round(value, c.o.unit or 1))
      make(c, node.key, year, { method = "renstra" })
    elseif c.short == "error" then
      strategic.refuse(on, node, c.field, year)
    else
      skip(c, node)
    end
  end
end

-- ---- fitted methods ----

local function fit_of(on, c, node, method)
  local key = node.key
  if c.fits[key] ~= nil then return c.fits[key] end
  local series = history(on, c, node)
  local asked = { method = method, level = c.o.level }
  for name, of in pairs(c.smoothing) do asked[name] = of(node) end
  local f = estimate.fit(series, c.years, asked, key, c.short)
  if not f and c.short ~= "skip" then
    asked.method = c.short
    f = estimate.fit(series, c.years, asked, key, "skip")
  end
  if f then f.kind = estimate.kind(series) end
  c.fits[key] = f or false
  if not f then skip(c, node) end
  return f
end

--- A place with nothing in the year from has ended, or never was.
local function is_there(on, c, node)
  if c.history ~= c.field then return next(history(on, c, node)) ~= nil end
  local value, mark = on:get(node, c.field, c.from)
  return math.type(value) and mark ~= "-"
end

local function apply_fitted(on, c, nodes, year, method)
  local batch = {}
  for _, node in ipairs(nodes) do
    local f = is_there(on, c, node) and fit_of(on, c, node, method)
    if f then
      local value, flag = estimate.bounded(f[year].value, { least = f.kind.least })
      local amount = rounded(c, value)
      make(c, node.key, year, {
        low = f[year].low and rounded(c, f.kind.least >= 0 and math.max(0, f[year].low) or f[year].low),
        high = f[year].high and rounded(c, f[year].high), flags = estimate.flags(flag),
      })
      if node.leaf then
        batch[#batch + 1] = { node.key, c.field, year, amount }
      else
        give(on, c, node, year, amount)
      end
    end
  end
  if #batch > 0 then on:set(batch) end
end

-- ---- places ----

--- What is projected: lines, the places of `at` themselves, or nodes of a level below them.
local function places_of(on, c)
  local at, each = c.o.at or "/", c.o.each or "line"
  if each == "line" then return on:lines(at) end
  if each == "place" then return on:select(type(at) == "string" and { at } or at) end
  if type(each) ~= "string" then fail("argument", "project_each", tostring(each)) end
  return on:select { level = each, under = at }
end

local function groups_of(on, c)
  local groups, order = {}, {}
  if c.only and not estimate.fitted[c.only] and (c.o.each or "line") == "line" and c.by_place[c.only] then
    return { [c.only] = c.o.at or "/" }, { c.only } -- no line is looked at one by one
  end
  for node in places_of(on, c):each() do
    local method = c.method_of(node) or "growth"
    if not groups[method] then
      groups[method] = {}
      order[#order + 1] = method
    end
    table.insert(groups[method], node)
  end
  return groups, order
end

local function snapshot(on, c, year)
  local out = {}
  for node, value, mark in on:lines(c.o.at or "/")[c.field][year]:each() do
    out[node.key] = mark == "-" and "-" or value
  end
  return out
end

local function amount(cell)
  return math.type(cell) and cell or 0
end

--- Rows of the places that are no lines, then of the changed lines.
local function report(on, c, t, year, before, places)
  for _, node in ipairs(places) do
    if not node.leaf and c.made[node.key] then
      local new = on:get(node, c.field, year)
      t:add(projection.describe(c, node.key, year, { key = node.key, name = node.name, year = year, new = new }))
    end
  end
  local after = snapshot(on, c, year)
  for node in on:lines(c.o.at or "/"):each() do
    local old, new = before[node.key], after[node.key]
    if old ~= new then
      t:add(projection.describe(c, node.key, year, {
        key = node.key, name = node.name, year = year, old = old, new = new, delta = amount(new) - amount(old),
      }))
    end
  end
end

local function needs(c, order)
  for _, method in ipairs(order) do
    if method == "growth" and c.verb == "project" and c.o.growth == nil then fail("argument", "missing_option", c.verb, "growth") end
  end
end

local function index_by_node(on, c)
  local parameter = pagu._require "pagu.parameter"
  local function is_index(x)
    if type(x) ~= "table" then return false end
    local year = next(x)
    return math.type(year) ~= nil
  end
  if type(c.o.index) == "table" and next(c.o.index) ~= nil then
    return parameter.by_key(on, c.o.index, is_index, function() fail("argument", "missing_option", c.verb, "index") end)
  end
  return function() end
end

--- Fill every year; the table of what changed. c.appliers: methods of the caller; c.before(on, year) and
-- c.after(on, year, make): what it does around the year's lines.
function M.run(on, c)
  local t = projection.money_table(on)
  local groups, order = groups_of(on, c)
  local places = {}
  needs(c, order)
  c.index_of = index_by_node(on, c)
  for _, method in ipairs(order) do
    for _, node in ipairs(estimate.fitted[method] and groups[method] or {}) do places[#places + 1] = node end
  end
  for _, year in ipairs(c.years) do
    local before = snapshot(on, c, year)
    if c.before then c.before(on, year) end
    for _, method in ipairs(order) do
      local apply = c.appliers and c.appliers[method] or appliers[method] or apply_fitted
      apply(on, c, groups[method], year, method)
    end
    if c.after then c.after(on, year, make) end
    report(on, c, t, year, before, places)
  end
  for _, node in ipairs(places) do
    local f = c.fits[node.key]
    if f and f.sd then return t:note(say("projection_interval", pagu.format(f.level + 0.0, nil, 0))) end
  end
  return t
end

return M
