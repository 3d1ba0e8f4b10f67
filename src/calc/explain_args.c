/* explain_args.c - arguments that a journal entry kept: one object in a line of JSON, as bind wrote it.
 * SPDX-License-Identifier: MIT */
#include "calc/explain.h"

#include <stdlib.h>

/* Behind a value that begins at p: a string, a number, a word, or what is between brackets. */
static const char *skip_value(const char *p)
{
    int depth = 0;
    bool quoted = false;
    for (; *p; p++) {
        if (quoted) {
            if (*p == '\\' && p[1])
                p++;
            else if (*p == '"')
                quoted = false;
        } else if (*p == '"') {
            quoted = true;
        } else if (*p == '{' || *p == '[') {
            depth++;
        } else if (*p == '}' || *p == ']') {
            if (depth == 0)
                return p;
            depth--;
        } else if (*p == ',' && depth == 0) {
            return p;
        }
    }
    return p;
}

args_value args_member(args_value object, const char *name)
{
    size_t n = strlen(name);
    const char *end = object.text + object.len;
    if (!object.len || *object.text != '{')
        return (args_value){ "", 0 };
    for (const char *p = object.text + 1; p < end && *p == '"';) {
        const char *key = p + 1, *close = key;
        while (close < end && *close != '"')
            close += *close == '\\' ? 2 : 1;
        if (close + 1 >= end || close[1] != ':')
            break;
        const char *value = close + 2, *after = skip_value(value);
        if ((size_t)(close - key) == n && memcmp(key, name, n) == 0)
            return (args_value){ value, (size_t)(after - value) };
        p = *after == ',' ? after + 1 : end;
    }
    return (args_value){ "", 0 };
}

bool args_money(args_value v, pagu_money *out)
{
    char text[24];
    if (!v.len || v.len >= sizeof text || !(v.text[0] == '-' || (v.text[0] >= '0' && v.text[0] <= '9')))
        return false;
    memcpy(text, v.text, v.len);
    text[v.len] = '\0';
    if (text[strspn(text + (text[0] == '-'), "0123456789") + (text[0] == '-')])
        return false;
    *out = strtoll(text, NULL, 10);
    return true;
}

args_text args_str(args_value v)
{
    args_text t = { "" };
    bool quoted = v.len >= 2 && *v.text == '"';
    size_t n = v.len - 2 * (size_t)quoted, most = sizeof t.s - 1;
    if (!v.len)
        return t;
    memcpy(t.s, v.text + quoted, n < most ? n : most);
    for (size_t cut = most; n > most && cut > 0 && (t.s[cut] & 0xC0) == 0x80;) /* no half of a letter */
        t.s[--cut] = '\0';
    return t;
}
