/* builder_rows.c - collecting rows: strings are interned, nothing is judged yet.
 * SPDX-License-Identifier: MIT */
#include "plan/builder_struct.h"

#include <math.h>

/* Columns whose values mostly repeat from row to row: a comparison is cheaper than a probe. */
enum {
    RECENT_STAGE,
    RECENT_PERIOD,
    RECENT_FIELD,
    RECENT_LEVEL,
    RECENT_STAGES,
    RECENT_TREE,
    RECENT_CLASS,
    RECENT_UNIT,
    RECENT_COUNT
};
_Static_assert((int)RECENT_COUNT == (int)RECENT_COLUMNS, "one place a column");

static symbol intern_recent(pagu_builder *b, int column, const char *s)
{
    if (!s || !*s)
        return 0;
    unsigned spread = (unsigned char)s[0] + 3u * (unsigned char)s[1] + (s[1] ? 5u * (unsigned char)s[2] : 0);
    symbol *kept = &b->recent[column][spread % RECENT_KEPT];
    if (!str_eq(builder_str(b, *kept), s))
        *kept = builder_intern(b, s);
    return *kept;
}

uint16_t file_index(pagu_builder *b, const char *file)
{
    if (!file)
        return 0;
    for (uint32_t i = b->n_files; i-- > 0;)
        if (b->files[i] == file || str_eq(b->files[i], file))
            return (uint16_t)i;
    if (b->n_files > UINT16_MAX) {
        b->failed = PAGU_LIMIT;
        return 0;
    }
    const char **added = PUSH(b, files);
    if (!added)
        return 0;
    *added = file;
    return (uint16_t)(b->n_files - 1);
}

static const char *text(const char *s)
{
    return s ? s : "";
}

pagu_code pagu_builder_stage(pagu_builder *b, const pagu_stage_def *def, pagu_source src)
{
    stage_rec *r = PUSH(b, stages);
    if (r)
        *r = (stage_rec){ .id = builder_intern(b, def->id),
                          .name = builder_intern(b, def->name),
                          .role = builder_intern(b, def->role),
                          .kind = def->kind,
                          .rank = def->rank,
                          .line = src.line,
                          .file = file_index(b, src.file),
                          .mount = b->mount };
    return b->failed;
}

pagu_code pagu_builder_level(pagu_builder *b, const pagu_level_def *def, pagu_source src)
{
    level_rec *r = PUSH(b, levels);
    if (r)
        *r = (level_rec){ .tree = def->tree && *def->tree ? builder_intern(b, def->tree) : b->main_tree,
                          .id = builder_intern(b, def->id),
                          .name = builder_intern(b, def->name),
                          .name_en = builder_intern(b, def->name_en),
                          .rank = def->rank,
                          .length = def->length,
                          .line = src.line,
                          .file = file_index(b, src.file),
                          .mount = b->mount };
    return b->failed;
}

pagu_code pagu_builder_tree(pagu_builder *b, const pagu_tree_def *def, pagu_source src)
{
    tree_rec *r = PUSH(b, trees);
    if (r)
        *r = (tree_rec){ .id = builder_intern(b, def->id),
                         .name = builder_intern(b, def->name),
                         .separator = builder_intern(b, def->separator),
                         .partition = def->partition,
                         .line = src.line,
                         .file = file_index(b, src.file),
                         .mount = b->mount };
    return b->failed;
}

pagu_code pagu_builder_class(pagu_builder *b, const pagu_class_def *def, pagu_source src)
{
    bool own, parent_own;
    symbol tree = intern_recent(b, RECENT_TREE, def->tree), id = builder_class_id(b, tree, def->id, &own);
    class_rec *r = PUSH(b, classes);
    if (r)
        *r = (class_rec){ .tree = tree,
                          .id = id,
                          .own = own,
                          .parent = builder_class_id(b, tree, def->parent, &parent_own),
                          .level = builder_intern(b, def->level),
                          .code = builder_intern(b, own && !(def->code && *def->code) ? def->id : def->code),
                          .name = builder_intern(b, def->name),
                          .sign = def->sign,
                          .line = src.line,
                          .file = file_index(b, src.file),
                          .mount = b->mount };
    return b->failed;
}

pagu_code pagu_builder_unit(pagu_builder *b, const pagu_unit_def *def, pagu_source src)
{
    unit_rec *r = PUSH(b, units);
    if (r)
        *r = (unit_rec){ .unit = { .id = builder_intern(b, def->id),
                                   .name = builder_intern(b, def->name),
                                   .kind = builder_intern(b, def->kind),
                                   .synonyms = builder_intern(b, def->synonyms),
                                   .scale = builder_intern(b, def->scale),
                                   .categories = builder_intern(b, def->categories),
                                   .over_time = def->over_time,
                                   .over_children = def->over_children },
                         .line = src.line,
                         .file = file_index(b, src.file),
                         .mount = b->mount };
    return b->failed;
}

pagu_code pagu_builder_field(pagu_builder *b, const char *id, pagu_field_kind kind)
{
    symbol s = builder_intern(b, id);
    for (uint32_t i = 0; i < b->n_fields; i++)
        if (b->fields[i].id == s) {
            if (b->fields[i].kind != kind)
                builder_fault(b, &(fault){ .rule = "duplicate", .severity = PAGU_ERROR, .key = id },
                              "field \"%s\" is declared both as money and as a measure", id);
            return b->failed;
        }
    plan_field *f = PUSH(b, fields);
    if (f)
        *f = (plan_field){ s, kind };
    return b->failed;
}

/* ---- nodes ---- */

static bool ends_with_mark(const char *id)
{
    size_t len = strlen(id);
    return len > 0 && id[len - 1] == '#';
}

static uint8_t node_flags(const pagu_node_def *def, const char *id, const char *code)
{
    bool root = str_eq(id, ".") || str_eq(id, "/");
    uint8_t flags = root ? NODE_ROOT : 0;
    if (ends_with_mark(id))
        flags |= NODE_OWN;
    if (def->code_absent || (*code == '\0' && (root || str_eq(id, ".#") || str_eq(id, "/#"))))
        flags |= NODE_NO_CODE;
    else if (*code && !str_eq(code, id))
        flags |= NODE_CODE_DIFFERS;
    return flags;
}

pagu_code pagu_builder_node(pagu_builder *b, const pagu_node_def *def, pagu_source src)
{
    node_rec *r = PUSH(b, nodes);
    if (!r)
        return b->failed;
    b->guess = b->n_nodes - 1; /* what is said of a node mostly follows it */
    const char *id = text(def->id), *code = text(def->code);
    *r = (node_rec){
        .line = src.line, .file = file_index(b, src.file), .mount = b->mount, .flags = node_flags(def, id, code)
    };
    r->key = builder_new_key(b, id);
    if (r->flags & NODE_CODE_DIFFERS)
        r->code = builder_append(b, code, strlen(code));
    else if (!(r->flags & NODE_NO_CODE))
        r->code = b->mount ? builder_append(b, id, strlen(id)) : r->key;
    r->parent = def->parent && *def->parent ? builder_key(b, def->parent, b->mount) : 0;
    r->name = builder_append(b, text(def->name), strlen(text(def->name)));
    r->level = intern_recent(b, RECENT_LEVEL, def->level);
    r->stages = intern_recent(b, RECENT_STAGES, def->stages);
    r->sign = (int8_t)(def->sign < -1 || def->sign > 1 ? 2 : def->sign);
    return b->failed;
}

pagu_code pagu_builder_tag(pagu_builder *b, const char *node, const char *tree, const char *cls, pagu_source src)
{
    if (!cls || !*cls)
        return b->failed;
    bool own = false;
    symbol in = intern_recent(b, RECENT_TREE, tree);
    symbol id = b->n_own_trees ? builder_class_id(b, in, cls, &own) : intern_recent(b, RECENT_CLASS, cls);
    tag_rec *r = PUSH(b, tags);
    if (r)
        *r = (tag_rec){ builder_node_ref(b, text(node)), in, id, src.line, file_index(b, src.file) };
    return b->failed;
}

pagu_code pagu_builder_attribute(pagu_builder *b, const char *node, const char *name, const char *value,
                                 pagu_source src)
{
    if (!value || !*value)
        return b->failed;
    attribute_rec *r = PUSH(b, attributes);
    if (r)
        *r = (attribute_rec){ builder_node_ref(b, text(node)), builder_intern(b, name), builder_intern(b, value),
                              src.line, file_index(b, src.file) };
    return b->failed;
}

/* ---- values ---- */

pagu_code pagu_builder_amount(pagu_builder *b, const char *node, const char *stage, const char *period,
                              const char *field, pagu_cell cell, pagu_source src)
{
    amount_rec *r = PUSH(b, amounts);
    if (!r)
        return b->failed;
    *r = (amount_rec){ .value = cell.state == PAGU_NUMBER ? cell.value : 0,
                       .state = (uint8_t)cell.state,
                       .line = src.line,
                       .file = file_index(b, src.file) };
    r->node = builder_node_ref(b, text(node));
    r->stage = intern_recent(b, RECENT_STAGE, stage);
    r->period = intern_recent(b, RECENT_PERIOD, period);
    r->field = intern_recent(b, RECENT_FIELD, field);
    return b->failed;
}

pagu_code pagu_builder_indicator(pagu_builder *b, const pagu_indicator_def *def, pagu_source src)
{
    indicator_rec *r = PUSH(b, indicators);
    if (r)
        *r = (indicator_rec){ .id = builder_key(b, text(def->id), b->mount),
                              .owner = builder_class_owner(b, def->owner),
                              .type = builder_intern(b, def->type),
                              .name = builder_intern(b, def->name),
                              .unit = intern_recent(b, RECENT_UNIT, def->unit),
                              .definition = builder_intern(b, def->definition),
                              .polarity = def->polarity,
                              .over_time = def->over_time,
                              .over_children = def->over_children,
                              .weight = def->weight,
                              .line = src.line,
                              .file = file_index(b, src.file),
                              .mount = b->mount };
    return b->failed;
}

pagu_code pagu_builder_measure(pagu_builder *b, const char *indicator, const char *stage, const char *period,
                               const char *field, const pagu_measure *m, pagu_source src)
{
    measure_rec *r = PUSH(b, measures);
    if (!r)
        return b->failed;
    bool number = m->state == PAGU_NUMBER && isfinite(m->value);
    *r = (measure_rec){
        .value = number ? m->value : 0, .state = (uint8_t)m->state, .line = src.line, .file = file_index(b, src.file)
    };
    if (m->state == PAGU_NUMBER && !number)
        builder_fault(b, FAULT(r, "number", "value", text(indicator), NULL), "a measure must be a finite number");
    r->indicator = builder_key(b, text(indicator), b->mount);
    r->stage = intern_recent(b, RECENT_STAGE, stage);
    r->period = intern_recent(b, RECENT_PERIOD, period);
    r->field = intern_recent(b, RECENT_FIELD, field);
    r->unit = intern_recent(b, RECENT_UNIT, m->unit);
    r->text = builder_intern(b, m->text);
    return b->failed;
}
