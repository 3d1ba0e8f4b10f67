#!/usr/bin/env python3
"""A plan moved to other codes: identity, merges, splits, conflicts, and sums made here.

All mappings are invented test data.
"""
import csv
import io
import os
import random
import shutil
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from offices import City, Office, write_package, skeleton  # noqa: E402
from program import TARAKAN, run, value  # noqa: E402

HEAD = ["list", "from_version", "from", "to_version", "to", "share"]


def codes_of(plan):
    with open(f"{plan}/nodes.csv", newline="") as f:
        return [r["node"] for r in csv.DictReader(f) if r["node"] != "."]


def apportion(total, shares):
    """Largest remainder, ties to the first; an independent statement of the rule."""
    exact = [total * s for s in shares]
    scale = sum(shares)
    out = [e // scale for e in exact]
    order = sorted(range(len(shares)), key=lambda i: -(exact[i] % scale))
    for i in order[:total - sum(out)]:
        out[i] += 1
    return out


class Migrate(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp()

    def tearDown(self):
        shutil.rmtree(self.folder)

    def write_map(self, rows, name="map", versions=("lama", "baru")):
        path = f"{self.folder}/{name}.csv"
        with open(path, "w", newline="") as f:
            out = csv.writer(f, lineterminator="\n")
            out.writerow(HEAD)
            for old, new, share in rows:
                out.writerow(["program", versions[0], old, versions[1], new, share])
        return path

    def migrate(self, plan, rows, *options, to="baru", out="out", code=0, versions=("lama", "baru")):
        path = self.write_map(rows, versions=versions)
        target = f"{self.folder}/{out}"
        done = run("migrate", plan, "--map", path, "--to", to, "-o", target, "--lang", "en", "--format", "csv", *options)
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        self.table = list(csv.DictReader(io.StringIO(done.stdout)))
        self.stderr = done.stderr
        if code == 0:
            self.assertEqual(run("check", target).returncode in (0, 1), True)
        return target

    def office(self, **money):
        """1.01 > program 01, 02 > kegiatan > sub kegiatan with what a test gives."""
        tables = skeleton("Renja uji")
        nodes = ["1", "1.01", "1.01.01", "1.01.01.2.01", "1.01.01.2.01.0001", "1.01.01.2.01.0002",
                 "1.01.02", "1.01.02.2.01", "1.01.02.2.01.0001"]
        level = {1: "urusan", 2: "bidang", 3: "program", 5: "kegiatan", 6: "sub_kegiatan"}
        tables["nodes"][1].extend((n, level[n.count(".") + 1], f"Nama {n}") for n in nodes)
        tables["amounts"][1].extend([
            ("1.01.01.2.01.0001", "final", 2024, 100, ""), ("1.01.01.2.01.0001", "draft", 2024, "-", ""),
            ("1.01.01.2.01.0002", "final", 2024, 1001, ""), ("1.01.01.2.01.0002", "final", 2025, -7, ""),
            ("1.01.02.2.01.0001", "final", 2024, 5000, ""), ("1.01.02.2.01.0001", "common", 2022, "", 77)])
        tables["indicators"] = (["indicator", "owner", "name", "unit"], [
            ("1.01.01.2.01.0001#1", "1.01.01.2.01.0001", "Jumlah orang", "orang"),
            ("1.01.01.2.01.0002#1", "1.01.01.2.01.0002", "Jumlah orang", "orang"),
            ("1.01.01.2.01.0002#2", "1.01.01.2.01.0002", "Persentase", "%")])
        tables["measures"] = (["indicator", "stage", "period", "field", "value", "text"], [
            ("1.01.01.2.01.0001#1", "final", 2024, "target", 10, ""),
            ("1.01.01.2.01.0002#1", "final", 2024, "target", 25, ""),
            ("1.01.01.2.01.0002#2", "final", 2024, "target", 80, "")])
        tables["texts"] = (["owner", "kind", "stage", "period", "lang", "rank", "text"], [
            ("1.01.01.2.01.0002", "note", "common", "*", "id", 1, "Catatan")])
        plan = f"{self.folder}/office"
        write_package(plan, {"codes": {"list": "program", "version": "lama"}, **money}, tables)
        return plan

    IDENTITY = ["1.01.01", "1.01.01.2.01", "1.01.01.2.01.0001", "1.01.01.2.01.0002", "1.01.02", "1.01.02.2.01",
                "1.01.02.2.01.0001"]

    def identity_but(self, *changes):
        changed = {old for old, _, _ in changes}
        return [(c, c, 1) for c in self.IDENTITY if c not in changed] + list(changes)

    # ---- one to one ----

    def test_a_mapping_and_its_inverse_give_the_same_content(self):
        r = random.Random(7)
        codes = codes_of(TARAKAN)
        programs = [c for c in codes if c.count(".") == 2]
        # programs take each other's numbers within their bidang; everything below goes along
        new = {}
        for bidang in sorted({c.rsplit(".", 1)[0] for c in programs}):
            mine = [c for c in programs if c.startswith(bidang + ".")]
            new.update(zip(mine, [f"{bidang}.{int(c.rsplit('.', 1)[1]) + 20}" for c in r.sample(mine, len(mine))]))
        rows = []
        for c in codes:
            p = ".".join(c.split(".")[:3])
            rows.append((c, new[p] + c[len(p):] if p in new else c, 1))
        plan = f"{self.folder}/plan"
        shutil.copytree(TARAKAN, plan)
        there = self.migrate(plan, rows, "--from", "lama")
        self.assertNotEqual(value(there, "plan:hash()"), value(plan, "plan:hash()"))
        self.assertEqual(value(there, 'plan:get("/", "budget", 2024)'), "6736773965")
        back = self.migrate(there, [(b, a, 1) for a, b, _ in rows], to="lama", out="back", versions=("baru", "lama"))
        self.assertEqual(value(back, "plan:hash()"), value(plan, "plan:hash()"))
        for name in ("amounts", "measures", "indicators", "tags", "texts", "proposals", "printed"):
            with open(f"{plan}/{name}.csv") as a, open(f"{back}/{name}.csv") as b:
                self.assertEqual(a.read(), b.read(), name)

    def test_printed_cells_still_agree_with_the_moved_plan(self):
        """A rename of everything makes no finding of money or targets that was not there before."""
        rows = [(c, "9" + c, 1) for c in codes_of(TARAKAN)]
        plan = f"{self.folder}/plan"
        shutil.copytree(TARAKAN, plan)
        moved = self.migrate(plan, rows, "--from", "lama")

        def money(plan):
            done = run("check", plan, "--format", "csv")
            return sorted(r["rule"] for r in csv.DictReader(io.StringIO(done.stdout))
                          if r["rule"] in ("footing", "printed", "printed-missing", "row-missing", "printed-value"))
        self.assertEqual(money(moved), money(TARAKAN))

    def test_what_has_no_code_of_the_list_follows(self):
        plan = self.office()
        with open(f"{plan}/nodes.csv", "a") as f:
            f.write("1.01.02.2.01.0001#5.1.02,,Belanja barang\n1.01.02.2.01.0001#5.1.05,,Belanja lain\n")
        with open(f"{plan}/amounts.csv") as f:
            text = f.read().replace("1.01.02.2.01.0001,final,2024,5000", "1.01.02.2.01.0001#5.1.02,final,2024,4990")
        with open(f"{plan}/amounts.csv", "w") as f:
            f.write(text + "1.01.02.2.01.0001#5.1.05,final,2024,10,\n")
        moved = self.migrate(plan, self.identity_but(("1.01.02.2.01.0001", "1.01.02.2.01.0009", 1)))
        self.assertEqual(value(moved, 'plan:get("1.01.02.2.01.0009#5.1.02", "budget", 2024)'), "4990")
        self.assertEqual(value(moved, 'plan:get("1.01.02.2.01.0009", "budget", 2024)'), "5000")

    # ---- merge ----

    def test_a_merge_adds_money_and_counts(self):
        moved = self.migrate(self.office(), self.identity_but(("1.01.01.2.01.0001", "1.01.01.2.01.0005", 1),
                                                              ("1.01.01.2.01.0002", "1.01.01.2.01.0005", 1)))
        got = value(moved, 'return plan:get("1.01.01.2.01.0005", "budget", 2024), plan:get("1.01.01.2.01.0005", "budget", 2025), '
                    '(plan:get("1.01.01.2.01.0005", "target", 2024)), #plan["1.01.01.2.01.0005"]:indicators()')
        self.assertEqual(got, "1101\t-7\t35\t2")
        self.assertEqual(value(moved, 'plan:stage("draft"):get("1.01.01.2.01.0005", "budget", 2024)'), "0\t-")
        self.assertEqual({(r["from"], r["to"], r["change"]) for r in self.table},
                         {("1.01.01.2.01.0001", "1.01.01.2.01.0005", "merged"),
                          ("1.01.01.2.01.0002", "1.01.01.2.01.0005", "merged")})
        self.assertEqual([r["value"] for r in self.table], ["100", "1001"])
        with open(f"{moved}/texts.csv") as f:
            self.assertIn("1.01.01.2.01.0005,note", f.read())

    def test_a_merge_of_unlike_targets_is_refused(self):
        plan = self.office()
        with open(f"{plan}/indicators.csv", "a") as f:
            f.write("1.01.01.2.01.0001#2,1.01.01.2.01.0001,Persentase,%\n")
        with open(f"{plan}/measures.csv", "a") as f:
            f.write("1.01.01.2.01.0001#2,final,2024,target,60,\n")
        rows = self.identity_but(("1.01.01.2.01.0001", "1.01.01.2.01.0005", 1), ("1.01.01.2.01.0002", "1.01.01.2.01.0005", 1))
        self.migrate(plan, rows, code=1)
        self.assertEqual([r["rule"] for r in self.table], ["migrate-target"])
        with open(f"{plan}/measures.csv") as f:
            text = f.read().replace("0001#2,final,2024,target,60", "0001#2,final,2024,target,80")
        with open(f"{plan}/measures.csv", "w") as f:
            f.write(text)
        moved = self.migrate(plan, rows)
        self.assertEqual(value(moved, '(plan:get("1.01.01.2.01.0005#2", "target", 2024))'), "80")

    def test_a_leaf_merged_with_a_node_that_has_lines_keeps_its_money_beside_them(self):
        plan = self.office()
        with open(f"{plan}/nodes.csv", "a") as f:
            f.write("1.01.01.2.01.0001#5.1,,Belanja\n")
        with open(f"{plan}/amounts.csv") as f:
            text = f.read().replace("1.01.01.2.01.0001,", "1.01.01.2.01.0001#5.1,")
        with open(f"{plan}/amounts.csv", "w") as f:
            f.write(text)
        moved = self.migrate(plan, self.identity_but(("1.01.01.2.01.0002", "1.01.01.2.01.0001", 1),
                                                     ("1.01.01.2.01.0001", "1.01.01.2.01.0001", 1)))
        self.assertEqual(value(moved, 'return plan:get("1.01.01.2.01.0001#", "budget", 2024), '
                                      'plan:get("1.01.01.2.01.0001#5.1", "budget", 2024), '
                                      'plan:get("1.01.01.2.01.0001", "budget", 2024)'), "1001\t100\t1101")

    # ---- split ----

    def test_a_split_is_exact_to_the_rupiah(self):
        moved = self.migrate(self.office(), self.identity_but(
            ("1.01.01.2.01.0002", "1.01.01.2.01.0007", 0.6), ("1.01.01.2.01.0002", "1.01.01.2.01.0008", 0.25),
            ("1.01.01.2.01.0002", "1.01.02.2.01.0008", 0.15)))
        keys = ["1.01.01.2.01.0007", "1.01.01.2.01.0008", "1.01.02.2.01.0008"]
        got = [int(value(moved, f'plan:get("{k}", "budget", 2024)')) for k in keys]
        self.assertEqual(got, apportion(1001, [60, 25, 15]))
        self.assertEqual([int(value(moved, f'plan:get("{k}", "budget", 2025)')) for k in keys],
                         [-x for x in apportion(7, [60, 25, 15])])
        self.assertEqual([int(value(moved, f'(plan:get("{k}#1", "target", 2024))')) for k in keys],
                         apportion(25, [60, 25, 15]))
        self.assertEqual([value(moved, f'(plan:get("{k}#2", "target", 2024))') for k in keys], ["80"] * 3)
        self.assertEqual(value(moved, 'plan:get("/", "budget", 2024)'), "6101")
        with open(f"{moved}/texts.csv") as f:
            self.assertEqual(f.read().count(",note,"), 3)
        self.assertEqual([r["share"] for r in self.table if r["from"] == "1.01.01.2.01.0002"], ["60", "25", "15"])

    # ---- conflicts ----

    def conflicts(self, plan, rows, *options):
        self.migrate(plan, rows, *options, code=1)
        self.assertFalse(os.path.exists(f"{self.folder}/out"))
        return sorted((r["rule"], r["key"]) for r in self.table)

    def test_the_table_of_a_split_into_many_shows_the_part_of_each(self):
        shares = [0.005] * 100 + [0.5]
        parts = [f"1.01.01.2.01.{i + 10:04d}" for i in range(len(shares))]
        plan = self.office()
        moved = self.migrate(plan, self.identity_but(*(("1.01.01.2.01.0002", p, s) for p, s in zip(parts, shares))))
        shown = [int(r["value"]) for r in self.table if r["from"] == "1.01.01.2.01.0002"]
        self.assertEqual(shown, apportion(1001, [5] * 100 + [500]))
        self.assertEqual(value(moved, f'plan:get("{parts[-1]}", "budget", 2024)'), str(shown[-1]))

    def test_a_split_into_twenty_thousand_takes_seconds_and_little_memory(self):
        parts = [("1.01.01.2.01.0001", f"1.01.01.2.01.{i + 10:05d}", "0.00005") for i in range(20000)]
        path = self.write_map(self.identity_but(*parts))
        done = run("migrate", self.office(), "--map", path, "--to", "baru", "--unmapped", "follow",
                   "--memory", "256", "--lang", "en")
        self.assertNotIn("out of memory", done.stderr)
        self.assertEqual(done.returncode, 0, done.stderr[-300:])

    def test_all_conflicts_are_listed(self):
        rows = [r for r in self.identity_but(("1.01.01.2.01.0002", "1.01.01.2.01.0007", 0.6),
                                             ("1.01.01.2.01.0002", "1.01.01.2.01.0008", 0.3))
                if r[0] not in ("1.01.02.2.01.0001", "1.01.01.2.01.0001")]
        self.assertEqual(self.conflicts(self.office(), rows),
                         [("migrate-share", "1.01.01.2.01.0002"), ("migrate-unmapped", "1.01.01.2.01.0001"),
                          ("migrate-unmapped", "1.01.02.2.01.0001")])
        self.assertIn("3 conflicts", self.stderr)

    def test_two_nodes_on_one_code_that_the_mapping_does_not_merge_collide(self):
        rows = [r for r in self.identity_but(("1.01.01.2.01.0001", "1.01.01.2.01.0002", 1)) if r[0] != "1.01.01.2.01.0002"]
        self.assertEqual(self.conflicts(self.office(), rows, "--unmapped", "keep"),
                         [("migrate-collision", "1.01.01.2.01.0002")])

    def test_a_node_merged_with_its_ancestor_is_a_cycle(self):
        rows = self.identity_but(("1.01.02.2.01", "1.01.02", 1))
        self.assertIn(("migrate-cycle", "1.01.02.2.01"), self.conflicts(self.office(), rows))

    def test_unmapped_codes_are_kept_or_follow_on_request(self):
        rows = [("1.01.02", "1.01.05", 1), ("1.01.01", "1.01.01", 1), ("1.01.01.2.01", "1.01.01.2.01", 1),
                ("1.01.01.2.01.0001", "1.01.01.2.01.0001", 1), ("1.01.01.2.01.0002", "1.01.01.2.01.0002", 1)]
        moved = self.migrate(self.office(), rows, "--unmapped", "follow")
        self.assertEqual(value(moved, 'plan:get("1.01.05.2.01.0001", "budget", 2024)'), "5000")
        self.assertEqual(value(moved, 'plan:find("1.01.02")').split("\t")[0], "nil")

    def test_without_an_output_nothing_is_written(self):
        path = self.write_map(self.identity_but(("1.01.02", "1.01.05", 1)))
        before = sorted(os.listdir(self.folder))
        done = run("migrate", self.office(), "--map", path, "--to", "baru", "--unmapped", "follow")
        self.assertEqual(done.returncode, 0)
        self.assertEqual(sorted(os.listdir(self.folder)), sorted(before + ["office"]))

    def test_wrong_requests_say_what_would_do(self):
        plan = self.office()
        path = self.write_map(self.identity_but())
        done = run("migrate", plan, "--map", path, "--to", "2030", "--lang", "en")
        self.assertEqual(done.returncode, 3)
        self.assertIn('the mapping has no codes from version "lama" to "2030"', done.stderr)
        done = run("migrate", plan, "--to", "baru", "--lang", "en")
        self.assertEqual(done.returncode, 3)
        self.assertIn("there is no mapping of codes", done.stderr)
        self.assertEqual(run("migrate", plan, "--map", path).returncode, 2)
        done = run("migrate", plan, "--map", path, "--to", "baru", "--unmapped", "tebak", "--lang", "en")
        self.assertEqual(done.returncode, 2)
        self.assertIn("choose keep or follow", done.stderr)

    # ---- classes, lists, versions ----

    def test_money_keeps_its_class_when_it_moves_below_another(self):
        plan = self.office()
        with open(f"{plan}/datapackage.json") as f:
            text = f.read()
        with open(f"{plan}/datapackage.json", "w") as f:
            f.write(text.replace('"resources": [', '"resources": [{"name": "trees", "path": "trees.csv"}, '
                                 '{"name": "classes", "path": "classes.csv"}, '))
        with open(f"{plan}/trees.csv", "w") as f:
            f.write("tree,name,kind\nfund,Dana,partition\n")
        with open(f"{plan}/classes.csv", "w") as f:
            f.write("tree,class,name\nfund,a,A\nfund,b,B\n")
        with open(f"{plan}/nodes.csv") as f:
            lines = f.read().splitlines()
        fund = {"1.01.01": "a", "1.01.02": "b"}
        with open(f"{plan}/nodes.csv", "w") as f:
            f.write("\n".join(x + "," + (fund.get(x.split(",")[0], "") if i else "fund") for i, x in enumerate(lines)) + "\n")
        moved = self.migrate(plan, self.identity_but(("1.01.01.2.01.0002", "1.01.02.2.01.0002", 1)))
        table = 'local o = {} for r in plan:by("fund"):each() do o[#o + 1] = r.class .. "=" .. r.value end return table.concat(o, " ")'
        self.assertEqual(value(moved, table), value(plan, table))
        self.assertEqual(value(moved, 'plan["1.01.02.2.01.0002"].tag.fund'), "a")
        # two classes on one line can't be told apart any more
        self.migrate(plan, self.identity_but(("1.01.01.2.01.0002", "1.01.02.2.01.0001", 1),
                                             ("1.01.02.2.01.0001", "1.01.02.2.01.0001", 1)), code=1, out="none")
        self.assertEqual([r["rule"] for r in self.table], ["migrate-class"])

    def test_headings_and_names_come_from_the_list(self):
        path = f"{self.folder}/codes.csv"
        with open(path, "w") as f:
            f.write("list,version,code,level,name\n"
                    "program,baru,1.01.07,program,Program baru (uji)\n"
                    "program,baru,1.01.07.2.03,kegiatan,Kegiatan baru (uji)\n"
                    "program,baru,1.01.07.2.03.0001,sub_kegiatan,Sub kegiatan baru (uji)\n")
        moved = self.migrate(self.office(), self.identity_but(("1.01.02.2.01.0001", "1.01.07.2.03.0001", 1)),
                             "--codes", path, "--names")
        self.assertEqual(value(moved, 'return plan["1.01.07.2.03.0001"].name, plan["1.01.07.2.03"].name, plan["1.01.07"].level, '
                                      'plan:get("1.01.07", "budget", 2024)'),
                         "Sub kegiatan baru (uji)\tKegiatan baru (uji)\tprogram\t5000")

    def test_the_moved_package_says_which_version_it_is_of(self):
        moved = self.migrate(self.office(), self.identity_but())
        with open(f"{moved}/datapackage.json") as f:
            self.assertIn('"version": "baru"', f.read())

    def test_aliases_in_a_mapping_mean_the_units_own_bidang(self):
        plan = self.office(codes={"list": "program", "version": "lama", "alias": {"X.XX": "own bidang"}})
        rows = [("X.XX.01", "X.XX.01", 1), ("X.XX.01.2.01", "X.XX.01.2.03", 1), ("X.XX.01.2.01.0001", "X.XX.01.2.03.0001", 1),
                ("X.XX.01.2.01.0002", "X.XX.01.2.03.0002", 1)] + [(c, c, 1) for c in self.IDENTITY if ".02" in c[:7]]
        moved = self.migrate(plan, rows)
        self.assertEqual(value(moved, 'plan:get("1.01.01.2.03", "budget", 2024)'), "1101")

    # ---- a second computation on random plans ----

    def test_random_mappings_agree_with_a_plain_sum(self):
        for seed in range(12):
            r = random.Random(seed)
            office = Office("acak", "3.05", seed, lines=30)
            plan = f"{self.folder}/acak-{seed}"
            office.write(plan, codes={"list": "program", "version": "lama"})
            lines = sorted(office.targets)
            rows, goes = [], {}
            for key in office.names:
                if key in office.targets:
                    continue
                if key.count(".") >= 2:
                    rows.append((key, key, 1))
            for i, key in enumerate(lines):
                kind = r.random()
                if kind < 0.5:
                    parts = [(key, 100)]
                elif kind < 0.75:
                    parts = [(key[:-4] + "0900", 100)]  # merged with its neighbours
                else:
                    cut = r.randint(1, 99)
                    parts = [(key[:-4] + f"{800 + i:04}", cut), (key[:-4] + f"{600 + i:04}", 100 - cut)]
                goes[key] = parts
                rows.extend((key, to, share / 100) for to, share in parts)
            moved = self.migrate(plan, rows, out=f"moved-{seed}")
            for stage in ("draft", "final"):
                for year in (2024, 2025):
                    expected = {}
                    for key, parts in goes.items():
                        v = office.figures.get((key, stage, year, "budget"))
                        if v is None:
                            continue
                        for (to, _), part in zip(parts, apportion(v, [s for _, s in parts])):
                            expected[to] = expected.get(to, 0) + part
                    lua = (f'local o = {{}}; local v = plan:stage("{stage}"); for n in v:select{{ level = "sub_kegiatan" }}:each() do '
                           f'local x = n.budget[{year}]; if x then o[#o + 1] = n.key .. "=" .. x end end '
                           'return table.concat(o, " ")')
                    got = dict(x.split("=") for x in value(moved, lua).split())
                    self.assertEqual({k: int(v) for k, v in got.items()}, expected)

    def test_a_city_is_moved_whole(self):
        city = City("kota", 4, seed=3, lines=12)
        plan = city.write(self.folder)
        rows = []
        for code in sorted({c for o in city.offices for c in o.names if c.count(".") >= 2}):
            rows.append((code, code.replace("7.01.", "7.02.", 1) if code.startswith("7.01.") else code, 1))
        moved = self.migrate(plan, rows, "--from", "lama")
        for office in city.offices:
            self.assertEqual(int(value(moved, f'plan:get("{office.name}", "budget", 2024)')), office.total("final", 2024))
        districts = sum(o.total("final", 2024) for o in city.offices if o.bidang == "7.01")
        table = csv.DictReader(io.StringIO(value(moved, 'plan:by("office"):csv()')))
        self.assertEqual({r["class"]: int(r["value"]) for r in table if r["class"]},
                         {o.name: o.total("final", 2024) for o in city.offices})
        table = csv.DictReader(io.StringIO(value(moved, 'plan:by_code{ level = "program" }:csv()')))
        self.assertEqual(sum(int(r["value"]) for r in table if r["code"].startswith("7.02.")), districts)


if __name__ == "__main__":
    sys.exit(unittest.main())
