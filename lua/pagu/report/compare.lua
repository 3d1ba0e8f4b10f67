--- compare: a scenario against the stage it was branched from, at program level and below, with
-- money and targets side by side. Rows that are equal are left out, unless opts.all.
local layout = require "pagu.report.layout"

local function is_equal(ctx, row, indicator_id)
  local measured = row.measured[indicator_id]
  if not (measured.base and measured.main) then return false end
  local a, _, a_text = measured.base.target[ctx.year]
  local b, _, b_text = measured.main.target[ctx.year]
  return a == b and a_text == b_text
end

local function has_changed(row, ctx)
  local base, main = row.nodes.base, row.nodes.main
  if ctx.opts.all or not (base and main) then return true end
  local a, a_mark = base.budget[ctx.year]
  local b, b_mark = main.budget[ctx.year]
  if a ~= b or a_mark ~= b_mark then return true end
  for _, id in ipairs(row.indicators) do
    if not is_equal(ctx, row, id) then return true end
  end
  return false
end

local function sides(id, en) -- a group heading over base and scenario
  return { id = id .. "|Semula", en = en .. "|Before" }, { id = id .. "|{view}", en = en .. "|{view}" }
end

local budget_before, budget_after = sides("Pagu {n}", "Budget {n}")
local target_before, target_after = sides("Target {n}", "Target {n}")

return layout.report{
  title = {
    id = "Perbandingan Skenario \"{view}\" dengan Tahap Asalnya, Tahun {n}\n{organisation}, {government}",
    en = "Scenario \"{view}\" against the Stage It Came from, {n}\n{organisation}, {government}",
  },
  from = "program",
  views = function(view)
    return { main = view, base = view:stage(view.stage_id) }, { "main", "base" }
  end,
  keep = has_changed,
  columns = {
    { "code", "text", { id = "Kode", en = "Code" }, cell = "code" },
    { "name", "text", { id = "Program/Kegiatan/Sub Kegiatan", en = "Program/Activity/Sub-activity" }, cell = "name" },
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
