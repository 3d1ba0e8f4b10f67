---@meta
-- pagu: plans out of the files that offices have.

---@class pagu
local pagu = {}

---@class pagu.ImportOptions
---@field stage? string stage of values whose header names none; "final" by default
---@field year? integer plan year; without it what headers, titles and the file's name say
---@field template? string a shipped template ("tabel-1", "tabel-3", "tabel-7", "sipd") or a JSON file
---@field sheet? string of a workbook; without it every sheet that holds a table
---@field decimal? string "," or ".": how the file writes decimals, where its cells don't show it
---@field round? boolean round fractions of the money unit, half away from zero
---@field replace? boolean new values replace those that are there
---@field printed? boolean false: don't keep the cells as printed
---@field bidang? string the bidang that stands for X.XX in codes
---@field partial? boolean take the rest although rows or cells were rejected
---@field into? pagu.Plan add to this plan; it stays as it is, the result is a new one

--- Make a plan of XLSX, CSV or JSON tables, as `pagu import` does (docs/import.md). Several files make
--- one plan. Nothing is written; plan:save does that.
--- Errors: nil, message, code ("not_found", "io", "syntax", "limit", "argument", "package") and all findings;
--- "package" also when a row or cell was rejected.
---@param files string|string[]
---@param options? pagu.ImportOptions
---@return pagu.Plan? plan
---@return string? message
---@return string? code
---@return pagu.Findings? findings
--- ```lua
--- local p = assert(pagu.import("examples/impor/tc33.csv", { stage = "final" }))
--- assert(p:get("/", "budget", 2025) == 1250000000)
--- local more = assert(pagu.import({ "examples/impor/kertas-kerja.csv" },
---   { template = "examples/impor/kertas-kerja.json", into = p }))
--- assert(more:stage "usulan":get("/", "budget", 2025) == 1280500000)
--- ```
function pagu.import(files, options) end
