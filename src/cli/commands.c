/* commands.c - the table of commands; help and dispatch come from it.
 * SPDX-License-Identifier: MIT */
#include "cli/cli.h"

#include <string.h>

enum { SCRIPTING = OPT_TRUST | OPT_TIME };

const command commands[] = {
    { .name = "run",
      .arguments = { "SKRIP…", "SCRIPT…" },
      .summary = { "jalankan skrip skenario pada sebuah rencana", "run scenario scripts on a plan" },
      .details = { "Skrip bentuk kedua (yang mengembalikan { title, params, run = … }) dijalankan pada cabang baru\n"
                   "dari tahap bawaan atau --stage; ukuran dan perbandingannya dengan dasar dicetak. Skrip bentuk\n"
                   "pertama bekerja pada variabel plan, dan nilai yang dikembalikannya dicetak.\n"
                   "Dengan --workspace, jalannya, hasilnya, dan skenarionya (dengan nama skrip) disimpan di sana.\n"
                   "Tanpa --plan, rencana di folder ini dipakai bila ada datapackage.json.\n\n"
                   "  pagu run scenarios/pagu-turun.lua --plan RENCANA --param pagu=\"5,8 M\" --out hasil",
                   "A script of the second form (one that returns { title, params, run = … }) runs on a new branch\n"
                   "of the default stage or --stage; its metrics and the comparison with the base are printed. A\n"
                   "script of the first form acts on the variable plan, and what it returns is printed.\n"
                   "With --workspace, the run, its results and its scenario (under the script's name) are kept there.\n"
                   "Without --plan, the plan in this folder is used if there is a datapackage.json.\n\n"
                   "  pagu run scenarios/pagu-turun.lua --plan PLAN --param pagu=\"5,8 M\" --out results" },
      .min_args = 1,
      .max_args = -1,
      .options = OPT_PLAN | OPT_PARAM | OPT_STAGE | OPT_OUT | OPT_JSON | OPT_WIDTH | OPT_WORKSPACE | SCRIPTING,
      .run = cmd_run },
    { .name = "sweep",
      .arguments = { "SKRIP | merge BERKAS…", "SCRIPT | merge FILE…" },
      .summary = { "jalankan skrip untuk banyak nilai parameternya", "run a script for many values of its parameters" },
      .details = { "Skrip bentuk kedua dijalankan sekali untuk tiap anggota: semua gabungan nilai --grid, baris\n"
                   "--list, atau sebaran --lhs; --param menetapkan yang lain. Semua nilai diperiksa sebelum ada yang\n"
                   "dijalankan. Anggota yang gagal disebut dengan galatnya, yang lain tetap berlaku, dan kode keluar\n"
                   "menjadi 1. Format jsonl memuat satu anggota tiap baris. Dengan --store penyapuan yang terhenti\n"
                   "dilanjutkan oleh perintah yang sama dengan --resume; merge menggabungkan bagian-bagian --shard.\n\n"
                   "  pagu sweep scenarios/prakiraan-maju.lua --plan RENCANA --grid gaji=4:8:2 --grid umum=2.5,3.5\n"
                   "  pagu sweep SKRIP --plan RENCANA --lhs 200 --range gaji=3:9 --range umum=1:6 -o hasil.html\n"
                   "  pagu sweep SKRIP --plan RENCANA --grid gaji=0:20:0.1 --store hasil.jsonl --resume\n"
                   "  pagu sweep merge bagian-1.jsonl bagian-2.jsonl -o hasil.csv",
                   "A script of the second form runs once for every member: all combinations of --grid, the rows of\n"
                   "--list, or the spread of --lhs; --param sets the others. All values are checked before any runs.\n"
                   "Members that fail are listed with their error, the others stand, and the exit code is 1. The\n"
                   "format jsonl has a member a line. With --store, a sweep that was stopped goes on by the same\n"
                   "command with --resume; merge puts the parts of --shard together.\n\n"
                   "  pagu sweep scenarios/prakiraan-maju.lua --plan PLAN --grid gaji=4:8:2 --grid umum=2.5,3.5\n"
                   "  pagu sweep SCRIPT --plan PLAN --lhs 200 --range gaji=3:9 --range umum=1:6 -o result.html\n"
                   "  pagu sweep SCRIPT --plan PLAN --grid gaji=0:20:0.1 --store result.jsonl --resume\n"
                   "  pagu sweep merge part-1.jsonl part-2.jsonl -o result.csv" },
      .min_args = 1,
      .max_args = -1,
      .options = OPT_SWEEP | OPT_PLAN | OPT_PARAM | OPT_STAGE | OPT_SCENARIO | OPT_SAVED | OPT_FORMAT | OPT_JSON |
                 OPT_FILE | OPT_WIDTH | OPT_TRUST,
      .run = cmd_sweep },
    { .name = "eval",
      .arguments = { "RENCANA 'lua'", "PLAN 'lua'" },
      .summary = { "hitung sepotong Lua pada sebuah rencana", "evaluate a piece of Lua on a plan" },
      .details = { "Variabel plan adalah rencana itu. Nilai yang dikembalikan dicetak seperti oleh print, dipisah\n"
                   "tab; return boleh dihilangkan bila potongannya sebuah ungkapan.\n\n"
                   "  pagu eval RENCANA 'plan:get(\"1.06\", \"budget\", 2024)'",
                   "The variable plan is the plan. What it returns is printed as print does, separated by tabs;\n"
                   "return may be left out if the piece is an expression.\n\n"
                   "  pagu eval PLAN 'plan:get(\"1.06\", \"budget\", 2024)'" },
      .min_args = 2,
      .max_args = 2,
      .options = OPT_STAGE | OPT_JSON | OPT_WIDTH | SCRIPTING,
      .run = cmd_eval },
    { .name = "check",
      .arguments = { "RENCANA", "PLAN" },
      .summary = { "periksa paket dan angkanya", "check a package and its figures" },
      .details = { "Mencetak temuan: jumlah yang tidak sama dengan rinciannya, tingkat capaian yang keliru, tabel\n"
                   "yang saling bertentangan, pagu tanpa target, dan lainnya; --rules memuat daftar aturannya,\n"
                   "--explain ATURAN menjelaskan satu. Yang dikecualikan paket (suppressions.csv) dicetak dengan\n"
                   "--all. Kode keluar 1 bila ada temuan selain catatan, 3 bila paket tidak dapat dimuat.\n\n"
                   "  pagu check RENCANA --severity warning\n"
                   "  pagu check RENCANA --format sarif -o temuan.sarif\n"
                   "  pagu check --explain footing\n"
                   "  pagu check RENCANA --suppress class-twice --at T7 --reason \"lokasi kegiatan adalah kantor\"",
                   "Prints findings: totals that don't foot, wrong rates, tables that contradict each other, budgets\n"
                   "without targets and more; --rules lists the rules, --explain ID tells about one. What the\n"
                   "package suppresses (suppressions.csv) is printed with --all. The exit code is 1 if any finding\n"
                   "is more than a note, 3 if the package can't be loaded.\n\n"
                   "  pagu check PLAN --severity warning\n"
                   "  pagu check PLAN --format sarif -o findings.sarif\n"
                   "  pagu check --explain footing\n"
                   "  pagu check PLAN --suppress class-twice --at T7 --reason \"the place is the office\"" },
      .min_args = 0,
      .max_args = 1,
      .options = OPT_STAGE | OPT_JSON | OPT_FORMAT | OPT_CODES | OPT_WIDTH | OPT_FILE | OPT_RULE | OPT_SEVERITY |
                 OPT_RULES | OPT_EXPLAIN | OPT_ALL | OPT_SUPPRESS | OPT_AT | OPT_REASON,
      .run = cmd_check },
    { .name = "report",
      .arguments = { "RENCANA JENIS", "PLAN KIND" },
      .summary = { "cetak tabel resmi", "print an official table" },
      .details = { "JENIS:\n"
                   "  tc29      evaluasi Renja n-2 dan pencapaian Renstra (Tabel 1)\n"
                   "  tc30      pencapaian kinerja pelayanan (Tabel 2)\n"
                   "  tc31      rancangan awal RKPD di samping kebutuhan (Tabel 3)\n"
                   "  tc32      usulan masyarakat (Tabel 4)\n"
                   "  tabel5    tujuan dan sasaran; tabel6: prioritas nasional dan provinsi\n"
                   "  tc33      rencana tahun n dan prakiraan maju n+1 (Tabel 7)\n"
                   "  tabel8    program, pendanaan dan unit\n"
                   "  e81       evaluasi triwulanan; narasi: uraian evaluasi n-2\n"
                   "  proyeksi  tahun-tahun berikutnya; compare: skenario terhadap tahap asalnya\n"
                   "  all       seluruh dokumen\n"
                   "atau tata letak sendiri dengan titik dalam namanya.\n\n"
                   "  pagu report RENCANA tc33 --scenario scenarios/prakiraan-maju.lua --param gaji=5 -o tc33.csv",
                   "KIND:\n"
                   "  tc29      evaluation of n-2 and achievement of the strategic plan (Tabel 1)\n"
                   "  tc30      achievement of service performance (Tabel 2)\n"
                   "  tc31      the draft beside the needs (Tabel 3)\n"
                   "  tc32      proposals of citizens (Tabel 4)\n"
                   "  tabel5    goals and objectives; tabel6: national and provincial priorities\n"
                   "  tc33      the plan of year n and the forward estimate n+1 (Tabel 7)\n"
                   "  tabel8    programs, funding and unit\n"
                   "  e81       quarterly evaluation; narasi: the evaluation of n-2 in words\n"
                   "  proyeksi  the years after n; compare: a scenario against its stage\n"
                   "  all       the whole document\n"
                   "or a layout of your own with a dot in its name.\n\n"
                   "  pagu report PLAN tc33 --scenario scenarios/prakiraan-maju.lua --param gaji=5 -o tc33.csv" },
      .min_args = 2,
      .max_args = 2,
      .options = OPT_SAVED | OPT_STAGE | OPT_SCENARIO | OPT_PARAM | OPT_FORMAT | OPT_JSON | OPT_YEAR | OPT_ONLY |
                 OPT_LEVEL | OPT_UNIT | OPT_FORM | OPT_ALL | OPT_WIDTH | OPT_FILE | SCRIPTING,
      .run = cmd_report },
    { .name = "explain",
      .arguments = { "RENCANA KODE [MEDAN] [TAHUN]", "PLAN KEY [FIELD] [YEAR]" },
      .summary = { "jelaskan asal sebuah nilai", "explain where a value comes from" },
      .details = { "Dari mana nilai itu: isian, jumlah, rumus, atau ubahan skenario dengan skrip dan barisnya; apa "
                   "yang\n"
                   "diminta, atas dasar apa, batas atau pembulatan mana yang menentukan, dan penahan mana yang "
                   "mengikat.\n"
                   "MEDAN bawaannya budget, TAHUN tahun rencana; --scenario seperti pada report. --json memberi "
                   "pohonnya.\n\n"
                   "  pagu explain RENCANA 1.06.01 budget 2024 --scenario scenarios/pagu-turun.lua",
                   "Where it comes from: an input, a sum, a formula, or an edit of a scenario with its script and "
                   "line;\n"
                   "what was asked, on what basis, which bound or rounding decided, and which constraint binds. FIELD "
                   "is\n"
                   "budget by default, YEAR the plan's; --scenario as for report. --json gives the tree.\n\n"
                   "  pagu explain PLAN 1.06.01 budget 2024 --scenario scenarios/pagu-turun.lua" },
      .min_args = 2,
      .max_args = 4,
      .options = OPT_SAVED | OPT_STAGE | OPT_SCENARIO | OPT_PARAM | OPT_FORMAT | OPT_JSON | OPT_YEAR | OPT_FIELD |
                 OPT_WIDTH | OPT_FILE | SCRIPTING,
      .run = cmd_explain },
    { .name = "compare",
      .arguments = { "RENCANA A B", "PLAN A B" },
      .summary = { "bandingkan dua tahap atau skenario", "compare two stages or scenarios" },
      .details = { "A dan B masing-masing stage:NAMA, skenario tersimpan, nama di ruang kerja (--workspace), atau\n"
                   "skrip .lua (dijalankan pada tahap bawaan). Skenario tersimpan terikat pada isi dasarnya; bila\n"
                   "rencana sudah berubah, --replay menerapkannya ulang. Tanpa --level, semua sub kegiatan yang "
                   "berbeda, perubahan terbesar dahulu.\n\n"
                   "  pagu compare RENCANA stage:draft stage:need --level program",
                   "A and B are each stage:NAME, a saved scenario, a name in the workspace (--workspace), or a .lua\n"
                   "script (run on the default stage). A saved scenario is pinned to the content of its base; where\n"
                   "the plan has changed since, --replay applies it anew. Without --level, every node of the deepest "
                   "level that differs, largest change first.\n\n"
                   "  pagu compare PLAN stage:draft stage:need --level program" },
      .min_args = 3,
      .max_args = 3,
      .options = OPT_SAVED | OPT_PARAM | OPT_FORMAT | OPT_JSON | OPT_YEAR | OPT_FIELD | OPT_LEVEL | OPT_ALL | OPT_SHOW |
                 OPT_BY | OPT_WIDTH | OPT_FILE | SCRIPTING,
      .run = cmd_compare },
    { .name = "merge",
      .arguments = { "RENCANA KAMI MEREKA [DASAR]", "PLAN OURS THEIRS [BASE]" },
      .summary = { "gabungkan dua skenario", "merge two scenarios" },
      .details = { "Yang diubah MEREKA sejak DASAR (bawaan: tahap KAMI) dilakukan di atas KAMI; masing-masing ditulis\n"
                   "seperti pada compare. Pertentangan dicetak; bila ada yang belum diputuskan oleh --policy, tidak\n"
                   "ada yang ditulis dan kode keluarnya 1. Hasil gabungan ditulis ke -o; tanpa -o hanya dicoba.\n\n"
                   "  pagu merge RENCANA bidang-a.scn bidang-b.scn -o gabungan.scn",
                   "What THEIRS changed since BASE (default: the stage of OURS) is done on top of OURS; each is "
                   "written\n"
                   "as for compare. Conflicts are printed; while --policy leaves any open, nothing is written and the\n"
                   "exit code is 1. The merged scenario goes to -o; without -o it is only tried.\n\n"
                   "  pagu merge PLAN department-a.scn department-b.scn -o merged.scn" },
      .min_args = 3,
      .max_args = 4,
      .options =
          OPT_SAVED | OPT_POLICY | OPT_REASON | OPT_PARAM | OPT_FORMAT | OPT_JSON | OPT_WIDTH | OPT_FILE | SCRIPTING,
      .run = cmd_merge },
    { .name = "workspace",
      .arguments = { "BERKAS [TINDAKAN …]", "FILE [ACTION …]" },
      .summary = { "lihat dan urus ruang kerja: skenario, hasil, riwayat",
                   "look at and keep a workspace: scenarios, runs, history" },
      .details = { "list (bawaan): skenario. show NAMA [VERSI]: langkah-langkahnya. export NAMA [VERSI]: teksnya, ke\n"
                   "keluaran baku atau -o. save NAMA SKENARIO --plan RENCANA: simpan skenario dari berkas. remove "
                   "NAMA.\n"
                   "history [NAMA]: siapa mengubah apa, kapan, dan sidik isinya. runs: hasil pagu run --workspace.\n"
                   "result NOMOR NAMA: satu hasil. check: baca semuanya dan cocokkan dengan sidiknya.\n"
                   "Berkas ini boleh dipakai beberapa orang sekaligus; yang belum Anda lihat tidak tertimpa.\n\n"
                   "  pagu workspace kerja.pagu save hemat hemat.scn --plan RENCANA --reason \"rapat Senin\"\n"
                   "  pagu workspace kerja.pagu history hemat",
                   "list (default): the scenarios. show NAME [VERSION]: its steps. export NAME [VERSION]: its text, "
                   "to\n"
                   "standard output or -o. save NAME SCENARIO --plan PLAN: save a scenario from a file. remove NAME.\n"
                   "history [NAME]: who changed what and when, with hashes of the content. runs: those of pagu run\n"
                   "--workspace. result NUMBER NAME: one result. check: read it all and compare it with its hashes.\n"
                   "Several people may use the file at once; what you have not seen is not overwritten.\n\n"
                   "  pagu workspace kerja.pagu save thrift thrift.scn --plan PLAN --reason \"meeting on Monday\"\n"
                   "  pagu workspace kerja.pagu history thrift" },
      .min_args = 1,
      .max_args = 4,
      .options = OPT_PLAN | OPT_REASON | OPT_OVERWRITE | OPT_REPLAY | OPT_APPLY | OPT_YEARS | OPT_MAP | OPT_TO |
                 OPT_FORMAT | OPT_JSON | OPT_WIDTH | OPT_FILE,
      .run = cmd_workspace },
    { .name = "import",
      .arguments = { "BERKAS…", "FILE…" },
      .summary = { "jadikan berkas XLSX, CSV atau JSON sebuah rencana", "make a plan of XLSX, CSV or JSON files" },
      .details = { "Kolom dikenali dari judulnya, atau dari templat; pemahamannya dicetak. Beberapa berkas menjadi\n"
                   "satu rencana. Baris dan sel yang tidak dapat dibaca disebut satu per satu dengan alasannya; "
                   "selama\n"
                   "ada yang ditolak, tidak ada yang ditulis (kode keluar 1). Nilai yang ditulis dua berkas diambil\n"
                   "dari yang pertama. -o ke paket yang sudah ada menambahinya.\n\n"
                   "  pagu import tabel-7.csv tabel-3.csv tabel-1.csv -o renja-2024\n"
                   "  pagu import renja.xlsx --sheet T-C.33 --year 2025 --dry-run",
                   "Columns are known by their headers, or by a template; what was understood is printed. Several\n"
                   "files become one plan. Rows and cells that can't be read are listed with the reason; while any is\n"
                   "rejected, nothing is written (exit code 1). A value that two files give is taken from the first.\n"
                   "-o to a package that exists adds to it.\n\n"
                   "  pagu import tabel-7.csv tabel-3.csv tabel-1.csv -o renja-2024\n"
                   "  pagu import renja.xlsx --sheet T-C.33 --year 2025 --dry-run" },
      .min_args = 1,
      .max_args = -1,
      .options = OPT_IMPORT | OPT_STAGE | OPT_YEAR | OPT_FILE | OPT_JSON | OPT_FORMAT | OPT_WIDTH,
      .run = cmd_import },
    { .name = "export",
      .arguments = { "RENCANA json|package|xlsx|fiscal", "PLAN json|package|xlsx|fiscal" },
      .summary = { "tulis rencana dalam bentuk lain", "write a plan in another form" },
      .details = { "json: satu berkas, ke keluaran baku atau -o. package: folder paket data, ke -o FOLDER. xlsx: buku\n"
                   "kerja dengan satu lembar untuk tiap berkas paket, ke -o. fiscal: Fiscal Data Package untuk data\n"
                   "terbuka, ke -o FOLDER.\n\n"
                   "  pagu export RENCANA json -o renja.json",
                   "json: one file, to standard output or -o. package: a data package folder, to -o FOLDER. xlsx: a\n"
                   "workbook with a sheet for each file of the package, to -o. fiscal: a Fiscal Data Package for open\n"
                   "data, to -o FOLDER.\n\n"
                   "  pagu export PLAN json -o plan.json" },
      .min_args = 2,
      .max_args = 2,
      .options = OPT_FILE,
      .run = cmd_export },
    { .name = "schema",
      .arguments = { "[NAMA]", "[NAME]" },
      .summary = { "cetak skema JSON", "print a JSON schema" },
      .details = { "Skema (JSON Schema, draf 2020-12) dari yang dibaca dan dicetak pagu: package (rencana dalam satu\n"
                   "berkas), report, table, findings, run. Tanpa NAMA, daftarnya.\n\n"
                   "  pagu schema report -o report.schema.json",
                   "Schemas (JSON Schema, draft 2020-12) of what pagu reads and prints: package (a plan as one file),\n"
                   "report, table, findings, run. Without NAME, their list.\n\n"
                   "  pagu schema report -o report.schema.json" },
      .min_args = 0,
      .max_args = 1,
      .options = OPT_FILE,
      .run = cmd_schema },
    { .name = "migrate",
      .arguments = { "RENCANA", "PLAN" },
      .summary = { "pindahkan rencana ke versi kode lain", "move a plan to codes of another version" },
      .details = { "Kode diganti menurut pemetaan (--map, atau codes_map.csv rencana): satu ke satu, digabung, atau\n"
                   "dipecah menurut bagiannya. Jumlah setiap tahap, kolom, periode, dan kelas harus sama dengan\n"
                   "semula, bila tidak, tidak ada yang ditulis. Tabel perpindahan dicetak; paket ditulis ke -o "
                   "FOLDER,\n"
                   "dan tanpa -o hanya diperiksa. Kode keluar 1 bila ada pertentangan; semuanya dicetak.\n\n"
                   "  pagu migrate RENCANA --map codes_map.csv --to 2025 -o rencana-2025",
                   "Codes are replaced as the mapping says (--map, or the plan's codes_map.csv): one to one, merged,\n"
                   "or split by shares. The totals of every stage, field, period and class must be what they were,\n"
                   "else nothing is written. Prints a table of what moves; writes the package to -o DIR, without -o\n"
                   "only tries. The exit code is 1 if there are conflicts; all are printed.\n\n"
                   "  pagu migrate PLAN --map codes_map.csv --to 2025 -o plan-2025" },
      .min_args = 1,
      .max_args = 1,
      .options = OPT_MAP | OPT_CODES | OPT_FROM | OPT_TO | OPT_UNMAPPED | OPT_NAMES | OPT_JSON | OPT_FORMAT |
                 OPT_WIDTH | OPT_FILE,
      .run = cmd_migrate },
    { .name = "repl",
      .arguments = { "[RENCANA]", "[PLAN]" },
      .summary = { "bekerja langsung dengan sebuah rencana (bawaan)", "work with a plan at a prompt (the default)" },
      .details = { "Variabel: plan (rencana), s (skenario baru di atasnya), pagu. help() menjelaskan, TAB\n"
                   "melengkapi, Ctrl-D keluar.\n\n"
                   "  pagu repl RENCANA",
                   "Variables: plan (the plan), s (a new scenario on it), pagu. help() explains, TAB completes,\n"
                   "Ctrl-D leaves.\n\n"
                   "  pagu repl PLAN" },
      .min_args = 0,
      .max_args = 1,
      .options = OPT_STAGE | OPT_TRUST | OPT_WIDTH | OPT_NO_EDIT,
      .run = cmd_repl },
    { .name = NULL },
};

const command *command_find(const char *name)
{
    for (const command *k = commands; k->name; k++)
        if (strcmp(k->name, name) == 0)
            return k;
    return NULL;
}
