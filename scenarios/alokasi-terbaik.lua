-- Alokasi terbaik untuk satu batas pagu
--
-- Pertanyaan: bila pagu dinas dibatasi, pembagian mana yang menyelamatkan target paling banyak, dengan
--   gaji tetap utuh dan setiap kegiatan lain masih berjalan?
--
-- Parameter:
--   pagu       batas pagu seluruh dinas (rupiah)
--   bobot      bobot target pelayanan dasar (program rehabilitasi, perlindungan, bencana); lainnya 1
--   terendah   bagian pagu yang paling sedikit harus tersisa bagi tiap kegiatan (persen)
--   satuan     kelipatan perubahan tiap baris (rupiah); sisa di bawah satu satuan tidak dibagi
--
-- Cara membaca hasil: setiap kegiatan yang targetnya tercapai penuh bernilai 100 poin kali bobotnya; pagu
--   yang dikurangi mengurangi poinnya sebanding. "Poin alokasi terbaik" adalah yang tertinggi yang mungkin,
--   terbukti; bandingkan dengan memotong rata. "Harga bayangan" adalah tambahan poin bila pagu dinas naik
--   satu juta rupiah: bekal untuk meminta tambahan pagu. Kegiatan kecil dengan target yang sama penuhnya
--   lebih murah per poin, maka uang mengalir lebih dahulu ke sana; naikkan "terendah" bila itu terlalu keras.
local pagu = require "pagu"

local gaji = "1.06.01.2.02"
local layanan_dasar = { "1.06.04", "1.06.05", "1.06.06" }

-- Poin tiap rupiah: 100 × bobot dibagi pagu sekarang, bagi kegiatan yang punya uang dan target.
local function poin_tiap_rupiah(s, bobot, tahun)
  local utama, poin = s:lines(layanan_dasar), {}
  for kegiatan in (s:lines "/" - s:lines(gaji)):each() do
    local uang = s:get(kegiatan, "budget", tahun)
    local indikator = kegiatan:indicators()[1]
    local target = indikator and s:get(indikator, "target", tahun)
    if uang and uang > 0 and target then
      poin[kegiatan.key] = (utama:has(kegiatan) and bobot or 1) * 100 / uang
    end
  end
  return poin
end

local function jumlah_poin(s, poin, tahun)
  local jumlah = 0
  for kegiatan in s:lines("/"):each() do
    jumlah = jumlah + (poin[kegiatan.key] or 0) * (s:get(kegiatan, "budget", tahun) or 0)
  end
  return jumlah
end

local function dua_angka(x)
  return math.floor(x * 100 + 0.5) / 100
end

return {
  title = "Alokasi terbaik untuk satu batas pagu",
  question = "Pembagian mana yang menyelamatkan target paling banyak bila pagu dinas dibatasi?",
  params = {
    pagu = { default = pagu.miliar(6), unit = "rupiah", min = 0 },
    bobot = { default = 3, min = 0, max = 100 },
    terendah = { default = 50, unit = "%", min = 0, max = 100 },
    satuan = { default = 1000, unit = "rupiah", min = 1 },
  },
  metrics = {
    { name = "jumlah_pagu", title = "Jumlah pagu sesudah alokasi", unit = "rupiah" },
    { name = "poin_semula", title = "Poin dengan pagu semula", unit = "poin" },
    { name = "poin_terbaik", title = "Poin alokasi terbaik", unit = "poin" },
    { name = "poin_rata", title = "Poin bila semua dipotong rata", unit = "poin" },
    { name = "harga_bayangan", title = "Tambahan poin tiap satu juta rupiah", unit = "poin" },
    { name = "berlaku", title = "Harga itu berlaku sampai tambahan", unit = "rupiah" },
  },
  run = function(s, p)
    local tahun = s.year
    local poin = poin_tiap_rupiah(s, p.bobot, tahun)
    local poin_semula = jumlah_poin(s, poin, tahun)

    s:hold{ at = gaji, year = tahun, reason = "gaji dan tunjangan" }
    local rata = s:branch "dipotong rata"

    local hasil = s:optimise{
      total = p.pagu,
      maximise = poin,
      floor = function(kegiatan) return pagu.muldiv(s:get(kegiatan, "budget", tahun) or 0, p.terendah, 100) end,
      unit = p.satuan,
      reason = "target terbanyak untuk pagu yang ada",
    }
    local harga = hasil.prices:rows()[1] -- batas jumlah berdiri paling atas
    rata:fit{ at = "/", total = p.pagu, unit = p.satuan }

    return {
      jumlah_pagu = s:get("/", "budget", tahun),
      poin_semula = dua_angka(poin_semula),
      poin_terbaik = dua_angka(hasil.gain),
      poin_rata = dua_angka(jumlah_poin(rata, poin, tahun)),
      harga_bayangan = dua_angka(harga.price * 1000000),
      berlaku = harga.range,
    }
  end,
}
