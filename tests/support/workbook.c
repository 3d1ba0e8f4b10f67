/* workbook.c - workbooks made by hand.
 * SPDX-License-Identifier: MIT */
#include "support/workbook.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <zip.h>

#define MAIN "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
#define DOC "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
#define PKG "http://schemas.openxmlformats.org/package/2006/relationships"

static const workbook_part usual[] = {
    { "_rels/.rels",
      "<Relationships xmlns='" PKG "'><Relationship Id='rId1' Type='" DOC
      "/officeDocument' Target='xl/workbook.xml'/></Relationships>",
      0 },
    { "xl/workbook.xml",
      "<workbook xmlns='" MAIN "' xmlns:r='" DOC
      "'><sheets><sheet name='Lembar' sheetId='1' r:id='rId1'/></sheets></workbook>",
      0 },
    { "xl/_rels/workbook.xml.rels",
      "<Relationships xmlns='" PKG "'><Relationship Id='rId1' Type='" DOC
      "/worksheet' Target='worksheets/sheet1.xml'/><Relationship Id='rId2' Type='" DOC
      "/sharedStrings' Target='sharedStrings.xml'/><Relationship Id='rId3' Type='" DOC
      "/styles' Target='styles.xml'/></Relationships>",
      0 },
    { "xl/styles.xml",
      "<styleSheet xmlns='" MAIN "'><numFmts><numFmt numFmtId='164' formatCode='0.0%'/><numFmt numFmtId='165' "
      "formatCode='[$-421]dd mmmm yyyy'/><numFmt numFmtId='166' formatCode='#,##0 \"hari\"'/></numFmts>"
      "<cellStyleXfs><xf numFmtId='14'/></cellStyleXfs><cellXfs><xf numFmtId='0'/><xf numFmtId='14'/>"
      "<xf numFmtId='164'/><xf numFmtId='165'/><xf numFmtId='166'/></cellXfs></styleSheet>",
      0 },
    { "xl/sharedStrings.xml",
      "<sst xmlns='" MAIN "'><si><t>Kode</t></si><si><r><t>Peng</t></r><r><rPr><b/></rPr><t>anggaran</t></r>"
      "<rPh><t>x</t></rPh></si><si><t>baris_x000A_dua</t></si></sst>",
      0 },
};
enum { USUAL = sizeof usual / sizeof *usual, MAX_PARTS = 64 };

void workbook_zip(workbook *w, const workbook_part *parts)
{
    zip_error_t err;
    zip_error_init(&err);
    zip_source_t *target = zip_source_buffer_create(NULL, 0, 0, &err);
    assert_non_null(target);
    zip_source_keep(target);
    zip_t *z = zip_open_from_source(target, ZIP_TRUNCATE, &err);
    assert_non_null(z);
    for (; parts->name; parts++) {
        size_t len = parts->len ? parts->len : strlen(parts->text);
        zip_source_t *s = zip_source_buffer(z, parts->text, len, 0);
        assert_non_null(s);
        assert_true(zip_file_add(z, parts->name, s, ZIP_FL_ENC_UTF_8) >= 0);
    }
    assert_int_equal(zip_close(z), 0);
    zip_stat_t st;
    assert_int_equal(zip_source_stat(target, &st), 0);
    w->len = (size_t)st.size;
    w->bytes = malloc(w->len + 1);
    assert_non_null(w->bytes);
    assert_int_equal(zip_source_open(target), 0);
    assert_int_equal(zip_source_read(target, w->bytes, w->len), (zip_int64_t)w->len);
    w->bytes[w->len] = '\0';
    zip_source_close(target);
    zip_source_free(target);
    zip_error_fini(&err);
}

void workbook_make(workbook *w, const char *rows, const workbook_part *more)
{
    workbook_part parts[MAX_PARTS];
    size_t n = 0, size = strlen(rows) + 300;
    char *sheet = malloc(size);
    assert_non_null(sheet);
    snprintf(sheet, size, "<worksheet xmlns='" MAIN "'>%s%s%s</worksheet>",
             strstr(rows, "<sheetData") ? "" : "<sheetData>", rows, strstr(rows, "<sheetData") ? "" : "</sheetData>");
    for (size_t i = 0; i < USUAL; i++)
        parts[n++] = usual[i];
    parts[n++] = (workbook_part){ "xl/worksheets/sheet1.xml", sheet, 0 };
    for (; more && more->name; more++) {
        size_t at = 0;
        while (at < n && strcmp(parts[at].name, more->name) != 0)
            at++;
        assert_true(at < MAX_PARTS - 1);
        n += at == n;
        parts[at] = *more;
    }
    size_t kept = 0;
    for (size_t i = 0; i < n; i++)
        if (parts[i].text)
            parts[kept++] = parts[i];
    parts[kept] = (workbook_part){ 0 };
    workbook_zip(w, parts);
    free(sheet);
}

void workbook_free(workbook *w)
{
    free(w->bytes);
    *w = (workbook){ 0 };
}
