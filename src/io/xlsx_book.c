/* xlsx_book.c - which parts a workbook consists of.
 * SPDX-License-Identifier: MIT */
#include "io/file.h"
#include "io/xlsx_parts.h"

#include <stdio.h>

/* ---- relations between parts ---- */

/* "xl/worksheets/sheet1.xml" of a target that is relative to `folder` ("xl/"), or absolute.
 * false: it leads out of the archive. */
static bool resolve_target(const char *folder, const char *target, char *buf, size_t size)
{
    char joined[512];
    size_t n = 0;
    if (snprintf(joined, sizeof joined, "%s%s", *target == '/' ? "" : folder, target) >= (int)sizeof joined)
        return false;
    for (const char *p = joined; *p;) {
        size_t len = strcspn(p, "/");
        if (len == 2 && p[0] == '.' && p[1] == '.') {
            if (n == 0)
                return false;
            for (n--; n > 0 && buf[n - 1] != '/'; n--)
                ;
        } else if (len > 0 && !(len == 1 && *p == '.')) {
            if (n + len + 2 > size)
                return false;
            memcpy(buf + n, p, len);
            n += len;
            if (p[len] == '/')
                buf[n++] = '/';
        }
        p += len + (p[len] == '/');
    }
    buf[n] = '\0';
    return n > 0;
}

static const char *type_of(const char *uri)
{
    const char *slash = uri ? strrchr(uri, '/') : NULL;
    return slash ? slash + 1 : "";
}

typedef struct relation_reader {
    const char *folder;
    char main[300]; /* of the package: the workbook */
} relation_reader;

static const char *keep_part(xml_part *x, const char *folder, const char *target)
{
    char part[300];
    if (!target || !resolve_target(folder, target, part, sizeof part)) {
        xml_fail(x, PAGU_SYNTAX, "a relation leads out of the archive");
        return NULL;
    }
    const char *kept = arena_strdup(&x->book->text, part, strlen(part));
    if (!kept)
        xml_no_memory(x);
    return kept;
}

static void root_relation(xml_part *x, const char *name, const char **attributes)
{
    relation_reader *r = x->ud;
    const char *target = xml_attribute(attributes, "Target");
    if (!str_eq(name, "Relationship") || !str_eq(type_of(xml_attribute(attributes, "Type")), "officeDocument"))
        return;
    if (!target || !resolve_target("", target, r->main, sizeof r->main))
        xml_fail(x, PAGU_SYNTAX, "a relation leads out of the archive");
}

static void book_relation(xml_part *x, const char *name, const char **attributes)
{
    relation_reader *r = x->ud;
    xlsx_book *book = x->book;
    const char *type = type_of(xml_attribute(attributes, "Type")), *id = xml_attribute(attributes, "Id");
    const char *target = xml_attribute(attributes, "Target"), *mode = xml_attribute(attributes, "TargetMode");
    if (!str_eq(name, "Relationship") || (mode && str_eq(mode, "External")))
        return;
    if (str_eq(type, "sharedStrings"))
        book->strings_part = keep_part(x, r->folder, target);
    else if (str_eq(type, "styles"))
        book->styles_part = keep_part(x, r->folder, target);
    else if (str_eq(type, "worksheet") && id)
        for (uint32_t i = 0; i < book->n_sheets && x->code == PAGU_OK; i++)
            if (str_eq(book->sheets[i].relation, id))
                book->sheets[i].part = keep_part(x, r->folder, target);
}

static void nothing(xml_part *x, const char *name)
{
    (void)x, (void)name;
}

/* ---- workbook.xml ---- */

static bool is_true(const char *text)
{
    return text && (str_eq(text, "1") || str_eq(text, "true"));
}

static void add_sheet(xml_part *x, const char **attributes)
{
    xlsx_book *book = x->book;
    const char *name = xml_attribute(attributes, "name"), *relation = xml_attribute(attributes, "id");
    const char *state = xml_attribute(attributes, "state");
    if (!name || !relation) {
        xml_fail(x, PAGU_SYNTAX, "a sheet without name or relation");
        return;
    }
    if (book->n_sheets == XLSX_MAX_SHEETS) {
        xml_fail(x, PAGU_LIMIT, "more than %d sheets", XLSX_MAX_SHEETS);
        return;
    }
    sheet_entry e = { .name = arena_strdup(&book->text, name, strlen(name)),
                      .relation = arena_strdup(&book->text, relation, strlen(relation)),
                      .hidden = state && !str_eq(state, "visible") };
    if (!e.name || !e.relation || !mem_grow(book->ctx, &book->sheets, &book->cap_sheets, book->n_sheets, sizeof e))
        xml_no_memory(x);
    else
        book->sheets[book->n_sheets++] = e;
}

static void workbook_start(xml_part *x, const char *name, const char **attributes)
{
    if (str_eq(name, "sheet"))
        add_sheet(x, attributes);
    else if (str_eq(name, "workbookPr"))
        x->book->date1904 = is_true(xml_attribute(attributes, "date1904"));
}

/* Charts and macros have tabs but no cells. */
static void drop_empty_sheets(xlsx_book *book)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < book->n_sheets; i++)
        if (book->sheets[i].part)
            book->sheets[n++] = book->sheets[i];
    book->n_sheets = n;
}

static pagu_code read_parts(xlsx_book *book, pagu_error *err)
{
    relation_reader r = { .folder = "" };
    char folder[300], relations[620];
    snprintf(r.main, sizeof r.main, "%s", "xl/workbook.xml");
    pagu_code code = PAGU_OK;
    if (xlsx_part_exists(book, "_rels/.rels"))
        code = xml_read(book, "_rels/.rels", root_relation, nothing, &r, err);
    if (code == PAGU_OK && !xlsx_part_exists(book, r.main)) {
        bool ods = xlsx_part_exists(book, "content.xml"), doc = xlsx_part_exists(book, "word/document.xml");
        err_set(book->ctx, err, PAGU_SYNTAX,
                ods   ? "%s: an OpenDocument file; save it as .xlsx"
                : doc ? "%s: a text document; copy its table into a sheet and save that as .xlsx"
                      : "%s: not a workbook: it has no sheets",
                book->name);
        return err_in_file(err, PAGU_SYNTAX, book->name, 0);
    }
    if (code == PAGU_OK)
        code = xml_read(book, r.main, workbook_start, nothing, NULL, err);
    const char *slash = strrchr(r.main, '/');
    int n = slash ? (int)(slash - r.main) + 1 : 0;
    snprintf(folder, sizeof folder, "%.*s", n, r.main);
    snprintf(relations, sizeof relations, "%s_rels/%s.rels", folder, r.main + n);
    r.folder = folder;
    if (code == PAGU_OK)
        code = xml_read(book, relations, book_relation, nothing, &r, err);
    drop_empty_sheets(book);
    return code;
}

pagu_code xlsx_open(pagu_ctx *ctx, const char *bytes, size_t len, const char *name, xlsx_book **out, pagu_error *err)
{
    xlsx_book *book = mem_zalloc(ctx, sizeof *book);
    *out = NULL;
    if (!book)
        return err_memory(ctx, err);
    book->ctx = ctx;
    book->name = name;
    arena_init(&book->text, ctx);
    pagu_code code = xlsx_zip_open(book, bytes, len, err);
    if (code == PAGU_OK)
        code = read_parts(book, err);
    if (code == PAGU_OK && book->styles_part)
        code = xlsx_read_styles(book, err);
    if (code == PAGU_OK)
        *out = book;
    else
        xlsx_close(book);
    return code;
}

void xlsx_close(xlsx_book *book)
{
    if (!book)
        return;
    pagu_ctx *ctx = book->ctx;
    if (book->zip)
        zip_discard(book->zip);
    mem_free(ctx, book->sheets, book->cap_sheets * sizeof *book->sheets);
    mem_free(ctx, book->strings, book->cap_strings * sizeof *book->strings);
    mem_free(ctx, book->styles, book->cap_styles);
    arena_free(&book->text);
    mem_free(ctx, book, sizeof *book);
}

uint32_t xlsx_sheet_count(const xlsx_book *book)
{
    return book->n_sheets;
}

const char *xlsx_sheet_name(const xlsx_book *book, uint32_t sheet)
{
    return book->sheets[sheet].name;
}

bool xlsx_sheet_hidden(const xlsx_book *book, uint32_t sheet)
{
    return book->sheets[sheet].hidden;
}
