--- pagu.report.rows: which nodes a layout prints, over one view or several side by side.
--
-- A row is { key =, nodes = { main = node }, indicators = { id, … }, parent = row }: nodes and
-- measures by view, so that a cell asks the view that its column names. measured[id][view] is the
-- indicator. Rows that a layout makes itself may have record = { column = value }, style =
-- "group" | "total", indent, and parent = one of the rows.
local _, pagu = ...
pagu = pagu or require "pagu"
local fail = pagu._require "pagu.lang".fail

local M = { helper = true } -- no report of its own

--- Levels below the root, highest first: { level =, name =, name_en =, rank = }, also by id.
function M.levels(view)
  local list, by_id = {}, {}
  for row in view:levels():each() do
    row.rank = #list
    list[#list + 1], by_id[row.level] = row, row
  end
  table.remove(list, 1)
  return list, by_id
end

--- A level that the reader names must be one of the plan's.
local function check_level(id, by_id, view)
  if id == nil or by_id[id] and by_id[id].rank > 0 then return end
  local known = {}
  for _, level in ipairs(M.levels(view)) do known[#known + 1] = level.level end
  fail("unknown_level", "no_level", tostring(id), table.concat(known, ", "))
end

--- Ranks from … to of the levels that a layout prints, by its own or the reader's wish. A plan
-- that lacks a layout's last level prints its highest, one that lacks the first starts with it.
function M.range(ctx)
  local _, by_id = M.levels(ctx.view)
  check_level(ctx.opts.from, by_id, ctx.view)
  check_level(ctx.opts.level, by_id, ctx.view)
  local function rank_of(id, otherwise)
    return by_id[id] and by_id[id].rank or otherwise
  end
  local last = #M.levels(ctx.view)
  local wanted = ctx.opts.level or ctx.layout.to
  local from = rank_of(ctx.opts.from or ctx.layout.from, 1)
  local to = wanted and rank_of(wanted, 1) or last
  if to >= 1 then from = math.min(from, to) end
  return from, to, by_id
end

--- The places that the reader wants, as a selection of a view; nil if the view has none of them.
function M.places(ctx, view)
  if not ctx.opts.only then return view:select{ under = "/" } end
  local ok, found = pcall(view.select, view, { under = ctx.opts.only })
  if ok then return found end
  if #ctx.order == 1 then error(found, 0) end
  ctx.missed = found
end

--- Keys of the printed nodes of a view in tree order, and the nodes by key. Lines stand below
-- the declared levels; without `lines` they stay in their node's sum. The root of a mounted
-- package heads its rows.
local function printed_nodes(ctx, view, from, to, levels)
  local keys, nodes = {}, {}
  local selection = M.places(ctx, view)
  local function is_printed(node)
    local level = not node.own_line and levels[node.level]
    if not level then return ctx.layout.lines and not ctx.opts.level end
    local heads = level.rank == 0 and node.key ~= "/" and node.key ~= ctx.opts.only
    return level.rank >= from and level.rank <= to or heads
  end
  for node in (selection and selection:each() or function() end) do
    if is_printed(node) then
      keys[#keys + 1] = node.key
      nodes[node.key] = node
    end
  end
  return keys, nodes
end

--- Codes by segment: 1.06.02 < 1.06.10, a parent before its children.
local function comes_before(a, b)
  local next_a, next_b = a:gmatch "[^.#/]+", b:gmatch "[^.#/]+"
  while true do
    local x, y = next_a(), next_b()
    if not x or not y then return x == nil and y ~= nil end
    local m, n = tonumber(x), tonumber(y)
    if m and n and m ~= n then return m < n end
    if not (m and n) and x ~= y then return x < y end
  end
end

--- Merge two lists in tree order; `in_a` and `in_b` tell membership.
local function merge(a, in_a, b, in_b)
  local out, i, j = {}, 1, 1
  while a[i] or b[j] do
    local x, y = a[i], b[j]
    local only_x = x and not in_b[x] and (not y or in_a[y] or comes_before(x, y))
    out[#out + 1] = only_x and x or y
    i = (only_x or x == y) and i + 1 or i
    j = only_x and j or j + 1
  end
  return out
end

local function indicators_of(row, order)
  local ids, by_id = {}, {}
  for _, name in ipairs(order) do
    local node = row.nodes[name]
    for _, indicator in ipairs(node and node:indicators() or {}) do
      local id = indicator.id
      if not by_id[id] then
        by_id[id], ids[#ids + 1] = {}, id
      end
      by_id[id][name] = indicator
    end
  end
  return ids, by_id
end

--- A row of one node in each view that has it.
function M.of_nodes(ctx, key, nodes)
  local row = { key = key, nodes = nodes }
  row.indicators, row.measured = indicators_of(row, ctx.order)
  return row
end

--- A row of one indicator, of a node or of a class.
function M.of_indicator(indicator, record)
  return { key = indicator.id, nodes = {}, indicators = { indicator.id },
    measured = { [indicator.id] = { main = indicator } }, record = record or {} }
end

--- A row of values that the layout gives itself.
function M.of_record(key, record, style)
  return { key = key, nodes = {}, indicators = {}, measured = {}, record = record, style = style }
end

local function any_node(row, order)
  for _, name in ipairs(order) do
    if row.nodes[name] then return row.nodes[name] end
  end
end

--- Link every row to the nearest printed row above it.
function M.link(list, order)
  local by_key = {}
  for _, row in ipairs(list) do by_key[row.key] = row end
  for _, row in ipairs(list) do
    local node = any_node(row, order)
    node = node and node.parent
    while node and not by_key[node.key] do node = node.parent end
    row.parent = node and by_key[node.key]
    if row.parent then row.parent.has_children = true end
  end
  return list
end

--- The rows of a layout, in tree order.
function M.collect(ctx)
  local from, to, levels = M.range(ctx)
  local keys, nodes_by_view, seen = nil, {}, {}
  for _, name in ipairs(ctx.order) do
    local own, nodes = printed_nodes(ctx, ctx.views[name], from, to, levels)
    nodes_by_view[name] = nodes
    keys = keys and merge(keys, seen, own, nodes) or own
    for _, key in ipairs(own) do seen[key] = true end
  end
  if ctx.missed and #keys == 0 then error(ctx.missed, 0) end
  local list = {}
  for _, key in ipairs(keys) do
    local nodes = {}
    for name, of_view in pairs(nodes_by_view) do nodes[name] = of_view[key] end
    local row = M.of_nodes(ctx, key, nodes)
    if not ctx.layout.keep or ctx.layout.keep(row, ctx) then list[#list + 1] = row end
  end
  return M.link(list, ctx.order)
end

--- What the totals are of: the whole plan, or the places that the reader wants.
function M.root(ctx)
  local row = { key = "/", nodes = {}, indicators = {}, measured = {}, sums = {} }
  for name, view in pairs(ctx.views) do
    local one = type(ctx.opts.only) == "string" and view:find(ctx.opts.only)
    if one then -- an office, a program: its own figures, derived ones too
      row.nodes[name] = one
    elseif ctx.opts.only then
      local ok, found = pcall(view.select, view, ctx.opts.only)
      row.sums[name] = ok and found or nil
    else
      row.nodes[name] = view:node "/"
    end
  end
  return row
end

return M
