---@meta
-- Documents and charts: what a report gives, in any format.

---@class pagu
local pagu = {}

--- Make a document: headings, paragraphs, tables and charts in order.
---@param options? { title?: string, lang?: "id"|"en" }
---@return pagu.Document
--- ```lua
--- local doc = pagu.document { title = "Renja 2024" }
--- doc:heading("Pagu", 1):add(plan:stages(), { name = "stages" })
--- assert(doc:render("md"):find "# Renja 2024")
--- ```
function pagu.document(options) end

--- Make a chart of a table's columns; column titles are its legend, missing cells are gaps.
--- kind: "bar" (default), "stacked", "line"; "fan" (values: low, middle, high; where low and high
--- are missing, the middle is history); "waterfall" (one value: rows are steps, rows of style
--- "total" are levels); "treemap" and "sunburst" (one value; the tree is the row parents);
--- "compare" (values: target, achievement). Errors: "argument" for a column that isn't there or
--- holds no numbers.
---@param options { kind?: string, table: pagu.Table, label?: string, value?: string, values?: string[], title?: string, unit?: string }
---@return pagu.Chart
--- ```lua
--- local t = pagu.table { "program", { "total", "Pagu", "money" } }:add { "1.06.04", 199433770 }
--- local chart = pagu.chart { kind = "bar", table = t, label = "program", value = "total", unit = "Rp" }
--- assert(chart.kind == "bar")
--- ```
function pagu.chart(options) end

--- Blocks in order: #doc of them. Tables may be filled until the document is rendered; tostring
--- gives its text.
---@class pagu.Document
---@field title string
---@field lang string
local Document = {}

--- Append a heading.
---@param text string
---@param level? integer 1 (default) to 4
---@return pagu.Document itself
--- ```lua
--- assert(#pagu.document {}:heading("Tabel 7", 2) == 1)
--- ```
function Document:heading(text, level) end

--- Append a paragraph; line feeds are line breaks.
---@param paragraph string
---@return pagu.Document itself
--- ```lua
--- assert(pagu.document {}:text "Nihil.":render("text") == "Nihil.\n")
--- ```
function Document:text(paragraph) end

--- Append a table or a chart. The name is its sheet, file or anchor and unique in the document.
---@param block pagu.Table|pagu.Chart
---@param options? { name?: string } default: the table's name, else one by place
---@return pagu.Document itself
--- ```lua
--- local t = pagu.table { "code", name = "codes" }:add { "1.06" }
--- assert(pagu.document {}:add(t):blocks()[1].table == t)
--- ```
function Document:add(block, options) end

--- Append a line to the stamp.
---@param key string
---@param value string
---@return pagu.Document itself
--- ```lua
--- assert(pagu.document { title = "A" }:stamp("seed", "1"):render "text":find "seed=1")
--- ```
function Document:stamp(key, value) end

--- Its blocks: type ("heading", "text", "table", "chart") and text, level, name, table or chart.
---@return table[]
--- ```lua
--- assert(pagu.document {}:heading "A":blocks()[1].type == "heading")
--- ```
function Document:blocks() end

--- Render. A document that is one table and nothing else reads as that table.
---@param format? string "text" (default), "markdown", "csv", "csv-excel-id", "json", "xlsx", "html"
---@param options? { locale?: "id"|"en"|"plain", width?: integer, ascii?: boolean, stamp?: boolean, decimals?: integer, interactive?: boolean, paper?: boolean } interactive = false: charts of HTML stay pictures; paper: HTML to be printed, without any script
---@return string
--- ```lua
--- assert(pagu.document {}:add(pagu.table { "a" }:add { 1 }):render "csv" == "a\n1\n")
--- ```
function Document:render(format, options) end

--- What a chart shows: its fields.
---@class pagu.Chart
---@field kind string
---@field title string
---@field unit string
---@field table pagu.Table
local Chart = {}

--- The picture as SVG that needs nothing else.
---@param options? { locale?: "id"|"en"|"plain" }
---@return string
--- ```lua
--- local t = pagu.table { "a", "b" }:add { "x", 1 }
--- assert(pagu.chart { table = t, value = "b" }:svg():find "^<svg")
--- ```
function Chart:svg(options) end
