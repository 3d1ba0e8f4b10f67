"""Small plans made here, in the one-file JSON form, for what the Tarakan plan has none of."""

import json
import tempfile
from pathlib import Path

STAGES = [["stage", "name", "kind", "role", "rank"], ["common", "Umum", "common", "", "0"]]
LEVELS = [["tree", "level", "rank", "name", "name_en", "length"]]
NODES = [["node", "parent", "level", "code", "name", "sign", "stages"]]
AMOUNTS = [["node", "stage", "period", "budget", "spent"]]
MEASURES = [["indicator", "stage", "period", "field", "value", "unit", "text"]]
INDICATORS = [["indicator", "owner", "type", "name", "unit", "polarity", "over_time", "over_children", "weight", "definition"]]
UNITS = [["unit", "name", "kind", "synonyms", "over_time", "over_children", "scale", "categories"]]
TEXTS = [["owner", "kind", "stage", "period", "lang", "rank", "text", "line"]]


def write_package(folder, name, pagu, **resources):
    """Write NAME.json; resources are lists of rows, the first of them the names of the columns."""
    path = Path(folder) / f"{name}.json"
    path.write_text(json.dumps({
        "name": name, "pagu": {"format": 1, **pagu},
        "resources": [{"name": key, "data": rows} for key, rows in resources.items()],
    }, ensure_ascii=False), encoding="utf-8")
    return path


def empty(folder):
    """A plan with a root and nothing else: no strategic plan, objectives, tags, indicators or money."""
    return write_package(
        folder, "kosong", {"year": 2030, "years": [2030, 2030]},
        stages=STAGES + [["rencana", "Rencana", "plan", "", "1"]], levels=LEVELS + [["main", "plan", "0", "Rencana", "Plan", "0"]],
        nodes=NODES + [[".", "", "plan", "-", "Rencana kosong", "", ""]], amounts=AMOUNTS, units=UNITS, indicators=INDICATORS,
        measures=MEASURES)


def foreign(folder):
    """Two levels named otherwise, codes without dots, cents, fiscal years, one stage, no tags."""
    return write_package(
        folder, "shire", {"year": 2031, "years": [2029, 2032], "money": {"currency": "AUD", "decimals": 2, "unit": 1},
                          "organisation": "Shire of Example", "locale": "en"},
        stages=STAGES + [["budget", "Budget", "plan", "", "1"]],
        levels=LEVELS + [["main", "shire", "0", "Shire", "Shire", "0"], ["main", "department", "1", "Departemen", "Department", "1"],
                         ["main", "service", "2", "Layanan", "Service", "2"]],
        nodes=NODES + [[".", "", "shire", "-", "Shire of Example", "", ""], ["A", "", "department", "A", "Roads", "", ""],
                       ["A.1", "", "service", "A.1", "=HYPERLINK(\"x\")", "", ""], ["A.2", "", "service", "A.2", "Street <b>lights</b>", "", ""],
                       ["B", "", "department", "B", "Libraries", "", ""]],
        amounts=AMOUNTS + [["A.1", "budget", "2031", "1234567.89", ""], ["A.2", "budget", "2031", "-0.5", ""],
                           ["B", "budget", "2031", "1499.99", ""]],
        units=UNITS + [["km", "km", "count", "", "sum", "none", "", ""]],
        indicators=INDICATORS + [["A.1#1", "A.1", "output", "Length sealed", "km", "higher", "", "", "", ""]],
        measures=MEASURES + [["A.1#1", "budget", "2031", "target", "12.5", "", ""]])


def quarterly(folder):
    """One program with three activities over four quarters of 2024: a sum, a percentage, and one
    where lower is better; a second program without an indicator of its own."""
    def measures(indicator, stage, field, values):
        return [[indicator, stage, period, field, value, "", ""] for period, value in values.items()]

    def spent(node, values):
        return [[node, "common", period, "", value] for period, value in values.items()]

    return write_package(
        folder, "triwulan", {"year": 2024, "years": [2020, 2025], "organisation": "Dinas Contoh", "government": "Kota Contoh",
                             "strategic": {"start": 2021, "end": 2025, "name": "Renstra 2021-2025"}},
        stages=STAGES + [["renstra", "Renstra", "reference", "strategic", "1"], ["dpa", "DPA", "plan", "", "2"]],
        levels=LEVELS + [["main", "plan", "0", "Renja", "Plan", "0"], ["main", "program", "1", "Program", "Program", "1"],
                         ["main", "kegiatan", "2", "Kegiatan", "Activity", "2"]],
        nodes=NODES + [[".", "", "plan", "-", "Renja", "", ""], ["1", "", "program", "1", "Pelayanan", "", ""],
                       ["1.1", "", "kegiatan", "1.1", "Pelatihan", "", ""], ["1.2", "", "kegiatan", "1.2", "Pengaduan", "", ""],
                       ["1.3", "", "kegiatan", "1.3", "Keterlambatan", "", ""], ["2", "", "program", "2", "Penunjang", "", ""],
                       ["2.1", "", "kegiatan", "2.1", "Rapat", "", ""]],
        amounts=AMOUNTS
        + [["1.1", "dpa", "2024", "100000000", ""], ["1.2", "dpa", "2024", "50000000", ""], ["1.3", "dpa", "2024", "30000000", ""],
           ["2.1", "dpa", "2024", "20000000", ""], ["1.1", "renstra", "2021", "90000000", ""], ["1.1", "renstra", "2024", "110000000", ""],
           ["1.1", "common", "2022", "80000000", "70000001"], ["1.1", "common", "2023", "85000000", "80000002"]]
        + spent("1.1", {"2024Q1": "10000003", "2024Q2": "20000000", "2024Q3": "30000000", "2024Q4": "35000000"})
        + spent("1.2", {"2024Q1": "5000000", "2024Q2": "-", "2024Q3": "25000000"})
        + spent("2.1", {"2024Q2": "15000000"}),
        units=UNITS + [["orang", "Orang", "count", "", "sum", "none", "", ""], ["%", "%", "percent", "Persen", "last", "none", "", ""],
                       ["hari", "Hari", "count", "", "mean", "none", "", ""], ["kali", "Kali", "count", "", "sum", "none", "", ""]],
        indicators=INDICATORS
        + [["1#1", "1", "outcome", "Indeks kepuasan", "%", "higher", "", "", "", ""],
           ["1.1#1", "1.1", "output", "Jumlah orang dilatih", "orang", "higher", "", "", "", ""],
           ["1.2#1", "1.2", "output", "Pengaduan ditangani", "%", "higher", "", "", "", ""],
           ["1.3#1", "1.3", "output", "Rata-rata keterlambatan", "hari", "lower", "", "", "", ""],
           ["2.1#1", "2.1", "output", "Jumlah rapat", "kali", "higher", "", "", "", ""]],
        measures=MEASURES
        + [["1#1", "dpa", "2024", "target", "80", "", ""], ["1#1", "common", "2024", "achieved", "84", "", ""],
           ["1#1", "renstra", "..2025", "target", "90", "", ""],
           ["1.1#1", "renstra", "..2025", "target", "500", "", ""], ["1.1#1", "dpa", "2024", "target", "120", "", ""],
           ["1.2#1", "dpa", "2024", "target", "100", "", ""], ["1.3#1", "dpa", "2024", "target", "4", "", ""],
           ["2.1#1", "dpa", "2024", "target", "12", "", ""], ["1.1#1", "common", "2022", "target", "100", "", ""]]
        + measures("1.1#1", "common", "achieved", {"..2021": "90", "2022": "95", "2023": "110", "2024Q1": "20", "2024Q2": "30",
                                                  "2024Q3": "25", "2024Q4": "33"})
        + measures("1.2#1", "common", "achieved", {"2024Q1": "60", "2024Q2": "75", "2024Q3": "90"})
        + measures("1.3#1", "common", "achieved", {"2024Q1": "6", "2024Q2": "5", "2024Q3": "5", "2024Q4": "4"})
        + measures("2.1#1", "common", "achieved", {"2024Q2": "12"}),
        texts=TEXTS
        + [[".", "driver", "common", "2024", "id", "1", "Dukungan kelurahan", ""],
           ["1.2", "obstacle", "common", "2024", "id", "1", "Petugas kurang", ""],
           ["1.2", "obstacle", "common", "2023", "id", "1", "Tahun lain, tidak dicetak", ""],
           ["1.2", "follow_up", "common", "2024Q3", "id", "1", "Tambah petugas", ""],
           ["1.1#1", "driver", "common", "2022", "id", "1", "Peserta antusias.", ""],
           ["1.1", "follow_up", "common", "2022", "id", "1", "Perluas sasaran", ""],
           ["1.1", "follow_up", "dpa", "2024", "id", "2", "Anggarkan lebih awal", ""],
           ["1.2", "note", "dpa", "*", "id", "1", "Sistem baru", ""]])


class Folder:
    """A folder of packages for one test class."""

    def __init__(self, case):
        self.temporary = tempfile.TemporaryDirectory()
        case.addClassCleanup(self.temporary.cleanup)
        self.path = Path(self.temporary.name)
