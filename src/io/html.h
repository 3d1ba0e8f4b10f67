/* html.h - parts of the HTML renderer.
 * SPDX-License-Identifier: MIT */
#ifndef PAGU_SRC_HTML_H
#define PAGU_SRC_HTML_H

#include "io/chart.h"

/* ---- html_assets.c ---- */
extern const char html_style[];   /* style sheet for screen, phone and paper */
extern const char html_outline[]; /* script that folds the rows of trees */

/* ---- render_html.c ---- */
/* Text for content: escaped, line feeds as line breaks. */
void html_text(printer *p, const char *s);
/* An id made of a block's name and place. */
void html_id(printer *p, const pagu_block *b, uint32_t place);
const char *html_word(const printer *p, const char *id, const char *en);

/* ---- html_table.c ---- */
/* The table in hand, its title, notes and stamp. label: the element of its title ("p", "h1"). */
void html_table(printer *p, const char *label, const pagu_block *b, uint32_t place);
/* true if rows stand below others. */
bool html_is_tree(const pagu_table *t);
/* true if it needs A3 on paper: form E.81 has 27 columns. */
bool html_is_wide(const pagu_table *t);

#endif
