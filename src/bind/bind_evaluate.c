/* bind_evaluate.c - years that are made of their quarters.
 * SPDX-License-Identifier: MIT */
#include "bind/bind_object.h"

static int push_parts(lua_State *L, const pagu_derived *d)
{
    if (d->state <= PAGU_DERIVED_TEXT) {
        pagu_measure m = { d->value, d->unit, d->text, (pagu_state)d->state };
        return bind_push_measure(L, &m);
    }
    lua_pushnil(L);
    lua_pushnil(L);
    lua_pushstring(L, pagu_derived_state_name((pagu_derived_state)d->state));
    return 3;
}

int bind_push_measure_of(lua_State *L, view_box *v, pagu_indicator ind, pagu_field field, pagu_period period)
{
    pagu_measure m = pagu_view_measure(v->view, ind, field, period);
    if (m.state != PAGU_MISSING)
        return bind_push_measure(L, &m);
    pagu_derived d = pagu_evaluate_measure(v->view, ind, field, period);
    return push_parts(L, &d);
}
