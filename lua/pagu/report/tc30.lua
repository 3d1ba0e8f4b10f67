--- T-C.30: achievement of the service indicators (IKU/IKK) against the strategic plan.
-- Rows are the indicators of goals and objectives, and those of type impact, iku, ikk or spm. Two
-- forms: "renstra" has every year of the strategic plan, what was achieved to n-2 and projected for
-- n-1 and n, as offices print it; "official" is the annex of Permendagri 86/2017: SPM or national
-- standard beside IKK, targets of n-2 to n+1, achieved n-2 and n-1, projected n and n+1.
local _, pagu = ...
pagu = pagu or require "pagu"
local layout = pagu._require "pagu.report.layout"
local cells = pagu._require "pagu.report.cells"
local offices = pagu._require "pagu.report.offices"

local service_types = { impact = true, iku = true, ikk = true, spm = true }

local function is_service(indicator)
  return not indicator.node or service_types[indicator.type]
end

--- Years from … to that the plan's frame has.
local function years(ctx, from, to)
  local out = {}
  for year = from, to do
    if ctx.in_frame(year) then out[#out + 1] = year end
  end
  return out
end

local function is_official(ctx)
  return ctx.opts.form == "official"
end

--- Years of the targets, of what was achieved and of what is projected. The official form has its
-- four years even where the frame lacks one: that column is blank.
local function periods(ctx)
  local n = ctx.year
  if is_official(ctx) then return { n - 2, n - 1, n, n + 1 }, { n - 2, n - 1 }, { n, n + 1 } end
  local start, finish = ctx.start or n - 2, ctx.finish or n + 1
  return years(ctx, start, finish), years(ctx, math.min(start, n - 2), n - 2), years(ctx, n - 1, n)
end

local targets_title = {
  renstra = { id = "Target Renstra Tahun {start} s/d {end}", en = "Target of the Strategic Plan {start} to {end}" },
  official = { id = "Target Renstra Perangkat Daerah", en = "Target of the Strategic Plan" },
}

local function year_columns(ctx)
  local targets, achieved, projected = periods(ctx)
  local columns = {}
  local function add(list, name, group, field, stage)
    for _, year in ipairs(list) do
      columns[#columns + 1] = { ("%s_%d"):format(name, year), "measure",
        layout.words.under(group, year),
        cell = "measure", field = field, stage = stage, year = year - ctx.year }
    end
  end
  add(targets, "target", targets_title[is_official(ctx) and "official" or "renstra"], "target", "strategic")
  add(achieved, "achieved", { id = "Realisasi Capaian", en = "Achieved" }, "achieved")
  add(projected, "projected", { id = "Proyeksi", en = "Projected" }, "projected")
  return columns
end

-- ---- standards ----

local strategic_standard = { cell = "measure", field = "standard", stage = "strategic", period = "*" }

--- The strategic stage's standard of an indicator.
local function stated(ctx, row)
  return cells.measure(ctx, strategic_standard, row, 1)
end

--- The standard that holds for everyone, given outside the strategic plan.
local function national(ctx, row)
  return cells.measure(ctx, { field = "standard", period = "*" }, row, 1)
end

local function is_spm(row)
  return row.measured[row.indicators[1]].main.type == "spm"
end

local function spm(ctx, _, row)
  if national(ctx, row) == nil and is_spm(row) then return stated(ctx, row) end
  return national(ctx, row)
end

local function ikk(ctx, _, row)
  if not is_spm(row) then return stated(ctx, row) end
end

local function standard_columns(ctx)
  if not is_official(ctx) then
    return { { "standard", "measure", { id = "Target IKU/IKK", en = "Standard" }, cell = "measure", field = "standard",
      stage = "strategic", period = "*" } }
  end
  return {
    { "national_standard", "measure", { id = "SPM/Standar Nasional", en = "National Standard" }, cell = spm },
    { "standard", "measure", { id = "IKK", en = "Key Indicator" }, cell = ikk },
  }
end

local function note(ctx, _, row)
  return ctx.texts.list("note", row.key)[1]
end

--- Service indicators, those of one office together.
local function service_indicators(ctx)
  local found, mounts, by_mount = {}, {}, {}
  for _, indicator in ipairs(ctx.view:indicators()) do
    local mount = offices.mount_of(indicator)
    if is_service(indicator) and offices.is_within(mount, ctx.opts.only) then
      if not by_mount[mount] then
        by_mount[mount] = {}
        mounts[#mounts + 1] = mount
      end
      table.insert(by_mount[mount], indicator)
    end
  end
  table.sort(mounts)
  for _, mount in ipairs(mounts) do
    for _, indicator in ipairs(by_mount[mount]) do found[#found + 1] = indicator end
  end
  return found
end

--- Indicators that have a value in any of the columns of years.
local function service_rows(ctx)
  local list, columns = {}, year_columns(ctx)
  for _, column in ipairs(standard_columns(ctx)) do columns[#columns + 1] = column end
  for _, indicator in ipairs(service_indicators(ctx)) do
    local row = layout.rows.of_indicator(indicator)
    if layout.has_value(ctx, columns, row) then
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
    }
    if offices.are_several(ctx) then table.insert(columns, 2, offices.column) end
    for _, column in ipairs(standard_columns(ctx)) do columns[#columns + 1] = column end
    for _, column in ipairs(year_columns(ctx)) do columns[#columns + 1] = column end
    columns[#columns + 1] = { "note", "text", { id = "Catatan Analisis", en = "Analysis" }, cell = note }
    return columns
  end,
}
