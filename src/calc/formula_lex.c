/* formula_lex.c - tokens of formulas, and where faults are.
 * SPDX-License-Identifier: MIT */
#include "calc/formula_parse.h"

#include <stdio.h>

/* ---- faults ---- */

/* Characters before a byte, as people count them. */
static uint32_t character_of(const formula_parser *p, uint32_t at)
{
    uint32_t n = 1;
    for (uint32_t i = 0; i < at && i < p->len; i++)
        n += ((unsigned char)p->text[i] & 0xC0) != 0x80;
    return n;
}

pagu_code formula_blame(formula_parser *p, uint32_t at, pagu_code code)
{
    return err_set(p->ctx, p->err, code, "formula, character %u: %s", character_of(p, at), p->message);
}

pagu_code formula_place(formula_parser *p, uint32_t at, pagu_code code)
{
    if (!p->err || code == PAGU_NO_MEMORY || code == PAGU_INTERRUPTED)
        return code;
    snprintf(p->message, sizeof p->message, "%.399s", p->err->message);
    return formula_blame(p, at, code);
}

token_text token_str(const formula_parser *p, const token *t)
{
    token_text text;
    if (t->kind == TOKEN_END)
        snprintf(text.s, sizeof text.s, "%s", tr(p->ctx, "the end"));
    else
        snprintf(text.s, sizeof text.s, "%.*s", t->n < 40 ? (int)t->n : 40, t->s);
    for (char *c = text.s; *c; c++)
        if ((unsigned char)*c < ' ' || *c == 0x7f)
            *c = '?';
    return text;
}

/* ---- characters; no locale has a say ---- */

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* ---- tokens ---- */

static void take(formula_parser *p, token_kind kind, uint32_t from, uint32_t to)
{
    p->now = (token){ .kind = kind, .s = p->text + from, .n = to - from, .at = from };
    p->next = to;
}

static char char_at(const formula_parser *p, uint32_t i)
{
    return i < p->len ? p->text[i] : '\0';
}

static pagu_code take_number(formula_parser *p, uint32_t from)
{
    uint32_t i = from;
    unsigned points = 0;
    while (is_digit(char_at(p, i)) || (char_at(p, i) == '.' && is_digit(char_at(p, i + 1)))) {
        points += char_at(p, i) == '.';
        i++;
    }
    if (points > 1 || is_letter(char_at(p, i)))
        return formula_fault(p, from, PAGU_BAD_NUMBER,
                             "a number is written plainly, as in 1500000 or 1.045; a key stands in quotes");
    take(p, TOKEN_NUMBER, from, i);
    return PAGU_OK;
}

static pagu_code take_text(formula_parser *p, uint32_t from)
{
    char quote = p->text[from];
    uint32_t i = from + 1;
    while (i < p->len && p->text[i] != quote)
        i++;
    if (i >= p->len)
        return formula_fault(p, from, PAGU_SYNTAX, "the text that begins here has no closing quote");
    take(p, TOKEN_TEXT, from + 1, i);
    p->now.at = from;
    p->next = i + 1;
    return PAGU_OK;
}

static pagu_code take_mark(formula_parser *p, uint32_t from)
{
    char c = p->text[from], then = char_at(p, from + 1);
    uint32_t n = 1;
    if (!strchr("+-*/()[],<>=!~:@.%", c))
        return formula_fault(p, from, PAGU_SYNTAX, "\"%.1s\" means nothing here",
                             (unsigned char)c < ' ' || (unsigned char)c > '~' ? "?" : p->text + from);
    if (then == '=' && strchr("<>=!~", c)) {
        c = c == '<' ? MARK_LE : c == '>' ? MARK_GE : c == '=' ? '=' : MARK_NE;
        n = 2;
    } else if (c == '<' && then == '>') {
        c = MARK_NE;
        n = 2;
    } else if (c == '!' || c == '~') {
        return formula_fault(p, from, PAGU_SYNTAX, "write not, and != for unequal");
    }
    take(p, TOKEN_MARK, from, from + n);
    p->now.mark = c;
    return PAGU_OK;
}

pagu_code formula_advance(formula_parser *p)
{
    uint32_t i = p->next;
    while (is_blank(char_at(p, i)))
        i++;
    if (i >= p->len) {
        take(p, TOKEN_END, p->len, p->len);
        return PAGU_OK;
    }
    char c = p->text[i];
    if (is_digit(c))
        return take_number(p, i);
    if (c == '"' || c == '\'')
        return take_text(p, i);
    if (!is_letter(c))
        return take_mark(p, i);
    uint32_t end = i;
    while (is_letter(char_at(p, end)) || is_digit(char_at(p, end)))
        end++;
    take(p, TOKEN_NAME, i, end);
    return PAGU_OK;
}

bool token_is_word(const token *t, const char *word)
{
    return t->kind == TOKEN_NAME && strlen(word) == t->n && memcmp(t->s, word, t->n) == 0;
}

pagu_code formula_expect(formula_parser *p, char mark)
{
    if (token_is(&p->now, mark))
        return formula_advance(p);
    return formula_fault(p, p->now.at, PAGU_SYNTAX, "\"%c\" is expected, not %s", mark, token_str(p, &p->now).s);
}

bool token_copy(const token *t, char *buf, size_t size)
{
    if (t->n >= size)
        return false;
    memcpy(buf, t->s, t->n);
    buf[t->n] = '\0';
    return true;
}
