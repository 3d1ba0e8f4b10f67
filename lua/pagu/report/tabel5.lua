--- Tabel 5: goals and objectives with their indicators, starting value and target of year n.
-- A goal's and an objective's names are repeated on every row, so that each row reads by itself.
-- opts.tree: the classification of goals and objectives; "objective" otherwise, or the first one
-- whose classes have indicators.
local _, pagu = ...
pagu = pagu or require "pagu"
local layout = pagu._require "pagu.report.layout"
local offices = pagu._require "pagu.report.offices"

--- Indicators by "tree:class", and the first tree that has any.
local function by_class(view, only)
  local out, first = {}, nil
  for _, indicator in ipairs(view:indicators()) do
    if not indicator.node and offices.is_within(offices.mount_of(indicator), only) then
      out[indicator.owner] = out[indicator.owner] or {}
      table.insert(out[indicator.owner], indicator)
      first = first or indicator.owner:match "^(.-):"
    end
  end
  return out, first
end

local function tree_of(ctx, first)
  if ctx.opts.tree then return ctx.opts.tree end
  for row in ctx.view:trees():each() do
    if row.tree == "objective" then return row.tree end
  end
  return first
end

--- Names of indicators, each once: offices may share a goal and what measures it.
local function names_of(ctx, list)
  local out, there = {}, {}
  for _, indicator in ipairs(list or {}) do
    local name = ctx.texts.of("name", ctx.layout.names, indicator.id) or indicator.name
    if not there[name] then out[#out + 1] = name end
    there[name] = true
  end
  return table.concat(out, "; ")
end

local function top_of(classes, class)
  while class.parent do class = classes[class.parent] end
  return class
end

--- Classes that print a row: those without parts, and those above that have no class below.
local function leaves(classes)
  local has_parts, out = {}, {}
  for _, class in ipairs(classes) do
    if class.parent then has_parts[class.parent] = true end
  end
  for _, class in ipairs(classes) do
    if not has_parts[class.id] then out[#out + 1] = class end
  end
  return out
end

local function objective_rows(ctx)
  local indicators, first = by_class(ctx.view, ctx.opts.only)
  local tree, list = tree_of(ctx, first), {}
  local classes = tree and ctx.classes(tree) or {}
  for _, class in ipairs(leaves(classes)) do
    local mount = offices.mount_of_class(ctx, class.id)
    if not offices.is_within(mount, ctx.opts.only) then goto next end
    local top = top_of(classes, class)
    local record = {
      goal = top.name, goal_indicator = names_of(ctx, indicators[tree .. ":" .. top.id]),
      objective = class ~= top and class.name or nil, mount = mount ~= "" and mount or nil,
    }
    local own = class ~= top and indicators[tree .. ":" .. class.id] or {}
    for _, indicator in ipairs(own) do
      list[#list + 1] = layout.rows.of_indicator(indicator, record)
    end
    if #own == 0 then list[#list + 1] = layout.rows.of_record(class.id, record) end
    ::next::
  end
  return list
end

return layout.report{
  name = "tabel5",
  title = {
    id = "Tabel 5\nTujuan dan Sasaran Tahun {n}\n{organisation}, {government}",
    en = "Table 5\nGoals and Objectives {n}\n{organisation}, {government}",
  },
  rows = objective_rows,
  total_in = "goal",
  columns = function(ctx)
    local columns = {
      { "goal", "text", { id = "Tujuan Perangkat Daerah", en = "Goal" }, cell = "record" },
      { "goal_indicator", "text", { id = "Indikator Tujuan", en = "Goal Indicator" }, cell = "record" },
      { "objective", "text", { id = "Sasaran Perangkat Daerah", en = "Objective" }, cell = "record" },
      { "indicator", "text", { id = "Indikator Sasaran", en = "Objective Indicator" }, cell = "indicator" },
      { "baseline", "measure", { id = "Target Awal Renstra", en = "Start of the Strategic Plan" }, cell = "measure",
        field = "baseline", stage = "strategic", period = "*" },
      { "target", "measure", { id = "{n}", en = "{n}" }, cell = "measure", stage = "strategic" },
    }
    if offices.are_several(ctx) then table.insert(columns, 1, offices.column) end
    return columns
  end,
}
