#!/usr/bin/env python3
"""Table 1 (T-C.29) of the Tarakan plan: every printed rate, cumulative value and rate of the Renstra
target is reproduced, or stands in a list of why not, which was read through by hand."""
import csv
import os
import re
import subprocess
import unittest
from pathlib import Path

PAGU = os.environ.get("PAGU", "build/pagu")
PLAN = Path("examples/renja-tarakan-2024")

LUA = """
local out = {}
for _, i in ipairs(plan:select{ under = "/" }:indicators()) do
  for _, c in ipairs{ { "rate", 2022 }, { "cumulative", 2023 }, { "strategic_rate", 2023 } } do
    local value, unit, reason = plan:get(i, c[1], c[2])
    local text = value == nil and (reason or "missing") or unit == "-" and "-" or tostring(value)
    out[#out + 1] = i.id .. "\\t" .. c[1] .. "\\t" .. text
  end
end
return table.concat(out, "\\n")
"""

# Printed values that no rule explains: mistakes of the document.
WRONG = {
    ("1.06.01.2.09.02#1", "rate"): ("2%", "100"),                      # 8 of 8 Unit
    ("1.06.04.2.01#1", "rate"): ("85,33 %", "86.885245901639"),        # 265 of 305 Orang
    ("1.06.04.2.01#1", "strategic_rate"): ("9,35%", "279.10447761194"),  # 935 of 335, not of 100
}


def number(text):
    m = re.match(r"-?[\d.]+(?:,\d+)?", text.strip())
    return None if not m else float(m.group().replace(".", "").replace(",", "."))


class Table1(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        done = subprocess.run([PAGU, "eval", PLAN, LUA], capture_output=True, text=True, check=True)
        cls.computed = {tuple(line.split("\t")[:2]): line.split("\t")[2] for line in done.stdout.splitlines()}
        with open(PLAN / "printed.csv", newline="", encoding="utf-8") as f:
            cls.printed = {(r["owner"], r["field"]): r["text"] for r in csv.DictReader(f)
                           if r["table"] == "T1" and r["field"] in ("rate", "cumulative", "strategic_rate")}

    def kind_of(self, key, text, computed):
        value = number(text)
        try:
            exact = float(computed)
        except ValueError:
            exact = None
        if text.strip() in ("", "-"):
            return "same" if computed in ("-", "missing") else "marks only"
        if exact is not None and abs(exact - value) < 0.0051:
            return "same"
        if exact is not None and abs(exact / 100 - value) < 0.0101:
            return "a hundredth"  # printed as a ratio, cut or rounded
        if key in WRONG:
            return "wrong"
        if computed in ("unit clash", "not one number"):
            return computed
        return "percentages added up" if exact == 100 else "unexplained"

    def kinds(self, field):
        out = {}
        for key, text in self.printed.items():
            if key[1] == field:
                out.setdefault(self.kind_of(key, text, self.computed[key]), []).append(key[0].split("#")[0])
        return {kind: len(keys) for kind, keys in out.items()}, out

    def test_rates_are_reproduced_but_for_two_mistakes(self):
        counts, _ = self.kinds("rate")
        self.assertEqual(counts, {"same": 40, "wrong": 2, "marks only": 10})

    def test_cumulative_values_are_reproduced_or_add_unlike_units_or_percentages(self):
        counts, keys = self.kinds("cumulative")
        self.assertEqual(counts, {"same": 15, "unit clash": 22, "percentages added up": 2, "marks only": 13})
        self.assertEqual(keys["percentages added up"], ["1.06.01", "1.06.04"])

    def test_rates_of_the_renstra_target_are_printed_a_hundred_times_too_small(self):
        counts, keys = self.kinds("strategic_rate")
        self.assertNotIn("unexplained", counts)
        self.assertEqual(counts.get("same", 0), 0)
        self.assertIn("1.06.01.2.09", keys["a hundredth"])  # 2,52% for 149 of 59 Unit

    def test_mistakes_are_those_that_were_read_through(self):
        found = {key: (self.printed[key], self.computed[key]) for key in self.printed
                 if self.kind_of(key, self.printed[key], self.computed[key]) == "wrong"}
        self.assertEqual(found, WRONG)

    def test_nothing_is_left_unexplained(self):
        for field in ("rate", "cumulative", "strategic_rate"):
            self.assertNotIn("unexplained", self.kinds(field)[0])

    def test_rivals_a_column_of_a_year_that_the_frame_lacks_is_an_error_not_another_year(self):
        done = subprocess.run([PAGU, "eval", PLAN, 'return plan:get("1.06.01", "rate", 2028)'], capture_output=True,
                              text=True)
        self.assertEqual(done.returncode, 4)
        self.assertIn("2028", done.stderr)


if __name__ == "__main__":
    unittest.main()
