-- Mengurai kenaikan dari rancangan awal ke kebutuhan
--
-- Pertanyaan: program mana yang membuat analisis kebutuhan lebih besar daripada rancangan awal
--   RKPD, dan berapa sumbangan masing-masing?
--
-- Parameter: tidak ada. Kedua tahap diambil dari rencana ("draft" dan "need").
--
-- Cara membaca hasil: mulai dari kebutuhan, tiap program dikembalikan satu per satu ke angka
--   rancangan awal. Selisih tiap langkah ialah kenaikan yang dibawa program itu (angka negatif:
--   program itu turun). Jumlah semua langkah tepat sama dengan kenaikan seluruhnya, dan langkah
--   terakhir berakhir pada rancangan awal. Dengan --stage need, perbandingan di bawahnya
--   menampilkan tiap baris yang dikembalikan.
return {
  title = "Mengurai kenaikan dari rancangan awal ke kebutuhan",
  question = "Program mana yang membuat kebutuhan lebih besar daripada rancangan awal, dan berapa?",
  metrics = {
    { name = "rancangan_awal", title = "Rancangan awal RKPD", unit = "rupiah" },
    { name = "kebutuhan", title = "Analisis kebutuhan", unit = "rupiah" },
    { name = "kenaikan", title = "Kenaikan seluruhnya", unit = "rupiah" },
    { name = "sesudah_semua", title = "Sesudah semua program dikembalikan", unit = "rupiah" },
  },
  run = function(s)
    local tahun, draft = s.year, s:stage "draft"
    local kerja = s.stage_id == "need" and s or s:branch("urai kenaikan", { stage = "need" })
    local jumlah = kerja:get("/", "budget", tahun)

    local hasil = { kebutuhan = jumlah, rancangan_awal = draft:get("/", "budget", tahun) }
    hasil.kenaikan = hasil.kebutuhan - hasil.rancangan_awal

    for program in kerja:select{ level = "program" }:each() do
      kerja:take{ at = program, from = draft, reason = "kembali ke rancangan awal" }
      local sesudah = kerja:get("/", "budget", tahun)
      hasil[program.code .. " " .. program.name] = jumlah - sesudah
      jumlah = sesudah
    end

    hasil.sesudah_semua = jumlah
    return hasil
  end,
}
