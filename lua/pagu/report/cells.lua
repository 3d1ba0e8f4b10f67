--- pagu.report.cells: what a layout's column may print. Each is cell(ctx, column, row, nth):
-- a value for pagu.table, all that view:get returns (`return node.budget(ctx.year)`, where
-- node.budget[ctx.year] would lose a dash), or nil for a blank.
--
--   code, name, indicator
--   money    field = "budget", year = 0        of the node; year counts from the plan year
--   measure  field = "target", year = 0        of the nth indicator
--            period = "..{n-3}"                instead of a year; "*" is timeless
--            stage = "strategic"               read from the stage of that role
--   strategic_target                           of the nth indicator, at the end of that stage
--   derived  field = "absorption", year = 0    a computed field of the node
--   change, change_percent                     between columns' views: of = { "base", "main" }
--   class    tree = "fund", declared = true    what the node itself declares, not what it inherits
--            path = true, part = "top" | "rest"  how it is printed
--   ancestor level = "program"                 "code - name" of the node above, or itself
--   text     kind = "note"                     of the package's texts
--   record   of = the column's name            what the row's record has
-- `view` names the view to read, where the layout has several.
local M = {}

--- Cells that a node's second and later indicators print, and cells that totals print.
M.of_indicator = { indicator = true, measure = true, strategic_target = true }
M.of_total = { money = true, change = true, change_percent = true, derived = true }

local function view_name(ctx, column)
  return column.view or ctx.order[1]
end

local function any_node(ctx, column, row)
  local node = row.nodes[view_name(ctx, column)]
  if node or column.view then return node end
  for _, name in ipairs(ctx.order) do
    if row.nodes[name] then return row.nodes[name] end
  end
end

--- A name as the layout wants it: names = "stage" as the stage prints it, or a stage's id.
local function name_of(ctx, column, owner, final)
  local stage = ctx.layout.names
  if not stage then return final end
  if stage == "stage" then stage = ctx.views[view_name(ctx, column)].stage_id end
  return ctx.texts.of("name", stage, owner) or final
end

function M.code(ctx, column, row)
  local node = any_node(ctx, column, row)
  return node and node.code
end

function M.name(ctx, column, row)
  local node = any_node(ctx, column, row)
  return node and name_of(ctx, column, node.key, node.name)
end

--- The nth indicator of a row and the view that has it.
local function any_indicator(ctx, column, row, nth)
  local by_view = row.measured[row.indicators[nth]]
  if not by_view then return nil end
  for _, name in ipairs(column.view and { column.view } or ctx.order) do
    if by_view[name] then return by_view[name], ctx.views[name] end
  end
end

function M.indicator(ctx, column, row, nth)
  local indicator = any_indicator(ctx, column, row, nth)
  return indicator and name_of(ctx, column, indicator.id, indicator.name)
end

function M.measure(ctx, column, row, nth)
  local indicator, view = any_indicator(ctx, column, row, nth)
  if not indicator then return nil end
  local field, period = column.field or "target", ctx.period(column)
  if column.stage == "strategic" then return ctx.strategic_value(indicator, field, period) end
  return ctx.read(view, indicator, field, period)
end

--- The end value of the strategic stage; a target that is text is printed as it is.
function M.strategic_target(ctx, column, row, nth)
  local indicator, view = any_indicator(ctx, column, row, nth)
  if not indicator then return nil end
  local value, unit, text = ctx.read(view, indicator, "strategic_target", ctx.period(column))
  if value ~= nil or not text then return value, unit, text end
  for _, period in ipairs{ "..{end}", "{end}" } do
    local stated, its_unit, its_text = ctx.strategic_value(indicator, "target", ctx.text(period))
    if stated ~= nil then return stated, its_unit, its_text end
  end
  return value, unit, text
end

local function money_in(ctx, column, row, name)
  local field, period = column.field or "budget", ctx.period(column)
  if row.sums and row.sums[name] then
    return ctx.in_frame(period) and row.sums[name][field][period]:sum() or nil
  end
  local node = row.nodes[name]
  if not node then return nil end
  if column.stage == "strategic" then return ctx.strategic_value(node.key, field, period) end
  return ctx.read(ctx.views[name], node, field, period)
end

function M.money(ctx, column, row)
  return money_in(ctx, column, row, view_name(ctx, column))
end

function M.derived(ctx, column, row)
  local name = view_name(ctx, column)
  local node = row.nodes[name]
  return node and ctx.read(ctx.views[name], node, column.field, ctx.period(column))
end

local function both(ctx, column, row)
  return money_in(ctx, column, row, column.of[1]) or 0, money_in(ctx, column, row, column.of[2]) or 0
end

function M.change(ctx, column, row)
  local before, after = both(ctx, column, row)
  return after - before
end

function M.change_percent(ctx, column, row)
  local before, after = both(ctx, column, row)
  return before ~= 0 and 100 * (after - before) / before or nil
end

--- A class as documents print it: its id; the path of names below the top's id; or the name of
-- the top of its tree, or its own if it stands below one (goal and objective).
local function class_text(classes, column, id)
  local class = classes[id]
  if column.part == "top" then
    return class.parent and class_text(classes, column, class.parent) or class.name
  elseif column.part == "rest" then
    return class.parent and class.name
  elseif column.part == "name" then
    return class.name
  elseif column.path and class.parent then
    return class_text(classes, column, class.parent) .. " / " .. class.name
  end
  return id
end

function M.class(ctx, column, row)
  local node = any_node(ctx, column, row)
  local found = node and (column.declared and node.declared or node.tag)[column.tree]
  if not found then return nil end
  local list, seen = {}, {}
  for _, id in ipairs(type(found) == "table" and found or { found }) do
    local text = class_text(ctx.classes(column.tree), column, id)
    if text and not seen[text] then list[#list + 1] = text end
    seen[text or ""] = true
  end
  return #list > 0 and table.concat(list, column.between or ", ") or nil
end

function M.ancestor(ctx, column, row)
  local node = any_node(ctx, column, row)
  while node and node.level ~= column.level do node = node.parent end
  return node and (node.code ~= "" and node.code .. " - " or "") .. name_of(ctx, column, node.key, node.name)
end

function M.text(ctx, column, row)
  local node = any_node(ctx, column, row)
  if not node then return nil end
  return ctx.texts.of(column.kind, ctx.views[view_name(ctx, column)].stage_id, node.key)
    or ctx.texts.of(column.kind, "common", node.key)
end

function M.record(_, column, row)
  return row.record and row.record[column.of or column[1]]
end

return M
