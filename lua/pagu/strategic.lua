--- pagu.strategic: what the strategic plan (Renstra) says of a year: budgets, and the path of a target to its end.
local _, pagu = ...
pagu = pagu or require "pagu"
local lang = pagu._require "pagu.lang"
local say = lang.say

lang.add_texts {
  strategic_none = { id = "rencana ini tidak punya tahap rencana strategis", en = "this plan has no stage of a strategic plan" },
  strategic_ends = {
    id = "%s: rencana strategis %s berakhir tahun %s, jadi %d tidak punya jalur",
    en = "%s: the strategic plan %s ends in %s, so that %d has no path",
  },
  strategic_no_value = { id = "%s tidak punya %s %d dalam rencana strategis", en = "%s has no %s of %d in the strategic plan" },
}

local M = {}

--- The view of the stage with the role "strategic".
function M.view(s)
  for row in s:stages():each() do
    if row.role == "strategic" then return s:stage(row.stage) end
  end
  pagu._raise("unknown_stage", say "strategic_none")
end

function M.last_year(s)
  return math.tointeger(tonumber(s.meta["strategic.end"] or ""))
end

--- Value and mark of a node's field in the strategic stage, by key; nil where it has none.
function M.budget(plan, node, field, year)
  local here = plan:find(node.key)
  if here then return plan:get(here, field, year) end
end

--- Raise why there is no value: the plan has ended, or says nothing.
function M.refuse(s, item, field, year)
  local last, id = M.last_year(s), item.key
  if last and year > last then
    pagu._raise("no_history", say("strategic_ends", id, s.meta["strategic.name"] or "", ("%d"):format(last), year), id)
  end
  pagu._raise("no_history", say("strategic_no_value", id, field, year), id)
end

--- What is left of a summable target after the year from, spread over the years to the end.
local function remaining(s, indicator, goal, from, year, last, whole)
  local done = s:get(indicator, "cumulative", from)
  if not math.type(done) then return nil end
  local left = math.max(0, goal - done)
  local function to(y)
    local part = left * (y - from) / (last - from)
    return whole and math.floor(part + 0.5) or part
  end
  return to(year) - to(year - 1), left == 0 and "met" or nil
end

--- The target of a year on the way from the year from to the strategic end; a yearly target of the strategic plan
-- itself goes first. Returns the value and a flag, or nil.
function M.target(s, plan, indicator, from, year)
  local ok, own = pcall(function() return (plan:get(indicator.id, "target", year)) end)
  if ok and math.type(own) then return own end
  local last, now = M.last_year(s), s:get(indicator, "target", from)
  local goal = s:get(indicator, "strategic_target", from)
  if not last or year > last or last <= from or not math.type(goal) then return nil end
  local whole = math.type(goal) == "integer" and math.type(now) == "integer" and indicator.unit ~= "%"
  if indicator.over_time == "sum" then return remaining(s, indicator, goal, from, year, last, whole) end
  if not math.type(now) then return nil end
  local value = now + (goal - now) * (year - from) / (last - from)
  return whole and math.floor(value + 0.5) or value
end

return M
