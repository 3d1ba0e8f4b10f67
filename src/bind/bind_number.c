/* bind_number.c - exact money arithmetic for scripts: Lua's own * wraps silently.
 * SPDX-License-Identifier: MIT */
#include "bind/bind_object.h"

#include <stdio.h>

static int result(lua_State *L, pagu_code code, int64_t value)
{
    if (code == PAGU_OVERFLOW)
        bind_fail(L, code, "the result is beyond the range of money");
    if (code == PAGU_ARGUMENT)
        bind_fail(L, code, "division by zero");
    if (code != PAGU_OK)
        bind_fail(L, code, "%s", pagu_code_meaning(code));
    lua_pushinteger(L, value);
    return 1;
}

/* d without trailing zeros, so that scales stay small. */
static pagu_decimal trimmed(pagu_decimal d)
{
    while (d.scale > 0 && d.digits % 10 == 0)
        d = (pagu_decimal){ d.digits / 10, (uint8_t)(d.scale - 1) };
    return d;
}

static int64_t power_of_ten(unsigned n)
{
    int64_t p = 1;
    while (n-- > 0)
        p *= 10;
    return p;
}

/* a × b / c in 128 bits, rounded once, half away from zero; a is money, b and c decimals. */
static int number_muldiv(lua_State *L)
{
    pagu_money a = bind_money(L, 1, "the amount"), out = 0;
    pagu_decimal b = trimmed(bind_decimal(L, 2, "the factor")), c = trimmed(bind_decimal(L, 3, "the divisor"));
    pagu_code code = PAGU_OK;
    if (b.scale < c.scale) /* b/c × 10^(c.scale - b.scale) */
        code = pagu_money_mul(b.digits, power_of_ten(c.scale - b.scale), &b.digits);
    else if (b.scale > c.scale)
        code = pagu_money_mul(c.digits, power_of_ten(b.scale - c.scale), &c.digits);
    if (code == PAGU_OK)
        code = pagu_muldiv(a, b.digits, c.digits, &out);
    return result(L, code, out);
}

static pagu_money unit_argument(lua_State *L, int idx)
{
    pagu_money unit = lua_isnoneornil(L, idx) ? 1 : bind_money(L, idx, "unit");
    if (unit < 1)
        bind_fail(L, PAGU_ARGUMENT, "unit must be 1 or more");
    return unit;
}

/* pagu.round(x, unit = 1) */
static int number_round(lua_State *L)
{
    pagu_money out = 0;
    pagu_decimal x = bind_decimal(L, 1, "the amount");
    pagu_money unit = unit_argument(L, 2);
    pagu_code code = x.scale == 0 ? pagu_round(x.digits, unit, &out) : pagu_money_scale(1, x, unit, &out);
    return result(L, code, out);
}

/* pagu.scale(amount, factor, unit = 1): amount × factor, rounded once. */
static int number_scale(lua_State *L)
{
    pagu_money out = 0, a = bind_money(L, 1, "the amount");
    pagu_decimal factor = bind_decimal(L, 2, "the factor");
    pagu_code code = pagu_money_scale(a, factor, unit_argument(L, 3), &out);
    return result(L, code, out);
}

/* n × 10^zeros, which must be whole: pagu.juta(1.5) is 1500000. */
static int times_power(lua_State *L, const char *name, unsigned zeros)
{
    pagu_decimal d = trimmed(bind_decimal(L, 1, name));
    pagu_money out = 0;
    if (d.scale > zeros)
        bind_fail(L, PAGU_FRACTION, "%s(%s) is not a whole amount; round it with pagu.round", name,
                  luaL_tolstring(L, 1, NULL));
    pagu_code code = pagu_money_mul(d.digits, power_of_ten(zeros - d.scale), &out);
    return result(L, code, out);
}

static int number_ribu(lua_State *L)
{
    return times_power(L, "ribu", 3);
}

static int number_juta(lua_State *L)
{
    return times_power(L, "juta", 6);
}

static int number_miliar(lua_State *L)
{
    return times_power(L, "miliar", 9);
}

static int number_triliun(lua_State *L)
{
    return times_power(L, "triliun", 12);
}

static pagu_locale locale_argument(lua_State *L, int idx)
{
    static const char *const names[] = { "id", "en", "plain", NULL };
    if (lua_isnoneornil(L, idx))
        return pagu_ctx_lang(bind_ctx(L)) == PAGU_LANG_EN ? PAGU_LOCALE_EN : PAGU_LOCALE_ID;
    return (pagu_locale)bind_choice(L, idx, "id", names);
}

static int decimals_argument(lua_State *L, int idx)
{
    lua_Integer decimals = bind_integer_or(L, idx, 0);
    if (decimals < 0 || decimals > 6)
        bind_fail(L, PAGU_ARGUMENT, "decimals must be 0 to 6");
    return (int)decimals;
}

/* pagu.rp(text, locale, decimals): an amount in any spelling of the document. */
static int number_rp(lua_State *L)
{
    pagu_error err;
    pagu_money out = 0;
    error_init(&err);
    if (lua_type(L, 1) == LUA_TNUMBER) {
        lua_pushinteger(L, bind_money(L, 1, "the amount"));
        return 1;
    }
    const char *text = bind_text(L, 1, NULL);
    bind_ok(L, pagu_money_parse(bind_ctx(L), text, locale_argument(L, 2), decimals_argument(L, 3), &out, &err), &err);
    lua_pushinteger(L, out);
    return 1;
}

/* pagu.format(amount, locale, decimals) -> "1.500.000" */
static int number_format(lua_State *L)
{
    char text[400];
    if (lua_type(L, 1) == LUA_TNUMBER && !lua_isinteger(L, 1))
        pagu_number_format(text, sizeof text, lua_tonumber(L, 1), locale_argument(L, 2),
                           lua_isnoneornil(L, 3) ? -1 : decimals_argument(L, 3));
    else
        pagu_money_format(text, sizeof text, bind_money(L, 1, "the amount"), locale_argument(L, 2),
                          decimals_argument(L, 3));
    lua_pushstring(L, text);
    return 1;
}

/* pagu._amount(text, unit, decimals): a plain amount of a package file, or nil. */
static int number_amount(lua_State *L)
{
    size_t len;
    pagu_money out = 0;
    const char *text = bind_text(L, 1, &len);
    pagu_code code = pagu_money_parse_plain(text, len, bind_integer_or(L, 2, 1), decimals_argument(L, 3), &out);
    if (code != PAGU_OK)
        return 0;
    lua_pushinteger(L, out);
    return 1;
}

/* pagu._percent_of_index(index, base): what growth an index number means; exact for base 100. */
static int number_percent_of_index(lua_State *L)
{
    pagu_decimal index = bind_decimal(L, 1, "an index"), base = trimmed(bind_decimal(L, 2, "an index")), out;
    pagu_decimal minus_hundred = { -100, 0 };
    if (base.digits <= 0)
        bind_fail(L, PAGU_ARGUMENT, "an index must be above 0");
    if (base.scale == 0 && base.digits == 100 && pagu_decimal_add(index, minus_hundred, &out) == PAGU_OK) {
        lua_pushnumber(L, pagu_decimal_to_double(out));
        return 1;
    }
    double percent = (pagu_decimal_to_double(index) / pagu_decimal_to_double(base) - 1) * 100;
    double scaled = percent * 1e10; /* ten decimals: what floating point adds is not part of the index */
    if (scaled > 9e18 || scaled < -9e18)
        bind_fail(L, PAGU_OVERFLOW, "%s is beyond the range of money", bind_tr(bind_ctx(L), "an index"));
    lua_pushnumber(L, (double)(int64_t)(scaled + (scaled < 0 ? -0.5 : 0.5)) / 1e10);
    return 1;
}

const luaL_Reg bind_number_functions[] = {
    { "muldiv", number_muldiv },
    { "round", number_round },
    { "scale", number_scale },
    { "ribu", number_ribu },
    { "juta", number_juta },
    { "miliar", number_miliar },
    { "triliun", number_triliun },
    { "rp", number_rp },
    { "format", number_format },
    { "_amount", number_amount },
    { "_percent_of_index", number_percent_of_index },
    { NULL, NULL },
};
