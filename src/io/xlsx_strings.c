/* xlsx_strings.c - the strings that cells share, rich text flattened.
 * SPDX-License-Identifier: MIT */
#include "base/text.h"
#include "io/xlsx_parts.h"

typedef struct strings_reader {
    bool in_item, phonetic;
} strings_reader;

static void strings_start(xml_part *x, const char *name, const char **attributes)
{
    strings_reader *r = x->ud;
    (void)attributes;
    if (str_eq(name, "si")) {
        text_truncate(x->chars, 0);
        r->in_item = true;
    } else if (str_eq(name, "rPh")) { /* how it is pronounced: not what it says */
        r->phonetic = true;
    } else if (str_eq(name, "t")) {
        x->gather = r->in_item && !r->phonetic;
    }
}

static void strings_end(xml_part *x, const char *name)
{
    strings_reader *r = x->ud;
    xlsx_book *book = x->book;
    if (str_eq(name, "t")) {
        x->gather = false;
    } else if (str_eq(name, "rPh")) {
        r->phonetic = false;
    } else if (str_eq(name, "si")) {
        const char *s = arena_strdup(&book->text, pagu_text_data(x->chars), pagu_text_len(x->chars));
        r->in_item = false;
        if (!s || !mem_grow(book->ctx, &book->strings, &book->cap_strings, book->n_strings, sizeof *book->strings))
            xml_no_memory(x);
        else
            book->strings[book->n_strings++] = s;
    }
}

pagu_code xlsx_read_strings(xlsx_book *book, pagu_error *err)
{
    strings_reader r = { 0 };
    if (book->strings_read || !book->strings_part)
        return PAGU_OK;
    pagu_code code = xml_read(book, book->strings_part, strings_start, strings_end, &r, err);
    book->strings_read = code == PAGU_OK;
    return code;
}
