/* export_fiscal_descriptor.c - datapackage.json of a Fiscal Data Package.
 * SPDX-License-Identifier: MIT */
#include "io/export_fiscal.h"

#include "io/json.h"

#include <ctype.h>
#include <stdio.h>

#define TAXONOMY "https://specs.frictionlessdata.io/taxonomies/fiscal/budgets.json"

static void put(fiscal *f, pagu_text *out, const char *text)
{
    fiscal_fail(f, pagu_text_append(out, text, strlen(text)));
}

static void put_member(fiscal *f, pagu_text *out, const char *key, const char *value, const char *end)
{
    put(f, out, "\"");
    put(f, out, key);
    put(f, out, "\": ");
    fiscal_fail(f, json_put_string(out, value));
    put(f, out, end);
}

/* Types that the taxonomy has no name for. */
static void put_own_types(fiscal *f, pagu_text *out)
{
    bool first = true;
    put(f, out, "  \"columnTypes\": [\n    \"" TAXONOMY "\"");
    for (uint32_t i = 0; i < f->n_fields; i++) {
        const fiscal_field *field = &f->fields[i];
        if (!field->own_type)
            continue;
        put(f, out, first ? ",\n    [\n      {" : ",\n      {");
        first = false;
        put_member(f, out, "name", field->type, ", \"dataType\": \"string\"");
        if (i > 0 && str_eq(field->type + strlen(field->type) - 6, ":label"))
            put(f, out, ", "), put_member(f, out, "labelOf", f->fields[i - 1].type, "");
        put(f, out, "}");
    }
    put(f, out, first ? "\n  ],\n" : "\n    ]\n  ],\n");
}

static void put_fields(fiscal *f, pagu_text *out)
{
    for (uint32_t i = 0; i < f->n_fields; i++) {
        const fiscal_field *field = &f->fields[i];
        put(f, out, i ? ",\n          {" : "\n          {");
        put_member(f, out, "name", field->name, ", ");
        put_member(f, out, "type", field->data_type, ", ");
        put_member(f, out, "title", field->title, ", ");
        put_member(f, out, "columnType", field->type, "}");
    }
}

/* Lower case, digits and "-._" only, as names of packages must be. */
static void put_name(fiscal *f, pagu_text *out, const char *name)
{
    char text[100];
    size_t n = 0;
    for (; *name && n + 1 < sizeof text; name++) {
        int c = tolower((unsigned char)*name);
        text[n++] = (char)(isalnum(c) || strchr("-._", c) ? c : '-');
    }
    text[n] = '\0';
    put_member(f, out, "name", n ? text : "plan", ",\n");
}

void fiscal_put_descriptor(fiscal *f, pagu_text *out)
{
    const char *name = pagu_plan_meta(f->plan, "name"), *title = pagu_plan_meta(f->plan, "title");
    put(f, out, "{\n  ");
    put_name(f, out, name ? name : "plan");
    put(f, out, "  ");
    put_member(f, out, "title", title ? title : name ? name : "", ",\n");
    put(f, out, "  \"profile\": \"fiscal-data-package\",\n");
    put_own_types(f, out);
    put(f, out,
        "  \"resources\": [\n    {\n"
        "      \"name\": \"budget\",\n"
        "      \"path\": \"budget.csv\",\n"
        "      \"profile\": \"tabular-data-resource\",\n"
        "      \"format\": \"csv\",\n"
        "      \"mediatype\": \"text/csv\",\n"
        "      \"encoding\": \"utf-8\",\n"
        "      \"schema\": {\n        \"fields\": [");
    put_fields(f, out);
    put(f, out,
        "\n        ],\n"
        "        \"primaryKey\": [\"fiscal_year\", \"phase_id\", \"value_kind\", \"line_id\"],\n"
        "        \"missingValues\": [\"\"]\n"
        "      }\n    }\n  ]\n}\n");
}
