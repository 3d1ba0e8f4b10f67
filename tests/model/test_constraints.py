#!/usr/bin/env python3
"""Rules of random packages against a model in exact fractions: which edits are refused, and how much
slack each rule has after every edit; the same from rules.csv and from s:rule, in either order."""

import json
import math
import os
import random
import subprocess
import tempfile
import unittest
from fractions import Fraction
from pathlib import Path

REPO = Path(__file__).resolve().parents[2]
PAGU = os.path.abspath(os.environ.get("PAGU", REPO / "build" / "pagu"))
SEED = int(os.environ.get("PAGU_SEED", "20240613"))

RUN = """
local s = plan:branch "uji"
{laid}
local function stand()
  local out = {{}}
  for _, name in ipairs {{ {names} }} do
    local slack, how = s:slack(name)
    out[#out + 1] = name .. "=" .. slack .. (how.holds and "" or "!")
  end
  return table.concat(out, " ")
end
print("start", stand())
for _, edit in ipairs {{ {edits} }} do
  local ok, err = pcall(s.set, s, edit[1], "budget", 2024, edit[2])
  print(ok and "ok" or err.code, stand())
end
"""


class Rule:
    def __init__(self, name, kind, at, amount, of=None):
        self.name, self.kind, self.at, self.amount, self.of = name, kind, at, amount, of

    def gaps(self, total):
        """What is missing, as exact fractions of money; at most 0 while it holds."""
        part = sum(total(k) for k in self.at)
        if self.kind == "floor":
            return self.amount - part
        if self.kind == "ceiling":
            return part - self.amount
        share = Fraction(self.amount) * sum(total(k) for k in self.of) / 100
        return share - part if self.kind == "least" else part - share

    def slack(self, total):
        gap = self.gaps(total)
        return -math.ceil(gap) if gap > 0 else math.floor(-gap)

    def row(self):
        if self.kind in ("floor", "ceiling"):
            return dict(rule=self.name, kind=self.kind, where=" ".join(self.at), amount=self.amount)
        sign = ">=" if self.kind == "least" else "<="
        return dict(rule=self.name, kind="share", where=" ".join(self.at), expr=f"{sign} {self.amount}% of {' '.join(self.of)}")

    def lua(self):
        at = "{" + ",".join(f'"{k}"' for k in self.at) + "}"
        if self.kind in ("floor", "ceiling"):
            return f's:{self.kind} {{ at = {at}, amount = {self.amount}, name = "{self.name}" }}'
        of = "{" + ",".join(f'"{k}"' for k in self.of) + "}"
        bound = "min" if self.kind == "least" else "max"
        return f's:rule {{ at = {at}, share_of = {of}, {bound} = {self.amount}, name = "{self.name}" }}'


class Case:
    def __init__(self, r):
        self.programs = [str(i + 1) for i in range(r.randint(2, 5))]
        self.money = {f"{p}.{i + 1:02}": r.choice([0, 1, r.randint(1, 99), r.randint(1, 10**9)])
                      for p in self.programs for i in range(r.randint(1, 30))}
        self.rules = []
        for i in range(r.randint(1, 5)):
            kind = r.choice(["floor", "ceiling", "least", "most"])
            at, of = self.place(r), self.place(r)
            now = sum(self.total(k) for k in at)
            if kind in ("floor", "ceiling"):
                amount = max(0, now + r.choice([0, 0, 1, -1, r.randint(-99, 99)]))
            else:
                whole = sum(self.total(k) for k in of)
                near = 100 * now // whole if whole else 50
                amount = f"{max(0, near + r.randint(-1, 1))}.{r.randint(1, 99):02}"
            self.rules.append(Rule(f"r{i}", kind, at, amount, of))
        self.edits = [(r.choice(list(self.money)), r.choice([0, 1, r.randint(0, 200), r.randint(0, 2 * 10**9)])) for _ in range(40)]

    def total(self, key):
        return sum(v for k, v in self.money.items() if k == key or key == "/" or k.startswith(key + "."))

    def place(self, r):
        kind = r.randint(0, 3)
        if kind == 0:
            return ["/"]
        if kind == 1:
            return sorted(r.sample(self.programs, r.randint(1, len(self.programs))))
        lines = sorted(self.money)
        return sorted(r.sample(lines, r.randint(1, len(lines))))

    def package(self, rules):
        nodes = [dict(node=p, level="program", name="P" + p) for p in self.programs]
        nodes += [dict(node=k, level="sub", name="S" + k) for k in self.money]
        nodes.insert(0, dict(node=".", level="plan", name="Rencana"))
        parts = {
            "stages": [dict(stage="common", name="Umum", kind="common", rank=0), dict(stage="final", name="Akhir", kind="plan", rank=1)],
            "levels": [dict(tree="main", level=k, rank=i, name=k) for i, k in enumerate(["plan", "program", "sub"])],
            "nodes": nodes,
            "amounts": [dict(node=k, stage="final", period="2024", budget=v) for k, v in self.money.items()],
        }
        if rules:
            parts["rules"] = [rule.row() for rule in rules]
        resources = []
        for name, rows in parts.items():
            columns = list(dict.fromkeys(c for row in rows for c in row))
            resources.append({"name": name, "data": [columns, *[[row.get(c) for c in columns] for row in rows]]})
        return json.dumps({"pagu": {"format": 1, "year": 2024, "years": [2020, 2025], "stage": "final"}, "resources": resources})

    def expected(self):
        money = dict(self.money)
        out = ["start\t" + self.stand()]
        for key, value in self.edits:
            before = [rule.gaps(self.total) for rule in self.rules]
            was, self.money[key] = self.money[key], value
            after = [rule.gaps(self.total) for rule in self.rules]
            ok = all(b <= 0 or b <= a for a, b in zip(before, after))
            if not ok:
                self.money[key] = was
            out.append(("ok" if ok else "rule") + "\t" + self.stand())
        self.money = money
        return out

    def stand(self):
        return " ".join(f"{r.name}={r.slack(self.total)}{'' if r.gaps(self.total) <= 0 else '!'}" for r in self.rules)


def run(case, rules, laid):
    script = RUN.format(laid="\n".join(rule.lua() for rule in laid), names=", ".join(f'"{r.name}"' for r in case.rules),
                        edits=", ".join(f'{{ "{k}", {v} }}' for k, v in case.edits))
    with tempfile.TemporaryDirectory() as folder:
        plan = Path(folder) / "plan.json"
        plan.write_text(case.package(rules))
        done = subprocess.run([PAGU, "eval", str(plan), script], capture_output=True, text=True, timeout=120)
    return done.stdout.splitlines(), done.stderr


class Constraints(unittest.TestCase):
    def test_rules_refuse_and_measure_as_the_model_does(self):
        r = random.Random(SEED)
        refused = 0
        for number in range(25):
            case = Case(r)
            wanted = case.expected()
            refused += sum(line.startswith("rule") for line in wanted)
            shuffled = r.sample(case.rules, len(case.rules))
            for what, rules, laid in (("package", case.rules, []), ("scenario", [], case.rules), ("shuffled", [], shuffled)):
                got, errors = run(case, rules, laid)
                self.assertEqual(got, wanted, f"case {number}, {what}, seed {SEED}: {errors}")
        self.assertGreater(refused, 100)


if __name__ == "__main__":
    unittest.main()
