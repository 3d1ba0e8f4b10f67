/* migrate.c - a plan moved to the codes of another version.
 * SPDX-License-Identifier: MIT */
#include "io/migrate.h"

#include "calc/apportion.h"
#include "pagu/calc.h"

#include <stdarg.h>
#include <stdio.h>

/* ---- what the parts share ---- */

static void add_finding(migration *m, pagu_finding *f, pagu_severity severity, const char *format, va_list args)
{
    char message[600];
    vsnprintf(message, sizeof message, tr(m->ctx, format), args);
    f->severity = severity;
    f->message = message;
    if (m->findings)
        migrate_fail(m, pagu_findings_add(m->findings, f));
    f->message = "";
}

void migrate_conflict(migration *m, pagu_finding *f, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    m->n_conflicts++;
    add_finding(m, f, PAGU_ERROR, format, args);
    va_end(args);
}

void migrate_tell(migration *m, pagu_finding *f, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    add_finding(m, f, PAGU_NOTE, format, args);
    va_end(args);
}

const char *migrate_text(migration *m, const char *format, ...)
{
    char text[2 * KEY_MAX_LEN + 64];
    va_list args;
    va_start(args, format);
    int n = vsnprintf(text, sizeof text, format, args);
    va_end(args);
    const char *kept = n < 0 ? NULL : arena_strdup(&m->text, text, strlen(text));
    if (!kept)
        migrate_fail(m, PAGU_NO_MEMORY);
    return kept ? kept : "";
}

bool migrate_share(migration *m, int64_t total, const int64_t *shares, size_t n, int64_t *out)
{
    apportion_job job = { .total = total, .weights = shares, .n = n, .unit = 1, .residue_to = NO_INDEX, .out = out };
    pagu_code code = apportion_run(m->ctx, &job);
    migrate_fail(m, code);
    return code == PAGU_OK;
}

/* ---- the table of what moved ---- */

enum { FROM, TO, CHANGE, SHARE, NAME, VALUE };

static const char *change_word(const row_move *move, const new_node *n)
{
    static const char *const words[] = { "kept", "renamed", "followed", "split", "dropped" };
    if (!n)
        return "dropped";
    if (n->n_sources > 1)
        return move->n > 1 ? "split, merged" : "merged";
    return words[move->kind];
}

static bool add_move(migration *m, pagu_table *t, pagu_row row, uint32_t which, pagu_column column)
{
    const pagu_plan *p = m->plan;
    const row_move *move = &m->moves[row];
    const move_target *target = which < move->n ? &m->targets[move->first + which] : NULL;
    const new_node *n = target ? &m->nodes[target->node] : NULL;
    uint32_t at = pagu_table_row_count(t);
    const plan_column *c = &p->columns[column];
    pagu_cell cell = { 0, PAGU_MISSING };
    if (c->values && n && plan_is_leaf(p, row))
        cell = migrate_part(m, row, stored_cell(c, row), which);
    return pagu_table_add_row(t) == PAGU_OK && pagu_table_set_text(t, at, FROM, row_key(m, row)) == PAGU_OK &&
           (!n || pagu_table_set_text(t, at, TO, n->key) == PAGU_OK) &&
           pagu_table_set_text(t, at, CHANGE, tr(m->ctx, change_word(move, n))) == PAGU_OK &&
           (!n || move->n == 1 ||
            pagu_table_set_number(t, at, SHARE, 100.0 * (double)target->share / (double)SHARE_ONE) == PAGU_OK) &&
           pagu_table_set_text(t, at, NAME, plan_str(p, p->name[row])) == PAGU_OK &&
           pagu_table_set_cell(t, at, VALUE, cell) == PAGU_OK;
}

static bool has_changed(const migration *m, pagu_row row)
{
    const row_move *move = &m->moves[row];
    return move->n != 1 || m->nodes[m->targets[move->first].node].n_sources > 1 ||
           !str_eq(m->nodes[m->targets[move->first].node].key, row_key(m, row));
}

static bool fill_moves(migration *m, pagu_table *t)
{
    const pagu_plan *p = m->plan;
    uint32_t n = 0;
    pagu_field budget = 0;
    pagu_period year = 0;
    char note[256];
    pagu_plan_find_field(p, "budget", &budget, NULL);
    pagu_plan_find_year(p, p->year, &year, NULL);
    pagu_column column = column_index(p, p->default_stage, budget, year);
    bool ok = pagu_table_add_column(t, "from", tr(m->ctx, "Old code"), PAGU_COL_TEXT) == PAGU_OK &&
              pagu_table_add_column(t, "to", tr(m->ctx, "New code"), PAGU_COL_TEXT) == PAGU_OK &&
              pagu_table_add_column(t, "change", tr(m->ctx, "Change"), PAGU_COL_TEXT) == PAGU_OK &&
              pagu_table_add_column(t, "share", tr(m->ctx, "Share"), PAGU_COL_PERCENT) == PAGU_OK &&
              pagu_table_add_column(t, "name", tr(m->ctx, "Name"), PAGU_COL_TEXT) == PAGU_OK &&
              pagu_table_add_column(t, "value", tr(m->ctx, "Value"), PAGU_COL_MONEY) == PAGU_OK;
    for (uint32_t rank = 0; rank < p->n_rows && ok; rank++) {
        pagu_row row = p->by_pre[rank];
        if (p->flags[row] & ROW_OWN_LINE || !has_changed(m, row))
            continue;
        for (uint32_t i = 0; i == 0 || i < m->moves[row].n; i++)
            ok = ok && add_move(m, t, row, i, column);
        n++;
    }
    snprintf(note, sizeof note, tr(m->ctx, "%u of %u nodes change; budget %d of stage \"%s\""), n, p->n_rows, p->year,
             plan_str(p, p->stages[p->default_stage].id));
    ok = ok && pagu_table_add_note(t, note) == PAGU_OK;
    snprintf(note, sizeof note, tr(m->ctx, "%u printed claims no longer hold and were let go"), m->n_dropped);
    return ok && (!m->n_dropped || pagu_table_add_note(t, note) == PAGU_OK);
}

static pagu_table *table_of_moves(migration *m)
{
    pagu_table *t = pagu_table_new(m->ctx);
    if (t && fill_moves(m, t))
        return t;
    pagu_table_free(t);
    migrate_fail(m, PAGU_NO_MEMORY);
    return NULL;
}

/* ---- the whole ---- */

static bool begin(migration *m)
{
    const pagu_plan *p = m->plan;
    arena_init(&m->text, m->ctx);
    keyset_init(&m->keys, m->ctx);
    m->moves = mem_zarray(m->ctx, p->n_rows, sizeof *m->moves);
    m->renamed = mem_zarray(m->ctx, p->n_indicators, sizeof *m->renamed);
    return m->moves && (m->renamed || p->n_indicators == 0);
}

static void end(migration *m)
{
    const pagu_plan *p = m->plan;
    map_close(m);
    split_parts_free(m);
    code_index_close(&m->list);
    keyset_free(&m->keys);
    mem_free(m->ctx, m->moves, p->n_rows * sizeof *m->moves);
    mem_free(m->ctx, m->renamed, p->n_indicators * sizeof *m->renamed);
    mem_free(m->ctx, m->classes, (size_t)p->n_trees * m->n_nodes * sizeof *m->classes);
    mem_free(m->ctx, m->targets, m->cap_targets * sizeof *m->targets);
    mem_free(m->ctx, m->sources, m->cap_sources * sizeof *m->sources);
    mem_free(m->ctx, m->nodes, m->cap_nodes * sizeof *m->nodes);
    pagu_builder_free(m->builder);
    arena_free(&m->text);
}

static void read_tables(migration *m, pagu_error *err)
{
    const pagu_migrate_options *o = m->o;
    map_read(m, o->map ? o->map->plan : m->plan, err);
    if (m->code == PAGU_OK)
        m->code = code_index_open(&m->list, o->codes ? o->codes->plan : m->plan, m->plan, o->to, &m->has_list);
}

static void plan_moves(migration *m)
{
    if (m->code == PAGU_OK)
        move_rows(m);
    if (m->code == PAGU_OK)
        link_nodes(m);
    if (m->code == PAGU_OK && m->n_conflicts == 0)
        find_closed_nodes(m);
}

static void build(migration *m, pagu_error *err)
{
    static void (*const parts[])(migration *) = { put_settings_to, put_nodes_to, put_amounts_to, put_indicators_to,
                                                  put_documents_to };
    m->builder = pagu_builder_new(m->ctx, m->findings);
    if (!m->builder) {
        migrate_fail(m, PAGU_NO_MEMORY);
        return;
    }
    for (size_t i = 0; i < COUNT_OF(parts) && m->code == PAGU_OK; i++)
        parts[i](m);
    if (m->code != PAGU_OK || m->n_conflicts)
        return;
    pagu_builder *b = m->builder;
    m->builder = NULL;
    m->code = pagu_builder_finish(b, &m->result, err);
    if (m->code == PAGU_OK)
        m->code = pagu_formulas_compile(m->result, m->findings, err);
    if (m->code == PAGU_OK)
        m->code = prove_totals(m, err);
}

static pagu_code verdict(migration *m, pagu_error *err)
{
    if (m->code == PAGU_NO_MEMORY)
        return err_memory(m->ctx, err);
    if (m->code == PAGU_INTERRUPTED)
        return err_set(m->ctx, err, m->code, "interrupted");
    if (m->code == PAGU_OK && m->n_conflicts)
        return err_set(m->ctx, err, PAGU_CONFLICT, "the plan can't be moved to \"%s\": %u conflicts", m->o->to,
                       m->n_conflicts);
    if (m->code == PAGU_OVERFLOW || m->code == PAGU_LIMIT)
        return err_set(m->ctx, err, m->code, "a sum of the moved plan is beyond the range of money");
    return m->code;
}

pagu_code pagu_codes_migrate(const pagu_plan *plan, const pagu_migrate_options *options, pagu_findings *findings,
                             pagu_plan **out, pagu_table **moves, pagu_error *err)
{
    migration m = { .ctx = plan->ctx, .plan = plan, .o = options, .findings = findings };
    if (out)
        *out = NULL;
    if (moves)
        *moves = NULL;
    if (!options->to || !*options->to)
        return err_set(m.ctx, err, PAGU_ARGUMENT, "say which version to move to");
    keyset_init(&m.list.codes, m.ctx);
    keyset_init(&m.list.names, m.ctx);
    m.list.ctx = m.map.codes.ctx = m.ctx;
    if (!begin(&m))
        migrate_fail(&m, PAGU_NO_MEMORY);
    if (m.code == PAGU_OK)
        read_tables(&m, err);
    plan_moves(&m);
    if (m.code == PAGU_OK && m.n_conflicts == 0)
        build(&m, err); /* also when dry: conflicts of values show only now */
    pagu_table *t = m.code == PAGU_OK && moves ? table_of_moves(&m) : NULL;
    pagu_code code = verdict(&m, err);
    if (code == PAGU_OK && out) {
        *out = m.result;
        m.result = NULL;
    }
    pagu_plan_release(m.result);
    if (code == PAGU_NO_MEMORY) {
        pagu_table_free(t);
        t = NULL;
    }
    if (moves)
        *moves = t;
    end(&m);
    return code;
}
