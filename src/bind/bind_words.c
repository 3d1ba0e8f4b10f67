/* bind_words.c - tables of ours as people read them.
 *
 * A table holds machine words ("rollup", "reject"), which CSV, JSON and :rows() give as they are.
 * Text and Markdown print a copy: the words in the language of messages, and without the columns
 * that have no value, or whose values the message of a finding repeats.
 *
 * SPDX-License-Identifier: MIT */
#include "bind/bind_object.h"

#include <math.h>

static const struct word {
    const char *column, *word, *id;
} words[] = {
    { "kind", "input", "isian" },
    { "kind", "rollup", "jumlah" },
    { "kind", "edit", "ubahan" },
    { "kind", "missing", "kosong" },
    { "kind", "printed", "tercetak" },
    { "kind", "formula", "rumus" },
    { "kind", "aggregate", "agregat" },
    { "kind", "derived", "turunan" },
    { "kind", "request", "permintaan" },
    { "kind", "basis", "dasar" },
    { "kind", "bound", "batas" },
    { "kind", "share", "bagian" },
    { "kind", "more", "lainnya" },
    { "kind", "hold", "tahan" },
    { "kind", "hold total", "tahan jumlah" },
    { "kind", "floor", "batas minimal" },
    { "kind", "ceiling", "batas pagu" },
    { "kind", "rule", "aturan" },
    { "kind", "check", "fungsi" },
    { "kind", "total", "jumlah" },
    { "kind", "line_cap", "batas atas rincian" },
    { "kind", "line_floor", "batas bawah rincian" },
    { "kind", "requirement", "syarat" },
    { "kind", "hold_total", "tahan jumlah" },
    { "side", "min", "paling sedikit" },
    { "side", "max", "paling banyak" },
    { "state", "holds", "dipenuhi" },
    { "state", "broken", "dilanggar" },
    { "kind", "plan", "rencana" },
    { "kind", "reference", "acuan" },
    { "kind", "common", "umum" },
    { "kind", "money", "uang" },
    { "kind", "measure", "kinerja" },
    { "kind", "partition", "satu kelas tiap baris" },
    { "kind", "label", "penanda" },
    { "role", "default", "bawaan" },
    { "role", "strategic", "strategis" },
    { "severity", "reject", "tolak" },
    { "severity", "warn", "peringatkan" },
    { "severity", "note", "catatan" },
    { "severity", "warning", "peringatan" },
    { "severity", "error", "galat" },
    { "inherited", "yes", "ya" },
    { "effect", "by", "kali" },
    { "effect", "percent", "persen" },
    { "effect", "delta", "tambahan" },
    { "effect", "total", "jumlah baru" },
    { "change", "changed", "berubah" },
    { "change", "added", "baru" },
    { "change", "removed", "dihapus" },
    { "verb", "set", "ubah" },
    { "verb", "spread", "sebar" },
    { "verb", "transfer", "geser" },
    { "verb", "take", "salin" },
    { "verb", "scale", "kalikan" },
    { "verb", "cut", "potong" },
    { "verb", "fit", "paskan" },
    { "verb", "target", "ubah target" },
    { "verb", "project", "proyeksi" },
    { "verb", "forward", "prakiraan maju" },
    { "verb", "add", "tambah" },
    { "verb", "add_indicator", "tambah indikator" },
    { "verb", "remove", "hapus" },
    { "verb", "join", "ikutkan" },
    { "verb", "hold", "tahan" },
    { "verb", "floor", "batas minimal" },
    { "verb", "ceiling", "batas pagu" },
    { "verb", "rule", "batas" },
    { "verb", "release", "lepas" },
    { "verb", "atomic", "gabungan" },
    { "verb", "merge", "gabung cabang" },
    { "what", "save", "simpan" },
    { "what", "remove", "hapus" },
    { "what", "run", "jalankan" },
    { "outcome", "open", "belum diputuskan" },
    { "outcome", "applied", "diterapkan" },
    { "outcome", "left", "ditinggalkan" },
    { "outcome", "ours", "yang di sini" },
    { "outcome", "theirs", "yang diminta" },
};

/* ---- copying ---- */

typedef struct copying {
    const pagu_table *from;
    pagu_table *to;
    bool translate;
    pagu_code code; /* the first error */
} copying;

static bool note(copying *c, pagu_code code)
{
    if (c->code == PAGU_OK)
        c->code = code;
    return c->code == PAGU_OK;
}

static const char *display(const copying *c, const char *column, const char *text)
{
    for (size_t i = 0; c->translate && i < sizeof words / sizeof *words; i++)
        if (strcmp(words[i].word, text) == 0 && strcmp(words[i].column, column) == 0)
            return words[i].id;
    return text;
}

static bool is_finding(const pagu_table *t)
{
    return strcmp(pagu_table_column_name(t, 0), "rule") == 0;
}

/* The first column stays in any case: a table needs one. */
static bool is_shown(const pagu_table *t, uint32_t col)
{
    static const char *const told[] = { "printed", "computed", "difference", "source_line", "details" };
    const char *name = pagu_table_column_name(t, col);
    for (size_t i = 0; is_finding(t) && i < sizeof told / sizeof *told; i++)
        if (strcmp(name, told[i]) == 0)
            return false;
    uint32_t n = pagu_table_row_count(t);
    for (uint32_t r = 0; r < n; r++)
        if (pagu_table_get(t, r, col).state != PAGU_MISSING)
            return true;
    return n == 0 || col == 0;
}

/* Digits that tell people nothing are left out: 4 decimals, or 4 digits of what is below 0.01. */
static double shown_number(double x)
{
    if (!isfinite(x) || fabs(x) >= 1e11 || fabs(x) < 1e-300)
        return x;
    double scale = fabs(x) < 0.01 ? pow(10, 3 - floor(log10(fabs(x)))) : 1e4;
    return round(x * scale) / scale;
}

/* A target as the plan has it stays; what was divided out is shortened. */
static double shown_measure(double x)
{
    return isfinite(x) && fabs(x) < 1e9 && round(x * 1e6) / 1e6 != x ? shown_number(x) : x;
}

static void copy_cell(copying *c, uint32_t row, uint32_t from, uint32_t to)
{
    pagu_table_cell cell = pagu_table_get(c->from, row, from);
    pagu_measure measure = { shown_measure(cell.number), cell.unit, cell.text, cell.state };
    const char *column = pagu_table_column_name(c->from, from);
    if (cell.state == PAGU_MISSING)
        return;
    if (cell.state == PAGU_DASH) {
        note(c, pagu_table_set_dash(c->to, row, to));
        return;
    }
    pagu_column_type type = pagu_table_column_type(c->from, from);
    if (cell.state == PAGU_TEXT && type != PAGU_COL_TEXT && type != PAGU_COL_MEASURE) {
        note(c, pagu_table_set_mark(c->to, row, to, cell.text));
        return;
    }
    switch (type) {
    case PAGU_COL_TEXT: note(c, pagu_table_set_text(c->to, row, to, display(c, column, cell.text))); break;
    case PAGU_COL_MONEY:
    case PAGU_COL_INTEGER: note(c, pagu_table_set_money(c->to, row, to, cell.integer)); break;
    case PAGU_COL_NUMBER: note(c, pagu_table_set_number(c->to, row, to, shown_number(cell.number))); break;
    case PAGU_COL_PERCENT: note(c, pagu_table_set_number(c->to, row, to, cell.number)); break;
    case PAGU_COL_MEASURE: note(c, pagu_table_set_measure(c->to, row, to, &measure)); break;
    }
}

static void copy_columns(copying *c)
{
    const pagu_table *t = c->from;
    for (uint32_t i = 0; i < pagu_table_column_count(t); i++)
        if (is_shown(t, i) &&
            note(c, pagu_table_add_column(c->to, pagu_table_column_name(t, i), pagu_table_column_title(t, i),
                                          pagu_table_column_type(t, i))))
            note(c, pagu_table_set_column_number(c->to, pagu_table_column_count(c->to) - 1,
                                                 pagu_table_column_number(t, i)));
}

static void copy_rows(copying *c)
{
    const pagu_table *t = c->from;
    for (uint32_t r = 0; r < pagu_table_row_count(t) && note(c, pagu_table_add_row(c->to)); r++)
        if (note(c, pagu_table_set_row_style(c->to, r, pagu_table_row_style(t, r), pagu_table_row_indent(t, r))))
            note(c, pagu_table_set_row_parent(c->to, r, pagu_table_row_parent(t, r)));
    for (uint32_t from = 0, to = 0; to < pagu_table_column_count(c->to) && c->code == PAGU_OK; from++, to++) {
        while (strcmp(pagu_table_column_name(t, from), pagu_table_column_name(c->to, to)) != 0)
            from++; /* left out */
        for (uint32_t r = 0; r < pagu_table_row_count(t); r++)
            copy_cell(c, r, from, to);
    }
}

static void copy_texts(copying *c)
{
    const char *key, *value;
    note(c, pagu_table_set_name(c->to, pagu_table_name(c->from)));
    note(c, pagu_table_set_title(c->to, pagu_table_title(c->from)));
    for (uint32_t i = 0; i < pagu_table_note_count(c->from); i++)
        note(c, pagu_table_add_note(c->to, pagu_table_note(c->from, i)));
    for (uint32_t i = 0; i < pagu_table_stamp_count(c->from); i++) {
        pagu_table_stamp(c->from, i, &key, &value);
        note(c, pagu_table_add_stamp(c->to, key, value));
    }
}

pagu_code bind_people_copy(pagu_ctx *ctx, const pagu_table *t, pagu_table **out)
{
    copying c = { .from = t, .to = pagu_table_new(ctx), .translate = pagu_ctx_lang(ctx) == PAGU_LANG_ID };
    *out = c.to;
    if (!c.to)
        return PAGU_NO_MEMORY;
    copy_columns(&c);
    copy_rows(&c);
    copy_texts(&c);
    return c.code;
}

pagu_code bind_findings_table(const pagu_findings *fs, pagu_table **out, pagu_error *err)
{
    pagu_code code = pagu_findings_table(fs, out, err);
    for (uint32_t i = 0; code == PAGU_OK && i < pagu_findings_count(fs); i++)
        code = pagu_table_set_text(*out, i, 1, bind_severities[pagu_findings_get(fs, i)->severity]);
    return code;
}
