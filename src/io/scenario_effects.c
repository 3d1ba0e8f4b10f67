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
    case GATHER_REMOVALS: code = removals_commit(r); break;
    case GATHER_LEAVING: code = leaving_commit(r); break;
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

/* A row that both sides added: the same, or not. */
static pagu_code merge_row(scenario_reader *r, const pagu_row_def *def, const char *key, pagu_row row)
{
    const pagu_view *v = &r->s->view;
    pagu_error err;
    pagu_level level = pagu_view_level(v, row);
    bool same = str_eq(pagu_view_row_name(v, row), def->name ? def->name : "") && pagu_view_sign(v, row) == def->sign &&
                pagu_view_parent(v, row) == def->under &&
                str_eq(level == PAGU_NONE ? "" : pagu_plan_level_id(r->plan, level), def->level ? def->level : "");
    if (same)
        return PAGU_OK;
    pagu_code code =
        err_at(r->ctx, &err, PAGU_DUPLICATE_KEY, key, NULL, "%s exists already: %s", key, pagu_view_row_name(v, row));
    return report_conflict(r, r->line, key, code, &err);
}

static pagu_code add_row(scenario_reader *r, const cJSON *o, const char *key, pagu_row_def *def)
{
    pagu_row row;
    pagu_error err = { 0 };
    pagu_code code = pagu_view_find(&r->s->view, here_or_none(r, text_or_empty(o, "under")), &def->under, &err);
    if (code == PAGU_OK && r->mode == READ_MERGE && pagu_view_find(&r->s->view, key, &row, NULL) == PAGU_OK)
        return merge_row(r, def, key, row);
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
    pagu_row_def def = { .code = text_of(o, "code") ? here_or_none(r, text_of(o, "code")) : NULL,
                         .name = text_of(o, "name"),
                         .level = text_of(o, "level"),
                         .n_tags = n };
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

/* One that both sides added. */
static bool find_same_indicator(const pagu_view *v, const pagu_added_indicator *def, pagu_indicator *out)
{
    for (*out = pagu_view_first_indicator(v, def->row); *out != PAGU_NO_INDICATOR;
         *out = pagu_view_next_indicator(v, *out)) {
        pagu_indicator_info info = pagu_view_indicator(v, *out);
        if (*out >= v->plan->n_indicators && str_eq(info.name, def->name ? def->name : "") &&
            str_eq(info.unit, def->unit ? def->unit : "") && str_eq(info.type, def->type ? def->type : "output"))
            return true;
    }
    return false;
}

static pagu_code read_indicator(scenario_reader *r, const cJSON *o, const char *id)
{
    pagu_added_indicator def = { PAGU_NO_ROW, text_of(o, "name"), text_of(o, "unit"), text_of(o, "type") };
    pagu_indicator ind;
    pagu_error err = { 0 };
    pagu_code code = pagu_view_find(&r->s->view, here_or_none(r, text_or_empty(o, "owner")), &def.row, &err);
    if (code == PAGU_OK && r->mode == READ_MERGE && find_same_indicator(&r->s->view, &def, &ind))
        return names_rename(r, id, pagu_view_indicator(&r->s->view, ind).id) ? PAGU_OK : PAGU_NO_MEMORY;
    if (code == PAGU_OK)
        code = pagu_add_indicator(r->s, &def, &r->note, &ind, &err);
    if (code != PAGU_OK)
        return report_conflict(r, r->line, id, code, &err);
    const char *here = pagu_view_indicator(&r->s->view, ind).id;
    if (str_eq(here, id))
        return PAGU_OK;
    if (r->mode == READ_LOAD)
        return report_malformed(r, id);
    return names_rename(r, id, here) ? PAGU_OK : PAGU_NO_MEMORY;
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
    if (!row_is_member(&r->s->view, row))
        return gather(r, row);
    return r->mode == READ_LOAD ? report_changed(r, r->line, key) : PAGU_OK;
}

static pagu_code read_remove(scenario_reader *r, const cJSON *o, const char *key)
{
    pagu_row row;
    pagu_error err = { 0 };
    (void)o;
    pagu_code code = pagu_view_find(&r->s->view, key, &row, &err);
    if (code != PAGU_OK && code != PAGU_NO_MEMORY && r->mode == READ_MERGE)
        return PAGU_OK; /* both sides removed it */
    return code == PAGU_OK ? gather(r, row) : report_conflict(r, r->line, key, code, &err);
}

/* ---- constraints ---- */

static bool find_kind(const char *name, pagu_constraint_kind *out)
{
    for (int k = 0; k <= PAGU_BOUNDS; k++)
        if (str_eq(name, scenario_constraint_kinds[k])) {
            *out = (pagu_constraint_kind)k;
            return true;
        }
    return false;
}

static bool read_bound(const cJSON *o, const char *key, bool *has, pagu_money *out)
{
    pagu_cell cell;
    *has = json_get(o, key) != NULL;
    if (*has && (!read_cell(json_get(o, key), &cell) || cell.state != PAGU_NUMBER))
        return false;
    if (*has)
        *out = cell.value;
    return true;
}

static bool read_share(const cJSON *o, const char *key, bool *has, pagu_decimal *out)
{
    const char *text = text_of(o, key);
    *has = json_get(o, key) != NULL;
    return !*has || (text && pagu_decimal_parse(text, strlen(text), out) == PAGU_OK);
}

/* What only rules have, and years in force. */
static bool read_rule(scenario_reader *r, const cJSON *o, pagu_constraint_def *def, pagu_code *code, pagu_error *err)
{
    const char *of_period = text_of(o, "of_period");
    def->of_field = def->of_period = PAGU_NONE;
    if (!read_bound(o, "min", &def->has_min, &def->min) || !read_bound(o, "max", &def->has_max, &def->max) ||
        !read_share(o, "min_share", &def->has_min_share, &def->min_share) ||
        !read_share(o, "max_share", &def->has_max_share, &def->max_share) ||
        !read_whole(json_get(o, "first_year"), 0, 9999, 0, &def->first_year) ||
        !read_whole(json_get(o, "last_year"), 0, 9999, 0, &def->last_year) ||
        (json_get(o, "of") && !cJSON_IsArray(json_get(o, "of"))))
        return false;
    if (*code == PAGU_OK && text_of(o, "of_field"))
        *code = pagu_plan_find_field(r->plan, text_of(o, "of_field"), &def->of_field, err);
    if (*code == PAGU_OK && of_period)
        *code = pagu_plan_find_period(r->plan, here_period(r, of_period), &def->of_period, err);
    return true;
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
        *code = pagu_plan_find_period(r->plan, here_period(r, text_of(o, "period")), &def->period, err);
    return read_rule(r, o, def, code, err);
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
            code = pagu_view_find(&r->s->view, cJSON_IsString(key) ? here_or_none(r, key->valuestring) : "", &rows[n++],
                                  err);
    }
    if (code == PAGU_OK)
        code = pagu_select_rows(&r->s->view, rows, n, out, err);
    mem_free(r->ctx, rows, cap * sizeof *rows);
    return code;
}

/* By key, since rows that were removed meanwhile can't be found. */
static bool has_rows(scenario_reader *r, const pagu_row *rows, uint32_t n_rows, const cJSON *keys)
{
    const pagu_view *v = &r->s->view;
    const cJSON *key;
    uint32_t n = 0;
    cJSON_ArrayForEach(key, keys)
    {
        if (n == n_rows || !cJSON_IsString(key) ||
            !str_eq(pagu_view_key(v, rows[n]), here_or_none(r, key->valuestring)))
            return false;
        n++;
    }
    return n == n_rows;
}

static bool same_share(const pagu_decimal *a, const pagu_decimal *b)
{
    char x[32], y[32];
    decimal_plain(*a, x);
    decimal_plain(*b, y);
    return str_eq(x, y);
}

static bool same_rule(const pagu_constraint_info *c, const pagu_constraint_def *def)
{
    bool of = c->n_of_rows != 0;
    return c->has_min == (c->kind == PAGU_FLOOR || def->has_min) &&
           c->has_max == (c->kind == PAGU_CEILING || def->has_max) && c->has_min_share == def->has_min_share &&
           c->has_max_share == def->has_max_share && (!def->has_min || c->min == def->min) &&
           (!def->has_max || c->max == def->max) &&
           (!def->has_min_share || same_share(&c->min_share, &def->min_share)) &&
           (!def->has_max_share || same_share(&c->max_share, &def->max_share)) && c->first_year == def->first_year &&
           c->last_year == def->last_year && (!of || (c->of_field == def->of_field && c->of_period == def->of_period));
}

static bool is_gathered(const scenario_reader *r, uint32_t item)
{
    for (uint32_t i = 0; i < r->n_items; i++)
        if (r->items[i] == item)
            return true;
    return false;
}

/* The constraint in force that is as the text has it; 0: none. */
static uint32_t find_same(scenario_reader *r, const pagu_constraint_def *def, const cJSON *o)
{
    const pagu_view *v = &r->s->view;
    for (uint32_t i = 0; i < pagu_constraint_count(v); i++) {
        pagu_constraint_info c = pagu_constraint_get(v, i);
        bool same = c.kind == def->kind && c.amount == def->amount && c.field == def->field &&
                    c.period == def->period && c.warn == def->warn && str_eq(c.name, def->name) &&
                    str_eq(c.reason, def->reason) && str_eq(c.law, def->law) && same_rule(&c, def);
        if (same && !is_gathered(r, c.id) && has_rows(r, c.rows, c.n_rows, json_get(o, "rows")) &&
            has_rows(r, c.of_rows, c.n_of_rows, json_get(o, "of")))
            return c.id;
    }
    return 0;
}

/* One of that kind and name for the same rows, field and period that says something else; 0: none. On other rows it
 * is another constraint, and both stay. */
static uint32_t find_namesake(scenario_reader *r, const pagu_constraint_def *def, const cJSON *o)
{
    const pagu_view *v = &r->s->view;
    for (uint32_t i = 0; i < pagu_constraint_count(v); i++) {
        pagu_constraint_info c = pagu_constraint_get(v, i);
        if (c.kind == def->kind && c.field == def->field && c.period == def->period && str_eq(c.name, def->name) &&
            has_rows(r, c.rows, c.n_rows, json_get(o, "rows")))
            return c.id;
    }
    return 0;
}

static pagu_code report_namesake(scenario_reader *r, const char *name, bool *wanted)
{
    conflict c = { .key = name, .why = tr(r->ctx, "both sides changed it"), .outcome = settle(r) };
    *wanted = c.outcome == OUTCOME_THEIRS;
    return conflict_add(r, &c);
}

static pagu_code read_constrain(scenario_reader *r, const cJSON *o, const char *kind)
{
    pagu_constraint_def def;
    pagu_selection *at = NULL, *of = NULL;
    pagu_error err = { 0 };
    pagu_code code;
    if (!read_constraint(r, o, kind, &def, &code, &err))
        return report_malformed(r, kind);
    if (code == PAGU_OK && r->mode == READ_MERGE && find_same(r, &def, o))
        return PAGU_OK; /* both sides have it */
    uint32_t other = code == PAGU_OK && r->mode == READ_MERGE ? find_namesake(r, &def, o) : 0;
    if (other) {
        bool wanted;
        code = report_namesake(r, def.name, &wanted);
        if (code == PAGU_OK && wanted)
            code = pagu_release(r->s, other, NULL, &r->note, &err);
        if (code != PAGU_OK || !wanted)
            return code == PAGU_OK ? code : report_conflict(r, r->line, def.name, code, &err);
    }
    if (code == PAGU_OK)
        code = select_keys(r, json_get(o, "rows"), &at, &err);
    if (code == PAGU_OK && json_get(o, "of"))
        code = select_keys(r, json_get(o, "of"), &of, &err);
    def.at = at;
    def.of = of;
    if (code == PAGU_OK)
        code = pagu_constrain(r->s, &def, &r->note, NULL, &err);
    pagu_selection_free(at);
    pagu_selection_free(of);
    return code == PAGU_OK ? code : report_conflict(r, r->line, err.node, code, &err);
}

static pagu_code read_release(scenario_reader *r, const cJSON *o, const char *kind)
{
    pagu_constraint_def def;
    pagu_error err = { 0 };
    pagu_code code;
    if (!read_constraint(r, o, kind, &def, &code, &err))
        return report_malformed(r, kind);
    uint32_t id = code == PAGU_OK ? find_same(r, &def, o) : 0;
    if (id)
        return gather(r, id);
    if (code == PAGU_OK && r->mode == READ_MERGE) { /* released here too, or changed here */
        bool wanted = false;
        uint32_t other = find_namesake(r, &def, o);
        code = other ? report_namesake(r, def.name, &wanted) : PAGU_OK;
        if (code == PAGU_OK && wanted)
            code = pagu_release(r->s, other, NULL, &r->note, &err);
        return code == PAGU_OK ? code : report_conflict(r, r->line, def.name, code, &err);
    }
    if (code == PAGU_OK)
        code = err_at(r->ctx, &err, PAGU_UNKNOWN_KEY, NULL, NULL, "no hold or limit \"%s\" in scenario \"%s\"",
                      def.name, r->s->name);
    return report_conflict(r, r->line, "", code, &err);
}

/* ---- dispatch ---- */

static pagu_code report_unmapped(scenario_reader *r, const char *key)
{
    pagu_error err;
    pagu_code code =
        err_at(r->ctx, &err, PAGU_UNKNOWN_KEY, key, NULL, "%s has no one counterpart among the new codes", key);
    return report_conflict(r, r->line, key, code, &err);
}

pagu_code effect_read(scenario_reader *r, const cJSON *o)
{
    static const struct {
        const char *key;
        gathered_kind kind;
        pagu_code (*read)(scenario_reader *r, const cJSON *o, const char *value);
        const char *part;
    } effects[] = {
        { "money", GATHER_VALUES, read_money, "" },
        { "measure", GATHER_VALUES, read_measure, "" },
        { "add", GATHER_NOTHING, read_add, "structure" },
        { "indicator", GATHER_NOTHING, read_indicator, "structure" },
        { "join", GATHER_JOINS, read_join, "structure" },
        { "remove", GATHER_REMOVALS, read_remove, "structure" },
        { "leaving", GATHER_LEAVING, read_remove, "structure" },
        { "constrain", GATHER_NOTHING, read_constrain, "constraints" },
        { "release", GATHER_RELEASES, read_release, "constraints" },
    };
    for (size_t i = 0; i < COUNT_OF(effects); i++) {
        const char *value = text_of(o, effects[i].key);
        if (!value)
            continue;
        if (r->replay && r->entry <= r->replay->skip)
            return PAGU_OK;
        pagu_code code = effects[i].kind == r->kind ? PAGU_OK : effects_commit(r);
        r->kind = effects[i].kind;
        r->part = effects[i].part;
        const char *here = str_eq(r->part, "constraints") ? value : here_key(r, value);
        if (code == PAGU_OK && !here)
            return report_unmapped(r, value);
        return code == PAGU_OK ? effects[i].read(r, o, here) : code;
    }
    return report_malformed(r, o->child && o->child->string ? o->child->string : "");
}
