---@meta pagu
-- Tables and documents as files of a spreadsheet; continues pagu.lua.

---@class pagu.Table
local Table = {}

--- A workbook (XLSX) with the table on one sheet and its stamp on another: numbers are numbers,
--- money beyond 15 digits is text, which loses nothing; rows below rows fold away, and where those
--- directly below a row add up to its money exactly, it holds a formula. Text is never a formula.
--- Write the bytes to a file, or ask pagu.report for `out = "x.xlsx"`. The same table gives the same
--- bytes. Errors: "limit" for a cell of more than 32,767 characters or more than 1,048,576 rows.
---@param options? table as for text
---@return string bytes
--- ```lua
--- assert(plan:stages():xlsx():sub(1, 2) == "PK")
--- ```
function Table:xlsx(options) end
