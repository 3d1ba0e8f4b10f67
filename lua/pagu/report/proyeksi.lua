--- proyeksi: the projection of a scenario or a plan: history, year n and the years after it, growth
-- by program, the methods, errors and reasons that its journal records, and what has no projection yet.
-- opts.simulation = s:simulate{…} of the same scenario draws its quantiles and tells the probabilities.
-- opts.level = "sub_kegiatan" goes further down than programs.
local _, pagu = ...
pagu = pagu or require "pagu"
local layout = pagu._require "pagu.report.layout"
local context = pagu._require "pagu.report.context"
local decisions = pagu._require "pagu.report.decisions"
local phrases = pagu._require "pagu.report.phrases"
local errors = pagu._require "pagu.report.errors"
local fan = pagu._require "pagu.report.fan"

local title = {
  id = "Laporan Proyeksi dari Tahun {n}\n{organisation}, {government}",
  en = "Projection from {n}\n{organisation}, {government}",
}

--- Years whose whole has money: up to n, and after it; the year after n always.
local function years_of(ctx)
  local before, after = {}, {}
  for year = ctx.view.first_year, ctx.view.last_year do
    local amount = ctx.total("budget", year)
    if year <= ctx.year then
      if amount or year == ctx.year then before[#before + 1] = year end
    elseif amount or year == ctx.year + 1 then
      after[#after + 1] = year
    end
  end
  return before, after
end

--- Growth a year between two of them, percent.
local function growth_column(name, from, to)
  local steps = to.year - from.year
  return { name, "percent", { id = "Pertumbuhan|% per tahun s/d {n+" .. to.year .. "}", en = "Growth|% a year to {n+" .. to.year .. "}" },
    cell = function(ctx, _, row)
      local node = row.nodes.main
      if not node then return nil end -- several places have no growth of their own
      local a, b = ctx.read(ctx.view, node, "budget", ctx.year), ctx.read(ctx.view, node, "budget", ctx.year + steps)
      if not a or not b or a <= 0 or b < 0 then return nil end
      return 100 * ((b / a) ^ (1 / steps) - 1)
    end }
end

local function money_columns(ctx)
  local before, after = years_of(ctx)
  local columns = {
    { "code", "text", { id = "Kode", en = "Code" }, cell = "code" },
    { "name", "text", { id = "{levels}", en = "{levels}" }, cell = "name" },
  }
  local function add(list, group)
    for _, year in ipairs(list) do
      columns[#columns + 1] = { ("budget_%d"):format(year), "money", layout.words.under(group, year),
        cell = "money", year = year - ctx.year }
    end
  end
  add(before, { id = "Pagu", en = "Budget" })
  add(after, { id = "Proyeksi", en = "Projection" })
  for i, year in ipairs(after) do
    if i == 1 or i == #after then
      columns[#columns + 1] = growth_column("growth_" .. year, { year = 0 }, { year = year - ctx.year })
    end
  end
  return columns
end

local money = {
  name = "proyeksi", title = { id = "Pagu menurut {levels}", en = "Budget by {levels}" }, from = "program", to = "program",
  columns = money_columns,
  total = { id = "JUMLAH", en = "TOTAL" },
}

local function target_columns(ctx)
  local _, after = years_of(ctx)
  local columns = {
    { "code", "text", { id = "Kode", en = "Code" }, cell = "code" },
    { "indicator", "text", { id = "Indikator Kinerja", en = "Indicator" }, cell = "indicator" },
    { ("target_%d"):format(ctx.year), "measure", { id = "Target|{n}", en = "Target|{n}" }, cell = "measure" },
  }
  for _, year in ipairs(after) do
    columns[#columns + 1] = { ("target_%d"):format(year), "measure", { id = "Target|" .. year, en = "Target|" .. year },
      cell = "measure", year = year - ctx.year }
  end
  return columns
end

local targets = {
  name = "proyeksi_target", from = "program", to = "program", total_in = "indicator",
  title = { id = "Target Kinerja yang Diproyeksikan", en = "Projected Targets" },
  keep = function(row) return #row.indicators > 0 end,
  columns = target_columns,
}

-- ---- methods ----

local function methods_table(ctx, steps)
  local t = pagu.table{
    name = "proyeksi_cara",
    { "step", ctx.text{ id = "Langkah", en = "Step" }, "integer" },
    { "verb", ctx.text{ id = "Tindakan", en = "Verb" }, "text" },
    { "at", ctx.text{ id = "Tempat", en = "Place" }, "text" },
    { "field", ctx.text{ id = "Kolom", en = "Field" }, "text" },
    { "method", ctx.text{ id = "Cara", en = "Method" }, "text" },
    { "growth", ctx.text{ id = "Pertumbuhan", en = "Growth" }, "text" },
    { "unit", ctx.text{ id = "Pembulatan", en = "Rounded to" }, "money" },
    { "reason", ctx.text{ id = "Alasan", en = "Reason" }, "text" },
    { "source", ctx.text{ id = "Sumber", en = "Source" }, "text" },
  }
  local verbs = { project = { id = "proyeksi", en = "project" }, forward = { id = "prakiraan maju", en = "forward" } }
  local default = { project = "growth", forward = "index" }
  for _, step in ipairs(steps) do
    local asked = step.asked
    t:add{ step = step.step, verb = ctx.text(verbs[step.verb]), at = decisions.place(asked.at, ctx.lang),
      field = asked.field or "budget", method = decisions.method(asked.method, ctx.lang) or default[step.verb],
      growth = decisions.growth(asked.growth or asked.index, ctx.lang), unit = math.tointeger(asked.unit),
      reason = step.reason, source = step.source }
  end
  return t
end

local function add_methods(doc, ctx, level)
  local steps = decisions.projections(ctx.view)
  doc:heading(ctx.text{ id = "Cara dan asumsi", en = "Methods and assumptions" }, level)
  if #steps == 0 then
    doc:text(ctx.text{
      id = "Tidak ada langkah proyeksi dalam jurnal: angka sesudah {n} berasal dari paket data sebagaimana adanya.",
      en = "The journal has no step of projection: figures after {n} are the package's as they are.",
    })
    return
  end
  doc:add(methods_table(ctx, steps))
  if errors.add(doc, ctx) then return end
  doc:text(ctx.text{
    id = "Ukuran galat: tidak ada. Cara pertumbuhan, indeks, dan manual memakai asumsi di atas, bukan pencocokan pada data "
      .. "tahun-tahun lalu, sehingga tidak memiliki galat terukur.",
    en = "Measure of error: none. Growth, index and manual methods use the assumptions above and are not fitted to "
      .. "past years, so that they have no measured error.",
  })
end

-- ---- what is missing ----

local function missing_money(ctx, year)
  local out = {}
  for node in ctx.view:lines(ctx.opts.only):each() do
    local now, then_ = ctx.read(ctx.view, node, "budget", ctx.year), ctx.read(ctx.view, node, "budget", year)
    if now and now ~= 0 and then_ == nil then out[#out + 1] = ("%s %s"):format(node.code ~= "" and node.code or node.key, node.name) end
  end
  return out
end

local function missing_targets(ctx, year)
  local out = {}
  for _, indicator in ipairs(ctx.view:select{ under = ctx.opts.only or "/" }:indicators()) do
    local now, mark = ctx.read(ctx.view, indicator, "target", ctx.year)
    if now ~= nil and mark ~= "-" and ctx.read(ctx.view, indicator, "target", year) == nil then out[#out + 1] = indicator.id end
  end
  return out
end

local function add_missing(doc, ctx, after, level)
  doc:heading(ctx.text{ id = "Yang belum diproyeksikan", en = "What has no projection" }, level)
  local any = false
  for _, year in ipairs(after) do
    for _, part in ipairs{
      { missing_money(ctx, year), { id = "Pagu %d: %d rincian tanpa angka: %s.", en = "Budget %d: %d lines without a figure: %s." } },
      { missing_targets(ctx, year), { id = "Target %d: %d indikator tanpa angka: %s.", en = "Target %d: %d indicators without a figure: %s." } },
    } do
      if #part[1] > 0 then
        any = true
        doc:text(ctx.text(part[2]):format(year, #part[1], table.concat(part[1], "; ")))
      end
    end
  end
  if not any then doc:text(ctx.text(layout.words.nihil)) end
end

local M = { title = title }

--- Total of year n and of the last year that has any, in a sentence.
local function opening(ctx, after)
  local now = ctx.total("budget", ctx.year)
  local out = {}
  for _, year in ipairs(after) do
    local amount = ctx.total("budget", year)
    if now and amount then
      local grown = now > 0 and " (" .. phrases.percent(100 * (amount - now) / now, ctx.lang) .. ")" or ""
      out[#out + 1] = ctx.text{ id = "Pagu %d: %s; proyeksi %d: %s%s.", en = "Budget %d: %s; projection %d: %s%s." }
        :format(ctx.year, phrases.money(now, ctx.view, ctx.lang), year, phrases.money(amount, ctx.view, ctx.lang), grown)
    end
  end
  return #out > 0 and table.concat(out, "\n")
    or ctx.text{ id = "Tahun sesudah {n} belum memiliki angka.", en = "No year after {n} has figures yet." }
end

--- Add the projection to a document, its headings at a level.
function M.add(doc, ctx, level)
  local before, after = years_of(ctx)
  doc:text(opening(ctx, after))
  fan.add(doc, ctx, before, after)
  doc:add(layout.build(money, ctx.view, ctx.options()))
  doc:add(layout.build(targets, ctx.view, ctx.options()))
  add_methods(doc, ctx, level)
  fan.add_simulation(doc, ctx, level)
  add_missing(doc, ctx, after, level)
end

function M.build(view, opts)
  opts = opts or {}
  opts.width = opts.width or 180
  local ctx = context.open({ title = title }, view, opts)
  local doc = pagu.document{ title = ctx.text(title), lang = ctx.lang }
  M.add(doc, ctx, 2)
  return doc
end

return M
