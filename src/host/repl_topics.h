/* repl_topics.h - what help knows: every function of pagu and every method of its objects.
 * SPDX-License-Identifier: MIT */
#ifndef PAGU_SRC_REPL_TOPICS_H
#define PAGU_SRC_REPL_TOPICS_H

typedef struct repl_topic {
    const char *names;   /* of the methods that it explains, a blank between them */
    const char *form;    /* how they are written */
    const char *id, *en; /* what they do */
    const char *example; /* runs at the prompt; tests/cli/test_repl.py does so */
} repl_topic;

/* In groups; a topic without a form is the heading of one. Ends with NULL names. */
extern const repl_topic repl_topics[];

#endif
