#!/usr/bin/env python3
"""Allocations against a second computation: small ones by trying every one, larger ones by CBC run by itself.

    PAGU=build/pagu python3 tests/model/test_optimise.py [CASES] [SEED]

Small: the gain is that of the best of all allocations, of those the money moved is the least; where there is
none, the rules named contradict, no rule of the set can be spared, and what each would have to give is the least
that helps. Larger: the same program as an LP file for the command cbc, if it is there.

SPDX-License-Identifier: MIT
"""

import itertools
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

REPO = Path(__file__).resolve().parents[2]
PAGU = os.path.abspath(os.environ.get("PAGU", REPO / "build" / "pagu"))
CASES = int(sys.argv.pop(1)) if len(sys.argv) > 1 and sys.argv[1].isdigit() else 120
SEED = int(sys.argv.pop(1)) if len(sys.argv) > 1 and sys.argv[1].isdigit() else 1
LARGE = 12
MOST = 15

SCRIPT = """
local function list(t)
  local out = {}
  for row in t:each() do out[#out + 1] = row.rule .. "=" .. tostring(row.relax) end
  return table.concat(out, ";")
end
for i, case in ipairs(require "cases") do
  local s = plan:branch(tostring(i))
  s:set(case.money)
  for _, c in ipairs(case.constraints) do
    local how = { at = c.at, name = c.name, amount = c.amount, total = c.total }
    if c.kind == "hold" then s:hold(how) elseif c.kind == "floor" then s:floor(how) else s:ceiling(how) end
  end
  local ok, r = pcall(s.optimise, s, case.call)
  if ok then
    local out = {}
    for _, key in ipairs(case.lines) do out[#out + 1] = tostring(s:get(key)) end
    print(r.status, r.gain_text, table.concat(out, ","))
  elseif r.code == "unreachable" then
    print("conflict", "", list(r.conflict))
  else
    print("error", r.code, tostring(r))
  end
end
"""


def lua(x):
    if isinstance(x, dict):
        return "{" + ",".join(f"[{json.dumps(k)}]={lua(v)}" for k, v in x.items() if v is not None) + "}"
    if isinstance(x, list):
        return "{" + ",".join(map(lua, x)) + "}"
    return json.dumps(x)


def package(lines):
    table = lambda name, data: {"name": name, "data": data}
    programs = sorted({line.split(".")[0] for line in lines})
    return {
        "name": "acak", "pagu": {"format": 1, "year": 2024, "years": [2022, 2026]},
        "resources": [
            table("stages", [["stage", "name", "kind", "role", "rank"], ["common", "Umum", "common", "", 0],
                             ["final", "Renja", "plan", "", 1]]),
            table("levels", [["tree", "level", "rank", "name"], ["main", "plan", 0, "Rencana"],
                             ["main", "program", 1, "Program"], ["main", "item", 2, "Rincian"]]),
            table("nodes", [["node", "level", "name"], [".", "plan", "Semua"], *([p, "program", p] for p in programs),
                            *([line, "item", line] for line in lines)]),
            table("amounts", [["node", "stage", "period", "budget"], *([line, "final", 2024, 1] for line in lines)]),
        ],
    }


class Case:
    """Rules by name: (kind, lines or coefficients, low, high); the bounds of lines are the first two."""

    def __init__(self, rng, lines, amount, unit=1, packages=0):
        self.rng, self.lines, self.unit = rng, lines, unit
        self.packages = [{"at": lines[-1], "cost": rng.randrange(1, 5), "gain": rng.randrange(10), "max": rng.randrange(1, 4)}
                         for _ in range(packages)]
        self.money = {k: amount() for k in lines}
        self.gain = {k: rng.randrange(-2, 9) for k in lines}
        self.floor = {k: amount() // 4 for k in lines} if rng.random() < 0.3 else {k: 0 for k in lines}
        self.cap = {k: amount() * 2 for k in lines} if rng.random() < 0.5 else dict(self.money)
        self.rules = {}
        self.constraints, self.subject_to = [], []
        places = ["/"] + sorted({k.split(".")[0] for k in lines}) + lines
        for i in range(rng.randrange(4)):
            self.constrain(f"k{i}", rng.choice(places), amount)
        for i in range(rng.randrange(3)):
            self.require(f"s{i}", rng.choice(places), amount)
        self.total = sum(amount() for _ in lines) if rng.random() < 0.8 else None
        self.exactly = rng.random() < 0.4
        if self.total is not None:
            self.rules["the total"] = ({k: 1 for k in lines}, self.total if self.exactly else None, self.total)

    def below(self, place):
        return [k for k in self.lines if place in ("/", k, k.split(".")[0])]

    def constrain(self, name, at, amount):
        kind, below = self.rng.choice(("hold", "hold", "total", "floor", "ceiling")), self.below(at)
        now, limit = sum(self.money[k] for k in below), sum(amount() for _ in below)
        self.constraints.append({"kind": "hold" if kind == "total" else kind, "at": at, "name": name, "amount": limit,
                                 "total": kind == "total" or None})
        if kind in ("hold", "total"):
            del self.constraints[-1]["amount"]
        if kind == "hold":
            self.rules[name] = "hold", below
        else:
            self.rules[name] = ({k: 1 for k in below}, limit if kind == "floor" else now if kind == "total" else None,
                                limit if kind == "ceiling" else now if kind == "total" else None)

    def require(self, name, at, amount):
        least, most = amount(), None
        if self.rng.random() < 0.5:
            coefficients = {k: 1 for k in self.below(at)}
            row = {"name": name, "at": at}
        else:
            coefficients = {k: self.rng.randrange(-2, 4) for k in self.lines}
            row = {"name": name, "coefficients": coefficients}
        if self.rng.random() < 0.5:
            least, most = None, least
        self.subject_to.append({**row, "min": least, "max": most})
        self.rules[name] = coefficients, least, most

    def lua(self):
        call = {"maximise": self.gain, "floor": self.floor, "cap": self.cap, "total": self.total, "exactly": self.exactly,
                "subject_to": self.subject_to, "unit": self.unit, "prices": False, "packages": self.packages}
        money = [[k, "budget", 2024, v] for k, v in self.money.items()]
        return lua({"money": money, "constraints": self.constraints, "call": call, "lines": self.lines})

    # ---- what an allocation breaks, by rule ----

    def breaches(self, x):
        out = {}
        for name, rule in self.rules.items():
            if rule[0] == "hold":
                out[name] = sum(abs(x[k] - self.money[k]) for k in rule[1])
                continue
            value = sum(c * x[k] for k, c in rule[0].items())
            out[name] = max(0, (rule[1] if rule[1] is not None else value) - value,
                            value - (rule[2] if rule[2] is not None else value))
        held = {k for rule in self.rules.values() if rule[0] == "hold" for k in rule[1]}
        out["floors of lines"] = sum(max(0, self.floor[k] - x[k]) for k in self.lines if k not in held)
        out["caps of lines"] = sum(max(0, x[k] - self.cap[k]) for k in self.lines if k not in held)
        return out

    def gains(self, x):
        return sum(self.gain[k] * x[k] for k in self.lines)

    def bought(self):
        """Counts of the packages, what they cost and gain together."""
        for counts in itertools.product(*(range(p["max"] + 1) for p in self.packages)):
            yield tuple(sum(n * p[what] for n, p in zip(counts, self.packages)) for what in ("cost", "gain"))

    def moved(self, x):
        return sum(abs(x[k] - self.money[k]) for k in self.lines)


class Small(unittest.TestCase):
    """All allocations with amounts up to more than any rule asks for."""

    def check(self, case, status, gain, answer):
        tried = []
        for values in itertools.product(range(MOST), repeat=len(case.lines)):
            x = dict(zip(case.lines, values))
            tried.append((case.breaches(x), x))
        kept = [x for broken, x in tried if not any(broken.values())]
        self.assertEqual(status, "optimal" if kept else "conflict", answer)
        if kept:
            best = max(map(case.gains, kept))
            x = dict(zip(case.lines, map(int, answer.split(","))))
            self.assertIn(x, kept)
            self.assertEqual((case.gains(x), int(gain)), (best, best))
            self.assertEqual(case.moved(x), min(case.moved(y) for y in kept if case.gains(y) == best))
            return True
        named = dict(part.rsplit("=", 1) for part in answer.split(";"))
        possible = lambda rules: any(not any(broken[r] for r in rules) for broken, _ in tried)
        self.assertFalse(possible(named), f"the rules {named} don't contradict")
        for rule in named:
            self.assertTrue(possible(set(named) - {rule}), f"{rule} of {named} can be spared")
        all_rules = set(tried[0][0])
        for rule, relax in named.items():
            whole = [b[rule] for b, _ in tried if not any(b[r] for r in all_rules - {rule})]
            alone = [b[rule] for b, _ in tried if not any(b[r] for r in set(named) - {rule})]
            self.assertEqual(int(relax), min(whole or alone), f"{rule} of {named}")
        return False

    def test_with_packages_too(self):
        rng, lines, solved = random.Random(SEED + 2), ["1.01", "1.02", "2.01"], 0
        cases = [Case(rng, lines, lambda: rng.randrange(5), packages=rng.randrange(1, 3)) for _ in range(CASES)]
        for case, line in zip(cases, run(lines, cases)):
            status, gain, answer = line.split("\t")
            best = None
            for values in itertools.product(range(MOST), repeat=2):
                for cost, value in case.bought():
                    x = dict(zip(lines, (*values, cost)))
                    if not any(case.breaches(x).values()):
                        got = value + sum(case.gain[k] * x[k] for k in lines[:2])
                        best = got if best is None else max(best, got)
            self.assertEqual(status, "conflict" if best is None else "optimal", line)
            if best is not None:
                self.assertEqual(int(gain), best, line)
                self.assertFalse(any(case.breaches(dict(zip(lines, map(int, answer.split(","))))).values()), line)
                solved += 1
        self.assertGreater(solved, CASES // 6)

    def test_small_allocations_are_the_best_of_all(self):
        rng, lines = random.Random(SEED), ["1.01", "1.02", "2.01"]
        cases = [Case(rng, lines, lambda: rng.randrange(5)) for _ in range(CASES)]
        done = [self.check(case, *line.split("\t")) for case, line in zip(cases, run(lines, cases))]
        self.assertGreater(sum(done), CASES // 5, "enough have an answer")
        self.assertGreater(len(done) - sum(done), CASES // 10, "enough have none")


@unittest.skipUnless(shutil.which("cbc"), "the command cbc is not installed")
class Large(unittest.TestCase):
    def lp(self, case):
        name = lambda k: "x" + k.replace(".", "_")
        sums = lambda c: " ".join(f"{v * case.unit:+d} {name(k)}" for k, v in c.items()) or "0 x0"
        rows, held = [], set()
        for rule in case.rules.values():
            if rule[0] == "hold":
                held |= set(rule[1])
        for i, rule in enumerate(r for r in case.rules.values() if r[0] != "hold"):
            fixed = sum(c * case.money[k] for k, c in rule[0].items() if k in held)
            free = {k: c for k, c in rule[0].items() if k not in held}
            for j, (sign, bound) in enumerate(((">=", rule[1]), ("<=", rule[2]))):
                if bound is not None:
                    rows.append(f"r{i}_{j}: {sums(free)} {sign} {bound - fixed}")
        free = [k for k in case.lines if k not in held]
        bounds = [f"{-(-case.floor[k] // case.unit)} <= {name(k)} <= {case.cap[k] // case.unit}" for k in free]
        text = ("Maximize\nobj: " + sums({k: case.gain[k] for k in free}) + "\nSubject To\n" + "\n".join(rows or ["r: 0 x0 >= 0"]) +
                "\nBounds\n0 <= x0 <= 0\n" + "\n".join(bounds) + "\nGenerals\n" + " ".join(map(name, free)) + "\nEnd\n")
        return text, sum(case.gain[k] * case.money[k] for k in case.lines if k in held)

    def cbc(self, case, folder):
        text, fixed = self.lp(case)
        file, answer = Path(folder, "p.lp"), Path(folder, "p.sol")
        file.write_text(text)
        subprocess.run(["cbc", str(file), "sec", "60", "ratioGap", "0", "solve", "solution", str(answer)], check=True,
                       capture_output=True, timeout=120)
        first = answer.read_text().splitlines()[0]
        if "nfeasible" in first:
            return None
        self.assertIn("Optimal", first)
        return abs(float(first.split()[-1])), fixed  # cbc writes the minimum of the negative

    def test_larger_allocations_gain_as_much_as_cbc_finds(self):
        rng = random.Random(SEED + 1)
        lines = [f"{p}.{i:02}" for p in range(1, 6) for i in range(1, 13)]
        cases = [Case(rng, lines, lambda: rng.randrange(10**9) // 1000 * 1000, 1000) for _ in range(LARGE)]
        for case in cases:
            case.gain = {k: 1 + v % 8 for k, v in case.gain.items()}  # no sign to guess
        with tempfile.TemporaryDirectory() as folder:
            solved = 0
            for case, line in zip(cases, run(lines, cases)):
                status, gain, answer = line.split("\t")
                wanted = self.cbc(case, folder)
                self.assertEqual(status == "conflict", wanted is None, line)
                if wanted:
                    value, fixed = wanted
                    self.assertAlmostEqual(int(gain), value + fixed, delta=1e-8 * value + 1)
                    x = dict(zip(lines, map(int, answer.split(","))))
                    self.assertFalse(any(case.breaches(x).values()), case.breaches(x))
                    self.assertEqual(case.gains(x), int(gain))
                    solved += 1
        self.assertGreater(solved, LARGE // 6)


def run(lines, cases):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder)
        (path / "plan.json").write_text(json.dumps(package(lines)), encoding="utf-8")
        (path / "cases.lua").write_text("return {\n" + ",\n".join(c.lua() for c in cases) + "}\n", encoding="utf-8")
        (path / "run.lua").write_text(SCRIPT, encoding="utf-8")
        done = subprocess.run([PAGU, "run", "--trust", "run.lua", "--plan", "plan.json"], cwd=folder, text=True, timeout=500,
                              encoding="utf-8", capture_output=True, env={**os.environ, "PAGU_LANG": "en"})
    if done.returncode != 0:
        raise AssertionError(done.stderr[-3000:])
    out = done.stdout.splitlines()
    assert len(out) == len(cases), done.stdout[-500:]
    return out


if __name__ == "__main__":
    unittest.main()
