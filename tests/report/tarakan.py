"""The Tarakan plan as its own CSV files say it, read without pagu, and a way to run pagu."""

import csv
import io
import json
import os
import subprocess
from pathlib import Path

REPO = Path(__file__).resolve().parents[2]
PLAN = REPO / "examples" / "renja-tarakan-2024"
SEED = REPO / "tests" / "data" / "seed"
PAGU = os.path.abspath(os.environ.get("PAGU", REPO / "build" / "pagu"))
MODULE = os.path.abspath(os.environ.get("PAGU_LUA_MODULE", REPO / "build" / "lua" / "pagu.so"))


def read_csv(path):
    with open(path, encoding="utf-8", newline="") as f:
        return list(csv.DictReader(f))


def run(*args, **options):
    """Run pagu in the repository; the result has returncode, stdout and stderr as text."""
    env = {**os.environ, "PAGU_LANG": "id", "NO_COLOR": "1"}
    return subprocess.run([PAGU, *map(str, args)], cwd=REPO, env=env, text=True,
                          encoding="utf-8", capture_output=True, timeout=300, **options)


def report_rows(*args):
    """The rows of `pagu report PLAN … --format csv`."""
    done = run("report", PLAN, *args, "--format", "csv")
    assert done.returncode == 0, done.stderr
    return list(csv.DictReader(io.StringIO(done.stdout)))


def report_json(*args, plan=PLAN):
    """The table of `pagu report PLAN … --format json`."""
    done = run("report", plan, *args, "--format", "json")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def run_script(name, *params, stage=None):
    """Metrics (by name) and the whole answer of a shipped scenario script."""
    args = ["run", f"scenarios/{name}.lua", "--plan", PLAN, "--json"]
    for param in params:
        args += ["--param", param]
    if stage:
        args += ["--stage", stage]
    done = run(*args)
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    return answer["metrics"], answer


class Plan:
    """Amounts and targets of one stage, straight from the files."""

    def __init__(self, stage, year="2024"):
        self.year = year
        self.nodes = {r["node"]: r for r in read_csv(PLAN / "nodes.csv")
                      if not r["stages"] or stage in r["stages"].split()}
        self.lines = {r["node"]: int(r["budget"]) for r in read_csv(PLAN / "amounts.csv")
                      if r["stage"] == stage and r["period"] == year and r["budget"] not in ("", "-")}
        self.targets = {r["indicator"]: float(r["value"]) for r in read_csv(PLAN / "measures.csv")
                        if r["stage"] == stage and r["period"] == year
                        and r["field"] == "target" and r["value"] not in ("", "-")}

    def total(self, code=""):
        """Sum of the lines at or below a code; the whole plan for ''."""
        return sum(amount for node, amount in self.lines.items()
                   if not code or node == code or node.startswith(code + "."))

    def target(self, code):
        return self.targets[code + "#1"]
