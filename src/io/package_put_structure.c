/* package_put_structure.c - stages, levels, trees, classes, nodes and tags in canonical order.
 * SPDX-License-Identifier: MIT */
#include "io/package_writer.h"

#include "base/text.h"

#include <stdio.h>
#include <stdlib.h>

static const char *integer_text(package_writer *w, int which, int value)
{
    snprintf(w->number[which], sizeof w->number[which], "%d", value);
    return w->number[which];
}

static const char *sign_text(int sign)
{
    return sign < 0 ? "-" : sign == 0 ? "0" : "";
}

/* ---- structure ---- */

static void put_stages(package_writer *w)
{
    enum { ID, NAME, KIND, ROLE, RANK };
    for (uint32_t i = 0; i < w->plan->n_stages; i++) {
        const plan_stage *s = &w->plan->stages[i];
        w->values[ID] = plan_str(w->plan, s->id);
        w->values[NAME] = plan_str(w->plan, s->name);
        w->values[KIND] = stage_kind_word(s->kind);
        w->values[ROLE] = plan_str(w->plan, s->role);
        w->values[RANK] = integer_text(w, 0, s->rank);
        writer_end_row(w);
    }
}

static void put_levels(package_writer *w)
{
    enum { TREE, ID, RANK, NAME, NAME_EN, LENGTH };
    for (uint32_t i = 0; i < w->plan->n_all_levels; i++) {
        const plan_level *l = &w->plan->levels[i];
        w->values[TREE] = plan_str(w->plan, l->tree);
        w->values[ID] = plan_str(w->plan, l->id);
        w->values[RANK] = integer_text(w, 0, l->rank);
        w->values[NAME] = plan_str(w->plan, l->name);
        w->values[NAME_EN] = plan_str(w->plan, l->name_en);
        w->values[LENGTH] = integer_text(w, 1, l->length);
        writer_end_row(w);
    }
}

static void put_trees(package_writer *w)
{
    enum { ID, NAME, KIND, SEPARATOR };
    for (uint32_t i = 0; i < w->plan->n_trees; i++) {
        const plan_tree *t = &w->plan->trees[i];
        w->values[ID] = plan_str(w->plan, t->id);
        w->values[NAME] = plan_str(w->plan, t->name);
        w->values[KIND] = t->partition ? "partition" : "label";
        w->values[SEPARATOR] = plan_str(w->plan, t->separator);
        writer_end_row(w);
    }
}

static void put_classes(package_writer *w)
{
    enum { TREE, ID, PARENT, LEVEL, CODE, NAME, SIGN };
    for (uint32_t t = 0; t < w->plan->n_trees; t++) {
        const plan_tree *tree = &w->plan->trees[t];
        for (uint32_t i = 0; i < tree->n_classes; i++) {
            const plan_class *c = &tree->classes[i];
            w->values[TREE] = plan_str(w->plan, tree->id);
            w->values[ID] = plan_str(w->plan, c->id);
            w->values[PARENT] = c->parent == UINT32_MAX ? "" : plan_str(w->plan, tree->classes[c->parent].id);
            w->values[LEVEL] = plan_str(w->plan, c->level);
            w->values[CODE] = c->code == c->id ? "" : plan_str(w->plan, c->code);
            w->values[NAME] = plan_str(w->plan, c->name);
            w->values[SIGN] = sign_text(c->sign);
            writer_end_row(w);
        }
    }
}

/* ---- nodes ---- */

/* Stages of a row, blank between them; "" for all. It is always in the common stage. */
static const char *stages_text(package_writer *w, pagu_row row)
{
    const pagu_plan *p = w->plan;
    uint32_t missing = 0;
    text_truncate(w->scratch, 0);
    for (uint32_t i = 0; i < p->n_stages; i++) {
        const plan_stage *s = &p->stages[i];
        if (s->kind == PAGU_STAGE_COMMON)
            continue;
        if (s->members && !bit_get(s->members, row)) {
            missing++;
            continue;
        }
        const char *blank = pagu_text_len(w->scratch) ? " " : "";
        writer_fail(w, pagu_text_printf(w->scratch, "%s%s", blank, plan_str(w->plan, s->id)));
    }
    return missing ? pagu_text_data(w->scratch) : "";
}

/* The parent that a reader would find without being told; NO_ROW when it could not choose. */
static pagu_row parent_by_prefix(package_writer *w, pagu_row row)
{
    const pagu_plan *p = w->plan;
    const char *code = plan_str(p, p->code[row]);
    size_t len = strlen(code);
    char prefix[KEY_MAX_LEN + 1];
    if (p->flags[row] & ROW_NO_CODE)
        return 0;
    while ((len = code_above(code, len, p->separator)) > 0) {
        const char *part = prefix;
        if (code_normalise(code, len, p->separator, prefix, sizeof prefix) == 0)
            return PAGU_NO_ROW;
        const keyset_entry *e = keyset_find(&w->codes, &part, 1);
        if (e)
            return e->value;
    }
    return 0;
}

static void index_codes(package_writer *w)
{
    const pagu_plan *p = w->plan;
    for (uint32_t rank = 0; rank < p->n_rows && w->code == PAGU_OK; rank++) {
        pagu_row row = p->by_pre[rank];
        char code[KEY_MAX_LEN + 1];
        const char *part = code, *text = plan_str(p, p->code[row]);
        keyset_entry *entry;
        bool added;
        if (p->flags[row] & (ROW_NO_CODE | ROW_OWN_LINE) || p->pre_end[row] == p->pre[row])
            continue;
        if (code_normalise(text, strlen(text), p->separator, code, sizeof code) == 0)
            continue;
        if (!keyset_add(&w->codes, &part, 1, row, &entry, &added))
            writer_fail(w, PAGU_NO_MEMORY);
        else if (!added)
            entry->value = PAGU_NO_ROW;
    }
}

/* Own lines come about by their amounts; one that says more is written like any node. */
static bool own_line_says_more(const package_writer *w, pagu_row row)
{
    const pagu_plan *p = w->plan;
    const char *name = plan_str(p, p->name[row]);
    bool more = (!str_eq(name, "not itemised") && !str_eq(name, tr(w->ctx, "not itemised"))) ||
                (p->first_indicator && p->first_indicator[row] != PAGU_NO_INDICATOR) || p->level[row] != PAGU_NONE;
    for (uint32_t t = 0; t < p->n_trees && !more; t++)
        more = p->trees[t].declared && p->trees[t].declared[row] != UINT32_MAX;
    for (uint32_t a = 0; a < p->n_attributes && !more; a++)
        more = p->attributes[a].values[row] != 0;
    for (uint32_t l = 0; l < p->n_labels && !more; l++)
        more = p->labels[l].row == row;
    return more;
}

static void put_node(package_writer *w, pagu_row row)
{
    enum { ID, PARENT, LEVEL, CODE, NAME, SIGN, STAGES };
    const pagu_plan *p = w->plan;
    bool root = row == 0, own = p->flags[row] & ROW_OWN_LINE, no_code = p->flags[row] & ROW_NO_CODE;
    if (own && !own_line_says_more(w, row))
        return;
    w->row = row;
    w->values[ID] = key_in_file(p, row);
    if (!root && !own && parent_by_prefix(w, row) != p->parent[row])
        w->values[PARENT] = key_in_file(p, p->parent[row]);
    w->values[LEVEL] = p->level[row] == PAGU_NONE ? "" : plan_str(w->plan, p->levels[p->level[row]].id);
    w->values[CODE] = !no_code ? plan_str(w->plan, p->code[row]) : root || own ? "" : "-";
    w->values[NAME] = plan_str(w->plan, p->name[row]);
    w->values[SIGN] = p->sign ? sign_text(p->sign[row]) : "";
    w->values[STAGES] = own ? "" : stages_text(w, row);
    writer_end_row(w);
}

static void put_nodes(package_writer *w)
{
    index_codes(w);
    for (uint32_t rank = 0; rank < w->plan->n_rows && w->code == PAGU_OK; rank++)
        put_node(w, w->plan->by_pre[rank]);
}

/* ---- tags ---- */

static int label_order(const void *a, const void *b, void *ud)
{
    const pagu_plan *p = ud;
    const plan_label *x = *(const plan_label *const *)a, *y = *(const plan_label *const *)b;
    if (x->row != y->row)
        return p->pre[x->row] < p->pre[y->row] ? -1 : 1;
    if (x->tree != y->tree)
        return x->tree < y->tree ? -1 : 1;
    return (x->cls > y->cls) - (x->cls < y->cls);
}

static void put_tags(package_writer *w)
{
    enum { NODE, TREE, CLASS };
    const pagu_plan *p = w->plan;
    uint32_t n = p->n_labels;
    const plan_label **order = mem_array(w->ctx, n, sizeof *order);
    if (n && !order)
        writer_fail(w, PAGU_NO_MEMORY);
    for (uint32_t i = 0; order && i < n; i++)
        order[i] = &p->labels[i];
    if (order)
        qsort_r(order, n, sizeof *order, label_order, (void *)p);
    for (uint32_t i = 0; order && i < n; i++) {
        const plan_tree *t = &p->trees[order[i]->tree];
        w->values[NODE] = key_in_file(p, order[i]->row);
        w->values[TREE] = plan_str(w->plan, t->id);
        w->values[CLASS] = plan_str(w->plan, t->classes[order[i]->cls].id);
        writer_end_row(w);
    }
    mem_free(w->ctx, order, n * sizeof *order);
}

bool writer_put_structure(package_writer *w)
{
    static void (*const put[RES_COUNT])(package_writer *) = {
        [RES_STAGES] = put_stages, [RES_LEVELS] = put_levels,   [RES_NODES] = put_nodes,
        [RES_TREES] = put_trees,   [RES_CLASSES] = put_classes, [RES_TAGS] = put_tags,
    };
    if (put[w->res])
        put[w->res](w);
    return put[w->res] != NULL;
}
