-- A document with a chart of every kind, a tree and names that mean harm: what test_html.py opens.
-- hostile: a name to use, or nil.
local hostile = ...
local function name(plain) return hostile or plain end

local budgets = pagu.table{ { "name", "Nama", "text" }, { "before", "Pagu|Semula", "money" }, { "after", "Pagu|Menjadi", "money" },
  { "rate", "%", "percent" }, { "target", "Target", "measure" }, title = name "Pagu menurut program", name = "tree", decimals = 0 }
budgets:add({ name "Urusan Sosial", 6000000000, 5750000000, 95.83, { value = 100, unit = "%" } }, { style = "group" })
budgets:add({ name "Program Rehabilitasi Sosial Penyandang Disabilitas Terlantar", 4000000000, 3750000000, 93.75,
  { value = 312, unit = name "orang" } }, { parent = 1, indent = 1, style = "group" })
budgets:add({ "Permakanan", 2500000000, 2250000000, 90 }, { parent = 2, indent = 2 })
budgets:add({ "Alat Bantu", 1000000000, "-", nil, { text = name "Cepat Berkembang" } }, { parent = 2, indent = 2 })
budgets:add({ name "Program Perlindungan", 2000000000, 2000000000, 100 }, { parent = 1, indent = 1 })
budgets:add({ "Urusan Pemberdayaan", 1166333770, 1166333770, 100 }, { style = "group" })
budgets:add({ "JUMLAH", 7166333770, 6916333770 }, { style = "total" })
budgets:note(name "Catatan di bawah tabel")

local years = pagu.table{ { "year", "Tahun", "text" }, { "low", "P10", "money" }, { "middle", "P50", "money" }, { "high", "P90", "money" } }
for year = 2021, 2024 do years:add{ tostring(year), nil, 4000000000 + (year - 2021) * 350000000 } end
for year = 2025, 2027 do
  local middle = 5050000000 + (year - 2024) * 350000000
  years:add{ tostring(year), middle - (year - 2024) * 200000000, middle, middle + (year - 2024) * 300000000 }
end

local steps = pagu.table{ { "step", "Langkah", "text" }, { "change", "Perubahan", "money" } }
steps:add({ "Semula", 7166333770 }, { style = "total" }):add{ name "Gedung kantor", -272000000 }:add{ "Pangan", 120000000 }
steps:add({ "Menjadi" }, { style = "total" })

local results = pagu.table{ { "indicator", "Indikator", "text" }, { "target", "Target", "measure" }, { "achieved", "Capaian", "measure" } }
results:add{ name "Persentase penyandang disabilitas yang terpenuhi kebutuhan dasarnya", { value = 100, unit = "%" }, { value = 88.28, unit = "%" } }
results:add{ "Jumlah lansia", { value = 312, unit = "orang" }, { value = 260, unit = "orang" } }
results:add{ "Indeks", { value = 0, unit = "indeks" }, { text = "72,00 / B" } }

local doc = pagu.document{ title = name "Uji Bagan 2024" }
doc:heading(name "Tabel", 1):text(name "Satu alinea.\nDua baris."):add(budgets)
doc:heading("Bagan", 1)
local function chart(kind, t, values)
  doc:add(pagu.chart{ kind = kind, table = t, values = values, unit = t ~= results and "Rp" or nil, title = name("Bagan " .. kind) })
end
chart("bar", budgets, { "before", "after" })
chart("stacked", budgets, { "before", "after" })
chart("line", years, { "middle", "high" })
chart("fan", years, { "low", "middle", "high" })
chart("waterfall", steps, { "change" })
chart("treemap", budgets, { "before" })
chart("sunburst", budgets, { "before" })
chart("compare", results, { "target", "achieved" })
return doc:stamp("plan", "abc"):stamp(name "seed", name "1")
