/* options.c - the table of options and their reading with getopt_long.
 * SPDX-License-Identifier: MIT */
#include "cli/cli.h"
#include "bind/guess.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct option_row {
    option_bits bit;
    char letter; /* 0: none */
    const char *name;
    words argument; /* NULL: none */
    words help;
} option_row;

#define NO_ARGUMENT                                                                                                    \
    {                                                                                                                  \
        NULL, NULL                                                                                                     \
    }
static const option_row rows[] = {
    { OPT_PLAN, 0, "plan", { "RENCANA", "PLAN" }, { "rencana yang dipakai", "the plan to use" } },
    { OPT_STAGE,
      0,
      "stage",
      { "NAMA", "NAME" },
      { "tahap, bukan tahap bawaan", "a stage other than the default one" } },
    { OPT_PARAM,
      0,
      "param",
      { "nama=nilai", "name=value" },
      { "parameter skrip; boleh berulang", "a parameter of the script; may be repeated" } },
    { OPT_SCENARIO,
      0,
      "scenario",
      { "BERKAS", "FILE" },
      { "skenario tersimpan, atau skrip .lua", "a saved scenario, or a .lua script" } },
    { OPT_WORKSPACE,
      0,
      "workspace",
      { "BERKAS", "FILE" },
      { "ruang kerja: skenario dicari di dalamnya, pagu run mencatat hasilnya (juga PAGU_WORKSPACE)",
        "a workspace: scenarios are looked up in it, pagu run keeps its results in it (also PAGU_WORKSPACE)" } },
    { OPT_REPLAY,
      0,
      "replay",
      { "values|decisions", "values|decisions" },
      { "terapkan skenario tersimpan pada rencana yang sudah berubah: nilainya, atau keputusannya",
        "apply saved scenarios to a plan that has changed: their values, or their decisions" } },
    { OPT_APPLY,
      0,
      "apply",
      { "none|clean|all", "none|clean|all" },
      { "bila ada pertentangan: tidak ada (bawaan), hanya langkah tanpa pertentangan, atau semua yang dapat",
        "with conflicts: nothing (default), only steps without one, or all that can be done" } },
    { OPT_YEARS,
      0,
      "years",
      { "absolute|relative", "absolute|relative" },
      { "tahun skenario tetap, atau bergeser dengan tahun rencana",
        "years of the scenario stay, or move with the plan's" } },
    { OPT_POLICY,
      0,
      "policy",
      { "ask|ours|theirs", "ask|ours|theirs" },
      { "siapa yang menang bila kedua pihak mengubah hal yang sama (bawaan ask: tidak ada)",
        "who wins what both sides changed (default ask: nobody)" } },
    { OPT_OVERWRITE,
      0,
      "overwrite",
      NO_ARGUMENT,
      { "ganti yang sudah ada dengan nama itu", "replace what is there under that name" } },
    { OPT_YEAR, 0, "year", { "TAHUN", "YEAR" }, { "tahun, bukan tahun rencana", "a year other than the plan's" } },
    { OPT_FIELD, 0, "field", { "KOLOM", "FIELD" }, { "kolom uang, bukan budget", "a money field other than budget" } },
    { OPT_SHOW,
      0,
      "show",
      { "KOLOM,…", "COLUMN,…" },
      { "kolom tambahan: share, slack, target, unit_cost, cumulative, change, all",
        "further columns: share, slack, target, unit_cost, cumulative, change, all" } },
    { OPT_BY,
      0,
      "by",
      { "KLASIFIKASI", "TREE" },
      { "menurut sumber dana, bidang, … (fund, unit), bukan menurut simpul", "by fund, unit, … instead of by node" } },
    { OPT_LEVEL,
      0,
      "level",
      { "JENJANG", "LEVEL" },
      { "jenjang ini saja, misalnya program; laporan: sampai jenjang ini",
        "only this level, for instance program; a report: down to it" } },
    { OPT_ONLY,
      0,
      "only",
      { "KUNCI", "KEY" },
      { "hanya bagian ini, misalnya satu perangkat daerah", "only this part, for instance one office" } },
    { OPT_CODES,
      0,
      "codes",
      { "BERKAS", "FILE" },
      { "periksa juga terhadap daftar kode ini (codes.csv)", "check against this code table too (codes.csv)" } },
    { OPT_UNIT,
      0,
      "unit",
      { "1000", "1000" },
      { "uang dalam ribuan (1000), jutaan, atau miliaran", "money in thousands (1000), millions or billions" } },
    { OPT_FORM,
      0,
      "form",
      { "official|renstra", "official|renstra" },
      { "T-C.30: bentuk Permendagri 86/2017, atau setiap tahun Renstra (bawaan)",
        "T-C.30: the form of Permendagri 86/2017, or every year of the strategic plan (default)" } },
    { OPT_MAP,
      0,
      "map",
      { "BERKAS", "FILE" },
      { "pemetaan kode (codes_map.csv)", "mapping of codes (codes_map.csv)" } },
    { OPT_FROM,
      0,
      "from",
      { "VERSI", "VERSION" },
      { "versi kode rencana ini, bila tidak dinyatakan", "version of the plan's codes, if it declares none" } },
    { OPT_TO, 0, "to", { "VERSI", "VERSION" }, { "versi kode tujuan", "version to move to" } },
    { OPT_UNMAPPED,
      0,
      "unmapped",
      { "keep|follow", "keep|follow" },
      { "kode yang tidak terpetakan: tetap, atau ikut induknya (bawaan: pertentangan)",
        "codes that are not mapped: keep, or follow their parent (default: a conflict)" } },
    { OPT_NAMES,
      0,
      "names",
      NO_ARGUMENT,
      { "pakai nama dari daftar kode tujuan", "take the names of the list of the new version" } },
    { OPT_RULE, 0, "rule", { "ATURAN", "ID" }, { "hanya temuan aturan ini", "only findings of this rule" } },
    { OPT_SEVERITY,
      0,
      "severity",
      { "TINGKAT", "LEVEL" },
      { "hanya temuan setinggi ini: note, warning, error", "only findings of at least this: note, warning, error" } },
    { OPT_RULES, 0, "rules", NO_ARGUMENT, { "daftar aturan pemeriksaan", "list the rules of checks" } },
    { OPT_SUPPRESS,
      0,
      "suppress",
      { "ATURAN", "ID" },
      { "catat pengecualian dalam paket", "add a suppression to the package" } },
    { OPT_AT,
      0,
      "at",
      { "TABEL:BARIS:KOLOM", "TABLE:ROW:COLUMN" },
      { "tempat pengecualian; yang kosong berlaku untuk semua", "where it holds; what is left out fits all" } },
    { OPT_REASON, 0, "reason", { "ALASAN", "REASON" }, { "alasan pengecualian", "why it is suppressed" } },
    { OPT_EXPLAIN, 0, "explain", { "ATURAN", "ID" }, { "jelaskan satu aturan", "explain a rule" } },
    { OPT_ALL, 0, "all", NO_ARGUMENT, { "juga yang biasanya tidak dicetak", "also what is usually left out" } },
    { OPT_OUT,
      0,
      "out",
      { "FOLDER", "DIR" },
      { "tulis ukuran, perbandingan dan skenario ke folder ini",
        "write metrics, comparison and scenario to this folder" } },
    { OPT_FORMAT,
      0,
      "format",
      { "BENTUK", "FORMAT" },
      { "text, md, csv, csv-excel-id, json, html, xlsx; report dan sweep juga pdf, sweep jsonl, check sarif (bawaan: "
        "menurut "
        "akhiran -o)",
        "text, md, csv, csv-excel-id, json, html, xlsx; report and sweep also pdf, sweep jsonl, check sarif (default: "
        "by the "
        "ending of -o)" } },
    { OPT_FILE,
      'o',
      "output",
      { "BERKAS", "FILE" },
      { "tulis ke berkas, utuh atau tidak sama sekali", "write to a file, whole or not at all" } },
    { OPT_JSON, 0, "json", NO_ARGUMENT, { "hasil sebagai JSON", "results as JSON" } },
    { OPT_IMPORT,
      0,
      "template",
      { "NAMA|BERKAS", "NAME|FILE" },
      { "templat kolom: tabel-1, tabel-3, tabel-7, sipd, atau berkas JSON (tanpa ini: dari kata-kata judul kolom)",
        "a template of columns: tabel-1, tabel-3, tabel-7, sipd, or a JSON file (without: by the words of the "
        "headers)" } },
    { OPT_IMPORT,
      0,
      "into",
      { "FOLDER", "DIR" },
      { "tambahkan ke paket ini; tanpa -o juga ditulis ke situ",
        "add to this package; written there as well unless -o says otherwise" } },
    { OPT_IMPORT, 0, "dry-run", NO_ARGUMENT, { "tunjukkan saja, jangan tulis", "only show, write nothing" } },
    { OPT_IMPORT,
      0,
      "sheet",
      { "NAMA", "NAME" },
      { "hanya lembar ini dari buku kerja", "only this sheet of a workbook" } },
    { OPT_IMPORT,
      0,
      "decimal",
      { ",|.", ",|." },
      { "tanda desimal berkas, bila isinya tidak menunjukkannya",
        "the file's decimal sign, where its cells don't show it" } },
    { OPT_IMPORT,
      0,
      "round",
      NO_ARGUMENT,
      { "bulatkan pecahan rupiah dan hitung berapa", "round fractions of a rupiah and count them" } },
    { OPT_IMPORT,
      0,
      "bidang",
      { "KODE", "CODE" },
      { "bidang yang menggantikan X.XX, misalnya 1.06", "the bidang that stands for X.XX, for instance 1.06" } },
    { OPT_IMPORT,
      0,
      "replace",
      NO_ARGUMENT,
      { "nilai baru menggantikan yang sudah ada", "new values replace those that are there" } },
    { OPT_IMPORT,
      0,
      "partial",
      NO_ARGUMENT,
      { "tulis juga bila ada baris yang ditolak", "write even if rows were rejected" } },
    { OPT_IMPORT,
      0,
      "no-printed",
      NO_ARGUMENT,
      { "jangan simpan sel sebagaimana tercetak", "don't keep the cells as printed" } },
    { OPT_SWEEP,
      0,
      "grid",
      { "nama=a,b,c", "name=a,b,c" },
      { "nilai sebuah parameter, atau rentang a:b:langkah; boleh berulang, yang terakhir berganti paling cepat",
        "values of a parameter, or a range a:b:step; may be repeated, the last varies fastest" } },
    { OPT_SWEEP,
      0,
      "list",
      { "BERKAS", "FILE" },
      { "satu anggota tiap baris CSV, kolomnya nama parameter",
        "a member a line of CSV, its columns named by parameters" } },
    { OPT_SWEEP,
      0,
      "lhs",
      { "N", "N" },
      { "N anggota yang tersebar merata (hiperkubus Latin) dalam --range",
        "N members spread evenly (Latin hypercube) over --range" } },
    { OPT_SWEEP,
      0,
      "range",
      { "nama=a:b", "name=a:b" },
      { "rentang sebuah parameter untuk --lhs; boleh berulang",
        "the range of a parameter for --lhs; may be repeated" } },
    { OPT_SWEEP,
      0,
      "seed",
      { "S", "S" },
      { "awal bilangan acak (bawaan 1)", "where random numbers start (default 1)" } },
    { OPT_SWEEP,
      'j',
      "jobs",
      { "N", "N" },
      { "proses sekaligus (bawaan: sebanyak inti); hasilnya sama untuk berapa pun",
        "processes at once (default: one a core); the result is the same for any" } },
    { OPT_SWEEP, 0, "timeout", { "DETIK", "SECONDS" }, { "batas waktu tiap anggota", "time limit of a member" } },
    { OPT_SWEEP,
      0,
      "store",
      { "BERKAS", "FILE" },
      { "simpan tiap anggota begitu selesai (JSON Lines)", "keep every member as it ends (JSON Lines)" } },
    { OPT_SWEEP, 0, "resume", NO_ARGUMENT, { "lanjutkan isi --store", "go on with what --store holds" } },
    { OPT_SWEEP,
      0,
      "shard",
      { "i/n", "i/n" },
      { "hanya bagian ke-i dari n; gabungkan dengan pagu sweep merge",
        "only the i-th of n parts; put them together with pagu sweep merge" } },
    { OPT_TRUST,
      0,
      "trust",
      NO_ARGUMENT,
      { "percaya pada skrip: seluruh pustaka baku Lua", "trust the script: all of Lua's standard library" } },
    { OPT_TIME,
      0,
      "time-limit",
      { "DETIK", "SECONDS" },
      { "hentikan skrip sesudah sekian detik", "stop the script after so many seconds" } },
    { OPT_NO_EDIT, 0, "no-edit", NO_ARGUMENT, { "tanpa penyunting baris", "without the line editor" } },
    { OPT_WIDTH,
      0,
      "width",
      { "N", "N" },
      { "lebar tabel teks (bawaan: lebar terminal, atau 160); 0: tanpa batas",
        "width of text tables (default: the terminal's, else 160); 0: no limit" } },
    { OPT_MEMORY, 0, "memory", { "MiB", "MiB" }, { "batas memori (bawaan 1024)", "memory limit (default 1024)" } },
    { OPT_LANG,
      0,
      "lang",
      { "id|en", "id|en" },
      { "bahasa pesan dan angka (juga PAGU_LANG)", "language of messages and numbers (also PAGU_LANG)" } },
    { OPT_QUIET, 'q', "quiet", NO_ARGUMENT, { "tanpa pesan selain galat", "no messages but errors" } },
    { OPT_VERSION, 'V', "version", NO_ARGUMENT, { "cetak versi", "print the version" } },
    { OPT_HELP, 'h', "help", NO_ARGUMENT, { "cetak bantuan ini", "print this help" } },
};
enum { N_ROWS = sizeof rows / sizeof *rows, FIRST_LONG = 256 };

void help_options(const cli *c, option_bits allowed)
{
    for (int i = 0; i < N_ROWS; i++) {
        if (!(rows[i].bit & allowed))
            continue;
        char left[64];
        const char *argument = rows[i].argument.id ? pick(c->lang, rows[i].argument.id, rows[i].argument.en) : NULL;
        snprintf(left, sizeof left, "%c%c%s--%s%s%s", rows[i].letter ? '-' : ' ', rows[i].letter ? rows[i].letter : ' ',
                 rows[i].letter ? ", " : "  ", rows[i].name, argument ? " " : "", argument ? argument : "");
        printf("  %-26s  %s\n", left, pick(c->lang, rows[i].help.id, rows[i].help.en));
    }
}

static int unknown_option(const cli *c, const char *given, option_bits allowed)
{
    guess g;
    const char *name = given + strspn(given, "-");
    char word[64];
    snprintf(word, sizeof word, "%.*s", (int)strcspn(name, "="), name);
    guess_start(&g, word);
    for (int i = 0; i < N_ROWS; i++)
        if (rows[i].bit & allowed)
            guess_offer(&g, rows[i].name);
    if (g.best[0])
        return usage_error(c, "tidak ada opsi %s di sini; maksud Anda --%s?",
                           "there is no option %s here; did you mean --%s?", given, g.best);
    return usage_error(c, "tidak ada opsi %s di sini", "there is no option %s here", given);
}

static int read_count(const cli *c, const char *name, const char *value, unsigned long max, unsigned long *out)
{
    char *end;
    errno = 0;
    *out = strtoul(value, &end, 10);
    if (errno || *end || end == value || *value == '-' || *out > max)
        return usage_error(c, "--%s %s: isi bilangan bulat 0 … %lu", "--%s %s: give a whole number 0 … %lu", name,
                           value, max);
    return EXIT_DONE;
}

static int read_lang(cli *c, const char *value)
{
    if (strcmp(value, "id") != 0 && strcmp(value, "en") != 0)
        return usage_error(c, "--lang %s: pilih id atau en", "--lang %s: choose id or en", value);
    c->lang = strcmp(value, "en") == 0 ? PAGU_LANG_EN : PAGU_LANG_ID;
    if (c->ctx)
        pagu_ctx_set_lang(c->ctx, c->lang);
    return EXIT_DONE;
}

static int add_param(cli *c, const char *value)
{
    const char **grown = realloc(c->params, (c->n_params + 1) * sizeof *grown);
    if (!grown)
        return EXIT_INTERNAL;
    c->params = grown;
    c->params[c->n_params++] = value;
    return EXIT_DONE;
}

static int take_option(cli *c, option_bits bit, const char *value)
{
    unsigned long count = 0;
    int code = EXIT_DONE;
    switch (bit) {
    case OPT_PLAN: c->plan = value; break;
    case OPT_STAGE: c->stage = value; break;
    case OPT_SCENARIO: c->scenario = value; break;
    case OPT_YEAR: c->year = value; break;
    case OPT_POLICY: c->policy = value; break;
    case OPT_OVERWRITE: c->overwrite = true; break;
    case OPT_WORKSPACE: c->workspace = value; break;
    case OPT_REPLAY: c->replay = value; break;
    case OPT_APPLY: c->apply = value; break;
    case OPT_YEARS: c->years = value; break;
    case OPT_FIELD: c->field = value; break;
    case OPT_LEVEL: c->level = value; break;
    case OPT_SHOW: c->show = value; break;
    case OPT_BY: c->by = value; break;
    case OPT_ONLY: c->only = value; break;
    case OPT_MAP: c->map = value; break;
    case OPT_FROM: c->from = value; break;
    case OPT_TO: c->to = value; break;
    case OPT_UNMAPPED: c->unmapped = value; break;
    case OPT_NAMES: c->names = true; break;
    case OPT_CODES: c->codes = value; break;
    case OPT_FORM: c->form = value; break;
    case OPT_UNIT: c->unit = value; break;
    case OPT_RULE: c->rule = value; break;
    case OPT_SEVERITY: c->severity = value; break;
    case OPT_RULES: c->rules = true; break;
    case OPT_SUPPRESS: c->suppress = value; break;
    case OPT_AT: c->at = value; break;
    case OPT_REASON: c->reason = value; break;
    case OPT_EXPLAIN: c->explain = value; break;
    case OPT_OUT: c->out_dir = value; break;
    case OPT_FORMAT: c->format = value; break;
    case OPT_FILE: c->out_file = value; break;
    case OPT_ALL: c->all = true; break;
    case OPT_JSON: c->json = true; break;
    case OPT_TRUST: c->trust = true; break;
    case OPT_NO_EDIT: c->no_edit = true; break;
    case OPT_QUIET: c->quiet = true; break;
    case OPT_HELP: c->help = true; break;
    case OPT_VERSION: c->version = true; break;
    case OPT_LANG: return read_lang(c, value);
    case OPT_PARAM: return add_param(c, value);
    case OPT_TIME:
        code = read_count(c, "time-limit", value, 1000000, &count);
        c->time_limit = (unsigned)count;
        break;
    case OPT_WIDTH:
        code = read_count(c, "width", value, 100000, &count);
        c->width = (int)count;
        break;
    case OPT_MEMORY:
        code = read_count(c, "memory", value, 1ul << 24, &count);
        c->memory_limit = (size_t)count << 20;
        break;
    }
    return code;
}

/* The getopt tables of the allowed options. */
static void make_tables(option_bits allowed, bool stop_early, struct option *longs, char *shorts)
{
    *shorts++ = stop_early ? '+' : '-'; /* '-': arguments come in order, as option 1 */
    *shorts++ = ':';
    for (int i = 0; i < N_ROWS; i++) {
        if (!(rows[i].bit & allowed))
            continue;
        *longs++ = (struct option){ rows[i].name, rows[i].argument.id ? required_argument : no_argument, NULL,
                                    FIRST_LONG + i };
        if (rows[i].letter) {
            *shorts++ = rows[i].letter;
            if (rows[i].argument.id)
                *shorts++ = ':';
        }
    }
    *shorts = '\0';
    *longs = (struct option){ NULL, 0, NULL, 0 };
}

static const option_row *find_row(int key)
{
    if (key >= FIRST_LONG)
        return &rows[key - FIRST_LONG];
    for (int i = 0; i < N_ROWS; i++)
        if (rows[i].letter == key)
            return &rows[i];
    return NULL;
}

int options_read(cli *c, int argc, char **argv, option_bits allowed, bool stop_early)
{
    struct option longs[N_ROWS + 1];
    char shorts[2 * N_ROWS + 3];
    int key;
    make_tables(allowed, stop_early, longs, shorts);
    opterr = 0;
    optind = 0; /* 0, not 1: glibc starts afresh */
    c->n_args = 0;
    while ((key = getopt_long(argc, argv, shorts, longs, NULL)) != -1) {
        if (key == 1) {
            c->args[c->n_args++] = optarg;
            continue;
        }
        if (key == ':')
            return usage_error(c, "opsi %s perlu nilai", "option %s needs a value", argv[optind - 1]);
        const option_row *row = key == '?' ? NULL : find_row(key);
        char letter[3] = { '-', (char)optopt, 0 };
        if (!row)
            return unknown_option(c, optopt > 0 && optopt < FIRST_LONG ? letter : argv[optind - 1], allowed);
        int code = row->bit == OPT_IMPORT  ? import_option(c, row->name, optarg)
                   : row->bit == OPT_SWEEP ? sweep_option(c, row->name, optarg)
                                           : take_option(c, row->bit, optarg);
        if (code != EXIT_DONE)
            return code;
    }
    while (optind < argc)
        c->args[c->n_args++] = argv[optind++];
    return EXIT_DONE;
}
