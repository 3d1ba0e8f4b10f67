/* repl_history.c - see editor.h. A history is a convenience: what can't be read or written is
 * passed over in silence.
 * SPDX-License-Identifier: MIT */
#include "base/base.h"
#include "host/editor.h"

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { KEPT = 1000, TOO_MANY = 2000 };

/* Make every folder of a path that ends in "/". */
static void make_folders(char *path)
{
    for (char *slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        mkdir(path, 0700);
        *slash = '/';
    }
}

bool history_path(const char *plan_path, char *out, size_t size)
{
    const char *state = getenv("XDG_STATE_HOME"), *home = getenv("HOME");
    char real[PATH_MAX], hash[65];
    sha256 s;
    if (!(state && *state == '/') && !(home && *home == '/'))
        return false;
    const char *name = plan_path && realpath(plan_path, real) ? real : "";
    sha256_init(&s);
    sha256_add(&s, name, strlen(name));
    sha256_hex(&s, hash);
    bool xdg = state && *state == '/';
    int n = snprintf(out, size, "%s%s/pagu/history-%.16s", xdg ? state : home, xdg ? "" : "/.local/state", hash);
    if (n < 0 || (size_t)n >= size)
        return false;
    make_folders(out);
    return true;
}

static void unescape(char *s)
{
    char *to = s;
    for (; *s && *s != '\n'; s++) {
        if (*s == '\\' && s[1]) {
            s++;
            *to++ = *s == 'n' ? '\n' : *s;
        } else {
            *to++ = *s;
        }
    }
    *to = '\0';
}

static void write_entry(FILE *f, const char *entry)
{
    for (; *entry; entry++) {
        if (*entry == '\n')
            fputs("\\n", f);
        else if (*entry == '\\')
            fputs("\\\\", f);
        else
            fputc(*entry, f);
    }
    fputc('\n', f);
}

/* Keep the last entries only; a crash in between loses history, not data. */
static void trim(const char *path, char **lines, size_t n)
{
    FILE *f = fopen(path, "w");
    if (!f)
        return;
    for (size_t i = n - KEPT; i < n; i++)
        write_entry(f, lines[i]);
    fclose(f);
}

void history_load(const char *path, void (*f)(void *ud, const char *entry), void *ud)
{
    FILE *file = fopen(path, "r");
    char **lines = NULL, *line = NULL;
    size_t n = 0, cap = 0, size = 0;
    while (file && getline(&line, &size, file) > 0) {
        if (n == cap) {
            char **grown = realloc(lines, (cap = cap ? 2 * cap : 256) * sizeof *lines);
            if (!grown)
                break;
            lines = grown;
        }
        unescape(line);
        if ((lines[n] = strdup(line)) != NULL)
            n++;
    }
    if (file)
        fclose(file);
    for (size_t i = n > KEPT ? n - KEPT : 0; i < n; i++)
        f(ud, lines[i]);
    if (n > TOO_MANY)
        trim(path, lines, n);
    while (n > 0)
        free(lines[--n]);
    free(lines);
    free(line);
}

void history_append(const char *path, const char *entry)
{
    int fd = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
    FILE *f = fd >= 0 ? fdopen(fd, "a") : NULL;
    if (!f)
        return;
    write_entry(f, entry);
    fclose(f);
}
