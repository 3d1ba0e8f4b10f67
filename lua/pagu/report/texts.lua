--- pagu.report.texts: the package's texts (notes, names, causes) by kind, stage and owner.
local _, pagu = ...
pagu = pagu or require "pagu"

local M = { helper = true } -- no report of its own

--- Rows of a document table of the package; none if it has no such table.
function M.rows(view, name)
  local ok, t = pcall(view.table, view, name)
  return ok and t:rows() or {}
end

local function owner_of(key)
  return key == "/" and "." or key
end

local function index(view)
  local out = {}
  for _, row in ipairs(M.rows(view, "texts")) do
    local key = row.kind .. "\0" .. row.owner
    out[key] = out[key] or {}
    table.insert(out[key], row)
  end
  for _, list in pairs(out) do
    for i, row in ipairs(list) do row.order = { tonumber(row.rank) or 0, i } end
    table.sort(list, function(a, b)
      if a.order[1] ~= b.order[1] then return a.order[1] < b.order[1] end
      return a.order[2] < b.order[2]
    end)
  end
  return out
end

--- How well a text suits: its language, then its year. Higher is better.
local function fitness(row, lang, year)
  local period = row.period == tostring(year) and 2 or row.period == "*" and 1 or 0
  return (row.lang == lang and 4 or 0) + period
end

--- The texts of a view for a report in a language about a year.
function M.open(view, lang, year)
  local by_owner
  local function all(kind, owner)
    by_owner = by_owner or index(view)
    return by_owner[kind .. "\0" .. owner_of(owner)] or {}
  end
  local texts = {}

  --- The text that suits best: of a kind, for a stage, of a node, indicator or class.
  function texts.of(kind, stage, owner)
    local best, how = nil, -1
    for _, row in ipairs(all(kind, owner)) do
      local fit = fitness(row, lang, year)
      if row.stage == stage and fit > how then best, how = row.text, fit end
    end
    return best
  end

  --- Every text of a kind that applies: of the view's stage or the common one, in the language
  -- if there are any, and of a period for which `is_wanted` is true (any, without it).
  function texts.list(kind, owner, is_wanted)
    local own, others = {}, {}
    for _, row in ipairs(all(kind, owner)) do
      if (row.stage == view.stage_id or row.stage == "common") and (not is_wanted or is_wanted(row.period)) then
        table.insert(row.lang == lang and own or others, row.text)
      end
    end
    return #own > 0 and own or others
  end

  return texts
end

return M
