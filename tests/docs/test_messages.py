#!/usr/bin/env python3
"""Runs tools/check_messages.py: on the sources, where it must find nothing, and on a small tree, where it must
find each kind of fault."""

import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

REPO = Path(__file__).resolve().parents[2]

ERROR_C = r"""
const char *tr(const pagu_ctx *ctx, const char *format) { return messages_find(ctx->messages, format); }
pagu_code err_set(const pagu_ctx *ctx, pagu_error *err, pagu_code code, const char *format, ...)
{
    vsnprintf(err->message, sizeof err->message, tr(ctx, format), args);
    return code;
}
"""

USER_C = r"""
#define refuse(v, code, ...) err_set((v)->ctx, (v)->err, code, __VA_ARGS__)
static const struct { const char *name, *title; } columns[] = { { "key", "Kode kolom" }, { .title = "Column title" } };

static const char *kind(bool money) { return money ? "no money" : NULL; }
static void why(const char **out, bool late) { *out = late ? "too late" : kind(true); }

pagu_code use(verb *v, const char *unknown)
{
    const char *fault;
    why(&fault, v->late);
    say(v, tr(v->ctx, columns[v->i].title));
    say(v, tr(v->ctx, v->late ? fault : "in "
                                        "two pieces"));
    say(v, tr(v->ctx, gettext("x")));
    return refuse(v, PAGU_RULE, "%s of %d: %s", v->name, v->n, unknown);
}

pagu_code other(verb *v) { return v->n ? refuse(v, PAGU_RULE, "%s: %s", v->name, v->reason) : use(v, "argument"); }
"""

CATALOGUE = r"""
static const message_pair catalogue[] = {
    { "Kode kolom", "Kode" }, { "too late", "terlambat" }, { "in two pieces", "dua potong" },
    { "%s of %d: %s", "%2$s dari %1$s: %3$s" }, { "too late", "terlambat" }, { "gone", "hilang" },
};
"""

FOUND = """\
src/plan/user.c:15: can't follow gettext ( "x" )
src/base/messages_id.c:4: other arguments in "%2$s dari %1$s: %3$s" (s, s, s) than in "%s of %d: %s" (s, d, s)
src/base/messages_id.c:4: stands in src/base/messages_id.c:3 already: "too late"
src/base/messages_id.c:4: no message is "gone"
src/plan/user.c:3: no entry in src/base/messages_id* for "Column title"
src/plan/user.c:5: no entry in src/base/messages_id* for "no money"
"""


def check(*arguments):
    return subprocess.run([sys.executable, REPO / "tools" / "check_messages.py", *arguments], text=True,
                          encoding="utf-8", capture_output=True, timeout=120)


class Messages(unittest.TestCase):
    maxDiff = None

    def test_every_message_has_its_entry(self):
        done = check()
        self.assertEqual(done.stdout + done.stderr, "")
        self.assertEqual(done.returncode, 0)

    def test_each_kind_of_fault_is_found(self):
        with tempfile.TemporaryDirectory() as folder:
            for name, text in (("base/error.c", ERROR_C), ("base/messages_id.c", CATALOGUE), ("plan/user.c", USER_C)):
                path = Path(folder, "src", name)
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text, encoding="utf-8")
            done = check(folder)
        self.assertEqual(sorted(done.stdout.splitlines()), sorted(FOUND.splitlines()), done.stderr)
        self.assertEqual(done.returncode, 1)


if __name__ == "__main__":
    unittest.main()
