#!/usr/bin/env python3
"""`pagu report` prints the document's tables again: every row, target and amount of the
transcription, except the document's own mistakes, which are listed here one by one.

    tests/report/test_tables.py [--update]      --update rewrites tests/golden/tc33.*
"""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

from printed import amount, differences, own_target, plain, split_target, target
from tarakan import MODULE, PLAN, REPO, SEED, Plan, read_csv, report_rows, run

GOLDEN = REPO / "tests" / "golden"
UPDATE = "--update" in sys.argv
FORMATS = {"text": "txt", "md": "md", "csv": "csv", "json": "json"}

unittest.TestCase.maxDiff = None


class TabelTujuh(unittest.TestCase):
    """T-C.33 against Tabel 7."""

    @classmethod
    def setUpClass(cls):
        cls.printed = read_csv(SEED / "tabel-7.csv")
        cls.ours = report_rows("tc33")
        cls.ours[-1]["code"] = cls.printed[-1]["code_norm"]  # the total has no code

    def test_only_the_documents_mistakes_differ(self):
        found = differences(self.printed, self.ours, [
            ("name", plain("name", "name")),
            ("indicator", plain("indicator", "indicator")),
            ("location", plain("location", "location")),
            ("target", target("target", own_target)),
            ("budget", amount("pagu", "budget", "pagu_raw")),
            ("fund", plain("source", "fund")),
            ("note", plain("note", "note")),
            ("target_next", plain("target_2025", "target_next")),
            ("budget_next", plain("pagu_2025", "budget_next")),
        ])
        self.assertEqual(found, [
            ("1.06.04.2.01.12", "row", "-", "ours"),         # the lost row: printed in Tabel 1, 3, 6, 8
            ("1.06.02.2.03", "budget", "", "99836740"),      # empty, though its sub kegiatan has money
        ])

    def test_rows_stand_in_the_documents_order(self):
        order = [r["code"] for r in self.ours if r["code"] != "1.06.04.2.01.12"]
        self.assertEqual(order, [r["code_norm"] for r in self.printed])

    def test_headings_name_the_years_of_the_frame(self):
        table = json.loads(run("report", PLAN, "tc33", "--format", "json").stdout)
        titles = [c["title"] for c in table["columns"]]
        self.assertEqual(len(titles), 10)
        self.assertEqual([t.split("|")[0] for t in titles[3:7]], ["Rencana Tahun 2024"] * 4)
        self.assertEqual([t.split("|")[0] for t in titles[8:]], ["Prakiraan Maju Rencana Tahun 2025"] * 2)
        self.assertIn("Tahun 2024 dan Prakiraan Maju Tahun 2025", table["title"])

    def test_headings_are_english_on_request(self):
        done = run("report", PLAN, "tc33", "--format", "json", "--lang", "en")
        titles = [c["title"] for c in json.loads(done.stdout)["columns"]]
        self.assertEqual(titles[0], "Code")
        self.assertEqual(titles[9], "Forward Estimate 2025|Budget")

    def test_stamp_says_what_the_table_was_made_from(self):
        stamp = json.loads(run("report", PLAN, "tc33", "--format", "json").stdout)["stamp"]
        self.assertRegex(stamp["hash"], r"^[0-9a-f]{64}$")
        self.assertEqual(stamp["stage"], "final")
        self.assertRegex(stamp["plan"], r"^[0-9a-f]{64}$")
        self.assertEqual(list(stamp), ["plan", "stage", "hash", "engine"])


class TabelDelapan(unittest.TestCase):
    """Tabel 8 against its transcription."""

    @classmethod
    def setUpClass(cls):
        cls.printed = read_csv(SEED / "tabel-8.csv")
        cls.ours = report_rows("tabel8")
        cls.ours[-1]["code"] = cls.printed[-1]["code_norm"]

    def test_only_the_documents_mistakes_differ(self):
        found = differences(self.printed, self.ours, [
            ("target", target("target", own_target)),
            ("budget", amount("pagu", "budget", "pagu_raw")),
            ("unit", plain("unit_responsible", "unit")),
            ("goal", plain("goal", "goal")),
            ("objective", plain("objective", "objective")),
        ])
        self.assertEqual(found, [
            ("1.06.02.2.03", "budget", "", "99836740"),              # empty, as in Tabel 7
            ("1.06.02.2.03.01", "target", "0 orang", "100 Orang"),   # Tabel 3 and 7: 100
            ("2.13.05.2.01.04", "target", "10 Unit", "25 Unit"),     # Tabel 3 and 7: 25; 10 was the draft's
        ])

    def test_names_are_those_of_tabel_7_which_goes_first(self):
        found = differences(self.printed, self.ours, [
            ("name", plain("name", "name")), ("indicator", plain("indicator", "indicator"))])
        self.assertEqual({(code, column) for code, column, _, _ in found}, {
            ("1.06.01.2.01", "name"), ("1.06.01.2.01", "indicator"),   # "Penganggaran" is right here
            ("1.06.07.2.01.02", "indicator"),                          # "Pemeliharaannya" too
            ("2.13.05.2.01.03", "indicator"),                          # the extraction lost these
            ("2.13.05.2.01.04", "indicator"), ("2.13.05.2.01.05", "indicator"),
            ("2.13.05.2.01.06", "indicator"), ("2.13.05.2.01.09", "indicator"),
        })

    def test_rows_stand_in_the_documents_order(self):
        self.assertEqual([r["code"] for r in self.ours], [r["code_norm"] for r in self.printed])


class TabelTiga(unittest.TestCase):
    """T-C.31 against Tabel 3."""

    @classmethod
    def setUpClass(cls):
        cls.printed = read_csv(SEED / "tabel-3.csv")
        cls.ours = report_rows("tc31")
        cls.ours[-1]["code"] = cls.printed[-1]["code_norm"]

    def test_only_the_documents_mistakes_differ(self):
        found = differences(self.printed, self.ours, [
            ("draft name", lambda a, b: plain("name", "draft_name")(a, b) if a["code_norm"] else None),
            ("need name", plain("need_name", "need_name")),
            ("draft indicator", plain("indicator", "draft_indicator")),
            ("draft target", target("draft_target", lambda r: split_target(r["draft_target"]))),
            ("need target", target("need_target", lambda r: split_target(r["need_target"]))),
            ("draft budget", amount("draft_pagu", "draft_budget", "draft_pagu_raw")),
            ("need budget", amount("need_pagu", "need_budget", "need_pagu_raw")),
            ("note", plain("remark", "note")),
        ])
        self.assertEqual(found, [
            # printed without a sum, though the rows below have money
            ("1", "draft budget", "", "4197049000"),
            ("1", "need budget", "", "4455445985"),
            # a dash over sub kegiatan that print nothing: missing for us
            ("1.06.01.2.01", "draft budget", "-", ""),
            ("1.06.01.2.01", "need budget", "-", ""),
            ("1.06.02", "draft budget", "-", ""),
            ("1.06.02.2.02", "draft budget", "-", ""),
            ("1.06.02.2.02", "need budget", "-", ""),
            ("1.06.02.2.03", "draft budget", "-", ""),
            ("2", "draft budget", "", "871931596"),
            ("2", "need budget", "", "2281327980"),
            ("", "draft budget", "", "5068980596"),   # only the total of the needs is printed
        ])

    def test_rows_stand_in_the_documents_order(self):
        self.assertEqual([r["code"] for r in self.ours], [r["code_norm"] for r in self.printed])


class ForwardEstimate(unittest.TestCase):
    """The 2025 columns of T-C.33 under scenarios/prakiraan-maju.lua."""

    GROWTH = {"": Decimal("3.5"), "1.06.01.2.02": Decimal(6)}
    UNIT = 1000

    @classmethod
    def setUpClass(cls):
        cls.rows = report_rows("tc33", "--scenario", "scenarios/prakiraan-maju.lua")
        cls.plan = Plan("final")

    def next_year(self, node):
        nearest = max((code for code in self.GROWTH if not code or node == code or node.startswith(code + ".")), key=len)
        grown = self.plan.lines[node] * (1 + self.GROWTH[nearest] / 100) / self.UNIT
        return int(grown.quantize(Decimal(1), ROUND_HALF_UP)) * self.UNIT

    def expected(self, code):
        inside = [n for n in self.plan.lines if not code or n == code or n.startswith(code + ".")]
        return str(sum(map(self.next_year, inside))) if inside else ""

    def test_every_amount_is_its_lines_grown_and_rounded(self):
        for row in self.rows:
            self.assertEqual(row["budget_next"], self.expected(row["code"]), row["code"])

    def test_sums_of_children_equal_their_parents(self):
        amounts = {r["code"]: int(r["budget_next"] or 0) for r in self.rows}
        parents = {code: 0 for code in amounts}
        for code in amounts:
            parent = code.rpartition(".")[0]
            while parent and parent not in amounts:  # 1.06.01.2 is no row
                parent = parent.rpartition(".")[0]
            if code:
                parents[parent] += amounts[code]
        for code, total in parents.items():
            if any(c.startswith(code + ".") or not code for c in amounts if c != code):
                self.assertEqual(amounts[code], total, code or "JUMLAH")

    def test_targets_are_carried_forward(self):
        for row in self.rows:
            self.assertEqual((row["target_next"], row["target_next_unit"]), (row["target"], row["target_unit"]), row["code"])

    def test_this_year_is_untouched(self):
        plain_rows = report_rows("tc33")
        self.assertEqual([r["budget"] for r in self.rows], [r["budget"] for r in plain_rows])


class Compare(unittest.TestCase):
    """The comparison report of a scenario with its stage."""

    def test_only_changed_rows_are_printed_and_the_change_adds_up(self):
        rows = report_rows("compare", "--scenario", "scenarios/rehabilitasi-ke-pangan.lua")
        changed = {r["code"]: int(r["change"]) for r in rows}
        self.assertEqual(changed, {
            "1.06.01": -100000000, "1.06.01.2.09": -100000000, "1.06.01.2.09.09": -100000000,
            "1.06.04": 100000000, "1.06.04.2.01": 100000000,
            "1.06.04.2.01.01": 60000000, "1.06.04.2.01.03": 40000000, "": 0})
        food = next(r for r in rows if r["code"] == "1.06.04.2.01.01")
        self.assertEqual((food["target_before"], food["target_after"]), ("200", "440"))

    def test_a_stage_is_refused_with_a_way_out(self):
        done = run("report", PLAN, "compare")
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("--scenario", done.stderr)


class ChangedStructure(unittest.TestCase):
    """Tables of a scenario that adds rows and indicators: from its values, not from the document."""

    SCRIPT = """
return { title = "t", run = function(s)
  s:add{ under = "1.06.04.2.01", code = "06", name = "Layanan baru", budget = 7000000, target = 12, unit = "orang", indicator = "Jumlah orang dilayani" }
  s:add_indicator{ at = "1.06.05.2.02.01", name = "Jumlah dokumen pendataan", unit = "dokumen", target = 3 }
end }
"""

    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.folder.cleanup)
        cls.script = Path(cls.folder.name) / "tambah.lua"
        cls.script.write_text(cls.SCRIPT, encoding="utf-8")

    def rows(self, kind):
        return report_rows(kind, "--scenario", self.script)

    def test_an_added_row_stands_in_code_order_and_counts_in_the_sums(self):
        rows = self.rows("tc33")
        codes = [r["code"] for r in rows]
        at = codes.index("1.06.04.2.01.06")
        self.assertEqual((codes[at - 1], codes[at + 1]), ("1.06.04.2.01.05", "1.06.04.2.01.10"))
        self.assertEqual((rows[at]["name"], rows[at]["target"], rows[at]["budget"]), ("Layanan baru", "12", "7000000"))
        self.assertEqual(int(rows[-1]["budget"]), Plan("final").total() + 7000000)

    def test_a_second_indicator_takes_a_line_of_its_own_without_repeating_the_money(self):
        rows = [r for r in self.rows("tc33") if r["indicator"] == "Jumlah dokumen pendataan"]
        self.assertEqual(len(rows), 1)
        self.assertEqual((rows[0]["code"], rows[0]["target"], rows[0]["budget"]), ("", "3", ""))

    def test_rows_of_one_side_only_leave_the_other_side_blank(self):
        rows = self.rows("tc31")
        codes = [r["code"] for r in rows]
        added = rows[codes.index("1.06.04.2.01.06")]
        self.assertEqual((added["draft_name"], added["draft_budget"], added["need_budget"]), ("", "", "7000000"))
        gone = rows[codes.index("1.06.01.2.05.02")]   # final lacks it, the draft has it
        self.assertEqual((gone["draft_budget"], gone["need_name"], gone["need_budget"]), ("18200000", "", ""))
        in_order = [tuple(map(int, c.split("."))) for c in codes if c]
        self.assertEqual(in_order, sorted(in_order))


class Golden(unittest.TestCase):
    """T-C.33 byte for byte, in each format."""

    @staticmethod
    def masked(text):
        """What a hash is made of is not this test's matter."""
        return re.sub(r"\b[0-9a-f]{64}\b", "HASH", text)

    def test_formats_match_their_golden_files(self):
        for format_name, suffix in FORMATS.items():
            done = run("report", PLAN, "tc33", "--format", format_name)
            self.assertEqual(done.returncode, 0, done.stderr)
            path = GOLDEN / f"tc33.{suffix}"
            if UPDATE:
                GOLDEN.mkdir(exist_ok=True)
                path.write_text(self.masked(done.stdout), encoding="utf-8")
            with self.subTest(format=format_name):
                self.assertEqual(self.masked(done.stdout), path.read_text(encoding="utf-8"),
                                 f"{path} differs; tests/report/test_tables.py --update if this is meant")

    def test_the_same_inputs_give_the_same_bytes(self):
        a, b = (run("report", PLAN, "tc31", "--format", "text").stdout for _ in range(2))
        self.assertEqual(a, b)

    def test_stock_lua_prints_the_same_bytes(self):
        if not (shutil.which("lua5.4") and os.path.exists(MODULE)):
            self.skipTest("no lua5.4, or no module for it")
        chunk = """local pagu = require "pagu"
            io.write(pagu.report("tc33", pagu.open(arg[1]), { format = "csv" }))"""
        with tempfile.NamedTemporaryFile("w", suffix=".lua") as script:
            script.write(chunk)
            script.flush()
            done = subprocess.run(["lua5.4", script.name, str(PLAN)], text=True, encoding="utf-8", capture_output=True,
                                  env={**os.environ, "LUA_CPATH": os.path.join(os.path.dirname(MODULE), "?.so")})
        self.assertEqual((done.stderr, done.stdout), ("", (GOLDEN / "tc33.csv").read_text(encoding="utf-8")))

    def test_amounts_are_grouped_for_people(self):
        self.assertIn("6.736.773.965", (GOLDEN / "tc33.txt").read_text(encoding="utf-8"))


if __name__ == "__main__":
    unittest.main(argv=[a for a in sys.argv if a != "--update"])
