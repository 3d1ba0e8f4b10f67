-- Dari rehabilitasi gedung ke permakanan dan alat bantu
--
-- Pertanyaan: berapa orang lagi yang dapat diberi makan dan alat bantu, bila sebagian uang
--   rehabilitasi gedung kantor dipindahkan ke rehabilitasi sosial?
--
-- Parameter:
--   jumlah   uang yang dipindahkan (rupiah)
--   pangan   bagian untuk permakanan (persen); sisanya untuk alat bantu
--
-- Cara membaca hasil: "tambahan orang" dihitung dengan biaya per orang yang sekarang, dibulatkan
--   ke bawah, lalu dijadikan target baru. Jumlah pagu dinas tidak berubah: pergeseran tidak
--   menciptakan uang. Bila gedung tidak punya uang sebanyak itu, pergeseran ditolak.
local pagu = require "pagu"

local gedung = "1.06.01.2.09.09"
local permakanan = "1.06.04.2.01.01"
local alat_bantu = "1.06.04.2.01.03"

return {
  title = "Dari rehabilitasi gedung ke permakanan dan alat bantu",
  question = "Berapa orang lagi terlayani bila uang rehabilitasi gedung dipindahkan ke permakanan dan alat bantu?",
  params = {
    jumlah = { default = pagu.juta(100), unit = "rupiah", min = 0 },
    pangan = { default = 60, unit = "%", min = 0, max = 100 },
  },
  metrics = {
    { name = "tambahan_permakanan", title = "Tambahan orang yang diberi makan", unit = "orang" },
    { name = "tambahan_alat_bantu", title = "Tambahan orang yang diberi alat bantu", unit = "orang" },
    { name = "sisa_gedung", title = "Sisa pagu rehabilitasi gedung", unit = "rupiah" },
    { name = "jumlah_pagu", title = "Jumlah pagu dinas", unit = "rupiah" },
  },
  run = function(s, p)
    local tahun, semula = s.year, s:stage(s.stage_id)

    s:transfer{
      from = gedung,
      to = { [permakanan] = p.pangan, [alat_bantu] = 100 - p.pangan },
      amount = p.jumlah,
      reason = "uang gedung untuk kebutuhan dasar",
    }

    local function naikkan_target(kegiatan)
      local lama = s:get(kegiatan, "target", tahun)
      local baru = s:get(kegiatan, "budget", tahun) * lama // semula:get(kegiatan, "budget", tahun)
      s:set(kegiatan, "target", tahun, baru)
      return baru - lama
    end

    return {
      tambahan_permakanan = naikkan_target(permakanan),
      tambahan_alat_bantu = naikkan_target(alat_bantu),
      sisa_gedung = s:get(gedung, "budget", tahun),
      jumlah_pagu = s:get("/", "budget", tahun),
    }
  end,
}
