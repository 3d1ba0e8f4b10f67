#!/usr/bin/env python3
"""Turn the transcribed tables of the Tarakan Renja 2024 into a data package.

    tools/tarakan_package.py [--seed tests/data/seed] [--out examples/renja-tarakan-2024]

The model holds one value per key. Where two tables print the same key, the
first one wins (Tabel 2 before 5, Tabel 7 before 8) and the other stays in
printed.csv, which keeps every cell of the document as it was printed. Output
depends on the seed alone: same seed, same bytes.
"""

import argparse
import csv
import io
import json
import re
from pathlib import Path

ROOT = "."
YEAR = "2024"
REPO = Path(__file__).resolve().parent.parent

# Lines of the source text on which the rows of a table stand, in row order.
# The transcription's CSV files do not carry them.
SOURCE_LINES = {
    "T1": "201-210 215-222 229-236 238-243 248-257 262-268 271-273",
    "T2": "424-426 428-432 437",
    "T3": "559-563 566-572 574-581 583-588 590-594 596-598 600-604 609-613 "
          "615-619 621-626 628-632 634-636 638-640",
    "T4": "654-655 658",
    "T5": "753-758 760-762",
    "T6": "775-776 778-781 783-787 789",
    "T7": "800-804 807-814 816-823 827-834 837-841 843-850 853-859 862-868 "
          "871-873 875-877",
    "T8": "901-910 913-924 927-934 936-945 947-957 960-966 969",
}

# --- schema -----------------------------------------------------------------
# file -> (primary key, foreign keys, columns); a column is "name:type" and
# "name:type!" when it is required. The type `mark` is a number or `-`.

SCHEMA = {
    "stages": (["stage"], {}, ["stage:string!", "name:string!", "kind:string!",
                               "role:string", "rank:integer!"]),
    "levels": (["tree", "level"], {}, [
        "tree:string!", "level:string!", "rank:integer!", "name:string!",
        "name_en:string", "length:integer"]),
    "nodes": (["node"], {"parent": "nodes.node"}, [
        "node:string!", "parent:string", "level:string!", "code:string",
        "name:string!", "sign:string", "stages:string", "fund:string",
        "unit:string"]),
    "trees": (["tree"], {}, ["tree:string!", "name:string!", "kind:string!",
                             "separator:string"]),
    "classes": (["tree", "class"], {"tree": "trees.tree"}, [
        "tree:string!", "class:string!", "parent:string", "level:string",
        "code:string", "name:string!", "sign:string"]),
    "tags": (["node", "tree", "class"],
             {"node": "nodes.node", "tree class": "classes.tree class"},
             ["node:string!", "tree:string!", "class:string!"]),
    "amounts": (["node", "stage", "period"],
                {"node": "nodes.node", "stage": "stages.stage"},
                ["node:string!", "stage:string!", "period:string!",
                 "budget:mark_integer", "spent:mark_integer"]),
    "units": (["unit"], {}, [
        "unit:string!", "name:string!", "kind:string!", "synonyms:string",
        "over_time:string", "over_children:string", "scale:string",
        "categories:string"]),
    "indicators": (["indicator"], {"unit": "units.unit"}, [
        "indicator:string!", "owner:string!", "type:string", "name:string!",
        "unit:string", "polarity:string", "over_time:string",
        "over_children:string", "weight:number", "definition:string"]),
    "measures": (["indicator", "stage", "period", "field"],
                 {"indicator": "indicators.indicator", "stage": "stages.stage",
                  "unit": "units.unit"},
                 ["indicator:string!", "stage:string!", "period:string!",
                  "field:string!", "value:mark_number", "unit:string",
                  "text:string"]),
    "scales": (["scale", "low"], {}, ["scale:string!", "low:number!",
                                      "label:string!", "low_included:boolean"]),
    "tables": (["table"], {}, [
        "table:string!", "form:string", "title:string!", "stage:string",
        "levels:string", "scope:string!", "locale:string", "line:integer"]),
    "printed": (["table", "row", "column"],
                {"table": "tables.table", "stage": "stages.stage"},
                ["table:string!", "row:integer!", "column:string!",
                 "owner:string", "field:string", "stage:string",
                 "period:string", "text:string", "expr:string",
                 "line:integer"]),
    "texts": (["owner", "kind", "stage", "period", "lang", "rank"],
              {"stage": "stages.stage"},
              ["owner:string!", "kind:string!", "stage:string!",
               "period:string!", "lang:string!", "rank:integer!",
               "text:string!", "line:integer"]),
    "proposals": (["proposal"],
                  {"node": "nodes.node", "unit": "units.unit"},
                  ["proposal:string!", "node:string!", "period:string!",
                   "name:string!", "location:string", "volume:number",
                   "unit:string", "text:string", "amount:integer",
                   "status:string", "origin:string", "proposer:string"]),
}

ENUMS = {
    ("stages", "kind"): ["plan", "reference", "common"],
    ("nodes", "sign"): ["+", "-", "0"],
    ("classes", "sign"): ["+", "-", "0"],
    ("trees", "kind"): ["partition", "label"],
    ("units", "kind"): ["count", "percent", "ratio", "score", "ordinal"],
    ("units", "over_time"): ["sum", "last", "mean", "max", "min"],
    ("units", "over_children"): ["none", "sum", "weighted"],
    ("indicators", "polarity"): ["higher", "lower", "range"],
    ("indicators", "over_time"): ["sum", "last", "mean", "max", "min"],
    ("indicators", "over_children"): ["none", "sum", "weighted"],
    ("measures", "field"): ["target", "achieved", "projected", "baseline",
                            "standard"],
    ("tables", "scope"): ["all", "listed"],
}

META = {
    "format": 1, "year": 2024, "years": [2020, 2027],
    "strategic": {"start": 2020, "end": 2024, "name": "Renstra 2019-2024"},
    "organisation": "Dinas Sosial dan Pemberdayaan Masyarakat",
    "government": "Kota Tarakan", "locale": "id",
    "money": {"currency": "IDR", "decimals": 0, "unit": 1},
    "calendar": {"start": "01-01", "named": "start"},
    "stage": "final",
    "codes": {"separator": ".", "padding": "ignore",
              "alias": {"X.XX": "own bidang"}},
    "document": {"title": "Renja", "status": "Rancangan", "date": "2023-06",
                 "basis": ["Permendagri 86/2017"]},
    "include": [],
}

# --- what no table of the document says ------------------------------------

STAGES = [
    ("common", "Umum", "common", "", 0),
    ("renstra", "Renstra 2019-2024", "reference", "strategic", 1),
    ("draft", "Rancangan awal RKPD", "plan", "", 2),
    ("need", "Analisis kebutuhan", "plan", "", 3),
    ("final", "Renja", "plan", "", 4),
]
STAGE_RANK = {row[0]: row[4] for row in STAGES}

LEVELS = [
    ("main", "plan", 0, "Renja", "Plan", 0),
    ("main", "urusan", 1, "Urusan", "Affair", 1),
    ("main", "bidang", 2, "Bidang urusan", "Field", 2),
    ("main", "program", 3, "Program", "Program", 3),
    ("main", "kegiatan", 4, "Kegiatan", "Activity", 5),
    ("main", "sub_kegiatan", 5, "Sub kegiatan", "Sub-activity", 6),
    ("objective", "goal", 1, "Tujuan", "Goal", 1),
    ("objective", "objective", 2, "Sasaran", "Objective", 2),
]

TREES = [
    ("fund", "Sumber dana", "partition", ""),
    ("unit", "Unit", "partition", "/"),
    ("location", "Lokasi", "label", ""),
    ("objective", "Tujuan-sasaran", "label", "."),
    ("pn", "Prioritas nasional", "label", ""),
    ("pp", "Prioritas provinsi", "label", ""),
]

# tree: (id, parent, name); the id is the short form that the document prints in
# its tables, so `code` stays empty.
FIXED_CLASSES = {
    "fund": [("APBD", "", "Anggaran Pendapatan dan Belanja Daerah")],
    "unit": [("DinsosPM", "", META["organisation"]),
             ("DinsosPM/umum", "DinsosPM", "Umum Kepegawaian"),
             ("DinsosPM/dayasos", "DinsosPM", "Bidang Pemberdayaan sosial")],
    "location": [("DinsosPM", "", META["organisation"])],
}
UNIT_CLASS = {"DinsosPM / Umum Kepegawaian": "DinsosPM/umum",
              "DinsosPM / Bidang Pemberdayaan sosial": "DinsosPM/dayasos"}

# unit, name as reports print it, kind, other spellings
UNITS = [
    ("%", "%", "percent", "Persen|persen"),
    ("nilai", "Nilai", "score", ""),
    ("kategori kelurahan", "Kategori kelurahan", "ordinal", ""),
    ("alat", "Alat", "count", ""),
    ("bangunan", "Bangunan", "count", ""),
    ("bulan", "Bulan", "count", ""),
    ("dokumen", "Dokumen", "count", ""),
    ("item", "Item", "count", ""),
    ("izin", "Izin", "count", ""),
    ("jenis", "Jenis", "count", ""),
    ("kali", "Kali", "count", ""),
    ("kegiatan", "Kegiatan", "count", ""),
    ("keluarga", "Keluarga", "count", ""),
    ("kelurahan", "Kelurahan", "count", ""),
    ("kk", "KK", "count", ""),
    ("kpm", "KPM", "count", ""),
    ("laporan", "Laporan", "count", ""),
    ("layanan", "Layanan", "count", ""),
    ("lembaga", "Lembaga", "count", ""),
    ("lembar", "Lembar", "count", ""),
    ("makam", "Makam", "count", ""),
    ("meter", "Meter", "count", ""),
    ("orang", "Orang", "count", "org"),
    ("orang/bulan", "Orang/Bulan", "count", "Orang/bulan"),
    ("orang/kali", "Orang / Kali", "count", "Orang/Kali"),
    ("paket", "Paket", "count", ""),
    ("tmp", "TMP", "count", ""),
    ("unit", "Unit", "count", "Unit Saprass"),
]
OVER_TIME = {"count": "sum", "percent": "last", "score": "last",
             "ordinal": "last"}
CATEGORIES = {"kategori kelurahan":
              "Kurang Berkembang<Berkembang<Cepat Berkembang"}

# Rating of Permendagri 86/2017 on the unrounded percent. The last label is
# also that of anything lower.
SCALE = "permendagri-86-2017"
BANDS = [(91, "sangat tinggi"), (76, "tinggi"), (66, "sedang"), (51, "rendah"),
         (0, "sangat rendah")]

NODE_INDICATOR_TYPE = {"program": "outcome", "kegiatan": "output",
                       "sub_kegiatan": "output"}

TABLES = [
    ("T1", "T-C.29", "Rekapitulasi Evaluasi Hasil Pelaksanaan Renja Tahun 2022 "
     "dan Pencapaian Renstra s/d Tahun 2022 Dinas Sosial dan Pemberdayaan "
     "Masyarakat", "common", "program kegiatan sub_kegiatan", "listed", "id",
     194),
    ("T2", "T-C.30", "Pencapaian Kinerja Pelayanan Dinas Sosial dan "
     "Pemberdayaan Masyarakat", "common", "", "listed", "id", 417),
    ("T3", "T-C.31", "REVIEW RANCANGAN AWAL RENCANA KERJA ORGANISASI PERANGKAT "
     "DAERAH (RENJA OPD) DINAS SOSIAL DAN PEMBERDAYAAN MASYARAKAT KOTA TARAKAN "
     "TAHUN 2024", "draft need",
     "urusan bidang program kegiatan sub_kegiatan", "all", "en", 551),
    ("T4", "T-C.32", "DAFTAR USULAN (ASPIRASI ) MASYARAKAT DINAS SOSIAL DAN "
     "PEMBERDAYAAN MASYARAKA TAHUN 2024", "need", "", "listed", "en", 646),
    ("T5", "", "Tujuan dan Sasaran Tahun 2023 Dinas Dinas Sosial dan "
     "Pemberdayaan Masyarakat", "renstra", "", "listed", "id", 747),
    ("T6", "", "Keterkaitan Prioritas Daerah Kota Tarakan terhadap Prioritas "
     "Nasional dan Provinsi Kaltara Tahun 2024", "final", "sub_kegiatan",
     "listed", "en", 768),
    ("T7", "T-C.33", "Rumusan Rencana Program, Kegiatan, dan Sub Kegiatan "
     "Tahun 2024 Dan Prakiraan Maju Tahun 2025", "final",
     "urusan bidang program kegiatan sub_kegiatan", "all", "id", 792),
    ("T8", "", "RENCANA PROGRAM/KEGIATAN /SUB KEGIATAN DAN PENDANAAN DINAS "
     "SOSIAL DAN PEMBERDAYAAN MASYARAKAT TAHUN 2024", "final",
     "program kegiatan sub_kegiatan", "all", "id", 895),
    ("prose", "", "Angka dalam narasi", "", "", "listed", "id", ""),
]

# The transcription splits a target into value and unit; these two are printed
# without the blank between them.
TARGET_WITHOUT_BLANK = {("T7", "1.06.01"), ("T8", "1.06.01")}

# Rows of Tabel 8 whose sub kegiatan number the text extraction lost (source
# lines 902-910): not the document's mistake, so the code is not compared.
T8_CODES_LOST = {"1.06.01.2.01.06", "1.06.01.2.02.01", "1.06.01.2.02.02",
                 "1.06.01.2.06.01", "1.06.01.2.06.04", "1.06.01.2.06.05"}

# What the prose states and the model can answer. Key: row of prose-facts.csv,
# checked against the value printed there.
#   (printed, owner, field, stage, period) or (printed, expression)
PROSE = {
    1: ("2024", "meta.year"),
    6: ("2024", "meta.year"),
    15: ("2024", "meta.year"),
    17: ("8 (Delapan) Program", "count(program, target[2022])"),
    18: ("13 (Tiga Belas) kegiatan", "count(kegiatan, target[2022])"),
    19: ("27 (Dua Puluh Tujuh) Sub Kegiatan",
         "count(sub_kegiatan, target[2022])"),
    20: ("5.176.219.306", ROOT, "budget", "common", "2022"),
    21: ("4.958.785.649", ROOT, "spent", "common", "2022"),
    22: ("95,80%", ROOT, "absorption", "common", "2022"),
    23: ("88,27%", "1.06.04#1", "achieved", "common", "2022"),
    24: ("2.495 layanan", "1.06.04.2.02.01#1", "achieved", "common", "2022"),
    41: ("96,09%", "1.06.01#1", "achieved", "common", "2022"),
    55: ("3.073 KPM", "1.06.05.2.02.03#1", "achieved", "common", "2022"),
    57: ("131,57,%", "iku1", "achieved", "common", "2021"),
    59: ("17 Orang", "1.06.04.2.01.03#1", "achieved", "common", "2022"),
    60: ("25 Orang", "1.06.04.2.01.04#1", "achieved", "common", "2022"),
    61: ("30 Orang", "1.06.04.2.01.05#1", "achieved", "common", "2022"),
    62: ("2.500 layanan", "1.06.04.2.02.01#1", "achieved", "common", "2022"),
    63: ("100%", "iku2", "achieved", "common", "2022"),
    64: ("298 KK", "1.06.06.2.01.01#1", "achieved", "common", "2022"),
    65: ("100%", "iku3", "achieved", "common", "2022"),
    66: ("12 Bulan", "1.06.07.2.01.02#1", "achieved", "common", "2022"),
    67: ("100%", "iku4", "achieved", "common", "2022"),
    68: ("100%", "iku6", "achieved", "common", "2022"),
    69: ("75%", "iku6", "achieved", "common", "2021"),
    70: ("98,68%", "iku7", "achieved", "common", "2022"),
    71: ("100%", "iku7", "achieved", "common", "2021"),
    72: ("87,50%", "iku8", "achieved", "common", "2022"),
    74: ("100%", "iku8", "target", "renstra", "2022"),
    75: ("60,52", "iku9", "achieved", "common", "2022"),
    91: ("tahun 2024", "meta.year"),
    113: ("3.", "count(objective:goal)"),
    114: ("5.", "count(objective:objective)"),
    115: ("2023", "meta.year"),
    116: ("Tahun 2023", "meta.year"),
    117: ("Prakiraan Maju Tahun 2024", "meta.year + 1"),
    119: ("APBD Kota Tarakan Tahun 2024", "meta.year"),
    121: ("akhir tahun 2024", "meta.year"),
}
# Achievements and rates that stand in the prose only: Tabel 1 prints "-" and
# no rupiah exist, so there is nothing to compare them with. The owner is kept.
PROSE_OWNERS = {
    25: "1.06.05#1", 27: "1.06.06#1", 35: "1.06.07#1", 36: "1.06.07.2.01.02#1",
    37: "2.13.04#1", 38: "2.13.04.2.01.18", 39: "2.13.05#1",
    40: "2.13.05.2.01.09#1", 42: "1.06.01.2.02.01", 43: "1.06.01.2.02.02",
    44: "1.06.01.2.06.01", 45: "1.06.01.2.06.04", 46: "1.06.01.2.06.05",
    47: "1.06.01.2.06.09", 48: "1.06.01.2.08.01", 49: "1.06.01.2.08.02",
    50: "1.06.01.2.09.01", 51: "1.06.01.2.09.02", 52: "1.06.01.2.09.06",
    54: "1.06.05.2.02.01#1", 58: "1.06.04.2.01.01#1",
}


# --- reading the document's spellings --------------------------------------

def number(text):
    """A printed number as a plain one: 2.500 -> 2500, 90,42 -> 90.42."""
    if re.fullmatch(r"\d{1,3}(\.\d{3})+(,\d+)?", text):
        text = text.replace(".", "")
    text = text.replace(",", ".")
    if not re.fullmatch(r"\d+(\.\d+)?", text):
        return None
    return re.sub(r"\.?0+$", "", text) if "." in text else text


def spelling(unit):
    return re.sub(r"\s*/\s*", "/", unit).strip().casefold()


UNIT_OF = {spelling(word): unit
           for unit, name, _, synonyms in UNITS
           for word in [unit, name, *synonyms.split("|")] if word}


def measure(text):
    """(value, unit, text) of a printed target or realisation."""
    if text == "-":
        return "-", "", ""
    match = re.fullmatch(r"([\d.,]+)\s*(\D.*)?", text)
    if match and number(match[1]) is not None:
        value, rest = number(match[1]), match[2] or ""
        if not rest:
            return value, "", ""
        if spelling(rest) in UNIT_OF:
            return value, UNIT_OF[spelling(rest)], ""
        if re.fullmatch(r"/ [A-Z]+", rest):      # a score and its grade
            return value, "", text
    return "", "", text


# --- canonical order --------------------------------------------------------

def code_key(node):
    return [] if node == ROOT else [int(part) for part in node.split(".")]


def class_key(ident):
    """Tree order of one tree: ids begin with their parent's, numbers first."""
    return [(0, int(part), "") if part.isdigit() else (1, 0, part)
            for part in re.split("[./]", ident)]


def period_key(period):
    """`*`, then by end year: a span before the year that ends it."""
    if period == "*":
        return (0, 0, "")
    start, span, end = period.rpartition("..")
    year = int(end[:4])
    return (year, 0 if span else 1, start + end)


FIELD_RANK = {name: rank for rank, name in enumerate(
    ["target", "achieved", "projected", "baseline", "standard"])}


class Package:
    """The rows of the package, filled table by table."""

    def __init__(self, seed):
        self.seed = seed
        self.rows = {name: [] for name in SCHEMA}
        self.names = {}       # node -> {stage: (name, line)}
        self.levels = {}      # node -> level
        self.present = {}     # node -> plan stages that print it
        self.amounts = {}     # (node, stage, period) -> {field: value}
        self.measures = {}    # (indicator, stage, period, field) -> value
        self.indicators = {}  # indicator -> (owner, type, {stage: (name, line)})
        self.tags = set()
        self.fund = {}
        self.unit = {}
        self.collisions = []

    def table(self, name):
        """Rows of a seed table with number and source line."""
        seed = "prose-facts" if name == "prose" else "tabel-" + name[1:]
        with open(self.seed / (seed + ".csv"), encoding="utf-8",
                  newline="") as file:
            rows = list(csv.DictReader(file))
        lines = []
        for part in SOURCE_LINES.get(name, "").split():
            first, _, last = part.partition("-")
            lines += range(int(first), int(last or first) + 1)
        if name == "prose":
            lines = [int(row["source_line"]) for row in rows]
        assert len(lines) == len(rows), name
        return zip(range(1, len(rows) + 1), lines, rows)

    # what a printed cell does to the model

    def printed(self, where, column, text, owner="", field="", stage="",
                period="", expr=""):
        table, row, line = where
        self.rows["printed"].append(
            (table, row, column, owner, field, stage, period, text, expr, line))

    def name(self, node, level, stage, name, line):
        self.levels.setdefault(node, level)
        self.names.setdefault(node, {}).setdefault(stage, (name, line))
        if stage != "common":
            self.present.setdefault(node, set()).add(stage)

    def indicator(self, ident, owner, kind, stage, name, line):
        names = self.indicators.setdefault(ident, (owner, kind, {}))[2]
        if name:
            names.setdefault(stage, (name, line))

    def put_measure(self, indicator, stage, period, field, text):
        if text == "":
            return
        key, value = (indicator, stage, period, field), measure(text)
        kept = self.measures.setdefault(key, value)
        # a bare "84,00" states no unit, so it cannot contradict one
        if kept[0] != value[0] or kept[2] != value[2] or (
                kept[1] and value[1] and kept[1] != value[1]):
            self.collisions.append((key, kept, value))

    def put_amount(self, node, stage, period, field, value):
        if value != "":
            cell = self.amounts.setdefault((node, stage, period), {})
            if cell.setdefault(field, value) != value:
                self.collisions.append(((node, stage, period, field),
                                        cell[field], value))

    # the tables, in the order in which they win

    def read_evaluation(self):
        columns = [("renstra_target_2024", "target", "renstra", "..2024"),
                   ("realized_to_2021", "achieved", "common", "..2021"),
                   ("target_2022", "target", "common", "2022"),
                   ("realized_2022", "achieved", "common", "2022"),
                   ("rate_2022", "rate", "common", "2022"),
                   ("target_2023", "target", "common", "2023"),
                   ("projected_to_2023", "cumulative", "common", "2023"),
                   ("rate_renstra", "strategic_rate", "common", "2023")]
        for number_, line, row in self.table("T1"):
            where, node = ("T1", number_, line), row["code_norm"]
            ident = node + "#1"
            self.name(node, row["level"], "common", row["name"], line)
            self.indicator(ident, node, NODE_INDICATOR_TYPE[row["level"]],
                           "common", row["indicator"], line)
            self.printed(where, "code", row["code"], node, "code", "common", "*")
            self.printed(where, "name", row["name"], node, "name", "common", "*")
            self.printed(where, "indicator", row["indicator"], ident, "name",
                         "common", "*")
            for column, field, stage, period in columns:
                self.printed(where, column, row[column], ident, field, stage,
                             period)
                if field in FIELD_RANK:
                    self.put_measure(ident, stage, period, field, row[column])

    def read_services(self):
        columns = [("target_iku", "standard", "renstra", "*")]
        columns += [(f"renstra_{year}", "target", "renstra", str(year))
                    for year in range(2020, 2025)]
        columns += [(f"real_{year}", "achieved", "common", str(year))
                    for year in range(2020, 2023)]
        columns += [(f"proj_{year}", "projected", "common", str(year))
                    for year in range(2023, 2025)]
        for number_, line, row in self.table("T2"):
            where, ident = ("T2", number_, line), "iku" + row["no"]
            self.indicator(ident, None, "impact", "common", row["indicator"],
                           line)
            self.printed(where, "no", row["no"], ident)
            self.printed(where, "indicator", row["indicator"], ident, "name",
                         "common", "*")
            for column, field, stage, period in columns:
                self.printed(where, column, row[column], ident, field, stage,
                             period)
                self.put_measure(ident, stage, period, field, row[column])
            self.printed(where, "note", row["note"], ident)

    def read_review(self):
        for number_, line, row in self.table("T3"):
            where, node = ("T3", number_, line), row["code_norm"] or ROOT
            kind = NODE_INDICATOR_TYPE.get(row["level"])
            ident = node + "#1" if kind else node
            is_name = "name" if node != ROOT else ""
            # the codes of Tabel 3 are broken by its narrow columns
            self.printed(where, "code", row["code_raw"], node)
            for stage, column in (("draft", "name"), ("need", "need_name")):
                if node != ROOT:
                    self.name(node, row["level"], stage, row[column], line)
                if kind:
                    self.indicator(ident, node, kind, stage, row["indicator"],
                                   line)
                self.printed(where, column, row[column], node, is_name, stage,
                             "*")
                if stage == "draft":      # the indicator is printed once
                    self.printed(where, "indicator", row["indicator"], ident,
                                 "name" if kind else "", stage, "*")
                self.printed(where, f"{stage}_target", row[f"{stage}_target"],
                             ident, "target" if kind else "", stage, YEAR)
                self.printed(where, f"{stage}_pagu", row[f"{stage}_pagu_raw"],
                             node, "budget", stage, YEAR)
                if kind:
                    self.put_measure(ident, stage, YEAR, "target",
                                     row[f"{stage}_target"])
                if row["level"] == "sub_kegiatan":
                    nil = row[f"{stage}_pagu_raw"] == "-"
                    self.put_amount(node, stage, YEAR, "budget",
                                    "-" if nil else row[f"{stage}_pagu"])
            self.printed(where, "remark", row["remark"], node)

    def read_proposals(self):
        by_name = {spelling(name): node for node, names in self.names.items()
                   for name, _ in names.values()}
        for number_, line, row in self.table("T4"):
            where, ident = ("T4", number_, line), "usulan-" + row["no"]
            owner = "proposal:" + ident
            for column in ("program", "kegiatan", "sub_kegiatan"):
                node = by_name[spelling(row[column])]
                self.printed(where, column, row[column], node, "name", "need",
                             "*")
            for column, field, text in (
                    ("no", "", row["no"]), ("proposal", "name", row["proposal"]),
                    ("location", "location", row["location"]),
                    ("volume", "volume", row["volume"]),
                    ("pagu", "amount", row["pagu_raw"]),
                    ("status", "status", row["status"])):
                self.printed(where, column, text, owner, field,
                             "common" if field else "", YEAR if field else "")
            volume = re.search(r"(\d+) (\w+)$", row["volume"])
            self.rows["proposals"].append(
                (ident, node, YEAR, row["proposal"], row["location"], volume[1],
                 UNIT_OF[spelling(volume[2])], row["volume"], row["pagu"],
                 row["status"], "", ""))

    def read_objectives(self):
        goals, objectives = [], []    # names, in the order of their classes
        classes = self.rows["classes"]
        for number_, line, row in self.table("T5"):
            where = ("T5", number_, line)
            if row["goal"] not in goals:
                goals.append(row["goal"])
                objectives = []
                classes.append(("objective", str(len(goals)), "", "goal", "",
                                row["goal"], ""))
            goal = str(len(goals))
            if row["objective"] not in objectives:
                objectives.append(row["objective"])
                classes.append(("objective", f"{goal}.{len(objectives)}", goal,
                                "objective", "", row["objective"], ""))
            objective = f"{goal}.{len(objectives)}"
            iku = f"iku{number_}"
            self.indicator("goal" + goal, "objective:" + goal, "impact",
                           "renstra", row["goal_indicator"], line)
            # Tabel 5 defines the indicators; Tabel 2 prints them first
            names = self.indicators[iku][2]
            self.indicators[iku] = ("objective:" + objective, "impact", names)
            names["renstra"] = (row["objective_indicator"], line)
            for column, owner, field, period in (
                    ("goal", "objective:" + goal, "name", "*"),
                    ("goal_indicator", "goal" + goal, "name", "*"),
                    ("objective", "objective:" + objective, "name", "*"),
                    ("objective_indicator", iku, "name", "*"),
                    ("renstra_baseline", iku, "baseline", "*"),
                    ("target_2024", iku, "target", YEAR)):
                self.printed(where, column, row[column], owner, field,
                             "renstra", period)
                if field in FIELD_RANK:
                    self.put_measure(iku, "renstra", period, field, row[column])

    def read_priorities(self):
        for number_, line, row in self.table("T6"):
            where, node = ("T6", number_, line), row["sub_code_norm"]
            program, kegiatan = row["program_code"], row["kegiatan_code"]
            bidang = row["bidang"].split(" - ")[0]
            for column, text, owner, field in (
                    ("no", row["no"], node, ""),
                    ("kode_pn", row["kode_pn"], node, "tag:pn"),
                    ("national_priority", row["national_priority"], "pn:01",
                     "name"),
                    ("province_priority", row["province_priority"], "pp:1",
                     "name"),
                    ("bidang", row["bidang"], bidang, ""),
                    ("program_code", program, program, "code"),
                    ("program", row["program"], program, "name"),
                    ("kegiatan_code", kegiatan, kegiatan, "code"),
                    ("kegiatan", row["kegiatan"], kegiatan, "name"),
                    ("sub_code", row["sub_code"], node, "code"),
                    ("sub_kegiatan", row["sub_kegiatan"], node, "name"),
                    ("pagu", row["pagu_raw"], node, "budget"),
                    ("ket", row["ket"], node, "")):
                period = YEAR if field == "budget" else "*" if field else ""
                self.printed(where, column, text, owner, field,
                             "final" if field else "", period)
            self.tags |= {(node, "pn", row["kode_pn"]), (node, "pp", "1")}
            for tree, code, name in (
                    ("pn", row["kode_pn"], row["national_priority"]),
                    ("pp", "1", row["province_priority"])):
                entry = (tree, code, "", "", "", name, "")
                if entry not in self.rows["classes"]:
                    self.rows["classes"].append(entry)

    def read_plan(self, table):
        """Tabel 7 and Tabel 8: the stage `final`."""
        for number_, line, row in self.table(table):
            where, node = (table, number_, line), row["code_norm"] or ROOT
            kind = NODE_INDICATOR_TYPE.get(row["level"])
            ident = node + "#1" if kind else node
            if node != ROOT:
                self.name(node, row["level"], "final", row["name"], line)
            if kind:
                self.indicator(ident, node, kind, "final", row["indicator"],
                               line)
            blank = "" if (table, node) in TARGET_WITHOUT_BLANK else " "
            target = blank.join(filter(None, (row["target_value"],
                                              row["target_unit"])))
            coded = node != ROOT and not (table == "T8"
                                          and node in T8_CODES_LOST)
            cells = [
                ("code", row["code_raw"], node, "code" if coded else "", "*"),
                ("name", row["name"], node, "name" if node != ROOT else "", "*"),
                ("indicator", row["indicator"], ident, "name" if kind else "",
                 "*"),
                ("target", target, ident, "target" if kind else "", YEAR),
                ("pagu", row["pagu_raw"], node, "budget", YEAR)]
            if table == "T7":
                cells.insert(3, ("location", row["location"], node,
                                 "tag:location", "*"))
                cells += [
                    ("source", row["source"], node, "tag:fund", "*"),
                    ("note", row["note"], node, "", ""),
                    ("target_2025", row["target_2025"], ident,
                     "target" if kind else "", "2025"),
                    ("pagu_2025", row["pagu_2025"], node, "budget", "2025")]
                if row["source"]:
                    self.fund[node] = row["source"]
            else:
                cells += [
                    ("unit_responsible", row["unit_responsible"], node,
                     "tag:unit", "*"),
                    ("goal", row["goal"], node, "tag:objective", "*"),
                    ("objective", row["objective"], node, "tag:objective", "*")]
                if row["unit_responsible"]:
                    self.unit[node] = UNIT_CLASS[row["unit_responsible"]]
            for column, text, owner, field, period in cells:
                self.printed(where, column, text, owner, field, "final", period)
            if kind:
                self.put_measure(ident, "final", YEAR, "target", target)
            if row["level"] == "sub_kegiatan":
                self.put_amount(node, "final", YEAR, "budget", row["pagu"])

    def read_prose(self):
        for number_, line, row in self.table("prose"):
            where, text = ("prose", number_, line), row["value_raw"]
            claim = PROSE.get(number_)
            if claim is None:
                self.printed(where, "value", text, PROSE_OWNERS.get(number_, ""))
            else:
                assert claim[0] == text, (number_, claim[0], text)
                if len(claim) == 2:
                    self.printed(where, "value", text, ROOT, expr=claim[1])
                else:
                    self.printed(where, "value", text, *claim[1:])
                    if claim[2] in ("budget", "spent"):
                        _, owner, field, stage, period = claim
                        self.put_amount(owner, stage, period, field,
                                        number(text))
            in_frame = row["year"].isdigit() and 2020 <= int(row["year"]) <= 2027
            self.rows["texts"].append(
                (ROOT, "context", "common", row["year"] if in_frame else "*",
                 "en", number_, row["statement"], line))

    # from what was read to rows

    def own_name(self, names):
        """The name of the record and the stages that print another one."""
        own = next(names[stage][0] for stage in
                   ("final", "draft", "renstra", "common") if stage in names)
        others = [(stage, *names[stage]) for stage in
                  sorted(names, key=STAGE_RANK.get) if names[stage][0] != own]
        return own, others

    def add_name_texts(self, owner, others):
        for stage, text, line in others:
            self.rows["texts"].append(
                (owner, "name", stage, "*", "id", 1, text, line))

    def build_nodes(self, order):
        self.rows["nodes"].append(
            (ROOT, "", "plan", "", "Renja " + META["organisation"], "", "",
             "APBD", "DinsosPM"))
        plan_stages = [row[0] for row in STAGES if row[2] == "plan"]
        for node in order[1:]:
            name, others = self.own_name(self.names[node])
            self.add_name_texts(node, others)
            stages = [s for s in plan_stages if s in self.present[node]]
            self.rows["nodes"].append(
                (node, "", self.levels[node], node, name, "",
                 "" if stages == plan_stages else " ".join(stages),
                 self.fund.get(node, ""), self.unit.get(node, "")))

    def build_classes(self):
        found = self.rows["classes"]
        for tree, classes in FIXED_CLASSES.items():
            found += [(tree, ident, parent, "", "", name, "")
                      for ident, parent, name in classes]
        found.sort(key=lambda row: (row[0], class_key(row[1])))

    def default_unit(self, ident):
        if ident in ("iku9", "2.13.04#1"):
            return {"iku9": "nilai", "2.13.04#1": "kategori kelurahan"}[ident]
        for stage in ("final", "draft"):
            value = self.measures.get((ident, stage, YEAR, "target"))
            if value:
                return value[1]
        return "%"       # indicators of goals and objectives: "Persentase ..."

    def build_indicators(self, order):
        class_rank = {f"objective:{row[1]}": index for index, row in
                      enumerate(self.rows["classes"]) if row[0] == "objective"}
        node_rank = {node: index for index, node in enumerate(order)}
        idents = sorted(self.indicators, key=lambda ident: (
            node_rank.get(self.indicators[ident][0], len(order)),
            class_rank.get(self.indicators[ident][0], 0), ident))
        for ident in idents:
            owner, kind, names = self.indicators[ident]
            name, others = self.own_name(names)
            self.add_name_texts(ident, others)
            # no table states a polarity; only this one says "menurunnya"
            polarity = "lower" if name.startswith("Menurunnya") else "higher"
            self.rows["indicators"].append(
                (ident, owner, kind, name, self.default_unit(ident), polarity,
                 "", "", "", ""))
        self.build_measures({ident: rank for rank, ident in enumerate(idents)})

    def build_measures(self, rank):
        for key in sorted(self.measures, key=lambda k: (
                rank[k[0]], STAGE_RANK[k[1]], period_key(k[2]),
                FIELD_RANK[k[3]])):
            value, unit, text = self.measures[key]
            if unit == self.default_unit(key[0]):
                unit = ""
            self.rows["measures"].append((*key, value, unit, text))

    def build_amounts(self, node_rank):
        for key in sorted(self.amounts, key=lambda k: (
                node_rank[k[0]], STAGE_RANK[k[1]], period_key(k[2]))):
            cell = self.amounts[key]
            self.rows["amounts"].append(
                (*key, cell.get("budget", ""), cell.get("spent", "")))

    def build(self):
        self.read_evaluation()
        self.read_services()
        self.read_review()
        self.read_proposals()
        self.read_objectives()
        self.read_priorities()
        self.read_plan("T7")
        self.read_plan("T8")
        self.read_prose()

        order = [ROOT] + sorted(self.names, key=code_key)
        node_rank = {node: index for index, node in enumerate(order)}
        self.rows["stages"] = STAGES
        self.rows["levels"] = LEVELS
        self.rows["trees"] = sorted(TREES)
        self.rows["tables"] = TABLES
        self.rows["units"] = [
            (unit, name, kind, synonyms, OVER_TIME[kind], "none", "",
             CATEGORIES.get(unit, ""))
            for unit, name, kind, synonyms in sorted(UNITS)]
        self.rows["scales"] = [(SCALE, low, label, "true")
                               for low, label in BANDS]
        self.build_nodes(order)
        self.build_classes()
        self.build_indicators(order)
        self.build_amounts(node_rank)
        self.tags.add((ROOT, "location", "DinsosPM"))
        self.rows["tags"] = sorted(
            self.tags, key=lambda tag: (node_rank[tag[0]], tag[1:]))
        tables = [row[0] for row in TABLES]
        self.rows["printed"].sort(key=lambda row: (tables.index(row[0]), row[1]))
        return self.rows


# --- writing ----------------------------------------------------------------

def describe_field(resource, column):
    name, _, kind = column.partition(":")
    required, kind = kind.endswith("!"), kind.rstrip("!")
    field = {"name": name, "type": kind.removeprefix("mark_")}
    constraints = {"required": True} if required else {}
    if (resource, name) in ENUMS:
        constraints["enum"] = ENUMS[resource, name]
    if constraints:
        field["constraints"] = constraints
    return field


def describe_foreign_keys(resource, keys):
    for fields, target in keys.items():
        table, _, columns = target.partition(".")
        reference = {"fields": columns.split()}
        if table != resource:     # a key into its own table names no resource
            reference = {"resource": table, **reference}
        yield {"fields": fields.split(), "reference": reference}


def describe_resource(name):
    primary, foreign, columns = SCHEMA[name]
    missing = [{"value": "", "label": "missing"}]
    if any(":mark_" in column for column in columns):
        missing.append({"value": "-", "label": "nil"})
    schema = {"fields": [describe_field(name, column) for column in columns],
              "primaryKey": primary, "missingValues": missing}
    if foreign:
        schema["foreignKeys"] = list(describe_foreign_keys(name, foreign))
    return {"name": name, "path": name + ".csv", "type": "table",
            "format": "csv", "mediatype": "text/csv", "encoding": "utf-8",
            "schema": schema}


def descriptor():
    return {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": "renja-tarakan-2024",
        "title": "Rencana Kerja (Renja) Tahun 2024, "
                 "Dinas Sosial dan Pemberdayaan Masyarakat Kota Tarakan",
        "description": "Written by tools/tarakan_package.py from "
                       "tests/data/seed; edit those, not these files.",
        "pagu": META,
        "resources": [describe_resource(name) for name in SCHEMA],
    }


def csv_text(name, rows):
    header = [column.partition(":")[0] for column in SCHEMA[name][2]]
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(header)
    for row in rows:
        assert len(row) == len(header), (name, row)
        writer.writerow(row)
    return out.getvalue()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seed", type=Path, default=REPO / "tests/data/seed")
    parser.add_argument("--out", type=Path,
                        default=REPO / "examples/renja-tarakan-2024")
    options = parser.parse_args()

    package = Package(options.seed)
    rows = package.build()
    options.out.mkdir(parents=True, exist_ok=True)
    files = {name + ".csv": csv_text(name, rows[name]) for name in SCHEMA}
    files["datapackage.json"] = json.dumps(
        descriptor(), ensure_ascii=False, indent=2) + "\n"
    for name, text in files.items():
        (options.out / name).write_bytes(text.encode("utf-8"))
    for name in SCHEMA:
        print(f"{name:12}{len(rows[name]):6}")
    for key, kept, other in package.collisions:
        print("kept", key, kept, "not", other)


if __name__ == "__main__":
    main()
