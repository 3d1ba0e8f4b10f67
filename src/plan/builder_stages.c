/* builder_stages.c - stages of a package, and which rows are in them.
 * SPDX-License-Identifier: MIT */
#include "plan/builder_struct.h"

enum { MOST_STAGES = 64 }; /* membership of a row is a word */

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
        builder_fault(b, &(fault){ .rule = "limit", .severity = PAGU_ERROR }, "a package has at most %d stages",
                      MOST_STAGES);
        b->failed = PAGU_LIMIT;
        return;
    }
    uint32_t *order = identity_order(b, n);
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

uint32_t find_stage(pagu_builder *b, symbol id, const fault *at)
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

/* ---- membership ---- */

/* The stages of a row: its own, else its parent's; never more than its parent's. */
static uint64_t row_stages(pagu_builder *b, const node_rec *r, uint64_t outer, symbol *last, uint64_t *last_bits)
{
    if (r->stages == 0)
        return outer;
    const char *key = builder_str(b, r->key);
    fault *f = FAULT(r, "stages", "stages", key, builder_str(b, r->stages));
    uint32_t faults = b->n_faults;
    if (r->stages != *last) {
        *last_bits = stage_bits(b, r->stages, f);
        *last = b->n_faults == faults ? r->stages : 0;
    }
    uint64_t bits = *last_bits | UINT64_C(1) << b->plan->common_stage;
    if (bits & ~outer) {
        uint32_t stage = (uint32_t)__builtin_ctzll(bits & ~outer);
        builder_fault(b, f, "\"%s\" is in stage \"%s\", its parent is not", key,
                      builder_str(b, b->plan->stages[stage].id));
    }
    return bits & outer;
}

static void set_members(pagu_builder *b, const uint64_t *bits, uint64_t partial)
{
    pagu_plan *p = b->plan;
    for (uint32_t s = 0; s < p->n_stages && builder_ok(b); s++) {
        if (!(partial >> s & 1))
            continue;
        uint64_t *members = builder_array(b, ((size_t)p->n_rows + 63) / 64, sizeof *members);
        p->stages[s].members = members;
        p->stages[s].used = true;
        for (uint32_t r = 0; members && r < p->n_rows; r++)
            if (bits[r] >> s & 1)
                bit_set(members, r);
    }
}

/* A row is a member of the common stage always, and of each other stage it or its parent lists. */
void assign_stages(pagu_builder *b)
{
    pagu_plan *p = b->plan;
    bool listed = false;
    for (uint32_t i = 0; i < b->n_nodes && !listed; i++)
        listed = b->nodes[i].stages != 0;
    if (!listed)
        return;
    uint64_t all = p->n_stages == 64 ? UINT64_MAX : (UINT64_C(1) << p->n_stages) - 1, partial = 0, last_bits = 0;
    symbol last = 0;
    uint64_t *bits = builder_array(b, p->n_rows, sizeof *bits);
    uint32_t *node = builder_array(b, p->n_rows, sizeof *node);
    if (builder_ok(b)) {
        for (uint32_t i = 0; i < b->n_nodes; i++)
            if (i == b->root || b->node_parent[i] != NO_INDEX)
                node[b->row_of[i]] = i;
        for (uint32_t r = 0; r < p->n_rows; r++) {
            bits[r] = row_stages(b, &b->nodes[node[r]], r ? bits[p->parent[r]] : all, &last, &last_bits);
            partial |= all & ~bits[r];
        }
        set_members(b, bits, partial);
    }
    RELEASE(b, bits, p->n_rows);
    RELEASE(b, node, p->n_rows);
}

bool node_in_stage(const pagu_builder *b, pagu_row row, uint32_t stage)
{
    const uint64_t *members = b->plan->stages[stage].members;
    return !members || bit_get(members, row);
}
