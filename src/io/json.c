/* json.c - parsing through cJSON, printing without it.
 * SPDX-License-Identifier: MIT */
#include "io/json.h"

#include "io/json_scan.h"
#include "io/utf8.h"

#include <math.h>
#include <stdio.h>

pagu_code json_parse_at(pagu_ctx *ctx, const char *bytes, size_t len, const char *name, uint32_t line, cJSON **out,
                        pagu_error *err)
{
    if (len >= 3 && memcmp(bytes, "\xEF\xBB\xBF", 3) == 0) {
        bytes += 3;
        len -= 3;
    }
    pagu_code code = json_validate_at(ctx, bytes, len, name, line, err);
    if (code != PAGU_OK)
        return code;
    const char *end;
    *out = cJSON_ParseWithLengthOpts(bytes, len, &end, 0);
    return *out ? PAGU_OK : err_memory(ctx, err); /* it was valid: nothing else can be wrong */
}

pagu_code json_parse(pagu_ctx *ctx, const char *bytes, size_t len, const char *name, cJSON **out, pagu_error *err)
{
    return json_parse_at(ctx, bytes, len, name, 1, out, err);
}

static const char *escape_of(char c, char buf[8])
{
    switch (c) {
    case '"': return "\\\"";
    case '\\': return "\\\\";
    case '\b': return "\\b";
    case '\f': return "\\f";
    case '\n': return "\\n";
    case '\r': return "\\r";
    case '\t': return "\\t";
    default:
        if ((unsigned char)c >= 0x80)
            return "\xEF\xBF\xBD";
        snprintf(buf, 8, "\\u%04x", (unsigned)(unsigned char)c);
        return buf;
    }
}

/* Bytes that may stand in a string as they are. */
static size_t plain_length(const char *s)
{
    size_t n = 0;
    while (s[n] && s[n] != '"' && s[n] != '\\' && (unsigned char)s[n] >= 0x20) {
        bool ascii = (unsigned char)s[n] < 0x80;
        size_t character = ascii ? 1 : utf8_length(s + n, 4); /* never looks behind the NUL */
        if (character == 0)
            break;
        n += character;
    }
    return n;
}

pagu_code json_put_string(pagu_text *out, const char *s)
{
    pagu_code code = pagu_text_append(out, "\"", 1);
    while (code == PAGU_OK && *s) {
        size_t n = plain_length(s);
        code = pagu_text_append(out, s, n);
        s += n;
        if (code == PAGU_OK && *s) {
            char buf[8];
            const char *escape = escape_of(*s++, buf);
            code = pagu_text_append(out, escape, strlen(escape));
        }
    }
    return code == PAGU_OK ? pagu_text_append(out, "\"", 1) : code;
}

void json_number_text(double value, char *buf, size_t size)
{
    if (value == floor(value) && fabs(value) <= 9007199254740991.0)
        snprintf(buf, size, "%lld", (long long)value);
    else
        pagu_number_format(buf, size, value, PAGU_LOCALE_PLAIN, -1);
}

pagu_code json_put_break(pagu_text *out, int depth)
{
    pagu_code code = pagu_text_append(out, "\n", 1);
    for (int i = 0; i < depth && code == PAGU_OK; i++)
        code = pagu_text_append(out, "  ", 2);
    return code;
}

static pagu_code put_list(pagu_text *out, const cJSON *list, int depth)
{
    bool object = cJSON_IsObject(list);
    int inner = depth < 0 ? -1 : depth + 1;
    pagu_code code = pagu_text_append(out, object ? "{" : "[", 1);
    const cJSON *item;
    cJSON_ArrayForEach(item, list)
    {
        if (code == PAGU_OK && item != list->child)
            code = depth < 0 ? pagu_text_append(out, ", ", 2) : pagu_text_append(out, ",", 1);
        if (code == PAGU_OK && depth >= 0)
            code = json_put_break(out, inner);
        if (code == PAGU_OK && object) {
            code = json_put_string(out, item->string);
            if (code == PAGU_OK)
                code = pagu_text_append(out, ": ", 2);
        }
        if (code == PAGU_OK)
            code = json_put(out, item, inner);
    }
    if (code == PAGU_OK && list->child && depth >= 0)
        code = json_put_break(out, depth);
    return code == PAGU_OK ? pagu_text_append(out, object ? "}" : "]", 1) : code;
}

pagu_code json_put(pagu_text *out, const cJSON *value, int depth)
{
    char number[400];
    if (cJSON_IsObject(value) || cJSON_IsArray(value))
        return put_list(out, value, depth);
    if (cJSON_IsString(value))
        return json_put_string(out, value->valuestring);
    if (!cJSON_IsNumber(value)) {
        const char *word = cJSON_IsTrue(value) ? "true" : cJSON_IsFalse(value) ? "false" : "null";
        return pagu_text_append(out, word, strlen(word));
    }
    json_number_text(value->valuedouble, number, sizeof number);
    return pagu_text_append(out, number, strlen(number));
}
