---@meta
-- Projection: estimates from short series, s:project and s:forward. Methods and formulas: docs/projection.md.

---@class pagu
local pagu = {}

---@class pagu.Forecast by year { value, low, high } for the years of `to`
---@field method string the method fitted, also when it was chosen
---@field n integer years of the series
---@field level number of the prediction interval, percent
---@field slope number change a year; growth a year of "cagr"
---@field sd? number of the residuals, on df degrees of freedom; nil where the series is too short
---@field df? integer
---@field mae? number mean absolute leave-one-out error
---@field mape? number the same in percent; nil if a value is 0
---@field ahead? number mean absolute error of predicting each year from those before it only
---@field alpha? number smoothing, given or found
---@field beta? number
---@field phi? number
---@field candidates? { method: string, n: integer, mae: number }[] of "auto": what was tried, on the years common to all

--- Estimate years from a series { [year] = value }; missing years are simply absent. method "auto"
--- (the default) takes the least leave-one-out error of "naive", "mean", "drift", "cagr", "linear",
--- "theil_sen", "ses", "holt" and "damped". level: of the interval, 80 percent by default. alpha,
--- beta, phi, start = { level, trend }: of smoothing, found by grid otherwise. low and high are nil
--- where the series is too short for an interval. Errors: "no_history" names the years there are.
---@param series table<number, number>
---@param options? { method?: string, to?: integer|integer[], level?: number, alpha?: number, beta?: number, phi?: number, start?: number[] }
---@return pagu.Forecast
--- ```lua
--- local f = pagu.forecast({ [2021] = 400, [2022] = 440, [2024] = 520 }, { method = "linear", to = { 2025, 2026 } })
--- assert(math.abs(f[2026].value - 600) < 1e-9 and f.mae < 1e-9)
--- ```
function pagu.forecast(series, options) end

---@class pagu.Scenario
local Scenario = {}

---@class pagu.ProjectOptions
---@field at? pagu.Place the whole plan by default
---@field field? string "budget" by default; a measure field ("target") projects indicators
---@field from? integer year n by default: the last year that is looked at
---@field years? integer|integer[] how many after it, or which; 1 by default
---@field method? string|table<string, string> one name, or { [key] = name }, the nearest on the way up deciding
---@field growth? number|table<string, number> percent a year, of "growth"
---@field index? table { [2025] = 104.7 }, 100 in the year from unless given, of "index"; or { [key] = { … } }
---@field each? string money: "line" (default), "place" (those of `at`), or a level; lines follow by their share of the year from
---@field history? string field that the past is read from, such as "spent" or "achieved"; `field` by default
---@field first? integer first year of the past; the frame's by default
---@field level? number of prediction intervals, percent; 80 by default
---@field alpha? number|table<string, number> smoothing; found by grid otherwise
---@field beta? number|table<string, number>
---@field phi? number|table<string, number>
---@field on_short? string where the past is too short: "error" (default), "skip", or the method to take instead
---@field unit? integer money is rounded to multiples of it, once
---@field dry? boolean
---@field reason? string
---@field used? table what a journal tells of an earlier run; ignored

--- Fill years after one, by growth or an index, or by a method fitted to the years there are.
---   growth, index         percentage or index by key; every year is rounded as a chain of plans would be
---   naive, mean, drift, cagr, linear, theil_sen, ses, holt, damped, auto   see pagu.forecast
---   absorption            budget of the year × spent of past budgets (with field = "spent")
---   run_rate              quarters of the year from, as a year
---   renstra               the strategic plan's budget of the year, or a target's path to its end
--- Missing stays missing; dashes and missing years of the past are no observations; what has no value
--- in the year from has ended and is left. Percentages stay within 0 to 100 and money at 0 or above, with
--- a flag; counts stay whole. Returns the changes: key, name, year, old, new, delta, method, computed, n,
--- mae, mape, low, high, flag, reason; and, of "auto", what was tried. Errors: "no_history" names the
--- years there are, "out_of_frame".
---@param options pagu.ProjectOptions
---@return pagu.Table changes
---@return pagu.Table? tried
--- ```lua
--- s:project { growth = { ["/"] = 3.5, ["1.06.01.2.02"] = 6 }, unit = 1000 }
--- assert(s:get("1.06.06", "budget", 2025) == 51750000)
--- ```
function Scenario:project(options) end

---@class pagu.ForwardOptions
---@field at? pagu.Place the whole plan by default
---@field field? string "budget" by default
---@field year? integer base; year n by default
---@field years? integer how many, each the base of the next (roll forward); 1 by default
---@field method? string|table<string, string> "index" (default), "unit_cost", "renstra", "manual" or a method of project, by key
---@field growth? number|table<string, number> of prices, percent
---@field volume? number|table<string, number> of volumes, percent
---@field index? table<integer, number> price index by year, such as { [2025] = 103.2 }, on 100 in the base year
---@field manual? table<string, integer|table<integer, integer>> figures that override the method, kept beside it
---@field values? table<string, integer|table<integer, integer>> the same, of method "manual"
---@field stop? pagu.Place outputs that end: their budgets and targets become "-"
---@field targets? string|number|table "keep" (default), "none", percent, { [key] = percent }, "renstra" or a method
---@field unit? integer
---@field history? string of fitted methods, as in project
---@field first? integer
---@field level? number
---@field alpha? number|table<string, number>
---@field beta? number|table<string, number>
---@field phi? number|table<string, number>
---@field on_short? string
---@field dry? boolean
---@field reason? string
---@field used? table ignored
---@field used_targets? table ignored

--- Forward estimate (prakiraan maju): columns 9 and 10 of T-C.33, and further years. "index" is price ×
--- volume × index; "unit_cost" the target of next year at this year's cost of a unit, times growth;
--- "renstra" the strategic plan's figure. A figure by hand stands beside what its method says
--- (column computed). Returns the changed lines and the changed targets.
---@param options pagu.ForwardOptions
---@return pagu.Table money
---@return pagu.Table? targets
--- ```lua
--- s:forward { growth = 4, manual = { ["1.06.06.2.01.01"] = 60000000 }, stop = "1.06.05", unit = 1000 }
--- assert(s:get("1.06.04.2.01.01", "target", 2025) == 200 and s:get("1.06.06", "budget", 2025) == 60000000)
--- ```
function Scenario:forward(options) end

--- What every projected value was made by, as the journal keeps it: step, key, field, year, method, value
--- now, computed (by the method, where a hand or a stop overrode it), n, mae, mape, level, low, high, flag,
--- reason. Growth and index have no errors and are not listed.
---@return pagu.Table
--- ```lua
--- s:forward { growth = 4, manual = { ["1.06.06.2.01.01"] = 60000000 } }
--- assert(s:projection():rows()[1].computed == 52000000)
--- ```
function Scenario:projection() end
