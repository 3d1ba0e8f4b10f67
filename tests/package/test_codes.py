#!/usr/bin/env python3
"""Codes of the Tarakan plan against a nomenclature made here.

The list holds the codes and names that the document itself prints (seed), supporting programs
under the alias X.XX and sub codes with four digits, as the national lists have them. Whatever a
test changes in it is invented test data, never an official entry.
"""
import csv
import io
import json
import os
import shutil
import subprocess
import sys
import tempfile
import unittest

PAGU = os.environ.get("PAGU", "build/pagu")
TARAKAN = os.path.abspath("examples/renja-tarakan-2024")
HEAD = ["list", "version", "kind", "code", "parent", "level", "name", "indicator", "unit", "spm", "status"]


def read_csv(path):
    with open(path, newline="") as f:
        return list(csv.DictReader(f))


def list_code(code):
    """The code as the list spells it: alias for supporting programs, four-digit sub codes."""
    parts = code.split(".")
    if len(parts) == 6:
        parts[5] = parts[5].zfill(4)
    if parts[:3] == ["1", "06", "01"]:
        parts[:2] = ["X", "XX"]
    return ".".join(parts)


def nomenclature():
    indicators = {}
    for row in read_csv(f"{TARAKAN}/indicators.csv"):
        indicators.setdefault(row["owner"], row)
    units = {row["unit"]: row["name"] for row in read_csv(f"{TARAKAN}/units.csv")}
    out = []
    for node in read_csv(f"{TARAKAN}/nodes.csv"):
        if node["node"] == ".":
            continue
        mine = indicators.get(node["node"], {})
        out.append({"list": "program", "version": "2023", "kind": "kabkot", "code": list_code(node["node"]),
                    "parent": "", "level": node["level"], "name": node["name"], "indicator": mine.get("name", ""),
                    "unit": units.get(mine.get("unit", ""), ""), "spm": "", "status": ""})
    return out


class Codes(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp()
        self.rows = nomenclature()

    def tearDown(self):
        shutil.rmtree(self.folder)

    def row(self, code):
        return next(r for r in self.rows if r["code"] == code)

    def write(self, path=None):
        path = path or f"{self.folder}/codes.csv"
        with open(path, "w", newline="") as f:
            out = csv.DictWriter(f, HEAD, lineterminator="\n")
            out.writeheader()
            out.writerows(self.rows)
        return path

    def findings(self, plan=TARAKAN, *options):
        done = subprocess.run([PAGU, "check", plan, "--codes", self.write(), "--format", "csv", "--lang", "en", *options],
                              capture_output=True, text=True)
        self.assertIn(done.returncode, (0, 1), done.stderr)
        table = csv.DictReader(io.StringIO(done.stdout))
        return [r for r in table if r["rule"].startswith("code-")]

    def only(self, rule, key, **expected):
        found = self.findings()
        self.assertEqual([(r["rule"], r["key"]) for r in found], [(rule, key)])
        for column, value in expected.items():
            if column == "says":
                self.assertIn(value, found[0]["message"])
            else:
                self.assertEqual(found[0][column], value)
                if column == "computed":
                    self.assertEqual(found[0]["suggestion"], f"write {value}")

    def test_a_plan_that_follows_the_list_has_no_finding(self):
        """Padding is ignored, X.XX is the unit's own bidang, names differ in capitals only."""
        self.assertEqual(self.findings(), [])

    def test_an_unknown_code_is_found_by_its_name(self):
        self.row("1.06.04.2.01.0003")["code"] = "1.06.04.2.01.0033"
        self.only("code-unknown", "1.06.04.2.01.03", computed="1.06.04.2.01.0033",
                  says='"Penyediaan Alat Bantu" is 1.06.04.2.01.0033 there')

    def test_an_unknown_code_and_name_gets_the_nearest_code(self):
        self.row("1.06.04.2.01.0003").update(code="1.06.04.2.01.0030", name="Entri uji")
        self.only("code-unknown", "1.06.04.2.01.03", says='nearest: ')

    def test_a_suggestion_for_a_supporting_program_has_the_units_own_bidang(self):
        self.row("X.XX.01.2.02.0001")["code"] = "X.XX.01.2.02.0099"
        self.only("code-unknown", "1.06.01.2.02.01", computed="1.06.01.2.02.0099")

    def test_another_name_is_told_from_another_spelling(self):
        self.row("1.06.04.2.01.0002")["name"] = "Penyediaan Sandangg"
        self.only("code-spelling", "1.06.04.2.01.02", severity="note", computed="Penyediaan Sandangg")
        self.row("1.06.04.2.01.0002")["name"] = "Nama uji yang lain"
        self.only("code-renamed", "1.06.04.2.01.02", severity="warning", printed="Penyediaan Sandang",
                  computed="Nama uji yang lain")

    def test_a_name_that_moved_to_another_code_is_told(self):
        self.row("1.06.04.2.01.0002")["name"] = "Nama uji yang lain"
        self.rows.append({**self.row("1.06.04.2.01.0002"), "code": "1.06.04.2.01.0044", "name": "Penyediaan Sandang"})
        self.only("code-renamed", "1.06.04.2.01.02", says="the name given here has the code 1.06.04.2.01.0044")

    def test_a_retired_code_names_its_successor(self):
        old = self.row("1.06.04.2.01.0002")
        old["status"] = "retired"
        self.rows.append({**old, "code": "1.06.04.2.01.0055", "status": "active"})
        self.only("code-retired", "1.06.04.2.01.02", computed="1.06.04.2.01.0055")
        self.rows.pop()
        self.only("code-retired", "1.06.04.2.01.02", says="no code there has its name")

    def test_a_code_of_an_older_version_is_retired(self):
        old = self.row("1.06.04.2.01.0002")
        for row in self.rows:
            row["version"] = "2025"
        old["version"] = "2020"
        self.only("code-retired", "1.06.04.2.01.02", says="of program 2020 is not in force in 2025")

    def test_a_wrong_level_is_told(self):
        self.row("1.06.04.2.01")["level"] = "program"
        self.only("code-level", "1.06.04.2.01", printed="kegiatan", computed="program")

    def test_a_code_for_provinces_in_a_city_is_told(self):
        self.row("1.06.04.2.01.0002")["kind"] = "prov"
        self.only("code-kind", "1.06.04.2.01.02")

    def test_the_fourth_segment_tells_the_kind(self):
        row = self.row("1.06.04.2.01.0002")
        row.update(code="1.06.04.1.01.0002", kind="prov")
        self.only("code-kind", "1.06.04.2.01.02", computed="1.06.04.1.01.0002",
                  says="1 for provinces, 2 for regencies and cities")

    def test_another_unit_or_indicator_is_told(self):
        self.row("1.06.04.2.01.0002")["unit"] = "dokumen"
        self.only("code-unit", "1.06.04.2.01.02#1", printed="orang", computed="dokumen")
        self.row("1.06.04.2.01.0002")["indicator"] = "Indikator uji yang lain"
        self.only("code-indicator", "1.06.04.2.01.02", severity="note", computed="Indikator uji yang lain")

    def edited(self, change):
        plan = f"{self.folder}/plan"
        shutil.copytree(TARAKAN, plan)
        with open(f"{plan}/datapackage.json") as f:
            descriptor = json.load(f)
        change(descriptor, plan)
        with open(f"{plan}/datapackage.json", "w") as f:
            json.dump(descriptor, f)
        return plan

    def test_a_missing_indicator_is_told(self):
        def drop(descriptor, plan):
            for name, key in (("indicators", "indicator"), ("measures", "indicator"), ("printed", "owner"), ("texts", "owner")):
                with open(f"{plan}/{name}.csv") as f:
                    lines = f.readlines()
                with open(f"{plan}/{name}.csv", "w") as f:
                    f.writelines(x for x in lines if "1.06.04.2.01.02#1" not in x)
        found = self.findings(self.edited(drop))
        self.assertEqual([(r["rule"], r["key"], r["severity"]) for r in found],
                         [("code-indicator", "1.06.04.2.01.02", "warning")])

    def test_an_alias_left_in_the_plan_is_replaced_by_its_own_bidang(self):
        def alias(descriptor, plan):
            for name in os.listdir(plan):
                if name.endswith(".csv"):
                    with open(f"{plan}/{name}") as f:
                        text = f.read()
                    with open(f"{plan}/{name}", "w") as f:
                        f.write(text.replace("1.06.01.2.09.09", "X.XX.01.2.09.09"))
            with open(f"{plan}/nodes.csv") as f:
                text = f.read()
            with open(f"{plan}/nodes.csv", "w") as f:
                f.write(text.replace("X.XX.01.2.09.09,,", "X.XX.01.2.09.09,1.06.01.2.09,"))
        found = self.findings(self.edited(alias))
        self.assertEqual([(r["rule"], r["computed"]) for r in found if r["rule"] != "code-outside-parent"], [("code-alias", "1.06.01.2.09.09")])

    def test_a_list_beside_the_package_is_checked_and_written_with_it(self):
        self.row("1.06.04.2.01.0002")["name"] = "Nama uji yang lain"
        self.write()

        def attach(descriptor, plan):
            descriptor["pagu"]["codes"].update(path="../codes.csv", list="program", version="2023")
        plan = self.edited(attach)

        def rules(plan):
            done = subprocess.run([PAGU, "check", plan, "--format", "csv"], capture_output=True, text=True)
            return [r["rule"] for r in csv.DictReader(io.StringIO(done.stdout)) if r["rule"].startswith("code-")]
        self.assertEqual(rules(plan), ["code-renamed"])
        copy = f"{self.folder}/elsewhere/copy"
        os.mkdir(f"{self.folder}/elsewhere")
        self.assertEqual(subprocess.run([PAGU, "export", plan, "package", "-o", copy]).returncode, 0)
        self.assertTrue(os.path.exists(f"{copy}/codes.csv"))
        self.assertEqual(rules(copy), ["code-renamed"])

    def test_a_bad_list_is_refused_with_line_and_reason(self):
        self.rows.append(dict(self.rows[0]))
        done = subprocess.run([PAGU, "check", TARAKAN, "--codes", self.write(), "--lang", "en"], capture_output=True, text=True)
        self.assertEqual(done.returncode, 3)
        self.assertIn("codes.csv", done.stderr)
        self.assertIn("the key of the row stands already in line 2", done.stderr)
        done = subprocess.run([PAGU, "check", TARAKAN, "--codes", "tidak-ada.csv", "--lang", "en"], capture_output=True, text=True)
        self.assertEqual(done.returncode, 3)
        self.assertIn("tidak-ada.csv", done.stderr)


if __name__ == "__main__":
    sys.exit(unittest.main())
