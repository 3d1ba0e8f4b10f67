"""Random plans: leaves at mixed depths, signs, lines, own lines, two stages, missing values and dashes.

A Plan writes itself as a one-file JSON package and gives the model's case for each of its stages.

SPDX-License-Identifier: MIT
"""

import json

from pagu_model import code_key

STAGES = ("need", "final")
COLUMNS = {"2024": ("budget", 2024), "2025": ("budget", 2025), "2026": ("budget", 2026), "spent": ("spent", 2024)}
LEVELS = 12


class Plan:
    """Rows of a package, and the models of its stages."""

    def __init__(self, rng):
        self.rng = rng
        self.huge = rng.random() < 0.08
        self.scale = rng.choice((12, 3000, 10**7, 10**11))
        self.make_nodes()
        self.make_amounts()
        self.make_own_lines()

    def amount(self):
        r = self.rng
        if self.huge:
            return r.choice((1, -1, 1)) * r.randrange(2**63 // (4 * len(self.nodes) + 8))
        x = r.choice((0, 1, r.randrange(self.scale), r.randrange(self.scale), r.randrange(self.scale) // 1000 * 1000))
        return -x if r.random() < self.negatives else x

    def cell(self):
        chance = self.rng.random()
        return "-" if chance < 0.08 else None if chance < 0.08 + self.missing else self.amount()

    # A node: key -> [parent given or None, sign, stages]; the parent is found as the format says.
    def make_nodes(self):
        r = self.rng
        wide = r.random() < 0.06
        n = r.randrange(90, 220) if wide else r.choice((0, 1, 2)) if r.random() < 0.05 else r.randrange(3, 28)
        self.negatives, self.missing = r.choice((0, 0, 0.15)), r.choice((0, 0, 0.2, 0.6))
        minus, zero = r.choice(((0, 0), (0, 0), (0.12, 0.05)))
        parted = r.random() < 0.5
        self.nodes = {}
        while len(self.nodes) < n:
            keys = list(self.nodes)
            under = r.choice([None] + (keys[:12] if wide else keys))
            key = r.choice((f"{r.randrange(40 if not wide else 400):02}", f"{r.randrange(30)}", r.choice("ABX")))
            line = under and r.random() < 0.08
            if r.random() < 0.1 and not line:
                key += f".{r.randrange(9):02}"
            if under:
                key = under + ("#" if line else ".") + key
            explicit = r.choice([k for k in keys if "#" not in k] or [None]) if r.random() < 0.07 else None
            if key.count(".") > 6 or "#" in (under or "") or \
                    any(code_key(k) == code_key(key) for k in keys):
                continue
            sign = -1 if r.random() < minus else 0 if r.random() < zero else 1
            stage = r.choice(STAGES) if parted and r.random() < 0.15 else None
            self.nodes[key] = [explicit, sign, stage]
        self.parents = {key: self.parent_of(key) for key in self.nodes}
        self.drop_cycles()
        self.close_stages()

    def parent_of(self, key):
        given = self.nodes[key][0]
        if given:
            return given
        codes = {k: code_key(k) for k in self.nodes}
        prefixes = [k for k, code in codes.items() if k != key and codes[key][:len(code)] == code]
        return max(prefixes, key=lambda k: len(codes[k])) if prefixes else "/"

    def drop_cycles(self):
        for key in self.nodes:
            seen, at = set(), key
            while at != "/" and at not in seen:
                seen.add(at)
                at = self.parents[at]
            for k in seen if at != "/" else ():  # a parent given closed a circle: none is given
                self.nodes[k][0] = None
                self.parents[k] = self.parent_of(k)

    def depth(self, key):
        return 0 if key == "/" else 1 + self.depth(self.parents[key])

    def close_stages(self):
        """A node is in no stage that its parent is not in."""
        self.members = {"/": set(STAGES)}
        for key in sorted(self.nodes, key=self.depth):
            above, only = self.members[self.parents[key]], self.nodes[key][2]
            self.members[key] = {only} if only in above else above

    def make_amounts(self):
        """Given amounts by column, then stage: of lines, now and then of sums and of own lines."""
        self.given = {column: {stage: {} for stage in STAGES} for column in COLUMNS}
        r = self.rng
        inner = set(self.parents.values())
        for column in COLUMNS:
            if column != "2024" and r.random() < 0.3:
                continue
            for key in ["/"] + list(self.nodes):
                for stage in STAGES if column != "spent" else ("common",):
                    if stage not in self.members[key] and (stage != "common" or len(self.members[key]) < 2):
                        continue  # a total of a common column counts all its rows, members or not
                    if key in inner and r.random() < 0.85:
                        continue
                    own = key in inner and "#" not in key and key != "/" and r.random() < 0.3
                    cell = self.cell()
                    if cell is not None:
                        self.given[column].setdefault(stage, {})[key + "#" * own] = cell

    def make_own_lines(self):
        """An amount of a sum is printed if amounts stand below it, else it is its own line's."""
        inner = set(self.parents.values())
        self.own, self.cells = set(), {}
        for column, stages in self.given.items():
            for stage, given in stages.items():
                below = set()
                for key in given:
                    at = key[:-1] if key.endswith("#") else self.parents.get(key)
                    while at is not None:
                        below.add(at)
                        at = self.parents.get(at)
                cells = self.cells[column, stage] = {}
                for key, cell in given.items():
                    if key in inner:
                        if key in below:
                            continue
                        key += "#"
                    if key.endswith("#"):
                        self.own.add(key)
                    cells[key] = cell

    def case_of(self, stage):
        """The model's case for one stage."""
        inner = set(self.parents.values()) | {key[:-1] for key in self.own}
        nodes = [{"key": key, "parent": self.parents[key], "sign": sign, "sum": key in inner, "own_line": False}
                 for key, (_, sign, _) in self.nodes.items() if stage in self.members[key]]
        nodes += [{"key": key, "parent": key[:-1], "own_line": True} for key in self.own
                  if stage in self.members[key[:-1]]]
        known = {node["key"] for node in nodes} | {"/"}
        columns = {column: {key: cell for key, cell in
                            (self.cells[column, stage] if column != "spent" else
                             self.cells.get((column, "common"), {})).items() if key in known}
                   for column in COLUMNS}
        absent = [key for key in list(self.nodes) + list(self.own) if key not in known]
        return {"nodes": nodes, "columns": columns, "absent": absent, "sum": "/" in inner}

    def package(self):
        r = self.rng
        nodes = [{"node": ".", "level": "l0", "name": "Rencana"}]
        for key, (parent, sign, _) in self.nodes.items():
            row = {"node": key, "level": f"l{min(self.depth(key), LEVELS - 1)}", "name": "Baris " + key,
                   "sign": {1: "+", -1: "-", 0: "0"}[sign]}
            if parent:
                row["parent"] = parent
            if len(self.members[key]) < 2:
                row["stages"] = " ".join(self.members[key])
            nodes.append(row)
        amounts = {}
        for column, stages in self.given.items():
            field, year = COLUMNS[column]
            for stage, given in stages.items():
                for key, cell in given.items():
                    row = amounts.setdefault((key, stage, year), {"node": "." if key == "/" else key, "stage": stage,
                                                                  "period": str(year)})
                    row[field] = str(cell)
        rows = list(amounts.values())
        r.shuffle(nodes)
        r.shuffle(rows)
        stages = [{"stage": "common", "name": "Umum", "kind": "common", "rank": 0}] + [
            {"stage": s, "name": s, "kind": "plan", "rank": i + 1} for i, s in enumerate(STAGES)]
        levels = [{"tree": "main", "level": f"l{i}", "rank": i, "name": f"Tingkat {i}"} for i in range(LEVELS)]
        resources = {"stages": stages, "levels": levels, "nodes": nodes, "amounts": rows}
        return json.dumps({"name": "acak", "pagu": {"format": 1, "year": 2024, "stage": "final"},
                           "resources": [{"name": name, "data": data} for name, data in resources.items()]})
