/* scenario_file.h - the text of a saved scenario.
 *
 * JSON Lines, one object a line: a head, then for every journal entry a line that says what
 * was done and by which script, followed by its effects by key, old and new value, and a last
 * line by which a file that was cut off is known. It diffs line by line, and replays on any plan
 * that has the keys.
 *
 *     {"scenario":"potong gedung","format":1,"stage":"final","base":"9f86…","year":2024}
 *     {"entry":"transfer","script":"geser.lua","line":12,"args":{…},"reason":"…"}
 *     {"money":"1.06.01.2.09.09","field":"budget","period":"2024","old":"272000000","new":"172000000"}
 *     {"measure":"1.06.04.2.01.01#1","field":"target","period":"2024","old":{…},"new":{"unit":"Orang","value":260}}
 *     {"add":"2.13.05.2.01.99","under":"2.13.05.2.01","code":"…","name":"…","level":"sub_kegiatan","sign":1,"tags":{"fund":"APBD"}}
 *     {"indicator":"2.13.05.2.01.99#1","owner":"2.13.05.2.01.99","name":"…","unit":"meter","type":"output"}
 *     {"join":"1.06.01.2.05"}   {"remove":"1.06.01.2.05"}
 *     {"constrain":"floor","name":"SPM","reason":"","law":"","field":"budget","period":"2024","amount":"…","severity":"reject","rows":[…]}
 *     {"constrain":"rule",…,"min":"…","max":"…","min_share":"20","max_share":"…","of":[…],"of_field":"budget","of_period":"2024","first_year":2024,"last_year":2026}
 *     {"release":"floor","name":"SPM",…}    what is released, whole: names may repeat
 *     {"end":true}
 *
 * "base" is the hash of the stage that the scenario was made on, and "year" its plan's year; a head
 * without them is pinned to nothing. An entry with "joined":true belongs to the undo step of the entry before it. A
 * cell is a decimal string, "-" for a dash, null for missing; a measure is null or an object, and its value a number,
 * or a string where JSON's numbers end. (Chosen by the lead over an own word format: structure and limits are covered
 * and cJSON parses it.)
 *
 * SPDX-License-Identifier: MIT */
#ifndef PAGU_SRC_SCENARIO_FILE_H
#define PAGU_SRC_SCENARIO_FILE_H

#define SCENARIO_FORMAT 1

/* By pagu_constraint_kind. */
extern const char *const scenario_constraint_kinds[6];

#endif
