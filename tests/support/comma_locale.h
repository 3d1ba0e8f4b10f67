/* comma_locale.h - a process whose numbers have a decimal comma, as that of an embedder may.
 *
 *     char folder[40];
 *     if (!set_comma_locale(folder)) skip();
 *     …
 *     drop_comma_locale(folder);
 *
 * SPDX-License-Identifier: MIT */
#ifndef PAGU_TESTS_COMMA_LOCALE_H
#define PAGU_TESTS_COMMA_LOCALE_H

#include <stdbool.h>

/* The locale is made here: a clean machine has none. False: there is no localedef. */
bool set_comma_locale(char folder[40]);
void drop_comma_locale(const char *folder);

#endif
