/* sweep_progress.c - see sweep_progress.h.
 * SPDX-License-Identifier: MIT */
#include "cli/sweep_progress.h"

#include "cli/sweep_pool.h"
#include "host/terminal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void progress_start(progress *p, const cli *c, uint32_t total, uint32_t done)
{
    const char *term = getenv("TERM");
    bool dumb = !term || !*term || strcmp(term, "dumb") == 0;
    *p = (progress){ .c = c, .on = !c->quiet && terminal_is(stderr) && !dumb, .total = total, .before = done };
    p->start = p->last = pool_now();
}

void progress_duration(const cli *c, double seconds, char *out, size_t size)
{
    unsigned long s = seconds < 1e9 ? (unsigned long)(seconds + 0.5) : 999999999;
    const char *hour = pick(c->lang, "j", "h"), *second = pick(c->lang, "d", "s");
    if (s >= 3600)
        snprintf(out, size, "%lu%s%02lum%02lu%s", s / 3600, hour, s / 60 % 60, s % 60, second);
    else if (s >= 60)
        snprintf(out, size, "%lum%02lu%s", s / 60, s % 60, second);
    else
        snprintf(out, size, "%lu%s", s, second);
}

static void put_number(const cli *c, uint32_t n, char out[32])
{
    pagu_money_format(out, 32, n, c->lang == PAGU_LANG_EN ? PAGU_LOCALE_EN : PAGU_LOCALE_ID, 0);
}

void progress_show(progress *p, uint32_t done, uint32_t failed)
{
    double now = pool_now();
    if (!p->on || now - p->start < 1 || now - p->last < 0.1)
        return;
    char counts[2][32], bad[64] = "", left[32] = "";
    put_number(p->c, done, counts[0]);
    put_number(p->c, p->total, counts[1]);
    if (failed > 0)
        snprintf(bad, sizeof bad, pick(p->c->lang, ", %u gagal", ", %u failed"), failed);
    if (done > p->before) {
        char time[24];
        progress_duration(p->c, (now - p->start) * (p->total - done) / (done - p->before), time, sizeof time);
        snprintf(left, sizeof left, pick(p->c->lang, ", sisa %s", ", %s left"), time);
    }
    fprintf(stderr, "\r\033[K%u%% %s/%s %s%s%s", (unsigned)((uint64_t)done * 100 / p->total), counts[0], counts[1],
            pick(p->c->lang, "anggota", "members"), bad, left);
    fflush(stderr);
    p->last = now;
    p->shown = true;
}

void progress_end(progress *p)
{
    if (p->shown) {
        fputs("\r\033[K", stderr);
        fflush(stderr);
    }
    p->on = p->shown = false;
}
