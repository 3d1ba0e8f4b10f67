#!/usr/bin/env python3
"""Each rule of `pagu check` on a small plan where it fires, and on one that is nearly the same where it doesn't; the
faults of real review notes; plans of a hundred thousand printed cells."""

import copy
import itertools
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path

PAGU = os.environ.get("PAGU", "build/pagu")

# ---- a plan without findings ----

LEVELS = [dict(tree="main", level="plan", rank=0, name="Rencana"), dict(tree="main", level="program", rank=1, name="Program"),
          dict(tree="main", level="sub", rank=2, name="Sub kegiatan")]
STAGES = [dict(stage="common", name="Umum", kind="common", rank=0),
          dict(stage="renstra", name="Renstra", kind="reference", role="strategic", rank=1),
          dict(stage="need", name="Kebutuhan", kind="plan", rank=2), dict(stage="final", name="Akhir", kind="plan", rank=3)]
UNITS = [dict(unit="%", name="%", kind="percent", synonyms="Persen", over_time="last"),
         dict(unit="orang", name="Orang", kind="count", over_time="sum"),
         dict(unit="paket", name="Paket", kind="count", over_time="sum"),
         dict(unit="mutu", name="Mutu", kind="ordinal")]
BUDGETS = {"1.1": 100000, "1.2": 200000, "2.1": 300000}
TARGETS = {"p1": (100, "%"), "i11": (10, "orang"), "i12": (20, "orang"), "p2": (100, "%"), "i21": (5, "orang")}
SUMS = {".": 600000, "1": 300000, "1.1": 100000, "1.2": 200000, "2": 300000, "2.1": 300000}
OWNERS = {"p1": "1", "i11": "1.1", "i12": "1.2", "p2": "2", "i21": "2.1"}
ROWS = {key: row for row, key in enumerate(SUMS, 1)}


def money(value):
    return f"{value:,}".replace(",", ".")


def cell(table, row, column, owner="", field="", stage="final", period="2024", text="", expr=""):
    return dict(table=table, row=row, column=column, owner=owner, field=field, stage=stage, period=period, text=text, expr=expr)


class Plan:
    """A package in memory; its parts are lists of rows."""

    def __init__(self):
        self.pagu = {"format": 1, "year": 2024, "years": [2020, 2025], "locale": "id", "stage": "final",
                     "strategic": {"start": 2020, "end": 2024, "name": "Renstra"}}
        self.parts = {
            "stages": copy.deepcopy(STAGES), "levels": copy.deepcopy(LEVELS), "units": copy.deepcopy(UNITS),
            "nodes": [dict(node=".", level="plan", name="Rencana")] +
                     [dict(node=k, level="program" if len(k) == 1 else "sub", name=f"Kegiatan {k}") for k in SUMS if k != "."],
            "indicators": [dict(indicator=i, owner=OWNERS[i], name=f"Jumlah {i}", unit=u) for i, (_, u) in TARGETS.items()],
            "measures": [self.value(i, v) for i, (v, _) in TARGETS.items()],
            "amounts": [dict(node=k, stage="final", period="2024", budget=v) for k, v in BUDGETS.items()],
            "tables": [dict(table="T", title="Rencana Tahun 2024", stage="final", levels="program sub", scope="all", locale="id"),
                       dict(table="L", title="Lain-lain", stage="final", scope="listed", locale="id"),
                       dict(table="E", title="Evaluasi", stage="common", scope="listed", locale="id")],
            "printed": [cell("T", ROWS[k], "pagu", k, "budget", text=money(v)) for k, v in SUMS.items()] +
                       [cell("T", ROWS[OWNERS[i]], "target", i, "target", text=f"{v} {u}") for i, (v, u) in TARGETS.items()],
        }

    @staticmethod
    def value(indicator, value, stage="final", period="2024", field="target", unit=None, text=None):
        return dict(indicator=indicator, stage=stage, period=period, field=field, value=value, unit=unit, text=text)

    def add(self, part, *rows):
        self.parts.setdefault(part, []).extend(rows)
        return self

    def set(self, part, where, **changes):
        found = [r for r in self.parts[part] if all(r.get(k) == v for k, v in where.items())]
        assert found, (part, where)
        for row in found:
            row.update(changes)
        return self

    def drop(self, part, **where):
        self.parts[part] = [r for r in self.parts[part] if not all(r.get(k) == v for k, v in where.items())]
        return self

    def printed(self, key, text, table="T"):
        return self.set("printed", dict(table=table, owner=key), text=text)

    def json(self):
        resources = []
        for name, rows in self.parts.items():
            if not rows:
                continue
            columns = list(dict.fromkeys(itertools.chain(*rows)))
            resources.append({"name": name, "data": [columns, *[[r.get(c) for c in columns] for r in rows]]})
        return json.dumps({"pagu": self.pagu, "resources": resources})


def evaluated(target="100", achieved="80", rate="80", to="50", year="100", cumulative="230", strategic="400", share="57,5",
              owner="i11", unit=" orang"):
    """A row of T-C.29 with its values in the model: the texts are printed, plain ones are values."""
    p = Plan()
    columns = [("..2021", "achieved", "common", to), ("2022", "target", "common", target), ("2022", "achieved", "common", achieved),
               ("2023", "target", "common", year), ("..2024", "target", "renstra", strategic)]
    for period, field, stage, text in columns:
        number = text.split(" ")[0].replace(",", ".")
        if number.replace(".", "").isdigit() and text.count(" ") < 2:
            p.add("measures", p.value(owner, float(number), stage, period, field, *text.split(" ")[1:]))
        elif text and text != "-":
            p.add("measures", p.value(owner, None, stage, period, field, None, text))
        shown = text + unit if text and text != "-" and " " not in text else text
        p.add("printed", cell("E", 1, f"{field} {period}", owner, field, stage, period, shown))
    p.add("printed", cell("E", 1, "rate", owner, "rate", "common", "2022", rate),
          cell("E", 1, "cumulative", owner, "cumulative", "common", "2023", cumulative),
          cell("E", 1, "share", owner, "strategic_rate", "common", "2023", share),
          cell("E", 2, "achieved 2022", "i12", "achieved", "common", "2022", "-"))
    p.add("measures", p.value("i12", "-", "common", "2022", "achieved"))
    p.add("texts", dict(owner="1.1", kind="obstacle", stage="common", period="2022", lang="id", rank=1, text="Hujan"))
    return p


def percent(cumulative, **changes):
    row = dict(owner="p1", unit="%", to="90", target="100", achieved="95", rate="95", year="100", strategic="100",
               cumulative=cumulative, share="100")
    return evaluated(**{**row, **changes})


def proposals(amount):
    return (Plan().add("proposals", dict(proposal="u1", node="1.1", period="2024", name="Jalan", amount=100000))
            .add("printed", cell("L", 1, "pagu", "proposal:u1", "amount", "need", "2024", amount)))


def staged():
    """The stage need beside final: the same money, the same targets."""
    p = Plan()
    p.add("amounts", *[dict(node=k, stage="need", period="2024", budget=v) for k, v in BUDGETS.items()])
    return p.add("measures", *[p.value(i, v, "need") for i, (v, _) in TARGETS.items()])


def side_by_side(need, final, remark=""):
    p = staged().set("amounts", dict(node="1.1", stage="need"), budget=need)
    return p.add("printed", cell("L", 1, "need", "1.1", "budget", "need", "2024", money(need)),
                 cell("L", 1, "final", "1.1", "budget", "final", "2024", money(final)),
                 cell("L", 1, "remark", "1.1", "", "", "", remark))


def quarters(year, *values):
    p = Plan().add("measures", p_value("i11", year, "2024"))
    return p.add("measures", *[p_value("i11", v, f"2024Q{q}") for q, v in enumerate(values, 1)])


def p_value(indicator, value, period):
    return Plan.value(indicator, value, "common", period, "achieved")


def renstra(indicator="i11", baseline=None, standard=None, achieved=None, projected=None, **targets):
    p = Plan()
    for field, value in (("baseline", baseline), ("standard", standard)):
        if value is not None:
            p.add("measures", p.value(indicator, value, "renstra", "*", field))
    for period, value in targets.items():
        p.add("measures", p.value(indicator, value, "renstra", period.strip("y").replace("to", ".."), "target"))
    for period, field, value in (("2022", "achieved", achieved), ("2023", "projected", projected)):
        if value is not None:
            p.add("measures", p.value(indicator, value, "common", period, field))
    return p


def numbered(skip):
    p = Plan().add("nodes", dict(node="3", level="program", name="Kegiatan 3"))
    return p.add("nodes", *[dict(node=f"3.{i:02}", level="sub", name=f"Rincian {i}") for i in range(1, 15) if i not in skip])


def spent(value, achieved=None):
    p = Plan().add("amounts", dict(node="1.1", stage="common", period="2022", budget=100, spent=value))
    return p.add("measures", p.value("i11", achieved, "common", "2022", "achieved")) if achieved is not None else p


def below(program, sub):
    """Target and achievement of 2022 of program 1 and of 1.1 below it."""
    p = Plan().add("texts", dict(owner="1", kind="obstacle", stage="common", period="2022", lang="id", rank=1, text="Hujan"))
    for indicator, value in (("p1", program), ("i11", sub)):
        p.add("measures", p.value(indicator, 10, "common", "2022"), p.value(indicator, value, "common", "2022", "achieved"))
    return p


def rule(**row):
    return Plan().add("rules", dict(rule="r", reason="Batas", field="budget", **row))


def suppressed(**row):
    return Plan().printed("1.2", "250.000").add("suppressions", dict(rule="printed-differs", owner="", table="", column="", **row))


def classes(second):
    return (Plan().add("trees", dict(tree="unit", name="Unit", kind="label"), dict(tree="place", name="Lokasi", kind="label"))
            .add("classes", dict(tree="unit", **{"class": "X"}, name="Dinas X"), dict(tree="place", **{"class": "X"}, name=second)))


def stated(text, expr):
    return Plan().add("printed", cell("L", 1, "value", ".", "", "", "", text, expr))


def slipped(hole, note="100"):
    p = Plan().add("measures", Plan.value("i12", hole, "common", "2022", "achieved"))
    rows = [cell("L", r, "note", "i11", "", "", "", note if r == 4 else "") for r in range(1, 7)]
    return p.add("printed", *rows, cell("L", 4, "achieved", "i12", "achieved", "common", "2022", str(hole)))


# rule: (plan where it fires, a plan nearly the same where it doesn't)
CASES = {
    "footing": (lambda: Plan().printed(".", "700.000"), lambda: Plan().printed(".", "Rp 600.000,00")),
    "row-missing": (lambda: Plan().drop("printed", owner="2.1").drop("printed", owner="i21"),
                    lambda: Plan().drop("printed", owner="i21")),
    "row-extra": (lambda: Plan().add("nodes", dict(node="3", level="program", name="Tiga", stages="need"))
                  .add("printed", cell("T", 9, "pagu", "3", "budget", text="")),
                  lambda: Plan().add("nodes", dict(node="3", level="program", name="Tiga", stages="need"))
                  .add("printed", cell("L", 9, "pagu", "3", "budget", text=""))),
    "row-twice": (lambda: Plan().add("printed", cell("T", 9, "pagu", "1.1", "budget", text="100.000")),
                  lambda: Plan().add("printed", cell("T", 9, "pagu", "1.1", "budget", period="2025", text=""))),
    "printed-missing": (lambda: Plan().printed("1", ""), lambda: Plan().printed("1", "300.000")),
    "cell-empty": (lambda: Plan().printed("i12", ""), lambda: Plan().printed("i12", "20 orang")),
    "printed-marks": (lambda: proposals("100.0 00"), lambda: proposals("100.000")),
    "printed-differs": (lambda: Plan().printed("1.2", "250.000").printed("1", "350.000").printed(".", "650.000"), Plan),
    "tables-differ": (lambda: Plan().add("printed", cell("L", 1, "pagu", "1.1", "budget", text="150.000")),
                      lambda: Plan().add("printed", cell("L", 1, "pagu", "1.1", "budget", text="100.000"))),
    "unit-differs": (lambda: Plan().printed("i11", "10 Paket"), lambda: Plan().printed("p1", "100 Persen")),
    "printed-unreadable": (lambda: Plan().add("printed", cell("L", 1, "pagu", "1.1", "budget", text="abc")), Plan),
    "rate-differs": (lambda: evaluated(rate="85"), lambda: evaluated(target="3", achieved="2", rate="66,67", cumulative="152",
                                                                     share="38")),
    "rate-scale": (lambda: evaluated(share="0,57"), lambda: evaluated(share="57,50")),
    "rate-unfounded": (lambda: evaluated(strategic="10 rehab 20 sarana"), lambda: evaluated(strategic="10 rehab 20 sarana", share="-")),
    "rate-missing": (lambda: evaluated(share=""), lambda: evaluated(achieved="-", rate="-", cumulative="150", share="37,5")),
    "cumulative-differs": (lambda: evaluated(cumulative="231", share="57,75"), evaluated),
    "unlike-units": (lambda: evaluated(year="100 paket"), evaluated),
    "percent-summed": (lambda: percent("285", share="285"), lambda: percent("100")),
    "name-differs": (lambda: Plan().add("printed", cell("L", 1, "name", "1.1", "name", text="Kegiatn 1.1")),
                     lambda: Plan().add("printed", cell("L", 1, "name", "1.1", "name", text="KEGIATAN  1.1"))),
    "printed-code": (lambda: Plan().add("printed", cell("L", 1, "code", "1.1", "code", text="1|2")),
                     lambda: Plan().add("printed", cell("L", 1, "code", "1.1", "code", text="0 1|.| 1"))),
    "code-duplicate": (lambda: Plan().add("nodes", dict(node="x", parent="1", level="sub", name="X", code="1.01")),
                       lambda: Plan().add("nodes", dict(node="x", parent="1", level="sub", name="X", code="1.3"))),
    "code-gap": (lambda: numbered({7}), lambda: numbered({3, 7, 9, 12})),
    "code-outside-parent": (lambda: Plan().add("nodes", dict(node="9.9", parent="1", level="sub", name="X")),
                            lambda: Plan().add("nodes", dict(node="1.9", parent="1", level="sub", name="X"))),
    "class-twice": (lambda: classes("Dinas X"), lambda: classes("Desa X")),
    "column-empty": (lambda: Plan().add("printed", *[cell("T", ROWS[k], "maju", k, "budget", period="2025") for k in SUMS]),
                     lambda: Plan().add("printed", *[cell("T", ROWS[k], "note", k, "", "", "") for k in SUMS])),
    "cell-slipped": (lambda: slipped("-"), lambda: slipped("-", "lihat 2")),
    "number-style": (lambda: Plan().set("tables", dict(table="L"), locale="en")
                     .add("printed", cell("L", 1, "pagu", "1.1", "budget", text="100,000")),
                     lambda: Plan().add("printed", cell("L", 1, "pagu", "1.1", "budget", text="100.000"))),
    "title-year": (lambda: Plan().set("tables", dict(table="T"), title="Rencana 2024 dan Prakiraan Maju 2026"),
                   lambda: Plan().set("tables", dict(table="T"), title="Rencana 2024, Renstra 2020-2024")),
    "period-outside-frame": (lambda: Plan().add("printed", cell("L", 1, "pagu", "1.1", "budget", period="2031", text="1")), Plan),
    "claim-unknown": (lambda: Plan().add("printed", cell("L", 1, "pagu", "7.7", "budget", text="1")), Plan),
    "count-differs": (lambda: stated("23 sub kegiatan", "count(sub)"), lambda: stated("3 (tiga) sub kegiatan", "count(sub)")),
    "year-differs": (lambda: stated("Prakiraan Maju Tahun 2024", "meta.year + 1"), lambda: stated("Prakiraan Maju Tahun 2025", "meta.year + 1")),
    "statement-differs": (lambda: stated("Rp 500.000", "sum(sub, budget)"), lambda: stated("Rp 600.000", "sum(sub, budget)")),
    "budget-without-target": (lambda: Plan().set("measures", dict(indicator="i21"), value=0).printed("i21", "0 orang"), Plan),
    "target-without-budget": (lambda: Plan().drop("amounts", node="2.1").printed("2.1", "-").printed("2", "-").printed(".", "300.000"),
                              lambda: Plan().set("measures", dict(indicator="i21"), value=0).printed("i21", "0 orang")
                              .set("measures", dict(indicator="p2"), value=0).printed("p2", "0%")
                              .drop("amounts", node="2.1").printed("2.1", "-").printed("2", "-").printed(".", "300.000")),
    "overspent": (lambda: spent(101, 1), lambda: spent(100, 1)),
    "spent-without-achievement": (lambda: spent(50), lambda: spent(50, 1)),
    "achievement-missing": (lambda: below("-", 10), lambda: below("-", "-")),
    "achievement-unsupported": (lambda: below(10, "-"), lambda: below(10, 10)),
    "cause-missing": (lambda: below(9, 9).drop("texts"), lambda: below(9, 9)),
    "target-not-number": (lambda: Plan().add("measures", Plan.value("i11", None, "common", "2022", "target", None, "4 RT 2 RW")),
                          lambda: Plan().add("measures", Plan.value("i11", None, "common", "2022", "target", "mutu", "Baik"))),
    "indicator-without-target": (lambda: Plan().add("indicators", dict(indicator="x", owner="1.1", name="X", unit="orang")),
                                 lambda: Plan().add("indicators", dict(indicator="x", owner="1.1", name="X", unit="orang"))
                                 .add("measures", Plan.value("x", 1))),
    "indicator-missing": (lambda: Plan().drop("indicators", indicator="i21").drop("measures", indicator="i21")
                          .drop("printed", owner="i21"), Plan),
    "unit-drift": (lambda: Plan().add("measures", Plan.value("i11", 1, "common", "2022", "target", "paket")),
                   lambda: Plan().add("measures", Plan.value("i11", 1, "common", "2022"))),
    "strategic-target-yearly": (lambda: renstra(to2024=10).add("measures", Plan.value("i11", 9, "common", "2023")),
                                lambda: renstra(to2024=100).add("measures", Plan.value("i11", 9, "common", "2023"))),
    "projection-above-target": (lambda: renstra(projected=12, y2023=11), lambda: renstra(projected=11, y2023=11)),
    "projection-below-achieved": (lambda: renstra(achieved=12, projected=11), lambda: renstra(achieved=11, projected=12)),
    "target-below-baseline": (lambda: renstra(baseline=10, y2022=9), lambda: renstra(baseline=10, y2022=10)),
    "standard-is-baseline": (lambda: renstra(baseline=10, standard=10, y2022=12), lambda: renstra(baseline=10, standard=15, y2022=12)),
    "percent-over-100": (lambda: renstra("p1", achieved=101), lambda: renstra("p1", achieved=100)),
    "parts-differ": (lambda: quarters(10, 1, 2, 3, 5), lambda: quarters(11, 1, 2, 3, 5)),
    "increase-unexplained": (lambda: side_by_side(90000, 100000), lambda: side_by_side(90000, 100000, "tambahan sasaran")),
    "split-differs": (lambda: staged().set("amounts", dict(node="1.1", stage="need"), budget=150000)
                      .set("amounts", dict(node="1.2", stage="need"), budget=150000), staged),
    "stage-dropped": (lambda: staged().add("nodes", dict(node="3", level="program", name="Tiga", stages="need")), staged),
    "target-changed": (lambda: staged().set("measures", dict(indicator="i11", stage="need"), value=12),
                       lambda: staged().set("measures", dict(indicator="i11", stage="need"), value=12)
                       .set("amounts", dict(node="1.1", stage="need"), budget=120000)),
    "ceiling-broken": (lambda: rule(kind="ceiling", where="1", amount=299999), lambda: rule(kind="ceiling", where="1", amount=300000)),
    "floor-broken": (lambda: rule(kind="floor", where="1", amount=300001), lambda: rule(kind="floor", where="1", amount=300000)),
    "rule-unreadable": (lambda: rule(kind="ceiling", where="9.9", amount=1), lambda: rule(kind="hold", where="1", amount=1)),
    "suppression-without-reason": (lambda: suppressed(reason=""), lambda: suppressed(reason="disetujui")),
    "suppression-unused": (lambda: suppressed(reason="lama", row=77), lambda: suppressed(reason="disetujui")),
}
ELSEWHERE = {"code-unknown", "code-retired", "code-renamed", "code-spelling", "code-level", "code-kind", "code-alias",
             "code-unit", "code-indicator"}  # test_codes.py


class Case(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def run_check(self, plan, *options, codes=(0, 1), seconds=60):
        path = Path(self.folder.name, "rencana.json")
        path.write_text(plan if isinstance(plan, str) else plan.json(), encoding="utf-8")
        done = subprocess.run([PAGU, "check", path, "--json", "--lang", "en", *options], capture_output=True, text=True,
                              timeout=seconds)
        self.assertIn(done.returncode, codes, done.stdout + done.stderr)
        return json.loads(done.stdout)

    def findings(self, plan, *options, **more):
        return self.run_check(plan, *options, **more)["findings"]

    def rules(self, plan, *options):
        return [f["rule"] for f in self.findings(plan, *options)]

    def only(self, plan, rule):
        found = [f for f in self.findings(plan) if f["rule"] == rule]
        self.assertEqual(len(found), 1, found)
        return found[0]


class Rules(Case):
    def test_a_plan_without_mistakes_has_no_findings(self):
        for plan in (Plan(), evaluated(), staged()):
            self.assertEqual(self.findings(plan), [])

    def test_every_rule_has_its_cases(self):
        done = subprocess.run([PAGU, "check", "--rules", "--format", "csv"], capture_output=True, text=True, check=True)
        ids = {line.split(",")[0] for line in done.stdout.splitlines()[1:]}
        self.assertEqual(ids, set(CASES) | ELSEWHERE)

    def test_severities_go_by_their_names_in_both_languages(self):
        table = subprocess.run([PAGU, "check", "--rules", "--lang", "id"], capture_output=True, text=True, check=True).stdout
        self.assertRegex(table, r"(?m)^footing +peringatan ")
        plan = Path(__file__).resolve().parents[2] / "examples" / "renja-tarakan-2024"
        outputs = [subprocess.run([PAGU, "check", plan, "--json", "--severity", word], capture_output=True, text=True)
                   for word in ("warning", "peringatan")]
        self.assertEqual([o.returncode for o in outputs], [1, 1])
        self.assertEqual(outputs[0].stdout, outputs[1].stdout)
        self.assertNotIn('"severity": "note"', outputs[0].stdout)
        wrong = subprocess.run([PAGU, "check", plan, "--severity", "parah"], capture_output=True, text=True)
        self.assertEqual(wrong.returncode, 2)

    def test_a_summary_counts_what_is_not_suppressed(self):
        plan = Path(__file__).resolve().parents[2] / "examples" / "renja-tarakan-2024"
        with tempfile.TemporaryDirectory() as folder:
            copy_of = Path(folder) / "plan"
            shutil.copytree(plan, copy_of)
            subprocess.run([PAGU, "check", copy_of, "--suppress", "class-twice", "--reason", "kantor"], check=True,
                           capture_output=True)
            shown = subprocess.run([PAGU, "check", copy_of, "--all", "--rule", "class-twice", "--lang", "id"],
                                   capture_output=True, text=True)
        self.assertEqual(shown.returncode, 0)
        self.assertIn("dikecualikan: kantor", shown.stdout)
        self.assertIn("0 temuan: 0 galat, 0 peringatan, 0 catatan\n\nplan=", shown.stdout)

    def test_each_rule_fires_where_it_should_and_not_where_it_should_not(self):
        for rule, (wrong, right) in CASES.items():
            with self.subTest(rule):
                self.assertIn(rule, self.rules(wrong()))
                self.assertNotIn(rule, self.rules(right()))

    def test_one_rule_can_be_asked_for(self):
        plan = Plan().printed("1.2", "250.000").printed("1", "")
        self.assertEqual(self.rules(plan, "--rule", "printed-missing"), ["printed-missing"])
        self.assertEqual(self.rules(evaluated(share="0,57"), "--severity", "error"), [])

    # ---- footing ----

    def test_an_empty_sum_is_one_finding(self):
        self.assertEqual(self.rules(Plan().printed("1", "")), ["printed-missing"])

    def test_the_lost_row_explains_the_gap(self):
        f = self.only(Plan().drop("printed", owner="1.1").drop("printed", owner="i11"), "footing")
        self.assertEqual(f["lines"], ["1.1  Kegiatan 1.1  100.000"])
        self.assertIn("lost", f["message"])

    def test_a_line_left_out_of_the_total_explains_the_gap(self):
        f = self.only(Plan().printed(".", "300.000"), "footing")
        self.assertEqual(f["lines"], ["1  Kegiatan 1  300.000"])
        self.assertIn("leaves out", f["message"])

    def test_a_line_counted_twice_explains_the_gap(self):
        f = self.only(Plan().printed("1", "400.000").printed(".", "700.000"), "footing")
        self.assertEqual((f["key"], f["lines"]), ("1", ["1.1  Kegiatan 1.1  100.000"]))

    def test_a_gap_that_nothing_explains_is_told_without_lines(self):
        f = self.only(Plan().printed(".", "600.007"), "footing")
        self.assertNotIn("lines", f)
        self.assertEqual(f["computed"], "600.000")
        self.assertIn("one digit", f["suggestion"])

    def test_detail_that_a_table_does_not_print_is_no_gap(self):
        plan = Plan().add("levels", dict(tree="main", level="rincian", rank=3, name="Rincian"))
        plan.add("nodes", dict(node="2.1.1", level="rincian", name="a"), dict(node="2.1.2", level="rincian", name="b"))
        plan.drop("amounts", node="2.1").add("amounts", dict(node="2.1.1", stage="final", period="2024", budget=1),
                                             dict(node="2.1.2", stage="final", period="2024", budget=299999))
        self.assertEqual(self.rules(plan), [])

    def test_the_smallest_set_is_found_and_is_the_first_in_code_order(self):
        """Against a search through all sets of up to four lines."""
        rng = random.Random(7)
        for _ in range(40):
            n = rng.randint(2, 9)
            values = [rng.randint(1, 12) * 1000 for _ in range(n)]
            chosen = rng.sample(range(n), rng.randint(1, min(4, n)))
            gap = sum(values[i] for i in chosen)
            best = next(s for k in range(1, n + 1) for s in itertools.combinations(range(n), k)
                        if sum(values[i] for i in s) == gap)
            plan = self.lines(values, sum(values) - gap)
            f = self.only(plan, "footing")
            self.assertEqual([line.split("  ")[0] for line in f["lines"]], [f"1.{i + 1}" for i in best], (values, gap))

    @staticmethod
    def lines(values, total):
        plan = Plan()
        for part in ("nodes", "amounts", "indicators", "measures", "printed"):
            plan.parts[part] = []
        plan.add("nodes", dict(node=".", level="plan", name="Rencana"), dict(node="1", level="program", name="Satu"))
        for i, value in enumerate(values, 1):
            plan.add("nodes", dict(node=f"1.{i}", level="sub", name=f"Baris {i}"))
            plan.add("amounts", dict(node=f"1.{i}", stage="final", period="2024", budget=value))
            plan.add("printed", cell("T", i + 1, "pagu", f"1.{i}", "budget", text=money(value)))
        plan.add("printed", cell("T", 1, "pagu", "1", "budget", text=money(total)))
        return plan

    # ---- one mistake, one finding ----

    def test_a_wrong_line_does_not_make_its_sums_wrong(self):
        plan = Plan().printed("1.2", "250.000").printed("1", "350.000").printed(".", "650.000")
        self.assertEqual(self.rules(plan), ["printed-differs"])

    def test_a_rate_that_its_row_bears_out_is_not_wrong(self):
        plan = evaluated().set("printed", dict(table="E", column="achieved 2022"), text="90 orang")
        plan.set("printed", dict(table="E", column="rate"), text="90").set("printed", dict(table="E", column="cumulative"), text="240")
        plan.set("printed", dict(table="E", column="share"), text="60").drop("printed", table="E", row=2)
        self.assertEqual([r for r in self.rules(plan) if r != "strategic-target-yearly"], ["printed-differs"])

    # ---- classes of difference ----

    def test_differences_are_classed(self):
        cases = {"83,33": None, "83,3": None, "83": None, "83,34": "rounding", "0,83": "power-of-ten", "8333": "power-of-ten",
                 "85": "value"}
        for text, expected in cases.items():
            found = [f for f in self.findings(evaluated(target="6", achieved="5", rate=text, cumulative="155", share="38,75"))
                     if f.get("column") == "rate"]
            self.assertEqual([f["difference"] for f in found], [expected] if expected else [], text)
        cut = self.findings(evaluated(target="3", achieved="2", rate="66,66", cumulative="152", share="38"))
        self.assertEqual([(f["difference"], f["severity"]) for f in cut if f.get("column") == "rate"], [("truncation", "note")])

    def test_lower_is_better_turns_the_rate_round(self):
        plan = evaluated(target="80", achieved="100", rate="80", cumulative="250", share="-")
        plan.set("indicators", dict(indicator="i11"), polarity="lower")
        self.assertNotIn("rate-differs", self.rules(plan))

    def test_other_derived_fields_are_compared_with_the_model(self):
        """E.81: accumulated = achieved to 2021 + achieved 2022; a field that the package derives."""
        plan = evaluated()
        plan.pagu["fields"] = [dict(id="unit_cost", expr="budget / target")]
        plan.add("printed", cell("E", 3, "accumulated", "i11", "accumulated", "common", "2022", "130"),
                 cell("L", 1, "cost", "1.1", "unit_cost", text="10.000"))
        self.assertEqual(self.rules(plan), [])
        plan.set("printed", dict(column="accumulated"), text="131").set("printed", dict(column="cost"), text="12.000")
        self.assertEqual([(f["column"], f["rule"]) for f in self.findings(plan)],
                         [("cost", "rate-differs"), ("accumulated", "rate-differs")])

    # ---- suppressions ----

    def test_a_suppressed_finding_is_left_out_and_told_with_its_reason_on_request(self):
        plan = suppressed(reason="disetujui Bappeda")
        self.assertNotIn("printed-differs", self.rules(plan))
        out = self.run_check(plan, "--all")
        found = [f for f in out["findings"] if f["rule"] == "printed-differs"]
        self.assertEqual([f["suppressed"] for f in found], ["disetujui Bappeda"])
        self.assertEqual(out["counts"]["suppressed"], 1)

    def test_a_suppression_without_a_reason_suppresses_nothing(self):
        self.assertIn("printed-differs", self.rules(suppressed(reason="")))

    def test_a_suppression_can_name_one_cell(self):
        here = dict(table="T", row=ROWS["1.2"], column="pagu", reason="x")
        plan = Plan().printed("1.2", "250.000").add("suppressions", dict(rule="printed-differs", **here))
        self.assertNotIn("printed-differs", self.rules(plan))
        plan.set("suppressions", {}, row=ROWS["1.1"])
        self.assertIn("printed-differs", self.rules(plan))


class Suppressing(Case):
    def test_a_suppression_is_written_and_holds(self):
        plan = Path(self.folder.name, "renja")
        shutil.copytree("examples/renja-tarakan-2024", plan, dirs_exist_ok=True)

        def run(*args, code=0):
            done = subprocess.run([PAGU, "check", plan, "--lang", "en", *args], capture_output=True, text=True)
            self.assertEqual(done.returncode, code, done.stderr)
            return done

        before = json.loads(run("--json", code=1).stdout)["findings"]
        run("--suppress", "footing", "--at", "T7:30:pagu", "--reason", "baris tercetak di lampiran")
        after = json.loads(run("--json", code=1).stdout)
        self.assertEqual([f for f in before if f["rule"] != "footing"], after["findings"])
        told = json.loads(run("--json", "--all", code=1).stdout)["findings"]
        self.assertEqual([f.get("suppressed") for f in told if f["rule"] == "footing"], ["baris tercetak di lampiran"])
        self.assertIn("--reason", run("--suppress", "footing", code=2).stderr)
        self.assertIn("is no row", run("--suppress", "footing", "--at", "T7:x", "--reason", "y", code=2).stderr)
        self.assertIn("did you mean footing", run("--suppress", "foting", "--reason", "y", code=3).stderr)


class ReviewNotes(Case):
    """Faults that a regional planning office wrote down on nine Renja (facts, section 2)."""

    def test_two_programs_and_a_total_that_is_not_theirs(self):
        plan = Rules.lines([806441230, 370077000], 1169190750)
        f = self.only(plan, "footing")
        self.assertEqual((f["printed"], f["computed"]), ("1.169.190.750", "1.176.518.230"))
        self.assertIn("(gap -7.327.480)", f["message"])
        self.assertNotIn("lines", f)

    def test_23_sub_kegiatan_in_one_chapter_and_19_in_the_next(self):
        plan = Rules.lines([1000 + i for i in range(23)], sum(1000 + i for i in range(23)))
        plan.add("tables", dict(table="IV", title="BAB IV", stage="final", levels="sub", scope="all", locale="id"))
        plan.add("printed", *[cell("IV", i, "pagu", f"1.{i}", "budget", text=money(999 + i)) for i in range(1, 20)])
        plan.add("printed", cell("L", 1, "value", ".", "", "", "", "19 sub kegiatan", "count(sub)"))
        found = self.findings(plan)
        self.assertEqual([f["key"] for f in found if f["rule"] == "row-missing"], ["1.20", "1.21", "1.22", "1.23"])
        self.assertEqual([f["computed"] for f in found if f["rule"] == "count-differs"], ["23"])

    def test_the_wrong_year_in_the_header_of_the_forward_estimate(self):
        plan = Plan().set("tables", dict(table="T"), title="Rencana Tahun 2024 dan Prakiraan Maju Tahun 2023")
        self.assertIn("2023", self.only(plan, "title-year")["message"])

    def test_the_total_equals_the_rpjmd_and_the_split_does_not(self):
        plan = Plan().add("amounts", dict(node="1.1", stage="renstra", period="2024", budget=150000),
                          dict(node="1.2", stage="renstra", period="2024", budget=250000),
                          dict(node="2.1", stage="renstra", period="2024", budget=200000))
        self.assertEqual(self.only(plan, "split-differs")["key"], "/")

    def test_need_above_the_draft_without_explanation(self):
        f = self.only(side_by_side(90000, 100000), "increase-unexplained")
        self.assertEqual((f["computed"], f["printed"]), ("90.000", "100.000"))

    def test_only_money_was_evaluated(self):
        self.assertEqual(self.only(spent(50), "spent-without-achievement")["key"], "/")

    def test_the_estimate_up_to_the_running_year_is_empty(self):
        f = self.only(evaluated(cumulative="", share=""), "rate-missing")
        self.assertEqual((f["column"], f["computed"]), ("cumulative", "230"))

    def test_causes_per_program_are_missing(self):
        self.assertEqual(self.only(below(9, 9).drop("texts"), "cause-missing")["key"], "1")


class Limits(Case):
    def many(self, n):
        values = [1000 + i % 977 for i in range(n)]
        return Rules.lines(values, sum(values) + 1).json()

    def test_a_hundred_thousand_printed_cells_take_linear_time(self):
        times = []
        for n in (10000, 100000):
            text, start = self.many(n), time.monotonic()
            found = self.findings(text, "--rule", "footing", seconds=120)
            times.append(time.monotonic() - start)
            self.assertEqual(len(found), 1)
        self.assertLess(times[1], 30 * max(times[0], 0.2), times)

    def test_a_gap_that_no_small_set_explains_ends_soon(self):
        rng = random.Random(3)
        values = [rng.randrange(10**9, 10**10) * 2 for _ in range(3000)]
        start = time.monotonic()
        f = self.only(Rules.lines(values, sum(values) - (sum(values[:1500]) | 1)), "footing")
        self.assertNotIn("lines", f)
        self.assertLess(time.monotonic() - start, 30)

    def test_hostile_text_stays_text(self):
        plan = Plan().printed("1.1", "\x1b[31m=cmd()<script>").set("nodes", dict(node="1.1"), name='a"b\nc')
        found = self.findings(plan)
        self.assertIn("printed-unreadable", [f["rule"] for f in found])
        text = subprocess.run([PAGU, "check", Path(self.folder.name, "rencana.json")], capture_output=True, text=True)
        self.assertNotIn("\x1b", text.stdout)

    def test_amounts_at_the_end_of_64_bits(self):
        plan = Plan().printed(".", "9.223.372.036.854.775.807").printed("2", "9.223.372.036.854.775.807")
        plan.printed("2.1", "9.223.372.036.854.775.807").printed("1", "-9.223.372.036.854.775.807")
        self.assertIn("printed-differs", self.rules(plan))


class Formats(Case):
    def test_the_page_of_rules_is_in_step(self):
        done = subprocess.run([sys.executable, "tools/check_docs.py", "--check"], capture_output=True, text=True,
                              env={**os.environ, "PAGU": os.path.abspath(PAGU)})
        self.assertEqual((done.returncode, done.stdout), (0, ""), done.stderr)

    def test_sarif_points_at_the_files_of_the_package(self):
        done = subprocess.run([PAGU, "check", "examples/renja-tarakan-2024", "--format", "sarif", "--lang", "en"],
                              capture_output=True, text=True)
        self.assertEqual(done.returncode, 1, done.stderr)
        run = json.loads(done.stdout)["runs"][0]
        rules = run["tool"]["driver"]["rules"]
        for result in run["results"]:
            self.assertEqual(rules[result["ruleIndex"]]["id"], result["ruleId"])
            self.assertIn(result["level"], ("note", "warning", "error"))
        gap = next(r for r in run["results"] if r["ruleId"] == "footing")
        place = gap["locations"][0]["physicalLocation"]
        self.assertEqual(place["artifactLocation"]["uri"], "examples/renja-tarakan-2024/printed.csv")
        line = Path(place["artifactLocation"]["uri"]).read_text(encoding="utf-8").splitlines()[place["region"]["startLine"] - 1]
        self.assertTrue(line.startswith("T7,30,pagu,1.06.04.2.01,"), line)

    def test_places_in_json_are_cells_of_the_package(self):
        lines = Path("examples/renja-tarakan-2024/printed.csv").read_text(encoding="utf-8").splitlines()
        done = subprocess.run([PAGU, "check", "examples/renja-tarakan-2024", "--json"], capture_output=True, text=True)
        found = [f for f in json.loads(done.stdout)["findings"] if f.get("file") == "printed.csv"]
        self.assertGreater(len(found), 200)
        for f in found:
            start = f"{f['table']},{f['row']},{f['column']}," if "row" in f else f"{f['table']},"
            self.assertTrue(lines[f["line"] - 1].startswith(start), (f, lines[f["line"] - 1]))

    def test_text_is_grouped_by_table_and_summed_up(self):
        done = subprocess.run([PAGU, "check", "examples/renja-tarakan-2024", "--lang", "en", "--width", "80"],
                              capture_output=True, text=True)
        heads = [line.split("  ")[0] for line in done.stdout.splitlines() if line[:1] == "T" and line[1:2].isdigit()]
        self.assertEqual(heads, ["T1", "T2", "T3", "T4", "T5", "T6", "T7", "T8"])
        self.assertRegex(done.stdout, r"\n\d+ findings: 0 errors, \d+ warnings, \d+ notes\n")
        self.assertLessEqual(max(len(line) for line in done.stdout.splitlines() if line.startswith("      ")), 90)

    def test_a_rule_is_explained_and_a_misspelt_one_gets_its_neighbour(self):
        done = subprocess.run([PAGU, "check", "--explain", "footing", "--lang", "en"], capture_output=True, text=True)
        self.assertEqual(done.returncode, 0)
        for word in ("footing (warning)", "Checks:", "Why:", "Mending:", "Source: Permendagri 86/2017"):
            self.assertIn(word, done.stdout)
        done = subprocess.run([PAGU, "check", "--explain", "footng", "--lang", "en"], capture_output=True, text=True)
        self.assertEqual((done.returncode, done.stdout), (2, ""))
        self.assertIn('no rule "footng"; did you mean footing?', done.stderr)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
