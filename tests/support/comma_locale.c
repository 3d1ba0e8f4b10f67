/* comma_locale.c - see the header.
 * SPDX-License-Identifier: MIT */
#include "comma_locale.h"

#include <locale.h>
#include <stdio.h>
#include <stdlib.h>

static bool write_text(const char *folder, const char *name, const char *text)
{
    char path[100];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *f = fopen(path, "w");
    return f && fputs(text, f) >= 0 && fclose(f) == 0;
}

bool set_comma_locale(char folder[40])
{
    char command[300];
    snprintf(folder, 40, "/tmp/pagu-locale-XXXXXX");
    bool ok = mkdtemp(folder) &&
              write_text(folder, "source",
                         "comment_char %\nescape_char /\nLC_NUMERIC\ndecimal_point \",\"\nthousands_sep \".\"\n"
                         "grouping 3;3\nEND LC_NUMERIC\n") &&
              write_text(folder, "charmap",
                         "<code_set_name> ASCII\n<comment_char> %\n<escape_char> /\nCHARMAP\n"
                         "<U002C> /x2c\n<U002E> /x2e\nEND CHARMAP\n");
    snprintf(command, sizeof command, "cd %s && localedef -c -i source -f charmap ./xx_XX > /dev/null 2>&1", folder);
    int status = ok ? system(command) : -1; /* warns that it is no whole locale */
    (void)status;
    setenv("LOCPATH", folder, 1);
    return ok && setlocale(LC_NUMERIC, "xx_XX") != NULL;
}

void drop_comma_locale(const char *folder)
{
    char command[100];
    setlocale(LC_NUMERIC, "C");
    unsetenv("LOCPATH");
    snprintf(command, sizeof command, "rm -r %s", folder);
    int status = system(command);
    (void)status;
}
