/* import_column.c - years, stages, twins and spellings of the columns of a table.
 * SPDX-License-Identifier: MIT */
#include "io/import_parts.h"

#include <stdio.h>
#include <stdlib.h>

static bool is_value(const import_column *c)
{
    return c->role == ROLE_MONEY || c->role == ROLE_MEASURE || c->role == ROLE_CLAIM;
}

static bool is_field(const import_column *c, const char *field)
{
    return c->field && str_eq(c->field, field);
}

static bool is_stage(const char *stage, const char *name)
{
    return stage && str_eq(stage, name);
}

/* Always of the common stage: what happened, and what is expected to. */
static bool is_common(const import_column *c)
{
    return is_field(c, "achieved") || is_field(c, "spent") || is_field(c, "projected") || c->role == ROLE_CLAIM;
}

/* ---- the plan year ---- */

static int first_year(const char *text)
{
    for (const char *p = text; *p; p++) {
        bool inside = p > text && p[-1] >= '0' && p[-1] <= '9';
        if (inside || strspn(p, "0123456789") != 4)
            continue;
        int year = atoi(p);
        if (year >= 1990 && year <= 2099)
            return year;
    }
    return 0;
}

/* Tables of results end three years (realised) or one (expected) before the plan year. */
static int year_of_results(const import_sheet *s, const char **from)
{
    for (uint32_t i = 0; i < s->n_columns; i++) {
        const import_column *c = &s->columns[i];
        if (!c->words.year || !(is_field(c, "cumulative") || (is_field(c, "achieved") && c->words.up_to)))
            continue;
        *from = c->header;
        return c->words.year + (is_field(c, "cumulative") ? 1 : 3);
    }
    return 0;
}

/* A dated column beside an undated one is the forward estimate; else the first dated one is meant. */
static int year_of_plans(const import_sheet *s, const char **from)
{
    int low = 0;
    bool undated = false;
    for (uint32_t i = 0; i < s->n_columns; i++) {
        const import_column *c = &s->columns[i];
        bool planned = (is_field(c, "budget") || is_field(c, "target")) && !is_stage(c->stage, "renstra");
        if (!planned)
            continue;
        if (c->words.year && (!low || c->words.year < low)) {
            low = c->words.year;
            *from = c->header;
        }
        undated = undated || (!c->words.year && !c->words.has_relative);
    }
    return low && undated ? low - 1 : low;
}

static pagu_code settle_year(import_sheet *s, pagu_error *err)
{
    draft *d = &s->im->d;
    s->year = s->o->year ? s->o->year : s->t && s->t->year ? s->t->year : d->year;
    if (!s->year)
        s->year = year_of_results(s, &s->year_from);
    if (!s->year && (s->year = first_year(s->title)))
        s->year_from = s->title;
    if (!s->year)
        s->year = year_of_plans(s, &s->year_from);
    if (!s->year && (s->year = first_year(s->file)))
        s->year_from = s->file;
    if (!s->year)
        return err_set(d->ctx, err, PAGU_ARGUMENT, "%s: nothing tells the plan year; give it with --year", s->file);
    if (d->year && d->year != s->year)
        return err_set(d->ctx, err, PAGU_ARGUMENT, "%s: is of plan year %d, but the plan is of %d", s->file, s->year,
                       d->year);
    d->year = s->year;
    return PAGU_OK;
}

/* ---- stage and period ---- */

static const char *period_text(draft *d, int year, bool up_to, int part)
{
    char text[32], quarter[8] = "";
    if (part)
        snprintf(quarter, sizeof quarter, "Q%d", part);
    snprintf(text, sizeof text, "%s%d%s", up_to ? ".." : "", year, quarter);
    return draft_keep_text(d, text);
}

/* "n+1", "..n-3", "nQ2", or a period as it is. */
static const char *period_of_template(import_sheet *s, const char *text)
{
    const char *p = strncmp(text, "..", 2) == 0 ? text + 2 : text;
    if (*p != 'n')
        return text;
    int year = s->year, part = 0;
    char *end = (char *)(uintptr_t)(p + 1);
    if (*end == '+' || *end == '-')
        year += (int)strtol(end, &end, 10);
    if (*end == 'Q')
        part = atoi(end + 1);
    return period_text(&s->im->d, year, p != text, part);
}

static uint32_t count_renstra(const import_sheet *s)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < s->n_columns; i++)
        n += is_stage(s->columns[i].stage, "renstra") && is_field(&s->columns[i], "target");
    return n;
}

static int default_year(const import_sheet *s, const import_column *c)
{
    if (is_field(c, "rate"))
        return s->year - 2;
    return is_field(c, "cumulative") || is_field(c, "strategic_rate") ? s->year - 1 : s->year;
}

static void settle_period(import_sheet *s, import_column *c, uint32_t n_renstra)
{
    draft *d = &s->im->d;
    const header_words *w = &c->words;
    int year = w->year ? w->year : w->has_relative ? s->year + w->relative : default_year(s, c);
    bool renstra = is_stage(c->stage, "renstra");
    if (c->period) {
        c->period = draft_keep_text(d, period_of_template(s, c->period));
    } else if (is_field(c, "baseline") || is_field(c, "standard") || is_field(c, "code")) {
        c->period = "*";
    } else if (renstra && is_field(c, "target") && n_renstra == 1) {
        c->period = period_text(d, year, true, 0);
        d->strategic_end = d->strategic_end ? d->strategic_end : year;
    } else {
        c->period = period_text(d, year, w->up_to && is_field(c, "achieved"), w->part);
    }
    if (is_common(c) && !is_field(c, "code"))
        c->stage = "common";
    else if (!c->stage)
        c->stage = year < s->year && !is_field(c, "code") ? "common" : s->stage;
}

static void settle_stages(import_sheet *s)
{
    draft *d = &s->im->d;
    uint32_t n_renstra = count_renstra(s);
    s->stage = s->o->stage ? s->o->stage : s->t && s->t->stage ? s->t->stage : "final";
    s->stage = draft_keep_text(d, s->stage);
    for (uint32_t i = 0; i < s->n_columns; i++) {
        import_column *c = &s->columns[i];
        if (is_value(c))
            settle_period(s, c, n_renstra);
        if (c->stage)
            c->stage = draft_keep_text(d, c->stage);
        if (c->stage && is_value(c) && !is_field(c, "code"))
            import_put_stage(d, c->stage);
    }
    import_put_stage(d, "common");
}

/* Texts of a table belong to the stage that its plan columns are of: the first of them. */
static void settle_text_stage(import_sheet *s)
{
    const char *first = NULL;
    bool own = false;
    for (uint32_t i = 0; i < s->n_columns; i++) {
        const import_column *c = &s->columns[i];
        bool value = c->role == ROLE_MONEY || c->role == ROLE_MEASURE;
        if (!value || is_stage(c->stage, "common") || is_stage(c->stage, "renstra"))
            continue;
        first = first ? first : c->stage;
        own = own || str_eq(c->stage, s->stage);
    }
    bool values = false;
    for (uint32_t i = 0; i < s->n_columns; i++)
        values = values || s->columns[i].role == ROLE_MONEY || s->columns[i].role == ROLE_MEASURE;
    if (!own && (first || values))
        s->stage = first ? first : "common";
    for (uint32_t i = 0; i < s->n_columns; i++)
        if (is_field(&s->columns[i], "code"))
            s->columns[i].stage = s->stage;
}

/* ---- twins and units ---- */

static bool same_value(const import_column *a, const import_column *b)
{
    return a->role == b->role && a->field && b->field && str_eq(a->field, b->field) && str_eq(a->stage, b->stage) &&
           str_eq(a->period, b->period);
}

/* The column as printed gives the value, the one in plain digits settles what is ambiguous. */
static void find_twins(import_sheet *s)
{
    for (uint32_t i = 0; i < s->n_columns; i++) {
        import_column *a = &s->columns[i];
        for (uint32_t j = i + 1; j < s->n_columns && (a->role == ROLE_MONEY || a->role == ROLE_MEASURE); j++) {
            import_column *b = &s->columns[j];
            if (!same_value(a, b))
                continue;
            import_column *raw = b->words.raw ? b : a, *plain = raw == b ? a : b;
            if (raw->words.raw && !plain->words.raw) {
                raw->twin_at = (int)plain->at;
                plain->role = ROLE_IGNORE;
            } else {
                import_tell(s, FAULT_NOTE, s->g->rows[s->header].line, b->header, "", "",
                            "the column says the same as \"%s\" and is only kept as printed", a->header);
                b->role = ROLE_UNKNOWN;
            }
        }
    }
}

/* Names of printed cells must differ. */
static void tell_names_apart(import_sheet *s)
{
    char name[128];
    for (uint32_t i = 0; i < s->n_columns; i++) {
        import_column *c = &s->columns[i];
        bool taken = !*c->name;
        if (c->role == ROLE_IGNORE)
            continue;
        for (uint32_t j = 0; j < i && !taken; j++)
            taken = s->columns[j].role != ROLE_IGNORE && str_eq(s->columns[j].name, c->name);
        if (!taken)
            continue;
        snprintf(name, sizeof name, "%s%s%u", c->name, *c->name ? "_" : "kolom_", c->at + 1);
        c->name = draft_keep_text(&s->im->d, name);
    }
}

static void find_units(import_sheet *s)
{
    uint32_t n_units = 0, only = 0;
    for (uint32_t i = 0; i < s->n_columns; i++)
        if (s->columns[i].role == ROLE_UNIT) {
            n_units++;
            only = s->columns[i].at;
        }
    for (uint32_t i = 0; i < s->n_columns; i++) {
        import_column *c = &s->columns[i];
        if (c->role != ROLE_MEASURE)
            continue;
        if (i + 1 < s->n_columns && s->columns[i + 1].role == ROLE_UNIT)
            c->unit_at = (int)s->columns[i + 1].at;
        else if (n_units == 1)
            c->unit_at = (int)only;
        else if (i > 0 && s->columns[i - 1].role == ROLE_UNIT)
            c->unit_at = (int)s->columns[i - 1].at;
    }
}

/* ---- spelling of numbers ---- */

static void settle_locales(import_sheet *s)
{
    locale_evidence all = { 0, 0 };
    char decimal = s->o->decimal ? s->o->decimal : s->t ? s->t->decimal : 0;
    for (int pass = 0; pass < 2; pass++) {
        for (uint32_t i = 0; i < s->n_columns; i++) {
            import_column *c = &s->columns[i];
            locale_evidence e = { 0, 0 };
            if (!is_value(c))
                continue;
            for (uint32_t r = s->body; r < s->end; r++) {
                const grid_cell *cell = grid_at(s->g, r, c->at);
                if (cell && cell->kind == GRID_TEXT)
                    evidence_add(&e, cell->text);
            }
            all.id += pass ? 0 : e.id;
            all.en += pass ? 0 : e.en;
            c->locale = e.id || e.en ? evidence_locale(&e) : evidence_locale(&all);
        }
    }
    s->locale = evidence_locale(&all);
    if (!decimal)
        return;
    s->locale = decimal == ',' ? PAGU_LOCALE_ID : PAGU_LOCALE_EN;
    for (uint32_t i = 0; i < s->n_columns; i++)
        s->columns[i].locale = s->locale;
}

/* A title that says thousands holds for all amounts that say nothing themselves. */
static void settle_factor(import_sheet *s)
{
    int64_t factor = s->t && s->t->unit ? 1 : words_of_title(s->title);
    for (uint32_t i = 0; i < s->n_columns && factor > 1; i++)
        if (s->columns[i].role == ROLE_MONEY && s->columns[i].words.factor == 1)
            s->columns[i].words.factor = factor;
}

/* ---- what was understood ---- */

const char *import_field_words(pagu_ctx *ctx, const char *field)
{
    static const char *const ids[] = { "budget",   "spent", "target", "achieved",   "projected",      "baseline",
                                       "standard", "rate",  "code",   "cumulative", "strategic_rate", "absorption" };
    static const char *const titles[] = {
        "budget",
        "spending",
        "target",
        "achievement",
        "projection",
        "baseline",
        "standard",
        "rate",
        "code",
        "cumulative value",
        "rate against the strategic target",
        "absorption",
    };
    for (size_t i = 0; i < COUNT_OF(ids); i++)
        if (strcmp(ids[i], field) == 0)
            return tr(ctx, titles[i]);
    return field;
}

static const char *meaning_of(import_sheet *s, const import_column *c)
{
    static const char *const words[] = {
        [ROLE_UNKNOWN] = "kept as printed",
        [ROLE_IGNORE] = "left out",
        [ROLE_ROW] = "running number",
        [ROLE_CODE] = "code of the row",
        [ROLE_LEVEL] = "level of the row",
        [ROLE_NAME] = "name of the row",
        [ROLE_INDICATOR] = "name of an indicator",
        [ROLE_UNIT] = "unit of the target",
        [ROLE_MONEY] = "money column",
        [ROLE_MEASURE] = "measured value",
        [ROLE_CLAIM] = "printed figure",
        [ROLE_TAG] = "class of a tree",
        [ROLE_NOTE] = "remark",
        [ROLE_ATTRIBUTE] = "free attribute",
    };
    char text[300];
    const char *word = tr(s->im->ctx, words[c->role]);
    const char *field = c->field ? import_field_words(s->im->ctx, c->field) : NULL;
    if (is_value(c) && !is_field(c, "code"))
        snprintf(text, sizeof text, "%s: %s %s, %s%s", word, field, c->period, c->stage,
                 c->words.factor == 1000      ? " (x 1000)"
                 : c->words.factor == 1000000 ? " (x 1000000)"
                                              : "");
    else if (c->field || c->words.level != LEVEL_NONE)
        snprintf(text, sizeof text, "%s: %s", word, field ? field : import_levels[c->words.level]);
    else
        snprintf(text, sizeof text, "%s%s%s", word, c->stage ? ": " : "", c->stage ? c->stage : "");
    return draft_keep_text(&s->im->d, text);
}

static void note_mapping(import_sheet *s)
{
    pagu_import *im = s->im;
    for (uint32_t i = 0; i < s->n_columns && im->d.code == PAGU_OK; i++) {
        const import_column *c = &s->columns[i];
        char letters[8];
        uint32_t n = c->at + 1, k = sizeof letters - 1;
        letters[k] = '\0';
        for (; n > 0 && k > 0; n = (n - 1) / 26)
            letters[--k] = (char)('A' + (n - 1) % 26);
        if (!mem_grow(im->ctx, &im->mapping, &im->cap_mapping, im->n_mapping, sizeof *im->mapping)) {
            im->d.code = PAGU_NO_MEMORY;
            return;
        }
        im->mapping[im->n_mapping++] =
            (mapping_note){ s->file, s->sheet, draft_keep_text(&im->d, letters + k), c->header, meaning_of(s, c) };
    }
}

/* A table without codes or names has nothing to hang its values on. */
static pagu_code check_columns(import_sheet *s, pagu_error *err)
{
    bool code = false, value = false;
    for (uint32_t i = 0; i < s->n_columns; i++) {
        code = code || s->columns[i].role == ROLE_CODE;
        value = value || s->columns[i].role != ROLE_UNKNOWN;
    }
    if (code)
        return PAGU_OK;
    return err_set(s->im->ctx, err, PAGU_SYNTAX,
                   value ? "%s:%u: the table has no column of codes; name it in a template"
                         : "%s:%u: none of the columns is known; name them in a template",
                   s->file, s->g->rows[s->header].line);
}

pagu_code import_columns(import_sheet *s, pagu_error *err)
{
    pagu_code code = check_columns(s, err);
    if (code == PAGU_OK)
        code = settle_year(s, err);
    if (code != PAGU_OK)
        return code;
    settle_stages(s);
    settle_text_stage(s);
    find_twins(s);
    tell_names_apart(s);
    find_units(s);
    settle_locales(s);
    settle_factor(s);
    note_mapping(s);
    return s->im->d.code == PAGU_OK ? PAGU_OK : err_memory(s->im->ctx, err);
}
