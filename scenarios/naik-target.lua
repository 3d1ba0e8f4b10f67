-- Menaikkan target dan menghitung biayanya
--
-- Pertanyaan: berapa biaya untuk melayani lebih banyak orang, dan siapa yang membayarnya?
--
-- Parameter:
--   kegiatan   kode sub kegiatan yang targetnya naik
--   target     target yang baru
--   pembayar   kode kegiatan yang uangnya dikurangi
--
-- Cara membaca hasil: biaya per satuan ialah pagu dibagi target yang sekarang; biaya tambahan
--   diambil dari pembayar, sehingga jumlah pagu dinas tetap. Bila pembayar tidak punya uang
--   sebanyak itu, perubahan ditolak dan tidak ada yang berubah.
return {
  title = "Menaikkan target dan menghitung biayanya",
  question = "Berapa biaya menaikkan target, dan apa yang tersisa pada pembayarnya?",
  params = {
    kegiatan = { default = "1.06.04.2.01.01" },
    target = { default = 260, min = 0 },
    pembayar = { default = "1.06.01.2.09.09" },
  },
  metrics = {
    { name = "target_lama", title = "Target semula", unit = "satuan target" },
    { name = "target_baru", title = "Target baru", unit = "satuan target" },
    { name = "biaya_per_satuan", title = "Biaya per satuan", unit = "rupiah" },
    { name = "biaya_tambahan", title = "Biaya tambahan", unit = "rupiah" },
    { name = "sisa_pembayar", title = "Sisa pagu pembayar", unit = "rupiah" },
    { name = "jumlah_pagu", title = "Jumlah pagu dinas", unit = "rupiah" },
  },
  run = function(s, p)
    local tahun = s.year
    local target_lama = s:get(p.kegiatan, "target", tahun)
    local pagu_lama = s:get(p.kegiatan, "budget", tahun)

    s:target{
      at = p.kegiatan, value = p.target, cost = "unit_cost", from = p.pembayar,
      reason = "target dinaikkan dari " .. target_lama .. " ke " .. p.target,
    }

    return {
      target_lama = target_lama,
      target_baru = s:get(p.kegiatan, "target", tahun),
      biaya_per_satuan = pagu_lama / target_lama,
      biaya_tambahan = s:get(p.kegiatan, "budget", tahun) - pagu_lama,
      sisa_pembayar = s:get(p.pembayar, "budget", tahun),
      jumlah_pagu = s:get("/", "budget", tahun),
    }
  end,
}
