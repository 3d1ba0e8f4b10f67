/* xlsx_xml.c - one part of a workbook through expat, with limits.
 * SPDX-License-Identifier: MIT */
#include "base/text.h"
#include "io/xlsx_parts.h"

#include <stdarg.h>
#include <stdio.h>

/* What expat keeps of an element that hasn't ended is not counted by the context. */
enum { CHUNK = 65536, LONGEST_TAG = 4 << 20 };

static const char *local_name(const char *name)
{
    const char *bar = strrchr(name, '|');
    return bar ? bar + 1 : name;
}

void xml_fail(xml_part *x, pagu_code code, const char *format, ...)
{
    char message[400];
    va_list args;
    if (x->code != PAGU_OK)
        return;
    va_start(args, format);
    vsnprintf(message, sizeof message, tr(x->book->ctx, format), args);
    va_end(args);
    x->code = err_part(x->book, x->part, (int)XML_GetCurrentLineNumber(x->parser), code, x->err, message);
    XML_StopParser(x->parser, XML_FALSE);
}

void xml_no_memory(xml_part *x)
{
    if (x->code == PAGU_OK) {
        x->code = err_memory(x->book->ctx, x->err);
        XML_StopParser(x->parser, XML_FALSE);
    }
}

const char *xml_attribute(const char **attributes, const char *name)
{
    for (; *attributes; attributes += 2)
        if (str_eq(local_name(attributes[0]), name))
            return attributes[1];
    return NULL;
}

bool xml_number(const char *text, uint32_t max, uint32_t *out)
{
    uint64_t value = 0;
    if (!text || !*text)
        return false;
    for (; *text; text++) {
        if (*text < '0' || *text > '9')
            return false;
        value = value * 10 + (uint32_t)(*text - '0');
        if (value > max)
            return false;
    }
    *out = (uint32_t)value;
    return true;
}

static void on_start(void *ud, const XML_Char *name, const XML_Char **attributes)
{
    xml_part *x = ud;
    if (x->code != PAGU_OK)
        return;
    if (++x->depth > XLSX_MAX_DEPTH)
        xml_fail(x, PAGU_LIMIT, "elements nest too deep");
    else
        x->start(x, local_name(name), attributes);
}

static void on_end(void *ud, const XML_Char *name)
{
    xml_part *x = ud;
    x->depth--;
    if (x->code == PAGU_OK)
        x->end(x, local_name(name));
}

static void on_text(void *ud, const XML_Char *text, int len)
{
    xml_part *x = ud;
    if (!x->gather || x->code != PAGU_OK)
        return;
    if (pagu_text_len(x->chars) + (size_t)len > XLSX_MAX_TEXT)
        xml_fail(x, PAGU_LIMIT, "the text of a cell is longer than 1 MB");
    else if (pagu_text_append(x->chars, text, (size_t)len) != PAGU_OK)
        xml_no_memory(x);
}

/* Office files have no document type; one brings entities, and those bring bombs. */
static void on_doctype(void *ud, const XML_Char *name, const XML_Char *sysid, const XML_Char *pubid, int internal)
{
    (void)name, (void)sysid, (void)pubid, (void)internal;
    xml_fail(ud, PAGU_SYNTAX, "a document type declaration is not allowed in a workbook");
}

static pagu_code parse_chunk(xml_part *x, size_t len, bool last)
{
    if (XML_ParseBuffer(x->parser, (int)len, last) == XML_STATUS_OK || x->code != PAGU_OK)
        return x->code;
    if (XML_GetErrorCode(x->parser) == XML_ERROR_NO_MEMORY)
        xml_no_memory(x);
    else
        xml_fail(x, PAGU_SYNTAX, "malformed XML: %s", XML_ErrorString(XML_GetErrorCode(x->parser)));
    return x->code;
}

/* expat knows no place while it waits for more of an element. */
static void check_tag(xml_part *x, uint64_t read)
{
    XML_Index at = XML_GetCurrentByteIndex(x->parser);
    if (at > 0)
        x->parsed = (uint64_t)at;
    if (x->code == PAGU_OK && read - x->parsed > LONGEST_TAG)
        xml_fail(x, PAGU_LIMIT, "an element with more than 4 MB of attributes");
}

static pagu_code parse_all(xml_part *x, part_stream *in)
{
    size_t got = 1;
    while (got > 0 && x->code == PAGU_OK) {
        void *buf = XML_GetBuffer(x->parser, CHUNK);
        if (!buf)
            return err_memory(x->book->ctx, x->err);
        if (pagu_ctx_interrupted(x->book->ctx))
            return err_set(x->book->ctx, x->err, PAGU_INTERRUPTED, "interrupted");
        pagu_code code = part_read(in, buf, CHUNK, &got, x->err);
        if (code != PAGU_OK)
            return code;
        if (parse_chunk(x, got, got == 0) == PAGU_OK)
            check_tag(x, in->inflated);
    }
    return x->code;
}

pagu_code xml_read(xlsx_book *book, const char *part, xml_start start, xml_end end, void *ud, pagu_error *err)
{
    part_stream in;
    xml_part x = { .book = book, .part = part, .start = start, .end = end, .ud = ud, .err = err };
    pagu_code code = part_open(&in, book, part, err);
    if (code != PAGU_OK)
        goto done;
    x.parser = XML_ParserCreateNS(NULL, '|');
    x.chars = pagu_text_new(book->ctx);
    if (!x.parser || !x.chars) {
        code = err_memory(book->ctx, err);
        goto done;
    }
    XML_SetUserData(x.parser, &x);
    XML_SetElementHandler(x.parser, on_start, on_end);
    XML_SetCharacterDataHandler(x.parser, on_text);
    XML_SetStartDoctypeDeclHandler(x.parser, on_doctype);
    code = parse_all(&x, &in);
done:
    if (x.parser)
        XML_ParserFree(x.parser);
    pagu_text_free(x.chars);
    part_close(&in);
    return code;
}
