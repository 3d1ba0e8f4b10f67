--- pagu.report.rows: which nodes a layout prints, over one view or several side by side.
--
-- A row is { key =, nodes = { main = node }, indicators = { id, … }, has_children = }: nodes and
-- measures by view, so that a cell asks the view that its column names.
local M = {}

--- { urusan = 1, … }: ranks of the levels, the root's is 0.
local function level_ranks(view)
  local ranks, rank = {}, 0
  for row in view:levels():each() do
    ranks[row.level] = rank
    rank = rank + 1
  end
  return ranks, rank - 1
end

--- Keys of the printed nodes of a view in tree order, and the nodes by key. Lines stand below
-- the declared levels; without `lines` they stay in their node's sum. The root of a mounted
-- package heads its rows. `only` is the key of the place to print.
local function printed_nodes(view, from, to, ranks, lines, only)
  local keys, nodes = {}, {}
  for node in view:select{ under = only or "/" }:each() do
    local rank = not node.own_line and ranks[node.level]
    local heads = rank == 0 and node.key ~= "/" and node.key ~= only
    if rank and rank >= from and rank <= to or heads or lines and not rank then
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

local function make_row(ctx, key, nodes_by_view)
  local row = { key = key, nodes = {}, has_children = false }
  for name, nodes in pairs(nodes_by_view) do
    row.nodes[name] = nodes[key]
  end
  row.indicators, row.measured = indicators_of(row, ctx.order)
  return row
end

--- Mark the rows that others stand below; rows are in tree order.
local function mark_parents(list)
  for i = 1, #list - 1 do
    local _, node = next(list[i + 1].nodes)
    list[i].has_children = node.parent ~= nil and node.parent.key == list[i].key
  end
end

--- The rows of a layout, in tree order.
function M.collect(ctx)
  local layout = ctx.layout
  local ranks, last = level_ranks(ctx.view)
  local from, to = ranks[layout.from] or 1, ranks[layout.to] or last
  local keys, nodes_by_view = nil, {}
  local seen = {}
  for _, name in ipairs(ctx.order) do
    local own, nodes = printed_nodes(ctx.views[name], from, to, ranks, layout.lines, ctx.opts.only)
    nodes_by_view[name] = nodes
    keys = keys and merge(keys, seen, own, nodes) or own
    for _, key in ipairs(own) do seen[key] = true end
  end
  local list = {}
  for i, key in ipairs(keys) do
    list[i] = make_row(ctx, key, nodes_by_view)
  end
  mark_parents(list)
  return list
end

--- The whole plan, or the place that is printed, as a row for totals.
function M.root(ctx)
  local key = ctx.opts.only or "/"
  local row = { key = key, nodes = {}, indicators = {}, measured = {} }
  for name, view in pairs(ctx.views) do
    row.nodes[name] = view:node(key)
  end
  return row
end

return M
