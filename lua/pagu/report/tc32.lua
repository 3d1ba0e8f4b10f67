--- T-C.32: proposals of citizens and their assemblies for year n, under the activities that they
-- belong to. Permendagri 86/2017, annex; with the value asked for, as documents print it. A plan
-- without proposals prints the table with NIHIL.
local _, pagu = ...
pagu = pagu or require "pagu"
local layout = pagu._require "pagu.report.layout"
local texts = pagu._require "pagu.report.texts"
local add = pagu._require "pagu.lang".add

--- The nodes above a proposal from the program down, and the node itself; in a city its office first.
local function path_of(ctx, key)
  local node = key and ctx.view:find(key)
  local from, _, levels = layout.rows.range(ctx)
  local path = {}
  while node do
    local level = levels[node.level]
    local heads = level and level.rank == 0 and node.key ~= "/" and node.key ~= ctx.opts.only
    if level and (level.rank >= from or heads) then table.insert(path, 1, node) end
    node = node.parent
  end
  return path
end

--- Proposals of the year in tree order, so that those of one activity stand together.
local function proposals(ctx)
  local out, position = {}, {}
  for i, key in ipairs(layout.rows.places(ctx, ctx.view):keys()) do position[key] = i end
  for i, row in ipairs(texts.rows(ctx.view, "proposals")) do
    row.position, row.nth = position[row.key] or math.huge, i
    if (not row.year or row.year == ctx.year) and (position[row.key] or not ctx.opts.only) then out[#out + 1] = row end
  end
  table.sort(out, function(a, b)
    if a.position ~= b.position then return a.position < b.position end
    return a.nth < b.nth
  end)
  return out
end

--- "1 bangunan", as asked: the text, else volume and unit.
local function volume_of(row)
  if row.text then return { value = row.volume, unit = row.unit, text = row.text } end
  return row.volume and { value = row.volume, unit = row.unit }
end

local function heading(node, parent, indent)
  local row = layout.rows.of_record(node.key, { proposal = node.name }, "group")
  row.parent, row.indent = parent, indent
  return row
end

--- Rows of the nodes above the proposal that aren't printed yet; returns the lowest.
local function add_headings(ctx, list, printed, key)
  local path, parent = path_of(ctx, key), nil
  for i, node in ipairs(path) do
    if not printed[node.key] then
      printed[node.key] = heading(node, parent, i - 1)
      list[#list + 1] = printed[node.key]
      local indicator = i == #path and node:indicators()[1]
      if indicator then printed[node.key].record.indicator = indicator.name end
    end
    parent = printed[node.key]
  end
  if #path > 0 then return parent end
  if not printed[""] then -- asked for without an activity, or for one that isn't in this stage
    printed[""] = layout.rows.of_record("", { proposal = ctx.text{ id = "Belum terkait kegiatan", en = "No activity yet" } }, "group")
    list[#list + 1] = printed[""]
  end
  return printed[""]
end

local function total_of(rows)
  local sum
  for _, row in ipairs(rows) do
    if row.budget then sum = add("tc32", sum or 0, row.budget) end
  end
  return sum
end

local function proposal_rows(ctx)
  local list, printed, all = {}, {}, proposals(ctx)
  for no, q in ipairs(all) do
    local parent = add_headings(ctx, list, printed, q.key)
    local row = layout.rows.of_record(q.id, {
      no = no, proposal = q.proposal, location = q.location, volume = volume_of(q), budget = q.budget, status = q.status,
    })
    row.parent, row.indent = parent, (parent.indent or 0) + 1
    list[#list + 1] = row
  end
  if #all > 0 then
    list[#list + 1] = layout.rows.of_record("/", { proposal = ctx.text{ id = "JUMLAH", en = "TOTAL" }, budget = total_of(all) }, "total")
  end
  return list
end

return layout.report{
  name = "tc32",
  title = {
    id = "Tabel 4 (T-C.32)\nUsulan Program dan Kegiatan Masyarakat Tahun {n}\n{organisation}, {government}",
    en = "Table 4 (T-C.32)\nPrograms and Activities Proposed by Citizens {n}\n{organisation}, {government}",
  },
  from = "program",
  numbers = true,
  total_in = "proposal",
  rows = proposal_rows,
  columns = {
    { "no", "integer", { id = "No", en = "No." }, cell = "record" },
    { "proposal", "text", { id = "Program/Kegiatan", en = "Program/Activity" }, cell = "record" },
    { "location", "text", { id = "Lokasi", en = "Location" }, cell = "record" },
    { "indicator", "text", { id = "Indikator Kinerja", en = "Indicator" }, cell = "record" },
    { "volume", "measure", { id = "Besaran/Volume", en = "Volume" }, cell = "record" },
    { "budget", "money", { id = "Pagu", en = "Budget" }, cell = "record" },
    { "status", "text", { id = "Catatan", en = "Note" }, cell = "record" },
  },
}
