--- compare: a scenario against the stage it was branched from, at program level and below, with
-- money and targets side by side. Rows that are equal are left out, unless opts.all. Formats that
-- draw (html, pdf, xlsx) also get a waterfall of the programs' changes; opts.charts decides otherwise.
local _, pagu = ...
pagu = pagu or require "pagu"
local layout = pagu._require "pagu.report.layout"
local context = pagu._require "pagu.report.context"

--- Two readings of a value: number, unit or mark, text.
local function is_equal(ctx, base, main, field)
  if not (base and main) then return false end
  local a, a_mark, a_text = ctx.views.base:get(base, field, ctx.year)
  local b, b_mark, b_text = ctx.views.main:get(main, field, ctx.year)
  return a == b and a_mark == b_mark and a_text == b_text
end

local function has_changed(row, ctx)
  if ctx.opts.all or not is_equal(ctx, row.nodes.base, row.nodes.main, "budget") then return true end
  for _, id in ipairs(row.indicators) do
    if not is_equal(ctx, row.measured[id].base, row.measured[id].main, "target") then return true end
  end
  return false
end

local function sides(id, en) -- a group heading over base and scenario
  return { id = id .. "|Semula", en = en .. "|Before" }, { id = id .. "|{view}", en = en .. "|{view}" }
end

local budget_before, budget_after = sides("Pagu {n}", "Budget {n}")
local target_before, target_after = sides("Target {n}", "Target {n}")

local compare = {
  name = "compare",
  title = {
    id = "Perbandingan Skenario \"{view}\" dengan Tahap Asalnya, Tahun {n}\n{organisation}, {government}",
    en = "Scenario \"{view}\" against the Stage It Came from, {n}\n{organisation}, {government}",
  },
  from = "program",
  lines = true,
  views = function(view)
    if pagu.type(view) ~= "scenario" then
      layout.fail("argument", {
        id = "compare memerlukan skenario: beri --scenario BERKAS, atau pagu.report(\"compare\", skenario)",
        en = "compare needs a scenario: give --scenario FILE, or pagu.report(\"compare\", scenario)",
      })
    end
    return { main = view, base = view:stage(view.stage_id) }, { "main", "base" }
  end,
  keep = has_changed,
  columns = {
    { "code", "text", { id = "Kode", en = "Code" }, cell = "code" },
    { "name", "text", { id = "{levels}", en = "{levels}" }, cell = "name" },
    { "budget_before", "money", budget_before, cell = "money", view = "base" },
    { "budget_after", "money", budget_after, cell = "money", view = "main" },
    { "change", "money", { id = "Pagu {n}|Selisih", en = "Budget {n}|Change" }, cell = "change", of = { "base", "main" } },
    { "change_percent", "percent", { id = "Pagu {n}|%", en = "Budget {n}|%" }, cell = "change_percent", of = { "base", "main" } },
    { "indicator", "text", { id = "Indikator Kinerja", en = "Indicator" }, cell = "indicator" },
    { "target_before", "measure", target_before, cell = "measure", view = "base" },
    { "target_after", "measure", target_after, cell = "measure", view = "main" },
  },
  total = { id = "JUMLAH", en = "TOTAL" },
}

-- ---- the waterfall ----

local draws = { html = true, pdf = true, xlsx = true }

--- Changes of the highest printed level, each way from the total before to the total after.
local function steps(view, base, opts)
  local en = (opts.lang or pagu.lang()) == "en"
  local year = opts.year or view.year
  local t = pagu.table{
    name = "perubahan", title = en and "Change by program" or "Perubahan menurut program", decimals = view.decimals,
    { "name", en and "Step" or "Langkah", "text" }, { "amount", en and "Budget" or "Pagu", "money" },
  }
  local ctx = context.open({ title = "" }, view, opts)
  local before, after = ctx.total("budget", year, base) or 0, ctx.total("budget", year) or 0
  t:add({ en and "Before" or "Semula", before }, { style = "total" })
  local left = after - before
  local changes = layout.build({ columns = compare.columns, title = "", from = "program", to = "program",
    views = compare.views, keep = compare.keep }, view, { year = opts.year, only = opts.only, lang = opts.lang })
  for row in changes:each() do
    if row.change and row.change ~= 0 then
      t:add{ row.name, row.change }
      left = left - row.change
    end
  end
  if left ~= 0 then t:add{ en and "Elsewhere" or "Lainnya", left } end
  return t:add({ en and "After" or "Menjadi", after }, { style = "total" })
end

--- Add the comparison with its waterfall to a document.
local function add(doc, view, opts)
  local views = compare.views(view)
  local t = layout.build(compare, view, opts)
  local chart = pagu.chart{ kind = "waterfall", table = steps(view, views.base, opts), label = "name", value = "amount",
    unit = view.meta.currency == "IDR" and "Rp" or view.meta.currency }
  return doc:add(t, { name = "compare" }):add(chart, { name = "compare_grafik" })
end

local function build(view, opts)
  opts = opts or {}
  local is_drawn = opts.charts
  if is_drawn == nil then is_drawn = draws[opts.format or opts.out and opts.out:match "%.(%w+)$"] end
  if not is_drawn then return layout.build(compare, view, opts) end
  return add(pagu.document{ lang = opts.lang }, view, opts)
end

return { title = compare.title, layout = compare, build = build, add = add }
