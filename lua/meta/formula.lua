---@meta pagu.formula
-- Formulas: derived fields, values and columns from text. docs/formulas.md has the language.

---@class pagu.View
local View = {}

--- Compute a formula: at a node (its main indicator's measures), at an indicator (its node's money),
--- or at the whole plan. What has no value for a reason gives nil, nil and the reason: "unit clash",
--- "zero target", "zero divisor", "not one number". Errors name the character: "syntax",
--- "unknown_field", "unknown_level", "unknown_stage", "out_of_frame", "argument" (kinds that don't fit).
---@param text string
---@param place? string|pagu.Node|pagu.Indicator the whole plan by default
---@param period? pagu.Period of fields without one; year n by default
---@return integer|number|boolean|string|nil value
---@return string? unit
---@return string? text beside the number, or why there is none
--- ```lua
--- assert(plan:formula "count(program, budget > 1000000000)" == 2)
--- assert(plan:formula("budget / target", "1.06.04.2.01.01") == 250000)
--- assert(plan:formula "sum(lines under '1.06.04', budget)" == plan:get "1.06.04")
--- ```
function View:formula(text, place, period) end

--- Define a field by a formula, or by a column, for every view of the plan until it is closed. It reads
--- like any other field: v:get, node.unit_cost[2024], sel.unit_cost[2024], in other formulas. sel.x.own
--- leaves the year open in a column. A script may define its field again; errors: "duplicate_key" for a
--- field of the package or of the engine, and those of formula.
---@param id string letters, digits and _
---@param formula string|pagu.Column
---@param title? string
--- ```lua
--- plan:field("unit_cost", "budget / target", "Biaya satuan")
--- assert(plan["1.06.04.2.01.01"].unit_cost[2024] == 250000)
--- local all = plan:select {}
--- plan:field("half", all.budget.own / 2)
--- assert(plan:get("1.06.04.2.01.01", "half", 2024) == 25000000)
--- ```
function View:field(id, formula, title) end

---@class pagu.Selection
local Selection = {}

--- A column by formula.
---@param text string
---@param period? pagu.Period of fields without one; year n by default
---@return pagu.Column
--- ```lua
--- local lines = plan:lines "1.06.04"
--- assert(lines:formula "budget * 2":sum() == 2 * plan:get "1.06.04")
--- ```
function Selection:formula(text, period) end
