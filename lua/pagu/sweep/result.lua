--- pagu.sweep.result: tables, charts and the document of a sweep, made from the lines of its store.
local _, pagu = ...
pagu = pagu or require "pagu"
local lang = pagu._require "pagu.lang"
local params = pagu._require "pagu.params"
local picture = pagu._require "pagu.sweep.picture"
local record = pagu._require "pagu.sweep.record"
local say = lang.say
local cell, titled = picture.cell, picture.titled

local M = {}
local methods = {}

-- Header, records, columns and lines of a sweep: in its metatable, not among its fields.
local function data(self)
  return getmetatable(self).data
end

lang.add_texts {
  sweep_member = { id = "No", en = "No" },
  sweep_error = { id = "Galat", en = "Error" },
  sweep_fixed = { id = "Tetap: %s.", en = "Fixed: %s." },
  sweep_counted = { id = "%s anggota, %s gagal.", en = "%s members, %s failed." },
  sweep_all_fine = { id = "%s anggota.", en = "%s members." },
  sweep_summary = { id = "Ringkasan", en = "Summary" },
  sweep_least = { id = "Terendah", en = "Least" },
  sweep_most = { id = "Tertinggi", en = "Most" },
  sweep_at = { id = "Pada", en = "At" },
  sweep_middle = { id = "Tengah (median)", en = "Median" },
  sweep_members = { id = "Semua anggota", en = "All members" },
  sweep_failures = { id = "Yang gagal", en = "What failed" },
  sweep_how_many = { id = "Banyaknya", en = "Count" },
  sweep_first = { id = "Anggota pertama", en = "First member" },
  sweep_no_metric = { id = "penyapuan ini tidak punya ukuran \"%s\"; yang ada: %s", en = "this sweep has no metric \"%s\"; there are %s" },
  sweep_no_chart = {
    id = "grafik memerlukan penyapuan atas satu atau dua parameter",
    en = "a chart needs a sweep over one or two parameters",
  },
}

-- ---- columns ----

--- Declared metrics in their order, then those that only members have, by name.
local function metrics_of(header, records)
  local out, seen, more = {}, {}, {}
  for _, m in ipairs(header.metrics) do
    if not seen[m.name] then out[#out + 1], seen[m.name] = m, true end
  end
  for _, r in ipairs(records) do
    for name in pairs(r.metrics or {}) do
      if not seen[name] then more[#more + 1], seen[name] = name, true end
    end
  end
  table.sort(more)
  for _, name in ipairs(more) do out[#out + 1] = { name = name } end
  return out
end

-- "percent" where every value is a number of percent, so that they have the same decimals; else by what
-- the rows hold.
local function type_of(records, d)
  if d.unit ~= "%" then return nil end
  for _, r in ipairs(records) do
    local value = r.metrics and r.metrics[d.name]
    if value ~= nil and not math.type(value) then return nil end
  end
  return "percent"
end

local function has_fractions(records, field, name)
  for _, r in ipairs(records) do
    if r[field] and math.type(r[field][name]) == "float" then return true end
  end
  return false
end

--- Every column: where its value is, name, title; names are unique in the table.
local function columns_of(header, records)
  local out, used = {}, { member = true, error = true }
  local function add(field, list)
    for _, d in ipairs(list) do
      local name = d.name
      while used[name] do name = name .. "_" end
      used[name] = true
      out[#out + 1] = { field = field, key = d.name, name = name, title = titled(d), def = d,
        fractions = has_fractions(records, field, d.name), type = field == "metrics" and type_of(records, d) or nil }
    end
  end
  add("params", header.params)
  add("metrics", metrics_of(header, records))
  return out
end

-- ---- tables ----

local function stamp(t, header)
  for _, pair in ipairs(header.stamps) do t:stamp(pair[1], pair[2]) end
  if header.shard then t:stamp("shard", header.shard) end
  return t
end

local function count_failed(records)
  local n = 0
  for _, r in ipairs(records) do n = n + (r.error and 1 or 0) end
  return n
end

local function notes(t, self)
  local h = self.header
  if h.question then t:note(h.question) end
  if h.fixed_text and h.fixed_text ~= "" then t:note(say("sweep_fixed", h.fixed_text)) end
  t:note(self.failed > 0 and say("sweep_counted", pagu.format(self.count), pagu.format(self.failed))
    or say("sweep_all_fine", pagu.format(self.count)))
end

local function main_table(self)
  local spec = { name = "sweep", title = self.title, decimals = self.header.decimals, { "member", say "sweep_member", "integer" } }
  for _, c in ipairs(self.columns) do spec[#spec + 1] = { c.name, c.title, c.type } end
  if self.failed > 0 then spec[#spec + 1] = { "error", say "sweep_error", "text" } end
  local t = pagu.table(spec)
  for _, r in ipairs(self.records) do
    local row = { member = r.member, error = r.error }
    for _, c in ipairs(self.columns) do
      row[c.name] = r[c.field] and cell(r[c.field][c.key], c.fractions)
    end
    t:add(row)
  end
  return t
end

local function described(self, r)
  return params.describe(self.header.params, r.params)
end

--- Least, median and most of a metric's numbers; nil when it has none.
local function extremes(self, c)
  local list = {}
  for _, r in ipairs(self.records) do
    local value = r.metrics and r.metrics[c.key]
    if math.type(value) then list[#list + 1] = r end
  end
  table.sort(list, function(a, b)
    local x, y = a.metrics[c.key], b.metrics[c.key]
    if x ~= y then return x < y end
    return a.member < b.member
  end)
  if #list == 0 then return nil end
  local most = #list
  while most > 1 and list[most - 1].metrics[c.key] == list[#list].metrics[c.key] do most = most - 1 end
  return list[1], list[(#list + 1) // 2], list[most]
end

--- One row a metric: its least, median (the lower of two) and most value, and where those were.
local function summary_table(self)
  local t = pagu.table {
    name = "sweep_summary", title = say "sweep_summary", decimals = self.header.decimals,
    { "metric", say "metric", "text" }, { "least", say "sweep_least", "measure" }, { "least_at", say "sweep_at", "text" },
    { "median", say "sweep_middle", "measure" }, { "most", say "sweep_most", "measure" }, { "most_at", say "sweep_at" .. " ", "text" },
  }
  for _, c in ipairs(self.columns) do
    if c.field == "metrics" then
      local least, middle, most = extremes(self, c)
      if least then
        local function value(r) return cell(r.metrics[c.key], true) end
        t:add { c.title, value(least), described(self, least), value(middle), value(most), described(self, most) }
      end
    end
  end
  return t
end

local function failures_table(self)
  local t = pagu.table {
    name = "sweep_failures", title = say "sweep_failures",
    { "error", say "sweep_error", "text" }, { "count", say "sweep_how_many", "integer" },
    { "first", say "sweep_first", "integer" }, { "at", say "sweep_at", "text" },
  }
  local by, order = {}, {}
  for _, r in ipairs(self.records) do
    local entry = r.error and by[r.error]
    if r.error and not entry then
      entry = { n = 0, first = r }
      by[r.error], order[#order + 1] = entry, r.error
    end
    if entry then entry.n = entry.n + 1 end
  end
  for _, message in ipairs(order) do
    local entry = by[message]
    t:add { message, entry.n, entry.first.member, described(self, entry.first) }
  end
  return t
end

-- ---- the object ----

local function find_metric(self, name)
  local names = {}
  for _, c in ipairs(self.columns) do
    if c.field == "metrics" then
      if c.key == name or name == nil then return c end
      names[#names + 1] = c.key
    end
  end
  lang.fail("argument", "sweep_no_metric", tostring(name), table.concat(names, ", "))
end

--- The chart of a metric (the first when none is named); an error where the design has none.
function methods:chart(metric)
  local _, chart = picture.of(data(self), find_metric(data(self), metric))
  return chart or lang.fail("argument", "sweep_no_chart")
end

--- Title, question, summary, a picture of each metric, all members, what failed.
function methods:document()
  local d = data(self)
  local h = d.header
  local doc = pagu.document { title = self.title }
  if h.question then doc:text(h.question) end
  if h.fixed_text and h.fixed_text ~= "" then doc:text(say("sweep_fixed", h.fixed_text)) end
  doc:text(self.failed > 0 and say("sweep_counted", pagu.format(self.count), pagu.format(self.failed))
    or say("sweep_all_fine", pagu.format(self.count)))
  if #self.summary > 0 then doc:add(self.summary) end
  for _, c in ipairs(d.columns) do
    local t, chart
    if c.field == "metrics" then t, chart = picture.of(d, c) end
    if chart then doc:add(chart, { name = "chart_" .. c.name }) end
    if t and picture.grids(h) == 2 then doc:add(t) end
  end
  if self.failed > 0 then doc:add(self.failures) end
  doc:heading(say "sweep_members", 2)
  doc:add(main_table(d))
  return stamp(doc, h)
end

--- The lines that the result was made of.
function methods:jsonl()
  return table.concat(data(self).lines, "\n") .. "\n"
end

--- Bytes in a format; documents where a picture helps, tables elsewhere.
function methods:render(format, options)
  if format == "jsonl" then return self:jsonl() end
  local as_document = format == "html" or format == "htm" or format == "xlsx"
  return pagu.render(as_document and self:document() or self.table, format, options or {})
end

local function to_string(self)
  return tostring(self.table)
end

local function object(d)
  local t, failures = main_table(d), failures_table(d)
  notes(t, d)
  stamp(t, d.header)
  return setmetatable({ title = d.title, count = d.count, failed = d.failed, table = t, summary = summary_table(d), failures = failures },
    { __name = "pagu.sweep", __index = methods, methods = methods, __tostring = to_string, data = d })
end

--- The result of a store's lines: the header's, and a member's each, sorted by member.
function M.of_lines(header_line, lines, name)
  local header, problem = record.read_header(header_line, name)
  if not header then return nil, problem end
  local d = { header = header, records = {}, lines = { header_line }, title = header.title or header.name }
  for i, line in ipairs(lines) do
    local r, fault = record.read_line(line, name, i + 1, header.members)
    if not r then return nil, fault end
    d.records[i], d.lines[i + 1] = r, line
  end
  d.count, d.failed = #d.records, count_failed(d.records)
  d.columns = columns_of(header, d.records)
  return object(d)
end

return M
