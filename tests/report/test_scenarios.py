#!/usr/bin/env python3
"""The shipped scenario scripts, run as an analyst would, against arithmetic done here from the
package's CSV files."""

import csv
import io
import json
import math
import re
import tempfile
import unittest
import zipfile
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from pathlib import Path
from statistics import NormalDist

from tarakan import PLAN, REPO, Plan, read_csv, run, run_script

FINAL = Plan("final")
TOTAL = FINAL.total()
SCRIPTS = sorted(p.stem for p in (REPO / "scenarios").glob("*.lua"))


def rounded(x, unit=1):
    """Half away from zero to a multiple of unit, of a positive fraction."""
    return int((Decimal(x.numerator) / Decimal(x.denominator) / unit).quantize(Decimal(1), ROUND_HALF_UP)) * unit


def two_places(part, whole):
    return rounded(Fraction(part * 10000, whole)) / 100


class RehabilitasiKePangan(unittest.TestCase):
    GEDUNG, MAKAN, ALAT = "1.06.01.2.09.09", "1.06.04.2.01.01", "1.06.04.2.01.03"

    def more_people(self, code, amount):
        before = FINAL.lines[code]
        return int(Fraction((before + amount) * int(FINAL.target(code)), before)) - int(FINAL.target(code))

    def check(self, amount, share, *params):
        metrics, answer = run_script("rehabilitasi-ke-pangan", *params)
        food = amount * share // 100
        self.assertEqual(metrics["tambahan_permakanan"], self.more_people(self.MAKAN, food))
        self.assertEqual(metrics["tambahan_alat_bantu"], self.more_people(self.ALAT, amount - food))
        self.assertEqual(metrics["sisa_gedung"], FINAL.lines[self.GEDUNG] - amount)
        self.assertEqual(metrics["jumlah_pagu"], TOTAL)
        changed = {r["key"]: int(r["delta"]) for r in comparison(answer)}
        self.assertEqual(changed, {k: v for k, v in {self.GEDUNG: -amount, self.MAKAN: food, self.ALAT: amount - food}.items() if v})

    def test_money_feeds_people_at_todays_cost(self):
        self.check(100_000_000, 60)

    def test_parameters_change_amount_and_share(self):
        self.check(50_000_000, 100, "jumlah=50 jt", "pangan=100")

    def test_more_than_the_building_has_is_refused(self):
        done = run("run", "scenarios/rehabilitasi-ke-pangan.lua", "--plan", PLAN, "--param", "jumlah=250000000")
        self.assertEqual((done.returncode, done.stdout), (4, ""))
        self.assertIn(self.GEDUNG, done.stderr)


def comparison(answer):
    """Rows of the comparison with the base, without the total: key and delta."""
    rows = answer["comparison"]["rows"]
    delta = [c["name"] for c in answer["comparison"]["columns"] if c["name"].startswith("delta")][0]
    return [{"key": r["key"], "delta": r[delta]} for r in rows if r["key"]]


class PaguTurun(unittest.TestCase):
    PROTECTED = ("1.06.01.2.02", "1.06.04", "1.06.05", "1.06.06")

    def check(self, ceiling, *params):
        metrics, answer = run_script("pagu-turun", *params)
        protected = sum(map(FINAL.total, self.PROTECTED))
        self.assertEqual(metrics["jumlah_pagu"], ceiling)
        self.assertEqual(metrics["dilindungi"], protected)
        self.assertEqual(metrics["dipotong"], TOTAL - ceiling)
        self.assertEqual(metrics["potongan"], two_places(TOTAL - ceiling, TOTAL - protected))
        return {r["key"]: int(r["delta"]) for r in comparison(answer)}, protected

    def test_the_ceiling_is_met_to_the_rupiah_and_what_is_protected_keeps_its_money(self):
        changed, _ = self.check(6_000_000_000)
        self.assertEqual(sum(changed.values()), 6_000_000_000 - TOTAL)
        self.assertFalse([k for k in changed if k.startswith(self.PROTECTED)])

    def test_every_free_line_gives_its_share_within_one_unit(self):
        changed, protected = self.check(6_000_000_000)
        for code, amount in FINAL.lines.items():
            if not code.startswith(self.PROTECTED):
                exact = Fraction(amount * (6_000_000_000 - protected), TOTAL - protected)
                self.assertLess(abs(amount + changed[code] - exact), 2 * 1000, code)

    def test_to_the_rupiah_no_line_is_off_by_a_whole_rupiah(self):
        changed, protected = self.check(5_500_000_000, "pagu=5,5 M", "satuan=1")
        for code, amount in FINAL.lines.items():
            if not code.startswith(self.PROTECTED):
                exact = Fraction(amount * (5_500_000_000 - protected), TOTAL - protected)
                self.assertLess(abs(amount + changed[code] - exact), 1, code)

    def test_a_ceiling_below_what_is_protected_is_refused_with_the_least_there_can_be(self):
        done = run("run", "scenarios/pagu-turun.lua", "--plan", PLAN, "--param", "pagu=3 M")
        self.assertEqual((done.returncode, done.stdout), (4, ""))
        least = f"{sum(map(FINAL.total, self.PROTECTED)):,}".replace(",", ".")
        self.assertIn(least, done.stderr)


class PotonganWajib(unittest.TestCase):
    SALARIES, BASIC = "1.06.01.2.02", ("1.06.04", "1.06.05", "1.06.06")

    def rate(self, code):
        try:
            return Fraction(FINAL.target(code)) / FINAL.lines[code]
        except (TypeError, ValueError, KeyError):
            return Fraction(0)

    def expected(self, percent, shrink, rest, unit):
        """Least harm: the lines that buy the least of their target give first, down to their floor."""
        need = rounded(Fraction(TOTAL * percent, 100))
        out = {}
        for code in sorted((c for c, x in FINAL.lines.items() if x > 0), key=lambda c: (self.rate(c), c)):
            if code.startswith(self.SALARIES):
                continue
            keep = 100 - shrink if code.startswith(self.BASIC) else rest
            room = FINAL.lines[code] - rounded(Fraction(FINAL.lines[code] * keep, 100))
            step = min(room - room % unit, need) if need > room else need
            if step:
                out[code] = -step
                need -= step
        return out, need

    def check(self, percent, shrink, rest, unit, *params):
        metrics, answer = run_script("potongan-wajib", *params)
        wanted, left = self.expected(percent, shrink, rest, unit)
        self.assertEqual(left, 0)
        changed = {r["key"]: int(r["delta"]) for r in comparison(answer)}
        self.assertEqual(changed, wanted)
        self.assertEqual(metrics["dipotong"], -sum(wanted.values()))
        basic = -sum(v for k, v in wanted.items() if k.startswith(self.BASIC))
        self.assertEqual(metrics["layanan_dasar_turun"], basic)
        fallen = {k for k in wanted if math.floor(Fraction(FINAL.target(k)) * (FINAL.lines[k] + wanted[k]) / FINAL.lines[k])
                  != Fraction(FINAL.target(k))}
        self.assertEqual(metrics["target_turun"], len(fallen))

    def test_the_dearest_units_are_given_up_first_and_floors_hold(self):
        self.check(10, 5, 40, 1000)

    def test_parameters_change_cut_and_floors(self):
        self.check(20, 10, 25, 1, "potongan=20", "susut=10", "sisa=25", "satuan=1")

    def test_in_proportion_no_floor_is_crossed(self):
        metrics, answer = run_script("potongan-wajib", "cara=rata", "potongan=12", "susut=2")
        changed = {r["key"]: int(r["delta"]) for r in comparison(answer)}
        self.assertEqual(sum(changed.values()), -rounded(Fraction(TOTAL * 12, 100)))
        self.assertFalse([k for k in changed if k.startswith(self.SALARIES)])
        for code, delta in changed.items():
            keep = 98 if code.startswith(self.BASIC) else 40
            self.assertGreaterEqual(FINAL.lines[code] + delta, rounded(Fraction(FINAL.lines[code] * keep, 100)), code)
        self.assertGreater(metrics["orang_berkurang"], 0)

    def test_a_cut_beyond_the_floors_is_refused_with_the_least_there_can_be(self):
        done = run("run", "scenarios/potongan-wajib.lua", "--plan", PLAN, "--param", "potongan=40")
        self.assertEqual((done.returncode, done.stdout), (4, ""))
        least = sum(x if c.startswith(self.SALARIES) else
                    rounded(Fraction(x * (95 if c.startswith(self.BASIC) else 40), 100)) for c, x in FINAL.lines.items())
        self.assertIn(f"{least:,}".replace(",", "."), done.stderr)


class NaikTarget(unittest.TestCase):
    FOOD, PAYER = "1.06.04.2.01.01", "1.06.01.2.09.09"

    def test_the_cost_is_unit_cost_times_the_people_added_and_the_payer_bears_it(self):
        metrics, answer = run_script("naik-target")
        unit_cost = Fraction(FINAL.lines[self.FOOD], int(FINAL.target(self.FOOD)))
        cost = rounded(unit_cost * (260 - int(FINAL.target(self.FOOD))))
        self.assertEqual(metrics["target_lama"], FINAL.target(self.FOOD))
        self.assertEqual(metrics["target_baru"], 260)
        self.assertEqual(metrics["biaya_per_satuan"], float(unit_cost))
        self.assertEqual(metrics["biaya_tambahan"], cost)
        self.assertEqual(metrics["sisa_pembayar"], FINAL.lines[self.PAYER] - cost)
        self.assertEqual(metrics["jumlah_pagu"], TOTAL)
        self.assertEqual({r["key"]: int(r["delta"]) for r in comparison(answer)}, {self.FOOD: cost, self.PAYER: -cost})

    def test_any_activity_may_be_raised_and_any_may_pay(self):
        code, payer = "1.06.04.2.01.03", "2.13.05.2.01.09"
        metrics, _ = run_script("naik-target", f"kegiatan={code}", f"pembayar={payer}", "target=75")
        after = rounded(Fraction(FINAL.lines[code] * 75, int(FINAL.target(code))))
        self.assertEqual(metrics["biaya_tambahan"], after - FINAL.lines[code])
        self.assertEqual(metrics["sisa_pembayar"], FINAL.lines[payer] - (after - FINAL.lines[code]))

    def test_a_payer_without_enough_money_is_refused(self):
        done = run("run", "scenarios/naik-target.lua", "--plan", PLAN, "--param", "pembayar=1.06.01.2.06.01")
        self.assertEqual(done.returncode, 4)
        self.assertIn("1.06.01.2.06.01", done.stderr)

    def test_an_unknown_code_is_refused_with_the_nearest(self):
        done = run("run", "scenarios/naik-target.lua", "--plan", PLAN, "--param", "kegiatan=1.06.04.2.01.11")
        self.assertEqual(done.returncode, 4)
        self.assertIn("1.06.04.2.01.1", done.stderr.replace("1.06.04.2.01.11", ""))


class PrakiraanMaju(unittest.TestCase):
    SALARY = "1.06.01.2.02"

    def next_year(self, general, salary, unit):
        def grown(code):
            percent = salary if code.startswith(self.SALARY + ".") else general
            return rounded(FINAL.lines[code] * (1 + Fraction(percent) / 100), unit)
        return {code: grown(code) for code in FINAL.lines}

    def check(self, general, salary, unit, *params):
        metrics, _ = run_script("prakiraan-maju", *params)
        lines = self.next_year(general, salary, unit)
        total = sum(lines.values())
        self.assertEqual(metrics["tahun_ini"], TOTAL)
        self.assertEqual(metrics["tahun_depan"], total)
        self.assertEqual(metrics["gaji_tahun_depan"],
                         sum(v for k, v in lines.items() if k.startswith(self.SALARY + ".")))
        self.assertEqual(metrics["kenaikan"], two_places(total - TOTAL, TOTAL))

    def test_every_line_grows_by_the_nearest_index(self):
        self.check("3.5", 6, 1000)

    def test_indexes_and_rounding_are_parameters(self):
        self.check("2.25", "7.5", 1, "umum=2,25", "gaji=7.5", "satuan=1")


class PertumbuhanInflasi(unittest.TestCase):
    SALARY = "1.06.01.2.02"

    def member(self, growth, inflation, salary=Fraction(5), unit=1000):
        """Needs, ceiling, difference and what can be bought, from the files."""
        lines = {code: rounded(amount * (1 + (salary if code.startswith(self.SALARY + ".") else inflation) / 100), unit)
                 for code, amount in FINAL.lines.items()}
        needs = sum(lines.values())
        pay = sum(v for k, v in lines.items() if k.startswith(self.SALARY + "."))
        ceiling = rounded(Fraction(rounded(TOTAL * (1 + growth / 100))), unit)
        bought = min(needs, ceiling) - pay
        return {"kebutuhan": needs, "pagu": ceiling, "selisih": ceiling - needs, "terbeli": two_places(bought, needs - pay)}

    def test_a_sweep_is_what_the_files_say_member_by_member(self):
        done = run("sweep", "scenarios/pertumbuhan-inflasi.lua", "--plan", PLAN, "--grid", "pertumbuhan=0:8:1.6", "--grid",
                   "inflasi=1:5:0.5", "--format", "csv")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        rows = list(csv.DictReader(io.StringIO(done.stdout)))
        points = [(Fraction(8 * g, 5), 1 + Fraction(i, 2)) for g in range(6) for i in range(9)]
        self.assertEqual([(Fraction(r["pertumbuhan"]), Fraction(r["inflasi"])) for r in rows], points)
        for row, (growth, inflation) in zip(rows, points):
            wanted = self.member(growth, inflation)
            self.assertEqual({k: float(row[k]) for k in wanted}, {k: float(v) for k, v in wanted.items()}, (growth, inflation))

    def test_where_salaries_alone_exceed_the_ceiling_the_member_fails(self):
        done = run("sweep", "scenarios/pertumbuhan-inflasi.lua", "--plan", PLAN, "--grid", "pertumbuhan=-60,0", "--format", "csv")
        self.assertEqual(done.returncode, 1)
        rows = list(csv.DictReader(io.StringIO(done.stdout)))
        self.assertIn("3.607.507.000", rows[0]["error"])
        self.assertEqual((rows[1]["error"], rows[1]["pagu"]), ("", str(self.member(Fraction(0), Fraction(3))["pagu"])))


class ProyeksiTigaTahun(unittest.TestCase):
    """Projections to the rupiah; quantiles and probabilities against the normal distribution they must be near to."""

    SALARY, DRAWS = "1.06.01.2.02", 4000

    def project(self, general, salary, years, unit=1000):
        lines = dict(FINAL.lines)
        for _ in range(years):
            for code in lines:
                percent = salary if code.startswith(self.SALARY + ".") else general
                lines[code] = rounded(lines[code] * (1 + Fraction(percent) / 100), unit)
        return lines

    def deviation(self, lines, sd, years):
        pay = sum(v for k, v in lines.items() if k.startswith(self.SALARY + "."))
        other = sum(lines.values()) - pay
        a, b = other * sd / 100, pay * sd / 200
        return (years * (a * a + b * b + 2 * 0.8 * 0.5 * a * b)) ** 0.5

    def test_projections_are_exact_and_quantiles_and_probabilities_near_the_normal_ones(self):
        metrics, _ = run_script("proyeksi-2025-2027")
        normal = NormalDist()
        ceiling = TOTAL
        for year in (1, 2, 3):
            lines = self.project("3.5", 6, year)
            total, sd = sum(lines.values()), self.deviation(lines, 3, year)
            ceiling = rounded(ceiling * Fraction("1.05"), 1000)
            self.assertEqual(metrics[f"proyeksi_{year}"], total)
            share = 1 - normal.cdf((ceiling - total) / sd)
            self.assertAlmostEqual(metrics[f"peluang_{year}"], 100 * share, delta=4 * 100 * (share * (1 - share) / self.DRAWS) ** 0.5)
        self.assertEqual(metrics["batas_3"], ceiling)
        for name, quantile in (("p10", 0.1), ("p50", 0.5), ("p90", 0.9)):
            error = (quantile * (1 - quantile) / self.DRAWS) ** 0.5 * sd / normal.pdf(normal.inv_cdf(quantile))
            self.assertAlmostEqual(metrics[name], total + sd * normal.inv_cdf(quantile), delta=4 * error)

    def test_the_report_holds_the_same_numbers_as_the_metrics(self):
        with tempfile.TemporaryDirectory() as folder:
            done = run("run", "scenarios/proyeksi-2025-2027.lua", "--plan", PLAN, "--json", "--out", folder,
                       "--param", f"laporan={folder}/proyeksi", "--param", "percobaan=500")
            self.assertEqual(done.returncode, 0, done.stderr)
            metrics = json.loads(done.stdout)["metrics"]
            page = Path(folder, "proyeksi.html").read_text(encoding="utf-8")
            with zipfile.ZipFile(Path(folder, "proyeksi.xlsx")) as book:
                cells = "".join(book.read(n).decode() for n in book.namelist() if n.startswith("xl/worksheets/sheet"))
        for name in ("proyeksi_1", "proyeksi_2", "proyeksi_3", "p10", "p50", "p90"):
            self.assertIn(f"{metrics[name]:,}".replace(",", "."), page, name)
            self.assertIn(f"<v>{metrics[name]}</v>", cells, name)
        for year in (1, 2, 3):
            self.assertIn(f"{metrics[f'peluang_{year}']:.2f}".replace(".", ",") + "%", page)
        for word in ("Ketidakpastian", "P10 sampai P90", "benih 7", "indeks harga, tiga tahun", "<svg"):
            self.assertIn(word, page)


class UsulanWarga(unittest.TestCase):
    PROPOSALS = read_csv(PLAN / "proposals.csv")
    VALUE = sum(int(r["amount"]) for r in PROPOSALS)
    LINE = PROPOSALS[0]["node"]

    def test_proposals_are_paid_from_what_was_not_detailed_yet(self):
        metrics, _ = run_script("usulan-warga")
        self.assertEqual(metrics["usulan"], len(self.PROPOSALS))
        self.assertEqual(metrics["nilai"], self.VALUE)
        self.assertEqual(metrics["belum_dirinci"], FINAL.lines[self.LINE] - self.VALUE)
        self.assertEqual(metrics["jumlah_pagu"], TOTAL)

    def test_or_they_add_to_the_budget(self):
        metrics, answer = run_script("usulan-warga", "menambah=ya")
        self.assertEqual(metrics["belum_dirinci"], FINAL.lines[self.LINE])
        self.assertEqual(metrics["jumlah_pagu"], TOTAL + self.VALUE)
        self.assertEqual(comparison(answer), [{"key": self.LINE, "delta": str(self.VALUE)}])


class UraiKenaikan(unittest.TestCase):
    DRAFT, NEED = Plan("draft"), Plan("need")
    PROGRAMS = [n for n, r in Plan("need").nodes.items() if r["level"] == "program"]

    def test_each_step_is_what_the_program_gained_and_the_steps_add_up(self):
        metrics, _ = run_script("urai-kenaikan")
        steps = {m.split(" ")[0]: v for m, v in metrics.items() if re.match(r"\d", m)}
        self.assertEqual(steps, {p: self.NEED.total(p) - self.DRAFT.total(p) for p in self.PROGRAMS})
        self.assertEqual(metrics["kenaikan"], sum(steps.values()))
        self.assertEqual(metrics["kenaikan"], self.NEED.total() - self.DRAFT.total())
        self.assertEqual(metrics["sesudah_semua"], self.DRAFT.total())

    def test_on_the_stage_itself_the_comparison_shows_the_lines(self):
        _, answer = run_script("urai-kenaikan", stage="need")
        changed = {r["key"]: int(r["delta"]) for r in comparison(answer)}
        lines = set(self.DRAFT.lines) | set(self.NEED.lines)
        expected = {n: self.DRAFT.lines.get(n, 0) - self.NEED.lines.get(n, 0) for n in lines}
        self.assertEqual({k: v for k, v in changed.items() if v}, {k: v for k, v in expected.items() if v})


class AlokasiTerbaik(unittest.TestCase):
    """Points fall with money, line by line: the best keeps the dearest rupiah last, a fractional knapsack."""

    HELD, BASIC = "1.06.01.2.02", ("1.06.04", "1.06.05", "1.06.06")

    def best(self, ceiling, weight=3, least=50):
        keep, points, free = {}, {}, []
        for code, amount in FINAL.lines.items():
            held = code.startswith(self.HELD)
            keep[code] = amount if held else -(-amount * least // 100)
            if not held and amount > 0 and FINAL.target(code) is not None:
                points[code] = Fraction(100 * (weight if code.startswith(self.BASIC) else 1), amount)
                free.append(code)
        rest = ceiling - sum(keep.values())
        for code in sorted(free, key=lambda c: -points[c]):
            more = min(rest, FINAL.lines[code] - keep[code])
            keep[code] += more
            rest -= more
        return sum(points[c] * keep[c] for c in free), max(points.values()), keep

    def check(self, ceiling, unit, *params, **how):
        metrics, answer = run_script("alokasi-terbaik", *params)
        points, dearest, keep = self.best(ceiling, **how)
        loss = dearest * unit * len(keep) if unit > 1 else 0
        self.assertLessEqual(metrics["poin_terbaik"], float(points) + 0.01)
        self.assertGreaterEqual(metrics["poin_terbaik"], float(points - loss) - 0.01)
        self.assertLess(metrics["poin_rata"], metrics["poin_terbaik"])
        self.assertTrue(0 <= ceiling - metrics["jumlah_pagu"] < unit)
        changed = {r["key"]: int(r["delta"]) for r in comparison(answer)}
        self.assertFalse([d for d in changed.values() if d % unit])
        return metrics, changed, keep

    def test_to_the_rupiah_it_is_the_fractional_knapsack(self):
        metrics, changed, keep = self.check(6_000_000_000, 1, "satuan=1")
        self.assertEqual(changed, {k: v - FINAL.lines[k] for k, v in keep.items() if v != FINAL.lines[k]})
        cheapest = min(changed, key=lambda k: -FINAL.lines[k] - changed[k])
        self.assertAlmostEqual(metrics["harga_bayangan"], 100 * 10**6 / FINAL.lines[cheapest], places=2)

    def test_in_thousands_little_is_lost_and_what_is_not_cut_stays(self):
        _, changed, _ = self.check(6_000_000_000, 1000)
        self.assertEqual(len(changed), 2)

    def test_parameters_change_ceiling_weight_and_least_share(self):
        self.check(5_500_000_000, 1, "pagu=5,5 M", "bobot=1", "terendah=25", "satuan=1", weight=1, least=25)

    def test_too_small_a_ceiling_names_the_rules_that_contradict(self):
        done = run("run", "scenarios/alokasi-terbaik.lua", "--plan", PLAN, "--param", "pagu=3 M")
        self.assertEqual((done.returncode, done.stdout), (4, ""))
        for word in ("gaji dan tunjangan", "batas jumlah"):
            self.assertIn(word, done.stderr)
class PenyesalanTigaMasaDepan(unittest.TestCase):
    def test_the_reserve_is_regretted_by_what_it_took_from_the_office(self):
        values, _ = run_script("penyesalan-tiga-masa-depan", "nilai_kantor=50", "cadangan=10")
        moved = rounded(Fraction(FINAL.total("1.06.01.2.06") * 10, 100), 1000)
        self.assertEqual(values["sesal_cadangan"], rounded(Fraction(moved, 2)))

    def test_probabilities_beyond_certainty_are_refused(self):
        done = run("run", "scenarios/penyesalan-tiga-masa-depan.lua", "--plan", PLAN, "--param", "peluang_turun=90")
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("peluang_turun", done.stderr)


class JalurRenstra(unittest.TestCase):
    def strategic(self):
        """Indicators with a value of the strategic stage's last year."""
        return {r["indicator"] for r in read_csv(PLAN / "measures.csv") if r["stage"] == "renstra" and r["field"] == "target"}

    def test_each_indicator_of_the_strategic_plan_is_on_its_way_short_or_not_to_be_told(self):
        m, _ = run_script("jalur-renstra")
        self.assertEqual(m["diperiksa"], len(self.strategic()))
        self.assertEqual(m["sampai"] + m["kurang"] + m["tak_terhitung"], m["diperiksa"])
        self.assertEqual(m["dinaikkan"], m["kurang"])
        self.assertEqual(run_script("jalur-renstra", "naikkan=tidak")[0]["dinaikkan"], 0)

    def test_targets_of_the_last_year_are_those_of_the_strategic_plan(self):
        """The plan's year is the Renstra's last: what is short must come to its end value at once."""
        code = ('local k = pagu.script "scenarios/jalur-renstra.lua" local _, s = k:run(plan, {}) local out = {} '
                'for _, i in ipairs(s:indicators()) do local t, old = s:get(i, "target", 2024), plan:get(i, "target", 2024) '
                'if t ~= old then out[#out + 1] = ("%s %g %g"):format(i.id, t, s:get(i, "strategic_target", 2024)) end end '
                'return table.concat(out, "|")')
        raised = [x.split() for x in run("eval", PLAN, code).stdout.strip().split("|")]
        self.assertEqual(len(raised), 3)
        for name, new, end in raised:
            self.assertEqual(float(new), float(end), name)


class EveryScript(unittest.TestCase):
    def test_each_has_its_question_parameters_and_reading_in_its_header(self):
        for name in SCRIPTS:
            head = (REPO / "scenarios" / f"{name}.lua").read_text(encoding="utf-8").split("\nlocal ")[0]
            for word in ("-- Pertanyaan:", "-- Parameter:", "-- Cara membaca hasil:"):
                self.assertIn(word, head, name)

    def test_the_same_run_gives_the_same_bytes(self):
        for name in SCRIPTS:
            for args in ([], ["--json"]):
                a, b = (run("run", f"scenarios/{name}.lua", "--plan", PLAN, *args) for _ in range(2))
                self.assertEqual((a.returncode, a.stderr), (0, ""), name)
                self.assertEqual(a.stdout, b.stdout, name)

    def test_the_plan_is_never_changed(self):
        before = {p.name: p.read_bytes() for p in PLAN.iterdir()}
        for name in SCRIPTS:
            run("run", f"scenarios/{name}.lua", "--plan", PLAN)
        self.assertEqual(before, {p.name: p.read_bytes() for p in PLAN.iterdir()})

    def test_wrong_parameters_are_a_usage_error(self):
        for param in ("jumlah=-5", "jumlah=banyak", "pangan=101", "jumlh=5"):
            done = run("run", "scenarios/rehabilitasi-ke-pangan.lua", "--plan", PLAN, "--param", param)
            self.assertEqual((done.returncode, done.stdout), (2, ""), param)
            self.assertIn(param.split("=")[0], done.stderr)


if __name__ == "__main__":
    unittest.main()
