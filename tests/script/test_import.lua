-- pagu.import: files in, a plan out; what is refused and how it is told.
local check = require "check"
local pagu = require "pagu"

local tables = { "tests/data/seed/tabel-7.csv", "tests/data/seed/tabel-3.csv", "tests/data/seed/tabel-1.csv" }

function check.tests.import__three_tables_of_the_document_make_one_plan()
  local p = assert(pagu.import(tables))
  check.equal(p.year, 2024)
  check.equal(p:get("/", "budget", 2024), 6726963965)
  check.equal(p:stage "need":get("/", "budget", 2024), 6736773965)
  check.equal(p:stage "draft":get("1.06.01", "budget", 2024), 3755049000)
end

function check.tests.import__a_plan_that_is_added_to_stays_as_it_was()
  local first = assert(pagu.import(tables[1]))
  local hash = first:hash()
  local both = assert(pagu.import(tables[2], { into = first }))
  check.equal(first:hash(), hash)
  check.is_true(both:hash() ~= hash)
  check.equal(both:get("/", "budget", 2024), first:get("/", "budget", 2024))
end

function check.tests.import__what_cannot_be_read_is_nil_a_message_and_a_code()
  local p, message, code, findings = pagu.import "tidak-ada.csv"
  check.equal(p, nil)
  check.equal(code, "not_found")
  check.is_true(message:find("tidak-ada.csv", 1, true))
  check.equal(#findings, 0)
  local _, _, no_year = pagu.import(tables[2])
  check.equal(no_year, "argument")
end

function check.tests.import__options_that_are_not_there_are_refused_by_name()
  check.fails("argument", "tahun", pagu.import, tables[1], { tahun = 2024 })
  check.fails("argument", nil, pagu.import, tables[1], { into = 5 })
end

check.run()
