---@meta
-- Rules: what a scenario must keep, and by how much it does.

---@class pagu.Scenario
local Scenario = {}

--- Refuse edits that would break a rule, or break it further; an edit that brings a broken rule
--- nearer is let through. Everything is judged before anything changes.
---
--- min, max and equals mean one thing, by what stands beside them:
---   alone          an amount of money: the sum over `at`
---   share_of       percent: at least min percent of the sum over `share_of` (the whole, of which
---                  `at` is a part or not) is the sum over `at`; exact, without rounding
---   ratio_of       times: the sum over `at` is at least min times the sum over `ratio_of`
--- field and year say of which column; of_field and of_year of which column the whole, if of another.
--- years is a list, or { from = 2024, to = 2026 } with either end open: each year is judged by itself.
--- severity = "warn" lets the edit happen: the tables of verbs note it, s:warnings() and s:check() list it.
---
--- check = function(view) … end judges what can't be said by sums. It gets the view as it would be,
--- which can be read (and branched) while the function runs, and returns true, or false, why, and if
--- it can tell, how much is missing: then what leaves the rule broken but nearer is let through.
--- Changing the scenario from inside raises "conflict". Such a rule is not saved with the scenario.
---
--- Returns the number of the rule; of years with gaps, one for each run of years.
---@param options { at?: pagu.Place, min?: number, max?: number, equals?: number, share_of?: pagu.Place, ratio_of?: pagu.Place, check?: function, field?: string, year?: pagu.Period, period?: pagu.Period, years?: integer[]|table, from_year?: integer, to_year?: integer, of_field?: string, of_year?: pagu.Period, name?: string, reason?: string, law?: string, severity?: "reject"|"warn", warn?: boolean }
---@return integer ...
--- ```lua
--- s:rule { at = "1.06.05", share_of = "/", min = 0.5, name = "pemakaman", reason = "batas minimal" }
--- local slack, how = s:slack "pemakaman"
--- assert(slack > 0 and how.holds)
--- s:rule { name = "tidak naik", check = function(v) return v:get("/", "budget", 2024) <= pagu.miliar(5), "terlalu besar" end }
--- assert(not pcall(s.set, s, "1.06.04.2.01.01", "budget", 2024, pagu.miliar(9)))
--- ```
function Scenario:rule(options) end

--- How far a rule is from breaking: money that may still go (or come), below 0 what is missing. Of a
--- share: what can move between the part and the rest of the whole, the whole unchanged. nil for holds
--- of lines, and for functions that don't say. Of several of a name, the one nearest to breaking.
---@param which integer|string number or name
---@return integer? slack
---@return { holds: boolean, id: integer, name: string, message: string, period?: string, sum?: integer, of?: integer, share?: number } how share in percent
--- ```lua
--- s:ceiling { at = "1.06.05", amount = pagu.miliar(1), name = "atas" }
--- assert(s:slack "atas" == pagu.miliar(1) - s:get("1.06.05", "budget", 2024))
--- ```
function Scenario:slack(which) end

--- Rules that are broken now: name, severity, message. None of those that refuse is, unless it was
--- broken when it was laid down.
---@return pagu.Table
--- ```lua
--- s:floor { at = "1.06.05", amount = pagu.miliar(9), name = "bawah", severity = "warn" }
--- assert(#s:warnings() == 1)
--- ```
function Scenario:warnings() end

--- Put a pack of rules in force: every shipped rule of a year ("2024"), a shipped pack ("mandates",
--- "efficiency_2025"), a file of the script's folder ("aturan.lua", which returns a pack), or a pack.
--- A pack knows roles ("education", "staff"); places says which lines those are, else a class of
--- that id in the plan's tree "mandate" does. What is not mapped, not in force or without a
--- figure is not applied, and the table says so: rule, title, state, why, id, slack, law, mark, source.
--- base is the view that cuts are measured from (default: the scenario as it is now).
---
--- A pack is { rules = { { id = , part = role, whole = role ("total"), less = role, min = , max = (percent),
--- change_max = -50 (percent of the base), change_min = , from = year, to = year, name = , title = { id = , en = },
--- law = , mark = "V"|"S"|"R", source = , severity = }, … } }.
---@param pack string|table
---@param settings? { places?: table<string, pagu.Place>, year?: integer, field?: string, severity?: "reject"|"warn", base?: pagu.View, reason?: string }
---@return pagu.Table
--- ```lua
--- local t = s:apply_rules("2024", { places = { staff = "1.06.01" }, severity = "warn" })
--- assert(#s:constraints() == 1 and #t > 1)
--- ```
function Scenario:apply_rules(pack, settings) end
