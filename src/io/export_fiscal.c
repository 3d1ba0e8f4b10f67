/* export_fiscal.c - a plan as a Fiscal Data Package 1.0rc1: one tidy CSV, an amount a row, and a
 * descriptor whose columns carry the types of the budget taxonomy.
 * https://specs.frictionlessdata.io/fiscal-data-package, fiscal-data-package--budgets
 * SPDX-License-Identifier: MIT */
#include "io/export_fiscal.h"

#include "io/file.h"

#include <ctype.h>
#include <errno.h>
#include <sys/stat.h>

void fiscal_fail(fiscal *f, pagu_code code)
{
    if (code != PAGU_OK && f->code == PAGU_OK) {
        f->code = code;
        if (code == PAGU_INTERRUPTED)
            err_set(f->ctx, f->err, code, "interrupted");
        else
            err_memory(f->ctx, f->err);
    }
}

/* ---- rows ---- */

/* The sign with which a leaf counts at the root; 0: a memo. */
static int sign_at_root(const pagu_view *v, pagu_row row)
{
    int sign = 1;
    for (; row != PAGU_NO_ROW && pagu_view_parent(v, row) != PAGU_NO_ROW; row = pagu_view_parent(v, row))
        sign *= pagu_view_sign(v, row);
    return sign;
}

static void set_text(fiscal *f, uint32_t row, uint32_t col, const char *text)
{
    if (*text)
        fiscal_fail(f, pagu_table_set_text(f->table, row, col, text));
}

static void put_levels(fiscal *f, const pagu_view *v, pagu_row row, uint32_t at)
{
    for (; row != PAGU_NO_ROW; row = pagu_view_parent(v, row)) {
        pagu_level level = pagu_view_level(v, row);
        if (pagu_view_is_own_line(v, row))
            continue;
        for (uint32_t i = 0; i < f->n_levels; i++) {
            if (f->levels[i] != level)
                continue;
            set_text(f, at, f->first_level + 2 * i, pagu_view_code(v, row));
            set_text(f, at, f->first_level + 2 * i + 1, pagu_view_row_name(v, row));
        }
    }
}

static void put_classes(fiscal *f, const pagu_view *v, pagu_row row, uint32_t at)
{
    for (uint32_t i = 0; i < f->n_trees; i++) {
        uint32_t cls = pagu_view_class(v, row, f->trees[i]);
        if (cls == UINT32_MAX)
            continue;
        set_text(f, at, f->first_tree + 2 * i, pagu_plan_class_id(f->plan, f->trees[i], cls));
        set_text(f, at, f->first_tree + 2 * i + 1, pagu_plan_class_name(f->plan, f->trees[i], cls));
    }
}

static void put_amount(fiscal *f, const pagu_view *v, pagu_row row, pagu_column column)
{
    pagu_stage stage = pagu_plan_column_stage(f->plan, column);
    const char *currency = pagu_plan_meta(f->plan, "currency");
    pagu_cell cell = pagu_view_money(v, row, column);
    int sign = sign_at_root(v, row);
    if (cell.state != PAGU_NUMBER || sign == 0 || f->code != PAGU_OK)
        return;
    uint32_t at = pagu_table_row_count(f->table);
    fiscal_fail(f, pagu_table_add_row(f->table));
    if (f->code != PAGU_OK)
        return;
    int year = pagu_plan_period_year(f->plan, pagu_plan_column_period(f->plan, column));
    fiscal_fail(f, pagu_table_set_money(f->table, at, YEAR, year));
    set_text(f, at, PHASE, pagu_plan_stage_id(f->plan, stage));
    set_text(f, at, PHASE_LABEL, pagu_plan_stage_name(f->plan, stage));
    set_text(f, at, KIND, pagu_plan_field_id(f->plan, pagu_plan_column_field(f->plan, column)));
    set_text(f, at, LINE, pagu_view_key(v, row));
    fiscal_fail(f, pagu_table_set_money(f->table, at, VALUE, sign * cell.value));
    set_text(f, at, CURRENCY, currency ? currency : "IDR");
    put_levels(f, v, row, at);
    put_classes(f, v, row, at);
}

static void put_column(fiscal *f, const pagu_view *v, pagu_column column, const pagu_row *rows, uint32_t n)
{
    for (uint32_t i = 0; i < n && f->code == PAGU_OK; i++) {
        if (i % 4096 == 0 && pagu_ctx_interrupted(f->ctx))
            fiscal_fail(f, PAGU_INTERRUPTED);
        if (pagu_view_is_member(v, rows[i]) && pagu_view_is_leaf(v, rows[i]))
            put_amount(f, v, rows[i], column);
    }
}

/* Whole years only: what a quarter holds is in its year, or is no amount of a year. */
static bool is_whole_year(const pagu_plan *plan, pagu_period period)
{
    const char *id = pagu_plan_period_id(plan, period);
    return strlen(id) == 4 && isdigit((unsigned char)id[0]);
}

static void put_stage(fiscal *f, pagu_stage stage)
{
    pagu_view *v = pagu_view_open((pagu_plan *)(uintptr_t)f->plan, stage);
    uint32_t n = v ? pagu_view_row_count(v) : 0;
    pagu_row *rows = v ? mem_array(f->ctx, n, sizeof *rows) : NULL;
    for (uint32_t i = 0; rows && i < n; i++)
        rows[i] = i;
    if (!rows || pagu_view_sort(v, rows, n) != PAGU_OK)
        fiscal_fail(f, PAGU_NO_MEMORY);
    for (pagu_period p = 0; p < pagu_plan_period_count(f->plan) && f->code == PAGU_OK; p++) {
        for (pagu_field field = 0; is_whole_year(f->plan, p) && field < pagu_plan_field_count(f->plan); field++) {
            if (pagu_plan_field_kind(f->plan, field) != PAGU_FIELD_MONEY)
                continue;
            pagu_column column = pagu_view_column(v, field, p);
            if (pagu_plan_column_stage(f->plan, column) == stage)
                put_column(f, v, column, rows, n);
        }
    }
    mem_free(f->ctx, rows, n * sizeof *rows);
    pagu_view_close(v);
}

/* ---- entry ---- */

static pagu_code stage_text(fiscal *f, const char *folder, const char *name, const pagu_text *text, staged_file *out)
{
    char *path = path_join(f->ctx, folder, name);
    if (!path)
        return err_memory(f->ctx, f->err);
    pagu_code code = file_stage(f->ctx, path, pagu_text_data(text), pagu_text_len(text), out, f->err);
    mem_free(f->ctx, path, strlen(path) + 1);
    return code;
}

static void save(fiscal *f, const char *folder, const pagu_text *rows, const pagu_text *descriptor)
{
    staged_file files[2] = { 0 };
    if (f->code != PAGU_OK)
        return;
    if (mkdir(folder, 0777) != 0 && errno != EEXIST)
        f->code = err_in_file(f->err, err_set(f->ctx, f->err, PAGU_IO, "%s: %s", folder, strerror(errno)), folder, 0);
    if (f->code == PAGU_OK)
        f->code = stage_text(f, folder, "budget.csv", rows, &files[0]);
    if (f->code == PAGU_OK)
        f->code = stage_text(f, folder, "datapackage.json", descriptor, &files[1]);
    for (int i = 0; i < 2; i++) {
        if (f->code == PAGU_OK)
            f->code = file_commit(f->ctx, &files[i], f->err);
        else
            file_discard(f->ctx, &files[i]);
    }
}

pagu_code pagu_fiscal_save(const pagu_plan *plan, const char *folder, pagu_error *err)
{
    pagu_ctx *ctx = pagu_plan_ctx(plan);
    fiscal *f = mem_zalloc(ctx, sizeof *f);
    pagu_text *rows = pagu_text_new(ctx), *descriptor = pagu_text_new(ctx);
    pagu_render_options options = PAGU_RENDER_OPTIONS_INIT;
    options.decimals = pagu_plan_decimals(plan);
    pagu_code code = PAGU_NO_MEMORY;
    if (f && rows && descriptor) {
        *f = (fiscal){ .plan = plan, .ctx = ctx, .err = err };
        fiscal_add_columns(f);
        for (pagu_stage s = 0; s < pagu_plan_stage_count(plan) && f->code == PAGU_OK; s++)
            put_stage(f, s);
        if (f->code == PAGU_OK)
            f->code = pagu_render(f->table, PAGU_FORMAT_CSV, &options, rows, err);
        fiscal_put_descriptor(f, descriptor);
        save(f, folder, rows, descriptor);
        pagu_table_free(f->table);
        code = f->code;
    } else {
        err_memory(ctx, err);
    }
    pagu_text_free(descriptor);
    pagu_text_free(rows);
    mem_free(ctx, f, sizeof *f);
    return code;
}
