--- pagu.documents: document tables of a package as scripts like to read them.
-- plan:table "proposals" gives its rows the names that s:add takes, whatever the file calls them.
local _, pagu = ...
pagu = pagu or require "pagu"

local M = { rows = {} }

--- id (of the proposal), key (of the node), proposal (its name), budget (money), volume (number).
function M.rows.proposals(plan)
  local unit = math.tointeger(tonumber(plan.meta.unit)) or 1
  return function(row)
    row.id, row.key, row.proposal = row.proposal, row.node, row.name
    row.budget = row.amount and pagu._amount(row.amount, unit, plan.decimals)
    row.volume = row.volume and (math.tointeger(tonumber(row.volume)) or tonumber(row.volume))
    row.year = math.tointeger(tonumber(row.period))
    return row
  end
end

--- The method `table` of plans and views, with the rows above.
function M.wrap(get)
  return function(view, name)
    local t = get(view, name)
    local rows = M.rows[name]
    return rows and t:_map(rows(view)) or t
  end
end

return M
