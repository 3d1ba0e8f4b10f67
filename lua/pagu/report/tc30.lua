--- T-C.30: achievement of the service indicators (IKU/IKK) against the strategic plan.
-- Permendagri 86/2017, annex: targets of the strategic plan's years, achieved to n-2, projected
-- for n-1 and n. Rows are the indicators of goals and objectives, and those of type "impact".
local _, pagu = ...
pagu = pagu or require "pagu"
local layout = pagu._require "pagu.report.layout"

local function is_service(indicator)
  return not indicator.node or indicator.type == "impact"
end

--- Years from … to that the plan's frame has.
local function years(ctx, from, to)
  local out = {}
  for year = from, to do
    if ctx.in_frame(year) then out[#out + 1] = year end
  end
  return out
end

--- Targets of every year of the strategic plan; without one, of the years that the form names.
local function periods(ctx)
  local start, finish = ctx.start or ctx.year - 2, ctx.finish or ctx.year + 1
  return years(ctx, start, finish), years(ctx, math.min(start, ctx.year - 2), ctx.year - 2),
    years(ctx, ctx.year - 1, ctx.year)
end

local function year_columns(ctx)
  local targets, achieved, projected = periods(ctx)
  local columns = {}
  local function add(list, name, group, field, stage)
    for _, year in ipairs(list) do
      columns[#columns + 1] = { ("%s_%d"):format(name, year), "measure",
        { id = group.id .. "|" .. year, en = group.en .. "|" .. year },
        cell = "measure", field = field, stage = stage, year = year - ctx.year }
    end
  end
  add(targets, "target", { id = "Target Renstra Tahun {start} s/d {end}", en = "Target of the Strategic Plan {start} to {end}" },
    "target", "strategic")
  add(achieved, "achieved", { id = "Realisasi Capaian", en = "Achieved" }, "achieved")
  add(projected, "projected", { id = "Proyeksi", en = "Projected" }, "projected")
  return columns
end

local function note(ctx, _, row)
  return ctx.texts.list("note", row.key)[1]
end

--- Indicators that have a value in any of the columns of years.
local function service_rows(ctx)
  local list, columns = {}, year_columns(ctx)
  columns[#columns + 1] = { cell = "measure", field = "standard", stage = "strategic", period = "*" }
  for _, indicator in ipairs(ctx.view:indicators()) do
    local row = layout.rows.of_indicator(indicator)
    if is_service(indicator) and layout.has_value(ctx, columns, row) then
      list[#list + 1] = row
      row.record.no = #list
    end
  end
  return list
end

return layout.report{
  name = "tc30",
  title = {
    id = "Tabel 2 (T-C.30)\nPencapaian Kinerja Pelayanan\n{organisation}, {government}",
    en = "Table 2 (T-C.30)\nAchievement of Service Performance\n{organisation}, {government}",
  },
  names = "common",
  numbers = true,
  total_in = "indicator",
  rows = service_rows,
  columns = function(ctx)
    local columns = {
      { "no", "integer", { id = "No", en = "No." }, cell = "record" },
      { "indicator", "text", { id = "Indikator", en = "Indicator" }, cell = "indicator" },
      { "standard", "measure", { id = "Target IKU/IKK", en = "Standard" }, cell = "measure", field = "standard",
        stage = "strategic", period = "*" },
    }
    for _, column in ipairs(year_columns(ctx)) do columns[#columns + 1] = column end
    columns[#columns + 1] = { "note", "text", { id = "Catatan Analisis", en = "Analysis" }, cell = note }
    return columns
  end,
}
