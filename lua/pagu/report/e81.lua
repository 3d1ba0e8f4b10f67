--- E.81: quarterly evaluation of the plan of year n, performance (K) beside money (Rp).
-- Permendagri 86/2017, annex, columns 1-17: 12 = 8+9+10+11 (a percentage takes its last quarter),
-- 13 = 12/7, 14 = 6+12, 15 = 14/5; below it the average achievement, its rating, and the factors
-- from the package's texts: driver, obstacle, and follow_up (of a quarter: for the next quarter;
-- of the year: for the next plan). A row without an indicator of its own shows the achievement of
-- what lies below it.
local _, pagu = ...
pagu = pagu or require "pagu"
local layout = pagu._require "pagu.report.layout"
local factors = pagu._require "pagu.report.factors"
local under = layout.words.under

--- Rate of an indicator; of a row without one, the achievement of what lies below.
local function rate(ctx, column, row, nth)
  local indicator = row.measured[row.indicators[nth]]
  if indicator then return ctx.read(ctx.view, indicator.main, "rate", ctx.period(column)) end
  return row.nodes.main and ctx.read(ctx.view, row.nodes.main, "achievement", ctx.period(column))
end

--- The two columns of one of the form's: performance and money.
local function column_pair(number, name, title, k, rp)
  k[1], k[2], k[3], k.number = name, k.type or "measure", under(title, "K"), number
  k.cell = k.cell or "measure"
  rp[1], rp[2], rp[3], rp.number = name .. "_rp", rp.type or "money", under(title, "Rp"), number
  rp.cell = rp.cell or "money"
  return k, rp
end

local quarters = { "I", "II", "III", "IV" }

local function columns()
  local list = {
    { "code", "text", { id = "No/Kode", en = "No./Code" }, cell = "code" },
    { "objective", "text", { id = "Sasaran", en = "Objective" }, cell = "class", tree = "objective", part = "rest" },
    { "name", "text", { id = "{levels}", en = "{levels}" }, cell = "name" },
    { "indicator", "text", { id = "Indikator Kinerja Program (Outcome)/Kegiatan (Output)", en = "Indicator (Outcome, Output)" }, cell = "indicator" },
  }
  local function add(...)
    local k, rp = column_pair(...)
    list[#list + 1], list[#list + 2] = k, rp
  end
  add("5", "strategic", { id = "Target Renstra Perangkat Daerah pada Tahun {end}", en = "Target of the Strategic Plan {end}" },
    { cell = "strategic_target" }, { field = "strategic_budget", cell = "derived" })
  add("6", "before", { id = "Realisasi Capaian Renstra s/d Renja Tahun Lalu ({n-1})", en = "Achieved to Last Year ({n-1})" },
    { field = "achieved_to", year = -1 }, { field = "spent_to", cell = "derived", year = -1 })
  add("7", "target", { id = "Target Kinerja dan Anggaran Renja Tahun Berjalan ({n})", en = "Target and Budget of the Year ({n})" }, {}, {})
  for i, name in ipairs(quarters) do
    add(tostring(7 + i), "q" .. i, { id = "Realisasi Kinerja pada Triwulan " .. name, en = "Achieved in Quarter " .. name },
      { field = "achieved", period = "{n}Q" .. i }, { field = "spent", period = "{n}Q" .. i })
  end
  add("12=(8+9+10+11)", "achieved", { id = "Realisasi Capaian Kinerja dan Anggaran Renja {n}", en = "Achieved in {n}" },
    { field = "achieved" }, { field = "spent" })
  add("13=(12/7)", "rate", { id = "Tingkat Capaian Kinerja dan Realisasi Anggaran Renja (%)", en = "Rate of the Year (%)" },
    { type = "percent", cell = rate, of_indicator = true }, { type = "percent", field = "absorption", cell = "derived" })
  add("14=(6+12)", "accumulated", { id = "Realisasi Kinerja dan Anggaran Renstra s/d Tahun {n}", en = "Achieved to {n}" },
    { field = "accumulated" }, { field = "spent_accumulated", cell = "derived" })
  add("15=(14/5)", "accumulated_rate", { id = "Tingkat Capaian Kinerja dan Realisasi Anggaran Renstra s/d Tahun {n} (%)", en = "Rate of the Strategic Plan to {n} (%)" },
    { type = "percent", field = "accumulated_rate" }, { type = "percent", field = "spent_accumulated_rate", cell = "derived" })
  list[#list + 1] = { "unit", "text", { id = "Unit Perangkat Daerah Penanggung Jawab", en = "Unit in Charge" }, cell = "class", tree = "unit", path = true, number = "16" }
  list[#list + 1] = { "note", "text", { id = "Keterangan", en = "Note" }, cell = "text", kind = "note", number = "17" }
  return list
end

--- Mean of what the rows of the highest printed level show in a column; how many they are.
local function mean_of(ctx, list, name)
  local sum, n = 0, 0
  for _, row in ipairs(list) do
    local value = row.parent == nil and layout.value(ctx, name, row, 1)
    if math.type(value) then sum, n = sum + value, n + 1 end
  end
  return n > 0 and sum / n or nil, n
end

-- What is averaged, and the column that must have something before the average means anything:
-- progress to last year alone rates nothing that this year did.
local averaged = {
  { "rate", "rate" }, { "rate_rp", "rate_rp" }, { "accumulated_rate", "rate" }, { "accumulated_rate_rp", "rate_rp" },
}

local function closing(ctx, list)
  local means = { name = ctx.text{ id = "Rata-rata capaian kinerja (%)", en = "Average achievement (%)" } }
  local ratings = { name = ctx.text{ id = "Predikat kinerja", en = "Rating" } }
  for _, pair in ipairs(averaged) do
    local name = pair[1]
    local _, known = mean_of(ctx, list, pair[2])
    local mean, n = mean_of(ctx, list, name)
    if known == 0 then mean, n = nil, 0 end
    means[name] = mean
    ratings[name] = mean and { text = ctx.view:rating(mean) } or nil
    ctx.averaged = math.max(ctx.averaged or 0, n)
  end
  return { layout.rows.of_record("rata-rata", means, "total"), layout.rows.of_record("predikat", ratings, "total") }
end

-- ---- years that column 6 lacks ----

local function any_achieved(ctx, list, period)
  for _, row in ipairs(list) do
    for _, id in ipairs(row.indicators) do
      if ctx.read(ctx.view, row.measured[id].main, "achieved", period) ~= nil then return true end
    end
  end
  return false
end

--- Money may be known of the whole alone; of several places it is that of their rows.
local function any_spent(ctx, list, period)
  local only = ctx.opts.only or "/"
  if type(only) == "string" then return ctx.read(ctx.view, ctx.view:node(only), "spent", period) ~= nil end
  for _, row in ipairs(list) do
    if row.nodes.main and ctx.read(ctx.view, row.nodes.main, "spent", period) ~= nil then return true end
  end
  return false
end

--- Years of the strategic plan before n without a figure, given as a year or in a span up to a later
-- one; none if no year has any: the column is blank then and says so itself.
local function years_without(ctx, has)
  local missing, known = {}, false
  local start, covered = ctx.start or ctx.year - 1, nil
  for year = ctx.year - 1, start, -1 do
    if not covered and has(".." .. year) then covered = year end
    if covered or ctx.in_frame(year) and has(year) then
      known = true
    else
      table.insert(missing, 1, tostring(year))
    end
  end
  return known and missing or {}
end

local function gaps(ctx, list)
  local out = {}
  local function add(words, has)
    local years = years_without(ctx, has)
    if #years > 0 then out[#out + 1] = ctx.text(words):format(table.concat(years, ", ")) end
  end
  add({ id = "Kolom 6 dan 14 (K) tidak memuat realisasi kinerja tahun %s: belum ada angkanya.",
    en = "Columns 6 and 14 (K) lack what was achieved in %s: there are no figures yet." },
    function(period) return any_achieved(ctx, list, period) end)
  add({ id = "Kolom 6 dan 14 (Rp) tidak memuat realisasi anggaran tahun %s: belum ada angkanya.",
    en = "Columns 6 and 14 (Rp) lack what was spent in %s: there are no figures yet." },
    function(period) return any_spent(ctx, list, period) end)
  return out
end

local function notes(ctx, list)
  local out = gaps(ctx, list)
  if (ctx.averaged or 0) > 0 then
    out[#out + 1] = ctx.text({ id = "Rata-rata: dari %d baris teratas yang memiliki angka pada kolom yang sama.",
      en = "Average: of the %d topmost rows that have a figure in the same column." }):format(ctx.averaged)
  end
  for _, line in ipairs(factors.lines(ctx)) do out[#out + 1] = line end
  return out
end

return layout.report{
  name = "e81",
  title = {
    id = "Formulir E.81\nEvaluasi terhadap Hasil Renja Tahun {n}\n{organisation}, {government}",
    en = "Form E.81\nEvaluation of the Results of the Work Plan {n}\n{organisation}, {government}",
  },
  from = "program",
  numbers = true,
  width = 330,
  columns = columns,
  total = { id = "JUMLAH", en = "TOTAL" },
  closing = closing,
  notes = notes,
}
