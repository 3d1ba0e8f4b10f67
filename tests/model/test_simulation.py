#!/usr/bin/env python3
"""Simulation by a second computation: Philox, the hash of names, AS 241, mixing, rounding and roll-up written out here
in plain Python integers and doubles, against the draws that the engine gives. Every one must be the same number."""

import math
import os
import subprocess
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGU = os.environ.get("PAGU", str(ROOT / "build" / "pagu"))
PLAN = ROOT / "examples" / "renja-tarakan-2024"
M32, M64 = 0xFFFFFFFF, 0xFFFFFFFFFFFFFFFF
DRAWS, SEED = 1100, 20240917  # more than two blocks of 512


# ---- the random numbers ----

def philox(key, counter):
    """Philox4x32-10 of Salmon and others, 2011."""
    a, b, c, d = counter
    k0, k1 = key
    for _ in range(10):
        p, q = 0xD2511F53 * a, 0xCD9E8D57 * c
        a, b, c, d = (q >> 32) ^ b ^ k0, q & M32, (p >> 32) ^ d ^ k1, p & M32
        k0, k1 = (k0 + 0x9E3779B9) & M32, (k1 + 0xBB67AE85) & M32
    return a, b, c, d


def hash_bytes(data):
    def fold(a, b):
        product = a * b
        return (product & M64) ^ (product >> 64)
    h = 0x9E3779B97F4A7C15 ^ len(data)
    whole = len(data) // 8 * 8
    for i in range(0, whole, 8):
        h = fold(h ^ int.from_bytes(data[i:i + 8], "little"), 0xD6E8FEB86659FD93)
    if whole < len(data):
        h = fold(h ^ int.from_bytes(data[whole:], "little"), 0xA0761D6478BD642F)
    return fold(h ^ 0xE7037ED1A0B428DB, 0x8EBC6AF09C88C6E3)


def key_of(kind, name, line="", period=""):
    mixed = (SEED ^ hash_bytes("\n".join((kind, name, line, period)).encode())) & M64
    return mixed & M32, mixed >> 32


def unit(key, draw):
    block, slot = divmod(draw, 512)
    half, at = divmod(slot, 256)
    words = philox(key, (block * 256 + at, 0, 0, 0))
    bits = (words[2 * half] << 32 | words[2 * half + 1]) >> 12
    return (bits + 0.5) * 2.0**-52


# ---- AS 241, with the logarithm of fdlibm: math.log may differ in the last place ----

def log(x):
    m, k = math.frexp(x)
    if m < math.sqrt(0.5):
        m, k = 2 * m, k - 1
    f = m - 1.0
    hfsq, s = 0.5 * f * f, f / (2.0 + f)
    z = s * s
    w = z * z
    t1 = w * (3.999999999940941908e-01 + w * (2.222219843214978396e-01 + w * 1.531383769920937332e-01))
    t2 = z * (6.666666666666735130e-01 + w * (2.857142874366239149e-01 + w * (
        1.818357216161805012e-01 + w * 1.479819860511658591e-01)))
    r = t1 + t2
    return k * 6.93147180369123816490e-01 - ((hfsq - (s * (hfsq + r) + k * 1.90821492927058770002e-10)) - f)


def horner(r, *coefficients):
    x = coefficients[0]
    for c in coefficients[1:]:
        x = x * r + c
    return x


def quantile(u):
    q = u - 0.5
    if abs(q) <= 0.425:
        r = 0.180625 - q * q
        return q * horner(r, 2.5090809287301226727e+3, 3.3430575583588128105e+4, 6.7265770927008700853e+4,
                          4.5921953931549871457e+4, 1.3731693765509461125e+4, 1.9715909503065514427e+3,
                          1.3314166789178437745e+2, 3.3871328727963666080e0) / horner(
            r, 5.2264952788528545610e+3, 2.8729085735721942674e+4, 3.9307895800092710610e+4, 2.1213794301586595867e+4,
            5.3941960214247511077e+3, 6.8718700749205790830e+2, 4.2313330701600911252e+1, 1.0)
    r = math.sqrt(-log(u if q < 0 else 1.0 - u))
    assert r <= 5
    r -= 1.6
    z = horner(r, 7.74545014278341407640e-4, 2.27238449892691845833e-2, 2.41780725177450611770e-1, 1.27045825245236838258e0,
               3.64784832476320460504e0, 5.76949722146069140550e0, 4.63033784615654529590e0,
               1.42343711074968357734e0) / horner(
        r, 1.05075007164441684324e-9, 5.47593808499534494600e-4, 1.51986665636164571966e-2, 1.48103976427480074590e-1,
        6.89767334985100004550e-1, 1.67638483018380384940e0, 2.05319162663775882187e0, 1.0)
    return -z if q < 0 else z


def normal(key, draw):
    return quantile(unit(key, draw))


def rounded(x):
    """Half away from zero."""
    whole = math.floor(abs(x))
    whole += abs(x) - whole >= 0.5
    return int(math.copysign(whole, x))


# ---- the engine ----

def engine(lua):
    program = f"local plan, lines = plan, {{}}\n{lua}"
    done = subprocess.run([PAGU, "eval", str(PLAN), program], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return [[int(x) for x in row.split(" ")] for row in done.stdout.strip().split("\n")]


def lines_below(key):
    out = subprocess.run([PAGU, "eval", str(PLAN), f"""
        local out = {{}}
        for n in plan:lines("{key}"):each() do
          local v = plan:get(n.key, "budget", 2024)
          if v then out[#out + 1] = n.key .. " " .. v end
        end
        return table.concat(out, "\\n")"""], capture_output=True, text=True, check=False)
    assert out.returncode == 0, out.stderr
    return [(k, int(v)) for k, v in (row.split(" ") for row in out.stdout.strip().split("\n"))]


def simulate(vary, ask, more=""):
    rows = ", '\\n', ".join(f"table.concat(r:values('{key}', {year}), ' ')" for key, year in ask)
    return engine(f"""
        local s = plan:branch "x"
        s:project{{ years = 1, growth = 4, unit = 1000 }}
        local r = s:simulate{{ draws = {DRAWS}, seed = {SEED}, vary = {{ {vary} }} {more} }}
        return table.concat({{ {rows} }})""")


class Draws(unittest.TestCase):
    def test_philox_gives_its_published_answers(self):
        self.assertEqual(philox((0, 0), (0, 0, 0, 0)), (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8))

    def test_a_factor_for_every_line(self):
        got, = simulate('{ name = "harga", at = "1.06.04", per = "line", by = pagu.dist.normal(1.03, 0.12) }',
                        [("1.06.04", 2024)])
        lines = [(key_of("vary", "harga", k, "2024"), v) for k, v in lines_below("1.06.04")]
        self.assertGreater(len(lines), 5)
        for draw in range(0, DRAWS, 7):
            wanted = sum(rounded((1.03 + 0.12 * normal(key, draw)) * value) for key, value in lines)
            self.assertEqual(got[draw], wanted, draw)

    def test_a_shared_triangle_and_a_shared_factor(self):
        a, b = simulate("""{ name = "a", at = "1.06.04", by = pagu.dist.triangular(0.9, 1, 1.3) },
            { name = "b", at = "1.06.06", percent = pagu.dist.normal(2, 5), factors = { inflasi = 0.6 } }""",
                        [("1.06.04", 2024), ("1.06.06", 2024)])
        key, own, factor = key_of("vary", "a", "", "2024"), key_of("vary", "b", "", "2024"), key_of("factor", "inflasi", "", "2024")
        first, second = lines_below("1.06.04"), lines_below("1.06.06")
        for draw in range(DRAWS):
            u = unit(key, draw)
            wide, left, right = 1.3 - 0.9, 1 - 0.9, 1.3 - 1
            f = 0.9 + math.sqrt(u * wide * left) if u * wide < left else 1.3 - math.sqrt((1 - u) * wide * right)
            self.assertEqual(a[draw], sum(rounded(f * v) for _, v in first), draw)
            z = normal(own, draw) * math.sqrt(1 - 0.6 * 0.6) + 0.6 * normal(factor, draw)
            f = 1.0 + (2 + 5 * z) / 100.0
            self.assertEqual(b[draw], sum(rounded(f * v) for _, v in second), draw)

    def test_a_correlation_matrix(self):
        a, b = simulate("""{ name = "a", at = "1.06.05", by = pagu.dist.normal(1, 0.1) },
            { name = "b", at = "1.06.06", by = pagu.dist.normal(1, 0.2) }""", [("1.06.05", 2024), ("1.06.06", 2024)],
                        ', correlation = { { "a", "b", -0.7 } }')
        ka, kb = key_of("vary", "a", "", "2024"), key_of("vary", "b", "", "2024")
        first, second = lines_below("1.06.05"), lines_below("1.06.06")
        rest = math.sqrt(1 - 0.7 * 0.7)
        for draw in range(DRAWS):
            x, y = normal(ka, draw), normal(kb, draw)
            self.assertEqual(a[draw], sum(rounded((1 + 0.1 * x) * v) for _, v in first), draw)
            z = -0.7 * x + rest * y
            self.assertEqual(b[draw], sum(rounded((1 + 0.2 * z) * v) for _, v in second), draw)

    def test_years_on_top_of_each_other(self):
        a, b = simulate('{ name = "naik", at = "1.06.06", years = { 2024, 2025 }, path = "cumulative", by = pagu.dist.uniform(0.9, 1.2) }',
                        [("1.06.06", 2024), ("1.06.06", 2025)])
        keys = [key_of("vary", "naik", "", year) for year in ("2024", "2025")]
        now = lines_below("1.06.06")
        later = [int(math.floor(v * 1.04 / 1000 + 0.5)) * 1000 for _, v in now]
        for draw in range(DRAWS):
            f = 0.9 + (1.2 - 0.9) * unit(keys[0], draw)
            self.assertEqual(a[draw], sum(rounded(f * v) for _, v in now), draw)
            f = (0.9 + (1.2 - 0.9) * unit(keys[1], draw)) * f
            self.assertEqual(b[draw], sum(rounded(f * v) for v in later), draw)

    def test_an_event_that_adds_money(self):
        got, = simulate('{ name = "banjir", at = "1.06.06", delta = pagu.dist.events{ { p = 0.2, effect = 300000001 } } }',
                        [("1.06.06", 2024)])
        key, base = key_of("vary", "banjir", "", "2024"), sum(v for _, v in lines_below("1.06.06"))
        happened = 0
        for draw in range(DRAWS):
            hit = unit(key, draw) < 0.2
            happened += hit
            self.assertEqual(got[draw], base + (300000001 if hit else 0), draw)
        self.assertTrue(150 < happened < 290)

    def test_quantiles_and_probability(self):
        done = subprocess.run([PAGU, "eval", str(PLAN), """
            local r = plan:simulate{ draws = 777, vary = { { name = "h", at = "/", per = "line", by = pagu.dist.lognormal(1, 0.3) } } }
            local x = r:values "/"
            return table.concat(x, " ") .. "\\n" .. r:quantile("/", 0.1) .. " " .. r:quantile("/", 0.9) .. " "
              .. string.format("%.17g", r:probability{ above = plan:get "/" })"""], capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)
        first, second = done.stdout.strip().split("\n")
        x = sorted(int(v) for v in first.split())
        p10, p90, share = second.split()
        base = sum(v for _, v in lines_below("/"))
        for p, got in ((0.1, p10), (0.9, p90)):
            h = 776 * p
            low = math.floor(h)
            self.assertLessEqual(abs(int(got) - (x[low] + (h - low) * (x[low + 1] - x[low]))), 0.5001)
        self.assertEqual(float(share), sum(v > base for v in x) / 777)


if __name__ == "__main__":
    unittest.main()
