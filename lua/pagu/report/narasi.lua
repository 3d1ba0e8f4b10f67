--- narasi: the evaluation of last year (n-2) in words, as chapter II of a Renja asks for it: what
-- did not meet its target, what met it, what exceeded it, with the causes that the package's texts
-- give (driver, obstacle, follow_up, note), money beside performance, and what it means for the
-- strategic plan. One paragraph a row, then the same as a table. opts.year is the year evaluated.
local _, pagu = ...
pagu = pagu or require "pagu"
local layout = pagu._require "pagu.report.layout"
local context = pagu._require "pagu.report.context"
local factors = pagu._require "pagu.report.factors"
local phrases = pagu._require "pagu.report.phrases"
local rows = layout.rows
local words = layout.words

local groups = {
  { "below", { id = "Belum memenuhi target", en = "Below target" } },
  { "at", { id = "Memenuhi target", en = "At target" } },
  { "above", { id = "Melebihi target", en = "Above target" } },
  { "unknown", { id = "Belum dapat dinilai", en = "Not to be judged" } },
}
local status_name = {}
for _, group in ipairs(groups) do status_name[group[1]] = group[2] end

local NEARLY = 1e-9 -- a rate is a quotient of doubles

local function status_of(rate)
  if not math.type(rate) then return "unknown" end
  if rate < 100 - NEARLY then return "below" end
  return rate > 100 + NEARLY and "above" or "at"
end

-- ---- facts of a row ----

--- Why a rate has no number, in words.
local function reason_of(ctx, fact)
  local state = words.states[fact.state]
  if state then return ctx.text(state.note) end
  if fact.achieved == "-" and fact.target ~= nil then
    return ctx.text{ id = "realisasinya bertanda -", en = "the achievement is a dash" }
  end
  if fact.target == nil then return ctx.text{ id = "target tahun itu tidak ada", en = "there is no target of the year" } end
  return ctx.text{ id = "realisasi tahun itu tidak ada", en = "there is no achievement of the year" }
end

local function facts_of(ctx, node, indicator, is_first)
  local function said(field) return phrases.measure(ctx.lang, ctx.read(ctx.view, indicator, field, ctx.year)) end
  local rate, mark, state = ctx.read(ctx.view, indicator, "rate", ctx.year)
  if mark == "-" then rate = nil end
  local fact = { node = node, indicator = indicator, rate = rate, state = state,
    target = said "target", achieved = said "achieved" }
  if fact.achieved == "-" then fact.rate = nil end -- nothing reported is no proof of a miss
  fact.status = status_of(fact.rate)
  fact.budget = ctx.read(ctx.view, node, "budget", ctx.year)
  fact.spent = ctx.read(ctx.view, node, "spent", ctx.year)
  fact.absorption = ctx.read(ctx.view, node, "absorption", ctx.year)
  fact.strategic = ctx.read(ctx.view, indicator, "strategic_rate", ctx.year + 1)
  for _, kind in ipairs{ "driver", "obstacle", "follow_up", "note" } do
    local own = factors.texts(ctx, kind, indicator.id)
    if is_first then
      for _, text in ipairs(factors.texts(ctx, kind, node.key)) do table.insert(own, text) end
    end
    fact[kind] = #own > 0 and table.concat(own, "; ") or nil
  end
  return fact
end

--- Indicators with a target or an achievement in the year, in tree order.
local function collect(ctx)
  local list = {}
  local from, to, levels = rows.range(ctx)
  for node in rows.places(ctx, ctx.view):each() do
    local level = levels[node.level]
    if level and level.rank >= from and level.rank <= to then
      for i, indicator in ipairs(node:indicators()) do
        local fact = facts_of(ctx, node, indicator, i == 1)
        if fact.target or fact.achieved then list[#list + 1] = fact end
      end
    end
  end
  return list
end

-- ---- sentences ----

local function name_of(ctx, owner, final)
  return ctx.texts.of("name", "common", owner) or final
end

--- "Anggaran Rp1.000, realisasi Rp900 (90,00%)."
local function money_sentence(ctx, fact)
  if not fact.budget or not fact.spent then return nil end
  local absorbed = math.type(fact.absorption) and " (" .. phrases.percent(fact.absorption, ctx.lang) .. ")" or ""
  return ctx.text{ id = "Anggaran %s, realisasi %s%s.", en = "Budget %s, spent %s%s." }
    :format(phrases.money(fact.budget, ctx.view, ctx.lang), phrases.money(fact.spent, ctx.view, ctx.lang), absorbed)
end

local causes = {
  { "driver", { id = "Faktor pendorong: %s.", en = "Driven by: %s." } },
  { "obstacle", { id = "Faktor penghambat: %s.", en = "Hindered by: %s." } },
  { "follow_up", { id = "Tindak lanjut: %s.", en = "Action: %s." } },
  { "note", { id = "Catatan: %s.", en = "Note: %s." } },
}

local function line_of(ctx, fact)
  local out = {}
  local head = (fact.node.code ~= "" and fact.node.code .. " " or "") .. name_of(ctx, fact.node.key, fact.node.name)
  local indicator = name_of(ctx, fact.indicator.id, fact.indicator.name)
  if fact.status == "unknown" then
    out[1] = ("%s: %s. %s: %s; %s: %s (%s)."):format(head, indicator, ctx.text{ id = "Target", en = "Target" },
      fact.target or "-", ctx.text{ id = "realisasi", en = "achieved" }, fact.achieved or "-", reason_of(ctx, fact))
  else
    out[1] = ctx.text{ id = "%s: %s. Realisasi %s dari target %s (%s).", en = "%s: %s. Achieved %s of a target of %s (%s)." }
      :format(head, indicator, fact.achieved, fact.target, phrases.percent(fact.rate, ctx.lang))
  end
  out[#out + 1] = money_sentence(ctx, fact)
  if math.type(fact.strategic) then
    out[#out + 1] = ctx.text{ id = "Capaian terhadap target akhir Renstra s/d %d: %s.", en = "Rate of the strategic target to %d: %s." }
      :format(ctx.year + 1, phrases.percent(fact.strategic, ctx.lang))
  end
  for _, cause in ipairs(causes) do
    if fact[cause[1]] then out[#out + 1] = ctx.text(cause[2]):format((fact[cause[1]]:gsub("%.+$", ""))) end
  end
  return table.concat(out, " ")
end

--- How many nodes of each level were worked on: those with a target of the year.
local function counts(ctx, facts)
  local seen, by_level = {}, {}
  for _, fact in ipairs(facts) do
    if fact.target and fact.target ~= "-" and not seen[fact.node.key] then
      seen[fact.node.key] = true
      by_level[fact.node.level] = (by_level[fact.node.level] or 0) + 1
    end
  end
  local out = {}
  for _, level in ipairs(rows.levels(ctx.view)) do
    if by_level[level.level] then
      out[#out + 1] = ("%d %s"):format(by_level[level.level], phrases.level_name(level, ctx.lang))
    end
  end
  return out
end

--- The opening: what was carried out, with which money.
local function opening(ctx, facts)
  local fact = {}
  for _, field in ipairs{ "budget", "spent", "absorption" } do
    fact[field] = ctx.total(field, ctx.year)
  end
  local first = ctx.text{ id = "Yang memiliki target pada tahun {n}: %s.", en = "With a target in {n}: %s." }
  local sentences = { first:format(phrases.list(counts(ctx, facts), ctx.lang)), money_sentence(ctx, fact) }
  return table.concat(sentences, " ")
end

local function summary(ctx, by_status)
  local parts = {}
  for _, group in ipairs(groups) do
    parts[#parts + 1] = ("%s: %d"):format(ctx.text(group[2]), #by_status[group[1]])
  end
  return table.concat(parts, "; ") .. "."
end

-- ---- the table ----

local columns = {
  { "code", "text", { id = "Kode", en = "Code" } },
  { "name", "text", { id = "{levels}", en = "{levels}" } },
  { "indicator", "text", { id = "Indikator Kinerja", en = "Indicator" } },
  { "target", "measure", { id = "Kinerja {n}|Target", en = "Performance {n}|Target" } },
  { "achieved", "measure", { id = "Kinerja {n}|Realisasi", en = "Performance {n}|Achieved" } },
  { "rate", "percent", { id = "Kinerja {n}|%", en = "Performance {n}|%" } },
  { "status", "text", { id = "Penilaian", en = "Judgement" } },
  { "budget", "money", { id = "Anggaran {n}|Pagu", en = "Money {n}|Budget" } },
  { "spent", "money", { id = "Anggaran {n}|Realisasi", en = "Money {n}|Spent" } },
  { "absorption", "percent", { id = "Anggaran {n}|%", en = "Money {n}|%" } },
  { "driver", "text", { id = "Faktor Pendorong", en = "Drivers" } },
  { "obstacle", "text", { id = "Faktor Penghambat", en = "Obstacles" } },
  { "follow_up", "text", { id = "Tindak Lanjut", en = "Action" } },
}

local from_facts = {
  code = function(fact) return fact.node.code end,
  name = function(fact, ctx) return name_of(ctx, fact.node.key, fact.node.name) end,
  indicator = function(fact, ctx) return name_of(ctx, fact.indicator.id, fact.indicator.name) end,
  target = function(fact, ctx) return ctx.read(ctx.view, fact.indicator, "target", ctx.year) end,
  achieved = function(fact, ctx) return ctx.read(ctx.view, fact.indicator, "achieved", ctx.year) end,
  rate = function(fact) return fact.rate, nil, fact.state end,
  status = function(fact, ctx) return ctx.text(status_name[fact.status]) end,
  budget = function(fact, ctx) return ctx.read(ctx.view, fact.node, "budget", ctx.year) end,
  spent = function(fact, ctx) return ctx.read(ctx.view, fact.node, "spent", ctx.year) end,
}

local function table_layout(ctx, facts, title)
  local of = {}
  for i, column in ipairs(columns) do
    local read = from_facts[column[1]]
    of[i] = { column[1], column[2], column[3], cell = function(_, _, row)
      if read then return read(row.fact, ctx) end
      return row.fact[column[1]]
    end }
  end
  return {
    name = "narasi", title = title, from = "program", year = -2, columns = of, total_in = "name",
    rows = function()
      local list, by_key = {}, {}
      for i, fact in ipairs(facts) do
        list[i] = { key = fact.indicator.id, nodes = { main = fact.node }, indicators = {}, measured = {}, fact = fact }
        by_key[fact.node.key] = by_key[fact.node.key] or list[i]
        local above = fact.node.parent
        while above and not by_key[above.key] do above = above.parent end
        list[i].parent = above and by_key[above.key]
        if list[i].parent then list[i].parent.has_children = true end
      end
      return list
    end,
  }
end

local function build_table(ctx, facts, title)
  return layout.build(table_layout(ctx, facts, title), ctx.view, ctx.options())
end

local title = {
  id = "Evaluasi Hasil Pelaksanaan Renja Tahun {n}\n{organisation}, {government}",
  en = "Evaluation of the Work Plan {n}\n{organisation}, {government}",
}

local MOST_BARS = 25

--- A chart of target against achievement: of every row, or of the programs where there are many.
local function chart_of(ctx, facts, t)
  if #facts == 0 then return nil end
  if #facts > MOST_BARS then
    local top, first = {}, facts[1].node.level
    for _, fact in ipairs(facts) do
      if fact.node.level == first then top[#top + 1] = fact end
    end
    t = build_table(ctx, top, "")
  end
  return pagu.chart{ kind = "compare", table = t, label = "name", values = { "target", "achieved" },
    title = ctx.text{ id = "Target dan Realisasi {n}", en = "Target and Achievement {n}" } }
end

local function sections(doc, ctx, facts, level)
  local by_status = {}
  for _, group in ipairs(groups) do by_status[group[1]] = {} end
  for _, fact in ipairs(facts) do table.insert(by_status[fact.status], fact) end
  if #facts == 0 then
    doc:text(ctx.text(words.nihil))
    return
  end
  doc:text(opening(ctx, facts))
  doc:text(summary(ctx, by_status))
  for _, group in ipairs(groups) do
    local list = by_status[group[1]]
    doc:heading(ctx.text(group[2]) .. (" (%d)"):format(#list), level)
    if #list == 0 then doc:text(ctx.text(words.nihil)) end
    for _, fact in ipairs(list) do doc:text(line_of(ctx, fact)) end
  end
end

local M = { title = title }

--- The context of a narrative: year n-2 unless the caller names another.
function M.open(view, opts)
  return context.open({ title = title, from = "program", year = -2 }, view, opts)
end

--- Add the narrative to a document, its headings at a level.
function M.add(doc, ctx, level)
  local facts = collect(ctx)
  sections(doc, ctx, facts, level)
  local t = build_table(ctx, facts, title)
  local chart = chart_of(ctx, facts, t)
  if chart then doc:add(chart, { name = "narasi_grafik" }) end
  doc:add(t, { name = "narasi" })
end

function M.build(view, opts)
  opts = opts or {}
  opts.width = opts.width or 180
  local ctx = M.open(view, opts)
  local doc = pagu.document{ title = ctx.text(title), lang = ctx.lang }
  M.add(doc, ctx, 2)
  return doc
end

return M
