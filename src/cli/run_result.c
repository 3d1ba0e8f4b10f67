/* run_result.c - see run_result.h.
 * SPDX-License-Identifier: MIT */
#include "cli/run_result.h"

#include "bind/bind.h"
#include "cli/session.h"
#include "host/interrupt.h"
#include "host/scratch.h"
#include "host/script.h"
#include "host/values.h"

#include <stdio.h>
#include <string.h>

static void add(lua_State *L, pagu_text *out, const char *s)
{
    scratch_check(L, pagu_text_append(out, s, strlen(s)), &(pagu_error){ .code = PAGU_NO_MEMORY });
}

static void add_json_string(lua_State *L, pagu_text *out, const char *s)
{
    values_json_string(L, s, strlen(s), out);
}

/* ---- files of --out ---- */

static void write_text(lua_State *L, run_job *job, const char *suffix, const pagu_text *text)
{
    const char *path = lua_pushfstring(L, "%s/%s%s", job->c->out_dir, job->stem, suffix);
    if (job->code == EXIT_DONE)
        job->code = write_file(job->c, path, pagu_text_data(text), pagu_text_len(text));
    lua_pop(L, 1);
}

static void write_tables(lua_State *L, run_job *job, const char *name, int table)
{
    static const struct {
        const char *suffix;
        pagu_format format;
    } forms[] = { { ".csv", PAGU_FORMAT_CSV }, { ".md", PAGU_FORMAT_MARKDOWN } };
    for (int i = 0; i < 2; i++) {
        char suffix[40];
        snprintf(suffix, sizeof suffix, "-%s%s", name, forms[i].suffix);
        pagu_text *text = scratch_text(L);
        values_table(L, table, forms[i].format, true, text);
        write_text(L, job, suffix, text);
        lua_pop(L, 1);
    }
}

static void write_scenario(lua_State *L, run_job *job, const char *suffix, const pagu_scenario *s)
{
    pagu_error err;
    pagu_text *text = scratch_text(L);
    scratch_check(L, pagu_scenario_write(s, text, &err), &err);
    write_text(L, job, suffix, text);
    lua_pop(L, 1);
}

/* ---- comparisons ---- */

enum { MAX_COLUMNS = 8 };

static uint32_t column_order(const pagu_plan *plan, pagu_column c)
{
    return (uint32_t)pagu_plan_column_field(plan, c) << 16 | pagu_plan_column_period(plan, c);
}

/* Money columns that the scenario itself changed, in the order of fields and periods. */
static int changed_columns(const pagu_scenario *s, const pagu_plan *plan, pagu_column out[MAX_COLUMNS])
{
    int n = 0;
    for (uint32_t e = pagu_journal_inherited(s); e < pagu_journal_count(s); e++) {
        uint32_t changes = pagu_journal_get(s, e).n_changes;
        for (uint32_t i = 0; i < changes && interrupt_pending() == INTERRUPT_NONE; i++) {
            pagu_change change = pagu_journal_change(s, e, i);
            int k = 0;
            while (k < n && out[k] != change.column)
                k++;
            if (change.row != PAGU_NO_ROW && k == n && n < MAX_COLUMNS)
                out[n++] = change.column;
        }
    }
    for (int i = 1; i < n; i++) /* few: insertion sort */
        for (int k = i; k > 0 && column_order(plan, out[k]) < column_order(plan, out[k - 1]); k--) {
            pagu_column swap = out[k];
            out[k] = out[k - 1];
            out[k - 1] = swap;
        }
    return n;
}

/* The heading of a comparison: the document's word for the fields that every plan has. */
static const char *field_title(const cli *c, const char *field)
{
    if (strcmp(field, "budget") == 0)
        return pick(c->lang, "Pagu", "Budget");
    return strcmp(field, "spent") == 0 ? pick(c->lang, "Realisasi", "Spent") : field;
}

/* Append pagu.compare(plan, scenario, { field =, period = }) to the list at the top. */
static void add_comparison(lua_State *L, const run_job *job, const run_stack *at, pagu_field field, pagu_period period,
                           bool titled)
{
    char title[128];
    const char *f = pagu_plan_field_id(job->plan, field), *p = pagu_plan_period_id(job->plan, period);
    int list = lua_gettop(L);
    session_push_function(L, "compare");
    lua_pushvalue(L, at->plan);
    lua_pushvalue(L, at->scenario);
    lua_createtable(L, 0, 2);
    lua_pushstring(L, f);
    lua_setfield(L, -2, "field");
    lua_pushstring(L, p);
    lua_setfield(L, -2, "period");
    lua_call(L, 3, 1);
    snprintf(title, sizeof title, "%s %s", field_title(job->c, f), p);
    if (titled) /* ours: made just now */
        scratch_check(L, pagu_table_set_title((pagu_table *)bind_check_table(L, -1), title),
                      &(pagu_error){ .code = PAGU_NO_MEMORY });
    lua_rawseti(L, list, (lua_Integer)lua_rawlen(L, list) + 1);
}

void run_push_comparisons(lua_State *L, const run_job *job, const run_stack *at)
{
    pagu_column columns[MAX_COLUMNS];
    pagu_error err;
    pagu_field budget;
    pagu_period year;
    scratch_check(L, pagu_plan_find_field(job->plan, "budget", &budget, &err), &err);
    scratch_check(L, pagu_plan_find_year(job->plan, pagu_plan_year(job->plan), &year, &err), &err);
    int n = changed_columns(bind_check_scenario(L, at->scenario), job->plan, columns);
    lua_newtable(L);
    if (n == 0)
        add_comparison(L, job, at, budget, year, false);
    for (int i = 0; i < n; i++) {
        pagu_field field = pagu_plan_column_field(job->plan, columns[i]);
        pagu_period period = pagu_plan_column_period(job->plan, columns[i]);
        add_comparison(L, job, at, field, period, n > 1 || field != budget || period != year);
    }
}

/* ---- printing ---- */

void run_stamp(lua_State *L, const run_stack *at, int table)
{
    pagu_table *t = (pagu_table *)bind_check_table(L, table); /* ours: pushed just now */
    const pagu_view *view = bind_check_view(L, at->scenario);
    const char *script = bind_script(L);
    pagu_error err;
    scratch_check(L, bind_stamp(t, &view, &script, 1, &err), &err);
}

static void print_texts(lua_State *L, const run_job *job, const run_stack *at, pagu_text *out)
{
    const char *title = script_text(L, at->script, "title");
    const char *question = script_text(L, at->script, "question");
    add(L, out, title ? title : job->stem);
    add(L, out, "\n");
    if (question) {
        add(L, out, question);
        add(L, out, "\n");
    }
    const char *params = script_describe(L, at->script, at->params);
    if (*params) {
        add(L, out, pick(job->c->lang, "Parameter: ", "Parameters: "));
        add(L, out, params);
        add(L, out, "\n");
    }
    add(L, out, "\n");
    if (pagu_table_row_count(bind_check_table(L, at->metrics)) > 0) { /* the stamp: once, under the last comparison */
        values_table(L, at->metrics, PAGU_FORMAT_TEXT, false, out);
        add(L, out, "\n");
    }
    if (bind_test_table(L, at->result)) {
        values_plain(L, at->result, out);
        add(L, out, "\n");
    }
    lua_Integer n = (lua_Integer)lua_rawlen(L, at->comparisons);
    for (lua_Integer i = 1; i <= n; i++) {
        lua_rawgeti(L, at->comparisons, i);
        values_table(L, -1, PAGU_FORMAT_TEXT, i == n, out);
        add(L, out, i < n ? "\n" : "");
        lua_pop(L, 1);
    }
}

static void print_json(lua_State *L, const run_job *job, const run_stack *at, pagu_text *out)
{
    const char *title = script_text(L, at->script, "title");
    const char *question = script_text(L, at->script, "question");
    add(L, out, "{\"script\":");
    add_json_string(L, out, job->script);
    add(L, out, ",\"title\":");
    add_json_string(L, out, title ? title : job->stem);
    add(L, out, ",\"question\":");
    add_json_string(L, out, question ? question : "");
    add(L, out, ",\"params\":");
    values_json(L, at->params, out);
    add(L, out, ",\"metrics\":");
    values_json(L, at->values, out);
    add(L, out, ",\"comparison\":"); /* the first, then all of them */
    lua_rawgeti(L, at->comparisons, 1);
    values_json(L, -1, out);
    lua_pop(L, 1);
    add(L, out, ",\"comparisons\":");
    values_json(L, at->comparisons, out);
    add(L, out, "}\n");
}

void run_print(lua_State *L, const run_job *job, const run_stack *at, pagu_text *out)
{
    (job->c->json ? print_json : print_texts)(L, job, at, out);
}

void run_write(lua_State *L, run_job *job, const run_stack *at)
{
    write_tables(L, job, "metrics", at->metrics);
    lua_Integer n = (lua_Integer)lua_rawlen(L, at->comparisons);
    for (lua_Integer i = 1; i <= n; i++) {
        char name[32];
        snprintf(name, sizeof name, i == 1 ? "comparison" : "comparison-%d", (int)i);
        lua_rawgeti(L, at->comparisons, i);
        write_tables(L, job, name, lua_gettop(L));
        lua_pop(L, 1);
    }
    write_scenario(L, job, ".scn", bind_check_scenario(L, at->scenario));
}

/* Files of --out of one returned value; n counts those before it. True if it is a thing to write. */
static bool write_returned(lua_State *L, run_job *job, int idx, int n)
{
    char name[32], suffix[32];
    pagu_scenario *s = bind_test_scenario(L, idx);
    if (!s && !bind_test_table(L, idx))
        return false;
    snprintf(name, sizeof name, n ? "result-%d" : "result", n + 1);
    snprintf(suffix, sizeof suffix, n ? "-%d.scn" : ".scn", n + 1);
    if (s)
        write_scenario(L, job, suffix, s);
    else
        write_tables(L, job, name, idx);
    return true;
}

void run_write_returned(lua_State *L, run_job *job, int from, int to)
{
    int n = 0;
    for (int i = from; i <= to; i++)
        n += write_returned(L, job, i, n);
    if (n == 0 && !job->c->quiet)
        say(job->c, "%s tidak mengembalikan tabel atau skenario, jadi tidak ada yang ditulis ke %s",
            "%s returns no table or scenario, so nothing was written to %s", job->script, job->c->out_dir);
}

void run_print_returned(lua_State *L, const run_job *job, int from, int to, pagu_text *out)
{
    if (job->c->json)
        values_json_list(L, from, to, out);
    else
        values_list(L, from, to, false, out);
}
