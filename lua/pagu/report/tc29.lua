--- T-C.29: evaluation of the plan of n-2 and achievement of the strategic plan up to n-1.
-- Permendagri 86/2017, annex, columns 1-12: 8 = 7/6, 10 = 5+7+9, 11 = 10/4; the sum of 10 goes by
-- each indicator's aggregation over time (percentages take their last value, unlike units are not
-- added). Rows are those with a value in any of the columns 4-9; all = true prints every row.
local _, pagu = ...
pagu = pagu or require "pagu"
local layout = pagu._require "pagu.report.layout"
local under = layout.words.under

local last_year = { id = "Target dan Realisasi Kinerja Program dan Kegiatan Tahun Lalu", en = "Targets and Achievement of Last Year" }
local progress = { id = "Perkiraan Realisasi Capaian Target Renstra s/d Tahun Berjalan", en = "Expected Achievement of the Strategic Plan to This Year" }

local values = {
  { "strategic_target", "measure", { id = "Target Kinerja Capaian Program (Renstra) Tahun {end}", en = "Target of the Strategic Plan {end}" },
    cell = "strategic_target", year = -1 },
  { "achieved_to", "measure", { id = "Realisasi Target Kinerja Hasil Program dan Keluaran Kegiatan s/d Tahun {n-3}", en = "Achieved to {n-3}" },
    cell = "measure", field = "achieved_to", year = -3 },
  { "target", "measure", under(last_year, "Target Renja Tahun {n-2}", "Target {n-2}"), cell = "measure", year = -2 },
  { "achieved", "measure", under(last_year, "Realisasi Renja Tahun {n-2}", "Achieved {n-2}"), cell = "measure", field = "achieved", year = -2 },
  { "rate", "percent", under(last_year, "Tingkat Realisasi (%)", "Rate (%)"), cell = "measure", field = "rate", year = -2, number = "8=(7/6)" },
  { "target_this_year", "measure", { id = "Target Program dan Kegiatan Renja Tahun {n-1}", en = "Target {n-1}" }, cell = "measure", year = -1 },
  { "cumulative", "measure", under(progress, "Realisasi Capaian s/d Tahun {n-1}", "Achieved to {n-1}"),
    cell = "measure", field = "cumulative", year = -1, number = "10=(5+7+9)" },
  { "strategic_rate", "percent", under(progress, "Tingkat Capaian Target Renstra (%)", "Rate of the Strategic Target (%)"),
    cell = "measure", field = "strategic_rate", year = -1, number = "11=(10/4)" },
}

local columns = {
  { "code", "text", { id = "Kode", en = "Code" }, cell = "code" },
  { "name", "text", { id = "Urusan/Bidang Urusan Pemerintahan Daerah dan {levels}", en = "{levels}" }, cell = "name" },
  { "indicator", "text", { id = "Indikator Kinerja Program (Outcome)/Kegiatan/Sub Kegiatan (Output)", en = "Indicator (Outcome, Output)" }, cell = "indicator" },
}
for _, column in ipairs(values) do columns[#columns + 1] = column end
columns[#columns + 1] = { "note", "text", { id = "Catatan", en = "Note" }, cell = "text", kind = "note" }

return layout.report{
  name = "tc29",
  title = {
    id = "Tabel 1 (T-C.29)\nRekapitulasi Evaluasi Hasil Pelaksanaan Renja Tahun {n-2} dan Pencapaian Renstra s/d Tahun {n-1}\n{organisation}, {government}",
    en = "Table 1 (T-C.29)\nEvaluation of the Work Plan {n-2} and Achievement of the Strategic Plan to {n-1}\n{organisation}, {government}",
  },
  from = "program",
  names = "common",
  numbers = true,
  width = 220,
  keep = function(row, ctx) return ctx.opts.all or layout.has_value(ctx, values, row) end,
  columns = columns,
}
