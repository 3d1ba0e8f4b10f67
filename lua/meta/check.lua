---@meta
-- pagu: checks of a plan and of the document it came from.

---@class pagu.View
local View = {}

---@class pagu.CheckOptions
---@field rule? string only this rule: `pagu check --rules` lists them
---@field severity? "note"|"warning"|"error" only findings of at least this
---@field all? boolean also what the package suppresses, with the reason

--- One finding. Fields without a value are nil.
---@class pagu.Finding
---@field rule string stable id, as in "footing"
---@field severity "note"|"warning"|"error"
---@field file string printed table, or file of the package
---@field line integer row of the table, or line of the file
---@field column string
---@field key string node, indicator or class
---@field stage string
---@field period string
---@field printed string what was found
---@field computed string what was expected
---@field difference "marks"|"rounding"|"truncation"|"power-of-ten"|"unit"|"text"|"value"
---@field message string
---@field suggestion string what would mend it
---@field lines string[] the lines that explain it
---@field source_line integer line of the source document
---@field suppressed string why the package leaves it out

--- Run the rules over the view and its package. What was printed is compared with the plan as
--- loaded; what is said of the plan itself (budgets without targets, limits) follows edits of a
--- scenario. Errors "not_found" (no such rule), "argument".
---@param options? pagu.CheckOptions
---@return pagu.Findings
--- ```lua
--- local findings = plan:check{ rule = "footing" }
--- assert(findings[1].file == "T7" and findings[1].lines[1]:find("1.06.04.2.01.12", 1, true))
--- assert(#plan:check{ severity = "warning" } < #plan:check())
--- ```
function View:check(options) end
