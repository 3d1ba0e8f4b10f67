#!/usr/bin/env python3
"""Checks that every English message of the engine stands in its catalogue.

    tools/check_messages.py [--missing] [FOLDER]

A message is a string that can reach the format of tr (catalogue: src/base/messages_id*) or of
bind_tr (src/bind/bind_messages*). From these two the strings are followed backwards through the
code: through functions and macros that pass a parameter on (err_set, builder_fault, phrase, ...),
through variables, arrays, members of structs, results of functions and out parameters. A message
without words ("%s: %s") needs no entry. Reported are

    a message without an entry          entries that no message uses
    entries that stand twice            entries whose two sides take other arguments
    an expression that can't be followed to its strings (then teach this script, or the code)

Exit code: 0 nothing found, 1 something found. --missing prints the missing entries in C, to be filled in.
"""

import re
import sys
from collections import defaultdict
from pathlib import Path
from typing import NamedTuple

REPO = Path(__file__).resolve().parents[1]
CATALOGUES = {"tr": "src/base/messages_id*", "bind_tr": "src/bind/bind_messages*"}
FORMAT_OF = 1  # the format's position in both
# Names of options in scripts go through bind_tr as "the amount" does, and are the same in every language.
NAME_IN = {"bind_tr": re.compile(r"[a-z_]+")}
# What is no message: text of the user, and errors and findings, which are in their language already.
DATA_OF = {"lua_tostring", "pagu_table_column_name"}
DATA_IN = {"message"}

# ---- tokens ----

TOKEN = re.compile(
    r"""(?P<skip>\n|[^\S\n]+(?!\#)|/\*.*?\*/|//[^\n]*|\\\n)
      | (?P<directive>^[ \t]*\#(?:\\\n|/\*.*?\*/|[^\n])*)
      | (?P<str>(?:u8)?"(?:[^"\\\n]|\\.)*")
      | (?P<chr>'(?:[^'\\\n]|\\.)*')
      | (?P<id>[A-Za-z_]\w*)
      | (?P<num>\.?\d(?:[eEpP][+-]|[\w.])*)
      | (?P<punct>\.\.\.|->|\+\+|--|<<=|>>=|<<|>>|&&|\|\||[-+*/%&|^=!<>]=|.)""",
    re.X | re.S | re.M,
)
DEFINE = re.compile(r"#\s*define\s+(\w+)(\(([^)]*)\))?(.*)", re.S)
PRI = re.compile(r"PRI([diouxX])(8|16|32|64|MAX|PTR)$")
PRI_SIZE = {"8": "hh", "16": "h", "32": "", "64": "l", "MAX": "j", "PTR": "l"}
ESCAPE = re.compile(rb"\\(x[0-9a-fA-F]+|[0-7]{1,3}|u[0-9a-fA-F]{4}|.)", re.S)
ESCAPES = {b"n": b"\n", b"t": b"\t", b"r": b"\r", b"a": b"\a", b"b": b"\b", b"f": b"\f", b"v": b"\v"}


class Token(NamedTuple):
    kind: str
    text: str  # of a string: its value
    line: int


def unescape(match):
    s = match[1]
    if s[:1] == b"u":
        return chr(int(s[1:], 16)).encode()
    if s[:1] == b"x" or s.isdigit():
        return bytes([int(s.lstrip(b"x"), 16 if s[:1] == b"x" else 8) & 255])
    return ESCAPES.get(s, s)


def value_of(literal):
    return ESCAPE.sub(unescape, literal[literal.index('"') + 1:-1].encode()).decode(errors="replace")


def scan(text, line=1):
    """Tokens and directives; adjacent strings are joined, PRI macros count as strings."""
    tokens, directives, at = [], [], 0
    while at < len(text):
        m = TOKEN.match(text, at)
        kind, s = m.lastgroup, m[0]
        if kind == "directive":
            directives.append((s, line))
        elif kind != "skip":
            pri = PRI.match(s) if kind == "id" else None
            if pri:
                kind, s = "str", PRI_SIZE[pri[2]] + pri[1]
            elif kind == "str":
                s = value_of(s)
            if kind == "str" and tokens and tokens[-1].kind == "str":
                tokens[-1] = tokens[-1]._replace(text=tokens[-1].text + s)
            else:
                tokens.append(Token(kind, s, line))
        line += m[0].count("\n")
        at = m.end()
    return tokens, directives


OPEN, CLOSE = {"(": ")", "[": "]", "{": "}"}, {")", "]", "}"}


def is_punct(token, text):
    return token.kind == "punct" and token.text == text


def closing(tokens, at):
    """Index of the bracket that closes the one at `at`."""
    depth = 0
    for i in range(at, len(tokens)):
        if tokens[i].kind == "punct":
            depth += (tokens[i].text in OPEN) - (tokens[i].text in CLOSE)
            if depth == 0:
                return i
    raise ValueError(f"line {tokens[at].line}: no closing bracket")


def opening(tokens, at):
    depth = 0
    for i in range(at, -1, -1):
        if tokens[i].kind == "punct":
            depth += (tokens[i].text in CLOSE) - (tokens[i].text in OPEN)
            if depth == 0:
                return i
    return -1


def split(tokens, mark=","):
    """Parts between marks outside of brackets; no part for nothing."""
    parts, depth, part = [], 0, []
    for t in tokens:
        if t.kind == "punct":
            depth += (t.text in OPEN) - (t.text in CLOSE)
        if depth == 0 and is_punct(t, mark):
            parts.append(part)
            part = []
        else:
            part.append(t)
    return parts + [part] if part or parts else []


def text_of(tokens):
    return " ".join(f'"{t.text}"' if t.kind == "str" else t.text for t in tokens)


# ---- the code: functions, macros, structs, and what is assigned to what ----


class Scope:
    """What stands in a function or at the top of a file: name -> [tokens of a value]."""

    def __init__(self):
        self.variables = defaultdict(list)  # x = …, x[…] = …
        self.targets = defaultdict(list)    # *x = …
        self.types = {}                     # x -> name of its struct, or the struct's fields


class Function:
    def __init__(self, file, name, params, body, macro=False):
        self.file, self.name, self.params, self.body, self.macro = file, name, params, body, macro
        self.shared = file.endswith(".h") or not macro
        self.scope = Scope()


class Code:
    def __init__(self):
        self.functions = defaultdict(list)  # by name, macros too
        self.constants = {}                 # object-like macros
        self.structs = {}                   # name -> fields in order
        self.members = defaultdict(list)    # member -> [(function or None, file, tokens)]
        self.calls = defaultdict(list)      # name -> [(function or None, file, line, arguments)]
        self.files = {}                     # file -> Scope

    def find(self, name, file):
        """The function or macro of that name that `file` sees."""
        candidates = self.functions.get(name, [])
        own = [f for f in candidates if f.file == file]
        return (own or [f for f in candidates if f.shared] or [None])[0]


def last_name(tokens):
    """The name that a declaration without a value declares."""
    depth, name = 0, None
    for t in tokens:
        if t.kind == "punct":
            depth += (t.text in OPEN) - (t.text in CLOSE)
            if depth and t.text == "[":
                break
        elif t.kind == "id" and depth == 0:
            name = t.text
    return name


def parse_fields(tokens):
    """Names of the members of a struct, in order."""
    names = []
    for declaration in split(tokens, ";"):
        for part in split(declaration):
            name = last_name(part)
            if name:
                names.append(name)
    return names


class Reader:
    """Reads one file into the code."""

    def __init__(self, code, file, text):
        self.code, self.file = code, file
        tokens, directives = scan(text)
        self.scope = code.files[file] = Scope()
        for directive, line in directives:
            self.read_define(directive, line)
        self.read_top(tokens)

    def read_define(self, directive, line):
        m = DEFINE.match(directive)
        if not m:
            return
        body = scan("0 " + m[4], line)[0][1:]  # behind something, # is no directive
        if m[2] is None:
            self.code.constants[m[1]] = body
            return
        params = [p.strip().replace("...", "__VA_ARGS__") for p in m[3].split(",")]
        macro = Function(self.file, m[1], params, body, True)
        self.code.functions[m[1]].append(macro)
        self.read_calls(macro, body)

    def read_top(self, tokens):
        start = at = 0
        while at < len(tokens):
            t = tokens[at]
            if is_punct(t, ";"):
                self.read_values(None, tokens[start:at])
                start = at + 1
            elif is_punct(t, "{"):
                end = closing(tokens, at)
                if is_punct(tokens[at - 1], ")") and not any(is_punct(x, "=") for x in tokens[start:at]):
                    self.read_function(tokens[start:at], tokens[at + 1:end])
                    start = end + 1
                at = end
            elif t.kind == "punct" and t.text in OPEN:
                at = closing(tokens, at)
            at += 1

    def read_function(self, head, body):
        at = opening(head, len(head) - 1)
        params = [last_name(p) or ("__VA_ARGS__" if p and p[0].text == "..." else "") for p in split(head[at + 1:-1])]
        f = Function(self.file, head[at - 1].text, params, body)
        f.shared = f.shared and (self.file.endswith(".h") or all(t.text != "static" for t in head[:at]))
        self.code.functions[f.name].append(f)
        self.read_values(f, body)

    def read_calls(self, f, tokens):
        for i, t in enumerate(tokens[:-1]):
            if t.kind == "id" and is_punct(tokens[i + 1], "("):
                arguments = split(tokens[i + 2:closing(tokens, i + 1)])
                self.code.calls[t.text].append((f, self.file, t.line, arguments))

    def read_struct(self, tokens, at):
        """struct NAME {…}: remember its fields; give them and the index behind it."""
        name = tokens[at + 1].text if tokens[at + 1].kind == "id" else None
        brace = at + 2 if name else at + 1
        if brace >= len(tokens) or not is_punct(tokens[brace], "{"):
            return name, brace
        end = closing(tokens, brace)
        fields = parse_fields(tokens[brace + 1:end])
        if end + 1 < len(tokens) and tokens[end + 1].kind == "id" and at > 0 and tokens[at - 1].text == "typedef":
            self.code.structs[tokens[end + 1].text] = fields
        if name:
            self.code.structs[name] = fields
        return fields, end + 1

    def read_values(self, f, tokens):
        """Declarations and assignments in a body, in any nesting."""
        if f:  # at the top of a file what looks like a call is a prototype
            self.read_calls(f, tokens)
        scope = f.scope if f else self.scope
        for at, t in enumerate(tokens):
            if t.kind == "id" and t.text == "struct" and at + 1 < len(tokens):
                struct, after = self.read_struct(tokens, at)
                while after < len(tokens) and (is_punct(tokens[after], "*") or tokens[after].text == "const"):
                    after += 1
                if after < len(tokens) and tokens[after].kind == "id":
                    scope.types[tokens[after].text] = struct
            elif t.kind == "id" and at + 1 < len(tokens) and tokens[at + 1].kind == "id":
                scope.types.setdefault(tokens[at + 1].text, t.text)
            elif is_punct(t, "="):
                self.read_assignment(f, scope, tokens, at)

    def read_assignment(self, f, scope, tokens, at):
        value = []
        for t in tokens[at + 1:]:
            depth = sum((x.text in OPEN) - (x.text in CLOSE) for x in value if x.kind == "punct")
            if depth == 0 and t.kind == "punct" and t.text in ",;)}]":
                break
            value.append(t)
        to = at - 1
        while to > 0 and is_punct(tokens[to], "]"):
            to = opening(tokens, to) - 1
        if to < 0 or tokens[to].kind != "id":
            return
        name, before = tokens[to].text, tokens[to - 1] if to else None
        if before and before.text in (".", "->"):
            self.code.members[name].append((f, self.file, value))
        elif before and is_punct(before, "*") and (to < 2 or tokens[to - 2].text in (";", "{", "}", ")")):
            scope.targets[name].append(value)
        else:
            scope.variables[name].append(value)


# ---- following ----


class Message(NamedTuple):
    text: str
    file: str
    line: int


class Follower:
    def __init__(self, code, sink):
        self.code = code
        self.messages, self.faults = [], []
        self.sink = code.find(sink, None)
        self.seen = set()
        self.todo = []
        self.pass_on(self.sink, FORMAT_OF)
        while self.todo:
            self.follow_calls(*self.todo.pop())

    def pass_on(self, function, index):
        if (id(function), index) not in self.seen:
            self.seen.add((id(function), index))
            self.todo.append((function, index))

    def follow_calls(self, function, index):
        for caller, file, line, arguments in self.code.calls[function.name]:
            if self.code.find(function.name, file) is not function:
                continue
            last = len(arguments) - 1
            if caller and caller.macro and index >= last and text_of(arguments[last]) == "__VA_ARGS__":
                self.pass_on(caller, len(caller.params) - 1 + index - last)
            elif index < len(arguments):
                self.follow(arguments[index], caller, file, line)

    def once(self, *key):
        new = key not in self.seen
        self.seen.add(key)
        return new

    def fault(self, tokens, file, line):
        fault = f"{file}:{line}: can't follow {text_of(tokens)}"
        if fault not in self.faults:
            self.faults.append(fault)

    def follow(self, tokens, f, file, line):
        """Every string that an expression can be."""
        while len(tokens) > 1 and is_punct(tokens[0], "("):
            end = closing(tokens, 0)
            tokens = tokens[1:-1] if end == len(tokens) - 1 else tokens[end + 1:]  # (x) or a cast
        if not tokens:
            return
        line = tokens[0].line
        for i, t in enumerate(tokens):
            if is_punct(t, "?") and opening_depth(tokens, i) == 0:
                yes, no = split_choice(tokens[i + 1:])
                self.follow(yes, f, file, line)
                self.follow(no, f, file, line)
                return
        first = tokens[0]
        if is_punct(first, "{"):
            for part in split(tokens[1:-1]):
                self.follow(designated(part)[1], f, file, line)
        elif len(tokens) == 1 and first.kind == "str":
            self.messages.append(Message(first.text, file, line))
        elif len(tokens) == 1 and first.text in ("NULL", "0"):
            return
        elif len(tokens) == 1 and first.kind == "id":
            self.follow_name(first.text, f, file, tokens)
        elif first.kind == "id" and is_punct(tokens[1], "(") and closing(tokens, 1) == len(tokens) - 1:
            self.follow_result(first.text, f, file, tokens)
        elif is_punct(tokens[-1], "]") and opening(tokens, len(tokens) - 1) > 0:
            self.follow(tokens[:opening(tokens, len(tokens) - 1)], f, file, line)
        elif len(tokens) > 2 and tokens[-2].text in (".", "->") and tokens[-1].kind == "id":
            self.follow_member(tokens, f, file)
        elif is_punct(first, "*") and len(tokens) == 2:
            self.follow_name(tokens[1].text, f, file, tokens)
        else:
            self.fault(tokens, file, line)

    def follow_name(self, name, f, file, tokens):
        if f and name in f.params:
            self.pass_on(f, f.params.index(name))
            return
        scopes = [s for s in (f.scope if f else None, self.code.files[file]) if s]
        scope = next((s for s in scopes if name in s.variables or name in s.types), None)
        if not self.once("name", id(scope), name, file):
            return
        if not scope and name in self.code.constants:
            self.follow(self.code.constants[name], f, file, tokens[0].line)
            return
        values = scope.variables[name] if scope else []
        for value in values:
            self.follow(value, f, file, tokens[0].line)
        filled = self.follow_targets(name, f) if f else False
        if not values and not filled:
            self.fault(tokens, file, tokens[0].line)

    def follow_targets(self, name, f):
        """What functions that get &name put there."""
        filled = False
        for i, t in enumerate(f.body[:-1]):
            if not (is_punct(t, "&") and f.body[i + 1].text == name):
                continue
            for called, calls in self.code.calls.items():
                for caller, file, line, arguments in calls:
                    index = next((k for k, a in enumerate(arguments) if text_of(a) == f"& {name}"), None)
                    callee = self.code.find(called, file)
                    if caller is not f or index is None or not callee or callee.macro or index >= len(callee.params):
                        continue
                    for value in callee.scope.targets.get(callee.params[index], []):
                        filled = True
                        if self.once("target", id(callee), index, text_of(value)):
                            self.follow(value, callee, callee.file, line)
            break
        return filled

    def follow_result(self, name, f, file, tokens):
        callee = self.code.find(name, file)
        if name in CATALOGUES or name in DATA_OF or not self.once("result", id(callee)):
            return
        if not callee or callee.macro:
            self.fault(tokens, file, tokens[0].line)
            return
        body = callee.body
        for i, t in enumerate(body):
            if t.kind == "id" and t.text == "return":
                end = next(k for k in range(i, len(body)) if is_punct(body[k], ";"))
                self.follow(body[i + 1:end], callee, callee.file, t.line)

    def follow_member(self, tokens, f, file):
        """x.m, x->m, x[i].m: by the initialiser of x where x is an array of structs, else all that
        is assigned to a member of that name, in this file if there is any."""
        member = tokens[-1].text
        base = tokens[0].text if tokens[0].kind == "id" else None
        for scope in (f.scope if f else None, self.code.files[file]):
            if scope and base in scope.variables and self.follow_column(scope, base, member, f, file):
                return
        if member in DATA_IN or not self.once("member", member, file):
            return
        found = self.code.members[member]
        own = [x for x in found if x[1] == file]
        for where, at, value in own or found:
            self.follow(value, where, at, value[0].line if value else 0)
        if not found:
            self.fault(tokens, file, tokens[0].line)

    def follow_column(self, scope, base, member, f, file):
        kind = scope.types.get(base)
        fields = self.code.structs.get(kind, kind) if isinstance(kind, str) else kind
        if not isinstance(fields, list) or member not in fields:
            return False
        for value in scope.variables[base]:
            if not value or not is_punct(value[0], "{"):
                return False
            rows = split(value[1:-1])
            if not rows or not is_punct(designated(rows[0])[1][0], "{"):
                rows = [value]
            for row in rows:
                row = designated(row)[1]
                if not row:
                    continue
                for i, cell in enumerate(split(row[1:-1])):
                    name, cell = designated(cell)
                    if (name or (fields[i] if i < len(fields) else None)) == member:
                        self.follow(cell, f, file, row[0].line)
        return True


def opening_depth(tokens, end):
    return sum((t.text in OPEN) - (t.text in CLOSE) for t in tokens[:end] if t.kind == "punct")


def split_choice(tokens):
    """a : b, where a may hold choices of its own."""
    depth = 0
    for i, t in enumerate(tokens):
        if t.kind == "punct":
            depth += (t.text in OPEN or t.text == "?") - (t.text in CLOSE)
            if t.text == ":":
                if depth == 0:
                    return tokens[:i], tokens[i + 1:]
                depth -= 1
    return tokens, []


def designated(tokens):
    """(.name = value or [i] = value) -> (name or None, value)."""
    for i, t in enumerate(tokens):
        if is_punct(t, "{") or is_punct(t, "("):
            break
        if is_punct(t, "="):
            return tokens[1].text if is_punct(tokens[0], ".") else None, tokens[i + 1:]
    return None, tokens


# ---- entries ----

CONVERSION = re.compile(r"%(?:(\d+)\$)?[-+ #0']*(\*|\d+)?(?:\.(\*|\d*))?(hh|h|ll|l|j|z|t|L)?([diouxXeEfFgGaAcspn%])")
ALIKE = {"i": "d", "X": "x", "x": "u", "o": "u", "E": "f", "e": "f", "G": "f", "g": "f", "F": "f", "ll": "l"}


def arguments_of(text):
    """Types of the arguments in the order of the call, or why the format is wrong."""
    types, plain, placed = {}, [], False
    for position, width, precision, size, kind in CONVERSION.findall(text):
        if kind == "%":
            continue
        stars = ["int" for x in (width, precision) if x == "*" ]
        one = ALIKE.get(size, size) + ALIKE.get(kind, kind)
        if position:
            placed = True
            if types.setdefault(int(position), one) != one:
                return f"argument {position} has two types"
            if stars:
                return "* with positions"
        else:
            plain += stars + [one]
    if placed and plain:
        return "positions in some conversions only"
    if placed and sorted(types) != list(range(1, len(types) + 1)):
        return "positions leave a gap"
    return [types[i] for i in sorted(types)] if placed else plain


class Entry(NamedTuple):
    en: str
    id: str
    file: str
    line: int


def read_catalogue(repo, pattern):
    for path in sorted(repo.glob(pattern)):
        tokens = scan(path.read_text(encoding="utf-8"))[0]
        for i in range(len(tokens) - 4):
            brace, en, comma, other, end = tokens[i:i + 5]
            if is_punct(brace, "{") and en.kind == other.kind == "str" and is_punct(comma, ",") and is_punct(end, "}"):
                yield Entry(en.text, other.text, str(path.relative_to(repo)), en.line)


def read_code(repo=REPO):
    code = Code()
    for path in sorted((repo / "src").rglob("*.[ch]")):
        Reader(code, str(path.relative_to(repo)), path.read_text(encoding="utf-8"))
    return code


def check_entries(entries, used):
    first = {}
    for e in entries:
        where = f"{e.file}:{e.line}:"
        if e.en in first:
            yield f'{where} stands in {first[e.en].file}:{first[e.en].line} already: "{e.en}"'
        first.setdefault(e.en, e)
        if e.en not in used:
            yield f'{where} no message is "{e.en}"'
        ours, theirs = arguments_of(e.en), arguments_of(e.id)
        if isinstance(ours, str) or isinstance(theirs, str):
            yield f'{where} {ours if isinstance(ours, str) else theirs}: "{e.en}"'
        elif ours != theirs:
            yield f'{where} other arguments in "{e.id}" ({", ".join(theirs)}) than in "{e.en}" ({", ".join(ours)})'
        if not e.id.strip():
            yield f'{where} no text for "{e.en}"'


def in_c(text):
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'


def needs_entry(sink, text):
    name = NAME_IN.get(sink)
    return any(c.isalpha() for c in CONVERSION.sub("", text)) and not (name and name.fullmatch(text))


def print_missing(missing):
    file = None
    for m in missing:
        if m.file != file:
            print(f"\n/* {m.file.removeprefix('src/')} */")
            file = m.file
        print(f'{{ {in_c(m.text)}, "" }},')


def main(arguments):
    repo = Path(next((a for a in arguments if not a.startswith("-")), REPO)).resolve()
    code = read_code(repo)
    findings, missing = [], []
    for sink, pattern in CATALOGUES.items():
        if not code.find(sink, None):
            continue
        follower = Follower(code, sink)
        entries = list(read_catalogue(repo, pattern))
        if not entries or not follower.messages:
            findings.append(f"{pattern}: nothing found; was {sink} renamed?")
        used = {m.text: m for m in reversed(follower.messages)}  # where each stands first
        absent = [m for m in used.values() if m.text not in {e.en for e in entries} and needs_entry(sink, m.text)]
        missing += sorted(absent, key=lambda m: (m.file, m.line))
        findings += follower.faults
        findings += check_entries(entries, used)
        findings += [f"{m.file}:{m.line}: no entry in {pattern} for {in_c(m.text)}" for m in absent]
    if "--missing" in arguments:
        print_missing(missing)
        return 1 if missing else 0
    if not code.find("tr", None):
        findings.append("src: no function tr")
    for line in findings:
        print(line)
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
