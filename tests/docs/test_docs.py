#!/usr/bin/env python3
"""Runs the examples of README.md and docs/*.md.

    ```sh    lines that begin with `pagu` are run; "# exit 3" says how a line must end (0)
    ```lua   run by `pagu run` with the Tarakan plan; by stock lua5.4 if its first line is "-- lua5.4"
    ```c     compiled against libpagu and run
    ```text  directly after one of these: what it must print; a line "…" stands for any lines

Each block runs in a folder of its own that has examples/ and scenarios/. Links to files must lead
somewhere.
"""

import os
import re
import shlex
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

REPO = Path(__file__).resolve().parents[2]
PAGU = os.path.abspath(os.environ.get("PAGU", REPO / "build" / "pagu"))
BUILD = os.path.abspath(os.environ.get("PAGU_BUILD", REPO / "build"))
PLAN = "examples/renja-tarakan-2024"
FILES = [REPO / "README.md", *sorted((REPO / "docs").glob("*.md"))]
BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.M | re.S)
LINK = re.compile(r"\]\(([^)#:]+)(?:#[^)]*)?\)")


def blocks(path):
    """(line, language, text, expected output or None) of each fenced block."""
    text = path.read_text(encoding="utf-8")
    found = list(BLOCK.finditer(text))
    for i, block in enumerate(found):
        language, body = block.groups()
        line = text.count("\n", 0, block.start()) + 1
        follows = found[i + 1] if i + 1 < len(found) else None
        wants = follows and follows[1] == "text" and not text[block.end():follows.start()].strip()
        if language in ("sh", "lua", "c"):
            yield line, language, body, follows[2] if wants else None


def matches(wanted, printed):
    pattern = "".join(r"(?:.*\n)*?" if line.strip() == "…" else re.escape(line.rstrip()) + r" *\n"
                      for line in wanted.splitlines())
    return re.fullmatch(pattern, "".join(line.rstrip() + "\n" for line in printed.splitlines())) is not None


class Examples(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        (self.folder / "scenarios").symlink_to(REPO / "scenarios")
        (self.folder / "examples").symlink_to(REPO / "examples")

    def call(self, command, code=0, **env):
        done = subprocess.run(command, cwd=self.folder, env={**os.environ, "PAGU_LANG": "id", **env}, text=True,
                              encoding="utf-8", capture_output=True, stdin=subprocess.DEVNULL, timeout=120)
        self.assertEqual(done.returncode, code, f"{command}\n{done.stdout}{done.stderr}")
        return done.stdout + done.stderr

    def run_sh(self, text):
        printed = ""
        for line in text.replace("\\\n", " ").splitlines():
            if not line.startswith("pagu"):
                continue
            code = re.search(r"#.*\bexit (\d)", line)
            words = shlex.split(line, comments=True)
            printed += self.call([PAGU, *words[1:]], int(code[1]) if code else 0)
        return printed

    def run_lua(self, text):
        script = self.folder / "contoh.lua"
        script.write_text(text, encoding="utf-8")
        if not text.startswith("-- lua5.4"):
            return self.call([PAGU, "run", "contoh.lua", "--plan", PLAN])
        if not shutil.which("lua5.4"):
            self.skipTest("no lua5.4")
        return self.call(["lua5.4", "contoh.lua"], LUA_CPATH=f"{BUILD}/lua/?.so")

    def run_c(self, text):
        if not shutil.which("cc"):
            self.skipTest("no cc")
        (self.folder / "contoh.c").write_text(text, encoding="utf-8")
        self.call(["cc", "-std=c11", "-Wall", "-Wextra", "-Werror", f"-I{REPO}/include", "contoh.c", "-o", "contoh",
                   f"-L{BUILD}", "-lpagu", f"-Wl,-rpath,{BUILD}"])
        return self.call(["./contoh"])

    def run_file(self, path):
        ran = 0
        for line, language, text, wanted in blocks(path):
            with self.subTest(block=f"{path.relative_to(REPO)}:{line}"):
                self.setUp()
                printed = getattr(self, "run_" + language)(text)
                if wanted is not None and not matches(wanted, printed):
                    self.assertEqual(printed, wanted)
            ran += 1
        return ran

    def test_examples_of_the_readme_run(self):
        self.assertGreater(self.run_file(FILES[0]), 1)

    def test_examples_of_the_documents_run(self):
        for path in FILES[1:]:
            self.run_file(path)


class Links(unittest.TestCase):
    def test_links_lead_to_files(self):
        for path in FILES:
            for target in LINK.findall(path.read_text(encoding="utf-8")):
                self.assertTrue((path.parent / target).exists(), f"{path.name}: {target}")


if __name__ == "__main__":
    unittest.main()
