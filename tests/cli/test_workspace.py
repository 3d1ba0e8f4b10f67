# The workspace on the command line, and in several processes at once.
# SPDX-License-Identifier: MIT
import csv
import io
import json
import os
import random
import signal
import sqlite3
import subprocess
import time
import unittest

from support import PAGU, PLAN, Case, environment, pagu

KEY = "1.06.04.2.01.01"
SCRIPT = """
return {
  title = "Potong", params = { cut = { default = 10, unit = "percent" } }, metrics = { "total" },
  run = function(s, p)
    s:cut { at = "1.06.04", percent = p.cut, unit = 1000, reason = "hemat" }
    return { total = s:get("/", "budget", 2024) }
  end,
}
"""


class Workspace(Case):
    def setUp(self):
        super().setUp()
        self.path = str(self.dir / "kerja.pagu")

    def do(self, *args, **env):
        done = pagu("workspace", self.path, *args, PAGU_LANG="en", **env)
        self.assertEqual((done.returncode, done.stderr), (0, ""), done.stderr)
        return done.stdout

    def rows(self, *args):
        return list(csv.DictReader(io.StringIO(self.do(*args, "--format", "csv"))))

    def run_script(self, *args):
        script = self.file("potong.lua", SCRIPT)
        done = pagu("run", script, "--plan", PLAN, "--workspace", self.path, *args)
        self.assertEqual((done.returncode, done.stderr), (0, ""), done.stderr)
        return done.stdout


class Commands(Workspace):
    def test_a_run_keeps_its_results_and_its_scenario(self):
        printed = self.run_script("--json")
        run = self.rows("runs")[0]
        self.assertEqual((run["run"], run["stage"], run["params"]), ("1", "final", '{"cut":10}'))
        self.assertEqual(run["results"], "comparison metrics scenario")
        self.assertEqual(json.loads(self.do("result", "1", "metrics")), json.loads(printed)["metrics"])
        scenario = self.rows()[0]
        self.assertEqual((scenario["name"], scenario["version"], scenario["steps"]), ("potong", "1", "1"))
        self.assertEqual(self.do("export", "potong"), self.do("result", "1", "scenario"))
        self.run_script()  # the same again: a run more, no version more
        self.assertEqual([r["run"] for r in self.rows("runs")], ["2", "1"])
        self.assertEqual(self.rows()[0]["version"], "1")
        self.run_script("--param", "cut=20")
        self.assertEqual(self.rows()[0]["version"], "2")
        self.assertEqual([h["what"] for h in self.rows("history", "potong")], ["save", "save"])

    def test_results_are_the_same_with_and_without_a_workspace(self):
        script = self.file("potong.lua", SCRIPT)
        plain = pagu("run", script, "--plan", PLAN)
        self.assertEqual(self.run_script(), plain.stdout)

    def test_compare_and_report_take_names(self):
        self.run_script()
        done = pagu("compare", PLAN, "stage:final", "potong", "--workspace", self.path, "--json")
        self.assertEqual(done.returncode, 0, done.stderr)
        exported = self.dir / "potong.scn"
        self.do("export", "potong", "-o", exported)
        by_file = pagu("compare", PLAN, "stage:final", exported, "--json")
        self.assertEqual(done.stdout, by_file.stdout)
        by_variable = pagu("compare", PLAN, "stage:final", "potong", "--json", PAGU_WORKSPACE=self.path)
        self.assertEqual(done.stdout, by_variable.stdout)
        report = pagu("report", PLAN, "tc33", "--scenario", "potong", "--workspace", self.path)
        self.assertEqual(report.returncode, 0, report.stderr)
        self.refuses(pagu("compare", PLAN, "stage:final", "lain", "--workspace", self.path, PAGU_LANG="en"), 3,
                     'no scenario "lain" in the workspace')

    def test_save_show_and_remove(self):
        self.run_script()
        text = self.file("hemat.scn", self.do("export", "potong"))
        self.do("save", "hemat", text, "--plan", PLAN, "--reason", "rapat Senin")
        self.refuses(pagu("workspace", self.path, "save", "hemat", text, "--plan", PLAN, PAGU_LANG="en"), 3,
                     'scenario "hemat" is at version 1, saved by', "load that one, or overwrite it")
        self.do("save", "hemat", text, "--plan", PLAN, "--overwrite")
        step = self.rows("show", "hemat")[0]
        self.assertEqual((step["entry"], step["verb"], step["reason"]), ("1", "cut", "hemat"))
        self.do("remove", "hemat")
        self.assertEqual([r["name"] for r in self.rows()], ["potong"])
        history = self.rows("history", "hemat")
        self.assertEqual([(h["what"], h["reason"]) for h in history], [("save", "rapat Senin"), ("remove", "")])
        self.assertEqual(history[0]["after"], history[1]["before"])
        self.assertEqual(self.do("export", "hemat", "1"), self.do("export", "potong"))

    def test_a_plan_that_changed_asks_for_a_replay(self):
        self.run_script()
        plan = self.plan_copy()
        amounts = plan / "values.csv"
        files = [f for f in plan.glob("*.csv") if f",{50000000}" in f.read_text()]
        self.assertTrue(files, amounts)
        for f in files:
            f.write_text(f.read_text().replace(f",{50000000}", ",60000000"))
        args = ["compare", plan, "stage:final", "potong", "--workspace", self.path]
        done = pagu(*args, PAGU_LANG="en")
        self.assertEqual((done.returncode, done.stdout), (3, ""))
        self.assertIn('the plan has changed since scenario "potong" was saved', done.stderr)
        self.assertIn(KEY + " is 60,000,000 here, but was 50,000,000", done.stderr)
        values = pagu(*args, "--replay", "values", PAGU_LANG="en")
        self.assertEqual((values.returncode, values.stdout), (3, ""))
        self.assertIn("conflicts here, so nothing of it was applied", values.stderr)
        self.assertIn(KEY, values.stderr)
        clean = pagu(*args, "--replay", "values", "--apply", "all", "--json")
        self.assertEqual(clean.returncode, 0, clean.stderr)
        decisions = pagu(*args, "--replay", "decisions", "--json")
        self.assertEqual((decisions.returncode, decisions.stderr), (0, ""))
        rows = {r["key"]: r for r in json.loads(decisions.stdout)["rows"]}
        self.assertEqual(int(rows[KEY]["value1"]), 60000000)
        self.assertEqual(int(rows[KEY]["value2"]), 54000000)

    def test_codes_of_another_year_come_from_a_mapping(self):
        self.run_script()
        mapping = self.file("codes_map.csv", "list,from_version,from,to_version,to,share\n"
                                             "kode,2024,1.06.04,2025,1.06.01,\nkode,2024,1.06.05,2026,x,\n")
        args = ["compare", PLAN, "stage:final", "potong", "--workspace", self.path, "--replay", "decisions", "--json",
                "--map", mapping]
        done = pagu(*args, "--to", "2025")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        keys = {r["key"] for r in json.loads(done.stdout)["rows"] if r["key"]}
        self.assertTrue(keys and all(k.startswith("1.06.01") for k in keys), keys)
        done = pagu(*args, PAGU_LANG="en")
        self.assertIn("maps to several versions; say which one with to", done.stderr)

    def test_mistakes_are_told(self):
        self.refuses(pagu("workspace", self.path, PAGU_LANG="en"), 3, "no such file or folder")
        self.run_script()
        for args, part in ((["lst"], 'there is no action "lst"'), (["show"], "the wrong number of arguments"),
                           (["show", "potong", "x"], '"x" is no number'), (["save", "a", "b.scn"], "save needs --plan")):
            done = pagu("workspace", self.path, *args, PAGU_LANG="en")
            self.assertEqual((done.returncode, done.stdout), (2, ""))
            self.assertIn(part, done.stderr)
        self.refuses(pagu("workspace", PLAN + "/datapackage.json", PAGU_LANG="en"), 3, "this is no workspace of pagu")
        self.refuses(pagu("workspace", str(self.dir), PAGU_LANG="en"), 3, "not a regular file")

    def test_names_from_a_file_print_no_controls(self):
        self.run_script()
        with sqlite3.connect(self.path) as db:
            db.execute("UPDATE scenario SET name = ?", ("a\x1b[31m\u202eb",))
        done = pagu("workspace", self.path)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertNotIn("\x1b", done.stdout)
        self.assertNotIn("\u202e", done.stdout)


class Merge(Workspace):
    def scenario(self, name, chunk):
        path = self.dir / name
        self.evaluate(f'(function() local s = plan:branch "{name}"; {chunk}; s:save("{path}"); return "ok" end)()')
        return path

    def test_two_files_become_one(self):
        a = self.scenario("a.scn", 's:set("1.06.05", "budget", 2024, 100000000)')
        b = self.scenario("b.scn", 's:set("1.06.06", "budget", 2024, 20000000)')
        out = self.dir / "c.scn"
        done = pagu("merge", PLAN, a, b, "-o", out, "--reason", "rapat", PAGU_LANG="en")
        self.assertEqual((done.returncode, done.stdout, done.stderr), (0, "", ""))
        values = self.evaluate(f'(function() local s = plan:load "{out}"; return s:get("1.06.05", "budget", 2024), '
                               's:get("1.06.06", "budget", 2024), s:journal():rows()[2].reason end)()')
        self.assertEqual(values, "100000000\t20000000\trapat\n")
        tried = pagu("merge", PLAN, a, b, PAGU_LANG="en")
        self.assertEqual((tried.returncode, tried.stdout), (0, ""))
        self.assertIn("only tried; -o FILE writes the result", tried.stderr)

    def test_conflicts_are_told_and_settled_by_policy(self):
        a = self.scenario("a.scn", f's:set("{KEY}", "budget", 2024, 1)')
        b = self.scenario("b.scn", f's:set("{KEY}", "budget", 2024, 2)')
        out = self.dir / "c.scn"
        done = pagu("merge", PLAN, a, b, "-o", out, "--json", PAGU_LANG="en")
        self.assertEqual(done.returncode, 1)
        self.assertEqual(done.stderr, "pagu: 1 conflicts are open, so nothing was merged\n")
        row = json.loads(done.stdout)["rows"][0]
        self.assertEqual([row[k] for k in ("key", "base", "ours", "theirs", "outcome")],
                         [KEY, "50000000", "1", "2", "open"])
        self.assertFalse(out.exists())
        done = pagu("merge", PLAN, a, b, "-o", out, "--policy", "theirs")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertIn("yang diminta", done.stdout)
        self.assertEqual(self.evaluate(f'plan:load("{out}"):get("{KEY}", "budget", 2024)'), "2\n")
        done = pagu("merge", PLAN, a, b, "--policy", "mine", PAGU_LANG="en")
        self.assertEqual(done.returncode, 2)
        self.assertIn("--policy mine: choose ask, ours or theirs", done.stderr)

    def test_another_base_can_be_named(self):
        base = self.scenario("base.scn", f's:set("{KEY}", "budget", 2024, 7)')
        a = self.scenario("a.scn", f's:set("{KEY}", "budget", 2024, 7); s:set("1.06.05", "budget", 2024, 1000)')
        b = self.scenario("b.scn", f's:set("{KEY}", "budget", 2024, 9)')
        self.assertEqual(pagu("merge", PLAN, a, b).returncode, 1)
        out = self.dir / "c.scn"
        done = pagu("merge", PLAN, a, b, base, "-o", out)
        self.assertEqual((done.returncode, done.stdout, done.stderr), (0, "", ""))
        self.assertEqual(self.evaluate(f'plan:load("{out}"):get("{KEY}", "budget", 2024)'), "9\n")


class Confined(Workspace):
    """Scripts that others may have written use a workspace in the folder of --out only."""

    def chunk(self, path):
        return self.file("skrip.lua", f'local w = pagu.workspace("{path}"); w:save("a", plan:branch "a"); return "ok"')

    def test_without_out_nothing_is_written(self):
        done = pagu("run", self.chunk(self.path), "--plan", PLAN, PAGU_LANG="en")
        self.refuses(done, 4, "may not write files")
        self.assertFalse(os.path.exists(self.path))

    def test_out_is_where_it_may_be(self):
        out = self.dir / "hasil"
        done = pagu("run", self.chunk(f"{out}/k.pagu"), "--plan", PLAN, "--out", out)
        self.assertEqual(done.returncode, 0, done.stderr)
        os.symlink(self.path, out / "l.pagu")
        done = pagu("run", self.chunk(f"{out}/l.pagu"), "--plan", PLAN, "--out", out, PAGU_LANG="en")
        self.refuses(done, 4, "may write regular files only")
        self.assertFalse(os.path.exists(self.path))

    def test_a_workspace_elsewhere_can_not_be_read(self):
        other = self.dir / "lain" / "k.pagu"
        other.parent.mkdir()
        self.path = str(other)
        self.run_script()
        script = self.file("dalam/skrip.lua", f'return select(2, pagu.workspace("{other}", {{ mode = "read" }}))')
        done = pagu("run", script, "--plan", PLAN, cwd=self.dir / "dalam", PAGU_LANG="en")
        self.assertIn("this script may not read", done.stdout + done.stderr)


COUNT = """
local w = assert(pagu.workspace(%r))
for _ = 1, %d do
  repeat
    local s = w:load("hitung", plan) or plan:branch "hitung"
    s:set(%r, "budget", 2024, s:get(%r, "budget", 2024) + 1)
    local ok, err = pcall(w.save, w, "hitung", s)
    if not ok and err.code ~= "conflict" then error(err, 0) end
  until ok
end
return "done"
"""


class Together(Workspace):
    def start(self, chunk):
        return subprocess.Popen([PAGU, "eval", "--", PLAN, chunk], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                text=True, env=environment(PAGU_LANG="en"))

    def test_no_update_is_lost(self):
        writers, each = 4, 8
        chunk = COUNT % (self.path, each, KEY, KEY)
        processes = [self.start(chunk) for _ in range(writers)]
        for p in processes:
            out, err = p.communicate(timeout=120)
            self.assertEqual((p.returncode, out, err), (0, "done\n", ""))
        self.do("check", "--quiet")
        value = self.evaluate(f'pagu.workspace("{self.path}"):load("hitung", plan):get("{KEY}", "budget", 2024)')
        self.assertEqual(int(value), 50000000 + writers * each)
        versions = [int(h["version"]) for h in self.rows("history", "hitung")]
        self.assertEqual(versions, list(range(1, writers * each + 1)))
        self.assertEqual(self.leftovers(), ["kerja.pagu"])

    def leftovers(self):
        return sorted(f.name for f in self.dir.iterdir())

    def test_killed_anywhere_the_file_stays_whole(self):
        chunk = COUNT % (self.path, 100000, KEY, KEY)
        rng = random.Random(5)
        seen = 0
        for _ in range(12):
            p = self.start(chunk)
            time.sleep(0.15 + rng.random() * 0.25)
            p.send_signal(signal.SIGKILL)
            p.communicate(timeout=30)
            if not os.path.exists(self.path):
                continue
            done = pagu("workspace", self.path, "check", PAGU_LANG="en")
            if done.returncode and "this is no workspace" in done.stderr and os.path.getsize(self.path) == 0:
                continue  # killed before the file was made
            self.assertEqual(done.returncode, 0, done.stderr)
            if self.rows():
                version = int(self.rows()[0]["version"])
                self.assertGreaterEqual(version, seen)
                self.assertEqual(len(self.rows("history", "hitung")), version)
                seen = version
        self.assertGreater(seen, 0)
        value = self.evaluate(f'pagu.workspace("{self.path}"):load("hitung", plan):get("{KEY}", "budget", 2024)')
        self.assertEqual(int(value), 50000000 + seen)

    def test_readers_see_whole_versions_while_others_write(self):
        writer = self.start(COUNT % (self.path, 25, KEY, KEY))
        while writer.poll() is None:
            if os.path.exists(self.path) and os.path.getsize(self.path) > 0:
                done = pagu("workspace", self.path, "check", PAGU_LANG="en")
                self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(writer.communicate()[0], "done\n")

    def test_a_file_that_can_not_be_written_is_told(self):
        self.run_script()
        os.chmod(self.dir, 0o555)
        os.chmod(self.path, 0o444)
        self.addCleanup(os.chmod, self.dir, 0o755)

        def drop():
            if os.getuid() == 0:
                os.setuid(65534)

        chunk = f'return select(2, pagu.workspace("{self.path}"))'
        try:
            done = subprocess.run([PAGU, "eval", "--", PLAN, chunk], capture_output=True, text=True, preexec_fn=drop,
                                  env=environment(PAGU_LANG="en"))
        except (PermissionError, subprocess.SubprocessError):
            self.skipTest("the program can't be run by another user here")
        if done.returncode == 3:
            self.skipTest("the plan can't be read by another user here")
        self.assertEqual(done.stdout.split("\t")[0], f"{self.path}: the file or its folder can't be written; nothing was changed")


if __name__ == "__main__":
    unittest.main()
