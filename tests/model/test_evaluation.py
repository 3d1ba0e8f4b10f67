#!/usr/bin/env python3
"""Every derived field of random plans, by the engine and by a second model (evaluation_model.py)."""
import json
import os
import random
import subprocess
import sys
import tempfile
import unittest
from fractions import Fraction as F
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from evaluation_model import Cell, Model, NUMBER, DASH, TEXT  # noqa: E402

PAGU = os.environ.get("PAGU", "build/pagu")
CASES = int(os.environ.get("PAGU_EVALUATION_CASES", "40"))
OF_INDICATORS = ("rate strategic_target achieved_to cumulative strategic_rate accumulated accumulated_rate pace").split()
OF_NODES = "absorption achievement efficiency".split()
MONEY = "strategic_budget spent_to spent_accumulated".split()
UNITS = {"%": ("%", "percent"), "orang": ("Orang", "count"), "dokumen": ("Dokumen", "count")}
YEARS = (2021, 2022, 2023, 2024)

# Also by whole selections, which go another way through the engine (blocks).
LUA = """
local out = {}
local function add(...) out[#out + 1] = table.concat({ ... }, "\\t") end
local function show(x) return x == nil and "nil" or math.type(x) == "float" and string.format("%.17g", x) or tostring(x) end
local rows = plan:select{ under = "/" }
for _, year in ipairs{ 2021, 2022, 2023, 2024 } do
  for _, field in ipairs{ INDICATOR_FIELDS } do
    for _, i in ipairs(rows:indicators()) do
      local value, unit, reason = plan:get(i, field, year)
      add("i", field, year, i.id, show(value), show(unit), show(reason))
    end
  end
  for _, field in ipairs{ NODE_FIELDS } do
    local column = rows[field][year]
    local values = column:values()
    for _, key in ipairs(rows:keys()) do
      local value, unit, reason = plan:get(key, field, year)
      assert(value == values[key], key .. " " .. field .. " " .. tostring(value) .. " " .. tostring(values[key]) .. " " .. tostring(reason))
      if not plan[key].own_line then add("n", field, year, key, show(value), show(unit), show(reason)) end
    end
  end
end
print(table.concat(out, "\\n"))
"""


def a_cell(rng, ind):
    pick = rng.random()
    if pick < 0.08:
        return Cell(DASH)
    if pick < 0.12:
        return Cell(TEXT, rng.choice(["Baik", "10 Unit 5 Alat"]), UNITS[ind["unit"]][0])
    if pick < 0.2:
        return Cell(NUMBER, F(0), UNITS[ind["unit"]][0])
    unit = ind["unit"] if rng.random() < 0.9 else rng.choice(list(UNITS))
    value = rng.choice([F(0), F(rng.randint(1, 20)), F(rng.randint(1, 2000), 8), F(-rng.randint(1, 9))] if rng.random() < 0.3
                       else [F(rng.randint(1, 400), 4)])
    return Cell(NUMBER, value, UNITS[unit][0])


def random_case(seed):
    rng = random.Random(seed)
    nodes = {"/": None}
    for a in range(1, rng.randint(2, 4)):
        nodes[str(a)] = "/"
        for b in range(1, rng.randint(1, 5)):
            nodes[f"{a}.{b:02}"] = str(a)
            for c in range(1, rng.randint(1, 4)):
                nodes[f"{a}.{b:02}.{c:02}"] = f"{a}.{b:02}"
    indicators, measures, money = [], {}, {}
    for key in nodes:
        for n in range(rng.choice([0, 1, 1, 1, 2]) if key != "/" else 0):
            indicators.append({
                "id": f"{key}#{n + 1}", "owner": key, "unit": rng.choice(list(UNITS)),
                "polarity": rng.choice(["higher", "higher", "lower", "range"]),
                "over_time": rng.choice(["sum", "sum", "last", "last", "mean", "max", "min"]),
                "over_children": rng.choice(["none", "none", "sum", "weighted"]),
                "weight": rng.choice([None, None, 0, 1, 2.5, 30])})
    for ind in indicators:
        def put(stage, period, field, chance):
            if rng.random() < chance:
                cell = a_cell(rng, ind)
                if field == "target" and ind["polarity"] == "range" and rng.random() < 0.6:
                    lo = rng.randint(1, 50)
                    cell = Cell(TEXT, f"{lo}..{lo + rng.randint(0, 30)}", UNITS[ind["unit"]][0])
                measures[ind["id"], stage, period, field] = cell
        put("common", "..2021", "achieved", 0.5)
        put("common", "..2022", "achieved", 0.1)
        for year in (2020, 2021, 2022, 2023):
            put("common", str(year), "achieved", 0.5)
            put("common", str(year), "target", 0.6)
        put("final", "2024", "target", 0.7)
        put("renstra", "..2026", "target", 0.6)
        for year in (2020, 2025, 2026):
            put("renstra", str(year), "target", 0.2)
        for quarter in range(1, 5):
            put("common", f"2024Q{quarter}", "achieved", 0.5)
        put("common", "2024S1", "achieved", 0.2)
        put("common", "2024", "achieved", 0.2)
    leaves = [k for k in nodes if k not in nodes.values()]
    for key in leaves:
        for stage, field, periods in (("final", "budget", ["2021", "2022", "2023", "2024", "2024Q1"]),
                                      ("common", "spent", ["..2021", "2020", "2021", "2022", "2023", "2023Q1", "2023Q4",
                                                           "2024Q1", "2024Q2"]),
                                      ("renstra", "budget", ["..2026", "2025", "2026"])):
            for period in periods:
                if rng.random() < 0.6:
                    money[key, stage, period, field] = "-" if rng.random() < 0.1 else rng.randint(0, 10**9)
    return {"nodes": nodes, "indicators": indicators, "measures": measures, "money": money, "start": 2020, "end": 2026,
            "lower": rng.choice(["ratio", "linear"]), "cap": rng.choice([None, 100, 120]),
            "floor": rng.choice([None, 0])}


def plain(x):
    return repr(float(x)) if x != int(x) else str(int(x))


def write_package(case, folder):
    names = ["stages", "levels", "nodes", "amounts", "units", "indicators", "measures"]
    evaluation = {"lower": case["lower"], "cap": case["cap"], "floor": case["floor"]}
    (folder / "datapackage.json").write_text(json.dumps({
        "name": "random", "pagu": {"format": 1, "year": 2024, "years": [2020, 2026], "stage": "final",
                                   "strategic": {"start": 2020, "end": 2026}, "evaluation": evaluation},
        "resources": [{"name": n, "path": n + ".csv"} for n in names]}))

    def put(name, *rows):
        (folder / (name + ".csv")).write_text("".join(",".join(map(str, r)) + "\n" for r in rows))
    put("stages", "stage name kind role rank".split(), ("common", "Umum", "common", "", 0),
        ("renstra", "Renstra", "reference", "strategic", 1), ("final", "Akhir", "plan", "", 2))
    put("levels", "tree level rank name name_en length".split(), ("main", "plan", 0, "R", "P", 0),
        ("main", "a", 1, "A", "A", 1), ("main", "b", 2, "B", "B", 2), ("main", "c", 3, "C", "C", 3))
    put("nodes", "node parent level code name sign stages".split(),
        *[("." if k == "/" else k, "", "plan" if k == "/" else "abc"[k.count(".")], "", "n", "", "") for k in case["nodes"]])
    put("amounts", "node stage period budget spent".split(),
        *[(n, s, p, v if f == "budget" else "", v if f == "spent" else "") for (n, s, p, f), v in case["money"].items()])
    put("units", "unit name kind synonyms over_time over_children scale categories".split(),
        *[(u, n, k, "", "", "", "", "") for u, (n, k) in UNITS.items()])
    put("indicators", "indicator owner type name unit polarity over_time over_children weight definition".split(),
        *[(i["id"], i["owner"], "", "n", i["unit"], i["polarity"], i["over_time"], i["over_children"],
           "" if i["weight"] is None else i["weight"], "") for i in case["indicators"]])
    ids = {name: u for u, (name, _) in UNITS.items()}
    put("measures", "indicator stage period field value unit text".split(),
        *[(i, s, p, f, "-" if c.kind == DASH else plain(c.value) if c.kind == NUMBER else "",
           ids.get(c.unit, ""), c.value if c.kind == TEXT else "") for (i, s, p, f), c in case["measures"].items()])


def matches(expected, value, unit, reason, money):
    if money:
        return value == ("nil" if expected is None else "0" if expected == "-" else str(expected))
    if expected.kind == NUMBER:
        return value not in ("nil",) and reason == "nil" and unit in (expected.unit, expected.unit or unit) and \
            abs(float(value) - float(expected.value)) <= 1e-9 * max(1, abs(float(expected.value)))
    if expected.kind == DASH:
        return (value, unit) == ("0", "-")
    if expected.kind == TEXT:
        return value == expected.value
    return value == "nil" and reason == ("nil" if expected.kind == "missing" else expected.kind)


class Evaluation(unittest.TestCase):
    def test_every_derived_field_of_random_plans_agrees_with_the_second_model(self):
        def quoted(names):
            return ", ".join(f'"{n}"' for n in names)
        script = LUA.replace("INDICATOR_FIELDS", quoted(OF_INDICATORS)).replace(
            "NODE_FIELDS", quoted(OF_NODES + MONEY + ["spent_accumulated_rate"]))
        seen, compared = {}, 0
        for seed in range(CASES):
            case = random_case(seed)
            model = Model(case)
            with tempfile.TemporaryDirectory() as name:
                folder = Path(name)
                write_package(case, folder)
                (folder / "all.lua").write_text(script)
                done = subprocess.run([PAGU, "run", folder / "all.lua", "--plan", folder], capture_output=True, text=True)
                self.assertEqual(done.returncode, 0, f"seed {seed}: {done.stderr}{done.stdout}")
            by_id = {i["id"]: i for i in case["indicators"]}
            for line in done.stdout.splitlines():
                kind, field, year, key, value, unit, reason = line.split("\t")
                expected = getattr(model, field)(by_id[key] if kind == "i" else key, int(year))
                money = field in MONEY
                self.assertTrue(matches(expected, value, unit, reason, money),
                                f"seed {seed}: {field} {year} of {key} is {value} {unit} {reason}, expected {expected}")
                state = "money" if money else expected.kind
                seen[field, state] = seen.get((field, state), 0) + 1
                compared += 1
        self.assertGreater(compared, 100 * CASES)
        for state in ("number", "-", "missing", "unit clash", "zero target", "zero achieved", "negative",
                      "not one number"):
            self.assertGreater(seen.get(("rate", state), 0), 0, f"no rate was ever {state}")


if __name__ == "__main__":
    unittest.main()
