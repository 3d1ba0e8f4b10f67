"""An independent model of pagu's verbs: exact fractions, recursion, no cleverness.

    python3 pagu_model.py < case.json > values.json

It shares no code and no method with the engine: totals are recomputed from the lines at every
question, shares are found by solving for the level with fractions, undo restores a copy. A
differential test gives both the same case and compares every value.

A case:

    {"nodes": [{"key": "1.01", "parent": "1", "sign": 1, "own_line": false}, …],
     "columns": {"2024": {"1.01.01": 100, "1.02": "-"}, "2025": {}},
     "ops": [{"op": "spread", "at": ["1"], "column": "2024", "total": 500, "unit": 1000}, …]}

The root is "/" and needs no entry; parent null or absent is the root. A node that is a sum though
the case gives it no children (they are of another stage) says "sum": true, the case does so for the
root; "absent" lists keys that only other stages have. A cell is an integer, "-" for a dash, null or absent for missing. Decimals
("percent", "growth") are text as written. An operation works on scenario "on" (0 if absent).

    edit      row, column, value
    spread    at, column, total | delta | percent; basis (current, equal, column, weights),
              basis_column, weights {key: n}, unit, hold [keys], floor, cap, floors {key: n},
              caps {key: n}, on_zero (error, equal, keep), on_negative (error, abs, zero), residue_to;
              a line that floors or caps leave out has no such bound
    transfer  from, to: [{"row", "weight", "amount"}], column, amount, unit
    project   at, from, to, growth {key: percent}, years, unit
    take      at, column, and the view to take from: cells {key: cell of every node there}, leaves
              [its lines], lines [its lines at or below `at`]
    add       under, code (last part or all of it; absent: the next number), sign; column and value
    remove    at: rows with all below
    hold      at, column (absent: every column)
    limit     kind (floor, ceiling, total), at, column, amount
    undo, redo
    branch    a new scenario; its undo ends here

The answer: {"results": ["ok" | code, …], "scenarios": [{column: {key: cell of every node}}, …]}.
A refused operation, and one that changes nothing, is no undo step and leaves redo as it was; only
an addition whose amount is refused has begun already and forgets what could be redone.

SPDX-License-Identifier: MIT
"""

import copy
import json
import re
import sys
from fractions import Fraction
from math import floor

INT64_MAX = 2**63 - 1


class Refused(Exception):
    """An operation that the engine refuses, by the code's name."""


def code_key(key):
    """Segments compare as numbers where they are numbers; below one code, lines follow codes."""
    marks = {"": 0, ".": 1, "/": 2, "#": 3}
    parts = re.findall(r"([./#]?)([^./#]*)", key.strip("/"))
    return [(marks[mark], *((0, int(p), "") if re.fullmatch(r"\d+", p) else (1, 0, p)))
            for mark, p in parts if mark or p]


def round_half_away(x, unit=1):
    """The nearest multiple of unit; halves away from zero."""
    scaled = abs(Fraction(x)) / unit
    whole = floor(scaled + Fraction(1, 2)) * unit
    return whole if x >= 0 else -whole


def floor_to(x, unit):
    return floor(Fraction(x) / unit) * unit


def ceil_to(x, unit):
    return -floor_to(-x, unit)


def check_money(x):
    if not -INT64_MAX - 1 <= x <= INT64_MAX:
        raise Refused("overflow")
    return x


class Bounds:
    """Bounds of the shares, and whether a total lies between them."""

    def __init__(self, weights, lo, hi):
        self.weights, self.lo, self.hi = weights, lo, hi

    def idle(self, i):
        lo, hi = self.lo[i], self.hi[i]
        return lo if lo is not None and lo > 0 else hi if hi is not None and hi < 0 else 0

    def end(self, bounds):
        """The sum with every weighted share at its bound; None: without end."""
        ends = [bounds[i] if w else self.idle(i) for i, w in enumerate(self.weights)]
        return None if None in ends else sum(ends)

    def allow(self, total):
        least, most = self.end(self.lo), self.end(self.hi)
        return (least is None or least <= total) and (most is None or total <= most)

    def inward(self, unit):
        """Whole units where both bounds of a share leave one."""
        lo, hi = [], []
        for a, b in zip(self.lo, self.hi):
            up = None if a is None else ceil_to(a, unit)
            down = None if b is None else floor_to(b, unit)
            fits = up is None or down is None or up <= down
            lo.append(up if fits else a)
            hi.append(down if fits else b)
        return Bounds(self.weights, lo, hi)

    def at_level(self, level):
        """The exact shares at a level."""
        shares = []
        for i, w in enumerate(self.weights):
            x = level * w if w else Fraction(self.idle(i))
            if w and self.lo[i] is not None:
                x = max(x, Fraction(self.lo[i]))
            if w and self.hi[i] is not None:
                x = min(x, Fraction(self.hi[i]))
            shares.append(x)
        return shares

    def level_for(self, total):
        """A level at which the shares sum to total: between two neighbouring corners they are linear."""
        corners = sorted({Fraction(b, w) for bound in (self.lo, self.hi)
                          for b, w in zip(bound, self.weights) if b is not None and w})
        below = [c for c in corners if sum(self.at_level(c)) <= total]
        above = [c for c in corners if sum(self.at_level(c)) >= total]
        if below and above:
            a, b = below[-1], above[0]
        elif below:
            a, b = below[-1], below[-1] + 1
        elif above:
            a, b = above[0] - 1, above[0]
        else:
            a, b = Fraction(0), Fraction(1)
        at_a, at_b = sum(self.at_level(a)), sum(self.at_level(b))
        return a if at_a == at_b else a + (total - at_a) * (b - a) / (at_b - at_a)


def apportion(total, weights, unit=1, lo=None, hi=None, residue_to=None):
    """Largest remainder between bounds. Returns the shares."""
    n = len(weights)
    if total < 0:
        def minus(bound):
            return None if bound is None else [None if b is None else -b for b in bound]
        return [-x for x in apportion(-total, weights, unit, minus(hi), minus(lo), residue_to)]
    if not any(weights) and lo is None and hi is None:
        raise Refused("zero_basis")
    bounds = Bounds(weights, lo or [None] * n, hi or [None] * n)
    if any(a is not None and b is not None and a > b for a, b in zip(bounds.lo, bounds.hi)):
        raise Refused("argument")
    if bounds.inward(unit).allow(total):
        bounds = bounds.inward(unit)
    elif not bounds.allow(total):
        raise Refused("unreachable" if any(weights) or total == 0 else "zero_basis")
    exact = bounds.at_level(bounds.level_for(total))
    out, room = [], []
    for i, x in enumerate(exact):
        down, up = floor_to(x, unit), floor_to(x, unit) + unit
        fixed = not weights[i] or x in (bounds.lo[i], bounds.hi[i])
        if fixed:
            down = up = int(x)
        if bounds.lo[i] is not None:
            down = max(down, bounds.lo[i])
        if bounds.hi[i] is not None:
            up = min(up, bounds.hi[i])
        out.append(down)
        room.append(up - down)
    left = total - sum(out)
    if residue_to is not None:
        most = bounds.hi[residue_to]
        step = left if most is None else min(left, most - out[residue_to])
        out[residue_to] += step
        room[residue_to] = 0
        left -= step
    for i in sorted(range(n), key=lambda i: (-(exact[i] - out[i]), i)):
        step = min(left, room[i]) if exact[i] > out[i] else 0
        out[i] += step
        left -= step
    assert left == 0, (total, weights, unit, lo, hi)
    return out


class Model:
    def __init__(self, case):
        self.nodes = {"/": {"parent": None, "sign": 1, "own": False, "sum": case.get("sum", False)}}
        for node in case["nodes"]:
            self.nodes[node["key"]] = {"parent": node.get("parent") or "/", "sign": node.get("sign", 1),
                                       "own": node.get("own_line", node["key"].endswith("#")),
                                       "sum": node.get("sum", False)}
        self.link()
        for key, below in self.children.items():  # what the plan made a sum stays one
            self.nodes[key]["sum"] |= bool(below)
        self.absent = set(case.get("absent", []))
        self.cells = {column: {k: c for k, c in given.items() if c is not None}
                      for column, given in case["columns"].items()}
        self.rules = []
        self.history, self.future = [], []

    def link(self):
        self.children = {key: [] for key in self.nodes}
        for key, node in self.nodes.items():
            if node["parent"] is not None:
                self.children[node["parent"]].append(key)
        for brothers in self.children.values():
            brothers.sort(key=lambda k: (self.nodes[k]["own"], code_key(k)))

    def branch(self):
        other = copy.deepcopy(self)
        other.history, other.future = [], []
        return other

    # ---- reading ----

    def is_line(self, key):
        return not self.children[key] and not self.nodes[key]["sum"]

    def find(self, key):
        """The key as the plan spells it: segments that differ only in leading zeros are equal."""
        wanted = code_key(key)
        for known in self.nodes:
            if code_key(known) == wanted:
                return known
        raise Refused("not_member" if any(code_key(k) == wanted for k in self.absent) else "unknown_key")

    def lines(self, at):
        """Lines at or below a key, in tree order."""
        if self.is_line(at):
            return [at]
        return [line for child in self.children[at] for line in self.lines(child)]

    def lines_of(self, keys):
        found = {line for key in keys for line in self.lines(key)}
        return [line for line in self.lines("/") if line in found]

    def cell(self, key, column):
        """Own cell of a line, or the signed sum: a number if any below, a dash if only dashes."""
        if self.is_line(key):
            return self.cells.get(column, {}).get(key)
        total, state = 0, None
        for child in self.children[key]:
            sign = self.nodes[child]["sign"]
            cell = self.cell(child, column)
            if sign == 0 or cell is None:
                continue
            if cell == "-":
                state = state or "dash"
            else:
                total, state = total + sign * cell, "number"
        return total if state == "number" else "-" if state else None

    def number(self, key, column):
        cell = self.cell(key, column)
        return cell if isinstance(cell, int) else 0

    def is_below(self, key, ancestor):
        while key is not None and key != ancestor:
            key = self.nodes[key]["parent"]
        return key is not None

    def path_sign(self, line, tops):
        """Sign of a line towards the nearest of tops (None: the root)."""
        sign = 1
        while line != "/" and line not in tops:
            sign *= self.nodes[line]["sign"]
            line = self.nodes[line]["parent"]
        return sign

    def is_held(self, line, column):
        return any(rule["kind"] == "hold" and rule["column"] in (None, column) and
                   any(self.is_below(line, key) for key in rule["at"]) for rule in self.rules)

    # ---- writing ----

    def write(self, column, changes):
        cells = self.cells.setdefault(column, {})
        before = {id(rule): self.sum_of(rule) for rule in self.rules if rule["kind"] != "hold"}
        changed = [key for key, cell in changes.items() if cells.get(key) != cell]
        self.cells[column] = {k: c for k, c in {**cells, **changes}.items() if c is not None}
        for rule in self.rules:
            if rule["column"] not in (None, column):
                continue
            if rule["kind"] == "hold":
                if any(self.is_below(key, top) for key in changed for top in rule["at"]):
                    raise Refused("held")
                continue
            old, new = before[id(rule)], self.sum_of(rule)
            if rule["kind"] == "total" and new != old:
                raise Refused("held")
            if (rule["kind"] == "floor" and new < min(old, rule["amount"])) or \
                    (rule["kind"] == "ceiling" and new > max(old, rule["amount"])):
                raise Refused("rule")
        if sum(abs(c) for c in self.cells[column].values() if isinstance(c, int)) > INT64_MAX:
            raise Refused("overflow")

    def sum_of(self, rule):
        return sum(self.number(key, rule["column"]) for key in rule["at"])

    def given(self, line, column, amount):
        """A line without a number that gets 0 stays as it is."""
        old = self.cell(line, column)
        return old if amount == 0 and not isinstance(old, int) else check_money(amount)

    def state(self):
        return self.nodes, self.absent, self.cells, self.rules

    def restore(self, state):
        self.nodes, self.absent, self.cells, self.rules = state
        self.link()

    def step_back(self, one, other):
        if not one:
            return "nothing_to_undo"
        other.append(self.state())
        self.restore(one.pop())
        return "ok"

    def run(self, op):
        if op["op"] == "undo":
            return self.step_back(self.history, self.future)
        if op["op"] == "redo":
            return self.step_back(self.future, self.history)
        before = self.state()
        self.restore(copy.deepcopy(before))
        try:
            getattr(self, "do_" + op["op"])(op)
        except Refused as refusal:
            if op["op"] == "add" and len(self.nodes) > len(before[0]):
                self.future = []
            self.restore(before)
            return str(refusal)
        if before == self.state():
            self.restore(before)
        else:
            self.history.append(before)
            self.future = []
        return "ok"

    def do_edit(self, op):
        key = self.find(op["row"])
        if not self.is_line(key):
            raise Refused("wrong_level")
        self.write(op["column"], {key: op["value"]})

    # ---- rules ----

    def do_hold(self, op):
        self.check_apart(op["at"])
        self.rules.append({"kind": "hold", "at": list(op["at"]), "column": op.get("column")})

    def do_limit(self, op):
        self.check_apart(op["at"])
        self.rules.append({"kind": op["kind"], "at": list(op["at"]), "column": op["column"], "amount": op.get("amount")})

    # ---- structure ----

    def next_number(self, under):
        """One more than the largest number among the children, as wide as that is written."""
        most, width = 0, 2
        for child in self.children[under]:
            last = re.split(r"[.#]", child)[-1]
            if not self.nodes[child]["own"] and last.isdigit() and int(last) >= most:
                most, width = int(last), len(last)
        return str(most + 1).zfill(width)

    def key_below(self, under, code):
        code = code or self.next_number(under)
        if under == "/" or code.startswith((under + ".", under + "#")):
            return code
        return under + code if code.startswith("#") else under + "." + code

    def do_add(self, op):
        under = self.find(op["under"])
        if self.nodes[under]["own"]:
            raise Refused("wrong_level")
        key = self.key_below(under, op.get("code"))
        if any(code_key(known) == code_key(key) for known in self.nodes):
            raise Refused("duplicate_key")
        amounts = {column: cells.pop(under) for column, cells in self.cells.items() if under in cells}
        if amounts:  # a line that becomes a sum keeps its money on its own line
            own = under + "#"
            self.nodes[own] = {"parent": under, "sign": 1, "own": True, "sum": False}
            for column, cell in amounts.items():
                self.cells[column][own] = cell
        self.nodes[key] = {"parent": under, "sign": op.get("sign", 1), "own": False, "sum": False}
        self.link()
        if op.get("column"):
            self.write(op["column"], {key: op["value"]})

    def do_remove(self, op):
        if "/" in op["at"]:
            raise Refused("argument")
        gone = [key for key in self.nodes if any(self.is_below(key, top) for top in op["at"])]
        for column, cells in list(self.cells.items()):
            self.write(column, {key: None for key in gone if key in cells})
        for key in gone:
            del self.nodes[key]
        self.absent |= set(gone)
        for rule in self.rules:  # a row of the same key that is added later is another row
            rule["at"] = [key for key in rule["at"] if key not in gone]
        self.link()

    # ---- spread ----

    def check_apart(self, keys):
        for key in keys:
            parent = self.nodes[key]["parent"]
            if any(parent is not None and self.is_below(parent, other) for other in keys):
                raise Refused("argument")

    def is_blank_own_line(self, line, column):
        return bool(self.nodes[line].get("own")) and self.cell(line, column) is None

    def equal_weights(self, lines, column):
        weights = [0 if self.is_blank_own_line(line, column) else 1 for line in lines]
        return weights if any(weights) else [1] * len(lines)

    def basis(self, op, lines):
        column, basis = op["column"], op.get("basis", "current")
        if basis == "equal":
            return self.equal_weights(lines, column)
        if basis == "weights":
            weights = [op["weights"].get(line, 0) for line in lines]
        else:
            weights = [self.number(line, op["basis_column"] if basis == "column" else column) for line in lines]
        if any(w < 0 for w in weights):
            policy = op.get("on_negative", "error")
            if policy == "error":
                raise Refused("negative_basis")
            weights = [abs(w) if policy == "abs" else max(w, 0) for w in weights]
        if not any(weights):
            if op.get("on_zero", "error") != "equal":
                raise Refused("zero_basis")
            return self.equal_weights(lines, column)
        return weights

    def bounds_of(self, op, lines, name):
        if name + "s" in op:
            far = -INT64_MAX if name == "floor" else INT64_MAX
            return [op[name + "s"].get(line, far) for line in lines]
        return [op[name]] * len(lines) if op.get(name) is not None else None

    def new_total(self, op, now):
        if "total" in op:
            return op["total"]
        if "delta" in op:
            return check_money(now + op["delta"])
        return check_money(round_half_away(now * (1 + Fraction(op["percent"]) / 100)))

    def takes_own_line(self, op):
        """One sum without lines, and a request without bounds."""
        bounds = ("hold", "floor", "cap", "floors", "caps", "residue_to")
        return len(op["at"]) == 1 and "percent" not in op and not any(op.get(x) is not None for x in bounds) and \
            not self.is_line(op["at"][0])

    def give_own_line(self, above, column, total):
        own = above + "#"
        if own not in self.nodes:
            self.nodes[own] = {"parent": above, "sign": 1, "own": True, "sum": False}
            self.link()
        self.write(column, {own: total})

    def do_spread(self, op):
        self.check_apart(op["at"])
        column, tops = op["column"], set(op["at"])
        lines = self.lines_of(op["at"])
        signs = {line: self.path_sign(line, tops) for line in lines}
        kept = set(self.lines_of(op.get("hold", [])))
        held = [x for x in lines if signs[x] and (x in kept or self.is_held(x, column))]
        free = [x for x in lines if signs[x] and x not in held]
        now = sum(signs[x] * self.number(x, column) for x in lines)
        held_sum = sum(signs[x] * self.number(x, column) for x in held)
        total = self.new_total(op, now)
        sign = -1 if free and all(signs[x] < 0 for x in free) else 1
        share = check_money(sign * (total - held_sum))
        if not lines and self.takes_own_line(op) and total != now:
            self.give_own_line(op["at"][0], column, total)
            return
        if not free:
            if share:
                raise Refused("held" if held else "unreachable")
            return
        out = self.shares(op, free, {signs[x] for x in free}, share, total, now, held_sum, sign, bool(held))
        self.write(column, {x: self.given(x, column, amount) for x, amount in zip(free, out)})

    def shares(self, op, free, signs, share, total, now, held_sum, sign, any_held):
        column, unit = op["column"], op.get("unit", 1)
        lo, hi = self.bounds_of(op, free, "floor"), self.bounds_of(op, free, "cap")
        current = [self.number(x, column) for x in free]

        def fit(amounts):
            return all((lo is None or lo[i] <= x) and (hi is None or x <= hi[i]) for i, x in enumerate(amounts))

        zeros = [0] * len(free)
        if len(signs) > 1:
            if total == now and fit(current):
                return current
            if total == held_sum and fit(zeros):
                return zeros
            raise Refused("mixed_sign")
        if share == 0 and fit(zeros):
            return zeros
        try:
            weights = self.basis(op, free)
        except Refused as refusal:
            if str(refusal) == "zero_basis" and op.get("on_zero") == "keep":
                return current
            if total == now and fit(current):
                return current
            raise
        for i, line in enumerate(free):
            if not weights[i] and self.is_blank_own_line(line, column):
                lo = lo and lo[:i] + [0] + lo[i + 1:]
                hi = hi and hi[:i] + [0] + hi[i + 1:]
        residue_to = op.get("residue_to")
        if residue_to is not None and residue_to not in free:
            raise Refused("held" if residue_to in self.lines_of(op["at"]) else "argument")
        was = sign * (now - held_sum)
        asked_negative = lo is not None and any(-INT64_MAX < x < 0 for x in lo)
        if any_held and share < 0 <= was and not asked_negative and sign * total >= 0:
            raise Refused("held" if lo is None else "unreachable")
        return apportion(share, weights, unit, lo, hi, None if residue_to is None else free.index(residue_to))

    # ---- transfer ----

    def side_lines(self, key, column):
        lines = self.lines(key)
        return [x for x in lines if not self.is_held(x, column)], any(self.is_held(x, column) for x in lines)

    def gives(self, key, column):
        return sum(max(self.number(x, column), 0) for x in self.side_lines(key, column)[0])

    def side_shares(self, side, amount, column, unit, source):
        if any(p.get("amount", 0) for p in side):
            return [p["amount"] for p in side]
        if amount == 0:
            return [0] * len(side)
        weights, hi = [p.get("weight", 0) for p in side], None
        if not any(weights) and source:
            weights = hi = [self.gives(p["row"], column) for p in side]
            if sum(hi) < amount:
                lines, held = self.side_lines(side[0]["row"], column)
                raise Refused("held" if len(side) == 1 and not lines and held else "insufficient")
        elif not any(weights):
            weights = [1] * len(side)
        return apportion(amount, weights, unit, None, hi)

    def line_shares(self, key, amount, column, unit, source):
        lines, held = self.side_lines(key, column)
        has = [max(self.number(x, column), 0) for x in lines]
        if source and sum(has) < amount:
            raise Refused("held" if not lines and held else "insufficient")
        if not source and not lines and amount:
            raise Refused("held" if held else "wrong_level")
        if not amount:
            return {x: 0 for x in lines}
        weights = has if source or any(has) else self.equal_weights(lines, column)
        return dict(zip(lines, apportion(amount, weights, unit, None, has if source else None)))

    def do_transfer(self, op):
        column, unit = op["column"], op.get("unit", 1)
        sides = {}
        for name in ("from", "to"):
            order = {key: i for i, key in enumerate(self.pre_order("/"))}
            sides[name] = sorted(op[name], key=lambda p: order[p["row"]])
            given = [p.get("amount", 0) for p in op[name]]
            if not given or min(given) < 0 or (any(given) and not all(given)):
                raise Refused("argument")
            if any(p.get("weight", 0) < 0 for p in op[name]):
                raise Refused("negative_basis")
        sums = [sum(p.get("amount", 0) for p in sides[name]) for name in ("from", "to")]
        amount = op.get("amount", 0) or sums[0] or sums[1]
        if amount < 0 or any(s and s != amount for s in sums):
            raise Refused("argument")
        rows = [p["row"] for name in ("from", "to") for p in sides[name]]
        if len({p["row"] for p in sides["from"]}) < len(sides["from"]) or \
                len({p["row"] for p in sides["to"]}) < len(sides["to"]):
            raise Refused("argument")
        deltas, seen, signs = {}, [], set()
        for name, factor in (("from", -1), ("to", 1)):
            places = self.side_shares(sides[name], amount, column, unit, name == "from")
            for place, share in zip(sides[name], places):
                for line, x in self.line_shares(place["row"], share, column, unit, name == "from").items():
                    deltas[line] = deltas.get(line, 0) + factor * x
                    seen.append(line)
                    if x:
                        signs.add(self.path_sign(line, set()))
                if len(signs) > 1:
                    raise Refused("mixed_sign")
        if len(seen) > len(set(seen)):
            raise Refused("argument")
        assert sum(deltas.values()) == 0 and rows
        self.write(column, {x: check_money(self.number(x, column) + d) for x, d in deltas.items() if d})

    def pre_order(self, key):
        yield key
        for child in self.children[key]:
            yield from self.pre_order(child)

    # ---- project ----

    def growth_of(self, line, growth):
        while line is not None:
            if line in growth:
                return Fraction(growth[line])
            line = self.nodes[line]["parent"]
        raise Refused("argument")

    def do_project(self, op):
        self.check_apart(op["at"])
        if any(Fraction(p) < -100 for p in op["growth"].values()):
            raise Refused("argument")
        changes = {}
        for line in self.lines_of(op["at"]):
            factor = 1 + self.growth_of(line, op["growth"]) / 100
            cell = self.cell(line, op["from"])
            for _ in range(op.get("years", 1) if isinstance(cell, int) else 0):
                cell = check_money(round_half_away(cell * factor, op.get("unit", 1)))
            changes[line] = cell
        self.write(op["to"], changes)

    # ---- take ----

    def own_line(self, key):
        return next((child for child in self.children[key] if self.nodes[child]["own"]), None)

    def do_take(self, op):
        """Lines as they are there; what an own line here stands beside is the line itself there."""
        cells, there = op["cells"], op["lines"]
        if any(key not in self.nodes for key in there):
            raise Refused("not_member")
        if any(cells[key] is not None and not self.is_line(key) and not self.own_line(key) for key in there):
            raise Refused("wrong_level")
        changes = {}
        for line in self.lines_of(op["at"]):
            beside = line[:-1] if self.nodes[line]["own"] and line[:-1] in op["leaves"] else None
            changes[line] = cells.get(line if line in cells else beside)
        self.write(op["column"], changes)

    def values(self):
        return {column: {key: self.cell(key, column) for key in self.pre_order("/")} for column in self.cells}


def solve(case):
    scenarios, results = [Model(case)], []
    for op in case["ops"]:
        on = scenarios[op.get("on", 0)]
        if op["op"] == "branch":
            scenarios.append(on.branch())
        results.append("ok" if op["op"] == "branch" else on.run(op))
    return {"results": results, "scenarios": [s.values() for s in scenarios]}


if __name__ == "__main__":
    json.dump(solve(json.load(sys.stdin)), sys.stdout, indent=1)
    sys.stdout.write("\n")
