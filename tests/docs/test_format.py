#!/usr/bin/env python3
"""docs/package-format.md names the columns that src/io reads, in their order, with the same keys."""

import re
import unittest
from pathlib import Path

REPO = Path(__file__).resolve().parents[2]
SPEC = re.compile(r"static const column_spec (\w+)\[\] = \{(.*?)\n\};", re.S)
COLUMN = re.compile(r'\{ "(\w+)", \w+, ([^,]*),')
ROW = re.compile(r"^\| `(\w+)`\*? \| (.*) \|$", re.M)
NESTED = re.compile(r"\([^()]*\)")


def columns_read():
    source = (REPO / "src" / "io" / "package_resources.c").read_text(encoding="utf-8")
    return {name: [(column, "IN_KEY" in flags) for column, flags in COLUMN.findall(body)]
            for name, body in SPEC.findall(source)}


def columns_documented():
    """{resource: [(column, is in bold)]} of the table under "Files"; prose behind the names goes on."""
    text = (REPO / "docs" / "package-format.md").read_text(encoding="utf-8").split("\n## Files\n")[1].split("\n## ")[0]
    found = {}
    for name, cell in ROW.findall(text):
        while NESTED.search(cell):
            cell = NESTED.sub("", cell)
        found[name] = [(word, bool(bold)) for bold, word in re.findall(r"(\*\*)?\b([a-z_]+)\b", cell)]
    return found


class Format(unittest.TestCase):
    def test_columns_and_keys_are_those_that_are_read(self):
        documented, read = columns_documented(), columns_read()
        self.assertGreater(len(read), 20)
        self.assertEqual(set(read) - set(documented), set())
        for name, columns in read.items():
            with self.subTest(resource=name):
                self.assertEqual(documented[name][:len(columns)], columns)


if __name__ == "__main__":
    unittest.main()
