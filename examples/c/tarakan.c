/* tarakan.c - open a plan, try a change on a branch, print the programs before and after.
 *
 *     tarakan [PLAN]          PLAN: examples/renja-tarakan-2024 by default
 *
 * SPDX-License-Identifier: MIT */
#include <pagu.h>
#include <stdio.h>

#define TRY(call)                                                                                                      \
    if ((call) != PAGU_OK)                                                                                             \
    goto done

/* Programs with their totals in both views. */
static pagu_code print_programs(const pagu_view *before, const pagu_view *after, pagu_column column, pagu_error *err)
{
    pagu_selection *programs = NULL;
    pagu_level level;
    TRY(pagu_plan_find_level(pagu_view_plan(before), "program", &level, err));
    TRY(pagu_select_level(before, level, &programs, err));
    for (uint32_t i = 0; i < pagu_selection_count(programs); i++) {
        pagu_row row = pagu_selection_rows(programs)[i];
        printf("%-8s %13lld %13lld\n", pagu_view_code(before, row),
               (long long)pagu_view_money(before, row, column).value,
               (long long)pagu_view_money(after, row, column).value);
    }
    err->code = PAGU_OK;
done:
    pagu_selection_free(programs);
    return err->code;
}

int main(int argc, char **argv)
{
    pagu_error err = { .code = PAGU_NO_MEMORY, .message = "out of memory" };
    pagu_plan *plan = NULL;
    pagu_view *stage = NULL;
    pagu_scenario *s = NULL;
    pagu_row row;
    pagu_column column;
    pagu_ctx *ctx = pagu_ctx_new(NULL);
    if (!ctx)
        goto done;
    TRY(pagu_package_open(ctx, argc > 1 ? argv[1] : "examples/renja-tarakan-2024", NULL, &plan, &err));
    stage = pagu_view_open(plan, pagu_plan_default_stage(plan));
    if (!stage)
        goto done;
    TRY(pagu_branch(stage, "food for elders", &s, &err));
    TRY(pagu_view_find(stage, "1.06.04.2.01.01", &row, &err));
    TRY(pagu_view_find_column(stage, "budget", "2024", &column, &err));
    TRY(pagu_edit(s, row, column, (pagu_cell){ 75000000, PAGU_NUMBER }, NULL, &err));
    TRY(print_programs(stage, pagu_scenario_view(s), column, &err));
done:
    if (err.code != PAGU_OK)
        fprintf(stderr, "%s: %s\n", pagu_code_name(err.code), err.message);
    pagu_scenario_close(s);
    pagu_view_close(stage);
    pagu_plan_release(plan);
    pagu_ctx_free(ctx);
    return err.code != PAGU_OK;
}
