# The commands, their exit codes, and what they say about bad input.
# SPDX-License-Identifier: MIT
import hashlib
import json
import os
import pathlib
import signal
import subprocess
import tempfile
import time
import unittest

from support import PAGU, PLAN, ROOT, UPDATE, Case, environment, pagu

DECLARED = """
return {
  title = "Potong gedung",
  question = "Berapa sisa pagu bila rehabilitasi gedung dipotong?",
  params = {
    cut = { default = 10, unit = "percent", min = 0, max = 100 },
    floor = { default = pagu.juta(1) },
    keep = { default = true },
    note = { default = "uji" },
  },
  metrics = { { name = "total", title = "Pagu seluruhnya", unit = "Rp" }, "share" },
  run = function(s, p)
    s:cut{ at = "1.06.01.2.09.09", percent = p.cut, reason = p.note }
    local total = s:get("/", "budget", 2024)
    return { total = total, share = s:get("1.06.01", "budget", 2024) / total }
  end,
}
"""


class Help(Case):
    def test_program_lists_its_commands_in_indonesian_by_default(self):
        done = pagu("--help")
        self.assertEqual(done.returncode, 0)
        for word in ("Pemakaian", "run", "eval", "report", "explain", "compare", "check", "export", "repl"):
            self.assertIn(word, done.stdout)

    def test_every_command_explains_itself_in_both_languages(self):
        for name in ("run", "eval", "report", "explain", "compare", "check", "export", "repl"):
            indonesian, english = pagu(name, "--help"), pagu(name, "--help", PAGU_LANG="en")
            self.assertEqual((indonesian.returncode, english.returncode), (0, 0))
            self.assertIn("Pemakaian: pagu " + name, indonesian.stdout)
            self.assertIn("Usage: pagu " + name, english.stdout)
            self.assertEqual(english.stdout, pagu(name, "--lang", "en", "--help").stdout)
            self.assertEqual(english.stdout, pagu("--lang", "en", name, "--help").stdout)

    def test_version_is_printed(self):
        done = pagu("--version")
        self.assertEqual(done.returncode, 0)
        self.assertRegex(done.stdout, r"^pagu \d+\.\d+\.\d+\n$")


class Usage(Case):
    def usage(self, *args, part=""):
        done = pagu(*args)
        self.assertEqual((done.returncode, done.stdout), (2, ""))
        self.assertIn(part, done.stderr)
        self.assertIn("--help", done.stderr)

    def test_unknown_command_names_the_nearest(self):
        self.usage("chek", PLAN, part="check")

    def test_unknown_option_names_the_nearest(self):
        self.usage("eval", "--jsn", PLAN, "1", part="--json")

    def test_option_of_another_command_is_refused(self):
        self.usage("check", "--param", "a=1", PLAN, part="--param")

    def test_missing_argument(self):
        self.usage("eval", PLAN, part="pagu eval")

    def test_option_without_its_value(self):
        self.usage("eval", PLAN, "1", "--stage", part="--stage")

    def test_bad_language_and_format(self):
        self.usage("eval", PLAN, "1", "--lang", "fr", part="fr")
        self.usage("compare", PLAN, "stage:need", "stage:final", "--format", "doc", part="doc")

    def test_bad_limits(self):
        self.usage("eval", PLAN, "1", "--memory", "x", part="--memory")
        self.usage("eval", PLAN, "1", "--time-limit", "-1", part="--time-limit")

    def test_export_needs_a_known_form(self):
        self.usage("export", PLAN, "xml", part="xml")
        self.usage("export", PLAN, "package", part="-o")


class Eval(Case):
    def test_prints_an_expression_without_return(self):
        self.assertEqual(self.evaluate('plan:get("1.06", "budget", 2024)'), "4455445985\n")

    def test_runs_statements_and_prints_several_results_as_print_does(self):
        self.assertEqual(self.evaluate('local a = 1; return a, "x", nil, true'), "1\tx\tnil\ttrue\n")
        self.assertEqual(self.evaluate("local a = 1"), "")

    def test_a_dash_is_zero_and_says_so(self):
        self.assertEqual(self.evaluate('nil, 0, "-"'), "nil\t0\t-\n")

    def test_reads_another_stage(self):
        chunk = 'plan:get("1.06.01.2.09.09", "budget", 2024)'
        self.assertEqual((self.evaluate(chunk, "--stage", "draft"), self.evaluate(chunk)), ("23409000\n", "200000000\n"))

    def test_json_is_an_array_of_values(self):
        out = self.evaluate('{1, 2}, {b = 1, a = "\\n"}, nil, 1.5, 9007199254740991, 9007199254740992, {}, 0/0', "--json")
        self.assertEqual(json.loads(out), [[1, 2], {"a": "\n", "b": 1}, None, 1.5, 9007199254740991,
                                           "9007199254740992", {}, None])
        self.assertLess(out.index('"a"'), out.index('"b"'))

    def test_json_of_a_pagu_table_is_its_own(self):
        out = json.loads(self.evaluate('pagu.compare(plan:stage "need", plan)', "--json"))
        self.assertIn("rows", out[0])

    def test_json_refuses_a_table_that_holds_itself(self):
        self.refuses(pagu("eval", PLAN, "local t = {} t.t = t return t", "--json"), 4, "32")

    def test_print_goes_to_stdout(self):
        self.assertEqual(self.evaluate('print(1, {}, print) '), "1\ttable\tfunction\n")


class Json(Case):
    """What programs read is JSON alone, and machine words whatever the language is."""

    def json(self, *args, code=0, **env):
        done = pagu(*args, **env)
        self.assertEqual(done.returncode, code, done.stderr)
        return json.loads(done.stdout)

    def test_what_scripts_print_goes_aside(self):
        script = self.file("a.lua", "print('halo') return { run = function(s) print('lagi') return { n = 1 } end }")
        done = pagu("run", script, "--plan", PLAN, "--json")
        self.assertEqual(json.loads(done.stdout)["metrics"], {"n": 1})
        self.assertEqual(done.stderr, "halo\nlagi\n")
        self.assertEqual(self.json("eval", PLAN, "print('halo') return 1", "--json"), [1])
        self.json("report", PLAN, "tc33", "--scenario", script, "--json")

    def test_bytes_that_are_no_text_become_the_replacement_character(self):
        self.assertEqual(self.json("eval", PLAN, r'"a\255b", "\xE2\x82", "é", "\0"', "--json"),
                         ["a\ufffdb", "\ufffd\ufffd", "é", "\0"])

    def test_objects_are_what_they_stand_for(self):
        chunk = ('plan["1.06"], plan:select{ level = "bidang" }, plan["1.06"]:children()[1]:indicators()[1], '
                 'plan:select "1.06".budget[2024]')
        self.assertEqual(self.json("eval", PLAN, chunk, "--json"),
                         ["1.06", ["1.06", "2.13"], "1.06.01#1", {"1.06": 4455445985}])

    def test_machine_words_stay_english(self):
        for lang in ("id", "en"):
            rows = self.json("check", PLAN, "--json", code=1, PAGU_LANG=lang)["findings"]
            self.assertEqual({r["severity"] for r in rows}, {"note", "warning"})
            table, = self.json("eval", PLAN, 'plan:explain("1.06.06", "budget", 2024)', "--json", PAGU_LANG=lang)
            self.assertEqual([r["kind"] for r in table["rows"]], ["rollup", "rollup", "input"])
        self.assertIn("peringatan", pagu("check", PLAN).stdout)
        self.assertNotIn("peringatan", pagu("check", PLAN, "--format", "csv").stdout.split("message")[0])

    def test_findings_of_a_plan_that_cannot_be_loaded_are_json_too(self):
        plan = self.plan_copy()
        (plan / "nodes.csv").write_text("node\n", encoding="utf-8")
        out = self.json("check", plan, "--json", code=3)
        self.assertEqual({r["severity"] for r in out["findings"]}, {"error"})

    def test_every_result_says_what_it_was_made_from(self):
        script = str(ROOT / "scenarios" / "pagu-turun.lua")
        run = self.json("run", script, "--plan", PLAN, "--json")["comparison"]["stamp"]
        report = self.json("report", PLAN, "tc33", "--scenario", script, "--json")["stamp"]
        self.assertEqual(list(run), ["plan", "scenario", "hash", "script", "engine"])
        self.assertEqual(report, run)
        self.assertEqual(run["script"], hashlib.sha256(pathlib.Path(script).read_bytes()).hexdigest())
        stage = self.json("report", PLAN, "tc33", "--json")["stamp"]
        self.assertEqual(list(stage), ["plan", "stage", "hash", "engine"])
        self.assertEqual((stage["plan"], stage["stage"]), (run["plan"], "final"))
        self.assertEqual(self.json("check", PLAN, "--json", code=1)["stamp"], stage)
        both = self.json("compare", PLAN, "stage:final", script, "--json")["stamp"]
        self.assertEqual(list(both), ["plan", "stage1", "hash1", "scenario2", "hash2", "script2", "engine"])
        self.assertEqual((both["hash1"], both["hash2"], both["script2"]), (stage["hash"], run["hash"], run["script"]))
        self.assertEqual(self.evaluate('plan:hash(), plan:stage"final":hash()'), "%s\t%s\n" % (run["plan"], stage["hash"]))


class Width(Case):
    """Text tables fit: the terminal, else 160 columns, else what --width says."""

    COMPARE = ("compare", PLAN, "stage:draft", "stage:need")
    PRINT = 'print(pagu.compare(plan:stage "draft", plan:stage "need"))'

    def widest(self, *args):
        return max(len(line) for line in pagu(*args).stdout.splitlines())

    def test_rows_wrap_at_a_default(self):
        for args in (self.COMPARE, ("check", PLAN), ("eval", PLAN, self.PRINT), ("run", self.file("a.lua", self.PRINT), "--plan", PLAN)):
            self.assertLessEqual(self.widest(*args), 160, args)
        for kind in ("tc31", "tc33", "tabel8"): # wide forms
            self.assertLessEqual(self.widest("report", PLAN, kind), 190, kind)

    def test_width_is_an_option(self):
        for args in (self.COMPARE, ("eval", PLAN, self.PRINT), ("report", PLAN, "tc33")):
            self.assertLessEqual(self.widest(*args, "--width", "140"), 140, args)
            self.assertGreater(self.widest(*args, "--width", "0"), 200, args)

    def test_codes_stay_whole_at_the_defaults(self):
        for args in (self.COMPARE, ("report", PLAN, "tc31"), ("report", PLAN, "tc33"), ("report", PLAN, "tabel8")):
            self.assertIn("1.06.01.2.09.09", pagu(*args).stdout, args)


class BadInput(Case):
    """Each is one line that names the place and the reason, and nothing is half done."""

    def test_unknown_code_names_near_ones(self):
        line = self.eval_refuses('plan:get("1.06.01.2.99", "budget", 2024)', "eval:1:", "1.06.01.2.99")
        self.assertIn("1.06.01.2.0", line.replace("1.06.01.2.99", "", 1))

    def test_unknown_level_field_and_stage(self):
        self.eval_refuses('plan:select{ level = "progam" }', "eval:1:", "progam", "program")
        self.eval_refuses('plan:get("1.06", "budgett", 2024)', "eval:1:", "budgett", "budget")
        self.eval_refuses('plan:stage "nedd"', "eval:1:", "nedd", "need")
        self.refuses(pagu("eval", "--stage", "nedd", PLAN, "1"), 3, "nedd", "need")

    def test_wrong_level(self):
        self.eval_refuses('local s = plan:branch "x" local p = s:select{ level = "program" } p.budget[2024] = p.budget[2024] * 2',
                          "eval:1:", "1.06.0")

    def test_year_outside_the_frame(self):
        self.eval_refuses('plan:get("1.06", "budget", 1999)', "eval:1:", "1999", "2020", "2027")

    def test_fractional_money(self):
        self.eval_refuses('plan:branch "x":set("1.06.05", "budget", 2024, 0.5)', "eval:1:", "0.5")

    def test_held_line(self):
        self.eval_refuses('local s = plan:branch "x"\ns:hold{ at = "1.06.01.2.09.09" }\n'
                          's:set("1.06.01.2.09.09", "budget", 2024, 1)', "eval:3:", "1.06.01.2.09.09")

    def test_zero_basis(self):
        self.eval_refuses('local s = plan:branch "x"\ns:spread{ at = "1.06.01", total = 0 }\n'
                          's:spread{ at = "1.06.01", total = 1000 }', "eval:3:", "1.06.01")

    def test_lua_errors_name_their_line(self):
        self.eval_refuses("local x\nreturn x.y", "eval:2:")
        self.eval_refuses("x = = 1", "eval:1:")
        self.eval_refuses('error { code = "z" }', "eval:1:")
        self.eval_refuses('error { message = "begitu" }', "eval:1: begitu")
        self.eval_refuses("error(12)", "eval:1: 12")

    def test_undeclared_variable_names_the_nearest(self):
        self.eval_refuses("return pln", "eval:1:", "pln", "plan")

    def test_missing_plan(self):
        self.refuses(pagu("eval", self.dir / "none", "1"), 3, "none")
        self.refuses(pagu("check", self.dir / "none"), 3, "none")

    def test_malformed_csv(self):
        plan = self.plan_copy()
        with open(plan / "amounts.csv", "a", encoding="utf-8") as f:
            f.write('1.06.05,final,2024,abc,\n')
        lines = (plan / "amounts.csv").read_text().count("\n")
        self.refuses(pagu("eval", plan, "1"), 3, "amounts.csv:%d" % lines, "abc")

    def test_unclosed_csv_quote(self):
        plan = self.plan_copy()
        with open(plan / "levels.csv", "a", encoding="utf-8") as f:
            f.write('"unclosed\n')
        done = pagu("eval", plan, "1")
        self.assertEqual((done.returncode, done.stdout), (3, ""))
        self.assertIn("levels.csv:", done.stderr)

    def test_malformed_json(self):
        plan = self.plan_copy()
        (plan / "datapackage.json").write_text('{ "name": }')
        self.refuses(pagu("eval", plan, "1"), 3, "datapackage.json:1")

    def test_missing_resource(self):
        plan = self.plan_copy()
        (plan / "amounts.csv").unlink()
        self.refuses(pagu("eval", plan, "1"), 3, "amounts.csv")

    def test_every_fault_is_reported_and_check_prints_them_as_json(self):
        plan = self.plan_copy()
        with open(plan / "amounts.csv", "a", encoding="utf-8") as f:
            f.write('1.06.05,final,2024,abc,\nnowhere,final,2024,1,\n')
        done = pagu("check", plan)
        self.assertEqual((done.returncode, done.stdout), (3, ""))
        self.assertIn("abc", done.stderr)
        self.assertIn("nowhere", done.stderr)
        done = pagu("check", plan, "--json")
        self.assertEqual(done.returncode, 3)
        self.assertGreaterEqual(len(json.loads(done.stdout)["findings"]), 2)

    def test_missing_script_and_scenario(self):
        self.refuses(pagu("run", "--plan", PLAN, self.dir / "none.lua"), 3, "none.lua")
        self.refuses(pagu("compare", PLAN, "stage:final", self.dir / "none.scn"), 3, "none.scn")
        self.refuses(pagu("report", PLAN, "tc33", "--scenario", self.dir / "none.scn"), 3, "none.scn")

    def test_messages_in_english(self):
        done = pagu("eval", "--lang", "en", PLAN, "return pln")
        self.assertIn("not declared", done.stderr)

    def test_control_bytes_of_names_do_not_reach_a_terminal(self):
        # a pipe gets the bytes; a terminal is tested in test_repl.py
        self.eval_refuses('error("a\\nb", 0)', "a b")


class Explain(Case):
    def test_names_the_script_and_line_of_an_edit(self):
        script = self.file("a.lua", 'local s = plan:branch "x"\ns:cut{ at = "1.06.04", percent = 10, reason = "hemat" }\nreturn s')
        done = pagu("explain", PLAN, "1.06.04.2.01.01", "--scenario", script, "--width", "0")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        for part in ("ubahan", "a.lua:2", "hemat", "permintaan", "bagian tepat", "scenario="):
            self.assertIn(part, done.stdout)
        rows = pagu("explain", PLAN, "1.06.04.2.01.01", "budget", "2024", "--scenario", script, "--format", "csv").stdout
        self.assertRegex(rows, r"(?m)^0,edit,1\.06\.04\.2\.01\.01,[^,]*,45000000,50000000,cut,hemat,.*a\.lua:2$")

    def test_stage_field_and_year_are_options_too(self):
        self.assertEqual(pagu("explain", PLAN, "1.06.01", "--field", "strategic_rate", "--year", "2023").stdout,
                         pagu("explain", PLAN, "1.06.01", "strategic_rate", "2023").stdout)
        self.assertIn("stage=need", pagu("explain", PLAN, "1.06.01", "--stage", "need").stdout)

    def test_what_it_does_not_know(self):
        self.refuses(pagu("explain", PLAN, "1.99"), 3, "1.99")
        self.refuses(pagu("explain", PLAN, "1.06", "pgu"), 3, "pgu")
        self.refuses(pagu("explain", PLAN, "1.06", "budget", "1999"), 3, "1999")
        self.refuses(pagu("explain", PLAN, "1.06.01#1", "budget"), 3, "1.06.01#1")


class CompareColumns(Case):
    PAIR = ("compare", PLAN, "stage:draft", "stage:need")

    def test_show_adds_columns(self):
        head = pagu(*self.PAIR, "--show", "share,change", "--format", "csv").stdout.splitlines()[0]
        self.assertEqual(head, "key,name,value1,share1,value2,delta2,percent2,share2,change")

    def test_words_are_those_of_the_language(self):
        self.assertRegex(pagu(*self.PAIR, "--show", "change", "--width", "0").stdout, r"(berubah|baru|dihapus) *\n")
        self.assertRegex(pagu(*self.PAIR, "--show", "change", "--format", "csv").stdout, r",(changed|added|removed)\n")

    def test_by_compares_classes(self):
        rows = json.loads(pagu(*self.PAIR, "--by", "unit", "--all", "--json").stdout)["rows"]
        self.assertIn("DinsosPM", [row["key"] for row in rows])
        self.refuses(pagu(*self.PAIR, "--by", "warna"), 3, "warna")

    def test_wrong_columns_are_usage_errors(self):
        for args, part in ((("--show", "warna"), "warna"), (("--by", "unit", "--level", "program"), "--level")):
            done = pagu(*self.PAIR, *args)
            self.assertEqual((done.returncode, done.stdout), (2, ""))
            self.assertIn(part, done.stderr)


class Run(Case):
    def run_script(self, text, *options, name="uji.lua"):
        return pagu("run", "--plan", PLAN, *options, self.file(name, text))

    def test_first_form_prints_what_it_returns(self):
        done = self.run_script('local s = plan:branch "x" return s:get("1.06", "budget", 2024), "ya"')
        self.assertEqual((done.returncode, done.stdout, done.stderr), (0, "4455445985\tya\n", ""))

    def test_second_form_prints_metrics_and_comparison(self):
        done = self.run_script(DECLARED)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        for part in ("Potong gedung", "Berapa sisa pagu", "Pagu seluruhnya", "share", "1.06.01.2.09.09"):
            self.assertIn(part, done.stdout)
        self.assertLess(done.stdout.index("Pagu seluruhnya"), done.stdout.index("share"))

    def test_second_form_as_json(self):
        done = self.run_script(DECLARED, "--json", "--param", "cut=0")
        out = json.loads(done.stdout)
        self.assertEqual(out["params"]["cut"], 0)
        self.assertEqual(out["metrics"]["total"], int(self.evaluate('plan:get("/", "budget", 2024)')))
        self.assertIn("rows", out["comparison"])

    def test_parameters_are_typed_and_checked(self):
        done = self.run_script(DECLARED, "--json", "--param", "cut=12.5", "--param", "floor=1,5 jt", "--param",
                               "keep=tidak", "--param", "note=a=b")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(json.loads(done.stdout)["params"], {"cut": 12.5, "floor": 1500000, "keep": False, "note": "a=b"})
        for given, part in (("cut=120", "100"), ("cut=-1", "0"), ("cut=x", "cut"), ("floor=1.000", "1.000"),
                            ("keep=maybe", "maybe"), ("cutt=1", "cut"), ("cut", "nama=nilai")):
            done = self.run_script(DECLARED, "--param", given)
            self.assertEqual((done.returncode, done.stdout), (2, ""), given)
            self.assertIn(part, done.stderr)

    def test_unknown_parameter_names_those_there_are(self):
        done = self.run_script(DECLARED, "--param", "zzzzzz=1")
        self.assertIn("cut, floor, keep, note", done.stderr)

    def test_required_parameter(self):
        script = 'return { params = { n = { min = 1 } }, run = function(s, p) return { n = p.n } end }'
        self.assertEqual(self.run_script(script).returncode, 2)
        self.assertEqual(self.run_script(script, "--param", "n=3").returncode, 0)

    def test_out_holds_metrics_comparison_and_scenario(self):
        out = self.dir / "out"
        done = self.run_script(DECLARED, "--out", out)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(sorted(p.name for p in out.iterdir()),
                         ["uji-comparison.csv", "uji-comparison.md", "uji-metrics.csv", "uji-metrics.md", "uji.scn"])
        done = pagu("compare", PLAN, "stage:final", out / "uji.scn")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("1.06.01.2.09.09", done.stdout)

    def test_out_holds_what_a_first_form_returns(self):
        out = self.dir / "out"
        text = 'local s = plan:branch "x"; s:cut{ at = "1.06.05", percent = 10 }; return s, plan:stages(), plan:fields()'
        self.assertEqual(self.run_script(text, "--out", out).returncode, 0)
        self.assertEqual(sorted(p.name for p in out.iterdir()),
                         ["uji-result-2.csv", "uji-result-2.md", "uji-result-3.csv", "uji-result-3.md", "uji.scn"])
        self.assertIn("1.06.05.2.02.01", pagu("compare", PLAN, "stage:final", out / "uji.scn").stdout)
        done = self.run_script("return 5", "--out", self.dir / "kosong")
        self.assertEqual((done.returncode, done.stdout), (0, "5\n"))
        self.assertIn("tidak ada yang ditulis", done.stderr)

    def test_parameters_and_headings_are_in_the_language(self):
        text = """return { params = { a = 6000000000, b = 3.5, c = false, d = 2024, e = "x" }, run = function(s)
            s["1.06.06.2.01.01"].budget[2025] = 1000 end }"""
        self.assertIn("Parameter: a = 6.000.000.000, b = 3,5, c = tidak, d = 2024, e = x\n", self.run_script(text).stdout)
        self.assertIn("Parameters: a = 6,000,000,000, b = 3.5, c = no, d = 2024, e = x\n",
                      self.run_script(text, "--lang", "en").stdout)
        self.assertIn("\nPagu 2025\n", self.run_script(text).stdout)

    def test_lua_s_own_messages_are_in_the_language(self):
        for chunk, id, en in (("nil + 1", "nilai kosong (nil) tidak dapat dihitung", "attempt to perform arithmetic"),
                              ("pagu.jutaa(1)", "nilai kosong (nil) dipanggil, padahal bukan fungsi (isian 'jutaa')", "call a nil"),
                              ('plan["1.06"] + 1', "simpul tidak dapat dihitung (isian '1.06')", "pagu.node"),
                              ('1 < "a"', "angka tidak dapat dibandingkan dengan teks", "compare number with string"),
                              ("if true then", "seharusnya ada 'end' di dekat akhir teks", "'end' expected near <eof>"),
                              ("if a then\nif b", "seharusnya ada 'then' di dekat akhir teks", "'then' expected"),
                              ("math.floor('x')", "argumen ke-1 untuk 'floor' salah: diperlukan angka, bukan teks", "number expected"),
                              ("error('a: b')", "eval:1: a: b", "eval:1: a: b"),
                              ("string.rep('attempt to call a nil value') + 1", "argumen ke-2", "bad argument #2")):
            self.eval_refuses(chunk, id)
            self.refuses(pagu("eval", "--lang", "en", PLAN, chunk), 4, en)

    def test_a_failed_script_writes_nothing(self):
        out = self.dir / "out"
        done = self.run_script(DECLARED.replace("local total", "error('henti') local total"), "--out", out)
        self.refuses(done, 4, "uji.lua:", "henti")
        self.assertEqual(list(out.iterdir()), [])

    def test_error_names_script_and_line(self):
        self.refuses(self.run_script("\n\nlocal x = nil\nreturn x.y"), 4, "uji.lua:4:")
        self.refuses(self.run_script('\nplan:get("9.99", "budget", 2024)'), 4, "uji.lua:2:", "9.99")

    def secret(self):
        import tempfile
        folder = tempfile.TemporaryDirectory(prefix="pagu-other-")
        self.addCleanup(folder.cleanup)
        path = pathlib.Path(folder.name) / "rahasia.csv"
        path.write_text("Kode,Nama,Pagu 2025\n1.06,Sosial,1000\n", encoding="utf-8")
        return path

    def test_scripts_read_nothing_that_is_not_theirs(self):
        secret = self.secret()
        beside = self.file("tabel.csv", secret.read_text(encoding="utf-8"))
        (self.dir / "tautan.csv").symlink_to(secret)
        template = self.secret().with_suffix(".json")
        template.write_text('{"year": 2025}', encoding="utf-8")
        climbing = self.dir / ".." / secret.parent.name / secret.name
        for call in ('import("%s", { year = 2025 })' % secret, 'import({ "%s" }, { year = 2025 })' % secret,
                     'import("%s", { year = 2025 })' % climbing,
                     'import("%s", { year = 2025 })' % (self.dir / "tautan.csv"),
                     'import("%s", { template = "%s" })' % (beside, template),
                     'open("%s")' % secret.parent, 'load_scenario(plan, "%s")' % secret):
            text = "local x, message, code = pagu.%s return tostring(x) .. code .. message" % call
            done = self.run_script(text, "--lang", "en")
            self.assertIn("nilio" + "this script may not read", done.stdout, call)
            self.assertEqual(self.run_script("return pagu.%s and 1" % call, "--lang", "en", "--out", self.dir / "o").stdout,
                             "nil\n", call)
        script = 'return pagu.import("%s", { year = 2025 }):get("1.06", "budget", 2025)'
        self.assertEqual(self.run_script(script % beside).stdout, "1000\n")
        self.assertEqual(self.run_script(script % secret, "--trust").stdout, "1000\n")
        done = pagu("eval", PLAN, script.removeprefix("return ") % secret)
        self.assertEqual(done.stdout, "1000\n", done.stderr)

    def test_scripts_write_into_their_folder_only(self):
        out = self.dir / "hasil"
        other = self.secret().parent
        out.mkdir()
        (out / "keluar").symlink_to(other)
        (out / "berkas.scn").symlink_to(other / "rahasia.csv")
        for path in (other / "x.csv", self.dir / "x.csv", out / ".." / "x.csv", out / "keluar" / "x.csv", "x.csv"):
            for call in ('s:save("%s")', 'pagu.report("tc33", plan, { out = "%s" })', 'plan:save("%s")',
                         'pagu.report("tc33", plan, { out = "%s/" })'):
                done = self.run_script('local s = plan:branch "x" ' + call % path, "--out", out)
                self.refuses(done, 4, str(path))
        self.assertEqual([p.name for p in other.iterdir()], ["rahasia.csv"])
        self.assertFalse((self.dir / "x.csv").exists())
        text = ('local s = plan:branch "x" s:save("{0}/x.scn") s:save("{0}/berkas.scn") plan:save("{0}/paket") '
                'pagu.report("tc33", plan, {{ out = "{0}/tabel/" }}) return 5').format(out)
        done = self.run_script(text, "--out", out)
        self.assertEqual((done.returncode, done.stdout), (0, "5\n"), done.stderr)
        self.assertTrue((out / "x.scn").exists() and (out / "paket" / "datapackage.json").exists())
        self.assertEqual((other / "rahasia.csv").read_text(encoding="utf-8")[:4], "Kode")  # the link was replaced

    def test_scripts_may_not_write_files(self):
        target = self.dir / "x.scn"
        self.refuses(self.run_script('plan:branch "x":save("%s")' % target), 4, "x.scn")
        self.assertFalse(target.exists())

    def test_plan_of_the_current_folder(self):
        done = pagu("run", self.file("a.lua", "return plan.year"), cwd=PLAN)
        self.assertEqual((done.returncode, done.stdout), (0, "2024\n"))

    def test_second_form_needs_a_plan(self):
        done = pagu("run", self.file("a.lua", DECLARED), cwd=self.dir)
        self.assertEqual(done.returncode, 2)
        self.assertIn("--plan", done.stderr)

    def test_require_finds_modules_beside_the_script_only(self):
        self.file("modul/a.lua", "return { n = 7 }")
        self.file("b.lua", "jejak = 1 return { n = 8 }")
        done = self.run_script('return require("modul.a").n, require("b").n, require("b") == require("b"), jejak')
        self.assertEqual(done.stdout, "7\t8\ttrue\t1\n")
        self.refuses(self.run_script('require "os"'), 4, "os")
        self.refuses(self.run_script('require "../x"'), 4, "../x")
        os.symlink("/etc/hostname", self.dir / "luar.lua")
        self.refuses(self.run_script('require "luar"'), 4, "luar")

    def test_bytecode_is_refused(self):
        path = self.dir / "b.lua"
        path.write_bytes(b"\x1bLua\x54\x00\x19\x93\r\n\x1a\n")
        self.refuses(pagu("run", "--plan", PLAN, path), 4, "b.lua")

    def test_a_shebang_and_a_byte_order_mark_are_passed_over(self):
        done = self.run_script("\ufeff#!/usr/bin/env pagu\nreturn 1")
        self.assertEqual((done.returncode, done.stdout), (0, "1\n"))

    def test_scripts_do_not_see_one_another(self):
        a = self.file("a.lua", 'string.rep = nil x = 1 return 1')
        b = self.file("b.lua", 'return rawget(_ENV, "x"), ("a"):rep(2)')
        done = pagu("run", "--plan", PLAN, a, b)
        self.assertEqual(done.stdout, "1\nnil\taa\n")


class Commands(Case):
    def test_compare_stages(self):
        done = pagu("compare", PLAN, "stage:need", "stage:final")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertIn("1.06", done.stdout)
        rows = json.loads(pagu("compare", PLAN, "stage:need", "stage:final", "--json", "--level", "program").stdout)
        self.assertTrue(rows["rows"])

    def test_compare_hints_at_stage(self):
        done = pagu("compare", PLAN, "need", "stage:final", cwd=self.dir)
        self.assertEqual(done.returncode, 3)
        self.assertIn("stage:need", done.stderr)

    def test_compare_with_a_script(self):
        done = pagu("compare", PLAN, "stage:final", self.file("uji.lua", DECLARED), "--json")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("1.06.01.2.09.09", done.stdout)

    def test_export_json_is_a_plan_again(self):
        target = self.dir / "p.json"
        self.assertEqual(pagu("export", PLAN, "json", "-o", target).returncode, 0)
        self.assertEqual(target.read_text(), pagu("export", PLAN, "json").stdout)
        self.assertEqual(pagu("eval", target, "plan:hash()").stdout, self.evaluate("plan:hash()"))

    def test_export_package_is_a_plan_again(self):
        target = self.dir / "p"
        done = pagu("export", PLAN, "package", "-o", target)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(pagu("eval", target, "plan:hash()").stdout, self.evaluate("plan:hash()"))

    def test_check_finds_and_exits_one(self):
        done = pagu("check", PLAN)
        self.assertEqual((done.returncode, done.stderr), (1, ""))
        self.assertTrue(json.loads(pagu("check", PLAN, "--json").stdout)["findings"])

    def test_report_prints_and_writes_whole_files(self):
        done = pagu("report", PLAN, "tc33")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertIn("1.06", done.stdout)
        target = self.dir / "tc33.csv"
        self.assertEqual(pagu("report", PLAN, "tc33", "-o", target).returncode, 0)
        self.assertEqual(target.read_text(), pagu("report", PLAN, "tc33", "--format", "csv").stdout)
        self.assertEqual([p.name for p in self.dir.iterdir()], ["tc33.csv"])

    def test_report_refuses_what_is_no_report_as_usage_and_bad_input_as_such(self):
        for options, code, part in ((("tc99",), 2, "tc33"), (("tc33", "--format", "doc"), 2, "markdown"),
                                    (("compare",), 2, "--scenario"), (("tc33", "--year", "2030"), 3, "2030")):
            done = pagu("report", PLAN, *options)
            self.assertEqual((done.returncode, done.stdout), (code, ""), options)
            self.assertIn(part, done.stderr)

    def test_compare_takes_money_only(self):
        self.refuses(pagu("compare", PLAN, "stage:draft", "stage:need", "--field", "target"), 3, "target")

    def test_compare_says_when_nothing_differs(self):
        self.assertIn("tidak ada yang berbeda pada pagu 2024", pagu("compare", PLAN, "stage:final", "stage:final").stdout)

    def test_a_missing_file_is_told_in_the_language(self):
        none = self.dir / "none"
        for command in (("check", none), ("run", none, "--plan", PLAN), ("compare", PLAN, "stage:need", none)):
            self.refuses(pagu(*command), 3, "none: tidak ada berkas atau folder itu")
        self.refuses(pagu("check", none, "--lang", "en"), 3, "none: no such file or folder")

    def test_a_file_that_cannot_be_written_is_an_error(self):
        done = pagu("report", PLAN, "tc33", "-o", self.dir / "none" / "x.csv")
        self.refuses(done, 5, "x.csv")


class Streams(Case):
    def test_a_full_disk_is_noticed(self):
        with open("/dev/full", "w") as full:
            done = subprocess.run([PAGU, "eval", PLAN, "1"], stdout=full, stderr=subprocess.PIPE, text=True, env=environment())
        self.assertEqual(done.returncode, 5)
        self.assertEqual(done.stderr.count("\n"), 1)

    def test_a_closed_stdout_is_noticed_and_no_file_takes_its_number(self):
        for command in ('"%s" eval "%s" 1 >&-', '"%s" export "%s" json >&-'):
            done = subprocess.run(command % (PAGU, PLAN), shell=True, stderr=subprocess.PIPE, text=True, env=environment())
            self.assertEqual(done.returncode, 5, command)

    def test_a_reader_that_had_enough_ends_the_program(self):
        done = subprocess.run('"%s" eval "%s" "while true do print(1) end" | head -1' % (PAGU, PLAN), shell=True,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, timeout=30, env=environment())
        self.assertEqual(done.stdout, "1\n")

    def test_no_colour_unless_on_a_terminal(self):
        self.assertNotIn("\033", pagu("eval", PLAN, "return pln").stderr)


class Limits(Case):
    def test_ctrl_c_stops_a_loop_that_catches_everything(self):
        chunk = "while true do pcall(function() while true do end end) end"
        p = subprocess.Popen([PAGU, "eval", PLAN, chunk], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment())
        time.sleep(0.5)
        start = time.monotonic()
        p.send_signal(signal.SIGINT)
        _, err = p.communicate(timeout=10)
        self.assertLess(time.monotonic() - start, 1)
        self.assertEqual(p.returncode, 130)
        self.assertIn("dihentikan", err)

    def test_time_limit(self):
        done = pagu("eval", "--time-limit", "1", PLAN, "while true do end", timeout=10)
        self.refuses(done, 4, "batas waktu")

    def test_time_limit_holds_for_loops_inside_lua_functions(self):
        chunk = 'return ("a"):rep(30000):find(".-.-.-.-b")'
        self.refuses(pagu("eval", "--time-limit", "1", PLAN, chunk, timeout=10), 4, "batas waktu")

    def test_memory_limit_cannot_be_caught(self):
        done = pagu("eval", "--memory", "32", PLAN, "pcall(function() local t = {} while true do t[#t + 1] = {} end end) return 1")
        self.refuses(done, 4, "batas memori")

    def test_endless_recursion_is_an_error(self):
        self.eval_refuses("local function f() return 1 + f() end return f()", "bersarang terlalu dalam")


class Sandbox(Case):
    WALK = """
    local seen, out = {}, {}
    local function walk(t, path)
      if seen[t] then return end
      seen[t] = true
      for k, v in pairs(t) do
        local name = path == "" and tostring(k) or path .. "." .. tostring(k)
        out[#out + 1] = name .. " " .. type(v)
        if type(v) == "table" then walk(v, name) end
      end
    end
    walk(_ENV, "")
    table.sort(out)
    return table.concat(out, "\\n")
    """

    def test_reachable_globals_equal_the_list(self):
        """A new global must be added to globals.txt on purpose: PAGU_UPDATE=1 rewrites it."""
        path = ROOT / "tests" / "cli" / "globals.txt"
        found = self.evaluate(self.WALK)
        if UPDATE:
            path.write_text(found)
        self.assertEqual(found, path.read_text())

    def test_nothing_of_the_system_is_there(self):
        for name in ("io", "os", "debug", "package", "load", "loadstring", "dofile", "loadfile", "collectgarbage",
                     "coroutine", "next", "xpcall", "_G"):
            self.assertEqual(self.evaluate('rawget(_ENV, "%s")' % name), "nil\n")
            self.eval_refuses("return " + name, name)
        self.assertEqual(self.evaluate("string.dump, table.move"), "nil\tnil\n")

    def test_pairs_has_one_order(self):
        chunk = ('local t = {} for _, k in ipairs{"b", 3, "a", 1, 2.5, "aa"} do t[k] = 1 end '
                 'local o = {} for k in pairs(t) do o[#o + 1] = tostring(k) end return table.concat(o, " ")')
        self.assertEqual(self.evaluate(chunk), "1 2.5 3 a aa b\n")
        self.assertEqual(self.evaluate('local t, n = {1, 2, 3, x = 4}, 0 for k in pairs(t) do t[k] = nil n = n + 1 end return n'), "4\n")

    def test_sort_is_stable(self):
        chunk = ('local t = {} for i = 1, 300 do t[i] = { i % 3, i } end table.sort(t, function(a, b) return a[1] < b[1] end) '
                 'for i = 2, 300 do if t[i][1] == t[i - 1][1] and t[i][2] < t[i - 1][2] then return "unstable" end end return "stable"')
        self.assertEqual(self.evaluate(chunk), "stable\n")

    def test_random_and_texts_of_objects_are_the_same_in_every_run(self):
        chunk = 'math.random(1000000), tostring({}), tostring(print), string.format("%s", {}), tostring(plan["1.06"])'
        self.assertEqual(self.evaluate(chunk), self.evaluate(chunk))
        self.assertNotIn("0x", self.evaluate(chunk))

    def test_metatables_are_copied_and_locked(self):
        self.assertEqual(self.evaluate('local mt = {} local t = setmetatable({}, mt) mt.__index = function() return 1 end '
                                       'return t.x, getmetatable(t), getmetatable("")'), "nil\tfalse\tfalse\n")
        for event in ("__gc", "__close", "__mode", "__concat", "__len", "__pairs", "__band"):
            self.eval_refuses("setmetatable({}, { %s = print })" % event, event)
        self.eval_refuses("setmetatable(setmetatable({}, {}), {})", "eval:1:")

    def test_strings_do_no_arithmetic(self):
        self.eval_refuses('return "1.000" + 1', "eval:1:")
        self.assertEqual(self.evaluate('("x"):rep(3), ("%s"):format(1)'), "xxx\t1\n")

    def test_long_repetitions_and_addresses_are_refused(self):
        self.eval_refuses('("x"):rep(1e9)', "1 MiB")
        self.eval_refuses('("x"):rep(1 << 62)', "1 MiB")
        self.eval_refuses('string.format("%p", {})', "%p")

    def test_trust_opens_the_standard_library(self):
        self.assertEqual(self.evaluate("type(io.open), type(os.time), type(load), type(coroutine.wrap)", "--trust"),
                         "function\tfunction\tfunction\tfunction\n")
        self.eval_refuses("return pln", "plan")


class Determinism(Case):
    def test_the_same_bytes_twice(self):
        script = self.file("uji.lua", DECLARED)
        for args in (("run", "--plan", PLAN, script), ("run", "--json", "--plan", PLAN, script), ("check", PLAN),
                     ("compare", PLAN, "stage:draft", "stage:final"), ("export", PLAN, "json"), ("report", PLAN, "tc33"),
                     ("eval", PLAN, "plan:table 'proposals'")):
            first, second = pagu(*args), pagu(*args, LC_ALL="id_ID.UTF-8", TZ="Asia/Makassar")
            self.assertEqual(first.stdout, second.stdout, args)
            self.assertTrue(first.stdout, args)


class PackageMessages(unittest.TestCase):
    def test_a_missing_file_of_the_package_is_named(self):
        with tempfile.TemporaryDirectory() as folder:
            pathlib.Path(folder, "datapackage.json").write_text(
                '{"name": "x", "pagu": {"format": 1, "year": 2024}, "resources": []}', encoding="utf-8")
            done = subprocess.run([PAGU, "eval", folder, "1"], capture_output=True, text=True,
                                  env={**os.environ, "PAGU_LANG": "id"})
        self.assertEqual(done.returncode, 3)
        for name in ("stages", "levels", "nodes"):
            self.assertIn(f'datapackage.json:1: /resources: "{name}": tabel yang wajib ada dalam setiap paket tidak ada', done.stderr)


if __name__ == "__main__":
    unittest.main()
