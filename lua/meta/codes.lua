---@meta
-- pagu: codes across packages: sums by code, code tables, moving to other codes.

---@class pagu.View
local View = {}

---@class pagu.CodeSumOptions
---@field level? string only nodes of this level; without it of every level, and then only the total is a sum of parts
---@field under? string|pagu.Node only at or below this place
---@field field? string "budget" by default
---@field year? integer
---@field period? pagu.Period

--- Sum money by code, whatever package or office a node stands in: code, name (of the first), nodes
--- (how many have the code), names (how many different names they bear), value; a row of what lies
--- outside the level and a total, so that it foots.
---@param options? pagu.CodeSumOptions
---@return pagu.Table
--- ```lua
--- local t = plan:by_code{ level = "program" }
--- assert(t[#t].value == plan:get "/")
--- ```
function View:by_code(options) end
