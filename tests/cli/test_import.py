"""pagu import: the tables of the seed without hand work, tables as printed, and what is refused.

SPDX-License-Identifier: MIT
"""
import csv
import filecmp
import json
import pathlib
import unittest
import zipfile

import workbook
from support import PLAN, ROOT, Case, pagu

SEED = ROOT / "tests" / "data" / "seed"
TABLES = [str(SEED / f"tabel-{n}.csv") for n in (7, 3, 1)]


def rows(folder, name):
    path = pathlib.Path(folder) / f"{name}.csv"
    if not path.exists():
        return []
    with open(path, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def by(folder, name, *keys):
    return {tuple(r[k] for k in keys): r for r in rows(folder, name)}


def amounts(folder):
    return {(r["node"], r["stage"], r["period"]): r["budget"] for r in rows(folder, "amounts") if r["budget"]}


def measures(folder):
    """Values with the unit that counts: the measure's own, else the indicator's."""
    units = {r["indicator"]: r["unit"] for r in rows(folder, "indicators")}
    return {(r["indicator"], r["stage"], r["period"], r["field"]):
            (r["value"], r["unit"] or units[r["indicator"]], r["text"]) for r in rows(folder, "measures")}


def seed(n):
    with open(SEED / f"tabel-{n}.csv", encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


class Import(Case):
    def run_import(self, *args, code=0, **env):
        done = pagu("import", "--lang", "en", *args, **env)
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        return done

    def take(self, *args, out="hasil", code=0):
        folder = self.dir / out
        self.run_import(*args, "-o", folder, code=code)
        return folder

    def table(self, *lines, name="a.csv"):
        return self.file(name, "".join(line + "\n" for line in lines))

    def rejected(self, *args, dry="--dry-run"):
        """The messages of an import that rejects something and writes nothing."""
        done = self.run_import(*args, *([dry] if dry else []), "-q", code=1)
        return [line.removeprefix("pagu: ") for line in done.stderr.splitlines()]


class Seed(Import):
    """tabel-7, tabel-3 and tabel-1 against the package that was made of the whole document by hand."""

    @classmethod
    def setUpClass(cls):
        import tempfile
        cls.tmp = tempfile.TemporaryDirectory(prefix="pagu-import-")
        cls.all = pathlib.Path(cls.tmp.name) / "all"
        done = pagu("import", *TABLES, "-o", cls.all)
        assert done.returncode == 0, done.stderr

    @classmethod
    def tearDownClass(cls):
        cls.tmp.cleanup()

    def test_the_nodes_are_those_of_the_document(self):
        ours, theirs = by(self.all, "nodes", "node"), by(PLAN, "nodes", "node")
        self.assertEqual(set(ours), set(theirs))
        for key in theirs:
            if key == (".",):
                continue  # its name is the office's, which no table says
            for column in ("level", "name", "code", "parent", "fund"):
                self.assertEqual(ours[key][column], theirs[key][column], (key, column))
            stages = theirs[key]["stages"]
            # only Tabel 8, not imported here, has this row in the final stage
            expected = "renstra draft need" if key == ("1.06.04.2.01.12",) else stages
            self.assertEqual(ours[key]["stages"], expected, key)

    def test_every_amount_is_equal(self):
        expected = amounts(PLAN)
        self.assertEqual(expected.pop((".", "common", "2022")), "5176219306")  # the prose says it
        self.assertEqual(expected.pop(("1.06.04.2.01.12", "final", "2024")), "9810000")  # Tabel 8 says it
        self.assertEqual(amounts(self.all), expected)

    def test_every_measure_is_equal(self):
        ours, expected = measures(self.all), measures(PLAN)
        expected = {k: v for k, v in expected.items() if "." in k[0]}  # services and goals: Tabel 2 and 5
        del expected["1.06.04.2.01.12#1", "final", "2024", "target"]  # Tabel 8
        for key, value in expected.items():
            if key[0] == "2.13.04#1":  # "Cepat Berkembang" has no unit in print
                expected[key] = (value[0], "", value[2])
            if ours[key][1] == "unit saprass":  # taken as printed; the package by hand knows the synonym
                expected[key] = (value[0], "unit saprass", value[2])
        self.assertEqual(ours, expected)

    def test_indicators_and_names_of_the_stages_are_equal(self):
        ours, theirs = by(self.all, "indicators", "indicator"), by(PLAN, "indicators", "indicator")
        theirs = {k: v for k, v in theirs.items() if "." in k[0]}
        self.assertEqual(set(ours), set(theirs))
        lost = "1.06.04.2.01.12#1"  # Tabel 8 prints "(Orang)" behind its name
        for key in theirs:
            for column in ("owner", "type", "name", "polarity"):
                if key != (lost,):
                    self.assertEqual(ours[key][column], theirs[key][column], key)
        name = {k: r["text"] for k, r in by(self.all, "texts", "owner", "kind", "stage").items() if k[1] == "name"}
        expected = {k: r["text"] for k, r in by(PLAN, "texts", "owner", "kind", "stage").items() if k[1] == "name"}
        expected = {k: v for k, v in expected.items() if "." in k[0] and k[0] != lost}
        self.assertEqual(name, expected)

    def test_every_cell_is_kept_as_printed(self):
        printed = by(self.all, "printed", "table", "row", "column")
        for n, column, source in ((7, "pagu", "pagu_raw"), (3, "need_pagu", "need_pagu_raw"), (3, "code", "code_raw"),
                                  (1, "projected_to_2023", "projected_to_2023"), (1, "code", "code"),
                                  (7, "name", "name")):
            for i, row in enumerate(seed(n), 1):
                self.assertEqual(printed[f"tabel-{n}", str(i), column]["text"], row[source])
        claims = {(r["table"], r["column"]): (r["field"], r["stage"], r["period"]) for r in rows(self.all, "printed")
                  if r["field"]}
        self.assertEqual(claims["tabel-1", "rate_renstra"], ("strategic_rate", "common", "2023"))
        self.assertEqual(claims["tabel-1", "realized_to_2021"], ("achieved", "common", "..2021"))
        self.assertEqual(claims["tabel-7", "pagu_2025"], ("budget", "final", "2025"))

    def test_check_finds_the_row_that_tabel_7_lost(self):
        done = pagu("check", self.all, "--format", "csv")
        self.assertEqual(done.returncode, 1)
        found = csv.DictReader(done.stdout.splitlines())
        keys = {(f["file"], f["key"]) for f in found if f["column"] == "pagu" and f["rule"].startswith("footing")}
        self.assertIn(("tabel-7", "1.06.04.2.01"), keys)

    def test_one_after_the_other_gives_the_same_package(self):
        folder = self.take(TABLES[0])
        self.run_import(TABLES[1], "--into", folder)
        self.run_import(TABLES[2], "-o", folder)
        names = sorted(p.name for p in self.all.iterdir())
        self.assertEqual(sorted(p.name for p in folder.iterdir()), names)
        same, different, errors = filecmp.cmpfiles(self.all, folder, names, shallow=False)
        self.assertEqual((different, errors), ([], []))

    def test_each_table_imports_alone(self):
        for n, budget in ((7, "6726963965"), (3, None), (1, None)):
            folder = self.take(TABLES[(7, 3, 1).index(n)], *(["--year", "2024"] if n == 3 else []), out=f"t{n}")
            level = {r["node"]: r["level"] for r in rows(folder, "nodes")}
            for row in seed(n):
                if row["code_norm"]:
                    self.assertEqual(level[row["code_norm"]], row["level"])
            if budget:
                done = pagu("eval", folder, 'plan:get("/", "budget", 2024)')
                self.assertEqual(done.stdout, budget + "\n")

    def test_importing_again_changes_nothing(self):
        folder = self.take(*TABLES)
        done = self.run_import(*TABLES, "-o", self.dir / "again", "--into", folder)
        self.assertNotIn("import-collision", done.stderr)
        for name in ("nodes", "amounts", "indicators", "measures", "texts", "tags", "classes"):
            self.assertEqual(rows(folder, name), rows(self.dir / "again", name))


def printed_table_7():
    """Tabel 7 as the document prints it: title, merged headings, codes over five columns, numbers of the columns."""
    head = [["Rumusan Rencana Program dan Kegiatan Tahun 2024 dan Prakiraan Maju Tahun 2025"] + [""] * 13, [],
            ["Kode", "", "", "", "", "Urusan/Bidang Urusan/Program/Kegiatan/Sub Kegiatan", "Indikator Kinerja",
             "Rencana Tahun 2024", "", "", "", "Catatan Penting", "Prakiraan Maju Rencana Tahun 2025", ""],
            ["", "", "", "", "", "", "", "Lokasi", "Target Capaian Kinerja", "Kebutuhan Dana/ Pagu Indikatif",
             "Sumber Dana", "", "Target Capaian Kinerja", "Kebutuhan Dana/ Pagu Indikatif"],
            ["1", "", "", "", "", "2", "3", "4", "5", "6", "7", "8", "9", "10"]]
    merges = ["A1:N1", "A3:E4", "F3:F4", "G3:G4", "H3:K3", "L3:L4", "M3:N3", "A5:E5"]
    body = []
    for row in seed(7):
        codes = (row["code_raw"].split("|") + [""] * 5)[:5]
        name = "J U M L A H" if row["level"] == "total" else row["name"]
        target = " ".join(filter(None, (row["target_value"], row["target_unit"])))
        body.append(codes + [name, row["indicator"], row["location"], target, row["pagu_raw"], row["source"], "", "", ""])
    merges.append(f"A{len(head) + len(body)}:E{len(head) + len(body)}")
    body += [[], ["", "", "", "", "", "", "", "", "", "Tarakan, Juni 2023"], ["", "", "", "", "", "", "", "", "", "Kepala Dinas"]]
    return head + body, merges


class AsPrinted(Import):
    def compare_with_seed(self, folder):
        reference = self.take(TABLES[0], out="csv")
        for name, keys in (("nodes", ("node", "level", "name", "stages", "fund")),
                           ("amounts", ("node", "stage", "period", "budget")),
                           ("indicators", ("indicator", "owner", "name", "unit")),
                           ("measures", ("indicator", "stage", "period", "field", "value", "unit", "text")),
                           ("tags", ("node", "tree", "class"))):
            ours = [tuple(r[k] for k in keys) for r in rows(folder, name) if r.get("node") != "."]
            theirs = [tuple(r[k] for k in keys) for r in rows(reference, name) if r.get("node") != "."]
            self.assertEqual(ours, theirs, name)

    def test_a_workbook_like_the_printed_table_imports_by_its_words(self):
        path = workbook.write(self.dir / "renja.xlsx", {"T-C.33": printed_table_7()})
        folder = self.take(path, "--stage", "final")
        self.compare_with_seed(folder)
        total = by(folder, "printed", "table", "row", "owner")["renja", "62", "."]
        self.assertEqual(total["owner"], ".")
        self.assertEqual({r["text"] for r in rows(folder, "printed") if r["row"] == "62" and r["field"] == "budget" and
                          r["period"] == "2024"}, {"6.736.773.965"})

    def test_sheets_of_a_workbook_make_one_plan_or_one_is_chosen(self):
        review = [["Kode", "Nama", "Rancangan Awal Pagu", "Analisis Kebutuhan Pagu"]]
        review += [[r["code_norm"], r["name"] or "JUMLAH", r["draft_pagu_raw"], r["need_pagu_raw"]] for r in seed(3)]
        path = workbook.write(self.dir / "renja.xlsx", {"Sampul": [["Renja"], ["2024"]], "T-C.33": printed_table_7(),
                                                        "T-C.31": review})
        both, one = self.take(path), self.take(path, "--sheet", "T-C.33", out="satu")
        self.assertEqual({k: v for k, v in amounts(both).items() if k[1] == "final"}, amounts(one))
        self.assertEqual({k: v for k, v in amounts(both).items() if k[1] != "final"},
                         {k: v for k, v in amounts(self.take(*TABLES, out="csv3")).items() if k[1] != "final"})
        done = pagu("import", "--lang", "en", path, "--sheet", "T-C.30", "--dry-run")
        self.refuses(done, 3, 'has no sheet "T-C.30"; it has Sampul, T-C.33, T-C.31')

    def test_the_raw_columns_import_with_a_template(self):
        self.compare_with_seed(self.take(TABLES[0], "--template", "tabel-7", "--year", "2024"))

    def test_a_text_table_with_the_same_headings_imports_too(self):
        printed, _ = printed_table_7()
        path = self.file("renja.csv", "\n".join(";".join(c for c in row) for row in printed) + "\n")
        self.compare_with_seed(self.take(path))


class AsPrintedToo(Import):
    """Tables 1 and 3 under the headings of the official forms."""

    def same(self, folder, reference, names=("nodes", "amounts", "indicators", "measures")):
        for name in names:
            ours, theirs = rows(folder, name), rows(reference, name)
            self.assertEqual([r for r in ours if r.get("node") != "."], [r for r in theirs if r.get("node") != "."], name)

    def test_table_3_with_two_blocks_side_by_side(self):
        head = [["REVIEW TERHADAP RANCANGAN AWAL RKPD TAHUN 2024"], [],
                ["Kode", "Rancangan Awal RKPD", "", "", "", "Hasil Analisis Kebutuhan", "", "", "Catatan Penting"],
                ["", "Program/Kegiatan/Sub Kegiatan", "Indikator Kinerja", "Target Capaian", "Pagu Indikatif",
                 "Program/Kegiatan/Sub Kegiatan", "Target Capaian", "Kebutuhan Dana", ""],
                ["1", "2", "3", "4", "5", "6", "7", "8", "9"]]
        merges = ["A1:I1", "A3:A4", "B3:E3", "F3:H3", "I3:I4"]
        body = [[r["code_norm"], "JUMLAH" if r["level"] == "total" else r["name"], r["indicator"], r["draft_target"],
                 r["draft_pagu_raw"], r["need_name"], r["need_target"], r["need_pagu_raw"], r["remark"]] for r in seed(3)]
        path = workbook.write(self.dir / "t3.xlsx", {"TC31": (head + body, merges)})
        reference = self.take(TABLES[1], "--year", "2024", out="csv")
        for i, options in enumerate(([], ["--template", "tabel-3"])):
            self.same(self.take(path, *options, out=f"t{i}"), reference, ("nodes", "amounts", "indicators", "measures",
                                                                         "stages"))

    def test_table_1_with_the_headings_of_the_form(self):
        head = [["REKAPITULASI EVALUASI HASIL PELAKSANAAN RENJA DAN PENCAPAIAN RENSTRA S/D TAHUN 2023"],
                ["Kode", "Urusan/Bidang Urusan Pemerintahan Daerah dan Program/Kegiatan",
                 "Indikator Kinerja Program (outcome)/Kegiatan (output)", "Target Kinerja Capaian Program (Renstra PD) Tahun 2024",
                 "Realisasi Target Kinerja Hasil Program dan Keluaran Kegiatan s/d dengan Tahun 2021",
                 "Target dan Realisasi Kinerja Program dan Kegiatan Tahun 2022", "", "",
                 "Target Program dan Kegiatan (Renja PD Tahun 2023)",
                 "Perkiraan Realisasi Capaian Target Renstra PD s/d Tahun Berjalan 2023", ""],
                ["", "", "", "", "", "Target Renja PD Tahun 2022", "Realisasi Renja PD Tahun 2022", "Tingkat Realisasi (%)", "",
                 "Realisasi Capaian Program dan Kegiatan s/d Tahun Berjalan 2023", "Tingkat Capaian Realisasi Target Renstra (%)"],
                ["1", "2", "3", "4", "5", "6", "7", "8=(7/6)", "9", "10=(5+7+9)", "11=(10/4)"]]
        merges = ["A1:K1", "F2:H2", "J2:K2"] + [f"{c}2:{c}3" for c in "ABCDEI"]
        columns = ("code_norm", "name", "indicator", "renstra_target_2024", "realized_to_2021", "target_2022", "realized_2022",
                   "rate_2022", "target_2023", "projected_to_2023", "rate_renstra")
        path = workbook.write(self.dir / "t1.xlsx", {"A": (head + [[r[c] for c in columns] for r in seed(1)], merges)})
        folder, reference = self.take(path), self.take(TABLES[2], out="csv")
        self.same(folder, reference)
        self.same(self.take(path, "--template", "tabel-1", "--year", "2024", out="t"), reference)
        claims = {r["field"] for r in rows(folder, "printed")}
        self.assertTrue({"rate", "cumulative", "strategic_rate"} <= claims, claims)

    def test_form_e81_with_quarters(self):
        head = ["Kode", "Program/Kegiatan", "Indikator Kinerja", "Target Renja Tahun 2024 K", "Target Renja Tahun 2024 Rp"]
        head += [f"Realisasi Triwulan {q} {h}" for q in ("I", "II", "III", "IV") for h in ("K", "Rp")]
        path = self.table(";".join(head), "1.06.01;Program;Jumlah;100 Orang;1.000.000;10;100.000;20;200.000;30;300.000;40;400.000")
        folder = self.take(path, "--year", "2024")
        self.assertEqual({(r["stage"], r["period"]): (r["budget"], r["spent"]) for r in rows(folder, "amounts")},
                         {("final", "2024"): ("1000000", ""), ("common", "2024Q1"): ("", "100000"),
                          ("common", "2024Q2"): ("", "200000"), ("common", "2024Q3"): ("", "300000"),
                          ("common", "2024Q4"): ("", "400000")})
        self.assertEqual(measures(folder)["1.06.01#1", "common", "2024Q3", "achieved"], ("30", "orang", ""))


class Refused(Import):
    HEAD = "Kode,Nama,Indikator,Target,Satuan,Pagu 2025"

    def test_a_dry_run_writes_nothing(self):
        done = self.run_import(TABLES[0], "-o", self.dir / "x", "--dry-run")
        self.assertIn("6,726,963,965", done.stdout)
        self.assertFalse((self.dir / "x").exists())
        summary = json.loads(self.run_import(TABLES[0], "--dry-run", "--json", "-q").stdout)
        self.assertIn("6726963965", json.dumps(summary))

    def test_nothing_is_written_while_a_row_is_rejected(self):
        path = self.table(self.HEAD, "1,Urusan,,,,", "1.06,Bidang,,,,5", "tanpa kode,Kegiatan,,,,7")
        done = self.run_import(path, "-o", self.dir / "x", "--year", "2025", code=1)
        self.assertIn('a.csv:4: "Kegiatan" has no code', done.stderr)
        self.assertFalse((self.dir / "x").exists())
        self.run_import(path, "-o", self.dir / "x", "--year", "2025", "--partial", code=1)
        self.assertEqual(len(rows(self.dir / "x", "nodes")), 3)

    def test_amounts_that_can_be_read_two_ways_are_rejected(self):
        path = self.table("Kode;Nama;Pagu 2025", "1;a;1.234", name="b.csv")
        message = self.rejected(path, "--year", "2025")[0]
        self.assertIn('b.csv:2: Pagu 2025: "1.234" can be read as 1234 or as 1.234', message)
        folder = self.take(path, "--year", "2025", "--decimal", ",")
        self.assertEqual(amounts(folder), {("1", "final", "2025"): "1234"})
        self.assertIn("not a whole amount", self.rejected(path, "--year", "2025", "--decimal", ".")[0])

    def test_the_column_settles_what_one_cell_leaves_open(self):
        path = self.table("Kode;Nama;Pagu 2025", "1;a;1.234", "2;b;1.234.567", "3;c;2.000,00", name="b.csv")
        self.assertEqual(amounts(self.take(path, "--year", "2025")),
                         {("1", "final", "2025"): "1234", ("2", "final", "2025"): "1234567",
                          ("3", "final", "2025"): "2000"})

    def test_fractions_of_a_rupiah_are_rejected_or_rounded_and_counted(self):
        path = self.table("Kode;Nama;Pagu 2025", '1;a;1.234.567,50', "2;b;10.000.000,49", "3;c;-1,5", name="b.csv")
        self.assertEqual(len(self.rejected(path, "--year", "2025")), 3)
        folder = self.dir / "r"
        done = self.run_import(path, "--year", "2025", "--round", "-o", folder)
        self.assertEqual(amounts(folder), {("1", "final", "2025"): "1234568", ("2", "final", "2025"): "10000000",
                                           ("3", "final", "2025"): "-2"})
        self.assertRegex(done.stdout, r"amounts rounded +3")

    def test_spellings_of_amounts(self):
        spelled = {"Rp 1.500.000,-": "1500000", "Rp. 2.000.000,00": "2000000", "1,5 M": "1500000000",
                   "750 jt": "750000000", "(1.000.000)": "-1000000", "-": "-", "Rp -": "-", "nihil": "-", "": None,
                   "312": "312"}
        path = self.table("Kode;Nama;Pagu 2025", *(f"{i};n{i};{text}" for i, text in enumerate(spelled, 1)), name="b.csv")
        got = amounts(self.take(path, "--year", "2025"))
        for i, (text, value) in enumerate(spelled.items(), 1):
            self.assertEqual(got.get((str(i), "final", "2025")), value, text)

    def test_spellings_of_targets(self):
        spelled = {"312 Orang/Bulan": ("312", "orang/bulan", ""), "88,28%": ("88.28", "%", ""), "100 Persen": ("100", "%", ""),
                   "-": ("-", "", ""), "Cepat Berkembang": ("", "", "Cepat Berkembang"),
                   "72,00 / B": ("72", "", "72,00 / B"), "25 Orang / Kali": ("25", "orang/kali", "")}
        path = self.table("Kode;Nama;Indikator;Target 2025", *(f"{i};n;ind;{t}" for i, t in enumerate(spelled, 1)),
                          name="b.csv")
        got = measures(self.take(path, "--year", "2025"))
        for i, (text, value) in enumerate(spelled.items(), 1):
            self.assertEqual(got[f"{i}#1", "final", "2025", "target"], value, text)

    def test_codes_in_every_spelling_are_one_code(self):
        codes = ["1", "1.6", "1.6.1", "1|06|01|2.02.", "1 06 01 2.02 1", "1.06.01.2.0 2.0002", "X.XX.01.2.03"]
        path = self.table("Kode;Nama;Pagu 2025", *(f"{c};n{i};" for i, c in enumerate(codes)), name="b.csv")
        folder = self.take(path, "--year", "2025")
        self.assertEqual([r["node"] for r in rows(folder, "nodes")],
                         [".", "1", "1.06", "1.06.01", "1.06.01.2.02", "1.06.01.2.02.01", "1.06.01.2.02.0002",
                          "1.06.01.2.03"])
        self.assertEqual(rows(folder, "nodes")[5]["level"], "sub_kegiatan")

    def test_a_code_twice_is_rejected(self):
        path = self.table("Kode,Nama,Pagu 2025", "1.06,a,5", "1.6,a,7")
        self.assertIn('a.csv:3: code "1.06" stands already in line 2', self.rejected(path, "--year", "2025")[0])

    def test_a_code_and_a_level_that_contradict_each_other_are_rejected(self):
        path = self.table("Kode,Level,Nama,Pagu 2025", "1.06,Sub Kegiatan,a,5")
        self.assertIn('code "1.06" has 2 segments, a sub_kegiatan has 6', self.rejected(path, "--year", "2025")[0])

    def test_x_xx_without_a_bidang_asks_for_it(self):
        path = self.table("Kode,Nama,Pagu 2025", "X.XX.01,a,5")
        self.assertIn("give it with --bidang", self.rejected(path, "--year", "2025")[0])
        folder = self.take(path, "--year", "2025", "--bidang", "1.06")
        self.assertEqual(amounts(folder), {("1.06.01", "final", "2025"): "5"})

    def test_several_indicators_of_a_node_stand_in_rows_without_code(self):
        path = self.table("Kode,Nama,Indikator,Target 2025,Pagu 2025", "1.06.01,Program,Pertama,5 Orang,100", ",,Kedua,80%,")
        got = measures(self.take(path, "--year", "2025"))
        self.assertEqual(got, {("1.06.01#1", "final", "2025", "target"): ("5", "orang", ""),
                               ("1.06.01#2", "final", "2025", "target"): ("80", "%", "")})

    def test_a_sum_that_is_not_itemised_stays_an_amount(self):
        path = self.table("Kode,Nama,Pagu 2025", "1.06.01,Program,100", "1.06.02,Lain,70", "1.06.02.2.01,Kegiatan,70",
                          "1.06.03,Kosong,-", "1.06.03.2.01,Kegiatan,", ",JUMLAH,170")
        folder = self.take(path, "--year", "2025")
        self.assertEqual(amounts(folder), {("1.06.01", "final", "2025"): "100", ("1.06.02.2.01", "final", "2025"): "70"})
        done = pagu("eval", folder, 'plan:get("/", "budget", 2025)')
        self.assertEqual(done.stdout, "170\n")

    def test_without_printed_cells_sums_are_kept_with_the_amounts_and_checked(self):
        path = self.table("Kode,Nama,Pagu 2025", "1.06,Bidang,100", "1.06.01,Program,70", ",JUMLAH,99")
        folder = self.take(path, "--year", "2025", "--no-printed")
        self.assertEqual(rows(folder, "printed"), [])
        self.assertEqual(amounts(folder), {(".", "final", "2025"): "99", ("1.06", "final", "2025"): "100",
                                           ("1.06.01", "final", "2025"): "70"})
        self.assertEqual(pagu("check", folder).returncode, 1)

    def test_amounts_in_thousands_are_multiplied(self):
        path = self.table('Kode,Nama,"Pagu 2025 (Rp. 000)"', "1.06,a,1500")
        self.assertEqual(amounts(self.take(path, "--year", "2025")), {("1.06", "final", "2025"): "1500000"})
        path = self.table("RENCANA KERJA TAHUN 2025 (dalam ribuan rupiah)", "", "Kode;Nama;Pagu", "1.06;a;1.500", "1.07;b;2,5",
                          name="b.csv")
        folder = self.take(path, "--decimal", ",", out="judul")
        self.assertEqual(amounts(folder), {("1.06", "final", "2025"): "1500000", ("1.07", "final", "2025"): "2500"})

    def test_encodings_of_office_files(self):
        text = "Kode\tNama\tPagu 2025\r\n1\tCafé – “A”\t5\r\n"
        for i, (encoding, mark) in enumerate((("utf-8", b"\xef\xbb\xbf"), ("utf-16-le", b"\xff\xfe"),
                                              ("utf-16-be", b"\xfe\xff"), ("cp1252", b""))):
            path = self.dir / f"e{i}.csv"
            path.write_bytes(mark + text.encode(encoding))
            folder = self.take(path, "--year", "2025", out=f"o{i}")
            self.assertEqual(rows(folder, "nodes")[1]["name"], "Café – “A”")

    def test_texts_of_any_length_and_script_are_taken_whole_or_cut_between_characters(self):
        long = "漢–é" * 100
        path = self.table(f"{long} Tahun 2025;;", f"Kode;Nama;Pagu {long};Target;{long};Sumber Dana",
                          f"1.06;{long};5;12 {long};{long};{long}", name="ü–漢.csv")
        folder = self.take(path, "--year", "2025")
        self.assertEqual(rows(folder, "nodes")[1]["name"], long)
        self.assertEqual(rows(folder, "nodes")[1]["fund"], long)
        self.assertEqual(list(measures(folder).values()), [("", "", f"12 {long}")])

    def test_a_message_about_a_cell_of_several_lines_is_one_line(self):
        path = self.table('Kode,Nama,Pagu 2025', '1,a,"satu', 'dua"')
        self.assertEqual(len(self.rejected(path, "--year", "2025")), 1)

    def test_what_is_no_table_is_bad_input(self):
        for name, content, message in (
                ("a.csv", b"hello\nworld\n", "no table was found"), ("b.xlsx", b"PK\3\4broken", "the archive is damaged"),
                ("c.csv", b"Kode,Nama\n1,\"open\n", "c.csv:2: a quote is opened here and never closed"),
                ("d.csv", b"a,b\0c\n", "not a text file"), ("e.json", b"[1, 2]", "a list of objects is needed"),
                ("f.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 ", "an old .xls workbook"),
                ("g.csv", b"Nama,Pagu 2025\na,5\n", "no column of codes"),
                ("h.csv", b"Kode,Nama,Pagu\n1,a,5\n", "nothing tells the plan year; give it with --year")):
            path = self.dir / name
            path.write_bytes(content)
            done = pagu("import", "--lang", "en", path, "-o", self.dir / "x")
            self.refuses(done, 3, message)
        self.assertFalse((self.dir / "x").exists())

    def test_an_element_of_many_megabytes_is_refused(self):
        path = self.dir / "a.xlsx"
        workbook.write(path, {"T": [["Kode", "Nama"], ["1.06", "A"]]})
        with zipfile.ZipFile(path) as old:
            parts = {name: old.read(name) for name in old.namelist()}
        sheet = parts["xl/worksheets/s1.xml"]
        parts["xl/worksheets/s1.xml"] = sheet.replace(b"<sheetData>", b'<x a="' + b"A" * (6 << 20) + b'"/><sheetData>')
        with zipfile.ZipFile(path, "w") as new:
            for name, data in parts.items():
                new.writestr(name, data)
        done = self.run_import(path, "--year", "2025", "--dry-run", code=3)
        self.assertIn("an element with more than 4 MB of attributes", done.stderr)

    def test_many_indicators_of_one_node_are_told_in_a_few_seconds(self):
        lines = [f",,Jumlah ke-{i},{i},{i},orang," for i in range(1, 6001)]
        table = self.table("Kode,Nama,Indikator,Target 2023,Realisasi 2023,Satuan,Pagu 2025", "1.06.01,A,,,,,1", *lines)
        folder = self.take(table, "--year", "2025", "-q")
        done = pagu("report", folder, "narasi", "--format", "md", timeout=25)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("Jumlah ke-6000", done.stdout)

    def test_too_little_memory_is_no_fault_of_the_file(self):
        lines = [f"1.06.{i // 100:02d}.{i % 100:02d},A,x,{i},orang,{i}" for i in range(3000)]
        table = self.table("Kode,Nama,Indikator,Target 2025,Satuan,Pagu 2025", *lines)
        codes = [pagu("import", table, "--year", "2025", "--dry-run", "-q", "--memory", str(mib)).returncode
                 for mib in range(1, 17)]
        self.assertEqual(set(codes), {0, 5}, codes)

    def test_a_year_or_unit_of_a_template_is_whole(self):
        table = self.table("Kode,Nama,Pagu 2025", "1.06,A,1000")
        for key, value, message in (("year", 2025.5, "year: must be a year"), ("unit", 1000.5, "unit: must be 1, 10")):
            template = self.file("t.json", json.dumps({"year": 2025, key: value}))
            done = self.run_import(table, "--template", template, "--dry-run", code=3)
            self.assertIn(message, done.stderr)

    def test_many_indicators_of_one_node_are_read_in_a_few_seconds(self):
        lines = [f",,Jumlah ke-{i},{i},orang," for i in range(1, 40001)]
        table = self.table("Kode,Nama,Indikator,Target 2025,Satuan,Pagu 2025", "1.06,A,,,,1", *lines)
        folder = self.take(table, "--year", "2025", "-q")
        targets = by(folder, "measures", "indicator")
        self.assertEqual(len(targets), 40000)
        self.assertEqual(targets["1.06#40000",]["value"], "40000")

    def test_a_folder_that_is_no_package_is_never_touched(self):
        (self.dir / "milik").mkdir()
        self.file("milik/foto.txt", "x")
        done = pagu("import", "--lang", "en", TABLES[0], "-o", self.dir / "milik")
        self.assertEqual(done.returncode, 2)
        self.assertIn("exists and is no data package; it won't be overwritten", done.stderr)
        self.assertEqual([p.name for p in (self.dir / "milik").iterdir()], ["foto.txt"])

    def test_two_files_that_differ_are_told_and_the_first_counts(self):
        a = self.table("Kode,Nama,Pagu 2025", "1.06,a,5", name="a.csv")
        b = self.table("Kode,Nama,Pagu 2025", "1.06,a,7", name="b.csv")
        done = self.run_import(a, b, "--year", "2025", "-o", self.dir / "x")
        self.assertRegex(done.stderr, r'b\.csv:2: Pagu 2025: budget 2025 of "1.06" is 5 in .*a\.csv line 2 and 7 here; '
                                      "the first counts")
        self.assertEqual(amounts(self.dir / "x"), {("1.06", "final", "2025"): "5"})
        self.run_import(a, b, "--year", "2025", "-o", self.dir / "y", "--replace")
        self.assertEqual(amounts(self.dir / "y"), {("1.06", "final", "2025"): "7"})

    def test_messages_are_indonesian_unless_asked(self):
        path = self.table("Kode,Nama,Pagu 2025", "X.XX.01,a,5")
        done = pagu("import", path, "--year", "2025", "--dry-run")
        self.assertIn("sebutkan dengan --bidang", done.stderr)


class Sipd(Import):
    ROWS = [{"kode_urusan": "1", "nama_urusan": "WAJIB", "kode_bidang_urusan": "1.06", "nama_bidang_urusan": "SOSIAL",
             "kode_program": "1.06.01", "nama_program": "PENUNJANG", "kode_giat": "1.06.01.2.02", "nama_giat": "Keuangan",
             "kode_sub_giat": "1.06.01.2.02.0001", "nama_sub_giat": "Gaji", "outputteks": "Jumlah orang", "targetoutput": "26",
             "satuanoutput": "Orang", "pagu": 3379675000.0, "pagu_n_depan": "3400000000", "nama_dana": "PAD",
             "nama_lokasi": "Kota Tarakan"},
            {"kode_urusan": "1", "nama_urusan": "WAJIB", "kode_bidang_urusan": "1.06", "nama_bidang_urusan": "SOSIAL",
             "kode_program": "1.06.01", "nama_program": "PENUNJANG", "kode_giat": "1.06.01.2.02", "nama_giat": "Keuangan",
             "kode_sub_giat": "1.06.01.2.02.0002", "nama_sub_giat": "Administrasi", "outputteks": "Jumlah dokumen",
             "targetoutput": 4, "satuanoutput": "Dokumen", "pagu": 56046000, "pagu_n_depan": None, "nama_dana": "PAD",
             "nama_lokasi": "Kota Tarakan"}]

    def check(self, folder):
        self.assertEqual([(r["node"], r["level"], r["name"], r["fund"]) for r in rows(folder, "nodes")[1:]],
                         [("1", "urusan", "WAJIB", ""), ("1.06", "bidang", "SOSIAL", ""),
                          ("1.06.01", "program", "PENUNJANG", ""), ("1.06.01.2.02", "kegiatan", "Keuangan", ""),
                          ("1.06.01.2.02.0001", "sub_kegiatan", "Gaji", "PAD"),
                          ("1.06.01.2.02.0002", "sub_kegiatan", "Administrasi", "PAD")])
        self.assertEqual(amounts(folder), {("1.06.01.2.02.0001", "final", "2025"): "3379675000",
                                           ("1.06.01.2.02.0001", "final", "2026"): "3400000000",
                                           ("1.06.01.2.02.0002", "final", "2025"): "56046000"})
        self.assertEqual(measures(folder)["1.06.01.2.02.0002#1", "final", "2025", "target"], ("4", "dokumen", ""))

    def test_an_export_of_objects_imports_by_template_and_by_its_words(self):
        for i, content in enumerate((self.ROWS, {"data": self.ROWS})):
            path = self.file(f"{i}.json", json.dumps(content))
            self.check(self.take(path, "--template", "sipd", "--year", "2025", out=f"t{i}"))

    def test_an_amount_that_a_double_may_have_bent_is_rejected(self):
        path = self.file("a.json", '[{"kode": "1.06", "nama": "a", "pagu 2025": 1234567890123456.5}]')
        self.assertIn("the cell shows the error", self.rejected(path, "--year", "2025")[0])


if __name__ == "__main__":
    unittest.main()
