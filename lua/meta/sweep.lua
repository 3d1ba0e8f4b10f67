---@meta
-- Scenario scripts as objects, and sweeps of them.

---@class pagu
local pagu = {}

--- A scenario script of the second form as an object: its parameters, checked as `pagu run --param`
--- checks them, and its metrics. A path is read within the sandbox's rules; the file runs in an
--- environment of its own, and its require looks in its own folder. A file that can't be read or isn't
--- Lua gives nil, message, code; one that returns no { run = … } raises "argument".
---@param source string|pagu.ScriptDeclaration path of a .lua file, or the table that one returns
---@return pagu.Script? script
---@return string? message
---@return string? code "not_found", "io" or "syntax"
--- ```lua
--- local script = pagu.script {
---   title = "Cut", params = { cut = { default = 10, unit = "%", min = 0, max = 100 } },
---   metrics = { { name = "total", title = "Total", unit = "Rp" } },
---   run = function(s, p)
---     s:cut { at = "1.06.05", percent = p.cut }
---     return { total = s:get("/", "budget", s.year) }
---   end,
--- }
--- assert(script.params[1].name == "cut" and script.params[1].default == 10)
--- local metrics, scenario, values = script:run(plan, { cut = 50 })
--- assert(metrics[1].value == values.total and values.total < plan:get("/", "budget", plan.year))
--- assert(scenario:get("/", "budget", plan.year) == values.total)
--- ```
function pagu.script(source) end

--- What a scenario script returns.
---@class pagu.ScriptDeclaration
---@field title? string
---@field question? string
---@field params? table by name, or a list of { name = … }: { default, unit, title, min, max, choices, whole }, or just the default
---@field metrics? table a list of { name, title, unit } or names; or by name a title, such a table or function(s, p)
---@field run fun(s: pagu.Scenario, p: table): table?

--- A parameter: the type is that of its default, else of its choices; with bounds only, a number.
---@class pagu.ScriptParameter
---@field name string
---@field type "number"|"boolean"|"string"
---@field title? string
---@field unit? string
---@field default any nil: it must be given
---@field min? number
---@field max? number
---@field choices? any[] the only values allowed
---@field whole? boolean only whole numbers

--- A script. Run it on any view; every run is on a branch of its own.
---@class pagu.Script
---@field name string of the file without ".lua", else the title: the name of its scenarios
---@field title? string
---@field question? string
---@field params pagu.ScriptParameter[] in the order declared; those declared by name, by name
---@field metrics table[] declared metrics: name, title, unit
---@field path? string of its file
---@field hash? string SHA-256 of its file
local Script = {}

--- Run on a branch of a view: a table of the metrics (metric, value, unit), the scenario, and the
--- metrics' values by name. Errors: "argument" for an unknown parameter, one that is missing, of
--- another type or outside of its range; and whatever the script raises.
---@param view pagu.View
---@param values? table<string, any> parameters; numbers may be texts such as "1,5 M"
---@return pagu.Table metrics
---@return pagu.Scenario scenario
---@return table<string, any> values
--- ```lua
--- local script = pagu.script { params = { n = 1 }, run = function(s, p) return { twice = 2 * p.n } end }
--- local _, _, values = script:run(plan, { n = 21 })
--- assert(values.twice == 42)
--- ```
function Script:run(view, values) end

--- Parameters as run gets them: what is given, checked, and defaults for the rest. Errors as of run.
---@param values? table<string, any>
---@return table<string, any>
--- ```lua
--- local script = pagu.script { params = { pagu = { default = 0, min = 0 } }, run = function() end }
--- assert(script:check { pagu = "1,5 M" }.pagu == 1500000000)
--- assert(not pcall(script.check, script, { pagu = -1 }))
--- ```
function Script:check(values) end

--- Parameters in words: "cut = 10 %, keep = yes".
---@param values table<string, any> as check gives them
---@return string
--- ```lua
--- local script = pagu.script { params = { cut = { default = 10, unit = "%" } }, run = function() end }
--- assert(script:describe(script:check {}) == "cut = 10 %")
--- ```
function Script:describe(values) end

--- Run a scenario script for many values of its parameters, one after another in this process; `pagu
--- sweep` does the same in many processes, and gives the same bytes. A sweep's runs are its members:
--- the product of the rows of list, those of lhs, and every grid, the last varying fastest. All values
--- are checked before anything runs. A member that fails is listed with its error. Lua's random numbers
--- start from the seed in every member. Errors: "argument" with all that is wrong with the parameters;
--- "limit" for more than 1,000,000 members.
---
--- grid: { name = {values} } in the order of the script's parameters, or a list of { "name", {values} }
--- or "name=a,b,c" in its own; a text "from:to:step" among numbers is a range. list: a CSV file whose
--- columns are parameters, or a list of { name = value }. lhs: { n = 100, ranges = { name = {lo, hi} } },
--- a Latin hypercube: each range is cut into n parts of one size, and each part is met once. params: the
--- values of the others.
---@param options { script: string|pagu.ScriptDeclaration|pagu.Script, view: pagu.View, plan?: pagu.View, params?: table, grid?: table, list?: string|table, lhs?: table, seed?: integer } plan: another name of view
---@return pagu.Sweep
--- ```lua
--- local script = {
---   params = { growth = { default = 3, unit = "%" } },
---   metrics = { { name = "next", title = "Next year", unit = "Rp" } },
---   run = function(s, p)
---     s:forward { growth = p.growth }
---     return { next = s:get("/", "budget", s.year + 1) }
---   end,
--- }
--- local sweep = pagu.sweep { script = script, view = plan, grid = { growth = { "2:4:0.5", 10 } } }
--- assert(sweep.count == 6 and sweep.failed == 0)
--- assert(sweep.table[6].growth == 10 and sweep.table[6].next > sweep.table[1].next)
--- ```
function pagu.sweep(options) end

--- What a sweep gave. tostring is its table.
---@class pagu.Sweep
---@field title string
---@field count integer members
---@field failed integer members that gave an error
---@field table pagu.Table a row a member: its number, parameters, metrics, and error if any failed
---@field summary pagu.Table least, median and most of every metric, and where they are
---@field failures pagu.Table the errors there were, and how often
local Sweep = {}

--- The chart of a metric (by name; the first without one): lines over one or two parameters, bars where
--- a parameter isn't a number. Errors: "argument" for sweeps that a chart can't show.
---@param metric? string
---@return pagu.Chart
--- ```lua
--- local script = { params = { n = 1 }, run = function(s, p) return { twice = 2 * p.n } end }
--- assert(pagu.sweep { script = script, view = plan, grid = { n = { 1, 2 } } }:chart("twice").kind == "line")
--- ```
function Sweep:chart(metric) end

--- A document: summary, a chart and two-way table of each metric, all members, what failed.
---@return pagu.Document
--- ```lua
--- local script = { params = { n = 1 }, run = function(s, p) return { twice = 2 * p.n } end }
--- assert(#pagu.sweep { script = script, view = plan, grid = { n = { 1, 2 } } }:document() > 3)
--- ```
function Sweep:document() end

--- The sweep as JSON Lines: a header with plan, script, parameters and seed, then a line a member.
---@return string
--- ```lua
--- local script = { params = { n = 1 }, run = function(s, p) return { twice = 2 * p.n } end }
--- assert(pagu.sweep { script = script, view = plan, grid = { n = { 1, 2 } } }:jsonl():find '"metrics":{"twice":4}')
--- ```
function Sweep:jsonl() end

--- Bytes in a format: its table as "text", "markdown", "csv", "csv-excel-id", "json"; its document as
--- "html", "xlsx"; "jsonl".
---@param format string
---@param options? table options of the format
---@return string
--- ```lua
--- local script = { params = { n = 1 }, run = function(s, p) return { twice = 2 * p.n } end }
--- assert(pagu.sweep { script = script, view = plan, grid = { n = { 1 } } }:render("csv") == "member,n,twice\n1,1,2\n")
--- ```
function Sweep:render(format, options) end
