--- pagu.report.layout: a printed table from a layout, so that a new report is data.
--
--     local layout = require "pagu.report.layout"
--     return layout.report{
--       title   = { id = "Pagu {n} {organisation}", en = "Budget {n} {organisation}" },
--       from    = "program",                                  -- first level printed; to = last
--       columns = {
--         { "code",   "text",  { id = "Kode", en = "Code" },              cell = "code" },
--         { "budget", "money", { id = "Pagu {n}", en = "Budget {n}" },    cell = "money" },
--       },
--       total   = { id = "JUMLAH", en = "TOTAL" },            -- printed in the column of names
--     }
--
-- A layout may also have
--   views = function(view, opts) return { draft = v1, need = v2 }, { "draft", "need" } end
--       several views side by side; a column names its view, the rows are those of any of them
--   names = "stage"    names as each stage prints them (texts of kind "name")
--   width = 190        of aligned text, when the caller names none
--   lines = true       also what stands below the last level: details, added lines
--   keep  = function(row) … end       false leaves a row out
-- Words in braces: {n}, {n+1}, {n-2} (years), {view}, {organisation}, {government}.
local _, pagu = ...
pagu = pagu or require "pagu"
local cells = pagu._require "pagu.report.cells"
local rows = pagu._require "pagu.report.rows"

local M = { helper = true } -- no report of its own

local function in_language(text, lang)
  return type(text) == "table" and (text[lang] or text.id) or text
end

--- Fill the words in braces.
local function fill(text, ctx)
  local words = { organisation = ctx.organisation, government = ctx.meta.government, view = ctx.view.name }
  return (text:gsub("{([%w+-]+)}", function(word)
    local offset = word == "n" and 0 or word:match "^n([+-]%d+)$"
    if offset then return tostring(ctx.year + math.tointeger(tonumber(offset))) end
    return words[word]
  end))
end

--- What titles call the place that is printed: the whole's name, or that of its office.
local function organisation(view, only)
  if not only then return view.meta.organisation end
  local node = view:node(only)
  for tree in view:trees():each() do
    if tree.tree == "office" and node.tag.office then
      for _, class in ipairs(view:classes "office") do
        if class.id == node.tag.office then return class.name end
      end
    end
  end
  return view.meta.organisation
end

local function make_context(layout, view, opts)
  opts.only = opts.only and view:node(opts.only).key
  local ctx = {
    layout = layout, view = view, opts = opts, lang = opts.lang or pagu.lang(),
    year = opts.year or view.year, meta = view.meta, cache = {},
    organisation = organisation(view, opts.only),
  }
  if layout.views then
    ctx.views, ctx.order = layout.views(view, opts)
  else
    ctx.views, ctx.order = { main = view }, { "main" }
  end
  ctx.text = function(text) return fill(in_language(text, ctx.lang), ctx) end
  return ctx
end

local function new_table(ctx)
  local spec = { title = ctx.text(ctx.layout.title), decimals = ctx.view.decimals }
  for i, column in ipairs(ctx.layout.columns) do
    spec[i] = { name = column[1], type = column[2], title = ctx.text(column[3]) }
  end
  return pagu.table(spec)
end

--- A cell for pagu.table of what a cell function returned: one value, or all that get gives
-- (money and its dash; number, unit and text; text and unit), so that a dash stays a dash.
local function cell_of(column, value, unit, text)
  if unit == "-" then return "-" end
  if column[2] ~= "measure" or value == nil or type(value) == "table" then return value end
  if type(value) == "string" then return { text = value } end
  return { value = value, unit = unit, text = text }
end

--- The values of one printed line. A node with several indicators takes several lines;
-- those after the first carry only what belongs to the indicator.
local function line_of(ctx, row, nth)
  local values = {}
  for _, column in ipairs(ctx.layout.columns) do
    local cell = cells[column.cell] or column.cell
    if nth == 1 or cells.of_indicator[column.cell] then
      values[column[1]] = cell_of(column, cell(ctx, column, row, nth))
    end
  end
  return values
end

local function add_total(ctx, t)
  local root, values = rows.root(ctx), {}
  for _, column in ipairs(ctx.layout.columns) do
    if cells.of_total[column.cell] or type(column.cell) == "function" then
      values[column[1]] = cell_of(column, (cells[column.cell] or column.cell)(ctx, column, root, 1))
    end
  end
  values[ctx.layout.total_in or "name"] = ctx.text(ctx.layout.total)
  t:add(values, { style = "total" })
end

--- Build the table of a layout for a view. opts: lang = "id" | "en", year, only = key of the place to
-- print (an office of a city, a program), width (of aligned text;
-- a report that is given none is set to the layout's).
function M.build(layout, view, opts)
  opts = opts or {}
  opts.width = opts.width or layout.width or 180 -- names of programs are long
  local ctx = make_context(layout, view, opts)
  local t = new_table(ctx)
  for _, row in ipairs(rows.collect(ctx)) do
    if not layout.keep or layout.keep(row, ctx) then
      for nth = 1, math.max(1, #row.indicators) do
        t:add(line_of(ctx, row, nth), { style = row.has_children and "group" or "normal" })
      end
    end
  end
  if layout.total then add_total(ctx, t) end
  if layout.note then t:note(ctx.text(layout.note)) end
  return t
end

--- Raise an error in the language of messages: text = { id =, en = }.
function M.fail(code, text, ...)
  return pagu._raise(code, text[pagu.lang()]:format(...))
end

--- A report module of a layout: what pagu.report looks for.
function M.report(layout)
  return {
    title = layout.title,
    layout = layout,
    build = function(view, opts) return M.build(layout, view, opts) end,
  }
end

return M
