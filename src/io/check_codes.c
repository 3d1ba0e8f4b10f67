/* check_codes.c - the codes of a plan against a nomenclature.
 *
 * A code is looked up as it stands, whatever its padding; then, for supporting programs, with the
 * list's alias ("X.XX") in place of the bidang. What is not found is asked for by name, then by
 * the nearest code, so that a finding says what the analyst most likely meant.
 *
 * SPDX-License-Identifier: MIT */
#include "io/codes.h"
#include "scenario/scenario_struct.h"

#include <stdarg.h>
#include <stdio.h>

enum { POLL_ROWS = 4096, SUGGESTED_CODES = 200, KIND_SEGMENT = 3 };

typedef struct code_check {
    const pagu_view *v;
    const pagu_plan *plan;
    const code_index *x;
    const char *kind;    /* "prov", "kabkot"; "": not known */
    const char *aliases; /* blank-separated */
    uint32_t n_searched; /* nearest codes looked for: a plan of another list must not take hours */
    code_report *report;
} code_check;

/* ---- findings ---- */

static void say(code_check *c, pagu_finding *f, const char *format, ...) PAGU_PRINTF(3, 4);
static void say(code_check *c, pagu_finding *f, const char *format, ...)
{
    char message[600];
    va_list args;
    if (c->report->code != PAGU_OK)
        return;
    va_start(args, format);
    vsnprintf(message, sizeof message, tr(c->plan->ctx, format), args);
    va_end(args);
    f->message = message;
    char mend[NAME_ROOM];
    snprintf(mend, sizeof mend, tr(c->plan->ctx, "write %s"), f->computed ? f->computed : "");
    f->suggestion = f->computed && *f->computed ? mend : "";
    c->report->add(c->report->ud, f);
}

static pagu_finding finding_at(const code_check *c, pagu_row row, const char *rule, pagu_severity severity,
                               const char *column, const char *printed, const char *computed)
{
    return (pagu_finding){ .rule = rule,
                           .severity = severity,
                           .file = "nodes.csv",
                           .column = column,
                           .key = pagu_view_key(c->v, row),
                           .printed = printed,
                           .computed = computed };
}

/* ---- looking up ---- */

static bool kind_fits(const code_check *c, const code_entry *e)
{
    return !*e->kind || !*c->kind || str_eq(e->kind, c->kind);
}

/* The best entry of a code: in force and of our kind, else in force, else any. */
static const code_entry *best_entry(const code_check *c, const char *code, size_t len)
{
    const code_entry *best = NULL;
    for (const code_entry *e = code_index_find(c->x, code, len); e; e = code_index_next(c->x, e)) {
        int worth = (e->active ? 2 : 0) + kind_fits(c, e),
            known = best ? (best->active ? 2 : 0) + kind_fits(c, best) : -1;
        if (worth > known)
            best = e;
    }
    return best;
}

/* "1.06.01" under the alias "X.XX" is the list's "X.XX.01". */
static const code_entry *aliased_entry(const code_check *c, const char *code)
{
    const char *alias = c->aliases;
    size_t len;
    for (; (alias = alias_next(alias, &len)) != NULL; alias += len) {
        code_text t;
        const code_entry *e =
            code_aliased(code, alias, len, c->x->separator, &t) ? best_entry(c, t.s, strlen(t.s)) : NULL;
        if (e)
            return e;
    }
    return NULL;
}

static const code_entry *find_entry(const code_check *c, const char *code)
{
    const code_entry *e = best_entry(c, code, strlen(code)), *a = e && e->active ? NULL : aliased_entry(c, code);
    return a && (!e || a->active) ? a : e;
}

/* ---- aliases left in a plan ---- */

/* The alias that a code begins with: its segments, or 0. */
static uint32_t written_alias(const code_check *c, const char *code, size_t *alias_len)
{
    const char *alias = c->aliases;
    size_t len;
    for (; (alias = alias_next(alias, &len)) != NULL; alias += len)
        if (strncmp(code, alias, len) == 0 && (code[len] == c->x->separator || !code[len])) {
            *alias_len = len;
            return alias_segments(alias, len, c->x->separator);
        }
    return 0;
}

/* The root of the package that a row stands in: the nearest ancestor without a code. */
static pagu_row package_root(const pagu_view *v, pagu_row row)
{
    while (row_parent(v, row) != PAGU_NO_ROW && *pagu_view_code(v, row))
        row = row_parent(v, row);
    return row;
}

/* The first code of n segments at or below a row, in tree order, that is no alias. */
static const char *first_code_of(const code_check *c, pagu_row row, uint32_t n)
{
    const char *code = pagu_view_code(c->v, row);
    size_t len;
    if (*code && code_segments(code, c->x->separator) == n && !written_alias(c, code, &len))
        return code;
    if (*code && code_segments(code, c->x->separator) >= n)
        return NULL;
    for (pagu_row child = pagu_view_first_child(c->v, row); child != PAGU_NO_ROW;
         child = pagu_view_next_child(c->v, child)) {
        const char *found = first_code_of(c, child, n);
        if (found)
            return found;
    }
    return NULL;
}

/* An ancestor's code of n segments, else the first one of the package. */
static const char *own_bidang(const code_check *c, pagu_row row, uint32_t n)
{
    size_t len;
    for (pagu_row up = row; up != PAGU_NO_ROW; up = row_parent(c->v, up)) {
        const char *code = pagu_view_code(c->v, up);
        if (*code && code_segments(code, c->x->separator) == n && !written_alias(c, code, &len))
            return code;
    }
    return first_code_of(c, package_root(c->v, row), n);
}

/* The list's code as this unit writes it: its own bidang for the alias. */
static code_text own_spelling(const code_check *c, pagu_row row, const char *code)
{
    size_t len = 0;
    uint32_t n = written_alias(c, code, &len);
    const char *own = n ? own_bidang(c, row, n) : NULL;
    if (own)
        return code_with_prefix(own, strlen(own), code + len);
    return code_with_prefix(code, strlen(code), "");
}

static bool check_alias(code_check *c, pagu_row row, const char *code)
{
    size_t len;
    if (!written_alias(c, code, &len))
        return false;
    code_text own = own_spelling(c, row, code);
    bool replaced = !str_eq(own.s, code);
    pagu_finding f = finding_at(c, row, "code-alias", PAGU_WARNING, "code", code, replaced ? own.s : "");
    if (replaced)
        say(c, &f, "code %s still bears the alias of the list; the unit's own is %s", code, own.s);
    else
        say(c, &f, "code %s still bears the alias of the list, and the package has no bidang of its own to put there",
            code);
    return true;
}

/* ---- codes that the list doesn't have ---- */

/* What the code would be with the other kind's fourth segment. */
static const code_entry *other_kind(const code_check *c, const char *code)
{
    char sep = c->x->separator;
    if (code_segments(code, sep) <= KIND_SEGMENT)
        return NULL;
    size_t at = code_segment_at(code, sep, KIND_SEGMENT), len = strcspn(code + at, (char[]){ sep, '\0' });
    if (len != 1 || (code[at] != '1' && code[at] != '2'))
        return NULL;
    code_text t = code_with_prefix(code, strlen(code), "");
    t.s[at] = code[at] == '1' ? '2' : '1';
    const code_entry *e = find_entry(c, t.s);
    return e && e->active ? e : NULL;
}

static const code_entry *nearest_entry(code_check *c, const char *code)
{
    nearest n;
    if (c->n_searched++ >= SUGGESTED_CODES)
        return NULL;
    nearest_init(&n, code);
    for (uint32_t i = 0; i < c->x->n; i++)
        if (c->x->entries[i].active)
            nearest_offer(&n, c->x->entries[i].code);
    return n.count ? best_entry(c, n.name[0], strlen(n.name[0])) : NULL;
}

static void unknown_code(code_check *c, pagu_row row, const char *code)
{
    const char *name = pagu_view_row_name(c->v, row);
    const code_entry *named = code_index_named(c->x, name), *kind = other_kind(c, code);
    if (kind && name_compare(name, kind->name) != NAME_OTHER) {
        code_text own = own_spelling(c, row, kind->code);
        pagu_finding f = finding_at(c, row, "code-kind", PAGU_WARNING, "code", code, own.s);
        say(c, &f,
            "code %s is not in %s %s; \"%s\" is %s there: the fourth segment is 1 for provinces, 2 for regencies and "
            "cities",
            code, c->x->list, c->x->version, name, own.s);
        return;
    }
    if (named) {
        code_text own = own_spelling(c, row, named->code);
        pagu_finding f = finding_at(c, row, "code-unknown", PAGU_WARNING, "code", code, own.s);
        say(c, &f, "code %s is not in %s %s; \"%s\" is %s there", code, c->x->list, c->x->version, name, own.s);
        return;
    }
    const code_entry *near = nearest_entry(c, code);
    code_text own = near ? own_spelling(c, row, near->code) : (code_text){ "" };
    pagu_finding f = finding_at(c, row, "code-unknown", PAGU_WARNING, "code", code, own.s);
    if (near)
        say(c, &f, "code %s is not in %s %s; nearest: %s \"%s\"", code, c->x->list, c->x->version, own.s, near->name);
    else
        say(c, &f, "code %s is not in %s %s", code, c->x->list, c->x->version);
}

static void retired_code(code_check *c, pagu_row row, const char *code, const code_entry *e)
{
    const code_entry *now = code_index_named(c->x, e->name);
    if (!now)
        now = code_index_named(c->x, pagu_view_row_name(c->v, row));
    code_text own = now ? own_spelling(c, row, now->code) : (code_text){ "" };
    pagu_finding f = finding_at(c, row, "code-retired", PAGU_WARNING, "code", code, own.s);
    if (now)
        say(c, &f, "code %s of %s %s is not in force in %s; \"%s\" is %s now", code, c->x->list, e->version,
            c->x->version, now->name, own.s);
    else
        say(c, &f, "code %s of %s %s is not in force in %s, and no code there has its name", code, c->x->list,
            e->version, c->x->version);
}

/* ---- what the list says of a code ---- */

static void check_name(code_check *c, pagu_row row, const char *code, const code_entry *e)
{
    const char *name = pagu_view_row_name(c->v, row);
    name_likeness like = name_compare(name, e->name);
    if (like == NAME_SAME)
        return;
    if (like == NAME_NEAR) {
        pagu_finding f = finding_at(c, row, "code-spelling", PAGU_NOTE, "name", name, e->name);
        say(c, &f, "the name of %s is spelt differently in %s %s: \"%s\"", code, c->x->list, c->x->version, e->name);
        return;
    }
    pagu_finding f = finding_at(c, row, "code-renamed", PAGU_WARNING, "name", name, e->name);
    const code_entry *named = code_index_named(c->x, name);
    if (named) {
        code_text own = own_spelling(c, row, named->code);
        say(c, &f, "%s is \"%s\" in %s %s; the name given here has the code %s", code, e->name, c->x->list,
            c->x->version, own.s);
    } else {
        say(c, &f, "%s is \"%s\" in %s %s", code, e->name, c->x->list, c->x->version);
    }
}

static void check_level(code_check *c, pagu_row row, const char *code, const code_entry *e)
{
    pagu_level level = pagu_view_level(c->v, row);
    const char *id = level == PAGU_NONE ? "" : pagu_plan_level_id(c->plan, level);
    if (!*e->level || !*id || str_eq(id, e->level))
        return;
    pagu_finding f = finding_at(c, row, "code-level", PAGU_WARNING, "level", id, e->level);
    say(c, &f, "%s stands at level %s; in %s %s it is %s", code, id, c->x->list, c->x->version, e->level);
}

static void check_kind(code_check *c, pagu_row row, const char *code, const code_entry *e)
{
    if (kind_fits(c, e))
        return;
    pagu_finding f = finding_at(c, row, "code-kind", PAGU_WARNING, "code", code, "");
    say(c, &f, "code %s is of kind \"%s\" in %s %s; the plan is of kind \"%s\"", code, e->kind, c->x->list,
        c->x->version, c->kind);
}

/* Does a unit's id, its name or one of its other spellings read like the list's? */
static bool unit_reads_like(const pagu_plan *p, const char *unit, const char *text)
{
    char part[NAME_ROOM];
    if (name_compare(unit, text) == NAME_SAME)
        return true;
    for (uint32_t i = 0; i < p->n_units; i++) {
        if (!str_eq(plan_str(p, p->units[i].id), unit))
            continue;
        if (name_compare(plan_str(p, p->units[i].name), text) == NAME_SAME)
            return true;
        for (const char *s = plan_str(p, p->units[i].synonyms); *s;) {
            size_t len = strcspn(s, "|");
            snprintf(part, sizeof part, "%.*s", (int)len, s);
            if (name_compare(part, text) == NAME_SAME)
                return true;
            s += len + (s[len] == '|');
        }
    }
    return false;
}

static void check_unit(code_check *c, pagu_row row, const char *code, const code_entry *e, pagu_indicator ind)
{
    pagu_indicator_info info = pagu_view_indicator(c->v, ind);
    if (!*e->unit || (*info.unit && unit_reads_like(c->plan, info.unit, e->unit)))
        return;
    pagu_finding f = finding_at(c, row, "code-unit", PAGU_WARNING, "unit", info.unit, e->unit);
    f.file = "indicators.csv";
    f.key = info.id;
    say(c, &f, "the indicator of %s is measured in \"%s\"; in %s %s it is \"%s\"", code, info.unit, c->x->list,
        c->x->version, e->unit);
}

/* The indicator that reads like the list's is judged by its unit. */
static void check_indicators(code_check *c, pagu_row row, const char *code, const code_entry *e)
{
    pagu_indicator first = pagu_view_first_indicator(c->v, row), like = PAGU_NO_INDICATOR;
    if (!*e->indicator)
        return;
    for (pagu_indicator i = first; i != PAGU_NO_INDICATOR && like == PAGU_NO_INDICATOR;
         i = pagu_view_next_indicator(c->v, i))
        if (name_compare(pagu_view_indicator(c->v, i).name, e->indicator) != NAME_OTHER)
            like = i;
    if (like != PAGU_NO_INDICATOR) {
        check_unit(c, row, code, e, like);
        return;
    }
    bool none = first == PAGU_NO_INDICATOR;
    const char *name = none ? "" : pagu_view_indicator(c->v, first).name;
    pagu_finding f =
        finding_at(c, row, "code-indicator", none ? PAGU_WARNING : PAGU_NOTE, "indicator", name, e->indicator);
    if (none)
        say(c, &f, "%s has no indicator; in %s %s it has \"%s\"", code, c->x->list, c->x->version, e->indicator);
    else
        say(c, &f, "no indicator of %s reads like that of %s %s: \"%s\"", code, c->x->list, c->x->version,
            e->indicator);
}

/* ---- all ---- */

/* Levels that the list speaks of; a list without levels speaks of all. */
static uint64_t listed_levels(const pagu_plan *p, const code_index *x)
{
    uint64_t levels = 0;
    for (uint32_t l = 0; l < p->n_levels && l < 64; l++)
        for (uint32_t i = 0; i < x->n; i++)
            if (!*x->entries[i].level || str_eq(x->entries[i].level, plan_str(p, p->levels[l].id))) {
                levels |= UINT64_C(1) << l;
                break;
            }
    return levels;
}

/* The kind that most codes in force are of, when the package declares none. */
static const char *usual_kind(const code_check *c)
{
    const char *kinds[8] = { NULL };
    uint32_t counts[8] = { 0 }, best = 0;
    const char *given = pagu_plan_meta(c->plan, "codes.kind");
    for (pagu_row row = 0; row < pagu_view_row_count(c->v) && !given; row++) {
        const code_entry *e = *pagu_view_code(c->v, row) ? find_entry(c, pagu_view_code(c->v, row)) : NULL;
        if (!e || !e->active || !*e->kind)
            continue;
        uint32_t i = 0;
        while (i + 1 < COUNT_OF(kinds) && kinds[i] && !str_eq(kinds[i], e->kind))
            i++;
        kinds[i] = e->kind;
        counts[i]++;
    }
    for (uint32_t i = 1; i < COUNT_OF(kinds); i++)
        best = counts[i] > counts[best] ? i : best;
    return given ? given : kinds[best] ? kinds[best] : "";
}

static void check_row(code_check *c, pagu_row row)
{
    const char *code = pagu_view_code(c->v, row);
    if (check_alias(c, row, code))
        return;
    const code_entry *e = find_entry(c, code);
    if (!e || !e->active) {
        if (e)
            retired_code(c, row, code, e);
        else
            unknown_code(c, row, code);
        return;
    }
    check_name(c, row, code, e);
    check_level(c, row, code, e);
    check_kind(c, row, code, e);
    check_indicators(c, row, code, e);
}

static bool is_checked(const code_check *c, pagu_row row, uint64_t levels)
{
    pagu_level level = pagu_view_level(c->v, row);
    return level != PAGU_NONE && level < 64 && levels >> level & 1 && *pagu_view_code(c->v, row) &&
           pagu_view_is_member(c->v, row) && !pagu_view_is_own_line(c->v, row);
}

/* In tree order: findings stand as the plan does. */
static void check_rows(code_check *c, uint64_t levels)
{
    pagu_ctx *ctx = c->plan->ctx;
    uint32_t count = pagu_view_row_count(c->v), n = 0;
    pagu_row *rows = mem_array(ctx, count, sizeof *rows);
    if (!rows) {
        c->report->code = PAGU_NO_MEMORY;
        return;
    }
    for (pagu_row row = 0; row < count; row++)
        if (is_checked(c, row, levels))
            rows[n++] = row;
    if (pagu_view_sort(c->v, rows, n) != PAGU_OK)
        c->report->code = PAGU_NO_MEMORY;
    for (uint32_t i = 0; i < n && c->report->code == PAGU_OK; i++) {
        if (i % POLL_ROWS == 0 && pagu_ctx_interrupted(ctx))
            c->report->code = PAGU_INTERRUPTED;
        else
            check_row(c, rows[i]);
    }
    mem_free(ctx, rows, count * sizeof *rows);
}

pagu_code codes_check(const pagu_view *v, const pagu_plan *source, code_report *report)
{
    code_index x;
    bool found;
    const pagu_plan *plan = v->plan;
    report->code = code_index_open(&x, source, plan, NULL, &found);
    if (report->code == PAGU_OK && found) {
        code_check c = { .v = v, .plan = plan, .x = &x, .kind = "", .aliases = plan_aliases(plan), .report = report };
        c.kind = usual_kind(&c);
        check_rows(&c, listed_levels(plan, &x));
    }
    code_index_close(&x);
    return report->code;
}

typedef struct finding_list {
    pagu_findings *findings;
    code_report *report;
} finding_list;

static void append(void *ud, const pagu_finding *f)
{
    finding_list *list = ud;
    list->report->code = pagu_findings_add(list->findings, f);
}

pagu_code pagu_check_codes(const pagu_view *v, const pagu_codes *codes, pagu_findings *findings, pagu_error *err)
{
    code_report report = { .add = append };
    finding_list list = { findings, &report };
    report.ud = &list;
    pagu_code code = codes_check(v, codes ? codes->plan : v->plan, &report);
    if (code == PAGU_INTERRUPTED)
        return err_set(v->plan->ctx, err, code, "interrupted");
    return code == PAGU_OK ? code : err_memory(v->plan->ctx, err);
}
