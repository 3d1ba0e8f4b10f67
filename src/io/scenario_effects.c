/* scenario_effects.c - effects of a saved entry on structure and constraints, done again by key.
 * SPDX-License-Identifier: MIT */
#include "io/scenario_reader.h"

/* ---- what is gathered ---- */

static pagu_code gather(scenario_reader *r, uint32_t item)
{
    if (!mem_grow(r->ctx, &r->items, &r->cap_items, r->n_items, sizeof *r->items))
        return PAGU_NO_MEMORY;
    r->items[r->n_items++] = item;
    return PAGU_OK;
}

/* Lines name each row that came in, then its ancestors that came in with it; only where such a
 * chain begins was the row asked for. */
static uint32_t keep_chain_starts(scenario_reader *r)
{
    const pagu_plan *p = r->plan;
    uint32_t n = 0;
    pagu_row last = PAGU_NO_ROW;
    for (uint32_t i = 0; i < r->n_items; i++) {
        pagu_row row = r->items[i];
        bool goes_on = last != PAGU_NO_ROW && p->parent[last] == row;
        last = row;
        if (!goes_on)
            r->items[n++] = row;
    }
    return n;
}

static pagu_code commit_joins(scenario_reader *r)
{
    pagu_view everything = { .plan = r->plan, .stage = r->plan->common_stage };
    pagu_selection *rows = NULL;
    pagu_error err = { 0 };
    pagu_code code = pagu_select_rows(&everything, r->items, keep_chain_starts(r), &rows, &err);
    if (code == PAGU_OK)
        code = pagu_join_rows(r->s, rows, &r->note, &err);
    pagu_selection_free(rows);
    return code == PAGU_OK ? code : report_conflict(r, r->entry_line, err.node, code, &err);
}

/* A row that the base did not have below them would go unseen. */
static pagu_code check_children(scenario_reader *r, const pagu_selection *rows)
{
    const pagu_view *v = &r->s->view;
    pagu_code code = PAGU_OK;
    for (uint32_t i = 0; i < pagu_selection_count(rows); i++) {
        pagu_row child = pagu_view_first_child(v, pagu_selection_rows(rows)[i]);
        for (; child != PAGU_NO_ROW && code == PAGU_OK; child = pagu_view_next_child(v, child))
            if (!pagu_selection_has(rows, child))
                code = report_changed(r, r->entry_line, pagu_view_key(v, child));
    }
    return code;
}

static pagu_code commit_removals(scenario_reader *r)
{
    pagu_selection *rows = NULL;
    pagu_error err = { 0 };
    pagu_code code = pagu_select_rows(&r->s->view, r->items, r->n_items, &rows, &err);
    pagu_code checked = code == PAGU_OK ? check_children(r, rows) : PAGU_OK;
    if (code == PAGU_OK && checked == PAGU_OK)
        code = pagu_remove(r->s, rows, &r->note, &err);
    pagu_selection_free(rows);
    if (checked != PAGU_OK)
        return checked;
    return code == PAGU_OK ? code : report_conflict(r, r->entry_line, err.node, code, &err);
}

static const char *constraint_name(const pagu_view *v, uint32_t id)
{
    for (uint32_t i = 0; i < pagu_constraint_count(v); i++)
        if (pagu_constraint_get(v, i).id == id)
            return pagu_constraint_get(v, i).name;
    return "";
}

static uint32_t count_named(const pagu_view *v, const char *name)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < pagu_constraint_count(v); i++)
        n += str_eq(pagu_constraint_get(v, i).name, name);
    return n;
}

/* Several at once were released by their common name. */
static pagu_code commit_releases(scenario_reader *r)
{
    const pagu_view *v = &r->s->view;
    pagu_error err = { 0 };
    pagu_code code = PAGU_OK;
    const char *name = r->n_items > 1 ? constraint_name(v, r->items[0]) : "";
    if (r->n_items > 1 && count_named(v, name) == r->n_items) {
        code = pagu_release(r->s, 0, name, &r->note, &err);
    } else {
        for (uint32_t i = 0; i < r->n_items && code == PAGU_OK; i++)
            code = pagu_release(r->s, r->items[i], NULL, &r->note, &err);
    }
    return code == PAGU_OK ? code : report_conflict(r, r->entry_line, name, code, &err);
}

pagu_code effects_commit(scenario_reader *r)
{
    pagu_code code = PAGU_OK;
    switch (r->kind) {
    case GATHER_NOTHING: break;
    case GATHER_VALUES: code = values_commit(r); break;
    case GATHER_JOINS: code = r->n_items ? commit_joins(r) : code; break;
    case GATHER_REMOVALS: code = r->n_items ? commit_removals(r) : code; break;
    case GATHER_RELEASES: code = commit_releases(r); break;
    }
    r->kind = GATHER_NOTHING;
    r->n_items = 0;
    return code;
}

/* ---- structure ---- */

/* Trees and classes of the tags into two arrays of their number. */
static bool read_tags(const cJSON *tags, const char **trees, const char **classes)
{
    const cJSON *tag;
    cJSON_ArrayForEach(tag, tags)
    {
        if (!cJSON_IsString(tag))
            return false;
        *trees++ = tag->string;
        *classes++ = tag->valuestring;
    }
    return true;
}

static pagu_code add_row(scenario_reader *r, const cJSON *o, const char *key, pagu_row_def *def)
{
    pagu_row row;
    pagu_error err = { 0 };
    pagu_code code = pagu_view_find(&r->s->view, text_or_empty(o, "under"), &def->under, &err);
    if (code == PAGU_OK)
        code = pagu_add(r->s, def, &r->note, &row, &err);
    if (code != PAGU_OK)
        return report_conflict(r, r->line, key, code, &err);
    return str_eq(pagu_view_key(&r->s->view, row), key) ? PAGU_OK : report_malformed(r, key);
}

static pagu_code read_add(scenario_reader *r, const cJSON *o, const char *key)
{
    const cJSON *tags = json_get(o, "tags");
    uint32_t n = cJSON_IsObject(tags) ? (uint32_t)cJSON_GetArraySize(tags) : 0;
    pagu_row_def def = {
        .code = text_of(o, "code"), .name = text_of(o, "name"), .level = text_of(o, "level"), .n_tags = n
    };
    if (!def.code || !read_whole(json_get(o, "sign"), -1, 1, 1, &def.sign))
        return report_malformed(r, key);
    const char **texts = mem_array(r->ctx, 2 * (size_t)n, sizeof *texts);
    if (n && !texts)
        return PAGU_NO_MEMORY;
    def.tag_trees = texts;
    def.tag_classes = n ? texts + n : NULL;
    bool ok = n == 0 || read_tags(tags, texts, texts + n);
    pagu_code code = ok ? add_row(r, o, key, &def) : report_malformed(r, key);
    mem_free(r->ctx, texts, 2 * (size_t)n * sizeof *texts);
    return code;
}

static pagu_code read_indicator(scenario_reader *r, const cJSON *o, const char *id)
{
    pagu_added_indicator def = { PAGU_NO_ROW, text_of(o, "name"), text_of(o, "unit"), text_of(o, "type") };
    pagu_indicator ind;
    pagu_error err = { 0 };
    pagu_code code = pagu_view_find(&r->s->view, text_or_empty(o, "owner"), &def.row, &err);
    if (code == PAGU_OK)
        code = pagu_add_indicator(r->s, &def, &r->note, &ind, &err);
    if (code != PAGU_OK)
        return report_conflict(r, r->line, id, code, &err);
    return str_eq(pagu_view_indicator(&r->s->view, ind).id, id) ? PAGU_OK : report_malformed(r, id);
}

static pagu_code read_join(scenario_reader *r, const cJSON *o, const char *key)
{
    pagu_view everything = { .plan = r->plan, .stage = r->plan->common_stage };
    pagu_row row;
    pagu_error err = { 0 };
    (void)o;
    pagu_code code = pagu_view_find(&everything, key, &row, &err);
    if (code != PAGU_OK)
        return report_conflict(r, r->line, key, code, &err);
    return row_is_member(&r->s->view, row) ? report_changed(r, r->line, key) : gather(r, row);
}

static pagu_code read_remove(scenario_reader *r, const cJSON *o, const char *key)
{
    pagu_row row;
    pagu_error err = { 0 };
    (void)o;
    pagu_code code = pagu_view_find(&r->s->view, key, &row, &err);
    return code == PAGU_OK ? gather(r, row) : report_conflict(r, r->line, key, code, &err);
}

/* ---- constraints ---- */

static bool find_kind(const char *name, pagu_constraint_kind *out)
{
    for (int k = 0; k < 4; k++)
        if (str_eq(name, scenario_constraint_kinds[k])) {
            *out = (pagu_constraint_kind)k;
            return true;
        }
    return false;
}

/* All but its rows; false: malformed. */
static bool read_constraint(scenario_reader *r, const cJSON *o, const char *kind, pagu_constraint_def *def,
                            pagu_code *code, pagu_error *err)
{
    pagu_cell amount;
    *def = (pagu_constraint_def){ .name = text_or_empty(o, "name"),
                                  .reason = text_or_empty(o, "reason"),
                                  .law = text_or_empty(o, "law"),
                                  .field = PAGU_NONE,
                                  .period = PAGU_NONE,
                                  .warn = str_eq(text_or_empty(o, "severity"), "warn") };
    if (!find_kind(kind, &def->kind) || !read_cell(json_get(o, "amount"), &amount) ||
        !cJSON_IsArray(json_get(o, "rows")))
        return false;
    def->amount = amount.value;
    *code = PAGU_OK;
    if (text_of(o, "field"))
        *code = pagu_plan_find_field(r->plan, text_of(o, "field"), &def->field, err);
    if (*code == PAGU_OK && text_of(o, "period"))
        *code = pagu_plan_find_period(r->plan, text_of(o, "period"), &def->period, err);
    return true;
}

static pagu_code select_keys(scenario_reader *r, const cJSON *keys, pagu_selection **out, pagu_error *err)
{
    uint32_t n = 0, cap = (uint32_t)cJSON_GetArraySize(keys);
    pagu_row *rows = mem_array(r->ctx, cap, sizeof *rows);
    pagu_code code = cap && !rows ? err_memory(r->ctx, err) : PAGU_OK;
    const cJSON *key;
    cJSON_ArrayForEach(key, keys)
    {
        if (code == PAGU_OK)
            code = pagu_view_find(&r->s->view, cJSON_IsString(key) ? key->valuestring : "", &rows[n++], err);
    }
    if (code == PAGU_OK)
        code = pagu_select_rows(&r->s->view, rows, n, out, err);
    mem_free(r->ctx, rows, cap * sizeof *rows);
    return code;
}

static pagu_code read_constrain(scenario_reader *r, const cJSON *o, const char *kind)
{
    pagu_constraint_def def;
    pagu_selection *at = NULL;
    pagu_error err = { 0 };
    pagu_code code;
    if (!read_constraint(r, o, kind, &def, &code, &err))
        return report_malformed(r, kind);
    if (code == PAGU_OK)
        code = select_keys(r, json_get(o, "rows"), &at, &err);
    def.at = at;
    if (code == PAGU_OK)
        code = pagu_constrain(r->s, &def, &r->note, NULL, &err);
    pagu_selection_free(at);
    return code == PAGU_OK ? code : report_conflict(r, r->line, err.node, code, &err);
}

/* By key, since rows that were removed meanwhile can't be found. */
static bool has_rows(const pagu_view *v, const pagu_constraint_info *c, const cJSON *keys)
{
    const cJSON *key;
    uint32_t n = 0;
    cJSON_ArrayForEach(key, keys)
    {
        if (n == c->n_rows || !cJSON_IsString(key) || !str_eq(pagu_view_key(v, c->rows[n]), key->valuestring))
            return false;
        n++;
    }
    return n == c->n_rows;
}

static bool is_gathered(const scenario_reader *r, uint32_t item)
{
    for (uint32_t i = 0; i < r->n_items; i++)
        if (r->items[i] == item)
            return true;
    return false;
}

static pagu_code read_release(scenario_reader *r, const cJSON *o, const char *kind)
{
    const pagu_view *v = &r->s->view;
    pagu_constraint_def def;
    pagu_error err = { 0 };
    pagu_code code;
    if (!read_constraint(r, o, kind, &def, &code, &err))
        return report_malformed(r, kind);
    for (uint32_t i = 0; i < pagu_constraint_count(v) && code == PAGU_OK; i++) {
        pagu_constraint_info c = pagu_constraint_get(v, i);
        bool same = c.kind == def.kind && c.amount == def.amount && c.field == def.field && c.period == def.period &&
                    c.warn == def.warn && str_eq(c.name, def.name) && str_eq(c.reason, def.reason) &&
                    str_eq(c.law, def.law);
        if (same && !is_gathered(r, c.id) && has_rows(v, &c, json_get(o, "rows")))
            return gather(r, c.id);
    }
    if (code == PAGU_OK)
        code = err_at(r->ctx, &err, PAGU_UNKNOWN_KEY, NULL, NULL, "no hold or limit \"%s\" in scenario \"%s\"",
                      def.name, r->s->name);
    return report_conflict(r, r->line, "", code, &err);
}

/* ---- dispatch ---- */

pagu_code effect_read(scenario_reader *r, const cJSON *o)
{
    static const struct {
        const char *key;
        gathered_kind kind;
        pagu_code (*read)(scenario_reader *r, const cJSON *o, const char *value);
    } effects[] = {
        { "money", GATHER_VALUES, read_money },
        { "measure", GATHER_VALUES, read_measure },
        { "add", GATHER_NOTHING, read_add },
        { "indicator", GATHER_NOTHING, read_indicator },
        { "join", GATHER_JOINS, read_join },
        { "remove", GATHER_REMOVALS, read_remove },
        { "constrain", GATHER_NOTHING, read_constrain },
        { "release", GATHER_RELEASES, read_release },
    };
    for (size_t i = 0; i < COUNT_OF(effects); i++) {
        const char *value = text_of(o, effects[i].key);
        if (!value)
            continue;
        pagu_code code = effects[i].kind == r->kind ? PAGU_OK : effects_commit(r);
        r->kind = effects[i].kind;
        return code == PAGU_OK ? effects[i].read(r, o, value) : code;
    }
    return report_malformed(r, o->child && o->child->string ? o->child->string : "");
}
