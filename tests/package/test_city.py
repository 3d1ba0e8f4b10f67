#!/usr/bin/env python3
"""Offices mounted into a city by `include`: sums, keys, ambiguous codes, round trip."""
import json
import os
import shutil
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from program import TARAKAN, run, value  # noqa: E402


def write_city(folder, offices):
    """A city of its own with nothing but a root, mounting one package for each office."""
    with open(f"{TARAKAN}/datapackage.json") as f:
        descriptor = json.load(f)
    kept = {"stages", "levels", "nodes", "trees", "units"}
    descriptor["resources"] = [r for r in descriptor["resources"] if r["name"] in kept]
    for resource in descriptor["resources"]:
        shutil.copy(f"{TARAKAN}/{resource['path']}", folder)
    with open(f"{folder}/nodes.csv") as f:
        head, root = f.readline(), f.readline()
    with open(f"{folder}/nodes.csv", "w") as f:
        f.write(head + root)
    descriptor["pagu"]["include"] = [{"path": TARAKAN, "under": ".", "as": name} for name in offices]
    with open(f"{folder}/datapackage.json", "w") as f:
        json.dump(descriptor, f)


class City(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp()
        self.offices = [f"dinas{i:02}" for i in range(1, 13)]
        self.city = f"{self.folder}/city"
        os.mkdir(self.city)
        write_city(self.city, self.offices)

    def tearDown(self):
        shutil.rmtree(self.folder)

    def test_offices_add_up_to_the_city_in_every_stage(self):
        for stage, office in (("final", 6736773965), ("draft", 5068980596)):
            total = value(self.city, f'plan:stage("{stage}"):get("/", "budget", 2024)')
            self.assertEqual(int(total), 12 * office)

    def test_a_key_names_the_office(self):
        self.assertEqual(value(self.city, 'plan:get("dinas07/1.06.04.2.01.12", "budget", 2024)'), "9810000")
        self.assertEqual(value(self.city, 'plan:get("dinas07", "budget", 2024)'), "6736773965")

    def test_a_bare_code_that_fits_several_offices_is_refused_and_lists_them(self):
        done = run("eval", self.city, 'plan:get("1.06", "budget", 2024)')
        self.assertEqual(done.returncode, 4)
        self.assertIn("dinas01/1.06", done.stderr)

    def test_an_edit_in_one_office_moves_the_city_alone(self):
        lua = ('local s = plan:branch "x"; s:set("dinas03/1.06.04.2.01.12", "budget", 2024, 9810001); '
               'return s:get("/", "budget", 2024) - plan:get("/", "budget", 2024), '
               's:get("dinas03", "budget", 2024), s:get("dinas04", "budget", 2024)')
        self.assertEqual(value(self.city, lua), "1\t6736773966\t6736773965")

    def test_the_written_city_needs_no_offices_and_has_the_same_content(self):
        merged = f"{self.folder}/merged"
        self.assertEqual(run("export", self.city, "package", "-o", merged).returncode, 0)
        self.assertEqual(value(merged, "plan:hash()"), value(self.city, "plan:hash()"))

    def test_a_city_that_includes_itself_is_refused(self):
        with open(f"{self.city}/datapackage.json") as f:
            descriptor = json.load(f)
        descriptor["pagu"]["include"] = [{"path": self.city, "under": ".", "as": "lagi"}]
        with open(f"{self.city}/datapackage.json", "w") as f:
            json.dump(descriptor, f)
        done = run("eval", self.city, "1")
        self.assertEqual(done.returncode, 3)
        self.assertEqual(done.stdout, "")

    def test_service_indicators_and_goals_of_one_office_are_those_it_prints_alone(self):
        for kind in ("tc30", "tabel5"):
            for form in ([], ["--form", "official"]):
                alone = run("report", TARAKAN, kind, *form, "--format", "csv")
                mounted = run("report", self.city, kind, *form, "--only", "dinas03", "--format", "csv")
                self.assertEqual((mounted.returncode, mounted.stderr), (0, ""))
                self.assertEqual(mounted.stdout, alone.stdout, kind)

    def test_service_indicators_and_goals_of_a_city_name_their_office(self):
        for kind, rows in (("tc30", 9), ("tabel5", 9)):
            table = json.loads(run("report", self.city, kind, "--format", "json").stdout)
            self.assertIn("Perangkat Daerah", [c["title"] for c in table["columns"]])
            self.assertEqual(len(table["rows"]), 12 * rows)
            self.assertEqual({r["office"] for r in table["rows"]}, {"Dinas Sosial dan Pemberdayaan Masyarakat"})
            if kind == "tc30":  # an office's rows are together
                names = [r["indicator"] for r in table["rows"]]
                self.assertEqual(names[:9] * 12, names)
            else:  # what offices share is said once
                self.assertFalse([r["goal_indicator"] for r in table["rows"] if ";" in (r["goal_indicator"] or "")])


if __name__ == "__main__":
    sys.exit(unittest.main())
