#!/usr/bin/env python3
"""pagu.forecast on random series against a second computation: fractions for lines, 40 decimals for growth and
smoothing, Student's t from its density.

    PAGU=build/pagu python3 tests/model/test_forecast.py [CASES] [SEED]

A case is a series of 2 to 9 years with gaps, a method, and parameters that are given or to be found.
"""

import json
import math
import os
import random
import subprocess
import sys
import tempfile
import unittest
from decimal import Decimal, getcontext
from fractions import Fraction
from functools import lru_cache
from pathlib import Path

REPO = Path(__file__).resolve().parents[2]
PAGU = os.path.abspath(os.environ.get("PAGU", REPO / "build" / "pagu"))
CASES = int(sys.argv.pop(1)) if len(sys.argv) > 1 and sys.argv[1].isdigit() else 600
SEED = int(sys.argv.pop(1)) if len(sys.argv) > 1 and sys.argv[1].isdigit() else 1
getcontext().prec = 40

METHODS = ["naive", "mean", "drift", "cagr", "linear", "theil_sen", "ses", "holt", "damped"]
NEED = dict(naive=1, mean=1, drift=2, cagr=2, linear=2, theil_sen=2, ses=2, holt=3, damped=3)
BACKWARD = {"naive", "ses", "holt", "damped"}

DRIVER = '''
local pagu = require "pagu"
local cases = require "cases"
for _, c in ipairs(cases) do
  local ok, f = pcall(pagu.forecast, c.series, c.options)
  local out = { ok and "ok" or f.code }
  local function put(x) out[#out + 1] = x and ("%.17g"):format(x) or "-" end
  if ok then
    out[#out + 1] = f.method
    for _, year in ipairs(c.options.to) do put(f[year].value) put(f[year].low) put(f[year].high) end
    put(f.mae) put(f.mape) put(f.ahead) put(f.alpha) put(f.beta) put(f.phi)
    for _, x in ipairs(f.candidates or {}) do out[#out + 1] = x.method .. "=" .. x.n .. "=" .. ("%.17g"):format(x.mae) end
  end
  print(table.concat(out, "\\t"))
end
'''


# ---- Student's t: the density, integrated ----

@lru_cache(None)
def student_t(level, df):
    scale = math.exp(math.lgamma((df + 1) / 2) - math.lgamma(df / 2)) / math.sqrt(df * math.pi)

    def inside(t, n=4000):  # Simpson, over u = atan(t / sqrt(df)): smooth at any tail
        top = math.atan(t / math.sqrt(df))
        h = top / n

        def f(u):
            return math.cos(u) ** (df - 1)
        return 2 * scale * math.sqrt(df) * h / 3 * (f(0) + f(top) + 4 * sum(f(h * i) for i in range(1, n, 2)) + 2 * sum(f(h * i) for i in range(2, n, 2)))
    low, high = 0.0, 1e4
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if inside(middle) < level / 100 else (low, middle)
    return high


# ---- methods: fit(points, o) -> (value(year), sd squared, df, variance(year), logs) ----

def median(values):
    values = sorted(values)
    n = len(values)
    return values[n // 2] if n % 2 else (values[n // 2 - 1] + values[n // 2]) / 2


def line(points, value, parameters, variance):
    sse = sum((y - value(x)) ** 2 for x, y in points)
    df = max(len(points) - parameters, 0)
    return value, (sse / df if df else 0), df, variance, False


def steps(points, a_year, parameters, value, variance, of=lambda y: y):
    sse = sum((of(b[1]) - of(a[1]) - a_year * (b[0] - a[0])) ** 2 / (b[0] - a[0]) for a, b in zip(points, points[1:]))
    df = max(len(points) - 1 - parameters, 0)
    return value, (sse / df if df else 0), df, variance, of(points[0][1]) != points[0][1]


def fit(method, points, o):
    xs, ys = [x for x, _ in points], [y for _, y in points]
    n, first, last = len(points), xs[0], xs[-1]
    if method in ("ses", "holt", "damped"):
        return smooth(method, points, o)
    if method == "naive":
        return steps(points, 0, 0, lambda x: ys[-1], lambda x: x - last)
    if method == "mean":
        mean = Fraction(sum(ys), n)
        return line(points, lambda x: mean, 1, lambda x: 1 + Fraction(1, n))
    if method == "drift":
        slope = (ys[-1] - ys[0]) / Fraction(last - first)
        return steps(points, slope, 1, lambda x: ys[-1] + slope * (x - last), lambda x: (x - last) * (1 + Fraction(x - last, last - first)))
    if method == "cagr":
        if min(ys) <= 0:
            return None
        rate = (decimal(ys[-1]).ln() - decimal(ys[0]).ln()) / (last - first)
        value, sd2, df, variance, _ = steps(
            points, rate, 1, lambda x: decimal(ys[-1]) * (rate * (x - last)).exp(),
            lambda x: (x - last) * (1 + Fraction(x - last, last - first)), lambda y: decimal(y).ln())
        return value, sd2, df, variance, True
    centre = Fraction(sum(xs), n)
    sxx = sum((x - centre) ** 2 for x in xs)
    if method == "linear":
        level, slope = Fraction(sum(ys), n), sum((x - centre) * y for x, y in points) / sxx
    else:
        slope = median([(b[1] - a[1]) / Fraction(b[0] - a[0]) for i, a in enumerate(points) for b in points[i + 1:]])
        level = median([y - slope * (x - centre) for x, y in points])
    return line(points, lambda x: level + slope * (x - centre), 2, lambda x: 1 + Fraction(1, n) + (x - centre) ** 2 / sxx)


def decimal(x):
    return Decimal(x.numerator) / Decimal(x.denominator) if isinstance(x, Fraction) else Decimal(x)


def damp(phi, h):
    return sum((phi ** j for j in range(1, h + 1)), 0 * phi)


def smooth_run(points, trend, alpha, beta, phi):
    """Level, trend, sum of squares in units of a year's variance, how many errors."""
    def factor(h):
        return 1 + sum((alpha * (1 + beta * damp(phi, j))) ** 2 for j in range(1, h))
    ys = [y for _, y in points]
    slope = 0 * alpha
    if trend:
        slope = (ys[1] - ys[0]) / (phi * damp(phi, points[1][0] - points[0][0]))
    level, before, sse, n = ys[0] - phi * slope, points[0][0] - 1, 0 * alpha, 0
    for i, (x, y) in enumerate(points):
        h = x - before
        expected, faded = level + damp(phi, h) * slope, phi ** h * slope
        if i >= (2 if trend else 1):
            sse, n = sse + (y - expected) ** 2 / factor(h), n + 1
        new = alpha * y + (1 - alpha) * expected
        slope = beta * (new - (expected - faded)) + (1 - beta) * faded
        level, before = new, x
    return level, slope, sse, n, factor


def smooth(method, points, o):
    trend, damped = method != "ses", method == "damped"
    number = float
    points = [(x, number(y)) for x, y in points]
    alphas = [o["alpha"]] if "alpha" in o else [round(0.05 * i, 2) for i in range(1, 21)]
    betas = ([o["beta"]] if "beta" in o else [round(0.05 * i, 2) for i in range(21)]) if trend else [0.0]
    phis = ([o["phi"]] if "phi" in o else [round(0.80 + 0.02 * i, 2) for i in range(10)]) if damped else [1.0]
    best, noise = None, 1e-24 * max(abs(y) for _, y in points) ** 2
    for a in alphas:
        for b in betas:
            for p in phis:
                r = smooth_run(points, trend, a, b, p)
                if best is None or r[2] < best[0][2] * (1 - 1e-9) - noise:
                    best = r, a, b, p
    (level, slope, sse, n, factor), alpha, beta, phi = best
    df = max(n - (len(alphas) > 1) - (len(betas) > 1) - (len(phis) > 1), 0)
    last = points[-1][0]
    return (lambda x: level + damp(phi, x - last) * slope), (sse / df if df else 0), df, (lambda x: factor(x - last)), False


# ---- errors and choice ----

def left_out(method, points, o):
    out = []
    for i, (x, y) in enumerate(points):
        rest = points[:i] if method in BACKWARD else points[:i] + points[i + 1:]
        f = fit(method, rest, o) if len(rest) >= NEED[method] else None
        out.append(None if f is None else float(y) - float(f[0](x)))
    return out


def ahead(method, points, o):
    out = []
    for i, (x, y) in enumerate(points):
        f = fit(method, points[:i], o) if i >= NEED[method] else None
        out.append(None if f is None else float(y) - float(f[0](x)))
    return out


def mae(errors):
    errors = [abs(e) for e in errors if e is not None]
    return (sum(errors) / len(errors) if errors else None), len(errors)


def choose(points, o):
    n, errors = len(points), {}
    for method in METHODS:
        if n > NEED[method]:
            e = left_out(method, points, o)
            count = mae(e)[1]
            if count >= 2 and 2 * count >= n:
                errors[method] = e
    common = [i for i in range(n) if all(e[i] is not None for e in errors.values())]
    means = {m: (sum(abs(e[i]) for i in common) / len(common), len(common)) for m, e in errors.items()}
    best, margin = None, 1e-9 * float(max(abs(y) for _, y in points))
    for method in METHODS:
        if method in means and (best is None or means[method][0] < means[best][0] - margin):
            best = method
    return best, means


# ---- cases ----

def make(r):
    n = r.randint(2, 9)
    years = sorted(r.sample(range(2010, 2010 + n + r.randint(0, 3)), n))
    kind = r.random()
    base, slope = r.randint(1, 10**r.randint(1, 12)), r.uniform(-0.2, 0.3)
    values = [max(1 if kind < 0.8 else -10**13, int(base * (1 + slope * (x - years[0]) + r.gauss(0, 0.15)))) for x in years]
    if kind > 0.95:
        values[r.randrange(n)] = 0
    method = r.choice(METHODS + ["auto"])
    options = {"method": method, "level": r.choice([50, 80, 90, 95]), "to": [years[-1] + 1, years[-1] + 3]}
    for name, chance in (("alpha", 0.4), ("beta", 0.4), ("phi", 0.8 if method != "auto" else 1)):
        if r.random() < chance or method == "auto":
            options[name] = round(r.uniform(0.8, 1) if name == "phi" else r.randint(1, 20) / 20, 2)
    return years, values, options


def lua(value):
    if isinstance(value, dict):
        return "{" + ",".join((f"[{k}]=" if isinstance(k, int) else k + "=") + lua(v) for k, v in value.items()) + "}"
    if isinstance(value, list):
        return "{" + ",".join(map(lua, value)) + "}"
    return json.dumps(value)


class Forecast(unittest.TestCase):
    def near(self, got, wanted, scale, what):
        if wanted is None:
            self.assertEqual(got, "-", what)
        else:
            self.assertNotEqual(got, "-", what)
            self.assertLessEqual(abs(float(got) - float(wanted)), 1e-8 * scale + 1e-9 * abs(float(wanted)), what)

    def check(self, seed, case, answer):
        years, values, o = case
        points = [(x, Fraction(y)) for x, y in zip(years, values)]
        method, scale, what = o["method"], max(map(abs, values)) or 1, (seed, case, answer)
        need = 3 if method == "auto" else NEED[method] + 1
        if len(points) < need:
            return self.assertEqual(answer[0], "no_history", what)
        if method == "cagr" and min(values) <= 0:
            return self.assertEqual(answer[0], "argument", what)
        self.assertEqual(answer[0], "ok", what)
        if method == "auto":
            method, means = choose(points, o)
            got = {x.split("=")[0]: x.split("=")[1:] for x in answer[14:]}
            self.assertEqual(set(got), set(means), what)
            for name, (mean, count) in means.items():
                self.assertEqual(int(got[name][0]), count, what)
                self.near(got[name][1], mean, scale, what)
        self.assertEqual(answer[1], method, what)
        value, sd2, df, variance, logs = fit(method, points, o)
        for i, x in enumerate(o["to"]):
            middle, low, high = answer[2 + 3 * i:5 + 3 * i]
            self.near(middle, value(x), scale, what)
            if not df:
                self.assertEqual((low, high), ("-", "-"), what)
                continue
            half = student_t(o["level"], df) * math.sqrt(float(sd2) * float(variance(x)))
            if logs and half < 50:
                self.near(low, float(value(x)) * math.exp(-half), scale, what)
                self.assertLess(abs(math.log(float(high) / float(value(x))) - half), 1e-7 * (1 + half), what)
            elif not logs:
                self.near(low, float(value(x)) - half, scale + half, what)
                self.near(high, float(value(x)) + half, scale + half, what)
        errors = left_out(method, points, o)
        self.near(answer[8], mae(errors)[0], scale, what)
        shares = [(e, y) for e, (_, y) in zip(errors, points) if e is not None]
        self.near(answer[9], None if not shares or any(y == 0 for _, y in shares)
                  else 100 * sum(abs(e / float(y)) for e, y in shares) / len(shares), 100 * scale, what)
        self.near(answer[10], mae(ahead(method, points, o))[0], scale, what)

    def test_forecasts_are_those_of_a_second_computation(self):
        cases = [make(random.Random(f"{SEED}/{i}")) for i in range(CASES)]
        with tempfile.TemporaryDirectory() as folder:
            Path(folder, "driver.lua").write_text(DRIVER)
            rows = [lua({"series": dict(zip(x, y)), "options": o}) for x, y, o in cases]
            Path(folder, "cases.lua").write_text("return {\n" + ",\n".join(rows) + "}\n")
            done = subprocess.run([PAGU, "run", "--trust", Path(folder, "driver.lua")], capture_output=True, text=True, cwd=REPO)
            self.assertEqual((done.returncode, done.stderr), (0, ""))
        answers = [line.split("\t") for line in done.stdout.splitlines()]
        self.assertEqual(len(answers), len(cases))
        for i, (case, answer) in enumerate(zip(cases, answers)):
            self.check(i, case, answer)


# ---- project and forward on random plans ----

PLAN_DRIVER = '''
local pagu = require "pagu"
for _, c in ipairs(require "cases") do
  local plan <close> = assert(pagu.read_json(c.plan))
  local s = plan:branch "acak"
  local before = s:hash()
  local ok, err = pcall(s[c.verb], s, c.options)
  local out = { ok and "ok" or type(err) == "table" and err.code or tostring(err) }
  if not ok and s:hash() ~= before then out[1] = out[1] .. " but changed" end
  for node in s:select {}:each() do
    for _, year in ipairs { 2025, 2026 } do
      local value, mark = s:get(node, "budget", year)
      out[#out + 1] = node.key .. " " .. year .. " " .. (mark or tostring(value))
    end
  end
  if ok and #s:journal() > 0 then
    s:undo()
    if s:hash() ~= before then out[1] = "not undone" end
  end
  print(table.concat(out, "\\t"))
end
'''


def random_plan(r):
    """{ line: { year: amount, None or "-" } }, and targets of some lines in 2024."""
    lines, targets = {}, {}
    for program in range(1, r.randint(2, 3) + 1):
        for activity in range(1, r.randint(1, 4) + 1):
            key = f"{program}.{activity:02d}"
            start = r.choice([2019, 2019, 2020, 2023])
            lines[key] = {y: r.choice([None, "-"] + [r.randint(1, 10**r.randint(3, 11))] * 8) for y in range(start, 2024)}
            lines[key][2024] = r.choice([None, "-", 0] + [r.randint(1, 10**10)] * 9)
            if r.random() < 0.7:
                targets[key] = (r.randint(1, 200), r.randint(0, 200))
    return lines, targets


def plan_json(lines, targets):
    programs = sorted({k.split(".")[0] for k in lines})
    amounts = [[k, "dpa" if y == 2024 else "common", str(y), str(v), ""] for k, values in lines.items() for y, v in values.items() if v is not None]
    measures = [[f"{k}#1", "dpa", str(y), "target", str(v), "", ""] for k, pair in targets.items() for y, v in zip((2024, 2025), pair)]
    tables = {
        "stages": [["stage", "name", "kind", "role", "rank"], ["common", "C", "common", "", "0"], ["dpa", "D", "plan", "", "1"]],
        "levels": [["tree", "level", "rank", "name", "name_en", "length"], ["main", "plan", "0", "P", "P", "0"],
                   ["main", "program", "1", "P", "P", "1"], ["main", "kegiatan", "2", "K", "K", "2"]],
        "nodes": [["node", "parent", "level", "code", "name", "sign", "stages"], [".", "", "plan", "-", "P", "", ""]]
        + [[p, "", "program", p, "P", "", ""] for p in programs] + [[k, "", "kegiatan", k, "K", "", ""] for k in lines],
        "amounts": [["node", "stage", "period", "budget", "spent"]] + amounts,
        "units": [["unit", "name", "kind", "synonyms", "over_time", "over_children", "scale", "categories"],
                  ["orang", "Orang", "count", "", "sum", "none", "", ""]],
        "indicators": [["indicator", "owner", "type", "name", "unit", "polarity", "over_time", "over_children", "weight", "definition"]]
        + [[f"{k}#1", k, "output", "T", "orang", "higher", "", "", "", ""] for k in targets],
        "measures": [["indicator", "stage", "period", "field", "value", "unit", "text"]] + measures,
    }
    return json.dumps({"name": "acak", "pagu": {"format": 1, "year": 2024, "years": [2019, 2026]},
                       "resources": [{"name": n, "data": rows} for n, rows in tables.items()]})


def half_away(x, unit=1):
    x = Fraction(x) / unit
    whole = math.floor(abs(x) + Fraction(1, 2))
    return (whole if x >= 0 else -whole) * unit


def nearest(table, key):
    return table.get(key, table.get(key.split(".")[0], table.get("/")))


def slack(x, unit):
    """What an estimate in doubles may be off: a unit where the exact one lies at half of one, else nothing."""
    part = abs(Fraction(x)) / unit % 1
    return unit if abs(part - Fraction(1, 2)) < Fraction(1, 10**6) + abs(Fraction(x)) / unit / 10**14 else 0


class Refused(Exception):
    pass


def model_project(lines, o):
    """{ line: { year: value } } of project with exact methods, by line; and what rounding may change of each."""
    out, loose = {}, {}
    for key, values in lines.items():
        method = nearest(o["method"], key)
        if not isinstance(values.get(2024), int):
            continue
        points = [(y, Fraction(v)) for y, v in sorted(values.items()) if isinstance(v, int)]
        if len(points) < NEED[method] + 1:
            if o.get("on_short") == "skip":
                continue
            raise Refused("no_history")
        value = fit(method, points, {})[0]
        out[key] = {year: half_away(max(value(year), 0), o["unit"]) for year in (2025, 2026)}
        loose[key] = {year: slack(max(value(year), 0), o["unit"]) for year in (2025, 2026)}
    return out, loose


def model_forward(lines, targets, o):
    out = {}
    for key, values in lines.items():
        amount, now = values.get(2024), {}
        for year in (2025, 2026):
            if amount is not None and any(key.startswith(p) for p in o["stop"]):
                amount = "-"
            elif isinstance(amount, int):
                factor = 1 + Fraction(str(nearest(o["growth"], key))) / 100
                if o.get("volume") is not None:
                    factor *= 1 + Fraction(str(o["volume"])) / 100
                amount = half_away(amount * factor, o["unit"])
            if key in o["manual"] and year == 2025 and amount != "-":
                amount = o["manual"][key]
            if amount is not None:
                now[year] = amount
        out[key] = now
    return out


def total(values):
    numbers = [v for v in values if v is not None]
    if not numbers:
        return "nil"
    return "-" if all(v == "-" for v in numbers) else str(sum(v for v in numbers if v != "-"))


def random_call(r, lines):
    if r.random() < 0.6:
        methods = ["naive", "mean", "drift", "linear", "theil_sen"]
        return "project", {"method": {"/": r.choice(methods), "1": r.choice(methods)}, "years": 2, "unit": r.choice([1, 1000]),
                           **({"on_short": "skip"} if r.random() < 0.7 else {})}
    planned = [k for k, v in lines.items() if isinstance(v[2024], int)]
    stopped = {r.choice(sorted(lines))} if r.random() < 0.5 else set()
    manual = {k: r.randint(0, 10**9) for k in planned if r.random() < 0.2 and k not in stopped}
    return "forward", {"growth": {"/": r.choice([-5, 0, 3.5, 12.25]), "2": r.choice([6, 7.5])}, "years": 2, "manual": manual,
                       "stop": sorted(stopped), "unit": r.choice([1, 1000]), **({"volume": r.choice([5, -2.5])} if r.random() < 0.5 else {})}


def keyed(options):
    """Lua text of options whose maps have keys of nodes."""
    parts = []
    for name, value in options.items():
        if isinstance(value, dict):
            value = "{" + ",".join(f"[{json.dumps(k)}]={json.dumps(v)}" for k, v in value.items()) + "}"
        elif isinstance(value, list):
            value = lua(value)
        else:
            value = json.dumps(value)
        parts.append(f"{name}={value}")
    return "{" + ",".join(parts) + "}"


class Plans(unittest.TestCase):
    def test_project_and_forward_give_exact_lines_and_totals(self):
        cases = []
        for i in range(max(CASES // 4, 20)):
            r = random.Random(f"plan {SEED}/{i}")
            lines, targets = random_plan(r)
            verb, options = random_call(r, lines)
            cases.append((lines, targets, verb, options))
        with tempfile.TemporaryDirectory() as folder:
            Path(folder, "driver.lua").write_text(PLAN_DRIVER)
            rows = [f"{{plan={json.dumps(plan_json(l, t))},verb={json.dumps(v)},options={keyed({k: x for k, x in o.items() if x != []})}}}"
                    for l, t, v, o in cases]
            Path(folder, "cases.lua").write_text("return {\n" + ",\n".join(rows) + "}\n")
            done = subprocess.run([PAGU, "run", "--trust", Path(folder, "driver.lua")], capture_output=True, text=True, cwd=REPO)
            self.assertEqual((done.returncode, done.stderr), (0, ""))
        answers = done.stdout.splitlines()
        self.assertEqual(len(answers), len(cases))
        for i, (case, answer) in enumerate(zip(cases, answers)):
            self.check(i, case, answer.split("\t"))

    def check(self, i, case, answer):
        lines, targets, verb, o = case
        try:
            wanted, loose = model_project(lines, o) if verb == "project" else (model_forward(lines, targets, o), {})
        except Refused as refused:
            return self.assertEqual(answer[0], str(refused), (i, case))
        self.assertEqual(answer[0], "ok", (i, case))
        for text in answer[1:]:
            key, year, value = text.split(" ")
            inside = [k for k in lines if key == "/" or k == key or k.startswith(key + ".")]
            exact = total(wanted.get(k, {}).get(int(year)) for k in inside)
            allowed = sum(loose.get(k, {}).get(int(year), 0) for k in inside)
            if allowed and exact not in ("nil", "-"):
                self.assertLessEqual(abs(int(value) - int(exact)), allowed, (i, key, year, case))
            else:
                self.assertEqual(value, exact, (i, key, year, case))


if __name__ == "__main__":
    unittest.main()
