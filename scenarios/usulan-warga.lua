-- Menampung usulan warga
--
-- Pertanyaan: bagaimana pagu berubah bila usulan masyarakat (Tabel 4) menjadi rincian sub
--   kegiatan masing-masing?
--
-- Parameter:
--   menambah   "ya": usulan menambah pagu; "tidak": dibayar dari pagu sub kegiatan itu sendiri
--
-- Cara membaca hasil: tiap usulan menjadi satu baris di bawah sub kegiatannya. Dengan "tidak",
--   jumlah dinas tetap dan yang berkurang ialah bagian yang belum dirinci; bila bagian itu tidak
--   cukup, usulan ditolak.
return {
  title = "Menampung usulan warga",
  question = "Bagaimana pagu berubah bila usulan masyarakat menjadi rincian sub kegiatan?",
  params = {
    menambah = { default = false },
  },
  metrics = {
    { name = "usulan", title = "Usulan yang ditampung", unit = "usulan" },
    { name = "nilai", title = "Nilai usulan", unit = "rupiah" },
    { name = "belum_dirinci", title = "Sisa yang belum dirinci", unit = "rupiah" },
    { name = "jumlah_pagu", title = "Jumlah pagu dinas", unit = "rupiah" },
  },
  run = function(s, p)
    local tahun = s.year
    local usulan, nilai, sisa = 0, 0, {}

    for q in s:table "proposals":each() do
      local baris = s:add{
        under = q.key, name = q.proposal .. " (" .. (q.location or "-") .. ")",
        budget = p.menambah and q.budget or nil, reason = "usulan warga",
      }
      sisa[q.key .. "#"] = true
      if not p.menambah then
        s:transfer{ from = q.key .. "#", to = baris, amount = q.budget, reason = "dibayar dari pagu yang ada" }
      end
      usulan, nilai = usulan + 1, nilai + q.budget
    end

    local belum_dirinci = 0
    for baris in pairs(sisa) do
      belum_dirinci = belum_dirinci + s:get(baris, "budget", tahun)
    end
    return { usulan = usulan, nilai = nilai, belum_dirinci = belum_dirinci, jumlah_pagu = s:get("/", "budget", tahun) }
  end,
}
