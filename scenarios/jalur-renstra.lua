-- Jalur target ke akhir Renstra
--
-- Pertanyaan: indikator mana yang belum sampai pada target akhir Renstra, berapa target tahun
--   rencana yang diperlukan agar sampai, dan berapa biayanya?
--
-- Parameter:
--   tempat    kode yang indikatornya diperiksa, atau "/" untuk semuanya, sasaran (IKU) juga
--   naikkan   isi target tahun rencana menurut jalurnya; bila tidak, hanya dihitung
--
-- Cara membaca hasil: jalur membagi rata yang masih kurang atas tahun yang tersisa, tahun rencana
--   termasuk. Indikator yang dijumlahkan memerlukan sebanyak itu setiap tahun; yang dinilai pada
--   akhir periode (persen, indeks) naik sebanyak itu dari capaian sekarang. Yang tak terhitung
--   punya satuan yang berbeda antara Renstra dan realisasinya, atau targetnya berupa teks. Biaya
--   ialah pagu dibagi target tahun rencana, dikalikan yang masih kurang; sasaran tidak punya pagu.
--   Tahun akhir Renstra dibaca dari rencana: pada rencana yang Renstra-nya sudah berakhir tidak ada
--   jalur, dan semuanya tak terhitung.

local function angka(x)
  return math.type(x) ~= nil
end

--- Target tahun rencana yang membawa indikator ke akhir Renstra, dibulatkan ke atas bila bilangan bulat.
local function target_di_jalur(s, indikator, kurang)
  local tahun = s.year
  local perlu = kurang
  if indikator.over_time ~= "sum" then perlu = s:get(indikator, "cumulative", tahun - 1) + kurang end
  local akhir = s:get(indikator, "strategic_target", tahun)
  return math.type(akhir) == "integer" and indikator.unit ~= "%" and math.ceil(perlu) or perlu
end

return {
  title = "Jalur target ke akhir Renstra",
  question = "Target mana yang harus naik agar akhir Renstra tercapai, menjadi berapa, dan berapa biayanya?",
  params = {
    tempat = { default = "/" },
    naikkan = { default = true },
  },
  metrics = {
    { name = "diperiksa", title = "Indikator yang punya target Renstra", unit = "indikator" },
    { name = "sampai", title = "Sudah sampai, atau akan sampai dengan target tahun berjalan", unit = "indikator" },
    { name = "kurang", title = "Masih kurang", unit = "indikator" },
    { name = "tak_terhitung", title = "Tak terhitung (satuan berbeda atau teks)", unit = "indikator" },
    { name = "dinaikkan", title = "Target tahun rencana yang dinaikkan", unit = "indikator" },
    { name = "biaya", title = "Biaya mengejar yang kurang tahun ini", unit = "rupiah" },
    { name = "terjauh", title = "Yang paling jauh dari jalurnya" },
  },
  run = function(s, p)
    local tahun, terjauh = s.year, 0
    local r = { diperiksa = 0, sampai = 0, kurang = 0, tak_terhitung = 0, dinaikkan = 0, biaya = 0 }
    local semua = p.tempat == "/" and s:indicators() or s:select{ under = p.tempat }:indicators()
    for _, indikator in ipairs(semua) do
      local akhir, _, sebab = s:get(indikator, "strategic_target", tahun)
      local kurang = s:get(indikator, "pace", tahun - 1)
      if akhir ~= nil or sebab then
        r.diperiksa = r.diperiksa + 1
        if not angka(kurang) then
          r.tak_terhitung = r.tak_terhitung + 1
        elseif kurang <= 0 then
          r.sampai = r.sampai + 1
        else
          r.kurang = r.kurang + 1
          r.biaya = r.biaya + (s:get(indikator, "pace_cost", tahun - 1) or 0)
          if kurang / akhir > terjauh then
            terjauh, r.terjauh = kurang / akhir, indikator.name
          end
          local perlu, kini = target_di_jalur(s, indikator, kurang), s:get(indikator, "target", tahun)
          if p.naikkan and not (angka(kini) and kini >= perlu) then
            s:set(indikator, "target", tahun, perlu, { reason = "jalur ke akhir Renstra" })
            r.dinaikkan = r.dinaikkan + 1
          end
        end
      end
    end
    return r
  end,
}
