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
--   year = -2          the report's {n} counted from the plan year, unless the caller names it
--   name = "pagu"      of the table: its sheet, file or anchor
--   numbers = true     numbers the columns 1, 2, 3 … under the headings; a column's number =
--                      "8=(7/6)" says it otherwise
--   columns = function(ctx) … end     columns that depend on the plan
--   rows = function(ctx) … end        rows of its own (see rows.lua) instead of the tree's
--   views = function(view, opts) return { draft = v1, need = v2 }, { "draft", "need" } end
--       several views side by side; a column names its view, the rows are those of any of them
--   names = "stage"    names as each stage prints them (texts of kind "name"), or a stage's id
--   width = 190        of aligned text, when the caller names none
--   lines = true       also what stands below the last level: details, added lines
--   keep  = function(row, ctx) … end  false leaves a row out
--   closing = function(ctx, rows) … end   rows after the total
--   note  = { id =, en = }            printed below the table
--   notes = function(ctx, rows) … end more of them: a list of texts
-- Words in braces: {n}, {n+1}, {n-2} (years), {view}, {organisation}, {government}, {levels}
-- (names of the levels printed), {start}, {end}, {strategic} (years and name of the strategic plan).
local _, pagu = ...
pagu = pagu or require "pagu"
local cells = pagu._require "pagu.report.cells"
local rows = pagu._require "pagu.report.rows"
local context = pagu._require "pagu.report.context"
local words = pagu._require "pagu.report.words"

local M = { helper = true } -- no report of its own

M.words = words
M.rows = rows

local function columns_of(ctx)
  local columns = ctx.layout.columns
  return type(columns) == "function" and columns(ctx) or columns
end

local function title_of(ctx)
  local title = ctx.text(ctx.layout.title)
  return ctx.unit_text and title .. "\n" .. ctx.unit_text or title
end

local function new_table(ctx)
  local spec = { title = title_of(ctx), name = ctx.layout.name,
    decimals = ctx.divisor == 1 and ctx.view.decimals or 0 }
  for i, column in ipairs(ctx.columns) do
    local number = ctx.layout.numbers and (column.number or tostring(i)) or nil
    spec[i] = { name = column[1], type = column[2], title = ctx.text(column[3]), number = number }
  end
  return pagu.table(spec)
end

--- A cell for pagu.table of what a cell function returned: one value, or all that get gives
-- (money and its dash; number, unit and text; text and unit), so that a dash stays a dash. What
-- can't be a number says why.
local function cell_of(ctx, column, row, value, unit, text)
  if unit == "-" then return "-" end
  if value == nil then
    return words.states[text] and { text = ctx.mark(text, column, row) } or nil
  end
  if column[2] == "money" and math.type(value) == "integer" then return ctx.scaled(value) end
  if column[2] ~= "measure" or type(value) == "table" then return value end
  if type(value) == "string" then return { text = value } end
  return { value = value, unit = unit, text = text }
end

local function read_cell(ctx, column, row, nth)
  local given = row.record and row.record[column[1]]
  if given ~= nil then return cell_of(ctx, column, row, given) end
  local cell = cells[column.cell] or column.cell
  return cell_of(ctx, column, row, cell(ctx, column, row, nth))
end

--- The values of one printed line. A node with several indicators takes several lines;
-- those after the first carry only what belongs to the indicator.
local function line_of(ctx, row, nth)
  local values = {}
  for _, column in ipairs(ctx.columns) do
    if nth == 1 or cells.of_indicator[column.cell] or column.of_indicator then
      values[column[1]] = read_cell(ctx, column, row, nth)
    end
  end
  return values
end

--- Whether any of the columns has a value, a dash included, in a row.
function M.has_value(ctx, columns, row)
  for nth = 1, math.max(1, #row.indicators) do
    for _, column in ipairs(columns) do
      if (cells[column.cell] or column.cell)(ctx, column, row, nth) ~= nil then return true end
    end
  end
  return false
end

local function name_column(ctx)
  return ctx.layout.total_in or "name"
end

local function add_total(ctx, t)
  local root, values = rows.root(ctx), {}
  for _, column in ipairs(ctx.columns) do
    if cells.of_total[column.cell] or type(column.cell) == "function" then
      values[column[1]] = read_cell(ctx, column, root, 1)
    end
  end
  values[name_column(ctx)] = ctx.text(ctx.layout.total)
  t:add(values, { style = "total" })
end

local function add_row(ctx, t, row, number_of)
  local style = row.style or row.has_children and "group" or "normal"
  for nth = 1, math.max(1, #row.indicators) do
    t:add(line_of(ctx, row, nth), { style = style, indent = row.indent, parent = nth > 1 and number_of[row] or number_of[row.parent] })
    number_of[row] = number_of[row] or #t
  end
end

--- The value that a named column prints in a row, nil if it is no value.
function M.value(ctx, name, row, nth)
  for _, column in ipairs(ctx.columns) do
    if column[1] == name then
      return ((cells[column.cell] or column.cell)(ctx, column, row, nth))
    end
  end
end

local function add_notes(ctx, t, list)
  for _, note in ipairs(ctx.state_notes()) do t:note(note) end
  if ctx.rounded then t:note(ctx.text(context.rounding)) end
  if ctx.layout.note then t:note(ctx.text(ctx.layout.note)) end
  for _, note in ipairs(ctx.layout.notes and ctx.layout.notes(ctx, list) or {}) do t:note(note) end
end

--- Build the table of a layout for a view. opts: lang = "id" | "en", year, unit = 1000, level (the
-- last one printed), from, only (a place), width (of aligned text; a report that is given none is
-- set to the layout's).
function M.build(layout, view, opts)
  opts = opts or {}
  opts.width = opts.width or layout.width or 180 -- names of programs are long
  local ctx = context.open(layout, view, opts)
  local list = (layout.rows or rows.collect)(ctx)
  ctx.columns = columns_of(ctx)
  local t, number_of = new_table(ctx), {}
  for _, row in ipairs(list) do add_row(ctx, t, row, number_of) end
  if #list == 0 then
    t:add{ [name_column(ctx)] = ctx.text(words.nihil) }
  elseif layout.total then
    add_total(ctx, t)
  end
  if #list > 0 and layout.closing then
    for _, row in ipairs(layout.closing(ctx, list)) do add_row(ctx, t, row, number_of) end
  end
  add_notes(ctx, t, list)
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
