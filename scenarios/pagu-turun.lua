-- Pagu turun, gaji dan layanan dasar tetap
--
-- Pertanyaan: bila pagu dinas turun, seberapa dalam kegiatan lain harus dipotong agar gaji dan
--   program pelayanan dasar (rehabilitasi, perlindungan, bencana) tidak tersentuh?
--
-- Parameter:
--   pagu     batas pagu yang baru untuk seluruh dinas (rupiah)
--   satuan   kelipatan pembulatan tiap baris (rupiah)
--
-- Cara membaca hasil: "potongan" ialah persen yang hilang dari baris yang boleh berubah, sama
--   rata menurut pagunya sekarang. Jumlah akhir tepat sama dengan batas pagu, sampai ke rupiah.
--   Batas di bawah uang yang dilindungi ditolak, dengan menyebut batas terendah yang mungkin.
local pagu = require "pagu"

local gaji = "1.06.01.2.02"
local layanan_dasar = { "1.06.04", "1.06.05", "1.06.06" }

return {
  title = "Pagu turun, gaji dan layanan dasar tetap",
  question = "Seberapa dalam kegiatan lain dipotong bila pagu turun tetapi gaji dan layanan dasar dilindungi?",
  params = {
    pagu = { default = pagu.miliar(6), unit = "rupiah", min = 0 },
    satuan = { default = 1000, unit = "rupiah", min = 1 },
  },
  metrics = {
    { name = "jumlah_pagu", title = "Jumlah pagu sesudah penyesuaian", unit = "rupiah" },
    { name = "dilindungi", title = "Gaji dan layanan dasar (tetap)", unit = "rupiah" },
    { name = "dipotong", title = "Uang yang dipotong", unit = "rupiah" },
    { name = "potongan", title = "Potongan bagi baris yang boleh berubah", unit = "%" },
  },
  run = function(s, p)
    local tahun = s.year
    local semula = s:get("/", "budget", tahun)
    local dilindungi = s:get(gaji, "budget", tahun)
    local tetap = s:select{ under = gaji }
    for _, program in ipairs(layanan_dasar) do
      tetap = tetap | s:select{ under = program }
      dilindungi = dilindungi + s:get(program, "budget", tahun)
    end

    s:fit{ at = "/", total = p.pagu, hold = tetap, unit = p.satuan, reason = "menyesuaikan diri dengan pagu baru" }

    return {
      jumlah_pagu = s:get("/", "budget", tahun),
      dilindungi = dilindungi,
      dipotong = semula - p.pagu,
      potongan = pagu.muldiv(semula - p.pagu, 10000, semula - dilindungi) / 100,
    }
  end,
}
