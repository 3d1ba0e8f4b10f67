/* finding.c - a list of findings that owns its strings.
 * SPDX-License-Identifier: MIT */
#include "base/finding.h"

#include "base/base.h"

enum { SEVERITIES = PAGU_ERROR + 1 };

struct pagu_findings {
    pagu_ctx *ctx;
    symtab strings; /* rules, files and columns repeat */
    pagu_finding *list;
    uint32_t n, cap;
    uint32_t counts[SEVERITIES];
};

pagu_findings *pagu_findings_new(pagu_ctx *ctx)
{
    pagu_findings *fs = mem_zalloc(ctx, sizeof *fs);
    if (!fs)
        return NULL;
    fs->ctx = ctx;
    if (!symtab_init(&fs->strings, ctx)) {
        mem_free(ctx, fs, sizeof *fs);
        return NULL;
    }
    return fs;
}

void pagu_findings_free(pagu_findings *fs)
{
    if (!fs)
        return;
    symtab_free(&fs->strings);
    mem_free(fs->ctx, fs->list, fs->cap * sizeof fs->list[0]);
    mem_free(fs->ctx, fs, sizeof *fs);
}

pagu_ctx *findings_ctx(const pagu_findings *fs)
{
    return fs->ctx;
}

static bool own(pagu_findings *fs, const char **string)
{
    const char *s = *string ? *string : "";
    symbol found = symtab_intern(&fs->strings, s, strlen(s));
    if (found == NO_SYMBOL)
        return false;
    *string = symtab_str(&fs->strings, found);
    return true;
}

pagu_code pagu_findings_add(pagu_findings *fs, const pagu_finding *f)
{
    if ((unsigned)f->severity >= SEVERITIES)
        return PAGU_ARGUMENT;
    pagu_finding copy = *f;
    const char **strings[] = { &copy.rule,       &copy.file,    &copy.column,      &copy.key,       &copy.printed,
                               &copy.computed,   &copy.message, &copy.stage,       &copy.period,    &copy.difference,
                               &copy.suggestion, &copy.details, &copy.record_file, &copy.suppressed };
    for (size_t i = 0; i < COUNT_OF(strings); i++)
        if (!own(fs, strings[i]))
            return PAGU_NO_MEMORY;
    if (!mem_grow(fs->ctx, &fs->list, &fs->cap, fs->n, sizeof fs->list[0]))
        return PAGU_NO_MEMORY;
    fs->list[fs->n++] = copy;
    if (!*copy.suppressed)
        fs->counts[copy.severity]++;
    return PAGU_OK;
}

uint32_t pagu_findings_count(const pagu_findings *fs)
{
    return fs->n;
}

uint32_t pagu_findings_count_at(const pagu_findings *fs, pagu_severity at_least)
{
    uint32_t count = 0;
    for (int s = (int)at_least < 0 ? 0 : (int)at_least; s < SEVERITIES; s++)
        count += fs->counts[s];
    return count;
}

const pagu_finding *pagu_findings_get(const pagu_findings *fs, uint32_t i)
{
    return i < fs->n ? &fs->list[i] : NULL;
}
