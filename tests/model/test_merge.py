"""Random plans and edits on two sides: the program's three-way merge against one that is worked out here.

    PAGU=build/pagu python3 tests/model/test_merge.py
    PAGU_CASES=5000 …      more cases;  PAGU_SEED=1234 …      one case, told in full

The program prints base, ours and theirs as it sees them, and what it makes of them under each policy; the merge
itself is computed here from the three, row by row and cell by cell. Each merge is one undo step.

SPDX-License-Identifier: MIT
"""

import json
import os
import pathlib
import random
import shutil
import subprocess
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
PAGU = os.path.abspath(os.environ.get("PAGU", ROOT / "build" / "pagu"))
CASES = int(os.environ.get("PAGU_CASES", 300))
SEED = os.environ.get("PAGU_SEED")
COLUMNS = (("budget", 2024), ("budget", 2025), ("spent", 2024))


# ---- cases ----

def random_plan(r):
    """Codes of three levels; lines are the deepest of each branch; some have a target."""
    nodes, lines = [], []
    for a in range(1, r.randint(2, 4)):
        nodes.append(f"{a:02}")
        for b in range(1, r.randint(2, 4)):
            nodes.append(f"{a:02}.{b:02}")
            for c in range(1, r.randint(2, 5)):
                nodes.append(f"{a:02}.{b:02}.{c:02}")
                lines.append(nodes[-1])
    amounts = []
    for key in lines:
        for field, year in COLUMNS:
            if r.random() < 0.8:
                amounts.append({"node": key, "stage": "common" if field == "spent" else "final", "period": str(year),
                                field: str(r.choice(("-", r.randrange(1000), r.randrange(1000))))})
    targets = [key for key in nodes if r.random() < 0.5]
    indicators = [{"indicator": key + "#1", "owner": key, "type": "output", "name": "Jumlah", "unit": "orang"}
                  for key in targets]
    measures = [{"indicator": key + "#1", "stage": "final", "period": "2024", "field": "target",
                 "value": str(r.randrange(100))}
                for key in targets if r.random() < 0.8]
    stages = [{"stage": "common", "name": "Umum", "kind": "common", "rank": 0},
              {"stage": "final", "name": "Renja", "kind": "plan", "rank": 1}]
    levels = [{"tree": "main", "level": f"l{i}", "rank": i, "name": f"Tingkat {i}"} for i in range(5)]
    rows = [{"node": ".", "level": "l0", "name": "Rencana"}] + [
        {"node": key, "level": f"l{key.count('.') + 1}", "name": "Baris " + key} for key in nodes]
    units = [{"unit": "orang", "name": "orang", "kind": "count"}]
    resources = {"stages": stages, "levels": levels, "units": units, "nodes": rows, "amounts": amounts,
                 "indicators": indicators, "measures": measures}
    text = json.dumps({"name": "acak", "pagu": {"format": 1, "year": 2024, "stage": "final"},
                       "resources": [{"name": name, "data": data} for name, data in resources.items()]})
    return text, nodes, lines, targets


def random_edits(r, nodes, inner, lines, targets):
    ops = []
    for _ in range(r.randrange(1, 9)):
        kind = r.random()
        if kind < 0.55:
            field, year = r.choice(COLUMNS)
            ops.append(["set", r.choice(lines), field, year, r.choice((None, "-", r.randrange(4), r.randrange(1000)))])
        elif kind < 0.65 and targets:
            ops.append(["set", r.choice(targets) + "#1", "target", 2024, r.choice((None, r.randrange(100), r.randrange(3)))])
        elif kind < 0.78:
            ops.append(["remove", r.choice(nodes)])
        elif kind < 0.93:
            under = r.choice(inner)
            ops.append(["add", under, f"{under}.9{r.randrange(2)}", r.choice(("Satu", "Dua")), r.randrange(3)])
        else:
            ops.append(["floor", r.choice((-5, -6, -7))])
    return ops


def lua(value):
    if value is None:
        return "nil"
    if isinstance(value, list):
        return "{" + ", ".join(f"[{i + 1}] = {lua(v)}" for i, v in enumerate(value)) + "}"
    return str(value) if isinstance(value, int) else "[==[" + value + "]==]"


def make_case(seed):
    r = random.Random(seed)
    plan, nodes, lines, targets = random_plan(r)
    few = lines[:3] if r.random() < 0.6 else lines  # so that both sides meet
    inner = [n for n in nodes if n not in lines]
    ours, theirs = (random_edits(r, nodes, inner, few, targets) for _ in range(2))
    return (f"{{ seed = {seed}, plan = {lua(plan)}, ours = {lua(ours)}, theirs = {lua(theirs)}, "
            f"columns = {lua([list(c) for c in COLUMNS])} }}")


# ---- the merge, worked out ----

class View:
    def __init__(self, fields):
        self.limits = dict(x.split("=") for x in fields[0].split(" ") if x)
        self.rows = {}
        for text in fields[1:]:
            if text:
                key, parent, name, kind, *cells = text.split("|")
                self.rows[key] = {"parent": parent, "name": name, "line": kind == "line", "cells": cells}

    def cell(self, key, i):
        """A money cell of a line, or the target (the last); '.' is missing."""
        row = self.rows.get(key)
        if row is None or (i < len(COLUMNS) and not row["line"]):
            return "."
        return row["cells"][i]


def column_name(key, i):
    return f"{key} {COLUMNS[i][0]} {COLUMNS[i][1]}" if i < len(COLUMNS) else f"{key}#1 target 2024"


class Merge:
    """conflicts: what is told. fails: whether some of it stays open under the policy."""

    def __init__(self, base, ours, theirs, policy):
        self.base, self.ours, self.theirs, self.policy = base, ours, theirs, policy
        self.conflicts, self.fails = [], policy == "ask"
        self.rows = {key: dict(row, cells=list(row["cells"])) for key, row in ours.rows.items()}
        self.limits = dict(ours.limits)
        self.merge_limits()
        self.add_rows()
        leaving = self.leaving_rows()
        self.set_values(leaving)
        for key in leaving:
            del self.rows[key]
        self.fails = bool(self.conflicts) and self.fails

    def impossible(self, text):
        """Can't be done here: only leaving it out settles it."""
        self.conflicts.append(text)
        self.fails |= self.policy != "ours"

    def merge_limits(self):
        b, o, t = (v.limits.get("batas") for v in (self.base, self.ours, self.theirs))
        if t == b or o == t:
            return
        if o != b:
            self.conflicts.append("batas  ")
            if self.policy != "theirs":
                return
        self.limits["batas"] = t

    def add_rows(self):
        for key, row in self.theirs.rows.items():
            if key in self.base.rows:
                continue
            mine = self.ours.rows.get(key)
            if mine:
                if mine["name"] != row["name"]:
                    self.impossible(key + "  ")
            elif row["parent"] not in self.rows:
                self.impossible(key + "  ")
            else:
                self.rows[key] = dict(row, cells=["."] * (len(COLUMNS) + 1))

    def below(self, key):
        return [k for k, row in self.rows.items() if row["parent"] == key]

    def leaving_rows(self):
        gone = [k for k in self.base.rows if k not in self.theirs.rows and k in self.rows]
        stay = set()
        for key in gone:
            for i in range(len(COLUMNS) + 1):
                o = self.ours.cell(key, i)
                if o != "." and o != self.base.cell(key, i):
                    self.conflicts.append(column_name(key, i))
                    if self.policy != "theirs":
                        stay.add(key)
        for key in gone:
            for child in self.below(key):
                if child not in gone:
                    self.impossible(child + "  ")
                    stay.add(child)
        while True:
            more = {k for k in gone if k not in stay and any(c in stay for c in self.below(k))}
            if not more:
                return [k for k in gone if k not in stay]
            stay |= more

    def set_values(self, leaving):
        for key in self.theirs.rows:
            for i in range(len(COLUMNS) + 1):
                b, t = self.base.cell(key, i), self.theirs.cell(key, i)
                if b == t:
                    continue
                if key not in self.rows:
                    self.impossible(f"{key}  " if i < len(COLUMNS) else f"{key}#1  ")
                    continue
                o = self.ours.cell(key, i)
                if o == t:
                    continue
                if o != b:
                    self.conflicts.append(column_name(key, i))
                    if self.policy != "theirs":
                        continue
                self.rows[key]["cells"][i] = t


def of_lines(rows, sums):
    """Lines' cells and all targets; money of sums is that of their lines. One that lost its lines is still a sum."""
    return {key: row["cells"][-1:] if key in sums else row["cells"] for key, row in rows.items()}


# ---- running ----

def read(lines):
    cases, case = [], None
    for line in lines:
        name, *fields = line.split("\t")
        if name == "case":
            case = {"seed": int(fields[0]), "policies": {}}
            cases.append(case)
        elif name in ("base", "ours", "theirs") and fields[0] != "conflicts":
            case[name] = View(fields)
        elif name in ("ask", "ours", "theirs"):
            last = case["policies"][name] = {"conflicts": sorted(filter(None, fields[1].split("|"))), "merged": None}
        elif name == "merged":
            last["merged"] = View(fields)
        elif name == "undone":
            last["undone"] = fields[0]
    return cases


def disagreement(case):
    for policy, got in case["policies"].items():
        want = Merge(case["base"], case["ours"], case["theirs"], policy)
        if sorted(want.conflicts) != got["conflicts"]:
            return f"{policy}: conflicts {got['conflicts']}, wanted {sorted(want.conflicts)}"
        if want.fails != (got["merged"] is None):
            return f"{policy}: {'refused' if got['merged'] is None else 'merged'}, wanted the other"
        if got["merged"] is None:
            continue
        if got["undone"] != "ok":
            return f"{policy}: undo gives {got['undone']}"
        if got["merged"].limits != want.limits:
            return f"{policy}: limits {got['merged'].limits}, wanted {want.limits}"
        sums = {row["parent"] for view in ("base", "ours", "theirs") for row in case[view].rows.values()}
        mine, theirs = of_lines(want.rows, sums), of_lines(got["merged"].rows, sums)
        if mine != theirs:
            keys = [k for k in sorted(set(mine) | set(theirs)) if mine.get(k) != theirs.get(k)]
            return f"{policy}: " + "; ".join(f"{k}: {theirs.get(k)}, wanted {mine.get(k)}" for k in keys)
    return None


class Merges(unittest.TestCase):
    def test_merges_are_those_worked_out_here(self):
        seeds = [int(SEED)] if SEED else range(CASES)
        with tempfile.TemporaryDirectory(prefix="pagu-merge-") as folder:
            folder = pathlib.Path(folder)
            shutil.copy(pathlib.Path(__file__).with_name("merge_driver.lua"), folder)
            (folder / "cases.lua").write_text("return {" + ",\n".join(map(make_case, seeds)) + "}\n")
            done = subprocess.run([PAGU, "run", "--trust", str(folder / "merge_driver.lua")], capture_output=True,
                                  text=True, cwd=folder, timeout=600, env={**os.environ, "PAGU_LANG": "en"})
        self.assertEqual(done.returncode, 0, done.stderr[-2000:])
        cases = read(done.stdout.splitlines())
        self.assertEqual(len(cases), len(seeds))
        faults = [f"seed {case['seed']}: {fault}" for case in cases if (fault := disagreement(case))]
        if SEED:
            print(done.stdout)
        self.assertEqual(faults[:5], [], f"{len(faults)} cases disagree")
        if not SEED:
            kinds = [bool(p["conflicts"]) for case in cases for p in case["policies"].values()]
            self.assertGreater(sum(kinds), len(kinds) // 10)  # both kinds are met
            self.assertGreater(len(kinds) - sum(kinds), len(kinds) // 10)


if __name__ == "__main__":
    unittest.main()
