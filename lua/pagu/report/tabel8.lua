--- Tabel 8: programs, activities and sub-activities with funding and the unit in charge.
local _, pagu = ...
pagu = pagu or require "pagu"
local layout = pagu._require "pagu.report.layout"

return layout.report{
  name = "tabel8",
  title = {
    id = "Tabel 8\nRencana Program, Kegiatan, Sub Kegiatan dan Pendanaan Tahun {n}\n{organisation}, {government}",
    en = "Table 8\nPrograms, Activities and Sub-activities with Funding {n}\n{organisation}, {government}",
  },
  from = "program",
  columns = {
    { "goal", "text", { id = "Tujuan", en = "Goal" }, cell = "class", tree = "objective", part = "top" },
    { "objective", "text", { id = "Sasaran", en = "Objective" }, cell = "class", tree = "objective", part = "rest" },
    { "code", "text", { id = "Kode", en = "Code" }, cell = "code" },
    { "name", "text", { id = "{levels}", en = "{levels}" }, cell = "name" },
    { "indicator", "text", { id = "Indikator Kinerja", en = "Indicator" }, cell = "indicator" },
    { "target", "measure", { id = "Target {n}", en = "Target {n}" }, cell = "measure" },
    { "budget", "money", { id = "Pagu {n}", en = "Budget {n}" }, cell = "money" },
    { "unit", "text", { id = "Unit Penanggung Jawab", en = "Unit in Charge" }, cell = "class", tree = "unit", declared = true, path = true },
  },
  total = { id = "JUMLAH", en = "TOTAL" },
}
