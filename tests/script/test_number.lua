-- Exact numbers for scripts.
local check = require "check"
local pagu = require "pagu"
local tests, equal, fails = check.tests, check.equal, check.fails
pagu.lang "en"

function tests.rp__reads_the_spellings_of_documents()
  pagu.lang "id"
  equal(pagu.rp "1,5 M", 1500000000)
  equal(pagu.rp "750 jt", 750000000)
  equal(pagu.rp "Rp 1.234.567,00", 1234567)
  equal(pagu.rp "50,000,000.00", 50000000)
  equal(pagu.rp(1500), 1500)
  pagu.lang "en"
  equal(pagu.rp("1,5 M", "id"), 1500000000)
end

function tests.rp__refuses_what_is_not_whole()
  fails("fraction", nil, pagu.rp, "0,5", "id")
  fails("bad_number", nil, pagu.rp, "banyak")
  fails("fraction", "0.5", pagu.rp, 0.5)
end

function tests.powers__are_exact()
  equal(pagu.ribu(2), 2000)
  equal(pagu.juta(150), 150000000)
  equal(pagu.juta(1.5), 1500000)
  equal(pagu.miliar(0.1), 100000000)
  equal(pagu.miliar(6.7), 6700000000)
  equal(pagu.triliun(3), 3000000000000)
  fails("fraction", "ribu(0.0001)", pagu.ribu, 0.0001)
  fails("overflow", nil, pagu.triliun, 10000000)
end

function tests.muldiv__is_128_bits_rounded_once()
  equal(pagu.muldiv(math.maxinteger, 3, 3), math.maxinteger)
  equal(pagu.muldiv(5, 1, 2), 3)
  equal(pagu.muldiv(-5, 1, 2), -3)
  equal(pagu.muldiv(100, 260.5, 200), 130)
  equal(pagu.muldiv(1000, 1, 0.001), 1000000)
  fails("argument", "zero", pagu.muldiv, 1, 1, 0)
  fails("overflow", nil, pagu.muldiv, math.maxinteger, 2, 1)
end

function tests.round__half_away_from_zero()
  equal(pagu.round(1500, 1000), 2000)
  equal(pagu.round(-1500, 1000), -2000)
  equal(pagu.round(0.5), 1)
  equal(pagu.round(2.675e2), 268)
  equal(pagu.scale(1000000000, 1.045), 1045000000)
  equal(pagu.scale(1234567, 1.045, 1000), 1290000)
end

function tests.format__follows_the_language()
  equal(pagu.format(1500000), "1,500,000")
  equal(pagu.format(1500000, "id"), "1.500.000")
  equal(pagu.format(1500000, "plain"), "1500000")
  equal(pagu.format(12.5, "id"), "12,5")
end

check.run()
