---@meta
-- Evaluation: derived fields and v:evaluate. The cases and formulas: docs/evaluation.md.

--- Derived fields are read like any other, at a year: `v:get(key, "rate", 2022)`,
--- `node.achievement[2022]`, `sel.rate[2022]`.
---   of an indicator (a node answers for its main one): rate, strategic_target, achieved_to,
---   cumulative, strategic_rate, accumulated, accumulated_rate, pace, pace_cost, rating
---   of a node: absorption, achievement (K), efficiency (K - Rp), rating, strategic_budget,
---   spent_to, spent_accumulated, spent_accumulated_rate
--- What has no value for a reason gives nil, nil and the reason: "unit clash", "zero target",
--- "zero achieved", "negative", "not one number", "not aggregated", "overflow".
---@class pagu.View
local View = {}

--- Evaluate: a row for each node where something is measured and each further indicator, with
--- target, achieved, rate, the strategic columns (accumulated of the year, as E.81; cumulative and
--- strategic_rate of the year after, as T-C.29), K beside Rp, efficiency, rating, the next grade
--- and what it needs. Columns: see pagu_evaluate_table.
---   at      a key or node with all below it (default the plan), or just the nodes of a list or selection
---   year    default n-2, the last year that a Renja evaluates
---   lower   "ratio" (T/R) or "linear" ((2T-R)/T) for lower-is-better; default the package's
---   cap     "none", 100, 120, …;  floor  "none" or "zero";  scale  of the package or a shipped one:
---           "permendagri-86-2017", "lkjip", "permenpanrb-8-2021"
---@param options? { at?: any, year?: integer, lower?: "ratio"|"linear", cap?: "none"|integer, floor?: "none"|"zero", scale?: string }
---@return pagu.Table
--- ```lua
--- for row in plan:evaluate{ at = "1.06.04", year = 2022, cap = 100 }:each() do
---   if row.next then print(row.key, row.rating, row.needs, row.next) end
--- end
--- assert(plan:get("1.06.01", "rate", 2022) == 95.8)
--- ```
function View:evaluate(options) end
