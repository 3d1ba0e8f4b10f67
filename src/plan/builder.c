/* builder.c - life of a builder, frame, mounts, and the order of phases.
 * SPDX-License-Identifier: MIT */
#include "plan/builder_struct.h"

#include <stdio.h>

enum { DEFAULT_REACH = 5, LONGEST_FRAME = 200, MAX_DECIMALS = 6 };

/* ---- life ---- */

static bool begin(pagu_builder *b)
{
    b->root_key = builder_intern(b, "/");
    b->main_tree = builder_intern(b, "main");
    const char **file = PUSH(b, files);
    mount_rec *mount = PUSH(b, mounts);
    if (!file || !mount)
        return false;
    *file = "";
    *mount = (mount_rec){ .root = NO_INDEX };
    static const char *const money[] = { "budget", "spent" };
    static const char *const measures[] = { "target", "achieved", "projected", "baseline", "standard" };
    for (size_t i = 0; i < COUNT_OF(money); i++)
        pagu_builder_field(b, money[i], PAGU_FIELD_MONEY);
    for (size_t i = 0; i < COUNT_OF(measures); i++)
        pagu_builder_field(b, measures[i], PAGU_FIELD_MEASURE);
    return builder_ok(b);
}

static pagu_plan *new_plan(pagu_ctx *ctx)
{
    pagu_plan *p = mem_zalloc(ctx, sizeof *p);
    if (!p)
        return NULL;
    p->ctx = ctx;
    atomic_init(&p->refs, 1);
    if (pthread_mutex_init(&p->hash_lock, NULL) != 0) {
        mem_free(ctx, p, sizeof *p);
        return NULL;
    }
    if (pthread_mutex_init(&p->formula_lock, NULL) != 0) {
        pthread_mutex_destroy(&p->hash_lock);
        mem_free(ctx, p, sizeof *p);
        return NULL;
    }
    if (pthread_mutex_init(&p->rules_lock, NULL) != 0) {
        pthread_mutex_destroy(&p->formula_lock);
        pthread_mutex_destroy(&p->hash_lock);
        mem_free(ctx, p, sizeof *p);
        return NULL;
    }
    if (!symtab_init(&p->symbols, ctx)) {
        plan_destroy(p);
        return NULL;
    }
    p->unit = 1;
    p->separator = '.';
    p->default_stage = p->common_stage = p->strategic_stage = PAGU_NONE;
    return p;
}

pagu_builder *pagu_builder_new(pagu_ctx *ctx, pagu_findings *findings)
{
    pagu_builder *b = mem_zalloc(ctx, sizeof *b);
    if (!b)
        return NULL;
    b->ctx = ctx;
    b->findings = findings;
    b->faults_before = findings ? pagu_findings_count_at(findings, PAGU_ERROR) : 0;
    b->root = NO_INDEX;
    b->plan = new_plan(ctx);
    if (b->plan && begin(b))
        return b;
    pagu_builder_free(b);
    return NULL;
}

#define FREE_LIST(b, list) RELEASE(b, (b)->list, (b)->cap_##list)

static void free_lists(pagu_builder *b)
{
    FREE_LIST(b, files);
    FREE_LIST(b, mounts);
    FREE_LIST(b, own_trees);
    FREE_LIST(b, meta);
    FREE_LIST(b, fields);
    FREE_LIST(b, stages);
    FREE_LIST(b, levels);
    FREE_LIST(b, trees);
    FREE_LIST(b, classes);
    FREE_LIST(b, units);
    FREE_LIST(b, nodes);
    FREE_LIST(b, tags);
    FREE_LIST(b, attributes);
    FREE_LIST(b, amounts);
    FREE_LIST(b, indicators);
    FREE_LIST(b, measures);
    free_documents(b);
}

void pagu_builder_free(pagu_builder *b)
{
    if (!b)
        return;
    free_lists(b);
    index_map *maps[] = { &b->stage_map, &b->level_map,  &b->tree_map,  &b->class_map,
                          &b->unit_map,  &b->period_map, &b->field_map, &b->indicator_map };
    for (size_t i = 0; i < COUNT_OF(maps); i++)
        builder_map_free(b, maps[i]);
    RELEASE(b, b->node_of, b->n_node_of);
    RELEASE(b, b->node_parent, b->cap_parents);
    RELEASE(b, b->node_hash, b->cap_parents);
    RELEASE(b, b->n_children, b->cap_parents);
    RELEASE(b, b->row_of, b->cap_parents);
    RELEASE(b, b->node_slots, b->n_node_slots);
    RELEASE(b, b->code_slots, b->n_code_slots);
    RELEASE(b, b->code_chain, b->n_code_chain);
    if (b->plan)
        plan_destroy(b->plan);
    mem_free(b->ctx, b, sizeof *b);
}

/* ---- frame, metadata, mounts ---- */

/* A member of an include must count in the same money and spell codes alike. */
static void compare_frames(pagu_builder *b, const pagu_frame_def *def)
{
    const char *as = builder_str(b, b->mounts[b->mount].prefix), *ours = builder_str(b, b->plan->currency);
    const char *theirs = def->currency ? def->currency : "IDR";
    fault f = { .rule = "mount-conflict", .severity = PAGU_ERROR, .key = as };
    if (!str_eq(ours, theirs)) {
        f.value = theirs;
        builder_fault(b, &f, "mount \"%s\" counts in %s, the package in %s", as, theirs, ours);
    }
    if (def->decimals != b->plan->decimals)
        builder_fault(b, &f, "mount \"%s\" has %d decimals of money, the package %d", as, def->decimals,
                      b->plan->decimals);
    if (def->separator && def->separator != b->plan->separator)
        builder_fault(b, &f, "mount \"%s\" separates codes with \"%c\", the package with \"%c\"", as, def->separator,
                      b->plan->separator);
    f.severity = PAGU_WARNING;
    if (def->year != b->plan->year)
        builder_fault(b, &f, "mount \"%s\" plans the year %d, the package %d: their columns are put together by year",
                      as, def->year, b->plan->year);
}

static void check_frame(pagu_builder *b)
{
    pagu_plan *p = b->plan;
    fault f = { .rule = "frame", .severity = PAGU_ERROR };
    if (!b->has_frame)
        builder_fault(b, &f, "the package names no plan year");
    bool bad = p->first_year < 1 || p->last_year > 9999 || p->last_year < p->first_year ||
               p->last_year - p->first_year >= LONGEST_FRAME;
    if (bad && b->has_frame)
        builder_fault(b, &f, "years %d to %d are no frame: at most %d years, first before last", p->first_year,
                      p->last_year, LONGEST_FRAME);
    else if (!bad && (p->year < p->first_year || p->year > p->last_year))
        builder_fault(b, &f, "plan year %d is outside the years %d to %d", p->year, p->first_year, p->last_year);
    if (bad)
        p->first_year = p->last_year = p->year = 2000; /* refused already: only something to go on with */
    if (p->decimals < 0 || p->decimals > MAX_DECIMALS)
        builder_fault(b, &f, "%d decimals of money are not in 0 to %d", p->decimals, MAX_DECIMALS);
    if (p->unit < 1)
        builder_fault(b, &f, "unit of writing must be 1 or more");
}

pagu_code pagu_builder_frame(pagu_builder *b, const pagu_frame_def *def)
{
    if (b->mount) {
        compare_frames(b, def);
        return b->failed;
    }
    pagu_plan *p = b->plan;
    bool given = def->first_year || def->last_year;
    p->year = def->year;
    p->first_year = given ? def->first_year : def->year - DEFAULT_REACH;
    p->last_year = given ? def->last_year : def->year + DEFAULT_REACH;
    p->decimals = def->decimals;
    p->unit = def->unit ? def->unit : 1;
    p->separator = def->separator ? def->separator : '.';
    p->currency = builder_intern(b, def->currency ? def->currency : "IDR");
    b->default_stage = builder_intern(b, def->default_stage);
    b->has_frame = true;
    return b->failed;
}

/* A mounted package's name names its class; in all else the including package speaks for the whole. */
static void name_mount(pagu_builder *b, const char *name, const char *value)
{
    mount_rec *m = &b->mounts[b->mount];
    if (str_eq(name, "organisation") || (str_eq(name, "government") && !m->name))
        m->name = builder_intern(b, value);
}

pagu_code pagu_builder_meta(pagu_builder *b, const char *name, const char *value)
{
    if (!name || !*name)
        return b->failed;
    if (b->mount) {
        name_mount(b, name, value);
        return b->failed;
    }
    symbol s = builder_intern(b, name);
    for (uint32_t i = 0; i < b->n_meta; i++)
        if (b->meta[i].name == s) {
            b->meta[i].value = builder_intern(b, value);
            return b->failed;
        }
    plan_meta *m = PUSH(b, meta);
    if (m)
        *m = (plan_meta){ s, builder_intern(b, value) };
    return b->failed;
}

static int meta_order(const void *ud, uint32_t a, uint32_t b)
{
    const pagu_builder *builder = ud;
    return strcmp(builder_str(builder, builder->meta[a].name), builder_str(builder, builder->meta[b].name));
}

static void define_meta(pagu_builder *b)
{
    pagu_builder_meta(b, "currency", builder_str(b, b->plan->currency));
    uint32_t n = b->n_meta, *order = builder_array(b, 2 * (size_t)n, sizeof *order);
    plan_meta *meta = builder_array(b, n, sizeof *meta);
    b->plan->meta = meta;
    b->plan->n_meta = meta ? n : 0;
    if (builder_ok(b)) {
        for (uint32_t i = 0; i < n; i++)
            order[i] = i;
        sort_indices(order, order + n, n, meta_order, b);
        for (uint32_t i = 0; i < n; i++)
            meta[i] = b->meta[order[i]];
    }
    RELEASE(b, order, 2 * (size_t)n);
}

pagu_code pagu_builder_mount(pagu_builder *b, const char *as, const char *under)
{
    if (!as) {
        b->mount = b->mounts[b->mount].outer;
        return b->failed;
    }
    fault f = { .rule = "mount", .severity = PAGU_ERROR, .key = as };
    size_t len = strlen(as);
    if (len == 0 || len > KEY_MAX_LEN || as[0] == '/' || as[0] == '.' || as[len - 1] == '/' || as[len - 1] == '#')
        builder_fault(b, &f, "\"%s\" can't name a mount", as);
    symbol prefix = builder_key(b, as, b->mount);
    if (builder_len(b, prefix) > KEY_MAX_LEN)
        return b->failed = PAGU_LIMIT;
    for (uint32_t i = 1; i < b->n_mounts; i++)
        if (b->mounts[i].prefix == prefix)
            builder_fault(b, &f, "two packages are mounted as \"%s\"", as);
    if (b->n_mounts > UINT16_MAX - 1)
        return b->failed = PAGU_LIMIT;
    mount_rec *m = PUSH(b, mounts);
    if (m) {
        *m = (mount_rec){ .prefix = prefix,
                          .under = builder_key(b, under && *under ? under : ".", b->mount),
                          .root = NO_INDEX,
                          .outer = b->mount };
        b->mount = (uint16_t)(b->n_mounts - 1);
    }
    return b->failed;
}

pagu_code pagu_builder_own_tree(pagu_builder *b, const char *tree)
{
    symbol id = builder_intern(b, tree);
    own_tree_rec *r = b->mount && id ? PUSH(b, own_trees) : NULL;
    if (r)
        *r = (own_tree_rec){ id, b->mount };
    return b->failed;
}

/* ---- finish ---- */

/* False when there is no use in going on. */
static bool goes_on(pagu_builder *b)
{
    if (pagu_ctx_interrupted(b->ctx))
        b->failed = PAGU_INTERRUPTED;
    return builder_ok(b);
}

static void run_phases(pagu_builder *b, void (*const *phases)(pagu_builder *), size_t n)
{
    for (size_t i = 0; i < n && goes_on(b); i++)
        phases[i](b);
}

static void build(pagu_builder *b)
{
    static void (*const definitions[])(pagu_builder *) = {
        check_frame,    define_meta,  define_stages, mount_offices,  define_trees, define_levels,
        define_classes, define_units, define_fields, define_periods, index_nodes,  find_parents,
    };
    static void (*const placements[])(pagu_builder *) = {
        assign_tags, assign_attributes, define_indicators, fill_measures, note_parts, define_documents, give_key_index,
    };
    uint32_t *order = NULL, *column_first = NULL;
    b->mount = 0; /* one may have been left open */
    run_phases(b, definitions, COUNT_OF(definitions));
    if (goes_on(b))
        resolve_amounts(b, &order, &column_first);
    if (goes_on(b))
        tell_negative_budgets(b);
    if (goes_on(b))
        make_own_lines(b, order, column_first);
    if (goes_on(b))
        lay_out(b);
    if (goes_on(b))
        assign_stages(b);
    if (goes_on(b))
        fill_columns(b, order, column_first);
    if (goes_on(b))
        mask_common_columns(b);
    run_phases(b, placements, COUNT_OF(placements));
    RELEASE(b, order, b->n_amounts);
    RELEASE(b, column_first, (size_t)b->plan->n_columns + 1);
}

static pagu_code verdict(pagu_builder *b, pagu_error *err)
{
    if (b->failed == PAGU_NO_MEMORY)
        return err_memory(b->ctx, err);
    if (b->failed == PAGU_INTERRUPTED)
        return err_set(b->ctx, err, PAGU_INTERRUPTED, "interrupted");
    if (b->n_faults) {
        if (err)
            *err = b->first;
        return PAGU_PACKAGE;
    }
    if (b->findings && pagu_findings_count_at(b->findings, PAGU_ERROR) > b->faults_before)
        return err_set(b->ctx, err, PAGU_PACKAGE, "the package has findings; none of it was loaded");
    if (b->failed)
        return err_set(b->ctx, err, b->failed, "a plan has at most 2^31 rows and 65534 columns");
    return PAGU_OK;
}

pagu_code pagu_builder_finish(pagu_builder *b, pagu_plan **out, pagu_error *err)
{
    *out = NULL;
    if (builder_ok(b))
        build(b);
    pagu_code code = verdict(b, err);
    if (code == PAGU_OK) {
        *out = b->plan;
        b->plan = NULL;
    }
    pagu_builder_free(b);
    return code;
}
