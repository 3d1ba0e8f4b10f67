#!/usr/bin/env python3
"""Every number that tables 1-8 of the document print is either what our report prints at the same
place, or a finding of `pagu check` names its table, row and column: nothing is left over."""

import json
import unittest

from printed import measure, own_target, rate, same_target, shown, split_target
from tarakan import PLAN, SEED, read_csv, report_json, run

unittest.TestCase.maxDiff = None


def findings():
    """What check has to say about printed cells: {(table, row, column): the rules that say it}."""
    done = run("check", PLAN, "--json")
    assert done.returncode in (0, 1), done.stderr
    found = {}
    for f in json.loads(done.stdout)["findings"]:
        if not f.get("suppressed"):
            found.setdefault((f.get("table"), f.get("row"), f.get("column")), {})[f["rule"]] = f
    return found


def amount(printed_name, our_name):
    def how(row, mine):
        return None if row[printed_name] == (mine[our_name] or "") else (row[printed_name], mine[our_name])
    return how


def plain(printed_name, our_name):
    def how(row, mine):
        return None if row[printed_name] == shown(mine[our_name]) else (row[printed_name], shown(mine[our_name]))
    return how


def target(our_name, split):
    """A target with its unit, as tables 3, 7 and 8 have them."""
    def how(row, mine):
        value, unit = split(row)
        cell = mine[our_name] or {"value": None, "unit": "", "text": None}
        ours = cell["text"] or ("" if cell["value"] is None else str(cell["value"]))
        same = same_target(value, unit, ours, "" if cell["text"] else cell["unit"])
        return None if same else (f"{value} {unit}", shown(cell))
    return how


def value_of(column):
    return lambda row: row[column]


def own_target_text(row):
    return " ".join(own_target(row))


def pagu_text(column):
    """The amount, but a printed dash, which the transcription counts as 0, as it is printed."""
    return lambda row: "-" if row.get(column + "_raw") == "-" else row[column]


# table: (report, code of a row, [(column as the checks name it, printed text, how to compare)])
TABLES = {
    "T1": ("tc29", "code_norm", [
        ("renstra_target_2024", value_of("renstra_target_2024"), measure("renstra_target_2024", "strategic_target")),
        ("realized_to_2021", value_of("realized_to_2021"), measure("realized_to_2021", "achieved_to")),
        ("target_2022", value_of("target_2022"), measure("target_2022", "target")),
        ("realized_2022", value_of("realized_2022"), measure("realized_2022", "achieved")),
        ("rate_2022", value_of("rate_2022"), rate("rate_2022", "rate")),
        ("target_2023", value_of("target_2023"), measure("target_2023", "target_this_year")),
        ("projected_to_2023", value_of("projected_to_2023"), measure("projected_to_2023", "cumulative")),
        ("rate_renstra", value_of("rate_renstra"), rate("rate_renstra", "strategic_rate")),
    ]),
    "T2": ("tc30", None, [
        ("no", value_of("no"), plain("no", "no")),
        ("target_iku", value_of("target_iku"), measure("target_iku", "standard")),
        *[(f"renstra_{y}", value_of(f"renstra_{y}"), measure(f"renstra_{y}", f"target_{y}")) for y in range(2020, 2025)],
        *[(f"real_{y}", value_of(f"real_{y}"), measure(f"real_{y}", f"achieved_{y}")) for y in range(2020, 2023)],
        *[(f"proj_{y}", value_of(f"proj_{y}"), measure(f"proj_{y}", f"projected_{y}")) for y in (2023, 2024)],
        ("note", value_of("note"), plain("note", "note")),
    ]),
    "T3": ("tc31", "code_norm", [
        ("draft_target", value_of("draft_target"), target("draft_target", lambda r: split_target(r["draft_target"]))),
        ("draft_pagu", pagu_text("draft_pagu"), amount("draft_pagu", "draft_budget")),
        ("need_target", value_of("need_target"), target("need_target", lambda r: split_target(r["need_target"]))),
        ("need_pagu", pagu_text("need_pagu"), amount("need_pagu", "need_budget")),
    ]),
    "T4": ("tc32", None, [
        ("no", value_of("no"), plain("no", "no")),
        ("volume", value_of("volume"), measure("volume", "volume")),
        ("pagu", pagu_text("pagu"), amount("pagu", "budget")),
    ]),
    "T5": ("tabel5", None, [
        ("renstra_baseline", value_of("renstra_baseline"), measure("renstra_baseline", "baseline")),
        ("target_2024", value_of("target_2024"), measure("target_2024", "target")),
    ]),
    "T6": ("tabel6", None, [
        ("no", value_of("no"), plain("no", "no")),
        ("kode_pn", value_of("kode_pn"), plain("kode_pn", "code")),
        ("pagu", pagu_text("pagu"), amount("pagu", "budget")),
    ]),
    "T7": ("tc33", "code_norm", [
        ("target", own_target_text, target("target", own_target)),
        ("pagu", pagu_text("pagu"), amount("pagu", "budget")),
        ("target_2025", value_of("target_2025"), plain("target_2025", "target_next")),
        ("pagu_2025", pagu_text("pagu_2025"), amount("pagu_2025", "budget_next")),
    ]),
    "T8": ("tabel8", "code_norm", [
        ("target", own_target_text, target("target", own_target)),
        ("pagu", pagu_text("pagu"), amount("pagu", "budget")),
    ]),
}


def pairs(table, report, code):
    """Printed rows beside ours: by code, or one after the other (ours may have headings and a total)."""
    printed = read_csv(SEED / f"tabel-{table[1]}.csv")
    ours = report_json(report)["rows"]
    if code:
        by_code = {r["code"] or "": r for r in ours}
        return [(row, by_code.get(row[code])) for row in printed]
    if "no" in ours[0]:
        ours = [r for r in ours if r["no"] is not None]
    return list(zip(printed, ours, strict=True))


class NothingLeft(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.found = findings()
        cls.numbers, cls.left, cls.covered = {}, [], {}
        for table, (report, code, columns) in TABLES.items():
            cls.numbers[table] = 0
            for i, (row, mine) in enumerate(pairs(table, report, code), 1):
                for column, text, how in columns:
                    cls.take(table, i, column, text(row), how, row, mine)

    @classmethod
    def take(cls, table, i, column, text, how, row, mine):
        if not any(c.isdigit() for c in text):
            return
        cls.numbers[table] += 1
        differs = how(row, mine) if mine else (text, None)
        if differs and (table, i, column) in cls.found:
            cls.covered[table, i, column] = text
        elif differs:
            cls.left.append((table, i, column, *differs))

    def test_every_number_is_reproduced_or_found(self):
        self.assertEqual(self.left, [])

    def test_a_finding_quotes_the_cell_that_it_is_about(self):
        """So that no finding covers a number by accident."""
        self.assertGreater(len(self.covered), 50)
        for place, text in self.covered.items():
            quoted = [f.get("printed", "") for f in self.found[place].values()]
            self.assertTrue(any(text.replace(" ", "") in q.replace(" ", "") for q in quoted), (place, text, quoted))

    def test_all_the_documents_numbers_were_looked_at(self):
        """As many as the transcription has, counted here without the reports: none is skipped."""
        self.assertEqual(self.numbers, {
            table: sum(any(c.isdigit() for c in text(row)) for row in read_csv(SEED / f"tabel-{table[1]}.csv")
                       for _, text, _ in columns)
            for table, (_, _, columns) in TABLES.items()})
        self.assertGreater(sum(self.numbers.values()), 800)


if __name__ == "__main__":
    unittest.main()
