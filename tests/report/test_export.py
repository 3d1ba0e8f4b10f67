#!/usr/bin/env python3
"""`pagu export PLAN xlsx` and `pagu export PLAN fiscal`: plans for spreadsheets and as open data."""

import csv
import json
import re
import shutil
import tempfile
import unittest
from collections import defaultdict
from decimal import Decimal
from pathlib import Path

from spreadsheet import Book, Office
from tarakan import PLAN, run

# Receipts and expenditure with signs, a memo, sen, an amount of 17 digits, hostile names, trees that the
# taxonomy knows and one that it doesn't.
SMALL = {
    "name": "Kota X", "pagu": {"format": 1, "year": 2025, "money": {"currency": "USD", "decimals": 2}},
    "resources": [
        {"name": "stages", "data": [{"stage": "common", "name": "Umum", "kind": "common", "rank": 0},
                                    {"stage": "apbd", "name": "APBD", "kind": "plan", "rank": 1}]},
        {"name": "levels", "data": [{"tree": "main", "level": "plan", "rank": 0, "name": "APBD"},
                                    {"tree": "main", "level": "kind", "rank": 1, "name": "Jenis"},
                                    {"tree": "main", "level": "object", "rank": 2, "name": "Objek"}]},
        {"name": "trees", "data": [{"tree": "fund", "name": "Dana", "kind": "partition"},
                                   {"tree": "risk", "name": "Risiko", "kind": "partition"}]},
        {"name": "classes", "data": [{"tree": "fund", "class": "PAD", "name": "=PAD"},
                                     {"tree": "risk", "class": "tinggi", "name": "Tinggi"}]},
        {"name": "nodes", "schema": {"fields": [{"name": n, "type": "string"} for n in
                                                ("node", "parent", "level", "code", "name", "sign", "fund", "risk")]},
         "data": [
             {"node": ".", "level": "plan", "name": "APBD"},
             {"node": "4", "parent": ".", "level": "kind", "code": "4", "name": "Pendapatan", "sign": "+", "fund": "PAD"},
             {"node": "4.1", "parent": "4", "level": "object", "code": "4.1", "name": "=cmd|' /C calc'!A0"},
             {"node": "5", "parent": ".", "level": "kind", "code": "5", "name": "Belanja", "sign": "-", "risk": "tinggi"},
             {"node": "5.1", "parent": "5", "level": "object", "code": "5.1", "name": "_x0041_ Pegawai"},
             {"node": "6", "parent": ".", "level": "kind", "code": "6", "name": "Memo", "sign": "0"}]},
        {"name": "amounts", "data": [
            {"node": "4.1", "stage": "apbd", "period": "2025", "budget": "900719925474099.31"},
            {"node": "4.1", "stage": "common", "period": "2025", "spent": "12.50"},
            {"node": "5.1", "stage": "apbd", "period": "2025", "budget": "100.25"},
            {"node": "5.1", "stage": "apbd", "period": "2026", "budget": "-"},
            {"node": "6", "stage": "apbd", "period": "2025", "budget": "77"}]},
    ],
}

# https://specs.frictionlessdata.io/fiscal-data-package--budgets, those that a plan can have
TAXONOMY = {
    "value", "value-kind:code", "value-currency:code", "date:fiscal-year", "budget-line-id", "phase:id", "phase:label",
    "fin-source:generic:code", "fin-source:generic:label", "geo:target:code", "geo:target:title",
    *(f"{c}-classification:generic:{part}" for c in ("economic", "administrative", "functional") for part in ("code", "label")),
    *(f"functional-classification:generic:level{n}:{part}" for n in range(1, 9) for part in ("code", "label")),
    *(f"activity:generic:{a}:{part}" for a in ("program", "subprogram", "project", "subproject", "contract")
      for part in ("code", "label")),
}


def shortest(cell):
    """A spreadsheet keeps 15 digits; what stands behind them is noise of a double."""
    if re.fullmatch(r"-?\d+\.\d{13,}", cell):
        return format(float(cell), ".15g")
    return cell


def read_csv(path):
    with open(path, encoding="utf-8", newline="") as f:
        return list(csv.reader(f))


class Exports(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.scratch = tempfile.TemporaryDirectory()
        cls.folder = Path(cls.scratch.name)
        cls.small = cls.folder / "small.json"
        cls.small.write_text(json.dumps(SMALL))

    @classmethod
    def tearDownClass(cls):
        cls.scratch.cleanup()

    def export(self, plan, form, name):
        path = self.folder / name
        done = run("export", plan, form, "-o", path)
        self.assertEqual((done.returncode, done.stdout), (0, ""), done.stderr)
        return path

    def plans(self):
        return (("tarakan", PLAN), ("small", self.small))

    # ---- a workbook of the package ----

    def test_every_file_of_the_package_is_a_sheet_with_its_cells(self):
        for name, plan in self.plans():
            package = self.export(plan, "package", name)
            book = Book(self.export(plan, "xlsx", f"{name}.xlsx"))
            files = sorted(p.stem for p in package.glob("*.csv"))
            self.assertEqual(sorted(book.sheets), sorted([*files, "datapackage"]))
            for file in files:
                rows = read_csv(package / f"{file}.csv")
                shown = book.sheets[file].rows()
                self.assertEqual(len(shown), len(rows), file)
                for line, (row, cells) in enumerate(zip(rows, shown), 1):
                    self.assertEqual([shortest(c) for c in cells[:len(row)]], row, f"{file}:{line}")

    def test_the_descriptor_stands_line_by_line(self):
        for name, plan in self.plans():
            package = self.export(plan, "package", name)
            sheet = Book(self.export(plan, "xlsx", f"{name}.xlsx")).sheets["datapackage"]
            lines = [row[0] for row in sheet.rows()]
            self.assertEqual(json.loads("".join(lines)), json.loads((package / "datapackage.json").read_text()))
            self.assertEqual(lines[0], "{")

    def test_amounts_are_numbers_and_those_beyond_fifteen_digits_text(self):
        sheet = Book(self.export(self.small, "xlsx", "small.xlsx")).sheets["amounts"]
        header = sheet.rows()[0]
        budget = header.index("budget") + 1
        cells = [sheet.cells.get((r, budget)) for r in range(2, len(sheet.rows()) + 1)]
        found = {(c.value, c.is_text) for c in cells if c}
        self.assertIn(("900719925474099.31", True), found)
        self.assertIn(("100.25", False), found)
        self.assertIn(("-", True), found)

    def test_codes_stay_text_and_libreoffice_agrees(self):
        path = self.export(self.small, "xlsx", "small.xlsx")
        sheet = Book(path).sheets["nodes"]
        self.assertTrue(sheet.cells[sheet.find("4.1")].is_text)
        self.assertTrue(sheet.find("=cmd|' /C calc'!A0"))
        office = Office()
        try:
            nodes = office.read(path)["nodes"]
        finally:
            office.close()
        self.assertEqual(nodes[0], sheet.rows()[0])
        self.assertIn("=cmd|' /C calc'!A0", [cell for row in nodes for cell in row])
        self.assertIn("_x0041_ Pegawai", [cell for row in nodes for cell in row])

    def assert_same_package(self, workbook, package):
        folder = self.folder / "read-back"
        shutil.rmtree(folder, ignore_errors=True)
        done = run("import", workbook, "-o", folder)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        ours, theirs = ({p.name: p.read_text() for p in f.iterdir()} for f in (folder, package))
        self.assertEqual(sorted(ours), sorted(theirs))
        for name, text in theirs.items():
            self.assertEqual(ours[name], text, name)

    def test_import_reads_the_same_package_back_also_after_libreoffice_saved_it(self):
        office = Office()
        self.addCleanup(office.close)
        for name, plan in self.plans():
            package = self.export(plan, "package", f"{name}-again")
            path = self.export(plan, "xlsx", f"{name}-again.xlsx")
            self.assert_same_package(path, package)
            self.assert_same_package(office.save(path), package)

    def test_the_same_plan_gives_the_same_bytes(self):
        first = self.export(PLAN, "xlsx", "one.xlsx").read_bytes()
        self.assertEqual(self.export(PLAN, "xlsx", "two.xlsx").read_bytes(), first)

    # ---- a Fiscal Data Package ----

    def fiscal(self, name, plan):
        folder = self.export(plan, "fiscal", f"{name}-fiscal")
        header, *cells = read_csv(folder / "budget.csv")
        rows = [dict(zip(header, row)) for row in cells]
        return rows, json.loads((folder / "datapackage.json").read_text())

    def test_amounts_add_up_to_the_money_of_the_root(self):
        for name, plan in self.plans():
            rows, _ = self.fiscal(name, plan)
            sums = defaultdict(Decimal)
            for row in rows:
                sums[row["phase_id"], row["value_kind"], row["fiscal_year"]] += Decimal(row["value"])
            self.assertGreaterEqual(len(sums), 2)
            for (stage, field, year), total in sums.items():
                done = run("eval", plan, f'plan:stage("{stage}"):get("/", "{field}", {year}) // 1 | 0')
                minor = Decimal(done.stdout.strip())
                self.assertEqual(total * (100 if name == "small" else 1), minor, (name, stage, field, year))

    def test_signs_count_and_a_memo_does_not(self):
        rows, _ = self.fiscal("small", self.small)
        self.assertEqual({(r["line_id"], r["value_kind"]): r["value"] for r in rows},
                         {("4.1", "budget"): "900719925474099.31", ("5.1", "budget"): "-100.25", ("4.1", "spent"): "12.50"})
        self.assertEqual({r["currency"] for r in rows}, {"USD"})

    def test_columns_have_types_of_the_taxonomy_or_defined_ones(self):
        for name, plan in self.plans():
            rows, package = self.fiscal(name, plan)
            self.assertEqual(package["profile"], "fiscal-data-package")
            self.assertRegex(package["name"], r"^[a-z0-9._-]+$")
            self.assertTrue(package["columnTypes"][0].endswith("/taxonomies/fiscal/budgets.json"))
            own = {t["name"]: t for t in (package["columnTypes"][1] if len(package["columnTypes"]) > 1 else [])}
            schema = package["resources"][0]["schema"]
            self.assertEqual([f["name"] for f in schema["fields"]], list(rows[0]))
            types = [f["columnType"] for f in schema["fields"]]
            self.assertEqual(len(set(types)), len(types))
            for column_type in types:
                self.assertTrue(column_type in TAXONOMY or column_type in own, column_type)
            for definition in own.values():
                if definition["name"].endswith(":label"):
                    self.assertIn(definition["labelOf"], own)
            keys = [tuple(r[k] for k in schema["primaryKey"]) for r in rows]
            self.assertEqual(len(set(keys)), len(keys))
        self.assertIn("pagu:risk:code", own)
        self.assertIn("fin-source:generic:code", types)

    def test_text_of_the_plan_is_no_formula(self):
        rows, _ = self.fiscal("small", self.small)
        by_line = {r["line_id"]: r for r in rows}
        self.assertEqual(by_line["4.1"]["object_label"], "'=cmd|' /C calc'!A0")
        self.assertEqual(by_line["4.1"]["fund_label"], "'=PAD")

    def test_forms_and_folders_that_are_wrong_are_told(self):
        done = run("export", PLAN, "ods")
        self.assertEqual(done.returncode, 2)
        self.assertIn("json, package, xlsx atau fiscal", done.stderr)
        self.assertEqual(run("export", PLAN, "fiscal").returncode, 2)
        self.assertEqual(run("export", PLAN, "fiscal", "-o", self.small).returncode, 5)


if __name__ == "__main__":
    unittest.main()
