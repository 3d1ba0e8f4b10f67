"""Random edits against Shapley values that are worked out here, order by order, in fractions.

    PAGU=build/pagu python3 tests/model/test_attribution.py
    PAGU_CASES=500 …      more cases

A case is a few groups of edits of lines; the metric is the floor of a share of the whole in millionths (a whole number,
parts by largest remainder) and the share itself (a number). The value of a set of groups is the common value of each
line plus what each of their edits changed when it was made.

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
  for _, e in ipairs(edits) do s:set(e[1], "budget", 2024, e[2]) end
  local group = function(entry) return "g" .. edits[entry.entry][3] end
  local a = pagu.attribute(plan, s, { metric = metric, by = group })
  local b = pagu.attribute(plan, s, { metric = share, by = group })
  local c = pagu.attribute(plan, s, { key = "/", by = group })
  for i, g in ipairs(a.groups) do
    out[#out + 1] = ("%s %d %.17g %d"):format(g.what, g.part, b.groups[i].part, c.groups[i].part)
  end
  out[#out + 1] = "-"
end
return table.concat(out, "\\n")
"""


def lines():
    code = ('local o = {}; for n in plan:lines("/"):each() do local b, mark = n.budget[2024]; '
            'if b and not mark then o[#o + 1] = n.key .. "=" .. b end end; return table.concat(o, " ")')
    done = subprocess.run([PAGU, "eval", str(PLAN), code], capture_output=True, text=True, check=True)
    return {k: int(v) for k, v in (x.split("=") for x in done.stdout.split())}


def random_case(r, base):
    keys = r.sample(sorted(base), r.randint(1, 6)) + [r.choice([k for k in base if k.startswith(TOP)])]
    return [(r.choice(keys), r.randrange(0, 300_000_000), r.randint(1, 5)) for _ in range(r.randint(1, 9))]


def value(base, edits, groups):
    """The sum below TOP and the whole, with these groups."""
    now, changed = dict(base), dict(base)
    for key, amount, group in edits:
        delta = amount - now[key]
        now[key] = amount
        if group in groups:
            changed[key] += delta
    return sum(v for k, v in changed.items() if k.startswith(TOP)), sum(changed.values())


def shapley(edits, base, read):
    """By all orders of the groups that change anything at all, each in the order of its first edit."""
    groups = list(dict.fromkeys(g for _, _, g in edits))
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
        cases = []
        for seed in range(CASES):
            r = random.Random(seed)
            edits = random_case(r, base)
            now, kept = dict(base), []
            for key, amount, group in edits:  # an edit that changes nothing leaves no entry
                if now[key] != amount:
                    kept.append((key, amount, group))
                now[key] = amount
            cases.append(kept)
        literal = "{" + ",".join("{" + ",".join(f"{{{json.dumps(k)},{a},{g}}}" for k, a, g in c) + "}" for c in cases) + "}"
        script = LUA.replace("CASES", literal)
        done = subprocess.run([PAGU, "eval", str(PLAN), script], capture_output=True, text=True, timeout=300)
        self.assertEqual(done.returncode, 0, done.stderr)
        got = [b for b in ("\n" + done.stdout).rstrip("\n-").split("\n-")]
        self.assertEqual(len(got), len(cases))
        for edits, text in zip(cases, got):
            whole = whole_parts(shapley(edits, base, lambda part, all: part * 1000000 // all))
            real = shapley(edits, base, lambda part, all: Fraction(part, all))
            told = {}
            for line in text.split("\n"):
                if line:
                    name, part, share, money = line.split()
                    told[int(name[1:])] = (int(part), float(share), int(money))
            self.assertEqual({g: t[0] for g, t in told.items()}, whole, edits)
            for g, t in told.items():
                self.assertAlmostEqual(t[1], float(real[g]), delta=1e-12)
            now, changes = dict(base), dict.fromkeys(told, 0)
            for key, amount, group in edits:
                changes[group] += amount - now[key]
                now[key] = amount
            self.assertEqual({g: t[2] for g, t in told.items()}, changes)


if __name__ == "__main__":
    unittest.main()
