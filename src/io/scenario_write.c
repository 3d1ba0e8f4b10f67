/* scenario_write.c - a scenario's journal as text.
 * SPDX-License-Identifier: MIT */
#include "io/scenario_writer.h"

#include "base/text.h"
#include "io/file.h"
#include "io/json.h"
#include "pagu/package.h"
#include "scenario/journal_effects.h"

#include <inttypes.h>
#include <math.h>

const char *const scenario_constraint_kinds[6] = {
    "hold_lines", "hold_total", "floor", "ceiling", "rule", "predicate"
};

/* ---- pieces; the first failure sticks ---- */

void saved_put(saved_writer *w, const char *text)
{
    if (w->code == PAGU_OK)
        w->code = pagu_text_append(w->out, text, strlen(text));
}

void saved_string(saved_writer *w, const char *lead, const char *s)
{
    saved_put(w, lead);
    if (w->code == PAGU_OK)
        w->code = json_put_string(w->out, s ? s : "");
}

void saved_integer(saved_writer *w, const char *lead, int64_t n)
{
    saved_put(w, lead);
    if (w->code == PAGU_OK)
        w->code = pagu_text_printf(w->out, "%" PRId64, n);
}

void saved_cell(saved_writer *w, const char *lead, pagu_cell c)
{
    saved_put(w, lead);
    if (c.state == PAGU_MISSING)
        saved_put(w, "null");
    else if (c.state == PAGU_DASH)
        saved_put(w, "\"-\"");
    else {
        saved_integer(w, "\"", c.value);
        saved_put(w, "\"");
    }
}

static void put_number(saved_writer *w, const char *lead, double value)
{
    char number[400];
    double size = fabs(value);
    bool quoted = size > 9007199254740991.0 || (size > 0 && size < 1e-40); /* json_validate takes no more */
    json_number_text(value, number, sizeof number);
    saved_put(w, lead);
    saved_put(w, quoted ? "\"" : "");
    saved_put(w, number);
    saved_put(w, quoted ? "\"" : "");
}

/* The unit as it is printed: the plan's and a scenario's values say it in different ways. */
void saved_measure(saved_writer *w, const char *lead, const pagu_view *v, pagu_indicator ind, const pagu_measure *m)
{
    saved_put(w, lead);
    if (m->state == PAGU_MISSING) {
        saved_put(w, "null");
        return;
    }
    saved_string(w, "{\"unit\":", is_own_unit(v, ind, m->unit ? m->unit : "") ? indicator_unit(v, ind) : m->unit);
    if (m->state == PAGU_DASH)
        saved_put(w, ",\"value\":\"-\"");
    if (m->state == PAGU_NUMBER)
        put_number(w, ",\"value\":", m->value);
    if (m->text)
        saved_string(w, ",\"text\":", m->text);
    saved_put(w, "}");
}

/* ---- effects ---- */

static void put_change(saved_writer *w, const pagu_scenario *s, const journal_effect *e)
{
    const pagu_plan *p = s->view.plan;
    const pagu_change *c = &e->change;
    bool money = e->kind == EFFECT_MONEY;
    saved_string(w, money ? "{\"money\":" : "{\"measure\":",
                 money ? pagu_view_key(&s->view, c->row) : pagu_view_indicator(&s->view, c->indicator).id);
    saved_string(w, ",\"field\":", pagu_plan_field_id(p, c->field));
    saved_string(w, ",\"period\":", pagu_plan_period_id(p, c->period));
    if (money) {
        saved_cell(w, ",\"old\":", c->old_cell);
        saved_cell(w, ",\"new\":", c->new_cell);
    } else {
        saved_measure(w, ",\"old\":", &s->view, c->indicator, &c->old_measure);
        saved_measure(w, ",\"new\":", &s->view, c->indicator, &c->new_measure);
    }
}

static void put_tags(saved_writer *w, const pagu_view *v, pagu_row row)
{
    const pagu_plan *p = v->plan;
    const char *lead = ",\"tags\":{";
    for (uint32_t t = 0; t < p->n_trees; t++) {
        uint32_t cls = pagu_view_declared_class(v, row, t);
        const char *label =
            cls != UINT32_MAX ? pagu_plan_class_id(p, t, cls) : pagu_view_attribute(v, row, pagu_plan_tree_id(p, t));
        if (!*label)
            continue;
        saved_string(w, lead, pagu_plan_tree_id(p, t));
        saved_string(w, ":", label);
        lead = ",";
    }
    if (*lead == ',' && lead[1] == '\0')
        saved_put(w, "}");
}

void saved_row(saved_writer *w, const pagu_view *v, pagu_row row)
{
    pagu_level level = pagu_view_level(v, row);
    saved_string(w, "{\"add\":", pagu_view_key(v, row));
    saved_string(w, ",\"under\":", pagu_view_key(v, pagu_view_parent(v, row)));
    saved_string(w, ",\"code\":", pagu_view_code(v, row));
    saved_string(w, ",\"name\":", pagu_view_row_name(v, row));
    if (level != PAGU_NONE)
        saved_string(w, ",\"level\":", pagu_plan_level_id(v->plan, level));
    saved_integer(w, ",\"sign\":", pagu_view_sign(v, row));
    put_tags(w, v, row);
}

static void put_share(saved_writer *w, const char *lead, const pagu_decimal *d)
{
    char text[32];
    decimal_plain(*d, text);
    saved_string(w, lead, text);
}

/* What only rules have, and years in force. */
static void put_rule(saved_writer *w, const pagu_view *v, const constraint *c)
{
    const pagu_plan *p = v->plan;
    bool rule = c->kind == PAGU_BOUNDS;
    if (rule && c->has_min)
        saved_cell(w, ",\"min\":", (pagu_cell){ c->min, PAGU_NUMBER });
    if (rule && c->has_max)
        saved_cell(w, ",\"max\":", (pagu_cell){ c->max, PAGU_NUMBER });
    if (c->has_min_share)
        put_share(w, ",\"min_share\":", &c->min_share);
    if (c->has_max_share)
        put_share(w, ",\"max_share\":", &c->max_share);
    if (c->n_of)
        saved_string(w, ",\"of_field\":", pagu_plan_field_id(p, c->of_field));
    if (c->n_of && c->of_period != PAGU_NONE)
        saved_string(w, ",\"of_period\":", pagu_plan_period_id(p, c->of_period));
    for (uint32_t i = 0; i < c->n_of; i++)
        saved_string(w, i ? "," : ",\"of\":[", pagu_view_key(v, c->of[i]));
    saved_put(w, c->n_of ? "]" : "");
    if (c->first_year)
        saved_integer(w, ",\"first_year\":", c->first_year);
    if (c->last_year)
        saved_integer(w, ",\"last_year\":", c->last_year);
}

void saved_constraint(saved_writer *w, const char *lead, const pagu_view *v, const constraint *c)
{
    const pagu_plan *p = v->plan;
    saved_string(w, lead, scenario_constraint_kinds[c->kind]);
    saved_string(w, ",\"name\":", c->name);
    saved_string(w, ",\"reason\":", c->reason);
    saved_string(w, ",\"law\":", c->law);
    if (c->field != PAGU_NONE)
        saved_string(w, ",\"field\":", pagu_plan_field_id(p, c->field));
    if (c->period != PAGU_NONE)
        saved_string(w, ",\"period\":", pagu_plan_period_id(p, c->period));
    pagu_money amount = c->kind == PAGU_FLOOR ? c->min : c->kind == PAGU_CEILING ? c->max : 0;
    saved_cell(w, ",\"amount\":", (pagu_cell){ amount, PAGU_NUMBER });
    put_rule(w, v, c);
    saved_put(w, c->warn ? ",\"severity\":\"warn\",\"rows\":[" : ",\"severity\":\"reject\",\"rows\":[");
    for (uint32_t i = 0; i < c->n_rows; i++)
        saved_string(w, i ? "," : "", pagu_view_key(v, c->rows[i]));
    saved_put(w, "]");
}

void saved_indicator(saved_writer *w, const pagu_view *v, pagu_indicator ind)
{
    pagu_indicator_info info = pagu_view_indicator(v, ind);
    saved_string(w, "{\"indicator\":", info.id);
    saved_string(w, ",\"owner\":", pagu_view_key(v, info.row));
    saved_string(w, ",\"name\":", info.name);
    saved_string(w, ",\"unit\":", info.unit);
    saved_string(w, ",\"type\":", info.type);
}

static pagu_code put_effect(void *ud, const pagu_scenario *s, const journal_effect *e)
{
    saved_writer *w = ud;
    if ((e->kind == EFFECT_CONSTRAIN || e->kind == EFFECT_RELEASE) && e->constraint->kind == PAGU_PREDICATE)
        return w->code; /* a function: nothing of it can be read again */
    switch (e->kind) {
    case EFFECT_MONEY:
    case EFFECT_MEASURE: put_change(w, s, e); break;
    case EFFECT_ADD_ROW: saved_row(w, &s->view, e->row); break;
    case EFFECT_ADD_INDICATOR: saved_indicator(w, &s->view, e->indicator); break;
    case EFFECT_JOIN_ROW: saved_string(w, "{\"join\":", pagu_view_key(&s->view, e->row)); break;
    case EFFECT_REMOVE_ROW: saved_string(w, "{\"remove\":", pagu_view_key(&s->view, e->row)); break;
    case EFFECT_CONSTRAIN: saved_constraint(w, "{\"constrain\":", &s->view, e->constraint); break;
    case EFFECT_RELEASE: saved_constraint(w, "{\"release\":", &s->view, e->constraint); break;
    }
    saved_put(w, "}\n");
    return w->code == PAGU_OK && pagu_ctx_interrupted(s->view.plan->ctx) ? PAGU_INTERRUPTED : w->code;
}

/* JSON on one line; text that is none, as a string. */
static void put_args(saved_writer *w, const char *args)
{
    cJSON *o = NULL;
    pagu_code code = json_parse(text_ctx(w->out), args, strlen(args), "args", &o, NULL);
    saved_put(w, ",\"args\":");
    if (code == PAGU_NO_MEMORY)
        w->code = code;
    else if (o && !cJSON_IsString(o) && w->code == PAGU_OK)
        w->code = json_put(w->out, o, -1);
    else
        saved_string(w, "", args);
    cJSON_Delete(o);
}

static void put_entry(saved_writer *w, const pagu_journal_entry *e)
{
    saved_string(w, "{\"entry\":", e->note.verb ? e->note.verb : "set");
    if (e->note.file) {
        saved_string(w, ",\"script\":", e->note.file);
        saved_integer(w, ",\"line\":", e->note.line);
    }
    if (e->note.args && *e->note.args)
        put_args(w, e->note.args);
    if (e->note.reason)
        saved_string(w, ",\"reason\":", e->note.reason);
    saved_put(w, e->joined ? ",\"joined\":true}\n" : "}\n");
}

void saved_head(saved_writer *w, const pagu_view *v, const char *name, const char *base)
{
    saved_string(w, "{\"scenario\":", name);
    saved_integer(w, ",\"format\":", SCENARIO_FORMAT);
    saved_string(w, ",\"stage\":", pagu_plan_stage_id(v->plan, v->stage));
    saved_string(w, ",\"base\":", base);
    saved_integer(w, ",\"year\":", pagu_plan_year(v->plan));
    saved_put(w, "}\n");
}

pagu_code pagu_scenario_write(const pagu_scenario *s, pagu_text *out, pagu_error *err)
{
    saved_writer w = { out, PAGU_OK };
    char base[65];
    pagu_view stage = { .plan = s->view.plan, .stage = s->view.stage };
    pagu_code code = pagu_view_hash(&stage, base, err);
    if (code != PAGU_OK)
        return code;
    saved_head(&w, &stage, s->name, base);
    for (uint32_t i = 0; i < pagu_journal_count(s) && w.code == PAGU_OK; i++) {
        pagu_journal_entry e = pagu_journal_get(s, i);
        put_entry(&w, &e);
        if (w.code == PAGU_OK)
            w.code = journal_each_effect(s, i, put_effect, &w);
    }
    saved_put(&w, "{\"end\":true}\n");
    if (w.code == PAGU_INTERRUPTED)
        return err_set(s->view.plan->ctx, err, w.code, "interrupted");
    return w.code == PAGU_OK ? PAGU_OK : err_memory(s->view.plan->ctx, err);
}

pagu_code pagu_scenario_save(const pagu_scenario *s, const char *path, pagu_error *err)
{
    pagu_ctx *ctx = s->view.plan->ctx;
    pagu_text *out = pagu_text_new(ctx);
    if (!out)
        return err_memory(ctx, err);
    pagu_code code = pagu_scenario_write(s, out, err);
    if (code == PAGU_OK)
        code = pagu_write_atomic(ctx, path, pagu_text_data(out), pagu_text_len(out), err);
    pagu_text_free(out);
    return code;
}
