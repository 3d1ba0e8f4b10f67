# The prompt: through a pipe, and on a terminal driven by tmux.
# SPDX-License-Identifier: MIT
import csv
import io
import json
import os
import shutil
import subprocess
import time
import unittest

from support import PAGU, PLAN, Case, pagu


class Pipe(Case):
    def session(self, *entries, code=0, options=()):
        done = pagu("repl", *options, PLAN, stdin="\n".join(entries) + "\n")
        self.assertEqual(done.returncode, code, done.stderr)
        return done

    def test_expressions_print_without_return(self):
        done = self.session("1 + 1", 'plan:get("1.06", "budget", 2024)', "x = 5", "x, 'a'", "{ b = 1, a = { 2 } }")
        self.assertEqual(done.stdout, "2\n4455445985\n5\ta\n{ a = { 2 }, b = 1 }\n")
        self.assertEqual(done.stderr, "")

    def test_an_entry_goes_on_until_it_is_whole(self):
        self.assertEqual(self.session("for i = 1, 2 do", "print(i)", "end", "(1 +", "2)").stdout, "1\n2\n3\n")

    def test_the_scenario_s_is_a_branch_of_the_plan(self):
        done = self.session('s["1.06.01.2.09.09"].budget[2024] = pagu.juta(1)', 's:get("1.06.01.2.09.09", "budget", 2024)',
                            'plan:get("1.06.01.2.09.09", "budget", 2024) == 1000000')
        self.assertEqual(done.stdout.split("\n")[-3:], ["1000000", "false", ""])

    def test_the_last_result_is_kept(self):
        self.assertEqual(self.session("6 * 7", "_ + 1").stdout, "42\n43\n")

    def test_an_error_leaves_the_session_alive(self):
        done = self.session("x = 1", "local y = nil", "y.z = 1", "x", "plan:get('9.99', 'budget', 2024)", "x + 1", code=4)
        self.assertEqual(done.stdout, "1\n2\n")
        errors = done.stderr.rstrip("\n").split("\n")
        self.assertEqual(len(errors), 2)
        self.assertTrue(errors[0].startswith("repl:1: "))
        self.assertIn("9.99", errors[1])

    def test_help_explains_and_searches(self):
        done = self.session("help()", 'help "transfer"', "help(s.spread)", 'help "zzz"', options=("--lang", "en"))
        self.assertIn("\nholds and limits:\n  hold floor", done.stdout)
        self.assertIn("s:transfer{", done.stdout)
        self.assertIn("s:spread{", done.stdout)
        self.assertIn("no help on that", done.stdout)

    def names(self):
        """Every public function of pagu and method of its objects, as scripts see them."""
        chunk = """local out = {}
            for name, f in pairs(pagu) do if type(f) == "function" then out[#out + 1] = name end end
            return out"""
        found = set(json.loads(pagu("eval", PLAN, chunk, "--json").stdout)[0])
        objects = "plan, plan:stage 'need', s, plan['1.06'], plan:select{}, plan:select{}.budget[2024], plan:stages(), plan:check()"
        printed = self.session(*["help(%s)" % o for o in objects.split(", ")], options=("--lang", "en")).stdout
        for line in printed.splitlines():
            found.update(line.split() if line.startswith("  ") else [])
        return {n for n in found if not n.startswith("_")}

    def test_help_knows_every_function_and_method(self):
        names = self.names()
        self.assertGreater(len(names), 80)
        self.assertTrue({"transfer", "explain", "juta", "save", "where", "muldiv", "by"} <= names)
        for lang, example, none in (("id", "contoh: ", "tidak ada bantuan"), ("en", "example: ", "no help on that")):
            for name in sorted(names):
                done = self.session('help "%s"' % name, options=("--lang", lang))
                self.assertIn(example, done.stdout, name)
                self.assertNotIn(none, done.stdout, name)

    def test_help_s_examples_run(self):
        entries = ['help "%s"' % n for n in sorted(self.names())]
        lines = self.session(*entries).stdout.splitlines()
        examples = sorted({line.split("contoh: ", 1)[1] for line in lines if "contoh: " in line})
        self.assertGreater(len(examples), 40)
        for example in examples: # each on a fresh scenario
            done = self.session(example)
            self.assertEqual(done.stderr, "", example)
            self.assertTrue(done.stdout or example.startswith(("s:", "s2 =")), example)

    def test_edits_of_every_verb_are_noted_with_their_line(self):
        done = self.session('s:cut{ at = "1.06.05", percent = 10 }', 's:set("1.06.06", "budget", 2024, 1)', "s:journal():csv()")
        rows = list(csv.DictReader(io.StringIO(done.stdout[done.stdout.index("step,"):])))
        self.assertEqual([(r["verb"], r["source"]) for r in rows], [("cut", "repl:1"), ("set", "repl:1")])

    def test_objects_say_what_they_are(self):
        done = self.session("s", "plan", 'plan:stage "need"', 'plan:select{ under = "1.06.06" }', 'plan["1.06"].budget')
        self.assertEqual(done.stdout.splitlines(), [
            'skenario "repl" di atas tahap final dari Renja 2024', "Renja 2024, tahap final", "Renja 2024, tahap need",
            'pilihan 3 simpul dari "final": 1.06.06, 1.06.06.2.01, 1.06.06.2.01.01',
            "budget semua tahun; satu tahun ialah .budget[2024]"])

    def test_an_unfinished_last_entry_is_an_error(self):
        done = self.session("1", "(2", code=4)
        self.assertEqual(done.stdout, "1\n")
        self.assertIn("')'", done.stderr)

    def test_a_farewell_ends_it(self):
        self.assertEqual(self.session("1", "exit", "2").stdout, "1\n")

    def test_without_a_plan(self):
        done = pagu("repl", stdin="1\nplan\n", cwd=self.dir)
        self.assertEqual((done.returncode, done.stdout), (4, "1\n"))
        self.assertIn("plan", done.stderr)


@unittest.skipUnless(shutil.which("tmux"), "tmux is not installed")
class Terminal(Case):
    WIDTH, HEIGHT = 90, 24

    def setUp(self):
        super().setUp()
        self.start()

    def tmux(self, *args, check=True):
        return subprocess.run(["tmux", "-S", self.socket, "-f", "/dev/null", *args], capture_output=True, text=True, check=check).stdout

    def start(self, *options):
        self.socket = str(self.dir / ("tmux-%d" % time.monotonic_ns())) # a server of its own: an old one may linger
        self.addCleanup(subprocess.run, ["tmux", "-S", self.socket, "kill-server"], capture_output=True)
        env = {"XDG_STATE_HOME": str(self.dir / "state"), "PAGU_LANG": "en", "NO_COLOR": "1", "LC_ALL": "C.UTF-8"}
        line = "env " + " ".join("%s='%s'" % kv for kv in env.items())
        line += " '%s' repl %s '%s'; echo left $?; sleep 60" % (PAGU, " ".join(options), PLAN)
        self.tmux("-u", "new-session", "-d", "-s", "t", "-x", str(self.WIDTH), "-y", str(self.HEIGHT), line)
        self.see("pagu> ")

    def screen(self):
        return self.tmux("capture-pane", "-p", "-t", "t").rstrip()

    def keys(self, *keys):
        self.tmux("send-keys", "-t", "t", *keys)

    def type(self, text):
        self.tmux("send-keys", "-t", "t", "-l", text)

    def enter(self, text):
        self.type(text)
        self.keys("Enter")

    def see(self, *parts, times=1, timeout=30):
        """Wait until the screen shows every part; the last line counts too."""
        end = time.monotonic() + timeout
        while True:
            screen = self.screen()
            if all(screen.count(p.rstrip()) >= times for p in parts):
                return screen
            if time.monotonic() > end:
                self.fail("no %r on\n%s" % (parts, screen))
            time.sleep(0.05)

    def test_a_whole_entry_of_several_lines_is_recalled_at_once(self):
        self.enter("for i = 1, 2 do")
        self.enter('print("baris", i)')
        self.enter("end")
        self.see("baris   2")
        self.keys("Up")
        self.keys("Enter")
        self.see("baris   2", times=2)

    def test_completion_of_names_methods_and_codes(self):
        self.type("pl")
        self.keys("Tab")
        self.see("pagu> plan")
        self.type(":sta")
        self.keys("Tab", "Tab")
        self.see("stages")
        self.keys("C-u")
        self.type('s["1.06.0')
        self.keys("Tab")
        self.see("Program Pemberdayaan Sosial")
        self.type("2")
        self.keys("Tab", "Tab")
        self.see("1.06.02.2.02", "Pengumpulan Sumbangan")

    def test_a_code_is_found_by_the_name_of_its_node(self):
        self.type('plan["Gaji dan Tunj')
        self.keys("Tab")
        self.see('plan["1.06.01.2.02.01')

    def test_what_was_typed_stays_when_several_names_match(self):
        self.type('plan["Rehabilitasi')
        self.keys("Tab")
        self.see("1.06.04.2.02", "1.06.01.2.09.09", 'pagu> plan["Rehabilitasi')

    def test_tables_take_the_width_of_the_terminal(self):
        self.enter('pagu.compare(plan:stage "draft", plan, { level = "program" })')
        screen = self.see("1.06.01", "Total")
        self.assertLessEqual(max(map(len, screen.splitlines()[2:-1])), self.WIDTH, screen)
        self.start("--width", "60")
        self.enter('s:explain("1.06.06", "budget", 2024)')
        screen = self.see("rollup")
        self.assertLessEqual(max(map(len, screen.splitlines()[2:-1])), 62, screen)

    def test_ctrl_c_stops_the_computation_and_not_the_session(self):
        self.enter("while true do pcall(function() while true do end end) end")
        time.sleep(0.5)
        self.keys("C-c")
        self.see("interrupted")
        self.enter("40 + 2")
        self.see("\n42")

    def test_ctrl_c_drops_the_line_and_ctrl_d_leaves(self):
        self.type("garbage(")
        self.keys("C-c")
        self.enter("1 + 1")
        self.see("\n2")
        self.keys("C-d")
        self.see("left 0")

    def test_long_results_are_shown_a_screen_at_a_time(self):
        self.enter("plan:table 'printed'")
        self.see("-- more --")
        self.keys("Space")
        self.see("-- more --")
        self.keys("q")
        self.enter('"back"')
        self.see("\nback")

    def test_history_is_kept_for_the_plan(self):
        self.enter("12345 + 1")
        self.see("12346")
        self.keys("C-d")
        self.see("left 0")
        self.tmux("kill-server", check=False)
        self.start()
        self.keys("Up")
        self.see("pagu> 12345 + 1")

    def test_terminal_escapes_of_texts_are_shown_not_obeyed(self):
        self.enter('"a\\27[31mb\\7"')
        self.see("a\\x1B[31mb\\x07")

    def test_bytes_that_are_no_text_are_replaced(self):
        self.enter('"a\\xffb\\xe2\\x82c\\xc3\\xa9"')
        self.see("a\ufffdb\ufffd\ufffdc\u00e9")

    def test_without_the_line_editor_the_terminal_reads_plain_lines(self):
        self.start("--no-edit")
        self.enter("(40 +")
        self.enter("2)")
        self.see("\n42")

    def test_errors_name_line_and_cause(self):
        self.enter("return prnt")
        self.see("repl:1:", "did you mean 'print'?")

    def test_letters_beyond_ascii_can_be_edited(self):
        self.type('#"é漢"')
        self.keys("BSpace", "BSpace")
        self.type('x"')
        self.keys("Enter")
        self.see("\n3")


if __name__ == "__main__":
    unittest.main()
