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
