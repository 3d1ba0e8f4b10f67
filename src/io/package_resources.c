/* package_resources.c - the files of a package and their columns.
 * SPDX-License-Identifier: MIT */
#include "io/package.h"

#define SIGNS "+|-|0"
#define OVER_TIME "sum|last|mean|max|min"
#define OVER_CHILDREN "none|sum|weighted"

static const column_spec stages[] = {
    { "stage", CELL_TEXT, IN_KEY | IS_STAGE, NULL, NULL },
    { "name", CELL_TEXT, REQUIRED, NULL, NULL },
    { "kind", CELL_TEXT, REQUIRED, "plan|reference|common", NULL },
    { "role", CELL_TEXT, 0, NULL, NULL },
    { "rank", CELL_INTEGER, REQUIRED, NULL, NULL },
};

static const column_spec levels[] = {
    { "tree", CELL_TEXT, IN_KEY, NULL, NULL },      { "level", CELL_TEXT, IN_KEY, NULL, NULL },
    { "rank", CELL_INTEGER, REQUIRED, NULL, NULL }, { "name", CELL_TEXT, REQUIRED, NULL, NULL },
    { "name_en", CELL_TEXT, 0, NULL, NULL },        { "length", CELL_INTEGER, 0, NULL, NULL },
};

static const column_spec nodes[] = {
    { "node", CELL_TEXT, IN_KEY, NULL, NULL },     { "parent", CELL_TEXT, 0, NULL, "nodes" },
    { "level", CELL_TEXT, 0, NULL, NULL },         { "code", CELL_TEXT, MARKABLE, NULL, NULL },
    { "name", CELL_TEXT, REQUIRED, NULL, NULL },   { "sign", CELL_TEXT, 0, SIGNS, NULL },
    { "stages", CELL_TEXT, IS_STAGE, NULL, NULL },
};

static const column_spec trees[] = {
    { "tree", CELL_TEXT, IN_KEY, NULL, NULL },
    { "name", CELL_TEXT, REQUIRED, NULL, NULL },
    { "kind", CELL_TEXT, REQUIRED, "partition|label", NULL },
    { "separator", CELL_TEXT, 0, NULL, NULL },
};

static const column_spec classes[] = {
    { "tree", CELL_TEXT, IN_KEY, NULL, "trees" }, { "class", CELL_TEXT, IN_KEY, NULL, NULL },
    { "parent", CELL_TEXT, 0, NULL, NULL },       { "level", CELL_TEXT, 0, NULL, NULL },
    { "code", CELL_TEXT, 0, NULL, NULL },         { "name", CELL_TEXT, REQUIRED, NULL, NULL },
    { "sign", CELL_TEXT, 0, SIGNS, NULL },
};

static const column_spec tags[] = {
    { "node", CELL_TEXT, IN_KEY, NULL, "nodes" },
    { "tree", CELL_TEXT, IN_KEY, NULL, NULL },
    { "class", CELL_TEXT, IN_KEY, NULL, NULL },
};

static const column_spec amounts[] = {
    { "node", CELL_TEXT, IN_KEY, NULL, "nodes" },  { "stage", CELL_TEXT, IN_KEY | IS_STAGE, NULL, "stages" },
    { "period", CELL_TEXT, IN_KEY, NULL, NULL },   { "budget", CELL_MONEY, MARKABLE, NULL, NULL },
    { "spent", CELL_MONEY, MARKABLE, NULL, NULL },
};

static const column_spec costs[] = {
    { "node", CELL_TEXT, IN_KEY, NULL, "nodes" },
    { "stage", CELL_TEXT, IN_KEY | IS_STAGE, NULL, "stages" },
    { "period", CELL_TEXT, IN_KEY | IS_PERIOD, NULL, NULL },
    { "price", CELL_MONEY, REQUIRED, NULL, NULL },
    { "coefficients", CELL_TEXT, REQUIRED, NULL, NULL },
    { "index", CELL_NUMBER, 0, NULL, NULL },
};

static const column_spec units[] = {
    { "unit", CELL_TEXT, IN_KEY, NULL, NULL },
    { "name", CELL_TEXT, REQUIRED, NULL, NULL },
    { "kind", CELL_TEXT, REQUIRED, "count|percent|ratio|score|ordinal", NULL },
    { "synonyms", CELL_TEXT, 0, NULL, NULL },
    { "over_time", CELL_TEXT, 0, OVER_TIME, NULL },
    { "over_children", CELL_TEXT, 0, OVER_CHILDREN, NULL },
    { "scale", CELL_TEXT, 0, NULL, NULL },
    { "categories", CELL_TEXT, 0, NULL, NULL },
};

static const column_spec indicators[] = {
    { "indicator", CELL_TEXT, IN_KEY, NULL, NULL }, { "owner", CELL_TEXT, REQUIRED, NULL, NULL },
    { "type", CELL_TEXT, 0, NULL, NULL },           { "name", CELL_TEXT, REQUIRED, NULL, NULL },
    { "unit", CELL_TEXT, 0, NULL, "units" },        { "polarity", CELL_TEXT, 0, "higher|lower|range", NULL },
    { "over_time", CELL_TEXT, 0, OVER_TIME, NULL }, { "over_children", CELL_TEXT, 0, OVER_CHILDREN, NULL },
    { "weight", CELL_NUMBER, 0, NULL, NULL },       { "definition", CELL_TEXT, 0, NULL, NULL },
};

static const column_spec measures[] = {
    { "indicator", CELL_TEXT, IN_KEY, NULL, "indicators" },
    { "stage", CELL_TEXT, IN_KEY | IS_STAGE, NULL, "stages" },
    { "period", CELL_TEXT, IN_KEY, NULL, NULL },
    { "field", CELL_TEXT, IN_KEY, NULL, NULL },
    { "value", CELL_NUMBER, MARKABLE, NULL, NULL },
    { "unit", CELL_TEXT, 0, NULL, "units" },
    { "text", CELL_TEXT, 0, NULL, NULL },
};

static const column_spec scales[] = {
    { "scale", CELL_TEXT, IN_KEY, NULL, NULL },
    { "low", CELL_NUMBER, IN_KEY, NULL, NULL },
    { "label", CELL_TEXT, REQUIRED, NULL, NULL },
    { "low_included", CELL_BOOLEAN, 0, NULL, NULL },
};

static const column_spec tables[] = {
    { "table", CELL_TEXT, IN_KEY, NULL, NULL },      { "form", CELL_TEXT, 0, NULL, NULL },
    { "title", CELL_TEXT, REQUIRED, NULL, NULL },    { "stage", CELL_TEXT, IS_STAGE, NULL, NULL },
    { "levels", CELL_TEXT, 0, NULL, NULL },          { "scope", CELL_TEXT, REQUIRED, "all|listed", NULL },
    { "locale", CELL_TEXT, 0, "id|en|plain", NULL }, { "line", CELL_INTEGER, 0, NULL, NULL },
};

static const column_spec printed[] = {
    { "table", CELL_TEXT, IN_KEY, NULL, "tables" }, { "row", CELL_INTEGER, IN_KEY, NULL, NULL },
    { "column", CELL_TEXT, IN_KEY, NULL, NULL },    { "owner", CELL_TEXT, IS_OWNER, NULL, NULL },
    { "field", CELL_TEXT, 0, NULL, NULL },          { "stage", CELL_TEXT, IS_STAGE, NULL, "stages" },
    { "period", CELL_TEXT, IS_PERIOD, NULL, NULL }, { "text", CELL_TEXT, 0, NULL, NULL },
    { "expr", CELL_TEXT, 0, NULL, NULL },           { "line", CELL_INTEGER, 0, NULL, NULL },
};

static const column_spec texts[] = {
    { "owner", CELL_TEXT, IN_KEY | IS_OWNER, NULL, NULL },
    { "kind", CELL_TEXT, IN_KEY, NULL, NULL },
    { "stage", CELL_TEXT, IN_KEY | IS_STAGE, NULL, "stages" },
    { "period", CELL_TEXT, IN_KEY | IS_PERIOD, NULL, NULL },
    { "lang", CELL_TEXT, IN_KEY, NULL, NULL },
    { "rank", CELL_INTEGER, IN_KEY, NULL, NULL },
    { "text", CELL_TEXT, REQUIRED, NULL, NULL },
    { "line", CELL_INTEGER, 0, NULL, NULL },
};

static const column_spec proposals[] = {
    { "proposal", CELL_TEXT, IN_KEY | IS_OWN, NULL, NULL },
    { "node", CELL_TEXT, REQUIRED, NULL, "nodes" },
    { "period", CELL_TEXT, REQUIRED | IS_PERIOD, NULL, NULL },
    { "name", CELL_TEXT, REQUIRED, NULL, NULL },
    { "location", CELL_TEXT, 0, NULL, NULL },
    { "volume", CELL_NUMBER, 0, NULL, NULL },
    { "unit", CELL_TEXT, 0, NULL, "units" },
    { "text", CELL_TEXT, 0, NULL, NULL },
    { "amount", CELL_MONEY, 0, NULL, NULL },
    { "status", CELL_TEXT, 0, NULL, NULL },
    { "origin", CELL_TEXT, 0, NULL, NULL },
    { "proposer", CELL_TEXT, 0, NULL, NULL },
};

static const column_spec parameters[] = {
    { "node", CELL_TEXT, IN_KEY, NULL, "nodes" },
    { "parameter", CELL_TEXT, IN_KEY, NULL, NULL },
    { "period", CELL_TEXT, IN_KEY | IS_PERIOD, NULL, NULL },
    { "value", CELL_TEXT, REQUIRED, NULL, NULL },
};

static const column_spec rules[] = {
    { "rule", CELL_TEXT, IN_KEY | IS_OWN, NULL, NULL },
    { "kind", CELL_TEXT, REQUIRED, "hold|floor|ceiling|share|expr", NULL },
    { "where", CELL_TEXT, 0, NULL, NULL },
    { "field", CELL_TEXT, 0, NULL, NULL },
    { "stage", CELL_TEXT, IS_STAGE, NULL, NULL },
    { "period", CELL_TEXT, IS_PERIOD, NULL, NULL },
    { "amount", CELL_MONEY, 0, NULL, NULL },
    { "expr", CELL_TEXT, 0, NULL, NULL },
    { "severity", CELL_TEXT, 0, "reject|warn", NULL },
    { "reason", CELL_TEXT, 0, NULL, NULL },
    { "basis", CELL_TEXT, 0, NULL, NULL },
    { "from", CELL_TEXT, 0, NULL, NULL },
    { "to", CELL_TEXT, 0, NULL, NULL },
};

static const column_spec suppressions[] = {
    { "rule", CELL_TEXT, REQUIRED, NULL, NULL }, { "owner", CELL_TEXT, IS_OWNER, NULL, NULL },
    { "table", CELL_TEXT, 0, NULL, NULL },       { "row", CELL_INTEGER, 0, NULL, NULL },
    { "column", CELL_TEXT, 0, NULL, NULL },      { "reason", CELL_TEXT, 0, NULL, NULL },
};

static const column_spec codes[] = {
    { "list", CELL_TEXT, IN_KEY, NULL, NULL },   { "version", CELL_TEXT, IN_KEY, NULL, NULL },
    { "kind", CELL_TEXT, 0, NULL, NULL },        { "code", CELL_TEXT, IN_KEY, NULL, NULL },
    { "parent", CELL_TEXT, 0, NULL, NULL },      { "level", CELL_TEXT, 0, NULL, NULL },
    { "name", CELL_TEXT, REQUIRED, NULL, NULL }, { "indicator", CELL_TEXT, 0, NULL, NULL },
    { "unit", CELL_TEXT, 0, NULL, NULL },        { "spm", CELL_TEXT, 0, NULL, NULL },
    { "status", CELL_TEXT, 0, NULL, NULL },
};

static const column_spec codes_map[] = {
    { "list", CELL_TEXT, IN_KEY, NULL, NULL }, { "from_version", CELL_TEXT, IN_KEY, NULL, NULL },
    { "from", CELL_TEXT, IN_KEY, NULL, NULL }, { "to_version", CELL_TEXT, IN_KEY, NULL, NULL },
    { "to", CELL_TEXT, IN_KEY, NULL, NULL },   { "share", CELL_NUMBER, REQUIRED, NULL, NULL },
};

#define COLUMNS(table) .name = #table, .columns = table, .n_columns = COUNT_OF(table)

const resource_spec resources[RES_COUNT] = {
    [RES_STAGES] = { COLUMNS(stages), .required = true },
    [RES_LEVELS] = { COLUMNS(levels), .required = true },
    [RES_NODES] = { COLUMNS(nodes), .required = true, .extra = EXTRA_NODE },
    [RES_TREES] = { COLUMNS(trees) },
    [RES_CLASSES] = { COLUMNS(classes) },
    [RES_TAGS] = { COLUMNS(tags) },
    [RES_AMOUNTS] = { COLUMNS(amounts), .extra = EXTRA_MONEY },
    [RES_COSTS] = { COLUMNS(costs), .document = true, .extra = EXTRA_KEPT },
    [RES_UNITS] = { COLUMNS(units) },
    [RES_INDICATORS] = { COLUMNS(indicators) },
    [RES_MEASURES] = { COLUMNS(measures) },
    [RES_SCALES] = { COLUMNS(scales), .document = true, .shared = true, .extra = EXTRA_KEPT },
    [RES_TABLES] = { COLUMNS(tables), .document = true, .extra = EXTRA_KEPT },
    [RES_PRINTED] = { COLUMNS(printed), .document = true, .extra = EXTRA_KEPT },
    [RES_TEXTS] = { COLUMNS(texts), .document = true, .extra = EXTRA_KEPT },
    [RES_PROPOSALS] = { COLUMNS(proposals), .document = true, .extra = EXTRA_KEPT },
    [RES_PARAMETERS] = { COLUMNS(parameters), .document = true, .extra = EXTRA_KEPT },
    [RES_RULES] = { COLUMNS(rules), .document = true, .extra = EXTRA_KEPT },
    [RES_SUPPRESSIONS] = { COLUMNS(suppressions), .document = true, .extra = EXTRA_KEPT },
    [RES_CODES] = { COLUMNS(codes), .document = true, .shared = true, .extra = EXTRA_KEPT },
    [RES_CODES_MAP] = { COLUMNS(codes_map), .document = true, .shared = true, .extra = EXTRA_KEPT },
};

uint32_t resource_find(const char *name)
{
    uint32_t i = 0;
    while (i < RES_COUNT && !str_eq(resources[i].name, name))
        i++;
    return i;
}

uint32_t resource_column(const resource_spec *spec, const char *name)
{
    for (uint32_t i = 0; i < spec->n_columns; i++)
        if (str_eq(spec->columns[i].name, name))
            return i;
    return NO_COLUMN;
}
