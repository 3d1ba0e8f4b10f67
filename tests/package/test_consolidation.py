#!/usr/bin/env python3
"""A generated city of 40 offices and a province of 3 cities against sums made here."""
import csv
import io
import json
import os
import shutil
import sys
import tempfile
import time
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from offices import City, Office, write_package, write_province, skeleton  # noqa: E402
from program import TARAKAN, rows, run, value  # noqa: E402


class TheCity(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.mkdtemp()
        cls.city = City("kota", 40, seed=1)
        cls.plan = cls.city.write(cls.folder)

    @classmethod
    def tearDownClass(cls):
        shutil.rmtree(cls.folder)

    def test_every_stage_and_year_adds_up_to_the_city(self):
        for stage in ("draft", "final"):
            for year in (2024, 2025):
                got = value(self.plan, f'plan:stage("{stage}"):get("/", "budget", {year})')
                self.assertEqual(int(got), self.city.total(stage, year))
        self.assertEqual(int(value(self.plan, 'plan:get("/", "spent", 2022)')),
                         self.city.total("common", 2022, "spent"))

    def test_every_node_of_every_office_is_the_sum_of_its_lines(self):
        lua = ('local out = {}; for n in plan:select{ under = "/" }:each() do '
               'out[#out + 1] = n.key .. "=" .. tostring((n.budget[2024])) end; return table.concat(out, " ")')
        got = dict(x.split("=") for x in value(self.plan, lua).split())
        for office in self.city.offices:
            for key in office.names:
                line = office.figures.get((key, "final", 2024, "budget"))
                expected = line if key in office.targets else office.total("final", 2024, prefix=key)
                shown = got[f"{office.name}/{key}"]
                if shown == "nil":  # a sum of lines that have none
                    self.assertFalse(expected, key)
                else:
                    self.assertEqual(int(shown), expected, key)

    def test_the_office_is_a_class_that_adds_up(self):
        got = {r["class"]: r for r in rows(self.plan, 'plan:by("office", "budget", 2024)')}
        for office in self.city.offices:
            self.assertEqual(int(got[office.name]["value"]), office.total("final", 2024))
            self.assertEqual(got[office.name]["name"], office.title)
        self.assertEqual(len(got), 41)

    def test_an_office_is_selected_by_its_tag(self):
        office = self.city.offices[6]
        lua = f'#plan:lines(plan:select{{ tag = {{ office = "{office.name}" }} }})'
        self.assertEqual(int(value(self.plan, lua)), len(office.targets))
        self.assertEqual(value(self.plan, f'plan["{office.name}/{next(iter(office.targets))}"].tag.office'), office.name)

    def test_a_sum_by_code_adds_the_offices(self):
        table = rows(self.plan, 'plan:by_code{ level = "program", year = 2024 }')
        got = {r["code"]: r for r in table if r["code"]}
        expected, names = {}, {}
        for office in self.city.offices:
            for key, name in office.names.items():
                if key.count(".") == 2:
                    expected[key] = expected.get(key, 0) + office.total("final", 2024, prefix=key)
                    names.setdefault(key, []).append(name)
        self.assertEqual(set(got), set(expected))
        for code, total in expected.items():
            self.assertEqual(int(got[code]["value"] or 0), total, code)
            self.assertEqual(int(got[code]["nodes"]), len(names[code]))
            self.assertEqual(int(got[code]["names"]), len(set(names[code])))
        self.assertGreater(int(got["7.01.01"]["nodes"]), 10)
        self.assertEqual(int(table[-1]["value"]), self.city.total("final", 2024))

    def test_a_sum_by_code_of_one_office_is_that_office(self):
        office = self.city.offices[1]
        table = rows(self.plan, f'plan:by_code{{ level = "kegiatan", under = "{office.name}", field = "spent", year = 2022 }}')
        self.assertEqual(int(table[-1]["value"]), office.total("common", 2022, "spent"))
        self.assertEqual(sum(int(r["value"] or 0) for r in table[:-1]), office.total("common", 2022, "spent"))

    def report(self, *options):
        done = run("report", self.plan, "tc33", "--format", "csv", *options)
        self.assertEqual(done.returncode, 0, done.stderr)
        return list(csv.DictReader(io.StringIO(done.stdout)))

    def test_the_table_of_the_city_heads_every_office_and_foots(self):
        table = self.report()
        self.assertEqual(int(table[-1]["budget"]), self.city.total("final", 2024))
        heads = {r["name"]: r for r in table}
        for office in self.city.offices:
            self.assertEqual(int(heads["Renja " + office.title]["budget"]), office.total("final", 2024))
        self.assertEqual(len(table), 1 + sum(1 + len(o.names) for o in self.city.offices))

    def test_the_table_of_one_office_is_that_of_its_own_package(self):
        office = self.city.offices[4]
        table = self.report("--only", office.name)
        self.assertEqual(int(table[-1]["budget"]), office.total("final", 2024))
        self.assertEqual(int(table[-1]["budget_next"]), office.total("final", 2025))
        alone = run("report", f"{self.folder}/{office.name}", "tc33", "--format", "csv")
        self.assertEqual(table, list(csv.DictReader(io.StringIO(alone.stdout))))
        done = run("report", self.plan, "tc33", "--only", office.name, "--format", "text")
        self.assertIn(office.title, done.stdout.splitlines()[2])

    def test_a_table_of_an_office_that_is_not_there_names_the_nearest(self):
        done = run("report", self.plan, "tc33", "--only", "dinas-1", "--lang", "en")
        self.assertEqual(done.returncode, 3)
        self.assertIn("dinas-11", done.stderr)

    def rates(self, offices):
        return {f"{o.name}/{k}": 100 * got / wanted for o in offices for k, (wanted, got) in o.before.items()}

    def test_evaluation_stands_on_every_level(self):
        """Rates by indicator, absorption by node, against a second computation."""
        lua = ('local out = {}; for n in plan:select{ level = "sub_kegiatan" }:each() do '
               'out[#out + 1] = n.key .. "=" .. string.format("%.9f", (plan:get(n.key, "rate", 2022))) end; '
               'return table.concat(out, " ")')
        got = dict(x.split("=") for x in value(self.plan, lua).split())
        expected = self.rates(self.city.offices)
        self.assertEqual(set(got), set(expected))
        for key, rate in expected.items():
            self.assertAlmostEqual(float(got[key]), rate, places=6)
        places = {"/": self.city.offices, **{o.name: [o] for o in self.city.offices[:5]}}
        for place, offices in places.items():
            spent = sum(o.total("common", 2022, "spent") for o in offices)
            budget = sum(o.total("common", 2022, "budget") for o in offices)
            absorbed = value(self.plan, f'string.format("%.9f", (plan:get("{place}", "absorption", 2022)))')
            self.assertAlmostEqual(float(absorbed), 100 * spent / budget, places=6)

    def test_evaluation_tables_of_an_office_are_those_of_its_package(self):
        office = self.city.offices[3]
        for kind in ("tc29", "e81", "tabel8", "narasi"):
            ours = run("report", self.plan, kind, "--only", office.name, "--format", "csv")
            alone = run("report", f"{self.folder}/{office.name}", kind, "--format", "csv")
            self.assertEqual(ours.returncode, 0, ours.stderr)
            self.assertEqual(ours.stdout, alone.stdout, kind)

    def test_the_evaluation_of_the_city_has_every_office(self):
        done = run("report", self.plan, "tc29", "--format", "csv")
        self.assertEqual(done.returncode, 0, done.stderr)
        table = list(csv.DictReader(io.StringIO(done.stdout)))
        rated = [float(r["rate"]) for r in table if r["indicator"] and r["rate"]]
        expected = self.rates(self.city.offices)
        self.assertEqual(len(rated), len(expected))
        for one, other in zip(sorted(rated), sorted(expected.values())):
            self.assertAlmostEqual(one, other, places=6)

    def test_the_written_city_is_the_same_and_stays_so(self):
        merged = f"{self.folder}/merged"
        self.assertEqual(run("export", self.plan, "package", "-o", merged).returncode, 0)
        self.assertEqual(value(merged, "plan:hash()"), value(self.plan, "plan:hash()"))
        office = self.city.offices[0]
        self.assertEqual(value(merged, f'#plan:select{{ tag = {{ office = "{office.name}" }} }}'),
                         value(self.plan, f'#plan:select{{ tag = {{ office = "{office.name}" }} }}'))


class TheProvince(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp()
        self.cities = [City(f"kota-{c}", 6, seed=i, lines=25) for i, c in enumerate("abc", 2)]
        self.plan = write_province(self.folder, self.cities)

    def tearDown(self):
        shutil.rmtree(self.folder)

    def test_cities_are_classes_above_their_offices(self):
        got = {r["class"]: int(r["value"]) for r in rows(self.plan, 'plan:by("office", "budget", 2025)')}
        for city in self.cities:
            self.assertEqual(got[city.name], city.total("final", 2025))
            for office in city.offices:
                self.assertEqual(got[f"{city.name}/{office.name}"], office.total("final", 2025))
        self.assertEqual(got[""], sum(c.total("final", 2025) for c in self.cities))

    def test_selecting_a_city_selects_its_offices(self):
        city = self.cities[1]
        lua = f'#plan:lines(plan:select{{ tag = {{ office = "{city.name}" }} }})'
        self.assertEqual(int(value(self.plan, lua)), sum(len(o.targets) for o in city.offices))

    def test_a_city_of_the_province_prints_what_it_prints_alone(self):
        city = self.cities[2]
        for kind in ("tc33", "tc29"):
            ours = run("report", self.plan, kind, "--only", city.name, "--format", "csv")
            alone = run("report", f"{self.folder}/{city.name}.d/{city.name}", kind, "--format", "csv")
            self.assertEqual(ours.returncode, 0, ours.stderr)
            self.assertEqual(ours.stdout, alone.stdout, kind)
        office = f"{city.name}/{city.offices[0].name}"
        done = run("report", self.plan, "tc33", "--only", office, "--format", "csv")
        total = list(csv.DictReader(io.StringIO(done.stdout)))[-1]
        self.assertEqual(int(total["budget"]), city.offices[0].total("final", 2024))

    def test_sums_by_code_go_over_cities(self):
        table = rows(self.plan, 'plan:by_code{ level = "bidang", year = 2024 }')
        got = {r["code"]: r for r in table}
        districts = [o for c in self.cities for o in c.offices if o.bidang == "7.01"]
        self.assertEqual(int(got["7.01"]["nodes"]), len(districts))
        self.assertEqual(int(got["7.01"]["value"]), sum(o.total("final", 2024) for o in districts))


class Faults(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp()
        self.city = City("kota", 3, seed=9, lines=5)
        self.plan = self.city.write(self.folder)

    def tearDown(self):
        shutil.rmtree(self.folder)

    def edit(self, package, change):
        path = f"{self.folder}/{package}/datapackage.json"
        with open(path) as f:
            descriptor = json.load(f)
        change(descriptor)
        with open(path, "w") as f:
            json.dump(descriptor, f)

    def refused(self, *words):
        done = run("check", self.plan, "--lang", "en")
        self.assertEqual(done.returncode, 3, done.stdout + done.stderr)
        for word in words:
            self.assertIn(word, done.stdout + done.stderr)

    def test_another_currency_is_refused_by_the_name_of_the_mount(self):
        self.edit("dinas-01", lambda d: d["pagu"].update(money={"currency": "USD", "decimals": 0, "unit": 1}))
        self.refused('mount "dinas-01" counts in USD, the package in IDR')

    def test_another_plan_year_is_told(self):
        self.edit("dinas-01", lambda d: d["pagu"].update(year=2025))
        done = run("check", self.plan, "--lang", "en")
        self.assertIn('mount "dinas-01" plans the year 2025, the package 2024', done.stdout + done.stderr)

    def test_a_stage_that_a_member_lacks_is_a_finding(self):
        def drop(office):
            for name in ("stages", "amounts", "measures"):
                path = f"{self.folder}/{office}/{name}.csv"
                with open(path) as f:
                    lines = f.readlines()
                with open(path, "w") as f:
                    f.writelines(x for x in lines if not x.startswith("draft,") and ",draft," not in x)
        drop("kecamatan-02")
        done = run("check", self.plan, "--lang", "en")
        self.assertEqual(done.returncode, 1)
        self.assertIn('mount "kecamatan-02" has no stage "draft"', done.stdout)

    def test_a_missing_member_is_named(self):
        shutil.rmtree(f"{self.folder}/dinas-03")
        self.refused("../dinas-03")

    def test_a_corrupt_member_is_named(self):
        with open(f"{self.folder}/dinas-03/datapackage.json", "w") as f:
            f.write("{")
        self.refused("../dinas-03/datapackage.json")
        with open(f"{self.folder}/dinas-01/amounts.csv", "a") as f:
            f.write("x\n")
        self.refused("../dinas-03/datapackage.json", "../dinas-01/amounts.csv")

    def test_a_cycle_over_two_packages_is_refused(self):
        self.edit("dinas-01", lambda d: d["pagu"].update(include=[{"path": "../kota", "as": "kota"}]))
        self.refused("the package includes itself")

    def test_a_unit_that_two_packages_define_differently_names_both(self):
        with open(f"{self.folder}/dinas-03/units.csv") as f:
            text = f.read()
        with open(f"{self.folder}/dinas-03/units.csv", "w") as f:
            f.write(text.replace("orang,Orang,count", "orang,Orang,ratio"))
        self.refused("../dinas-03/units.csv", 'unit "orang" differs from its definition at', "units.csv:2")

    def test_a_class_that_two_packages_define_differently_names_both(self):
        for office, name in (("dinas-01", "APBD"), ("dinas-03", "APBN")):
            self.edit(office, lambda d: d["resources"].extend(
                [{"name": "trees", "path": "trees.csv"}, {"name": "classes", "path": "classes.csv"}]))
            with open(f"{self.folder}/{office}/trees.csv", "w") as f:
                f.write("tree,name,kind\nfund,Sumber dana,partition\n")
            with open(f"{self.folder}/{office}/classes.csv", "w") as f:
                f.write(f"tree,class,name\nfund,a,{name}\n")
        self.refused("../dinas-03/classes.csv", 'class "a" of tree "fund" differs from its definition at ../dinas-01/classes.csv:2')

    def test_a_tree_of_offices_that_a_package_declares_is_kept(self):
        self.edit("kota", lambda d: d["resources"].extend(
            [{"name": "trees", "path": "trees.csv"}, {"name": "classes", "path": "classes.csv"}]))
        with open(f"{self.folder}/kota/trees.csv", "w") as f:
            f.write("tree,name,kind\noffice,SKPD,partition\n")
        with open(f"{self.folder}/kota/classes.csv", "w") as f:
            f.write("tree,class,parent,name\noffice,sosial,,Bidang sosial\noffice,dinas-01,sosial,Dinas Satu\n")
        got = {r["class"]: int(r["value"]) for r in rows(self.plan, 'plan:by("office")') if r["class"]}
        self.assertEqual(got, {"sosial": self.city.offices[0].total("final", 2024),
                               "dinas-01": self.city.offices[0].total("final", 2024)})
        done = run("check", self.plan, "--lang", "en")
        self.assertIn('mount "dinas-03" has no class in the tree "office"', done.stdout)


class Signs(unittest.TestCase):
    def test_a_budget_below_zero_is_told_by_the_signs_around_it(self):
        with tempfile.TemporaryDirectory() as folder:
            tables = skeleton("Uji")
            tables["nodes"] = (["node", "level", "name", "sign"], [
                (".", "plan", "Uji", ""), ("1", "urusan", "Belanja", ""), ("6", "urusan", "Pembiayaan neto", ""),
                ("6.1", "bidang", "Penerimaan", ""), ("6.2", "bidang", "Pengeluaran", "-"), ("7", "urusan", "Memo", "0")])
            tables["amounts"][1].extend((k, "final", 2024, v, "") for k, v in (("1", -5), ("6.1", -7), ("6.2", -2), ("7", -1)))
            tables["amounts"][1].append(("1", "common", 2022, "", -3))  # money spent may be given back
            write_package(f"{folder}/uji", {}, tables)
            done = run("check", f"{folder}/uji", "--lang", "en", "--format", "csv")
            got = [(r["key"], r["severity"]) for r in csv.DictReader(io.StringIO(done.stdout)) if r["rule"] == "negative-budget"]
            self.assertEqual(got, [("1", "warning"), ("6.1", "note"), ("6.2", "note"), ("7", "note")])


class OwnTrees(unittest.TestCase):
    """Two offices that both number their goals 1, 1.1, …"""

    def office(self, folder, name, goals):
        tables = skeleton("Dinas " + name)
        tables["nodes"][1].extend([("1", "urusan", "Urusan"), ("1.01", "bidang", "Bidang")])
        tables["trees"] = (["tree", "name", "kind", "separator"], [("objective", "Tujuan dan sasaran", "label", ".")])
        tables["classes"] = (["tree", "class", "name"], [("objective", i, text) for i, text in goals])
        tables["tags"] = (["node", "tree", "class"], [("1.01", "objective", goals[-1][0])])
        tables["amounts"][1].append(("1.01", "final", 2024, 100 * len(goals), ""))
        tables["indicators"] = (["indicator", "owner", "name", "unit"], [("iku", f"objective:{goals[0][0]}", "Capaian " + name, "%")])
        tables["measures"] = (["indicator", "stage", "period", "field", "value"], [("iku", "final", 2024, "target", 10 * len(goals))])
        write_package(f"{folder}/{name}", {}, tables)

    def city(self, folder, **more):
        self.office(folder, "dinsos", [("1", "Sejahtera"), ("1.1", "Bansos tepat")])
        self.office(folder, "dinkes", [("1", "Sehat"), ("1.1", "Imunisasi"), ("1.2", "Stunting")])
        include = [{"path": f"../{n}", "as": n, **more} for n in ("dinsos", "dinkes")]
        write_package(f"{folder}/kota", {"include": include}, skeleton("Kota"))
        return f"{folder}/kota"

    def goals(self, plan):
        lua = ('local out = {}; for _, c in ipairs(plan:classes("objective")) do out[#out + 1] = c.id .. "=" .. c.name end; '
               'return table.concat(out, "|")')
        return dict(x.split("=") for x in value(plan, lua).split("|"))

    def test_goals_of_offices_stand_side_by_side(self):
        with tempfile.TemporaryDirectory() as folder:
            plan = self.city(folder, own=["objective"])
            got = self.goals(plan)
            self.assertEqual(got, {"dinkes/1": "Sehat", "dinkes/1.1": "Imunisasi", "dinkes/1.2": "Stunting",
                                   "dinsos/1": "Sejahtera", "dinsos/1.1": "Bansos tepat"})
            self.assertEqual(list(got), sorted(got))
            self.assertEqual(value(plan, 'plan:select{ tag = { objective = "dinsos/1" } }.budget[2024]:sum()'), "200")
            self.assertEqual(value(plan, 'plan:indicator("dinkes/iku").owner'), "objective:dinkes/1")

    def test_goals_of_a_city_within_a_province_keep_both_names(self):
        with tempfile.TemporaryDirectory() as folder:
            self.city(folder, own=["objective"])
            write_package(f"{folder}/provinsi", {"include": [{"path": "../kota", "as": "kota-a"}]}, skeleton("Provinsi"))
            self.assertEqual(list(self.goals(f"{folder}/provinsi")), ["kota-a/dinkes/1", "kota-a/dinkes/1.1", "kota-a/dinkes/1.2", "kota-a/dinsos/1", "kota-a/dinsos/1.1"])

    def test_the_table_of_goals_names_each_offices_own(self):
        with tempfile.TemporaryDirectory() as folder:
            plan = self.city(folder, own=["objective"])
            text = run("report", plan, "tabel5", "--format", "csv").stdout
            got = [r[:5] for r in csv.reader(io.StringIO(text))][1:]
            self.assertEqual(got, [["Dinas dinkes", "Sehat", "Capaian dinkes", "Imunisasi", ""],
                                   ["Dinas dinkes", "Sehat", "Capaian dinkes", "Stunting", ""],
                                   ["Dinas dinsos", "Sejahtera", "Capaian dinsos", "Bansos tepat", ""]])
            only = run("report", plan, "tabel5", "--only", "dinsos", "--format", "csv").stdout
            self.assertNotIn("Sehat", only)
            self.assertIn("Bansos tepat", only)

    def test_proposals_and_priorities_name_the_office(self):
        with tempfile.TemporaryDirectory() as folder:
            tables = skeleton("Kota")
            for name in ("stages", "units"):
                with open(f"{TARAKAN}/{name}.csv", newline="") as f:
                    head, *lines = csv.reader(f)
                tables[name] = (head, lines)
            include = [{"path": TARAKAN, "as": n, "own": ["objective"]} for n in ("a", "b")]
            write_package(f"{folder}/kota", {"include": include}, tables)
            title = "Dinas Sosial dan Pemberdayaan Masyarakat"
            offices = [r for r in csv.reader(io.StringIO(run("report", f"{folder}/kota", "tc32", "--format", "csv").stdout)) if title in r[1]]
            self.assertEqual(len(offices), 2)
            linked = list(csv.reader(io.StringIO(run("report", f"{folder}/kota", "tabel6", "--format", "csv").stdout)))
            alone = list(csv.reader(io.StringIO(run("report", TARAKAN, "tabel6", "--format", "csv").stdout)))
            self.assertEqual(sum(r[1] == title for r in linked), 2 * sum(r[0].isdigit() for r in alone))

    def test_the_exported_city_is_the_same_plan(self):
        with tempfile.TemporaryDirectory() as folder:
            plan = self.city(folder, own=["objective"])
            self.assertEqual(run("export", plan, "package", "-o", f"{folder}/satu").returncode, 0)
            self.assertEqual(value(f"{folder}/satu", "plan:hash()"), value(plan, "plan:hash()"))

    def test_without_own_they_clash(self):
        with tempfile.TemporaryDirectory() as folder:
            done = run("eval", self.city(folder), "1")
            self.assertEqual(done.returncode, 3)
            self.assertIn("../dinkes/classes.csv:2", done.stderr)

    def test_own_is_a_list_of_names(self):
        with tempfile.TemporaryDirectory() as folder:
            done = run("eval", self.city(folder, own="objective"), "1", "--lang", "en")
            self.assertEqual(done.returncode, 3)
            self.assertIn('"own" is a list of ids of trees', done.stderr)


class Stages(unittest.TestCase):
    def test_a_stage_counts_common_money_of_its_members_only(self):
        with tempfile.TemporaryDirectory() as folder:
            tables = skeleton("Uji")
            tables["nodes"] = (["node", "level", "name", "stages"], [
                (".", "plan", "Uji", ""), ("1", "urusan", "Urusan", ""), ("1.01", "bidang", "Ada", ""),
                ("1.02", "bidang", "Hanya draft", "draft"), ("1.03", "bidang", "Kosong", "")])
            tables["amounts"][1].extend([("1.01", "common", 2022, 100, 40), ("1.02", "common", 2022, 1000, "-"),
                                         ("1.01", "final", 2024, 5, ""), ("1.02", "draft", 2024, 7, "")])
            write_package(f"{folder}/uji", {}, tables)
            plan = f"{folder}/uji"
            read = 'return plan:stage("%s"):get("/", "%s", 2022)'
            self.assertEqual(value(plan, read % ("final", "budget")), "100")
            self.assertEqual(value(plan, read % ("draft", "budget")), "1100")
            self.assertEqual(value(plan, read % ("final", "spent")), "40")
            self.assertEqual(value(plan, 'plan:get("1.03", "budget", 2022)'), "nil")
            self.assertEqual(value(plan, 'plan:get("/", "absorption", 2022)').split("\t")[0], "40")
            # an edit moves the stage's total; the copy is neither content nor written
            lua = ('local s = plan:branch "x"; s:set("1.01", "budget", 2022, 130); return s:get("/", "budget", 2022), '
                   's:get("1", "budget", 2022)')
            self.assertEqual(value(plan, lua), "130\t130")
            self.assertEqual(run("export", plan, "package", "-o", f"{folder}/copy").returncode, 0)
            with open(f"{folder}/copy/amounts.csv") as f:
                self.assertEqual(f.read().count(",2022,"), 2)
            self.assertEqual(value(f"{folder}/copy", "plan:hash()"), value(plan, "plan:hash()"))


class Size(unittest.TestCase):
    def test_time_grows_with_the_lines(self):
        """40 offices of 1,000 lines take no more than twice their share of what 10 take."""
        with tempfile.TemporaryDirectory() as folder:
            times = {}
            for n in (10, 40):
                city = City(f"kota-{n}", n, seed=n, lines=1000)
                os.mkdir(f"{folder}/{n}")
                plan = city.write(f"{folder}/{n}")
                best = None
                for _ in range(3):
                    start = time.monotonic()
                    got = value(plan, 'plan:get("/", "budget", 2024)')
                    took = time.monotonic() - start
                    best = took if best is None else min(best, took)
                self.assertEqual(int(got), city.total("final", 2024))
                times[n] = best
            print(f"\n40 offices of 1,000 lines: {times[40]:.2f} s, 10 offices: {times[10]:.2f} s", file=sys.stderr)
            self.assertLess(times[40], 8 * times[10] + 0.25)


if __name__ == "__main__":
    sys.exit(unittest.main())
