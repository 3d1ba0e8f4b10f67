/* builder_defs.c - levels, units and fields that a package declares.
 * SPDX-License-Identifier: MIT */
#include "plan/builder_struct.h"

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
    uint32_t n = 0, *order = identity_order(b, b->n_levels);
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
        builder_fault(b, FAULT(r, "duplicate", "unit", id, id), "unit \"%s\" is declared twice, first at %s", id,
                      place.s);
    else if (u->name != v->name || u->kind != v->kind || u->over_time != v->over_time ||
             u->over_children != v->over_children)
        builder_fault(b, FAULT(r, "mount-conflict", "unit", id, id), "unit \"%s\" differs from its definition at %s",
                      id, place.s);
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
    uint32_t n = 0, *order = identity_order(b, b->n_units);
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

/* ---- fields ---- */

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
