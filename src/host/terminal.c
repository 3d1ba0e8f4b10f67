/* terminal.c - see terminal.h.
 * SPDX-License-Identifier: MIT */
#include "host/terminal.h"

#include "host/host.h"

#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

bool terminal_is(FILE *f)
{
    return isatty(fileno(f)) == 1;
}

static bool is_dumb(void)
{
    const char *term = getenv("TERM");
    return !term || !*term || strcmp(term, "dumb") == 0;
}

bool terminal_has_colour(FILE *f)
{
    const char *no = getenv("NO_COLOR");
    return !(no && *no) && !is_dumb() && terminal_is(f);
}

int terminal_columns(void)
{
    struct winsize w;
    return ioctl(STDOUT_FILENO, TIOCGWINSZ, &w) == 0 && w.ws_col > 0 ? w.ws_col : 80;
}

int terminal_rows(void)
{
    struct winsize w;
    return ioctl(STDOUT_FILENO, TIOCGWINSZ, &w) == 0 && w.ws_row > 0 ? w.ws_row : 24;
}

/* Length of the well-formed UTF-8 character (RFC 3629) at s, or 0. */
static size_t character(const unsigned char *s, size_t len)
{
    size_t n = s[0] < 0x80 ? 1 : s[0] >= 0xF0 ? 4 : s[0] >= 0xE0 ? 3 : 2;
    if ((s[0] >= 0x80 && s[0] < 0xC2) || s[0] > 0xF4 || n > len)
        return 0;
    for (size_t i = 1; i < n; i++)
        if ((s[i] & 0xC0) != 0x80)
            return 0;
    bool overlong = (s[0] == 0xE0 && s[1] < 0xA0) || (s[0] == 0xF0 && s[1] < 0x90);
    bool beyond = (s[0] == 0xED && s[1] > 0x9F) || (s[0] == 0xF4 && s[1] > 0x8F);
    return overlong || beyond ? 0 : n;
}

/* Length of a harmless run, and of what ends it: a control byte, a C1 control or bidi override in
 * UTF-8, or a byte that is no UTF-8. */
static size_t harmless(const unsigned char *s, size_t len, size_t *bad)
{
    size_t n = 1;
    for (size_t i = 0; i < len; i += n) {
        *bad = 0;
        n = character(s + i, len - i);
        if ((s[i] < 0x20 && s[i] != '\n' && s[i] != '\t') || s[i] == 0x7F)
            *bad = 1;
        else if (s[i] == 0xC2 && i + 1 < len && s[i + 1] >= 0x80 && s[i + 1] <= 0x9F)
            *bad = 2;
        else if (s[i] == 0xE2 && i + 2 < len &&
                 ((s[i + 1] == 0x80 && s[i + 2] >= 0xAA && s[i + 2] <= 0xAE) ||
                  (s[i + 1] == 0x81 && s[i + 2] >= 0xA6 && s[i + 2] <= 0xA9)))
            *bad = 3;
        else if (n == 0)
            *bad = 1;
        if (*bad)
            return i;
    }
    return len;
}

bool terminal_write(FILE *f, const char *bytes, size_t len)
{
    const unsigned char *s = (const unsigned char *)bytes;
    if (!terminal_is(f)) {
        fwrite(bytes, 1, len, f);
        return !ferror(f);
    }
    while (len > 0) {
        size_t bad = 0, ok = harmless(s, len, &bad);
        fwrite(s, 1, ok, f);
        bool malformed = ok < len && s[ok] >= 0x80 && bad == 1;
        if (malformed)
            fputs("\xEF\xBF\xBD", f); /* the replacement character */
        for (size_t i = 0; ok < len && i < bad && !malformed; i++)
            fprintf(f, "\\x%02X", s[ok + i]);
        s += ok + bad;
        len -= ok + bad;
    }
    return !ferror(f);
}

/* One key without Enter; EOF or an interrupt counts as "q". */
static char read_key(void)
{
    struct termios was, raw;
    char key = 'q';
    if (tcgetattr(STDIN_FILENO, &was) != 0)
        return 'q';
    raw = was;
    raw.c_lflag &= ~(tcflag_t)(ICANON | ECHO);
    tcsetattr(STDIN_FILENO, TCSADRAIN, &raw);
    if (read(STDIN_FILENO, &key, 1) != 1 || key == 4)
        key = 'q';
    tcsetattr(STDIN_FILENO, TCSADRAIN, &was);
    return key;
}

static char ask_more(pagu_lang lang)
{
    fputs(pick(lang, "-- lagi -- (spasi: layar, Enter: baris, q: cukup)",
               "-- more -- (space: screen, Enter: line, q: stop)"),
          stdout);
    fflush(stdout);
    char key = read_key();
    fputs("\r\033[K", stdout);
    return key;
}

/* Bytes of the next `lines` screen lines; a long line counts for the rows that it wraps to. */
static size_t screenful(const char *s, size_t len, int lines, int columns)
{
    int column = 0;
    for (size_t i = 0; i < len; i++) {
        if (s[i] == '\n' || (((unsigned char)s[i] & 0xC0) != 0x80 && ++column > columns)) {
            column = s[i] == '\n' ? 0 : 1;
            if (--lines == 0)
                return s[i] == '\n' ? i + 1 : i;
        }
    }
    return len;
}

bool terminal_page(const char *bytes, size_t len, pagu_lang lang)
{
    int rows = terminal_rows(), columns = terminal_columns();
    if (!terminal_is(stdout) || !terminal_is(stdin) || is_dumb() || rows < 3)
        return terminal_write(stdout, bytes, len);
    int lines = rows - 1;
    while (len > 0) {
        size_t n = screenful(bytes, len, lines, columns);
        if (!terminal_write(stdout, bytes, n))
            return false;
        bytes += n;
        len -= n;
        if (len == 0)
            break;
        char key = ask_more(lang);
        if (key == 'q' || key == 'Q')
            break;
        lines = key == '\n' || key == '\r' ? 1 : rows - 1;
    }
    return true;
}
