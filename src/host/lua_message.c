/* lua_message.c - see lua_message.h.
 *
 * A sentence of Lua is a pattern with "*" for its words; both sides have them in the same order.
 *
 * SPDX-License-Identifier: MIT */
#include "host/lua_message.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

enum { MAX_WORDS = 4, MAX_TEXT = 600 };

typedef struct pair {
    const char *en, *id;
} pair;

typedef struct span {
    const char *at;
    size_t len;
} span;

static const pair sentences[] = {
    { "attempt to call a * value", "* dipanggil, padahal bukan fungsi" },
    { "attempt to index a * value", "* tidak punya isi untuk diambil" },
    { "attempt to perform arithmetic on a * value", "* tidak dapat dihitung" },
    { "attempt to perform bitwise operation on a * value", "* tidak dapat digabung dengan |, & atau ~" },
    { "attempt to concatenate a * value", "* tidak dapat digabung dengan .." },
    { "attempt to get length of a * value", "* tidak punya panjang (#)" },
    { "attempt to compare two * values", "dua * tidak dapat dibandingkan" },
    { "attempt to compare * with *", "* tidak dapat dibandingkan dengan *" },
    { "attempt to divide by zero", "pembagian dengan nol" },
    { "attempt to perform 'n//0'", "pembagian dengan nol" },
    { "attempt to perform 'n%%0'", "pembagian dengan nol" },
    { "number has no integer representation", "angka itu bukan bilangan bulat" },
    { "'for' * must be a number", "'for': * harus berupa angka" },
    { "bad 'for' * (* expected, got *)", "'for': * harus berupa *, bukan *" },
    { "table index is nil", "kunci tabel kosong (nil)" },
    { "stack overflow", "panggilan fungsi bersarang terlalu dalam" },
    { "bad argument #* to '*' (*)", "argumen ke-* untuk '*' salah: *" },
    { "'*' expected (to close '*' at line *) near *", "seharusnya ada '*' (penutup '*' di baris *) di dekat *" },
    { "'*' expected near *", "seharusnya ada '*' di dekat *" },
    { "<name> expected near *", "seharusnya ada nama di dekat *" },
    { "unexpected symbol near *", "lambang yang tidak diduga di dekat *" },
    { "unfinished string near *", "teks belum ditutup di dekat *" },
    { "malformed number near *", "angka salah tulis di dekat *" },
    { "syntax error near *", "salah tulis di dekat *" },
};

/* Within "bad argument": too plain for a sentence of its own. */
static const pair expectation = { "* expected, got *", "diperlukan *, bukan *" };

static const pair words[] = {
    { "nil", "nilai kosong (nil)" },
    { "no value", "kosong" },
    { "number", "angka" },
    { "string", "teks" },
    { "boolean", "nilai benar/salah" },
    { "table", "tabel" },
    { "function", "fungsi" },
    { "value", "nilai" },
    { "initial", "nilai awal" },
    { "limit", "batas" },
    { "step", "langkah" },
    { "<eof>", "akhir teks" },
    { "pagu.plan", "rencana" },
    { "pagu.view", "tahap" },
    { "pagu.scenario", "skenario" },
    { "pagu.node", "simpul" },
    { "pagu.cells", "medan tanpa tahun" },
    { "pagu.column", "kolom" },
    { "pagu.selection", "pilihan" },
    { "pagu.indicator", "indikator" },
    { "pagu.table", "tabel pagu" },
};

/* What Lua says about a value's name, at the end of a sentence. */
static const pair names[] = {
    { " (local '", " (variabel '" }, { " (global '", " (variabel '" }, { " (upvalue '", " (variabel '" },
    { " (field '", " (isian '" },    { " (method '", " (metode '" },   { " (constant '", " (tetapan '" },
};

#define COUNT(list) (sizeof(list) / sizeof *(list))

/* Match a pattern at the start of text; returns what follows, or NULL. */
static const char *match(const char *pattern, const char *text, span found[MAX_WORDS])
{
    int n = 0;
    while (*pattern) {
        if (*pattern != '*') {
            if (*pattern++ != *text++)
                return NULL;
            continue;
        }
        const char *literal = ++pattern;
        size_t len = strcspn(literal, "*");
        const char *end = text;
        while (*end && (len == 0 || strncmp(end, literal, len) != 0))
            end++;
        if (len > 0 && !*end)
            return NULL;
        found[n++] = (span){ text, (size_t)(end - text) };
        text = end;
    }
    return text;
}

static void append(char *out, size_t size, const char *text, size_t len)
{
    size_t used = strlen(out);
    snprintf(out + used, size - used, "%.*s", (int)len, text);
}

static bool fill(const pair *sentence, const char *text, char *out, size_t size);

static void append_word(char *out, size_t size, span word)
{
    char text[MAX_TEXT], inner[MAX_TEXT] = "";
    snprintf(text, sizeof text, "%.*s", (int)word.len, word.at);
    const char *shown = text;
    for (size_t i = 0; i < COUNT(words); i++)
        if (strcmp(words[i].en, text) == 0)
            shown = words[i].id;
    if (shown == text && fill(&expectation, text, inner, sizeof inner))
        shown = inner;
    append(out, size, shown, strlen(shown));
}

static void append_rest(char *out, size_t size, const char *rest)
{
    for (size_t i = 0; i < COUNT(names); i++)
        if (strncmp(rest, names[i].en, strlen(names[i].en)) == 0) {
            append(out, size, names[i].id, strlen(names[i].id));
            rest += strlen(names[i].en);
            break;
        }
    append(out, size, rest, strlen(rest));
}

/* Write text by a sentence's other side, if it is one. */
static bool fill(const pair *sentence, const char *text, char *out, size_t size)
{
    span found[MAX_WORDS];
    const char *rest = match(sentence->en, text, found);
    int n = 0;
    if (!rest)
        return false;
    *out = '\0';
    for (const char *s = sentence->id; *s; s++)
        if (*s == '*')
            append_word(out, size, found[n++]);
        else
            append(out, size, s, 1);
    append_rest(out, size, rest);
    return true;
}

void lua_message_translate(const char *message, char *out, size_t size)
{
    char translated[MAX_TEXT];
    const char *place_end = strstr(message, ": "), *sentence = place_end ? place_end + 2 : message;
    for (size_t i = 0; i < COUNT(sentences); i++)
        if (fill(&sentences[i], sentence, translated, sizeof translated)) {
            snprintf(out, size, "%.*s%s", (int)(sentence - message), message, translated);
            return;
        }
    snprintf(out, size, "%s", message);
}
