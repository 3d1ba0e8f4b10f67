-- Proyeksi tiga tahun dengan ketidakpastian
--
-- Pertanyaan: berapa dana yang diperlukan tiga tahun ke depan, seberapa pasti angka itu, dan
--   seberapa besar peluang kebutuhan melampaui batas pagu tiap tahun?
--
-- Parameter:
--   umum        pertumbuhan harga bagi semua kegiatan (persen setahun)
--   gaji        pertumbuhan gaji dan tunjangan (persen setahun)
--   batas       pertumbuhan batas pagu yang diperkirakan (persen setahun)
--   ragam       simpangan baku harga terhadap perkiraan, tiap tahun (persen)
--   percobaan   banyaknya percobaan simulasi
--   benih       benih bilangan acak: benih yang sama memberi angka yang sama
--   satuan      kelipatan pembulatan tiap baris (rupiah)
--   laporan     berkas laporan tanpa akhiran (menjadi .html dan .xlsx), di dalam folder --out, misalnya
--               --out hasil --param laporan=hasil/proyeksi; kosong: tanpa laporan
--
-- Cara membaca hasil: "peluang" adalah bagian percobaan yang melampaui batas pagu tahun itu. P10 dan
--   P90 adalah angka yang hanya satu dari sepuluh percobaan berada di bawah, atau di atasnya. Harga
--   yang meleset tahun ini terbawa ke tahun-tahun berikutnya, dan harga dan gaji bergerak searah.
local pagu = require "pagu"

local kode_gaji = "1.06.01.2.02"

--- Batas pagu: pagu tahun rencana, tumbuh tiap tahun.
local function batas_pagu(s, p, tahun)
  local batas = s:get("/", "budget", s.year)
  for _ = s.year + 1, tahun do batas = pagu.scale(batas, 1 + p.batas / 100, p.satuan) end
  return batas
end

--- Harga dan gaji meleset terhadap proyeksi; keduanya memuat inflasi.
local function simulasi(s, p, tahun)
  local gaji, batas = s:lines(kode_gaji), {}
  for _, t in ipairs(tahun) do
    batas[#batas + 1] = { at = "/", year = t, max = batas_pagu(s, p, t), name = ("batas pagu %d"):format(t) }
  end
  return s:simulate{
    vary = {
      { name = "harga", at = s:lines "/" - gaji, years = tahun, percent = pagu.dist.normal(0, p.ragam), path = "cumulative",
        factors = { inflasi = 0.8 } },
      { name = "gaji", at = gaji, years = tahun, percent = pagu.dist.normal(0, p.ragam / 2), path = "cumulative",
        factors = { inflasi = 0.5 } },
    },
    watch = { "/" }, limits = batas, draws = p.percobaan, seed = p.benih,
  }
end

return {
  title = "Proyeksi tiga tahun dengan ketidakpastian",
  question = "Berapa dana tiga tahun ke depan, dan seberapa besar peluangnya melampaui batas pagu?",
  params = {
    umum = { default = 3.5, unit = "%", min = -50, max = 50 },
    gaji = { default = 6, unit = "%", min = -50, max = 50 },
    batas = { default = 5, unit = "%", min = -50, max = 50 },
    ragam = { default = 3, unit = "%", min = 0.1, max = 20 },
    percobaan = { default = 4000, min = 100, max = 1000000 },
    benih = { default = 7, min = 0 },
    satuan = { default = 1000, unit = "rupiah", min = 1 },
    laporan = { default = "" },
  },
  metrics = {
    { name = "tahun_ini", title = "Pagu tahun rencana", unit = "rupiah" },
    { name = "proyeksi_1", title = "Proyeksi tahun pertama", unit = "rupiah" },
    { name = "proyeksi_2", title = "Proyeksi tahun kedua", unit = "rupiah" },
    { name = "proyeksi_3", title = "Proyeksi tahun ketiga", unit = "rupiah" },
    { name = "batas_3", title = "Batas pagu tahun ketiga", unit = "rupiah" },
    { name = "p10", title = "Tahun ketiga, P10", unit = "rupiah" },
    { name = "p50", title = "Tahun ketiga, P50", unit = "rupiah" },
    { name = "p90", title = "Tahun ketiga, P90", unit = "rupiah" },
    { name = "peluang_1", title = "Peluang batas tahun pertama terlampaui", unit = "%" },
    { name = "peluang_2", title = "Peluang batas tahun kedua terlampaui", unit = "%" },
    { name = "peluang_3", title = "Peluang batas tahun ketiga terlampaui", unit = "%" },
  },
  run = function(s, p)
    local tahun = { s.year + 1, s.year + 2, s.year + 3 }
    s:forward{
      method = "index",
      growth = { ["/"] = p.umum, [kode_gaji] = p.gaji },
      years = 3,
      unit = p.satuan,
      reason = "indeks harga, tiga tahun",
    }

    local hasil = simulasi(s, p, tahun)
    if p.laporan ~= "" then
      for _, jenis in ipairs{ "html", "xlsx" } do
        pagu.report("proyeksi", s, { simulation = hasil, format = jenis, out = p.laporan .. "." .. jenis })
      end
    end

    local keluar = { tahun_ini = s:get("/", "budget", s.year), batas_3 = batas_pagu(s, p, tahun[3]) }
    for i, t in ipairs(tahun) do
      keluar["proyeksi_" .. i] = s:get("/", "budget", t)
      local peluang = hasil:probability{ at = "/", year = t, above = batas_pagu(s, p, t) }
      keluar["peluang_" .. i] = math.floor(peluang * 10000 + 0.5) / 100
    end
    for nama, bagian in pairs{ p10 = 0.1, p50 = 0.5, p90 = 0.9 } do
      keluar[nama] = hasil:quantile("/", bagian, tahun[3])
    end
    return keluar
  end,
}
