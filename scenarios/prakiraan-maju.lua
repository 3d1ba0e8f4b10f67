-- Prakiraan maju tahun n+1
--
-- Pertanyaan: berapa dana yang diperlukan tahun depan untuk meneruskan kegiatan yang sama,
--   bila gaji tumbuh lain daripada belanja lainnya?
--
-- Parameter:
--   umum     pertumbuhan harga bagi semua kegiatan (persen)
--   gaji     pertumbuhan gaji dan tunjangan (persen)
--   satuan   kelipatan pembulatan tiap baris (rupiah)
--
-- Cara membaca hasil: tiap baris tumbuh menurut indeks terdekat di atasnya, targetnya diteruskan.
--   Skenario ini mengisi kolom 9 dan 10 dari T-C.33:
--     pagu report RENCANA tc33 --scenario scenarios/prakiraan-maju.lua
local pagu = require "pagu"

local gaji = "1.06.01.2.02"

return {
  title = "Prakiraan maju tahun berikutnya",
  question = "Berapa dana tahun depan untuk meneruskan kegiatan yang sama, dengan gaji tumbuh tersendiri?",
  params = {
    umum = { default = 3.5, unit = "%", min = -100 },
    gaji = { default = 6, unit = "%", min = -100 },
    satuan = { default = 1000, unit = "rupiah", min = 1 },
  },
  metrics = {
    { name = "tahun_ini", title = "Pagu tahun rencana", unit = "rupiah" },
    { name = "tahun_depan", title = "Prakiraan maju", unit = "rupiah" },
    { name = "gaji_tahun_depan", title = "di antaranya gaji dan administrasi keuangan", unit = "rupiah" },
    { name = "kenaikan", title = "Kenaikan", unit = "%" },
  },
  run = function(s, p)
    local tahun = s.year
    s:forward{
      method = "index",
      growth = { ["/"] = p.umum, [gaji] = p.gaji },
      unit = p.satuan,
      reason = "prakiraan maju dengan indeks harga",
    }

    local ini, depan = s:get("/", "budget", tahun), s:get("/", "budget", tahun + 1)
    return {
      tahun_ini = ini,
      tahun_depan = depan,
      gaji_tahun_depan = s:get(gaji, "budget", tahun + 1),
      kenaikan = pagu.muldiv(depan - ini, 10000, ini) / 100,
    }
  end,
}
