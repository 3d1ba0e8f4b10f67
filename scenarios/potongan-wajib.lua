-- Potongan pagu dengan batas wajib, dan akibatnya pada target
--
-- Pertanyaan: bila pagu dinas dipotong sekian persen, sedangkan gaji harus tetap dan pelayanan dasar
--   tidak boleh turun lebih dari batasnya, kegiatan mana yang berkurang dan target mana yang ikut turun?
--
-- Parameter:
--   potongan   potongan pagu dinas (persen)
--   susut      penurunan terbesar bagi setiap rincian pelayanan dasar (persen)
--   sisa       bagian yang harus tersisa pada setiap rincian lain (persen)
--   cara       "rata": semua turun sebanding; "ringan": yang didahulukan ialah potongan yang
--              menghilangkan satuan target paling sedikit
--   satuan     kelipatan pembulatan tiap rincian (rupiah)
--
-- Cara membaca hasil: pagu turun tepat sebesar potongannya. Target yang mengikuti uang dihitung dari
--   biaya satuannya sekarang, dibulatkan ke bawah; persentase dan target berupa teks tidak ikut uang
--   dan dihitung sebagai "tidak berubah". "Orang" ialah jumlah penurunan semua target bersatuan orang.
--   Potongan yang melanggar batas wajib ditolak, dengan menyebut jumlah terendah yang mungkin.
local pagu = require "pagu"

local gaji = "1.06.01.2.02"
local pelayanan_dasar = { "1.06.04", "1.06.05", "1.06.06" }
local cara = { rata = "proportional", ringan = "least_harm" }

local function persen_dari(jumlah, persen)
  return pagu.muldiv(jumlah, persen, 100)
end

local function catat_batas_wajib(s, dasar, susut)
  s:hold{ at = gaji, name = "gaji", reason = "gaji dan tunjangan ASN" }
  for _, program in ipairs(pelayanan_dasar) do
    s:floor{
      at = program, amount = persen_dari(s:get(program, "budget"), 100 - susut),
      name = "layanan " .. program, law = "Permendagri 59/2021", reason = "standar pelayanan minimal bidang sosial",
    }
  end
end

return {
  title = "Potongan pagu dengan batas wajib, dan akibatnya pada target",
  question = "Kegiatan mana berkurang dan target mana turun bila pagu dipotong tetapi batas wajib dijaga?",
  params = {
    potongan = { default = 10, unit = "%", min = 0, max = 100 },
    susut = { default = 5, unit = "%", min = 0, max = 100 },
    sisa = { default = 40, unit = "%", min = 0, max = 100 },
    cara = { default = "ringan" },
    satuan = { default = 1000, unit = "rupiah", min = 1 },
  },
  metrics = {
    { name = "jumlah_pagu", title = "Jumlah pagu sesudah potongan", unit = "rupiah" },
    { name = "dipotong", title = "Uang yang dipotong", unit = "rupiah" },
    { name = "layanan_dasar", title = "Pelayanan dasar sesudah potongan", unit = "rupiah" },
    { name = "layanan_dasar_turun", title = "Pelayanan dasar turun", unit = "rupiah" },
    { name = "target_turun", title = "Target yang turun", unit = "target" },
    { name = "target_tetap", title = "Target yang tidak berubah walaupun uangnya turun", unit = "target" },
    { name = "orang_berkurang", title = "Orang yang tidak lagi terlayani", unit = "orang" },
  },
  run = function(s, p)
    local semula = s:get("/", "budget")
    local dasar = s:lines(pelayanan_dasar)
    local dasar_semula = dasar.budget[s.year]:sum()

    catat_batas_wajib(s, dasar, p.susut)

    local _, usulan, tetap = s:fit{
      total = semula - persen_dari(semula, p.potongan),
      method = cara[p.cara] or p.cara,
      floor = function(node)
        local pagu_sekarang = node.budget[s.year]
        return pagu_sekarang and persen_dari(pagu_sekarang, dasar:has(node) and 100 - p.susut or p.sisa)
      end,
      unit = p.satuan, targets = "propose", reason = "potongan " .. p.potongan .. " persen",
    }

    local orang = 0
    for baris in usulan:each() do
      local lama, satuan = s:get(s:node(baris.key):indicators()[1].id, "target", s.year)
      if satuan == "Orang" then orang = orang + lama - baris.proposed end
      s:target{ at = baris.key, value = baris.proposed, reason = "mengikuti pagu yang dipotong" }
    end

    return {
      jumlah_pagu = s:get("/", "budget"),
      dipotong = semula - s:get("/", "budget"),
      layanan_dasar = dasar.budget[s.year]:sum(),
      layanan_dasar_turun = dasar_semula - dasar.budget[s.year]:sum(),
      target_turun = #usulan,
      target_tetap = #tetap,
      orang_berkurang = orang,
    }
  end,
}
