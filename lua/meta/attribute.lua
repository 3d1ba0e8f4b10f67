---@meta
-- Attribution: which edits made the difference. What the parts mean: docs/attribution.md.

---@class pagu
local pagu = {}

--- A group of edits and its part.
---@class pagu.AttributionGroup
---@field what string reason or verb of its first entry, or what its entries have in common
---@field verb? string if all its entries have one verb
---@field source? string "file:line", if all come from there
---@field part number integer for money
---@field entries { verb?: string, reason?: string, file?: string, line: integer, entry: integer, step: integer, goes_out: boolean }[]

--- The parts of a difference; printed, a table.
---@class pagu.Attribution
---@field method "sum"|"shapley"|"sampled"
---@field from number value before
---@field to number value after
---@field whole number to - from; what the parts add up to
---@field groups pagu.AttributionGroup[] in the order of their first entries
---@field unit? string
---@field error? number of "sampled": the largest standard error of a part
---@field structure? boolean true if rows were added or removed: the first group, counted first
local Attribution = {}

---@class pagu.AttributeOptions
---@field key? string|pagu.Node the whole plan by default
---@field field? string "budget" by default; any field that is a number, derived ones too
---@field year? pagu.Period year n by default
---@field period? pagu.Period the same as year
---@field metric? fun(view: pagu.View): number instead of key and field
---@field title? string what the table calls the value
---@field unit? string
---@field by? "step"|"entry"|"verb"|"reason"|"source"|fun(entry: table): string edits that stand together; an undo step by default
---@field most? integer up to so many groups Shapley values are exact: 12, at most 16 (2^n evaluations)
---@field samples? integer random orders beyond that: 1000
---@field seed? integer of the orders: 1

--- Which edits made the difference between two views of one stage: a plan and its scenario, a scenario and a
--- branch of it, two siblings (edits of the first are then taken back). The parts add up to the difference and
--- hang on no order: for money each edit has exactly what it changed; for anything else the parts are Shapley
--- values, the mean over all orders of what a group adds when it comes in, whole for a whole-number metric.
--- What was undone has no part. Errors: "argument" for views of two stages or plans, a value that is no number;
--- whatever the metric raises.
---@param a pagu.View before
---@param b pagu.View after
---@param options? pagu.AttributeOptions
---@return pagu.Attribution
--- ```lua
--- s:cut{ at = "1.06.05", percent = 10, reason = "efisiensi" }
--- s:transfer{ from = "1.06.01.2.09.09", to = "1.06.04.2.01.01", amount = pagu.juta(10), reason = "pangan" }
--- local r = pagu.attribute(plan, s, { key = "1.06.04" })
--- assert(r.method == "sum" and r.groups[1].part == 0 and r.groups[2].part == pagu.juta(10))
--- local share = pagu.attribute(plan, s, { unit = "%", metric = function(v)
---   return v:get("1.06.04", "budget", 2024) / v:get("/", "budget", 2024) * 100
--- end })
--- assert(share.method == "shapley" and share.groups[1].part > 0)
--- print(share)
--- ```
function pagu.attribute(a, b, options) end

--- The parts as a table, from the value before to the value after.
---@return pagu.Table
--- ```lua
--- s:set("1.06.04.2.01.01", "budget", 2024, 1000000)
--- print(pagu.attribute(plan, s):table():csv())
--- ```
function Attribution:table() end

--- A waterfall from the value before to the value after.
---@return pagu.Chart
--- ```lua
--- s:set("1.06.04.2.01.01", "budget", 2024, 1000000)
--- assert(pagu.attribute(plan, s):chart().kind == "waterfall")
--- ```
function Attribution:chart() end

--- Both, for HTML and XLSX.
---@return pagu.Document
--- ```lua
--- s:set("1.06.04.2.01.01", "budget", 2024, 1000000)
--- assert(pagu.attribute(plan, s):document():render("html"):find "<svg")
--- ```
function Attribution:document() end
