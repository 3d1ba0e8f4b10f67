#!/usr/bin/env python3
"""The projection report and the comparison's waterfall against arithmetic done here from the
package's CSV files."""

import json
import tempfile
import unittest
import zipfile
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from pathlib import Path

from packages import AMOUNTS, INDICATORS, LEVELS, MEASURES, NODES, STAGES, UNITS, write_package
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
        self.assertEqual([r["year"] for r in rows], ["2022", "2023", "2024", "2025"])
        self.assertEqual((rows[1]["budget"], rows[1]["projection"]), (None, None))
        self.assertEqual(rows[2]["budget"], rows[2]["projection"])
        self.assertEqual((rows[3]["budget"], rows[3]["projection"]),
                         (None, str(sum(map(next_year, FINAL.lines)))))

    def test_methods_growth_and_reason_are_those_of_the_journal(self):
        rows = table(self.document, "proyeksi_cara")["rows"]
        self.assertEqual(len(rows), 1)
        self.assertEqual((rows[0]["method"], rows[0]["growth"], rows[0]["unit"], rows[0]["field"]),
                         ("index", "seluruh rencana 3,5%; 1.06.01.2.02 6%", "1000", "budget"))
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


def history(folder):
    """Six years of two lines, without 2021; targets of five years."""
    budgets = {"1.1": {2019: 100, 2020: 112, 2022: 131, 2023: 142, 2024: 149}, "1.2": {2019: 40, 2020: 70, 2022: 45, 2023: 80, 2024: 65}}
    amounts = [[key, "dpa" if year == 2024 else "common", str(year), str(value * 1_000_000), ""]
               for key, values in budgets.items() for year, value in values.items()]
    targets = [["1.1#1", "dpa" if year == 2024 else "common", str(year), "target", str(value), "", ""]
               for year, value in ((2020, 20), (2021, 31), (2022, 39), (2023, 52), (2024, 60))]
    return write_package(
        folder, "deret", {"year": 2024, "years": [2019, 2027], "organisation": "Dinas Contoh", "government": "Kota Contoh"},
        stages=STAGES + [["dpa", "DPA", "plan", "", "1"]],
        levels=LEVELS + [["main", "plan", "0", "Renja", "Plan", "0"], ["main", "program", "1", "Program", "Program", "1"],
                         ["main", "kegiatan", "2", "Kegiatan", "Activity", "2"]],
        nodes=NODES + [[".", "", "plan", "-", "Renja", "", ""], ["1", "", "program", "1", "Pelayanan", "", ""],
                       ["1.1", "", "kegiatan", "1.1", "Pelatihan", "", ""], ["1.2", "", "kegiatan", "1.2", "Bantuan", "", ""]],
        amounts=AMOUNTS + amounts, units=UNITS + [["orang", "Orang", "count", "", "sum", "none", "", ""]],
        indicators=INDICATORS + [["1.1#1", "1.1", "output", "Orang dilatih", "orang", "higher", "", "", "", ""]],
        measures=MEASURES + targets)


SCRIPT = """
return { title = "Deret", params = {}, metrics = {}, run = function(s)
  s:project{ method = { ["/"] = "linear", ["1.2"] = "auto" }, years = 3, level = 90, reason = "tren" }
  s:project{ field = "target", method = "theil_sen", years = 3 }
  s:forward{ method = "manual", values = { ["1.2"] = 70000000 }, targets = "none" }
  return {}
end }
"""


class Fitted(unittest.TestCase):
    """Methods, errors, intervals and the fan of a projection that was fitted to past years."""

    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.folder = Path(folder.name)
        cls.plan = history(folder.name)
        cls.script = cls.folder / "deret.lua"
        cls.script.write_text(SCRIPT, encoding="utf-8")
        cls.args = ("report", cls.plan, "proyeksi", "--scenario", cls.script)
        done = run(*cls.args, "--format", "json")
        assert done.returncode == 0, done.stderr
        cls.document = json.loads(done.stdout)["blocks"]

    def evaluate(self, chunk):
        done = run("eval", self.plan, 'local s = plan:branch "deret" ' + SCRIPT.split("run = function(s)")[1].split("return {}")[0] + chunk)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout

    def test_numbers_are_those_of_eval(self):
        kept = json.loads(self.evaluate("return s:projection():json()"))["rows"]
        rows = table(self.document, "proyeksi_galat")["rows"]
        last = {(r["key"], r["year"]): r for r in kept if r["field"] == "budget"}
        self.assertEqual(len(rows), len(last))
        for row in rows:
            mine = last[row["key"], row["year"]]
            self.assertEqual((row["method"], row["n"], row["mae"], row["reason"]),
                             (mine["method"], mine["n"], mine["mae"], mine["reason"]))
            for name in ("value", "low", "high", "computed"):
                self.assertEqual(row[name] and int(row[name]), mine[name] and int(mine[name]), name)
            self.assertEqual(row["value"], self.evaluate(f'return s:get("{row["key"]}", "budget", {row["year"]})').strip())

    def test_a_line_is_what_least_squares_say(self):
        points = {2019: 100, 2020: 112, 2022: 131, 2023: 142, 2024: 149}
        n, mean, level = len(points), Fraction(sum(points), len(points)), Fraction(sum(points.values()), len(points))
        slope = sum((x - mean) * (y - level) for x, y in points.items()) / sum((x - mean) ** 2 for x in points)
        rows = {r["year"]: r for r in table(self.document, "proyeksi_galat")["rows"] if r["key"] == "1.1"}
        for year in (2025, 2026, 2027):
            exact = (level + slope * (year - mean)) * 1_000_000
            self.assertEqual(int(rows[year]["value"]), int(exact + Fraction(1, 2)))
            self.assertEqual(rows[year]["n"], n)

    def test_a_hand_is_kept_beside_what_the_method_said(self):
        row = next(r for r in table(self.document, "proyeksi_galat")["rows"] if (r["key"], r["year"]) == ("1.2", 2025))
        self.assertEqual((row["method"], row["value"], row["flag"]), ("manual", "70000000", "ditetapkan sendiri"))
        self.assertNotEqual(row["computed"], row["value"])

    def test_the_axis_keeps_years_without_figures_and_the_band_starts_after_n(self):
        rows = table(self.document, "proyeksi_deret")["rows"]
        self.assertEqual([r["year"] for r in rows], [str(y) for y in range(2019, 2028)])
        self.assertIsNone(rows[2]["budget"])
        for row in rows[:6]:
            self.assertEqual((row["low"], row["high"]), (None, None))
        for row in rows[6:]:
            self.assertLess(int(row["low"]), int(row["projection"]))
            self.assertLess(int(row["projection"]), int(row["high"]))

    def test_targets_have_their_errors_too(self):
        rows = table(self.document, "proyeksi_galat_target")["rows"]
        self.assertEqual([r["year"] for r in rows], [2025, 2026, 2027])
        self.assertTrue(all(r["method"] == "theil_sen" and r["mae"] > 0 for r in rows))

    def test_page_and_workbook_hold_method_error_fan_and_the_same_numbers(self):
        amounts = [r["value"] for r in table(self.document, "proyeksi_galat")["rows"]]
        page, book = self.folder / "p.html", self.folder / "p.xlsx"
        for path in (page, book):
            done = run(*self.args, "-o", path)
            self.assertEqual(done.returncode, 0, done.stderr)
        html = page.read_text(encoding="utf-8")
        for word in ("linear", "MAE", "leave-one-out", "<svg", "Selang"):
            self.assertIn(word, html)
        with zipfile.ZipFile(book) as z:
            cells = "".join(z.read(n).decode() for n in z.namelist() if n.startswith("xl/worksheets/sheet"))
        for amount in amounts:
            self.assertIn(f"{int(amount):,}".replace(",", "."), html)
            self.assertIn(f"<v>{amount}</v>", cells)


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
