#!/usr/bin/env python3
"""Writes the rules of docs/checks.md from what the program says of them (pagu check --rules, --explain); with --check
only tells whether they are in step. What stands above the heading "Rules" is kept."""

import csv
import io
import os
import subprocess
import sys
from pathlib import Path

REPO = Path(__file__).resolve().parents[1]
PAGU = os.environ.get("PAGU", str(REPO / "build/pagu"))
PAGE = REPO / "docs/checks.md"
HEADING = "## Rules\n"


def pagu(*args):
    return subprocess.run([PAGU, "check", "--lang", "en", *args], capture_output=True, text=True, check=True).stdout


def rules():
    out = [HEADING, "\nWritten by `tools/check_docs.py` from the register in `src/io/check_rules.c`.\n"]
    for row in csv.DictReader(io.StringIO(pagu("--rules", "--format", "csv"))):
        lines = pagu("--explain", row["rule"]).rstrip("\n").split("\n")
        parts = [line.split(": ", 1) for line in lines[2:] if line]
        text = {name: words for name, words in parts}
        out.append(f"\n### {row['rule']}\n\n{row['severity']}: {row['title']}. {text['Checks']} {text['Why']} *{text['Mending']}*")
        out.append(f" Source: {text['Source']}.\n" if "Source" in text else "\n")
    return "".join(out)


def main():
    old = PAGE.read_text(encoding="utf-8")
    new = old.split(HEADING)[0] + rules()
    if "--check" not in sys.argv:
        PAGE.write_text(new, encoding="utf-8")
    elif new != old:
        print("docs/checks.md is not in step with the rules, run tools/check_docs.py")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
