-- Tables of ours: machine words for programs, words of the language for people.
local check = require "check"
local pagu = require "pagu"
local tests, equal, is_true = check.tests, check.equal, check.is_true

local function scenario()
  local s = check.plan():branch "uji"
  s:hold { at = "1.06.01.2.02", year = 2024, reason = "gaji" }
  s:cut { at = "1.06.05", percent = 10, reason = "efisiensi" }
  s:target { at = "1.06.04.2.01.01", value = 220 }
  pagu.lang "id"
  return s
end

--- The headings of a table as printed: its first line before the rule.
local function head(t)
  local lines, last = {}, nil
  for line in t:text { stamp = false, width = 0 }:gmatch "[^\n]+" do
    if line:find("─", 1, true) and last then lines[#lines + 1] = last end
    last = line
  end
  return (lines[#lines]:gsub("%s%s+", "|"))
end

local function tables(s)
  return { s:journal(), s:changes(2), s:explain("1.06.05", "budget", 2024), s:constraints(), s:stages(), s:levels(),
           s:fields(), s:trees(), s:select { level = "program" }.budget[2024]:table() }
end

function tests.words__headings_follow_the_language()
  local s = scenario()
  local id = {
    "Langkah|Tindakan|Permintaan|Nilai berubah|Akibat|Alasan|Sumber", "Kode|Medan|Periode|Semula|Menjadi",
    "Kedalaman|Jenis|Kode|Nama|Nilai|Semula|Tindakan|Alasan|Sumber",
    "Nomor|Jenis|Nama|Tempat|Medan|Periode|Tingkat|Alasan|Keadaan", "Tahap|Nama|Jenis|Peran", "Jenjang|Nama|Nama Inggris",
    "Medan|Jenis", "Klasifikasi|Nama|Jenis", "Kode|Nama|Nilai",
  }
  for i, t in ipairs(tables(s)) do equal(head(t):gsub("^ ", ""), id[i]) end
  pagu.lang "en"
  equal(head(s:journal()), "Step|Verb|Arguments|Changed values|Effect|Reason|Source")
  equal(head(s:changes(3)):gsub("^ ", ""), "Key|Field|Period|Before|After")
end

function tests.words__text_and_markdown_translate_what_machines_read()
  local s = scenario()
  for _, t in ipairs { s:journal():text(), s:journal():markdown(), tostring(s:journal()) } do
    is_true(t:find("tahan", 1, true) and t:find("potong", 1, true) and t:find("ubah target", 1, true))
  end
  local why = s:explain("1.06.05", "budget", 2024)
  is_true(why:text():find("jumlah", 1, true) and why:text():find("ubahan", 1, true) and why:text():find("isian", 1, true))
  is_true(tostring(s:constraints()):find("tolak", 1, true))
  is_true(tostring(s:stages()):find("acuan", 1, true) and tostring(s:stages()):find("bawaan", 1, true))
  is_true(tostring(s:check()):find("peringatan", 1, true))
end

function tests.words__machines_read_the_same_in_every_language()
  local s = scenario()
  local id = {}
  for i, t in ipairs(tables(s)) do id[i] = t:csv() end
  pagu.lang "en"
  for i, t in ipairs(tables(s)) do
    if i > 1 then equal(t:csv(), id[i]) end -- the journal's effects are prose
  end
  equal(s:journal()[2].verb, "cut")
  equal(s:explain("1.06.05", "budget", 2024):rows()[1].kind, "rollup")
  equal(s:constraints()[1].severity, "reject")
  equal(s:check():table()[1].severity, s:check()[1].severity)
  is_true(s:check():csv():find("\n[%w-]+,warning,"))
end

function tests.words__columns_without_a_value_are_left_out_for_people_only()
  local s = scenario()
  pagu.lang "en"
  is_true(not s:journal():text():find("Inherited", 1, true))
  is_true(s:journal():csv():find("inherited", 1, true))
  is_true(s:branch "cabang":journal():text():find("Inherited", 1, true))
  is_true(not s:changes(3):text():find("Money", 1, true))
  equal(#s:changes(3):columns(), 7)
end

function tests.words__a_script_s_own_table_is_left_alone()
  scenario()
  local t = pagu.table { { "kind", "kind", "text" }, { "x", "x", "text" } }:add { "rollup" }
  is_true(t:text():find("rollup", 1, true) and t:text():find("x", 1, true))
  pagu.lang "en"
end

check.run()
