"""Generated offices, cities and provinces as packages, with every figure kept for a second sum.

All names and amounts are invented; the codes only have the shape of the national ones. Offices
with one `bidang` (the districts of a city) share programs, so that a sum by code has something
to add.
"""
import csv
import json
import os
import random

LEVELS = ["plan", "urusan", "bidang", "program", "kegiatan", "sub_kegiatan"]
STAGES = [("common", "Umum", "common", 0), ("draft", "Rancangan", "plan", 1), ("final", "Renja", "plan", 2)]


def write_csv(folder, name, head, rows):
    with open(f"{folder}/{name}.csv", "w", newline="") as f:
        out = csv.writer(f, lineterminator="\n")
        out.writerow(head)
        out.writerows(rows)


def write_package(folder, pagu, tables):
    """tables: {name: (head, rows)}; the descriptor has no schemas."""
    os.makedirs(folder, exist_ok=True)
    for name, (head, rows) in tables.items():
        write_csv(folder, name, head, rows)
    descriptor = {
        "name": os.path.basename(folder),
        "resources": [{"name": n, "path": f"{n}.csv"} for n in tables],
        "pagu": {"format": 1, "year": 2024, "stage": "final", **pagu},
    }
    with open(f"{folder}/datapackage.json", "w") as f:
        json.dump(descriptor, f)


def skeleton(root):
    return {
        "stages": (["stage", "name", "kind", "rank"], STAGES),
        "levels": (["tree", "level", "rank", "name"], [("main", x, i, x) for i, x in enumerate(LEVELS)]),
        "nodes": (["node", "level", "name"], [(".", "plan", root)]),
        "amounts": (["node", "stage", "period", "budget", "spent"], []),
        "units": (["unit", "name", "kind"], [("orang", "Orang", "count"), ("%", "Persen", "percent")]),
    }


class Office:
    """One office: its package, and figures by (key, stage, year, field)."""

    def __init__(self, name, bidang, seed, lines=60):
        self.name, self.bidang, self.lines = name, bidang, lines
        self.random = random.Random(seed)
        self.title = f"Dinas Rekaan {name}"
        self.names, self.figures, self.targets, self.before = {}, {}, {}, {}
        self.grow()

    def grow(self):
        r, made, program = self.random, 0, 0
        self.names[self.bidang.split(".")[0]] = "Urusan"
        self.names[self.bidang] = "Bidang " + self.bidang
        while made < self.lines:
            program += 1
            p = f"{self.bidang}.{program:02}"
            # one program in five is spelt differently by some offices
            self.names[p] = f"Program {p}" + (" (ejaan lain)" if program % 5 == 0 and r.random() < 0.5 else "")
            for k in range(1, r.randint(1, 3) + 1):
                if made >= self.lines:
                    break
                kegiatan = f"{p}.2.{k:02}"
                self.names[kegiatan] = f"Kegiatan {kegiatan}"
                for s in range(1, r.randint(1, 6) + 1):
                    if made < self.lines:
                        self.add_line(f"{kegiatan}.{s:04}")
                        made += 1

    def add_line(self, key):
        r = self.random
        self.names[key] = f"Sub kegiatan {key}"
        for stage in ("draft", "final"):
            for year in (2024, 2025):
                if r.random() < 0.9:
                    self.figures[key, stage, year, "budget"] = r.randint(0, 5_000_000_000)
        if r.random() < 0.7:
            self.figures[key, "common", 2022, "spent"] = r.randint(0, 4_000_000_000)
            self.figures[key, "common", 2022, "budget"] = r.randint(4_000_000_000, 5_000_000_000)
        self.targets[key] = r.randint(1, 500)
        self.before[key] = (r.randint(1, 500), r.randint(0, 500)) # target and achieved of 2022

    def write(self, folder, **pagu):
        tables = skeleton("Renja " + self.title)
        for key, name in self.names.items():
            tables["nodes"][1].append((key, LEVELS[level_rank(key)], name))
        rows = {}
        for (key, stage, year, field), value in self.figures.items():
            rows.setdefault((key, stage, year), {})[field] = value
        tables["amounts"][1].extend(
            (*at, v.get("budget", ""), v.get("spent", "")) for at, v in sorted(rows.items()))
        tables["indicators"] = (["indicator", "owner", "name", "unit"],
                                [(f"{k}#1", k, "Jumlah orang", "orang") for k in self.targets])
        tables["measures"] = (["indicator", "stage", "period", "field", "value"],
                              [(f"{k}#1", "final", 2024, "target", v) for k, v in self.targets.items()] +
                              [(f"{k}#1", "common", 2022, f, v) for k, b in self.before.items()
                               for f, v in zip(("target", "achieved"), b)])
        write_package(folder, {"organisation": self.title, **pagu}, tables)

    def total(self, stage, year, field="budget", prefix=""):
        return sum(v for (key, s, y, f), v in self.figures.items()
                   if s == stage and y == year and f == field and (key + ".").startswith(prefix + "." if prefix else ""))


def level_rank(key):
    return {1: 1, 2: 2, 3: 3, 5: 4, 6: 5}[key.count(".") + 1]


class City:
    """Offices below one root; every second office is a district with the codes 7.01."""

    def __init__(self, name, n, seed, lines=60):
        self.name = name
        self.offices = []
        for i in range(1, n + 1):
            district = i % 2 == 0
            bidang = "7.01" if district else f"{1 + i % 3}.{i:02}"
            kind = "kecamatan" if district else "dinas"
            self.offices.append(Office(f"{kind}-{i:02}", bidang, seed * 1000 + i, lines))

    def write(self, folder):
        for office in self.offices:
            office.write(f"{folder}/{office.name}")
        include = [{"path": f"../{o.name}", "as": o.name, "under": "."} for o in self.offices]
        write_package(f"{folder}/{self.name}", {"organisation": f"Pemerintah {self.name}", "include": include},
                      skeleton(f"Renja {self.name}"))
        return f"{folder}/{self.name}"

    def total(self, *at, **kw):
        return sum(o.total(*at, **kw) for o in self.offices)


def write_province(folder, cities):
    include = []
    for city in cities:
        os.makedirs(f"{folder}/{city.name}.d")
        city.write(f"{folder}/{city.name}.d")
        include.append({"path": f"../{city.name}.d/{city.name}", "as": city.name, "under": "."})
    write_package(f"{folder}/provinsi", {"organisation": "Pemerintah Provinsi Rekaan", "include": include},
                  skeleton("Provinsi Rekaan"))
    return f"{folder}/provinsi"
