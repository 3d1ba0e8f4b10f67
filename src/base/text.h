/* text.h - inside of a growing buffer.
 * SPDX-License-Identifier: MIT */
#ifndef PAGU_SRC_TEXT_H
#define PAGU_SRC_TEXT_H

#include "base/base.h"
#include "pagu/render.h"

/* Shorten to `len` bytes; longer than the text changes nothing. */
void text_truncate(pagu_text *text, size_t len);
pagu_ctx *text_ctx(const pagu_text *text);

#endif
