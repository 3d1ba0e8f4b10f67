"""The second model of evaluation: derived fields straight from their definitions (pagu/evaluate.h),
cell by cell, with nothing in common with the engine. Used by test_evaluation.py."""
from fractions import Fraction as F

NUMBER, DASH, TEXT, MISSING = "number", "-", "text", "missing"


class Cell:
    """A value: kind is one of the four, or the name of a state."""

    def __init__(self, kind, value=None, unit="", flags=()):
        self.kind, self.value, self.unit, self.flags = kind, value, unit, set(flags)

    def __repr__(self):
        return f"{self.kind} {self.value} {self.unit}"

    @property
    def there(self):
        return self.kind != MISSING

    @property
    def amount(self):
        return self.value if self.kind == NUMBER else F(0)

    @property
    def counts(self):
        return self.kind in (NUMBER, DASH)


NOTHING = Cell(MISSING)


def together(how, parts):
    """parts: [(cell, years)] in order of time."""
    there = [(c, y) for c, y in parts if c.there]
    if not there:
        return NOTHING
    if how == "none":
        return there[0][0] if len(there) == 1 else Cell("not aggregated")
    if how == "last":
        for c, _ in reversed(there):
            if c.kind != DASH:
                return c
        return Cell(DASH)
    unit = None
    for c, _ in there:
        if c.kind == TEXT:
            return Cell("not one number")
        if not c.counts:
            return c
        if c.kind == NUMBER:
            if unit is not None and unit.lower() != c.unit.lower():
                return Cell("unit clash")
            unit = c.unit
    if unit is None:
        return Cell(DASH)
    values = [c.amount for c, _ in there]
    if how == "sum":
        value = sum(values)
    elif how == "max":
        value = max(values)
    elif how == "min":
        value = min(values)
    else:
        value = sum(c.amount * y for c, y in there) / sum(y for _, y in there)
    return Cell(NUMBER, value, unit)


def rate(t, r, polarity, lower, cap, floor, is_text_range=None):
    if not t.there or not r.there:
        return NOTHING
    if t.kind == DASH and r.kind == DASH:
        return Cell(DASH)
    lo = hi = None
    if t.kind == TEXT and polarity == "range" and ".." in t.value:
        lo, hi = (F(x) for x in t.value.split(".."))
    elif not t.counts:
        return Cell("not one number") if t.kind == TEXT else t
    if not r.counts:
        return Cell("not one number") if r.kind == TEXT else r
    if t.kind != DASH and r.kind != DASH and t.unit.lower() != r.unit.lower():
        return Cell("unit clash")
    target, done = t.amount, r.amount
    if lo is None:
        lo = hi = target

    def higher(target):
        if target < 0:
            return Cell("negative")
        return Cell("zero target") if target == 0 else Cell(NUMBER, 100 * done / target, "%")

    def lower_rate(target):
        if target < 0 or (lower == "ratio" and done < 0):
            return Cell("negative")
        if target == done:
            return Cell(NUMBER, F(100), "%")
        if lower == "linear":
            return Cell("zero target") if target == 0 else Cell(NUMBER, 100 * (2 * target - done) / target, "%")
        if done == 0:
            return Cell("zero achieved") if cap is None else Cell(NUMBER, F(cap), "%")
        return Cell(NUMBER, 100 * target / done, "%")

    if polarity == "higher":
        out = higher(target)
    elif polarity == "lower":
        out = lower_rate(target)
    elif lo < 0:
        out = Cell("negative")
    elif done > hi:
        out = lower_rate(hi)
    else:
        out = higher(lo) if done < lo else Cell(NUMBER, F(100), "%")
    if out.kind == NUMBER and cap is not None:
        out.value = min(out.value, F(cap))
    if out.kind == NUMBER and floor is not None:
        out.value = max(out.value, F(floor))
    return out


class Model:
    """nodes: {key: parent}, in order; indicators: [dict]; measures: {(indicator, stage, period, field): Cell};
    money: {(node, stage, period, field): int or "-"} of leaves."""

    def __init__(self, case):
        self.__dict__.update(case)
        self.children = {k: [c for c, p in self.nodes.items() if p == k] for k in self.nodes}
        self.own = {k: [i for i in self.indicators if i["owner"] == k] for k in self.nodes}

    # ---- measures ----

    def stored(self, ind, field, period, stage=None):
        for s in [stage] if stage else ["final", "common"]:
            cell = self.measures.get((ind["id"], s, period, field))
            if cell:
                return cell
        return NOTHING

    def value(self, ind, field, period, stage=None):
        """With over_children = sum."""
        cell = self.stored(ind, field, period, stage)
        if not cell.there and period.isdigit():
            for group in ([f"{period}Q{q}" for q in range(1, 5)], [f"{period}S{q}" for q in (1, 2)]):
                parts = [(self.stored(ind, field, p, stage), 1) for p in group]
                if any(c.there for c, _ in parts):
                    return Cell("not aggregated") if ind["over_time"] == "none" else together(ind["over_time"], parts)
        if not cell.there and ind["over_children"] == "sum":
            mains = [self.own[c][0] for c in self.children[ind["owner"]] if self.own[c]]
            return together("sum", [(self.value(m, field, period, stage), 1) for m in mains])
        return cell

    def timeline(self, ind, field, until, stage=None):
        parts, after = [], self.start
        for year in range(until, self.start - 1, -1):
            span = self.value(ind, field, f"..{year}", stage)
            if span.there:
                parts, after = [(span, year - self.start + 1)], year + 1
                break
        return parts + [(self.value(ind, field, str(y), stage), 1) for y in range(after, until + 1)]

    def achieved_to(self, ind, year):
        return together(ind["over_time"], self.timeline(ind, "achieved", year))

    def strategic_target(self, ind, year=None):
        return together(ind["over_time"], self.timeline(ind, "target", self.end, "renstra"))

    def with_year(self, ind, field, year):
        parts = self.timeline(ind, "achieved", year - 1) + [(self.value(ind, field, str(year)), 1)]
        return together(ind["over_time"], parts)

    def cumulative(self, ind, year):
        return self.with_year(ind, "target", year)

    def accumulated(self, ind, year):
        return self.with_year(ind, "achieved", year)

    def against(self, ind, target, done):
        return rate(target, done, ind["polarity"], self.lower, self.cap, self.floor)

    def strategic_rate(self, ind, year):
        return self.against(ind, self.strategic_target(ind), self.cumulative(ind, year))

    def accumulated_rate(self, ind, year):
        return self.against(ind, self.strategic_target(ind), self.accumulated(ind, year))

    def rate(self, ind, year):
        out = self.against(ind, self.value(ind, "target", str(year)), self.value(ind, "achieved", str(year)))
        if not out.there and ind["over_children"] == "weighted":
            return self.children_k(ind["owner"], year)
        return out

    def pace(self, ind, year):
        known = self.value(ind, "achieved", str(year)).there or self.value(ind, "achieved", f"..{year}").there
        done = self.achieved_to(ind, year) if known else self.cumulative(ind, year)
        target = self.strategic_target(ind)
        if year >= self.end or not target.there or not done.there:
            return NOTHING
        for c in (target, done):
            if not c.counts:
                return Cell("not one number") if c.kind == TEXT else c
        if ind["over_time"] == "none":
            return Cell("not aggregated")
        if target.kind == NUMBER and done.kind == NUMBER and target.unit.lower() != done.unit.lower():
            return Cell("unit clash")
        left, so_far, t, p = self.end - year, year - self.start + 1, target.amount, done.amount
        value = {"sum": max(t - p, F(0)) / left, "last": (t - p) / left, "mean": (t * (so_far + left) - p * so_far) / left,
                 "max": F(0) if p >= t else t, "min": t}[ind["over_time"]]
        return Cell(NUMBER, value, target.unit if target.kind == NUMBER else done.unit)

    # ---- achievement ----

    def mean(self, parts):
        """parts: [(cell, weight or None)]"""
        given = [w for _, w in parts if w is not None]
        usual = F(sum(given)) / len(given) if given else F(1)
        weighed = [(c, usual if w is None else F(w)) for c, w in parts]
        total = sum(w for c, w in weighed if c.kind == NUMBER)
        if total == 0:
            return Cell(DASH) if parts and all(c.kind == DASH for c, _ in parts) else NOTHING
        return Cell(NUMBER, sum(c.value * w for c, w in weighed if c.kind == NUMBER) / total, "%")

    def measured(self, node):
        return bool(self.own[node]) or any(self.measured(c) for c in self.children[node])

    def children_k(self, node, year):
        parts = []
        for c in self.children[node]:
            k = self.achievement(c, year)
            if k.there or self.measured(c):
                parts.append((k, self.own[c][0]["weight"] if self.own[c] else None))
        return self.mean(parts)

    def achievement(self, node, year):
        k = self.children_k(node, year)
        if k.there:
            return k
        return self.mean([(self.rate(i, year), i["weight"]) for i in self.own[node]])

    # ---- money ----

    def lines(self, node):
        if not self.children[node]:
            return [node]
        return [x for c in self.children[node] for x in self.lines(c)]

    def leaf_money(self, line, field, period, stages):
        for s in stages:
            if any(k[1:] == (s, period, field) for k in self.money):  # the column exists in this stage
                return self.money.get((line, s, period, field))
        return None

    def leaf_year(self, line, field, year, stages):
        own = self.leaf_money(line, field, str(year), stages)
        if own is not None:
            return own
        for group in ([f"{year}Q{q}" for q in range(1, 5)], [f"{year}S{q}" for q in (1, 2)]):
            parts = [self.leaf_money(line, field, p, stages) for p in group]
            if any(p is not None for p in parts):
                return self.add(parts)
        return None

    def leaf_to(self, line, field, until, stages):
        parts, after = [], self.start
        for year in range(until, self.start - 1, -1):
            span = self.leaf_money(line, field, f"..{year}", stages)
            if span is not None:
                parts, after = [span], year + 1
                break
        return self.add(parts + [self.leaf_year(line, field, y, stages) for y in range(after, until + 1)])

    @staticmethod
    def add(parts):
        there = [p for p in parts if p is not None]
        if not there:
            return None
        return "-" if all(p == "-" for p in there) else sum(0 if p == "-" else p for p in there)

    def year_money(self, node, field, year):
        return self.add([self.leaf_year(x, field, year, ("final", "common")) for x in self.lines(node)])

    def money_to(self, node, field, until, stages=("final", "common")):
        return self.add([self.leaf_to(x, field, until, stages) for x in self.lines(node)])

    @staticmethod
    def money_rate(part, whole):
        if part is None or whole is None:
            return NOTHING
        if part == "-" and whole == "-":
            return Cell(DASH)
        if whole == "-" or whole == 0:
            return Cell("zero target")
        return Cell(NUMBER, F(100) * (0 if part == "-" else part) / whole, "%")

    def absorption(self, node, year):
        return self.money_rate(self.year_money(node, "spent", year), self.year_money(node, "budget", year))

    def efficiency(self, node, year):
        k, rp = self.achievement(node, year), self.absorption(node, year)
        if not k.there or not rp.there:
            return NOTHING
        for c in (k, rp):
            if not c.counts:
                return c
        return Cell(NUMBER, k.amount - rp.amount, "%")

    def strategic_budget(self, node, year=None):
        return self.money_to(node, "budget", self.end, ("renstra",))

    def spent_to(self, node, year):
        return self.money_to(node, "spent", year)

    def spent_accumulated(self, node, year):
        return self.add([self.spent_to(node, year - 1), self.year_money(node, "spent", year)])

    def spent_accumulated_rate(self, node, year):
        return self.money_rate(self.spent_accumulated(node, year), self.strategic_budget(node))
