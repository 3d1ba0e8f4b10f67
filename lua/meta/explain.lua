---@meta
-- Why values are what they are, from a node. What the rows mean: docs/explanation.md.

---@class pagu.Node
local Node = {}

--- Explain a value of this node: `view:explain(node.key, field, period, options)`.
---@param field? string
---@param period? pagu.Period
---@param options? { depth?: integer, rows?: integer, json?: boolean }
---@return pagu.Table|string
--- ```lua
--- s:cut{ at = "1.06.04", percent = 10 }
--- for row in s["1.06.04.2.01.01"]:explain "budget":each() do
---   if row.kind == "basis" then print(row.name, row.value, row.reason) end
--- end
--- assert(plan["1.06.01"]:explain("achievement", 2022)[1].kind == "formula")
--- ```
function Node:explain(field, period, options) end
