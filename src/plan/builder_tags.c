/* builder_tags.c - tags and attributes of rows.
 * SPDX-License-Identifier: MIT */
#include "plan/builder_struct.h"

/* ---- tags ---- */

/* A collected tag, found: row, tree, class; row NO_INDEX for one that is left out. */
typedef struct found_tag {
    uint32_t row, tree, cls;
} found_tag;

static uint32_t class_of(pagu_builder *b, const tag_rec *r, uint32_t tree, const fault *at)
{
    uint32_t cls = map_get(&b->class_map, pair_key(tree, r->cls));
    if (cls != NO_INDEX)
        return cls;
    nearest n;
    fault f = *at;
    f.rule = "unknown-class";
    f.value = builder_str(b, r->cls);
    nearest_init(&n, f.value);
    const plan_tree *t = &b->plan->trees[tree];
    for (uint32_t i = 0; i < t->n_classes && i < 5000; i++)
        nearest_offer(&n, builder_str(b, t->classes[i].id));
    builder_fault(b, &f, "tree \"%s\" has no class \"%s\"%s", builder_str(b, t->id), f.value, builder_suggest(b, &n).s);
    return NO_INDEX;
}

static uint32_t tree_of(pagu_builder *b, const tag_rec *r, const fault *at)
{
    uint32_t tree = map_get(&b->tree_map, r->tree);
    if (tree != NO_INDEX)
        return tree;
    nearest n;
    fault f = *at;
    f.rule = "unknown-tree";
    f.value = builder_str(b, r->tree);
    nearest_init(&n, f.value);
    for (uint32_t i = 0; i < b->plan->n_trees; i++)
        nearest_offer(&n, builder_str(b, b->plan->trees[i].id));
    builder_fault(b, &f, "no classification tree \"%s\"%s", f.value, builder_suggest(b, &n).s);
    return NO_INDEX;
}

static found_tag find_tag(pagu_builder *b, const tag_rec *r)
{
    const fault *at = FAULT(r, "", builder_str(b, r->tree), ref_str(b, r->node), builder_str(b, r->cls));
    uint32_t node = find_node(b, r->node, NULL);
    if (node == NO_INDEX)
        unknown_node(b, at, r->node);
    found_tag found = { NO_INDEX, tree_of(b, r, at), NO_INDEX };
    if (found.tree != NO_INDEX)
        found.cls = class_of(b, r, found.tree, at);
    if (node != NO_INDEX && found.cls != NO_INDEX)
        found.row = b->row_of[node];
    return found;
}

static void declare_partition(pagu_builder *b, const tag_rec *r, const found_tag *found)
{
    plan_tree *tree = &b->plan->trees[found->tree];
    if (!tree->declared) {
        tree->declared = builder_array(b, b->plan->n_rows, sizeof *tree->declared);
        if (!tree->declared)
            return;
        memset(tree->declared, 0xFF, b->plan->n_rows * sizeof *tree->declared);
    }
    uint32_t *declared = &tree->declared[found->row];
    if (*declared == UINT32_MAX) {
        *declared = found->cls;
        return;
    }
    const char *key = ref_str(b, r->node), *id = builder_str(b, tree->id), *cls = builder_str(b, r->cls);
    builder_fault(b, FAULT(r, "partition", id, key, cls),
                  "\"%s\" has two classes of the partition \"%s\": \"%s\" and \"%s\"", key, id,
                  builder_str(b, tree->classes[*declared].id), cls);
}

static void inherit_classes(pagu_builder *b)
{
    pagu_plan *p = b->plan;
    for (uint32_t t = 0; t < p->n_trees && builder_ok(b); t++) {
        plan_tree *tree = &p->trees[t];
        if (!tree->declared)
            continue;
        tree->effective = builder_array(b, p->n_rows, sizeof *tree->effective);
        if (!tree->effective)
            return;
        tree->effective[0] = tree->declared[0];
        for (uint32_t r = 1; r < p->n_rows; r++)
            tree->effective[r] = tree->declared[r] != UINT32_MAX ? tree->declared[r] : tree->effective[p->parent[r]];
    }
}

static int label_order(const void *ud, uint32_t x, uint32_t y)
{
    const plan_label *s = &((const plan_label *)ud)[x], *t = &((const plan_label *)ud)[y];
    if (s->tree != t->tree)
        return s->tree < t->tree ? -1 : 1;
    if (s->row != t->row)
        return s->row < t->row ? -1 : 1;
    return (s->cls > t->cls) - (s->cls < t->cls);
}

/* labels[i] came from tag source[i]. */
typedef struct label_list {
    plan_label *labels;
    uint32_t *source, n, cap, cap_source;
} label_list;

static void report_equal_labels(pagu_builder *b, const tag_rec *r)
{
    builder_fault(b, FAULT(r, "duplicate", "class", ref_str(b, r->node), builder_str(b, r->cls)),
                  "\"%s\" has the label \"%s\" of \"%s\" twice", ref_str(b, r->node), builder_str(b, r->cls),
                  builder_str(b, r->tree));
}

static void set_labels(pagu_builder *b, const label_list *list)
{
    pagu_plan *p = b->plan;
    uint32_t n = list->n, *order = builder_array(b, 2 * (size_t)n, sizeof *order);
    p->labels = builder_array(b, n, sizeof *p->labels);
    p->n_labels = p->labels ? n : 0;
    for (uint32_t i = 0; order && i < n; i++)
        order[i] = i;
    if (builder_ok(b) && n) {
        sort_indices(order, order + n, n, label_order, list->labels);
        for (uint32_t i = 0; i < n; i++) {
            p->labels[i] = list->labels[order[i]];
            if (i && label_order(list->labels, order[i - 1], order[i]) == 0)
                report_equal_labels(b, &b->tags[list->source[order[i]]]);
        }
    }
    RELEASE(b, order, 2 * (size_t)n);
}

static void add_label(pagu_builder *b, label_list *list, const found_tag *found, uint32_t source)
{
    if (!builder_grow(b, &list->labels, &list->cap, list->n, sizeof *list->labels) ||
        !builder_grow(b, &list->source, &list->cap_source, list->n, sizeof *list->source))
        return;
    list->labels[list->n] = (plan_label){ found->tree, found->row, found->cls };
    list->source[list->n++] = source;
}

void assign_tags(pagu_builder *b)
{
    label_list list = { .n = 0 };
    for (uint32_t i = 0; i < b->n_tags && builder_ok(b); i++) {
        found_tag found = find_tag(b, &b->tags[i]);
        if (found.row == NO_INDEX)
            continue;
        if (b->plan->trees[found.tree].partition)
            declare_partition(b, &b->tags[i], &found);
        else
            add_label(b, &list, &found, i);
    }
    if (builder_ok(b))
        set_labels(b, &list);
    if (builder_ok(b))
        inherit_classes(b);
    RELEASE(b, list.labels, list.cap);
    RELEASE(b, list.source, list.cap_source);
}

/* ---- attributes ---- */

static int name_order(const void *ud, uint32_t x, uint32_t y)
{
    const pagu_builder *b = ud;
    return strcmp(builder_str(b, b->attributes[x].name), builder_str(b, b->attributes[y].name));
}

static void set_attribute(pagu_builder *b, plan_attribute *a, const attribute_rec *r)
{
    const char *key = ref_str(b, r->node), *name = builder_str(b, r->name);
    uint32_t node = find_node(b, r->node, NULL);
    if (node == NO_INDEX) {
        unknown_node(b, FAULT(r, "", name, key, NULL), r->node);
        return;
    }
    symbol *value = &a->values[b->row_of[node]];
    if (*value)
        builder_fault(b, FAULT(r, "duplicate", name, key, builder_str(b, r->value)),
                      "attribute \"%s\" of \"%s\" is given twice", name, key);
    *value = r->value;
}

static void set_attributes(pagu_builder *b, const uint32_t *order)
{
    pagu_plan *p = b->plan;
    uint32_t n_names = 0, n = b->n_attributes;
    for (uint32_t i = 0; i < n; i++)
        n_names += i == 0 || b->attributes[order[i]].name != b->attributes[order[i - 1]].name;
    p->attributes = builder_array(b, n_names, sizeof *p->attributes);
    p->n_attributes = p->attributes ? n_names : 0;
    plan_attribute *a = p->attributes;
    for (uint32_t i = 0; builder_ok(b) && i < n; i++) {
        const attribute_rec *r = &b->attributes[order[i]];
        if (i && r->name != a->name)
            a++;
        a->name = r->name;
        if (!a->values)
            a->values = builder_array(b, p->n_rows, sizeof *a->values);
        if (a->values)
            set_attribute(b, a, r);
    }
}

void assign_attributes(pagu_builder *b)
{
    uint32_t n = b->n_attributes, *order = builder_array(b, 2 * (size_t)n, sizeof *order);
    if (order) {
        for (uint32_t i = 0; i < n; i++)
            order[i] = i;
        sort_indices(order, order + n, n, name_order, b);
        set_attributes(b, order);
    }
    RELEASE(b, order, 2 * (size_t)n);
}
