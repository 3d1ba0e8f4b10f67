"""Printed cells of the seed's transcription against cells of our reports."""

import re
from decimal import Decimal

from tarakan import PLAN, read_csv

SPELLINGS = {}  # every spelling of a unit -> the unit's id
for unit in read_csv(PLAN / "units.csv"):
    for spelling in [unit["unit"], unit["name"], *unit["synonyms"].split("|")]:
        SPELLINGS[spelling.casefold()] = unit["unit"]


def unit_of(spelling):
    return SPELLINGS.get(spelling.casefold(), spelling)


def same_target(printed_value, printed_unit, value, unit):
    """The same number (or text) in a spelling of the same unit."""
    if printed_value == value:
        return unit_of(printed_unit) == unit_of(unit)
    if not (printed_value and value):
        return False
    return Decimal(printed_value) == Decimal(value) and unit_of(printed_unit) == unit_of(unit)


def split_target(text):
    """'312 Orang/Bulan' -> ('312', 'Orang/Bulan'); text without a number stays whole."""
    text = text.replace("%", " %")
    number, _, unit = text.partition(" ")
    return (number, unit.strip()) if number.replace(".", "").isdigit() else (text, "")


def differences(printed, ours, columns):
    """[(code, column, printed, ours)] over rows in printed order, with rows that only one has.

    columns: (name, how): how(printed row, our row) -> (printed, ours) if they differ, else None.
    """
    by_code = {r["code"]: r for r in ours}
    found = [(r["code_norm"], "row", "printed", "-") for r in printed if r["code_norm"] not in by_code]
    known = {r["code_norm"] for r in printed}
    found += [(code, "row", "-", "ours") for code in by_code if code not in known]
    for row in printed:
        mine = by_code.get(row["code_norm"])
        for name, how in columns if mine else []:
            pair = how(row, mine)
            if pair:
                found.append((row["code_norm"], name, *pair))
    return found


def plain(printed_name, our_name):
    def how(row, mine):
        a, b = row[printed_name], mine[our_name]
        return None if a == b else (a, b)
    return how


def amount(printed_name, our_name, raw_name):
    """Amounts by number; a printed dash is `-` for us too."""
    def how(row, mine):
        a = "-" if row[raw_name] == "-" else row[printed_name]
        return None if a == mine[our_name] else (a, mine[our_name])
    return how


def target(our_name, split):
    def how(row, mine):
        value, unit = split(row)
        if same_target(value, unit, mine[our_name], mine[our_name + "_unit"]):
            return None
        return f"{value} {unit}", f"{mine[our_name]} {mine[our_name + '_unit']}"
    return how


def own_target(row):
    return row["target_value"], row["target_unit"]


def number_in(text):
    """('1.283', None) -> 1283; '96,80' -> 96.80; '98,68%' -> (98.68, '%'): value and unit, or None."""
    found = re.fullmatch(r"(-?[\d.,]*\d)\s*(.*)", text.strip())
    if not found:
        return None
    digits, unit = found.groups()
    if re.fullmatch(r"\d{1,3}(\.\d{3})+(,\d+)?", digits):
        digits = digits.replace(".", "")
    return Decimal(digits.replace(",", ".")), unit.strip()


def same_measure(text, cell):
    """A printed cell and ours of a JSON report: the mark, the text, or the number in the same unit,
    where the document prints one."""
    if text == "" or cell is None:
        return text == "" and cell is None
    if text == "-" or cell == "-":
        return text == cell
    if isinstance(cell, (int, float)):
        cell = {"value": cell, "unit": "%", "text": None}
    if not isinstance(cell, dict):
        return False
    if cell["text"] == text:
        return True
    printed = number_in(text)
    if printed is None or cell["value"] is None:
        return False
    value, unit = printed
    return value == Decimal(str(cell["value"])) and unit_of(unit or cell["unit"]) == unit_of(cell["unit"])


def measure(printed_name, our_name):
    def how(row, mine):
        return None if same_measure(row[printed_name], mine[our_name]) else (row[printed_name], shown(mine[our_name]))
    return how


def rate(printed_name, our_name):
    """A printed percentage and ours, at the places that the document prints."""
    def how(row, mine):
        text_, ours = row[printed_name], mine[our_name]
        printed = number_in(text_)
        if same_measure(text_, ours):
            return None
        if printed and isinstance(ours, (int, float)):
            places = -printed[0].as_tuple().exponent
            if round(Decimal(str(ours)), places) == printed[0]:
                return None
        return text_, shown(ours)
    return how


def shown(cell):
    """A cell of a JSON report in few words."""
    if isinstance(cell, dict):
        return cell["text"] or f"{cell['value']} {cell['unit']}".strip()
    return "" if cell is None else str(cell)


def row_differences(printed, ours, columns):
    """As differences, of rows that stand in the same order: [(row number, column, printed, ours)]."""
    found = [] if len(printed) == len(ours) else [(0, "rows", str(len(printed)), str(len(ours)))]
    for i, (row, mine) in enumerate(zip(printed, ours), 1):
        for name, how in columns:
            pair = how(row, mine)
            if pair:
                found.append((i, name, *pair))
    return found
