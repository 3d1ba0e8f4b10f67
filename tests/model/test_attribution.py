"""Random edits against Shapley values that are worked out here, order by order, in fractions.

    PAGU=build/pagu python3 tests/model/test_attribution.py
    PAGU_CASES=500 …      more cases

A case is a few groups of edits of lines: sets, changes by an amount, changes by a percentage. With some groups a line
starts at what it was, and their edits act in the order of the journal: a set sets, an amount adds what it added, a
percentage multiplies as it did. The values are a sum of money, a share of the whole (a number) and its floor in
millionths (a whole number).

SPDX-License-Identifier: MIT
"""

import itertools
import json
import math
import os
import pathlib
import random
import subprocess
import unittest
from fractions import Fraction

ROOT = pathlib.Path(__file__).resolve().parents[2]
PAGU = os.path.abspath(os.environ.get("PAGU", ROOT / "build" / "pagu"))
CASES = int(os.environ.get("PAGU_CASES", 40))
PLAN = ROOT / "examples" / "renja-tarakan-2024"
TOP = "1.06.04"

LUA = """
local function metric(v) return v:get("1.06.04", "budget", 2024) * 1000000 // v:get("/", "budget", 2024) end
local function share(v) return v:get("1.06.04", "budget", 2024) / v:get("/", "budget", 2024) end
local out = {}
for _, edits in ipairs(CASES) do
  local s = plan:branch ""
  for _, e in ipairs(edits) do
    if e[2] == "set" then s:set(e[1], "budget", 2024, e[3]) end
    if e[2] == "delta" then s:spread{ at = e[1], delta = e[3] } end
    if e[2] == "percent" then s:spread{ at = e[1], percent = e[3] } end
  end
  local o = { all = true, groups = function(step) return "g" .. edits[step.number][4] end }
  local told = {}
  for k, value in ipairs{ metric, share, "/", "1.06.04" } do
    local r = pagu.attribute(plan, s, type(value) == "string" and { value, "budget", 2024 } or value, o)
    for _, part in ipairs(r.parts) do
      told[part.what] = told[part.what] or {}
      told[part.what][k] = part.part
    end
  end
  for what, p in pairs(told) do out[#out + 1] = ("%s %d %.17g %d %d"):format(what, p[1], p[2], p[3], p[4]) end
  out[#out + 1] = "-"
end
return table.concat(out, "\\n")
"""


def lines():
    code = ('local o = {}; for n in plan:lines("/"):each() do local b, mark = n.budget[2024]; '
            'if b and not mark then o[#o + 1] = n.key .. "=" .. b end end; return table.concat(o, " ")')
    done = subprocess.run([PAGU, "eval", str(PLAN), code], capture_output=True, text=True, check=True)
    return {k: int(v) for k, v in (x.split("=") for x in done.stdout.split())}


def half_away(x):
    return int(x + Fraction(1, 2)) if x >= 0 else -int(-x + Fraction(1, 2))


def random_case(r, base):
    """Edits that change something: key, kind, amount, group; and what each line was and became."""
    keys = r.sample(sorted(base), r.randint(1, 6)) + [r.choice([k for k in base if k.startswith(TOP)])]
    now, out = dict(base), []
    for _ in range(r.randint(1, 9)):
        key, kind = r.choice(keys), r.choice(("set", "delta", "percent"))
        was = now[key]
        amount = {"set": r.randrange(1, 300_000_000), "delta": r.randrange(-was // 2, 100_000_000) if was else 5,
                  "percent": r.choice((-50, -10, 10, 25))}[kind]
        new = {"set": amount, "delta": was + amount, "percent": half_away(Fraction(was * (100 + amount), 100))}[kind]
        if new != was and was > 0:
            out.append((key, kind, amount, r.randint(1, 5), was, new))
            now[key] = new
    return out


def value(base, edits, groups):
    """The sum below TOP and the whole, with these groups."""
    now = dict(base)
    for key, kind, _, group, was, new in edits:
        if group in groups:
            now[key] = {"set": new, "delta": now[key] + new - was, "percent": half_away(Fraction(now[key] * new, was))}[kind]
    return sum(v for k, v in now.items() if k.startswith(TOP)), sum(now.values())


def shapley(edits, base, read):
    """By all orders of the groups, each in the order of its first edit."""
    groups = list(dict.fromkeys(e[3] for e in edits))
    parts = dict.fromkeys(groups, Fraction(0))
    for order in itertools.permutations(groups):
        seen, before = set(), read(*value(base, edits, set()))
        for g in order:
            seen.add(g)
            after = read(*value(base, edits, seen))
            parts[g] += after - before
            before = after
    return {g: p / math.factorial(len(groups)) for g, p in parts.items()}


def whole_parts(parts):
    floors = {g: math.floor(p) for g, p in parts.items()}
    left = sum(parts.values()) - sum(floors.values())
    for g in sorted(parts, key=lambda g: (floors[g] - parts[g], list(parts).index(g)))[:int(left)]:
        floors[g] += 1
    return floors


class Attribution(unittest.TestCase):
    def test_parts_are_those_of_all_orders(self):
        base = lines()
        cases = [c for c in (random_case(random.Random(seed), base) for seed in range(CASES)) if c]
        literal = "{" + ",".join(
            "{" + ",".join(f'{{"{k}","{kind}",{a},{g}}}' for k, kind, a, g, _, _ in c) + "}" for c in cases) + "}"
        done = subprocess.run([PAGU, "eval", str(PLAN), LUA.replace("CASES", literal)], capture_output=True, text=True, timeout=300)
        self.assertEqual(done.returncode, 0, done.stderr)
        blocks = ("\n" + done.stdout).rstrip("\n-").split("\n-")
        self.assertEqual(len(blocks), len(cases))
        for edits, text in zip(cases, blocks):
            told = {}
            for line in filter(None, text.split("\n")):
                name, *parts = line.split()
                told[int(name[1:])] = [float(parts[1]) if i == 1 else int(parts[i]) for i in range(4)]
            whole = lambda read: whole_parts(shapley(edits, base, read))
            self.assertEqual({g: t[0] for g, t in told.items()}, whole(lambda part, all: part * 1000000 // all), edits)
            self.assertEqual({g: t[2] for g, t in told.items()}, whole(lambda part, all: all), edits)
            self.assertEqual({g: t[3] for g, t in told.items()}, whole(lambda part, all: part), edits)
            real = shapley(edits, base, lambda part, all: Fraction(part, all))
            for g, t in told.items():
                self.assertAlmostEqual(t[1], float(real[g]), delta=1.1e-6)  # in steps of a millionth


if __name__ == "__main__":
    unittest.main()
