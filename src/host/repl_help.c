/* repl_help.c - see repl_help.h.
 * SPDX-License-Identifier: MIT */
#include "host/repl_help.h"

#include "host/host.h"
#include "host/sandbox.h"
#include "host/terminal.h"

#include <lauxlib.h>
#include <stdio.h>
#include <string.h>

typedef struct topic {
    const char *name, *form, *id, *en;
} topic;

static const topic topics[] = {
    { "get", "v:get(key, field, year)", "satu nilai; nil berarti kosong", "one value; nil means missing" },
    { "set", "s:set(key, field, year, value)", "ubah satu nilai; pada induk, baris di bawahnya mengikuti",
      "set one value; on a parent, the lines below follow" },
    { "node", "v[key]   v[key].budget[2024]", "sebuah simpul: .code .name .level .parent :children() dan kolomnya",
      "a node: .code .name .level .parent :children() and its fields" },
    { "find", "v:find(key)", "simpul, atau nil, pesan, kode", "a node, or nil, message, code" },
    { "select", "v:select{level =, under =, tag =, where =}", "pilihan baris; a | b, a & b, a - b, #a, a:each()",
      "a selection of rows; a | b, a & b, a - b, #a, a:each()" },
    { "stage", "plan:stage(name)", "tahap lain sebagai pandangan", "another stage as a view" },
    { "stages", "plan:stages()", "tahap yang ada", "the stages there are" },
    { "branch", "v:branch(name)", "skenario baru di atas v; v tidak berubah",
      "a new scenario on v; v does not change" },
    { "table", "plan:table(name)", "tabel dokumen yang disimpan bersama rencana",
      "a document table kept with the plan" },
    { "spread", "s:spread{at =, total = | delta = | percent =, unit =, hold =, basis =}",
      "beri induk nilai baru, baris mengikuti; tepat sampai rupiah",
      "give a parent a new value, lines follow; exact to the rupiah" },
    { "transfer", "s:transfer{from =, to =, amount =, reason =}", "pergeseran: jumlah seluruhnya tetap",
      "move money: the total is kept" },
    { "take", "s:take{at =, from = view}", "salin baris persis dari pandangan lain",
      "copy lines exactly from another view" },
    { "scale", "s:scale{at =, by = 1.1 | percent = 10}", "kalikan", "multiply" },
    { "cut", "s:cut{at =, percent = | amount =, hold =}", "potong", "cut" },
    { "fit", "s:fit{at =, total =, hold =, floor =}", "paskan ke jumlah tertentu", "fit to a total" },
    { "add", "s:add{under =, name =, budget =, tag =}", "tambah simpul", "add a node" },
    { "remove", "s:remove{at =}", "hapus simpul dan isinya", "remove a node and all below" },
    { "hold", "s:hold{at =, total = true}", "tahan: tidak boleh berubah", "hold: may not change" },
    { "floor", "s:floor{at =, amount =}", "batas minimal", "at least so much" },
    { "ceiling", "s:ceiling{at =, amount =}", "batas pagu", "at most so much" },
    { "target", "s:target{at =, value =, cost =, from =}", "ubah target dan biayanya", "change a target and its cost" },
    { "forward", "s:forward{method =, growth =, unit =}", "prakiraan maju n+1", "forward estimate n+1" },
    { "project", "s:project{at =, years =, growth =, unit =}", "proyeksi", "projection" },
    { "compare", "pagu.compare(a, b, …)", "bandingkan pandangan", "compare views" },
    { "explain", "v:explain(key, field, year)", "dari mana sebuah nilai", "why a value is what it is" },
    { "check", "v:check()", "temuan", "findings" },
    { "journal", "s:journal()", "riwayat perubahan", "what was changed" },
    { "undo", "s:undo()   s:redo()", "batalkan, ulangi", "undo, redo" },
    { "save", "s:save(file)", "simpan skenario", "save the scenario" },
    { "report", "pagu.report(kind, v, {format =, out =})", "tabel resmi: tc31, tc33, tabel8",
      "official tables: tc31, tc33, tabel8" },
    { "rp", "pagu.rp \"1,5 M\"   pagu.juta(150)   pagu.miliar(2)", "jumlah uang", "amounts of money" },
    { "round", "pagu.round(x, unit)   pagu.muldiv(a, b, c)", "hitungan uang yang tepat", "exact money arithmetic" },
    { "open", "pagu.open(folder)", "buka rencana", "open a plan" },
};
enum { N_TOPICS = sizeof topics / sizeof *topics };

static void print_topic(const topic *t, pagu_lang lang)
{
    printf("  %s\n      %s\n", t->form, pick(lang, t->id, t->en));
}

static void print_overview(pagu_lang lang)
{
    puts(pick(lang,
              "plan rencana (tidak berubah), s skenario di atasnya, pagu pustaka, _ hasil terakhir.\n"
              "Tulis ungkapan Lua untuk melihat nilainya; TAB melengkapi nama dan kode; Ctrl-C menghentikan\n"
              "hitungan, Ctrl-D keluar. Variabel di tingkat atas tanpa local tetap ada.\n"
              "  plan:get(\"1.06\", \"budget\", 2024)\n"
              "  s[\"1.06.05\"].budget[2024] = pagu.juta(150)\n"
              "  pagu.compare(plan, s)\n"
              "help \"kata\" mencari; topik:",
              "plan the plan (never changes), s a scenario on it, pagu the library, _ the last result.\n"
              "Type a Lua expression to see its value; TAB completes names and codes; Ctrl-C stops the\n"
              "computation, Ctrl-D leaves. Variables at the top without local stay.\n"
              "  plan:get(\"1.06\", \"budget\", 2024)\n"
              "  s[\"1.06.05\"].budget[2024] = pagu.juta(150)\n"
              "  pagu.compare(plan, s)\n"
              "help \"word\" searches; topics:"));
    for (int i = 0; i < N_TOPICS; i++)
        printf("%s%s%s", i % 12 == 0 ? "  " : "", topics[i].name, i % 12 == 11 || i == N_TOPICS - 1 ? "\n" : " ");
}

static bool mentions(const topic *t, const char *word)
{
    return strcasestr(t->name, word) || strcasestr(t->form, word) || strcasestr(t->id, word) || strcasestr(t->en, word);
}

static void print_about(const char *word, pagu_lang lang)
{
    int shown = 0;
    for (int i = 0; i < N_TOPICS; i++)
        if (strcmp(topics[i].name, word) == 0 && ++shown)
            print_topic(&topics[i], lang);
    for (int i = 0; i < N_TOPICS && shown == 0; i++)
        if (mentions(&topics[i], word)) {
            print_topic(&topics[i], lang);
            shown = -1; /* go on with every mention */
            while (++i < N_TOPICS)
                if (mentions(&topics[i], word))
                    print_topic(&topics[i], lang);
        }
    if (shown == 0)
        puts(
            pick(lang, "tidak ada bantuan tentang itu; help() menyebut topik", "no help on that; help() lists topics"));
}

/* The name of a method or function: searched in the classes and in pagu. */
static const char *name_of(lua_State *L, int table)
{
    lua_pushnil(L);
    while (lua_next(L, table)) {
        if (lua_rawequal(L, -1, 1) && lua_type(L, -2) == LUA_TSTRING)
            return lua_tostring(L, -2);
        lua_pop(L, 1);
    }
    return NULL;
}

static const char *name_of_function(lua_State *L)
{
    static const char *const classes[] = { "pagu.scenario", "pagu.view", "pagu.plan", "pagu.node", "pagu.selection" };
    const char *name = NULL;
    sandbox_push_base(L);
    lua_pushliteral(L, "pagu");
    if (lua_rawget(L, -2) == LUA_TTABLE)
        name = name_of(L, lua_gettop(L));
    for (size_t i = 0; !name && i < sizeof classes / sizeof *classes; i++) {
        lua_settop(L, 1);
        if (luaL_getmetatable(L, classes[i]) != LUA_TTABLE)
            continue;
        lua_pushliteral(L, "methods");
        if (lua_rawget(L, -2) == LUA_TTABLE)
            name = name_of(L, lua_gettop(L));
    }
    return name;
}

int repl_help(lua_State *L)
{
    pagu_lang lang = host_lang(host_of(L));
    luaL_checkstack(L, 20, NULL);
    lua_settop(L, 1);
    if (lua_isnil(L, 1)) {
        print_overview(lang);
        return 0;
    }
    const char *word = lua_type(L, 1) == LUA_TSTRING ? lua_tostring(L, 1)
                       : lua_isfunction(L, 1)        ? name_of_function(L)
                                                     : NULL;
    print_about(word && *word ? word : "\n", lang);
    return 0;
}
