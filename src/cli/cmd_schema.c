/* cmd_schema.c - pagu schema [NAME]: the JSON schemas of what pagu reads and prints.
 * SPDX-License-Identifier: MIT */
#include "cli/cli.h"

#include <stdio.h>
#include <string.h>

static const cli_schema *find_schema(const char *name)
{
    for (const cli_schema *s = cli_schemas; s->name; s++)
        if (strcmp(s->name, name) == 0)
            return s;
    return NULL;
}

static void list_names(char *buf, size_t size, const char *between)
{
    size_t used = 0;
    for (const cli_schema *s = cli_schemas; s->name && used < size; s++) {
        int n = snprintf(buf + used, size - used, "%s%s", used ? between : "", s->name);
        used += n > 0 ? (size_t)n : 0;
    }
}

int cmd_schema(cli *c)
{
    char names[400] = "";
    if (c->n_args == 0) {
        list_names(names, sizeof names - 1, "\n");
        strcat(names, "\n");
        return write_result(c, names, strlen(names));
    }
    const cli_schema *s = find_schema(c->args[0]);
    if (s)
        return write_result(c, s->bytes, s->len);
    list_names(names, sizeof names, ", ");
    return usage_error(c, "tidak ada skema '%s'; yang ada: %s", "there is no schema '%s'; there are %s", c->args[0],
                       names);
}
