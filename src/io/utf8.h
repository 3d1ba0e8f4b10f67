/* utf8.h - is it UTF-8 (RFC 3629: no overlong forms, no surrogates)?
 * SPDX-License-Identifier: MIT */
#ifndef PAGU_SRC_UTF8_H
#define PAGU_SRC_UTF8_H

#include "base/base.h"

/* Length of the well-formed character at s (n > 0 bytes left), or 0. */
size_t utf8_length(const char *s, size_t n);
/* Bytes before the first that is malformed or NUL; len if there is none. */
size_t utf8_valid_prefix(const char *s, size_t len);

#endif
