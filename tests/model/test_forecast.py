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


if __name__ == "__main__":
    unittest.main()
