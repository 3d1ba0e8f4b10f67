/* migrate_rows.c - what becomes of every row: kept, renamed, merged, split, or led by its parent.
 * SPDX-License-Identifier: MIT */
#include "io/migrate.h"

/* ---- nodes of the new plan ---- */

static bool normal_key(const migration *m, const char *key, size_t len, char out[KEY_MAX_LEN + 2])
{
    return code_normalise(key, len, m->plan->separator, out, KEY_MAX_LEN + 2) > 0;
}

uint32_t find_new_node(const migration *m, const char *key, size_t len)
{
    char normal[KEY_MAX_LEN + 2];
    if (!normal_key(m, key, len, normal))
        return UINT32_MAX;
    const char *parts[] = { normal };
    const keyset_entry *e = keyset_find(&m->keys, parts, 1);
    return e ? e->value : UINT32_MAX;
}

uint32_t add_new_node(migration *m, const char *key, const char *code)
{
    char normal[KEY_MAX_LEN + 2];
    keyset_entry *known;
    bool added;
    const char *parts[] = { normal };
    if (!normal_key(m, key, strlen(key), normal)) {
        pagu_finding f = { .rule = "migrate-key", .key = key };
        migrate_conflict(m, &f, "the key %s would be too long", key);
        return UINT32_MAX;
    }
    if (!mem_grow(m->ctx, &m->nodes, &m->cap_nodes, m->n_nodes, sizeof *m->nodes) ||
        !keyset_add(&m->keys, parts, 1, m->n_nodes, &known, &added)) {
        migrate_fail(m, PAGU_NO_MEMORY);
        return UINT32_MAX;
    }
    if (!added)
        return known->value;
    size_t key_len = strlen(key), code_len = strlen(code);
    bool ends = code_len <= key_len && str_eq(key + key_len - code_len, code);
    m->nodes[m->n_nodes] = (new_node){ .key = key,
                                       .code = code,
                                       .lead = PAGU_NO_ROW,
                                       .parent = UINT32_MAX,
                                       .sign = 1,
                                       .mount = ends ? key_len - code_len : 0 };
    return m->n_nodes++;
}

/* ---- rows and their targets ---- */

static bool is_inside(const pagu_plan *p, pagu_row row, pagu_row above)
{
    return p->pre[row] >= p->pre[above] && p->pre[row] < p->pre_end[above];
}

/* Two rows on one node: the mapping must mean it. */
static void check_merge(migration *m, uint32_t node, pagu_row row, const row_move *move)
{
    const pagu_plan *p = m->plan;
    const new_node *n = &m->nodes[node];
    const char *key = row_key(m, row), *lead = row_key(m, n->lead);
    const row_move *first = &m->moves[n->lead];
    pagu_finding f = { .rule = "migrate-collision", .column = "node", .key = key, .printed = n->key };
    if ((move->kind == MOVE_KEPT && !move->mapped) || (first->kind == MOVE_KEPT && !first->mapped))
        migrate_conflict(m, &f, "%s and %s would both be %s, and the mapping does not merge them", lead, key, n->key);
    f.rule = "migrate-cycle";
    if (is_inside(p, row, n->lead))
        migrate_conflict(m, &f, "%s can't be merged with %s, which it stands below", key, lead);
    f.rule = "migrate-level";
    if (p->level[row] != p->level[n->lead])
        migrate_conflict(m, &f, "%s and %s are of unlike levels and can't be merged into %s", lead, key, n->key);
    f.rule = "migrate-sign";
    if (p->sign && p->sign[row] != p->sign[n->lead])
        migrate_conflict(m, &f, "%s and %s are of unlike signs and can't be merged into %s", lead, key, n->key);
}

static void add_source(migration *m, uint32_t node, pagu_row row, int64_t share, const row_move *move)
{
    if (!mem_grow(m->ctx, &m->sources, &m->cap_sources, m->n_sources, sizeof *m->sources)) {
        migrate_fail(m, PAGU_NO_MEMORY);
        return;
    }
    new_node *n = &m->nodes[node];
    if (n->n_sources)
        check_merge(m, node, row, move);
    m->sources[m->n_sources++] = (node_source){ row, share, 0 };
    if (n->n_sources)
        m->sources[n->last_source - 1].next = m->n_sources;
    else
        n->sources = m->n_sources;
    n->last_source = m->n_sources;
    n->n_sources++;
    if (n->lead == PAGU_NO_ROW)
        n->lead = row;
}

/* Give a row a node; code NULL: the row's own. */
static void add_target(migration *m, pagu_row row, const char *key, const char *code, int64_t share)
{
    row_move *move = &m->moves[row];
    uint32_t node = add_new_node(m, key, code ? code : plan_str(m->plan, m->plan->code[row]));
    if (node == UINT32_MAX)
        return;
    if (!mem_grow(m->ctx, &m->targets, &m->cap_targets, m->n_targets, sizeof *m->targets)) {
        migrate_fail(m, PAGU_NO_MEMORY);
        return;
    }
    m->targets[m->n_targets++] = (move_target){ node, share };
    move->n++;
    add_source(m, node, row, share, move);
}

static bool key_ends_with_code(const pagu_plan *p, pagu_row row)
{
    uint32_t k = p->symbols.lengths[p->key[row]], c = p->symbols.lengths[p->code[row]];
    const char *key = plan_str(p, p->key[row]);
    return c > 0 && c <= k && memcmp(key + k - c, plan_str(p, p->code[row]), c) == 0 &&
           (c == k || key[k - c - 1] == '/');
}

static void move_by_map(migration *m, pagu_row row, const map_entry *e)
{
    const pagu_plan *p = m->plan;
    row_move *move = &m->moves[row];
    const char *key = row_key(m, row), *code = plan_str(p, p->code[row]);
    bool by_code = key_ends_with_code(p, row);
    size_t mount = by_code ? strlen(key) - strlen(code) : 0;
    move->mapped = true;
    bool same = str_eq(code_owned(e->to, code, plan_aliases(p), p->separator).s, code);
    move->kind = e->next ? MOVE_SPLIT : same ? MOVE_KEPT : MOVE_RENAMED;
    if (e->next && !by_code) {
        pagu_finding f = { .rule = "migrate-id", .column = "node", .key = key, .printed = code };
        migrate_conflict(m, &f, "%s has an id of its own beside the code %s, so its parts would have none", key, code);
    }
    for (; e && m->code == PAGU_OK; e = map_next(m, e)) {
        code_text to = code_owned(e->to, code, plan_aliases(p), p->separator);
        const char *kept = migrate_text(m, "%s", to.s);
        add_target(m, row, by_code ? migrate_text(m, "%.*s%s", (int)mount, key, kept) : key, kept, e->share);
    }
}

/* What follows the parent's code or key in the row's: NULL if the row's lies elsewhere. */
static const char *rest_of(const pagu_plan *p, symbol whole, symbol part)
{
    const char *text = plan_str(p, whole), *start = plan_str(p, part);
    size_t len = p->symbols.lengths[part];
    bool inside = len > 0 && strncmp(text, start, len) == 0 &&
                  (text[len] == p->separator || text[len] == '#' || text[len] == '/');
    return inside ? text + len : NULL;
}

static void move_with_parent(migration *m, pagu_row row)
{
    const pagu_plan *p = m->plan;
    const row_move *up = &m->moves[p->parent[row]];
    const char *rest = rest_of(p, p->key[row], p->key[p->parent[row]]);
    const char *code_rest = rest_of(p, p->code[row], p->code[p->parent[row]]);
    m->moves[row].kind = MOVE_FOLLOWED;
    if (!rest && up->n > 1) {
        pagu_finding f = { .rule = "migrate-id", .column = "node", .key = row_key(m, row) };
        migrate_conflict(m, &f, "%s has an id of its own and stands below %s, which is split", row_key(m, row),
                         row_key(m, p->parent[row]));
    }
    if (!rest) { /* the id says nothing of the parent: it stays */
        m->moves[row].kind = MOVE_KEPT;
        m->moves[row].mapped = true;
        add_target(m, row, row_key(m, row), NULL, SHARE_ONE);
        return;
    }
    for (uint32_t i = 0; i < up->n && m->code == PAGU_OK; i++) {
        move_target t = m->targets[up->first + i];
        const new_node *n = &m->nodes[t.node];
        const char *code = code_rest && *n->code ? migrate_text(m, "%s%s", n->code, code_rest) : NULL;
        add_target(m, row, migrate_text(m, "%s%s", n->key, rest), code, t.share);
    }
}

static void keep_row(migration *m, pagu_row row)
{
    m->moves[row].kind = MOVE_KEPT;
    add_target(m, row, row_key(m, row), NULL, SHARE_ONE);
}

static bool says_something(const pagu_plan *p, pagu_row row)
{
    return plan_is_leaf(p, row) || (p->first_indicator && p->first_indicator[row] != PAGU_NO_INDICATOR);
}

static void unmapped_row(migration *m, pagu_row row, const char *code)
{
    bool listed = m->has_list && code_index_active(&m->list, code, plan_aliases(m->plan));
    if (listed || m->o->unmapped == PAGU_UNMAPPED_KEEP) {
        keep_row(m, row);
        return;
    }
    if (m->o->unmapped == PAGU_UNMAPPED_FOLLOW) {
        move_with_parent(m, row);
        return;
    }
    if (!says_something(m->plan, row)) {
        m->moves[row].kind = MOVE_DROPPED; /* a heading: it goes if nothing stays below it */
        return;
    }
    pagu_finding f = { .rule = "migrate-unmapped", .column = "node", .key = row_key(m, row), .printed = code };
    migrate_conflict(m, &f, "the mapping from %s to %s has no code %s (\"%s\"); add it, or keep what is unmapped",
                     m->map.from, m->map.to, code, plan_str(m->plan, m->plan->name[row]));
    keep_row(m, row);
}

static bool is_line(const pagu_plan *p, pagu_row row)
{
    return p->flags[row] & ROW_OWN_LINE || strchr(plan_str(p, p->code[row]), '#');
}

static void move_row(migration *m, pagu_row row)
{
    const pagu_plan *p = m->plan;
    const char *code = plan_str(p, p->code[row]);
    m->moves[row] = (row_move){ .first = m->n_targets, .kind = MOVE_KEPT };
    if (p->flags[row] & ROW_OWN_LINE) {
        move_with_parent(m, row);
        return;
    }
    if (row == 0 || p->flags[row] & ROW_NO_CODE) {
        m->moves[row].mapped = true; /* nothing of a list */
        keep_row(m, row);
        return;
    }
    const map_entry *e = map_find(m, code);
    uint32_t segments = code_segments(code, p->separator);
    if (e)
        move_by_map(m, row, e);
    else if (is_line(p, row) || segments > m->map.most)
        move_with_parent(m, row);
    else if (segments < m->map.least)
        keep_row(m, row);
    else
        unmapped_row(m, row, code);
}

/* Does some part of a row stand below this key now? */
static bool lies_below(const migration *m, pagu_row row, const char *key)
{
    const row_move *move = &m->moves[row];
    size_t len = strlen(key);
    for (uint32_t i = 0; i < move->n; i++) {
        const char *now = m->nodes[m->targets[move->first + i].node].key;
        if (strncmp(now, key, len) == 0 && (now[len] == m->plan->separator || now[len] == '#'))
            return true;
    }
    return false;
}

/* Headings that the mapping lacks, from the bottom up: kept where something stays below them. */
static void keep_headings(migration *m)
{
    const pagu_plan *p = m->plan;
    for (uint32_t rank = p->n_rows; rank-- > 0 && m->code == PAGU_OK;) {
        pagu_row row = p->by_pre[rank];
        if (m->moves[row].kind != MOVE_DROPPED)
            continue;
        for (uint32_t r = rank + 1; r < p->pre_end[row]; r++)
            if (lies_below(m, p->by_pre[r], row_key(m, row))) {
                m->moves[row].first = m->n_targets;
                keep_row(m, row);
                break;
            }
        if (m->moves[row].kind == MOVE_DROPPED) {
            pagu_finding f = { .rule = "migrate-dropped", .column = "node", .key = row_key(m, row) };
            migrate_tell(m, &f, "the heading %s goes: nothing stands below it any more", row_key(m, row));
        }
    }
}

void move_rows(migration *m)
{
    const pagu_plan *p = m->plan;
    for (uint32_t rank = 0; rank < p->n_rows && m->code == PAGU_OK; rank++) {
        if (rank % 4096 == 0 && pagu_ctx_interrupted(m->ctx))
            migrate_fail(m, PAGU_INTERRUPTED);
        move_row(m, p->by_pre[rank]);
    }
    keep_headings(m);
}
