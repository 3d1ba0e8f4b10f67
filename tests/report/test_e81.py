#!/usr/bin/env python3
"""Form E.81 of a small quarterly plan (packages.py), every figure worked out here again."""

import json
import unittest

from packages import Folder, quarterly
from tarakan import report_json, run

unittest.TestCase.maxDiff = None


def rate(part, whole):
    return 100 * part / whole


class FormE81(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.plan = quarterly(Folder(cls).path)
        cls.table = report_json("e81", plan=cls.plan)
        cls.rows = {r["code"] or r["name"]: r for r in cls.table["rows"]}

    def measures(self, code, *columns):
        cells = [self.rows[code][c] for c in columns]
        return [c if c is None or c == "-" else (c["value"], c["unit"]) for c in cells]

    def money(self, code, *columns):
        return [self.rows[code][c] for c in columns]

    def close(self, code, column, expected):
        self.assertAlmostEqual(self.rows[code][column], expected, places=9, msg=f"{code} {column}")

    def test_columns_are_the_forms_seventeen_each_in_performance_and_money(self):
        numbers = [c["number"] for c in self.table["columns"]]
        pairs = ["5", "6", "7", "8", "9", "10", "11", "12=(8+9+10+11)", "13=(12/7)", "14=(6+12)", "15=(14/5)"]
        self.assertEqual(numbers, ["1", "2", "3", "4", *[n for n in pairs for _ in "KR"], "16", "17"])
        units = [c["title"].split("|")[1] for c in self.table["columns"] if "|" in c["title"]]
        self.assertEqual(units, ["K", "Rp"] * 11)
        self.assertIn("Tahun Berjalan (2024)", self.table["columns"][8]["title"])
        self.assertIn("Tahun 2025", self.table["columns"][4]["title"])  # the end of the strategic plan

    def test_a_count_adds_its_quarters(self):
        year = 20 + 30 + 25 + 33
        self.assertEqual(self.measures("1.1", "strategic", "before", "target", "q1", "q2", "q3", "q4", "achieved", "accumulated"), [
            (500, "Orang"), (90 + 95 + 110, "Orang"), (120, "Orang"), (20, "Orang"), (30, "Orang"), (25, "Orang"), (33, "Orang"),
            (year, "Orang"), (295 + year, "Orang")])
        self.close("1.1", "rate", rate(year, 120))
        self.close("1.1", "accumulated_rate", rate(295 + year, 500))

    def test_a_percentage_takes_its_last_quarter(self):
        self.assertEqual(self.measures("1.2", "q1", "q2", "q3", "q4", "achieved"),
                         [(60, "%"), (75, "%"), (90, "%"), None, (90, "%")])
        self.close("1.2", "rate", rate(90, 100))

    def test_where_lower_is_better_the_rate_is_target_over_achieved(self):
        self.assertEqual(self.measures("1.3", "achieved"), [((6 + 5 + 5 + 4) / 4, "Hari")])
        self.close("1.3", "rate", rate(4, 5))

    def test_money_adds_its_quarters_exactly_and_a_dash_stays_a_dash(self):
        spent = 10000003 + 20000000 + 30000000 + 35000000
        before = 70000001 + 80000002
        self.assertEqual(self.money("1.1", "strategic_rp", "before_rp", "target_rp", "achieved_rp", "accumulated_rp"),
                         [str(x) for x in (90000000 + 110000000, before, 100000000, spent, before + spent)])
        self.close("1.1", "rate_rp", rate(spent, 100000000))
        self.close("1.1", "accumulated_rate_rp", rate(before + spent, 200000000))
        self.assertEqual(self.money("1.2", "q1_rp", "q2_rp", "q3_rp", "q4_rp", "achieved_rp"),
                         ["5000000", "-", "25000000", None, "30000000"])

    def test_programs_and_the_total_are_sums_of_money(self):
        q1 = 10000003 + 5000000
        self.assertEqual(self.money("1", "target_rp", "q1_rp", "achieved_rp"), ["180000000", str(q1), str(q1 + 20000000 + 55000000 + 35000000)])
        total = q1 + 35000000 + 55000000 + 35000000
        self.assertEqual(self.money("JUMLAH", "target_rp", "achieved_rp", "accumulated_rp"),
                         ["200000000", str(total), str(total + 150000003)])
        self.close("JUMLAH", "rate_rp", rate(total, 200000000))

    def test_a_row_without_an_indicator_shows_the_achievement_below_it(self):
        self.assertIsNone(self.rows["2"]["indicator"])
        self.close("2", "rate", rate(12, 12))

    def test_the_average_is_of_the_programs_rates_and_is_rated(self):
        self.close("Rata-rata capaian kinerja (%)", "rate", (rate(84, 80) + rate(12, 12)) / 2)
        self.close("Rata-rata capaian kinerja (%)", "rate_rp", (rate(125000003, 180000000) + rate(15000000, 20000000)) / 2)
        self.assertEqual(self.money("Predikat kinerja", "rate", "rate_rp"), ["sangat tinggi", "sedang"])

    def test_the_closing_lines_come_from_the_packages_texts_of_the_year(self):
        notes = self.table["notes"]
        self.assertEqual(notes[-4:], [
            "Faktor pendorong keberhasilan kinerja: Dukungan kelurahan",
            "Faktor penghambat pencapaian kinerja: 1.2: Petugas kurang",
            "Tindak lanjut yang diperlukan dalam triwulan berikutnya: 1.2: Tambah petugas",
            "Tindak lanjut yang diperlukan dalam Renja berikutnya: 1.1: Anggarkan lebih awal",
        ])
        self.assertEqual(self.rows["1.2"]["note"], "Sistem baru")

    def test_a_year_without_realisation_rates_nothing(self):
        rows = report_json("e81", "--year", "2025", plan=self.plan)["rows"]
        self.assertEqual({r["name"]: r["rate"] for r in rows if not r["code"]},
                         {"JUMLAH": None, "Rata-rata capaian kinerja (%)": None, "Predikat kinerja": None})
        self.assertEqual([r["accumulated_rate"] for r in rows if r["name"].startswith("Rata")], [None])

    def test_english_headings_on_request(self):
        table = json.loads(run("report", self.plan, "e81", "--format", "json", "--lang", "en").stdout)
        self.assertEqual(table["columns"][0]["title"], "No./Code")
        self.assertEqual([r["name"] for r in table["rows"]][-3:], ["TOTAL", "Average achievement (%)", "Rating"])


class YearsThatColumnSixLacks(unittest.TestCase):
    """"To last year" that silently stops a year before is read as no progress."""

    def test_a_year_without_figures_is_named(self):
        notes = report_json("e81")["notes"]  # of Tarakan: nothing of 2023, money of 2022 only
        self.assertIn("Kolom 6 dan 14 (K) tidak memuat realisasi kinerja tahun 2023: belum ada angkanya.", notes)
        self.assertIn("Kolom 6 dan 14 (Rp) tidak memuat realisasi anggaran tahun 2020, 2021, 2023: belum ada angkanya.", notes)

    def test_a_year_that_has_them_is_not(self):
        notes = report_json("e81", "--year", "2023")["notes"]
        self.assertFalse([n for n in notes if n.startswith("Kolom 6 dan 14 (K)")])
        self.assertIn("Kolom 6 dan 14 (Rp) tidak memuat realisasi anggaran tahun 2020, 2021: belum ada angkanya.", notes)


if __name__ == "__main__":
    unittest.main()
