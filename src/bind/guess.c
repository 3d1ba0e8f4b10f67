/* guess.c - edit distance with swaps, case ignored.
 * SPDX-License-Identifier: MIT */
#include "bind/guess.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

enum { MAX_WORD = 60 };

static int min3(int a, int b, int c)
{
    int m = a < b ? a : b;
    return m < c ? m : c;
}

static int lower(const char *s, int i)
{
    return tolower((unsigned char)s[i]);
}

/* Optimal string alignment distance (Damerau): a swap of neighbours counts once. */
static int edit_distance(const char *a, int na, const char *b, int nb)
{
    int d[3][MAX_WORD + 1];
    for (int j = 0; j <= nb; j++)
        d[0][j] = j;
    for (int i = 1; i <= na; i++) {
        int *row = d[i % 3], *up = d[(i - 1) % 3], *up2 = d[(i + 1) % 3];
        row[0] = i;
        for (int j = 1; j <= nb; j++) {
            int differ = lower(a, i - 1) != lower(b, j - 1);
            row[j] = min3(up[j] + 1, row[j - 1] + 1, up[j - 1] + differ);
            if (i > 1 && j > 1 && lower(a, i - 1) == lower(b, j - 2) && lower(a, i - 2) == lower(b, j - 1) &&
                up2[j - 2] + 1 < row[j])
                row[j] = up2[j - 2] + 1;
        }
    }
    return d[na % 3][nb];
}

void guess_start(guess *g, const char *word)
{
    size_t len = strlen(word);
    g->word = word;
    g->best[0] = '\0';
    g->distance = len <= 3 ? 2 : len <= 6 ? 3 : 4; /* one above what is accepted */
}

void guess_offer(guess *g, const char *candidate)
{
    size_t a = strlen(g->word), b = strlen(candidate);
    if (a == 0 || b == 0 || a > MAX_WORD || b > MAX_WORD)
        return;
    int d = edit_distance(g->word, (int)a, candidate, (int)b);
    if (d < g->distance && d < (int)b) {
        g->distance = d;
        snprintf(g->best, sizeof g->best, "%s", candidate);
    }
}
