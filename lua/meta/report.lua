---@meta pagu
-- What report layouts read beside nodes and their values; continues pagu.lua.

---@class pagu.View
local View = {}

--- Indicators of the view in the package's order: all, or those of one owner, a node's key or
--- "tree:class" (goals and objectives have indicators too).
---@param owner? string
---@return pagu.Indicator[]
--- ```lua
--- assert(plan:indicators "objective:1.1"[1].target(2024) == nil)
--- assert(#plan:indicators() > #plan:indicators "1.06.04")
--- ```
function View:indicators(owner) end
