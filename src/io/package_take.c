/* package_take.c - what a row of each resource does to the builder.
 * SPDX-License-Identifier: MIT */
#include "io/package.h"

#include <math.h>

/* ---- words of files and their values ---- */

static const char *const polarity_words[] = { "higher", "lower", "range" };
static const char *const aggregation_words[] = { "", "none", "sum", "last", "mean", "max", "min", "weighted" };
static const char *const stage_words[] = { "plan", "reference", "common" };

static int word_index(const char *const *words, size_t n, const char *word)
{
    for (size_t i = 0; i < n; i++)
        if (str_eq(words[i], word))
            return (int)i;
    return 0;
}

static pagu_polarity polarity_of(const char *word)
{
    return (pagu_polarity)word_index(polarity_words, COUNT_OF(polarity_words), word);
}

const char *polarity_word(pagu_polarity polarity)
{
    return polarity_words[polarity];
}

static pagu_aggregation aggregation_of(const char *word)
{
    return (pagu_aggregation)word_index(aggregation_words, COUNT_OF(aggregation_words), word);
}

const char *aggregation_word(pagu_aggregation aggregation)
{
    return aggregation_words[aggregation];
}

static pagu_stage_kind stage_kind_of(const char *word)
{
    return (pagu_stage_kind)word_index(stage_words, COUNT_OF(stage_words), word);
}

const char *stage_kind_word(pagu_stage_kind kind)
{
    return stage_words[kind];
}

static int sign_of(const char *text)
{
    return *text == '-' ? -1 : *text == '0' ? 0 : 1;
}

/* ---- structure ---- */

/* Columns by their place in the tables of package_resources.c. */
static bool remember(package *p, declared **list, uint32_t *n, uint32_t *cap, const char *id, int kind)
{
    const char *copy = arena_strdup(&p->r->text, id, strlen(id));
    if (!copy || !mem_grow(p->r->ctx, list, cap, *n, sizeof **list))
        return false;
    (*list)[(*n)++] = (declared){ copy, kind };
    return true;
}

static pagu_code take_stage(const package_row *row)
{
    enum { ID, NAME, KIND, ROLE, RANK };
    const cell_value *c = row->cells;
    package *p = row->p;
    pagu_stage_def def = { .id = c[ID].text,
                           .name = c[NAME].text,
                           .role = c[ROLE].text,
                           .kind = stage_kind_of(c[KIND].text),
                           .rank = (int)c[RANK].integer };
    if (!remember(p, &p->stages, &p->n_stages, &p->cap_stages, def.id, (int)def.kind))
        return PAGU_NO_MEMORY;
    return pagu_builder_stage(p->r->builder, &def, row->src);
}

static pagu_code take_level(const package_row *row)
{
    enum { TREE, ID, RANK, NAME, NAME_EN, LENGTH };
    const cell_value *c = row->cells;
    pagu_level_def def = { .tree = c[TREE].text,
                           .id = c[ID].text,
                           .name = c[NAME].text,
                           .name_en = c[NAME_EN].text,
                           .rank = (int)c[RANK].integer,
                           .length = (int)c[LENGTH].integer };
    return pagu_builder_level(row->p->r->builder, &def, row->src);
}

static pagu_code take_tree(const package_row *row)
{
    enum { ID, NAME, KIND, SEPARATOR };
    const cell_value *c = row->cells;
    package *p = row->p;
    bool partition = str_eq(c[KIND].text, "partition");
    pagu_tree_def def = {
        .id = c[ID].text, .name = c[NAME].text, .separator = c[SEPARATOR].text, .partition = partition
    };
    if (!remember(p, &p->trees, &p->n_trees, &p->cap_trees, def.id, partition ? TREE_PARTITION : TREE_LABEL))
        return PAGU_NO_MEMORY;
    return pagu_builder_tree(p->r->builder, &def, row->src);
}

static pagu_code take_class(const package_row *row)
{
    enum { TREE, ID, PARENT, LEVEL, CODE, NAME, SIGN };
    const cell_value *c = row->cells;
    pagu_class_def def = { .tree = c[TREE].text,
                           .id = c[ID].text,
                           .parent = c[PARENT].text,
                           .level = c[LEVEL].text,
                           .code = c[CODE].text,
                           .name = c[NAME].text,
                           .sign = sign_of(c[SIGN].text) };
    return pagu_builder_class(row->p->r->builder, &def, row->src);
}

static pagu_code take_node(const package_row *row)
{
    enum { ID, PARENT, LEVEL, CODE, NAME, SIGN, STAGES };
    const cell_value *c = row->cells;
    pagu_builder *b = row->p->r->builder;
    bool no_code = c[CODE].state == PAGU_DASH;
    pagu_node_def def = { .id = c[ID].text,
                          .parent = c[PARENT].text,
                          .level = c[LEVEL].text,
                          .code = no_code ? "" : c[CODE].text,
                          .name = c[NAME].text,
                          .stages = c[STAGES].text,
                          .sign = sign_of(c[SIGN].text),
                          .code_absent = no_code };
    pagu_code code = pagu_builder_node(b, &def, row->src);
    for (uint32_t i = 0; i < row->n_extras && code == PAGU_OK; i++) {
        const extra_column *e = &row->extras[i];
        if (!*e->cell.text)
            continue;
        code = e->kind == EXTRA_IS_TREE ? pagu_builder_tag(b, def.id, e->name, e->cell.text, row->src)
                                        : pagu_builder_attribute(b, def.id, e->name, e->cell.text, row->src);
    }
    return code;
}

static pagu_code take_tag(const package_row *row)
{
    enum { NODE, TREE, CLASS };
    const cell_value *c = row->cells;
    const package *p = row->p;
    for (uint32_t i = 0; i < p->n_trees; i++)
        if (p->trees[i].kind == TREE_PARTITION && str_eq(p->trees[i].id, c[TREE].text)) {
            place at = row_place(row, "bad-value", "tree");
            at.printed = c[TREE].text;
            return report_at(p->r->ctx, p->r->findings, &at,
                             "\"%s\" is a partition tree; its classes belong in a column of nodes", c[TREE].text);
        }
    return pagu_builder_tag(p->r->builder, c[NODE].text, c[TREE].text, c[CLASS].text, row->src);
}

/* ---- money ---- */

static pagu_code check_uncosted(const package_row *row, const cell_value *c)
{
    package_reader *r = row->p->r;
    const char *parts[] = { row->p->prefix ? row->p->prefix : "", c[0].text, c[1].text, c[2].text };
    const keyset_entry *e = keyset_find(&r->costed, parts, COUNT_OF(parts));
    if (!e)
        return PAGU_OK;
    place at = row_place(row, "cost", "budget");
    at.printed = c[3].text;
    return report_at(r->ctx, r->findings, &at, "the budget follows from line %u of costs; leave it empty here",
                     e->value);
}

static pagu_code take_amount(const package_row *row)
{
    enum { NODE, STAGE, PERIOD, BUDGET, SPENT };
    const cell_value *c = row->cells;
    static const char *const names[] = { [BUDGET] = "budget", [SPENT] = "spent" };
    pagu_builder *b = row->p->r->builder;
    pagu_code code = PAGU_OK;
    if (c[BUDGET].state != PAGU_MISSING && row->p->r->costed.n)
        code = check_uncosted(row, c);
    for (int i = BUDGET; i <= SPENT && code == PAGU_OK; i++)
        if (c[i].state != PAGU_MISSING)
            code = pagu_builder_amount(b, c[NODE].text, c[STAGE].text, c[PERIOD].text, names[i],
                                       (pagu_cell){ c[i].integer, c[i].state }, row->src);
    for (uint32_t i = 0; i < row->n_extras && code == PAGU_OK; i++) {
        const extra_column *e = &row->extras[i];
        if (e->cell.state != PAGU_MISSING)
            code = pagu_builder_amount(b, c[NODE].text, c[STAGE].text, c[PERIOD].text, e->name,
                                       (pagu_cell){ e->cell.integer, e->cell.state }, row->src);
    }
    return code;
}

static pagu_code take_cost(const package_row *row)
{
    enum { NODE, STAGE, PERIOD, PRICE, COEFFICIENTS, INDEX };
    const cell_value *c = row->cells;
    package_reader *r = row->p->r;
    if (c[PRICE].state != PAGU_NUMBER || !*c[COEFFICIENTS].text)
        return PAGU_OK; /* reported already */
    pagu_money amount;
    pagu_code code = cost_amount(c[PRICE].integer, c[COEFFICIENTS].text, c[INDEX].text, &amount);
    if (code != PAGU_OK) {
        place at = row_place(row, "cost", "coefficients");
        at.printed = c[COEFFICIENTS].text;
        return report_text(r->ctx, r->findings, &at,
                           code == PAGU_OVERFLOW ? "price and coefficients make an amount that is too large"
                                                 : "not coefficients as in \"200 lembar x 2 bulan\"");
    }
    const char *parts[] = { row->p->prefix ? row->p->prefix : "", c[NODE].text, c[STAGE].text, c[PERIOD].text };
    keyset_entry *entry;
    bool added;
    if (!keyset_add(&r->costed, parts, COUNT_OF(parts), row->src.line, &entry, &added))
        return PAGU_NO_MEMORY;
    return pagu_builder_amount(r->builder, c[NODE].text, c[STAGE].text, c[PERIOD].text, "budget",
                               (pagu_cell){ amount, PAGU_NUMBER }, row->src);
}

/* ---- indicators ---- */

static pagu_code take_unit(const package_row *row)
{
    enum { ID, NAME, KIND, SYNONYMS, OVER_TIME, OVER_CHILDREN, SCALE, CATEGORIES };
    const cell_value *c = row->cells;
    pagu_unit_def def = { .id = c[ID].text,
                          .name = c[NAME].text,
                          .kind = c[KIND].text,
                          .synonyms = c[SYNONYMS].text,
                          .over_time = aggregation_of(c[OVER_TIME].text),
                          .over_children = aggregation_of(c[OVER_CHILDREN].text),
                          .scale = c[SCALE].text,
                          .categories = c[CATEGORIES].text };
    return pagu_builder_unit(row->p->r->builder, &def, row->src);
}

static pagu_code take_indicator(const package_row *row)
{
    enum { ID, OWNER, TYPE, NAME, UNIT, POLARITY, OVER_TIME, OVER_CHILDREN, WEIGHT, DEFINITION };
    const cell_value *c = row->cells;
    pagu_indicator_def def = { .id = c[ID].text,
                               .owner = c[OWNER].text,
                               .type = c[TYPE].text,
                               .name = c[NAME].text,
                               .unit = c[UNIT].text,
                               .definition = c[DEFINITION].text,
                               .polarity = polarity_of(c[POLARITY].text),
                               .over_time = aggregation_of(c[OVER_TIME].text),
                               .over_children = aggregation_of(c[OVER_CHILDREN].text),
                               .weight = c[WEIGHT].state == PAGU_NUMBER ? c[WEIGHT].number : NAN };
    return pagu_builder_indicator(row->p->r->builder, &def, row->src);
}

static pagu_code take_measure(const package_row *row)
{
    enum { INDICATOR, STAGE, PERIOD, FIELD, VALUE, UNIT, TEXT };
    const cell_value *c = row->cells;
    pagu_measure m = { .value = c[VALUE].number,
                       .state = c[VALUE].state,
                       .unit = c[UNIT].text,
                       .text = *c[TEXT].text ? c[TEXT].text : NULL };
    if (m.state == PAGU_MISSING && m.text)
        m.state = PAGU_TEXT;
    return pagu_builder_measure(row->p->r->builder, c[INDICATOR].text, c[STAGE].text, c[PERIOD].text, c[FIELD].text, &m,
                                row->src);
}

/* ---- all ---- */

static pagu_code take_document(const package_row *row)
{
    pagu_code code = row->res == RES_COSTS ? take_cost(row) : PAGU_OK;
    return code == PAGU_OK ? pagu_builder_document_row(row->p->r->builder, row->spec->name, row->texts, row->src)
                           : code;
}

pagu_code take_row(const package_row *row)
{
    static pagu_code (*const takers[RES_COUNT])(const package_row *) = {
        [RES_STAGES] = take_stage,     [RES_LEVELS] = take_level,  [RES_NODES] = take_node,
        [RES_TREES] = take_tree,       [RES_CLASSES] = take_class, [RES_TAGS] = take_tag,
        [RES_AMOUNTS] = take_amount,   [RES_UNITS] = take_unit,    [RES_INDICATORS] = take_indicator,
        [RES_MEASURES] = take_measure,
    };
    return takers[row->res] ? takers[row->res](row) : take_document(row);
}
