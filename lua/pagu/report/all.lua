--- all: the whole document as a bundle: cover, contents, every table in the order of the official
-- chapters with its charts, the evaluation in words, the comparison of a scenario, and a summary
-- of what check found. A part that a plan has nothing for says NIHIL.
local _, pagu = ...
pagu = pagu or require "pagu"
local layout = pagu._require "pagu.report.layout"
local context = pagu._require "pagu.report.context"
local findings = pagu._require "pagu.report.findings"

local title = {
  id = "Rencana Kerja (Renja) Tahun {n}\n{organisation}\n{government}",
  en = "Work Plan {n}\n{organisation}\n{government}",
}

local function module(kind)
  return pagu._require("pagu.report." .. kind)
end

--- A table of a kind in the document; charts(t, ctx) are added after it.
local function table_part(kind, charts)
  return function(doc, ctx)
    local t = module(kind).build(ctx.view, ctx.options())
    doc:add(t, { name = kind })
    for _, chart in ipairs(charts and charts(t, ctx) or {}) do doc:add(chart[1], { name = chart[2] }) end
  end
end

--- The budget as a treemap of the plan's own tree.
local function treemap(t, ctx)
  return { { pagu.chart{ kind = "treemap", table = t, label = "name", value = "budget",
    title = ctx.text{ id = "Pagu {n}", en = "Budget {n}" }, unit = ctx.meta.currency == "IDR" and "Rp" or ctx.meta.currency },
    "grafik_pagu" } }
end

local function narrative(doc, ctx)
  local narasi = module "narasi"
  local asked = ctx.options()
  asked.year = ctx.opts.year and ctx.opts.year - 2
  narasi.add(doc, narasi.open(ctx.view, asked), 3)
end

local function projection(doc, ctx)
  local proyeksi = module "proyeksi"
  proyeksi.add(doc, context.open({ title = title }, ctx.view, ctx.options()), 3)
end

local function comparison(doc, ctx)
  local asked = ctx.options()
  asked.charts = true
  module("compare").add(doc, ctx.view, asked)
end

local function checks(doc, ctx)
  local t, total = findings.summary(ctx)
  if total == 0 then
    doc:text(ctx.text{ id = "Pemeriksaan tidak menemukan apa pun.", en = "The checks found nothing." })
  else
    doc:text(ctx.text{ id = "Pemeriksaan menemukan %d hal.", en = "The checks found %d things." }:format(total))
    doc:add(t)
  end
end

local parts = {
  { 1, { id = "BAB II. Hasil Evaluasi Renja Tahun Lalu", en = "Chapter II. Evaluation of Last Year's Plan" } },
  { 2, { id = "Tabel 1 (T-C.29). Evaluasi pelaksanaan Renja dan pencapaian Renstra", en = "Table 1 (T-C.29). Evaluation and achievement of the strategic plan" }, table_part "tc29" },
  { 2, { id = "Uraian hasil evaluasi", en = "The evaluation in words" }, narrative },
  { 2, { id = "Tabel 2 (T-C.30). Pencapaian kinerja pelayanan", en = "Table 2 (T-C.30). Achievement of service performance" }, table_part "tc30" },
  { 2, { id = "Tabel 3 (T-C.31). Review terhadap rancangan awal RKPD", en = "Table 3 (T-C.31). Review of the draft work plan of the region" }, table_part "tc31" },
  { 2, { id = "Tabel 4 (T-C.32). Usulan program dan kegiatan masyarakat", en = "Table 4 (T-C.32). Proposals of citizens" }, table_part "tc32" },
  { 1, { id = "BAB III. Tujuan dan Sasaran", en = "Chapter III. Goals and Objectives" } },
  { 2, { id = "Tabel 5. Tujuan dan sasaran", en = "Table 5. Goals and objectives" }, table_part "tabel5" },
  { 2, { id = "Tabel 6. Keterkaitan dengan prioritas nasional dan provinsi", en = "Table 6. Links to national and provincial priorities" }, table_part "tabel6" },
  { 2, { id = "Tabel 7 (T-C.33). Rencana program dan kegiatan serta prakiraan maju", en = "Table 7 (T-C.33). Programs, activities and forward estimate" }, table_part("tc33", treemap) },
  { 1, { id = "BAB IV. Rencana Kerja dan Pendanaan", en = "Chapter IV. Work Plan and Funding" } },
  { 2, { id = "Tabel 8. Rencana program, kegiatan, dan pendanaan", en = "Table 8. Programs, activities and funding" }, table_part "tabel8" },
  { 2, { id = "Proyeksi", en = "Projection" }, projection },
  { 2, { id = "Formulir E.81. Evaluasi triwulanan", en = "Form E.81. Quarterly evaluation" }, table_part "e81" },
  { 2, { id = "Perbandingan skenario dengan tahap asalnya", en = "The scenario against its stage" }, comparison, scenario = true },
  { 1, { id = "Ringkasan Pemeriksaan", en = "Summary of the Checks" }, checks },
}

local function parts_of(view)
  local out = {}
  for _, part in ipairs(parts) do
    if not part.scenario or pagu.type(view) == "scenario" then out[#out + 1] = part end
  end
  return out
end

-- ---- cover and contents ----

--- A scenario by its name, a stage as people call it and its id.
local function view_words(view)
  if pagu.type(view) == "scenario" then return view.name end
  for row in view:stages():each() do
    if row.stage == view.name and row.name and row.name ~= row.stage then return ("%s (%s)"):format(row.name, row.stage) end
  end
  return view.name
end

local function cover(doc, ctx)
  local lines = {}
  local function add(label, value)
    if value and value ~= "" then lines[#lines + 1] = ctx.text(label) .. ": " .. value end
  end
  add({ id = "Perangkat daerah", en = "Organisation" }, ctx.meta.organisation)
  add({ id = "Pemerintah daerah", en = "Government" }, ctx.meta.government)
  add({ id = "Tahun rencana", en = "Plan year" }, tostring(ctx.year))
  add({ id = "Status dokumen", en = "Status" }, ctx.meta.status)
  add({ id = "Rencana strategis", en = "Strategic plan" }, ctx.meta["strategic.name"])
  add(pagu.type(ctx.view) == "scenario" and { id = "Skenario", en = "Scenario" } or { id = "Tahap", en = "Stage" }, view_words(ctx.view))
  doc:text(table.concat(lines, "\n"))
end

-- These make a contents of the headings themselves, with links.
local lists_itself = { html = true, pdf = true, xlsx = true }

local function contents(doc, ctx, list)
  if lists_itself[ctx.opts.format or ctx.opts.out and ctx.opts.out:match "%.(%w+)$"] then return end
  local lines = {}
  for _, part in ipairs(list) do lines[#lines + 1] = ("   "):rep(part[1] - 1) .. ctx.text(part[2]) end
  doc:heading(ctx.text{ id = "Daftar Isi", en = "Contents" }, 1)
  doc:text(table.concat(lines, "\n"))
end

--- A part; what the plan has nothing for says so and why.
local function add_part(doc, ctx, part)
  doc:heading(ctx.text(part[2]), part[1])
  if not part[3] then return end
  local blocks = #doc
  local ok, err = pcall(part[3], doc, ctx)
  if ok then return end
  if pagu.type(err) ~= "error" or err.code ~= "unknown_stage" or #doc > blocks then error(err, 0) end
  doc:text(ctx.text(layout.words.nihil) .. ": " .. err.message)
end

local M = { title = title }

function M.build(view, opts)
  opts = opts or {}
  opts.width = opts.width or 200
  local ctx = context.open({ title = title }, view, opts)
  local doc = pagu.document{ title = ctx.text(title), lang = ctx.lang }
  local list = parts_of(view)
  cover(doc, ctx)
  contents(doc, ctx, list)
  for _, part in ipairs(list) do add_part(doc, ctx, part) end
  return doc
end

return M
