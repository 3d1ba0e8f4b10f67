/* transfer.c - move money between places; the plan's total is kept.
 *
 * Each side is shared over its places, then each place's share over its lines: what a source
 * gives is bounded by what its lines have, so that nothing falls below zero. All of it becomes one
 * list of moves by line, which must sum to zero.
 *
 * SPDX-License-Identifier: MIT */
#include "calc/apportion.h"
#include "calc/transfer.h"

typedef __int128 i128;

/* Lines of a place that may move, with what they hold. */
typedef struct place {
    pagu_row row;
    pagu_selection *below; /* NULL: the row is a line itself */
    pagu_row *lines;
    int64_t *values;
    uint32_t n, n_held;
} place;

/* ---- lines of a place ---- */

/* All money moved must count alike in the plan's total, else the total would change. */
static pagu_code check_sign(transfer *t, pagu_row line)
{
    const verb *v = &t->verb;
    int sign = 1;
    for (pagu_row r = line; r != PAGU_NO_ROW; r = pagu_view_parent(v->view, r))
        sign *= pagu_view_parent(v->view, r) == PAGU_NO_ROW ? 1 : pagu_view_sign(v->view, r);
    if (t->sign_line == PAGU_NO_ROW) {
        t->sign_line = line;
        t->sign = sign;
    }
    if (sign == t->sign)
        return PAGU_OK;
    return verb_fault(
        v, PAGU_MIXED_SIGN, line,
        "%s and %s do not count with the same sign in the total, so moving money between them would change it",
        pagu_view_key(v->view, t->sign_line), pagu_view_key(v->view, line));
}

static pagu_code place_open(transfer *t, pagu_row row, place *p)
{
    const verb *v = &t->verb;
    *p = (place){ .row = row };
    const pagu_row *rows = &p->row;
    uint32_t n = 1;
    if (!pagu_view_is_leaf(v->view, row)) {
        pagu_code rc = lines_below(v->view, row, &p->below, v->err);
        if (rc)
            return rc;
        rows = pagu_selection_rows(p->below);
        n = pagu_selection_count(p->below);
    }
    uint32_t *order = arena_alloc(&t->mem, n * sizeof *order);
    p->lines = arena_alloc(&t->mem, n * sizeof *p->lines);
    p->values = arena_alloc(&t->mem, n * sizeof *p->values);
    if (!order || !p->lines || !p->values)
        return err_memory(v->ctx, v->err);
    pagu_code rc = order_in_tree(v, rows, n, order);
    for (uint32_t i = 0; i < n && !rc; i++) {
        pagu_row line = rows[order[i]];
        rc = verb_poll(v, i);
        if (pagu_is_held(v->view, line, v->column)) {
            p->n_held++;
            continue;
        }
        p->lines[p->n] = line;
        p->values[p->n++] = pagu_view_money(v->view, line, v->column).value;
    }
    return rc;
}

static void place_close(place *p)
{
    pagu_selection_free(p->below);
}

/* ---- shares ---- */

static pagu_code share_fault(const transfer *t, pagu_code rc)
{
    const verb *v = &t->verb;
    if (rc == PAGU_NO_MEMORY)
        return err_memory(v->ctx, v->err);
    if (rc == PAGU_INTERRUPTED)
        return err_set(v->ctx, v->err, rc, "interrupted");
    return err_set(v->ctx, v->err, PAGU_INTERNAL, "shares of %s do not add up", money_str(v->ctx, t->amount).s);
}

static pagu_code short_of(const transfer *t, const place *p, pagu_money has, pagu_money asked)
{
    const verb *v = &t->verb;
    const char *key = pagu_view_key(v->view, p->row);
    if (p->n == 0 && p->n_held > 0)
        return verb_fault(v, PAGU_HELD, p->row, "%s is held and gives nothing; release it or take from elsewhere", key);
    if (!p->below)
        has = pagu_view_money(v->view, p->row, v->column).value;
    if (p->n_held > 0)
        return verb_fault(
            v, PAGU_INSUFFICIENT, p->row,
            "lines of %s that are not held have %s, %s is asked of them; lower the amount by %s or release a line", key,
            money_str(v->ctx, has).s, money_str(v->ctx, asked).s, money_str(v->ctx, asked - has).s);
    return verb_fault(v, PAGU_INSUFFICIENT, p->row,
                      "%s has %s, %s is asked of it; lower the amount by %s or add a source", key,
                      money_str(v->ctx, has).s, money_str(v->ctx, asked).s, money_str(v->ctx, asked - has).s);
}

static pagu_code add_moves(transfer *t, const place *p, const pagu_money *amounts, const pagu_money *residues, int sign)
{
    const verb *v = &t->verb;
    for (uint32_t i = 0; i < p->n; i++) {
        if (!mem_grow(v->ctx, &t->moves, &t->cap_moves, t->n_moves, sizeof *t->moves))
            return err_memory(v->ctx, v->err);
        t->moves[t->n_moves++] = (move){ p->lines[i], p->lines[i], sign * amounts[i], sign * residues[i] };
        pagu_code rc = amounts[i] != 0 ? check_sign(t, p->lines[i]) : PAGU_OK;
        if (rc)
            return rc;
    }
    return PAGU_OK;
}

/* What lines can give: never more than they have. */
static i128 set_givings(place *p)
{
    i128 has = 0;
    for (uint32_t i = 0; i < p->n; i++) {
        if (p->values[i] < 0)
            p->values[i] = 0;
        has += p->values[i];
    }
    return has;
}

/* Sinks follow what their lines have; lines that have nothing at all share equally. */
static void set_takings(const transfer *t, place *p)
{
    bool any = false;
    for (uint32_t i = 0; i < p->n; i++) {
        if (p->values[i] < 0)
            p->values[i] = 0;
        any |= p->values[i] > 0;
    }
    if (any)
        return;
    for (uint32_t i = 0; i < p->n; i++) {
        p->values[i] = !is_blank_own_line(&t->verb, p->lines[i]);
        any |= p->values[i] > 0;
    }
    for (uint32_t i = 0; i < p->n && !any; i++)
        p->values[i] = 1;
}

static pagu_code share_lines(transfer *t, place *p, pagu_money amount, bool source)
{
    const verb *v = &t->verb;
    if (source) {
        i128 has = set_givings(p);
        if (has < amount)
            return short_of(t, p, (pagu_money)has, amount);
    } else if (p->n == 0 && amount != 0) {
        const char *key = pagu_view_key(v->view, p->row);
        if (p->n_held > 0)
            return verb_fault(v, PAGU_HELD, p->row, "%s is held and takes nothing; release it or choose another sink",
                              key);
        return verb_fault(v, PAGU_WRONG_LEVEL, p->row, "%s has no line that could take money; add one", key);
    } else {
        set_takings(t, p);
    }
    pagu_money *amounts = arena_alloc(&t->mem, p->n * sizeof *amounts);
    pagu_money *residues = arena_alloc(&t->mem, p->n * sizeof *residues);
    if (!amounts || !residues)
        return err_memory(v->ctx, v->err);
    memset(amounts, 0, p->n * sizeof *amounts);
    memset(residues, 0, p->n * sizeof *residues);
    apportion_job job = { .total = amount,
                          .weights = p->values,
                          .hi = source ? p->values : NULL,
                          .n = p->n,
                          .unit = t->o->unit,
                          .residue_to = NO_INDEX,
                          .out = amounts,
                          .residue = residues };
    pagu_code rc = amount != 0 ? apportion_run(v->ctx, &job) : PAGU_OK;
    return rc ? share_fault(t, rc) : add_moves(t, p, amounts, residues, source ? -1 : 1);
}

static pagu_code share_place(transfer *t, pagu_row row, pagu_money amount, bool source)
{
    place p;
    pagu_code rc = place_open(t, row, &p);
    if (!rc)
        rc = share_lines(t, &p, amount, source);
    place_close(&p);
    return rc;
}

/* What the lines of every source can give. */
static pagu_code source_values(transfer *t, const side *s, int64_t *values, i128 *sum)
{
    *sum = 0;
    for (size_t i = 0; i < s->n; i++) {
        place p;
        pagu_code rc = place_open(t, s->places[i].row, &p);
        i128 has = rc ? 0 : set_givings(&p);
        place_close(&p);
        if (rc)
            return rc;
        values[i] = (int64_t)has;
        *sum += has;
    }
    return PAGU_OK;
}

static pagu_code sources_short(transfer *t, const side *s, pagu_money has)
{
    const verb *v = &t->verb;
    if (s->n > 1)
        return verb_fault(
            v, PAGU_INSUFFICIENT, s->places[0].row,
            "the sources can give %s together, %s is asked of them; lower the amount by %s or add a source",
            money_str(v->ctx, has).s, money_str(v->ctx, t->amount).s, money_str(v->ctx, t->amount - has).s);
    place p;
    pagu_code rc = place_open(t, s->places[0].row, &p);
    if (!rc)
        rc = short_of(t, &p, has, t->amount);
    place_close(&p);
    return rc;
}

static pagu_code share_by_weight(transfer *t, const side *s, int64_t *weights)
{
    bool any = false;
    for (size_t i = 0; i < s->n; i++) {
        weights[i] = s->places[i].weight;
        any |= weights[i] != 0;
    }
    apportion_job job = {
        .total = t->amount, .weights = weights, .n = s->n, .unit = t->o->unit, .residue_to = NO_INDEX, .out = s->shares
    };
    if (!any && s->source) {
        i128 sum;
        pagu_code rc = source_values(t, s, weights, &sum);
        if (rc)
            return rc;
        if (sum < t->amount)
            return sources_short(t, s, (pagu_money)sum);
        job.hi = weights;
    } else if (!any) {
        for (size_t i = 0; i < s->n; i++)
            weights[i] = 1;
    }
    pagu_code rc = apportion_run(t->verb.ctx, &job);
    return rc ? share_fault(t, rc) : PAGU_OK;
}

static pagu_code share_places(transfer *t, side *s)
{
    s->shares = arena_alloc(&t->mem, s->n * sizeof *s->shares);
    int64_t *weights = arena_alloc(&t->mem, s->n * sizeof *weights);
    if (!s->shares || !weights)
        return err_memory(t->verb.ctx, t->verb.err);
    for (size_t i = 0; i < s->n; i++)
        s->shares[i] = s->places[i].amount;
    return s->places[0].amount != 0 || t->amount == 0 ? PAGU_OK : share_by_weight(t, s, weights);
}

static pagu_code share_side(transfer *t, side *s)
{
    pagu_code rc = share_places(t, s);
    for (size_t i = 0; i < s->n && !rc; i++)
        rc = share_place(t, s->places[i].row, s->shares[i], s->source);
    return rc;
}

/* ---- commit ---- */

static pagu_code check_moves(const transfer *t)
{
    const verb *v = &t->verb;
    i128 sum = 0;
    for (uint32_t i = 0; i < t->n_moves; i++) {
        sum += t->moves[i].amount;
        if (i > 0 && t->moves[i].row == t->moves[i - 1].row)
            return verb_fault(v, PAGU_ARGUMENT, t->moves[i].row,
                              "%s is named twice in from and to, itself or by a row above it; name it once",
                              pagu_view_key(v->view, t->moves[i].row));
    }
    if (sum != 0)
        return err_set(v->ctx, v->err, PAGU_INTERNAL, "shares of %s do not add up", money_str(v->ctx, t->amount).s);
    return PAGU_OK;
}

static pagu_code apply(transfer *t, const pagu_note *note, pagu_table **out)
{
    const verb *v = &t->verb;
    changes c;
    if (!changes_init(&c, &t->mem, t->n_moves, true))
        return err_memory(v->ctx, v->err);
    for (uint32_t i = 0; i < t->n_moves; i++) {
        const move *m = &t->moves[i];
        pagu_cell old_cell = pagu_view_money(v->view, m->row, v->column);
        pagu_money value;
        if (pagu_money_add(old_cell.value, m->amount, &value))
            return verb_fault(v, PAGU_OVERFLOW, m->row, "%s would exceed the 64-bit range",
                              pagu_view_key(v->view, m->row));
        changes_add(&c, m->row, old_cell, m->amount ? cell_given(old_cell, value) : old_cell, m->residue);
    }
    char text[96];
    const char *notes[] = { text };
    phrase(v->ctx, text, sizeof text, "moved: %s", money_str(v->ctx, t->amount).s);
    c.notes = notes;
    c.n_notes = 1;
    return verb_apply(v, &c, t->o->dry, note, out);
}

static pagu_code run(transfer *t, const pagu_note *note, pagu_table **out)
{
    const verb *v = &t->verb;
    const pagu_transfer_options *o = t->o;
    side from = { .places = o->from, .n = o->n_from, .source = true, .name = "from" };
    side to = { .places = o->to, .n = o->n_to, .name = "to" };
    if (o->unit < 1)
        return err_set(v->ctx, v->err, PAGU_ARGUMENT, "unit must be at least 1");
    pagu_code rc = transfer_sides(t, &from, &to);
    if (!rc)
        rc = share_side(t, &from);
    if (!rc)
        rc = share_side(t, &to);
    if (rc)
        return rc;
    sort_by_key(t->moves, t->n_moves, sizeof *t->moves);
    rc = check_moves(t);
    return rc ? rc : apply(t, note, out);
}

pagu_code pagu_transfer(pagu_scenario *s, const pagu_transfer_options *options, const pagu_note *note, pagu_table **out,
                        pagu_error *err)
{
    pagu_transfer_options o = PAGU_TRANSFER_OPTIONS_INIT;
    transfer t = { .o = &o, .sign_line = PAGU_NO_ROW };
    pagu_ctx *ctx = pagu_plan_ctx(pagu_view_plan(pagu_scenario_view(s)));
    arena_init(&t.mem, ctx);
    pagu_code rc = verb_options(ctx, &o, sizeof o, options, err);
    if (!rc)
        rc = verb_begin(&t.verb, "transfer", s, o.column, err);
    if (!rc)
        rc = run(&t, note, out);
    mem_free(ctx, t.moves, t.cap_moves * sizeof *t.moves);
    arena_free(&t.mem);
    return rc;
}
