#!/usr/bin/env python3
"""P2 and P3 from Lua beside SQLite in memory, in one run on the same generated plan.

    bench/peers.py BUILD_DIR [LINES...]
    bench/peers.py --allocation BUILD_DIR [LINES...]       P4 beside numpy, if there is one
    bench/peers.py --simulation BUILD_DIR                  P6 beside numpy, if there is one

SQLite keeps the same totals: one row a node, an edit adds the difference to the line and its
ancestors (one prepared UPDATE by primary keys) and reads the root; a "branch" is a savepoint that is
rolled back, since nothing else keeps the plan. Prints medians and ratios.
"""
import csv, os, re, sqlite3, statistics, subprocess, sys, tempfile, time


def load(folder):
    rows = [r["node"] for r in csv.DictReader(open(f"{folder}/nodes.csv"))]
    known = set(rows)
    amounts = {r["node"]: int(r["budget"]) for r in csv.DictReader(open(f"{folder}/amounts.csv"))}
    number = {key: i for i, key in enumerate(rows)}

    def parent(key):
        while "." in key:
            key = key.rsplit(".", 1)[0]
            if key in known:
                return number[key]
        return 0

    parents = [parent(k) for k in rows]
    values = [0] * len(rows)
    for key, amount in amounts.items():
        values[number[key]] += amount
        i = number[key]
        while i:
            i = parents[i]
            values[i] += amount
    return parents, values, [number[k] for k in amounts]


def path(parents, i):
    out = [i]
    while i:
        i = parents[i]
        out.append(i)
    return out


def sqlite_times(folder, edits=20000, branches=2000):
    parents, values, lines = load(folder)
    db = sqlite3.connect(":memory:", isolation_level=None)
    db.execute("create table node(id integer primary key, value integer not null)")
    db.executemany("insert into node values(?, ?)", enumerate(values))
    paths = [path(parents, i) for i in lines]
    current = {i: values[i] for i in lines}

    def edit(k, value):
        ids = paths[k]
        db.execute(f"update node set value = value + ? where id in ({','.join('?' * len(ids))})",
                   [value - current[lines[k]], *ids])
        current[lines[k]] = value
        return db.execute("select value from node where id = 0").fetchone()[0]

    db.execute("begin")
    start = time.perf_counter()
    for i in range(edits):
        edit(i * 7919 % len(lines), i)
    per_edit = (time.perf_counter() - start) / edits * 1e9
    start = time.perf_counter()
    for i in range(branches):
        saved = dict()
        db.execute("savepoint b")
        for k in range(10):
            at = (i + k * 131) % len(lines)
            saved.setdefault(lines[at], current[lines[at]])
            edit(at, k)
        db.execute("rollback to b")
        db.execute("release b")
        current.update(saved)
    return per_edit, (time.perf_counter() - start) / branches * 1e9


def lua_times(build, folder):
    env = dict(os.environ, LUA_CPATH=f"{build}/lua/?.so")
    out = subprocess.run(["lua5.4", "bench/edits.lua", folder], env=env, check=True, capture_output=True, text=True).stdout
    times = dict(line.split("\t") for line in out.split("\n") if line)
    return float(times["edit"]), float(times["branch"]), float(times["batch"])


def c_time(build, lines):
    """A branch with ten edits by key, with notes, in C: nanoseconds."""
    out = subprocess.run([f"{build}/bench/pagu-bench", "--lines", str(lines), "--only", "P3"], check=True, capture_output=True, text=True).stdout
    return float(re.search(r"with notes.*: ([0-9.]+) us", out).group(1)) * 1e3


def numpy_shares(np, total, weights):
    """Largest remainder in whole arrays: a double estimate, the exact remainder in wrapping 64-bit
    arithmetic, argpartition for who gets one more. The best form in numpy that we found."""
    divisor = int(weights.sum())
    units = (weights * (total / divisor)).astype(np.int64)
    rest = np.multiply(weights, total) - units * divisor
    off = (rest >= divisor).astype(np.int64) - (rest < 0)
    units += off
    rest -= off * divisor
    left = total - int(units.sum())
    if left:
        units[np.argpartition(rest, len(rest) - left)[len(rest) - left:]] += 1
    return units


def allocation(build, sizes):
    import numpy as np
    for lines in sizes:
        out = subprocess.run([f"{build}/bench/pagu-bench", "--lines", str(lines), "--only", "P4"], check=True,
                             capture_output=True, text=True).stdout
        ours = float(next(line for line in out.split("\n") if "exact shares" in line).split("pagu")[1].split()[0])
        weights = np.random.default_rng(1).integers(1, 10**9, lines, dtype=np.int64)
        total = min(int(weights.sum()) * 15 // 16, 2**48)
        times = []
        for _ in range(9):
            start = time.perf_counter()
            assert int(numpy_shares(np, total, weights).sum()) == total
            times.append((time.perf_counter() - start) * 1e3)
        theirs = statistics.median(times)
        print(f"{lines:>8} lines  P4 exact shares   pagu {ours:8.3f} ms   numpy {theirs:8.3f} ms   {theirs / ours:6.1f} x")


def simulation(build):
    """10,000 lines × 10,000 draws, roll-up level by level, quantiles of 200 nodes, in numpy's best form that we found:
    blocks of draws, reduceat by level, one thread."""
    import numpy as np
    out = subprocess.run([f"{build}/bench/pagu-bench", "--lines", "10000", "--only", "P6"], check=True,
                         capture_output=True, text=True).stdout
    lines, draws, block = 10000, 10000, 100
    for kind, word in ((np.float64, "double"), (np.float32, "float")):
        rng = np.random.Generator(np.random.SFC64(1))
        values = rng.integers(10**6, 10**9, lines).astype(kind)
        times = []
        for _ in range(3):
            start = time.perf_counter()
            kept = np.empty((200, draws))
            for first in range(0, draws, block):
                level = (1 + kind(0.1) * rng.standard_normal((block, lines), dtype=kind)) * values
                nodes = []
                for size in (12, 6, 5, 4, 3):
                    level = np.add.reduceat(level, np.arange(0, level.shape[1], size), axis=1)
                    nodes.append(level)
                kept[:, first:first + block] = np.concatenate(nodes[::-1], axis=1)[:, :200].T
            np.quantile(kept, [0.1, 0.5, 0.9], axis=1)
            times.append(time.perf_counter() - start)
        theirs = statistics.median(times)
        ours = next(line for line in out.split("\n") if f"P6 {word}" in line and "1 thread " in line)
        ours = float(ours.split("pagu")[1].split()[0])
        print(f"   10000 lines  P6 {word:<6} noise   pagu {ours:6.3f} s   numpy {theirs:6.3f} s   {theirs / ours:6.1f} x")


def main():
    if sys.argv[1] == "--simulation":
        return simulation(sys.argv[2])
    if sys.argv[1] == "--allocation":
        return allocation(sys.argv[2], [int(a) for a in sys.argv[3:]] or [10000, 1000000])
    build = sys.argv[1]
    for lines in [int(a) for a in sys.argv[2:]] or [10000, 1000000]:
        with tempfile.TemporaryDirectory() as folder:
            subprocess.run([f"{build}/bench/pagu-bench", "--write", str(lines), folder], check=True)
            ours = [lua_times(build, folder) for _ in range(3)]
            in_c = statistics.median(c_time(build, lines) for _ in range(3))
            theirs = [sqlite_times(folder) for _ in range(3 if lines <= 100000 else 1)]
        for k, name in enumerate(("P2 edit + read root from Lua", "P3 branch, 10 edits from Lua")):
            a = statistics.median(t[k] for t in ours)
            b = statistics.median(t[k] for t in theirs)
            print(f"{lines:>8} lines  {name:<30} pagu {a / 1e3:8.2f} us   SQLite {b / 1e3:8.2f} us   {b / a:6.1f} x")
        for k, name, reach in (1, "ten calls", 8), (2, "one batch", 3):
            a = statistics.median(t[k] for t in ours)
            print(f"{lines:>8} lines  a branch with 10 edits, {name:<10} Lua {a / 1e3:5.2f} us   C {in_c / 1e3:5.2f} us   {a / in_c:5.1f} x (reach {reach})")


if __name__ == "__main__":
    main()
