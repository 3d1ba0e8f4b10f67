---@meta
-- Which edits made a difference. What the parts mean and how they are computed: docs/attribution.md.

---@class pagu
local pagu = {}

--- What pagu.attribute found. Printed, it is its table.
---@class pagu.Attribution
---@field table pagu.Table group, what, verb, reason, source, steps, part, share (percent of the whole), and error where orders were drawn
---@field parts table[] the rows of the table as Lua tables, without the total
---@field from number? the value in a
---@field to number? the value in b
---@field difference number the parts add up to it exactly
---@field title string
---@field chart fun(self: pagu.Attribution, most?: integer): pagu.Chart the waterfall from before to after; at most `most` (12) steps
---@field document fun(self: pagu.Attribution, options?: { lang?: "id"|"en" }): pagu.Document method, table and waterfall

---@class pagu.AttributeOptions
---@field groups? "step"|"reason"|"source"|"verb"|fun(step: { number: integer, verb?: string, reason?: string, source?: string, args?: string, undone: boolean }): string edits of one group share a part: every undo step by itself (the default), those of one reason, one script line, one verb, or one label that the function gives
---@field all? boolean list edits that made no difference, too
---@field missing? number what a value that some of the edits alone leave without a number counts as
---@field exact? integer up to so many groups (12, the most) all 2^n sets are tried; above that orders are drawn
---@field samples? integer orders to draw (1000)
---@field seed? integer of the draws (1)

--- Divide the difference of a value between two views among the edits that lie between them, so that
--- the parts add up to it exactly and the order of the edits doesn't matter (Shapley values). Exact for
--- money, which is divided line by line, however many edits there are; for anything else (a target, a rate,
--- a formula, a function) exact up to 12 groups and drawn, with an error, above that. Edits of b since
--- the branch that a and b share count as done, those of a alone as not done ("without …"); what was undone
--- doesn't count. A function that returns whole numbers gets whole parts, one that returns floats parts of
--- six decimals. Error "argument": a and b share no branch.
---@param a pagu.View
---@param b pagu.View
---@param metric { [1]: any, [2]: string?, [3]: pagu.Period? }|string|fun(v: pagu.Scenario): number? { key, field, year }, a key, or a function of a view
---@param options? pagu.AttributeOptions
---@return pagu.Attribution
--- ```lua
--- s:transfer{ from = "1.06.01.2.09.09", to = "1.06.04.2.01.01", amount = pagu.juta(100), reason = "rehabilitasi" }
--- s:cut{ at = "1.06.01", percent = 10, reason = "efisiensi" }
--- local why = pagu.attribute(plan, s, { "1.06.01", "budget", 2024 }, { groups = "reason" })
--- print(why)
--- assert(why.parts[1].what == "efisiensi" and why.parts[1].part + why.parts[2].part == why.to - why.from)
--- local share = pagu.attribute(plan, s, function(v) return v:get "1.06.01" / v:get "/" end)
--- assert(#share.parts == 2 and why:document():render "json":find "waterfall")
--- ```
function pagu.attribute(a, b, metric, options) end
