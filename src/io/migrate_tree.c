/* migrate_tree.c - the tree of the new plan: parents, headings that the list adds, stages, classes.
 *
 * A node that stood below the longest prefix of its code does so again; one with a parent of its
 * own keeps that parent, whatever it is called now. Classes of partition trees must count for the
 * same money as before, so a node whose new parent would hand down another one declares its own.
 *
 * SPDX-License-Identifier: MIT */
#include "io/migrate.h"

/* ---- parents ---- */

static bool stood_by_prefix(const pagu_plan *p, pagu_row row)
{
    pagu_row up = p->parent[row];
    const char *code = plan_str(p, p->code[row]), *above = plan_str(p, p->code[up]);
    size_t len = strlen(above);
    if (p->flags[row] & ROW_NO_CODE)
        return false;
    return p->flags[up] & ROW_NO_CODE || up == 0 || (strncmp(code, above, len) == 0 && code[len] == p->separator);
}

/* A heading that the list has and the plan lacks. */
static uint32_t add_heading(migration *m, const new_node *below, const char *code, size_t len)
{
    const char *text = migrate_text(m, "%.*s", (int)len, code);
    const code_entry *e = m->has_list ? code_index_active(&m->list, text, plan_aliases(m->plan)) : NULL;
    if (!e)
        return UINT32_MAX;
    const char *key = migrate_text(m, "%.*s%s", (int)below->mount, below->key, text);
    uint32_t n = add_new_node(m, key, text);
    if (n != UINT32_MAX) {
        m->nodes[n].name = e->name;
        m->nodes[n].level = e->level;
        m->nodes[n].by_prefix = true;
        pagu_finding f = { .rule = "migrate-heading", .column = "node", .key = key };
        migrate_tell(m, &f, "%s \"%s\" is added from the list", key, e->name);
    }
    return n;
}

/* The root of the package that a node stands in: mount without its slash, or the whole. */
static uint32_t mount_root(const migration *m, const new_node *n)
{
    return n->mount > 1 ? find_new_node(m, n->key, n->mount - 1) : 0;
}

static uint32_t parent_by_prefix(migration *m, uint32_t node)
{
    size_t len = strlen(m->nodes[node].code);
    while ((len = code_above(m->nodes[node].code, len, m->plan->separator)) > 0) {
        const new_node *n = &m->nodes[node];
        uint32_t found = find_new_node(m, n->key, n->mount + len);
        if (found == UINT32_MAX)
            found = add_heading(m, n, n->code, len);
        if (found != UINT32_MAX && found != node)
            return found;
    }
    return mount_root(m, &m->nodes[node]);
}

/* The node of an old row; of a split one, the part that the code lies in, else the first. */
static uint32_t node_of(const migration *m, pagu_row row)
{
    for (; row != PAGU_NO_ROW; row = m->plan->parent[row])
        if (m->moves[row].n)
            return m->targets[m->moves[row].first].node;
    return 0;
}

static void describe(migration *m, uint32_t node)
{
    const pagu_plan *p = m->plan;
    new_node *n = &m->nodes[node];
    if (n->lead == PAGU_NO_ROW)
        return;
    n->name = plan_str(p, p->name[n->lead]);
    n->level = p->level[n->lead] == PAGU_NONE ? "" : plan_str(p, p->levels[p->level[n->lead]].id);
    n->sign = p->sign ? p->sign[n->lead] : 1;
    n->own = p->flags[n->lead] & ROW_OWN_LINE;
    n->no_code = p->flags[n->lead] & ROW_NO_CODE;
    n->by_prefix = n->lead != 0 && !n->own && stood_by_prefix(p, n->lead);
    const code_entry *e = m->o->names && m->has_list ? code_index_active(&m->list, n->code, plan_aliases(p)) : NULL;
    if (e)
        n->name = e->name;
}

static void find_parent(migration *m, uint32_t node)
{
    const pagu_plan *p = m->plan;
    new_node *n = &m->nodes[node];
    uint32_t parent = UINT32_MAX;
    if (n->own)
        parent = find_new_node(m, n->key, strlen(n->key) - 1);
    else if (n->lead != 0 && n->by_prefix)
        parent = parent_by_prefix(m, node);
    else if (n->lead != 0)
        parent = node_of(m, p->parent[n->lead]);
    m->nodes[node].parent = parent;
    if (parent != UINT32_MAX)
        m->nodes[parent].has_children = true;
}

/* Depths; a node above itself can only come of a parent that was given by name. */
static void find_depths(migration *m)
{
    for (uint32_t i = 0; i < m->n_nodes; i++) {
        uint32_t depth = 0;
        for (uint32_t up = m->nodes[i].parent; up != UINT32_MAX && depth <= m->n_nodes; up = m->nodes[up].parent)
            depth++;
        m->nodes[i].depth = depth;
        if (depth <= m->n_nodes)
            continue;
        pagu_finding f = { .rule = "migrate-cycle", .column = "node", .key = m->nodes[i].key };
        migrate_conflict(m, &f, "%s would stand below itself", m->nodes[i].key);
    }
}

/* ---- stages ---- */

static uint64_t row_stages(const pagu_plan *p, pagu_row row)
{
    uint64_t bits = 0;
    for (uint32_t s = 0; s < p->n_stages; s++)
        if (!p->stages[s].members || bit_get(p->stages[s].members, row))
            bits |= UINT64_C(1) << s;
    return bits;
}

static void join_stages(migration *m)
{
    for (uint32_t i = 0; i < m->n_nodes; i++)
        for (uint32_t s = m->nodes[i].sources; s; s = m->sources[s - 1].next)
            m->nodes[i].stages |= row_stages(m->plan, m->sources[s - 1].row);
    for (uint32_t i = 0; i < m->n_nodes; i++)
        for (uint32_t up = m->nodes[i].parent; up != UINT32_MAX; up = m->nodes[up].parent)
            m->nodes[up].stages |= m->nodes[i].stages;
}

/* ---- classes ---- */

static uint32_t class_of(const uint32_t *classes, pagu_row row)
{
    return classes && row != PAGU_NO_ROW ? classes[row] : UINT32_MAX;
}

/* Sources that carry money must agree on what it counts for. */
static void check_classes(migration *m, uint32_t t, uint32_t node)
{
    const plan_tree *tree = &m->plan->trees[t];
    const new_node *n = &m->nodes[node];
    uint32_t first = class_of(tree->effective, n->lead);
    for (uint32_t s = n->sources; s; s = m->sources[s - 1].next) {
        pagu_row row = m->sources[s - 1].row;
        if (class_of(tree->effective, row) == first || m->plan->child_first[row] != m->plan->child_first[row + 1])
            continue;
        pagu_finding f = { .rule = "migrate-class", .column = plan_str(m->plan, tree->id), .key = row_key(m, row) };
        migrate_conflict(m, &f, "%s and %s are of unlike classes of \"%s\" and can't be merged into %s",
                         row_key(m, n->lead), row_key(m, row), plan_str(m->plan, tree->id), n->key);
    }
}

/* Effective class of a node from those above it; own gets what it declares. Parents come first. */
static void settle_class(migration *m, uint32_t t, uint32_t node, uint32_t *own, uint32_t *effective)
{
    const plan_tree *tree = &m->plan->trees[t];
    const new_node *n = &m->nodes[node];
    uint32_t handed = n->parent == UINT32_MAX ? UINT32_MAX : effective[n->parent];
    uint32_t wanted = n->lead == PAGU_NO_ROW ? handed : class_of(tree->effective, n->lead);
    own[node] = class_of(tree->declared, n->lead);
    effective[node] = own[node] != UINT32_MAX ? own[node] : handed;
    if (effective[node] == wanted)
        return;
    if (wanted != UINT32_MAX) {
        own[node] = effective[node] = wanted;
        return;
    }
    pagu_finding f = { .rule = "migrate-class", .column = plan_str(m->plan, tree->id), .key = n->key };
    migrate_conflict(m, &f, "%s has no class of \"%s\", and would get one from its new parent %s", n->key,
                     plan_str(m->plan, tree->id), m->nodes[n->parent].key);
}

static int by_depth(const void *ud, uint32_t a, uint32_t b)
{
    const new_node *nodes = ud;
    return nodes[a].depth < nodes[b].depth ? -1 : nodes[a].depth > nodes[b].depth;
}

static void settle_classes(migration *m)
{
    const pagu_plan *p = m->plan;
    uint32_t n = m->n_nodes, *order = mem_array(m->ctx, 2 * (size_t)n, sizeof *order);
    uint32_t *effective = mem_array(m->ctx, n, sizeof *effective);
    m->classes = mem_array(m->ctx, (size_t)p->n_trees * n, sizeof *m->classes);
    if (!order || !effective || (p->n_trees && !m->classes)) {
        migrate_fail(m, PAGU_NO_MEMORY);
    } else {
        for (uint32_t i = 0; i < n; i++)
            order[i] = i;
        sort_indices(order, order + n, n, by_depth, m->nodes);
        for (uint32_t t = 0; t < p->n_trees; t++)
            for (uint32_t i = 0; i < n; i++) {
                settle_class(m, t, order[i], m->classes + (size_t)t * n, effective);
                check_classes(m, t, order[i]);
            }
    }
    mem_free(m->ctx, order, 2 * (size_t)n * sizeof *order);
    mem_free(m->ctx, effective, n * sizeof *effective);
}

void link_nodes(migration *m)
{
    for (uint32_t i = 0; i < m->n_nodes && m->code == PAGU_OK; i++)
        describe(m, i);
    for (uint32_t i = 0; i < m->n_nodes && m->code == PAGU_OK; i++) /* headings join the end */
        find_parent(m, i);
    if (m->code == PAGU_OK)
        find_depths(m);
    if (m->code == PAGU_OK && m->n_conflicts == 0) {
        join_stages(m);
        settle_classes(m);
    }
}

/* ---- into the builder ---- */

/* Stages between blanks; "" for all. Every node is in the common stage. */
static const char *stages_text(migration *m, uint64_t bits)
{
    const pagu_plan *p = m->plan;
    const char *text = "";
    bool all = true;
    for (uint32_t s = 0; s < p->n_stages; s++)
        all &= p->stages[s].kind == PAGU_STAGE_COMMON || bits >> s & 1;
    for (uint32_t s = 0; s < p->n_stages && !all; s++)
        if (p->stages[s].kind != PAGU_STAGE_COMMON && bits >> s & 1)
            text = migrate_text(m, "%s%s%s", text, *text ? " " : "", plan_str(p, p->stages[s].id));
    return text;
}

static void put_node_tags(migration *m, uint32_t node)
{
    const pagu_plan *p = m->plan;
    const new_node *n = &m->nodes[node];
    const pagu_source src = { "", 0 };
    for (uint32_t t = 0; t < p->n_trees; t++) {
        uint32_t cls = m->classes[(size_t)t * m->n_nodes + node];
        if (p->trees[t].partition && cls != UINT32_MAX)
            pagu_builder_tag(m->builder, key_given(n->key), plan_str(p, p->trees[t].id),
                             plan_str(p, p->trees[t].classes[cls].id), src);
    }
    for (uint32_t a = 0; a < p->n_attributes; a++) /* the first source that has one */
        for (uint32_t s = n->sources; s; s = m->sources[s - 1].next) {
            symbol value = p->attributes[a].values[m->sources[s - 1].row];
            if (!value)
                continue;
            pagu_builder_attribute(m->builder, key_given(n->key), plan_str(p, p->attributes[a].name),
                                   plan_str(p, value), src);
            break;
        }
}

/* Labels of all sources, each once. */
static void put_labels(migration *m)
{
    const pagu_plan *p = m->plan;
    const pagu_source src = { "", 0 };
    keyset seen;
    keyset_init(&seen, m->ctx);
    for (uint32_t i = 0; i < p->n_labels && m->code == PAGU_OK; i++) {
        const plan_label *l = &p->labels[i];
        const plan_tree *tree = &p->trees[l->tree];
        const row_move *move = &m->moves[l->row];
        for (uint32_t k = 0; k < move->n; k++) {
            const char *key = m->nodes[m->targets[move->first + k].node].key;
            const char *parts[] = { key, plan_str(p, tree->id), plan_str(p, tree->classes[l->cls].id) };
            keyset_entry *known;
            bool added;
            if (!keyset_add(&seen, parts, COUNT_OF(parts), 0, &known, &added))
                migrate_fail(m, PAGU_NO_MEMORY);
            else if (added)
                pagu_builder_tag(m->builder, key_given(key), parts[1], parts[2], src);
        }
    }
    keyset_free(&seen);
}

void put_nodes_to(migration *m)
{
    const pagu_source src = { "", 0 };
    for (uint32_t i = 0; i < m->n_nodes && m->code == PAGU_OK; i++) {
        const new_node *n = &m->nodes[i];
        bool root = n->parent == UINT32_MAX;
        pagu_node_def def = { .id = key_given(n->key),
                              .level = n->level,
                              .name = n->name,
                              .sign = n->sign,
                              .code = n->no_code ? "" : n->code,
                              .code_absent = n->no_code,
                              .parent = root || n->own ? "" : key_given(m->nodes[n->parent].key),
                              .stages = n->own ? "" : stages_text(m, n->stages) };
        migrate_fail(m, pagu_builder_node(m->builder, &def, src));
        put_node_tags(m, i);
    }
    put_labels(m);
}
