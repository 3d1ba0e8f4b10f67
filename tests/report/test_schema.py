#!/usr/bin/env python3
"""What pagu prints as JSON against the schemas it publishes, judged by ajv from npm.

Needs node and npm, which fetch ajv by tests/schema/package-lock.json; without them the test is skipped."""

import copy
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

from tarakan import MODULE, PLAN, REPO, run

SCHEMAS = REPO / "schema"
SOURCE = REPO / "tests" / "schema"
BUILD = Path(os.environ.get("PAGU_BUILD", REPO / "build")) / "schema-node"

TABLE = {"title": "", "columns": [{"name": "a", "title": "A", "type": "money"}], "rows": [{"a": "1"}, {"a": None}]}
REPORT = {"format": "pagu-report", "version": 1, "title": "x", "language": "id", "blocks": [
    {"type": "heading", "level": 1, "text": "x"}, {"type": "text", "text": "x"},
    {"type": "table", "name": "t", **TABLE},
    {"type": "chart", "name": "c", "kind": "bar", "title": "", "label": "a", "values": ["a"], "table": "t"}]}

DOCUMENT = """
local a = pagu.table{ { "name", "Nama", "text" }, { "plan", "Pagu", "money" }, { "m", "Target", "measure" } }
a:add{ "satu", 100, { value = 1.5, unit = "km" } }:add{ "dua", "-", { text = "baik" } }:note "catatan":stamp("plan", "abc")
local d = pagu.document{ title = "Renja" }
d:heading("Bagian", 2):text "Paragraf":add(a)
d:add(pagu.chart{ kind = "treemap", table = a, label = "name", value = "plan" })
local b = pagu.table{ { "name", "Nama", "text" }, { "v", "Nilai", "number" } }
b:add{ "x", 1.5 }
d:add(pagu.chart{ kind = "line", table = b, label = "name", values = { "v" } })
return d:render "json"
"""


def set_up_node():
    """node_modules in the build folder, so that the sources stay clean."""
    if not (shutil.which("node") and shutil.which("npm")):
        print("node or npm is missing: apt-get install nodejs npm", file=sys.stderr)
        sys.exit(77)
    lock = (SOURCE / "package-lock.json").read_bytes()
    done = BUILD / "done"
    if done.exists() and done.read_bytes() == lock:
        return
    shutil.rmtree(BUILD, ignore_errors=True)
    BUILD.mkdir(parents=True)
    for name in ("package.json", "package-lock.json", ".npmrc", "validate.js"):
        shutil.copy(SOURCE / name, BUILD)
    subprocess.run(["npm", "ci", "--ignore-scripts", "--silent"], cwd=BUILD, check=True, timeout=300)
    done.write_bytes(lock)


class Schemas(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        set_up_node()
        shutil.copy(SOURCE / "validate.js", BUILD)

    def errors(self, jobs):
        """{name: errors}; a job is (name, schema, text)."""
        listed = [{"name": n, "schema": s, "text": t if isinstance(t, str) else json.dumps(t)} for n, s, t in jobs]
        done = subprocess.run(["node", BUILD / "validate.js", SCHEMAS], input=json.dumps(listed), text=True,
                              capture_output=True, timeout=120)
        self.assertEqual(done.returncode, 0, done.stderr)
        return {r["name"]: r["errors"] for r in json.loads(done.stdout)}

    def assert_valid(self, jobs):
        for name, errors in self.errors(jobs).items():
            self.assertEqual(errors, [], name)

    def assert_invalid(self, jobs):
        for name, errors in self.errors(jobs).items():
            self.assertNotEqual(errors, [], f"{name} passes")

    def printed(self, *args, codes=(0,)):
        done = run(*args)
        self.assertIn(done.returncode, codes, done.stderr)
        return done.stdout

    # ---- the schemas themselves ----

    def test_they_are_what_the_sources_say(self):
        done = subprocess.run([sys.executable, REPO / "tools/json_schemas.py", "--check"], capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def test_the_command_prints_them(self):
        names = self.printed("schema").split()
        self.assertEqual(names, sorted(p.name.split(".")[0] for p in SCHEMAS.glob("*.schema.json")))
        for name in names:
            self.assertEqual(self.printed("schema", name), (SCHEMAS / f"{name}.schema.json").read_text())
        done = run("schema", "laporan")
        self.assertEqual((done.returncode, done.stdout), (2, ""))
        self.assertIn("report", done.stderr)

    def test_settings_of_a_package_are_those_that_the_reader_knows(self):
        known = set()
        for call in re.findall(r'SCHEMA_KEYS\(p, p->pagu, "/pagu",([^;]*)\)', (REPO / "src/io/package_schema.c").read_text()):
            known |= set(re.findall(r'"(\w+)"', call))
        self.assertIn("year", known)
        schema = json.loads((SCHEMAS / "package.schema.json").read_text())
        self.assertEqual(known - set(schema["properties"]["pagu"]["properties"]), set())

    # ---- what pagu prints ----

    def test_every_report_is_valid(self):
        kinds = self.printed("eval", PLAN, "table.concat(pagu.reports(), ' ')").split()
        self.assertGreaterEqual(len(kinds), 4)
        jobs = []
        for kind in kinds:
            done = run("report", PLAN, kind, "--format", "json")
            if done.returncode == 0:  # compare needs a scenario
                jobs.append((kind, "report", done.stdout))
        self.assertGreaterEqual(len(jobs), 4)
        self.assert_valid(jobs)

    def test_findings_comparisons_and_runs_are_valid(self):
        compared = self.printed("compare", PLAN, "stage:draft", "stage:need", "--json")
        jobs = [("check", "findings", self.printed("check", PLAN, "--json", codes=(0, 1))),
                ("compare", "table", compared), ("compare as report", "report", compared)]
        for script in sorted((REPO / "scenarios").glob("*.lua")):
            jobs.append((script.name, "run", self.printed("run", script, "--plan", PLAN, "--json")))
        self.assert_valid(jobs)

    def test_explanations_are_valid(self):
        script = "scenarios/pagu-turun.lua"
        jobs = [(" ".join(args), "explain", self.printed("explain", PLAN, *args, "--json")) for args in (
            ("/",), ("1.06.01", "budget", "2024", "--scenario", script), ("1.06.01.2.09.09", "--scenario", script),
            ("1.06.01", "strategic_rate", "2023"), ("1.06.01", "achievement", "2022"), ("1.06.04.2.01.01", "target"))]
        jobs.append(("eval", "explain", self.printed("eval", PLAN, 'plan:explain("1.06", "budget", 2024, { json = true })')))
        self.assert_valid(jobs)
        tree = json.loads(jobs[2][2])
        node = tree["tree"][0]
        self.assertEqual((tree["explain"], tree["key"], tree["field"], tree["period"]), (1, "1.06.01.2.09.09", "budget", "2024"))
        self.assertEqual(node["kind"], "edit")
        self.assertIn("pagu-turun.lua:", node["source"])
        self.assertIn("scenario", tree["stamp"])
        self.assertIn("input", [row["kind"] for row in node["because"]])
        self.assert_invalid([("another version", "explain", {**tree, "explain": 2}),
                             ("no tree", "explain", {k: v for k, v in tree.items() if k != "tree"}),
                             ("an unknown kind", "explain", {**tree, "tree": [{**node, "kind": "guess"}]}),
                             ("money as a number", "explain", {**tree, "tree": [{**node, "value": 5}]})])

    def test_every_line_of_a_sweep_is_valid(self):
        sweep = self.printed("sweep", "scenarios/pertumbuhan-inflasi.lua", "--plan", PLAN, "--grid", "pertumbuhan=-60,0", "--grid",
                             "inflasi=1:2", "--format", "jsonl", codes=(1,))
        shard = self.printed("sweep", "scenarios/prakiraan-maju.lua", "--plan", PLAN, "--lhs", "4", "--range", "gaji=1:5", "--shard",
                             "2/2", "--format", "jsonl")
        lines = sweep.splitlines() + shard.splitlines()
        self.assertEqual(len(lines), 8)
        self.assert_valid([(str(i), "sweep", line) for i, line in enumerate(lines)])
        header, member = json.loads(lines[0]), json.loads(lines[4])
        self.assert_invalid([
            ("another version", "sweep", {**header, "version": 2}), ("no plan", "sweep", {k: v for k, v in header.items() if k != "plan"}),
            ("a hash that is none", "sweep", {**header, "view": "abc"}), ("no design", "sweep", {**header, "design": []}),
            ("metrics and error", "sweep", {**member, "error": "x"}), ("a metric that is a list", "sweep", {**member, "metrics": {"a": [1]}}),
            ("member 0", "sweep", {**member, "member": 0})])

    def test_tables_of_scripts_and_documents_are_valid(self):
        env = {**os.environ, "LUA_CPATH": str(Path(MODULE).parent / "?.so")}
        code = f'local pagu = require "pagu" io.write((function() {DOCUMENT} end)())'
        done = subprocess.run(["lua5.4", "-e", code], env=env, capture_output=True, text=True, timeout=60)
        self.assertEqual(done.returncode, 0, done.stderr)
        document = json.loads(done.stdout)
        self.assertEqual([b["type"] for b in document["blocks"]], ["heading", "text", "table", "chart", "chart"])
        self.assertEqual((document["format"], document["version"], document["language"]), ("pagu-report", 1, "id"))
        self.assert_valid([("document", "report", done.stdout), ("stages", "table", self.printed("eval", PLAN, "plan:stages():json()"))])

    def test_money_is_a_string_in_every_table(self):
        table = json.loads(self.printed("report", PLAN, "tc33", "--format", "json"))
        money = [c["name"] for c in table["columns"] if c["type"] == "money"]
        cells = [row[name] for row in table["rows"] for name in money]
        self.assertEqual(len(money), 2)
        for cell in cells:
            self.assertTrue(cell is None or re.fullmatch(r"-|-?\d+", cell), cell)

    def test_packages_are_valid_as_a_folder_and_as_one_file(self):
        jobs = [(str(p), "package", p.read_text()) for p in sorted((REPO / "examples").rglob("datapackage.json"))]
        self.assertGreaterEqual(len(jobs), 1)
        jobs.append(("one file", "package", self.printed("export", PLAN, "json")))
        self.assert_valid(jobs)

    # ---- what must fail ----

    def test_faulty_tables_and_reports_are_invalid(self):
        def changed(value, *steps):
            value = copy.deepcopy(value)
            at = value
            for step in steps[:-2]:
                at = at[step]
            at[steps[-2]] = steps[-1]
            return value

        self.assert_valid([("table", "table", TABLE), ("report", "report", REPORT)])
        self.assert_invalid([
            ("unknown key", "table", changed(TABLE, "author", "x")),
            ("unknown type", "table", changed(TABLE, "columns", 0, "type", "date")),
            ("a cell that is true", "table", changed(TABLE, "rows", 0, "a", True)),
            ("a cell that is a list", "table", changed(TABLE, "rows", 0, "a", [1])),
            ("a measure without unit", "table", changed(TABLE, "rows", 0, "a", {"value": 1, "text": None})),
            ("no rows", "table", {"title": "", "columns": []}),
            ("another version", "report", changed(REPORT, "version", 2)),
            ("another format", "report", changed(REPORT, "format", "x")),
            ("another language", "report", changed(REPORT, "language", "fr")),
            ("level 5", "report", changed(REPORT, "blocks", 0, "level", 5)),
            ("a chart of no kind", "report", changed(REPORT, "blocks", 3, "kind", "pie")),
            ("a block of no type", "report", changed(REPORT, "blocks", 1, "type", "image")),
            ("a finding without severity", "findings",
             {"check": 1, "counts": {"error": 0, "warning": 0, "note": 0, "suppressed": 0},
              "findings": [{"rule": "footing", "message": "x"}]}),
            ("a table that is no list of findings", "findings", TABLE),
        ])

    def test_faulty_packages_are_invalid_for_the_schema_and_the_reader(self):
        good = json.loads(self.printed("export", PLAN, "json"))

        def resource(p, name):
            return next(r for r in p["resources"] if r["name"] == name)["data"]

        def faults():
            yield "unknown setting", lambda p: p["pagu"].update(tahun=2024)
            yield "no year", lambda p: p["pagu"].pop("year")
            yield "format 2", lambda p: p["pagu"].update(format=2)
            yield "unknown resource", lambda p: p["resources"].append({"name": "zzz", "data": []})
            yield "unknown column", lambda p: resource(p, "tags")[0].update(zzz="x")
            yield "missing key", lambda p: resource(p, "amounts")[0].pop("node")
            yield "no such choice", lambda p: resource(p, "stages")[0].update(kind="zzz")
            yield "grouped amount", lambda p: resource(p, "amounts")[0].update(budget="1.234.567")
            yield "rank that is no number", lambda p: resource(p, "levels")[0].update(rank="x")

        jobs = []
        for name, fault in faults():
            faulty = copy.deepcopy(good)
            fault(faulty)
            jobs.append((name, "package", faulty))
            with tempfile.NamedTemporaryFile("w", suffix=".json") as f:
                json.dump(faulty, f)
                f.flush()
                self.assertEqual(run("check", f.name).returncode, 3, name)
        self.assert_invalid(jobs)


if __name__ == "__main__":
    unittest.main()
