#!/usr/bin/env python3
"""The projection report and the comparison's waterfall against arithmetic done here from the
package's CSV files."""

import json
import unittest
from decimal import ROUND_HALF_UP, Decimal

from tarakan import PLAN, Plan, read_csv, report_json, run

FINAL = Plan("final")
SCENARIO = ("--scenario", "scenarios/prakiraan-maju.lua")


def blocks(*args):
    """The blocks of a document report."""
    return report_json(*args)["blocks"]


def table(document, name):
    return next(b for b in document if b["type"] == "table" and b["name"] == name)


def next_year(code, general="3.5", salary="6", unit=1000):
    percent = salary if code.startswith("1.06.01.2.02.") else general
    grown = FINAL.lines[code] * (1 + Decimal(percent) / 100) / unit
    return int(grown.quantize(Decimal(1), ROUND_HALF_UP)) * unit


class Projection(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.document = blocks("proyeksi", *SCENARIO)
        cls.money = table(cls.document, "proyeksi")

    def test_programs_and_their_total_are_the_sums_of_their_lines(self):
        for row in self.money["rows"]:
            inside = [c for c in FINAL.lines if not row["code"] or c.startswith(row["code"] + ".")]
            self.assertEqual(row["budget_2024"], str(sum(FINAL.lines[c] for c in inside)), row["code"])
            self.assertEqual(row["budget_2025"], str(sum(map(next_year, inside))), row["code"])

    def test_growth_is_that_of_the_two_years(self):
        for row in self.money["rows"]:
            before, after = int(row["budget_2024"]), int(row["budget_2025"])
            self.assertAlmostEqual(row["growth_2025"], 100 * (after / before - 1), places=9)

    def test_history_is_what_the_package_has_of_the_whole(self):
        total = self.money["rows"][-1]
        self.assertEqual(total["budget_2022"], "5176219306")
        self.assertEqual([r["budget_2022"] for r in self.money["rows"][:-1]], [None] * 8)

    def test_the_series_joins_history_and_projection_at_year_n(self):
        rows = table(self.document, "proyeksi_deret")["rows"]
        self.assertEqual([r["year"] for r in rows], ["2022", "2024", "2025"])
        self.assertEqual(rows[1]["budget"], rows[1]["projection"])
        self.assertEqual((rows[2]["budget"], rows[2]["projection"]),
                         (None, str(sum(map(next_year, FINAL.lines)))))

    def test_methods_growth_and_reason_are_those_of_the_journal(self):
        rows = table(self.document, "proyeksi_cara")["rows"]
        self.assertEqual(len(rows), 1)
        self.assertEqual((rows[0]["method"], rows[0]["growth"], rows[0]["unit"], rows[0]["field"]),
                         ("index", "/ 3,5%; 1.06.01.2.02 6%", "1000", "budget"))
        self.assertIn("prakiraan-maju.lua", rows[0]["source"])

    def test_a_plan_without_projection_lists_every_line_and_target_that_lacks_one(self):
        text = "\n".join(b.get("text") or "" for b in blocks("proyeksi"))
        lines = [c for c, amount in FINAL.lines.items() if amount]
        self.assertIn(f"Pagu 2025: {len(lines)} rincian tanpa angka", text)
        for code in lines:
            self.assertIn(code + " ", text)
        targets = [r for r in read_csv(PLAN / "measures.csv") if (r["stage"], r["period"], r["field"]) == ("final", "2024", "target")]
        self.assertIn(f"Target 2025: {len(targets)} indikator tanpa angka", text)

    def test_it_goes_down_to_a_level_on_request(self):
        done = run("eval", PLAN, 'local s = plan:branch "x" s:forward{ growth = 4 } '
                   'return pagu.report("proyeksi", s, { level = "sub_kegiatan" }):blocks()[4].table:csv()')
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("1.06.04.2.01.01", done.stdout)


class Waterfall(unittest.TestCase):
    """The picture of a comparison: from the total before, program by program, to the total after."""

    CHUNK = '''
local s = plan:branch "x"
s:cut{ at = "1.06.01", amount = 1000000 }
s:set("1.06.04.2.01.01", "budget", 2024, 60000000)
local doc = pagu.report("compare", s, { charts = true })
for _, block in ipairs(doc:blocks()) do
  if block.type == "chart" then return block.chart.kind, block.chart.table:json() end
end'''

    def test_the_steps_add_up_from_before_to_after(self):
        done = run("eval", PLAN, self.CHUNK)
        self.assertEqual(done.returncode, 0, done.stderr)
        kind, _, text = done.stdout.partition("\t")
        rows = json.loads(text)["rows"]
        amounts = [int(r["amount"]) for r in rows]
        self.assertEqual(kind, "waterfall")
        self.assertEqual(amounts[0], FINAL.total())
        self.assertEqual(amounts[1:-1], [-1000000, 10000000])
        self.assertEqual(sum(amounts[:-1]), amounts[-1])

    def test_formats_that_draw_nothing_get_the_table_alone(self):
        done = run("report", PLAN, "compare", "--scenario", "scenarios/naik-target.lua", "--format", "json")
        self.assertEqual(list(json.loads(done.stdout))[:2], ["title", "columns"])


if __name__ == "__main__":
    unittest.main()
