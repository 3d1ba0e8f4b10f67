--- pagu.rules.efficiency_2025: the instruction on efficiency of 2025.
-- It halves official travel and limits other lines without giving a figure: those may not rise above
-- the base (the scenario as it is when the pack is applied, or options.base). The instruction aims
-- at public service, not at equal shares between units: no rule here cuts all alike. Staff pay and
-- social aid are exempt for ministries; for a local government they only warn.
-- change_max and change_min are percent of the base: -50 leaves at most half.
local law, mark = "Inpres 1/2025", "V"
local source = "okezone, republika, abatanews (Januari-Februari 2025)"
return {
  title = { id = "Efisiensi belanja 2025", en = "Efficiency of spending, 2025" },
  rules = {
    {
      id = "official_travel", part = "official_travel", change_max = -50,
      name = "Perjalanan dinas -50%",
      title = { id = "perjalanan dinas dipotong sedikitnya 50%", en = "official travel cut by at least 50%" },
      from = 2025, to = 2025, law = law, mark = mark, source = source,
    },
    {
      id = "ceremonies", part = "ceremonies", change_max = 0,
      name = "Seremonial dibatasi",
      title = { id = "kegiatan seremonial tidak naik", en = "ceremonies don't rise" },
      from = 2025, to = 2025, law = law, mark = mark, source = source,
    },
    {
      id = "studies", part = "studies", change_max = 0,
      name = "Kajian dibatasi",
      title = { id = "kajian dan studi banding tidak naik", en = "studies and study visits don't rise" },
      from = 2025, to = 2025, law = law, mark = mark, source = source,
    },
    {
      id = "printing", part = "printing", change_max = 0,
      name = "Percetakan dibatasi",
      title = { id = "percetakan dan publikasi tidak naik", en = "printing and publications don't rise" },
      from = 2025, to = 2025, law = law, mark = mark, source = source,
    },
    {
      id = "seminars", part = "seminars", change_max = 0,
      name = "Seminar dibatasi",
      title = { id = "seminar dan diskusi kelompok tidak naik", en = "seminars and group discussions don't rise" },
      from = 2025, to = 2025, law = law, mark = mark, source = source,
    },
    {
      id = "honoraria", part = "honoraria", change_max = 0,
      name = "Honorarium dibatasi",
      title = { id = "honorarium tidak naik", en = "honoraria don't rise" },
      from = 2025, to = 2025, law = law, mark = mark, source = source,
    },
    {
      id = "staff_exempt", part = "staff", change_min = 0, severity = "warn",
      name = "Belanja pegawai dikecualikan",
      title = { id = "belanja pegawai tidak dipotong", en = "staff pay is not cut" },
      from = 2025, to = 2025, law = law, mark = mark, source = source,
    },
    {
      id = "social_aid_exempt", part = "social_aid", change_min = 0, severity = "warn",
      name = "Bantuan sosial dikecualikan",
      title = { id = "bantuan sosial tidak dipotong", en = "social aid is not cut" },
      from = 2025, to = 2025, law = law, mark = mark, source = source,
    },
    {
      id = "unmeasured", part = "unmeasured",
      name = "Belanja tanpa keluaran terukur",
      title = { id = "kurangi belanja yang keluarannya tidak terukur", en = "cut spending without measurable output" },
      from = 2025, to = 2025, law = law, mark = mark, source = source,
    },
  },
}
