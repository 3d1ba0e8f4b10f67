#!/usr/bin/env python3
"""Workbooks that pagu writes, read by a ZIP reader and by LibreOffice, which recalculates them."""

import os
import re
import subprocess
import tempfile
import unittest
from pathlib import Path

from spreadsheet import MAIN, Book, Office
from tarakan import MODULE, PAGU, PLAN, REPO, report_rows, run

HOSTILE = """
local hostile = pagu.table{
  { "code", "Kode", "text" }, { "name", "Nama [1]", "text" },
  { "target", "Rencana 2024|Target", "measure" }, { "budget", "Rencana 2024|Pagu", "money" },
  { "rate", "Capaian (%)", "percent" }, { "index", "Indeks", "number" }, { "year", "Tahun", "integer" },
  title = "=1+1 & <judul>\\nBaris kedua",
}
hostile:add({ code = "1", name = "URUSAN", target = { value = 88.28, unit = "%" }, budget = 300, rate = 12.5, index = 1.25, year = 2024 }, { style = "group" })
hostile:add({ code = "=1+1", name = "=cmd|' /C calc'!A0", target = { value = 312, unit = 'Orang/"Bulan"' }, budget = 100 }, { parent = 1 })
hostile:add({ code = "1.07", name = "_x0041_ <b>&amp; \\27[31m\\xff", target = { text = "10 unit / B" }, budget = "-" }, { parent = 1 })
hostile:add({ code = "1.08", name = "baris\\nkedua", target = { value = 0.123456789, unit = "m2" }, budget = 200, index = -0.5 }, { parent = 1 })
hostile:add({ code = "1.09", name = "lampiran", budget = 0 })
hostile:add({ name = "JUMLAH", budget = 300 }, { style = "total" })
hostile:note "catatan kaki"
hostile:stamp("plan", "abc")
return hostile
"""

LARGE = """
local t = pagu.table{ { "name", "Nama", "text" }, { "a", "A", "money" }, { "b", "B", "money" } }
t:add({ name = "induk", a = 9007199254740993, b = 999999999999999 }, { style = "group" })
t:add({ name = "anak", a = 9007199254740000, b = 999999999999998 }, { parent = 1 })
t:add({ name = "anak", a = 993, b = 1 }, { parent = 1 })
t:add({ name = "lain", a = -1000000000000000, b = -5 })
return t
"""

BOOK = """
local a = pagu.table{ { "name", "Nama", "text" }, { "plan", "Pagu", "money" }, { "spent", "Realisasi", "money" }, title = "Program" }
a:add{ "satu", 100, 40 }:add{ "dua", 200, 50 }
local b = pagu.table{ { "name", "Nama", "text" }, { "v", "Nilai", "number" }, title = "=Nilai" }
b:add{ "x", 1.5 }
local d = pagu.document{ title = "Renja 2024" }
d:heading("Bagian 1", 1):text "Satu paragraf.\\nDua baris."
d:add(a, { name = "History" }):add(a, { name = "a/b:c*d?[e]'f'!g" }):add(a, { name = ("x"):rep(40) }):add(a, { name = ("X"):rep(40) .. "y" })
d:add(pagu.chart{ kind = "bar", table = b, label = "name", values = { "v" } }, { name = "batang" })
d:add(pagu.chart{ kind = "line", table = a, label = "name", values = { "plan", "spent" } }, { name = "garis" })
d:add(pagu.chart{ kind = "treemap", table = b, label = "name", value = "v" }, { name = "petak" })
return d
"""


class Workbooks(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.scratch = tempfile.TemporaryDirectory()
        cls.folder = Path(cls.scratch.name)
        cls.office = Office()

    @classmethod
    def tearDownClass(cls):
        cls.office.close()
        cls.scratch.cleanup()

    def write(self, name, source, options="{}"):
        """A workbook of what a Lua chunk returns, made by stock lua5.4."""
        path = self.folder / f"{name}.xlsx"
        code = (f'local pagu = require "pagu"\nlocal made = (function() {source} end)()\n'
                f'local f <close> = assert(io.open("{path}", "wb"))\nf:write(pagu.render(made, "xlsx", {options}))')
        env = {**os.environ, "LUA_CPATH": str(Path(MODULE).parent / "?.so")}
        done = subprocess.run(["lua5.4", "-e", code], env=env, capture_output=True, text=True, timeout=120)
        self.assertEqual(done.returncode, 0, done.stderr)
        return Book(path)

    def report(self, kind, *args):
        path = self.folder / f"{kind}.xlsx"
        done = run("report", PLAN, kind, *args, "-o", path)
        self.assertEqual(done.returncode, 0, done.stderr)
        return Book(path)

    def sheet(self, book):
        return list(book.sheets.values())[0]

    # ---- a report ----

    def test_a_report_has_the_rows_of_its_csv(self):
        book = self.report("tc33")
        sheet = book.sheets["tc33"]
        first = sheet.find("URUSAN PEMERINTAHAN WAJIB YANG BERKAITAN DENGAN PELAYANAN DASAR")[0]
        expected = report_rows("tc33")
        for i, row in enumerate(expected):
            values = [sheet.value(first + i, c) or "" for c in (1, 2, 3, 6)]
            self.assertEqual(values, [row["code"], row["name"], row["indicator"], row["budget"]])
        self.assertIsNone(sheet.value(first + len(expected), 1))

    def test_two_runs_give_the_same_bytes_without_a_date(self):
        first = self.report("tc33")
        before = first.path.read_bytes()
        self.assertEqual(self.report("tc33").path.read_bytes(), before)
        self.assertEqual(first.dates, {(1980, 1, 1, 0, 0, 0)})
        self.assertNotRegex(first.parts["docProps/core.xml"].decode(), r"20\d\d-")

    def test_headings_are_merged_frozen_and_repeated_on_paper(self):
        book = self.report("tc33")
        sheet = book.sheets["tc33"]
        top, column = sheet.find("Rencana Tahun 2024")
        self.assertEqual(sheet.value(top + 1, column), "Lokasi")
        self.assertIn(f"D{top}:G{top}", [m.get("ref") for m in sheet.root.iter(MAIN + "mergeCell")])
        first = sheet.find("URUSAN PEMERINTAHAN WAJIB YANG BERKAITAN DENGAN PELAYANAN DASAR")[0]
        self.assertEqual([sheet.value(first - 1, c) for c in range(1, 11)], [str(n) for n in range(1, 11)])
        self.assertEqual(sheet.attribute("sheetViews/sheetView/pane", "ySplit"), str(first - 1))
        self.assertEqual(sheet.attribute("sheetViews/sheetView/pane", "state"), "frozen")
        self.assertEqual(book.print_titles(), {f"tc33!${top}:${first - 1}"})
        self.assertEqual(sheet.attribute("pageSetup", "orientation"), "landscape")
        self.assertEqual(sheet.attribute("pageSetup", "paperSize"), "9")
        self.assertEqual(sheet.attribute("pageSetup", "fitToHeight"), "0")
        self.assertEqual(sheet.texts("oddHeader"), ["&C" + sheet.value(1, 1)])
        self.assertEqual(sheet.texts("oddFooter"), ["&Ltc33&RHalaman &P dari &N"])

    def test_what_a_sheet_was_made_from_stands_beside_it(self):
        about = self.report("tc33").sheets["Keterangan"].rows()
        self.assertEqual(about[0], ["Lembar", "Kode", "Nilai"])
        keys = {row[1]: row[2] for row in about[1:]}
        self.assertRegex(keys["plan"], "^[0-9a-f]{64}$")
        self.assertEqual(keys["stage"], "final")

    def test_a_comparison_and_findings_are_workbooks_too(self):
        path = self.folder / "compare.xlsx"
        done = run("compare", PLAN, "stage:draft", "stage:need", "--level", "program", "-o", path)
        self.assertEqual(done.returncode, 0, done.stderr)
        rows = self.sheet(Book(path)).rows()
        self.assertIn("1.06.04", [r[0] for r in rows])
        path = self.folder / "check.xlsx"
        run("check", PLAN, "-o", path)
        self.assertGreater(len(self.sheet(Book(path)).rows()), 10)

    # ---- sums ----

    def test_sums_are_formulas_whose_values_a_recalculation_gives(self):
        for name, book in (("hostile", self.write("hostile", HOSTILE)), ("tc33", self.report("tc33"))):
            sheet = self.sheet(book)
            computed = self.office.read(book.path)[list(book.sheets)[0]]
            formulas = {at: c for at, c in sheet.cells.items() if c.formula}
            self.assertGreaterEqual(len(formulas), 2 if name == "hostile" else 20, name)
            for (row, column), cell in formulas.items():
                self.assertRegex(cell.formula, r"^SUM\(")
                self.assertEqual(computed[row - 1][column - 1], cell.value, f"{name} row {row}: {cell.formula}")

    def test_every_sum_of_the_whole_document_is_what_a_recalculation_gives(self):
        book = self.report("all")
        computed = self.office.read(book.path)
        self.assertEqual(set(computed), set(book.sheets))
        formulas = 0
        for name, sheet in book.sheets.items():
            for (row, column), cell in sheet.cells.items():
                if cell.formula:
                    formulas += 1
                    self.assertEqual(computed[name][row - 1][column - 1], cell.value, f"{name} row {row}")
        self.assertGreater(formulas, 100)
        self.assertGreaterEqual(len(book.sheets), 10)

    def test_the_grand_total_follows_a_changed_amount(self):
        book = self.report("tc33")
        sheet = book.sheets["tc33"]
        row = sheet.find("1.06.04.2.01.01")[0]
        total = sheet.find("JUMLAH")[0]
        old, added = int(sheet.value(row, 6)), 1234567
        part = book.part_of("tc33")
        changed = book.saved_with({part: lambda xml: re.sub(rf'(<c r="F{row}"[^>]*><v>){old}<', rf"\g<1>{old + added}<", xml)},
                                  self.folder / "changed.xlsx")
        computed = self.office.read(changed)["tc33"]
        self.assertEqual(int(computed[total - 1][5]), int(sheet.value(total, 6)) + added)
        program = sheet.find("1.06.04")[0]
        self.assertEqual(int(computed[program - 1][5]), int(sheet.value(program, 6)) + added)
        other = sheet.find("1.06.01")[0]
        self.assertEqual(computed[other - 1][5], sheet.value(other, 6))

    def test_a_sum_that_does_not_add_up_stays_a_value(self):
        book = self.write("faulty", """
            local t = pagu.table{ { "n", "N", "text" }, { "a", "A", "money" } }
            t:add({ "x", 101 }, { style = "group" }):add({ "y", 40 }, { parent = 1 }):add({ "z", 60 }, { parent = 1 })
            t:add({ "JUMLAH", 100 }, { style = "total" })
            return t""")
        self.assertEqual([c.formula for c in self.sheet(book).cells.values() if c.formula], [])

    def test_a_row_with_more_parts_than_a_sum_takes_still_has_a_formula(self):
        book = self.write("many", """
            local t = pagu.table{ { "n", "N", "text" }, { "a", "A", "money" } }
            t:add({ "x", 600 }, { style = "group" })
            for i = 1, 600 do
              t:add({ "y", 1 }, { parent = 1 })
              t:add({ "z", i }, { parent = 2 * i })
            end
            return t""")
        top = self.sheet(book).find("x")
        cell = self.sheet(book).cells[top[0], 2]
        self.assertGreater(cell.formula.count("SUM("), 2)
        self.assertEqual(self.office.read(book.path)[list(book.sheets)[0]][top[0] - 1][1], "600")

    # ---- cells ----

    def test_text_is_never_a_formula_and_survives_as_it_is(self):
        book = self.write("hostile", HOSTILE)
        sheet = self.sheet(book)
        self.assertTrue(sheet.find("=cmd|' /C calc'!A0"))
        self.assertTrue(sheet.cells[sheet.find("=1+1")].is_text)
        self.assertEqual(sheet.value(1, 1), "=1+1 & <judul>")
        self.assertTrue(sheet.find("_x0041_ <b>&amp; \\u{1b}[31m\ufffd"))
        self.assertTrue(sheet.find("baris\nkedua"))
        computed = self.office.read(book.path)[list(book.sheets)[0]]
        self.assertIn("=cmd|' /C calc'!A0", [r[1] for r in computed])
        self.assertIn("_x0041_ <b>&amp; \\u{1b}[31m\ufffd", [r[1] for r in computed])

    def test_missing_zero_and_dash_are_three_things(self):
        sheet = self.sheet(self.write("hostile", HOSTILE))
        dash, zero = sheet.find("1.07")[0], sheet.find("1.09")[0]
        self.assertEqual((sheet.value(dash, 4), sheet.cells[dash, 4].is_text), ("-", True))
        self.assertEqual((sheet.value(zero, 4), sheet.cells[zero, 4].is_text), ("0", False))
        self.assertIsNone(sheet.value(zero, 5))
        self.assertRegex(sheet.number_format(zero, 4), "^#,##0_\\);\\(#,##0\\);#,##0_\\)$")

    def test_numbers_are_numbers_in_the_formats_of_their_columns(self):
        sheet = self.sheet(self.write("hostile", HOSTILE))
        row = sheet.find("1")[0]
        self.assertEqual([sheet.value(row, c) for c in range(3, 8)], ["88.28", "300", "12.5", "1.25", "2024"])
        self.assertEqual(sheet.number_format(row, 3), '#,##0.00"%"')
        self.assertEqual(sheet.number_format(row, 5), "#,##0.00")
        self.assertEqual(sheet.number_format(row, 7), "0")
        self.assertEqual(sheet.number_format(row + 1, 3), '#,##0" Orang/"\\""Bulan"\\"""')
        self.assertTrue(sheet.cells[row + 2, 3].is_text)
        self.assertEqual(sheet.value(row + 3, 3), "0.123456789")

    def test_money_beyond_fifteen_digits_is_text_with_every_digit(self):
        sheet = self.sheet(self.write("large", LARGE))
        row = sheet.find("induk")[0]
        self.assertEqual((sheet.value(row, 2), sheet.cells[row, 2].is_text), ("9.007.199.254.740.993", True))
        self.assertIsNone(sheet.cells[row, 2].formula)
        self.assertEqual((sheet.value(row, 3), sheet.cells[row, 3].is_text), ("999999999999999", False))
        self.assertTrue(sheet.cells[row, 3].formula)
        self.assertEqual(sheet.value(row + 3, 2), "-1.000.000.000.000.000")
        english = self.sheet(self.write("large-en", LARGE, '{ locale = "en" }'))
        self.assertEqual(english.value(row, 2), "9,007,199,254,740,993")

    def test_rows_below_rows_fold_away_under_their_sum(self):
        sheet = self.sheet(self.write("hostile", HOSTILE))
        row = sheet.find("1")[0]
        self.assertEqual([sheet.levels[row + i] for i in range(6)], [0, 1, 1, 1, 0, 0])
        self.assertEqual(sheet.attribute("sheetPr/outlinePr", "summaryBelow"), "0")
        self.assertEqual(sheet.attribute("sheetFormatPr", "outlineLevelRow"), "1")

    def test_a_text_that_no_cell_holds_is_an_error_that_says_where(self):
        code = ('local pagu = require "pagu" local t = pagu.table{ "a" } t:add{ ("x"):rep(40000) } '
                'local ok, e = pcall(t.xlsx, t) print(ok, e.code, e.message)')
        env = {**os.environ, "LUA_CPATH": str(Path(MODULE).parent / "?.so"), "PAGU_LANG": "en"}
        done = subprocess.run(["lua5.4", "-e", code], env=env, capture_output=True, text=True, timeout=120)
        self.assertRegex(done.stdout, r"^false\tlimit\t.*40000.*32767")

    # ---- documents ----

    def test_names_of_sheets_are_valid_and_unique(self):
        names = list(self.write("book", BOOK).sheets)
        self.assertEqual(len({n.lower() for n in names}), len(names))
        for name in names:
            self.assertLessEqual(len(name), 31)
            self.assertNotRegex(name, r"[\[\]:*?/\\']")
        self.assertNotIn("history", [n.lower() for n in names])
        self.assertIn("a-b-c-d--e-’f’-g", names)
        self.assertIn("x" * 31, names)
        self.assertIn("X" * 27 + " (2)", names)

    def test_the_first_sheet_has_the_text_and_leads_to_the_tables(self):
        book = self.write("book", BOOK)
        sheet = book.sheets["Isi"]
        self.assertEqual(list(book.sheets)[0], "Isi")
        column = [row[0] for row in sheet.rows()]
        self.assertEqual(column[:4], ["Renja 2024", "", "Bagian 1", "Satu paragraf.\nDua baris."])
        targets = [h.get("location") for h in sheet.root.iter(MAIN + "hyperlink")]
        self.assertEqual(len(targets), 7)
        for target in targets:
            self.assertIn(target.split("!")[0].strip("'"), book.sheets)

    def test_charts_draw_the_cells_that_hold_their_figures(self):
        book = self.write("book", BOOK)
        charts = sorted(n for n in book.parts if n.startswith("xl/charts/chart"))
        self.assertEqual(len(charts), 2)  # a treemap is a table of its figures
        drawn = [re.findall(r"<c:f>([^<]*)</c:f>", book.parts[c].decode()) for c in charts]
        self.assertIn(["batang!$A$4", "batang!$B$4"], [[f.replace("'", "") for f in d] for d in drawn])
        self.assertIn("petak", book.sheets)
        bars = next(p for p in (book.parts[c].decode() for c in charts) if "batang" in p)
        self.assertIn("<c:v>1.5</c:v>", bars)
        self.assertIn("<a:t> =Nilai</a:t>", bars)  # a title that begins with = is no reference
        self.assertEqual(self.office.read(book.path)["batang"][3], ["x", "1.5"])


if __name__ == "__main__":
    unittest.main()
