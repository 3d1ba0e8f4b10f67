---@meta
-- What is uncertain: distributions, Monte Carlo, sensitivity, regret. docs/uncertainty.md has the meaning and sources.

---@class pagu
local pagu = {}

--- Distributions. They print themselves; `d:mean()`, `d:sd()` by formula, `d:quantile(u)`.
---@class pagu.dist
---@field uniform fun(low: number, high: number): pagu.Distribution
---@field triangular fun(low: number, mode: number, high: number): pagu.Distribution
---@field pert fun(low: number, mode: number, high: number): pagu.Distribution beta with a most likely value, smoother than a triangle
---@field normal fun(mean: number, sd: number): pagu.Distribution
---@field lognormal fun(mean: number, sd: number): pagu.Distribution mean and sd of the value itself
---@field events fun(list: table): pagu.Distribution { { p = 0.2, effect = 0.9 }, …, rest = effect of none }: they exclude each other; rest is "no change" unless given

---@class pagu.Distribution
local Distribution = {}

--- The mean, by formula.
---@return number
--- ```lua
--- assert(pagu.dist.triangular(0, 3, 9):mean() == 4)
--- ```
function Distribution:mean() end
--- The standard deviation, by formula.
---@return number
--- ```lua
--- assert(pagu.dist.normal(1, 0.25):sd() == 0.25)
--- ```
function Distribution:sd() end
--- The value that a share u of draws stays below; 0 < u < 1.
---@param u number
---@return number
--- ```lua
--- local price = pagu.dist.triangular(0.9, 1, 1.2)
--- assert(math.abs(price:mean() - 3.1 / 3) < 1e-12)
--- assert(price:quantile(0.999) < 1.2)
--- assert(pagu.dist.pert(2, 3, 10):mean() == 4)
--- ```
function Distribution:quantile(u) end

---@class pagu.View
local View = {}

--- Monte Carlo: draw what is uncertain many times and roll every draw up. Nothing is written; holds don't stop
--- what is uncertain. Money of a draw is whole and foots; the same seed gives the same draws for any number of
--- threads, on any machine, and on other scenarios (common random numbers).
---   vary        list of { name =, at = place, year = or years =, field =, and one of
---                 by = factor, percent = change, delta = amount added, total = amount in its place (distributions),
---                 per = "shared" (one draw for the place; amounts are shared out) or "line" (a draw for every line),
---                 path = "independent", "same" or "cumulative" over its years,
---                 factors = { inflasi = 0.7 }: loadings on shared normal factors }
---   correlation list of { "name", "name", r } between shared variables
---   watch       places to report (default: the whole and the places that vary)
---   limits      list of { at =, max = or min =, year =, name = } beside the view's own floors and ceilings
---   run         a script (path, pagu.script, table) or function(s, p): run once a draw on a branch, with
---   params      { name = distribution or value }; draws 1,000 then; failed runs are listed in r.failed
---   draws       10,000; seed 1; quantiles { 0.1, 0.5, 0.9 }; noise "double" or "single"; threads all
---@param options { vary?: table, run?: any, params?: table, correlation?: table, watch?: any, limits?: table, draws?: integer, seed?: integer, quantiles?: number[], noise?: "double"|"single", threads?: integer }
---@return pagu.Simulation
--- ```lua
--- local s = plan:branch "tidak pasti"
--- s:ceiling{ at = "/", max = pagu.miliar(7), name = "pagu dinas" }
--- local r = s:simulate{
---   vary = {
---     { name = "harga", at = "1.06.04", by = pagu.dist.triangular(0.95, 1, 1.3), per = "line" },
---     { name = "gaji", at = "1.06.01.2.02", percent = pagu.dist.normal(3, 4), factors = { inflasi = 0.6 } },
---     { name = "bencana", at = "1.06.06", delta = pagu.dist.events{ { p = 0.2, effect = pagu.juta(300) } } },
---   },
---   draws = 2000, seed = 7,
--- }
--- print(r.table)
--- local p = r:probability{ at = "/", above = pagu.miliar(7) }
--- assert(p == r.breaks:rows()[1].probability / 100 and p > 0 and p < 1)
--- assert(r:quantile("/", 0.1) < r:quantile("/", 0.9))
--- ```
function View:simulate(options) end

--- What came out. Prints itself; :csv(), :json(), :markdown(), :rows(), :each() are those of its table.
---@class pagu.Simulation
---@field table pagu.Table a row a watched place and year: base, mean, sd, quantiles
---@field breaks pagu.Table a row a limit: probability that it breaks (percent), its standard error, mean excess
---@field assumptions pagu.Table what varies, how
---@field draws integer
---@field seed integer
local Simulation = {}

--- Quantile (type 7) of a watched place, and its standard error.
---@param place any
---@param q number 0 to 1
---@param year? integer
---@param field? string
---@return integer money, number error
--- ```lua
--- local r = plan:simulate{ vary = { { at = "1.06.04", by = pagu.dist.normal(1, 0.1) } }, draws = 1000 }
--- local p90, error = r:quantile("1.06.04", 0.9)
--- assert(p90 > plan:get("1.06.04", "budget") and error > 0)
--- ```
function Simulation:quantile(place, q, year, field) end

--- Mean, its standard error, and the standard deviation: numbers.
---@param place any
---@param year? integer
---@param field? string
---@return number mean, number error, number sd
--- ```lua
--- local r = plan:simulate{ vary = { { at = "/", by = pagu.dist.uniform(0.9, 1.1) } }, draws = 1000 }
--- local mean, error = r:mean "/"
--- assert(math.abs(mean - plan:get("/", "budget")) < 4 * error)
--- ```
function Simulation:mean(place, year, field) end

--- The money of a watched place, draw by draw.
---@param place any
---@param year? integer
---@param field? string
---@return integer[]
--- ```lua
--- local r = plan:simulate{ vary = { { at = "/", by = pagu.dist.uniform(0.9, 1.1) } }, draws = 1000 }
--- assert(#r:values "/" == 1000)
--- ```
function Simulation:values(place, year, field) end

--- Share of draws (0 to 1) in which the sum of watched places is above, below, at least or at most an amount; its
--- standard error.
---@param question { at?: any, year?: integer, field?: string, above?: integer, below?: integer, at_least?: integer, at_most?: integer }
---@return number share, number error
--- ```lua
--- local r = plan:simulate{ vary = { { at = "/", by = pagu.dist.uniform(0.9, 1.1) } }, draws = 1000 }
--- local share, error = r:probability{ above = plan:get("/", "budget") }
--- assert(math.abs(share - 0.5) < 4 * error)
--- ```
function Simulation:probability(question) end

--- How mean, quantiles and probabilities settle as the draws double, with standard errors.
---@param place? any
---@param year? integer
---@param field? string
---@return pagu.Table
--- ```lua
--- local r = plan:simulate{ vary = { { at = "/", by = pagu.dist.uniform(0.9, 1.1) } }, draws = 4000 }
--- local steps = r:convergence "/"
--- assert(#steps:rows() == 5 and steps:rows()[5].draws == 4000)
--- ```
function Simulation:convergence(place, year, field) end

--- A fan chart over the years of the frame, and its table: year, low, middle, high (quantiles 0.1, 0.5, 0.9 unless
--- given). Years that don't vary have the middle only.
---@param place? any
---@param options? { field?: string, low?: number, middle?: number, high?: number, from?: integer }
---@return pagu.Chart chart, pagu.Table table
--- ```lua
--- local s = plan:branch "ke depan"
--- s:project{ years = 1, growth = 4 }
--- local r = s:simulate{ vary = { { at = "/", year = 2025, percent = pagu.dist.normal(0, 3) } }, draws = 1000 }
--- local chart, fan = r:fan "/"
--- assert(fan:rows()[#fan:rows()].year == "2025")
--- ```
function Simulation:fan(place, options) end

--- Counts of draws in bins of one width: a bar chart and its table.
---@param place? any
---@param options? { year?: integer, field?: string, bins?: integer }
---@return pagu.Chart chart, pagu.Table table
--- ```lua
--- local r = plan:simulate{ vary = { { at = "/", by = pagu.dist.uniform(0.9, 1.1) } }, draws = 1000 }
--- local chart, bins = r:histogram("/", { bins = 10 })
--- assert(#bins:rows() == 10)
--- ```
function Simulation:histogram(place, options) end

--- Tornado: each input at its low and high value, one at a time, on a branch; sorted by swing. An input is
--- { name =, at =, year =, field =, and one of percent = 10 (±) or { -5, 20 }, by = { 0.9, 1.2 }, delta = …,
--- total = { low, high }, each also a distribution (its P10 and P90) } or { param = "name", low =, high = } of a
--- script. metric: a key, { key, field, year }, a function of the branch, or the name of a script's metric. A
--- value that the plan refuses is left out and its reason noted.
---@param options { vary: table, metric?: any, script?: any, params?: table }
---@return pagu.Sensitivity
--- ```lua
--- local r = plan:sensitivity{ vary = {
---   { name = "gaji", at = "1.06.01.2.02", percent = { -2, 6 } },
---   { name = "rehabilitasi", at = "1.06.04", percent = 10 },
--- } }
--- local first = r.table:rows()[1]
--- assert(first.input == "gaji" and first.swing == first.at_high - first.at_low)
--- pagu.render(r:document(), "html")
--- ```
function View:sensitivity(options) end

---@class pagu.Sensitivity
---@field table pagu.Table input, low, high, at_low, at_high, change_low, change_high, swing
---@field chart pagu.Chart the tornado
---@field base number

--- A metric for every pair of values of two inputs: rows go down, columns across.
---@param options { down: table, across: table, metric?: any, script?: any, params?: table }
---@return pagu.TwoWay
--- ```lua
--- local r = plan:two_way{
---   down = { name = "gaji", at = "1.06.01.2.02", percent = { 0, 5 } },
---   across = { name = "rehabilitasi", at = "1.06.04", percent = { -10, 0, 10 } },
--- }
--- assert(r.values[1][2] == plan:get("/", "budget"))
--- ```
function View:two_way(options) end

---@class pagu.TwoWay
---@field table pagu.Table
---@field values table by row and column

--- How far an input can go, from the first value towards the second, before the metric crosses a value or a rule of
--- the plan refuses it: bisection over whole steps of `unit` (1; 0.01 of percents, 0.0001 of factors), which finds
--- the last step that holds if there is one crossing. status is "found", "never" or "already".
---@param options { at?: any, field?: string, year?: integer, percent?: table, by?: table, delta?: table, total?: table, param?: string, from?: number, to?: number, unit?: number, metric?: any, script?: any, params?: table, at_least?: number, at_most?: number, equals?: number }
---@return pagu.BreakEven
--- ```lua
--- local s = plan:branch "batas"
--- s:floor{ at = "1.06.04", min = pagu.juta(150), name = "SPM" }
--- local r = s:break_even{ at = "1.06.04", percent = { 0, -50 } }
--- assert(r.status == "found" and r.last == -24.78 and r.next == -24.79)
--- ```
function View:break_even(options) end

---@class pagu.BreakEven
---@field table pagu.Table
---@field status "found"|"never"|"already"
---@field last number? the last value that holds
---@field next number? the first that doesn't
---@field result number? the metric at last
---@field why string?

--- Regret table: what each option gives in each named future, how much is lost against the best option there, the
--- largest and (with weights) the expected loss, and the option that loses least at worst. Every cell is a branch:
--- first the option's run(s, future), then the future's run(s, option), then value: a metric or
--- f(s, option, future). With script, options and futures give params and value names its metric. better is
--- "high" (default) or "low". A cell that fails is noted, and its option can't be chosen.
---@param options { options: table, futures: table, value?: any, better?: "high"|"low", script?: any, params?: table }
---@return pagu.Regret
--- ```lua
--- local r = plan:regret{
---   options = {
---     { name = "rata", run = function(s) s:cut{ at = "/", percent = 10 } end },
---     { name = "lindungi gaji", run = function(s) s:cut{ at = "/", percent = 10, hold = "1.06.01.2.02" } end },
---   },
---   futures = {
---     { name = "harga tetap", weight = 2 },
---     { name = "harga naik", weight = 1, run = function(s) s:spread{ at = "1.06.04", percent = -20 } end },
---   },
---   value = "1.06.04",
--- }
--- assert(r.choice == "rata" and r.regret[1][1] == 0)
--- ```
function View:regret(options) end

---@class pagu.Regret
---@field table pagu.Table regrets: a row an option
---@field values pagu.Table what each option gives
---@field value table by option and future
---@field regret table by option and future
---@field choice string? least largest regret
---@field choice_expected string? least expected regret
---@field failures string[]
