#ifndef _POSIX_C_SOURCE
#define _POSIX_C_SOURCE 200809L
#endif
#include "gen.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* ---- random --------------------------------------------------------------------------------- */

uint64_t gen_random(uint64_t *state)
{
    uint64_t z = *state += 0x9e3779b97f4a7c15u;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

/* A number for (seed, row, purpose) alone, so that names and values don't depend on visiting order. */
static uint64_t random_at(uint64_t seed, uint32_t row, uint32_t purpose)
{
    uint64_t state = seed + ((uint64_t)row << 32) + purpose;
    return gen_random(&state);
}

enum { FOR_FAMILY = 1, FOR_SHALLOW, FOR_VALUE, FOR_FUND, FOR_NAME, FOR_UNIT };

/* ---- shape ---------------------------------------------------------------------------------- */

/* Mean family sizes from the lines upwards; the root takes what is left. */
static const uint32_t fan_out[] = { 12, 6, 5, 4, 4, 13 };

enum { PLAIN_LEVELS = 7, MANY_AT_ROOT = 576000 };

static void size_levels(struct gen_plan *plan, uint32_t lines, uint32_t *rows)
{
    plan->n_levels = PLAIN_LEVELS + (lines > MANY_AT_ROOT);
    plan->program_level = plan->n_levels - 4;
    rows[plan->n_levels - 1] = lines;
    for (uint32_t k = plan->n_levels - 1, up = 0; k > 1; k--, up++) {
        rows[k - 1] = (rows[k] + fan_out[up] / 2) / fan_out[up];
        if (rows[k - 1] == 0)
            rows[k - 1] = 1;
    }
    rows[0] = 1;
}

/* The levels of kegiatan and sub kegiatan may hold lines; the first row of a level never is one. */
static int is_shallow(const struct gen_plan *plan, const struct gen_options *options, uint32_t level, uint32_t row)
{
    return level > plan->program_level && level + 1 < plan->n_levels && row > plan->level_first[level] &&
           random_at(options->seed, row, FOR_SHALLOW) % 1000 < options->shallow;
}

static void lay_out_levels(struct gen_plan *plan, const struct gen_options *options)
{
    uint32_t rows[GEN_MAX_LEVELS] = { 0 }, shallow = 0;
    size_levels(plan, options->lines, rows);
    for (uint32_t k = 0; k < plan->n_levels; k++) {
        if (k + 1 == plan->n_levels)
            rows[k] = options->lines - shallow; /* the lines that stand higher up come off */
        plan->level_first[k + 1] = plan->level_first[k] + rows[k];
        for (uint32_t r = plan->level_first[k]; r < plan->level_first[k + 1]; r++)
            shallow += (uint32_t)is_shallow(plan, options, k, r);
    }
    plan->n_rows = plan->level_first[plan->n_levels];
    plan->n_lines = options->lines;
}

static uint64_t family_weight(const struct gen_plan *plan, uint32_t row, uint32_t mean)
{
    return 1 + random_at(plan->seed, row, FOR_FAMILY) % (2 * (uint64_t)mean - 1);
}

/* Share the rows of level k + 1 out: one to each inner row of level k, the rest by weight. */
static void share_children(struct gen_plan *plan, const struct gen_options *options, uint32_t k)
{
    uint32_t first = plan->level_first[k], end = plan->level_first[k + 1];
    uint32_t children = plan->level_first[k + 2] - end, inner = 0;
    uint32_t mean = fan_out[plan->n_levels - 2 - k < 6 ? plan->n_levels - 2 - k : 5];
    uint64_t total = 0, before = 0;
    for (uint32_t r = first; r < end; r++) {
        if (is_shallow(plan, options, k, r))
            continue;
        inner++;
        total += family_weight(plan, r, mean);
    }
    uint32_t served = 0;
    for (uint32_t r = first; r < end; r++) {
        plan->child_first[r] = end + served + (uint32_t)(before * (children - inner) / total);
        if (is_shallow(plan, options, k, r))
            continue;
        served++;
        before += family_weight(plan, r, mean);
    }
}

static void link_rows(struct gen_plan *plan, const struct gen_options *options)
{
    for (uint32_t k = 0; k + 1 < plan->n_levels; k++)
        share_children(plan, options, k);
    for (uint32_t r = plan->level_first[plan->n_levels - 1]; r <= plan->n_rows; r++)
        plan->child_first[r] = plan->n_rows;
    plan->parent[0] = GEN_NO_PARENT;
    for (uint32_t r = 0; r < plan->n_rows; r++)
        for (uint32_t c = plan->child_first[r]; c < plan->child_first[r + 1]; c++)
            plan->parent[c] = r;
}

/* Ten thousand to a thousand million rupiah, four leading digits as people budget them. */
static int64_t line_value(uint64_t seed, uint32_t row)
{
    static const int64_t scale[] = { 10, 100, 1000, 10000, 100000 };
    uint64_t random = random_at(seed, row, FOR_VALUE);
    return (int64_t)(1000 + random % 9000) * scale[(random >> 32) % 5];
}

static void fill_lines(struct gen_plan *plan)
{
    for (uint32_t r = 0; r < plan->n_rows; r++) {
        if (!gen_is_line(plan, r))
            continue;
        plan->value[r] = line_value(plan->seed, r);
        plan->fund[r] = (uint8_t)(random_at(plan->seed, r, FOR_FUND) % GEN_FUNDS);
    }
}

struct gen_plan *gen_plan_new(const struct gen_options *options)
{
    struct gen_plan *plan = calloc(1, sizeof *plan);
    if (!plan)
        return NULL;
    plan->seed = options->seed;
    lay_out_levels(plan, options);
    size_t n = plan->n_rows;
    plan->parent = malloc(n * sizeof *plan->parent);
    plan->child_first = malloc((n + 1) * sizeof *plan->child_first);
    plan->value = calloc(n, sizeof *plan->value);
    plan->fund = calloc(n, sizeof *plan->fund);
    if (!plan->parent || !plan->child_first || !plan->value || !plan->fund) {
        gen_plan_free(plan);
        return NULL;
    }
    link_rows(plan, options);
    fill_lines(plan);
    return plan;
}

void gen_plan_free(struct gen_plan *plan)
{
    if (!plan)
        return;
    free(plan->parent);
    free(plan->child_first);
    free(plan->value);
    free(plan->fund);
    free(plan);
}

/* ---- rows ----------------------------------------------------------------------------------- */

int gen_is_line(const struct gen_plan *plan, uint32_t row)
{
    return plan->child_first[row] == plan->child_first[row + 1];
}

uint32_t gen_level(const struct gen_plan *plan, uint32_t row)
{
    uint32_t k = 0;
    while (row >= plan->level_first[k + 1])
        k++;
    return k;
}

uint32_t gen_next(const struct gen_plan *plan, uint32_t row)
{
    if (!gen_is_line(plan, row))
        return plan->child_first[row];
    /* Siblings stand side by side: climb while the row is the last of its family. */
    while (row > 0 && row + 1 == plan->child_first[plan->parent[row] + 1])
        row = plan->parent[row];
    return row > 0 ? row + 1 : plan->n_rows;
}

/* ---- codes and names ------------------------------------------------------------------------ */

struct level {
    const char *key, *name, *name_en, *before; /* before: what a code segment begins with */
    int width;                                 /* digits of its number */
    uint32_t segments;                         /* how many segments it adds */
};

static const struct level levels[GEN_MAX_LEVELS] = {
    { "plan", "Renja", "Plan", "", 0, 0 },
    { "perangkat", "Perangkat daerah", "Office", "", 2, 1 },
    { "urusan", "Urusan", "Affair", "", 1, 1 },
    { "bidang", "Bidang urusan", "Field", "", 2, 1 },
    { "program", "Program", "Program", "", 2, 1 },
    { "kegiatan", "Kegiatan", "Activity", "2.", 2, 2 },
    { "sub_kegiatan", "Sub kegiatan", "Sub-activity", "", 2, 1 },
    { "rincian", "Rincian", "Line", "", 4, 1 },
};

/* Small plans have no office level: their levels are all but the second of the table. */
static const struct level *level_of(const struct gen_plan *plan, uint32_t k)
{
    return &levels[k == 0 ? 0 : k + GEN_MAX_LEVELS - plan->n_levels];
}

size_t gen_code(const struct gen_plan *plan, uint32_t row, char out[GEN_CODE_SIZE])
{
    uint32_t path[GEN_MAX_LEVELS], depth = 0;
    for (uint32_t r = row; r > 0; r = plan->parent[r])
        path[depth++] = 1 + r - plan->child_first[plan->parent[r]];
    size_t length = 0;
    if (depth == 0)
        out[length++] = '/';
    for (uint32_t k = 1; k <= depth; k++) {
        if (k > 1)
            out[length++] = '.';
        length += (size_t)snprintf(out + length, GEN_CODE_SIZE - length, "%s%0*u", level_of(plan, k)->before,
                                   level_of(plan, k)->width, path[depth - k]);
    }
    out[length] = '\0';
    return length;
}

static const char *const verbs[8] = {
    "Penyediaan", "Pengadaan", "Pembinaan", "Pemeliharaan", "Koordinasi", "Fasilitasi", "Pengawasan", "Rehabilitasi",
};
/* Two of the sixteen hold a comma and need quotes in a CSV file. */
static const char *const objects[16] = {
    "Gaji dan Tunjangan ASN", "Alat Tulis Kantor",      "Makanan, Minuman Rapat", "Gedung Kantor",
    "Data Fakir Miskin",      "Kendaraan Dinas",        "Perlengkapan Jalan",     "Jasa Listrik, Air",
    "Lembaga Kemasyarakatan", "Pelayanan Lanjut Usia",  "Bantuan Sosial",         "Pakaian Dinas",
    "Tenaga Pendamping",      "Peralatan Laboratorium", "Saluran Irigasi",        "Sekolah Dasar",
};

size_t gen_name(const struct gen_plan *plan, uint32_t row, char out[GEN_NAME_SIZE])
{
    uint64_t random = random_at(plan->seed, row, FOR_NAME);
    int length = snprintf(out, GEN_NAME_SIZE, "%s %s %u", verbs[random % 8], objects[(random >> 8) % 16],
                          (unsigned)((random >> 16) % 1000));
    return (size_t)length;
}

const char *gen_fund_key(uint32_t fund)
{
    static const char *const keys[GEN_FUNDS] = { "DAU", "DAK", "PAD", "DBH", "DID", "BOK", "BLUD", "HIBAH" };
    return keys[fund % GEN_FUNDS];
}

/* ---- CSV text ------------------------------------------------------------------------------- */

static void write_name(FILE *f, const struct gen_plan *plan, uint32_t row)
{
    char name[GEN_NAME_SIZE];
    gen_name(plan, row, name);
    fprintf(f, strchr(name, ',') ? "\"%s\"" : "%s", name);
}

static void write_flat_rows(FILE *f, const struct gen_plan *plan)
{
    fputs("code,name,tag,amount\n", f);
    for (uint32_t r = gen_next(plan, 0); r < plan->n_rows; r = gen_next(plan, r)) {
        char code[GEN_CODE_SIZE];
        gen_code(plan, r, code);
        fprintf(f, "%s,", code);
        write_name(f, plan, r);
        if (gen_is_line(plan, r))
            fprintf(f, ",%s,%lld\n", gen_fund_key(plan->fund[r]), (long long)plan->value[r]);
        else
            fputs(",,\n", f);
    }
}

char *gen_csv(const struct gen_plan *plan, size_t *out_size)
{
    static const char padding[64];
    char *text = NULL;
    size_t size = 0;
    FILE *f = open_memstream(&text, &size);
    if (!f)
        return NULL;
    write_flat_rows(f, plan);
    fwrite(padding, 1, sizeof padding, f);
    int failed = ferror(f);
    if (fclose(f) != 0 || failed) {
        free(text);
        return NULL;
    }
    *out_size = size - sizeof padding;
    return text;
}

/* ---- data package --------------------------------------------------------------------------- */

static void write_stages(FILE *f, const struct gen_plan *plan)
{
    (void)plan;
    fputs("stage,name,kind,role,rank\n"
          "common,Umum,common,,0\n"
          "final,Renja,plan,,1\n",
          f);
}

static void write_levels(FILE *f, const struct gen_plan *plan)
{
    uint32_t segments = 0;
    fputs("tree,level,rank,name,name_en,length\n", f);
    for (uint32_t k = 0; k < plan->n_levels; k++) {
        const struct level *level = level_of(plan, k);
        segments += level->segments;
        fprintf(f, "main,%s,%u,%s,%s,", level->key, (unsigned)k, level->name, level->name_en);
        if (k > 0)
            fprintf(f, "%u", (unsigned)segments);
        fputc('\n', f);
    }
}

static void write_trees(FILE *f, const struct gen_plan *plan)
{
    (void)plan;
    fputs("tree,name,kind,separator\n"
          "fund,Sumber dana,partition,\n"
          "unit,Unit,partition,/\n",
          f);
}

static void write_classes(FILE *f, const struct gen_plan *plan)
{
    (void)plan;
    fputs("tree,class,parent,level,code,name,sign\n", f);
    for (uint32_t i = 0; i < GEN_FUNDS; i++)
        fprintf(f, "fund,%s,,,,Dana %s,\n", gen_fund_key(i), gen_fund_key(i));
    for (uint32_t i = 0; i < GEN_UNITS; i++)
        fprintf(f, "unit,U%02u,,,,Unit kerja %u,\n", (unsigned)i, (unsigned)i);
}

static void write_nodes(FILE *f, const struct gen_plan *plan)
{
    fputs("node,parent,level,code,name,sign,stages,fund,unit\n", f);
    for (uint32_t r = 0; r < plan->n_rows; r = gen_next(plan, r)) {
        char code[GEN_CODE_SIZE];
        uint32_t k = gen_level(plan, r);
        gen_code(plan, r, code);
        fprintf(f, "%s,,%s,,", code, level_of(plan, k)->key);
        write_name(f, plan, r);
        fprintf(f, ",,,%s,", gen_is_line(plan, r) ? gen_fund_key(plan->fund[r]) : "");
        if (k == plan->program_level)
            fprintf(f, "U%02u", (unsigned)(random_at(plan->seed, r, FOR_UNIT) % GEN_UNITS));
        fputc('\n', f);
    }
}

static void write_amounts(FILE *f, const struct gen_plan *plan)
{
    fputs("node,stage,period,budget,spent\n", f);
    for (uint32_t r = gen_next(plan, 0); r < plan->n_rows; r = gen_next(plan, r)) {
        char code[GEN_CODE_SIZE];
        if (!gen_is_line(plan, r))
            continue;
        gen_code(plan, r, code);
        fprintf(f, "%s,final,2024,%lld,\n", code, (long long)plan->value[r]);
    }
}

static void write_units(FILE *f, const struct gen_plan *plan)
{
    (void)plan;
    fputs("unit,name,kind,synonyms,over_time,over_children,scale,categories\n"
          "%,Persen,percent,Persen|persen,last,none,,\n",
          f);
}

static void write_indicators(FILE *f, const struct gen_plan *plan)
{
    char code[GEN_CODE_SIZE];
    gen_code(plan, plan->level_first[plan->program_level], code);
    fprintf(f,
            "indicator,owner,type,name,unit,polarity,over_time,over_children,weight,definition\n"
            "%s#1,%s,outcome,Persentase layanan yang terpenuhi,%%,higher,,,,\n",
            code, code);
}

static void write_measures(FILE *f, const struct gen_plan *plan)
{
    char code[GEN_CODE_SIZE];
    gen_code(plan, plan->level_first[plan->program_level], code);
    fprintf(f,
            "indicator,stage,period,field,value,unit,text\n"
            "%s#1,final,2024,target,100,,\n",
            code);
}

/* What is written, with the fields of each table as "name:type" for the descriptor. */
struct resource {
    const char *name;
    void (*write)(FILE *f, const struct gen_plan *plan);
    const char *fields;
};

static const struct resource resources[] = {
    { "stages", write_stages, "stage name kind role rank:integer" },
    { "levels", write_levels, "tree level rank:integer name name_en length:integer" },
    { "trees", write_trees, "tree name kind separator" },
    { "classes", write_classes, "tree class parent level code name sign" },
    { "nodes", write_nodes, "node parent level code name sign stages fund unit" },
    { "amounts", write_amounts, "node stage period budget:integer spent:integer" },
    { "units", write_units, "unit name kind synonyms over_time over_children scale categories" },
    { "indicators", write_indicators,
      "indicator owner type name unit polarity over_time over_children weight:number definition" },
    { "measures", write_measures, "indicator stage period field value:number unit text" },
};

enum { RESOURCES = sizeof resources / sizeof resources[0] };

static void write_fields(FILE *f, const char *fields)
{
    while (*fields) {
        size_t length = strcspn(fields, " "), name = strcspn(fields, " :");
        const char *type = name < length ? fields + name + 1 : "string";
        int type_length = name < length ? (int)(length - name - 1) : (int)strlen(type);
        fprintf(f, "{\"name\": \"%.*s\", \"type\": \"%.*s\"}", (int)name, fields, type_length, type);
        fields += length + (fields[length] == ' ');
        fputs(*fields ? ", " : "", f);
    }
}

static void write_descriptor(FILE *f, const struct gen_plan *plan)
{
    fprintf(f,
            "{\"$schema\": \"https://datapackage.org/profiles/2.0/datapackage.json\",\n"
            " \"name\": \"generated-%u\",\n"
            " \"pagu\": {\"format\": 1, \"year\": 2024, \"years\": [2020, 2025],\n"
            "  \"organisation\": \"Generated plan\", \"locale\": \"id\",\n"
            "  \"money\": {\"currency\": \"IDR\", \"decimals\": 0, \"unit\": 1},\n"
            "  \"stage\": \"final\", \"codes\": {\"separator\": \".\", \"padding\": \"ignore\"}},\n"
            " \"resources\": [",
            (unsigned)plan->n_lines);
    for (int i = 0; i < RESOURCES; i++) {
        fprintf(f,
                "%s\n  {\"name\": \"%s\", \"path\": \"%s.csv\", \"type\": \"table\",\n"
                "   \"schema\": {\"fields\": [",
                i ? "," : "", resources[i].name, resources[i].name);
        write_fields(f, resources[i].fields);
        fputs("]}}", f);
    }
    fputs("\n]}\n", f);
}

static int write_file(const char *directory, const char *name, const char *suffix,
                      void (*write)(FILE *, const struct gen_plan *), const struct gen_plan *plan)
{
    char path[4096];
    int length = snprintf(path, sizeof path, "%s/%s%s", directory, name, suffix);
    if (length < 0 || (size_t)length >= sizeof path)
        return ENAMETOOLONG;
    errno = 0;
    FILE *f = fopen(path, "w");
    if (!f)
        return errno;
    setvbuf(f, NULL, _IOFBF, 1 << 20);
    write(f, plan);
    int failed = ferror(f);
    if (fclose(f) != 0 || failed)
        return errno ? errno : EIO;
    return 0;
}

int gen_write_package(const struct gen_plan *plan, const char *directory)
{
    if (mkdir(directory, 0777) != 0 && errno != EEXIST)
        return errno;
    int code = write_file(directory, "datapackage", ".json", write_descriptor, plan);
    for (int i = 0; i < RESOURCES && code == 0; i++)
        code = write_file(directory, resources[i].name, ".csv", resources[i].write, plan);
    return code;
}
