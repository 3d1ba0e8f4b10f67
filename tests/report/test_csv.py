#!/usr/bin/env python3
"""CSV as Python's csv reads it: the plain dialect, Excel's in Indonesian, several tables in one, a folder."""

import csv
import io
import os
import subprocess
import tempfile
import unittest
from pathlib import Path

from tarakan import MODULE, PLAN, run

TABLES = r"""
local a = pagu.table{
  { "name", "Nama; atau \"judul\"", "text" }, { "plan", "Pagu", "money" }, { "rate", "Capaian", "percent" },
  { "target", "Target", "measure" }, { "n", "N", "number" }, { "year", "Tahun", "integer" },
  title = "Program", decimals = 2,
}
a:add({ name = "a;b,c", plan = -123456, rate = 12.5, target = { value = 1.25, unit = "km" }, n = -0.5, year = 2024 }, { style = "group" })
a:add({ name = "=1+1", plan = 0, target = { text = "baik; sekali" } }, { parent = 1 })
a:add({ name = "|calc", plan = "-" }, { parent = 1 })
a:add({ name = "baris\nkedua \"kutip\"" })
local b = pagu.table{ { "k", "K", "text" }, { "v", "V", "number" } }
b:add{ "@x", 1.5 }
local d = pagu.document{ title = "Renja" }:heading("Bagian", 1):text "Paragraf"
d:add(a, { name = "satu" }):add(b, { name = "../dua:*" }):add(b, { name = "..:dua**" })
d:add(pagu.chart{ kind = "bar", table = a, label = "name", values = { "plan" } }, { name = "grafik" })
"""


def lua(code, **files):
    """Standard output of a chunk of stock lua5.4 that has pagu and the tables above."""
    env = {**os.environ, "LUA_CPATH": str(Path(MODULE).parent / "?.so")}
    source = 'local pagu = require "pagu"\n' + TABLES + code
    done = subprocess.run(["lua5.4", "-e", source], env=env, capture_output=True, timeout=60)
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout


def parse(data, **dialect):
    return list(csv.reader(io.StringIO(data.decode("utf-8"), newline=""), strict=True, **dialect))


class Dialects(unittest.TestCase):
    def test_plain_and_excel_id_hold_the_same_cells(self):
        plain = parse(lua("io.write(a:csv())"))
        ours = lua('io.write(a:csv{ dialect = "excel-id" })')
        self.assertTrue(ours.startswith(b"\xef\xbb\xbf"))
        excel = parse(ours[3:], delimiter=";")
        self.assertEqual(plain[0], ["name", "plan", "rate", "target", "target_unit", "n", "year"])
        self.assertEqual(excel[0], ['Nama; atau "judul"', "Pagu", "Capaian", "Target", "Target (satuan)", "N", "Tahun"])
        self.assertEqual([[c.replace(".", ",") if c[:1] in "-0123456789" else c for c in row] for row in plain[1:]], excel[1:])
        self.assertEqual(excel[1], ["a;b,c", "-1234,56", "12,5", "1,25", "km", "-0,5", "2024"])

    def test_lines_end_as_the_dialect_says(self):
        self.assertNotIn(b"\r", lua("io.write(a:csv())"))
        ours = lua('io.write(b:csv{ dialect = "excel-id" })')
        self.assertEqual(ours, "\ufeffK;V\r\n'@x;1,5\r\n".encode())

    def test_only_what_needs_quotes_has_them(self):
        self.assertIn(b'"a;b,c"', lua("io.write(a:csv())"))
        self.assertIn(b'\r\n"a;b,c";', lua('io.write(a:csv{ dialect = "excel-id" })'))
        self.assertIn(b'"baik; sekali"', lua('io.write(a:csv{ dialect = "excel-id" })'))
        self.assertNotIn(b'"baik; sekali"', lua("io.write(a:csv())"))

    def test_text_that_a_spreadsheet_would_run_is_made_text(self):
        for dialect in ("{}", '{ dialect = "excel-id" }'):
            names = [row[0] for row in parse(lua(f"io.write(a:csv({dialect}))"), delimiter=";" if "excel" in dialect else ",")]
            self.assertEqual(names[2:4], ["'=1+1", "'|calc"])

    def test_reports_and_comparisons_have_the_dialect(self):
        plain = run("report", PLAN, "tc33", "--format", "csv").stdout
        excel = run("report", PLAN, "tc33", "--format", "csv-excel-id").stdout
        rows = list(csv.reader(io.StringIO(excel.lstrip("\ufeff"), newline=""), delimiter=";"))
        self.assertEqual(len(rows), len(list(csv.reader(io.StringIO(plain)))))
        done = run("compare", PLAN, "stage:draft", "stage:need", "--format", "csv-excel-id")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertTrue(done.stdout.startswith("\ufeffKode;Nama;"), done.stdout[:40])
        self.assertIn("Rencana Tahun 2024: Target Capaian Kinerja;Rencana Tahun 2024: Target Capaian Kinerja (satuan);", excel)

    def test_another_dialect_is_refused_by_name(self):
        self.assertIn(b"excel-id", lua('local ok, e = pcall(a.csv, a, { dialect = "tab" }) io.write(tostring(ok), e.message)'))


class SeveralTables(unittest.TestCase):
    def test_a_document_is_one_table_with_a_line_a_cell(self):
        rows = list(csv.DictReader(io.StringIO(lua('io.write(d:render "csv")').decode(), newline=""), strict=True))
        self.assertEqual(list(rows[0]), ["table", "row", "level", "style", "key", "column", "value", "unit", "text"])
        self.assertTrue(all(None not in r and None not in r.values() for r in rows))
        self.assertEqual([t for i, t in enumerate(r["table"] for r in rows) if i == 0 or rows[i - 1]["table"] != t],
                         ["satu", "../dua:*", "..:dua**"])  # the chart's table is there already
        first = {(r["row"], r["column"]): r for r in rows if r["table"] == "satu"}
        self.assertEqual((first["1", "plan"]["value"], first["1", "plan"]["style"]), ("-1234.56", "group"))
        self.assertEqual((first["1", "target"]["value"], first["1", "target"]["unit"]), ("1.25", "km"))
        self.assertEqual((first["2", "plan"]["value"], first["2", "plan"]["text"]), ("0.00", ""))    # zero
        self.assertEqual((first["3", "plan"]["value"], first["3", "plan"]["text"]), ("", "-"))       # dash
        self.assertNotIn(("4", "plan"), first)                                                       # missing
        self.assertEqual([first[r, "name"]["level"] for r in "1234"], ["0", "1", "1", "0"])
        self.assertEqual(first["2", "plan"]["key"], "'=1+1")

    def test_a_document_of_one_table_is_that_table(self):
        code = 'io.write(pagu.document{ title = "x" }:text "y":add(b):render "csv")'
        self.assertEqual(lua(code), lua("io.write(b:csv())"))

    def test_a_folder_has_a_file_a_table_with_a_safe_name(self):
        with tempfile.TemporaryDirectory() as folder:
            lua(f'pagu.report(function() return d end, nil, {{ out = "{folder}/hasil/", stamp = false }})')
            files = sorted(p.name for p in Path(folder, "hasil").iterdir())
            self.assertEqual(files, ["__dua__-2.csv", "__dua__.csv", "satu.csv"])
            self.assertEqual(sorted(p.name for p in Path(folder).iterdir()), ["hasil"])
            self.assertEqual(Path(folder, "hasil", "satu.csv").read_bytes(), lua("io.write(a:csv())"))

    def test_the_command_writes_a_folder_in_any_format(self):
        with tempfile.TemporaryDirectory() as folder:
            done = run("report", PLAN, "tc33", "-o", f"{folder}/baru/")
            self.assertEqual((done.returncode, done.stdout), (0, ""), done.stderr)
            plain = run("report", PLAN, "tc33", "--format", "csv").stdout
            self.assertEqual(Path(folder, "baru", "tc33.csv").read_text(), plain)
            done = run("report", PLAN, "tc33", "--format", "xlsx", "-o", f"{folder}/baru/")
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertEqual(sorted(p.name for p in Path(folder, "baru").iterdir()), ["tc33.csv", "tc33.xlsx"])
            done = run("report", PLAN, "tc33", "-o", f"{folder}/tidak/ada/")
            self.assertEqual(done.returncode, 5)


if __name__ == "__main__":
    unittest.main()
