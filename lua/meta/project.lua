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
