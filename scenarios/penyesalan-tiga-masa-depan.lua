-- Memilih cara memotong sebelum masa depan diketahui
--
-- Pertanyaan: pagu tahun depan belum pasti. Cara memotong mana yang paling sedikit disesali, apa pun yang terjadi:
--   rata, mengutamakan layanan, atau menyimpan cadangan?
--
-- Parameter:
--   dipotong   potongan bila pagu turun (persen)
--   bencana    uang yang dibutuhkan penanganan bencana bila terjadi (rupiah)
--   cadangan   bagian kegiatan kantor yang disimpan oleh cara "cadangan" (persen)
--   nilai_kantor      nilai satu rupiah kegiatan kantor dibanding satu rupiah layanan (persen)
--   nilai_bencana     nilai satu rupiah penanganan bencana bila bencana terjadi (persen)
--   peluang_turun, peluang_bencana   kemungkinan kedua masa depan itu (persen)
--   satuan     kelipatan pembulatan tiap baris (rupiah)
--
-- Cara membaca hasil: tiap cara dijalankan pada tiap masa depan, masing-masing pada cabangnya sendiri. Yang diukur
--   ialah manfaat: uang rehabilitasi dan perlindungan, ditambah uang kantor menurut nilainya, ditambah uang bencana
--   yang terpakai bila bencana terjadi; cadangan yang tidak terpakai tidak bermanfaat. Penyesalan ialah selisihnya
--   dari cara terbaik pada masa depan itu. Pilihan minimaks ialah yang penyesalan terbesarnya paling kecil; pilihan
--   rata-rata menimbang masa depan dengan peluangnya. Bila kedua pilihan berbeda, peluanglah yang memutuskan.
local pagu = require "pagu"

local kantor, barang_kantor, bencana = "1.06.01", "1.06.01.2.06", "1.06.06"
local layanan = { "1.06.04", "1.06.05" }

return {
  title = "Memilih cara memotong sebelum masa depan diketahui",
  question = "Cara memotong mana yang paling sedikit disesali bila pagu turun atau bencana terjadi?",
  params = {
    { name = "dipotong", title = "Potongan bila pagu turun", default = 15, unit = "%", min = 0, max = 50 },
    { name = "bencana", title = "Kebutuhan bila bencana terjadi", default = pagu.juta(150), unit = "rupiah", min = 0 },
    { name = "cadangan", title = "Kegiatan kantor yang disimpan", default = 20, unit = "%", min = 0, max = 90 },
    { name = "nilai_kantor", title = "Nilai rupiah kantor", default = 60, unit = "%", min = 0, max = 100 },
    { name = "nilai_bencana", title = "Nilai rupiah bencana", default = 200, unit = "%", min = 0, max = 1000 },
    { name = "peluang_turun", title = "Peluang pagu turun", default = 40, unit = "%", min = 0, max = 100 },
    { name = "peluang_bencana", title = "Peluang bencana", default = 20, unit = "%", min = 0, max = 100 },
    { name = "satuan", title = "Satuan pembulatan", default = 1000, unit = "rupiah", min = 1, whole = true },
  },
  metrics = {
    { name = "minimaks", title = "Pilihan dengan penyesalan terbesar paling kecil" },
    { name = "rata", title = "Pilihan dengan penyesalan rata-rata terkecil" },
    { name = "sesal_rata", title = "Penyesalan terbesar: potong rata", unit = "rupiah" },
    { name = "sesal_layanan", title = "Penyesalan terbesar: utamakan layanan", unit = "rupiah" },
    { name = "sesal_cadangan", title = "Penyesalan terbesar: simpan cadangan", unit = "rupiah" },
  },
  run = function(s, p)
    local turun, terjadi = p.peluang_turun, p.peluang_bencana
    if turun + terjadi > 100 then error("peluang_turun dan peluang_bencana bersama-sama melebihi 100 persen", 0) end
    local utamakan = s:select{ under = "1.06.04" } | s:select{ under = "1.06.05" } | s:select{ under = bencana }

    -- Tiap pilihan memindahkan uang sekarang, dan menentukan siapa yang dipotong nanti.
    local pilihan = {
      { name = "potong rata", run = function() end },
      { name = "utamakan layanan", run = function() end },
      { name = "simpan cadangan", run = function(b)
        b:transfer{ from = barang_kantor, to = bencana, amount = pagu.round(pagu.muldiv(b:get(barang_kantor), p.cadangan, 100), p.satuan),
          unit = p.satuan, reason = "cadangan penanganan bencana" }
      end },
    }

    local function potong(b, cara)
      b:cut{ at = "/", percent = p.dipotong, hold = cara.name ~= "potong rata" and utamakan or nil, unit = p.satuan,
        reason = "pagu turun" }
    end
    local masa_depan = {
      { name = "pagu tetap", weight = 100 - turun - terjadi },
      { name = "pagu turun", weight = turun, run = potong },
      { name = "bencana", weight = terjadi },
    }

    local hasil = s:regret{
      options = pilihan, futures = masa_depan, better = "high",
      value = function(b, _, nanti)
        local manfaat = pagu.round(pagu.muldiv(b:get(kantor), p.nilai_kantor, 100), 1)
        for _, program in ipairs(layanan) do manfaat = manfaat + b:get(program) end
        if nanti.name ~= "bencana" then return manfaat end
        return manfaat + pagu.round(pagu.muldiv(math.min(b:get(bencana), p.bencana), p.nilai_bencana, 100), 1)
      end,
    }
    local sesal = {}
    for baris in hasil.table:each() do sesal[baris.option] = baris.worst end
    return {
      minimaks = hasil.choice, rata = hasil.choice_expected, sesal_rata = sesal["potong rata"],
      sesal_layanan = sesal["utamakan layanan"], sesal_cadangan = sesal["simpan cadangan"],
      hasil_pilihan = hasil.values, tabel_penyesalan = hasil.table,
    }
  end,
}
