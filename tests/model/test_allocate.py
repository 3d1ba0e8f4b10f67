#!/usr/bin/env python3
"""Spreads between margins, fits by least harm and targets that follow a cut, against a reference in
Python: fractions, a maximum flow by augmenting paths, no code in common with the engine.

    PAGU=build/pagu python3 tests/model/test_allocate.py
    PAGU_CASES=2000 …   more cases;  PAGU_SEED=17 …   one case

Each case is a random plan with programs, lines of several funds, targets of lines and of programs, and
one operation. What the program answers, every amount, and the gap it names must be right.

SPDX-License-Identifier: MIT
"""

import json
import math
import os
import pathlib
import random
import subprocess
import tempfile
import unittest
from fractions import Fraction

ROOT = pathlib.Path(__file__).resolve().parents[2]
PAGU = os.path.abspath(os.environ.get("PAGU", ROOT / "build" / "pagu"))
CASES = int(os.environ.get("PAGU_CASES", 400))
SEED = os.environ.get("PAGU_SEED")
FUNDS = ("apbd", "dak", "bos", "hibah")

DRIVER = """
local pagu = require "pagu"
local cases = require "cases"
pagu.lang "en"
local function values(s)
  local out = {}
  for node in s:lines():each() do
    local value = s:get(node, "budget", 2024)
    out[#out + 1] = node.key .. "=" .. (value == nil and "." or ("%d"):format(value))
  end
  return table.concat(out, " ")
end
for _, case in ipairs(cases) do
  local plan <close> = assert(pagu.read_json(case.plan))
  local s = plan:branch "uji"
  local before = s:hash()
  local extra = "-"
  local ok, err = pcall(function()
    local done, proposals = s[case.verb](s, case.args)
    if proposals then
      local list = {}
      for row in proposals:each() do list[#list + 1] = ("%s=%.10g"):format(row.key, row.proposed) end
      extra = table.concat(list, " ")
    end
  end)
  print(ok and "ok" or err.code or tostring(err), ok and extra or (tostring(err):gsub("[\\t\\n]", " ")), values(s))
  if ok and #s:journal() > 0 then s:undo() end
  assert(s:hash() == before, "undo or a refusal left something")
end
"""


def lua(x):
    if isinstance(x, dict):
        return "{" + ",".join(f"[{json.dumps(k)}]={lua(v)}" for k, v in x.items()) + "}"
    if isinstance(x, (list, tuple)):
        return "{" + ",".join(map(lua, x)) + "}"
    if isinstance(x, bool):
        return "true" if x else "false"
    return json.dumps(x)


class Case:
    def __init__(self, seed):
        r = self.r = random.Random(seed)
        self.seed = seed
        self.lines, self.fund, self.target, self.program_target = {}, {}, {}, {}
        scale = r.choice((20, 1000, 10**9))
        for p in range(1, r.randrange(2, 6)):
            program = f"{p:02}"
            if r.random() < 0.4:
                self.program_target[program] = r.choice((0, r.randrange(1, 400)))
            for i in range(1, r.randrange(2, 7)):
                key = f"{program}.{i:02}"
                self.lines[key] = r.choice((None, 0, r.randrange(scale), r.randrange(scale), r.randrange(scale)))
                self.fund[key] = r.choice(FUNDS + (None,) * (r.random() < 0.3))
                if r.random() < 0.6:
                    self.target[key] = r.choice((0, 1, r.randrange(1, 300), r.randrange(1, 300)))
        self.unit = r.choice((1, 1, 1000))
        self.verb = r.choice(("spread", "fit", "cut"))
        getattr(self, "make_" + self.verb)()

    def value(self, key):
        return self.lines[key] or 0

    def program(self, program):
        return sum(self.value(k) for k in self.lines if k.startswith(program + "."))

    # ---- margins ----

    def make_spread(self):
        r = self.r
        rows, columns = {}, {}
        named = [f for f in FUNDS if r.random() < 0.8 and f in self.fund.values()]
        programs = sorted({k.split(".")[0] for k in self.lines})
        chosen = [p for p in programs if r.random() < 0.85] or programs[:1]
        named = named or [f for f in self.fund.values() if f][:1]
        if not named:
            return self.make_cut()
        real = {}
        for key in self.lines:  # amounts that some margins have
            free = key.split(".")[0] in chosen and self.fund[key] in named
            real[key] = self.value(key) if not free or not self.value(key) else r.randrange(2 * self.value(key) + 2)
        for key, x in real.items():
            p, f = key.split(".")[0], self.fund[key]
            if p in chosen:
                rows[p] = rows.get(p, 0) + x
                if f in named:
                    columns[f] = columns.get(f, 0) + x
        for f in named:
            columns.setdefault(f, 0)
        if r.random() < 0.3 and len(rows) > 1:  # perhaps not to be met
            a, b = r.sample(sorted(rows), 2)
            moved = r.randrange(rows[a] + 1)
            rows[a] -= moved
            rows[b] += moved
        self.rows, self.columns, self.free = rows, columns, [
            k for k in self.lines if k.split(".")[0] in rows and self.fund[k] in named and self.value(k) > 0]
        self.verb, self.args = "spread", {"rows": rows, "columns": {"tree": "fund", "totals": columns}, "unit": self.unit}

    def check_spread(self, test, answer, extra, new):
        rest_rows, rest_columns = dict(self.rows), dict(self.columns)
        for key in self.lines:
            if key not in self.free:
                p, f = key.split(".")[0], self.fund[key]
                if p in rest_rows:
                    rest_rows[p] -= self.value(key)
                if p in self.rows and f in rest_columns:
                    rest_columns[f] -= self.value(key)
        if min(list(rest_rows.values()) + list(rest_columns.values())) < 0:
            return test.assertEqual(answer, "unreachable", self.seed)
        if sum(rest_rows.values()) != sum(rest_columns.values()):
            return test.assertEqual(answer, "argument", self.seed)
        gap = sum(rest_rows.values()) - self.flow(rest_rows, rest_columns)
        if gap:
            test.assertEqual(answer, "unreachable", self.seed)
            return test.assertIn(f": {gap:,} short", extra, self.seed)
        test.assertEqual(answer, "ok", f"{self.seed}: {extra}")
        for p, total in self.rows.items():
            test.assertEqual(sum(new[k] or 0 for k in new if k.startswith(p + ".")), total, self.seed)
        for f, total in self.columns.items():
            got = sum(new[k] or 0 for k in new if self.fund[k] == f and k.split(".")[0] in self.rows)
            test.assertEqual(got, total, self.seed)
        for key in self.lines:
            if key not in self.free:
                test.assertEqual(new[key], self.lines[key], f"{self.seed}: {key}")
            else:
                test.assertGreaterEqual(new[key], 0)
        self.check_near(test, new, rest_rows, rest_columns)

    def flow(self, rows, columns):
        """What can be sent from rows to columns over the free lines; any amount fits a line."""
        rows, columns, sent, total = dict(rows), dict(columns), {k: 0 for k in self.free}, 0
        while True:
            seen, queue, found = {("r", p): None for p in rows if rows[p] > 0}, [("r", p) for p in rows if rows[p] > 0], None
            while queue and not found:
                kind, at = node = queue.pop(0)
                if kind == "c" and columns[at] > 0:
                    found = node
                    break
                for key in self.free:
                    p, f = key.split(".")[0], self.fund[key]
                    to = ("c", f) if kind == "r" and p == at else ("r", p) if kind == "c" and f == at and sent[key] else None
                    if to and to not in seen:
                        seen[to] = (node, key)
                        queue.append(to)
            if not found:
                return total
            path, at = [], found
            while seen[at]:
                path.append((seen[at][1], at[0] == "c"))
                at = seen[at][0]
            amount = min([rows[at[1]], columns[found[1]]] + [sent[k] for k, up in path if not up])
            for key, up in path:
                sent[key] += amount if up else -amount
            rows[at[1]] -= amount
            columns[found[1]] -= amount
            total += amount

    def check_near(self, test, new, rows, columns):
        """Where fitting converges, each line is within a unit of its share: no totals leave less room."""
        x = {k: float(self.value(k)) for k in self.free}
        for _ in range(2000):
            for of, totals in ((lambda k: k.split(".")[0], rows), (lambda k: self.fund[k], columns)):
                sums = dict.fromkeys(totals, 0.0)
                for k in x:
                    sums[of(k)] += x[k]
                for k in x:
                    x[k] *= totals[of(k)] / sums[of(k)] if sums[of(k)] else 1
        sums = dict.fromkeys(rows, 0.0)
        for k in x:
            sums[k.split(".")[0]] += x[k]
        if all(self.lines[k] == new[k] for k in self.lines) or any(abs(sums[p] - rows[p]) > 1e-3 for p in rows):
            return
        whole = all(t % self.unit == 0 for t in list(rows.values()) + list(columns.values()))
        for k in x:
            test.assertLessEqual(abs(new[k] - x[k]), self.unit + 1e-3 + 1e-9 * x[k], f"{self.seed}: {k}")
            if whole:
                test.assertEqual(new[k] % self.unit, 0, f"{self.seed}: {k}")

    # ---- least harm ----

    def make_fit(self):
        r = self.r
        now = sum(map(self.value, self.lines))
        self.total = r.randrange(now + now // 2 + 2)
        self.floor = r.choice((0, 0, r.randrange(10)))
        self.weights = {k: r.choice((0, 1, 2, 0.5)) for k in list(self.program_target) + list(self.target) if r.random() < 0.3}
        self.cap = r.choice((None, now))
        self.args = {"total": self.total, "method": "least_harm", "unit": self.unit, "weights": self.weights}
        if self.floor:
            self.args["floor"] = self.floor
        if self.cap is not None:
            self.args["cap"] = self.cap

    def rate(self, key):
        for at in (key, key.split(".")[0]):
            targets, money = (self.target, self.value(at)) if "." in at else (self.program_target, self.program(at))
            if targets.get(at, 0) > 0 and money > 0:
                weight = self.weights.get(at, self.weights.get(at.split(".")[0], 1))
                return Fraction(weight) * targets[at] / money
        return Fraction(0)

    def check_fit(self, test, answer, extra, new):
        lo = {k: self.floor if v is not None else 0 for k, v in self.lines.items()}
        hi = {k: math.inf if self.cap is None else self.cap for k in self.lines}
        if any(lo[k] > hi[k] for k in lo):
            return test.assertEqual(answer, "argument", self.seed)
        x = {k: min(max(self.value(k), lo[k]), hi[k]) for k in self.lines}
        if not sum(lo.values()) <= self.total <= sum(hi.values()):
            return test.assertEqual(answer, "unreachable", self.seed)
        test.assertEqual(answer, "ok", f"{self.seed}: {extra}")
        need = sum(x.values()) - self.total
        keys = sorted(self.lines)
        order = sorted(keys, key=lambda k: self.rate(k) if need > 0 else -self.rate(k))
        for unit in (self.unit, 1):
            for k in order:
                room = x[k] - lo[k] if need > 0 else hi[k] - x[k]
                step = min(room, abs(need))
                if step < abs(need):
                    step -= step % unit
                x[k] += -step if need > 0 else step
                need += -step if need > 0 else step
        for k in keys:
            test.assertEqual(new[k] or 0, x[k], f"{self.seed}: {k}")

    # ---- targets that follow ----

    def make_cut(self):
        self.verb = "cut"
        self.percent = self.r.randrange(1, 100)
        self.args = {"percent": self.percent, "targets": "propose"}

    def check_cut(self, test, answer, extra, new):
        now = sum(map(self.value, self.lines))
        total = Fraction(now * (100 - self.percent), 100)
        total = math.floor(total + Fraction(1, 2))
        if now == 0:
            return test.assertEqual(answer, "ok", self.seed)
        test.assertEqual(answer, "ok", f"{self.seed}: {extra}")
        shares = {k: Fraction(self.value(k) * total, now) for k in self.lines}
        x = {k: math.floor(q) for k, q in shares.items()}
        for k in sorted(x, key=lambda k: (x[k] - shares[k], k))[:total - sum(x.values())]:
            x[k] += 1
        self.assert_targets(test, extra, x)
        for k in x:
            test.assertEqual(new[k] or 0, x[k], f"{self.seed}: {k}")

    def assert_targets(self, test, extra, x):
        wanted = {}
        for p in sorted({k.split(".")[0] for k in self.lines}):
            below = [k for k in self.lines if k.startswith(p + ".")]
            places = [(k, self.target.get(k), self.value(k), x[k]) for k in below]
            if not any(k in self.target for k in below):
                places.append((p, self.program_target.get(p), self.program(p), sum(x[k] for k in below)))
            for key, target, old, amount in places:
                if target and old > 0 and amount != old:
                    followed = math.floor(Fraction(target * amount, old))
                    if followed != target:
                        wanted[key] = followed
        got = {} if extra in ("", "-") else {k: int(v) for k, v in (item.split("=") for item in extra.split(" "))}
        test.assertEqual(got, wanted, self.seed)

    def check(self, test, answer, extra, values):
        new = {}
        for item in values.split(" "):
            key, cell = item.split("=")
            new[key] = None if cell == "." else int(cell)
        if answer != "ok":
            test.assertEqual(new, self.lines, f"{self.seed}: a refusal changed something")
        getattr(self, "check_" + self.verb)(test, answer, extra, new)

    # ---- the package ----

    def package(self):
        programs = sorted({k.split(".")[0] for k in self.lines})
        nodes = [{"node": ".", "level": "plan", "name": "Rencana"}]
        nodes += [{"node": p, "level": "program", "name": p} for p in programs]
        nodes += [{"node": k, "level": "item", "name": k, **({"fund": self.fund[k]} if self.fund[k] else {})} for k in self.lines]
        self.r.shuffle(nodes)
        targets = {**self.target, **self.program_target}
        tables = {
            "stages": [{"stage": "common", "name": "Umum", "kind": "common", "rank": 0},
                       {"stage": "final", "name": "final", "kind": "plan", "rank": 1}],
            "levels": [{"tree": "main", "level": v, "rank": i, "name": v} for i, v in enumerate(("plan", "program", "item"))],
            "trees": [{"tree": "fund", "name": "Dana", "kind": "partition"}],
            "classes": [{"tree": "fund", "class": f, "name": f} for f in FUNDS],
            "units": [{"unit": "orang", "name": "Orang", "kind": "count"}],
            "nodes": nodes,
            "amounts": [{"node": k, "stage": "final", "period": "2024", "budget": str(v)} for k, v in self.lines.items()
                        if v is not None],
            "indicators": [{"indicator": k + "#1", "owner": k, "name": k, "unit": "orang"} for k in targets],
            "measures": [{"indicator": k + "#1", "stage": "final", "period": "2024", "field": "target", "value": str(v)}
                         for k, v in targets.items()],
        }
        schema = {"fields": [{"name": n, "type": "string"} for n in ("node", "level", "name", "fund")]}
        return json.dumps({"name": "acak", "pagu": {"format": 1, "year": 2024, "stage": "final"},
                           "resources": [{"name": n, "data": d, **({"schema": schema} if n == "nodes" else {})}
                                         for n, d in tables.items() if d]})


def run(cases):
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        (folder / "driver.lua").write_text(DRIVER)
        (folder / "cases.lua").write_text("return {" + ",\n".join(
            f"{{ plan = {json.dumps(c.package())}, verb = {json.dumps(c.verb)}, args = {lua(c.args)} }}" for c in cases) + "}\n")
        done = subprocess.run([PAGU, "run", "--trust", str(folder / "driver.lua")], capture_output=True, text=True,
                              cwd=folder, timeout=600)
    if done.returncode != 0:
        raise AssertionError(f"seeds {cases[0].seed} to {cases[-1].seed}: {done.stderr[-2000:]}")
    return [line.split("\t") for line in done.stdout.splitlines()]


class TestAllocate(unittest.TestCase):
    def test_program_and_model_agree(self):
        seeds = [int(SEED)] if SEED else range(1, CASES + 1)
        answers = set()
        for first in range(0, len(seeds), 100):
            cases = [Case(seed) for seed in seeds[first:first + 100]]
            lines = run(cases)
            self.assertEqual(len(lines), len(cases))
            for case, (answer, extra, values) in zip(cases, lines):
                case.check(self, answer, extra, values)
                answers.add((case.verb, answer))
        if not SEED:
            for wanted in (("spread", "ok"), ("spread", "unreachable"), ("fit", "ok"), ("fit", "unreachable"), ("cut", "ok")):
                self.assertIn(wanted, answers)

    @unittest.skipIf(SEED, "one case asked for")
    def test_a_wrong_value_is_noticed(self):
        noticed = 0
        cases = [Case(seed) for seed in range(1, 31)]
        for case, (answer, extra, values) in zip(cases, run(cases)):
            first, rest = (values.split(" ", 1) + [""])[:2]
            key, cell = first.split("=")
            wrong = f"{key}={1 if cell == '.' else int(cell) + 1}" + (" " + rest if rest else "")
            try:
                case.check(self, answer, extra, wrong)
            except AssertionError:
                noticed += 1
        self.assertEqual(noticed, 30)


if __name__ == "__main__":
    unittest.main()
