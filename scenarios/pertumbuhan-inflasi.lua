-- Pertumbuhan pagu melawan inflasi
--
-- Pertanyaan: bila pagu tahun depan tumbuh sekian persen dan harga naik sekian persen, apakah
--   kegiatan yang sama masih terbiayai, dan bila tidak, berapa yang hilang dari kegiatan selain gaji?
--
-- Parameter:
--   pertumbuhan  pertumbuhan pagu dinas (persen)
--   inflasi      kenaikan harga kegiatan selain gaji (persen)
--   gaji         kenaikan gaji dan tunjangan (persen)
--   satuan       kelipatan pembulatan tiap baris (rupiah)
--
-- Cara membaca hasil: "kebutuhan" ialah biaya kegiatan yang sama tahun depan. Bila pagu kurang dari itu,
--   kegiatan selain gaji dipotong sama rata sampai cukup; "kegiatan yang terbeli" ialah bagian yang tersisa.
--   Skrip ini dimaksudkan untuk disapu atas dua parameter sekaligus:
--     pagu sweep scenarios/pertumbuhan-inflasi.lua --plan RENCANA \
--       --grid pertumbuhan=0:8:2 --grid inflasi=1:5:1 -o sapuan.html
--   Titik impasnya ialah tempat selisih berganti tanda. Anggota yang gagal berarti gaji saja sudah
--   melebihi pagu.
local pagu = require "pagu"

local gaji = "1.06.01.2.02"

return {
  title = "Pertumbuhan pagu melawan inflasi",
  question = "Apakah kegiatan yang sama masih terbiayai tahun depan, dan bila tidak, berapa yang hilang?",
  params = {
    { name = "pertumbuhan", title = "Pertumbuhan pagu", default = 4.0, unit = "%", min = -100, max = 100 },
    { name = "inflasi", title = "Inflasi", default = 3.0, unit = "%", min = -100, max = 100 },
    { name = "gaji", title = "Kenaikan gaji", default = 5.0, unit = "%", min = -100, max = 100 },
    { name = "satuan", title = "Satuan pembulatan", default = 1000, unit = "rupiah", min = 1, whole = true },
  },
  metrics = {
    { name = "kebutuhan", title = "Kebutuhan tahun depan", unit = "rupiah" },
    { name = "pagu", title = "Pagu tahun depan", unit = "rupiah" },
    { name = "selisih", title = "Pagu dikurangi kebutuhan", unit = "rupiah" },
    { name = "terbeli", title = "Kegiatan selain gaji yang terbeli", unit = "%" },
  },
  run = function(s, p)
    local depan = s.year + 1
    s:forward{
      method = "index",
      growth = { ["/"] = p.inflasi, [gaji] = p.gaji },
      unit = p.satuan,
      reason = "kegiatan yang sama dengan harga tahun depan",
    }
    local kebutuhan, gaji_depan = s:get("/", "budget", depan), s:get(gaji, "budget", depan)

    local tersedia = pagu.round(pagu.muldiv(s:get "/", 100 + p.pertumbuhan, 100), p.satuan)
    if tersedia < kebutuhan then
      s:fit{
        at = "/", year = depan, total = tersedia, hold = gaji, unit = p.satuan,
        reason = "menyesuaikan kegiatan selain gaji dengan pagu tahun depan",
      }
    end

    local dibeli = s:get("/", "budget", depan) - gaji_depan
    return {
      kebutuhan = kebutuhan,
      pagu = tersedia,
      selisih = tersedia - kebutuhan,
      terbeli = pagu.muldiv(dibeli, 10000, kebutuhan - gaji_depan) / 100,
    }
  end,
}
