--- pagu.rules.mandates: what Indonesian law lays down on local spending, with dates and sources.
-- min and max are percent of the whole, less what the law leaves out. mark: V seen in the source
-- named, S in a secondary source, R reported only, to be checked before relying on it; what is only
-- reported warns. from and to are budget years.
return {
  title = { id = "Belanja wajib daerah", en = "Mandatory local spending" },
  rules = {
    {
      id = "education", part = "education", min = 20,
      name = "Pendidikan 20% APBD",
      title = { id = "fungsi pendidikan sedikitnya 20% belanja", en = "education at least 20% of spending" },
      from = 2004, law = "UUD 1945 pasal 31(4); UU 20/2003 pasal 49", mark = "V", source = "FAQ DJPK (scribd 645988295)",
    },
    {
      id = "health", part = "health", less = "salaries", min = 10,
      name = "Kesehatan 10% APBD di luar gaji",
      title = { id = "kesehatan sedikitnya 10% belanja di luar gaji", en = "health at least 10% of spending without salaries" },
      from = 2010, to = 2023, -- UU 17/2023 repealed it: budgets of 2024 on are free of it [R]
      law = "UU 36/2009 pasal 171; dicabut UU 17/2023", mark = "V; pencabutan R", source = "FAQ DJPK (scribd 645988295)",
    },
    {
      id = "infrastructure_transfers", part = "infrastructure", whole = "general_transfers", min = 25, severity = "warn",
      name = "Infrastruktur 25% dana transfer umum",
      title = { id = "infrastruktur sedikitnya 25% dana transfer umum", en = "infrastructure at least 25% of general transfers" },
      to = 2022, law = "UU APBN tahun berjalan", mark = "V", source = "suratanbali.com (Klungkung, 16,96-17,16%)",
    },
    {
      id = "infrastructure_phased", part = "infrastructure", less = "transfers_out", min = 40, severity = "warn",
      name = "Infrastruktur 40% (masa peralihan)",
      title = {
        id = "infrastruktur menuju 40% belanja di luar bagi hasil dan transfer, dalam 5 tahun",
        en = "infrastructure on its way to 40% of spending without profit sharing and transfers, within 5 years",
      },
      from = 2022, to = 2026, law = "UU 1/2022 pasal 147", mark = "V", source = "suratanbali.com",
    },
    {
      id = "infrastructure", part = "infrastructure", less = "transfers_out", min = 40,
      name = "Infrastruktur 40%",
      title = {
        id = "infrastruktur sedikitnya 40% belanja di luar bagi hasil dan transfer",
        en = "infrastructure at least 40% of spending without profit sharing and transfers",
      },
      from = 2027, law = "UU 1/2022 pasal 147", mark = "V", source = "suratanbali.com",
    },
    {
      id = "staff", part = "staff", max = 30, severity = "warn",
      name = "Belanja pegawai 30%",
      title = {
        id = "belanja pegawai di luar tunjangan guru dari transfer paling banyak 30% belanja",
        en = "staff outside teacher allowances from transfers at most 30% of spending",
      },
      from = 2022, law = "UU 1/2022 pasal 146", mark = "R", source = "belum diperiksa pada naskah aslinya",
    },
    {
      id = "village_allocation", part = "village_allocation", whole = "balancing_funds", less = "special_allocation", min = 10,
      name = "Alokasi dana desa 10%",
      title = {
        id = "alokasi dana desa sedikitnya 10% dana perimbangan setelah dikurangi DAK",
        en = "village allocation at least 10% of balancing funds after special allocations",
      },
      from = 2015, law = "UU 6/2014 pasal 72", mark = "V", source = "FAQ DJPK (scribd 645988295)",
    },
    {
      id = "minimum_services", part = "minimum_services",
      name = "Prioritas SPM",
      title = {
        id = "belanja mengutamakan urusan wajib pelayanan dasar menurut SPM",
        en = "spending gives priority to mandatory basic services by SPM",
      },
      from = 2015, law = "UU 23/2014 pasal 18 dan 298; PP 2/2018; Permendagri 59/2021", mark = "V",
      source = "scribd 614717069, 595581696",
    },
  },
}
