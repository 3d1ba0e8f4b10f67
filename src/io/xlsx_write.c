/* xlsx_write.c - opening and closing a workbook, its sheets and their names.
 * SPDX-License-Identifier: MIT */
#include "io/file.h"
#include "io/xlsx_write.h"

#include "base/text.h"

#include <errno.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>
#include <utf8proc.h>

/* 1980-01-01, the first day that a ZIP archive can hold: files carry no date of their making. */
enum { FIXED_DATE = 315532800 };

void xlsx_fail(xlsx_writer *b, pagu_code code)
{
    if (b->code != PAGU_OK)
        return;
    b->code = code;
    if (code == PAGU_INTERRUPTED)
        err_set(b->ctx, b->err, code, "interrupted");
    else if (code == PAGU_NO_MEMORY)
        err_memory(b->ctx, b->err);
}

bool xlsx_check(xlsx_writer *b, lxw_error e)
{
    if (e == LXW_NO_ERROR)
        return true;
    if (e == LXW_ERROR_MEMORY_MALLOC_FAILED)
        xlsx_fail(b, PAGU_NO_MEMORY);
    else if (b->code == PAGU_OK)
        b->code = err_set(b->ctx, b->err, e <= LXW_ERROR_ZIP_CLOSE ? PAGU_IO : PAGU_INTERNAL,
                          "the workbook can't be written: %s", lxw_strerror(e));
    return false;
}

bool xlsx_goes_on(xlsx_writer *b, uint32_t row)
{
    if (row % 1024 == 0 && pagu_ctx_interrupted(b->ctx))
        xlsx_fail(b, PAGU_INTERRUPTED);
    return b->code == PAGU_OK;
}

/* ---- a file in memory ---- */

static bool open_workbook(xlsx_writer *b)
{
    char path[40];
    b->fd = memfd_create("pagu-xlsx", MFD_CLOEXEC);
    if (b->fd < 0) {
        b->code = err_set(b->ctx, b->err, PAGU_IO, "the workbook can't be written: %s", file_reason(b->ctx, errno));
        return false;
    }
    snprintf(path, sizeof path, "/proc/self/fd/%d", b->fd);
    b->workbook = workbook_new(path);
    if (!b->workbook)
        xlsx_fail(b, PAGU_NO_MEMORY);
    return b->workbook != NULL;
}

bool xlsx_begin(xlsx_writer *b, pagu_ctx *ctx, const pagu_render_options *options, pagu_error *err)
{
    *b = (xlsx_writer){ .ctx = ctx, .options = *options, .fd = -1, .err = err };
    b->c_locale = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    b->old_locale = b->c_locale ? uselocale(b->c_locale) : (locale_t)0;
    b->clean = pagu_text_new(ctx);
    if (!b->c_locale || !symtab_init(&b->names, ctx) || !b->clean) {
        xlsx_fail(b, PAGU_NO_MEMORY);
        return false;
    }
    if (!open_workbook(b))
        return false;
    xlsx_set_title(b, "");
    return b->code == PAGU_OK;
}

/* The first line of a clean text, cut between characters. */
static void copy_line(const char *s, char *buf, size_t size)
{
    size_t len = strcspn(s, "\n");
    if (len >= size)
        for (len = size - 1; len > 0 && ((unsigned char)s[len] & 0xC0) == 0x80;)
            len--;
    memcpy(buf, s, len);
    buf[len] = '\0';
}

void xlsx_set_title(xlsx_writer *b, const char *title)
{
    char line[250];
    lxw_doc_properties p = { .created = FIXED_DATE, .title = line };
    if (b->code != PAGU_OK)
        return;
    copy_line(xlsx_clean(b, title), line, sizeof line);
    xlsx_check(b, workbook_set_properties(b->workbook, &p));
}

static void read_back(xlsx_writer *b, pagu_text *out)
{
    char bytes[16384];
    off_t at = 0;
    ssize_t n;
    size_t before = pagu_text_len(out);
    while (b->code == PAGU_OK && (n = pread(b->fd, bytes, sizeof bytes, at)) != 0) {
        if (n < 0)
            b->code = err_set(b->ctx, b->err, PAGU_IO, "the workbook can't be written: %s", file_reason(b->ctx, errno));
        else if (pagu_text_append(out, bytes, (size_t)n) != PAGU_OK)
            xlsx_fail(b, PAGU_NO_MEMORY);
        at += n;
    }
    if (b->code != PAGU_OK)
        text_truncate(out, before);
}

pagu_code xlsx_end(xlsx_writer *b, pagu_text *out)
{
    if (b->workbook && b->code == PAGU_OK) {
        if (xlsx_check(b, workbook_close(b->workbook))) /* frees it in every case */
            read_back(b, out);
    } else if (b->workbook) {
        lxw_workbook_free(b->workbook);
    }
    if (b->fd >= 0)
        close(b->fd);
    mem_free(b->ctx, b->formats, b->cap_formats * sizeof *b->formats);
    if (b->names.ctx)
        symtab_free(&b->names);
    pagu_text_free(b->clean);
    if (b->c_locale) {
        uselocale(b->old_locale);
        freelocale(b->c_locale);
    }
    return b->code;
}

/* ---- names of sheets ---- */

static const char *character(const char *s, int32_t *c)
{
    utf8proc_int32_t got;
    utf8proc_ssize_t n = utf8proc_iterate((const utf8proc_uint8_t *)s, -1, &got);
    *c = n > 0 ? got : 0xFFFD;
    return s + (n > 0 ? n : 1);
}

static size_t encode(int32_t c, char *to)
{
    return (size_t)utf8proc_encode_char(c, (utf8proc_uint8_t *)to);
}

/* Copy at most `units` UTF-16 units of what a name may hold. */
static void copy_name(const char *from, uint32_t units, char *to)
{
    char *p = to;
    int32_t c;
    while (*from) {
        from = character(from, &c);
        if (c < 0x20 || c == 0x7F)
            c = ' ';
        if (c < 0x80 && strchr("[]:*?/\\!", c)) /* "!" is allowed, but ends a name in formulas */
            c = '-';
        if (c == '\'') /* allowed inside, but doubled in formulas; this is the printed one */
            c = 0x2019;
        uint32_t needed = c > 0xFFFF ? 2 : 1;
        if (needed > units)
            break;
        if (p == to && c == ' ')
            continue;
        units -= needed;
        p += encode(c, p);
    }
    while (p > to && p[-1] == ' ')
        p--;
    *p = '\0';
}

static void lower_name(const char *from, char *to, size_t size)
{
    char *p = to;
    int32_t c;
    while (*from && p + 5 < to + size) {
        from = character(from, &c);
        p += encode(utf8proc_tolower(c), p);
    }
    *p = '\0';
}

/* A name in small letters that no sheet has yet. */
static bool take_name(xlsx_writer *b, const char *name)
{
    char lower[2 * XLSX_NAME_SIZE] = "sheet:";
    lower_name(name, lower + 6, sizeof lower - 6);
    if (symtab_find(&b->names, lower, strlen(lower)) != NO_SYMBOL)
        return false;
    if (symtab_intern(&b->names, lower, strlen(lower)) == NO_SYMBOL)
        xlsx_fail(b, PAGU_NO_MEMORY);
    return true;
}

static void choose_name(xlsx_writer *b, const char *wished, char out[XLSX_NAME_SIZE])
{
    char base[XLSX_NAME_SIZE], number[16] = "";
    copy_name(wished, 31, out);
    if (!*out || strcasecmp(out, "history") == 0) /* a name that Excel keeps to itself */
        snprintf(out, XLSX_NAME_SIZE, "%s", tr(b->ctx, "Sheet"));
    snprintf(base, sizeof base, "%s", out);
    for (unsigned n = 2; !take_name(b, out) && b->code == PAGU_OK; n++) {
        char shortened[XLSX_NAME_SIZE];
        int len = snprintf(number, sizeof number, " (%u)", n);
        copy_name(base, 31 - (uint32_t)len, shortened);
        snprintf(out, XLSX_NAME_SIZE, "%.*s%s", XLSX_NAME_SIZE - 16, shortened, number);
    }
}

bool xlsx_add_sheet(xlsx_writer *b, const char *wished, xlsx_tab *out)
{
    out->ws = NULL;
    if (b->code != PAGU_OK)
        return false;
    choose_name(b, wished, out->name);
    if (b->code == PAGU_OK && !(out->ws = workbook_add_worksheet(b->workbook, out->name)))
        xlsx_fail(b, PAGU_NO_MEMORY);
    b->n_sheets++;
    return out->ws != NULL;
}
