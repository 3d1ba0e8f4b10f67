---@meta
-- Searches: goal seek, and the best allocation. How a search goes on and what it can miss: docs/optimisation.md.

---@class pagu.Scenario: pagu.View
local Scenario = {}

--- What s:solve found. Printed, it is a sentence, how it was found, and the changes.
---@class pagu.Solution
---@field status "found"|"nearest"|"unreachable" nearest: the goal lies between values that were reached, none gives it exactly
---@field x number? the answer, or what came nearest; nil if every trial was refused
---@field value number? what x gives
---@field want number the goal
---@field least number? the interval of values that were reached
---@field most number?
---@field first_allowed number? the least and the greatest x that no rule refused
---@field last_allowed number?
---@field bound number? the refused x that lies nearest to the answer, and why it was refused
---@field refusal string?
---@field trials integer
---@field refused integer
---@field every boolean every possible x was tried: the answer is proven
---@field monotone boolean values rose or fell all along the x tried: the answer holds if they do in between
---@field changes pagu.Table? what was (or with dry would be) changed
local Solution = {}

--- The verdict, how it was found, and the changes, as a document.
---@return pagu.Document
--- ```lua
--- local r = s:solve{ want = { key = "/", value = pagu.miliar(6) }, by = "1.06.01", dry = true }
--- assert(r:document():render("html"):find "3.189.666.035")
--- ```
function Solution:document() end

---@class pagu.SolveOptions
---@field want { key: any, field?: string, year?: integer|string, value: number }|{ metric: (fun(s: pagu.Scenario): number), value: number } what shall have which value
---@field by any what is changed: a place (its total), { at =, change = "total"|"delta"|"percent"|"target", … with the options of spread or target }, { from =, to = } (the amount of a transfer), or function(s, x)
---@field lo? number bounds of x; by default 0 to ten times what there is, for a percentage -100 to 900
---@field hi? number
---@field unit? number x is a multiple of it: 1, for a percentage 0.01
---@field guess? number an x that is allowed, tried first; the value of now unless given
---@field tolerance? number so near to the goal counts as found: 0
---@field trials? integer at most so many: 600
---@field nearest? boolean false: change nothing unless the goal is met exactly
---@field dry? boolean
---@field reason? string

--- Goal seek: change something, in whole steps, until a value is what is wanted. Each trial runs on
--- a branch under all holds and rules; a refused one is a bound of the search. What is found is a normal
--- edit and one undo step; an unreachable goal changes nothing and says what can be reached.
--- Errors: "argument"; whatever a metric or a change raises that is not a refusal.
---@param options pagu.SolveOptions
---@return pagu.Solution
--- ```lua
--- local r = s:solve{ want = { key = "/", value = pagu.miliar(6) }, by = "1.06.01" }
--- assert(r.status == "found" and s:get("1.06.01") == r.x)
--- -- by which percentage must everything but salaries go down?
--- s:undo()
--- r = s:solve{ want = { key = "/", value = pagu.miliar(6) }, unit = 0.001, dry = true,
---              by = { at = "/", change = "percent", hold = "1.06.01.2.02" } }
--- print(r.x, r.value)
--- ```
function Scenario:solve(options) end

--- What s:optimise found. Printed, it is its gain, the lines and the shadow prices.
---@class pagu.Allocation
---@field status "optimal"|"feasible" feasible: the time limit came before the proof
---@field gain number what is gained: the sum of coefficients × money, and of packages
---@field gain_text string the same, exactly, in plain digits
---@field bound number nothing can gain more than this
---@field gap number bound - gain
---@field changes pagu.Table key, name, old, new, delta, count (packages), gain; a row a line and a total
---@field prices pagu.Table? rule, kind, key, side, value, bound, slack, price, range: what one rupiah more room at that side of a rule gains, and for how many rupiah at least that holds (of the linear relaxation, with packages as decided)
---@field nodes integer of branch and bound
---@field solver string
local Allocation = {}

--- Lines before and after, as bars.
---@return pagu.Chart
--- ```lua
--- local r = s:optimise{ total = pagu.miliar(6), maximise = { ["1.06"] = 2, ["/"] = 1 }, dry = true }
--- assert(r:chart().kind == "bar")
--- ```
function Allocation:chart() end

--- The verdict, the lines with their chart, the shadow prices, and the solver, as a document.
---@return pagu.Document
--- ```lua
--- local r = s:optimise{ total = pagu.miliar(6), maximise = { ["1.06"] = 2, ["/"] = 1 }, dry = true }
--- assert(#r:document():blocks() == 6)
--- ```
function Allocation:document() end

---@class pagu.OptimiseOptions
---@field at? any its lines are decided; the whole plan by default
---@field total? integer the sum over at is this at most
---@field exactly? boolean the sum must be the total
---@field maximise? table|pagu.Column gain of one rupiah: { [key] = number } (lines get what stands nearest above them), { targets = { [key] = weight } } (weighted target units that a rupiah buys at the present unit cost), or a column
---@field floor? any least amount of a line: a number, a map by key, a function of the node; 0 by default
---@field cap? any greatest amount of a line; what it has now by default
---@field unit? integer changes are multiples of it (packages aside), so that what needn't change stays as it is: 1
---@field packages? { at: any, cost: integer, gain: number, min?: integer, max?: integer, name?: string }[] things that are bought whole: a line that has any is made up of them; max is 1 by default
---@field lumpy? table<string, integer> { [key] = cost of one }: that line is a multiple of it, up to its cap
---@field subject_to? { name: string, at?: any, coefficients?: table, targets?: table, min?: integer, max?: integer }[] money of a place, or a sum of coefficients × money
---@field margins? table<string, table> { tree = { class = most } } or { min =, max = }: totals by class, such as funds
---@field seconds? number time limit: 60
---@field gap? number stop when nothing can gain more by this part of the gain, such as 0.0001; 0, the default, proves the best
---@field prices? boolean false: leave shadow prices out
---@field field? string
---@field year? integer|string
---@field period? string
---@field dry? boolean
---@field reason? string

--- The best allocation of money over lines, or whole packages, under every hold, floor and ceiling of
--- the scenario. Solved by COIN-OR CBC (a plug-in) and proven in integers against every rule; of several
--- best ones that which moves least money. One undo step.
--- Errors: "unreachable" (the rules contradict: the message names a smallest set of them, error.conflict is a table of
--- each with the least rupiah that would free it), "limit", "not_found" (no plug-in), "argument".
---@param options pagu.OptimiseOptions
---@return pagu.Allocation
--- ```lua
--- s:hold{ at = "1.06.01.2.02", reason = "gaji" }
--- local r = s:optimise{ total = pagu.miliar(5), unit = 1000, maximise = { ["1.06.04"] = 3, ["1.06.05"] = 2, ["1.06.01"] = 1 } }
--- assert(r.status == "optimal" and s:get("/") <= pagu.miliar(5))
--- local ok, err = pcall(s.optimise, s, { total = pagu.miliar(3), maximise = { ["/"] = 1 } })
--- for rule in err.conflict:each() do print(rule.rule, rule.relax) end
--- ```
function Scenario:optimise(options) end
