-- Redo after steps that fail, and what a removed node leaves behind.
local check = require "check"
local pagu = require "pagu"
local tests, equal, fails = check.tests, check.equal, check.fails

local function undone()
  local s = check.plan():branch "uji"
  s:set("1.06.04.2.01.12", "budget", 2024, 1)
  s:set("1.06.04.2.01.12", "budget", 2024, 2)
  s:add{ under = "1.06.04.2.01", name = "Tambahan", budget = 7 }
  s:undo(2)
  return s
end

local function redo_gives_everything(s)
  equal((s:get("1.06.04.2.01.12", "budget", 2024)), 1)
  s:redo()
  equal((s:get("1.06.04.2.01.12", "budget", 2024)), 2)
  s:redo()
  equal((s:get("1.06.04.2.01", "budget", 2024)), (s:stage(s.stage_id):get("1.06.04.2.01", "budget", 2024)) - 9810000 + 2 + 7)
  equal(#s:journal(), 3)
end

function tests.history__a_failing_compound_step_keeps_what_can_be_redone()
  local s = undone()
  fails("argument", "berhenti", s.atomic, s, function(x)
    x:set("1.06.06", "budget", 2024, 100)
    x:add{ under = "1.06.04.2.01", name = "Lain", budget = 5 }
    pagu._raise("argument", "berhenti")
  end)
  redo_gives_everything(s)
end

function tests.history__a_failing_verb_of_several_edits_keeps_it_too()
  local s = undone()
  s:hold{ at = "1.06.05" }
  s:undo()
  check.is_true(not pcall(s.set, s, {
    { "1.06.04.2.01.01", "budget", 2024, 5 }, { "1.06.05", "budget", 2024, 10 }, { "1.06", "budget", 2024, 2 ^ 62 | 0 },
    { "2", "budget", 2024, 2 ^ 62 | 0 },
  }))
  s = undone()
  check.is_true(not pcall(s.take, s, { at = "1.06.01.2.05", from = s:stage "draft", field = "budget", add = true, year = 2031 }))
  redo_gives_everything(s)
end

function tests.history__a_rollback_to_where_the_tail_was_dropped_brings_it_back()
  local s = undone()
  local here = s:savepoint()
  s:set("1.06.06", "budget", 2024, 100)
  s:set("1.06.06", "budget", 2024, 200)
  fails("nothing_to_undo", nil, s.redo, s)
  s:rollback(here)
  redo_gives_everything(s)
end

function tests.history__a_tail_of_another_past_stays_away()
  local s = undone()
  s:set("1.06.06", "budget", 2024, 100) -- drops the tail after step 1
  s:undo(2)                             -- and step 1 goes as well
  s:set("1.06.04.2.01.12", "budget", 2024, 50)
  local here = s:savepoint()
  equal(here, 1)
  s:set("1.06.06", "budget", 2024, 300)
  s:rollback(here)
  fails("nothing_to_undo", nil, s.redo, s)
  equal((s:get("1.06.04.2.01.12", "budget", 2024)), 50)
end

function tests.history__a_branch_goes_on_from_a_kept_tail()
  local s = undone()
  local here = s:savepoint()
  s:set("1.06.06", "budget", 2024, 100)
  local b <close> = s:branch "b"
  s:rollback(here)
  redo_gives_everything(s)
  equal((b:get("1.06.04.2.01.12", "budget", 2024)), 1)
  fails("nothing_to_undo", nil, b.redo, b)
end

function tests.history__targets_of_a_removed_node_are_no_content()
  local plan = check.plan()
  local a, b = plan:branch "a", plan:branch "b"
  a:set("1.06.04.2.01.12", "target", 2024, 77)
  a:remove{ at = "1.06.04.2.01.12" }
  b:remove{ at = "1.06.04.2.01.12" }
  equal(a:hash(), b:hash())
  a:undo()
  check.is_true(a:hash() ~= plan:branch("c"):hash())
end

function tests.history__a_sum_that_lost_its_lines_takes_money_again()
  local plan = check.plan()
  local s = plan:branch "uji"
  s:remove{ at = "1.06.06.2.01.01" }
  local total = s:get("/", "budget", 2024)
  local hash = s:hash()
  s:spread{ at = "1.06.06.2.01", total = 500, dry = true }
  equal(s:hash(), hash)
  s:set("1.06.06.2.01", "budget", 2024, 500)
  equal((s:get("1.06.06.2.01", "budget", 2024)), 500)
  equal((s:get("1.06.06.2.01#", "budget", 2024)), 500)
  equal((s:get("/", "budget", 2024)), total + 500)
  s:undo()
  equal(s:hash(), hash)
  s:redo()
  s:spread{ at = "1.06.06.2.01", delta = 200 }
  equal((s:get("1.06.06", "budget", 2024)), 700)
  s:add{ under = "1.06.06.2.01", name = "Baru", budget = 1 }
  equal((s:get("1.06.06.2.01", "budget", 2024)), 701)
  local other = plan:branch "lain"
  other:remove{ at = "1.06.06.2.01.01" }
  fails("unreachable", "1.06.06.2.01", other.spread, other, { at = "1.06.06.2.01", total = 5, floor = 1, cap = 2 })
end

function tests.history__such_an_own_line_is_saved_and_loaded()
  local os, io = check.global "os", check.global "io"
  if not (os and io) then return end -- the sandbox writes no files of ours
  local plan = check.plan()
  local s = plan:branch "uji"
  s:remove{ at = "1.06.06.2.01.01" }
  s:set("1.06.06.2.01", "budget", 2024, 500)
  local name = os.tmpname()
  s:save(name)
  local t = assert(plan:load(name))
  os.remove(name)
  equal(t:hash(), s:hash())
  equal((t:get("1.06.06", "budget", 2024)), 500)
end

check.run()
