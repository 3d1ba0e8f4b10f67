/* builder_defs.c - what a package declares: stages, levels, units, fields, periods.
 * SPDX-License-Identifier: MIT */
#include "plan/builder_struct.h"

#include <stdio.h>

enum { MOST_STAGES = 64, MOST_COLUMNS = UINT16_MAX - 1 };

/* 0 … n-1 and as much scratch behind, for sort_indices. */
static uint32_t *identity(pagu_builder *b, uint32_t n)
{
    uint32_t *order = builder_array(b, 2 * (size_t)n, sizeof *order);
    for (uint32_t i = 0; order && i < n; i++)
        order[i] = i;
    return order;
}

static int text_order(const pagu_builder *b, symbol a, symbol c)
{
    return a == c ? 0 : strcmp(builder_str(b, a), builder_str(b, c));
}

/* ---- stages ---- */

static bool stage_is_valid(pagu_builder *b, const stage_rec *r)
{
    const char *id = builder_str(b, r->id);
    if (r->id == 0 || strchr(id, ' ')) {
        builder_fault(b, FAULT(r, "stage", "stage", id, id), "a stage needs an id without blanks, not \"%s\"", id);
        return false;
    }
    uint32_t known = map_get(&b->stage_map, r->id);
    if (known == NO_INDEX)
        return true;
    const stage_rec *first = &b->stages[known];
    builder_fault(b, FAULT(r, "duplicate", "stage", id, id), "stage \"%s\" is declared twice, first at %s", id,
                  builder_place(b, first->file, first->line).s);
    return false;
}

/* A mounted package speaks of the stages of the package that includes it. */
static void match_mounted_stage(pagu_builder *b, const stage_rec *r)
{
    const char *id = builder_str(b, r->id), *as = builder_str(b, b->mounts[r->mount].prefix);
    uint32_t known = map_get(&b->stage_map, r->id);
    if (known == NO_INDEX)
        builder_fault(b, FAULT(r, "unknown-stage", "stage", as, id),
                      "stage \"%s\" of mount \"%s\" is not a stage of the package", id, as);
    else if (b->stages[known].kind != r->kind)
        builder_fault(b, FAULT(r, "mount-conflict", "kind", as, id),
                      "stage \"%s\" is of another kind in mount \"%s\" than in the package", id, as);
}

static int stage_order(const void *ud, uint32_t x, uint32_t y)
{
    const pagu_builder *b = ud;
    const stage_rec *s = &b->stages[x], *t = &b->stages[y];
    return s->rank != t->rank ? (s->rank < t->rank ? -1 : 1) : text_order(b, s->id, t->id);
}

static void add_common_stage(pagu_builder *b, int lowest_rank)
{
    stage_rec *r = PUSH(b, stages);
    symbol id = builder_intern(b, "common");
    if (!r)
        return;
    if (map_get(&b->stage_map, id) != NO_INDEX)
        builder_fault(b, &(fault){ .rule = "stage", .severity = PAGU_ERROR, .key = "common" },
                      "stage \"common\" must be of kind common");
    *r = (stage_rec){ .id = id, .name = id, .kind = PAGU_STAGE_COMMON, .rank = lowest_rank - 1 };
}

/* Keep the valid stages of the package itself at the front of the list; returns how many. */
static uint32_t keep_own_stages(pagu_builder *b)
{
    uint32_t kept = 0, common = 0, given = b->n_stages;
    int lowest = INT32_MAX;
    for (uint32_t i = 0; i < given; i++) {
        stage_rec r = b->stages[i];
        if (r.mount || !stage_is_valid(b, &r))
            continue;
        if (r.kind == PAGU_STAGE_COMMON && common++) {
            builder_fault(b, FAULT(&r, "stage", "kind", builder_str(b, r.id), NULL),
                          "a package has one common stage; \"%s\" is a second", builder_str(b, r.id));
            continue;
        }
        lowest = r.rank < lowest ? r.rank : lowest;
        stage_rec displaced = b->stages[kept];
        b->stages[kept] = r;
        b->stages[i] = displaced; /* mounted ones are looked at later */
        builder_map_put(b, &b->stage_map, r.id, kept++);
    }
    if (common == 0) {
        add_common_stage(b, lowest == INT32_MAX ? 1 : lowest);
        if (!builder_ok(b))
            return kept;
        stage_rec displaced = b->stages[kept];
        b->stages[kept] = b->stages[b->n_stages - 1];
        b->stages[b->n_stages - 1] = displaced;
        builder_map_put(b, &b->stage_map, b->stages[kept].id, kept);
        kept++;
    }
    return kept;
}

static void choose_roles(pagu_builder *b)
{
    pagu_plan *p = b->plan;
    symbol strategic = builder_intern(b, "strategic");
    fault f = { .rule = "stage", .severity = PAGU_ERROR };
    pagu_stage last_plan = PAGU_NONE;
    for (uint32_t i = 0; i < p->n_stages; i++) {
        const plan_stage *s = &p->stages[i];
        if (s->kind == PAGU_STAGE_COMMON)
            p->common_stage = (pagu_stage)i;
        if (s->kind == PAGU_STAGE_PLAN)
            last_plan = (pagu_stage)i;
        if (s->role != strategic)
            continue;
        if (p->strategic_stage != PAGU_NONE)
            builder_fault(b, &f, "stages \"%s\" and \"%s\" are both strategic",
                          builder_str(b, p->stages[p->strategic_stage].id), builder_str(b, s->id));
        p->strategic_stage = (pagu_stage)i;
    }
    p->default_stage = last_plan != PAGU_NONE ? last_plan : p->common_stage;
    if (last_plan == PAGU_NONE)
        builder_fault(b, &f, "a package needs a stage of kind plan");
    if (b->default_stage == 0)
        return;
    uint32_t named = map_get(&b->stage_map, b->default_stage);
    f.value = f.key = builder_str(b, b->default_stage);
    if (named == NO_INDEX)
        builder_fault(b, &f, "default stage \"%s\" is not declared", f.key);
    else if (p->stages[named].kind != PAGU_STAGE_PLAN)
        builder_fault(b, &f, "default stage \"%s\" is not of kind plan", f.key);
    else
        p->default_stage = (pagu_stage)named;
}

void define_stages(pagu_builder *b)
{
    pagu_plan *p = b->plan;
    uint32_t n = keep_own_stages(b);
    if (!builder_ok(b))
        return;
    for (uint32_t i = n; i < b->n_stages; i++)
        if (b->stages[i].mount)
            match_mounted_stage(b, &b->stages[i]);
    if (n > MOST_STAGES) {
        builder_fault(b, &(fault){ .rule = "limit", .severity = PAGU_ERROR }, "a package has at most %d stages", MOST_STAGES);
        b->failed = PAGU_LIMIT;
        return;
    }
    uint32_t *order = identity(b, n);
    p->stages = builder_array(b, n, sizeof *p->stages);
    p->n_stages = p->stages ? n : 0;
    if (builder_ok(b)) {
        sort_indices(order, order + n, n, stage_order, b);
        for (uint32_t i = 0; i < n; i++) {
            const stage_rec *r = &b->stages[order[i]];
            p->stages[i] = (plan_stage){ r->id, r->name, r->role, r->kind, r->rank, NULL, false };
            builder_map_put(b, &b->stage_map, r->id, i);
        }
        choose_roles(b);
    }
    RELEASE(b, order, 2 * (size_t)n);
}

/* ---- levels ---- */

static int level_order(const void *ud, uint32_t x, uint32_t y)
{
    const pagu_builder *b = ud;
    const level_rec *s = &b->levels[x], *t = &b->levels[y];
    if (s->tree != t->tree) {
        if (s->tree == b->main_tree || t->tree == b->main_tree)
            return s->tree == b->main_tree ? -1 : 1;
        return text_order(b, s->tree, t->tree);
    }
    if (s->rank != t->rank)
        return s->rank < t->rank ? -1 : 1;
    if (s->mount != t->mount) /* level 0 stays the including package's */
        return s->mount < t->mount ? -1 : 1;
    return text_order(b, s->id, t->id);
}

/* The first declaration of a level stands; mounted packages share it. */
static bool level_is_new(pagu_builder *b, const level_rec *r)
{
    const char *id = builder_str(b, r->id);
    if (r->id == 0) {
        builder_fault(b, FAULT(r, "level", "level", NULL, NULL), "a level needs an id");
        return false;
    }
    if (r->tree != b->main_tree && map_get(&b->tree_map, r->tree) == NO_INDEX) {
        builder_fault(b, FAULT(r, "unknown-tree", "tree", id, builder_str(b, r->tree)),
                      "level \"%s\" is of tree \"%s\", which is not declared", id, builder_str(b, r->tree));
        return false;
    }
    uint32_t known = map_get(&b->level_map, pair_key(r->tree, r->id));
    if (known == NO_INDEX)
        return true;
    const level_rec *first = &b->levels[known];
    if (first->mount == r->mount)
        builder_fault(b, FAULT(r, "duplicate", "level", id, id), "level \"%s\" is declared twice, first at %s", id,
                      builder_place(b, first->file, first->line).s);
    return false;
}

void define_levels(pagu_builder *b)
{
    pagu_plan *p = b->plan;
    uint32_t n = 0, *order = identity(b, b->n_levels);
    for (uint32_t i = 0; order && i < b->n_levels; i++)
        if (level_is_new(b, &b->levels[i])) {
            builder_map_put(b, &b->level_map, pair_key(b->levels[i].tree, b->levels[i].id), i);
            order[n++] = i;
        }
    p->levels = builder_array(b, n, sizeof *p->levels);
    p->n_all_levels = p->levels ? n : 0;
    if (builder_ok(b) && n) {
        sort_indices(order, order + b->n_levels, n, level_order, b);
        for (uint32_t i = 0; i < n; i++) {
            const level_rec *r = &b->levels[order[i]];
            p->levels[i] = (plan_level){ r->tree, r->id, r->name, r->name_en, r->rank, r->length };
            p->n_levels += r->tree == b->main_tree;
            builder_map_put(b, &b->level_map, pair_key(r->tree, r->id), i);
        }
    }
    RELEASE(b, order, 2 * (size_t)b->n_levels);
}

/* ---- units ---- */

static int unit_order(const void *ud, uint32_t x, uint32_t y)
{
    const pagu_builder *b = ud;
    return text_order(b, b->units[x].unit.id, b->units[y].unit.id);
}

static bool unit_is_new(pagu_builder *b, const unit_rec *r)
{
    const char *id = builder_str(b, r->unit.id);
    if (r->unit.id == 0) {
        builder_fault(b, FAULT(r, "unit", "unit", NULL, NULL), "a unit needs an id");
        return false;
    }
    uint32_t known = map_get(&b->unit_map, r->unit.id);
    if (known == NO_INDEX)
        return true;
    const unit_rec *first = &b->units[known];
    place_text place = builder_place(b, first->file, first->line);
    const plan_unit *u = &r->unit, *v = &first->unit;
    if (first->mount == r->mount)
        builder_fault(b, FAULT(r, "duplicate", "unit", id, id), "unit \"%s\" is declared twice, first at %s", id, place.s);
    else if (u->name != v->name || u->kind != v->kind || u->over_time != v->over_time
             || u->over_children != v->over_children)
        builder_fault(b, FAULT(r, "mount-conflict", "unit", id, id), "unit \"%s\" differs from its definition at %s", id,
                      place.s);
    return false;
}

/* "Orang|org": other spellings of a unit; an id of a unit always means that unit. */
static void map_synonyms(pagu_builder *b, uint32_t unit)
{
    const char *s = builder_str(b, b->plan->units[unit].synonyms);
    while (*s && builder_ok(b)) {
        size_t len = strcspn(s, "|");
        symbol name = len ? symtab_intern(&b->plan->symbols, s, len) : 0;
        if (name == NO_SYMBOL)
            b->failed = PAGU_NO_MEMORY;
        else if (name && map_get(&b->unit_map, name) == NO_INDEX)
            builder_map_put(b, &b->unit_map, name, unit);
        s += len + (s[len] == '|');
    }
}

void define_units(pagu_builder *b)
{
    pagu_plan *p = b->plan;
    uint32_t n = 0, *order = identity(b, b->n_units);
    for (uint32_t i = 0; order && i < b->n_units; i++)
        if (unit_is_new(b, &b->units[i])) {
            builder_map_put(b, &b->unit_map, b->units[i].unit.id, i);
            order[n++] = i;
        }
    p->units = builder_array(b, n, sizeof *p->units);
    p->n_units = p->units ? n : 0;
    if (builder_ok(b) && n) {
        sort_indices(order, order + b->n_units, n, unit_order, b);
        for (uint32_t i = 0; i < n; i++) {
            p->units[i] = b->units[order[i]].unit;
            builder_map_put(b, &b->unit_map, p->units[i].id, i);
        }
        for (uint32_t i = 0; i < n; i++)
            map_synonyms(b, i);
    }
    RELEASE(b, order, 2 * (size_t)b->n_units);
}

/* ---- fields and periods ---- */

void define_fields(pagu_builder *b)
{
    pagu_plan *p = b->plan;
    p->fields = builder_array(b, b->n_fields, sizeof *p->fields);
    p->n_fields = p->fields ? b->n_fields : 0;
    for (uint32_t i = 0; i < p->n_fields; i++) {
        p->fields[i] = b->fields[i];
        builder_map_put(b, &b->field_map, b->fields[i].id, i);
    }
}

static bool in_frame(const pagu_plan *p, const plan_period *period)
{
    int from = period->sort_from / 12, to = period->sort_to / 12;
    if (period->part == PERIOD_ALWAYS)
        return true;
    return (period->part == PERIOD_UP_TO || from >= p->first_year) && to >= p->first_year && to <= p->last_year;
}

typedef struct period_list { plan_period *list; uint32_t n, cap; } period_list;

/* Index of a period in the list, added when new. */
static uint32_t list_period(pagu_builder *b, period_list *periods, const char *text)
{
    plan_period period;
    char id[32];
    if (!period_parse(text, &period, id, sizeof id) || !in_frame(b->plan, &period))
        return NO_INDEX;
    period.id = builder_intern(b, id);
    uint32_t known = map_get(&b->period_map, period.id);
    if (known != NO_INDEX || !builder_grow(b, &periods->list, &periods->cap, periods->n, sizeof period))
        return known;
    periods->list[periods->n] = period;
    builder_map_put(b, &b->period_map, period.id, periods->n);
    return periods->n++;
}

static void list_frame(pagu_builder *b, period_list *periods)
{
    char id[32];
    const pagu_plan *p = b->plan;
    for (int year = p->first_year; year <= p->last_year; year++) {
        snprintf(id, sizeof id, "%04d", year);
        list_period(b, periods, id);
    }
    for (int year = p->first_year; year <= p->last_year; year++)
        for (int quarter = 1; quarter <= 4; quarter++) {
            snprintf(id, sizeof id, "%04dQ%d", year, quarter);
            list_period(b, periods, id);
        }
}

static int period_order(const void *ud, uint32_t x, uint32_t y)
{
    const plan_period *s = &((const plan_period *)ud)[x], *t = &((const plan_period *)ud)[y];
    if (s->sort_from != t->sort_from)
        return s->sort_from < t->sort_from ? -1 : 1;
    if (s->sort_to != t->sort_to)
        return s->sort_to < t->sort_to ? -1 : 1;
    return (s->part > t->part) - (s->part < t->part);
}

static void set_periods(pagu_builder *b, const period_list *periods, uint32_t n_frame)
{
    pagu_plan *p = b->plan;
    uint32_t n = periods->n, *order = identity(b, n);
    p->periods = builder_array(b, n, sizeof *p->periods);
    p->n_periods = p->periods ? n : 0;
    if (builder_ok(b)) {
        sort_indices(order + n_frame, order + n, n - n_frame, period_order, periods->list);
        for (uint32_t i = 0; i < n; i++) {
            p->periods[i] = periods->list[order[i]];
            builder_map_put(b, &b->period_map, p->periods[i].id, i);
        }
    }
    RELEASE(b, order, 2 * (size_t)n);
}

static void lay_out_columns(pagu_builder *b)
{
    pagu_plan *p = b->plan;
    uint64_t n = (uint64_t)p->n_fields * p->n_periods * p->n_stages;
    if (n > MOST_COLUMNS) {
        builder_fault(b, &(fault){ .rule = "limit", .severity = PAGU_ERROR },
                      "%u fields, %u periods and %u stages make more than %d columns", p->n_fields, p->n_periods,
                      p->n_stages, MOST_COLUMNS);
        b->failed = PAGU_LIMIT;
        return;
    }
    p->columns = builder_array(b, n, sizeof *p->columns);
    p->n_columns = p->columns ? (uint32_t)n : 0;
}

/* The periods of the frame, and those that values name. */
void define_periods(pagu_builder *b)
{
    period_list periods = { NULL, 0, 0 };
    symbol last = 0;
    list_frame(b, &periods);
    uint32_t n_frame = periods.n;
    for (uint32_t i = 0; i < b->n_amounts && builder_ok(b); i++)
        if (b->amounts[i].period != last)
            list_period(b, &periods, builder_str(b, last = b->amounts[i].period));
    for (uint32_t i = 0; i < b->n_measures && builder_ok(b); i++)
        if (b->measures[i].period != last)
            list_period(b, &periods, builder_str(b, last = b->measures[i].period));
    if (builder_ok(b))
        set_periods(b, &periods, n_frame);
    RELEASE(b, periods.list, periods.cap);
    if (builder_ok(b))
        lay_out_columns(b);
}

/* ---- the place of a value ---- */

static uint32_t find_stage(pagu_builder *b, symbol id, const fault *at)
{
    uint32_t found = map_get(&b->stage_map, id);
    if (found != NO_INDEX)
        return found;
    nearest n;
    fault f = *at;
    f.rule = "unknown-stage";
    f.column = "stage";
    f.value = builder_str(b, id);
    nearest_init(&n, f.value);
    for (uint32_t i = 0; i < b->plan->n_stages; i++)
        nearest_offer(&n, builder_str(b, b->plan->stages[i].id));
    builder_fault(b, &f, "unknown stage \"%s\"%s", f.value, builder_suggest(b, &n).s);
    return NO_INDEX;
}

static uint32_t find_field(pagu_builder *b, symbol id, pagu_field_kind kind, const fault *at)
{
    const pagu_plan *p = b->plan;
    uint32_t found = map_get(&b->field_map, id);
    if (found != NO_INDEX && p->fields[found].kind == kind)
        return found;
    nearest n;
    fault f = *at;
    f.rule = "unknown-field";
    f.column = "field";
    f.value = builder_str(b, id);
    nearest_init(&n, f.value);
    for (uint32_t i = 0; i < p->n_fields; i++)
        if (p->fields[i].kind == kind)
            nearest_offer(&n, builder_str(b, p->fields[i].id));
    if (found != NO_INDEX)
        builder_fault(b, &f, kind == PAGU_FIELD_MONEY ? "field \"%s\" is a measure of indicators, not money"
                                                      : "field \"%s\" is money, not a measure of indicators", f.value);
    else
        builder_fault(b, &f, "unknown field \"%s\"%s", f.value, builder_suggest(b, &n).s);
    return NO_INDEX;
}

static uint32_t find_period(pagu_builder *b, symbol id, const fault *at)
{
    const pagu_plan *p = b->plan;
    plan_period period;
    char canonical[32];
    fault f = *at;
    f.column = "period";
    f.value = builder_str(b, id);
    if (!period_parse(f.value, &period, canonical, sizeof canonical)) {
        f.rule = "period";
        builder_fault(b, &f, "\"%s\" is not a period: write 2024, 2024Q1, 2020..2022, ..2021 or *", f.value);
        return NO_INDEX;
    }
    symbol s = symtab_find(&p->symbols, canonical, strlen(canonical));
    uint32_t found = s == NO_SYMBOL ? NO_INDEX : map_get(&b->period_map, s);
    if (found != NO_INDEX)
        return found;
    f.rule = "out-of-frame";
    builder_fault(b, &f, "period %s is outside the years %d to %d of the plan", f.value, p->first_year, p->last_year);
    return NO_INDEX;
}

bool find_place(pagu_builder *b, value_place *place, symbol stage, symbol period, symbol field, pagu_field_kind kind,
                const fault *at)
{
    if (place->valid && place->stage_id == stage && place->period_id == period && place->field_id == field)
        return true;
    *place = (value_place){ stage, period, field, find_stage(b, stage, at), find_period(b, period, at),
                            find_field(b, field, kind, at), false };
    place->valid = place->stage != NO_INDEX && place->period != NO_INDEX && place->field != NO_INDEX;
    return place->valid;
}

uint64_t stage_bits(pagu_builder *b, symbol list, const fault *at)
{
    uint64_t bits = 0;
    char id[128];
    for (const char *s = builder_str(b, list); *s;) {
        size_t len = strcspn(s, " ");
        if (len >= sizeof id)
            len = sizeof id - 1;
        memcpy(id, s, len);
        id[len] = '\0';
        uint32_t stage = len ? find_stage(b, builder_intern(b, id), at) : NO_INDEX;
        if (stage != NO_INDEX)
            bits |= UINT64_C(1) << stage;
        s += len + (s[len] == ' ');
    }
    return bits;
}

column_text column_name(const pagu_plan *p, uint32_t column)
{
    column_text text;
    uint32_t stage = column % p->n_stages, rest = column / p->n_stages;
    snprintf(text.s, sizeof text.s, "%s %s %s", plan_str(p, p->fields[rest / p->n_periods].id),
             plan_str(p, p->periods[rest % p->n_periods].id), plan_str(p, p->stages[stage].id));
    return text;
}
