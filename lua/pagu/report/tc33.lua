--- T-C.33: program and activity plan of year n, and forward estimate of n+1.
-- Permendagri 86/2017, annex; columns 1-10 in the form's order.
local _, pagu = ...
pagu = pagu or require "pagu"
local layout = pagu._require "pagu.report.layout"
local under = layout.words.under

local plan = { id = "Rencana Tahun {n}", en = "Plan {n}" }
local forward = { id = "Prakiraan Maju Rencana Tahun {n+1}", en = "Forward Estimate {n+1}" }

return layout.report{
  name = "tc33",
  title = {
    id = "Tabel 7 (T-C.33)\nRumusan Rencana Program, Kegiatan, dan Sub Kegiatan Tahun {n} dan Prakiraan Maju Tahun {n+1}\n{organisation}, {government}",
    en = "Table 7 (T-C.33)\nPrograms, Activities and Sub-activities Planned for {n} and Forward Estimate {n+1}\n{organisation}, {government}",
  },
  numbers = true,
  columns = {
    { "code", "text", { id = "Kode", en = "Code" }, cell = "code" },
    { "name", "text", { id = "{levels}", en = "{levels}" }, cell = "name" },
    { "indicator", "text", { id = "Indikator Kinerja", en = "Indicator" }, cell = "indicator" },
    { "location", "text", under(plan, "Lokasi", "Location"), cell = "class", tree = "location" },
    { "target", "measure", under(plan, "Target Capaian Kinerja", "Target"), cell = "measure" },
    { "budget", "money", under(plan, "Kebutuhan Dana/Pagu Indikatif", "Budget"), cell = "money" },
    { "fund", "text", under(plan, "Sumber Dana", "Source of Funds"), cell = "class", tree = "fund", declared = true },
    { "note", "text", { id = "Catatan Penting", en = "Note" }, cell = "text", kind = "note" },
    { "target_next", "measure", under(forward, "Target Capaian Kinerja", "Target"), cell = "measure", year = 1 },
    { "budget_next", "money", under(forward, "Kebutuhan Dana/Pagu Indikatif", "Budget"), cell = "money", year = 1 },
  },
  total = { id = "JUMLAH", en = "TOTAL" },
}
