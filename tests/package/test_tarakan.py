#!/usr/bin/env python3
"""The package examples/renja-tarakan-2024 holds what the document says.

    python3 tests/package/test_tarakan.py

Reads the transcription (tests/data/seed) and the package, and compares them
with a reader of its own: nothing here comes from tools/tarakan_package.py,
except that the first test runs it.
"""

import csv
import json
import re
import subprocess
import sys
import tempfile
import unittest
from collections import Counter
from decimal import Decimal
from pathlib import Path

REPO = Path(__file__).resolve().parents[2]
SEED = REPO / "tests/data/seed"
PACKAGE = REPO / "examples/renja-tarakan-2024"
TOOL = REPO / "tools/tarakan_package.py"


def read(path):
    with open(path, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


SEED_FILES = {f"T{n}": f"tabel-{n}.csv" for n in range(1, 9)}
SEED_FILES["prose"] = "prose-facts.csv"
TABLES = {table: read(SEED / file) for table, file in SEED_FILES.items()}
DATA = {path.stem: read(path) for path in PACKAGE.glob("*.csv")}
DESCRIPTOR = json.loads((PACKAGE / "datapackage.json").read_text("utf-8"))

# Printed column -> seed column, where the two names differ. Seed columns that
# hold a derived form of another cell (a normalised code, a plain number) have
# no cell of their own in the document.
RENAMED = {
    "T1": {}, "T2": {}, "T5": {},
    "T3": {"code": "code_raw", "draft_pagu": "draft_pagu_raw",
           "need_pagu": "need_pagu_raw"},
    "T4": {"pagu": "pagu_raw"},
    "T6": {"pagu": "pagu_raw"},
    "T7": {"code": "code_raw", "pagu": "pagu_raw"},
    "T8": {"code": "code_raw", "pagu": "pagu_raw"},
    "prose": {"value": "value_raw"},
}
NOT_CELLS = {
    "T1": {"level", "code_norm"}, "T2": set(), "T4": {"pagu"}, "T5": set(),
    "T3": {"code_norm", "level", "draft_pagu", "need_pagu"},
    "T6": {"pagu", "sub_code_norm"},
    "T7": {"code_norm", "level", "pagu"},
    "T8": {"code_norm", "level", "pagu"},
    "prose": {"section", "statement", "value", "unit", "year", "source_line"},
}
# The transcription splits the target of T7 and T8 into value and unit. Source
# lines 802 and 901 print it as "100%", all others with a blank.
WITHOUT_BLANK = {("T7", "1.06.01"), ("T8", "1.06.01")}


def split_target(table, row):
    blank = "" if (table, row["code_norm"]) in WITHOUT_BLANK else " "
    return blank.join(part for part in (row["target_value"],
                                        row["target_unit"]) if part)


def cells(table, row):
    """Every printed cell of a seed row, by printed column."""
    result = {name: text for name, text in row.items()
              if name not in NOT_CELLS[table]}
    for printed, seed in RENAMED[table].items():
        result[printed] = result.pop(seed)
    if table in ("T7", "T8"):
        del result["target_value"], result["target_unit"]
        result["target"] = split_target(table, row)
    return result


# --- values ------------------------------------------------------------------

UNITS = {}
for _row in DATA["units"]:
    for _word in [_row["unit"], _row["name"], *_row["synonyms"].split("|")]:
        UNITS[_word.replace(" ", "").lower()] = _row["unit"]
INDICATOR = {row["indicator"]: row for row in DATA["indicators"]}
MEASURE = {(r["indicator"], r["stage"], r["period"], r["field"]): r
           for r in DATA["measures"]}
BUDGET = {(r["node"], r["stage"]): r["budget"] for r in DATA["amounts"]
          if r["period"] == "2024"}

# Cells that are not one number: kept as text.
TEXTS = {"390;320 Jenis/710 item", "10 Unit Rehab 10 Unit Sarpras",
         "Cepat Berkembang"}


def printed_value(text):
    """What a target or realisation says: (number, mark or text; unit)."""
    if text in ("", "-") or text in TEXTS:
        return text, None
    head = re.match(r"[0-9.,]+", text).group()
    tail = text[len(head):].strip()
    if re.search(r"\.\d{3}$", head):
        head = head.replace(".", "")           # 2.500 layanan
    value = Decimal(head.replace(",", "."))    # 90,42% and 60.53 / B
    if tail in ("", "/ B"):
        return value, None
    return value, UNITS[tail.replace(" ", "").lower()]


def model_value(key):
    row = MEASURE.get(key)
    if row is None:
        return "", None
    if row["value"] == "-":
        return "-", None
    if row["value"] == "":
        return row["text"], None
    return Decimal(row["value"]), row["unit"] or INDICATOR[key[0]]["unit"]


def value_cells():
    """(where, key, text) of every cell that states a target or realisation."""
    def node_cells(table, columns):
        for number, row in enumerate(TABLES[table], 1):
            if row["level"] in ("program", "kegiatan", "sub_kegiatan"):
                for column, stage, period, field in columns:
                    yield ((table, number, column),
                           (row["code_norm"] + "#1", stage, period, field),
                           cells(table, row)[column])

    yield from node_cells("T1", [
        ("renstra_target_2024", "renstra", "..2024", "target"),
        ("realized_to_2021", "common", "..2021", "achieved"),
        ("target_2022", "common", "2022", "target"),
        ("realized_2022", "common", "2022", "achieved"),
        ("target_2023", "common", "2023", "target")])
    yield from node_cells("T3", [("draft_target", "draft", "2024", "target"),
                                 ("need_target", "need", "2024", "target")])
    for table in ("T7", "T8"):
        yield from node_cells(table, [("target", "final", "2024", "target")])
    yield from node_cells("T7", [("target_2025", "final", "2025", "target")])

    for number, row in enumerate(TABLES["T2"], 1):
        for column, text in row.items():
            name, _, year = column.partition("_")
            stage, field, period = {
                "target": ("renstra", "standard", "*"),
                "renstra": ("renstra", "target", year),
                "real": ("common", "achieved", year),
                "proj": ("common", "projected", year),
            }.get(name, (None, None, None))
            if stage:
                yield (("T2", number, column),
                       (f"iku{row['no']}", stage, period, field), text)
    for number, row in enumerate(TABLES["T5"], 1):
        for column, period, field in (("renstra_baseline", "*", "baseline"),
                                      ("target_2024", "2024", "target")):
            yield (("T5", number, column),
                   (f"iku{number}", "renstra", period, field), row[column])


# Two tables print one key with two values; the model keeps the first table's.
COLLISIONS = {
    # key, table that lost: what it prints, what the model holds
    ("1.06.02.2.03.01#1", "final", "2024", "target", "T8"): (0, 100),
    ("2.13.05.2.01.04#1", "final", "2024", "target", "T8"): (10, 25),
    ("iku8", "renstra", "2024", "target", "T5"): (75, 100),
}


class Regeneration(unittest.TestCase):
    def test_tool_writes_the_package_that_is_checked_in(self):
        with tempfile.TemporaryDirectory() as out:
            subprocess.run([sys.executable, TOOL, "--out", out], check=True,
                           stdout=subprocess.DEVNULL)
            written = {path.name: path.read_bytes()
                       for path in Path(out).iterdir()}
        kept = {path.name: path.read_bytes() for path in PACKAGE.iterdir()}
        self.assertEqual(sorted(written), sorted(kept))
        for name in written:
            self.assertTrue(written[name] == kept[name], f"{name} differs")

    def test_files_are_plain_utf8_with_lf(self):
        for path in PACKAGE.iterdir():
            data = path.read_bytes()
            data.decode("utf-8")
            self.assertNotIn(b"\r", data, path.name)
            self.assertTrue(data.endswith(b"\n"), path.name)


class PrintedCells(unittest.TestCase):
    def test_every_cell_is_kept_as_printed_and_no_other(self):
        kept = {(r["table"], int(r["row"]), r["column"]): r["text"]
                for r in DATA["printed"]}
        expected = {(table, number, column): text
                    for table, rows in TABLES.items()
                    for number, row in enumerate(rows, 1)
                    for column, text in cells(table, row).items()}
        self.assertEqual(kept, expected)
        self.assertEqual(len(kept), 2744)

    def test_cells_stand_on_increasing_source_lines(self):
        last = {}
        for row in DATA["printed"]:
            table, line = row["table"], int(row["line"])
            if table != "prose":
                self.assertGreaterEqual(line, last.get(table, 0), row)
            last[table] = line
        self.assertEqual(last["T1"], 273)
        self.assertEqual(last["T8"], 969)

    def test_claims_of_target_cells_name_the_key_they_state(self):
        claims = {(r["table"], int(r["row"]), r["column"]):
                  (r["owner"], r["stage"], r["period"], r["field"])
                  for r in DATA["printed"]}
        for where, key, _ in value_cells():
            self.assertEqual(claims[where], key, where)

    def test_claims_of_pagu_cells_name_the_node_and_stage(self):
        claims = {(r["table"], int(r["row"]), r["column"]):
                  (r["owner"], r["field"], r["stage"], r["period"])
                  for r in DATA["printed"]}
        for (table, number, column), node, stage, _ in pagu_cells():
            self.assertEqual(claims[table, number, column],
                             (node, "budget", stage, "2024"))


class Values(unittest.TestCase):
    def test_every_target_and_realisation_is_in_the_model(self):
        clashes = {}
        for (table, number, column), key, text in value_cells():
            printed, unit = printed_value(text)
            kept, kept_unit = model_value(key)
            if unit is None:      # a bare number states no unit
                kept_unit = None
            if (printed, unit) != (kept, kept_unit):
                clashes[(*key, table)] = (printed, kept)
        self.assertEqual(clashes, COLLISIONS)

    def test_the_model_has_no_value_that_no_cell_states(self):
        stated = {key for _, key, text in value_cells() if text}
        self.assertEqual(stated, set(MEASURE))
        self.assertEqual(len(MEASURE), 547)

    def test_text_stands_where_a_cell_is_not_one_plain_number(self):
        odd = Counter(r["text"] for r in DATA["measures"] if r["text"])
        self.assertEqual(set(odd) - TEXTS, {
            "60.53 / B", "62,00 / B", "64,00 / B", "66,00 / B", "70,00 / B",
            "72,00 / B"})
        self.assertEqual(odd["Cepat Berkembang"], 6)

    def test_dash_zero_and_missing_stay_apart(self):
        self.assertEqual({key for key, row in MEASURE.items()
                          if row["value"] == "-"},
                         {key for _, key, text in value_cells() if text == "-"})
        self.assertEqual(model_value(("1.06.05#1", "common", "2022",
                                      "achieved")), ("-", None))
        self.assertEqual(model_value(("1.06.01.2.01#1", "final", "2024",
                                      "target")), (0, "dokumen"))
        self.assertNotIn(("1.06.04.2.02#1", "common", "2022", "achieved"),
                         MEASURE)

    def test_values_of_one_indicator_keep_their_own_units(self):
        salaries = "1.06.01.2.02.01#1"
        self.assertEqual(model_value((salaries, "common", "2022", "achieved")),
                         (26, "orang"))
        self.assertEqual(model_value((salaries, "common", "2023", "target")),
                         (312, "orang/bulan"))

    def test_names_are_those_of_the_stage(self):
        """A stage's name is in texts.csv, else in nodes or indicators."""
        own = {r["node"]: r["name"] for r in DATA["nodes"]}
        own.update((r["indicator"], r["name"]) for r in DATA["indicators"])
        other = {(r["owner"], r["stage"]): r["text"] for r in DATA["texts"]
                 if r["kind"] == "name"}
        rows = [("T1", "name", "indicator", "common"),
                ("T3", "name", "indicator", "draft"),
                ("T3", "need_name", "indicator", "need"),
                ("T7", "name", "indicator", "final")]
        used = set()
        for table, name, indicator, stage in rows:
            for row in TABLES[table]:
                node = row["code_norm"]
                pairs = [(node, row[name])] if node else []
                if row[indicator]:
                    pairs.append((node + "#1", row[indicator]))
                for owner, text in pairs:
                    key = (owner, stage)
                    used.add(key)
                    self.assertEqual(other.get(key, own[owner]), text, key)
        for row in TABLES["T2"]:
            key = ("iku" + row["no"], "common")
            used.add(key)
            self.assertEqual(other.get(key, own[key[0]]), row["indicator"])
        for number, row in enumerate(TABLES["T5"], 1):
            self.assertEqual(own[f"iku{number}"], row["objective_indicator"])
        self.assertEqual(set(other) - used, set())


# --- money -------------------------------------------------------------------

NODES = {row["node"]: row for row in DATA["nodes"]}


def parent_of(node):
    """The parent as the schema says: written out, else the longest prefix."""
    if NODES[node]["parent"]:
        return NODES[node]["parent"]
    parts = node.split(".")
    for length in range(len(parts) - 1, 0, -1):
        if ".".join(parts[:length]) in NODES:
            return ".".join(parts[:length])
    return "."


CHILDREN = {}
for _node in NODES:
    if _node != ".":
        CHILDREN.setdefault(parent_of(_node), []).append(_node)


def in_stage(node, stage):
    stages = NODES[node]["stages"].split()
    return not stages or stage in stages


def roll_up(node, stage):
    """Number, "-" or "" (missing) of a node: the sum of what is below."""
    if node not in CHILDREN:
        own = BUDGET.get((node, stage), "")
        return int(own) if own not in ("", "-") else own
    parts = [roll_up(child, stage) for child in CHILDREN[node]
             if in_stage(child, stage)]
    numbers = [part for part in parts if isinstance(part, int)]
    return sum(numbers) if numbers else "-" if "-" in parts else ""


def pagu_cells():
    """(where, node, stage, text) of every printed pagu of the plan year."""
    for table, column, stage in (("T3", "draft_pagu", "draft"),
                                 ("T3", "need_pagu", "need"),
                                 ("T7", "pagu", "final"),
                                 ("T8", "pagu", "final")):
        for number, row in enumerate(TABLES[table], 1):
            yield ((table, number, column), row["code_norm"] or ".", stage,
                   cells(table, row)[column])
    for number, row in enumerate(TABLES["T6"], 1):
        yield (("T6", number, "pagu"), row["sub_code_norm"], "final",
               row["pagu_raw"])


def rupiah(text):
    """A printed amount: both . and , group thousands; two decimals are 0."""
    if text in ("", "-"):
        return text
    return int(re.sub(r"[.,]", "", re.sub(r"[.,]00$", "", text)))


# Printed cells that are not the sum of the leaves: (printed, computed).
# An urusan has no pagu in Tabel 3, and its draft total is not printed.
# A "-" on a parent whose lines print nothing is a mark without a line to
# stand on. Tabel 7 and 8 print nothing for a kegiatan that has a budget.
NOT_THE_SUM = {
    ("T3", "1", "draft"): ("", 4197049000),
    ("T3", "1", "need"): ("", 4455445985),
    ("T3", "2", "draft"): ("", 871931596),
    ("T3", "2", "need"): ("", 2281327980),
    ("T3", ".", "draft"): ("", 5068980596),
    ("T3", "1.06.01.2.01", "draft"): ("-", ""),
    ("T3", "1.06.01.2.01", "need"): ("-", ""),
    ("T3", "1.06.02", "draft"): ("-", ""),
    ("T3", "1.06.02.2.02", "draft"): ("-", ""),
    ("T3", "1.06.02.2.02", "need"): ("-", ""),
    ("T3", "1.06.02.2.03", "draft"): ("-", ""),
    ("T7", "1.06.02.2.03", "final"): ("", 99836740),
    ("T8", "1.06.02.2.03", "final"): ("", 99836740),
}


class Money(unittest.TestCase):
    def test_roll_up_meets_every_printed_pagu(self):
        gaps = {}
        for (table, _, _), node, stage, text in pagu_cells():
            printed, computed = rupiah(text), roll_up(node, stage)
            if printed != computed:
                gaps[table, node, stage] = (printed, computed)
        self.assertEqual(gaps, NOT_THE_SUM)

    def test_totals_of_the_stages(self):
        self.assertEqual(roll_up(".", "draft"), 5068980596)
        self.assertEqual(roll_up(".", "need"), 6736773965)
        self.assertEqual(roll_up(".", "final"), 6736773965)
        self.assertEqual(roll_up("1.06", "final"), 4455445985)
        self.assertEqual(roll_up("2.13", "final"), 2281327980)

    def test_tabel_8_fills_the_row_that_tabel_7_lost(self):
        node = "1.06.04.2.01.12"
        self.assertNotIn(node, {r["code_norm"] for r in TABLES["T7"]})
        self.assertEqual(BUDGET[node, "final"], "9810000")

    def test_only_leaves_carry_money_except_the_lump_of_2022(self):
        inner = [r for r in DATA["amounts"] if r["node"] in CHILDREN]
        self.assertEqual(inner, [{
            "node": ".", "stage": "common", "period": "2022",
            "budget": "5176219306", "spent": "4958785649"}])

    def test_dash_of_a_leaf_is_kept(self):
        self.assertEqual(BUDGET["1.06.01.2.05.01", "need"], "-")
        self.assertNotIn(("1.06.01.2.05.01", "draft"), BUDGET)
        self.assertNotIn(("1.06.01.2.05.02", "need"), BUDGET)

    def test_proposals_are_those_of_tabel_4(self):
        for row, kept in zip(TABLES["T4"], DATA["proposals"], strict=True):
            self.assertEqual(kept["proposal"], "usulan-" + row["no"])
            self.assertEqual(kept["amount"], row["pagu"])
            self.assertEqual((kept["name"], kept["location"], kept["text"],
                              kept["status"]),
                             (row["proposal"], row["location"], row["volume"],
                              row["status"]))
            self.assertEqual(kept["node"], "2.13.05.2.01.04")


# --- structure ---------------------------------------------------------------

class Structure(unittest.TestCase):
    def test_descriptor_describes_every_file_and_column(self):
        resources = {r["path"]: r for r in DESCRIPTOR["resources"]}
        self.assertEqual(set(resources),
                         {path.name for path in PACKAGE.glob("*.csv")})
        for path, resource in resources.items():
            with open(PACKAGE / path, encoding="utf-8", newline="") as file:
                header = next(csv.reader(file))
            fields = resource["schema"]["fields"]
            self.assertEqual(header, [field["name"] for field in fields], path)

    def test_values_obey_the_schema(self):
        kinds = {"integer": r"-?\d+", "number": r"-?\d+(\.\d+)?",
                 "boolean": "true|false", "string": r"(?s:.*)"}
        for resource in DESCRIPTOR["resources"]:
            marks = {m["value"] for m in resource["schema"]["missingValues"]}
            for field in resource["schema"]["fields"]:
                limits = field.get("constraints", {})
                for row in DATA[resource["name"]]:
                    value, where = row[field["name"]], (resource["name"], row)
                    if value in marks:
                        self.assertFalse(limits.get("required"), where)
                        continue
                    self.assertRegex(value, f"^({kinds[field['type']]})$")
                    if "enum" in limits:
                        self.assertIn(value, limits["enum"], where)

    def test_primary_keys_are_unique_and_foreign_keys_exist(self):
        for resource in DESCRIPTOR["resources"]:
            name, schema = resource["name"], resource["schema"]
            keys = Counter(tuple(row[c] for c in schema["primaryKey"])
                           for row in DATA[name])
            self.assertEqual([k for k, n in keys.items() if n > 1], [], name)
            for key in schema.get("foreignKeys", []):
                there = key["reference"]
                known = {tuple(row[c] for c in there["fields"])
                         for row in DATA[there.get("resource", name)]}
                for row in DATA[name]:
                    value = tuple(row[c] for c in key["fields"])
                    self.assertTrue(value in known or not any(value),
                                    (name, key, row))

    def test_sixty_five_nodes_and_the_root_each_in_its_stages(self):
        count = lambda stage: sum(in_stage(n, stage) for n in NODES if n != ".")
        self.assertEqual([count(s) for s in ("draft", "need", "final")],
                         [65, 65, 62])
        self.assertEqual({n for n in NODES if not in_stage(n, "final")},
                         {"1.06.01.2.05", "1.06.01.2.05.01", "1.06.01.2.05.02"})
        printed = {t: {r["code_norm"] for r in TABLES[t]} - {""}
                   for t in ("T3", "T7", "T8")}
        self.assertEqual(printed["T3"], {n for n in NODES if n != "."})
        self.assertEqual(printed["T7"] | printed["T8"],
                         {n for n in NODES if n != "." and in_stage(n, "final")})

    def test_levels_follow_the_tables_and_the_code_length(self):
        length = {r["level"]: int(r["length"]) for r in DATA["levels"]
                  if r["tree"] == "main"}
        for table in ("T1", "T3", "T7", "T8"):
            for row in TABLES[table]:
                if row["code_norm"]:
                    self.assertEqual(NODES[row["code_norm"]]["level"],
                                     row["level"])
        for node, row in NODES.items():
            parts = 0 if node == "." else node.count(".") + 1
            self.assertEqual(parts, length[row["level"]], node)

    def test_values_belong_to_stages_in_which_their_node_is(self):
        for row in DATA["amounts"]:
            self.assertTrue(in_stage(row["node"], row["stage"]), row)
        for row in DATA["measures"]:
            owner = INDICATOR[row["indicator"]]["owner"]
            if owner in NODES and row["stage"] in ("draft", "need", "final"):
                self.assertTrue(in_stage(owner, row["stage"]), row)

    def test_every_owner_and_class_exists(self):
        classes = {(r["tree"], r["class"]) for r in DATA["classes"]}
        owners = (set(NODES) | set(INDICATOR) | {""}
                  | {f"{tree}:{name}" for tree, name in classes}
                  | {"proposal:" + r["proposal"] for r in DATA["proposals"]})
        for name in ("indicators", "printed", "texts"):
            for row in DATA[name]:
                self.assertIn(row["owner"], owners, name)
        for row in NODES.values():
            for tree in ("fund", "unit"):
                if row[tree]:
                    self.assertIn((tree, row[tree]), classes)
        for row in DATA["classes"]:
            if row["parent"]:
                self.assertIn((row["tree"], row["parent"]), classes)

    def test_every_program_kegiatan_and_sub_kegiatan_has_its_indicator(self):
        owners = {r["owner"]: r["indicator"] for r in DATA["indicators"]}
        for node, row in NODES.items():
            if row["level"] in ("program", "kegiatan", "sub_kegiatan"):
                self.assertEqual(owners[node], node + "#1")
        self.assertEqual(len(INDICATOR), 73)

    def test_tags_are_those_that_are_printed(self):
        fund = {r["code_norm"]: r["source"] for r in TABLES["T7"] if r["source"]}
        fund["."] = "APBD"
        self.assertEqual(fund, {n: r["fund"] for n, r in NODES.items()
                                if r["fund"]})
        unit = {n for n, r in NODES.items() if r["unit"]}
        self.assertEqual(unit - {"."}, {r["code_norm"] for r in TABLES["T8"]
                                        if r["unit_responsible"]})
        linked = {r["sub_code_norm"] for r in TABLES["T6"]}
        for tree in ("pn", "pp"):
            self.assertEqual({r["node"] for r in DATA["tags"]
                              if r["tree"] == tree}, linked)

    def test_rows_stand_in_canonical_order(self):
        nodes = list(NODES)
        code = lambda n: [] if n == "." else [int(p) for p in n.split(".")]
        self.assertEqual(nodes, sorted(nodes, key=code))
        stage = {r["stage"]: int(r["rank"]) for r in DATA["stages"]}
        keys = [(nodes.index(r["node"]), stage[r["stage"]], r["period"])
                for r in DATA["amounts"]]
        self.assertEqual(keys, sorted(keys))
        order = list(INDICATOR)
        keys = [(order.index(r["indicator"]), stage[r["stage"]])
                for r in DATA["measures"]]
        self.assertEqual(keys, sorted(keys))

    def test_figures_of_the_prose_are_kept_with_their_statement(self):
        said = {int(r["rank"]): r["text"] for r in DATA["texts"]
                if r["kind"] == "context"}
        self.assertEqual(said, {number: row["statement"] for number, row
                                in enumerate(TABLES["prose"], 1)})


if __name__ == "__main__":
    unittest.main()
