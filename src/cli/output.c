/* output.c - results to stdout or a file, messages to stderr.
 * SPDX-License-Identifier: MIT */
#include "cli/cli.h"
#include "host/terminal.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { DEFAULT_WIDTH = 160 };
static int write_failure; /* errno of the first result that stdout didn't take */

static void print_message(const char *message)
{
    bool colour = terminal_has_colour(stderr);
    fflush(stdout); /* keep the order on a shared terminal */
    fprintf(stderr, "%spagu:%s ", colour ? "\033[1;31m" : "", colour ? "\033[0m" : "");
    terminal_write(stderr, message, strlen(message));
    fputc('\n', stderr);
}

static void say_list(const cli *c, const char *id, const char *en, va_list args)
    __attribute__((format(printf, 2, 0), format(printf, 3, 0)));
static void say_list(const cli *c, const char *id, const char *en, va_list args)
{
    char message[1024];
    vsnprintf(message, sizeof message, pick(c->lang, id, en), args);
    print_message(message);
}

void say(const cli *c, const char *id, const char *en, ...)
{
    va_list args;
    va_start(args, en);
    say_list(c, id, en, args);
    va_end(args);
}

int usage_error(const cli *c, const char *id, const char *en, ...)
{
    va_list args;
    va_start(args, en);
    say_list(c, id, en, args);
    va_end(args);
    if (!c->quiet)
        fprintf(stderr, pick(c->lang, "Lihat: pagu%s%s --help\n", "See: pagu%s%s --help\n"), c->command ? " " : "",
                c->command ? c->command->name : "");
    return EXIT_USAGE;
}

const char *system_message(const cli *c, int error)
{
    switch (error) {
    case ENOENT: return pick(c->lang, "tidak ada berkas atau folder itu", "no such file or folder");
    case EACCES:
    case EPERM: return pick(c->lang, "tidak ada izin untuk itu", "no permission for that");
    case EEXIST: return pick(c->lang, "sudah ada", "it exists already");
    case ENOTDIR: return pick(c->lang, "bukan folder", "not a folder");
    case EISDIR: return pick(c->lang, "itu folder", "it is a folder");
    case ENOSPC: return pick(c->lang, "ruang penyimpanan habis", "no space left");
    case EROFS: return pick(c->lang, "hanya dapat dibaca", "it can only be read");
    case EBADF: return pick(c->lang, "keluaran itu tertutup", "that output is closed");
    default: return strerror(error);
    }
}

int input_error(const cli *c, const pagu_error *err)
{
    (void)c;
    print_message(err->message[0] ? err->message : pagu_code_meaning(err->code));
    switch (err->code) {
    case PAGU_NO_MEMORY:
    case PAGU_INTERNAL: return EXIT_INTERNAL;
    case PAGU_INTERRUPTED: return EXIT_INTERRUPTED;
    default: return EXIT_INPUT;
    }
}

int script_error(const cli *c, host_status status, const pagu_error *err)
{
    switch (status) {
    case HOST_OK: return EXIT_DONE;
    case HOST_USAGE: return usage_error(c, "%s", "%s", err->message);
    case HOST_INTERRUPTED: print_message(err->message); return EXIT_INTERRUPTED;
    default: print_message(err->message); return EXIT_SCRIPT;
    }
}

/* A file that can't be written is not the script's fault, nor the plan's. */
int write_file(const cli *c, const char *path, const char *bytes, size_t len)
{
    pagu_error err;
    if (pagu_write_atomic(c->ctx, path, bytes, len, &err) == PAGU_OK)
        return EXIT_DONE;
    print_message(err.message);
    return EXIT_INTERNAL;
}

/* A workbook or a PDF is nothing to look at. */
static bool is_binary(const char *bytes, size_t len)
{
    return len > 4 && (memcmp(bytes, "PK\3\4", 4) == 0 || memcmp(bytes, "%PDF", 4) == 0);
}

int write_result(const cli *c, const char *bytes, size_t len)
{
    if (c->out_file)
        return write_file(c, c->out_file, bytes, len);
    if (is_binary(bytes, len) && terminal_is(stdout))
        return usage_error(c, "format ini bukan teks; beri -o BERKAS", "this format is no text; give -o FILE");
    errno = 0;
    if ((!terminal_write(stdout, bytes, len) || fflush(stdout) != 0) && !write_failure)
        write_failure = errno; /* close_output reports it, with what others print */
    return EXIT_DONE;
}

int result_format(const cli *c, pagu_format *out)
{
    pagu_error err;
    const char *dot = c->out_file ? strrchr(c->out_file, '.') : NULL;
    *out = PAGU_FORMAT_TEXT;
    if (c->json)
        *out = PAGU_FORMAT_JSON;
    else if (c->format && pagu_format_parse(c->ctx, c->format, out, &err) != PAGU_OK)
        return usage_error(c, "--format: %s", "--format: %s", err.message);
    else if (!c->format && dot && pagu_format_parse(c->ctx, dot + 1, out, NULL) != PAGU_OK)
        *out = PAGU_FORMAT_TEXT;
    return EXIT_DONE;
}

bool has_own_width(const cli *c)
{
    return c->width >= 0 || (!c->out_file && terminal_is(stdout));
}

int result_width(const cli *c)
{
    return c->width >= 0 ? c->width : has_own_width(c) ? terminal_columns() : DEFAULT_WIDTH;
}

int write_table(const cli *c, const pagu_table *t, int decimals)
{
    pagu_format format;
    pagu_error err;
    int code = result_format(c, &format);
    if (code != EXIT_DONE)
        return code;
    pagu_render_options o = PAGU_RENDER_OPTIONS_INIT;
    o.locale = c->lang == PAGU_LANG_EN ? PAGU_LOCALE_EN : PAGU_LOCALE_ID;
    o.decimals = decimals;
    o.width = (uint32_t)result_width(c);
    pagu_text *text = pagu_text_new(c->ctx);
    err = (pagu_error){ .code = PAGU_NO_MEMORY };
    if (text && pagu_render(t, format, &o, text, &err) == PAGU_OK)
        code = write_result(c, pagu_text_data(text), pagu_text_len(text));
    else
        code = input_error(c, &err);
    pagu_text_free(text);
    return code;
}

int close_output(const cli *c, int code)
{
    bool failed = ferror(stdout);
    errno = 0;
    failed |= fflush(stdout) != 0;
    int why = write_failure ? write_failure : errno;
    if (!failed)
        return code;
    if (why != EPIPE) /* the reader had enough: nothing to tell */
        say(c, "keluaran tidak dapat ditulis%s%s", "the output can't be written%s%s", why ? ": " : "",
            why ? system_message(c, why) : "");
    return code > EXIT_FINDINGS ? code : EXIT_INTERNAL;
}
