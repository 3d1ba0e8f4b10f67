/* migrate_map.c - codes_map.csv as old code -> new codes with shares.
 * SPDX-License-Identifier: MIT */
#include "io/migrate.h"

enum { LIST, FROM_VERSION, FROM, TO_VERSION, TO, SHARE, COLUMNS };
static const char *const column_names[COLUMNS] = { "list", "from_version", "from", "to_version", "to", "share" };
enum { SHARE_DIGITS = 12, POLL_ROWS = 4096 };

/* ---- which mapping ---- */

static bool is_wanted(const migration *m, const code_columns *c, uint32_t row, const char *list)
{
    return (!list || str_eq(code_cell(c, row, LIST), list)) && str_eq(code_cell(c, row, TO_VERSION), m->o->to);
}

/* The version that the plan is of: given, declared, or the only one that leads there. */
static const char *choose_from(migration *m, const code_columns *c, const char *list, bool *several)
{
    const char *given = m->o->from ? m->o->from : pagu_plan_meta(m->plan, "codes.version"), *only = NULL;
    *several = false;
    for (uint32_t r = 0; r < c->doc->n_rows && !given; r++) {
        if (!is_wanted(m, c, r, list))
            continue;
        const char *version = code_cell(c, r, FROM_VERSION);
        *several |= only && !str_eq(only, version);
        only = only ? only : version;
    }
    return given ? given : only;
}

static const char *choose_list(const migration *m, const code_columns *c)
{
    const char *named = pagu_plan_meta(m->plan, "codes.list");
    for (uint32_t r = 0; r < c->doc->n_rows && !named; r++)
        if (is_wanted(m, c, r, NULL))
            named = code_cell(c, r, LIST);
    return named;
}

/* ---- entries ---- */

static bool read_share(const char *text, int64_t *out)
{
    pagu_decimal d;
    if (pagu_decimal_parse(text, strlen(text), &d) != PAGU_OK || d.digits <= 0 || d.scale > SHARE_DIGITS)
        return false;
    for (int i = d.scale; i < SHARE_DIGITS; i++)
        if (__builtin_mul_overflow(d.digits, INT64_C(10), &d.digits))
            return false;
    *out = d.digits;
    return d.digits <= SHARE_ONE;
}

static void add_entry(migration *m, const code_columns *c, uint32_t row)
{
    code_map *map = &m->map;
    const char *from = code_cell(c, row, FROM), *to = code_cell(c, row, TO), *share = code_cell(c, row, SHARE);
    char normal[KEY_MAX_LEN + 2];
    keyset_entry *known;
    bool added;
    map_entry e = { .from = from, .to = to };
    if (!read_share(share, &e.share)) {
        pagu_finding f = { .rule = "migrate-share", .column = "share", .key = from, .printed = share };
        migrate_conflict(m, &f, "the share %s of %s in %s is not above 0 and up to 1 with at most 12 decimals", share,
                         to, from);
        return;
    }
    if (!code_normalise(from, strlen(from), m->plan->separator, normal, sizeof normal))
        return; /* longer than any code of a plan */
    const char *parts[] = { normal };
    if (!mem_grow(m->ctx, &map->entries, &map->cap, map->n, sizeof *map->entries) ||
        !keyset_add(&map->codes, parts, 1, map->n, &known, &added)) {
        migrate_fail(m, PAGU_NO_MEMORY);
        return;
    }
    uint32_t segments = code_segments(from, m->plan->separator);
    map->least = map->n == 0 || segments < map->least ? segments : map->least;
    map->most = segments > map->most ? segments : map->most;
    map->entries[map->n++] = e;
    map_entry *first = &map->entries[known->value];
    if (!added) /* at the end: shares go by the file's order */
        map->entries[first->last].next = map->n;
    first->last = map->n - 1;
}

/* An old code names a new one once. */
static void check_once(migration *m, keyset *pairs, const char *from, const char *to)
{
    char normal[KEY_MAX_LEN + 2];
    bool fits = code_normalise(to, strlen(to), m->plan->separator, normal, sizeof normal) > 0, added;
    const char *parts[] = { from, fits ? normal : to };
    keyset_entry *pair;
    if (!keyset_add(pairs, parts, 2, 0, &pair, &added)) {
        migrate_fail(m, PAGU_NO_MEMORY);
    } else if (!added) {
        pagu_finding f = { .rule = "migrate-share", .column = "to", .key = from, .printed = to };
        migrate_conflict(m, &f, "%s is given to %s twice", from, to);
    }
}

/* Shares of every old code add up to 1, and name no code twice. */
static void check_shares(migration *m)
{
    const code_map *map = &m->map;
    keyset pairs;
    keyset_init(&pairs, m->ctx);
    for (uint32_t i = 0; i < map->codes.n && m->code == PAGU_OK; i++) {
        __int128 sum = 0;
        const char *from = map->entries[map->codes.entries[i].value].from;
        for (const map_entry *e = &map->entries[map->codes.entries[i].value]; e; e = map_next(m, e)) {
            sum += e->share;
            check_once(m, &pairs, from, e->to);
        }
        if (i % POLL_ROWS == 0 && pagu_ctx_interrupted(m->ctx))
            migrate_fail(m, PAGU_INTERRUPTED);
        if (sum == SHARE_ONE)
            continue;
        char text[48];
        money_in_unit(1, SHARE_DIGITS, sum > INT64_MAX ? INT64_MAX : (int64_t)sum, text, sizeof text);
        pagu_finding f = { .rule = "migrate-share", .column = "share", .key = from, .printed = text, .computed = "1" };
        migrate_conflict(m, &f, "the shares of %s add up to %s, not to 1", from, text);
    }
    keyset_free(&pairs);
}

static void read_entries(migration *m, const code_columns *c)
{
    for (uint32_t r = 0; r < c->doc->n_rows && m->code == PAGU_OK; r++) {
        if (is_wanted(m, c, r, m->map.list) && str_eq(code_cell(c, r, FROM_VERSION), m->map.from))
            add_entry(m, c, r);
        if (r % POLL_ROWS == 0 && pagu_ctx_interrupted(m->ctx))
            migrate_fail(m, PAGU_INTERRUPTED);
    }
}

void map_read(migration *m, const pagu_plan *source, pagu_error *err)
{
    code_columns c = code_columns_of(source, "codes_map", column_names, COLUMNS);
    bool several = false;
    keyset_init(&m->map.codes, m->ctx);
    if (!c.doc || c.doc->n_rows == 0) {
        m->code = err_set(m->ctx, err, PAGU_ARGUMENT,
                          "there is no mapping of codes: attach codes_map.csv to the plan, or give one");
        return;
    }
    m->map.to = m->o->to;
    m->map.list = choose_list(m, &c);
    m->map.from = m->map.list ? choose_from(m, &c, m->map.list, &several) : NULL;
    if (several) {
        m->code = err_set(m->ctx, err, PAGU_ARGUMENT,
                          "several versions lead to \"%s\"; say which one the plan's codes are of", m->o->to);
        return;
    }
    if (m->map.from)
        read_entries(m, &c);
    if (m->code == PAGU_OK && m->map.n == 0 && m->n_conflicts == 0)
        m->code = err_set(m->ctx, err, PAGU_ARGUMENT, "the mapping has no codes from version \"%s\" to \"%s\"",
                          m->map.from ? m->map.from : "", m->o->to);
    else if (m->code == PAGU_OK)
        check_shares(m);
}

void map_close(migration *m)
{
    keyset_free(&m->map.codes);
    mem_free(m->ctx, m->map.entries, m->map.cap * sizeof *m->map.entries);
}

static const map_entry *find_entry(const migration *m, const char *code)
{
    char normal[KEY_MAX_LEN + 2];
    if (!code_normalise(code, strlen(code), m->plan->separator, normal, sizeof normal))
        return NULL;
    const char *parts[] = { normal };
    const keyset_entry *e = keyset_find(&m->map.codes, parts, 1);
    return e ? &m->map.entries[e->value] : NULL;
}

const map_entry *map_find(const migration *m, const char *code)
{
    const map_entry *e = find_entry(m, code);
    size_t len;
    for (const char *alias = plan_aliases(m->plan); !e && (alias = alias_next(alias, &len)) != NULL; alias += len) {
        code_text t;
        if (code_aliased(code, alias, len, m->plan->separator, &t))
            e = find_entry(m, t.s);
    }
    return e;
}
