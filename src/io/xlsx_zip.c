/* xlsx_zip.c - the archive of a workbook: its entries and their limits.
 * SPDX-License-Identifier: MIT */
#include "io/file.h"
#include "io/keyset.h"
#include "io/xlsx_parts.h"

#include <stdio.h>

pagu_code err_part(const xlsx_book *book, const char *part, int line, pagu_code code, pagu_error *err,
                   const char *message)
{
    char place[300];
    if (line)
        snprintf(place, sizeof place, "%s:%d", part, line);
    else
        snprintf(place, sizeof place, "%s", part);
    err_set(book->ctx, err, code, "%s: %s: %s", book->name, place, message);
    return err_in_file(err, code, book->name, 0);
}

static pagu_code err_book(const xlsx_book *book, pagu_code code, pagu_error *err, const char *message)
{
    err_set(book->ctx, err, code, "%s: %s", book->name, tr(book->ctx, message));
    return err_in_file(err, code, book->name, 0);
}

bool xlsx_looks_like(const char *bytes, size_t len)
{
    return len >= 4 && memcmp(bytes, "PK\3\4", 4) == 0;
}

/* Nothing is unpacked, but a name that would leave the folder tells what the file is for. */
static bool leads_out(const char *name)
{
    if (*name == '/' || *name == '\\' || (name[0] && name[1] == ':'))
        return true;
    for (const char *p = name; *p;) {
        size_t n = strcspn(p, "/\\");
        if (n == 2 && p[0] == '.' && p[1] == '.')
            return true;
        p += n + (p[n] != '\0');
    }
    return false;
}

static pagu_code check_entry(xlsx_book *book, keyset *names, zip_int64_t i, pagu_error *err)
{
    zip_stat_t st;
    keyset_entry *entry;
    bool added;
    if (zip_stat_index(book->zip, (zip_uint64_t)i, 0, &st) != 0 || !(st.valid & ZIP_STAT_NAME))
        return err_book(book, PAGU_SYNTAX, err, "the archive is damaged");
    if (leads_out(st.name))
        return err_book(book, PAGU_SYNTAX, err, "a name in the archive leads out of it");
    if (!keyset_add(names, &st.name, 1, 0, &entry, &added))
        return err_memory(book->ctx, err);
    return added ? PAGU_OK : err_part(book, st.name, 0, PAGU_SYNTAX, err, tr(book->ctx, "the part is there twice"));
}

static pagu_code check_entries(xlsx_book *book, pagu_error *err)
{
    zip_int64_t n = zip_get_num_entries(book->zip, 0);
    pagu_code code = PAGU_OK;
    keyset names;
    if (n > XLSX_MAX_ENTRIES)
        return err_book(book, PAGU_LIMIT, err, "the archive has too many parts");
    keyset_init(&names, book->ctx);
    for (zip_int64_t i = 0; i < n && code == PAGU_OK; i++)
        code = check_entry(book, &names, i, err);
    keyset_free(&names);
    return code;
}

pagu_code xlsx_zip_open(xlsx_book *book, const char *bytes, size_t len, pagu_error *err)
{
    zip_error_t zerr;
    zip_error_init(&zerr);
    zip_source_t *source = zip_source_buffer_create(bytes, len, 0, &zerr);
    book->zip = source ? zip_open_from_source(source, ZIP_RDONLY, &zerr) : NULL;
    bool memory = zip_error_code_zip(&zerr) == ZIP_ER_MEMORY;
    if (!book->zip && source)
        zip_source_free(source);
    zip_error_fini(&zerr);
    if (!book->zip && memory)
        return err_memory(book->ctx, err);
    if (!book->zip)
        return err_book(book, PAGU_SYNTAX, err, "the archive is damaged or cut off");
    return check_entries(book, err);
}

bool xlsx_part_exists(const xlsx_book *book, const char *part)
{
    return zip_name_locate(book->zip, part, 0) >= 0;
}

pagu_code part_open(part_stream *s, xlsx_book *book, const char *part, pagu_error *err)
{
    zip_stat_t st;
    zip_int64_t i = zip_name_locate(book->zip, part, 0);
    *s = (part_stream){ .book = book, .part = part };
    if (i < 0)
        return err_part(book, part, 0, PAGU_SYNTAX, err, tr(book->ctx, "the part is missing"));
    if (zip_stat_index(book->zip, (zip_uint64_t)i, 0, &st) != 0 || !(st.valid & ZIP_STAT_COMP_SIZE))
        return err_part(book, part, 0, PAGU_SYNTAX, err, tr(book->ctx, "the part is damaged"));
    s->packed = st.comp_size;
    if ((st.valid & ZIP_STAT_ENCRYPTION_METHOD) && st.encryption_method != ZIP_EM_NONE)
        return err_part(book, part, 0, PAGU_SYNTAX, err, tr(book->ctx, "the file is protected by a password"));
    s->file = zip_fopen_index(book->zip, (zip_uint64_t)i, 0);
    return s->file ? PAGU_OK : err_part(book, part, 0, PAGU_SYNTAX, err, tr(book->ctx, "the part is damaged"));
}

pagu_code part_read(part_stream *s, char *buf, size_t size, size_t *got, pagu_error *err)
{
    xlsx_book *book = s->book;
    zip_int64_t n = zip_fread(s->file, buf, size);
    *got = n > 0 ? (size_t)n : 0;
    if (n < 0) /* a wrong checksum too: libzip sees it at the end */
        return err_part(book, s->part, 0, PAGU_SYNTAX, err, tr(book->ctx, "the part is damaged"));
    s->inflated += (uint64_t)n;
    book->inflated += (uint64_t)n;
    if (book->inflated > XLSX_MAX_INFLATED)
        return err_part(book, s->part, 0, PAGU_LIMIT, err, tr(book->ctx, "more than 512 MB when unpacked"));
    if (s->inflated > XLSX_RATIO_FREE && s->inflated / XLSX_MAX_RATIO > s->packed)
        return err_part(book, s->part, 0, PAGU_LIMIT, err,
                        tr(book->ctx, "unpacks to more than 200 times its size, as no office file does"));
    return PAGU_OK;
}

void part_close(part_stream *s)
{
    if (s->file)
        zip_fclose(s->file);
}
