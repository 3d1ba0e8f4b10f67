"""Random verbs with random options on random plans: what every verb promises (verbs_driver.lua says what).

    PAGU=build/pagu python3 tests/model/test_verbs.py
    PAGU_CASES=1000 …      more plans;  PAGU_SEED=1234 …      one plan

SPDX-License-Identifier: MIT
"""

import os
import pathlib
import random
import shutil
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "model"))
import random_plans  # noqa: E402

PAGU = os.path.abspath(os.environ.get("PAGU", ROOT / "build" / "pagu"))
CASES = int(os.environ.get("PAGU_CASES", 60))
SEED = os.environ.get("PAGU_SEED")


def lua_text(text):
    return "[====[" + text + "]====]"


class Verbs(unittest.TestCase):
    maxDiff = None

    def test_what_every_verb_promises(self):
        seeds = [int(SEED)] if SEED else range(1000, 1000 + CASES)
        with tempfile.TemporaryDirectory() as folder:
            shutil.copy(ROOT / "tests" / "model" / "verbs_driver.lua", folder)
            cases = "".join(
                "{ seed = %d, file = %s, plan = %s },\n" % (
                    seed, lua_text(os.path.join(folder, "x.scn")),
                    lua_text(random_plans.Plan(random.Random(seed)).package()))
                for seed in seeds)
            pathlib.Path(folder, "plans.lua").write_text("return {\n" + cases + "}\n", encoding="utf-8")
            done = subprocess.run([PAGU, "run", "--trust", "verbs_driver.lua"], cwd=folder, capture_output=True, text=True,
                                  timeout=300)
        self.assertEqual((done.stdout, done.stderr, done.returncode), ("done\n", "", 0))


if __name__ == "__main__":
    unittest.main()
