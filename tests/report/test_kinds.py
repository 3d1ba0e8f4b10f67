#!/usr/bin/env python3
"""Every kind of report, in both languages, on plans that have everything, little or nothing; the
options that all kinds share; and golden files of the official tables.

    tests/report/test_kinds.py [--update]      --update rewrites tests/golden/
"""

import csv
import io
import json
import re
import sys
import unittest
from decimal import ROUND_HALF_UP, Decimal

from packages import Folder, empty, foreign, quarterly
from tarakan import PLAN, REPO, Plan, report_json, report_rows, run

GOLDEN = REPO / "tests" / "golden"
UPDATE = "--update" in sys.argv
FORMATS = {"text": "txt", "md": "md", "csv": "csv", "json": "json"}
KINDS = ("tc29", "tc30", "tc31", "tc32", "tc33", "tabel5", "tabel6", "tabel8", "e81", "narasi", "proyeksi", "compare", "all")
SCENARIO = ("--scenario", "scenarios/prakiraan-maju.lua")

unittest.TestCase.maxDiff = 2000


class EveryKind(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = Folder(cls).path
        cls.plans = {make.__name__: make(folder) for make in (empty, foreign, quarterly)}

    def test_the_kinds_are_those_of_the_help(self):
        done = run("eval", PLAN, "return table.concat(pagu.reports(), ' ')")
        self.assertEqual(sorted(done.stdout.split()), sorted(KINDS))
        help_text = run("report", "--help").stdout
        for kind in KINDS:
            self.assertRegex(help_text, rf"\b{kind}\b")

    def test_each_runs_in_both_languages_and_every_text_format(self):
        for kind in KINDS:
            scenario = SCENARIO if kind == "compare" else ()
            for lang in ("id", "en"):
                for format_name in FORMATS:
                    done = run("report", PLAN, kind, *scenario, "--format", format_name, "--lang", lang)
                    self.assertEqual((done.returncode, done.stderr), (0, ""), f"{kind} {lang} {format_name}")
                    self.assertTrue(done.stdout.strip())
                    if format_name == "json":
                        json.loads(done.stdout)

    def test_english_reports_have_no_indonesian_headings(self):
        indonesian = re.compile(r"\b(Pagu|Realisasi|Sasaran|Usulan|Kegiatan|Tahun|Tingkat|Capaian|Satuan|JUMLAH)\b")
        for kind in KINDS:
            scenario = SCENARIO if kind == "compare" else ()
            document = report_json(kind, "--lang", "en", *scenario)
            for block in document.get("blocks", [document]):
                for title in [block.get("text") or "" if block.get("type") == "heading" else "",
                              *[c["title"] for c in block.get("columns", [])]]:
                    self.assertNotRegex(title, indonesian, f"{kind}: {title}")

    def test_a_plan_without_anything_says_nihil(self):
        for kind in ("tc29", "tc30", "tc32", "tc33", "tabel5", "tabel6", "tabel8", "e81"):
            rows = report_json(kind, plan=self.plans["empty"])["rows"]
            self.assertEqual(len(rows), 1, kind)
            self.assertEqual([v for v in rows[0].values() if v is not None], ["NIHIL"], kind)
            english = report_json(kind, "--lang", "en", plan=self.plans["empty"])["rows"]
            self.assertIn("NONE", english[0].values(), kind)

    def test_the_bundle_of_any_plan_has_every_table_or_nihil(self):
        for name, plan in self.plans.items():
            document = report_json("all", plan=plan)
            names = [b["name"] for b in document["blocks"] if b["type"] == "table"]
            for kind in ("tc29", "tc30", "tc32", "tabel5", "tabel6", "tc33", "tabel8", "e81", "narasi", "proyeksi"):
                self.assertIn(kind, names, name)
            texts = [b["text"] for b in document["blocks"] if b["type"] == "text"]
            self.assertIn("NIHIL: T-C.31 menyandingkan dua tahap; rencana ini punya 1", texts)

    def test_a_title_without_a_government_has_no_gap(self):
        title = report_json("tabel6", plan=self.plans["empty"])["title"].split("\n")
        self.assertEqual(title[1], f"Keterkaitan Prioritas Daerah terhadap Prioritas Nasional dan Provinsi Tahun {title[1][-4:]}")
        for kind in KINDS:
            if kind not in ("compare", "tc31"):
                title = report_json(kind, plan=self.plans["foreign"]).get("title") or ""
                self.assertNotRegex(title, r"  |,\s*$|^,")

    def test_levels_are_the_plans_own(self):
        table = report_json("tc33", plan=self.plans["foreign"])
        self.assertEqual(table["columns"][1]["title"], "Departemen/Layanan")
        self.assertEqual([r["budget"] for r in table["rows"]], ["1234567.39", "1234567.89", "-0.50", "1499.99", "1236067.38"])
        english = report_json("tc33", "--lang", "en", plan=self.plans["foreign"])
        self.assertEqual(english["columns"][1]["title"], "Department/Service")
        self.assertEqual(english["title"].split("\n")[-1], "Shire of Example")  # no government: no stray comma

    def test_years_outside_the_frame_are_blank_but_a_year_asked_for_must_be_in_it(self):
        table = report_json("tc33", plan=self.plans["empty"])
        self.assertIn("Prakiraan Maju Tahun 2031", table["title"])
        done = run("report", self.plans["empty"], "tc33", "--year", "2031")
        self.assertEqual(done.returncode, 3)
        self.assertIn("2031", done.stderr)


class Options(unittest.TestCase):
    """unit, level, only: on every kind by one mechanism, shown here on T-C.33."""

    def test_thousands_are_rounded_one_by_one_and_the_table_says_so(self):
        table = report_json("tc33", "--unit", "1000")
        exact = report_rows("tc33")
        self.assertEqual(table["title"].split("\n")[-1], "(dalam ribuan rupiah)")
        for row, whole in zip(table["rows"], exact):
            expected = whole["budget"] and str((Decimal(whole["budget"]) / 1000).quantize(Decimal(1), ROUND_HALF_UP))
            self.assertEqual(row["budget"] or "", expected, row["code"])
        self.assertTrue(any("dibulatkan satu per satu" in n for n in table["notes"]))

    def test_nothing_is_said_of_rounding_where_nothing_was_rounded(self):
        table = report_json("tc33", "--unit", "1000", "--only", "1.06.01.2.02")
        self.assertEqual(table["notes"], [])
        self.assertEqual(table["rows"][-1]["budget"], "3435721")

    def test_a_currency_with_cents_is_counted_in_whole_units(self):
        plan = foreign(Folder(type(self)).path)
        table = report_json("tc33", "--unit", "1000", "--lang", "en", plan=plan)
        self.assertIn("(in thousands of AUD)", table["title"])
        self.assertEqual([r["budget"] for r in table["rows"]], ["1235", "1235", "0", "1", "1236"])

    def test_a_unit_that_nobody_prints_is_refused(self):
        done = run("report", PLAN, "tc33", "--unit", "7")
        self.assertEqual(done.returncode, 2)
        self.assertIn("1000000", done.stderr)

    def test_a_level_ends_the_rows_and_the_total_stays(self):
        rows = report_rows("tc33", "--level", "program")
        self.assertEqual([r["code"] for r in rows], [
            "1", "1.06", "1.06.01", "1.06.02", "1.06.04", "1.06.05", "1.06.06", "1.06.07", "2", "2.13", "2.13.04", "2.13.05", ""])
        self.assertEqual(int(rows[-1]["budget"]), Plan("final").total())
        done = run("report", PLAN, "tc33", "--level", "desa")
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("sub_kegiatan", done.stderr)

    def test_a_place_prints_what_lies_below_it_and_its_own_total(self):
        rows = report_rows("tc33", "--only", "1.06.04")
        self.assertEqual((rows[0]["code"], rows[-1]["code"]), ("1.06.04", ""))
        self.assertTrue(all(r["code"].startswith("1.06.04") for r in rows[:-1]))
        self.assertEqual(int(rows[-1]["budget"]), Plan("final").total("1.06.04"))

    def test_several_places_add_up(self):
        done = run("eval", PLAN, 'return pagu.report("tc33", plan, { only = { "1.06.04", "1.06.06" }, format = "csv" })')
        rows = list(csv.DictReader(io.StringIO(done.stdout)))
        self.assertEqual(int(rows[-1]["budget"]), Plan("final").total("1.06.04") + Plan("final").total("1.06.06"))

    def test_every_kind_takes_several_places(self):
        done = run("eval", PLAN, """
local s, out = plan:branch "x", {}
s:forward{ growth = 4 }
for _, kind in ipairs(pagu.reports()) do
  for _, only in ipairs{ { "1.06.04", "1.06.06" }, "1.06.04", plan["1.06.06"] } do
    local text = pagu.report(kind, s, { only = only, format = "csv", charts = true })
    local is_elsewhere = text:find("1.06.01.2.02.01", 1, true) and kind ~= "all" -- its checks are of the whole
    out[#out + 1] = is_elsewhere and kind or nil
  end
end
return #out""")
        self.assertEqual((done.returncode, done.stdout.strip()), (0, "0"), done.stderr)

    def test_another_year_moves_every_heading(self):
        table = report_json("tc29", "--year", "2023")
        titles = " ".join(c["title"] for c in table["columns"])
        for words in ("s/d Tahun 2020", "Target Renja Tahun 2021", "Renja Tahun 2022", "s/d Tahun 2022"):
            self.assertIn(words, titles)


class Rows(unittest.TestCase):
    def test_children_stand_below_their_parents_for_outlines_and_sums(self):
        done = run("eval", PLAN, """
local t, wrong = pagu.report("tc33", plan), {}
for i = 1, #t do
  local _, _, parent = t:style(i)
  local above = parent and t[parent].code or ""
  if t[i].code and t[i].code:sub(1, #above) ~= above then wrong[#wrong + 1] = t[i].code end
end
return #wrong""")
        self.assertEqual(done.stdout.strip(), "0", done.stderr)


class Golden(unittest.TestCase):
    """Byte for byte, in each format."""

    @classmethod
    def setUpClass(cls):
        cls.folder = Folder(cls).path

    def compare(self, name, *args):
        done = run("report", *args)
        self.assertEqual(done.returncode, 0, done.stderr)
        text = re.sub(r"\b[0-9a-f]{64}\b", "HASH", done.stdout)
        text = text.partition("## Ringkasan Pemeriksaan")[0]  # what the rules find is their tests' matter
        path = GOLDEN / name
        if UPDATE:
            path.write_text(text, encoding="utf-8")
        with self.subTest(golden=name):
            self.assertEqual(text, path.read_text(encoding="utf-8"), f"{path}: test_kinds.py --update if this is meant")

    def test_official_tables_of_the_tarakan_plan(self):
        for kind in ("tc29", "tc30", "tc32", "tabel5", "tabel6"):
            for format_name, suffix in FORMATS.items():
                self.compare(f"{kind}.{suffix}", PLAN, kind, "--format", format_name)

    def test_the_quarterly_form(self):
        plan = quarterly(self.folder)
        for format_name, suffix in FORMATS.items():
            self.compare(f"e81.{suffix}", plan, "e81", "--format", format_name)

    def test_the_narrative_in_both_languages(self):
        for lang in ("id", "en"):
            self.compare(f"narasi.{lang}.md", PLAN, "narasi", "--format", "md", "--lang", lang)
            self.compare(f"narasi-triwulan.{lang}.md", quarterly(self.folder), "narasi", "--format", "md", "--lang", lang)

    def test_the_projection_and_the_bundle(self):
        self.compare("proyeksi.md", PLAN, "proyeksi", *SCENARIO, "--format", "md")
        self.compare("all.md", quarterly(self.folder), "all", "--format", "md")

    def test_the_same_inputs_give_the_same_bytes(self):
        a, b = (run("report", PLAN, "all", "--format", "json").stdout for _ in range(2))
        self.assertEqual(a, b)


if __name__ == "__main__":
    unittest.main(argv=[a for a in sys.argv if a != "--update"])
