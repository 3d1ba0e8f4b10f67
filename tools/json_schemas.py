#!/usr/bin/env python3
"""Writes schema/*.schema.json: what pagu reads and prints as JSON (draft 2020-12).

    tools/json_schemas.py            write them
    tools/json_schemas.py --check    exit 1 if they are not what this would write

The rows of a package come from the table of resources in src/io/package_resources.c, so that reader
and schema can't differ; every schema is complete in itself.
"""

import json
import re
import sys
from pathlib import Path

REPO = Path(__file__).resolve().parents[1]
FOLDER = REPO / "schema"

# ---- parts ----

TEXT = {"type": "string"}
MONEY = {"type": "string", "pattern": r"^-?(0|[1-9][0-9]{0,18})(\.[0-9]{1,6})?$"}


def closed(properties, required=(), **more):
    return {"type": "object", "properties": properties, "required": list(required), "additionalProperties": False, **more}


def head(name, title, description):
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": f"urn:pagu:schema:{name}:1",
            "title": title, "description": description}


CELL = {
    "description": "null: missing. \"-\": a printed dash. Money is a decimal string, so that no reader rounds it. A "
                   "measure is an object. Where a number can't be, a string says why.",
    "oneOf": [{"type": ["string", "number", "null"]}, {"$ref": "#/$defs/measure"}],
}
MEASURE = closed({"value": {"type": ["number", "null"]}, "unit": TEXT, "text": {"type": ["string", "null"]}},
                 ["value", "unit", "text"], description="A number with its unit, words, or both.")
COLUMN = closed({
    "name": {"type": "string", "minLength": 1, "description": "key of the cells"},
    "title": {"type": "string", "description": "heading; \"Group|Title\" has a group heading before the bar"},
    "type": {"enum": ["text", "money", "number", "percent", "integer", "measure"]},
    "number": {"type": "string", "description": "as official forms number their columns: \"8=(7/6)\""},
}, ["name", "title", "type"])
STAMP = {"type": "object", "additionalProperties": TEXT,
         "description": "what it was made from: hash of the plan, stage or scenario, hash of the view, script, engine"}
TABLE_PARTS = {
    "title": TEXT,
    "columns": {"type": "array", "items": {"$ref": "#/$defs/column"}},
    "rows": {"type": "array", "items": {"type": "object", "additionalProperties": {"$ref": "#/$defs/cell"}}},
    "notes": {"type": "array", "items": TEXT},
    "stamp": {"$ref": "#/$defs/stamp"},
}
TABLE = closed(TABLE_PARTS, ["title", "columns", "rows"])
TABLE_DEFS = {"column": COLUMN, "cell": CELL, "measure": MEASURE, "stamp": STAMP}

# ---- what pagu prints ----

CHARTS = ["bar", "stacked", "line", "fan", "waterfall", "treemap", "sunburst", "compare"]


def block(kind, properties, required):
    return closed({"type": {"const": kind}, **properties}, ["type", *required])


def table_schema():
    return {**head("table", "A table of pagu", "Reports, comparisons and results of scripts: --format json."),
            "$ref": "#/$defs/table", "$defs": {"table": TABLE, **TABLE_DEFS}}


def report_schema():
    name = {"type": "string", "minLength": 1, "description": "machine name, unique in the document"}
    table_block = {key: value for key, value in TABLE_PARTS.items() if key != "stamp"}
    blocks = [
        block("heading", {"level": {"type": "integer", "minimum": 1, "maximum": 4}, "text": TEXT}, ["level", "text"]),
        block("text", {"text": TEXT}, ["text"]),
        block("table", {"name": name, **table_block}, ["name", "title", "columns", "rows"]),
        block("chart", {
            "name": name, "kind": {"enum": CHARTS}, "title": TEXT, "unit": TEXT,
            "label": {"type": "string", "description": "column that names the rows"},
            "values": {"type": "array", "items": TEXT, "minItems": 1, "description": "columns that are drawn"},
            "table": {"oneOf": [{"type": "string", "description": "name of the block with the figures"},
                                {"$ref": "#/$defs/table"}]},
        }, ["name", "kind", "title", "label", "values", "table"]),
    ]
    return {**head("report", "A report of pagu",
                   "Headings, paragraphs, tables and charts in order. A report that is one table is that table alone."),
            "oneOf": [
                closed({"format": {"const": "pagu-report"}, "version": {"const": 1}, "title": TEXT,
                        "language": {"enum": ["id", "en"]}, "blocks": {"type": "array", "items": {"oneOf": blocks}},
                        "stamp": {"$ref": "#/$defs/stamp"}},
                       ["format", "version", "title", "language", "blocks"]),
                {"$ref": "#/$defs/table"},
            ],
            "$defs": {"table": TABLE, **TABLE_DEFS}}


def findings_schema():
    count = {"type": "integer", "minimum": 0}
    line = {"type": "integer", "minimum": 1}
    words = {"type": "string", "minLength": 1}
    finding = closed({"rule": {"type": "string", "pattern": "^[a-z][a-z0-9-]*$"},
                      "severity": {"enum": ["note", "warning", "error"]},
                      "table": {**words, "description": "the printed table; file and line are where the package holds it"},
                      "row": {**line, "description": "row of the printed table"},
                      "column": words, "key": {**words, "description": "node, indicator or class"},
                      "stage": words, "period": words, "printed": words, "computed": words,
                      "difference": {"enum": ["marks", "rounding", "truncation", "power-of-ten", "unit", "text", "value"]},
                      "message": words, "suggestion": words,
                      "lines": {"type": "array", "items": words, "minItems": 1,
                                "description": "the lines that explain a gap: key, name, value"},
                      "document_line": {**line, "description": "line of the source document"},
                      "file": words, "line": line,
                      "suppressed": {**words, "description": "why the package leaves it out"}},
                     ["rule", "severity", "message"])
    return {**head("findings", "Findings of pagu", "What `pagu check --json` prints."),
            **closed({"check": {"const": 1}, "stamp": {"$ref": "#/$defs/stamp"},
                      "counts": closed({"error": count, "warning": count, "note": count, "suppressed": count},
                                       ["error", "warning", "note", "suppressed"]),
                      "findings": {"type": "array", "items": finding}}, ["check", "counts", "findings"]),
            "$defs": {"stamp": TABLE_DEFS["stamp"]}}


def run_schema():
    scalar = {"type": ["string", "number", "boolean", "null"]}
    return {**head("run", "A run of a scenario script", "What `pagu run --json` prints for a script with metrics."),
            **closed({"script": TEXT, "title": TEXT, "question": TEXT,
                      "params": {"type": ["object", "array"], "additionalProperties": True, "maxItems": 0},
                      "metrics": {"type": ["object", "array"],
                                  "additionalProperties": {"anyOf": [scalar, {"$ref": "#/$defs/table"}, {"type": "object"},
                                                                     {"type": "array"}]}, "maxItems": 0},
                      "comparison": {"oneOf": [{"$ref": "#/$defs/table"}, {"type": "null"}]},
                      "comparisons": {"type": ["array", "object"], "items": {"$ref": "#/$defs/table"}}},
                     ["script", "title", "params", "metrics"]),
            "$defs": {"table": TABLE, **TABLE_DEFS}}


# ---- an explanation ----

def explain_schema():
    words = {"type": "string", "minLength": 1}
    value = {"oneOf": [{"type": "string", "description": "money, or \"-\" of a printed dash"}, {"$ref": "#/$defs/measure"}]}
    node = closed({
        "kind": {"enum": ["input", "rollup", "edit", "missing", "hold", "printed", "more", "formula", "aggregate", "request",
                          "basis", "bound", "share"],
                 "description": "request, basis, bound and share tell how an edit came to its value"},
        "key": words, "name": words, "value": value, "was": value,
        "verb": words, "reason": words, "source": {**words, "description": "script file:line of an edit"},
        "because": {"type": "array", "items": {"$ref": "#/$defs/node"}, "minItems": 1}}, ["kind"])
    return {**head("explain", "An explanation of pagu",
                   "What `pagu explain --json` and view:explain(…, { json = true }) give: why a value is what it is."),
            **closed({"explain": {"const": 1}, "key": words, "field": words, "period": words,
                      "tree": {"type": "array", "items": {"$ref": "#/$defs/node"}},
                      "notes": {"type": "array", "items": TEXT}, "stamp": {"$ref": "#/$defs/stamp"}},
                     ["explain", "key", "field", "period", "tree"]),
            "$defs": {"node": node, "measure": TABLE_DEFS["measure"], "stamp": TABLE_DEFS["stamp"]}}


# ---- a line of a sweep ----

def sweep_schema():
    scalar = {"type": ["string", "number", "boolean", "null"]}
    values = {"type": "object", "additionalProperties": scalar,
              "description": "numbers beyond 2^53-1 are strings; null: missing"}
    digest = {"type": "string", "pattern": "^[0-9a-f]{64}$"}
    described = closed({"name": TEXT, "title": TEXT, "unit": TEXT}, ["name"])
    block = closed({"kind": {"enum": ["grid", "list", "lhs"]}, "names": {"type": "array", "items": TEXT, "minItems": 1},
                    "count": {"type": "integer", "minimum": 1}, "hash": {**digest, "description": "of the values"},
                    "values": {"type": "array", "items": scalar, "description": "of a grid"}},
                   ["kind", "names", "count", "hash"])
    seed = {"type": ["integer", "string"]}
    header = closed({
        "pagu": {"const": "sweep"}, "version": {"const": 1}, "engine": TEXT, "name": TEXT,
        "title": {"type": ["string", "null"]}, "question": {"type": ["string", "null"]},
        "plan": {**digest, "description": "content hash of the plan"},
        "view": {**digest, "description": "of the stage or scenario that members branch"},
        "script": {"type": ["string", "null"], "description": "hash of the script's file"},
        "modules": {"type": ["string", "null"], "description": "hash of the modules it loads from its folder"},
        "seed": seed, "fixed": {**values, "description": "parameters that don't vary"}, "fixed_text": TEXT,
        "design": {"type": "array", "items": block, "minItems": 1,
                   "description": "members are the product of these, the last varying fastest"},
        "params": {"type": "array", "items": described}, "metrics": {"type": "array", "items": described},
        "decimals": {"type": "integer", "minimum": 0, "maximum": 6},
        "stamps": {"type": "array", "items": {"type": "array", "items": TEXT, "minItems": 2, "maxItems": 2}},
        "members": {"type": "integer", "minimum": 1, "description": "of the whole sweep"},
        "shard": {"type": ["string", "null"], "pattern": "^[0-9]+/[0-9]+$"}},
        ["pagu", "version", "engine", "name", "plan", "view", "seed", "fixed", "design", "params", "metrics", "stamps", "members"])
    number = {"type": "integer", "minimum": 1}
    return {**head("sweep", "A line of a sweep",
                   "`pagu sweep --format jsonl` and --store: a header, then a line a member."),
            "oneOf": [header, closed({"member": number, "params": values, "metrics": values}, ["member", "params", "metrics"]),
                      closed({"member": number, "params": values, "error": TEXT}, ["member", "params", "error"])]}


# ---- a plan as one file ----

def resources():
    """{name: (columns, has more columns)} from the table that reader and writer share."""
    source = (REPO / "src/io/package_resources.c").read_text()
    defines = dict(re.findall(r'#define (\w+) +"([^"]*)"', source))
    arrays = {}
    for name, body in re.findall(r"static const column_spec (\w+)\[\] = \{\n(.*?)\n\};", source, re.S):
        arrays[name] = re.findall(r'\{ "(\w+)", (CELL_\w+), ([A-Z_0-9 |]+), ([^,]+), [^}]*\}', body)
        assert len(arrays[name]) == body.count("{"), f"can't read the columns of {name}"
    found = {}
    for name, rest in re.findall(r"\[RES_\w+\] = \{ COLUMNS\((\w+)\)(.*)\}", source):
        columns = [(column, kind, flags, choices.strip('"') if '"' in choices else defines.get(choices.strip()))
                   for column, kind, flags, choices in arrays[name]]
        found[name] = (columns, "extra" in rest)
    return found


def cell_schema(kind, flags, choices):
    marked = "MARKABLE" in flags
    if choices:
        return {"enum": [*choices.split("|"), *([] if {"IN_KEY", "REQUIRED"} & set(re.findall(r"\w+", flags)) else ["", None])]}
    types = {"CELL_TEXT": ["string", "number"], "CELL_INTEGER": ["integer", "string"], "CELL_NUMBER": ["number", "string"],
             "CELL_MONEY": ["string", "integer", "number"], "CELL_BOOLEAN": ["boolean", "string"]}[kind]
    needed = "IN_KEY" in flags or "REQUIRED" in flags
    schema = {"type": types if needed else [*types, "null"]}
    if kind != "CELL_TEXT":
        pattern = {"CELL_BOOLEAN": "true|false", "CELL_INTEGER": "-?[0-9]+"}.get(kind, r"-?[0-9]+(\.[0-9]+)?")
        schema["pattern"] = f"^({pattern}{'|-' if marked else ''}{'' if needed else '|'})$"
    elif needed:
        schema["minLength"] = 1
    return schema


def row_schema(columns, more):
    needed = [name for name, _, flags, _ in columns if "IN_KEY" in flags or "REQUIRED" in flags]
    schema = closed({name: cell_schema(kind, flags, choices) for name, kind, flags, choices in columns}, needed)
    if more:
        schema["additionalProperties"] = {"type": ["string", "number", "boolean", "null"]}
    return schema


def resource_schema(name, columns, more):
    cells = {"type": ["string", "number", "boolean", "null"]}
    data = {"oneOf": [{"type": "array", "items": row_schema(columns, more)},
                      {"type": "array", "items": {"type": "array", "items": cells}, "minItems": 1}]}
    return {"if": {"properties": {"name": {"const": name}}},
            "then": {"properties": {"data": data}}}


def settings_schema():
    year = {"type": "integer", "minimum": 1, "maximum": 9999}
    some = {"type": "string", "minLength": 1}
    return closed({
        "format": {"const": 1},
        "year": year,
        "years": {"type": "array", "items": year, "minItems": 2, "maxItems": 2},
        "stage": some,
        "money": closed({"currency": some, "decimals": {"type": "integer", "minimum": 0, "maximum": 6},
                         "unit": {"type": "integer", "minimum": 1, "maximum": 1000000000}}),
        "strategic": closed({"start": year, "end": year, "name": TEXT}, ["start", "end"]),
        "organisation": TEXT,
        "government": TEXT,
        "locale": {"enum": ["id", "en"]},
        "codes": closed({"separator": {"type": "string", "minLength": 1, "maxLength": 1}, "padding": {"const": "ignore"},
                         "alias": {"type": "object", "additionalProperties": TEXT},
                         "list": TEXT, "version": TEXT, "kind": TEXT, "path": TEXT, "map": TEXT}),
        "calendar": closed({"start": {"type": "string", "pattern": "^[0-9]{2}-[0-9]{2}$"}, "named": {"enum": ["start", "end"]}}),
        "document": closed({"title": TEXT, "status": TEXT, "date": TEXT, "basis": {"type": "array", "items": TEXT}}),
        "include": {"type": "array", "items": closed({
            "path": some, "as": some, "under": TEXT,
            "stages": {"type": "object", "additionalProperties": TEXT},
            "own": {"type": "array", "items": some}}, ["path", "as"])},
        "evaluation": {"type": "object"},
        "fields": {"type": ["object", "array"]},
    }, ["format", "year"])


def package_schema():
    known = resources()
    resource = {
        "type": "object", "required": ["name"], "properties": {"name": {"enum": list(known)}},
        "oneOf": [{"required": ["data"]}, {"required": ["path"], "properties": {"path": {"type": "string", "minLength": 1}}}],
        "allOf": [resource_schema(name, *spec) for name, spec in known.items()],
    }
    return {**head("package", "A plan", "datapackage.json, and the one-file form with the rows of every resource inline."),
            "type": "object", "required": ["pagu", "resources"],
            "properties": {"name": TEXT, "title": TEXT, "description": TEXT, "pagu": settings_schema(),
                           "resources": {"type": "array", "items": resource}}}


SCHEMAS = {"table": table_schema, "report": report_schema, "findings": findings_schema, "run": run_schema, "explain": explain_schema,
           "sweep": sweep_schema, "package": package_schema}


def main():
    stale = []
    for name, make in SCHEMAS.items():
        path = FOLDER / f"{name}.schema.json"
        text = json.dumps(make(), indent=1, ensure_ascii=False) + "\n"
        if "--check" not in sys.argv:
            path.write_text(text)
        elif not path.exists() or path.read_text() != text:
            stale.append(path.name)
    if stale:
        print("not up to date, run tools/json_schemas.py:", ", ".join(stale))
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main())
