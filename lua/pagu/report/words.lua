--- pagu.report.words: what layouts say around their values, in two languages.
local _, pagu = ...
pagu = pagu or require "pagu"

local M = { helper = true } -- no report of its own

--- Official names of the levels of Permendagri 90/2019; others print the name the package gives.
M.levels = {
  urusan = { id = "Urusan", en = "Affair" },
  bidang = { id = "Bidang Urusan", en = "Field" },
  program = { id = "Program", en = "Program" },
  kegiatan = { id = "Kegiatan", en = "Activity" },
  sub_kegiatan = { id = "Sub Kegiatan", en = "Sub-activity" },
}

--- Why a computed cell has no number: the words in the cell, and the note below the table.
M.states = {
  ["unit clash"] = {
    cell = { id = "satuan berbeda", en = "unlike units" },
    note = {
      id = "satuan berbeda: tidak dihitung, sebab nilai-nilainya memakai satuan yang tidak sama",
      en = "unlike units: not computed, because the values have different units",
    },
  },
  ["zero target"] = {
    cell = { id = "target nol", en = "zero target" },
    note = {
      id = "target nol: tingkat capaian terhadap target 0 tidak ada",
      en = "zero target: there is no rate of achievement of a target of 0",
    },
  },
  ["zero achieved"] = {
    cell = { id = "realisasi nol", en = "zero achieved" },
    note = {
      id = "realisasi nol: capaian terbaik indikator yang makin rendah makin baik; rumus target/realisasi tidak memberinya angka",
      en = "zero achieved: the best case of an indicator where lower is better; the formula target/achieved has no number for it",
    },
  },
  ["negative"] = {
    cell = { id = "negatif", en = "negative" },
    note = { id = "negatif: rumus capaian tidak berlaku di bawah nol", en = "negative: the formula means nothing below zero" },
  },
  ["not one number"] = {
    cell = { id = "bukan satu angka", en = "not one number" },
    note = {
      id = "bukan satu angka: tidak dihitung, sebab nilainya berupa teks",
      en = "not one number: not computed, because the value is text",
    },
  },
  ["not aggregated"] = {
    cell = { id = "tidak digabung", en = "not aggregated" },
    note = {
      id = "tidak digabung: indikatornya menyatakan bahwa nilai beberapa periode tidak disatukan",
      en = "not aggregated: the indicator says that values of several periods stay several",
    },
  },
  ["overflow"] = {
    cell = { id = "melampaui batas", en = "too large" },
    note = { id = "melampaui batas: jumlahnya lebih dari rentang 64 bit", en = "too large: the amount exceeds the 64-bit range" },
  },
}

M.nihil = { id = "NIHIL", en = "NONE" }

local scales = {
  [1000] = { id = "ribuan", en = "thousands" },
  [1000000] = { id = "jutaan", en = "millions" },
  [1000000000] = { id = "miliaran", en = "billions" },
}

local currencies = { IDR = { id = "rupiah", en = "rupiah" } }

--- The text in a language; text is a string or { id =, en = }.
function M.pick(text, lang)
  return type(text) == "table" and (text[lang] or text.id) or text
end

--- The title of a column that stands under a group of columns; without en the words are the same in both.
function M.under(group, id, en)
  return { id = group.id .. "|" .. id, en = group.en .. "|" .. (en or id) }
end

--- "(dalam ribuan rupiah)"; nil for a unit that no report uses.
function M.unit(unit, currency, lang)
  local scale = scales[unit]
  if not scale then return nil end
  local money = currencies[currency] and currencies[currency][lang] or currency or ""
  return (lang == "en" and "(in %s of %s)" or "(dalam %s %s)"):format(scale[lang], money)
end

function M.level_name(level, lang)
  local official = M.levels[level.level]
  if official then return official[lang] end
  return lang == "en" and level.name_en or level.name or level.level
end

--- Fill the words in braces of a title: {n}, {n+1}, {n-2}, {view}, {levels}, … Words that the plan
-- doesn't have leave no stray commas and no empty lines.
function M.fill(text, words)
  local year = words.n
  local known = text:gsub(" {(%a+)}", function(word) -- what is not known leaves no gap in a line
    if not words[word] then return "" end
  end)
  local out = known:gsub("{([%w+-]+)}", function(word)
    local offset = word == "n" and 0 or word:match "^n([+-]%d+)$"
    if offset then return tostring(year + math.tointeger(tonumber(offset))) end
    return words[word] or ""
  end)
  local lines = {}
  for line in out:gmatch "[^\n]+" do
    line = line:gsub("^[%s,]+", ""):gsub("[%s,]+$", "")
    if line ~= "" then lines[#lines + 1] = line end
  end
  return table.concat(lines, "\n")
end

return M
