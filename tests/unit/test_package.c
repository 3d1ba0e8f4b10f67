/* test_package.c - data packages: what is read, what is refused and where, what is written.
 * SPDX-License-Identifier: MIT */
#include "io/package.h"
#include "pagu.h"

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "support/failing_alloc.h"
#include "support/rng.h"

#define TARAKAN "examples/renja-tarakan-2024"

static pagu_ctx *ctx;
static pagu_findings *findings;
static char folder[64];

/* ---- folders of files ---- */

typedef struct file {
    const char *name, *text;
} file;

static const file sound[] = {
    { "datapackage.json",
      "{\n"
      "  \"name\": \"sample\",\n"
      "  \"title\": \"Sample \\u2014 \xC3\xA9\",\n"
      "  \"pagu\": {\n"
      "    \"format\": 1,\n"
      "    \"year\": 2024,\n"
      "    \"years\": [2022, 2025],\n"
      "    \"money\": {\"currency\": \"IDR\", \"decimals\": 2, \"unit\": 1000},\n"
      "    \"document\": {\"title\": \"Renja\", \"basis\": [\"a\", \"b\"]},\n"
      "    \"stage\": \"final\"\n"
      "  },\n"
      "  \"resources\": [\n"
      "    {\"name\": \"stages\", \"path\": \"stages.csv\"},\n"
      "    {\"name\": \"levels\", \"path\": \"levels.csv\"},\n"
      "    {\"name\": \"trees\", \"path\": \"trees.csv\"},\n"
      "    {\"name\": \"classes\", \"path\": \"classes.csv\"},\n"
      "    {\"name\": \"nodes\", \"path\": \"nodes.csv\", \"schema\": {\"fields\": [{\"name\": \"node\"}, {\"name\": "
      "\"parent\"},\n"
      "      {\"name\": \"level\"}, {\"name\": \"code\"}, {\"name\": \"name\"}, {\"name\": \"sign\"}, {\"name\": "
      "\"stages\"},\n"
      "      {\"name\": \"fund\"}, {\"name\": \"spm\", \"description\": \"kept\"}]}},\n"
      "    {\"name\": \"tags\", \"path\": \"tags.csv\"},\n"
      "    {\"name\": \"amounts\", \"path\": \"amounts.csv\", \"title\": \"Pagu\", \"schema\": {\"fields\": [\n"
      "      {\"name\": \"node\"}, {\"name\": \"stage\"}, {\"name\": \"period\"}, {\"name\": \"budget\", \"type\": "
      "\"number\"},\n"
      "      {\"name\": \"spent\", \"type\": \"number\"}, {\"name\": \"block\", \"type\": \"number\"}],\n"
      "      \"missingValues\": [{\"value\": \"\"}, {\"value\": \"-\"}, {\"value\": \"np\", \"label\": \"not "
      "published\"}]}},\n"
      "    {\"name\": \"costs\", \"path\": \"costs.csv\"},\n"
      "    {\"name\": \"units\", \"path\": \"units.csv\"},\n"
      "    {\"name\": \"indicators\", \"path\": \"indicators.csv\"},\n"
      "    {\"name\": \"measures\", \"path\": \"measures.csv\"},\n"
      "    {\"name\": \"texts\", \"path\": \"texts.csv\"}\n"
      "  ]\n"
      "}\n" },
    { "stages.csv", "stage,name,kind,role,rank\ncommon,Umum,common,,0\nrenstra,Renstra,reference,strategic,1\n"
                    "draft,Rancangan,plan,,2\nfinal,Akhir,plan,,3\n" },
    { "levels.csv", "tree,level,rank,name,name_en,length\nmain,plan,0,Renja,Plan,0\nmain,program,1,Program,Program,1\n"
                    "main,activity,2,Kegiatan,Activity,2\nmain,item,3,Rincian,Item,3\n" },
    { "trees.csv", "tree,name,kind,separator\nfund,Dana,partition,/\npn,Prioritas,label,\n" },
    { "classes.csv", "tree,class,parent,level,code,name,sign\nfund,a,,,,APBD,\nfund,a/"
                     "1,a,,,PAD,\nfund,x,,,9,DAK,-\npn,01,,,,Satu,\n" },
    { "nodes.csv", "node,parent,level,code,name,sign,stages,fund,spm\n"
                   ".,,plan,,\"The, \"\"whole\"\"\",,,a,\n"
                   "1,,program,,First,,,,ya\n"
                   "1.1,,activity,,One one,,,a/1,\n"
                   "1.1.01,,item,,Costed,,,,\n"
                   "1.1.02,,item,,Plain,,,x,\n"
                   "1.2,,activity,,One two,,draft,,\n"
                   "2,,program,,Less,-,,,\n"
                   "2.9,1,activity,,Under another,,,,\n"
                   "3,,program,,Memo,0,,,\n"
                   "x,,program,-,No code,,,,\n"
                   "y,,program,7,Own code,,,,\n"
                   "z,y,,7.1,Below own code,,,,\n" },
    { "tags.csv", "node,tree,class\n1.1,pn,01\n" },
    { "amounts.csv", "node,stage,period,budget,spent,block\n"
                     ".,common,2023,1000.5,900,\n"
                     "1,final,2024,99,,\n"
                     "1.1.02,final,2024,1.50,,3\n"
                     "1.1.02,draft,2024,-,,\n"
                     "1.2,draft,2024,0,,\n"
                     "2,final,2024,-7.00001,,\n"
                     "3,final,2024Q1,,5,\n"
                     "z,final,2024,12,,\n" },
    { "costs.csv", "node,stage,period,price,coefficients,index\n1.1.01,final,2024,0.3,200 lembar x 2.5 bulan,1.05\n" },
    { "units.csv", "unit,name,kind,synonyms,over_time,over_children,scale,categories\n%,%,percent,Persen|persen,,,,\n"
                   "orang,Orang,count,org,sum,sum,,\n" },
    { "indicators.csv", "indicator,owner,type,name,unit,polarity,over_time,over_children,weight,definition\n"
                        "1#1,1,outcome,Rate,Persen,lower,last,weighted,0.25,d\n1#2,1,,Count,orang,,,,,\n"
                        "goal,pn:01,,Goal,,range,,,,\n" },
    { "measures.csv", "indicator,stage,period,field,value,unit,text\n1#1,final,2024,target,95.5,,\n"
                      "1#1,renstra,..2024,target,,,\"72,00 / B\"\n1#1,common,2023,achieved,-,,\n"
                      "1#1,renstra,*,baseline,74.25,orang,\"74,25 org\"\n1#2,final,2024,target,-0.001,,\n" },
    { "texts.csv", "owner,kind,stage,period,lang,rank,text,line\n1,problem,final,2024,id,1,\"Two\nlines\",12\n" },
};

static void put_file(const char *where, const char *name, const char *text)
{
    char path[256];
    snprintf(path, sizeof path, "%s/%s", where, name);
    FILE *f = fopen(path, "w");
    assert_non_null(f);
    fputs(text, f);
    fclose(f);
}

/* The sound package, with some files changed; a NULL text leaves the file out. */
static void put_package(const char *where, const file *changes, size_t n)
{
    mkdir(where, 0700);
    for (size_t i = 0; i < COUNT_OF(sound); i++) {
        const char *text = sound[i].text;
        for (size_t c = 0; c < n; c++)
            if (strcmp(changes[c].name, sound[i].name) == 0)
                text = changes[c].text;
        if (text)
            put_file(where, sound[i].name, text);
    }
}

static void remove_tree(const char *where)
{
    DIR *dir = opendir(where);
    for (struct dirent *e; dir && (e = readdir(dir)) != NULL;) {
        char path[400];
        struct stat st;
        snprintf(path, sizeof path, "%s/%s", where, e->d_name);
        if (e->d_name[0] == '.' && (!e->d_name[1] || (e->d_name[1] == '.' && !e->d_name[2])))
            continue;
        if (stat(path, &st) == 0 && S_ISDIR(st.st_mode))
            remove_tree(path);
        else
            remove(path);
    }
    if (dir)
        closedir(dir);
    rmdir(where);
}

static char *read_file(const char *where, const char *name)
{
    char path[256];
    snprintf(path, sizeof path, "%s/%s", where, name);
    FILE *f = fopen(path, "r");
    if (!f)
        return NULL;
    char *text = calloc(1, 1 << 20);
    size_t n = fread(text, 1, (1 << 20) - 1, f);
    text[n] = '\0';
    fclose(f);
    return text;
}

static void assert_same_folders(const char *a, const char *b)
{
    for (uint32_t i = 0; i <= RES_COUNT; i++) {
        char name[40];
        snprintf(name, sizeof name, "%s%s", i < RES_COUNT ? resources[i].name : "datapackage",
                 i < RES_COUNT ? ".csv" : ".json");
        char *x = read_file(a, name), *y = read_file(b, name);
        if (!x != !y)
            fail_msg("%s is in one folder only", name);
        if (x)
            assert_string_equal(x, y);
        free(x);
        free(y);
    }
}

static int set_up(void **state)
{
    (void)state;
    pagu_ctx_options options = PAGU_CTX_OPTIONS_INIT;
    options.lang = PAGU_LANG_EN;
    ctx = pagu_ctx_new(&options);
    findings = pagu_findings_new(ctx);
    snprintf(folder, sizeof folder, "/tmp/pagu-package-XXXXXX");
    return findings && mkdtemp(folder) ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    remove_tree(folder);
    pagu_findings_free(findings);
    bool clean = pagu_ctx_memory(ctx) == 0;
    pagu_ctx_free(ctx);
    return clean ? 0 : -1;
}

static const char *in_folder(const char *name)
{
    static char path[4][160];
    static int turn;
    char *p = path[turn++ % 4];
    snprintf(p, sizeof path[0], "%s/%s", folder, name);
    return p;
}

static pagu_plan *open_sound(const char *path)
{
    pagu_plan *plan = NULL;
    pagu_error err = { 0 };
    if (pagu_package_open(ctx, path, findings, &plan, &err) != PAGU_OK)
        fail_msg("%s: %s", path, err.message);
    return plan;
}

/* ---- reading ---- */

static pagu_money money_at(const pagu_plan *plan, const char *stage, const char *key, const char *field,
                           const char *period, pagu_state *state_out)
{
    pagu_stage s;
    pagu_row row;
    pagu_column column;
    assert_int_equal(pagu_plan_find_stage(plan, stage, &s, NULL), PAGU_OK);
    pagu_view *v = pagu_view_open((pagu_plan *)plan, s);
    pagu_error err = { 0 };
    if (pagu_view_find(v, key, &row, &err) != PAGU_OK ||
        pagu_view_find_column(v, field, period, &column, &err) != PAGU_OK)
        fail_msg("%s", err.message);
    pagu_cell c = pagu_view_money(v, row, column);
    if (state_out)
        *state_out = c.state;
    pagu_view_close(v);
    return c.value;
}

static void package__amounts_are_in_the_unit_of_writing(void **state)
{
    (void)state;
    put_package(folder, NULL, 0);
    pagu_plan *plan = open_sound(folder);
    pagu_state s;
    assert_int_equal(money_at(plan, "final", "1.1.02", "budget", "2024", NULL), 150000);
    assert_int_equal(money_at(plan, "final", "1.1.02", "block", "2024", NULL), 300000);
    assert_int_equal(money_at(plan, "final", "2", "budget", "2024", NULL), -700001);
    assert_int_equal(money_at(plan, "common", "/", "budget", "2023", NULL), 100050000);
    money_at(plan, "draft", "1.1.02", "budget", "2024", &s);
    assert_int_equal(s, PAGU_DASH);
    money_at(plan, "draft", "1.2", "budget", "2024", &s);
    assert_int_equal(s, PAGU_NUMBER);
    money_at(plan, "draft", "1.1.01", "budget", "2024", &s);
    assert_int_equal(s, PAGU_MISSING);
    pagu_plan_release(plan);
}

static void package__a_costed_line_is_the_rounded_product(void **state)
{
    (void)state;
    put_package(folder, NULL, 0);
    pagu_plan *plan = open_sound(folder);
    /* 0.3 thousand = 30000 cents; x 200 x 2.5 x 1.05 */
    assert_int_equal(money_at(plan, "final", "1.1.01", "budget", "2024", NULL), 15750000);
    pagu_plan_release(plan);
}

static void package__an_amount_above_amounts_is_printed_and_not_added(void **state)
{
    (void)state;
    put_package(folder, NULL, 0);
    pagu_plan *plan = open_sound(folder);
    assert_int_equal(pagu_plan_printed_count(plan), 1);
    assert_int_equal(pagu_plan_printed(plan, 0).cell.value, 9900000);
    assert_int_equal(money_at(plan, "final", "1", "budget", "2024", NULL), 15900000);
    pagu_plan_release(plan);
}

static void package__metadata_is_flat(void **state)
{
    (void)state;
    pagu_plan *plan = open_sound(TARAKAN);
    assert_string_equal(pagu_plan_meta(plan, "organisation"), "Dinas Sosial dan Pemberdayaan Masyarakat");
    assert_string_equal(pagu_plan_meta(plan, "government"), "Kota Tarakan");
    assert_string_equal(pagu_plan_meta(plan, "currency"), "IDR");
    assert_string_equal(pagu_plan_meta(plan, "locale"), "id");
    assert_string_equal(pagu_plan_meta(plan, "title"), "Renja");
    assert_string_equal(pagu_plan_meta(plan, "status"), "Rancangan");
    assert_string_equal(pagu_plan_meta(plan, "date"), "2023-06");
    assert_string_equal(pagu_plan_meta(plan, "strategic.start"), "2020");
    assert_string_equal(pagu_plan_meta(plan, "strategic.end"), "2024");
    assert_string_equal(pagu_plan_meta(plan, "strategic.name"), "Renstra 2019-2024");
    assert_int_equal(pagu_findings_count(findings), 0);
    pagu_plan_release(plan);
}

static void package__tarakan_adds_up(void **state)
{
    (void)state;
    pagu_plan *plan = open_sound(TARAKAN);
    assert_int_equal(money_at(plan, "draft", "/", "budget", "2024", NULL), 5068980596);
    assert_int_equal(money_at(plan, "need", "/", "budget", "2024", NULL), 6736773965);
    assert_int_equal(money_at(plan, "final", "/", "budget", "2024", NULL), 6736773965);
    pagu_plan_release(plan);
}

static void package__a_path_to_the_descriptor_opens_it_too(void **state)
{
    (void)state;
    put_package(folder, NULL, 0);
    pagu_plan_release(open_sound(in_folder("datapackage.json")));
}

static void package__that_is_missing_is_not_found(void **state)
{
    (void)state;
    pagu_plan *plan;
    pagu_error err = { 0 };
    assert_int_equal(pagu_package_open(ctx, in_folder("absent"), findings, &plan, &err), PAGU_NOT_FOUND);
    assert_null(plan);
    assert_non_null(strstr(err.message, "absent"));
    assert_int_equal(pagu_package_open(ctx, folder, NULL, &plan, &err), PAGU_NOT_FOUND);
    assert_non_null(strstr(err.message, "datapackage.json"));
}

/* ---- faults ---- */

typedef struct expected {
    const char *rule, *file;
    uint32_t line;
    const char *column, *message;
} expected;

static bool fits(const pagu_finding *f, const expected *e)
{
    return strcmp(f->rule, e->rule) == 0 && strcmp(f->file, e->file) == 0 && f->line == e->line &&
           (!e->column || strcmp(f->column, e->column) == 0) && strstr(f->message, e->message) != NULL;
}

static void print_findings(const pagu_findings *fs)
{
    for (uint32_t i = 0; i < pagu_findings_count(fs); i++) {
        const pagu_finding *f = pagu_findings_get(fs, i);
        print_message("%s %s:%u %s: %s\n", f->rule, f->file, f->line, f->column, f->message);
    }
}

static void assert_fault(const char *path, const expected *e)
{
    pagu_plan *plan;
    pagu_error err = { 0 };
    pagu_findings *fs = pagu_findings_new(ctx);
    bool found = false;
    pagu_code code = pagu_package_open(ctx, path, fs, &plan, &err);
    for (uint32_t i = 0; i < pagu_findings_count(fs); i++)
        found = found || fits(pagu_findings_get(fs, i), e);
    if (code != PAGU_PACKAGE || !found || !err.message[0]) {
        print_findings(fs);
        fail_msg("%s, not found: %s %s:%u %s: %s", pagu_code_name(code), e->rule, e->file, e->line, e->column,
                 e->message);
    }
    assert_null(plan);
    pagu_findings_free(fs);
}

static void assert_file_fault(const char *name, const char *text, expected e)
{
    file change = { name, text };
    put_package(folder, &change, 1);
    assert_fault(folder, &e);
    put_package(folder, NULL, 0);
}

#define AMOUNTS "node,stage,period,budget,spent,block\n"

static void package__each_bad_amount_is_a_finding(void **state)
{
    (void)state;
    static const struct {
        const char *cell, *message;
    } bad[] = {
        { "1.234.567", "not a plain amount" },   { "\"1,5\"", "not a plain amount" },
        { "Rp 5", "not a plain amount" },        { "1e3", "not a plain amount" },
        { " 5", "not a plain amount" },          { "+5", "not a plain amount" },
        { "0x10", "not a plain amount" },        { "5 jt", "not a plain amount" },
        { "--5", "not a plain amount" },         { "0.000001", "a fraction" },
        { "1.2345678", "a fraction" },           { "99999999999999999999", "too large" },
        { "92233720368547.75808", "too large" }, { "np", "not supported yet" },
    };
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        char text[200];
        snprintf(text, sizeof text, AMOUNTS "1.1.02,final,2024,%s,,\n", bad[i].cell);
        assert_file_fault("amounts.csv", text, (expected){ "bad-value", "amounts.csv", 2, "budget", bad[i].message });
    }
    file largest = { "amounts.csv", AMOUNTS "1.1.02,final,2024,92233720368547.75807,,\n" };
    put_package(folder, &largest, 1);
    file no_costs[] = { { "amounts.csv", largest.text },
                        { "costs.csv", "node,stage,period,price,coefficients,index\n" } };
    put_package(folder, no_costs, 2);
    pagu_plan *plan = open_sound(folder);
    assert_true(money_at(plan, "final", "1.1.02", "budget", "2024", NULL) == INT64_MAX);
    pagu_plan_release(plan);
}

static void package__all_faults_are_told_at_once(void **state)
{
    (void)state;
    file changes[] = {
        { "amounts.csv", AMOUNTS "1.1.02,final,2024,x,y,z\n1.1.02,final\n1.1.02,nowhere,2024,1,,\n" },
        { "stages.csv", "stage,name,kind,role,rank\ncommon,,common,,a\nfinal,Akhir,other,,3\n" },
    };
    put_package(folder, changes, 2);
    static const expected all[] = {
        { "bad-value", "amounts.csv", 2, "budget", "\"x\"" },
        { "bad-value", "amounts.csv", 2, "spent", "\"y\"" },
        { "bad-value", "amounts.csv", 2, "block", "\"z\"" },
        { "csv-syntax", "amounts.csv", 3, "", "2 fields where the header has 6" },
        { "unknown-stage", "amounts.csv", 4, NULL, "nowhere" },
        { "bad-value", "stages.csv", 2, "name", "must not be empty" },
        { "bad-value", "stages.csv", 2, "rank", "\"a\"" },
        { "bad-value", "stages.csv", 3, "kind", "must be one of plan|reference|common" },
    };
    for (size_t i = 0; i < COUNT_OF(all); i++)
        assert_fault(folder, &all[i]);
}

static void package__columns_must_be_those_declared(void **state)
{
    (void)state;
    assert_file_fault("amounts.csv", "node,stage,period,budget,spent,block,more\n",
                      (expected){ "undeclared-column", "amounts.csv", 1, "more", "undeclared" });
    assert_file_fault("amounts.csv", "node,stage,period,budget,spent\n",
                      (expected){ "missing-column", "amounts.csv", 1, "block", "declared" });
    assert_file_fault("amounts.csv", "node,period,budget,spent,block\n",
                      (expected){ "missing-column", "amounts.csv", 1, "stage", "missing" });
    assert_file_fault("amounts.csv", "node,node,stage,period,budget,spent,block\n",
                      (expected){ "csv-syntax", "amounts.csv", 1, "node", "twice" });
    assert_file_fault("stages.csv", "stage,name,kind,role,rank,colour\n",
                      (expected){ "undeclared-column", "stages.csv", 1, "colour", "undeclared" });
    assert_file_fault("stages.csv", "stage,name,kind,role\n",
                      (expected){ "missing-column", "stages.csv", 1, "rank", "every row needs" });
    assert_file_fault("stages.csv", "", (expected){ "csv-syntax", "stages.csv", 1, "", "needs a header" });
}

static void package__each_bad_cell_is_a_finding(void **state)
{
    (void)state;
    assert_file_fault("nodes.csv", "node,parent,level,code,name,sign,stages,fund,spm\n.,,plan,,R,*,,,\n",
                      (expected){ "bad-value", "nodes.csv", 2, "sign", "must be one of" });
    assert_file_fault("measures.csv",
                      "indicator,stage,period,field,value,unit,text\n1#1,final,2024,target,\"1.503,5\",,\n",
                      (expected){ "bad-value", "measures.csv", 2, "value", "not a plain number" });
    assert_file_fault("texts.csv", "owner,kind,stage,period,lang,rank,text,line\n1,a,final,24,id,1,t,\n",
                      (expected){ "bad-value", "texts.csv", 2, "period", "not a period" });
    assert_file_fault("texts.csv",
                      "owner,kind,stage,period,lang,rank,text,line\n1,a,final,2024,id,1,t,\n2,a,final,2024,id,1,t,\n"
                      "1,a,final,2024,id,1,u,\n",
                      (expected){ "duplicate-key", "texts.csv", 4, "owner", "line 2" });
    assert_file_fault("tags.csv", "node,tree,class\n1,fund,a\n",
                      (expected){ "bad-value", "tags.csv", 2, "tree", "partition tree" });
    assert_file_fault("stages.csv", "stage,name,kind,role,rank\ncommon,U,common,,99999999999\n",
                      (expected){ "bad-value", "stages.csv", 2, "rank", "whole number" });
    assert_file_fault("amounts.csv", AMOUNTS ",final,2024,1,,\n",
                      (expected){ "bad-value", "amounts.csv", 2, "node", "must not be empty" });
    assert_file_fault("amounts.csv", AMOUNTS "nope,final,2024,1,,\n",
                      (expected){ "unknown-node", "amounts.csv", 2, "node", "nope" });
}

static void package__a_cost_and_an_amount_exclude_each_other(void **state)
{
    (void)state;
    assert_file_fault("amounts.csv", AMOUNTS "1.1.01,final,2024,1,,\n",
                      (expected){ "cost", "amounts.csv", 2, "budget", "line 2 of costs" });
    static const char *const bad[] = { "x 2", "200 lembar x", "two x 3", "200,5 x 3" };
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        char text[200];
        snprintf(text, sizeof text, "node,stage,period,price,coefficients,index\n1.1.01,final,2024,1,\"%s\",\n",
                 bad[i]);
        assert_file_fault("costs.csv", text, (expected){ "cost", "costs.csv", 2, "coefficients", "not coefficients" });
    }
    assert_file_fault("costs.csv",
                      "node,stage,period,price,coefficients,index\n1.1.01,final,2024,90000000000000,2000,\n",
                      (expected){ "cost", "costs.csv", 2, "coefficients", "too large" });
}

static void package__products_are_rounded_once_half_away_from_zero(void **state)
{
    (void)state;
    static const struct {
        pagu_money price;
        const char *coefficients, *index;
        pagu_money product;
    } cases[] = {
        { 300, "200 lembar x 2 bulan", "", 120000 },
        { 3, "0.5", "", 2 },
        { -3, "0.5", "", -2 },
        { 1, "0.5 x 0.9", "", 0 },
        { 7, "1.5 kali * 3", "1.045", 33 },
        { 100, "2 orang \xC3\x97 3 hari", "", 600 },
        { INT64_MAX, "1.000000000000000000 x 1", "", INT64_MAX },
        { 1000000007, "0.000000001 x 1000000000 x 3", "", 3000000021 },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        pagu_money out = 0;
        assert_int_equal(cost_amount(cases[i].price, cases[i].coefficients, cases[i].index, &out), PAGU_OK);
        assert_true(out == cases[i].product);
    }
    pagu_money out;
    assert_int_equal(cost_amount(INT64_MAX, "2", "", &out), PAGU_OVERFLOW);
    assert_int_equal(cost_amount(1, "", "", &out), PAGU_BAD_NUMBER);
}

/* A descriptor with one thing changed: the first `from` becomes `to`. */
static void assert_descriptor_fault(const char *from, const char *to, expected e)
{
    const char *text = sound[0].text, *at = strstr(text, from);
    assert_non_null(at);
    char *changed = malloc(strlen(text) + strlen(to) + 1);
    sprintf(changed, "%.*s%s%s", (int)(at - text), text, to, at + strlen(from));
    e.file = e.file ? e.file : "datapackage.json";
    assert_file_fault("datapackage.json", changed, e);
    free(changed);
}

static void package__the_descriptor_is_checked_to_its_last_key(void **state)
{
    (void)state;
    assert_descriptor_fault("\"year\": 2024", "\"yaer\": 2024",
                            (expected){ "descriptor", NULL, 6, "/pagu/yaer", "unknown key" });
    assert_descriptor_fault("\"year\": 2024", "\"yaer\": 2024",
                            (expected){ "descriptor", NULL, 4, "/pagu/year", "is missing" });
    assert_descriptor_fault("\"year\": 2024", "\"year\": 2024.5",
                            (expected){ "descriptor", NULL, 6, "/pagu/year", "whole number" });
    assert_descriptor_fault("\"format\": 1", "\"format\": 2",
                            (expected){ "descriptor", NULL, 5, "/pagu/format", "from 1 to 1" });
    assert_descriptor_fault("[2022, 2025]", "[2025, 2022]",
                            (expected){ "descriptor", NULL, 7, "/pagu/years", "first and the last" });
    assert_descriptor_fault("\"unit\": 1000", "\"unit\": 7",
                            (expected){ "descriptor", NULL, 8, "/pagu/money/unit", "1, 10, 100" });
    assert_descriptor_fault("\"decimals\": 2", "\"decimals\": 7",
                            (expected){ "descriptor", NULL, 8, "/pagu/money/decimals", "from 0 to 6" });
    assert_descriptor_fault("\"decimals\": 2", "\"digits\": 2",
                            (expected){ "descriptor", NULL, 8, "/pagu/money/digits", "unknown key" });
    assert_descriptor_fault("[\"a\", \"b\"]", "\"a\"",
                            (expected){ "descriptor", NULL, 9, "/pagu/document/basis", "list of texts" });
    assert_descriptor_fault("\"year\": 2024", "\"year\": 2024, \"evaluation\": {\"lower\": \"both\"}",
                            (expected){ "descriptor", NULL, 6, "/pagu/evaluation/lower", "ratio or linear" });
    assert_descriptor_fault("\"year\": 2024", "\"year\": 2024, \"evaluation\": {\"cap\": 90}",
                            (expected){ "descriptor", NULL, 6, "/pagu/evaluation/cap", "null, or a percent from 100" });
    assert_descriptor_fault("\"year\": 2024", "\"year\": 2024, \"evaluation\": {\"floor\": -5}",
                            (expected){ "descriptor", NULL, 6, "/pagu/evaluation/floor", "null or 0" });
    assert_descriptor_fault("\"pagu\": {", "\"pagoo\": {", (expected){ "descriptor", NULL, 1, "/pagu", "is missing" });
    assert_descriptor_fault("\"stage\": \"final\"", "\"stage\": \"last\"", (expected){ "stage", "", 0, "", "last" });
    assert_descriptor_fault("\"stage\": \"final\"", "\"stage\": \"final\",",
                            (expected){ "json-syntax", NULL, 11, "", "a key in quotes" });
    assert_descriptor_fault("\"year\": 2024", "\"year\": 2024, \"year\": 2025",
                            (expected){ "json-syntax", NULL, 6, "", "stands twice" });
}

static void package__resources_are_checked(void **state)
{
    (void)state;
    assert_descriptor_fault("\"tags.csv\"", "\"../tags.csv\"",
                            (expected){ "descriptor", NULL, 20, "/resources/5/path", "inside the package" });
    assert_descriptor_fault("\"tags.csv\"", "\"/etc/passwd\"",
                            (expected){ "descriptor", NULL, 20, "/resources/5/path", "inside the package" });
    assert_descriptor_fault("\"tags.csv\"", "\"http://a/b\"",
                            (expected){ "descriptor", NULL, 20, "/resources/5/path", "inside the package" });
    assert_descriptor_fault("\"tags.csv\"", "[\"a\", \"b\"]",
                            (expected){ "descriptor", NULL, 20, "/resources/5/path", "one file name" });
    assert_descriptor_fault("\"tags.csv\"", "\"other.csv\"",
                            (expected){ "missing-file", "other.csv", 0, "", "other.csv" });
    assert_descriptor_fault("\"name\": \"tags\"", "\"name\": \"notes\"",
                            (expected){ "descriptor", NULL, 20, "/resources/5", "no resource of this name" });
    assert_descriptor_fault("\"name\": \"tags\"", "\"name\": \"stages\"",
                            (expected){ "descriptor", NULL, 20, "/resources/5", "twice" });
    assert_descriptor_fault("\"path\": \"tags.csv\"", "\"path\": \"tags.csv\", \"data\": []",
                            (expected){ "descriptor", NULL, 20, "/resources/5", "either a path or inline data" });
    assert_descriptor_fault("\"path\": \"tags.csv\"", "\"path\": \"tags.csv\", \"dialect\": {\"delimiter\": \";\"}",
                            (expected){ "descriptor", NULL, 20, "/resources/5/dialect/delimiter", "commas" });
    assert_descriptor_fault("\"path\": \"tags.csv\"", "\"path\": \"tags.csv\", \"encoding\": \"latin1\"",
                            (expected){ "descriptor", NULL, 20, "/resources/5/encoding", "utf-8" });
    assert_descriptor_fault("\"path\": \"tags.csv\"", "\"path\": \"tags.csv\", \"schema\": \"s.json\"",
                            (expected){ "descriptor", NULL, 20, "/resources/5/schema", "an object" });
    assert_descriptor_fault("{\"name\": \"fund\"}", "{\"name\": \"name\"}",
                            (expected){ "descriptor", NULL, 19, "/resources/4/schema/fields/7", "twice" });
    assert_descriptor_fault("{\"name\": \"fund\"}", "{\"name\": \"fund\", \"type\": \"text\"}",
                            (expected){ "descriptor", NULL, 19, "/resources/4/schema/fields/7/type", "unknown type" });
    assert_descriptor_fault("{\"name\": \"block\", \"type\": \"number\"}",
                            "{\"name\": \"block\", \"type\": \"string\"}",
                            (expected){ "undeclared-column", "amounts.csv", 1, "block", "a number or integer" });
    assert_descriptor_fault("    {\"name\": \"stages\", \"path\": \"stages.csv\"},\n", "",
                            (expected){ "descriptor", NULL, 12, "/resources", "missing" });
}

static void package__a_missing_file_is_one_finding(void **state)
{
    (void)state;
    file change = { "nodes.csv", NULL };
    pagu_plan *plan;
    pagu_error err = { 0 };
    put_package(folder, &change, 1);
    assert_int_equal(pagu_package_open(ctx, folder, findings, &plan, &err), PAGU_PACKAGE);
    assert_int_equal(pagu_findings_count(findings), 1);
    assert_string_equal(pagu_findings_get(findings, 0)->rule, "missing-file");
    assert_non_null(strstr(err.message, "nodes.csv"));
}

/* ---- one JSON file ---- */

static pagu_text *as_json(const pagu_plan *plan)
{
    pagu_text *out = pagu_text_new(ctx);
    assert_int_equal(pagu_package_write_json(plan, out, NULL), PAGU_OK);
    return out;
}

static void package__rows_may_be_lists_or_objects(void **state)
{
    (void)state;
    static const char text[] =
        "{\"pagu\": {\"format\": 1, \"year\": 2024},\n\"resources\": [\n"
        "{\"name\": \"stages\", \"data\": [[\"stage\", \"name\", \"kind\", \"rank\"],\n[\"final\", \"Akhir\", "
        "\"plan\", 1]]},\n"
        "{\"name\": \"levels\", \"data\": [{\"tree\": \"main\", \"level\": \"plan\", \"rank\": 0, \"name\": \"P\"},\n"
        "{\"name\": \"A\", \"rank\": \"1\", \"level\": \"a\", \"tree\": \"main\"}]},\n"
        "{\"name\": \"nodes\", \"data\": [{\"node\": \".\", \"level\": \"plan\", \"name\": \"Root\", \"code\": null},\n"
        "{\"node\": \"1\", \"level\": \"a\", \"name\": \"One\"}]},\n"
        "{\"name\": \"amounts\", \"data\": [\n{\"node\": \"1\", \"stage\": \"final\", \"period\": \"2024\", "
        "\"budget\": 9007199254740991},\n"
        "{\"node\": \"1\", \"stage\": \"final\", \"period\": \"2025\", \"budget\": \"9007199254740993\"}]}]}";
    pagu_plan *plan;
    pagu_error err = { 0 };
    if (pagu_package_read_json(ctx, text, sizeof text - 1, "a.json", findings, &plan, &err) != PAGU_OK)
        fail_msg("%s", err.message);
    assert_true(money_at(plan, "final", "1", "budget", "2024", NULL) == INT64_C(9007199254740991));
    assert_true(money_at(plan, "final", "1", "budget", "2025", NULL) == INT64_C(9007199254740993));
    pagu_plan_release(plan);
}

static void package__faults_of_inline_rows_have_their_lines(void **state)
{
    (void)state;
    static const char format[] =
        "{\"pagu\": {\"format\": 1, \"year\": 2024},\n\"resources\": [\n"
        "{\"name\": \"stages\", \"data\": [[\"stage\", \"name\", \"kind\", \"rank\"], [\"final\", \"Akhir\", \"plan\", "
        "1]]},\n"
        "{\"name\": \"levels\", \"data\": []},\n"
        "{\"name\": \"nodes\", \"data\": [{\"node\": \".\", \"name\": \"Root\"}]},\n"
        "{\"name\": \"amounts\", \"data\": [\n{\"node\": \".\", \"stage\": \"final\", \"period\": \"2024\"},\n%s]}]}";
    static const struct {
        const char *row;
        expected e;
    } cases[] = {
        { "{\"node\": \".\", \"stage\": \"final\", \"period\": \"2025\", \"budget\": 1.5}",
          { "bad-value", "a.json", 8, "budget", "a fraction" } },
        { "{\"node\": \".\", \"stage\": \"final\", \"period\": \"2025\", \"budgte\": 1}",
          { "json-syntax", "a.json", 8, "budgte", "undeclared" } },
        { "{\"node\": \".\", \"stage\": \"final\", \"period\": \"2025\", \"budget\": [1]}",
          { "json-syntax", "a.json", 8, "budget", "a cell must be" } },
        { "[1]", { "json-syntax", "a.json", 8, "", "all lists or all objects" } },
        { "{\"node\": \".\", \"stage\": \"final\", \"period\": \"2025\", \"budget\": 9007199254740992}",
          { "json-syntax", "a.json", 8, "", "quote it as a string" } },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        char text[2000];
        pagu_plan *plan;
        pagu_findings *fs = pagu_findings_new(ctx);
        snprintf(text, sizeof text, format, cases[i].row);
        assert_int_equal(pagu_package_read_json(ctx, text, strlen(text), "a.json", fs, &plan, NULL), PAGU_PACKAGE);
        if (!fits(pagu_findings_get(fs, 0), &cases[i].e)) {
            print_findings(fs);
            fail_msg("%s", cases[i].row);
        }
        pagu_findings_free(fs);
    }
}

static void package__in_memory_opens_no_files(void **state)
{
    (void)state;
    put_package(folder, NULL, 0);
    pagu_plan *plan;
    assert_int_equal(pagu_package_read_json(ctx, sound[0].text, strlen(sound[0].text), in_folder("datapackage.json"),
                                            findings, &plan, NULL),
                     PAGU_PACKAGE);
    assert_non_null(strstr(pagu_findings_get(findings, 0)->message, "in memory"));
}

static void package__every_prefix_of_the_json_form_is_refused(void **state)
{
    (void)state;
    put_package(folder, NULL, 0);
    pagu_plan *plan = open_sound(folder), *none;
    pagu_text *text = as_json(plan);
    pagu_plan_release(plan);
    size_t len = pagu_text_len(text);
    while (len > 0 && pagu_text_data(text)[len - 1] == '\n')
        len--;
    for (size_t n = 0; n < len; n++) {
        pagu_findings *fs = pagu_findings_new(ctx);
        assert_int_equal(pagu_package_read_json(ctx, pagu_text_data(text), n, "a.json", fs, &none, NULL), PAGU_PACKAGE);
        assert_null(none);
        pagu_findings_free(fs);
    }
    pagu_text_free(text);
}

static void package__changed_bytes_are_judged_without_harm(void **state)
{
    (void)state;
    put_package(folder, NULL, 0);
    pagu_plan *plan = open_sound(folder);
    pagu_text *text = as_json(plan);
    pagu_plan_release(plan);
    rng r = { 5 };
    size_t len = pagu_text_len(text);
    char *bytes = malloc(len);
    static const char likely[] = "\",:{}[]0123456789.-#/ \n";
    for (int round = 0; round < 3000; round++) {
        memcpy(bytes, pagu_text_data(text), len);
        for (uint64_t n = 1 + rng_below(&r, 2); n > 0; n--)
            bytes[rng_below(&r, len)] = likely[rng_below(&r, sizeof likely - 1)];
        pagu_code code = pagu_package_read_json(ctx, bytes, len, "a.json", NULL, &plan, NULL);
        assert_true(code == PAGU_OK || code == PAGU_PACKAGE || code == PAGU_LIMIT);
        pagu_plan_release(plan);
    }
    free(bytes);
    pagu_text_free(text);
}

/* ---- writing ---- */

static void assert_stable(const char *from)
{
    char first[65], again[65];
    pagu_plan *a = open_sound(from);
    assert_int_equal(pagu_package_save(a, in_folder("w1"), NULL), PAGU_OK);
    pagu_plan *b = open_sound(in_folder("w1"));
    assert_int_equal(pagu_package_save(b, in_folder("w2"), NULL), PAGU_OK);
    assert_same_folders(in_folder("w1"), in_folder("w2"));
    pagu_text *json = as_json(b), *twice;
    pagu_plan *c;
    pagu_error err = { 0 };
    if (pagu_package_read_json(ctx, pagu_text_data(json), pagu_text_len(json), "a.json", findings, &c, &err) != PAGU_OK)
        fail_msg("%s", err.message);
    twice = as_json(c);
    assert_string_equal(pagu_text_data(json), pagu_text_data(twice));
    assert_int_equal(pagu_package_save(c, in_folder("w3"), NULL), PAGU_OK);
    assert_same_folders(in_folder("w1"), in_folder("w3"));
    assert_int_equal(pagu_plan_hash(a, first, NULL), PAGU_OK);
    assert_int_equal(pagu_plan_hash(c, again, NULL), PAGU_OK);
    assert_string_equal(first, again);
    pagu_text_free(json);
    pagu_text_free(twice);
    pagu_plan_release(a);
    pagu_plan_release(b);
    pagu_plan_release(c);
}

static void package__what_is_written_is_read_and_written_the_same(void **state)
{
    (void)state;
    put_package(in_folder("p"), NULL, 0);
    assert_stable(in_folder("p"));
    assert_stable(TARAKAN);
}

static void package__amounts_are_written_as_they_came_about(void **state)
{
    (void)state;
    put_package(folder, NULL, 0);
    pagu_plan *plan = open_sound(folder);
    assert_int_equal(pagu_package_save(plan, in_folder("w"), NULL), PAGU_OK);
    pagu_plan_release(plan);
    char *amounts = read_file(in_folder("w"), "amounts.csv"), *nodes = read_file(in_folder("w"), "nodes.csv");
    assert_string_equal(amounts, "node,stage,period,budget,spent,block\n"
                                 ".,common,2023,1000.5,900,\n"
                                 "1,final,2024,99,,\n"
                                 "1.1.02,draft,2024,-,,\n"
                                 "1.1.02,final,2024,1.5,,3\n"
                                 "1.2,draft,2024,0,,\n"
                                 "2,final,2024,-7.00001,,\n"
                                 "3,final,2024Q1,,5,\n"
                                 "z,final,2024,12,,\n");
    assert_non_null(strstr(nodes, "\n1.2,,activity,1.2,One two,,draft,,\n"));
    assert_non_null(strstr(nodes, "\n2.9,1,activity,2.9,Under another,,,,\n"));
    assert_non_null(strstr(nodes, "\nx,,program,-,No code,,,,\n"));
    assert_non_null(strstr(nodes, "\nz,,activity,7.1,Below own code,,,,\n"));
    free(amounts);
    free(nodes);
}

/* An own line beside amounts must not become a printed value. */
static void package__own_lines_beside_amounts_keep_their_key(void **state)
{
    (void)state;
    file change = { "amounts.csv", AMOUNTS "1.1.02,final,2024,1,,\n1.1#,final,2024,2,,\n1.1,draft,2024,3,,\n" };
    put_package(in_folder("p"), &change, 1);
    pagu_plan *plan = open_sound(in_folder("p"));
    assert_int_equal(pagu_plan_printed_count(plan), 0);
    assert_int_equal(pagu_package_save(plan, in_folder("w"), NULL), PAGU_OK);
    char *amounts = read_file(in_folder("w"), "amounts.csv");
    assert_string_equal(amounts, AMOUNTS "1.1,draft,2024,3,,\n1.1.02,final,2024,1,,\n1.1#,final,2024,2,,\n");
    free(amounts);
    pagu_plan_release(plan);
    remove_tree(in_folder("w"));
    assert_stable(in_folder("p"));
}

static void package__tarakan_is_written_as_it_is_checked_in(void **state)
{
    (void)state;
    pagu_plan *plan = open_sound(TARAKAN);
    assert_int_equal(pagu_package_save(plan, in_folder("w"), NULL), PAGU_OK);
    assert_same_folders(in_folder("w"), TARAKAN);
    pagu_plan_release(plan);
}

static void package__saving_removes_what_the_old_package_listed(void **state)
{
    (void)state;
    put_package(in_folder("p"), NULL, 0);
    put_file(in_folder("p"), "mine.txt", "kept");
    put_file(in_folder("p"), "printed.csv", "kept: not of the package");
    pagu_plan *plan = open_sound(in_folder("p"));
    file empty = { "texts.csv", "owner,kind,stage,period,lang,rank,text,line\n" };
    put_package(in_folder("q"), &empty, 1);
    pagu_plan *without = open_sound(in_folder("q"));
    assert_int_equal(pagu_package_save(without, in_folder("p"), NULL), PAGU_OK);
    assert_int_not_equal(access(in_folder("p/texts.csv"), F_OK), 0);
    assert_int_equal(access(in_folder("p/mine.txt"), F_OK), 0);
    assert_int_equal(access(in_folder("p/printed.csv"), F_OK), 0);
    pagu_plan_release(plan);
    pagu_plan_release(without);
}

static void package__failed_saving_leaves_the_old_files(void **state)
{
    (void)state;
    put_package(in_folder("p"), NULL, 0);
    pagu_plan *plan = open_sound(in_folder("p"));
    pagu_error err = { 0 };
    put_file(folder, "taken", "a file");
    assert_int_not_equal(pagu_package_save(plan, in_folder("taken"), &err), PAGU_OK);
    assert_non_null(strstr(err.message, "taken"));
    assert_int_equal(pagu_package_save(plan, in_folder("no/such/folder"), &err), PAGU_IO);
    pagu_plan_release(plan);
}

static void package__a_plan_without_a_descriptor_gets_one(void **state)
{
    (void)state;
    pagu_builder *b = pagu_builder_new(ctx, findings);
    pagu_source src = { "made", 1 };
    pagu_plan *plan, *again;
    pagu_builder_frame(b, &(pagu_frame_def){ .year = 2024 });
    pagu_builder_meta(b, "organisation", "Dinas");
    pagu_builder_meta(b, "strategic.start", "2020");
    pagu_builder_meta(b, "strategic.end", "2024");
    pagu_builder_meta(b, "evaluation.lower", "linear");
    pagu_builder_meta(b, "evaluation.cap", "120");
    pagu_builder_meta(b, "evaluation.floor", "0");
    pagu_builder_meta(b, "evaluation.scale", "s");
    pagu_builder_stage(b, &(pagu_stage_def){ .id = "final", .name = "Akhir", .kind = PAGU_STAGE_PLAN }, src);
    pagu_builder_level(b, &(pagu_level_def){ .id = "plan", .name = "Renja" }, src);
    pagu_builder_level(b, &(pagu_level_def){ .id = "a", .name = "A", .rank = 1 }, src);
    pagu_builder_node(b, &(pagu_node_def){ .id = ".", .name = "Root", .level = "plan", .sign = 1 }, src);
    pagu_builder_node(b, &(pagu_node_def){ .id = "1", .name = "One", .level = "a", .sign = 1 }, src);
    pagu_builder_attribute(b, "1", "spm", "ya", src);
    pagu_builder_field(b, "block", PAGU_FIELD_MONEY);
    pagu_builder_amount(b, "1", "final", "2024", "block", (pagu_cell){ 5, PAGU_NUMBER }, src);
    const char *columns[] = { "scale", "low", "label" }, *cells[] = { "s", "91", "tinggi" };
    pagu_builder_document(b, "scales", 3, columns);
    pagu_builder_document_row(b, "scales", cells, src);
    assert_int_equal(pagu_builder_finish(b, &plan, NULL), PAGU_OK);
    assert_int_equal(pagu_package_save(plan, in_folder("w"), NULL), PAGU_OK);
    again = open_sound(in_folder("w"));
    assert_string_equal(pagu_plan_meta(again, "organisation"), "Dinas");
    assert_string_equal(pagu_plan_meta(again, "evaluation.lower"), "linear");
    assert_string_equal(pagu_plan_meta(again, "evaluation.cap"), "120");
    assert_string_equal(pagu_plan_meta(again, "evaluation.floor"), "0");
    assert_string_equal(pagu_plan_meta(again, "evaluation.scale"), "s");
    assert_int_equal(money_at(again, "final", "1", "block", "2024", NULL), 5);
    char first[65], second[65];
    pagu_plan_hash(plan, first, NULL);
    pagu_plan_hash(again, second, NULL);
    assert_string_equal(first, second);
    pagu_plan_release(plan);
    pagu_plan_release(again);
    assert_stable(in_folder("w"));
}

static void hash_with_evaluation(const char *evaluation, char out[65])
{
    char text[4000];
    const char *at = strstr(sound[0].text, "\"stage\": \"final\"");
    snprintf(text, sizeof text, "%.*s%s%s", (int)(at - sound[0].text), sound[0].text, evaluation, at);
    const file change = { "datapackage.json", text };
    put_package(in_folder("p"), &change, 1);
    pagu_plan *plan = open_sound(in_folder("p"));
    assert_int_equal(pagu_plan_hash(plan, out, NULL), PAGU_OK);
    pagu_plan_release(plan);
}

static void package__evaluation_settings_are_part_of_the_hash(void **state)
{
    (void)state;
    char none[65], same[65], linear[65], capped[65];
    hash_with_evaluation("", none);
    hash_with_evaluation("\"evaluation\": {\"cap\": null, \"floor\": null}, ", same);
    hash_with_evaluation("\"evaluation\": {\"lower\": \"linear\"}, ", linear);
    hash_with_evaluation("\"evaluation\": {\"lower\": \"linear\", \"cap\": 100, \"floor\": 0}, ", capped);
    assert_string_equal(none, same);
    assert_string_not_equal(none, linear);
    assert_string_not_equal(linear, capped);
}

/* ---- includes ---- */

static const char city[] =
    "{\"name\": \"city\", \"pagu\": {\"format\": 1, \"year\": 2024, \"years\": [2022, 2025],\n"
    "\"money\": {\"currency\": \"IDR\", \"decimals\": 2, \"unit\": 1}, \"stage\": \"penetapan\", \"include\": [\n"
    "%s]},\n\"resources\": [\n"
    "{\"name\": \"stages\", \"path\": \"stages.csv\"}, {\"name\": \"levels\", \"path\": \"levels.csv\"},\n"
    "{\"name\": \"nodes\", \"path\": \"nodes.csv\"}]}\n";

static void put_city(const char *include)
{
    char text[2000];
    mkdir(in_folder("city"), 0700);
    snprintf(text, sizeof text, city, include);
    put_file(in_folder("city"), "datapackage.json", text);
    put_file(in_folder("city"), "stages.csv",
             "stage,name,kind,role,rank\ncommon,Umum,common,,0\nrenstra,R,reference,strategic,1\n"
             "draft,Rancangan,plan,,2\npenetapan,Penetapan,plan,,3\n");
    put_file(in_folder("city"), "levels.csv", "tree,level,rank,name,name_en,length\nmain,plan,0,Kota,City,0\n");
    put_file(in_folder("city"), "nodes.csv", "node,parent,level,code,name,sign,stages\n.,,plan,,City,,\n");
}

static void package__includes_mount_others_below_a_node(void **state)
{
    (void)state;
    put_package(in_folder("office"), NULL, 0);
    put_city("{\"path\": \"../office\", \"as\": \"dinsos\", \"stages\": {\"final\": \"penetapan\"}}");
    pagu_plan *plan = open_sound(in_folder("city"));
    assert_int_equal(money_at(plan, "penetapan", "dinsos/1.1.02", "budget", "2024", NULL), 150000);
    assert_int_equal(money_at(plan, "penetapan", "dinsos/1.1.01", "budget", "2024", NULL), 15750000);
    assert_int_equal(money_at(plan, "common", "dinsos", "budget", "2023", NULL), 100050000);
    pagu_table *texts;
    assert_int_equal(pagu_plan_table(plan, "texts", &texts, NULL), PAGU_OK);
    assert_string_equal(pagu_table_get(texts, 0, 0).text, "dinsos/1");
    assert_string_equal(pagu_table_get(texts, 0, 2).text, "penetapan");
    pagu_table_free(texts);
    pagu_plan_release(plan);
    assert_stable(in_folder("city"));
}

static void package__the_same_package_may_be_mounted_twice(void **state)
{
    (void)state;
    put_package(in_folder("office"), NULL, 0);
    put_city("{\"path\": \"../office\", \"as\": \"a\", \"stages\": {\"final\": \"penetapan\"}},"
             "{\"path\": \"../office/datapackage.json\", \"as\": \"b\", \"stages\": {\"final\": \"penetapan\"}}");
    pagu_plan *plan = open_sound(in_folder("city"));
    assert_int_equal(money_at(plan, "penetapan", "a/2", "budget", "2024", NULL), -700001);
    assert_int_equal(money_at(plan, "penetapan", "b/2", "budget", "2024", NULL), -700001);
    pagu_plan_release(plan);
    assert_stable(in_folder("city"));
}

static void package__faults_of_includes_name_their_files(void **state)
{
    (void)state;
    file change = { "amounts.csv", AMOUNTS "1.1.02,final,2024,x,,\n" };
    put_package(in_folder("office"), &change, 1);
    put_city("{\"path\": \"../office\", \"as\": \"dinsos\", \"stages\": {\"final\": \"penetapan\"}}");
    assert_fault(in_folder("city"), &(expected){ "bad-value", "../office/amounts.csv", 2, "budget", "\"x\"" });
    put_package(in_folder("office"), NULL, 0);
    put_city("{\"path\": \"../office\", \"as\": \"dinsos\"}");
    assert_fault(in_folder("city"), &(expected){ "unknown-stage", "../office/stages.csv", 5, NULL, "final" });
    put_city("{\"path\": \"../absent\", \"as\": \"dinsos\"}");
    assert_fault(in_folder("city"), &(expected){ "descriptor", "datapackage.json", 3, "/pagu/include/0", "absent" });
    put_city("{\"path\": \"../office\", \"as\": \"dinsos\", \"into\": \"x\"}");
    assert_fault(in_folder("city"),
                 &(expected){ "descriptor", "datapackage.json", 3, "/pagu/include/0/into", "unknown key" });
    put_city("{\"path\": \"../city\", \"as\": \"self\"}");
    assert_fault(in_folder("city"),
                 &(expected){ "descriptor", "datapackage.json", 3, "/pagu/include/0", "includes itself" });
}

static void package__a_stage_that_a_member_lacks_is_told(void **state)
{
    (void)state;
    file changes[] = {
        { "stages.csv",
          "stage,name,kind,role,rank\ncommon,Umum,common,,0\nrenstra,R,reference,strategic,1\nfinal,Akhir,plan,,3\n" },
        { "amounts.csv", AMOUNTS "1.1.02,final,2024,1,,\n" },
        { "nodes.csv",
          "node,parent,level,code,name,sign,stages,fund,spm\n.,,plan,,R,,,a,\n1,,program,,A,,,,\n1.1,,activity,,A,,,,\n"
          "1.1.01,,item,,B,,,,\n1.1.02,,item,,C,,,,\n" },
    };
    put_package(in_folder("office"), changes, 3);
    put_city("{\"path\": \"../office\", \"as\": \"dinsos\", \"stages\": {\"final\": \"penetapan\"}}");
    pagu_plan_release(open_sound(in_folder("city")));
    assert_int_equal(pagu_findings_count(findings), 1);
    const pagu_finding *f = pagu_findings_get(findings, 0);
    assert_int_equal(f->severity, PAGU_WARNING);
    assert_string_equal(f->rule, "include");
    assert_non_null(strstr(f->message, "\"draft\""));
}

/* ---- want of memory ---- */

static pagu_code load_and_save(pagu_ctx *c, void *arg)
{
    const char *const *paths = arg;
    pagu_plan *plan;
    pagu_code code = pagu_package_open(c, paths[0], NULL, &plan, NULL);
    if (code == PAGU_OK)
        code = pagu_package_save(plan, paths[1], NULL);
    pagu_plan_release(plan);
    return code;
}

static pagu_code read_and_write_json(pagu_ctx *c, void *arg)
{
    pagu_text *in = arg, *out = pagu_text_new(c);
    pagu_plan *plan = NULL;
    pagu_code code = out ? pagu_package_read_json(c, pagu_text_data(in), pagu_text_len(in), "a.json", NULL, &plan, NULL)
                         : PAGU_NO_MEMORY;
    if (code == PAGU_OK)
        code = pagu_package_write_json(plan, out, NULL);
    pagu_plan_release(plan);
    pagu_text_free(out);
    return code;
}

static void package__survives_failing_allocations(void **state)
{
    (void)state;
    put_package(in_folder("office"), NULL, 0);
    put_city("{\"path\": \"../office\", \"as\": \"dinsos\", \"stages\": {\"final\": \"penetapan\"}}");
    char from[160], to[160];
    snprintf(from, sizeof from, "%s/city", folder);
    snprintf(to, sizeof to, "%s/out", folder);
    const char *paths[] = { from, to };
    assert_true(for_each_failing_allocation(load_and_save, paths) > 100);
    pagu_plan *plan = open_sound(in_folder("office"));
    pagu_text *text = as_json(plan);
    pagu_plan_release(plan);
    assert_true(for_each_failing_allocation(read_and_write_json, text) > 100);
    pagu_text_free(text);
}

/* cJSON has an allocator of its own. */
static int allocations_left;

static void *failing_malloc(size_t size)
{
    return allocations_left-- > 0 ? malloc(size) : NULL;
}

static void package__survives_failing_allocations_of_cjson(void **state)
{
    (void)state;
    put_package(folder, NULL, 0);
    pagu_plan *plan = open_sound(folder);
    pagu_text *text = as_json(plan);
    pagu_plan_release(plan);
    cJSON_Hooks hooks = { failing_malloc, free };
    cJSON_InitHooks(&hooks);
    pagu_code code = PAGU_NO_MEMORY;
    int n = 0;
    for (; n < 100000 && code == PAGU_NO_MEMORY; n += 3) {
        allocations_left = n;
        code = read_and_write_json(ctx, text);
    }
    cJSON_InitHooks(NULL);
    assert_int_equal(code, PAGU_OK);
    assert_true(n > 300);
    pagu_text_free(text);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(package__amounts_are_in_the_unit_of_writing),
        TEST(package__a_costed_line_is_the_rounded_product),
        TEST(package__an_amount_above_amounts_is_printed_and_not_added),
        TEST(package__metadata_is_flat),
        TEST(package__tarakan_adds_up),
        TEST(package__a_path_to_the_descriptor_opens_it_too),
        TEST(package__that_is_missing_is_not_found),
        TEST(package__each_bad_amount_is_a_finding),
        TEST(package__all_faults_are_told_at_once),
        TEST(package__columns_must_be_those_declared),
        TEST(package__each_bad_cell_is_a_finding),
        TEST(package__a_cost_and_an_amount_exclude_each_other),
        TEST(package__products_are_rounded_once_half_away_from_zero),
        TEST(package__the_descriptor_is_checked_to_its_last_key),
        TEST(package__resources_are_checked),
        TEST(package__a_missing_file_is_one_finding),
        TEST(package__rows_may_be_lists_or_objects),
        TEST(package__faults_of_inline_rows_have_their_lines),
        TEST(package__in_memory_opens_no_files),
        TEST(package__every_prefix_of_the_json_form_is_refused),
        TEST(package__changed_bytes_are_judged_without_harm),
        TEST(package__what_is_written_is_read_and_written_the_same),
        TEST(package__amounts_are_written_as_they_came_about),
        TEST(package__own_lines_beside_amounts_keep_their_key),
        TEST(package__tarakan_is_written_as_it_is_checked_in),
        TEST(package__saving_removes_what_the_old_package_listed),
        TEST(package__failed_saving_leaves_the_old_files),
        TEST(package__a_plan_without_a_descriptor_gets_one),
        TEST(package__evaluation_settings_are_part_of_the_hash),
        TEST(package__includes_mount_others_below_a_node),
        TEST(package__the_same_package_may_be_mounted_twice),
        TEST(package__faults_of_includes_name_their_files),
        TEST(package__a_stage_that_a_member_lacks_is_told),
        TEST(package__survives_failing_allocations),
        TEST(package__survives_failing_allocations_of_cjson),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
