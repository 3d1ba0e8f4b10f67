--- pagu.report.factors: why targets were or weren't met, from the package's texts: driver,
-- obstacle and follow_up, of the whole plan and of its nodes and indicators.
local M = { helper = true } -- no report of its own

M.headings = {
  driver = { id = "Faktor pendorong keberhasilan kinerja", en = "What drove the achievement" },
  obstacle = { id = "Faktor penghambat pencapaian kinerja", en = "What hindered the achievement" },
  next_quarter = { id = "Tindak lanjut yang diperlukan dalam triwulan berikutnya", en = "Action needed in the next quarter" },
  next_plan = { id = "Tindak lanjut yang diperlukan dalam Renja berikutnya", en = "Action needed in the next work plan" },
}

local function is_part(period)
  return period:match "^%d+[QSM]%d+$" ~= nil
end

--- Whether a text's period is of the report's year, or of none.
local function is_of_year(ctx, period)
  return period == "*" or period:match "^%d+" == tostring(ctx.factor_year or ctx.year)
end

--- Texts of a kind about an owner in the year; `part` true or false: only of a quarter, or not.
function M.texts(ctx, kind, owner, part)
  return ctx.texts.list(kind, owner, function(period)
    return is_of_year(ctx, period) and (part == nil or is_part(period) == part)
  end)
end

local function add_of_nodes(ctx, out, kind, part)
  for node in ctx.view:select{ under = ctx.opts.only or "/" }:each() do
    local owners = { node.key }
    for _, indicator in ipairs(node:indicators()) do owners[#owners + 1] = indicator.id end
    for _, owner in ipairs(owners) do
      for _, text in ipairs(M.texts(ctx, kind, owner, part)) do
        out[#out + 1] = node.key == "/" and text or ("%s: %s"):format(node.code ~= "" and node.code or node.name, text)
      end
    end
  end
end

local function line(ctx, heading, kind, part)
  local list = {}
  add_of_nodes(ctx, list, kind, part)
  return ctx.text(M.headings[heading]) .. ": " .. (#list > 0 and table.concat(list, "; ") or "-")
end

--- The closing lines of form E.81; a dash where the package says nothing.
function M.lines(ctx)
  return {
    line(ctx, "driver", "driver"),
    line(ctx, "obstacle", "obstacle"),
    line(ctx, "next_quarter", "follow_up", true),
    line(ctx, "next_plan", "follow_up", false),
  }
end

return M
