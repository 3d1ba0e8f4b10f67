---@meta pagu
-- The Lua API of pagu: completion for editors, and the source of the API reference. Nothing here
-- runs; tests/script/test_stubs.lua compares it with the real API and runs every example with
-- `plan` (the Tarakan plan), `need` (its stage "need"), `s` (a fresh scenario) and `pagu`.
--
-- Money is an integer of minor units (rupiah). Missing is nil; a printed dash is 0 with the second
-- result "-". Edits and reads raise an error object; loads and searches return nil, message, code.

--- A key ("1.06.01", "/" for the whole plan, "dinsos/1.06.01", "1.06.01#5.1.02"), a node, a
--- selection, a list of those, or a selector.
---@alias pagu.Place string|pagu.Node|pagu.Selection|pagu.Selector|pagu.Place[]
--- A year, or text: "2024Q1", "..2021".
---@alias pagu.Period integer|string
--- nil makes a value missing, "-" a printed dash.
---@alias pagu.Amount integer|"-"|nil

--- Narrowing by all of what is given.
---@class pagu.Selector
---@field level? string|string[] id of a level, such as "program"
---@field under? pagu.Place the place and everything below it
---@field at? pagu.Place these nodes only
---@field tag? table<string, string|string[]> class (or any of a list) by tree, with what lies below it
---@field where? fun(node: pagu.Node): any keeps nodes for which it returns a true value; tree order

--- What spread takes, and the verbs that are built on it.
---@class pagu.SpreadOptions
---@field at? pagu.Place what follows; the whole plan in scale, cut and fit, needed in spread
---@field field? string "budget" by default
---@field year? pagu.Period year n by default
---@field period? pagu.Period the same as year
---@field basis? any "current", "equal", a field, a view, { field, year, stage, from }, { [key] = weight }, a column, a function of the node
---@field unit? integer shares are multiples of it; 1 by default
---@field hold? pagu.Place lines that stay as they are
---@field floor? any no line below: an amount, { [key] = amount }, or a function of the node
---@field cap? any no line above
---@field on_zero? "error"|"equal"|"keep" when there is no basis to share by
---@field on_negative? "error"|"abs"|"zero"
---@field residue? string|pagu.Node who takes what rounding leaves: "largest" or "smallest" by basis, or a line; a unit each to the largest remainders otherwise
---@field dry? boolean return what would be done, and do nothing
---@field reason? string kept in the journal

---@class pagu.SpreadTo: pagu.SpreadOptions one of total, delta, percent, by; or rows and columns
---@field total? integer
---@field delta? integer
---@field percent? number -10 cuts a tenth
---@field by? number 1.1 adds a tenth
---@field rows? pagu.Margin totals of places
---@field columns? pagu.Margin totals of the classes of a tree, or of other places

--- Totals of one side of a spread between two: { ["1.06.01"] = total, … }; { level = "program" }, whose
--- nodes keep what they have; { tree = "fund", totals = { APBD = total, … } }, or without totals, whose
--- classes keep what they have.
---@alias pagu.Margin table<string, integer>|{ level: string }|{ tree: string, totals?: table<string, integer> }

---@class pagu.ScaleOptions: pagu.SpreadOptions one of the two
---@field percent? number
---@field by? number

---@class pagu.CutOptions: pagu.SpreadOptions percent or amount
---@field percent? number 10 and -10 both cut a tenth
---@field amount? integer
---@field targets? "keep"|"propose" nothing said: a note tells that targets stand; "propose": which would follow
---@field cost? pagu.Cost of "propose": "unit_cost" by default

--- What a target costs. "keep": nothing; "unit_cost": budget / target a unit; an amount a unit;
--- { method = "step", every = 50, price = x }: x for every 50 begun, or steps = { [0] = a, [51] = b }: b in all
--- from 51 on; { method = "elasticity", e = 0.8 }: 0.8 percent of money for a percent of target; a function of
--- node, old and new target and budget that returns the new budget; or { [key] = one of these }, the
--- nearest place above deciding.
---@alias pagu.Cost "keep"|"unit_cost"|integer|{ method: "step", every?: number, price?: integer, steps?: table<integer, integer> }|{ method: "elasticity", e: number }|(fun(node: pagu.Node, old: number, new: number, budget: integer): integer)|table<string, any>

---@class pagu.FitOptions: pagu.SpreadOptions
---@field total integer
---@field method? "proportional"|"priority"|"least_harm"
---@field order? pagu.Place[] of "priority": places from the most important
---@field weights? table<string, number> of "least_harm": how much a unit of the targets at or below a place counts, 1 by default
---@field targets? "keep"|"propose" as for cut: also returns the targets that would follow and those left alone
---@field cost? pagu.Cost of "propose"

--- What a failed edit or read raises. tostring gives the message.
---@class pagu.Error
---@field code string "held", "unknown_key", "insufficient", …
---@field message string one line that says what would help
---@field node? string key of the node meant
---@field field? string field and period meant
---@field file? string script that asked, or file at fault
---@field line? integer its line

---@class pagu
---@field version string version of the engine, "0.1.0"
local pagu = {}

--- Open a plan: a folder with datapackage.json, or a one-file JSON package.
--- Errors: nil, message, code ("not_found", "io", "package") and all findings.
---@param path string
---@return pagu.Plan? plan
---@return string? message
---@return string? code
---@return pagu.Findings? findings
--- ```lua
--- local p = assert(pagu.open "examples/renja-tarakan-2024")
--- assert(p.year == 2024)
--- ```
function pagu.open(path) end

--- Read the one-file JSON form of a plan from text. Errors as for open.
---@param text string
---@param name? string what findings call the text
---@return pagu.Plan? plan
---@return string? message
---@return string? code
---@return pagu.Findings? findings
--- ```lua
--- local p, message, code, findings = pagu.read_json "{}"
--- assert(p == nil and code and pagu.type(findings) == "findings")
--- ```
function pagu.read_json(text, name) end

--- Load a saved scenario onto a plan; the same as plan:load(path, options). It is pinned to the content of its
--- base: where the plan has changed since, it is replayed: { replay = "values" } or { replay = "decisions" }.
---@param plan pagu.View
---@param path string
---@param options? pagu.LoadOptions
---@return pagu.Scenario? scenario
---@return string|pagu.Table? message of a replay: its conflicts
---@return string? code "not_found", "syntax", "conflict": the base is not what it was
---@return pagu.Findings|pagu.Table? findings of a replay: its conflicts
--- ```lua
--- local x, message, code = pagu.load_scenario(plan, "no-such.scn")
--- assert(x == nil and code == "not_found")
--- ```
function pagu.load_scenario(plan, path, options) end

--- Put two or more views side by side: value, change and percent a row, largest change first,
--- and a total row. Rows that are equal everywhere are left out unless `all`; rows that only some
--- views have are changes. `show` adds columns, "all" every one of them:
---   share       percent of the parent's value
---   slack       what may be added before a ceiling on the row, or on one above it, breaks
---   target      the main indicator's target, and its change; rows whose target alone changed count
---   unit_cost   money for each unit of that target
---   cumulative  how much of all change stands in this row and those before it, percent
---   change      "changed", "added", "removed"
--- `by` compares the classes of a partition tree (fund, unit, account) instead of nodes; `at` and `level` choose
--- the nodes, as in { at = { level = "kegiatan", under = "1.06.01", tag = { fund = "dak" } } }.
---@param a pagu.View
---@param b pagu.View
---@param ... pagu.View|{ at?: pagu.Place, level?: string, by?: string, field?: string, year?: pagu.Period, period?: pagu.Period, all?: boolean, by_change?: boolean, show?: string|string[] }
---@return pagu.Table
--- ```lua
--- s:cut { at = "1.06.05", percent = 10 }
--- print(pagu.compare(plan, s, { level = "program" }))
--- local t = pagu.compare(plan, s, { by = "unit", show = { "share", "cumulative" } })
--- assert(t[1].delta2 < 0 and t[1].share1 <= 100)
--- s:target { at = "1.06.04.2.01.01", value = 260 }
--- for row in pagu.compare(plan, s, { show = "target" }):each() do
---   if row.target_delta2 == 60 then print(row.key, row.target1, row.target2) end
--- end
--- ```
function pagu.compare(a, b, ...) end

--- Make a table that prints like ours. A column is a name, or { name, title, type } with type
--- "text", "money", "number", "percent", "integer" or "measure"; types not given are decided by
--- the rows. A title "Rencana 2024|Target" has a group heading before "|"; number = "8=(7/6)" is
--- printed under the headings, as official forms do.
---@param columns table names or { name =, title =, type =, number = }; also title =, name = texts, decimals = of money
---@return pagu.Table
--- ```lua
--- local t = pagu.table { "program", { "total", "Pagu", "money" }, title = "Program" }
--- t:add { "1.06.04", 199433770 }
--- assert(t[1].total == 199433770)
--- ```
function pagu.table(columns) end

--- Build a report. Without format and out: its table, or document. With format: its bytes. With out:
--- the file is written (format by its ending unless given) and the table returned; an out that ends in
--- "/" is a folder, with a file a table (CSV unless format). Its stamp has plan (hash),
--- stage or scenario (name), hash (of the view), script (hash, if a script file runs), engine.
--- Errors: "argument" for an unknown kind or format, "io" where files may not be written.
---@param kind string|function|table kind such as "tc33", or a layout
---@param view pagu.View
---@param opts? { format?: string, out?: string, lang?: string, locale?: string, year?: integer, stamp?: boolean, width?: integer, ascii?: boolean, all?: boolean, level?: string, from?: string, only?: pagu.Place, unit?: integer, form?: "official"|"renstra", stages?: string[], interactive?: boolean }
---@return pagu.Table|pagu.Document|string
--- ```lua
--- local layout = function(view) return pagu.table { { "name", "Name", "text" } }:add { view.name } end
--- assert(pagu.report(layout, plan, { format = "csv" }):find "final")
--- ```
function pagu.report(kind, view, opts) end

--- Kinds of reports there are.
---@return string[]
--- ```lua
--- for _, kind in ipairs(pagu.reports()) do assert(type(kind) == "string") end
--- ```
function pagu.reports() end

--- Render a table (or a list of them) or a document in any format that pagu.report knows.
---@param t pagu.Table|pagu.Table[]|pagu.Document
---@param format string "text", "markdown", "csv", "json", …
---@param opts? table options of the format
---@return string
--- ```lua
--- assert(pagu.render(pagu.table { "a" }:add { 1 }, "csv") == "a\n1\n")
--- ```
function pagu.render(t, format, opts) end

--- a × b / c in 128 bits, rounded once, half away from zero. A float counts as the decimal it
--- prints as. Errors: "overflow"; "argument" if c is 0.
---@param a integer money
---@param b number
---@param c number not 0
---@return integer
--- ```lua
--- assert(pagu.muldiv(50000000, 260, 200) == 65000000)
--- ```
function pagu.muldiv(a, b, c) end

--- Round to a multiple of a unit, half away from zero.
---@param x number
---@param unit? integer 1 or more; 1 by default
---@return integer
--- ```lua
--- assert(pagu.round(1234567, 1000) == 1235000 and pagu.round(0.5) == 1)
--- ```
function pagu.round(x, unit) end

--- Money × factor, rounded once to a multiple of a unit.
---@param amount integer money
---@param factor number a decimal as written: 1.045 is 1045/1000
---@param unit? integer
---@return integer
--- ```lua
--- assert(pagu.scale(1000000000, 1.045) == 1045000000)
--- ```
function pagu.scale(amount, factor, unit) end

--- n thousand rupiah, exactly. Error "fraction" if that is not whole.
---@param n number
---@return integer
--- ```lua
--- assert(pagu.ribu(1.5) == 1500)
--- ```
function pagu.ribu(n) end

--- n million rupiah, exactly.
---@param n number
---@return integer
--- ```lua
--- assert(pagu.juta(150) == 150000000)
--- ```
function pagu.juta(n) end

--- n thousand million rupiah, exactly.
---@param n number
---@return integer
--- ```lua
--- assert(pagu.miliar(6) == 6000000000)
--- ```
function pagu.miliar(n) end

--- n million million rupiah, exactly.
---@param n number
---@return integer
--- ```lua
--- assert(pagu.triliun(1) == 1000000000000)
--- ```
function pagu.triliun(n) end

--- Read an amount in the spellings of documents: "1.234.567", "1,234,567", "Rp 1,5 M", "750 jt",
--- "2 T", "(1.000)". Errors: "bad_number", "ambiguous_number", "fraction".
---@param text string|integer
---@param locale? "id"|"en"|"plain" how "1.234" alone is read; by the language otherwise
---@param decimals? integer of the currency, 0 by default
---@return integer
--- ```lua
--- assert(pagu.rp("1,5 M", "id") == 1500000000)
--- ```
function pagu.rp(text, locale, decimals) end

--- Write an amount or a number as tables print it. decimals: digits after the sign, of an amount
--- those of its currency; a float without them prints in its shortest form.
---@param x number
---@param locale? "id"|"en"|"plain"
---@param decimals? integer
---@return string
--- ```lua
--- assert(pagu.format(1500000, "id") == "1.500.000" and pagu.format(95.8, "id", 2) == "95,80")
--- ```
function pagu.format(x, locale, decimals) end

--- Get, or set, the language of messages and printed numbers.
---@param name? "id"|"en"
---@return "id"|"en"
--- ```lua
--- assert(pagu.lang "en" == "en" and pagu.lang() == "en")
--- ```
function pagu.lang(name) end

--- What an object of ours is; nil for plain Lua values.
---@param x any
---@return "plan"|"view"|"scenario"|"node"|"indicator"|"selection"|"cells"|"column"|"table"|"findings"|"document"|"chart"|"workspace"|"error"|nil
--- ```lua
--- assert(pagu.type(plan) == "plan" and pagu.type {} == nil)
--- ```
function pagu.type(x) end

--- The read side of a stage or a scenario; a plan is the view of its default stage.
--- v["1.06.01"] is v:node "1.06.01".
---@class pagu.View
---@field name string id of the stage, or name of the scenario
---@field stage_id string the stage read, or branched from
---@field year integer plan year n
---@field first_year integer the frame of years that values may have
---@field last_year integer
---@field decimals integer digits after the decimal sign of the currency
---@field meta table<string, string> organisation, government, currency, title, status, date, "strategic.start", …
---@field closed boolean
---@field findings? pagu.Findings what the load of a plan found; nil for other views
---@field [string] pagu.Node
local View = {}

--- Read a value: money as an integer, a measure as number, unit and text (or text and unit).
--- nil only means missing. Errors: "unknown_key", "not_member", "unknown_field", "out_of_frame".
---@param key string|pagu.Node|pagu.Indicator for measures also an indicator's id, "1.06.01#1"
---@param field? string "budget" by default
---@param period? pagu.Period year n by default
---@return integer|number|string|nil value
---@return string? unit or "-" for a printed dash
---@return string? text beside the number
--- ```lua
--- assert(plan:get("1.06", "budget", 2024) == 4455445985)
--- local target, unit = plan:get("1.06.04.2.01.01", "target", 2024)
--- assert(target == 200 and unit == "Orang")
--- ```
function View:get(key, field, period) end

--- Get a node by key. Segments that differ only in leading zeros are equal.
--- Errors: "unknown_key" names near ones, "ambiguous_key", "not_member" names the stages.
---@param key string|pagu.Node
---@return pagu.Node
--- ```lua
--- assert(plan:node "1.06.04" == plan["1.6.4"])
--- ```
function View:node(key) end

--- Look for a node: nil, message, code instead of an error.
---@param key string
---@return pagu.Node? node
---@return string? message
---@return string? code
--- ```lua
--- local node, message, code = plan:find "9.99"
--- assert(node == nil and code == "unknown_key")
--- ```
function View:find(key) end

--- Get an indicator by its id. Error "unknown_key".
---@param id string
---@return pagu.Indicator
--- ```lua
--- assert(plan:indicator "1.06.04.2.01.01#1".target[2024] == 200)
--- ```
function View:indicator(id) end

--- Select nodes: everything, or what a place or selector means.
---@param place? pagu.Place
---@return pagu.Selection
--- ```lua
--- assert(#plan:select { level = "program", under = "1.06" } == 6)
--- ```
function View:select(place) end

--- Select the lines (leaves that carry money) at or below a place, each once.
---@param place? pagu.Place the whole plan by default
---@return pagu.Selection
--- ```lua
--- assert(plan:lines "1.06.05".budget[2024]:sum() == plan:get "1.06.05")
--- ```
function View:lines(place) end

--- Get a document table of the package as text cells; rows of "proposals" carry key, proposal,
--- budget (money), volume and location, as s:add takes them. Error "not_found" lists the tables.
---@param name string "proposals", "texts", "tables", "scales", …
---@return pagu.Table
--- ```lua
--- for q in plan:table "proposals":each() do assert(q.key and q.budget) end
--- ```
function View:table(name) end

--- Explain why a value is what it is: inputs, roll-up, edits with script and line, holds; of a derived
--- field its formula and operands.
---@param key string|pagu.Node|pagu.Indicator
---@param field? string
---@param period? pagu.Period
---@param options? { depth?: integer, rows?: integer, json?: boolean } json: a tree as text (schema/explain.schema.json)
---@return pagu.Table|string
--- ```lua
--- s["1.06.06.2.01.01"].budget[2024] = 60000000
--- print(s:explain("1.06.06", "budget", 2024))
--- assert(s:explain("1.06.06", "budget", 2024, { json = true }):find '"because"')
--- ```
function View:explain(key, field, period, options) end

--- Sum money by the classes of a partition tree: class, name, value; a row of what has no class and
--- a total, so that it foots. Error "unknown_tag".
---@param tree string
---@param field? string
---@param period? pagu.Period
---@return pagu.Table
--- ```lua
--- local t = plan:by "unit"
--- assert(t[#t].value == plan:get "/")
--- ```
function View:by(tree, field, period) end

--- Content hash of a stage or scenario, 64 hexadecimal digits: "hash" in a stamp. That of a plan is
--- of its whole content.
---@return string
--- ```lua
--- assert(#s:hash() == 64 and s:hash() ~= need:hash())
--- ```
function View:hash() end

--- Branch a scenario; O(1) in the size of the plan. Changes on one side never show on the other.
---@param name? string
---@param options? { stage?: string } branch another stage of the plan
---@return pagu.Scenario
--- ```lua
--- local x = plan:branch("uji", { stage = "need" })
--- assert(x.name == "uji" and x.stage_id == "need")
--- ```
function View:branch(name, options) end

--- Open the view of a stage of the plan. Error "unknown_stage" lists them.
---@param id string
---@return pagu.View
--- ```lua
--- assert(plan:stage "need":find "1.06.01.2.05")
--- ```
function View:stage(id) end

--- Stages: stage, name, kind, role.
---@return pagu.Table
--- ```lua
--- print(plan:stages())
--- ```
function View:stages() end

--- Levels of the tree: level, name, name_en.
---@return pagu.Table
--- ```lua
--- assert(plan:levels():rows()[4].level == "program")
--- ```
function View:levels() end

--- Fields: field, kind ("money" or "measure").
---@return pagu.Table
--- ```lua
--- print(plan:fields())
--- ```
function View:fields() end

--- Classification trees, the names that `tag` takes: tree, name, kind.
---@return pagu.Table
--- ```lua
--- print(plan:trees())
--- ```
function View:trees() end

--- Classes of a tree. Error "unknown_tag".
---@param tree string
---@return { id: string, name: string, parent?: string }[]
--- ```lua
--- assert(plan:classes "fund"[1].id == "APBD")
--- ```
function View:classes(tree) end

--- Close; what was made from it answers with error "closed" from now on. Also `<close>`.
--- ```lua
--- local v = plan:stage "need"
--- v:close()
--- assert(v.closed)
--- ```
function View:close() end

---@class pagu.Plan: pagu.View
local Plan = {}

--- Load a saved scenario onto its stage of this plan; with options, replay it (see pagu.load_scenario).
---@param path string
---@param options? pagu.LoadOptions
---@return pagu.Scenario? scenario
---@return string? message
---@return string? code "not_found", "syntax", "conflict"
---@return pagu.Findings? findings every conflict
--- ```lua
--- local x, message, code = plan:load "no-such.scn"
--- assert(x == nil and code == "not_found")
--- ```
function Plan:load(path, options) end

--- Write the plan as a package, whole or not at all. Error "io".
---@param folder string made if absent
--- ```lua
--- local ok, err = pcall(plan.save, plan, "/proc/no-such-folder/x")
--- assert(not ok and err.code == "io")
--- ```
function Plan:save(folder) end

--- Content hash of everything in the plan, whatever its files look like: "plan" in a stamp.
---@return string
--- ```lua
--- assert(plan:hash() ~= plan:stage "final":hash())
--- ```
function Plan:hash() end

--- The plan as one JSON text.
---@return string
--- ```lua
--- assert(pagu.read_json(plan:json()):hash() == plan:hash())
--- ```
function Plan:json() end

--- A copy-on-write branch. Every verb is atomic: what fails has changed nothing.
---@class pagu.Scenario: pagu.View
local Scenario = {}

--- Set one value, or a batch of { key, field, year, value } as one step. A sum is spread over its
--- lines in proportion; nil makes missing, "-" a dash; targets are numbers, text or
--- { value =, unit =, text = }. s["1.06.05"].budget[2024] = x does the same.
--- Errors: "held", "rule", "overflow", "fraction" (round it), "wrong_level", "zero_basis".
---@param key string|pagu.Node|pagu.Indicator|table
---@param field? string
---@param period? pagu.Period
--- dry returns what would change (see changes) and changes nothing.
---@param value? pagu.Amount|number|string|table
---@param options? { reason?: string, dry?: boolean }
---@return pagu.Table? changes only of a dry run
--- ```lua
--- assert(#s:set("1.06.05", "budget", 2024, 90000000, { dry = true }) == 3 and s:get "1.06.05" == 102784920)
--- s:set("1.06.06.2.01.01", "budget", 2024, 60000000)
--- s:set { { "1.06.04.2.01.01", "target", 2024, 260 }, { "1.06.05", "budget", 2024, 90000000 }, reason = "rapat" }
--- assert(s:get "1.06.05" == 90000000)
--- ```
function Scenario:set(key, field, period, value, options) end

--- Give the lines below `at` a new total, exactly, by largest remainder at `unit`. One of total,
--- delta, percent, by. Returns what changed; column residue shows which lines rounding gave a unit.
---
--- With rows and columns every total of both is met at once, to the rupiah: programs × sources of
--- funds, say. Lines follow their basis by iterative proportional fitting, each within one unit of
--- its share; a line of 0 stays at 0 unless a basis opens it; held lines, and lines that no row or no
--- column names, stay and count. `at` is what the rows name by default. What can't be met is named,
--- with the rupiah that are missing.
--- Errors: "zero_basis", "negative_basis", "mixed_sign", "unreachable", "held", "rule".
---@param options pagu.SpreadTo
---@return pagu.Table
--- ```lua
--- local t = s:spread { at = "1.06.05", total = pagu.juta(90), unit = 1000 }
--- assert(s:get "1.06.05" == 90000000)
---
--- -- two programs and the two units that work in them, all four totals at once
--- s:add { under = "1.06.02.2.03", name = "Pendampingan", budget = pagu.juta(40), tag = { unit = "DinsosPM/umum" } }
--- s:spread {
---   rows = { ["1.06.01"] = pagu.juta(3900), ["1.06.02"] = pagu.juta(150) },
---   columns = { tree = "unit", totals = { ["DinsosPM/umum"] = pagu.juta(3970), ["DinsosPM/dayasos"] = pagu.juta(80) } },
---   unit = 1000,
--- }
--- assert(s:get "1.06.01" == 3900000000 and s:get "1.06.02" == 150000000)
--- ```
function Scenario:spread(options) end

--- Move money; the plan's total is kept. from and to are places, or { [key] = share }: weights
--- when `amount` is given, amounts when it isn't. Error "insufficient" names the source.
---@param options { from: any, to: any, amount?: integer, field?: string, year?: pagu.Period, period?: pagu.Period, unit?: integer, dry?: boolean, reason?: string }
---@return pagu.Table
--- ```lua
--- s:transfer { from = "1.06.01.2.09.09", to = { ["1.06.04.2.01.01"] = 60, ["1.06.04.2.01.03"] = 40 },
---   amount = pagu.juta(100), reason = "gedung ditunda" }
--- assert(s:get "/" == plan:get "/")
--- ```
function Scenario:transfer(options) end

--- Copy lines exactly from another view, missing and dashes included.
--- Error "not_member" for rows that only the other has, unless `add`.
---@param options { at?: pagu.Place, from: pagu.View|string, field?: string, year?: pagu.Period, period?: pagu.Period, add?: boolean, dry?: boolean, reason?: string }
---@return pagu.Table
--- ```lua
--- s:set("1.06.05", "budget", 2024, 1)
--- s:take { at = "1.06.05", from = plan }
--- assert(s:get "1.06.05" == plan:get "1.06.05")
--- ```
function Scenario:take(options) end

--- Change lines by a percentage or a factor.
---@param options pagu.ScaleOptions
---@return pagu.Table
--- ```lua
--- s:scale { at = "1.06.06", by = 1.1 }
--- assert(s:get "1.06.06" == 55000000)
--- ```
function Scenario:scale(options) end

--- Cut by a percentage (10 and -10 both cut a tenth) or an amount. targets = "propose" also returns
--- the targets that would follow the money by `cost`, whole ones rounded down, and those left alone with
--- the reason (text, a percentage, no budget, …); nothing changes them.
---@param options pagu.CutOptions
---@return pagu.Table changed
---@return pagu.Table? proposals key, indicator, target, proposed
---@return pagu.Table? left key, indicator, target, why
--- ```lua
--- local _, proposals, left = s:cut { at = "1.06.04", percent = 10, targets = "propose",
---   cost = { ["1.06.04"] = "unit_cost", ["1.06.04.2.01.03"] = { method = "elasticity", e = 2 } } }
--- assert(proposals:cell(1, "proposed") == 180 and left:cell(1, "why"))
--- ```
function Scenario:cut(options) end

--- Make a place fit a total. method "proportional" (default), or "priority" with order = places
--- from the most important: the others give first, then the order from its end. "least_harm" loses
--- the fewest weighted units of targets: lines that buy the least of their target with a rupiah give
--- first, down to their floor, and get last when there is more; column target_change says what each
--- line's change costs. Units of different targets count alike unless weights say otherwise.
--- Errors: "unreachable" says how far it can go, "held".
---@param options pagu.FitOptions
---@return pagu.Table
---@return pagu.Table? proposals key, indicator, target, proposed
---@return pagu.Table? left key, indicator, target, why
--- ```lua
--- s:fit { total = pagu.miliar(6), hold = s:select { under = "1.06.01.2.02" }, unit = 1000 }
--- assert(s:get "/" == 6000000000)
--- local t = s:fit { at = "1.06", total = pagu.miliar(4), method = "least_harm", weights = { ["1.06.01"] = 5 } }
--- assert(s:get "1.06" == 4000000000 and t:cell(1, "target_change") < 0)
--- ```
function Scenario:fit(options) end

--- Change a target, what it costs ("keep" by default) and who pays. Without `from` the plan's total
--- changes; with it the difference is transferred. from = "propose" changes nothing: it returns what
--- the change costs, and lines that could pay: neither spent nor held, most first, with what giving it
--- would cost of their own target, and the rule that would refuse.
---@param options { at: pagu.Place, indicator?: string|integer|pagu.Indicator, value: any, year?: pagu.Period, cost?: pagu.Cost, from?: any, unit?: integer, dry?: boolean, reason?: string }
---@return pagu.Table
---@return pagu.Table? sources of "propose": key, name, budget, spent, available, enough, target_lost, why
--- ```lua
--- local _, sources = s:target { at = "1.06.04.2.01.01", value = 260, cost = "unit_cost", from = "propose" }
--- s:target { at = "1.06.04.2.01.01", value = 260, cost = "unit_cost", from = sources:cell(1, "key") }
--- assert(s:get "1.06.04.2.01.01" == 65000000 and s:get "/" == plan:get "/")
--- s:target { at = "1.06.04.2.01.03", value = 60, cost = { method = "step", every = 25, price = pagu.juta(10) } }
--- ```
function Scenario:target(options) end

--- Add a node, with money and a target: budget and target are values of one year or { [year] = v }.
--- code: full, or the last part; the next free number by default. level: the next below by default.
--- Errors: "duplicate_key", "unknown_level", "unknown_tag". dry returns { key, name, budget }.
---@param options { under: string|pagu.Node, name: string, code?: string, level?: string, sign?: integer, tag?: table, budget?: any, indicator?: string, unit?: string, type?: string, target?: any, year?: pagu.Period, dry?: boolean, reason?: string }
---@return pagu.Node
--- ```lua
--- local node = s:add { under = "1.06.06.2.01", name = "Tenda", budget = pagu.juta(5), indicator = "Jumlah tenda", unit = "unit", target = 3 }
--- assert(node.code == "1.06.06.2.01.02" and node.target[2024] == 3)
--- ```
function Scenario:add(options) end

--- Add an indicator to a node.
---@param options { at: string|pagu.Node, name: string, unit?: string, type?: string, target?: any, year?: pagu.Period, reason?: string }
---@return pagu.Indicator
--- ```lua
--- assert(s:add_indicator { at = "1.06.06", name = "Waktu tanggap", unit = "jam", target = 2 }.target[2024] == 2)
--- ```
function Scenario:add_indicator(options) end

--- Remove nodes with everything below: values and membership are cleared. Errors: "held", "rule".
--- dry returns the values that would go and removes nothing.
---@param place pagu.Place|{ at: pagu.Place, reason?: string, dry?: boolean }
---@return pagu.Table? changes only of a dry run
--- ```lua
--- assert(#s:remove { at = "1.06.07", dry = true } > 0 and s:find "1.06.07.2.01.02")
--- s:remove "1.06.07"
--- assert(s:find "1.06.07.2.01.02" == nil)
--- ```
function Scenario:remove(place) end

--- Let nodes that another stage has join this one, with the ancestors they need; values start missing.
---@param options { at: pagu.Place, from: pagu.View|string, reason?: string }
--- ```lua
--- s:join { at = "1.06.01.2.05.02", from = "need" }
--- assert(s["1.06.01.2.05.02"])
--- ```
function Scenario:join(options) end

--- Freeze every line at or below a place, or its sum with total = true. Without field or year: all.
--- name is what refusals call it, and release; the reason, else the place, by default.
---@param options pagu.Place|{ at: pagu.Place, total?: boolean, field?: string, year?: pagu.Period, period?: pagu.Period, name?: string, reason?: string, law?: string, warn?: boolean, severity?: "reject"|"warn", from_year?: integer, to_year?: integer }
---@return integer id
--- ```lua
--- s:hold { at = "1.06.04", name = "spm", reason = "Permendagri 59/2021" }
--- assert(not pcall(s.set, s, "1.06.04.2.01.01", "budget", 2024, 1))
--- ```
function Scenario:hold(options) end

--- Refuse edits that bring the sum over a place below an amount, or further below if it is below now.
---@param options { at: pagu.Place, amount?: integer, min?: integer, field?: string, year?: pagu.Period, period?: pagu.Period, name?: string, reason?: string, law?: string, warn?: boolean, severity?: "reject"|"warn", from_year?: integer, to_year?: integer }
---@return integer id
--- ```lua
--- s:floor { at = "1.06.05", amount = pagu.juta(100), reason = "batas minimal" }
--- ```
function Scenario:floor(options) end

--- Refuse edits that bring the sum over a place above an amount.
---@param options { at: pagu.Place, amount?: integer, max?: integer, field?: string, year?: pagu.Period, period?: pagu.Period, name?: string, reason?: string, law?: string, warn?: boolean, severity?: "reject"|"warn", from_year?: integer, to_year?: integer }
---@return integer id
--- ```lua
--- s:ceiling { at = "1.06.01", amount = pagu.miliar(4) }
--- ```
function Scenario:ceiling(options) end

--- Take a hold, floor, ceiling or rule back, by number or by name (every one of that name). A rule of
--- the package (rules.csv) needs a reason, which stands in the journal.
---@param which integer|string
---@param reason? string
--- ```lua
--- s:release(s:hold "1.06.04")
--- ```
function Scenario:release(which) end

--- What is in force: id, kind, name, at, field, period, amount, severity, reason, law, of (the whole of a
--- share), min, max, min_share, max_share (percent), sum and share now, slack, state (holds, broken), message.
---@return pagu.Table
--- ```lua
--- s:hold "1.06.04"
--- assert(#s:constraints() == 1)
--- ```
function Scenario:constraints() end

--- True if a hold freezes this line's value.
---@param key string|pagu.Node
---@param field? string
---@param period? pagu.Period
---@return boolean
--- ```lua
--- s:hold "1.06.04"
--- assert(s:is_held "1.06.04.2.01.01")
--- ```
function Scenario:is_held(key, field, period) end

--- Take the last step back, or the last n. Error "nothing_to_undo" at the branch point.
---@param n? integer
--- ```lua
--- s:set("1.06.06", "budget", 2024, 1)
--- s:undo()
--- assert(s:hash() == plan:branch "":hash())
--- ```
function Scenario:undo(n) end

--- Do again what was undone. Error "nothing_to_undo" at the end.
---@param n? integer
--- ```lua
--- s:set("1.06.06", "budget", 2024, 1)
--- s:undo()
--- s:redo()
--- assert(s:get "1.06.06" == 1)
--- ```
function Scenario:redo(n) end

--- A position in the journal, for rollback.
---@return integer
--- ```lua
--- local before = s:savepoint()
--- s:cut { percent = 10 }
--- s:rollback(before)
--- ```
function Scenario:savepoint() end

--- Undo to a savepoint and forget what was undone.
---@param savepoint integer
--- ```lua
--- local before = s:savepoint()
--- s:cut { percent = 10 }
--- s:rollback(before)
--- assert(#s:journal() == 0)
--- ```
function Scenario:rollback(savepoint) end

--- Call f(scenario); everything it does is one step, or nothing if it raises. Returns f's results.
---@param f fun(s: pagu.Scenario): ...
---@param note? { verb?: string, args?: table, used?: table, reason?: string }
---@return any ...
--- ```lua
--- s:atomic(function(on)
---   on:cut { at = "1.06.01", percent = 5 }
---   on:scale { at = "1.06.04", percent = 5 }
--- end, { reason = "geser ke rehabilitasi" })
--- assert(#s:journal() == 1)
--- ```
function Scenario:atomic(f, note) end

--- Steps so far: step, verb, args (JSON), changes (how many values), effect (on structure and
--- constraints, in words), reason, source (file:line), inherited ("yes" from the branch point).
---@return pagu.Table
--- ```lua
--- s:cut { percent = 10 }
--- assert(s:journal()[1].verb == "cut")
--- ```
function Scenario:journal() end

--- What one step did: key, field, period, old and new of money, old_measure and new_measure.
---@param step integer
---@return pagu.Table
--- ```lua
--- s:set("1.06.06.2.01.01", "budget", 2024, 1)
--- assert(s:changes(1)[1].new == 1)
--- ```
function Scenario:changes(step) end

--- Save as JSON Lines: base hash, then each step with its effects by key, whole or not at all.
--- Errors: "not_found" (no such folder), "io".
---@param path string
--- ```lua
--- local ok, err = pcall(s.save, s, "/no-such-folder/x.scn")
--- assert(not ok and err.code == "not_found")
--- ```
function Scenario:save(path) end

--- The text that save writes.
---@return string
--- ```lua
--- s:cut { percent = 10 }
--- assert(s:dump():find "cut")
--- ```
function Scenario:dump() end

--- Bytes of memory that this scenario alone holds.
---@return integer
--- ```lua
--- assert(s:memory() >= 0)
--- ```
function Scenario:memory() end

--- A node or line. node.budget[2024] reads and, in a scenario, sets; node.target is its main
--- indicator's; node.target(2024) gives number, unit and text.
---@class pagu.Node
---@field key string
---@field code string
---@field name string
---@field level? string id of its level; nil for lines below the levels
---@field parent? pagu.Node nil for the root
---@field depth integer 0 for the root
---@field sign integer towards its parent: 1, -1, or 0 for a memo row
---@field leaf boolean carries money itself
---@field own_line boolean "CODE#": money not broken down
---@field tag table<string, string|string[]> class of each partition, list of each label tree, inherited ones too
---@field declared table<string, string|string[]> the same of what the node itself declares
---@field view pagu.View
---@field [string] pagu.Cells
local Node = {}

--- Children in code order, own lines last, as a selection.
---@return pagu.Selection
--- ```lua
--- for child in plan["1.06"]:children() do print(child.code, child.budget[2024]) end
--- ```
function Node:children() end

--- Its indicators, the main one first.
---@return pagu.Indicator[]
--- ```lua
--- assert(plan["1.06.04.2.01.01"]:indicators()[1].unit == "orang")
--- ```
function Node:indicators() end

--- A free attribute of the package, or nil.
---@param name string
---@return string?
--- ```lua
--- assert(plan["1.06"]:attribute "warna" == nil)
--- ```
function Node:attribute(name) end

--- True if the node is the other or lies below it.
---@param other string|pagu.Node
---@return boolean
--- ```lua
--- assert(plan["1.06.04"]:is_below "1.06")
--- ```
function Node:is_below(other) end

--- A field of a node, an indicator or a selection, waiting for its period: x.budget[2024].
--- x.target(2024) returns everything that get does.
---@class pagu.Cells
---@field [integer|string] any

--- An indicator; ind.target[2024] reads and, in a scenario, sets.
---@class pagu.Indicator
---@field id string
---@field key string the id
---@field name string
---@field unit string id of its unit
---@field type string "output", "outcome", …
---@field owner string key of its node, or "tree:class"
---@field node? pagu.Node
---@field polarity "higher"|"lower"|"range"
---@field over_time string aggregation over periods
---@field over_children string aggregation over children
---@field [string] pagu.Cells
local Indicator = {}

--- A fixed set of nodes of a view, in tree order: #sel, sel[1], `for node in sel do`. a | b, a & b
--- and a - b take any place. sel.budget[2024] is a column; assigning one writes every node.
---@class pagu.Selection
---@field view pagu.View
---@field [string] pagu.Cells
---@operator bor(pagu.Place): pagu.Selection
---@operator band(pagu.Place): pagu.Selection
---@operator sub(pagu.Place): pagu.Selection
local Selection = {}

--- Iterate in tree order.
---@return fun(): pagu.Node?
--- ```lua
--- for node in plan:select { level = "program" }:each() do print(node.code) end
--- ```
function Selection:each() end

--- The same nodes on another view of the plan; those that it lacks drop out.
---@param view pagu.View
---@return pagu.Selection
--- ```lua
--- assert(#need:select { under = "1.06.01.2.05" }:on(plan) == 0)
--- ```
function Selection:on(view) end

--- Nodes for which a mask or a function holds.
---@param test pagu.Column|fun(node: pagu.Node): any
---@return pagu.Selection
--- ```lua
--- local programs = plan:select { level = "program" }
--- assert(#programs:where(programs.budget[2024]:gt(pagu.miliar(1))) == 2)
--- ```
function Selection:where(test) end

--- Lines at or below its nodes, each once.
---@return pagu.Selection
--- ```lua
--- assert(plan:select { under = "1.06.04" }:lines().budget[2024]:sum() == 199433770)
--- ```
function Selection:lines() end

--- Indicators of its nodes, in tree order: a list that columns can be made of.
---@return pagu.Indicators
--- ```lua
--- for _, ind in ipairs(plan:select { under = "1.06.04" }:indicators()) do print(ind.id) end
--- ```
function Selection:indicators() end

--- Keys in tree order.
---@return string[]
--- ```lua
--- assert(plan:select { level = "program" }:keys()[1] == "1.06.01")
--- ```
function Selection:keys() end

--- True if a node is in it.
---@param key string|pagu.Node
---@return boolean
--- ```lua
--- assert(plan:select { level = "program" }:has "1.06.04")
--- ```
function Selection:has(key) end

--- A lazy column over a selection. + - * / and unary - count exactly: money stays an integer,
--- money × decimal rounds once, money / money is a number. Comparisons give masks, which combine
--- with & | ~. Missing operands give missing; aggregates skip them.
---@class pagu.Column
---@operator add(pagu.Column|number): pagu.Column
---@operator sub(pagu.Column|number): pagu.Column
---@operator mul(pagu.Column|number): pagu.Column
---@operator div(pagu.Column|number): pagu.Column
---@operator unm: pagu.Column
---@operator band(pagu.Column): pagu.Column
---@operator bor(pagu.Column): pagu.Column
---@operator bnot: pagu.Column
local Column = {}

--- Mask: greater than.
---@param x pagu.Column|number
---@return pagu.Column
--- ```lua
--- local programs = plan:select { level = "program" }
--- assert(programs.budget[2024]:gt(pagu.miliar(1)):sum() == 2)
--- ```
function Column:gt(x) end

--- Mask: greater than or equal.
---@param x pagu.Column|number
---@return pagu.Column
--- ```lua
--- assert(plan:select "1.06.04".budget[2024]:ge(199433770):sum() == 1)
--- ```
function Column:ge(x) end

--- Mask: less than.
---@param x pagu.Column|number
---@return pagu.Column
--- ```lua
--- assert(plan:select "1.06.04".budget[2024]:lt(199433770):sum() == 0)
--- ```
function Column:lt(x) end

--- Mask: less than or equal.
---@param x pagu.Column|number
---@return pagu.Column
--- ```lua
--- assert(plan:select "1.06.04".budget[2024]:le(199433770):sum() == 1)
--- ```
function Column:le(x) end

--- Mask: equal.
---@param x pagu.Column|number
---@return pagu.Column
--- ```lua
--- assert(plan:select "1.06.04".budget[2024]:eq(199433770):sum() == 1)
--- ```
function Column:eq(x) end

--- Mask: not equal.
---@param x pagu.Column|number
---@return pagu.Column
--- ```lua
--- assert(plan:select "1.06.04".budget[2024]:ne(199433770):sum() == 0)
--- ```
function Column:ne(x) end

--- Sum of what is present; nil if nothing is; of a mask, how many hold. Unlike units give nil, nil,
--- "unit clash". Error "argument" if a node and one below it are both selected.
---@return integer|number|nil
---@return string? unit
--- ```lua
--- assert(plan:select { level = "program" }.budget[2024]:sum() == plan:get "/")
--- ```
function Column:sum() end

--- Least value.
---@return integer|number|nil
--- ```lua
--- assert(plan:select { level = "program" }.budget[2024]:min() == 43885970)
--- ```
function Column:min() end

--- Greatest value.
---@return integer|number|nil
--- ```lua
--- assert(plan:select { level = "program" }.budget[2024]:max() == 3926440000)
--- ```
function Column:max() end

--- Mean of what is present: an integer if that is whole, else a float.
---@return integer|number|nil
--- ```lua
--- assert(plan:select { level = "program" }.budget[2024]:mean() == 6736773965 / 8)
--- ```
function Column:mean() end

--- Value at one node. Error "unknown_key" if it isn't in the selection.
---@param key string|pagu.Node
---@return integer|number|boolean|nil value
---@return string? dash
--- ```lua
--- assert(plan:select { level = "program" }.budget[2024]:at "1.06.04" == 199433770)
--- ```
function Column:at(key) end

--- Values by key.
---@return table<string, integer|number|boolean>
--- ```lua
--- assert(plan:select { level = "program" }.budget[2024]:values()["1.06.04"] == 199433770)
--- ```
function Column:values() end

--- Iterate: node, value in tree order.
---@return fun(): pagu.Node?, any
--- ```lua
--- for node, value in plan:select { level = "program" }.budget[2024]:each() do print(node.code, value) end
--- ```
function Column:each() end

--- The column as a table: key, name, value.
---@return pagu.Table
--- ```lua
--- assert(plan:select { level = "program" }.budget[2024]:table()[1].key == "1.06.01")
--- ```
function Column:table() end

--- Everything printed: tostring gives aligned text, #t its rows, t[i] one row by column name.
---@class pagu.Table
---@field title string
---@field name string machine name: sheet, file, anchor
---@field notes string[]
---@field stamps table<string, string>
---@field decimals integer of money when printed
---@field [integer] table
local Table = {}

--- Add a row: values by position, or by column name. Nodes print their key, "-" is a dash, and
--- { text = "satuan berbeda" } puts words where a number can't be.
---@param row table
---@param options? { style?: "normal"|"group"|"total", indent?: integer, parent?: integer } parent: the earlier row it stands below
---@return pagu.Table itself
--- ```lua
--- local t = pagu.table { "code", "total" }
--- t:add { "1.06", 150000000 }:add({ code = "1.07", total = "-" }, { style = "total" })
--- assert(#t == 2)
--- ```
function Table:add(row, options) end

--- Add a note below the table.
---@param text string
---@return pagu.Table itself
--- ```lua
--- assert(pagu.table { "a" }:note "sumber: Renja".notes[1] == "sumber: Renja")
--- ```
function Table:note(text) end

--- Add a line to the stamp.
---@param key string
---@param value string
---@return pagu.Table itself
--- ```lua
--- assert(pagu.table { "a" }:stamp("seed", "1").stamps.seed == "1")
--- ```
function Table:stamp(key, value) end

--- Rows keyed by column name; missing cells are absent.
---@return table[]
--- ```lua
--- assert(plan:stages():rows()[1].stage == "common")
--- ```
function Table:rows() end

--- Iterate over rows.
---@return fun(): table?
--- ```lua
--- for row in plan:stages():each() do print(row.stage) end
--- ```
function Table:each() end

--- One cell: value; 0 and "-"; or for a measure number, unit and text.
---@param row integer
---@param column string|integer
---@return any value
---@return string? unit
---@return string? text
--- ```lua
--- assert(plan:stages():cell(1, "stage") == "common")
--- ```
function Table:cell(row, column) end

--- Its columns.
---@return { name: string, title: string, type: string, number?: string }[]
--- ```lua
--- assert(plan:stages():columns()[1].name == "stage")
--- ```
function Table:columns() end

--- Style and indent of a row.
---@param row integer
---@return "normal"|"group"|"total" style
---@return integer indent
--- ```lua
--- assert(plan:stages():style(1) == "normal")
--- ```
function Table:style(row) end

--- The row that a row stands below.
---@param row integer
---@return integer? row
--- ```lua
--- local t = pagu.table { "code" }:add { "1.06" }:add({ "1.06.01" }, { parent = 1 })
--- assert(t:parent(2) == 1 and t:parent(1) == nil)
--- ```
function Table:parent(row) end

--- Aligned text, as tostring gives it: words in the language, no empty columns, wrapped at the
--- terminal's width or 160 columns; width = 0 wraps nothing.
---@param options? { locale?: "id"|"en"|"plain", width?: integer, ascii?: boolean, stamp?: boolean, decimals?: integer }
---@return string
--- ```lua
--- print(plan:stages():text { ascii = true })
--- ```
function Table:text(options) end

--- Markdown. Options as for text.
---@param options? table
---@return string
--- ```lua
--- assert(plan:stages():markdown():find "|")
--- ```
function Table:markdown(options) end

--- CSV: plain numbers, machine column names, text that no spreadsheet takes for a formula. dialect =
--- "excel-id" is for an Excel set to Indonesian: ";" between fields, decimal ",", byte order mark, CRLF, titles of columns for their names.
---@param options? { dialect?: "excel-id" } and those of text
---@return string
--- ```lua
--- assert(plan:stages():csv():find "^stage,name,kind,role\n")
--- ```
function Table:csv(options) end

--- JSON: money as decimal strings.
---@param options? table
---@return string
--- ```lua
--- assert(plan:stages():json():find '"columns"')
--- ```
function Table:json(options) end

--- What loads and checks report: #findings, findings[i], tostring as a table.
---@class pagu.Findings
---@field [integer] pagu.Finding
local Findings = {}

--- Iterate.
---@return fun(): table?
--- ```lua
--- for f in plan:check():each() do assert(f.rule and f.message) end
--- ```
function Findings:each() end

--- How many there are of at least this severity.
---@param severity? "note"|"warning"|"error"
---@return integer
--- ```lua
--- local findings = plan:check()
--- assert(findings:count() == #findings)
--- ```
function Findings:count(severity) end

--- As a table.
---@return pagu.Table
--- ```lua
--- print(plan:check():table())
--- ```
function Findings:table() end

--- Rows of that table.
---@return table[]
--- ```lua
--- assert(#plan:check():rows() == #plan:check())
--- ```
function Findings:rows() end

--- Aligned text of that table.
---@param options? table
---@return string
--- ```lua
--- assert(type(plan:check():text()) == "string")
--- ```
function Findings:text(options) end

--- Markdown of that table.
---@param options? table
---@return string
--- ```lua
--- assert(type(plan:check():markdown()) == "string")
--- ```
function Findings:markdown(options) end

--- CSV of that table.
---@param options? table
---@return string
--- ```lua
--- assert(type(plan:check():csv()) == "string")
--- ```
function Findings:csv(options) end

--- JSON of that table.
---@param options? table
---@return string
--- ```lua
--- assert(type(plan:check():json()) == "string")
--- ```
function Findings:json(options) end

return pagu
