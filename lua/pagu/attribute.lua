--- pagu.attribute: which edits made the difference between two views. Exact for sums of money, Shapley
-- values for everything else; what that means is in pagu/attribute.h.
local _, pagu = ...
pagu = pagu or require "pagu"
local lang = pagu._require "pagu.lang"
local study = pagu._require "pagu.study"
local fail, options, say = lang.fail, lang.options, lang.say

local M = { module = {} }
local names = { "key", "field", "year", "period", "metric", "title", "unit", "by", "most", "samples", "seed" }

lang.add_texts {
  attribute_views = {
    id = "attribute memerlukan dua rencana atau skenario: pagu.attribute(semula, menjadi, { … })",
    en = "attribute takes two plans or scenarios: pagu.attribute(before, after, { … })",
  },
  attribute_by = {
    id = "attribute: by adalah \"step\", \"entry\", \"verb\", \"reason\", \"source\" atau function(entri) … end",
    en = "attribute: by is \"step\", \"entry\", \"verb\", \"reason\", \"source\" or function(entry) … end",
  },
  attribute_group = { id = "attribute: by(entri) harus memberi teks, bukan %s", en = "attribute: by(entry) must give a text, not %s" },
  attribute_both = { id = "attribute: beri key dan field, atau metric, tidak keduanya", en = "attribute: give key and field, or metric, not both" },
  attribute_number = { id = "attribute: %s tidak berupa angka %s", en = "attribute: %s is no number %s" },
  attribute_most = { id = "attribute: most antara 1 dan 16, samples dan seed bilangan bulat", en = "attribute: most is from 1 to 16, samples and seed are whole numbers" },
  attribute_metric = { id = "ukuran", en = "the metric" },
  attribute_all = { id = "seluruh rencana", en = "the whole plan" },
  attribute_before = { id = "semula", en = "before" },
  attribute_after = { id = "sesudah", en = "after" },
  attribute_without = { id = "tanpa sebagian suntingan", en = "without some of the edits" },
  attribute_title = { id = "Dari mana selisih %s", en = "Where the difference of %s comes from" },
  attribute_edit = { id = "Suntingan", en = "Edit" },
  attribute_verb = { id = "Perintah", en = "Verb" },
  attribute_source = { id = "Asal", en = "Source" },
  attribute_part = { id = "Bagian", en = "Part" },
  attribute_share = { id = "% selisih", en = "% of the difference" },
  attribute_from = { id = "Semula", en = "Before" },
  attribute_to = { id = "Menjadi", en = "After" },
  attribute_out = { id = "dicabut: %s", en = "taken back: %s" },
  attribute_structure = { id = "baris yang ditambah dan dihapus", en = "rows added and removed" },
  attribute_sum = {
    id = "Jumlah uang: bagian tiap suntingan tepat dan tidak bergantung pada urutan.",
    en = "A sum of money: each edit's part is exact and hangs on no order.",
  },
  attribute_shapley = {
    id = "Nilai Shapley dari %d kelompok: rata-rata dari semua urutan.",
    en = "Shapley values of %d groups: the mean over all orders.",
  },
  attribute_sampled = {
    id = "Nilai Shapley dari %d kelompok, ditaksir dari %d urutan acak (seed %d); galat baku terbesar %s.",
    en = "Shapley values of %d groups, estimated from %d random orders (seed %d); the largest standard error is %s.",
  },
  attribute_first = {
    id = "Baris yang ditambah dan dihapus tidak dapat dikeluarkan dari urutan: bagiannya dihitung lebih dahulu.",
    en = "Rows added and removed can't be taken out of the order: their part is counted first.",
  },
}

-- ---- groups of entries ----

local function source_of(entry)
  return entry.file and entry.file .. (entry.line > 0 and ":" .. entry.line or "") or nil
end

local function what_of(entry)
  local what = entry.reason or entry.verb or "?"
  return entry.goes_out and say("attribute_out", what) or what
end

local keys_by = {
  step = function(entry) return "step " .. entry.step end,
  entry = function(entry) return (entry.goes_out and "- " or "") .. entry.entry end,
  verb = function(entry) return entry.verb or "?" end,
  reason = function(entry) return entry.reason or entry.verb or "?" end,
  source = function(entry) return source_of(entry) or entry.verb or "?" end,
}
local own_label = { step = true, entry = true } -- others are called what they have in common

local function key_function(by)
  if type(by) == "function" then
    return function(entry)
      local key = by(entry)
      return type(key) == "string" and key or fail("argument", "attribute_group", type(key))
    end
  end
  return keys_by[by] or fail("argument", "attribute_by")
end

--- Groups in the order of their first entries, and the group of each entry.
local function groups_of(entries, by)
  local key_of, groups, of, known = key_function(by), {}, {}, {}
  for i, entry in ipairs(entries) do
    local key = key_of(entry)
    if entry.goes_out then key = "\0" .. key end -- what comes in is another group than what goes out
    local g = known[key]
    if not g then
      g = #groups + 1
      local what = own_label[by] and what_of(entry) or entry.goes_out and say("attribute_out", key:sub(2)) or key
      groups[g], known[key] = { what = what, entries = {} }, g
    end
    of[i] = g
    table.insert(groups[g].entries, entry)
  end
  for _, group in ipairs(groups) do
    local first = group.entries[1]
    group.verb, group.source = first.verb, source_of(first)
    for _, entry in ipairs(group.entries) do
      if entry.verb ~= group.verb then group.verb = nil end
      if source_of(entry) ~= group.source then group.source = nil end
    end
  end
  return groups, of
end

-- ---- what is measured ----

local function place_of(key)
  key = type(key) == "string" and key or key.key
  return key == "/" and say "attribute_all" or key
end

local function metric_of(o, b)
  if o.metric then
    if o.key or o.field then fail("argument", "attribute_both") end
    return { read = o.metric, name = o.title or say "attribute_metric", unit = o.unit }
  end
  local key, field, year = o.key or "/", o.field or "budget", o.year or o.period or b.year
  local money = pagu._is_money(b, field)
  return {
    key = key, field = field, year = year, money = money, unit = o.unit,
    name = o.title or ("%s %s %s"):format(place_of(key), field, year),
    read = function(view)
      local value, unit = view:get(key, field, year)
      return value, unit
    end,
  }
end

--- A value that parts can be made of; where says of which state it is.
local function number_of(metric, view, where)
  local ok, value, unit = true, metric.read(view)
  if value == nil and metric.money then return 0 end
  ok = math.type(value) and value - value == 0
  if not ok then fail("argument", "attribute_number", metric.name, say("attribute_" .. where)) end
  metric.unit = metric.unit or unit ~= "-" and unit or nil
  return value
end

-- ---- Shapley ----

--- What the metric gives with these of the free groups.
local function evaluator(handle, trial, free, n, metric)
  return function(is_in)
    local present = {}
    for g = 1, n do present[g] = true end
    for i, g in ipairs(free) do present[g] = is_in(i) end
    pagu._attribution_switch(handle, trial, present)
    return number_of(metric, trial, "without")
  end
end

local function exact_parts(free, from, to, value)
  local n, values = #free, {}
  for set = 0, (1 << n) - 1 do
    local all = set == (1 << n) - 1
    values[set + 1] = set == 0 and from or all and to or value(function(i) return set >> (i - 1) & 1 == 1 end)
  end
  return pagu._shapley(values, n)
end

--- Means of what each adds in random orders, and the largest standard error.
local function sampled_parts(free, from, to, value, o)
  local n, sums, squares = #free, {}, {}
  for i = 1, n do sums[i], squares[i] = 0, 0.0 end
  for draw = 1, o.samples do
    local place, before = {}, from
    local order = pagu._shapley_order(o.seed, draw, n)
    for p, i in ipairs(order) do place[i] = p end
    for p, i in ipairs(order) do
      local after = p == n and to or value(function(k) return place[k] <= p end)
      local added = math.type(after) == "integer" and math.type(before) == "integer" and lang.subtract("attribute", after, before)
        or after - before
      sums[i] = math.type(added) == "integer" and math.type(sums[i]) == "integer" and lang.add("attribute", sums[i], added) or sums[i] + added
      squares[i], before = squares[i] + (added + 0.0) ^ 2, after
    end
  end
  local error = 0
  for i = 1, n do
    local mean = sums[i] / o.samples
    error = math.max(error, math.sqrt(math.max(0, squares[i] / o.samples - mean * mean) / o.samples))
  end
  return sums, error
end

--- Means that add up: whole ones by largest remainder, others with what is left on the largest.
local function means_of(sums, samples, whole)
  local parts, order, left, exact = {}, {}, whole, math.type(whole) == "integer"
  for i, sum in ipairs(sums) do exact = exact and math.type(sum) == "integer" end
  for i, sum in ipairs(sums) do
    parts[i] = exact and sum // samples or sum / samples
    left, order[i] = left - parts[i], i
  end
  if exact then
    table.sort(order, function(x, y)
      local a, b = sums[x] % samples, sums[y] % samples
      if a ~= b then return a > b end
      return x < y
    end)
    for k = 1, left do parts[order[k]] = parts[order[k]] + 1 end
    return parts
  end
  local largest = 1
  for i = 2, #parts do
    if math.abs(parts[i]) > math.abs(parts[largest]) then largest = i end
  end
  if parts[1] then parts[largest] = parts[largest] + left end
  return parts
end

--- Groups that can be taken out; the others are one, counted first.
local function free_groups(handle, groups)
  local free, locked = {}, {}
  for g in ipairs(groups) do
    table.insert(pagu._attribution_locked(handle, g) and locked or free, g)
  end
  return free, locked
end

local function by_shapley(handle, groups, metric, r, b, o)
  local free, locked = free_groups(handle, groups)
  local trial <close> = b:branch ""
  local value = evaluator(handle, trial, free, #groups, metric)
  local from, to = r.from, r.to
  if #locked > 0 and #free > 0 then from = value(function() return false end) end
  if #locked > 0 and #free == 0 then from = to end
  local parts
  if #free <= o.most then
    parts, r.method = exact_parts(free, from, to, value), "shapley"
  else
    local sums
    sums, r.error = sampled_parts(free, from, to, value, o)
    parts, r.method, r.samples, r.seed = means_of(sums, o.samples, to - from), "sampled", o.samples, o.seed
  end
  r.groups = {}
  if #locked > 0 then
    local one = #locked == 1 and groups[locked[1]] or { what = say "attribute_structure" }
    one.part, r.structure = from - r.from, true
    r.groups[1] = one
  end
  for i, g in ipairs(free) do
    groups[g].part = parts[i]
    table.insert(r.groups, groups[g])
  end
end

-- ---- what comes of it ----

local Attribution = {}

local function notes_of(r)
  local out = {}
  if r.method == "sum" then
    out[1] = say "attribute_sum"
  elseif r.method == "shapley" then
    out[1] = say("attribute_shapley", #r.groups)
  else
    out[1] = say("attribute_sampled", #r.groups, r.samples, r.seed, pagu.format(r.error))
  end
  if r.structure then out[#out + 1] = say "attribute_first" end
  return out
end

--- The parts from the value before to the value after, as a table.
function Attribution:table()
  local value = { "part", say "attribute_part", self.money and "money" or "number" }
  if self.unit and not self.money then value[2] = value[2] .. " (" .. self.unit .. ")" end
  local t = pagu.table{
    name = "attribution", title = say("attribute_title", self.name), decimals = self.decimals,
    { "edit", say "attribute_edit", "text" }, { "verb", say "attribute_verb", "text" }, { "source", say "attribute_source", "text" },
    value, { "share", say "attribute_share", "percent" },
  }
  t:add({ edit = say "attribute_from", part = self.from }, { style = "total" })
  for _, group in ipairs(self.groups) do
    local share = self.whole ~= 0 and group.part / self.whole * 100 or nil
    t:add{ edit = group.what, verb = group.verb, source = group.source, part = group.part, share = share }
  end
  t:add({ edit = say "attribute_to", part = self.to }, { style = "total" })
  for _, note in ipairs(notes_of(self)) do t:note(note) end
  return t
end

--- A waterfall from before to after.
function Attribution:chart()
  return pagu.chart{ kind = "waterfall", table = self:table(), label = "edit", value = "part", unit = self.unit, title = say("attribute_title", self.name) }
end

function Attribution:document()
  return pagu.document{ title = say("attribute_title", self.name) }:add(self:table(), { name = "attribution" }):add(self:chart(), { name = "waterfall" })
end

local class = {
  __name = "pagu.Attribution", __index = Attribution,
  __tostring = function(r) return tostring(r:table()) end,
}

local function is_view(x)
  local kind = pagu.type(x)
  return kind == "plan" or kind == "view" or kind == "scenario"
end

local function checked(o)
  o = options("attribute", o or {}, names)
  local out = { most = 12, samples = 1000, seed = 1, by = "step" }
  for name, value in pairs(o) do out[name] = value end
  local most, samples, seed = math.tointeger(out.most), math.tointeger(out.samples), math.tointeger(out.seed)
  if not (most and samples and seed and most >= 1 and most <= 16 and samples >= 2 and samples <= 1000000) then fail("argument", "attribute_most") end
  out.most, out.samples, out.seed = most, samples, seed
  return out
end

function M.module.attribute(a, b, o)
  if not (is_view(a) and is_view(b)) then fail("argument", "attribute_views") end
  o = checked(o)
  local handle, entries = pagu._attribution(a, b)
  local groups, of = groups_of(entries, o.by)
  pagu._attribution_group(handle, of, #groups)
  local metric = metric_of(o, b)
  local r = { name = metric.name, decimals = b.decimals, money = metric.money or false }
  r.from, r.to = number_of(metric, a, "before"), number_of(metric, b, "after")
  if metric.money then
    r.method, r.groups = "sum", groups
    for g, part in ipairs(pagu._attribution_money(handle, type(metric.key) == "string" and metric.key or metric.key.key, metric.field, metric.year)) do
      groups[g].part = part
    end
    r.whole = lang.subtract("attribute", r.to, r.from)
  else
    r.whole = r.to - r.from
    by_shapley(handle, groups, metric, r, b, o)
  end
  r.unit = metric.unit or metric.money and b.meta.currency == "IDR" and "Rp" or nil
  return study.result(class, r)
end

return M
