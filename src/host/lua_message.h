/* lua_message.h - Lua's own messages in Indonesian.
 * SPDX-License-Identifier: MIT */
#ifndef PAGU_SRC_LUA_MESSAGE_H
#define PAGU_SRC_LUA_MESSAGE_H

#include <stddef.h>

/* Write a message of Lua ("script.lua:3: attempt to …") with its sentence in Indonesian; a message
 * that Lua did not make is copied. */
void lua_message_translate(const char *message, char *out, size_t size);

#endif
