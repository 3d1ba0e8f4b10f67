/* sweep_lines.c - the lines of members, outside of the context and of what members are forked with: what
 * a member may allocate, and what it costs to fork it, must not depend on how many came before.
 * SPDX-License-Identifier: MIT */
#include "cli/sweep.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

enum { BLOCK = 1 << 20 };

typedef struct line_block {
    struct line_block *older;
    size_t size, used;
} line_block;

static line_block *new_block(size_t least, line_block *older)
{
    size_t size = least + sizeof(line_block) > BLOCK ? least + sizeof(line_block) : BLOCK;
    line_block *b = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (b == MAP_FAILED)
        return NULL;
    madvise(b, size, MADV_DONTFORK);
    b->older = older;
    b->size = size;
    b->used = sizeof *b;
    return b;
}

bool sweep_lines_open(sweep_job *job)
{
    size_t size = ((size_t)job->most + 1) * sizeof *job->lines;
    void *lines = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (lines == MAP_FAILED)
        return false;
    madvise(lines, size, MADV_DONTFORK);
    job->lines = lines;
    return true;
}

void sweep_keep(sweep_job *job, uint32_t member, const char *line, size_t len)
{
    line_block *b = job->blocks;
    if (!b || b->size - b->used < len + 1) {
        b = new_block(len + 1, b);
        if (!b) {
            job->out_of_memory = true;
            return;
        }
        job->blocks = b;
    }
    char *copy = (char *)b + b->used;
    memcpy(copy, line, len); /* the pages are zero: the NUL is there */
    b->used += len + 1;
    job->lines[member] = copy;
}

void sweep_free(sweep_job *job)
{
    while (job->blocks) {
        line_block *b = job->blocks;
        job->blocks = b->older;
        munmap(b, b->size);
    }
    if (job->lines)
        munmap(job->lines, ((size_t)job->most + 1) * sizeof *job->lines);
    pagu_text_free(job->page);
    free(job->members);
    free(job->header);
    job->lines = NULL;
    job->page = NULL;
    job->members = NULL;
    job->header = NULL;
}
