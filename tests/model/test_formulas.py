#!/usr/bin/env python3
"""Random formulas against a reference in Python: whole numbers of any size, exact decimals, the same
doubles in the same order.

    PAGU=build/pagu python3 tests/model/test_formulas.py [CASES] [SEED]

Each case is a formula evaluated at every line of a small plan that has amounts of all kinds: missing,
dashes, zero, negative, near the 64-bit limit; targets with two units, as texts, or none.
"""

import json
import math
import os
import random
import subprocess
import sys
import tempfile
import unittest
from fractions import Fraction
from pathlib import Path

REPO = Path(__file__).resolve().parents[2]
PAGU = os.path.abspath(os.environ.get("PAGU", REPO / "build" / "pagu"))
CASES = int(sys.argv.pop(1)) if len(sys.argv) > 1 and sys.argv[1].isdigit() else 10000
SEED = int(sys.argv.pop(1)) if len(sys.argv) > 1 and sys.argv[1].isdigit() else 1
LEAST, MOST = -(2**63), 2**63 - 1

MONEY, INTEGER, DECIMAL, NUMBER, MASK = range(5)
LINES = ["1.01", "1.02", "1.03", "1.04", "1.05", "1.06", "1.07"]
BUDGET = [1000, 333, None, "-", 922337203685477, -15, 0]
BUDGET_2025 = [400, None, 50, 60, 0, 15, -7]
SPENT = [999, 0, "-", 75, None, 2, 3]
TARGET = [(4, "orang"), (0, "orang"), None, (2.5, "unit"), ("390;320", ""), (80, "unit"), ("-", "")]
TARGET_2023 = [(3, "orang"), (7, "unit"), (1, "orang"), None, (5, "orang"), (0.1, "unit"), (6, "orang")]


class Overflow(Exception):
    pass


class Kinds(Exception):
    """The formula is refused when it is read."""


class Cell:
    """state: True a number, False missing, None a dash (0), "text"."""

    def __init__(self, value, unit="", state=True):
        self.value, self.unit, self.state = value, unit, state


MISSING = Cell(0, "", False)


def has_number(c):
    return c.state is True or c.state is None


def whole(x):
    if not LEAST <= x <= MOST:
        raise Overflow
    return x


def half_away(x):
    """A Fraction to the nearest whole number."""
    n = math.floor(abs(x) + Fraction(1, 2))
    return n if x >= 0 else -n


def round_double(x):
    size = abs(x)
    if size >= 4503599627370496.0:
        return x
    t = (size + 4503599627370496.0) - 4503599627370496.0
    if size - t >= 0.5:
        t += 1.0
    return math.copysign(t, x)


def agree(a, b):
    return not a or not b or a == b


def finite(x):
    if not math.isfinite(x):
        raise Overflow
    return x


class Leaf:
    is_literal = False

    def __init__(self, text, kind, cells, measure=False):
        self.text, self.kind, self.measure = text, kind, measure
        self.cells = cells

    def at(self, i):
        return self.cells[i]


def money(text, values):
    return Leaf(text, MONEY, [MISSING if v is None else Cell(0, "", None) if v == "-" else Cell(v) for v in values])


def measure(text, values):
    cells = [MISSING if v is None else Cell(0, "", None) if v[0] == "-" else
             Cell(0, "", "text") if isinstance(v[0], str) else Cell(float(v[0]), v[1]) for v in values]
    return Leaf(text, NUMBER, cells, True)


class Literal:
    is_literal = True

    def __init__(self, text):
        self.text, self.exact = text, Fraction(text)
        self.kind = INTEGER if self.exact.denominator == 1 else DECIMAL

    def at(self, i):
        return Cell(int(self.exact) if self.kind == INTEGER else float(self.exact))


def is_whole(e):
    return e.kind in (MONEY, INTEGER)


def real(e, cell):
    return float(cell.value)


def kind_of_sum(a, b):
    if not (is_whole(a) and is_whole(b)):
        return NUMBER
    return MONEY if MONEY in (a.kind, b.kind) else INTEGER


class Binary:
    is_literal = False

    def __init__(self, op, a, b):
        self.op, self.a, self.b = op, a, b
        self.text = f"({a.text} {op} {b.text})"
        if MASK in (a.kind, b.kind):
            raise Kinds
        self.scaled = op == "*" and ((a.kind == MONEY and b.kind == DECIMAL) or (b.kind == MONEY and a.kind == DECIMAL))
        if op in "+-":
            self.kind = kind_of_sum(a, b)
        elif op == "/":
            self.kind = NUMBER
        elif a.kind == MONEY and b.kind == MONEY:
            raise Kinds
        else:
            self.kind = MONEY if self.scaled else kind_of_sum(a, b)

    def at(self, i):
        x, y = self.a.at(i), self.b.at(i)
        if not (has_number(x) and has_number(y)):
            return MISSING
        if self.scaled:
            amount, factor = (x, self.b) if self.a.kind == MONEY else (y, self.a)
            return Cell(whole(half_away(amount.value * factor.exact)))
        if self.kind != NUMBER:
            return Cell(whole({"+": x.value + y.value, "-": x.value - y.value, "*": x.value * y.value}[self.op]))
        p, q = real(self.a, x), real(self.b, y)
        unit = self.unit(x, y)
        if unit is None:
            return MISSING
        if self.op == "/":
            return MISSING if q == 0 else Cell(finite(p / q), unit)
        return Cell(finite(p + q if self.op == "+" else p - q if self.op == "-" else p * q), unit)

    def unit(self, x, y):
        if self.op in "+-":
            return (x.unit or y.unit) if agree(x.unit, y.unit) else None
        if MONEY in (self.a.kind, self.b.kind):
            return ""
        if not y.unit:
            return x.unit
        return y.unit if not x.unit and self.op == "*" else ""


class Compare:
    is_literal = False
    kind = MASK

    def __init__(self, op, a, b):
        self.op, self.a, self.b = op, a, b
        self.text = f"({a.text} {op} {b.text})"
        if MASK in (a.kind, b.kind):
            raise Kinds

    def exact(self, e, cell):
        return e.exact if e.is_literal else Fraction(cell.value)

    def at(self, i):
        x, y = self.a.at(i), self.b.at(i)
        if not (has_number(x) and has_number(y)) or not agree(x.unit, y.unit):
            return Cell(False)
        both = [self.a.kind, self.b.kind]
        if all(k in (MONEY, INTEGER) for k in both) or (DECIMAL in both and (MONEY in both or INTEGER in both)):
            p, q = self.exact(self.a, x), self.exact(self.b, y)
        else:
            p, q = float(x.value), float(y.value)
        return Cell({"<": p < q, "<=": p <= q, ">": p > q, ">=": p >= q, "=": p == q, "!=": p != q}[self.op])


class Logic:
    is_literal = False
    kind = MASK

    def __init__(self, op, a, b):
        self.op, self.a, self.b = op, a, b
        self.text = f"({a.text} {op} {b.text})" if b else f"(not {a.text})"
        if a.kind != MASK or (b and b.kind != MASK):
            raise Kinds

    def at(self, i):
        x, y = self.a.at(i).value, self.b.at(i).value if self.b else None
        return Cell(not x if not self.b else (x and y) if self.op == "and" else (x or y))


def choice_kind(a, b):
    if (a.kind == MASK) != (b.kind == MASK):
        raise Kinds
    return MASK if a.kind == MASK else kind_of_sum(a, b)


def chosen(e, cell):
    return Cell(float(cell.value), cell.unit, cell.state) if e.kind == NUMBER else cell


class If:
    is_literal = False

    def __init__(self, c, a, b):
        self.c, self.a, self.b = c, a, b
        self.text = f"if({c.text}, {a.text}, {b.text})"
        if c.kind != MASK:
            raise Kinds
        self.kind = choice_kind(a, b)

    def at(self, i):
        c, x, y = self.c.at(i), self.a.at(i), self.b.at(i)
        return chosen(self, x if c.value else y)


class Default:
    is_literal = False

    def __init__(self, a, b):
        self.a, self.b = a, b
        self.text = f"default({a.text}, {b.text})"
        self.kind = choice_kind(a, b)

    def at(self, i):
        x, y = self.a.at(i), self.b.at(i)
        return chosen(self, y if x.state is False else x)


class Present:
    is_literal = False
    kind = MASK

    def __init__(self, a):
        self.a, self.text = a, f"present({a.text})"

    def at(self, i):
        x = self.a.at(i)
        return Cell(x.value if self.a.kind == MASK else x.state is True or x.state == "text")


class Extreme:
    is_literal = False

    def __init__(self, name, a, b):
        self.name, self.a, self.b = name, a, b
        self.text = f"{name}({a.text}, {b.text})"
        if MASK in (a.kind, b.kind):
            raise Kinds
        self.kind = kind_of_sum(a, b)

    def at(self, i):
        x, y = self.a.at(i), self.b.at(i)
        if not (has_number(x) and has_number(y)) or not agree(x.unit, y.unit):
            return MISSING
        p, q = (x.value, y.value) if self.kind != NUMBER else (float(x.value), float(y.value))
        return Cell((min if self.name == "min" else max)(p, q), x.unit or y.unit)


class Rounded:
    """round, abs and money: of one amount."""

    is_literal = False

    def __init__(self, name, a, unit=None):
        self.name, self.a, self.unit = name, a, unit
        self.text = f"{name}({a.text}{', ' + unit.text if unit else ''})"
        if a.kind == MASK or (unit and is_whole(a) and unit.kind != INTEGER):
            raise Kinds
        self.kind = MONEY if name == "money" else a.kind if is_whole(a) else NUMBER

    def at(self, i):
        x = self.a.at(i)
        if not has_number(x):
            return MISSING
        if self.name == "abs":
            return Cell(whole(abs(x.value)) if is_whole(self.a) else abs(x.value), x.unit, x.state)
        if self.name == "money":
            if is_whole(self.a):
                return Cell(x.value, "", x.state)
            if not abs(x.value) < 9007199254740992.0:
                raise Overflow
            return Cell(half_away(Fraction(x.value)), "", x.state)
        if is_whole(self.a):
            unit = int(self.unit.exact)
            return Cell(whole(half_away(Fraction(x.value, unit)) * unit), "", x.state)
        return Cell(self.round_real(x.value), x.unit, x.state)

    def round_real(self, x):
        digits, scale = self.unit.exact.numerator, 1
        text = self.unit.text.rstrip("0") if "." in self.unit.text else self.unit.text
        places = len(text.partition(".")[2])
        digits, scale = int(text.replace(".", "")), float(10**places)
        if digits == 1 and places == 0:
            return round_double(x)
        r = round_double(x * scale / float(digits)) * float(digits) / scale
        return r if math.isfinite(r) else x


class Aggregate:
    is_literal = False

    def __init__(self, name, a):
        self.name, self.a = name, a
        self.text = f"{name}(item, {a.text})"
        if name != "count" and a.kind == MASK:
            raise Kinds
        self.kind = INTEGER if name == "count" else NUMBER if name == "mean" or not is_whole(a) else a.kind

    def at(self, _):
        cells = [self.a.at(i) for i in range(len(LINES))]
        if self.name == "count":
            held = [c.value if self.a.kind == MASK else c.state is True or c.state == "text" for c in cells]
            return Cell(sum(bool(h) for h in held))
        return self.fold(cells)

    def fold(self, cells):
        total, unit, clash, n, least, most, numbers = 0 if is_whole(self.a) else 0.0, "", False, 0, None, None, 0
        for c in cells:
            if not has_number(c):
                continue
            if is_whole(self.a):
                total = whole(total + c.value) if self.name in ("sum", "mean") else 0
            else:
                total += c.value
                of = c.unit if c.state is True else ""
                clash, unit = clash or not agree(unit, of), unit or of
            least = c.value if least is None or c.value < least else least
            most = c.value if most is None or c.value > most else most
            n, numbers = n + 1, numbers + (c.state is True)
        if clash or n == 0:
            return MISSING
        value = {"sum": total, "min": least, "max": most, "mean": float(total) / n}[self.name]
        return Cell(value, unit, True if numbers else None)


LEAVES = [money("budget", BUDGET), money("budget[2025]", BUDGET_2025), money("spent", SPENT),
          measure("target", TARGET), measure("target[2023]", TARGET_2023)]


def literal(rng):
    return Literal(rng.choice(["0", "1", "2", "3", "7", "100", "1000", "12345", "0.5", "1.045", "0.001", "2.50", "99.99",
                               str(rng.randrange(10**6)), f"{rng.randrange(10**4)}.{rng.randrange(1, 1000):03d}"]))


def plain(rng, depth):
    """An amount without measures: nothing in it can be of unlike units."""
    while True:
        e = amount(rng, depth)
        if "target" not in e.text:
            return e


def amount(rng, depth):
    pick = rng.random()
    if depth == 0 or pick < 0.12:
        return rng.choice(LEAVES) if rng.random() < 0.7 else literal(rng)
    if pick < 0.62:
        return Binary(rng.choice("++--***//"), amount(rng, depth - 1), amount(rng, depth - 1))
    if pick < 0.70:
        return If(mask(rng, depth - 1), amount(rng, depth - 1), amount(rng, depth - 1))
    if pick < 0.76:
        return Default(amount(rng, depth - 1), amount(rng, depth - 1))
    if pick < 0.82:
        return Extreme(rng.choice(["min", "max"]), amount(rng, depth - 1), amount(rng, depth - 1))
    if pick < 0.92:
        name = rng.choice(["round", "round", "abs", "money"])
        unit = Literal(rng.choice(["1", "10", "1000", "0.1", "0.25", "7"])) if name == "round" else None
        return Rounded(name, amount(rng, depth - 1), unit)
    return Aggregate(rng.choice(["sum", "count", "min", "max", "mean"]), plain(rng, depth - 1))


def mask(rng, depth):
    pick = rng.random()
    if depth == 0 or pick < 0.6:
        return Compare(rng.choice(["<", "<=", ">", ">=", "=", "!="]), amount(rng, max(0, depth - 1)), amount(rng, 0))
    if pick < 0.7:
        return Present(amount(rng, depth - 1))
    if pick < 0.8:
        return Logic("not", mask(rng, depth - 1), None)
    return Logic(rng.choice(["and", "or"]), mask(rng, depth - 1), mask(rng, depth - 1))


def formula(rng):
    """A formula that fits, or the text of one that does not."""
    while True:
        try:
            return amount(rng, rng.randrange(1, 5)) if rng.random() < 0.8 else mask(rng, rng.randrange(1, 4))
        except Kinds:
            continue


def package():
    rows = [["node", "stage", "period", "budget", "spent"]]
    cell = lambda v: "" if v is None else v
    for i, line in enumerate(LINES):
        rows.append([line, "final", 2024, cell(BUDGET[i]), ""])
        rows.append([line, "final", 2025, cell(BUDGET_2025[i]), ""])
        rows.append([line, "common", 2024, "", cell(SPENT[i])])
    measures = [["indicator", "stage", "period", "field", "value", "unit", "text"]]
    for i, line in enumerate(LINES):
        for year, values in ((2024, TARGET), (2023, TARGET_2023)):
            if values[i] is None:
                continue
            value, unit = values[i]
            is_text = isinstance(value, str) and value != "-"
            measures.append([f"{line}#1", "final", year, "target", "" if is_text else value, unit, value if is_text else ""])
    table = lambda name, data: {"name": name, "data": data}
    return {
        "name": "acak", "pagu": {"format": 1, "year": 2024, "years": [2022, 2026]},
        "resources": [
            table("stages", [["stage", "name", "kind", "role", "rank"], ["common", "Umum", "common", "", 0],
                             ["final", "Renja", "plan", "", 1]]),
            table("levels", [["tree", "level", "rank", "name"], ["main", "plan", 0, "Rencana"],
                             ["main", "program", 1, "Program"], ["main", "item", 2, "Rincian"]]),
            table("nodes", [["node", "level", "name"], [".", "plan", "Semua"], ["1", "program", "Satu"],
                            *([line, "item", line] for line in LINES)]),
            table("units", [["unit", "name", "kind"], ["orang", "orang", "count"], ["unit", "unit", "count"]]),
            table("amounts", [r for r in rows if any(x != "" for x in r[3:])]),
            table("indicators", [["indicator", "owner", "name", "unit"], *([f"{x}#1", x, x, "orang"] for x in LINES)]),
            table("measures", measures),
        ],
    }


SCRIPT = """
local sel = plan:select { level = "item" }
local function show(x, unit)
  if x == nil then return "." end
  if type(x) == "boolean" then return x and "y" or "n" end
  if math.type(x) == "integer" then return ("%d"):format(x) end
  return type(x) == "string" and "'" .. x or ("%.17g"):format(x)
end
for _, text in ipairs(require "cases") do
  local ok, column = pcall(sel.formula, sel, text)
  local out = {}
  if ok then ok, column = pcall(column.values, column) end
  if ok then
    for _, key in ipairs(sel:keys()) do out[#out + 1] = show(column[key]) end
    print(table.concat(out, " "))
  else
    print("! " .. tostring(column.code) .. " " .. tostring(column))
  end
end
"""


def expected(e):
    try:
        cells = [e.at(i) for i in range(len(LINES))]
    except Overflow:
        return "! overflow"
    out = []
    for c in cells:
        if e.kind == MASK:
            out.append("y" if c.value else "n")
        elif c.state == "text":
            out.append("'390;320")
        elif c.state is False:
            out.append(".")
        else:
            out.append(float(c.value) if e.kind in (NUMBER, DECIMAL) else int(c.value))
    return out


def same(got, wanted):
    if isinstance(wanted, str):
        return got.startswith(wanted)
    words = got.split(" ")
    if len(words) != len(wanted):
        return False
    for word, value in zip(words, wanted):
        if isinstance(value, str):
            if word != value:
                return False
        elif word in "yn." or word.startswith(("'", "!")):
            return False
        elif (int(word) if isinstance(value, int) else float(word)) != value:
            return False
    return True


class Formulas(unittest.TestCase):
    def test_random_formulas_equal_the_reference(self):
        rng = random.Random(SEED)
        cases = [formula(rng) for _ in range(CASES)]
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder)
            (path / "plan.json").write_text(json.dumps(package()), encoding="utf-8")
            quoted = ",\n".join(json.dumps(c.text) for c in cases)
            (path / "cases.lua").write_text("return {\n" + quoted + "}\n", encoding="utf-8")
            (path / "run.lua").write_text(SCRIPT, encoding="utf-8")
            done = subprocess.run([PAGU, "run", "run.lua", "--plan", "plan.json"], cwd=folder, text=True, timeout=300,
                                  encoding="utf-8", capture_output=True, env={**os.environ, "PAGU_LANG": "en"})
        self.assertEqual(done.returncode, 0, done.stderr)
        lines = done.stdout.splitlines()
        self.assertEqual(len(lines), len(cases))
        values = overflows = 0
        for e, got in zip(cases, lines):
            wanted = expected(e)
            self.assertTrue(same(got, wanted), f"{e.text}\n  got    {got}\n  wanted {wanted}")
            overflows += wanted == "! overflow"
            values += wanted != "! overflow" and any(x != "." for x in wanted)
        self.assertGreater(values, CASES // 2, "most cases have values")
        self.assertGreater(overflows, CASES // 1000, "some overflow")


if __name__ == "__main__":
    unittest.main()
