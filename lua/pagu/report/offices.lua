--- pagu.report.offices: whose a row is, in a city that mounts its offices.
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

--- Does the plan name its offices?
function M.are_named(ctx)
  return ctx.kept("named offices", function()
    for tree in ctx.view:trees():each() do
      if tree.tree == "office" then return true end
    end
    return false
  end)
end

--- The mount whose own class it is ("dinsos" of "dinsos/1.2"), or "".
function M.mount_of_class(ctx, id)
  local mount = id:match "^(.*)/"
  return mount and M.are_named(ctx) and ctx.classes "office"[mount] and mount or ""
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
    return several and M.are_named(ctx) or false
  end)
end

local function name(ctx, _, row)
  local indicator = row.measured[row.indicators[1]]
  local mount = indicator and M.mount_of(indicator.main) or row.record and row.record.mount
  local class = mount and ctx.classes "office"[mount]
  return class and class.name or mount
end

M.column = { "office", "text", { id = "Perangkat Daerah", en = "Office" }, cell = name }

return M
