# pagu sweep: the same bytes from any number of processes, whatever dies on the way.
# SPDX-License-Identifier: MIT
import csv
import hashlib
import io
import itertools
import json
import os
import pathlib
import pty
import re
import resource
import select
import signal
import subprocess
import time
import unittest
import zipfile
from decimal import Decimal

from support import PAGU, PLAN, ROOT, Case, environment, pagu

FORWARD = str(ROOT / "scenarios" / "prakiraan-maju.lua")

MIXED = """
return {
  title = "Campuran", question = "Apa yang terjadi?",
  params = { n = { default = 1, unit = "kali", min = 0, max = 10 }, t = { default = "x", choices = { "x", "y" } } },
  metrics = { { name = "m", title = "Ukuran", unit = "Rp" } },
  run = function(s, p)
    print("halo", p.n)
    if p.n == 2 then error("dua tidak boleh") end
    if p.n == 3 then s:get("9.99", "budget", 2024) end
    if p.n == 4 then s:hold{ at = "1.06.05" } s:cut{ at = "1.06.05", percent = 5 } end
    if p.n == 5 then return { m = "teks", extra = true, big = 9007199254740993, nan = 0 / 0, f = 1.5 } end
    counter = (rawget(_ENV, "counter") or 0) + 1
    string.kotor = (rawget(string, "kotor") or 0) + 1
    return { m = p.n * 1000000, seen = counter + string.kotor, random = math.random(1000000) }
  end,
}
"""

# About a tenth of a second a member.
SLOW = """
return { params = { n = { default = 1 } }, run = function(s, p)
  local x = 0
  for i = 1, 4000000 do x = x + i % 7 end
  return { n = p.n, x = x }
end }
"""
# The first takes much longer: time enough to kill it.
LONG = SLOW.replace("4000000 do", "(p.n == 1 and 80000000 or 1000) do")


def lines(path):
    return path.read_text(encoding="utf-8").splitlines()


class Sweep(Case):
    def sweep(self, script, *options, code=0, quiet=True, **env):
        done = pagu("sweep", script, "--plan", PLAN, *options, **env)
        self.assertEqual(done.returncode, code, done.stderr + done.stdout[:2000])
        if quiet:
            self.assertEqual(done.stderr, "")
        return done.stdout

    def rows(self, *args, **kwargs):
        return list(csv.DictReader(io.StringIO(self.sweep(*args, "--format", "csv", **kwargs))))

    def start(self, script, *options, **kwargs):
        """In a session of its own, so that Ctrl-C of a terminal can be sent to all of it."""
        child = subprocess.Popen([PAGU, "sweep", script, "--plan", PLAN, *map(str, options)], stdout=subprocess.PIPE,
                                 stderr=subprocess.PIPE, text=True, env=environment(), start_new_session=True, **kwargs)
        self.addCleanup(child.stderr.close)
        self.addCleanup(child.stdout.close)
        self.addCleanup(child.kill)
        return child

    def wait_for(self, condition, seconds=20):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            found = condition()
            if found:
                return found
            time.sleep(0.01)
        self.fail("it did not happen in time")


def children(pid):
    try:
        with open("/proc/%d/task/%d/children" % (pid, pid)) as f:
            return [int(p) for p in f.read().split()]
    except FileNotFoundError:
        return []


def running(pid):
    try:
        with open("/proc/%d/stat" % pid) as f:
            return f.read().rsplit(")", 1)[1].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


class Members(Sweep):
    def test_a_grid_is_the_product_with_the_last_varying_fastest(self):
        rows = self.rows(FORWARD, "--grid", "gaji=4:8:2", "--grid", "umum=2.5,3.5", "--param", "satuan=1000")
        wanted = itertools.product(["4", "6", "8"], ["2.5", "3.5"])
        self.assertEqual([(r["member"], r["gaji"], r["umum"]) for r in rows],
                         [(str(k + 1), *pair) for k, pair in enumerate(wanted)])
        for r in rows: # each as pagu run gives it
            done = pagu("run", "--json", "--plan", PLAN, FORWARD, "--param", "gaji=" + r["gaji"], "--param", "umum=" + r["umum"])
            self.assertEqual(str(json.loads(done.stdout)["metrics"]["tahun_depan"]), r["tahun_depan"])

    def test_ranges_are_exact_decimals(self):
        script = self.file("s.lua", "return { params = { a = 1 }, run = function(s, p) return { a = p.a } end }")
        for text, (lo, hi, step) in (("0:1:0.1", ("0", "1", "0.1")), ("1:2:0.25", ("1", "2", "0.25")), ("5:1:-2", ("5", "1", "-2")),
                                     ("0:10:3", ("0", "10", "3")), ("-1.5:1.5:0.75", ("-1.5", "1.5", "0.75")), ("3:6", ("3", "6", "1"))):
            at, wanted = Decimal(lo), []
            while (at <= Decimal(hi)) if Decimal(step) > 0 else (at >= Decimal(hi)):
                wanted.append(float(at))
                at += Decimal(step)
            out = [json.loads(line) for line in self.sweep(script, "--grid", "a=" + text, "--format", "jsonl").splitlines()[1:]]
            self.assertEqual([r["params"]["a"] for r in out], wanted, text)
            self.assertEqual([r["metrics"]["a"] for r in out], wanted, text)

    def test_values_with_decimal_commas_stand_between_semicolons(self):
        script = self.file("s.lua", "return { params = { a = 1 }, run = function(s, p) return { a = p.a } end }")
        rows = self.rows(script, "--grid", "a=1,5;2,25;1,5 M;6 jt:8 jt:1 jt")
        self.assertEqual([float(r["a"]) for r in rows], [1.5, 2.25, 1.5e9, 6e6, 7e6, 8e6])

    def test_any_number_of_jobs_gives_the_same_bytes(self):
        script = self.file("mixed.lua", MIXED)
        options = ("--grid", "n=0:8", "--grid", "t=x,y")
        for form in ("text", "csv", "json", "jsonl", "md"):
            one = self.sweep(script, *options, "--format", form, "--jobs", 1, code=1)
            for jobs in (2, 8, 40):
                self.assertEqual(self.sweep(script, *options, "--format", form, "--jobs", jobs, code=1), one, form)
        self.assertIn("halo", MIXED)
        self.assertNotIn("halo", one) # what members print goes nowhere

    def test_members_don_t_see_each_other(self):
        rows = self.rows(self.file("mixed.lua", MIXED), "--grid", "n=0,1,6,7", "--jobs", 1)
        self.assertEqual({r["seen"] for r in rows}, {"2"})
        self.assertEqual(len({r["random"] for r in rows}), 1)
        other = self.rows(self.file("mixed.lua", MIXED), "--grid", "n=0,1,6,7", "--seed", 5)
        self.assertEqual(len({r["random"] for r in rows + other}), 2)

    def test_lua_gives_the_same_bytes(self):
        script = self.file("mixed.lua", MIXED.replace("print(", "tostring(").replace("counter + string.kotor", "0"))
        for form in ("text", "markdown", "csv", "json", "jsonl", "html"):
            done = self.sweep(script, "--grid", "n=0:8", "--grid", "t=x,y", "--format", form, "--width", "100", code=1)
            chunk = """local r = pagu.sweep{ script = %s, view = plan, grid = { n = {"0:8"}, t = {"x", "y"} } }
                return r:render("%s", { width = 100 })""" % (json.dumps(script), form)
            inside = pagu("eval", PLAN, chunk)
            self.assertEqual(inside.returncode, 0, inside.stderr)
            self.assertEqual(inside.stdout.rstrip("\n"), done.rstrip("\n"), form)
        out = self.dir / "a.xlsx"
        self.sweep(script, "--grid", "n=0:8", "-o", out, code=1)
        chunk = 'return pagu._hash(pagu.sweep{ script = %s, view = plan, grid = { n = {"0:8"} } }:render "xlsx")' % json.dumps(script)
        self.assertEqual(pagu("eval", PLAN, chunk).stdout.strip(), hashlib.sha256(out.read_bytes()).hexdigest())

    def test_a_list_is_a_member_a_row(self):
        futures = self.file("masa.csv", "gaji,umum\n4,2.5\n\"7,5\",\n9,1\n")
        rows = self.rows(FORWARD, "--list", futures, "--grid", "satuan=1,1000")
        self.assertEqual([(r["gaji"], r["umum"], r["satuan"]) for r in rows],
                         [(g, u, s) for g, u in (("4", "2.5"), ("7.5", "3.5"), ("9", "1")) for s in ("1", "1000")])

    def test_the_stage_is_the_one_asked_for(self):
        done = self.sweep(FORWARD, "--grid", "gaji=4,5", "--stage", "need")
        self.assertIn("stage=need", done)
        rows = self.rows(FORWARD, "--grid", "gaji=4,5", "--stage", "need")
        self.assertEqual(rows[0]["tahun_ini"], self.evaluate('plan:get("/", "budget", 2024)', "--stage", "need").strip())


    def test_the_base_may_be_a_saved_scenario(self):
        pagu("run", ROOT / "scenarios" / "pagu-turun.lua", "--plan", PLAN, "--param", "pagu=6 M", "--out", self.dir)
        rows = self.rows(FORWARD, "--grid", "gaji=4,5", "--scenario", self.dir / "pagu-turun.scn")
        self.assertEqual({r["tahun_ini"] for r in rows}, {"6000000000"})
        self.assertIn("scenario=pagu-turun", self.sweep(FORWARD, "--grid", "gaji=4,5", "--scenario", self.dir / "pagu-turun.scn"))
        saved = pagu("workspace", self.dir / "kerja.pagu", "save", "hemat", self.dir / "pagu-turun.scn", "--plan", PLAN)
        self.assertEqual(saved.returncode, 0, saved.stderr)
        kept = self.rows(FORWARD, "--grid", "gaji=4,5", "--scenario", "hemat", "--workspace", self.dir / "kerja.pagu")
        self.assertEqual(kept, rows)


class Latin(Sweep):
    def values(self, n, *ranges, seed=1, code=0):
        script = self.file("l.lua", """return { params = { a = 0.5, b = { default = 5 }, c = { default = 1, unit = "%" },
            d = { default = 1, whole = true } }, run = function(s, p) return {} end }""")
        options = [x for r in ranges for x in ("--range", r)]
        out = self.sweep(script, "--lhs", n, *options, "--seed", seed, "--format", "jsonl")
        return [json.loads(line)["params"] for line in out.splitlines()[1:]]

    def test_one_value_lies_in_each_part_of_each_range(self):
        n = 97
        drawn = self.values(n, "a=-2:5.5", "c=0:20")
        for name, lo, hi in (("a", -2, 5.5), ("c", 0, 20)):
            parts = sorted(int((p[name] - lo) * n / (hi - lo)) for p in drawn)
            self.assertEqual(parts, list(range(n)), name)
            self.assertTrue(all(lo < p[name] < hi for p in drawn))
        self.assertNotEqual([p["a"] for p in drawn], sorted(p["a"] for p in drawn))
        order = sorted(range(n), key=lambda k: drawn[k]["a"])
        self.assertNotEqual(order, sorted(range(n), key=lambda k: drawn[k]["c"])) # paired at random

    def test_whole_parameters_get_whole_numbers_each_once_where_there_are_as_many(self):
        self.assertEqual(sorted(p["b"] for p in self.values(21, "b=0:20")), list(range(21)))
        drawn = sorted(p["b"] for p in self.values(7, "b=5000000000:6000000000"))
        for i, value in enumerate(drawn):
            self.assertIsInstance(value, int)
            self.assertTrue(i * 1000000001 // 7 <= value - 5000000000 <= (i + 1) * 1000000001 // 7)
        self.assertTrue(all(isinstance(p["d"], int) for p in self.values(9, "d=1:40")))

    def test_a_seed_gives_the_same_draw_whatever_else_is_drawn(self):
        both = self.values(12, "a=0:1", "c=0:9")
        self.assertEqual(both, self.values(12, "a=0:1", "c=0:9"))
        turned = self.values(12, "c=0:9", "a=0:1")
        self.assertEqual([p["a"] for p in both], [p["a"] for p in turned])
        self.assertEqual([p["a"] for p in both], [p["a"] for p in self.values(12, "a=0:1")])
        self.assertNotEqual(both, self.values(12, "a=0:1", "c=0:9", seed=2))
        self.assertIn("seed=77", self.sweep(FORWARD, "--lhs", 3, "--range", "gaji=1:5", "--seed", 77))


class Refusals(Sweep):
    def problems(self, script, *options, lang="id"):
        done = pagu("sweep", script, "--plan", PLAN, "--lang", lang, "--store", self.dir / "s.jsonl", *options)
        self.assertEqual((done.returncode, done.stdout), (2, ""), done.stderr)
        self.assertFalse((self.dir / "s.jsonl").exists())
        return [line.removeprefix("pagu: ") for line in done.stderr.splitlines()]

    def test_all_that_is_wrong_is_said_at_once_before_anything_runs(self):
        script = self.file("mixed.lua", MIXED)
        self.assertEqual(self.problems(script, "--grid", "n=1,x,12,1", "--grid", "zz=3", "--grid", "t=z", "--param", "n=5", "--param",
                                       "m=5", "--seed", "q", "--shard", "5/2", "--lhs", "0"), [
            "seed harus bilangan bulat",
            "--lhs 0: isi banyaknya anggota, 1 atau lebih",
            "--grid n=x: bukan angka, atau angka yang bermakna ganda",
            "--grid n=12: paling banyak 10 kali",
            "--grid n=1: nilai ini sudah ada",
            "tidak ada parameter 'zz'; yang ada: n, t",
            "--grid t=z: pilih salah satu dari x, y",
            "--param n: parameter ini sudah diatur --grid",
            "tidak ada parameter 'm'; yang ada: n, t",
            "--shard 5/2: tulis i/n, misalnya 1/4",
        ])
        self.assertEqual(self.problems(script, "--grid", "n=1,x,12,1", "--param", "n=5", lang="en"), [
            "--grid n=x: not a number, or one that can be read in two ways",
            "--grid n=12: at most 10 kali",
            "--grid n=1: this value is there already",
            "--param n: this parameter is set by --grid already",
        ])

    def test_bad_grids(self):
        script = self.file("mixed.lua", MIXED)
        for grid, wanted in (
                ("n=", "--grid n=: ada nilai yang kosong"),
                ("n=1,,2", "--grid n=1,,2: ada nilai yang kosong"),
                ("n", "--grid n: tulis nama=nilai,nilai,…"),
                ("n=1:5:-1", "--grid n=1:5:-1: rentang ditulis awal:akhir atau awal:akhir:langkah, dan langkahnya menuju akhir"),
                ("n=1:5:0", "--grid n=1:5:0: rentang ditulis awal:akhir atau awal:akhir:langkah, dan langkahnya menuju akhir"),
                ("n=1:2:3:4", "--grid n=1:2:3:4: rentang ditulis awal:akhir atau awal:akhir:langkah, dan langkahnya menuju akhir"),
                ("n=0:1:0.0000001", "--grid n=0:1:0.0000001: rentang ditulis awal:akhir atau awal:akhir:langkah, dan langkahnya menuju akhir"),
                ("nn=1", "tidak ada parameter 'nn'; yang ada: n, t")):
            self.assertEqual(self.problems(script, "--grid", grid), [wanted])
        script = self.file("s.lua", "return { params = { a = 1, b = 1, c = 1 }, run = function() end }")
        self.assertEqual(self.problems(script, "--grid", "a=1:1000", "--grid", "b=1:1000", "--grid", "c=1,2"),
                         ["penyapuan ini punya 2.000.000 anggota; paling banyak 1.000.000"])
        self.assertEqual(self.problems(script), ["tidak ada yang bervariasi: beri --grid, --list atau --lhs"])
        self.assertEqual(self.problems(script, "--range", "a=1:2"), ["--range memerlukan --lhs N"])
        self.assertEqual(self.problems(script, "--lhs", "5"), ["--lhs memerlukan --range nama=awal:akhir"])
        self.assertEqual(self.problems(script, "--lhs", "5", "--range", "a=2:1"), ["--range a: tulis nama=awal:akhir, dengan awal di bawah akhir"])
        self.assertEqual(self.problems(script, "--grid", "a=1,2", "--shard", "3/3"), ["bagian 3/3 tidak berisi anggota: penyapuan ini hanya punya 2"])

    def test_bad_lists_name_file_and_line(self):
        script = self.file("mixed.lua", MIXED)
        bad = self.file("masa.csv", "n,t\n1,x\n11,z\na,\n")
        self.assertEqual(self.problems(script, "--list", bad), [
            bad + ":3: n=11: paling banyak 10 kali", bad + ":3: t=z: pilih salah satu dari x, y",
            bad + ":4: n=a: bukan angka, atau angka yang bermakna ganda"])
        self.assertEqual(self.problems(script, "--list", self.file("e.csv", "n,q\n1,2\n")), ["tidak ada parameter 'q'; yang ada: n, t"])
        self.assertEqual(self.problems(script, "--list", self.file("f.csv", "n\n")), ["--list %s/f.csv: tidak ada barisnya" % self.dir])
        torn = self.file("g.csv", "n,t\n1\n2,x,y\n")
        self.assertEqual([p.split(": ")[0] for p in self.problems(script, "--list", torn)], [torn + ":2", torn + ":3"])
        self.assertIn("none.csv", self.problems(script, "--list", self.dir / "none.csv")[0])

    def test_required_parameters_may_vary_or_be_given(self):
        script = self.file("s.lua", "return { params = { a = { min = 0 }, b = { min = 0 } }, run = function(s, p) return { c = p.a + p.b } end }")
        self.assertEqual(self.problems(script, "--grid", "a=1,2"), ["--param b=… wajib diisi"])
        self.assertEqual([r["c"] for r in self.rows(script, "--grid", "a=1,2", "--param", "b=5")], ["6", "7"])

    def test_usage(self):
        for options, part in ((("--grid", "gaji=1", "--resume"), "--resume memerlukan --store BERKAS"),
                              (("--grid", "gaji=1", "--store", "a.jsonl", "-o", "a.jsonl"), "berkas yang sama"),
                              (("--grid", "gaji=1", "--jobs", "0"), "--jobs 0: isi bilangan bulat 1 … 1024"),
                              (("--grid", "gaji=1", "--timeout", "x"), "--timeout x"),
                              (("--grid", "gaji=1", "--format", "zip"), "zip"), (("--gird", "gaji=1"), "--grid")):
            done = pagu("sweep", FORWARD, "--plan", PLAN, *options)
            self.assertEqual((done.returncode, done.stdout), (2, ""))
            self.assertIn(part, done.stderr)
        done = pagu("sweep", FORWARD, cwd=self.dir)
        self.assertEqual(done.returncode, 2)
        self.assertIn("--plan", done.stderr)

    def test_a_broken_script_or_plan_is_told_once(self):
        self.refuses(pagu("sweep", self.file("a.lua", "return 5"), "--plan", PLAN, "--grid", "n=1"), 4, "run = function")
        self.refuses(pagu("sweep", self.file("b.lua", "\nlocal x = nil\nreturn x.y"), "--plan", PLAN, "--grid", "n=1"), 4, "b.lua:3:")
        endless = self.file("c.lua", "while true do end")
        self.refuses(pagu("sweep", endless, "--plan", PLAN, "--grid", "n=1", "--timeout", "1"), 4, "c.lua:1: batas waktu terlampaui")
        self.refuses(pagu("sweep", self.dir / "none.lua", "--plan", PLAN, "--grid", "n=1"), 3, "none.lua")
        self.refuses(pagu("sweep", FORWARD, "--plan", self.dir, "--grid", "gaji=1"), 3)


class Failures(Sweep):
    def test_a_member_that_fails_is_listed_and_the_others_stand(self):
        rows = self.rows(self.file("mixed.lua", MIXED), "--grid", "n=0:6", code=1)
        self.assertEqual([r["error"].replace(str(self.dir) + "/", "") for r in rows], [
            "", "", "mixed.lua:8: dua tidak boleh", "mixed.lua:9: simpul \"9.99\" tidak ada dalam rencana ini",
            "mixed.lua:10: semua rincian 1.06.05 ditahan; jumlahnya hanya dapat 102.784.920, bukan 97.645.674; lepaskan satu rincian",
            "", ""])
        self.assertEqual([r["m"] for r in rows], ["0", "1000000", "", "", "", "teks", "6000000"])
        self.assertIn("7 anggota, 3 gagal.", self.sweep(self.file("mixed.lua", MIXED), "--grid", "n=0:6", code=1))

    def test_time_memory_and_death(self):
        script = self.file("bad.lua", """return { params = { n = 1 }, run = function(s, p)
            if p.n == 1 then while true do end end
            if p.n == 2 then local t = {} for i = 1, 1e9 do t[i] = { i } end end
            if p.n == 3 then os.exit(7) end
            if p.n == 4 then io.popen("kill -KILL $PPID"):close() while true do end end
            if p.n == 5 then pcall(function() while true do end end) end
            if p.n == 6 then ("a"):rep(60000):find(("a-"):rep(12) .. "b") end
            return { n = p.n }
          end }""")
        began = time.monotonic()
        rows = self.rows(script, "--grid", "n=0:7", "--trust", "--timeout", 4, "--memory", 60, "--jobs", 4, code=1)
        self.assertLess(time.monotonic() - began, 60)
        self.assertEqual([r["error"] for r in rows], [
            "", "batas waktu 4 detik terlampaui", "batas memori terlampaui", "prosesnya berhenti dua kali tanpa hasil (kode 7)",
            "prosesnya mati dua kali (sinyal 9)", "batas waktu 4 detik terlampaui", "batas waktu 4 detik terlampaui", ""])

    def at_work(self, pid):
        """The worker that has the first member: the one that is still there after the others of the first round."""
        before = children(pid)
        time.sleep(0.2)
        return next((w for w in children(pid) if w in before and children(w)), None)

    def test_a_killed_worker_is_told_and_its_members_run_again(self):
        script = self.file("long.lua", LONG)
        options = (script, "--grid", "n=1:64", "--format", "jsonl", "--jobs", 2) # two a batch
        child = self.start(*options)
        worker = self.wait_for(lambda: self.at_work(child.pid))
        os.kill(worker, signal.SIGKILL)
        out, err = child.communicate(timeout=60)
        self.assertEqual(child.returncode, 0, err)
        self.assertRegex(err, r"^pagu: sebuah proses pekerja mati \(sinyal 9\); \d+ anggotanya dijalankan lagi\n$")
        self.assertEqual(out, self.sweep(*options))

    def test_a_member_that_is_killed_once_runs_again(self):
        script = self.file("long.lua", LONG)
        child = self.start(script, "--grid", "n=1:10", "--format", "jsonl", "--jobs", 1)
        worker = self.wait_for(lambda: self.at_work(child.pid))
        os.kill(self.wait_for(lambda: children(worker))[0], signal.SIGKILL)
        out, err = child.communicate(timeout=60)
        self.assertEqual((child.returncode, err), (0, ""))
        self.assertEqual(out, self.sweep(script, "--grid", "n=1:10", "--format", "jsonl"))

    def test_nothing_of_it_outlives_the_program(self):
        child = self.start(self.file("slow.lua", SLOW), "--grid", "n=1:100", "--jobs", 4)
        workers = self.wait_for(lambda: len(children(child.pid)) == 4 and children(child.pid))
        members = self.wait_for(lambda: [m for w in workers for m in children(w)])
        for _ in range(20): # the dead are buried
            self.assertLessEqual(len(children(child.pid)), 4)
            time.sleep(0.02)
        workers = children(child.pid)
        members = [m for w in workers for m in children(w)]
        child.kill()
        child.wait()
        self.wait_for(lambda: not any(running(p) for p in workers + members))


class Stores(Sweep):
    def setUp(self):
        super().setUp()
        self.script = self.file("slow.lua", SLOW)
        self.store = self.dir / "hasil.jsonl"

    def grown_to(self, n):
        return self.store.exists() and len(self.store.read_bytes().splitlines()) > n

    def test_a_killed_sweep_goes_on_where_it_was(self):
        grid = ("--grid", "n=1:25")
        child = self.start(self.script, *grid, "--store", self.store)
        self.wait_for(lambda: self.grown_to(5))
        child.kill()
        child.wait()
        with self.store.open("ab") as f: # and the disk kept half a line
            f.write(b'{"member":25,"params":{"n":2')
        kept = len(lines(self.store)) - 2
        self.assertTrue(5 <= kept < 25)
        done = pagu("sweep", self.script, "--plan", PLAN, *grid, "--store", self.store, "--resume", "--format", "jsonl")
        self.assertEqual((done.returncode, done.stderr), (0, "pagu: %d anggota dari %s dipakai lagi\n" % (kept, self.store)))
        self.assertEqual(done.stdout, self.sweep(self.script, *grid, "--format", "jsonl"))
        stored = [json.loads(line) for line in lines(self.store)]
        self.assertEqual(sorted(r["member"] for r in stored[1:]), list(range(1, 26))) # each once
        again = pagu("sweep", self.script, "--plan", PLAN, *grid, "--store", self.store, "--resume", "--quiet", "--format", "jsonl")
        self.assertEqual((again.returncode, again.stdout, again.stderr), (0, done.stdout, ""))

    def test_an_interrupt_leaves_a_store_and_says_how_to_go_on(self):
        child = self.start(self.script, "--grid", "n=1:200", "--store", self.store)
        self.wait_for(lambda: self.grown_to(3))
        os.killpg(child.pid, signal.SIGINT)
        out, err = child.communicate(timeout=20)
        self.assertEqual((child.returncode, out), (130, ""))
        kept = len(lines(self.store)) - 1
        self.assertEqual(err, "pagu: dihentikan: %d dari 200 anggota tersimpan di %s; lanjutkan dengan perintah yang sama dan "
                         "--resume\n" % (kept, self.store))
        child = self.start(self.script, "--grid", "n=1:200")
        self.wait_for(lambda: children(child.pid))
        child.send_signal(signal.SIGINT)
        self.assertRegex(child.communicate(timeout=20)[1], r"^pagu: dihentikan sesudah \d+ dari 200 anggota; dengan --store")

    def test_a_store_that_is_there_is_not_overwritten(self):
        self.sweep(FORWARD, "--grid", "gaji=1,2", "--store", self.store)
        before = self.store.read_bytes()
        done = pagu("sweep", FORWARD, "--plan", PLAN, "--grid", "gaji=1,2", "--store", self.store)
        self.assertEqual(done.returncode, 2)
        self.assertIn("sudah berisi hasil; lanjutkan dengan --resume", done.stderr)
        self.assertEqual(self.store.read_bytes(), before)

    def test_a_store_of_another_sweep_is_refused_by_name(self):
        script = self.file("f.lua", (ROOT / "scenarios" / "prakiraan-maju.lua").read_text())
        self.sweep(script, "--grid", "gaji=1,2", "--store", self.store)
        before = self.store.read_bytes()

        def refused(*parts, script=script, plan=PLAN, options=("--grid", "gaji=1,2")):
            done = pagu("sweep", script, "--plan", plan, *options, "--store", self.store, "--resume", "--lang", "en")
            self.refuses(done, 3, str(self.store) + ": another sweep: ", *parts)
            self.assertEqual(self.store.read_bytes(), before)

        refused("the parameters differs (grid gaji ×2 ", options=("--grid", "gaji=1,3"))
        refused("the fixed parameters differs (satuan=1000, umum=3.5 there, satuan=1000, umum=4 here)",
                options=("--grid", "gaji=1,2", "--param", "umum=4"))
        refused("the seed differs (1 there, 2 here)", options=("--grid", "gaji=1,2", "--seed", "2"))
        refused("the shard differs (- there, 1/2 here)", options=("--grid", "gaji=1,2", "--shard", "1/2"))
        refused("the stage", options=("--grid", "gaji=1,2", "--stage", "need"))
        other = self.file("g.lua", (ROOT / "scenarios" / "prakiraan-maju.lua").read_text() + "\n-- lain\n")
        refused("the script differs", script=other)
        copy = self.plan_copy()
        amounts = copy / "amounts.csv"
        changed = re.sub(r",([1-9]\d{5,})\b", lambda m: "," + str(int(m[1]) + 1), amounts.read_text(), count=1)
        amounts.write_text(changed)
        refused("the plan differs", plan=copy)
        self.store.write_text("bukan\n")
        before = self.store.read_bytes()
        self.refuses(pagu("sweep", script, "--plan", PLAN, "--grid", "gaji=1,2", "--store", self.store, "--resume"), 3)
        self.assertEqual(self.store.read_bytes(), before)

    def test_a_changed_module_is_another_sweep(self):
        self.file("modul.lua", "return { add = 1 }")
        script = self.file("m.lua", """local m = require "modul"
            return { params = { n = 1 }, run = function(s, p) return { n = p.n + m.add } end }""")
        self.sweep(script, "--grid", "n=1,2", "--store", self.store)
        self.sweep(script, "--grid", "n=1,2", "--store", self.store, "--resume", "--quiet")
        self.file("modul.lua", "return { add = 2 }")
        done = pagu("sweep", script, "--plan", PLAN, "--grid", "n=1,2", "--store", self.store, "--resume", "--lang", "en")
        self.refuses(done, 3, "another sweep: the script's modules differs")

    def test_a_store_that_can_t_grow_ends_the_sweep(self):
        limit = lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (2000, 2000))
        done = subprocess.run([PAGU, "sweep", self.script, "--plan", PLAN, "--grid", "n=1:100", "--store", str(self.store)],
                              capture_output=True, text=True, env=environment(), preexec_fn=limit, timeout=60)
        self.refuses(done, 5, str(self.store))
        self.assertLess(len(lines(self.store)), 100)

    def test_lines_that_are_not_of_the_sweep_are_refused(self):
        self.sweep(FORWARD, "--grid", "gaji=1,2", "--store", self.store)
        good = self.store.read_text()
        for bad in ('{"member":3,"params":{"gaji":1},"metrics":{}}', '{"member":1,"params":{"gaji":9},"metrics":{}}', "{}", "[",
                    '{"member":1,"params":{"gaji":1}}', '{"member":1,"params":{"gaji":1},"metrics":{"a":[1]}}'):
            self.store.write_text(good + bad + "\n")
            done = pagu("sweep", FORWARD, "--plan", PLAN, "--grid", "gaji=1,2", "--store", self.store, "--resume")
            self.refuses(done, 3, "%s:4: baris ini bukan anggota penyapuan ini" % self.store)

    def test_two_sweeps_don_t_write_to_one_store(self):
        child = self.start(self.script, "--grid", "n=1:100", "--store", self.store)
        self.wait_for(lambda: self.grown_to(1))
        done = pagu("sweep", self.script, "--plan", PLAN, "--grid", "n=1:100", "--store", self.store, "--resume")
        self.refuses(done, 3, "sedang ditulis oleh pagu yang lain")
        child.kill()
        child.wait()

    def test_special_files_are_no_stores(self):
        os.mkfifo(self.dir / "pipa")
        for path in (self.dir / "pipa", "/dev/null"):
            done = pagu("sweep", FORWARD, "--plan", PLAN, "--grid", "gaji=1,2", "--store", path)
            self.refuses(done, 2, "bukan berkas biasa")
        done = pagu("sweep", FORWARD, "--plan", PLAN, "--grid", "gaji=1,2", "--store", self.dir)
        self.refuses(done, 5, str(self.dir))


class Shards(Sweep):
    def shards(self, script, n, *options):
        paths = [self.dir / ("bagian-%d.jsonl" % (i + 1)) for i in range(n)]
        for i, path in enumerate(paths):
            self.sweep(script, *options, "--shard", "%d/%d" % (i + 1, n), "-o", path)
        return paths

    def test_shards_put_together_are_the_whole(self):
        options = ("--grid", "gaji=1:5", "--grid", "umum=1,2,3")
        paths = self.shards(FORWARD, 4, *options)
        self.assertEqual(sum(len(lines(p)) - 1 for p in paths), 15)
        for form in ("jsonl", "csv", "text", "html"):
            whole = self.sweep(FORWARD, *options, "--format", form)
            for order in (paths, paths[::-1]):
                done = pagu("sweep", "merge", *order, "--format", form)
                self.assertEqual((done.returncode, done.stderr), (0, ""))
                self.assertEqual(done.stdout, whole, form)

    def test_stores_can_be_merged_too_and_one_alone_be_read_again(self):
        options = (FORWARD, "--grid", "gaji=1:7")
        whole = self.sweep(*options, "--format", "csv")
        for i in (1, 2):
            self.sweep(*options, "--shard", "%d/2" % i, "--store", self.dir / ("s%d.jsonl" % i))
        self.sweep(*options, "--store", self.dir / "s.jsonl", "--jobs", 3)
        self.assertEqual(pagu("sweep", "merge", self.dir / "s2.jsonl", self.dir / "s1.jsonl", "--format", "csv").stdout, whole)
        self.assertEqual(pagu("sweep", "merge", self.dir / "s.jsonl", "--format", "csv").stdout, whole)

    def test_a_shard_says_what_it_is(self):
        self.assertIn("shard=2/4", self.sweep(FORWARD, "--grid", "gaji=1:5", "--shard", "2/4"))

    def test_failures_stay_failures(self):
        script = self.file("mixed.lua", MIXED)
        paths = []
        for i in (1, 2):
            path = self.dir / ("b%d.jsonl" % i)
            pagu("sweep", script, "--plan", PLAN, "--grid", "n=0:4", "--shard", "%d/2" % i, "-o", path)
            paths.append(path)
        done = pagu("sweep", "merge", *paths, "--format", "csv")
        self.assertEqual(done.returncode, 1)
        self.assertEqual(done.stdout, self.sweep(script, "--grid", "n=0:4", "--format", "csv", code=1))

    def test_what_doesn_t_belong_together_is_refused(self):
        paths = self.shards(FORWARD, 3, "--grid", "gaji=1:9")
        self.refuses(pagu("sweep", "merge", paths[0], paths[2]), 3, "belum lengkap: 3 dari 9 anggota belum ada (2, 5, 8)")
        other = self.dir / "lain.jsonl"
        self.sweep(FORWARD, "--grid", "gaji=2:10", "--shard", "2/3", "-o", other)
        self.refuses(pagu("sweep", "merge", paths[0], other, paths[2]), 3, "bukan bagian dari penyapuan yang sama dengan")
        changed = self.file("ubah.jsonl", re.sub(r'"tahun_depan":\d+', '"tahun_depan":1', paths[0].read_text()))
        self.refuses(pagu("sweep", "merge", *paths, changed), 3, "ubah.jsonl:2: anggota 1 sudah ada dengan hasil lain")
        self.refuses(pagu("sweep", "merge", self.file("x.jsonl", "{}\n"), paths[0]), 3, "ini bukan hasil penyapuan pagu")
        self.refuses(pagu("sweep", "merge", self.file("y.jsonl", ""), paths[0]), 3, "ini bukan hasil penyapuan pagu")
        self.refuses(pagu("sweep", "merge", paths[0], self.dir / "none.jsonl"), 3, "none.jsonl")
        header, rest = paths[0].read_text().split("\n", 1)
        for field, value in (("params", [{"name": 1}]), ("design", [{"kind": "grid"}]), ("members", "9"), ("stamps", [["a"]]), ("title", {}),
                             ("decimals", 99), ("params", []), ("version", 2)):
            spoilt = self.file("rusak.jsonl", json.dumps({**json.loads(header), field: value}) + "\n" + rest)
            self.refuses(pagu("sweep", "merge", spoilt, paths[1], paths[2]), 3, "rusak.jsonl: ")


class Output(Sweep):
    def test_results_are_stamped(self):
        header = json.loads(self.sweep(FORWARD, "--grid", "gaji=1,2", "--format", "jsonl").splitlines()[0])
        self.assertEqual(header["script"], hashlib.sha256(pathlib.Path(FORWARD).read_bytes()).hexdigest())
        self.assertEqual(header["plan"], self.evaluate("plan:hash()").strip())
        self.assertEqual((header["seed"], header["members"], header["fixed"]), (1, 2, {"satuan": 1000, "umum": 3.5}))
        text = self.sweep(FORWARD, "--grid", "gaji=1,2")
        for part in ("plan=" + header["plan"], "script=" + header["script"], "seed=1", "engine=" + header["engine"], "stage=final",
                     "hash=" + header["view"], "Prakiraan maju (rupiah)", "Tetap: satuan = 1000 rupiah, umum = 3,5 %."):
            self.assertIn(part, text)

    def test_html_has_summary_charts_and_members(self):
        out = self.dir / "hasil.html"
        self.sweep(FORWARD, "--grid", "gaji=4:8:2", "--grid", "umum=2.5,3.5", "-o", out)
        page = out.read_text()
        for part in ("Ringkasan", "Semua anggota", "<svg", "Prakiraan maju (rupiah) menurut gaji (%) dan umum (%)", "7.127.170.000"):
            self.assertIn(part, page)

    def test_a_workbook_has_tables_and_charts(self):
        out = self.dir / "hasil.xlsx"
        self.sweep(FORWARD, "--grid", "gaji=4:8:2", "--grid", "umum=2.5,3.5", "-o", out)
        with zipfile.ZipFile(out) as z:
            names = z.namelist()
            self.assertEqual(sum(n.startswith("xl/charts/chart") for n in names), 4)
            text = "".join(z.read(n).decode() for n in names if n.endswith(".xml"))
        for part in ("Ringkasan", "Semua anggota", "<v>7127170000</v>", "Prakiraan maju (rupiah)"):
            self.assertIn(part, text)

    def test_help_in_both_languages(self):
        for lang, part in (("id", "Pemakaian: pagu sweep"), ("en", "Usage: pagu sweep")):
            done = pagu("sweep", "--help", "--lang", lang)
            self.assertEqual(done.returncode, 0)
            self.assertIn(part, done.stdout)
            for option in ("grid", "list", "lhs", "range", "seed", "jobs", "timeout", "store", "resume", "shard", "stage", "format"):
                self.assertIn("--" + option, done.stdout)

    def test_pdf_is_the_page_printed(self):
        out = self.dir / "hasil.pdf"
        self.sweep(FORWARD, "--grid", "gaji=4:8:2", "-o", out)
        self.assertTrue(out.read_bytes().startswith(b"%PDF"))

    def test_the_file_is_whole_or_not_there(self):
        done = pagu("sweep", FORWARD, "--plan", PLAN, "--grid", "gaji=1,2", "-o", self.dir / "tidak" / "ada.csv")
        self.assertEqual(done.returncode, 5)
        self.assertFalse((self.dir / "tidak").exists())

    def on_a_terminal(self, *options, seconds=2.5, **env):
        """What a terminal on stderr is sent."""
        master, slave = pty.openpty()
        child = subprocess.Popen([PAGU, "sweep", self.file("slow.lua", SLOW), "--plan", PLAN, "--grid", "n=1:60", "--jobs", "2",
                                  *options], stdout=subprocess.DEVNULL, stderr=slave, env=environment(**env))
        os.close(slave)
        sent, early, began = b"", None, time.monotonic()
        while True:
            ready, _, _ = select.select([master], [], [], 0.1)
            try:
                chunk = os.read(master, 65536) if ready else b""
            except OSError:
                break
            if chunk and early is None:
                early = time.monotonic() - began
            sent += chunk
            if ready and not chunk:
                break
        os.close(master)
        self.assertEqual(child.wait(), 0)
        return sent.decode(), early

    def test_progress_is_for_terminals_begins_after_a_second_and_is_cleared(self):
        sent, early = self.on_a_terminal()
        self.assertGreater(early, 0.95)
        self.assertRegex(sent, r"\r\x1b\[K\d+% \d+/60 anggota, sisa \d+d")
        self.assertTrue(sent.endswith("\r\x1b[K"))
        self.assertNotIn("\n", sent)
        self.assertNotIn("\x1b[3", sent) # no colours
        self.assertEqual(self.on_a_terminal("--quiet")[0], "")
        self.assertEqual(self.on_a_terminal(TERM="dumb")[0], "")
        self.assertIn("members", self.on_a_terminal("--lang", "en")[0])


class Scripts(Case):
    """pagu.script within the sandbox of a script that came from somewhere."""

    def run_script(self, text, *options):
        return pagu("run", self.file("sini/utama.lua", text), "--plan", PLAN, *options, cwd=str(self.dir / "sini"))

    def test_scripts_of_other_folders_can_t_be_read(self):
        self.file("lain/k.lua", "return { run = function() return { a = 1 } end }")
        self.file("sini/k.lua", "return { run = function() return { a = 2 } end }")
        done = self.run_script("""local none, message, code = pagu.script "../lain/k.lua"
            print(none, code, message)
            local k = pagu.script "k.lua"
            local _, _, values = k:run(plan)
            return values.a""")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertIn("nil\tio\tskrip ini tidak boleh membaca", done.stdout)
        self.assertTrue(done.stdout.endswith("2\n"))

    def test_a_script_has_globals_and_modules_of_its_own(self):
        self.file("sini/dalam/k.lua", """local m = require "m"
            milikku = 5
            return { run = function(s) return { m = m, plan = plan.year, s = s.name } end }""")
        self.file("sini/dalam/m.lua", 'return "dalam"')
        self.file("sini/m.lua", 'return "luar"')
        done = self.run_script("""local k = pagu.script "dalam/k.lua"
            local _, _, values = k:run(plan)
            return values.m, values.plan, values.s, require "m", rawget(_ENV, "milikku")""")
        self.assertEqual((done.returncode, done.stdout, done.stderr), (0, "dalam\t2024\tk\tluar\tnil\n", ""))

    def test_only_text_is_loaded(self):
        (self.dir / "sini").mkdir()
        (self.dir / "sini" / "b.lua").write_bytes(b"\x1bLua")
        done = self.run_script('local k, message, code = pagu.script "b.lua" return tostring(k), code, message')
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertTrue(done.stdout.startswith("nil\tsyntax\thanya skrip teks"), done.stdout)


if __name__ == "__main__":
    unittest.main()
