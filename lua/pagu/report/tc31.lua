--- T-C.31: the draft of the RKPD beside the needs analysis, each side with its own names,
-- targets and money. Permendagri 86/2017, annex.
--
-- Sides: opts.stages = { left, right }, else the plan's first two stages of kind "plan"; a
-- scenario takes the right side.
local _, pagu = ...
pagu = pagu or require "pagu"
local layout = pagu._require "pagu.report.layout"

local draft = { id = "Rancangan Awal RKPD", en = "Draft Work Plan of the Region" }
local need = { id = "Hasil Analisis Kebutuhan", en = "Needs Analysis" }

local function stages(view, opts)
  if opts.stages then return opts.stages end
  local found = {}
  for row in view:stages():each() do
    if row.kind == "plan" then found[#found + 1] = row.stage end
  end
  return found
end

local function side(view_name, group, money)
  local function title(id, en) return layout.words.under(group, id, en) end
  return {
    { view_name .. "_name", "text", title("{levels}", "{levels}"), cell = "name", view = view_name },
    { view_name .. "_location", "text", title("Lokasi", "Location"), cell = "class", tree = "location", view = view_name },
    { view_name .. "_indicator", "text", title("Indikator Kinerja", "Indicator"), cell = "indicator", view = view_name },
    { view_name .. "_target", "measure", title("Target Capaian", "Target"), cell = "measure", view = view_name },
    { view_name .. "_budget", "money", title(money.id, money.en), cell = "money", view = view_name },
  }
end

local columns = { { "code", "text", { id = "Kode", en = "Code" }, cell = "code" } }
for _, list in ipairs{
  side("draft", draft, { id = "Pagu Indikatif", en = "Budget" }),
  side("need", need, { id = "Kebutuhan Dana", en = "Need" }),
} do
  for _, column in ipairs(list) do columns[#columns + 1] = column end
end
columns[#columns + 1] = { "note", "text", { id = "Catatan Penting", en = "Note" }, cell = "text", kind = "note", view = "need" }

return layout.report{
  name = "tc31",
  title = {
    id = "Tabel 3 (T-C.31)\nReview terhadap Rancangan Awal RKPD Tahun {n}\n{organisation}, {government}",
    en = "Table 3 (T-C.31)\nReview of the Draft Work Plan of the Region {n}\n{organisation}, {government}",
  },
  names = "stage",
  numbers = true,
  width = 190, -- two sides of names, indicators and money; narrower breaks codes
  views = function(view, opts)
    local found = stages(view, opts)
    if #found < 2 then
      layout.fail("unknown_stage", {
        id = "T-C.31 menyandingkan dua tahap; rencana ini punya %d",
        en = "T-C.31 sets two stages side by side; this plan has %d",
      }, #found)
    end
    local right = pagu.type(view) == "scenario" and view or view:stage(found[2])
    return { draft = view:stage(found[1]), need = right }, { "draft", "need" }
  end,
  columns = columns,
  total = { id = "JUMLAH", en = "TOTAL" },
  total_in = "draft_name",
}
