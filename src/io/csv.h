/* csv.h - strict RFC 4180, read in place and written canonically.
 *
 *     csv_reader r;
 *     csv_open(&r, ctx, findings, "amounts.csv", bytes, len);    // bytes[len] is a NUL of ours
 *     while (csv_next(&r) == CSV_RECORD)
 *         use(r.fields[0], r.line);
 *     csv_close(&r);
 *
 * Fields are NUL-terminated strings inside the buffer, which is changed; they live until the
 * next record. A file is read through a window that grows to its longest record only.
 * A faulty record is a finding and is left out; reading goes on after it.
 * Accepted besides RFC 4180: a UTF-8 byte order mark, LF for CRLF, no end of the last line.
 *
 * SPDX-License-Identifier: MIT */
#ifndef PAGU_SRC_CSV_H
#define PAGU_SRC_CSV_H

#include "io/file.h"
#include "pagu/finding.h"
#include "pagu/render.h"

typedef enum csv_result { CSV_RECORD, CSV_END, CSV_NO_MEMORY, CSV_UNREADABLE } csv_result;

typedef struct csv_reader {
    pagu_ctx *ctx;
    pagu_findings *findings;
    const char *file;
    char *bytes, *p, *end; /* the text or window; what is unread; *end is NUL */
    uint32_t next_line;    /* where p stands */

    file_stream *in;  /* NULL: the text is whole */
    size_t window;    /* size of bytes when it is ours, else 0 */
    bool more;        /* the file may go on behind the window */
    pagu_error error; /* why it is unreadable */

    char *block;      /* 64 bytes that are being scanned */
    uint64_t special; /* bytes of it, not yet passed, that end something */
    bool high;        /* some byte of it is not ASCII */
    bool suspect;     /* some byte near the record is NUL or not ASCII */

    uint32_t line;  /* of the record's first byte, 1-based */
    uint32_t width; /* fields that a record must have; set by the first one */
    char **fields;
    uint32_t *lengths;
    uint32_t n; /* fields of the record */
    uint32_t cap, cap_lengths;
    uint32_t n_faults;
} csv_reader;

void csv_open(csv_reader *r, pagu_ctx *ctx, pagu_findings *findings, const char *file, char *bytes, size_t len);
/* Read a file that stays open until csv_close. PAGU_NO_MEMORY, or PAGU_IO with r->error filled. */
pagu_code csv_open_file(csv_reader *r, pagu_ctx *ctx, pagu_findings *findings, const char *file, file_stream *in);
/* The next good record; the first one is the header like any other. */
csv_result csv_next(csv_reader *r);
void csv_close(csv_reader *r);

/* Append a field, with a comma before all but the first; quoted only where it must be. */
pagu_code csv_put(pagu_text *out, const char *field, bool first);

#endif
