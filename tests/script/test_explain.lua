-- Why a value is what it is: what a verb was asked, its basis, the bound or the rounding that decided.
local check = require "check"
local pagu = require "pagu"
local tests, equal, is_true = check.tests, check.equal, check.is_true

local line = "1.06.04.2.01.01"

--- "depth kind name=value" of the rows of some kinds.
local function shape(t, kinds)
  local out = {}
  for r in t:each() do
    if kinds:find(r.kind, 1, true) then out[#out + 1] = ("%d %s %s=%s"):format(r.depth, r.kind, r.name or "", tostring(r.value)) end
  end
  return table.concat(out, "; ")
end

local function row_of(t, kind)
  for r in t:each() do
    if r.kind == kind then return r end
  end
end

function tests.explain__a_spread_tells_request_basis_and_exact_share()
  local plan = check.plan()
  local s = plan:branch "x"
  local before, sum = plan:get(line), plan:get "1.06.04"
  s:spread { at = "1.06.04", total = 100000000, unit = 1000 }
  local t = s:explain(line, "budget", 2024)
  local exact = pagu.muldiv(100000000, before, sum)
  equal(shape(t, "edit request basis share bound input"), ("0 edit Penyediaan Permakanan=%d; 1 request =nil; "
    .. "1 basis basis: value before=%d; 1 share exact share=%d; 1 input Penyediaan Permakanan=%d"):format(
    s:get(line), before, exact, before))
  equal(row_of(t, "request").reason, '{"at":"1.06.04","total":100000000,"unit":1000}')
  is_true(math.abs(s:get(line) - exact) < 1000)
  local off = s:get(line) - exact
  equal(row_of(t, "share").reason, ("exact share, then rounded to 1,000 by largest remainder: %s%d"):format(off > 0 and "+" or "", off))
  is_true(row_of(t, "basis").reason:find "^%d+%.%d%d percent of [%d,]+; %d+ lines changed, to [%d,]+ together$")
end

function tests.explain__a_bound_that_decided_is_named()
  local plan = check.plan()
  local s = plan:branch "x"
  s:spread { at = "1.06.04", total = 200000000, cap = { [line] = 7000000 } }
  local bound = row_of(s:explain(line, "budget", 2024), "bound")
  equal(bound.value, 7000000)
  equal(bound.reason, "the line stops at its cap")
  s:spread { at = "1.06.04", percent = -50, floor = 6500000 }
  equal(row_of(s:explain(line, "budget", 2024), "bound").reason, "the line stops at its floor")
  equal(row_of(s:explain("1.06.04", "budget", 2024), "request"), nil) -- of the line that is asked for only
end

function tests.explain__every_verb_that_shares_is_told()
  local plan = check.plan()
  for _, act in ipairs {
    function(s) s:cut { at = "1.06.04", percent = 10 } end,
    function(s) s:scale { at = "1.06.04", by = 1.1 } end,
    function(s) s:fit { at = "1.06.04", total = 90000000 } end,
    function(s) s["1.06.04"].budget[2024] = 90000000 end,
  } do
    local s = plan:branch "x"
    act(s)
    local share = row_of(s:explain(line, "budget", 2024), "share")
    is_true(share and math.abs(share.value - s:get(line)) <= 1)
  end
  local s = plan:branch "x"
  s:set(line, "budget", 2024, 5)
  equal(row_of(s:explain(line, "budget", 2024), "share"), nil)
end

function tests.explain__another_basis_is_said_as_it_was_given()
  local s = check.plan():branch "x"
  s:spread { at = "1.06.04", total = 200000000, basis = "equal" }
  local t = s:explain(line, "budget", 2024)
  equal(row_of(t, "basis").name, "basis: equal")
  equal(row_of(t, "share"), nil)
end

function tests.explain__a_projection_tells_its_base_method_and_growth()
  local plan = check.plan()
  local s = plan:branch "x"
  s:project { growth = { ["/"] = 5, ["1.06.04"] = 3 }, unit = 1000 }
  local basis = row_of(s:explain(line, "budget", 2025), "basis")
  equal(basis.name, "budget 2024")
  equal(basis.value, plan:get(line))
  equal(basis.reason, "method: growth; growth: 3 (1.06.04)")
  local other = row_of(s:explain("1.06.05.2.02.01", "budget", 2025), "basis")
  equal(other.reason, "method: growth; growth: 5 (/)")
end

function tests.explain__a_constraint_says_whether_it_binds()
  local s = check.plan():branch "x"
  s:ceiling { at = "1.06.04", amount = s:get "1.06.04", reason = "surat edaran" }
  equal(row_of(s:explain("1.06.04", "budget", 2024), "hold").reason, "surat edaran; it binds: no room is left")
  s:cut { at = "1.06.04", amount = 1000000 }
  equal(row_of(s:explain("1.06.04", "budget", 2024), "hold").reason, "surat edaran; room: 1,000,000")
end

function tests.explain__a_step_of_several_verbs_tells_each()
  local plan = check.plan()
  local s = plan:branch "x"
  s:atomic(function(on)
    on:set("1.06.05.2.02.01", "budget", 2024, 5)
    on:cut { at = "1.06.04", percent = 10 }
  end)
  is_true(row_of(s:explain(line, "budget", 2024), "share"))
end

function tests.explain__is_indonesian_throughout()
  local plan = check.plan()
  local s = plan:branch "x"
  s:cut { at = "1.06.04", percent = 10 }
  pagu.lang "id"
  local text = s:explain(line, "budget", 2024):text { width = 0 }
  is_true(text:find "permintaan" and text:find "dasar: nilai semula" and text:find "persen dari")
  text = plan:explain("1.06.01", "strategic_rate", 2023):text { width = 0 }
  is_true(text:find "makin tinggi makin baik" and text:find "antartahun: nilai terakhir")
  is_true(not text:find "higher" and not text:find ": last")
  pagu.lang "en"
end

check.run()
