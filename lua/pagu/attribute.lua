--- pagu.attribute: which edits made the difference between two views.
local _, pagu = ...
pagu = pagu or require "pagu"
local lang = pagu._require "pagu.lang"
local study = pagu._require "pagu.study"
local fail, say = lang.fail, lang.say
local ipairs, math, tostring, type = ipairs, math, tostring, type

local M = { module = {} }

lang.add_texts {
  attribute_views = {
    id = "attribute memerlukan dua rencana atau skenario, misalnya pagu.attribute(plan, s, { \"1.06\", \"budget\", 2024 })",
    en = "attribute takes two plans or scenarios, as in pagu.attribute(plan, s, { \"1.06\", \"budget\", 2024 })",
  },
  attribute_metric = {
    id = "attribute: yang dijelaskan adalah { kode, medan, tahun } atau fungsi yang mengembalikan angka",
    en = "attribute: what is explained is { key, field, year }, or a function that returns a number",
  },
  attribute_title = { id = "Penyebab selisih %s: dari %s menjadi %s", en = "What changed %s: from %s to %s" },
  attribute_label = {
    id = "groups: fungsinya harus mengembalikan teks untuk setiap langkah, bukan %s",
    en = "groups: the function must return a text for each step, not %s",
  },
  attribute_waterfall = { id = "Sumbangan tiap ubahan", en = "Part of each edit" },
  attribute_step = { id = "Ubahan", en = "Edit" },
  attribute_amount = { id = "Nilai", en = "Value" },
  attribute_metric_name = { id = "ukuran", en = "the metric" },
  attribute_rest = { id = "Ubahan lainnya", en = "Other edits" },
  attribute_method = {
    id = "Setiap bagian adalah nilai Shapley: rata-rata, atas semua urutan ubahan, dari perubahan yang terjadi ketika "
      .. "giliran ubahan itu tiba. Karena itu urutan pengerjaan tidak memengaruhi hasilnya, dan semua bagian berjumlah "
      .. "tepat sama dengan selisih.",
    en = "Each part is a Shapley value: the mean, over all orders of the edits, of what an edit changed when its turn "
      .. "came. So the order in which they were made doesn't matter, and the parts add up to the difference exactly.",
  },
}

local names = { "groups", "all", "missing", "exact", "samples", "seed" }

-- ---- what is explained ----

--- { key =, field =, year = } or { metric = } of the third argument.
local function subject(b, metric)
  if type(metric) == "function" then return { metric = metric } end
  if type(metric) ~= "table" or pagu.type(metric) then
    if type(metric) ~= "string" and pagu.type(metric) ~= "node" and pagu.type(metric) ~= "indicator" then
      fail("argument", "attribute_metric")
    end
    metric = { metric }
  end
  local place = metric[1] or metric.key or metric.at
  local key = type(place) == "string" and place
    or pagu.type(place) == "node" and place.key or pagu.type(place) == "indicator" and place.id
  if not key then fail("argument", "attribute_metric") end
  return { key = key, field = metric[2] or metric.field or "budget", year = metric[3] or metric.year or b.year }
end

local function labels(a, b, groups)
  local out = {}
  for i, step in ipairs(pagu._attribute_steps(a, b)) do
    step.number = i
    local label = groups(step)
    if type(label) ~= "string" then fail("argument", "attribute_label", pagu.type(label) or type(label)) end
    out[i] = label
  end
  return out
end

local function value_in(view, what)
  if what.metric then return what.metric(view:branch(view.name)) end
  local found = view:find(what.key) or pcall(view.indicator, view, what.key)
  if not found then return nil end
  return (view:get(what.key, what.field, what.year))
end

-- ---- the result ----

local methods = {}
local class = { __name = "pagu.Attribution", __index = methods, methods = methods }

local function printed(x)
  return math.type(x) and pagu.format(x) or tostring(x or "-")
end

function class.__tostring(r)
  return tostring(r.table)
end

--- The waterfall from the value before to the value after; at most `most` steps, the rest as one.
function methods.chart(r, most)
  most = most or 12
  local kind = r.is_whole and "money" or "number"
  local t = pagu.table {
    name = "attribution_steps", title = say "attribute_waterfall", decimals = r.table.decimals,
    { "what", say "attribute_step", "text" }, { "amount", say "attribute_amount", kind },
  }
  t:add({ say "before", r.from }, { style = "total" })
  local rest
  for i, row in ipairs(r.parts) do
    if i <= most then
      t:add { row.what, row.part }
    else
      rest = (rest or 0) + row.part
    end
  end
  if rest then t:add { say "attribute_rest", rest } end
  t:add({ say "after", r.to }, { style = "total" })
  return pagu.chart { kind = "waterfall", table = t, label = "what", value = "amount" }
end

--- Method, table and chart, for html, xlsx, md or json.
function methods.document(r, o)
  local doc = pagu.document { title = r.title, lang = o and o.lang }
  doc:heading(r.title):text(say "attribute_method"):add(r.table, { name = "attribution" })
  if r.from and r.to then doc:add(r:chart(), { name = "attribution_chart" }) end
  return doc
end

function M.module.attribute(a, b, metric, o)
  local kinds = { plan = true, view = true, scenario = true }
  if not kinds[pagu.type(a)] or not kinds[pagu.type(b)] then fail("argument", "attribute_views") end
  o = lang.options("attribute", o or {}, names)
  local call = subject(b, metric)
  for _, name in ipairs(names) do call[name] = o[name] end
  if type(o.groups) == "function" then
    call.groups, call.labels = nil, labels(a, b, o.groups)
  end
  local t = pagu._attribute(a, b, call)
  local r = study.result(class, { table = t, parts = {}, from = value_in(a, call), to = value_in(b, call) })
  r.from, r.to = r.from or o.missing, r.to or o.missing
  local rows = t:rows()
  r.difference = rows[#rows].part
  r.is_whole = math.type(r.difference) == "integer" and call.metric == nil and pagu._is_money(b, call.field)
  for i = 1, #rows - 1 do r.parts[i] = rows[i] end
  local name = call.key and ("%s %s %s"):format(call.key, call.field, call.year) or say "attribute_metric_name"
  r.title = say("attribute_title", name, printed(r.from), printed(r.to))
  return r
end

return M
