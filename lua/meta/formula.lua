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

--- Indicators of a selection, in tree order: #list, list[1], `for ind in list do`, ipairs(list).
--- list.target[2024] is a column; assigning one, or a value, writes every indicator as one step.
---@class pagu.Indicators
---@field view pagu.View
---@field [integer] pagu.Indicator
---@field [string] pagu.Cells
local Indicators = {}

--- Iterate in tree order.
---@return fun(): pagu.Indicator?
--- ```lua
--- for ind in plan:select { under = "1.06.04" }:indicators():each() do print(ind.id, ind.target[2024]) end
--- ```
function Indicators:each() end

--- Those for which a mask or a function holds.
---@param test pagu.Column|fun(indicator: pagu.Indicator): any
---@return pagu.Indicators
--- ```lua
--- local list = plan:select { under = "1.06.04" }:indicators()
--- local people = list:where(function(ind) return ind.unit == "orang" end)
--- assert(#people:where(people.target[2024]:ge(200)) >= 1)
--- ```
function Indicators:where(test) end

--- The nodes that they are of, each once.
---@return pagu.Selection
--- ```lua
--- local sel = plan:select "1.06.04.2.01.01"
--- assert(sel:indicators():nodes() == sel)
--- ```
function Indicators:nodes() end

--- Their ids, in order.
---@return string[]
--- ```lua
--- assert(plan:select "1.06.04.2.01.01":indicators():ids()[1] == "1.06.04.2.01.01#1")
--- ```
function Indicators:ids() end

--- A column by formula; money fields are those of the indicator's node.
---@param text string
---@param period? pagu.Period of fields without one; year n by default
---@return pagu.Column
--- ```lua
--- local list = plan:select { under = "1.06.04" }:indicators()
--- assert(list:formula "budget / target":at "1.06.04.2.01.01#1" == 250000)
--- ```
function Indicators:formula(text, period) end

---@class pagu.Column
local Column = {}

--- Cells that hold a number or a text; of a mask, how many hold.
---@return integer
--- ```lua
--- assert(plan:select { level = "program" }.budget[2024]:count() == 8)
--- ```
function Column:count() end
