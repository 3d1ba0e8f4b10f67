"""What `cmake --install` puts in place is complete: the examples are built and run against it.

    PAGU_BUILD=build python3 tests/install/test_install.py [--update]

--update writes libpagu.symbols anew: a name that leaves it breaks programs that use it.

SPDX-License-Identifier: MIT
"""

import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = pathlib.Path(os.environ.get("PAGU_BUILD", ROOT / "build")).resolve()
SYMBOLS = pathlib.Path(__file__).with_name("libpagu.symbols")
EXAMPLES = ROOT / "examples"
UPDATE = "--update" in sys.argv


def run(*args, **options):
    done = subprocess.run([str(a) for a in args], capture_output=True, text=True, timeout=300, **options)
    if done.returncode != 0:
        raise AssertionError(f"{' '.join(map(str, args))} left with {done.returncode}:\n{done.stdout}{done.stderr}")
    return done.stdout


def exported(library):
    """Names that a library defines for others."""
    return sorted(line.split()[-1] for line in run("nm", "-D", "--defined-only", library).splitlines())


class TestInstall(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.tmp = pathlib.Path(tempfile.mkdtemp(prefix="pagu-install-"))
        cls.addClassCleanup(shutil.rmtree, cls.tmp)
        cls.prefix = cls.tmp / "prefix"
        run("cmake", "--install", BUILD, "--prefix", cls.prefix)
        cls.library = cls.one("libpagu.so")
        cls.module = cls.one("pagu.so")
        cls.plan = cls.prefix / "share" / "pagu" / "examples" / "renja-tarakan-2024"
        cls.env = {**os.environ, "PAGU_LANG": "en", "PKG_CONFIG_PATH": str(cls.one("pagu.pc").parent),
                   "LD_LIBRARY_PATH": str(cls.library.parent), "LUA_CPATH": f"{cls.module.parent}/?.so"}
        cls.env.pop("LUA_PATH", None)

    @classmethod
    def one(cls, name):
        found = list(cls.prefix.rglob(name))
        assert len(found) == 1, f"{name}: {found or 'not installed'}"
        return found[0]

    def expects(self, file, got):
        self.assertEqual(got, (EXAMPLES / file).read_text(encoding="utf-8"))

    def copy(self, name):
        """A copy of an example, far from the sources."""
        to = self.tmp / self.id().rsplit(".", 1)[-1]
        shutil.copytree(EXAMPLES / name, to)
        return to

    # ---- the examples ----

    def test_c_example_builds_by_pkg_config(self):
        folder = self.copy("c")
        run("make", "-C", folder, env={**self.env, "CFLAGS": "-Werror", "MAKEFLAGS": ""})
        self.expects("c/expected.txt", run(folder / "tarakan", self.plan, env=self.env))

    def test_c_example_builds_by_find_package(self):
        folder = self.copy("c")
        run("cmake", "-S", folder, "-B", folder / "out", f"-DCMAKE_PREFIX_PATH={self.prefix}", "-DCMAKE_C_FLAGS=-Werror")
        run("cmake", "--build", folder / "out")
        env = {k: v for k, v in self.env.items() if k != "LD_LIBRARY_PATH"}
        self.expects("c/expected.txt", run(folder / "out" / "tarakan", self.plan, env=env))

    def test_c_example_says_what_is_wrong(self):
        folder = self.copy("c")
        run("make", "-C", folder, env={**self.env, "MAKEFLAGS": ""})
        done = subprocess.run([folder / "tarakan", "no/such/plan"], capture_output=True, text=True, env=self.env)
        self.assertEqual((done.returncode, done.stdout), (1, ""))
        self.assertTrue(done.stderr.startswith("not_found: "), done.stderr)

    def test_lua_example_runs_in_stock_lua(self):
        folder = self.copy("lua")
        self.expects("lua/expected.txt", run("lua5.4", folder / "embed.lua", self.plan, env=self.env, cwd=folder))

    def test_program_runs_away_from_the_sources(self):
        got = run(self.prefix / "bin" / "pagu", "eval", self.plan, 'plan:get("/", "budget", 2024)', cwd=self.tmp)
        self.assertEqual(got, "6736773965\n")
        got = run(self.prefix / "bin" / "pagu", "run", self.prefix / "share/pagu/scenarios/prakiraan-maju.lua",
                  "--plan", self.plan, cwd=self.tmp)
        self.assertIn("6", got)

    # ---- the solver ----

    ALLOCATE = 's:optimise{ total = 5000000000, maximise = { ["1.06"] = 1 }, dry = true }.gain_text'

    def solver(self):
        found = list(self.prefix.rglob("libpagu_cbc.so"))
        if not found:
            self.skipTest("built without CBC")
        self.assertEqual(found, [self.library.parent / "pagu" / "libpagu_cbc.so"])
        self.assertEqual(exported(found[0]), ["pagu_solver_entry"])
        return found[0]

    def test_program_finds_its_solver_from_anywhere(self):
        self.solver()
        (self.tmp / "a.lua").write_text("local s = plan:branch 'x'\nreturn " + self.ALLOCATE + "\n")
        path = {**self.env, "PATH": f"{self.prefix / 'bin'}:{os.environ['PATH']}"}
        path.pop("LD_LIBRARY_PATH")
        for command in ("pagu", self.prefix / "bin" / "pagu", "prefix/bin/pagu"):
            got = run(command, "run", self.tmp / "a.lua", "--plan", self.plan, cwd=self.tmp, env=path)
            self.assertEqual(got, "4455445985\n", command)

    def test_lua_module_finds_its_solver(self):
        self.solver()
        script = f'local s = require "pagu".open("{self.plan}"):branch "x" print({self.ALLOCATE})'
        self.assertEqual(run("lua5.4", "-e", script, env=self.env, cwd=self.tmp), "4455445985\n")

    def test_without_its_solver_optimise_says_what_is_missing(self):
        script = f'local s = require "pagu".open("{self.plan}"):branch "x" local ok, e = pcall(function() return {self.ALLOCATE} end) print(ok, e.code, e)'
        got = run("lua5.4", "-e", script, env={**self.env, "PAGU_PLUGINS": str(self.tmp)}, cwd=self.tmp)
        self.assertRegex(got, r"^false\tnot_found\t")
        self.assertIn("optimise memerlukan pengaya libpagu_cbc.so", got)
        self.assertIn("coinor-libcbc-dev", got)
        (self.tmp / "broken").mkdir()
        (self.tmp / "broken" / "libpagu_cbc.so").write_text("no library")
        got = run("lua5.4", "-e", script, env={**self.env, "PAGU_PLUGINS": str(self.tmp / "broken")}, cwd=self.tmp)
        self.assertRegex(got, r"^false\tnot_found\t.*coinor-libcbc3")

    # ---- symbols ----

    def test_library_exports_what_is_listed(self):
        names = exported(self.library)
        self.assertEqual([n for n in names if not n.startswith("pagu_")], [])
        if UPDATE:
            SYMBOLS.write_text("".join(name + "\n" for name in names))
        listed = SYMBOLS.read_text().split()
        self.assertEqual(sorted(set(listed) - set(names)), [], "exported no more (--update if that is meant)")
        self.assertEqual(sorted(set(names) - set(listed)), [], "exported anew (--update if that is meant)")

    def test_library_exports_what_the_headers_declare(self):
        text = "\n".join(path.read_text() for path in (ROOT / "include" / "pagu").glob("*.h"))
        text = re.sub(r"^#.*", "", re.sub(r"/\*.*?\*/", "", text, flags=re.S), flags=re.M)
        declared = {re.search(r"(pagu_\w+)\s*\(", part).group(1) for part in
                    re.findall(r"PAGU_API\s([^;]*;)", text) if "(" in part}
        self.assertEqual(sorted(declared ^ set(exported(self.library))), [])

    def test_lua_module_exports_its_entry_alone(self):
        self.assertEqual(exported(self.module), ["luaopen_pagu"])

    def test_lua_module_brings_no_second_lua(self):
        needed = run("ldd", self.module)
        self.assertNotIn("liblua", needed)
        self.assertNotIn("liblua", run("ldd", self.library))

    # ---- versions and headers ----

    def test_versions_agree(self):
        version = re.search(r"project\(pagu VERSION ([\d.]+)", (ROOT / "CMakeLists.txt").read_text()).group(1)
        said = run(self.prefix / "bin" / "pagu", "--version").split()
        self.assertIn(version, said)
        self.assertEqual(run("pkg-config", "--modversion", "pagu", env=self.env).strip(), version)
        self.assertEqual(run("lua5.4", "-e", 'print(require "pagu".version)', env=self.env).strip(), version)
        config = self.one("paguConfigVersion.cmake").read_text()
        self.assertIn(f'set(PACKAGE_VERSION "{version}")', config)
        self.assertTrue((self.library.parent / f"libpagu.so.{version}").exists())

    def headers(self):
        include = self.prefix / "include"
        found = sorted(include.rglob("*.h"))
        self.assertEqual({p.relative_to(include) for p in found},
                         {p.relative_to(ROOT / "include") for p in (ROOT / "include").rglob("*.h")})
        return include, found

    def compile_each(self, compiler, language, *flags):
        include, found = self.headers()
        for path in found:
            with self.subTest(header=path.name, language=language):
                source = f'#include "{path.relative_to(include)}"\n#include "{path.relative_to(include)}"\nint main(void) {{ return 0; }}\n'
                run(compiler, "-x", language, *flags, "-Wall", "-Wextra", "-pedantic", "-Werror", "-fsyntax-only",
                    f"-I{include}", "-", input=source)

    def test_every_header_stands_alone_in_c11(self):
        self.compile_each("cc", "c", "-std=c11")

    @unittest.skipUnless(shutil.which("g++"), "no C++ compiler")
    def test_every_header_stands_alone_in_cpp(self):
        self.compile_each("g++", "c++", "-std=c++11")

    def test_no_header_needs_lua_or_a_format_library(self):
        include, found = self.headers()
        for path in found:
            included = re.findall(r'^\s*#\s*include\s+[<"]([^>"]+)[>"]', path.read_text(), flags=re.M)
            foreign = [i for i in included if not i.startswith("pagu/") and
                       i not in ("stdbool.h", "stddef.h", "stdint.h")]
            self.assertEqual(foreign, [], path.name)


if __name__ == "__main__":
    unittest.main(argv=[a for a in sys.argv if a != "--update"])
