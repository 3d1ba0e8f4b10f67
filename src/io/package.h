/* package.h - how the files of the package reader and writer share their work.
 *
 *     package_resources.c   the table of resources: columns, types, keys
 *
 *     package_read.c        opening a package, order of its files
 *     package_schema.c      datapackage.json: validation, frame, metadata
 *     package_evaluation.c  its settings of evaluation
 *     package_listing.c     the resources it lists and their schemas
 *     row_source.c          rows as text, from a CSV file or inline data
 *     package_columns.c     columns of a file
 *     package_cells.c       cells by type
 *     package_rows.c        rows, primary keys of documents
 *     package_take.c        what a row does to the builder
 *     package_include.c     packages inside packages, and what they rename
 *
 *     package_write.c       all files, staged and committed
 *     package_descriptor.c  columns of written files, the descriptor
 *     package_put*.c        rows of a plan, in canonical order
 *     package_amounts.c     amounts as a file gives them
 *
 * SPDX-License-Identifier: MIT */
#ifndef PAGU_SRC_PACKAGE_H
#define PAGU_SRC_PACKAGE_H

#include "io/json.h"
#include "io/keyset.h"
#include "io/report.h"
#include "pagu/builder.h"
#include "pagu/package.h"

/* ---- what a package holds (package_resources.c) ---- */

typedef enum cell_type {
    CELL_TEXT,
    CELL_INTEGER, /* 32 bits */
    CELL_NUMBER,  /* plain decimal */
    CELL_MONEY,   /* in the unit of writing */
    CELL_BOOLEAN
} cell_type;

enum {
    IN_KEY = 1,    /* part of the primary key; never empty */
    REQUIRED = 2,  /* never empty */
    MARKABLE = 4,  /* may be "-" */
    IS_PERIOD = 8, /* checked here, in documents; the builder checks its own */
    IS_STAGE = 16, /* renamed by an include: a stage, or several between blanks */
    IS_OWN = 32,   /* prefixed by an include: id of a proposal or rule */
    IS_OWNER = 64  /* node, indicator, tree:class or proposal:id, of which the last is prefixed */
};

typedef struct column_spec {
    const char *name;
    uint8_t type, flags;
    const char *choices; /* "plan|reference|common"; NULL: free */
    const char *refers;  /* foreign key of this column alone: resource; NULL: none */
} column_spec;

/* Columns beyond those of the table that a resource may declare. */
typedef enum extra_columns { EXTRA_NONE, EXTRA_NODE, EXTRA_MONEY, EXTRA_KEPT } extra_columns;

typedef struct resource_spec {
    const char *name;
    const column_spec *columns;
    uint32_t n_columns;
    bool required;
    bool document; /* kept as a table of texts */
    bool shared;   /* document whose equal rows in two packages are one */
    extra_columns extra;
} resource_spec;

/* In the order of writing. */
enum {
    RES_STAGES,
    RES_LEVELS,
    RES_NODES,
    RES_TREES,
    RES_CLASSES,
    RES_TAGS,
    RES_AMOUNTS,
    RES_COSTS,
    RES_UNITS,
    RES_INDICATORS,
    RES_MEASURES,
    RES_SCALES,
    RES_TABLES,
    RES_PRINTED,
    RES_TEXTS,
    RES_PROPOSALS,
    RES_PARAMETERS,
    RES_RULES,
    RES_SUPPRESSIONS,
    RES_CODES,
    RES_CODES_MAP,
    RES_COUNT
};
extern const resource_spec resources[RES_COUNT];
/* Index of a resource, or RES_COUNT. */
uint32_t resource_find(const char *name);
#define NO_COLUMN UINT32_MAX
uint32_t resource_column(const resource_spec *spec, const char *name);

/* ---- reading ---- */

typedef struct declared {
    const char *id;
    int kind;
} declared;
enum { TREE_LABEL, TREE_PARTITION };

/* A CSV file that stands in memory: the text is changed by reading. NULL bytes: not there. */
typedef struct memory_file {
    char *bytes;
    size_t len;
} memory_file;

typedef struct package_reader {
    pagu_ctx *ctx;
    pagu_findings *findings;
    pagu_builder *builder;
    arena text;               /* names that live until the builder is done */
    keyset keys[RES_COUNT];   /* primary keys of documents */
    keyset shared;            /* whole rows of shared documents */
    keyset costed;            /* mount, node, stage, period that costs.csv gives a budget */
    int64_t unit;             /* of writing, of the package opened: documents of others are put into it */
    bool in_memory;           /* no files may be opened */
    const memory_file *files; /* in memory: by resource; NULL: none */
    bool unreadable;          /* a whole file of the structure is wanting: judging the rest says nothing */
} package_reader;

/* One field of a resource's schema. */
typedef struct schema_field {
    const char *name, *type;
} schema_field;

/* One package: the one opened, or an included one. */
typedef struct package {
    package_reader *r;
    const struct package *outer; /* the including package */
    int depth;
    const char *file;   /* descriptor as named in findings */
    const char *shown;  /* prefix of other files in findings: "" or "../dinsos/" */
    const char *folder; /* of resource paths */
    const char *real;   /* resolved path of the descriptor; NULL in memory */
    const char *bytes;  /* of the descriptor */
    char *owned;        /* the same when we read it */
    size_t len;
    cJSON *root;
    const cJSON *pagu;                /* an object, or NULL */
    const cJSON *resource[RES_COUNT]; /* NULL: not there */
    int index[RES_COUNT];             /* in "resources" */
    bool listed[RES_COUNT];           /* there, perhaps with faults */
    int64_t unit;
    int decimals;
    const char *codes_path, *codes_map_path; /* of shared code tables; NULL: none */
    const char *prefix;                      /* mount, outer mounts included; NULL: none */
    const cJSON *stage_map;                  /* of the include; NULL: none */
    declared *stages, *trees;
    uint32_t n_stages, cap_stages, n_trees, cap_trees;
} package;

/* Validate the descriptor, find the resources, give frame and metadata to the builder. */
pagu_code schema_read(package *p);
/* Fields declared for a resource; *n 0 and NULL when it has no schema. In the arena. */
pagu_code schema_fields(package *p, uint32_t res, schema_field **out, uint32_t *n);
/* Label of a declared missing value, "" for one without label, NULL if text isn't one. */
const char *schema_mark(const package *p, uint32_t res, const char *text);

/* A row with its cells read. */
typedef struct cell_value {
    const char *text; /* never NULL */
    pagu_state state; /* MISSING: empty or absent; DASH: "-"; TEXT; NUMBER */
    int64_t integer;  /* INTEGER, MONEY, BOOLEAN */
    double number;    /* NUMBER */
} cell_value;

typedef enum extra_kind { EXTRA_IS_TREE, EXTRA_IS_ATTRIBUTE, EXTRA_IS_MONEY, EXTRA_IS_TEXT } extra_kind;
typedef struct extra_column {
    const char *name;
    extra_kind kind;
    uint32_t at;     /* column of the file */
    cell_value cell; /* of the row */
} extra_column;

typedef struct package_row {
    package *p;
    uint32_t res;
    const resource_spec *spec;
    cell_value *cells; /* by column of the table */
    extra_column *extras;
    uint32_t n_extras;
    const char **texts; /* documents: by column of the file, renamed by includes */
    uint32_t n_texts;
    pagu_source src;
} package_row;

/* Read every row of a resource and take it. */
pagu_code rows_read(package *p, uint32_t res);
/* A place in the row, for report_at. */
place row_place(const package_row *row, const char *rule, const char *column);

/* What a row does to the builder. */
pagu_code take_row(const package_row *row);

/* Read everything of a package whose descriptor is parsed. */
pagu_code package_read_parts(package *p);
/* Read the included packages of p. */
pagu_code include_read(package *p);
/* Read and parse the descriptor at path (a folder or a file), which findings call `shown`.
 * Malformed JSON is a finding and leaves root NULL. PAGU_NOT_FOUND, PAGU_IO. */
pagu_code package_load(package *p, const char *path, const char *shown, pagu_error *err);
void package_close(package *p);
/* Read a CSV file as one document resource into a plan that holds nothing else. */
pagu_code package_read_document(pagu_ctx *ctx, const char *path, uint32_t res, pagu_findings *findings, pagu_plan **out,
                                pagu_error *err);

/* Read a package whose descriptor and files (RES_COUNT of them) stand in memory. */
pagu_code package_read_memory(pagu_ctx *ctx, const char *descriptor, size_t len, const memory_file *files,
                              pagu_findings *findings, pagu_plan **out, pagu_error *err);

const char *polarity_word(pagu_polarity polarity);
const char *aggregation_word(pagu_aggregation aggregation);
const char *stage_kind_word(pagu_stage_kind kind);

/* ---- costed lines (costs.c) ---- */

/* price x factors x index ("200 lembar x 2 bulan"; index "" is 1), exact, rounded once.
 * PAGU_BAD_NUMBER, PAGU_OVERFLOW. */
pagu_code cost_amount(pagu_money price, const char *coefficients, const char *index, pagu_money *out);

/* Text of an amount as files give it, in a unit of writing (a power of ten); buf of 48 bytes. */
void money_in_unit(int64_t unit, int decimals, pagu_money value, char *buf, size_t size);

#endif
