/* host.c - see host.h.
 * SPDX-License-Identifier: MIT */
#include "host/host.h"

#include "bind/bind.h"
#include "host/host_struct.h"
#include "host/interrupt.h"
#include "host/sandbox.h"

#include <stdio.h>
#include <string.h>

host *host_of(lua_State *L)
{
    return *(host **)lua_getextraspace(L);
}

lua_State *host_lua(host *h)
{
    return h->L;
}

const host_options *host_get_options(const host *h)
{
    return &h->options;
}

pagu_lang host_lang(const host *h)
{
    return pagu_ctx_lang(h->ctx);
}

void host_set_script(host *h, const char *name)
{
    snprintf(h->script, sizeof h->script, "%s", name);
}

void host_set_folder(host *h, const char *folder)
{
    snprintf(h->folder, sizeof h->folder, "%s", folder);
}

const char *host_folder(const host *h)
{
    return h->folder;
}

int host_usage_error(lua_State *L)
{
    host_of(L)->usage = true;
    return lua_error(L);
}

/* The first protected call: whatever may fail for want of memory happens here. */
static int open_state(lua_State *L)
{
    host *h = lua_touserdata(L, 1);
    bind_set_ctx(L, h->ctx);
    if (h->options.confined) {
        bind_confine(L, h->options.out);
        bind_allow_reading(L, ".");
        bind_allow_reading(L, h->options.plan);
    }
    bind_set_width(L, h->options.width);
    sandbox_open(L, h->options.trust);
    return 0;
}

host_status host_open(pagu_ctx *ctx, const host_options *options, host **out, pagu_error *err)
{
    *out = NULL;
    host *h = pagu_ctx_alloc(ctx, NULL, 0, sizeof *h);
    if (h) {
        memset(h, 0, sizeof *h);
        h->ctx = ctx;
        h->options = *options;
        h->L = lua_newstate(pagu_ctx_alloc, ctx);
    }
    if (!h || !h->L) {
        host_close(h);
        if (err) {
            memset(err, 0, sizeof *err);
            err->code = PAGU_NO_MEMORY;
            snprintf(err->message, sizeof err->message, "%s",
                     pick(pagu_ctx_lang(ctx), "memori habis", "out of memory"));
        }
        return HOST_MEMORY;
    }
    *(host **)lua_getextraspace(h->L) = h;
    host_status status = host_call(h, open_state, h, err);
    if (status != HOST_OK) {
        host_close(h);
        return status;
    }
    *out = h;
    return HOST_OK;
}

void host_close(host *h)
{
    if (!h)
        return;
    interrupt_lua(NULL);
    if (h->L)
        lua_close(h->L);
    pagu_ctx_alloc(h->ctx, h, sizeof *h, 0);
}

host_status host_call(host *h, lua_CFunction f, void *ud, pagu_error *err)
{
    lua_State *L = h->L;
    int base = lua_gettop(L);
    h->place[0] = '\0';
    h->usage = h->engine = false;
    interrupt_lua(L);
    lua_pushcfunction(L, traceback_note); /* light functions: no allocation before the call */
    lua_pushcfunction(L, f);
    lua_pushlightuserdata(L, ud);
    int status = lua_pcall(L, 1, 0, base + 1);
    host_status result = HOST_OK;
    if (status != LUA_OK || interrupt_pending() != INTERRUPT_NONE) {
        pagu_error ignored;
        result = traceback_describe(h, status, err ? err : &ignored);
    }
    lua_settop(L, base);
    return result;
}
