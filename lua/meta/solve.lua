---@meta
-- Searches: goal seek. How a search goes on and what it can miss: docs/optimisation.md.

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
