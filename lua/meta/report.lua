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

--- Label of a percentage by the package's scale, or another one's name: an average of rates for
--- instance, which no node has. Error "not_found" lists the scales.
---@param percent number
---@param scale? string
---@return string
--- ```lua
--- assert(plan:rating(91) == "sangat tinggi" and plan:rating(90.9) == "tinggi")
--- ```
function View:rating(percent, scale) end
