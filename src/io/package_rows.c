/* package_rows.c - the rows of a resource, one after another.
 * SPDX-License-Identifier: MIT */
#include "io/package_rows.h"

enum { POLL_ROWS = 4096 };

place row_place(const package_row *row, const char *rule, const char *column)
{
    return (place){
        .rule = rule, .file = row->src.file, .line = row->src.line, .column = column, .key = row->cells[0].text
    };
}

/* ---- documents: primary keys ---- */

static bool is_superseded(const package_row *row)
{
    const char *status = row->res == RES_CODES ? row->cells[resource_column(row->spec, "status")].text : "";
    return *status && !str_eq(status, "active") && !str_eq(status, "aktif");
}

/* Key of a document's row among those of all packages. */
static uint32_t document_key(const layout *l, const char **parts)
{
    const resource_spec *spec = l->row.spec;
    const char *prefix = l->row.p->prefix;
    uint32_t n = 0;
    if (prefix && !spec->shared)
        parts[n++] = prefix;
    for (uint32_t i = 0; i < spec->n_columns; i++)
        if (spec->columns[i].flags & IN_KEY)
            parts[n++] = l->row.texts[l->at[i]];
    if (l->row.res == RES_CODES) { /* a list may give one code to a province and to a regency */
        uint32_t kind = l->at[resource_column(spec, "kind")];
        parts[n++] = kind == NO_COLUMN ? "" : l->row.texts[kind];
    }
    return n;
}

/* A scale or a list of codes may come with several packages, if all say the same. */
static pagu_code check_shared(layout *l, bool *same)
{
    package_row *row = &l->row;
    keyset_entry *entry;
    bool added;
    if (!keyset_add(&row->p->r->shared, row->texts, row->n_texts, row->src.line, &entry, &added))
        return PAGU_NO_MEMORY;
    *same = !added;
    return PAGU_OK;
}

static pagu_code check_key(layout *l, bool *repeated)
{
    package_row *row = &l->row;
    package_reader *r = row->p->r;
    const char *parts[8];
    bool keyed = row->spec->columns[0].flags & IN_KEY;
    uint32_t n = keyed ? document_key(l, parts) : 0;
    keyset_entry *entry;
    bool added, same = false;
    *repeated = false;
    if (row->spec->shared && check_shared(l, &same) != PAGU_OK)
        return PAGU_NO_MEMORY;
    if (n == 0 || is_superseded(row))
        return PAGU_OK;
    if (!keyset_add(&r->keys[row->res], parts, n, row->src.line, &entry, &added))
        return PAGU_NO_MEMORY;
    *repeated = !added;
    if (added || (same && row->p->outer))
        return PAGU_OK;
    place at = row_place(row, "duplicate-key", row->spec->columns[0].name);
    return report_at(r->ctx, r->findings, &at, "the key of the row stands already in line %u", entry->value);
}

/* ---- rows ---- */

static pagu_code read_row(layout *l)
{
    package_row *row = &l->row;
    bool repeated = false;
    row->src = (pagu_source){ l->source.file, l->source.line };
    pagu_code code = read_cells(l);
    if (code == PAGU_OK && (row->spec->document || row->p->stage_map))
        code = rename_cells(l);
    if (code != PAGU_OK || !l->usable)
        return code;
    if (row->spec->document)
        code = check_key(l, &repeated);
    return code == PAGU_OK && !repeated ? take_row(row) : code;
}

static pagu_code open_document(layout *l)
{
    return pagu_builder_document(l->row.p->r->builder, l->row.spec->name, l->source.width, l->source.header);
}

static pagu_code read_all_rows(layout *l)
{
    package_reader *r = l->row.p->r;
    pagu_code code = PAGU_OK;
    for (uint32_t n = 1; code == PAGU_OK; n++) {
        row_result got = source_next(&l->source);
        if (got == ROW_END)
            return PAGU_OK;
        if (got == ROW_NO_MEMORY)
            return PAGU_NO_MEMORY;
        if (n % POLL_ROWS == 0 && pagu_ctx_interrupted(r->ctx))
            return PAGU_INTERRUPTED;
        if (got == ROW_OK)
            code = read_row(l);
    }
    return code;
}

pagu_code rows_read(package *p, uint32_t res)
{
    layout l = { .row = { .p = p, .res = res, .spec = &resources[res] } };
    row_result got = source_open(&l.source, p, res);
    pagu_code code = got == ROW_NO_MEMORY ? PAGU_NO_MEMORY : PAGU_OK;
    l.readable = false;
    if (got == ROW_OK) {
        code = lay_columns(&l);
        if (code == PAGU_OK && l.row.spec->document)
            code = open_document(&l);
        if (code == PAGU_OK && l.readable)
            code = read_all_rows(&l);
    }
    p->r->unreadable |= !l.readable && !l.row.spec->document;
    free_renamed(&l);
    source_close(&l.source);
    return code;
}
