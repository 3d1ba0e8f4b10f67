/* document.c - the blocks of a report in order.
 * SPDX-License-Identifier: MIT */
#include "base/document.h"

#include <stdio.h>

typedef struct stamp {
    const char *key, *value;
} stamp;

struct pagu_document {
    pagu_ctx *ctx;
    arena strings;
    const char *title;
    pagu_lang lang;
    stamp *stamps;
    pagu_block *blocks;
    uint32_t n_stamps, stamps_cap;
    uint32_t n_blocks, blocks_cap;
};

pagu_document *pagu_document_new(pagu_ctx *ctx)
{
    pagu_document *doc = mem_zalloc(ctx, sizeof *doc);
    if (!doc)
        return NULL;
    doc->ctx = ctx;
    doc->title = "";
    doc->lang = pagu_ctx_lang(ctx);
    arena_init(&doc->strings, ctx);
    return doc;
}

void pagu_document_free(pagu_document *doc)
{
    if (!doc)
        return;
    for (uint32_t i = 0; i < doc->n_blocks; i++) {
        pagu_table_free(doc->blocks[i].table);
        pagu_chart_free(doc->blocks[i].chart);
    }
    mem_free(doc->ctx, doc->blocks, doc->blocks_cap * sizeof doc->blocks[0]);
    mem_free(doc->ctx, doc->stamps, doc->stamps_cap * sizeof doc->stamps[0]);
    arena_free(&doc->strings);
    mem_free(doc->ctx, doc, sizeof *doc);
}

pagu_ctx *document_ctx(const pagu_document *doc)
{
    return doc->ctx;
}

static const char *own(pagu_document *doc, const char *s)
{
    return s && *s ? arena_strdup(&doc->strings, s, strlen(s)) : "";
}

/* ---- around the blocks ---- */

pagu_code pagu_document_set_title(pagu_document *doc, const char *title)
{
    const char *copy = own(doc, title);
    if (!copy)
        return PAGU_NO_MEMORY;
    doc->title = copy;
    return PAGU_OK;
}

const char *pagu_document_title(const pagu_document *doc)
{
    return doc->title;
}

void pagu_document_set_lang(pagu_document *doc, pagu_lang lang)
{
    doc->lang = lang;
}

pagu_lang pagu_document_lang(const pagu_document *doc)
{
    return doc->lang;
}

pagu_code pagu_document_add_stamp(pagu_document *doc, const char *key, const char *value)
{
    if (!key || !*key)
        return PAGU_ARGUMENT;
    stamp s = { own(doc, key), own(doc, value) };
    if (!s.key || !s.value || !mem_grow(doc->ctx, &doc->stamps, &doc->stamps_cap, doc->n_stamps, sizeof s))
        return PAGU_NO_MEMORY;
    doc->stamps[doc->n_stamps++] = s;
    return PAGU_OK;
}

uint32_t pagu_document_stamp_count(const pagu_document *doc)
{
    return doc->n_stamps;
}

void pagu_document_stamp(const pagu_document *doc, uint32_t i, const char **key, const char **value)
{
    bool known = i < doc->n_stamps;
    *key = known ? doc->stamps[i].key : "";
    *value = known ? doc->stamps[i].value : "";
}

/* ---- blocks ---- */

static pagu_code add_block(pagu_document *doc, pagu_block block)
{
    if (!mem_grow(doc->ctx, &doc->blocks, &doc->blocks_cap, doc->n_blocks, sizeof block))
        return PAGU_NO_MEMORY;
    doc->blocks[doc->n_blocks++] = block;
    return PAGU_OK;
}

static pagu_code add_words(pagu_document *doc, pagu_block_kind kind, uint32_t level, const char *text)
{
    if (!text || !*text)
        return PAGU_ARGUMENT;
    const char *copy = own(doc, text);
    if (!copy)
        return PAGU_NO_MEMORY;
    return add_block(doc, (pagu_block){ .kind = kind, .level = level, .text = copy });
}

pagu_code pagu_document_add_heading(pagu_document *doc, uint32_t level, const char *text)
{
    return level >= 1 && level <= 4 ? add_words(doc, PAGU_BLOCK_HEADING, level, text) : PAGU_ARGUMENT;
}

pagu_code pagu_document_add_text(pagu_document *doc, const char *text)
{
    return add_words(doc, PAGU_BLOCK_TEXT, 0, text);
}

static bool has_name(const pagu_document *doc, const char *name)
{
    for (uint32_t i = 0; i < doc->n_blocks; i++)
        if (doc->blocks[i].name && str_eq(doc->blocks[i].name, name))
            return true;
    return false;
}

/* A free name: the word and a number, from this block's place on. */
static const char *make_name(const pagu_document *doc, const char *word, char out[32])
{
    uint32_t n = doc->n_blocks + 1;
    do
        snprintf(out, 32, "%s%u", word, n++);
    while (has_name(doc, out));
    return out;
}

/* The name given, else the table's if it is free, else one by place. NULL: taken, or no memory. */
static const char *choose_name(pagu_document *doc, const char *given, const char *own_name, const char *word,
                               pagu_error *err)
{
    char made[32];
    bool is_given = given && *given;
    if (is_given && has_name(doc, given)) {
        err_set(doc->ctx, err, PAGU_ARGUMENT, "the document has two blocks named \"%s\"", given);
        return NULL;
    }
    bool use_own = *own_name && !has_name(doc, own_name);
    const char *copy = own(doc, is_given ? given : use_own ? own_name : make_name(doc, word, made));
    if (!copy)
        err_memory(doc->ctx, err);
    return copy;
}

static pagu_code add_named(pagu_document *doc, pagu_block block, const char *given, const char *own_name,
                           const char *word, pagu_error *err)
{
    pagu_error scratch = { .code = PAGU_OK };
    err = err ? err : &scratch;
    block.name = choose_name(doc, given, own_name, word, err);
    if (!block.name)
        return err->code;
    return add_block(doc, block) == PAGU_OK ? PAGU_OK : err_memory(doc->ctx, err);
}

pagu_code pagu_document_add_table(pagu_document *doc, const char *name, pagu_table *t, pagu_error *err)
{
    pagu_block block = { .kind = PAGU_BLOCK_TABLE, .table = t };
    pagu_code code = add_named(doc, block, name, pagu_table_name(t), "table", err);
    if (code == PAGU_OK)
        pagu_table_retain(t);
    return code;
}

pagu_code pagu_document_add_chart(pagu_document *doc, const char *name, pagu_chart *c, pagu_error *err)
{
    pagu_block block = { .kind = PAGU_BLOCK_CHART, .chart = c };
    pagu_code code = add_named(doc, block, name, "", "chart", err);
    if (code == PAGU_OK)
        pagu_chart_retain(c);
    return code;
}

uint32_t pagu_document_count(const pagu_document *doc)
{
    return doc->n_blocks;
}

pagu_block pagu_document_get(const pagu_document *doc, uint32_t i)
{
    return i < doc->n_blocks ? doc->blocks[i] : (pagu_block){ .kind = PAGU_BLOCK_TEXT, .text = "" };
}
