/* random.c - Philox behind two functions. SPDX-License-Identifier: MIT */
#include "solve/random.h"

#include "base/base.h"

#include <Random123/philox.h>
#include <string.h>

random_key random_key_make(uint64_t seed, const char *stream)
{
    uint64_t mixed = seed ^ (*stream ? hash_bytes(stream, strlen(stream)) : 0);
    return (random_key){ { (uint32_t)mixed, (uint32_t)(mixed >> 32) } };
}

void random_words(random_key key, uint64_t draw, uint32_t variable, uint32_t lane, uint32_t out[4])
{
    philox4x32_ctr_t counter = { { (uint32_t)draw, (uint32_t)(draw >> 32), variable, lane } };
    philox4x32_key_t k = { { key.word[0], key.word[1] } };
    philox4x32_ctr_t words = philox4x32_R(10, counter, k);
    memcpy(out, words.v, sizeof words.v);
}

double random_unit(uint32_t hi, uint32_t lo)
{
    uint64_t bits = ((uint64_t)hi << 32 | lo) >> 12;
    return ((double)bits + 0.5) * 0x1p-52;
}
