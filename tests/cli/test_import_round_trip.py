"""Import, export, import again: the same plan, byte for byte, through a folder, one JSON file and a workbook.

Random plans with all that a package holds; PAGU_ROUND_TRIPS=1000 tests/cli/test_import_round_trip.py tries more of them.

SPDX-License-Identifier: MIT
"""
import json
import os
import pathlib
import random
import sys
import unittest

from support import PLAN, ROOT, Case, pagu

sys.path.insert(0, str(ROOT / "tests" / "model"))
from random_plans import Plan  # noqa: E402

TRIPS = int(os.environ.get("PAGU_ROUND_TRIPS", "8"))
WORDS = ["Jumlah", "orang", "=1+1", "a, b", 'kata "kutip"', "baris\nbaru", "tab\tdi sini", "ü–漢", "<b>", "'petik", "1.06", "007",
         "1e5", "TRUE", " ", "100%", "-5", "5.10", "_x0041_"]


def text(rng):
    return " ".join(rng.choice(WORDS) for _ in range(rng.randrange(1, 4))).strip() or "x"


def number(rng):
    return rng.choice(["0", "-1.5", "12", "88.28", "0.000001", "123456789012345678", "1503", "0.1", "99999999999999.9"])


def rich_package(rng):
    """A random plan with trees, tags, indicators, measures, printed cells and texts on its nodes."""
    package = json.loads(Plan(rng).package())
    data = {r["name"]: r["data"] for r in package["resources"]}
    nodes = [n["node"] for n in data["nodes"] if n["node"] != "." and "#" not in n["node"]]
    if rng.random() < 0.7:
        data["trees"] = [{"tree": "fund", "name": text(rng), "kind": "partition"},
                         {"tree": "place", "name": "Lokasi", "kind": "label", "separator": "/"}]
        data["classes"] = [{"tree": t, "class": c, "name": text(rng)} for t in ("fund", "place") for c in ("a", "b", "c d")]
        for node in data["nodes"]:
            if rng.random() < 0.4:
                node["fund"] = rng.choice(("a", "b", "c d"))
        data["tags"] = [{"node": n, "tree": "place", "class": c} for n in nodes for c in ("a", "b") if rng.random() < 0.3]
    data["units"] = [{"unit": "orang", "name": "Orang", "kind": "count", "synonyms": "org|Org", "over_time": "sum"},
                     {"unit": "%", "name": "%", "kind": "percent"}]
    data["indicators"], data["measures"] = [], []
    for node in nodes:
        for k in range(rng.randrange(3)):
            key = f"{node}#{k + 1}"
            data["indicators"].append({"indicator": key, "owner": node, "type": "output", "name": text(rng),
                                       "unit": rng.choice(("orang", "%")), "polarity": rng.choice(("higher", "lower"))})
            for stage, period, field in (("common", "2023", "achieved"), ("final", "2024", "target"), ("need", "2024", "target"),
                                         ("common", "..2022", "achieved"), ("common", "2024Q1", "achieved")):
                members = next(n for n in data["nodes"] if n["node"] == node).get("stages", "")
                if rng.random() < 0.5 and (stage == "common" or not members or stage in members):
                    row = {"indicator": key, "stage": stage, "period": period, "field": field}
                    row.update(rng.choice(({"value": number(rng)}, {"value": "-"}, {"text": text(rng)},
                                           {"value": number(rng), "unit": "%"}, {"value": "12", "text": text(rng)})))
                    data["measures"].append(row)
    data["tables"] = [{"table": "T", "title": text(rng), "stage": "final", "scope": "listed", "locale": "id"}]
    data["printed"] = [{"table": "T", "row": str(i), "column": "nama", "owner": n, "field": "name", "stage": "final",
                        "period": "*", "text": text(rng)} for i, n in enumerate(nodes[:20], 1)]
    data["texts"] = [{"owner": n, "kind": "note", "stage": "final", "period": "*", "lang": "id", "rank": "1", "text": text(rng)}
                     for n in nodes if rng.random() < 0.3]
    if rng.random() < 0.5:  # a strategic plan, of which some nodes are no members
        data["stages"].append({"stage": "renstra", "name": "Renstra", "kind": "reference", "role": "strategic", "rank": 9})
        for node in nodes_without_children(data["nodes"]):
            if rng.random() < 0.3 and not node.get("stages"):
                node["stages"] = "need final"
    package["resources"] = [{"name": name, "data": rows} for name, rows in data.items() if rows]
    if "trees" in data:  # a column beyond the table's must be declared
        fields = ["node", "parent", "level", "code", "name", "sign", "stages", "fund"]
        next(r for r in package["resources"] if r["name"] == "nodes")["schema"] = {
            "fields": [{"name": f, "type": "string"} for f in fields]}
    return package


def nodes_without_children(nodes):
    """Whose stages bind no other node."""
    keys = [n["node"] for n in nodes]
    given = {n.get("parent") for n in nodes}
    same = lambda k: [p.lstrip("0") or "0" for p in k.replace("#", ".#").split(".")]  # noqa: E731
    return [n for n in nodes if n["node"] not in given and n["node"] != "." and "#" not in n["node"] and
            not any(k != n["node"] and same(k)[:len(same(n["node"]))] == same(n["node"]) for k in keys)]


class RoundTrip(Case):
    def run_ok(self, *args):
        done = pagu(*args, "-q")
        self.assertEqual(done.returncode, 0, f"{args}\n{done.stdout}{done.stderr}")

    def files(self, folder):
        return {p.name: p.read_bytes() for p in pathlib.Path(folder).iterdir()}

    def every_way(self, folder):
        """The package again after it went through each form."""
        for form, name in (("json", "x.json"), ("xlsx", "x.xlsx"), ("package", "x")):
            self.run_ok("export", folder, form, "-o", self.dir / name)
            self.run_ok("import", self.dir / name, "-o", self.dir / ("from_" + form))
            self.assertEqual(self.files(self.dir / ("from_" + form)), self.files(folder), form)

    def test_random_plans_come_back_the_same(self):
        for seed in [823, 994, *range(TRIPS)]:  # the first: a line below a node with a parent of its own
            self.setUp()
            with self.subTest(seed=seed):
                package = rich_package(random.Random(seed))
                source = self.file("plan.json", json.dumps(package, ensure_ascii=False))
                self.run_ok("import", source, "-o", self.dir / "first")
                self.run_ok("export", source, "package", "-o", self.dir / "straight")
                self.assertEqual(self.files(self.dir / "first"), self.files(self.dir / "straight"))
                self.every_way(self.dir / "first")
            self.doCleanups()

    def test_imported_tables_come_back_the_same(self):
        tables = [ROOT / "tests" / "data" / "seed" / f"tabel-{n}.csv" for n in (7, 3, 1)]
        self.run_ok("import", *tables, "-o", self.dir / "first")
        self.every_way(self.dir / "first")
        for table in tables:  # into what came back: nothing is new
            self.run_ok("import", table, "--into", self.dir / "from_xlsx")
        again, first = self.files(self.dir / "from_xlsx"), self.files(self.dir / "first")
        for name in ("nodes.csv", "amounts.csv", "indicators.csv", "measures.csv", "classes.csv", "tags.csv", "texts.csv"):
            self.assertEqual(again[name], first[name], name)

    def test_the_package_of_the_document_comes_back_the_same(self):
        self.run_ok("import", PLAN, "-o", self.dir / "first")
        self.run_ok("export", PLAN, "package", "-o", self.dir / "straight")
        self.assertEqual(self.files(self.dir / "first"), self.files(self.dir / "straight"))
        self.every_way(self.dir / "first")


if __name__ == "__main__":
    unittest.main()
