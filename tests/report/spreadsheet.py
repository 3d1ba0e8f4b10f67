"""XLSX read with nothing but a ZIP and an XML reader, and LibreOffice to open it as a user would."""

import csv
import os
import re
import shutil
import subprocess
import tempfile
import zipfile
from pathlib import Path
from xml.etree import ElementTree

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
REL = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")


def column_number(letters):
    n = 0
    for letter in letters:
        n = n * 26 + ord(letter) - 64
    return n


def text_of(element):
    text = "".join(t.text or "" for t in element.iter(MAIN + "t"))
    return ESCAPE.sub(lambda m: chr(int(m[1], 16)), text)


class Cell:
    def __init__(self, value, formula, is_text, style):
        self.value, self.formula, self.is_text, self.style = value, formula, is_text, style


class Sheet:
    """cells[(row, column)], counted from 1; blank cells are left out."""

    def __init__(self, root, strings, formats):
        self.root, self.formats = root, formats
        self.cells, self.levels, self.heights = {}, {}, {}
        for row in root.iter(MAIN + "row"):
            number = int(row.get("r"))
            self.levels[number] = int(row.get("outlineLevel", 0))
            for c in row.iter(MAIN + "c"):
                cell = self.read(c, strings)
                if cell:
                    letters = re.match("[A-Z]+", c.get("r"))[0]
                    self.cells[number, column_number(letters)] = cell

    @staticmethod
    def read(c, strings):
        value, formula = c.find(MAIN + "v"), c.find(MAIN + "f")
        if value is None and formula is None:
            return None
        is_text = c.get("t") == "s"
        text = strings[int(value.text)] if is_text else value.text
        return Cell(text, None if formula is None else formula.text, is_text, int(c.get("s", 0)))

    def number_format(self, row, column):
        return self.formats[self.cells[row, column].style]

    def value(self, row, column):
        cell = self.cells.get((row, column))
        return cell.value if cell else None

    def rows(self):
        """The sheet as lists of texts, short rows padded."""
        width = max(c for _, c in self.cells)
        last = max(r for r, _ in self.cells)
        return [[self.value(r, c) or "" for c in range(1, width + 1)] for r in range(1, last + 1)]

    def find(self, text):
        return next(at for at, cell in sorted(self.cells.items()) if cell.value == text)

    def attribute(self, path, name):
        found = self.root.find("/".join(MAIN + part for part in path.split("/")))
        return None if found is None else found.get(name)

    def texts(self, path):
        return [e.text for e in self.root.iter(MAIN + path)]


class Book:
    def __init__(self, path):
        self.path = Path(path)
        with zipfile.ZipFile(path) as archive:
            self.parts = {name: archive.read(name) for name in archive.namelist()}
            self.dates = {info.date_time for info in archive.infolist()}
        strings = [text_of(si) for si in self.xml("xl/sharedStrings.xml").iter(MAIN + "si")]
        relations = {r.get("Id"): "xl/" + r.get("Target") for r in self.xml("xl/_rels/workbook.xml.rels")}
        self.workbook = self.xml("xl/workbook.xml")
        self.sheets = {s.get("name"): Sheet(self.xml(relations[s.get(REL + "id")]), strings, self.number_formats())
                       for s in self.workbook.iter(MAIN + "sheet")}

    def xml(self, part):
        return ElementTree.fromstring(self.parts[part])

    def number_formats(self):
        styles = self.xml("xl/styles.xml")
        codes = {f.get("numFmtId"): f.get("formatCode") for f in styles.iter(MAIN + "numFmt")}
        return [codes.get(xf.get("numFmtId"), "General") for xf in styles.find(MAIN + "cellXfs")]

    def print_titles(self):
        return {d.text for d in self.workbook.iter(MAIN + "definedName") if d.get("name") == "_xlnm.Print_Titles"}

    def saved_with(self, changes, path):
        """A copy in which parts are changed: {part: function of its text}."""
        with zipfile.ZipFile(path, "w") as archive:
            for name, body in self.parts.items():
                archive.writestr(name, changes[name](body.decode()).encode() if name in changes else body)
        return path

    def part_of(self, name):
        return f"xl/worksheets/sheet{list(self.sheets).index(name) + 1}.xml"


class Office:
    """LibreOffice with a profile of its own that always recalculates what it opens."""

    SETTING = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
</oor:items>"""

    def __init__(self):
        self.program = shutil.which("soffice")
        assert self.program, "LibreOffice is missing: apt-get install libreoffice-calc-nogui"
        self.folder = Path(tempfile.mkdtemp(prefix="pagu-office-"))
        profile = self.folder / "profile" / "user"
        profile.mkdir(parents=True)
        (profile / "registrymodifications.xcu").write_text(self.SETTING)

    def close(self):
        shutil.rmtree(self.folder, ignore_errors=True)

    def convert(self, path, form):
        """The folder where LibreOffice has put the file in another form."""
        out = Path(tempfile.mkdtemp(dir=self.folder))
        env = {**os.environ, "HOME": str(self.folder), "LC_ALL": "C.UTF-8"}
        subprocess.run([self.program, f"-env:UserInstallation=file://{self.folder}/profile", "--headless",
                        "--convert-to", form, "--outdir", out, path],
                       env=env, check=True, capture_output=True, timeout=180)
        return out

    def save(self, path):
        """A copy that LibreOffice has opened and saved."""
        return self.convert(path, "xlsx") / Path(path).name

    def read(self, path):
        """Every sheet as LibreOffice computes it: {sheet: rows of texts}, values not as formatted."""
        out = self.convert(path, "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,false,false,false,false,-1")
        sheets = {}
        for file in out.glob("*.csv"):
            with open(file, encoding="utf-8", newline="") as f:
                sheets[file.stem[len(Path(path).stem) + 1:]] = list(csv.reader(f))
        return sheets
