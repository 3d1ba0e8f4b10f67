--- pagu.propose: targets that would follow a cut, and where money for a target could come from.
local _, pagu = ...
pagu = pagu or require "pagu"
local lang = pagu._require "pagu.lang"
local costs = pagu._require "pagu.cost"
local say = lang.say
local ipairs, math, pcall, table, type = ipairs, math, pcall, table, type

local M = {}

lang.add_texts {
  propose_why = { id = "Sebab", en = "Why" },
  propose_text = { id = "target berupa teks", en = "the target is text" },
  propose_missing = { id = "belum ada target", en = "there is no target" },
  propose_zero = { id = "target 0 atau kurang", en = "the target is 0 or less" },
  propose_percent = { id = "persentase tidak ikut uang; nilai sendiri", en = "a percentage does not follow money; judge it yourself" },
  propose_second = { id = "bukan indikator utama; nilai sendiri", en = "not the main indicator; judge it yourself" },
  propose_above = { id = "mengikuti target di bawahnya", en = "it follows from the targets below" },
  propose_no_budget = { id = "belum punya pagu", en = "it has no budget" },
  propose_same = { id = "potongan tidak sampai satu satuan target", en = "the cut is less than a unit of the target" },
  propose_rounded = { id = "Target bulat dibulatkan ke bawah", en = "Whole targets are rounded down" },
  propose_unflagged = {
    id = "Pagu turun tetapi target belum berubah: targets = \"propose\" mengusulkan target yang mengikuti",
    en = "The budget is cut but no target has changed: targets = \"propose\" tells which would follow",
  },
  propose_available = { id = "Tersedia", en = "Available" },
  propose_spent = { id = "Realisasi", en = "Spent" },
  propose_lost = { id = "Target hilang", en = "Target lost" },
  propose_enough = { id = "Cukup", en = "Enough" },
  propose_yes = { id = "ya", en = "yes" },
  propose_no = { id = "tidak", en = "no" },
  propose_cost = { id = "Biaya tambahan: %s", en = "Additional cost: %s" },
  propose_gain = { id = "Uang yang lepas: %s", en = "Money set free: %s" },
  propose_short = {
    id = "Tidak satu pun rincian dapat membayar semuanya sendiri; gabungkan beberapa: from = { [kode] = bagian, … }",
    en = "No line can pay for all of it alone; combine some: from = { [key] = share, … }",
  },
}

local function is_percent(unit)
  unit = (unit or ""):lower()
  return unit == "%" or unit == "persen" or unit == "percent"
end

--- A whole target stays whole, rounded down.
function M.rounded(old, value)
  if math.tointeger(old) then return math.floor(value + 1e-9) end
  return value
end

--- Money of every node at or below a place, by key.
function M.snapshot(s, place, field, year)
  local out = {}
  for node in s:select { under = place }:each() do
    out[node.key] = s:get(node, field, year)
  end
  return out
end

-- Nodes at or below the place whose money changed, with it before and after; in tree order.
local function changed_nodes(before, after, place, field, year)
  local list = {}
  for node in after:select { under = place }:each() do
    local old, new = before[node.key], after:get(node, field, year)
    if old ~= new then list[#list + 1] = { node = node, old = old, new = new } end
  end
  return list
end

-- A node above lines with targets of their own.
local function has_targets_below(s, node)
  if node.leaf then return false end
  for child in s:select { under = node.key }:each() do
    if child.key ~= node.key and child:indicators()[1] then return true end
  end
  return false
end

-- The target that follows, or nil and why it is left alone.
local function follow(s, choose, item, indicator, main, year)
  local value, unit, text = s:get(indicator.id, "target", year)
  if type(value) == "string" then return nil, say "propose_text", value, unit end
  if value == nil then return nil, say(text and "propose_text" or "propose_missing"), text, unit end
  if not main then return nil, say "propose_second", value, unit end
  if value <= 0 then return nil, say "propose_zero", value, unit end
  if is_percent(indicator.unit) or is_percent(unit) then return nil, say "propose_percent", value, unit end
  if not item.old or item.old <= 0 or not item.new then return nil, say "propose_no_budget", value, unit end
  if has_targets_below(s, item.node) then return nil, say "propose_above", value, unit end
  local proposed, why = choose(item.node).target(item.node, value, item.old, item.new)
  if not proposed then return nil, why, value, unit end
  proposed = M.rounded(value, proposed)
  if proposed == value then return nil, say "propose_same", value, unit end
  return proposed, nil, value, unit
end

local function cell(value, unit)
  return math.type(value) and { value = value, unit = unit } or value
end

--- What the money was (a snapshot) and is now, to two tables: targets that follow the money by their cost, and those left alone with the reason.
function M.targets(before, after, place, field, year, cost)
  local choose = costs.chooser(after, cost, "unit_cost")
  local columns = { { "key", say "key", "text" }, { "indicator", say "indicator", "text" }, { "target", say "target", "measure" } }
  local proposals = pagu.table { columns[1], columns[2], columns[3], { "proposed", say "proposed", "measure" } }
  local left = pagu.table { columns[1], columns[2], columns[3], { "why", say "propose_why", "text" } }
  local rounded = false
  for _, item in ipairs(changed_nodes(before, after, place, field, year)) do
    for i, indicator in ipairs(item.node:indicators()) do
      local proposed, why, value, unit = follow(after, choose, item, indicator, i == 1, year)
      if proposed then
        proposals:add { item.node.key, indicator.name, cell(value, unit), cell(proposed, unit) }
        rounded = rounded or math.type(proposed) == "integer"
      else
        left:add { item.node.key, indicator.name, cell(value, unit), why }
      end
    end
  end
  if rounded then proposals:note(say "propose_rounded") end
  return proposals, left
end

--- Note on a table of cut lines that some target below them still stands.
function M.flag(s, done, year)
  for row in done:each() do
    local node = s:find(row.key) -- none: an own line that a dry run would make
    local indicator = node and node:indicators()[1]
    local value = indicator and s:get(indicator.id, "target", year)
    if math.type(value) and value > 0 and (row.delta or 0) < 0 then
      done:note(say "propose_unflagged")
      return
    end
  end
end

-- ---- who could pay ----

local function spent_of(s, key, year)
  local ok, spent = pcall(s.get, s, key, "spent", year)
  return ok and math.type(spent) and spent or 0
end

local SHOWN = 20

-- Lines with money that is neither spent nor held, most first; ties by code.
local function slack_lines(s, node, year)
  local list = {}
  for line, budget in s:lines().budget[year]:each() do
    local inside = line.key == node.key or line:is_below(node.key)
    local free = budget and budget - spent_of(s, line.key, year)
    if not inside and free and free > 0 and not s:is_held(line, "budget", year) then
      list[#list + 1] = { line = line, budget = budget, free = free, order = #list }
    end
  end
  table.sort(list, function(a, b)
    if a.free ~= b.free then return a.free > b.free end
    return a.order < b.order
  end)
  return list
end

-- What giving the money costs the line in units of its own target.
local function lost(s, line, amount, budget, year)
  local indicator = line:indicators()[1]
  local value, unit = nil, nil
  if indicator then value, unit = s:get(indicator.id, "target", year) end
  if not math.type(value) or value <= 0 then return nil end
  return { value = value * 1.0 * amount / budget, unit = unit }
end

--- Candidates to pay `amount` for a node: what they could give, and what that would cost them. A
--- transfer of it is tried and taken back, so that a rule that refuses is told.
function M.sources(s, node, amount, year)
  local t = pagu.table {
    decimals = s.decimals, { "key", say "key", "text" }, { "name", say "name", "text" }, { "budget", say "budget", "money" },
    { "spent", say "propose_spent", "money" }, { "available", say "propose_available", "money" },
    { "enough", say "propose_enough", "text" }, { "target_lost", say "propose_lost", "measure" }, { "why", say "propose_why", "text" },
  }
  local any = false
  for i, item in ipairs(slack_lines(s, node, year)) do
    if i > SHOWN then break end
    local give = math.min(item.free, amount)
    local ok, err = pcall(s.transfer, s, { from = item.line, to = node.key, amount = give, year = year, dry = true })
    local enough = ok and item.free >= amount
    any = any or enough
    t:add {
      item.line.key, item.line.name, item.budget, item.budget - item.free, item.free, say(enough and "propose_yes" or "propose_no"),
      lost(s, item.line, give, item.budget, year), not ok and err.message or nil,
    }
  end
  t:note(say("propose_cost", pagu.format(amount)))
  if not any then t:note(say "propose_short") end
  return t
end

return M
