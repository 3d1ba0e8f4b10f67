--- pagu.report.offices: whose an indicator is, in a city that mounts its offices.
local M = {}

--- The mount that an indicator comes from: "dinsos", "kota-a/dinsos", or "" of the plan's own.
function M.mount_of(indicator)
  return indicator.id:match "^(.*)/" or ""
end

local function starts(text, with)
  return (text .. "/"):sub(1, #with + 1) == with .. "/"
end

--- A place that is printed has the indicators of its office, a city of a province those of all its offices.
function M.is_within(mount, only)
  if type(only) ~= "string" or only == "/" or mount == "" then return true end
  return starts(mount, only) or starts(only, mount)
end

--- true if indicators that belong to no node come from more than one office and the plan names its offices.
function M.are_several(ctx)
  return ctx.kept("several offices", function()
    local first, several
    for _, indicator in ipairs(ctx.view:indicators()) do
      local mount = M.mount_of(indicator)
      if not indicator.node and M.is_within(mount, ctx.opts.only) then
        first = first or mount
        several = several or mount ~= first
      end
    end
    for tree in ctx.view:trees():each() do
      if tree.tree == "office" then return several or false end
    end
    return false
  end)
end

local function name(ctx, _, row)
  local indicator = row.measured[row.indicators[1]]
  if not indicator then return nil end
  local mount = M.mount_of(indicator.main)
  local class = ctx.classes "office"[mount]
  return class and class.name or mount
end

M.column = { "office", "text", { id = "Perangkat Daerah", en = "Office" }, cell = name }

return M
