--- pagu.report.phrases: values in running text, as tables print them.
local _, pagu = ...
pagu = pagu or require "pagu"
local words = pagu._require "pagu.report.words"

local M = { helper = true } -- no report of its own

--- "95,80%"
function M.percent(value, lang)
  return pagu.format(value + 0.0, lang, 2) .. "%"
end

--- "Rp5.176.219.306"; other currencies by their code.
function M.money(amount, view, lang)
  local currency = view.meta.currency or ""
  local mark = currency == "IDR" and "Rp" or currency .. " "
  local sign = amount < 0 and "-" or ""
  local digits = pagu.format(amount, lang, view.decimals):gsub("^%-", "")
  return sign .. mark .. digits
end

--- A measure as get gives it: "200 Orang", "100%", "72,00 / B"; nil if it is missing.
function M.measure(lang, value, unit, text)
  if unit == "-" then return "-" end
  if value == nil then return nil end
  if type(value) == "string" then return value end
  if text then return text end
  local number = math.type(value) == "integer" and pagu.format(value, lang) or pagu.format(value, lang)
  if unit == "%" then return number .. "%" end
  return unit and unit ~= "" and number .. " " .. unit or number
end

--- "8 Program, 13 Kegiatan, dan 27 Sub Kegiatan"
function M.list(items, lang)
  if #items < 2 then return items[1] or "" end
  local last = lang == "en" and "and" or "dan"
  local comma = #items > 2 and "," or ""
  return table.concat(items, ", ", 1, #items - 1) .. comma .. " " .. last .. " " .. items[#items]
end

M.level_name = words.level_name

return M
