#!/usr/bin/env python3
"""Reports as HTML in a browser, and as PDF: nothing is loaded, nothing a plan says becomes markup,
figures are those of the CSV, charts are drawn, rows fold, pages repeat their headings.

SPDX-License-Identifier: MIT
"""

import base64
import csv
import hashlib
import io
import json
import math
import os
import re
import shutil
import subprocess
import tempfile
import unittest
import xml.dom.minidom
from html.parser import HTMLParser
from pathlib import Path

from browser import Browser
from tarakan import PAGU, PLAN, REPO, run

CHARTS = Path(__file__).with_name("charts.lua").read_text(encoding="utf-8")
KINDS = ["bar", "stacked", "line", "fan", "waterfall", "treemap", "sunburst", "compare"]
HOSTILE = "</title></style></script><script>window.pwned=1</script><img src=x onerror=alert(1)>\"'`&amp;{{1}}\u202e\u200b\x01\x1b[31m"
BUNDLE = Path(os.environ.get("PAGU_BUILD", REPO / "build")) / "report-js" / "charts.min.js"
HAS_CHARTS = BUNDLE.exists() and BUNDLE.stat().st_size > 0  # else built without npm, or offline


def lua_string(text):
    return '"' + "".join(f"\\{b:03}" for b in text.encode()) + '"'


def charts_document(method, name=None):
    """What a method call on the document of charts.lua gives."""
    chunk = f"local function make(...)\n{CHARTS}\nend\nreturn make({lua_string(name) if name else 'nil'}){method}"
    done = run("eval", PLAN, chunk)
    assert done.returncode == 0, done.stderr
    return done.stdout


class Reader(HTMLParser):
    """Cells of each table, scripts, ids and links of a page."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.tables, self.scripts, self.ids, self.links, self.policy, self.script = [], [], [], [], None, None
        self.cell = None
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        if "id" in attrs:
            self.ids.append(attrs["id"])
        if tag == "a":
            self.links.append(attrs["href"])
        if attrs.get("http-equiv") == "Content-Security-Policy":
            self.policy = attrs["content"]
        if tag == "script":
            self.script = attrs.get("type", "code")
        if tag == "table":
            self.tables.append([])
        if tag == "tr":
            self.tables[-1].append([])
        if tag in ("td", "th") and self.tables:
            self.cell = {"tag": tag, "text": "", **attrs}
            self.tables[-1][-1].append(self.cell)

    def handle_endtag(self, tag):
        if tag in ("td", "th"):
            self.cell = None
        if tag == "script":
            self.script = None

    def handle_data(self, data):
        if self.cell is not None:
            self.cell["text"] += data
        if self.script:
            self.scripts.append((self.script, data))


class Case(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.dir = Path(tempfile.mkdtemp(prefix="pagu-html-"))
        cls.addClassCleanup(shutil.rmtree, cls.dir)

    def file(self, name, text):
        path = self.dir / name
        path.write_text(text, encoding="utf-8", newline="")
        return path


class Markup(Case):
    def test_every_script_is_named_by_its_hash(self):
        page = Reader(charts_document(':render("html")'))
        code = [text for kind, text in page.scripts if kind == "code"]
        self.assertEqual(len(code), 2 if HAS_CHARTS else 1)
        for text in code:
            digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
            self.assertIn(f"'sha256-{digest}'", page.policy)
        self.assertTrue(page.policy.startswith("default-src 'none'; script-src 'sha256-"), page.policy)
        self.assertNotIn("unsafe-eval", page.policy)
        self.assertEqual(page.policy.count("sha256-"), len(code))

    def test_pictures_are_well_formed_and_say_what_they_show(self):
        text = charts_document(':render("html", { interactive = false })')
        pictures = re.findall(r"<svg.*?</svg>", text, re.S)
        self.assertEqual(len(pictures), len(KINDS))
        for picture in pictures:
            svg = xml.dom.minidom.parseString(picture.encode()).documentElement
            self.assertEqual(svg.getAttribute("role"), "img")
            named = [svg.getElementsByTagName(tag)[0].getAttribute("id") for tag in ("title", "desc")]
            self.assertEqual(svg.getAttribute("aria-labelledby").split(), named)
        self.assertNotIn("application/json", text)

    def picture(self, kind):
        """(element, its numbers, its text) of each part of a picture that has a text."""
        text = charts_document(':render("html", { interactive = false })')
        picture = re.findall(r"<svg.*?</svg>", text, re.S)[KINDS.index(kind)]
        for element in xml.dom.minidom.parseString(picture.encode()).documentElement.childNodes:
            title = element.getElementsByTagName("title") if element.nodeType == element.ELEMENT_NODE else []
            if title and element.tagName != "desc":
                numbers = {k: v for k, v in element.attributes.items()}
                yield element.tagName, numbers, title[0].firstChild.data

    def test_lengths_and_areas_are_the_figures(self):
        def figure(text):
            return int(re.search(r": (-?[0-9.]*)", text)[1].replace(".", "").removesuffix("-") or 0)

        for kind in ("bar", "stacked"):
            parts = [(float(n["width"]), figure(t)) for _, n, t in self.picture(kind)]
            unit = parts[0][0] / parts[0][1]
            self.assertGreaterEqual(len(parts), 11)
            for width, value in parts:
                self.assertAlmostEqual(width, max(value * unit, 0.5), delta=0.6)
        steps = [(float(n["width"]), figure(t)) for _, n, t in self.picture("waterfall") if "Menjadi" not in t]
        self.assertAlmostEqual(steps[1][0] / steps[2][0], 272 / 120, delta=0.05)
        areas = {t.split(":")[0]: float(n["width"]) * float(n["height"]) for _, n, t in self.picture("treemap")}
        whole = 960 * 520
        self.assertAlmostEqual(areas["Urusan Sosial"] / whole, 6000000000 / 7166333770, places=3)
        self.assertAlmostEqual(areas["Urusan Pemberdayaan"] / whole, 1166333770 / 7166333770, places=3)
        rehabilitation, protection = (v for k, v in areas.items() if k.startswith("Program") and "(belum" not in k)
        self.assertAlmostEqual(rehabilitation / protection, 2, delta=0.02)
        leaves = [v for k, v in areas.items() if k.startswith(("Permakanan", "Alat Bantu", "Program Rehabilitasi Sosial "
                  "Penyandang Disabilitas Terlantar (belum"))]
        self.assertEqual(len(leaves), 3)  # 2.5 and 1 of 4 are named, 0.5 is not
        self.assertAlmostEqual(max(leaves) / sum(leaves), 2.5 / 4, delta=0.01)

    def test_rings_span_the_figures(self):
        spans = {}
        for _, numbers, text in self.picture("sunburst"):
            x0, y0, x1, y1 = (float(v) for v in re.match(
                r"M([\d.-]+) ([\d.-]+)A.*?[01] [01] ([\d.-]+) ([\d.-]+)L", numbers["d"]).groups())
            large = re.match(r"M\S+ \S+A\S+ \S+ 0 ([01])", numbers["d"])[1] == "1"
            centre = (270, self.centre_of(spans, x0, y0))
            angle = math.atan2(x1 - centre[0], centre[1] - y1) - math.atan2(x0 - centre[0], centre[1] - y0)
            spans[text.split(":")[0]] = angle % (2 * math.pi)
            self.assertEqual(large, angle % (2 * math.pi) > math.pi, text)
        self.assertAlmostEqual(spans["Urusan Sosial"] / (2 * math.pi), 6000000000 / 7166333770, places=3)
        self.assertAlmostEqual(spans["Urusan Pemberdayaan"] / (2 * math.pi), 1166333770 / 7166333770, places=3)
        self.assertAlmostEqual(spans["Permakanan"] / spans["Alat Bantu"], 2.5, delta=0.01)

    def centre_of(self, spans, x0, y0):
        """The first part begins at noon, on the outside of the first ring; all have one centre."""
        if not spans:
            self.assertAlmostEqual(x0, 270, places=2)
            self.noon = y0
        return self.noon + 66 + (262 - 66) / 3

    def test_eval_gives_a_document_as_json(self):
        done = run("eval", PLAN, "--json", 'pagu.document{ title = "x" }:heading("satu")')
        self.assertEqual(json.loads(done.stdout)[0]["blocks"], [{"type": "heading", "level": 1, "text": "satu"}])

    def test_same_inputs_same_bytes(self):
        self.assertEqual(charts_document(':render("html")'), charts_document(':render("html")'))

    def test_figures_are_those_of_the_csv(self):
        for kind in ("tc33", "tc31", "tabel8"):
            rows = list(csv.reader(io.StringIO(run("report", PLAN, kind, "--format", "csv").stdout)))
            types = json.loads(run("report", PLAN, kind, "--format", "json").stdout)["columns"]
            page = Reader(run("report", PLAN, kind, "--format", "html").stdout)
            body = [row for row in page.tables[0] if row[0].get("scope") not in ("col", "colgroup")]
            self.assertEqual(len(body), len(rows) - 1)
            compared = 0
            for printed, row in zip(body, rows[1:]):
                row = iter(row)
                for cell, column in zip(printed, types):
                    value = next(row)
                    unit = next(row) if column["type"] == "measure" else ""
                    if column["type"] == "text":
                        self.assertEqual(cell["text"], value.removeprefix("'"))
                    elif re.fullmatch(r"-?[0-9.]+|-", value):
                        self.assertEqual(cell.get("data-value"), value)
                        self.assertEqual(cell.get("data-unit", ""), unit)
                        compared += 1
            self.assertGreater(compared, 50)

    def test_headings_span_their_groups(self):
        head = [row for row in Reader(charts_document(':render("html")')).tables[0] if row[0].get("scope") == "col"
                or row[0].get("scope") == "colgroup"]
        groups = [(c["text"], c.get("colspan", "1"), c.get("rowspan", "1")) for c in head[0]]
        self.assertEqual(groups, [("Nama", "1", "2"), ("Pagu", "2", "1"), ("%", "1", "2"), ("Target", "1", "2")])
        self.assertEqual([c["text"] for c in head[1]], ["Semula", "Menjadi"])

    def test_contents_lead_to_their_places(self):
        page = Reader(run("report", PLAN, "all", "--format", "html").stdout)
        self.assertEqual(len(page.ids), len(set(page.ids)))
        self.assertGreater(len(page.links), 5)
        for link in page.links:
            self.assertIn(link.removeprefix("#"), page.ids)

    def test_no_name_of_a_plan_becomes_markup(self):
        text = charts_document(':render("html")', HOSTILE)
        honest = Reader(charts_document(':render("html")'))
        page = Reader(text)
        self.assertEqual([kind for kind, _ in page.scripts], [kind for kind, _ in honest.scripts])
        self.assertNotIn("<img", text)
        self.assertIsNone(re.search("[\u202e\u200b\x01\x1b]", text))
        self.assertIn("\\u{202e}", text)
        for kind, data in page.scripts:
            if kind == "application/json":
                self.assertIn("<img src=x onerror=alert(1)>", json.dumps(json.loads(data), ensure_ascii=False))


class InBrowser(Case):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.browser = cls.enterClassContext(Browser()) if hasattr(cls, "enterClassContext") else Browser().__enter__()
        if not hasattr(cls, "enterClassContext"):
            cls.addClassCleanup(cls.browser.__exit__)

    def assert_quiet(self, page):
        self.assertEqual((page.errors, page.requests, page.dialogs), ([], [], []))

    def test_charts_are_drawn_without_error_or_request(self):
        page = self.browser.open(self.file("charts.html", charts_document(':render("html")')))
        page.settle()
        drawn = page.evaluate("""[...document.querySelectorAll("figure")].map(f => {
            const live = f.querySelector(".live svg");
            return live ? [live.querySelectorAll("path").length > 2, live.getBoundingClientRect().width > 600,
              getComputedStyle(f.querySelector(".picture")).display] : null })""")
        self.assertEqual(len(drawn), len(KINDS))
        self.assert_quiet(page)
        if HAS_CHARTS:
            self.assertEqual(drawn, [[True, True, "none"]] * len(KINDS))

    def test_charts_show_the_figures_of_the_pictures(self):
        page = self.browser.open(self.file("figures.html", charts_document(':render("html")')))
        page.settle()
        found = page.evaluate("""[...document.querySelectorAll("figure")].map(f => [f.querySelector("desc").textContent,
            (f.querySelector(".live svg") || f.querySelector(".picture svg")).parentNode.closest("[aria-label]")
              ?.getAttribute("aria-label") || "", f.querySelector(".live")?.textContent || ""])""")
        if not HAS_CHARTS:
            self.skipTest("the build has no interactive charts")
        for spoken, label, _ in found:
            self.assertIn(spoken, label)
        shown = {kind: text for kind, (_, _, text) in zip(KINDS, found)}
        self.assertIn("6,00 miliar", shown["bar"])
        self.assertIn("-272 juta", shown["waterfall"])
        self.assertIn("+120 juta", shown["waterfall"])
        self.assertIn("83,7%", shown["treemap"])
        self.assertIn("% dari target", shown["compare"])

    def test_without_scripts_the_pictures_stand(self):
        page = self.browser.open(self.file("plain.html", charts_document(':render("html")')), scripts=False)
        document = page.send("DOM.getDocument", depth=-1)["root"]["nodeId"]
        pictures = page.send("DOM.querySelectorAll", nodeId=document, selector=".picture svg")["nodeIds"]
        self.assertEqual(len(pictures), len(KINDS))
        for picture in pictures:
            self.assertGreater(page.send("DOM.getBoxModel", nodeId=picture)["model"]["height"], 100)
        self.assert_quiet(page)

    def test_rows_fold_and_unfold(self):
        page = self.browser.open(self.file("fold.html", charts_document(':render("html")')))
        shown = '[...document.querySelectorAll("table.tree tbody tr")].map(r => r.hidden ? 0 : 1).join("")'
        self.assertEqual(page.evaluate(shown), "1111111")
        click = 'document.querySelectorAll("tbody .fold")[%d].click()'
        page.evaluate(click % 1)
        self.assertEqual(page.evaluate(shown), "1100111")
        page.evaluate(click % 0)
        self.assertEqual(page.evaluate(shown), "1000011")
        page.evaluate(click % 0)  # what was folded below stays folded
        self.assertEqual(page.evaluate(shown), "1100111")
        level = 'document.querySelectorAll(".levels button")[%d].click()'
        page.evaluate(level % 0)
        self.assertEqual(page.evaluate(shown), "1000011")
        page.evaluate(level % 1)
        self.assertEqual(page.evaluate(shown), "1100111")
        page.evaluate(level % 2)
        self.assertEqual(page.evaluate(shown), "1111111")
        self.assertEqual(page.evaluate('document.querySelector(".fold").getAttribute("aria-expanded")'), "true")
        self.assert_quiet(page)

    def test_a_plan_that_means_harm_is_only_text(self):
        page = self.browser.open(self.file("hostile.html", charts_document(':render("html")', HOSTILE)))
        page.settle()
        for event in ("mousemove", "mouseover"):  # tooltips are drawn too
            page.evaluate(f"""document.querySelectorAll(".live").forEach(l => l.firstElementChild.dispatchEvent(
                new MouseEvent("{event}", {{ bubbles: true, clientX: l.getBoundingClientRect().x + 200,
                clientY: l.getBoundingClientRect().y + 60 }})))""")
        page.settle()
        self.assertEqual(page.evaluate("[typeof window.pwned, document.images.length]"), ["undefined", 0])
        self.assertIn("<script>window.pwned=1", page.evaluate('document.querySelector("h1").textContent'))
        self.assert_quiet(page)

    def test_a_phone_scrolls_tables_not_the_page(self):
        pages = {"charts": charts_document(':render("html")'),
                 "all": run("report", PLAN, "all", "--format", "html").stdout}
        for name, text in pages.items():
            page = self.browser.open(self.file(f"{name}-phone.html", text), width=360, height=740)
            page.settle()
            self.assertLessEqual(page.evaluate("document.documentElement.scrollWidth"), 360, name)
            self.assertGreater(page.evaluate('document.querySelector(".scroll").scrollWidth'), 360, name)
            self.assert_quiet(page)

    def test_every_report_opens_quietly(self):
        for kind in ("tc33", "tabel8", "all"):
            page = self.browser.open(self.file(f"{kind}.html", run("report", PLAN, kind, "--format", "html").stdout))
            page.settle()
            self.assert_quiet(page)
            self.assertEqual(page.evaluate("document.documentElement.lang"), "id")

    def test_printed_pages_repeat_the_headings(self):
        page = self.browser.open(self.file("print.html", run("report", PLAN, "tc33", "--format", "html").stdout))
        pages = pdf_pages(page.print_pdf())
        self.assertGreater(len(pages), 2)
        with_rows = [text for text in pages if re.search(r"1\.06\.\d\d\.2", text)]
        self.assertGreater(len(with_rows), 2)
        for text in with_rows:
            self.assertIn("Kebutuhan", text)
            self.assertIn("Sumber", text)


def page_sizes(data):
    done = subprocess.run(["pdfinfo", "-l", "9999", "-"], input=data, capture_output=True, timeout=120, check=True)
    return re.findall(r"size:\s+([\d.]+) x ([\d.]+)", done.stdout.decode())


def with_quarters(folder):
    """The Tarakan plan with every quarter of its year reported: all columns of E.81 are filled."""
    shutil.copytree(PLAN, folder)
    with open(folder / "amounts.csv", newline="", encoding="utf-8") as f:
        money = [(r["node"], int(r["budget"])) for r in csv.DictReader(f)
                 if (r["stage"], r["period"]) == ("final", "2024") and r["budget"].isdigit()]
    with open(folder / "measures.csv", newline="", encoding="utf-8") as f:
        targets = [(r["indicator"], float(r["value"]), r["unit"]) for r in csv.DictReader(f)
                   if (r["stage"], r["period"], r["field"]) == ("final", "2024", "target") and r["value"] not in ("", "-")]
    with open(folder / "amounts.csv", "a", encoding="utf-8") as out:
        out.writelines(f"{node},common,2024Q{q},,{budget * q // 11}\n" for node, budget in money for q in range(1, 5))
    with open(folder / "measures.csv", "a", encoding="utf-8") as out:
        out.writelines(f"{i},common,2024Q{q},achieved,{round(value * q / 10)},{unit},\n"
                       for i, value, unit in targets for q in range(1, 5))
    return folder


def pdf_pages(data):
    done = subprocess.run(["pdftotext", "-layout", "-", "-"], input=data, capture_output=True, timeout=120, check=True)
    return done.stdout.decode().split("\f")[:-1]


class Pdf(Case):
    def make(self, name, *args, path=None, plan=PLAN):
        env = {**os.environ, "PAGU_LANG": "id", "TMPDIR": str(self.dir)}
        if path is not None:
            env["PATH"] = str(path)
        out = self.dir / name
        done = subprocess.run([PAGU, "report", str(plan), *args, "-o", str(out)], cwd=REPO, env=env, text=True,
                              capture_output=True, timeout=300)
        return done, out

    def only(self, *tools):
        """A folder with these programs alone, and what their wrappers call."""
        folder = Path(tempfile.mkdtemp(dir=self.dir))
        for tool in {*tools, *"sh bash env grep sed cat dirname basename readlink uname ls mkdir python3".split()}:
            if shutil.which(tool):
                (folder / tool).symlink_to(shutil.which(tool))
        return folder

    def assert_report(self, out):
        text = "\n".join(pdf_pages(out.read_bytes()))
        total = run("report", PLAN, "tc33", "--format", "json").stdout
        total = int(json.loads(total)["rows"][-1]["budget"])
        self.assertIn(f"{total:,}".replace(",", "."), text)
        self.assertIn("Rumusan Rencana Program", text)

    def test_weasyprint_makes_the_same_pdf_twice(self):
        (one, first), (_, second) = self.make("a.pdf", "tc33"), self.make("b.pdf", "tc33")
        self.assertEqual((one.returncode, one.stderr), (0, ""))
        self.assertEqual(first.read_bytes(), second.read_bytes())
        self.assert_report(first)
        pages = pdf_pages(first.read_bytes())
        self.assertRegex(pages[0], rf"\b1 ?/ ?{len(pages)}\s*$")

    def test_a_filled_form_of_27_columns_fits_its_paper(self):
        plan = with_quarters(self.dir / "triwulan")
        for tool in ("weasyprint", "chromium"):
            path = None if tool == "weasyprint" else self.only(tool)
            done, out = self.make(f"e81-{tool}.pdf", "e81", plan=plan, path=path)
            self.assertEqual((done.returncode, done.stderr), (0, ""))
            width, height = (float(x) for x in page_sizes(out.read_bytes())[0])
            if tool == "weasyprint":  # chromium has one size of paper and makes the type smaller
                self.assertEqual((round(width), round(height)), (1191, 842))  # A3
            text = pdf_pages(out.read_bytes())[0]  # pdftotext leaves out what lies off the page
            for words in ("Sasaran", "Keterangan", "Kepegawaian", "3.926.440.000", "3.569.490.882"):
                self.assertIn(words, text, tool)
            box = subprocess.run(["pdftotext", "-bbox", "-l", "1", str(out), "-"], capture_output=True, text=True, check=True)
            self.assertLess(max(float(x) for x in re.findall(r'xMax="([\d.]+)"', box.stdout)), width - 20, tool)

    def test_chromium_does_it_where_weasyprint_is_missing(self):
        path = self.only("chromium")
        (one, first), (_, second) = self.make("c.pdf", "tc33", path=path), self.make("d.pdf", "tc33", path=path)
        self.assertEqual((one.returncode, one.stderr), (0, ""))
        self.assertIn(b"Skia", first.read_bytes())
        self.assertEqual(first.read_bytes(), second.read_bytes())
        self.assert_report(first)

    def test_without_a_tool_both_packages_are_named(self):
        done, out = self.make("none.pdf", "tc33", path=self.only())
        self.assertEqual(done.returncode, 5)
        self.assertEqual(done.stderr, "pagu: PDF memerlukan weasyprint atau chromium: apt-get install weasyprint, "
                                      "atau apt-get install chromium\n")
        self.assertFalse(out.exists())

    def test_a_tool_that_fails_or_hangs_is_told_and_leaves_nothing(self):
        folder = self.only("sleep")
        tool = folder / "weasyprint"
        for script, said in (("echo; echo 'page is broken' >&2; exit 3", "page is broken"),
                             ("exit 0", "PDF tidak dapat dibuat"), ("sleep 60", "batas waktu")):
            tool.write_text(f"#!/bin/sh\n{script}\n")
            tool.chmod(0o755)
            done, out = self.make("bad.pdf", "tc33", "--time-limit", "1", path=folder)
            self.assertEqual(done.returncode, 5)
            self.assertIn(said, done.stderr)
            self.assertFalse(out.exists())
        self.assertEqual(list(self.dir.glob("pagu-pdf-*")), [])

    def test_the_tool_sees_no_secret_and_no_shell(self):
        folder = self.only("env", "cp")
        tool = folder / "weasyprint"
        tool.write_text(f"#!/bin/sh\nenv > {self.dir}/seen\nfor last; do :; done\nprintf '%%PDF-1.7 test' > \"$last\"\n")
        tool.chmod(0o755)
        os.environ["PAGU_SECRET"] = "x"
        try:
            done, out = self.make("odd $(touch pwned) name.pdf", "tc33", path=folder)
        finally:
            del os.environ["PAGU_SECRET"]
        self.assertEqual((done.returncode, out.read_bytes()), (0, b"%PDF-1.7 test"))
        names = {line.split("=")[0] for line in (self.dir / "seen").read_text().splitlines()}
        self.assertLessEqual(names, {"PATH", "HOME", "TMPDIR", "LANG", "TZ", "SOURCE_DATE_EPOCH", "PWD", "_",
                                     "SHLVL", "OLDPWD"})

    def test_the_whole_document_as_pdf(self):
        done, out = self.make("all.pdf", "all", path=self.only("chromium"))  # six times as fast as weasyprint
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assert_report(out)

    def test_scripts_start_no_programs(self):
        done = run("eval", PLAN, 'return pagu.report("tc33", plan, { format = "pdf" })')
        self.assertEqual(done.returncode, 4)
        self.assertIn("pagu report RENCANA JENIS -o BERKAS.pdf", done.stderr)


if __name__ == "__main__":
    unittest.main()
