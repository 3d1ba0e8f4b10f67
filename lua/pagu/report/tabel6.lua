--- Tabel 6: links of the plan's activities to national and provincial priorities, with money.
-- Rows are the nodes of the last level that carry a class of either classification, their own or
-- inherited, each once, so that the total foots. opts.trees = { national, provincial };
-- { "pn", "pp" } otherwise.
local _, pagu = ...
pagu = pagu or require "pagu"
local layout = pagu._require "pagu.report.layout"
local offices = pagu._require "pagu.report.offices"

local function trees(ctx)
  local wanted, out = ctx.opts.trees or { "pn", "pp" }, {}
  for row in ctx.view:trees():each() do
    for i, tree in ipairs(wanted) do
      if row.tree == tree then out[i] = tree end
    end
  end
  return out
end

local function has_any(tag, of)
  for _, tree in pairs(of) do
    local found = tag[tree]
    if type(found) == "table" and #found > 0 or type(found) == "string" then return true end
  end
  return false
end

--- Levels that get a column: from the field of government down, all of them if there is none.
local function levels_of(ctx)
  local out = {}
  local from, to = layout.rows.range(ctx)
  for _, level in ipairs(layout.rows.levels(ctx.view)) do
    if level.rank >= from and level.rank <= to then out[#out + 1] = level end
  end
  return out
end

local function linked_rows(ctx)
  local list, keys, of = {}, {}, trees(ctx)
  local levels = levels_of(ctx)
  local last = levels[#levels]
  for node in layout.rows.places(ctx, ctx.view):each() do
    if last and node.level == last.level and has_any(node.tag, of) then
      local row = layout.rows.of_nodes(ctx, node.key, { main = node })
      row.indicators, row.record = {}, { no = #list + 1 }
      list[#list + 1], keys[#keys + 1] = row, node.key
    end
  end
  if #list > 0 then
    local total = layout.rows.of_record("/", { national = ctx.text{ id = "JUMLAH", en = "TOTAL" } }, "total")
    total.sums = { main = ctx.view:select(keys) }
    list[#list + 1] = total
  end
  return list
end

local function class_column(name, title, tree, part)
  return { name, "text", title, cell = tree and "class" or "record", tree = tree, part = part, between = "; " }
end

return layout.report{
  name = "tabel6",
  title = {
    id = "Tabel 6\nKeterkaitan Prioritas Daerah {government} terhadap Prioritas Nasional dan Provinsi Tahun {n}\n{organisation}",
    en = "Table 6\nLinks to National and Provincial Priorities {n}\n{organisation}, {government}",
  },
  from = "bidang",
  numbers = true,
  total_in = "national",
  rows = linked_rows,
  columns = function(ctx)
    local of = trees(ctx)
    local plan, draft = { id = "RPJMN", en = "National Plan" }, { id = "RKPD {n}", en = "Work Plan of the Region {n}" }
    local under = layout.words.under
    local columns = {
      { "no", "integer", { id = "No", en = "No." }, cell = "record" },
      class_column("code", { id = "Kode (PN/PP)", en = "Code" }, of[1] or of[2]),
      class_column("national", under(plan, "Prioritas Nasional/Program Prioritas", "National Priority"), of[1], "name"),
      class_column("provincial", under(plan, "Prioritas Provinsi", "Provincial Priority"), of[2], "name"),
    }
    for _, level in ipairs(levels_of(ctx)) do
      local name = { id = layout.words.level_name(level, "id"), en = layout.words.level_name(level, "en") }
      columns[#columns + 1] = { level.level, "text", under(draft, name.id, name.en), cell = "ancestor", level = level.level }
    end
    if not ctx.opts.only and offices.are_named(ctx) then
      local title = { id = "Perangkat Daerah", en = "Office" }
      table.insert(columns, 2, { "office", "text", title, cell = "class", tree = "office", part = "name" })
    end
    columns[#columns + 1] = { "budget", "money", under(draft, "Pagu", "Budget"), cell = "money" }
    columns[#columns + 1] = { "note", "text", { id = "Ket", en = "Note" }, cell = "text", kind = "note" }
    return columns
  end,
}
