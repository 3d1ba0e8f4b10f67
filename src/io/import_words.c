/* import_words.c - what the words of a header mean, in Indonesian and English.
 * SPDX-License-Identifier: MIT */
#include "io/import_parts.h"

#include <stdio.h>

const char *const import_levels[LEVELS] = { "urusan", "bidang", "program", "kegiatan", "sub_kegiatan" };

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static bool is_word_char(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '%' || (unsigned char)c >= 0x80;
}

/* A year sticks to its word in names of fields: "pagu2024". */
static bool splits(char a, char b)
{
    bool a_digit = a >= '0' && a <= '9', b_digit = b >= '0' && b <= '9';
    return a_digit != b_digit && a != ' ' && b != ' ' && a != '%' && b != '%';
}

void normal_words(const char *text, char *out, size_t size)
{
    size_t n = 0;
    char last = ' ';
    out[n++] = ' ';
    for (; *text && n + 3 < size; text++) {
        char c = lower(*text);
        c = is_word_char(c) ? c : ' ';
        if (c == ' ' && last == ' ')
            continue;
        if (splits(last, c))
            out[n++] = ' ';
        out[n++] = last = c;
    }
    if (last != ' ')
        out[n++] = ' ';
    out[n] = '\0';
}

/* One of the phrases, divided by bars, between blanks. */
static bool has(const char *words, const char *phrases)
{
    char phrase[64];
    for (const char *p = phrases; *p;) {
        size_t n = strcspn(p, "|");
        snprintf(phrase, sizeof phrase, " %.*s ", (int)n, p);
        if (strstr(words, phrase))
            return true;
        p += n + (p[n] == '|');
    }
    return false;
}

/* ---- years ---- */

static int year_at(const char *p)
{
    int year = 0;
    for (int i = 0; i < 4; i++) {
        if (p[i] < '0' || p[i] > '9')
            return 0;
        year = year * 10 + (p[i] - '0');
    }
    return p[4] == ' ' && year >= 1990 && year <= 2099 ? year : 0;
}

/* The last year of the words; of several ("2020 2024") it is the end. */
static int find_year(const char *words)
{
    int year = 0;
    for (const char *p = words; *p; p++)
        if (*p == ' ' && year_at(p + 1))
            year = year_at(p + 1);
    return year;
}

/* "n+1", "n-2", "n – 1": signs are gone from the words, so the header itself is asked. */
static bool find_relative(const char *header, int *out)
{
    for (const char *p = header; *p; p++) {
        bool alone = p == header || !is_word_char(lower(p[-1]));
        if (lower(*p) != 'n' || !alone)
            continue;
        const char *q = p + 1 + strspn(p + 1, " ");
        int sign = *q == '+' ? 1 : *q == '-' ? -1 : strncmp(q, "\xE2\x80\x93", 3) == 0 ? -1 : 0;
        if (!sign)
            continue;
        q += *q == '+' || *q == '-' ? 1 : 3;
        q += strspn(q, " ");
        if (*q >= '0' && *q <= '9' && !is_word_char(lower(q[1]))) {
            *out = sign * (*q - '0');
            return true;
        }
    }
    return false;
}

static int find_part(const char *words)
{
    static const char *const quarters[] = { "triwulan i|triwulan 1|tw i|tw 1|q 1|quarter 1",
                                            "triwulan ii|triwulan 2|tw ii|tw 2|q 2|quarter 2",
                                            "triwulan iii|triwulan 3|tw iii|tw 3|q 3|quarter 3",
                                            "triwulan iv|triwulan 4|tw iv|tw 4|q 4|quarter 4" };
    for (int i = 0; i < 4; i++)
        if (has(words, quarters[i]))
            return i + 1;
    return 0;
}

/* ---- stages ---- */

static const char *find_stage(const char *words)
{
    static const struct {
        const char *phrases, *stage;
    } stages[] = {
        { "renstra|strategic", "renstra" },
        { "draft|ranwal|rancangan awal", "draft" },
        { "need|hasil analisis kebutuhan|analisis kebutuhan|hasil analisis", "need" },
    };
    for (size_t i = 0; i < COUNT_OF(stages); i++)
        if (has(words, stages[i].phrases))
            return stages[i].stage;
    return NULL;
}

/* ---- levels ---- */

int level_of_word(const char *text)
{
    static const struct {
        const char *word;
        int level;
    } words[] = {
        { " urusan ", LEVEL_URUSAN },        { " bidang ", LEVEL_BIDANG },     { " bidang urusan ", LEVEL_BIDANG },
        { " urusan bidang ", LEVEL_BIDANG }, { " program ", LEVEL_PROGRAM },   { " kegiatan ", LEVEL_KEGIATAN },
        { " giat ", LEVEL_KEGIATAN },        { " activity ", LEVEL_KEGIATAN }, { " sub kegiatan ", LEVEL_SUB },
        { " subkegiatan ", LEVEL_SUB },      { " sub giat ", LEVEL_SUB },      { " sub ", LEVEL_SUB },
        { " subgiat ", LEVEL_SUB },          { " sub activity ", LEVEL_SUB },  { " field ", LEVEL_BIDANG },
        { " affair ", LEVEL_URUSAN },
    };
    char normal[64];
    normal_words(text, normal, sizeof normal);
    for (size_t i = 0; i < COUNT_OF(words); i++)
        if (str_eq(words[i].word, normal))
            return words[i].level;
    return LEVEL_NONE;
}

/* The level that a header of codes or names is about; none if it names several. */
static int find_level(const char *words)
{
    bool sub = has(words, "sub kegiatan|subkegiatan|sub giat|subgiat|sub");
    bool kegiatan = has(words, "kegiatan|giat") && !has(words, "sub kegiatan|sub giat");
    bool bidang = has(words, "bidang"), urusan = has(words, "urusan") && !bidang; /* "bidang urusan" */
    bool program = has(words, "program");
    if (urusan + bidang + program + kegiatan + sub != 1)
        return LEVEL_NONE;
    return sub ? LEVEL_SUB : kegiatan ? LEVEL_KEGIATAN : program ? LEVEL_PROGRAM : bidang ? LEVEL_BIDANG : LEVEL_URUSAN;
}

/* ---- roles ---- */

typedef struct role_rule {
    const char *phrases, *also, *never; /* any of these, any of those too, none of the last */
    import_role role;
    const char *field;
} role_rule;

/* The first that fits. */
static const role_rule rules[] = {
    { "no|nomor|no urut|nomor urut", NULL, NULL, ROLE_ROW, NULL },
    { "kode|code|koderekening|kode rekening", NULL, "kode pn|dana", ROLE_CODE, NULL },
    { "sumber dana|sumber pendanaan|sumber pembiayaan|source|fund|nama dana|namadana|sumberdana", NULL, NULL, ROLE_TAG,
      "fund" },
    { "lokasi|location|nama lokasi|namalokasi", NULL, NULL, ROLE_TAG, "location" },
    { "unit responsible|unit penanggung jawab|penanggung jawab|perangkat daerah penanggung jawab|unit kerja|skpd|opd|"
      "nama skpd|unit pelaksana|pelaksana|bidang penanggung jawab",
      NULL, NULL, ROLE_TAG, "unit" },
    { "satuan|satuanoutput|satuanindikator", NULL, NULL, ROLE_UNIT, NULL },
    { "unit", "target|realisasi|achieved|realized", NULL, ROLE_UNIT, NULL },
    { "satuan", NULL, NULL, ROLE_UNIT, NULL },
    { "perkiraan realisasi|prakiraan realisasi|projected to|perkiraan capaian|perkiraan realisasi capaian", NULL, NULL,
      ROLE_CLAIM, "cumulative" },
    { "tingkat realisasi|tingkat capaian|rate|rasio capaian|persentase capaian|tingkat pencapaian", "renstra", NULL,
      ROLE_CLAIM, "strategic_rate" },
    { "tingkat realisasi|tingkat capaian|rate|rasio capaian|persentase capaian|tingkat pencapaian|%", NULL, NULL,
      ROLE_CLAIM, "rate" },
    { "penyerapan|absorption", NULL, NULL, ROLE_CLAIM, "absorption" },
    { "spent|realisasi anggaran|realisasi keuangan|realisasi belanja|realisasi pagu|realisasi rp", NULL, NULL,
      ROLE_MONEY, "spent" },
    { "indikator|indicator|tolok ukur|tolak ukur|outputteks|output teks|indikator kinerja", NULL, "target",
      ROLE_INDICATOR, NULL },
    { "baseline|kondisi awal|data dasar", NULL, NULL, ROLE_MEASURE, "baseline" },
    { "standard|standar", NULL, NULL, ROLE_MEASURE, "standard" },
    { "proyeksi|projected|projection", NULL, NULL, ROLE_MEASURE, "projected" },
    { "target|targetoutput|targetoutputteks", NULL, "pagu|anggaran|rp|realisasi|realized", ROLE_MEASURE, "target" },
    { "realisasi|realized|realised|achieved|capaian|achievement", NULL, NULL, ROLE_MEASURE, "achieved" },
    { "pagu|anggaran|budget|kebutuhan dana|dana|biaya|alokasi|jumlah rp|pagu indikatif|amount|jumlah anggaran", NULL,
      "pagu murni|pagumurni", ROLE_MONEY, "budget" },
    { "kebutuhan", NULL, "analisis", ROLE_MONEY, "budget" },
    { "level|jenjang", NULL, NULL, ROLE_LEVEL, NULL },
    { "catatan|catatan penting|keterangan|ket|remark|remarks|note|notes", NULL, NULL, ROLE_NOTE, "note" },
    { "faktor pendorong|pendorong", NULL, NULL, ROLE_NOTE, "driver" },
    { "faktor penghambat|penghambat", NULL, NULL, ROLE_NOTE, "obstacle" },
    { "tindak lanjut", NULL, NULL, ROLE_NOTE, "follow_up" },
    { "nama|name|uraian|urusan|bidang urusan|program|kegiatan|sub kegiatan|subkegiatan|nomenklatur|giat|sub giat", NULL,
      NULL, ROLE_NAME, NULL },
};

static bool find_role(const char *words, header_words *out)
{
    for (size_t i = 0; i < COUNT_OF(rules); i++) {
        const role_rule *r = &rules[i];
        if (!has(words, r->phrases) || (r->also && !has(words, r->also)) || (r->never && has(words, r->never)))
            continue;
        out->role = r->role;
        out->field = r->field;
        return true;
    }
    return false;
}

static bool ends_in(const char *words, const char *word)
{
    size_t n = strlen(words), m = strlen(word);
    return n >= m && str_eq(words + n - m, word);
}

/* "K" and "Rp" below or behind a heading: physical and financial side by side, as in form E.81. */
static bool find_half(const char *leaf, const char *all, header_words *out)
{
    bool physical = ends_in(leaf, " k ") || str_eq(leaf, " fisik ") || str_eq(leaf, " kinerja ");
    bool money = ends_in(leaf, " rp ") || str_eq(leaf, " keuangan ") || str_eq(leaf, " rupiah ");
    bool done = has(all, "realisasi|capaian");
    if (!physical && !money)
        return false;
    out->role = money ? ROLE_MONEY : ROLE_MEASURE;
    out->field = money ? done ? "spent" : "budget" : done ? "achieved" : "target";
    if (has(all, "tingkat|rasio|persentase|penyerapan")) {
        out->role = ROLE_CLAIM;
        out->field = money ? "absorption" : "rate";
    }
    return true;
}

static int64_t find_factor(const char *words)
{
    if (has(words, "ribu|ribuan|ribu rupiah|rp 000|000"))
        return 1000;
    return has(words, "juta|jutaan|juta rupiah|000000") ? 1000000 : 1;
}

int64_t words_of_title(const char *title)
{
    char words[512];
    normal_words(title, words, sizeof words);
    if (has(words, "ribuan|ribu rupiah|rp 000"))
        return 1000;
    return has(words, "jutaan|juta rupiah|rp 000 000") ? 1000000 : 1;
}

void words_of_header(const char *leaf, const char *groups, header_words *out)
{
    char own[256], all[512], joined[512];
    *out = (header_words){ .level = LEVEL_NONE, .factor = 1 };
    snprintf(joined, sizeof joined, "%s %s", groups, leaf);
    normal_words(leaf, own, sizeof own);
    normal_words(joined, all, sizeof all);
    out->raw = has(own, "raw|tercetak|printed");
    out->norm = has(own, "norm");
    out->part = find_part(all);
    out->stage = find_stage(own) ? find_stage(own) : find_stage(all);
    out->year = find_year(own) ? find_year(own) : find_year(all);
    out->has_relative = find_relative(leaf, &out->relative) || find_relative(groups, &out->relative);
    out->up_to = has(all, "to|s d|sd|sampai|hingga|sampai dengan");
    if (!find_half(own, all, out) && !find_role(own, out))
        find_role(all, out);
    if (out->role == ROLE_MEASURE && str_eq(out->field, "achieved") &&
        has(all, "perkiraan realisasi|prakiraan realisasi")) {
        out->role = ROLE_CLAIM; /* what the year is expected to reach: a sum, not yet a result */
        out->field = "cumulative";
    }
    if (out->role == ROLE_MONEY)
        out->factor = find_factor(all);
    if (out->role == ROLE_CLAIM && str_eq(out->field, "rate") && out->stage && str_eq(out->stage, "renstra"))
        out->field = "strategic_rate";
    if (out->role == ROLE_CODE || out->role == ROLE_NAME)
        out->level = find_level(own);
}
