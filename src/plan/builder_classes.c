/* builder_classes.c - classification trees and their classes, laid out in tree order.
 * SPDX-License-Identifier: MIT */
#include "plan/builder_struct.h"

enum { DEEPEST_CLASS = 64 };

/* ---- trees ---- */

static int tree_order(const void *ud, uint32_t x, uint32_t y)
{
    const pagu_builder *b = ud;
    return strcmp(builder_str(b, b->trees[x].id), builder_str(b, b->trees[y].id));
}

static bool tree_is_new(pagu_builder *b, const tree_rec *r)
{
    const char *id = builder_str(b, r->id);
    if (r->id == 0 || r->id == b->main_tree || strchr(id, ':')) {
        builder_fault(b, FAULT(r, "tree", "tree", id, id), "\"%s\" can't be the id of a classification tree", id);
        return false;
    }
    uint32_t known = map_get(&b->tree_map, r->id);
    if (known == NO_INDEX)
        return true;
    const tree_rec *first = &b->trees[known];
    place_text place = builder_place(b, first->file, first->line);
    if (first->mount == r->mount)
        builder_fault(b, FAULT(r, "duplicate", "tree", id, id), "tree \"%s\" is declared twice, first at %s", id,
                      place.s);
    else if (first->name != r->name || first->partition != r->partition || first->separator != r->separator)
        builder_fault(b, FAULT(r, "mount-conflict", "tree", id, id), "tree \"%s\" differs from its definition at %s",
                      id, place.s);
    return false;
}

void define_trees(pagu_builder *b)
{
    pagu_plan *p = b->plan;
    uint32_t n = 0, *order = builder_array(b, 2 * (size_t)b->n_trees, sizeof *order);
    for (uint32_t i = 0; order && i < b->n_trees; i++)
        if (tree_is_new(b, &b->trees[i])) {
            builder_map_put(b, &b->tree_map, b->trees[i].id, i);
            order[n++] = i;
        }
    p->trees = builder_array(b, n, sizeof *p->trees);
    p->n_trees = p->trees ? n : 0;
    if (builder_ok(b) && n) {
        sort_indices(order, order + b->n_trees, n, tree_order, b);
        for (uint32_t i = 0; i < n; i++) {
            const tree_rec *r = &b->trees[order[i]];
            p->trees[i] =
                (plan_tree){ .id = r->id, .name = r->name, .separator = r->separator, .partition = r->partition };
            builder_map_put(b, &b->tree_map, r->id, i);
        }
    }
    RELEASE(b, order, 2 * (size_t)b->n_trees);
}

/* ---- classes ---- */

/* Work on the accepted classes, by index of b->classes. */
typedef struct class_work {
    pagu_builder *b;
    uint32_t *tree, *parent, *depth, *order;
} class_work;

static symbol class_code(const class_rec *r)
{
    return r->code ? r->code : r->id;
}

static char tree_separator(const pagu_builder *b, uint32_t tree)
{
    return *builder_str(b, b->plan->trees[tree].separator);
}

static bool class_is_new(pagu_builder *b, const class_rec *r, uint32_t tree)
{
    const char *id = builder_str(b, r->id);
    if (tree == NO_INDEX) {
        builder_fault(b, FAULT(r, "unknown-tree", "tree", id, builder_str(b, r->tree)),
                      "class \"%s\" is of tree \"%s\", which is not declared", id, builder_str(b, r->tree));
        return false;
    }
    if (r->id == 0) {
        builder_fault(b, FAULT(r, "class", "class", NULL, NULL), "a class needs an id");
        return false;
    }
    if (r->sign < -1 || r->sign > 1)
        builder_fault(b, FAULT(r, "sign", "sign", id, NULL), "sign of class \"%s\" must be +, - or 0", id);
    uint32_t known = map_get(&b->class_map, pair_key(tree, r->id));
    if (known == NO_INDEX)
        return true;
    const class_rec *first = &b->classes[known];
    place_text place = builder_place(b, first->file, first->line);
    if (first->mount == r->mount)
        builder_fault(b, FAULT(r, "duplicate", "class", id, id),
                      "class \"%s\" of tree \"%s\" is declared twice, first at %s", id, builder_str(b, r->tree),
                      place.s);
    else if (first->name != r->name || first->parent != r->parent || first->sign != r->sign)
        builder_fault(b, FAULT(r, "mount-conflict", "class", id, id),
                      "class \"%s\" of tree \"%s\" differs from its definition at %s", id, builder_str(b, r->tree),
                      place.s);
    return false;
}

/* The longest prefix of the code, by segments of the tree, that is a class. */
static uint32_t class_of_prefix(pagu_builder *b, uint32_t tree, const char *code, size_t len)
{
    char separator = tree_separator(b, tree);
    while (separator && len > 0) {
        while (len > 0 && code[len - 1] != separator)
            len--;
        if (len > 0)
            len--;
        symbol s = len ? symtab_find(&b->plan->symbols, code, len) : NO_SYMBOL;
        uint32_t found = s == NO_SYMBOL ? NO_INDEX : map_get(&b->class_map, pair_key(tree, s));
        if (found != NO_INDEX)
            return found;
    }
    return NO_INDEX;
}

static uint32_t class_parent(pagu_builder *b, uint32_t index, uint32_t tree)
{
    const class_rec *r = &b->classes[index];
    uint32_t found;
    if (r->parent == 0) {
        symbol code = r->own ? r->id : class_code(r);
        found = class_of_prefix(b, tree, builder_str(b, code), builder_len(b, code));
        return found == index ? NO_INDEX : found;
    }
    found = map_get(&b->class_map, pair_key(tree, r->parent));
    if (found == NO_INDEX)
        builder_fault(b, FAULT(r, "orphan", "parent", builder_str(b, r->id), builder_str(b, r->parent)),
                      "class \"%s\" of tree \"%s\" names the parent \"%s\", which is not declared",
                      builder_str(b, r->id), builder_str(b, r->tree), builder_str(b, r->parent));
    return found;
}

static void check_class_level(pagu_builder *b, const class_rec *r)
{
    if (r->level && map_get(&b->level_map, pair_key(r->tree, r->level)) == NO_INDEX)
        builder_fault(b, FAULT(r, "unknown-level", "level", builder_str(b, r->id), builder_str(b, r->level)),
                      "level \"%s\" of class \"%s\" is not declared for tree \"%s\"", builder_str(b, r->level),
                      builder_str(b, r->id), builder_str(b, r->tree));
}

static void cut_class(pagu_builder *b, uint32_t index, uint32_t *parent, bool cycle)
{
    const class_rec *r = &b->classes[index];
    if (cycle)
        builder_fault(b, FAULT(r, "cycle", "parent", builder_str(b, r->id), builder_str(b, r->parent)),
                      "class \"%s\" is its own ancestor", builder_str(b, r->id));
    else
        builder_fault(b, FAULT(r, "limit", "parent", builder_str(b, r->id), NULL),
                      "class \"%s\" lies deeper than %d levels", builder_str(b, r->id), DEEPEST_CLASS);
    parent[index] = NO_INDEX;
}

/* Tree order: by tree, a class before those below it, siblings by code. */
static int class_order(const void *ud, uint32_t x, uint32_t y)
{
    const class_work *w = ud;
    if (w->tree[x] != w->tree[y])
        return w->tree[x] < w->tree[y] ? -1 : 1;
    uint32_t a = x, c = y;
    while (w->depth[a] > w->depth[c])
        a = w->parent[a];
    while (w->depth[c] > w->depth[a])
        c = w->parent[c];
    if (a == c)
        return w->depth[x] < w->depth[y] ? -1 : w->depth[x] > w->depth[y];
    while (w->parent[a] != w->parent[c]) {
        a = w->parent[a];
        c = w->parent[c];
    }
    const class_rec *r = &w->b->classes[a], *s = &w->b->classes[c];
    symbol x_code = r->own || s->own ? r->id : class_code(r), y_code = r->own || s->own ? s->id : class_code(s);
    int order = code_compare(builder_str(w->b, x_code), builder_str(w->b, y_code), tree_separator(w->b, w->tree[a]));
    return order ? order : strcmp(builder_str(w->b, r->id), builder_str(w->b, s->id));
}

static void place_classes(class_work *w, uint32_t n)
{
    pagu_builder *b = w->b;
    pagu_plan *p = b->plan;
    sort_indices(w->order, w->order + b->n_classes, n, class_order, w);
    for (uint32_t i = 0; i < n; i++)
        p->trees[w->tree[w->order[i]]].n_classes++;
    for (uint32_t t = 0; t < p->n_trees; t++) {
        p->trees[t].classes = builder_array(b, p->trees[t].n_classes, sizeof *p->trees[t].classes);
        if (!p->trees[t].classes)
            p->trees[t].n_classes = 0;
    }
    if (!builder_ok(b))
        return;
    for (uint32_t i = 0, at = 0, tree = NO_INDEX; i < n; i++, at++) {
        uint32_t c = w->order[i];
        if (w->tree[c] != tree) {
            tree = w->tree[c];
            at = 0;
        }
        const class_rec *r = &b->classes[c];
        builder_map_put(b, &b->class_map, pair_key(tree, r->id), at);
        w->depth[c] = at; /* sorted: from here on the index in its tree */
        p->trees[tree].classes[at] = (plan_class){
            .id = r->id,
            .level = r->level,
            .code = class_code(r),
            .name = r->name,
            .sign = (int8_t)r->sign,
            .parent = w->parent[c] == NO_INDEX ? UINT32_MAX : w->depth[w->parent[c]],
        };
    }
}

static void define_with(class_work *w)
{
    pagu_builder *b = w->b;
    uint32_t n = 0;
    for (uint32_t i = 0; i < b->n_classes; i++) {
        const class_rec *r = &b->classes[i];
        w->tree[i] = map_get(&b->tree_map, r->tree);
        w->parent[i] = NO_INDEX;
        if (!class_is_new(b, r, w->tree[i]))
            continue;
        check_class_level(b, r);
        builder_map_put(b, &b->class_map, pair_key(w->tree[i], r->id), i);
        w->order[n++] = i;
    }
    for (uint32_t i = 0; i < n; i++)
        w->parent[w->order[i]] = class_parent(b, w->order[i], w->tree[w->order[i]]);
    find_depths(b, w->parent, w->depth, b->n_classes, DEEPEST_CLASS, cut_class);
    if (builder_ok(b))
        place_classes(w, n);
}

void define_classes(pagu_builder *b)
{
    size_t n = b->n_classes;
    class_work w = { .b = b };
    w.tree = builder_array(b, n, sizeof *w.tree);
    w.parent = builder_array(b, n, sizeof *w.parent);
    w.depth = builder_array(b, n, sizeof *w.depth);
    w.order = builder_array(b, 2 * n, sizeof *w.order);
    if (builder_ok(b) && n)
        define_with(&w);
    RELEASE(b, w.tree, n);
    RELEASE(b, w.parent, n);
    RELEASE(b, w.depth, n);
    RELEASE(b, w.order, 2 * n);
}
