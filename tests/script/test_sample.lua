-- Every line of the Lua sample in docs (design 10) on the Tarakan plan.
local check = require "check"
local pagu = require "pagu"
local tests, equal = check.tests, check.equal

function tests.sample__runs_as_written()
  pagu.lang "en"
  local plan = pagu.open "examples/renja-tarakan-2024"
  local need = plan:stage "need"
  local s = plan:branch "potong gedung"
  equal(s:get("1.06", "budget", 2024), 4455445985)
  equal(need["1.06.01.2.05"].name, "Administrasi Kepegawaian Perangkat Daerah")
  s["1.06.05"].budget[2024] = pagu.juta(150)
  equal(s:get("1.06.05", "budget", 2024), 150000000)
  s:transfer {
    from = "1.06.01.2.09.09", to = { ["1.06.04.2.01.01"] = 60, ["1.06.04.2.01.03"] = 40 }, amount = pagu.juta(100), reason = "…",
  }
  equal(s:get("1.06.01.2.09.09", "budget", 2024), 100000000)
  equal(s:get("1.06.04.2.01.01", "budget", 2024), 110000000)
  equal(s:get("1.06.04.2.01.03", "budget", 2024), 99665500)
  local safe = s:select { under = "1.06.01.2.02" } | s:select { tag = { pn = "01" } }
  local salaries = s:get("1.06.01.2.02", "budget", 2024)
  s:fit { at = "/", total = pagu.miliar(6), hold = safe, unit = 1000 }
  equal(s:get("/", "budget", 2024), 6000000000)
  equal(s:get("1.06.01.2.02", "budget", 2024), salaries, "held place")
  s:target { at = "1.06.04.2.01.01", value = 260, cost = "unit_cost", from = "1.06.01.2.09.09" }
  equal(s:get("1.06.04.2.01.01", "target", 2024), 260)
  equal(s:get("1.06.04.2.01.01", "budget", 2024), 143000000)
  equal(s:get("/", "budget", 2024), 6000000000, "who pays")
  s:forward { method = "index", growth = { ["/"] = 3.5, ["1.06.01.2.02"] = 6 }, unit = 1000 }
  equal(s:get("1.06.04.2.01.01", "budget", 2025), 148005000)
  equal(s:get("1.06.01.2.02.01", "budget", 2025), 3582456000)
  equal(s:get("1.06.04.2.01.01", "target", 2025), 260)
  local sub = s:select { level = "sub_kegiatan", under = "1.06.04" }
  sub.budget[2025] = sub.budget[2024] * 1.045
  equal(s:get("1.06.04.2.01.01", "budget", 2025), 149435000)
  local before = s:get("2.13.05.2.01.04", "budget", 2024)
  for q in plan:table "proposals":each() do
    s:add { under = q.key, name = q.proposal, budget = q.budget, tag = { location = q.location } }
  end
  equal(s:get("2.13.05.2.01.04", "budget", 2024), before + 180000000)
  equal(s["2.13.05.2.01.04.02"].name, "Rehab Posyandu")
  local t = pagu.table { "program", "total" }
  t:add { "…", 1 }
  check.is_true(tostring(t):find("program", 1, true))
  check.is_true(tostring(pagu.compare(plan, s)):find("1.06.01.2.09.09", 1, true))
  local journal = s:journal()
  equal(#journal, 9)
  s:undo()
  equal(#s:journal(), 8)
  s:redo()
  equal(s:journal():csv(), journal:csv())
  check.is_true(#s:explain("1.06", "budget", 2024) > 20)
  s:check()
end

function tests.sample__spm_tag_needs_its_tree()
  local s = check.plan():branch "x"
  if s:trees():csv():find "spm" then
    check.is_true(#s:select { tag = { spm = "ya" } } > 0)
  else
    check.fails("unknown_tag", "spm", s.select, s, { tag = { spm = "ya" } })
  end
end

function tests.sample__saves_and_loads()
  local os = check.global "os"
  if not os then return end
  local plan = check.plan()
  local s = plan:branch "simpan"
  s:transfer { from = "1.06.01.2.09.09", to = "1.06.04.2.01.01", amount = pagu.juta(100), reason = "uji" }
  local path = os.tmpname()
  s:save(path)
  local again = assert(plan:load(path))
  equal(again:hash(), s:hash())
  equal(pagu.load_scenario(plan, path):get("1.06.04.2.01.01", "budget", 2024), 150000000)
  os.remove(path)
end

check.run()
