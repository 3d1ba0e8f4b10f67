/* builder_offices.c - every mounted package is a class of the tree "office", so that a city can be
 * read by office and a province by city and office.
 *
 * The class of a mount is its key ("dinsos", "kota-a/dinsos"), below that of the package that
 * mounts it; its root carries the class and everything below inherits it. A package that
 * declares a tree of that name has its own idea of offices: then a mount is tagged only if the
 * tree has a class of its key, and only where no row says otherwise.
 *
 * SPDX-License-Identifier: MIT */
#include "plan/builder_struct.h"

static const char tree_name[] = "Perangkat Daerah";

static const tree_rec *declared_tree(const pagu_builder *b, symbol office)
{
    for (uint32_t i = 0; i < b->n_trees; i++)
        if (b->trees[i].id == office)
            return &b->trees[i];
    return NULL;
}

static void add_tree(pagu_builder *b, symbol office)
{
    tree_rec *r = PUSH(b, trees);
    if (r)
        *r = (tree_rec){
            .id = office, .name = builder_intern(b, tree_name), .separator = builder_intern(b, "/"), .partition = true
        };
}

/* The root of a mount, or NULL: that is told when nodes are indexed. */
static const node_rec *mount_root(const pagu_builder *b, uint16_t mount)
{
    for (uint32_t i = 0; i < b->n_nodes; i++)
        if (b->nodes[i].mount == mount && b->nodes[i].flags & NODE_ROOT)
            return &b->nodes[i];
    return NULL;
}

/* What the package calls itself, else the name of its root, else its key. */
static symbol office_name(pagu_builder *b, const mount_rec *m, const node_rec *root)
{
    if (m->name)
        return m->name;
    return root && root->name ? builder_intern(b, builder_str(b, root->name)) : m->prefix;
}

static void add_class(pagu_builder *b, symbol office, uint16_t mount)
{
    const mount_rec *m = &b->mounts[mount];
    symbol name = office_name(b, m, mount_root(b, mount));
    class_rec *r = PUSH(b, classes);
    if (r)
        *r = (class_rec){ .tree = office,
                          .id = m->prefix,
                          .parent = m->outer ? b->mounts[m->outer].prefix : 0,
                          .name = name,
                          .sign = 1 };
}

static void add_tag(pagu_builder *b, symbol office, uint16_t mount)
{
    tag_rec *r = mount_root(b, mount) ? PUSH(b, tags) : NULL;
    if (r)
        *r = (tag_rec){ .node = b->mounts[mount].prefix, .tree = office, .cls = b->mounts[mount].prefix };
}

static bool has_class(const pagu_builder *b, symbol office, symbol id)
{
    for (uint32_t i = 0; i < b->n_classes; i++)
        if (b->classes[i].tree == office && b->classes[i].id == id)
            return true;
    return false;
}

static bool has_tag(const pagu_builder *b, symbol office, symbol key, uint32_t n_tags)
{
    for (uint32_t i = 0; i < n_tags; i++)
        if (b->tags[i].tree == office && str_eq(ref_str(b, b->tags[i].node), builder_str(b, key)))
            return true;
    return false;
}

/* Keep to the tree that a package declares. */
static void tag_declared(pagu_builder *b, symbol office, const tree_rec *tree)
{
    uint32_t n_tags = b->n_tags;
    for (uint16_t m = 1; m < b->n_mounts && builder_ok(b); m++) {
        symbol prefix = b->mounts[m].prefix;
        if (has_tag(b, office, prefix, n_tags))
            continue;
        if (has_class(b, office, prefix)) {
            add_tag(b, office, m);
            continue;
        }
        fault f = { .rule = "mount-office",
                    .severity = PAGU_WARNING,
                    .line = tree->line,
                    .file = tree->file,
                    .column = "tree",
                    .key = builder_str(b, prefix),
                    .value = "office" };
        builder_fault(
            b, &f, "mount \"%s\" has no class in the tree \"office\" that is declared here: its lines are of no office",
            builder_str(b, prefix));
    }
}

void mount_offices(pagu_builder *b)
{
    if (b->n_mounts < 2)
        return;
    symbol office = builder_intern(b, "office");
    const tree_rec *declared = declared_tree(b, office);
    if (declared) {
        tag_declared(b, office, declared);
        return;
    }
    add_tree(b, office);
    for (uint16_t m = 1; m < b->n_mounts && builder_ok(b); m++) {
        add_class(b, office, m);
        add_tag(b, office, m);
    }
}
