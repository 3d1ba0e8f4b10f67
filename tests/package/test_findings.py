#!/usr/bin/env python3
"""What `pagu check` finds in the Tarakan plan: each finding reviewed against the document, with a sentence that says
why it is true (findings-tarakan.csv), and its rates computed a second time from the seed tables.

The sentences are written by hand; PAGU_UPDATE=1 keeps those that still have a finding and leaves the others' empty. It rewrites
the golden file of messages too."""

import csv
import json
import os
import re
import subprocess
import sys
import unittest
from collections import Counter
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from pathlib import Path

PAGU = os.environ.get("PAGU", "build/pagu")
REPO = Path(__file__).resolve().parents[2]
TARAKAN = str(REPO / "examples/renja-tarakan-2024")
SEED = REPO / "tests/data/seed"
SENTENCES = Path(__file__).with_name("findings-tarakan.csv")
GOLDEN = REPO / "tests/golden/check-tarakan.csv"
PLACE = ("rule", "table", "row", "column", "key")


def check(*options, lang="en"):
    done = subprocess.run([PAGU, "check", TARAKAN, "--json", "--lang", lang, *options], capture_output=True, text=True)
    assert done.returncode in (0, 1), done.stderr
    return json.loads(done.stdout)["findings"]


def place(finding):
    return tuple(str(finding.get(name, "")) for name in PLACE)


def read(path):
    with open(path, encoding="utf-8", newline="") as f:
        return list(csv.DictReader(f))


def number(text):
    """The first number of a cell, spelt as Indonesian documents do."""
    found = re.match(r"\s*(\d[\d.,]*)", text)
    if not found:
        return None
    digits = found[1].rstrip(".,")
    if "," in digits:
        return Decimal(digits.replace(".", "").replace(",", "."))
    return Decimal(re.sub(r"\.(?=\d{3}(\D|$))", "", digits))


def several(text):
    return len(re.findall(r"\d[\d.,]*", text)) > 1


def places(text):
    found = re.search(r",(\d+)", text)
    return len(found[1]) if found else 0


def shown(printed, computed):
    """Is the printed text the computed number, rounded to what it shows?"""
    unit = Decimal(1).scaleb(-places(printed))
    return number(printed) == computed.quantize(unit, ROUND_HALF_UP)


class Findings(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        cls.found = check()

    def test_every_finding_has_a_sentence_and_every_sentence_a_finding(self):
        rows = read(SENTENCES)
        written = {place(r): r["sentence"] for r in rows}
        if os.environ.get("PAGU_UPDATE"):
            with open(SENTENCES, "w", encoding="utf-8", newline="") as f:
                out = csv.writer(f, lineterminator="\n")
                out.writerow([*PLACE, "sentence"])
                out.writerows([*place(x), written.get(place(x), "")] for x in self.found)
            return
        self.assertEqual(len(written), len(rows), "a place stands twice")
        found = Counter(map(place, self.found))
        self.assertEqual([p for p, n in found.items() if n > 1], [], "one finding twice")
        self.assertEqual([p for p in found if not written.get(p)], [], "findings without a sentence")
        self.assertEqual([p for p in written if p not in found], [], "sentences without a finding")

    def test_they_read_as_the_golden_file(self):
        done = subprocess.run([PAGU, "check", TARAKAN, "--format", "csv"], capture_output=True, text=True)
        if os.environ.get("PAGU_UPDATE"):
            GOLDEN.write_text(done.stdout, encoding="utf-8")
        self.assertEqual(done.stdout.splitlines(), GOLDEN.read_text(encoding="utf-8").splitlines())

    def test_they_are_the_same_in_either_language(self):
        self.assertEqual(list(map(place, check(lang="id"))), list(map(place, self.found)))

    def test_what_the_issue_names_is_found(self):
        by_place = {place(f): f for f in self.found}
        gap = by_place["footing", "T7", "30", "pagu", "1.06.04.2.01"]
        self.assertEqual((gap["printed"], gap["computed"]), ("177.453.130", "167.643.130"))
        self.assertEqual(gap["lines"], ["1.06.04.2.01.12  Pemberian Layanan Rujukan  9.810.000"])
        self.assertIn(("row-missing", "T7", "", "", "1.06.04.2.01.12"), by_place)
        small = by_place["rate-scale", "T1", "1", "rate_renstra", "1.06.01#1"]
        self.assertEqual((small["printed"], small["computed"], small["difference"]), ("2,86", "286,22%", "power-of-ten"))
        self.assertIn(("rate-differs", "T1", "23", "rate_2022", "1.06.04.2.01#1"), by_place)
        twice = by_place["tables-differ", "T8", "26", "target", "1.06.02.2.03.01#1"]
        self.assertEqual((twice["printed"], twice["computed"]), ("0 orang", "100 orang"))
        self.assertIn("T7", twice["message"])
        self.assertIn(("unlike-units", "T1", "3", "projected_to_2023", "1.06.01.2.02.01#1"), by_place)
        self.assertEqual(sum(f["rule"] == "count-differs" for f in self.found), 4)
        self.assertIn(("tables-differ", "T5", "8", "target_2024", "iku8"), by_place)

    # ---- a second computation, in decimals, from the transcription ----

    def flagged(self, column, *rules):
        return {f["row"]: f["rule"] for f in self.found
                if f.get("table") == "T1" and f.get("column") == column and f["rule"] in rules}

    def test_rates_are_flagged_where_achieved_over_target_differs_and_nowhere_else(self):
        expected = {}
        for i, row in enumerate(read(SEED / "tabel-1.csv"), 1):
            target, achieved, printed = (number(row[c]) for c in ("target_2022", "realized_2022", "rate_2022"))
            if printed is not None and not shown(row["rate_2022"], achieved / target * 100):
                expected[i] = "rate-differs"
        self.assertEqual(self.flagged("rate_2022", "rate-differs", "rate-scale", "rate-unfounded", "rate-missing"), expected)
        self.assertEqual(len(expected), 2)

    def test_renstra_rates_are_a_hundred_times_too_small_or_wrong_and_all_are_told(self):
        expected = {}
        for i, row in enumerate(read(SEED / "tabel-1.csv"), 1):
            printed, cumulative, target = (row[c] for c in ("rate_renstra", "projected_to_2023", "renstra_target_2024"))
            if number(printed) is None:
                continue
            if several(target):
                expected[i] = "rate-unfounded"
                continue
            rate = number(cumulative) / number(target)
            unit = Decimal(1).scaleb(-places(printed))
            hundredth = number(printed) in (rate.quantize(unit, ROUND_HALF_UP), rate.quantize(unit, ROUND_DOWN))
            if not shown(printed, rate * 100):
                expected[i] = "rate-scale" if hundredth else "rate-differs"
        self.assertEqual(self.flagged("rate_renstra", "rate-differs", "rate-scale", "rate-unfounded"), expected)
        self.assertGreater(sum(r == "rate-scale" for r in expected.values()), 30)

    def test_cumulative_values_are_what_their_row_adds_up_to(self):
        unlike = set()
        same = {s.lower(): r["unit"] for r in read(f"{TARAKAN}/units.csv") for s in r["synonyms"].split("|") if s}
        for i, row in enumerate(read(SEED / "tabel-1.csv"), 1):
            cells = [row[c] for c in ("realized_to_2021", "realized_2022", "target_2023")]
            numbers = [(number(c), re.sub(r"^[\d.,\s]+", "", c).lower().replace(" / ", "/")) for c in cells]
            numbers = [(n, same.get(unit, unit)) for n, unit in numbers if n is not None]
            if number(row["projected_to_2023"]) is not None:
                self.assertEqual(number(row["projected_to_2023"]), sum(n for n, _ in numbers), i)
                if len({unit for _, unit in numbers}) > 1:
                    unlike.add(i)
        self.assertEqual(set(self.flagged("projected_to_2023", "unlike-units")), unlike)
        self.assertEqual(self.flagged("projected_to_2023", "cumulative-differs"), {})

    def test_tables_that_foot_have_no_footing_finding(self):
        """Tables 3, 7 and 8 summed up from their own rows; one gap in all of them."""
        gaps = []
        for name, column in (("T3", "draft_pagu"), ("T3", "need_pagu"), ("T7", "pagu"), ("T8", "pagu")):
            rows = read(SEED / f"tabel-{name[1]}.csv")
            printed = {r["code_norm"]: int(r[column]) for r in rows if r[column]}
            for code in printed:
                depth = [c for c in printed if c.startswith(code + ".")] if code else []
                below = [c for c in depth if not any(c.startswith(o + ".") for o in depth)]
                if below and printed[code] != sum(printed[c] for c in below):
                    gaps.append((name, column, code, printed[code] - sum(printed[c] for c in below)))
        self.assertEqual(gaps, [("T7", "pagu", "1.06.04.2.01", 9810000)])
        self.assertEqual([place(f)[1:] for f in self.found if f["rule"] == "footing"],
                         [("T7", "30", "pagu", "1.06.04.2.01")])


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
