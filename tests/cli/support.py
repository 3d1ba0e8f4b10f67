# What the command-line tests share: the program, a plan to spoil, a place to write.
# SPDX-License-Identifier: MIT
import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
PAGU = os.environ.get("PAGU", str(ROOT / "build" / "pagu"))
PLAN = str(ROOT / "examples" / "renja-tarakan-2024")
UPDATE = bool(os.environ.get("PAGU_UPDATE"))


def environment(**changes):
    env = {k: v for k, v in os.environ.items() if k not in ("PAGU_LANG", "NO_COLOR", "LC_ALL", "LANG")}
    env.update(HOME="/nonexistent", TERM="xterm")
    env.update(changes)
    return env


def pagu(*args, stdin="", cwd=None, timeout=60, **env):
    """Run the program; the result has returncode, stdout, stderr as text."""
    return subprocess.run([PAGU, *map(str, args)], input=stdin, capture_output=True, text=True, cwd=cwd,
                          timeout=timeout, env=environment(**env))


class Case(unittest.TestCase):
    def setUp(self):
        self.dir = pathlib.Path(tempfile.mkdtemp(prefix="pagu-cli-"))
        self.addCleanup(shutil.rmtree, self.dir)

    def file(self, name, text):
        path = self.dir / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return str(path)

    def plan_copy(self):
        copy = self.dir / "plan"
        shutil.copytree(PLAN, copy)
        return copy

    def evaluate(self, chunk, *options):
        done = pagu("eval", *options, "--", PLAN, chunk)
        self.assertEqual((done.returncode, done.stderr), (0, ""), done.stderr)
        return done.stdout

    def refuses(self, done, code, *parts):
        """The call failed with this exit code, printed no result, and said why in one line."""
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        self.assertEqual(done.stdout, "")
        lines = done.stderr.rstrip("\n").split("\n")
        self.assertEqual(len(lines), 1, done.stderr)
        self.assertTrue(lines[0].startswith("pagu: "), lines[0])
        for part in parts:
            self.assertIn(part, lines[0])
        return lines[0]

    def eval_refuses(self, chunk, *parts, code=4):
        return self.refuses(pagu("eval", "--", PLAN, chunk), code, *parts)
