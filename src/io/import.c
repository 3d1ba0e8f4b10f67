/* import.c - files in, a plan out.
 * SPDX-License-Identifier: MIT */
#include "io/file.h"
#include "io/import_parts.h"
#include "io/utf8.h"
#include "io/xlsx_read.h"
#include "plan/plan_struct.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

enum { MOST_COLUMNS = 1024 };

pagu_import *pagu_import_new(pagu_ctx *ctx, pagu_findings *findings)
{
    pagu_import *im = mem_zalloc(ctx, sizeof *im);
    if (!im)
        return NULL;
    im->ctx = ctx;
    im->findings = findings;
    keyset_init(&im->indicator_names, ctx);
    keyset_init(&im->indicator_seen, ctx);
    if (draft_init(&im->d, ctx))
        return im;
    pagu_import_free(im);
    return NULL;
}

void pagu_import_free(pagu_import *im)
{
    if (!im)
        return;
    draft_free(&im->d);
    keyset_free(&im->indicator_names);
    keyset_free(&im->indicator_seen);
    mem_free(im->ctx, im->mapping, im->cap_mapping * sizeof *im->mapping);
    mem_free(im->ctx, im, sizeof *im);
}

uint32_t pagu_import_rejected(const pagu_import *im)
{
    return im->n_rejected;
}

pagu_code pagu_import_check(const pagu_import *im, pagu_error *err)
{
    if (im->n_rejected == 0)
        return PAGU_OK;
    return err_set(im->ctx, err, PAGU_PACKAGE, "%u rows or cells were rejected: see the findings", im->n_rejected);
}

void import_tell(import_sheet *s, import_fault kind, uint32_t line, const char *column, const char *printed,
                 const char *key, const char *format, ...)
{
    static const struct {
        const char *rule;
        pagu_severity severity;
    } kinds[] = {
        [FAULT_ROW] = { "import-row", PAGU_ERROR },
        [FAULT_CELL] = { "import-cell", PAGU_ERROR },
        [FAULT_COLLISION] = { "import-collision", PAGU_WARNING },
        [FAULT_ROUND] = { "import-round", PAGU_NOTE },
        [FAULT_NOTE] = { "import-note", PAGU_NOTE },
    };
    pagu_import *im = s->im;
    char message[600];
    va_list args;
    va_start(args, format);
    vsnprintf(message, sizeof message, tr(im->ctx, format), args);
    va_end(args);
    message[utf8_valid_prefix(message, strlen(message))] = '\0'; /* cut between characters */
    for (char *p = message; *p; p++)                             /* cells hold line ends; a message is one line */
        *p = *p == '\n' || *p == '\r' || *p == '\t' ? ' ' : *p;
    char file[400];
    snprintf(file, sizeof file, "%.250s%s%.100s", s->file, *s->sheet ? "!" : "", s->sheet);
    pagu_finding f = { .rule = kinds[kind].rule,
                       .severity = kinds[kind].severity,
                       .file = file,
                       .line = line,
                       .column = column,
                       .key = key,
                       .printed = printed,
                       .message = message };
    if (pagu_findings_add(im->findings, &f) != PAGU_OK)
        im->d.code = PAGU_NO_MEMORY;
    im->n_rejected += kind == FAULT_ROW || kind == FAULT_CELL;
}

/* ---- a plan to begin with ---- */

/* Members are written out while rows come in: empty would mean stages that come later, too. */
static void spell_out_members(draft *d)
{
    draft_table *nodes = &d->tables[RES_NODES];
    const draft_table *stages = &d->tables[RES_STAGES];
    char all[1024] = "*"; /* references to come don't end it */
    for (uint32_t i = 0; i < stages->n_rows; i++) {
        size_t n = strlen(all);
        if (!str_eq(draft_cell(&stages->rows[i], STAGES_KIND), "common"))
            snprintf(all + n, sizeof all - n, "%s%s", n ? " " : "", draft_cell(&stages->rows[i], STAGES_STAGE));
    }
    for (uint32_t i = 0; i < nodes->n_rows; i++) {
        draft_row *row = &nodes->rows[i];
        bool root = str_eq(draft_cell(row, NODES_NODE), ".");
        if (!root && !*draft_cell(row, NODES_STAGES))
            draft_set(d, row, NODES_STAGES, all);
    }
}

pagu_code pagu_import_into(pagu_import *im, const pagu_plan *plan, pagu_error *err)
{
    if (im->n_files > 0)
        return err_set(im->ctx, err, PAGU_ARGUMENT, "a plan to add to must come before the first file");
    pagu_code code = draft_load(&im->d, plan, err);
    if (code == PAGU_OK)
        spell_out_members(&im->d);
    im->n_files++;
    im->code = code;
    return code;
}

static pagu_code take_plan(pagu_import *im, const char *name, const pagu_plan *plan, pagu_error *err)
{
    if (im->n_files > 0)
        return err_set(im->ctx, err, PAGU_ARGUMENT, "%s is a whole plan: give it before the tables", name);
    return pagu_import_into(im, plan, err);
}

/* ---- tables ---- */

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

/* An id that no other table has: the template's, else from the file and the sheet. */
static const char *table_id(import_sheet *s, bool several)
{
    draft *d = &s->im->d;
    char file[128], slug[128], text[300];
    size_t stem_len = strcspn(base_name(s->file), ".");
    snprintf(file, sizeof file, "%.*s", (int)(stem_len < 120 ? stem_len : 120), base_name(s->file));
    snprintf(text, sizeof text, "%s%s%s", file, several ? " " : "", several ? s->sheet : "");
    import_slug(s->t && s->t->table ? s->t->table : text, slug, sizeof slug);
    for (char *p = slug; *p; p++)
        *p = *p == '_' ? '-' : *p;
    if (s->t && s->t->table)
        snprintf(slug, sizeof slug, "%s", s->t->table);
    for (int n = 2; n < 10000; n++) {
        const char *key[] = { *slug ? slug : "tabel" };
        if (!draft_find(d, RES_TABLES, key, 1))
            return draft_keep_text(d, key[0]);
        size_t stem = strcspn(slug, "#");
        snprintf(slug + stem, sizeof slug - stem, "#%d", n);
    }
    return draft_keep_text(d, slug);
}

static pagu_code take_grid(pagu_import *im, const char *file, const char *sheet, bool several, const grid *g,
                           const pagu_import_options *o, const import_template *t, bool *found, pagu_error *err)
{
    import_sheet s = { .im = im, .o = o, .g = g, .t = t, .title = "" };
    *found = false;
    if (g->width > MOST_COLUMNS)
        return err_set(im->ctx, err, PAGU_LIMIT, "%s: a table of more than %d columns", file, MOST_COLUMNS);
    arena_init(&s.text, im->ctx);
    s.file = draft_keep_text(&im->d, file);
    s.sheet = draft_keep_text(&im->d, sheet);
    s.keep_printed = !o->no_printed && !(t && t->no_printed);
    s.pad_codes = !(t && t->no_padding);
    pagu_code code = import_header(&s, found, err);
    if (code == PAGU_OK && *found) {
        s.table = table_id(&s, several);
        code = import_columns(&s, err);
        if (code == PAGU_OK)
            code = import_rows(&s, err);
    }
    if (code == PAGU_OK && im->d.code != PAGU_OK)
        code = err_memory(im->ctx, err);
    if (*found && !im->d.title && *s.title)
        im->d.title = s.title;
    arena_free(&s.text);
    return code;
}

static pagu_code err_no_table(pagu_import *im, const char *name, pagu_error *err)
{
    pagu_code code =
        err_set(im->ctx, err, PAGU_SYNTAX,
                "%s: no table was found: no row has two headers that are known; name them in a template", name);
    return err_in_file(err, code, name, 0);
}

/* ---- workbooks ---- */

static bool is_package_book(const xlsx_book *book)
{
    bool nodes = false, levels = false;
    for (uint32_t i = 0; i < xlsx_sheet_count(book); i++) {
        nodes = nodes || str_eq(xlsx_sheet_name(book, i), "nodes");
        levels = levels || str_eq(xlsx_sheet_name(book, i), "levels");
    }
    return nodes && levels;
}

static pagu_code take_package_book(pagu_import *im, const char *name, xlsx_book *book, pagu_error *err)
{
    uint32_t n = xlsx_sheet_count(book), read = 0;
    grid *grids = mem_zarray(im->ctx, n, sizeof *grids);
    const char **names = mem_zarray(im->ctx, n, sizeof *names);
    pagu_code code = !grids || !names ? err_memory(im->ctx, err) : PAGU_OK;
    if (code == PAGU_OK && im->n_files > 0)
        code = err_set(im->ctx, err, PAGU_ARGUMENT, "%s is a whole plan: give it before the tables", name);
    for (; read < n && code == PAGU_OK; read++) {
        names[read] = xlsx_sheet_name(book, read);
        code = xlsx_read_sheet(book, read, &grids[read], err);
    }
    if (code == PAGU_OK)
        code = import_package_sheets(im, name, grids, names, n, err);
    if (code == PAGU_OK)
        spell_out_members(&im->d);
    for (uint32_t i = 0; grids && i < read; i++)
        grid_free(&grids[i]);
    mem_free(im->ctx, grids, n * sizeof *grids);
    mem_free(im->ctx, names, n * sizeof *names);
    return code;
}

static pagu_code err_no_sheet(pagu_import *im, const char *name, const char *wanted, const xlsx_book *book,
                              pagu_error *err)
{
    char names[300] = "";
    for (uint32_t i = 0; i < xlsx_sheet_count(book); i++) {
        size_t n = strlen(names);
        snprintf(names + n, sizeof names - n, "%s%s", n ? ", " : "", xlsx_sheet_name(book, i));
    }
    return err_set(im->ctx, err, PAGU_ARGUMENT, "%s has no sheet \"%s\"; it has %s", name, wanted, names);
}

static pagu_code take_sheets(pagu_import *im, const char *name, xlsx_book *book, const pagu_import_options *o,
                             const import_template *t, pagu_error *err)
{
    const char *wanted = o->sheet ? o->sheet : t ? t->sheet : NULL;
    pagu_code code = PAGU_OK;
    bool any = false, there = false;
    for (uint32_t i = 0; i < xlsx_sheet_count(book) && code == PAGU_OK; i++) {
        const char *sheet = xlsx_sheet_name(book, i);
        bool found = false;
        grid g;
        if (wanted ? !str_eq(sheet, wanted) : xlsx_sheet_hidden(book, i))
            continue;
        there = true;
        code = xlsx_read_sheet(book, i, &g, err);
        if (code != PAGU_OK)
            break;
        code = take_grid(im, name, sheet, xlsx_sheet_count(book) > 1, &g, o, t, &found, err);
        any = any || found;
        grid_free(&g);
    }
    if (code == PAGU_OK && wanted && !there)
        return err_no_sheet(im, name, wanted, book, err);
    return code == PAGU_OK && !any ? err_no_table(im, name, err) : code;
}

static pagu_code take_workbook(pagu_import *im, const char *name, const char *bytes, size_t len,
                               const pagu_import_options *o, const import_template *t, pagu_error *err)
{
    xlsx_book *book;
    pagu_code code = xlsx_open(im->ctx, bytes, len, name, &book, err);
    if (code == PAGU_OK)
        code = is_package_book(book) && !o->sheet ? take_package_book(im, name, book, err)
                                                  : take_sheets(im, name, book, o, t, err);
    xlsx_close(book);
    return code;
}

/* ---- JSON and text ---- */

static pagu_code take_json(pagu_import *im, const char *name, const char *bytes, size_t len,
                           const pagu_import_options *o, const import_template *t, pagu_error *err)
{
    cJSON *root = NULL;
    grid g;
    bool found = false;
    pagu_code code = json_parse(im->ctx, bytes, len, name, &root, err);
    if (code != PAGU_OK)
        return code;
    if (json_get(root, "pagu") && json_get(root, "resources")) {
        pagu_plan *plan;
        code = pagu_package_read_json(im->ctx, bytes, len, name, im->findings, &plan, err);
        if (code == PAGU_OK)
            code = take_plan(im, name, plan, err);
        pagu_plan_release(plan);
    } else {
        code = grid_read_json(im->ctx, root, bytes, len, name, &g, err);
        if (code == PAGU_OK) {
            code = take_grid(im, name, "", false, &g, o, t, &found, err);
            grid_free(&g);
            if (code == PAGU_OK && !found)
                code = err_no_table(im, name, err);
        }
    }
    cJSON_Delete(root);
    return code;
}

static pagu_code take_text(pagu_import *im, const char *name, const char *bytes, size_t len,
                           const pagu_import_options *o, const import_template *t, pagu_error *err)
{
    grid g;
    const char *encoding;
    bool found = false;
    pagu_code code = grid_read_csv(im->ctx, bytes, len, name, &g, &encoding, err);
    if (code != PAGU_OK)
        return code;
    if (!str_eq(encoding, "UTF-8")) {
        import_sheet s = { .im = im, .file = name, .sheet = "" };
        import_tell(&s, FAULT_NOTE, 0, NULL, "", "", "the text was read as %s, not as UTF-8", encoding);
    }
    code = take_grid(im, name, "", false, &g, o, t, &found, err);
    grid_free(&g);
    return code == PAGU_OK && !found ? err_no_table(im, name, err) : code;
}

static bool ends_with(const char *name, const char *ending)
{
    size_t n = strlen(name), m = strlen(ending);
    if (n < m)
        return false;
    for (size_t i = 0; i < m; i++)
        if ((name[n - m + i] | 32) != (ending[i] | 32))
            return false;
    return true;
}

static bool looks_like_json(const char *bytes, size_t len)
{
    size_t i = len >= 3 && memcmp(bytes, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
    while (i < len && strchr(" \t\r\n", bytes[i]))
        i++;
    return i < len && (bytes[i] == '{' || bytes[i] == '[');
}

static pagu_code take_bytes(pagu_import *im, const char *name, const char *bytes, size_t len,
                            const pagu_import_options *o, const import_template *t, pagu_error *err)
{
    if (xlsx_looks_like(bytes, len))
        return take_workbook(im, name, bytes, len, o, t, err);
    if (len >= 8 && memcmp(bytes, "\xD0\xCF\x11\xE0", 4) == 0)
        return err_in_file(err,
                           err_set(im->ctx, err, PAGU_SYNTAX,
                                   "%s: an old .xls workbook, or one with a password; save it as .xlsx without one",
                                   name),
                           name, 0);
    if (ends_with(name, ".xlsx") || ends_with(name, ".xlsm"))
        return err_in_file(err, err_set(im->ctx, err, PAGU_SYNTAX, "%s: the archive is damaged or cut off", name), name,
                           0);
    return ends_with(name, ".json") || looks_like_json(bytes, len) ? take_json(im, name, bytes, len, o, t, err)
                                                                   : take_text(im, name, bytes, len, o, t, err);
}

pagu_code pagu_import_bytes(pagu_import *im, const char *name, const char *bytes, size_t len,
                            const pagu_import_options *options, pagu_error *err)
{
    static const pagu_import_options defaults = PAGU_IMPORT_OPTIONS_INIT;
    pagu_import_options o = defaults;
    import_template *t = NULL;
    if (im->code != PAGU_OK)
        return err_set(im->ctx, err, PAGU_ARGUMENT, "an earlier file failed: begin a new import");
    if (options)
        memcpy(&o, options, options->size < sizeof o ? options->size : sizeof o);
    if (o.decimal && o.decimal != ',' && o.decimal != '.')
        return err_set(im->ctx, err, PAGU_ARGUMENT, "the decimal sign must be , or .");
    if (o.year < 0 || o.year > 9999)
        return err_set(im->ctx, err, PAGU_ARGUMENT, "the plan year must be a year");
    pagu_code code = o.tmpl ? template_open(im->ctx, o.tmpl, &t, err) : PAGU_OK;
    if (code == PAGU_OK)
        code = take_bytes(im, name, bytes, len, &o, t, err);
    template_close(im->ctx, t);
    im->n_files++;
    im->code = code;
    return code;
}

pagu_code pagu_import_file(pagu_import *im, const char *path, const pagu_import_options *options, pagu_error *err)
{
    struct stat st;
    char *bytes;
    size_t len;
    bool folder = stat(path, &st) == 0 && S_ISDIR(st.st_mode);
    if (folder || str_eq(base_name(path), "datapackage.json")) {
        pagu_plan *plan;
        pagu_code code = pagu_package_open(im->ctx, path, im->findings, &plan, err);
        if (code == PAGU_OK)
            code = take_plan(im, path, plan, err);
        pagu_plan_release(plan);
        im->code = code;
        return code;
    }
    pagu_code code = file_read(im->ctx, path, (size_t)256 << 20, &bytes, &len, err);
    if (code != PAGU_OK)
        return code;
    code = pagu_import_bytes(im, path, bytes, len, options, err);
    mem_free(im->ctx, bytes, len + 1);
    return code;
}

/* ---- the whole ---- */

static void put_root(draft *d)
{
    const char *key[] = { "." };
    char name[200];
    if (draft_find(d, RES_NODES, key, 1))
        return;
    draft_row *row = draft_add(d, RES_NODES, key, 1, (pagu_source){ NULL, 0 });
    if (!row)
        return;
    snprintf(name, sizeof name, "Renja %d", d->year);
    draft_set(d, row, NODES_LEVEL, "plan");
    draft_set(d, row, NODES_NAME, d->title ? d->title : name);
}

static bool is_plan_stage(const draft_row *row)
{
    return str_eq(draft_cell(row, STAGES_KIND), "plan");
}

/* A list without the mark of those that were members of all. */
static void drop_mark(draft *d, draft_row *row)
{
    char list[1024];
    const char *old = draft_cell(row, NODES_STAGES);
    if (*old != '*')
        return;
    snprintf(list, sizeof list, "%s", old + 1 + (old[1] == ' '));
    draft_set(d, row, NODES_STAGES, list);
}

/* A member of every plan stage is one of all stages; references are asked only of rows that were
 * told apart from them. */
static void close_members(draft *d)
{
    draft_table *nodes = &d->tables[RES_NODES];
    const draft_table *stages = &d->tables[RES_STAGES];
    for (uint32_t i = 0; i < nodes->n_rows && d->code == PAGU_OK; i++) {
        draft_row *row = &nodes->rows[i];
        const char *list = draft_cell(row, NODES_STAGES);
        bool all = true, lenient = *list == '*';
        for (uint32_t k = 0; k < stages->n_rows; k++) {
            const char *kind = draft_cell(&stages->rows[k], STAGES_KIND);
            bool asked = str_eq(kind, "plan") || (str_eq(kind, "reference") && !lenient);
            all = all && (!asked || list_has(list, ' ', draft_cell(&stages->rows[k], STAGES_STAGE)));
        }
        if (all)
            draft_set(d, row, NODES_STAGES, "");
        else
            drop_mark(d, row);
    }
}

/* The node above: the parent given, else the longest code prefix that there is; NULL: the root. */
static const draft_row *row_above(draft *d, const draft_row *row)
{
    char code[KEY_MAX_LEN + 2];
    const char *key[] = { draft_cell(row, NODES_PARENT) };
    if (*key[0])
        return str_eq(key[0], ".") ? NULL : draft_find(d, RES_NODES, key, 1);
    snprintf(code, sizeof code, "%s", draft_cell(row, NODES_NODE));
    char *line = strchr(code, '#'); /* a line is below its node, whatever that one's parent is */
    for (char *cut = line ? line : strrchr(code, '.'); cut && cut > code; cut = strrchr(code, '.')) {
        *cut = '\0';
        key[0] = code;
        const draft_row *above = draft_find(d, RES_NODES, key, 1);
        if (above)
            return above;
    }
    return NULL;
}

/* A child's stages are within its parent's: what a table has made members takes its parents along. */
static void widen_parents(draft *d)
{
    const draft_table *nodes = &d->tables[RES_NODES];
    for (uint32_t i = 0; i < nodes->n_rows && d->code == PAGU_OK; i++) {
        const char *list = draft_cell(&nodes->rows[i], NODES_STAGES);
        const draft_row *row = &nodes->rows[i];
        for (int depth = 0; row && depth < 64; depth++) { /* a circle of parents is the reader's to refuse */
            char stage[128];
            row = row_above(d, row);
            for (const char *p = row ? list : ""; *p;) {
                size_t n = strcspn(p, " ");
                snprintf(stage, sizeof stage, "%.*s", (int)(n < 127 ? n : 127), p);
                import_put_member(d, draft_cell(row, NODES_NODE), stage);
                p += n + (p[n] == ' ');
            }
        }
    }
}

static bool plan_stage_used(const draft *d)
{
    const draft_table *stages = &d->tables[RES_STAGES];
    for (uint32_t i = 0; i < stages->n_rows; i++)
        if (is_plan_stage(&stages->rows[i]))
            return true;
    return false;
}

/* Without any plan stage the rows are those of the plan to come. */
static void ensure_plan_stage(draft *d)
{
    draft_table *nodes = &d->tables[RES_NODES];
    if (plan_stage_used(d))
        return;
    import_put_stage(d, "final");
    for (uint32_t i = 0; i < nodes->n_rows; i++)
        import_put_member(d, draft_cell(&nodes->rows[i], NODES_NODE), "final");
}

/* ---- amounts of sums ---- */

/* Note that something stands below every node over `node`, the root among them; what is more than
 * the place (stage, period, field) goes into the key. */
static bool mark_above(keyset *below, const char *node, const char **parts, uint32_t n)
{
    char code[CODE_SIZE + 8], normal[CODE_SIZE + 8];
    keyset_entry *entry;
    bool added = true;
    snprintf(code, sizeof code, "%s", node);
    while (added && !str_eq(node, ".")) {
        char *line = strchr(code, '#'), *dot = line ? line : strrchr(code, '.');
        if (dot)
            *dot = '\0';
        parts[0] = dot && code_normalise(code, strlen(code), '.', normal, sizeof normal) ? normal : ".";
        if (!keyset_add(below, parts, n, 0, &entry, &added))
            return false;
        if (!dot)
            break;
    }
    return true;
}

static bool has_below(const keyset *below, const char *node, const char **parts, uint32_t n)
{
    char normal[CODE_SIZE + 8];
    bool root = str_eq(node, ".");
    parts[0] = !root && code_normalise(node, strlen(node), '.', normal, sizeof normal) ? normal : node;
    return keyset_find(below, parts, n) != NULL;
}

static bool mark_all(draft *d, keyset *below)
{
    const draft_table *t = &d->tables[RES_AMOUNTS], *nodes = &d->tables[RES_NODES];
    const char *parts[4];
    for (uint32_t i = 0; i < nodes->n_rows; i++)
        if (!mark_above(below, draft_cell(&nodes->rows[i], NODES_NODE), parts, 1))
            return false;
    for (uint32_t i = 0; i < t->n_rows; i++)
        for (uint32_t c = AMOUNTS_BUDGET; c < t->n_columns; c++) {
            const draft_row *row = &t->rows[i];
            parts[1] = draft_cell(row, AMOUNTS_STAGE);
            parts[2] = draft_cell(row, AMOUNTS_PERIOD);
            parts[3] = t->columns[c];
            if (*draft_cell(row, c) && !mark_above(below, draft_cell(row, AMOUNTS_NODE), parts, 4))
                return false;
        }
    return true;
}

/* The printed table keeps the amount of a node that has amounts below it, and a dash of a node that
 * has nodes below it; as values they would be said twice. */
static void drop_sums(draft *d)
{
    draft_table *t = &d->tables[RES_AMOUNTS];
    const char *parts[4];
    keyset below;
    keyset_init(&below, d->ctx);
    if (!mark_all(d, &below))
        d->code = PAGU_NO_MEMORY;
    for (uint32_t i = 0; i < t->n_rows && d->code == PAGU_OK; i++)
        for (uint32_t c = AMOUNTS_BUDGET; c < t->n_columns && t->rows[i].is_printed; c++) {
            draft_row *row = &t->rows[i];
            const char *node = draft_cell(row, AMOUNTS_NODE), *text = draft_cell(row, c);
            parts[1] = draft_cell(row, AMOUNTS_STAGE);
            parts[2] = draft_cell(row, AMOUNTS_PERIOD);
            parts[3] = t->columns[c];
            if (*text && has_below(&below, node, parts, str_eq(text, "-") ? 1 : 4))
                draft_set(d, row, c, "");
        }
    keyset_free(&below);
}

/* ---- units of indicators ---- */

/* An indicator's unit is that of its target for the plan year, else the first there is. */
static void settle_units(draft *d)
{
    draft_table *t = &d->tables[RES_MEASURES];
    char year[16];
    snprintf(year, sizeof year, "%d", d->year);
    for (int pass = 0; pass < 2; pass++)
        for (uint32_t i = 0; i < t->n_rows && d->code == PAGU_OK; i++) {
            const draft_row *m = &t->rows[i];
            const char *key[] = { draft_cell(m, MEASURES_INDICATOR) }, *unit = draft_cell(m, MEASURES_UNIT);
            bool first = str_eq(draft_cell(m, MEASURES_FIELD), "target") &&
                         str_eq(draft_cell(m, MEASURES_PERIOD), year) &&
                         !str_eq(draft_cell(m, MEASURES_STAGE), "renstra");
            draft_row *ind = *unit && (pass || first) ? draft_find(d, RES_INDICATORS, key, 1) : NULL;
            if (ind && !*draft_cell(ind, INDICATORS_UNIT))
                draft_set(d, ind, INDICATORS_UNIT, unit);
        }
    for (uint32_t i = 0; i < t->n_rows && d->code == PAGU_OK; i++) {
        draft_row *m = &t->rows[i];
        const char *key[] = { draft_cell(m, MEASURES_INDICATOR) };
        const draft_row *ind = draft_find(d, RES_INDICATORS, key, 1);
        if (ind && m->src.file && str_eq(draft_cell(ind, INDICATORS_UNIT), draft_cell(m, MEASURES_UNIT)))
            draft_set(d, m, MEASURES_UNIT, "");
    }
}

pagu_code pagu_import_finish(pagu_import *im, pagu_plan **out, pagu_error *err)
{
    draft *d = &im->d;
    *out = NULL;
    if (im->code != PAGU_OK)
        return err_set(im->ctx, err, PAGU_ARGUMENT, "an earlier file failed: begin a new import");
    if (!d->year)
        return err_set(im->ctx, err, PAGU_ARGUMENT, "nothing was imported");
    import_put_standard_levels(d);
    ensure_plan_stage(d);
    put_root(d);
    widen_parents(d);
    close_members(d);
    drop_sums(d);
    settle_units(d);
    return draft_finish(d, im->findings, out, err);
}
