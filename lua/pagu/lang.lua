--- pagu.lang: messages of the Lua library in two languages, and structured errors from it.
local _, pagu = ...
pagu = pagu or require "pagu"
local format, select, tostring = string.format, select, tostring

local M = { module = {} }

M.text = {
  unknown_option = { id = "%s tidak punya opsi \"%s\"; yang ada: %s", en = "%s has no option \"%s\"; there are %s" },
  needs_options = {
    id = "%s memerlukan tabel opsi, misalnya s:%s{ at = \"1.06\", … }",
    en = "%s takes a table of options, as in s:%s{ at = \"1.06\", … }",
  },
  missing_option = { id = "%s: opsi \"%s\" belum diisi", en = "%s: option \"%s\" is missing" },
  one_of = { id = "%s memerlukan salah satu dari: %s", en = "%s needs one of: %s" },
  not_table = { id = "%s: \"%s\" harus berupa tabel", en = "%s: \"%s\" must be a table" },
  not_number = { id = "%s: \"%s\" harus berupa angka", en = "%s: \"%s\" must be a number" },
  not_whole = {
    id = "%s: \"%s\" harus berupa jumlah bulat, bukan %s; bulatkan dengan pagu.round",
    en = "%s: \"%s\" must be a whole amount, not %s; round it with pagu.round",
  },
  beyond = { id = "%s: jumlahnya melebihi rentang 64 bit", en = "%s: the amount exceeds the 64-bit range" },
  no_years = {
    id = "%s: years adalah banyaknya tahun atau daftar tahun",
    en = "%s: years is a number of years or a list of years",
  },
  no_growth = {
    id = "%s: \"%s\" adalah persentase atau { [\"1.06\"] = persentase }",
    en = "%s: \"%s\" is a percentage or { [\"1.06\"] = percentage }",
  },
  no_method = {
    id = "%s: cara \"%s\" belum tersedia; yang ada: %s",
    en = "%s: method \"%s\" is not available; there are %s",
  },
  short = {
    id = "pagu %s di bawah %s tidak dapat turun menjadi %s; batas terendahnya %s",
    en = "%s below %s can't come down to %s; the least that it allows is %s",
  },
  one_place = { id = "%s memerlukan satu simpul, bukan %d", en = "%s needs one node, not %d" },
  no_indicator = { id = "%s tidak punya indikator", en = "%s has no indicator" },
  no_unit_cost = {
    id = "target %s sekarang tidak berupa angka positif, jadi biaya satuannya tidak ada; pakai cost = \"keep\" atau fungsi",
    en = "the target of %s is no positive number now, so it has no unit cost; use cost = \"keep\" or a function",
  },
  no_budget = { id = "%s belum punya pagu tahun %s", en = "%s has no budget in %s" },
  capped = { id = "%s dibatasi pada 100%%", en = "%s stops at 100%%" },
  no_level = { id = "rencana ini tidak punya jenjang \"%s\"; yang ada: %s", en = "this plan has no level \"%s\"; there are %s" },
  unknown_report = { id = "laporan \"%s\" tidak ada; yang ada: %s", en = "no report \"%s\"; there are %s" },
  bad_layout = {
    id = "tata letak laporan harus berupa fungsi atau tabel dengan fungsi build",
    en = "a report layout is a function, or a table with a function build",
  },
  unknown_format = { id = "format \"%s\" tidak ada; yang ada: %s", en = "no format \"%s\"; there are %s" },
  pdf_by_command = {
    id = "PDF dibuat oleh perintah: pagu report RENCANA JENIS -o BERKAS.pdf; skrip dapat menulis html",
    en = "PDF is made by the command: pagu report PLAN KIND -o FILE.pdf; scripts can write html",
  },
  before = { id = "Semula", en = "Before" },
  after = { id = "Menjadi", en = "After" },
  change = { id = "Selisih", en = "Change" },
  name = { id = "Nama", en = "Name" },
  key = { id = "Kode", en = "Key" },
  indicator = { id = "Indikator", en = "Indicator" },
  target = { id = "Target", en = "Target" },
  budget = { id = "Pagu", en = "Budget" },
  proposed = { id = "Usulan", en = "Proposed" },
}

--- Texts of another module, kept beside its code; a key that exists already is a mistake of ours, unless
-- the module is read again after memory ran out.
function M.add_texts(texts)
  for key, text in pairs(texts) do
    assert(not M.text[key] or M.text[key].id == text.id, key)
    M.text[key] = text
  end
end

--- The text of a key in the language of messages, formatted.
function M.say(key, ...)
  local text = M.text[key][pagu._lang()]
  return select("#", ...) > 0 and format(text, ...) or text
end

--- Raise an error object { code, message }; key as in say.
function M.fail(code, key, ...)
  return pagu._raise(code, M.say(key, ...))
end

--- A whole amount of money from a verb's option; a float that is one becomes an integer.
function M.money(verb, name, value)
  if not math.type(value) then M.fail("argument", "not_number", verb, name) end
  return math.tointeger(value) or M.fail("fraction", "not_whole", verb, name, tostring(value))
end

--- A number, or nil where an option isn't given.
function M.number(verb, name, value)
  if value ~= nil and (not math.type(value) or value ~= value) then M.fail("argument", "not_number", verb, name) end
  return value
end

--- A table that is none of the library's objects; an empty one where an option isn't given.
function M.list(verb, name, value)
  if value == nil then return {} end
  if type(value) ~= "table" or pagu.type(value) then M.fail("argument", "not_table", verb, name) end
  return value
end

--- a - b, or an error where Lua's own would wrap around.
function M.subtract(verb, a, b)
  if (b < 0 and a > math.maxinteger + b) or (b > 0 and a < math.mininteger + b) then
    M.fail("overflow", "beyond", verb)
  end
  return a - b
end

--- a + b, checked in the same way.
function M.add(verb, a, b)
  if (b > 0 and a > math.maxinteger - b) or (b < 0 and a < math.mininteger - b) then
    M.fail("overflow", "beyond", verb)
  end
  return a + b
end

--- Check an options table against a list of names; returns it.
function M.options(verb, o, names)
  if type(o) ~= "table" or pagu.type(o) then
    M.fail("argument", "needs_options", verb, verb)
  end
  local known = {}
  for _, name in ipairs(names) do
    known[name] = true
  end
  for name in pairs(o) do
    if not known[name] then
      M.fail("argument", "unknown_option", verb, tostring(name), table.concat(names, ", "))
    end
  end
  return o
end

--- pagu.lang() -> "id" or "en"; pagu.lang("en") sets the language of messages and numbers.
function M.module.lang(name)
  return pagu._lang(name)
end

return M
