"""The program under test, as the tests of packages call it."""
import csv
import io
import os
import subprocess

PAGU = os.environ.get("PAGU", "build/pagu")
TARAKAN = os.path.abspath("examples/renja-tarakan-2024")


def run(*args):
    return subprocess.run([PAGU, *args], capture_output=True, text=True)


def value(plan, lua):
    """What `pagu eval` prints."""
    done = run("eval", plan, lua)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def rows(plan, lua):
    """A table that a script gives, as dictionaries."""
    return list(csv.DictReader(io.StringIO(value(plan, f"({lua}):csv()"))))
