"""Random operations on random plans, as the model and as the program take them.

A Case is made from its seed alone. It holds the plan as a one-file JSON package, the calls as the
program's scripts write them, and what the model answers to each: the generator runs the model while
it makes the operations, since what makes sense depends on what the plan then holds.

SPDX-License-Identifier: MIT
"""

import json
import random
from decimal import Decimal
from fractions import Fraction

from pagu_model import Model
from random_plans import COLUMNS, STAGES, Plan


class Raw(str):
    """A number as it is to be written in Lua."""


def lua(x):
    if isinstance(x, Raw):
        return str(x)
    if isinstance(x, dict):
        return "{" + ",".join(f"[{lua(k)}]={lua(v)}" for k, v in x.items() if v is not None) + "}"
    if isinstance(x, (list, tuple)):
        return "{" + ",".join(map(lua, x)) + "}"
    if x is None or isinstance(x, bool):
        return {None: "nil", True: "true", False: "false"}[x]
    return json.dumps(x, ensure_ascii=True) if isinstance(x, str) else str(x)


# ---- operations ----

class Case:
    """One plan, one stage, and operations on scenarios of it."""

    def __init__(self, seed, n_ops=16):
        self.rng = random.Random(seed)
        self.seed = seed
        self.plan = Plan(self.rng)
        self.json = self.plan.package()
        self.stage = self.rng.choice(STAGES)
        self.bases = {stage: Model(self.plan.case_of(stage)) for stage in STAGES}
        self.models = [self.bases[self.stage].branch()]
        self.ops, self.answers = [], []
        makers = [self.edit, self.edit, self.edit, self.spread, self.spread, self.spread, self.spread, self.set_total,
                  self.transfer, self.transfer, self.project, self.take, self.add, self.remove, self.hold, self.limit,
                  self.undo, self.back_and_forth, self.branch]
        while len(self.ops) < n_ops:
            self.on = self.rng.randrange(len(self.models))
            self.model = self.models[self.on]
            self.rng.choice(makers)()

    def do(self, call, args, op, view=None):
        """Note the program's call (view: the scenario it reads) and what the model answers and then holds."""
        model = self.model
        self.ops.append({"on": self.on + 1, "call": call, "args": args, "view": view})
        answer = model.run(op) if op["op"] != "branch" else "ok"
        self.answers.append((answer, self.on, view_of(model), model.state(), op))
        return answer

    # ---- what to ask for ----

    def key(self, lines=False):
        keys = [k for k in self.model.nodes if not lines or self.model.is_line(k)]
        return self.rng.choice(keys or ["/"])

    def column(self):
        return self.rng.choice(("2024", "2024", "2024", "2025", "2025", "2026", "spent"))

    def place(self, most=3):
        """Keys as given, and without those below others, which is what the program makes of them."""
        keys = list(dict.fromkeys(self.key() for _ in range(self.rng.choice((1, 1, 1, 2, most)))))
        apart = [k for k in keys if not any(k != o and self.model.is_below(k, o) for o in keys)]
        return (keys[0] if len(keys) == 1 and self.rng.random() < 0.8 else keys), apart

    def options(self, column):
        field, year = COLUMNS[column]
        out = {"year": year} if year != 2024 or self.rng.random() < 0.3 else {}
        return {**out, "field": field} if field != "budget" else out

    def unit(self):
        return self.rng.choice((1, 1, 1, 10, 1000, 10**6, 7))

    def near(self, x):
        """An amount that may be asked where x is."""
        r = self.rng
        return r.choice((x, 0, x // 2, x + r.randrange(-9, 10), x + self.plan.amount(), self.plan.amount(), -x,
                         round(x * r.uniform(0.2, 2)) if abs(x) < 2**50 else x // 3,
                         round(x * r.uniform(0.2, 2)) // 1000 * 1000 if abs(x) < 2**50 else x // 5))

    # ---- the operations ----

    def edit(self):
        r = self.rng
        column, key = self.column(), self.key(lines=r.random() < 0.93)
        value = r.choice((None, "-", 0, self.plan.amount(), self.plan.amount(), self.near(self.model.number(key, column))))
        if r.random() < 0.03:
            key = r.choice(sorted(self.model.absent) or ["9.9.9"])
        elif isinstance(value, int) and not self.model.is_line(key):
            value = "-"
        field, year = COLUMNS[column]
        self.do("set", [key, field, year, value], {"op": "edit", "row": key, "column": column, "value": value})

    def set_total(self):
        """A number for a sum is a spread in proportion."""
        column, key = self.column(), self.key()
        if self.model.is_line(key):
            return
        value = self.near(self.model.number(key, column))
        field, year = COLUMNS[column]
        self.do("set", [key, field, year, value], {"op": "spread", "at": [key], "column": column, "total": value})

    def request(self, apart, column):
        """The request as the program takes it, then as the model does."""
        r = self.rng
        tops = set(apart)
        now = sum(self.model.path_sign(x, tops) * self.model.number(x, column) for x in self.model.lines_of(apart))
        kind = r.choice(("total", "total", "total", "delta", "percent", "by"))
        if kind == "total":
            value = self.near(now)
            return {"total": value}, {"total": value}
        if kind == "delta":
            value = self.near(now) - now
            return {"delta": value}, {"delta": value}
        text = r.choice(("-10", "7.5", "0", "-100", "3.333", "250", "-0.0001", "-150", "12"))
        if kind == "percent":
            return {"percent": Raw(text)}, {"percent": text}
        factor = 1 + Decimal(text) / 100
        return {"by": Raw(f"{factor:f}")}, {"percent": text}

    def basis(self, column, lines):
        r = self.rng
        kind = r.choice(("current", "current", "equal", "column", "stage", "from", "weights"))
        if kind == "equal":
            return {"basis": "equal"}, {"basis": "equal"}
        if kind == "column":
            other = self.column()
            field, year = COLUMNS[other]
            return {"basis": {"field": field, "year": year}}, {"basis": "column", "basis_column": other}
        if kind in ("stage", "from"):
            stage, on = r.choice(STAGES), r.randrange(len(self.models))
            view = self.bases[stage] if kind == "stage" else self.models[on]
            weights = {x: view.number(x, column) for x in lines if x in view.nodes}
            return {"basis": {"stage": stage} if kind == "stage" else {"from": on + 1}}, \
                   {"basis": "weights", "weights": weights}  # the driver puts the scenario in place of its number
        if kind == "weights" and lines:
            some = r.sample(lines, r.randrange(1, len(lines) + 1))
            texts = {x: r.choice(("0", "1", "2", "3.5", "0.25", "1000000007", "-1" if r.random() < 0.2 else "5"))
                     for x in some}
            return {"basis": {x: Raw(t) for x, t in texts.items()}}, \
                   {"basis": "weights", "weights": {x: Fraction(t) for x, t in texts.items()}}
        return ({"basis": "current"}, {}) if r.random() < 0.5 else ({}, {})

    def bounds(self, column, lines):
        """Floors and caps: none, one for all, or by line."""
        r = self.rng
        call, op = {}, {}
        for name in ("floor", "cap"):
            if r.random() < 0.75:
                continue
            if r.random() < 0.5 or not lines:
                low, high = (0, self.plan.amount()) if name == "floor" else (self.plan.amount(), self.plan.scale)
                call[name] = op[name] = r.choice((low, low, high, 10 * high))
            else:
                some = r.sample(lines, r.randrange(1, len(lines) + 1))
                call[name] = {x: self.near(self.model.number(x, column)) for x in some}
                op[name + "s"] = call[name]
        return call, op

    def spread(self):
        r = self.rng
        column = self.column()
        given, apart = self.place()
        lines = self.model.lines_of(apart)
        call, op = {"at": given, **self.options(column)}, {"op": "spread", "at": apart, "column": column}
        parts = [self.request(apart, column), self.basis(column, lines), self.bounds(column, lines)]
        for theirs, ours in parts:
            call.update(theirs)
            op.update(ours)
        both = {}
        if r.random() < 0.5:
            both["unit"] = self.unit()
        if r.random() < 0.4:
            both["on_zero"] = r.choice(("error", "equal", "keep"))
        if r.random() < 0.4:
            both["on_negative"] = r.choice(("error", "abs", "zero"))
        if r.random() < 0.2:
            both["hold"] = [self.key() for _ in range(r.randrange(1, 4))]
        call.update(both)
        op.update(both)
        if r.random() < 0.12 and lines:
            call["residue"] = op["residue_to"] = r.choice(lines)
        self.do("spread", call, op)

    def side(self, amounts):
        """One side of a transfer: places, or shares by key."""
        r = self.rng
        if r.random() < 0.6:
            given, apart = self.place()
            return given, [{"row": key} for key in apart]
        keys = list(dict.fromkeys(self.key() for _ in range(r.randrange(1, 4))))
        if amounts:
            shares = {k: max(self.near(self.model.number(k, "2024")), 1) if r.random() < 0.95 else -1 for k in keys}
            return shares, [{"row": k, "amount": x} for k, x in shares.items()]
        texts = {k: r.choice(("1", "2", "0.5", "33", "-1" if r.random() < 0.1 else "7")) for k in keys}
        return {k: Raw(t) for k, t in texts.items()}, [{"row": k, "weight": Fraction(t)} for k, t in texts.items()]

    def transfer(self):
        r = self.rng
        column, amounts = r.choice(("2024", "2024", "2025", "spent")), r.random() < 0.3
        (from_call, from_op), (to_call, to_op) = self.side(amounts), self.side(amounts)
        for _ in range(3):  # sides that share lines are refused
            if {x for p in from_op for x in self.model.lines(p["row"])} & {x for p in to_op for x in self.model.lines(p["row"])}:
                to_call, to_op = self.side(amounts)
        call, op = {"from": from_call, "to": to_call}, {"op": "transfer", "from": from_op, "to": to_op, "column": column}
        if amounts and r.random() < 0.7 and all("amount" in p for p in from_op + to_op):
            total = sum(p["amount"] for p in from_op)  # make the sides agree
            to_op[0]["amount"] += total - sum(p["amount"] for p in to_op)
            if to_op[0]["amount"] > 0:
                to_call[to_op[0]["row"]] = to_op[0]["amount"]
            else:
                to_op[0]["amount"] = to_call[to_op[0]["row"]]
        if not amounts:
            has = sum(max(self.model.number(p["row"], column), 0) for p in from_op)
            call["amount"] = op["amount"] = r.choice((has, has // 2, has // 3, r.randrange(1, 50), self.near(has), 0))
        if r.random() < 0.4:
            call["unit"] = op["unit"] = self.unit()
        self.do("transfer", {**call, **self.options(column)}, op)

    def project(self):
        r = self.rng
        years = sorted(r.sample((2024, 2025, 2026), 2))
        given, apart = self.place()
        growth = {self.key(): r.choice(("3.5", "0", "-2.25", "-100", "10", "0.001", "-101" if r.random() < 0.1 else "6"))
                  for _ in range(r.randrange(1, 4))}
        if r.random() < 0.7:
            growth["/"] = r.choice(("3.5", "4", "-7"))
        call = {"at": given, "from": years[0], "years": [years[1]]}
        call["growth"] = Raw(growth["/"]) if list(growth) == ["/"] and r.random() < 0.5 else \
            {k: Raw(v) for k, v in growth.items()}
        op = {"op": "project", "at": apart, "from": str(years[0]), "to": str(years[1]), "growth": growth,
              "years": years[1] - years[0]}
        if r.random() < 0.5:
            call["unit"] = op["unit"] = self.unit()
        self.do("project", call, op)

    def take(self):
        r = self.rng
        column, (given, apart), stage = self.column(), self.place(), r.choice(STAGES)
        view = r.randrange(len(self.models)) if r.random() < 0.6 else None
        there = self.bases[stage] if view is None else self.models[view]
        call = {"at": given, **self.options(column)}
        if view is None:
            call["from"] = stage
        op = {"op": "take", "at": apart, "column": column, "cells": {k: there.cell(k, column) for k in there.nodes},
              "leaves": there.lines("/"), "lines": there.lines_of([k for k in apart if k in there.nodes])}
        self.do("take", call, op, None if view is None else view + 1)

    def add(self):
        r = self.rng
        under = self.key()
        if under.count(".") > 8:
            return
        part = r.choice((None, f"{r.randrange(40):02}", f"{r.randrange(30)}", "B", "#5.1", f"#{r.randrange(12)}"))
        if part and "#" in part and "#" in under:
            part = None
        if part is None and "#" in under:
            return
        full = part and r.random() < 0.3 and under != "/"
        code = under + ("" if part.startswith("#") else ".") + part if full else part
        removed = [k for k in self.model.absent if "#" not in k and self.bases[self.stage].nodes.get(k)]
        if removed and r.random() < 0.5:
            code = r.choice(sorted(removed))
            under = self.bases[self.stage].nodes[code]["parent"]
            if under not in self.model.nodes or not code.startswith(under + "."):
                return
        if under == "/" and code and code.startswith("#"):
            return
        call, op = {"under": under, "name": "baru"}, {"op": "add", "under": under}
        if code:
            call["code"] = op["code"] = code
        if r.random() < 0.25:
            call["sign"] = op["sign"] = r.choice((1, -1, 0))
        if r.random() < 0.6:
            op.update(column="2024", value=self.plan.amount())
            call["budget"] = op["value"]
        self.do("add", call, op)

    def remove(self):
        if self.rng.random() < 0.4:
            return
        given, apart = self.place()
        if "/" in apart and self.rng.random() < 0.8:
            return
        self.do("remove", {"at": given}, {"op": "remove", "at": apart})

    def hold(self):
        r = self.rng
        if r.random() < 0.5 or self.plan.huge:
            return
        given, apart = self.place()
        call, op = {"at": given}, {"op": "hold", "at": apart}
        if r.random() < 0.5:
            op["column"] = self.column()
            call["field"], call["year"] = COLUMNS[op["column"]]
        self.do("hold", call, op)

    def limit(self):
        r = self.rng
        if r.random() < 0.5 or self.plan.huge:
            return
        given, apart = self.place()
        column = self.column()
        now = sum(self.model.number(k, column) for k in apart)
        kind = r.choice(("floor", "ceiling", "total"))
        op = {"op": "limit", "kind": kind, "at": apart, "column": column, "amount": self.near(now)}
        call = {"at": given, "field": COLUMNS[column][0], "year": COLUMNS[column][1]}
        call.update({"total": True} if kind == "total" else {"amount": op["amount"]})
        self.do("hold" if kind == "total" else kind, call, op)

    def undo(self):
        self.do("undo", {}, {"op": "undo"})

    def back_and_forth(self):
        """Some steps back, perhaps something in between, some steps forth."""
        for _ in range(self.rng.randrange(4)):
            if self.do("undo", {}, {"op": "undo"}) != "ok":
                break
        if self.rng.random() < 0.2:
            self.spread()
        for _ in range(self.rng.randrange(5)):
            if self.do("redo", {}, {"op": "redo"}) != "ok":
                break

    def branch(self):
        if len(self.models) < 4:
            self.do("branch", {}, {"op": "branch"})
            self.models.append(self.model.branch())

    def lua(self, file=None):
        return lua({"seed": self.seed, "plan": self.json, "stage": self.stage, "stages": list(STAGES), "file": file,
                    "columns": list(COLUMNS.values()), "ops": self.ops})


def view_of(model):
    """Every node with its cells, in tree order, as the driver prints them."""
    def text(cell):
        return "." if cell is None else str(cell)
    return [(key, [text(model.cell(key, column)) for column in COLUMNS]) for key in model.pre_order("/")]
