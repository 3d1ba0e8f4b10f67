--- compare: a scenario against the stage it was branched from, at program level and below, with
-- money and targets side by side. Rows that are equal are left out, unless opts.all.
local _, pagu = ...
pagu = pagu or require "pagu"
local layout = pagu._require "pagu.report.layout"

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

return layout.report{
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
