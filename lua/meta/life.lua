---@meta
-- pagu: the life of scenarios: snapshots, replay on another base, rebase, merge.
--
-- A saved scenario is a small text (s:save, s:dump): a line for every decision with its arguments, reason and
-- script, followed by what it did by key. It is pinned to the content of its base (the hash in its first line), and
-- loads there only; anywhere else it is replayed.
--
-- "values" does what the scenario did: the same lines get the same amounts. "decisions" runs its verbs again with
-- their arguments: a cut of 10% cuts a tenth of what the new base holds. Functions aren't kept: a place told by a
-- predicate is kept as the keys that it chose, a basis or bound by function as its amounts by key.
--
-- What the new base lacks (keys, fields, periods, indicators, units), what it has in another way, and what its holds
-- and limits refuse are conflicts. They come as a table: entry (number in the saved journal), verb, key, field,
-- period, base (what was changed), ours (what is there), theirs (what is wanted), the same as base_target,
-- ours_target and theirs_target for targets, why, and outcome: "open" (nothing was applied because of it), "applied"
-- (overwritten), "left" (left out), and in merges "ours" or "theirs".

---@class pagu
local pagu = {}

---@class pagu.View
local View = {}

---@class pagu.Scenario: pagu.View
local Scenario = {}

---@class pagu.ReplayOptions
---@field mode? "values"|"decisions" "values" by default
---@field apply? "none"|"clean"|"all" with conflicts: nothing (the default); without the undo steps that meet one, each whole; or all that can be done, overwriting values that differ
---@field years? "absolute"|"relative" whether years stay or move with the plan year; must be said where the plan years differ
---@field map? table<string, string|false>|string codes of the scenario and what they are here; the longest that a key equals or lies below counts; false: it has no one counterpart. Or a codes_map.csv as `pagu migrate` takes it; a code that it splits has none
---@field to? string|integer version of the codes here, where the file maps to several
---@field name? string of the new scenario

---@class pagu.LoadOptions: pagu.ReplayOptions
---@field replay? "values"|"decisions" the mode
---@field stage? string to replay on this stage; by default on that of the scenario
---@field onto? pagu.View to replay on this view

---@class pagu.MergeOptions
---@field policy? "ask"|"ours"|"theirs"|table<string, "ask"|"ours"|"theirs"> who wins a conflict; or by field, "structure" (rows, indicators), "constraints" and "*" (all else). "ask", the default: nobody, and with a conflict nothing is merged
---@field dry? boolean only tell
---@field name? string of the merged scenario; by default that of ours
---@field reason? string
---@field base? pagu.View only for s:merge: the common base; by default the stage of s

--- A view of what is there now that never changes, whatever becomes of the scenario; its hash() names its content.
--- O(1): nothing is copied. Branch it as any view.
---@param name? string
---@return pagu.View
--- ```lua
--- s:set("1.06.05", "budget", 2024, 100000000)
--- local before = s:snapshot "sebelum rapat"
--- s:set("1.06.05", "budget", 2024, 90000000)
--- assert(before:get("1.06.05", "budget", 2024) == 100000000 and before.name == "sebelum rapat")
--- ```
function View:snapshot(name) end

--- Do on another view (a stage, a scenario, another year's plan) what this scenario did; the result is a new
--- scenario there. On a scenario only the steps since this one was branched are done.
---@param view pagu.View
---@param options? pagu.ReplayOptions
---@return pagu.Scenario? scenario
---@return pagu.Table|string conflicts or the message
---@return string? code "conflict"
---@return pagu.Table? conflicts
--- ```lua
--- s:cut{ at = "1.06.04", percent = 10, reason = "efisiensi" }
--- local need, conflicts = s:replay(plan:stage "need", { mode = "decisions" })
--- assert(need and #conflicts == 0)
--- local none, message, code, list = s:replay(plan:stage "need", { map = { ["1.06.04"] = false } })
--- assert(none == nil and code == "conflict" and #list > 0 and list:rows()[1].outcome == "open")
--- ```
function Scenario:replay(view, options) end

--- The scenario on what its base has become: replay, under the name that asks for it. On the scenario that this
--- one was branched from, it takes over what that one did since.
---@param view pagu.View
---@param options? pagu.ReplayOptions
---@return pagu.Scenario? scenario
---@return pagu.Table|string conflicts or the message
---@return string? code
---@return pagu.Table? conflicts
--- ```lua
--- local child = s:branch "anak"
--- child:set("1.06.05", "budget", 2024, 90000000)
--- s:set("1.06.06", "budget", 2024, 20000000)
--- local now = child:rebase(s)
--- assert(now:get("1.06.06", "budget", 2024) == 20000000 and now:get("1.06.05", "budget", 2024) == 90000000)
--- ```
function Scenario:rebase(view, options) end

--- Merge what `theirs` changed since `base` into a new branch of `ours`, as one undo step. A value is in conflict
--- when theirs changed it and ours has neither base's value nor theirs: also when nobody on our side
--- changed it but the plan beneath. Only lines can be in conflict, never their sums. Rows, indicators, holds and
--- limits that came or went are merged too. A hold or limit of ours that refuses a change stays in conflict
--- whatever the policy.
---@param base pagu.View
---@param ours pagu.View
---@param theirs pagu.View
---@param options? pagu.MergeOptions
---@return pagu.Scenario? merged with dry: the table of conflicts
---@return pagu.Table|string conflicts or the message; with dry: the changes that meet no conflict
---@return string? code "conflict"
---@return pagu.Table? conflicts
--- ```lua
--- local a, b = plan:branch "bidang A", plan:branch "bidang B"
--- a:set("1.06.05", "budget", 2024, 90000000)
--- b:set("1.06.06", "budget", 2024, 20000000)
--- local both = pagu.merge(plan, a, b)
--- assert(both:get("1.06.05", "budget", 2024) == 90000000 and both:get("1.06.06", "budget", 2024) == 20000000)
--- b:set("1.06.05", "budget", 2024, 80000000)
--- local conflicts, changes = pagu.merge(plan, a, b, { dry = true })
--- assert(#conflicts > 0 and #changes > 0)
--- assert(pagu.merge(plan, a, b, { policy = { budget = "theirs" } }):get("1.06.05", "budget", 2024) == 80000000)
--- ```
function pagu.merge(base, ours, theirs, options) end

--- Merge into this scenario itself, as one undo step; returns it.
---@param theirs pagu.View
---@param options? pagu.MergeOptions
---@return pagu.Scenario? merged
---@return pagu.Table|string conflicts or the message
---@return string? code
---@return pagu.Table? conflicts
--- ```lua
--- local b = plan:branch "bidang B"
--- b:set("1.06.06", "budget", 2024, 20000000)
--- assert(s:merge(b, { reason = "hasil rapat" }))
--- s:undo()
--- ```
function Scenario:merge(theirs, options) end

-- ---- workspaces ----

--- A file with named scenarios, runs of scripts with their results, and a history of who changed what. It is an SQLite
--- database; several programs may use it at once.
---@class pagu.Workspace
local Workspace = {}

---@class pagu.WorkspaceOptions
---@field mode? "create"|"write"|"read" "create" by default: made if there is none

---@class pagu.SaveOptions
---@field version? integer the version that this replaces; by default the one that was loaded or saved here last, and none for a new name
---@field overwrite? boolean replace whatever is there
---@field reason? string
---@field who? string by default the user of the system

---@class pagu.WorkspaceLoadOptions: pagu.LoadOptions
---@field version? integer an earlier version; by default the latest

---@class pagu.RunRecord
---@field script? string its name
---@field script_hash? string
---@field params? table
---@field stage? string by default the view's
---@field results? table<string, any> by name: text, tables (kept as CSV), scenarios (as their text), plain values (as JSON)
---@field stamp? table what else made the results; by default the version of pagu
---@field who? string

--- Open a workspace file. Scripts that `pagu run` confines write it in the folder of --out only.
---@param path string
---@param options? pagu.WorkspaceOptions
---@return pagu.Workspace? workspace
---@return string? message
---@return string? code "not_found", "package" (no workspace, of a newer pagu, or damaged), "io"
--- ```lua
--- local none, message, code = pagu.workspace("no-such.pagu", { mode = "read" })
--- assert(none == nil and code == "not_found")
--- local path = os.tmpname()
--- local w = pagu.workspace(path)
--- s:cut{ at = "1.06.04", percent = 10 }
--- assert(w:save("potong", s, { reason = "rapat Senin" }) == 1)
--- assert(w:load("potong", plan):hash() == s:hash())
--- w:close()
--- os.remove(path)
--- ```
function pagu.workspace(path, options) end

--- Save a scenario under a name; returns its version, which counts from 1. Raises "conflict" when somebody saved another
--- version since this script loaded or saved the name: nothing is overwritten unseen.
---@param name string
---@param scenario pagu.Scenario
---@param options? pagu.SaveOptions
---@return integer version
--- ```lua
--- local path = os.tmpname()
--- local w = pagu.workspace(path)
--- assert(w:save("potong", s) == 1)
--- s:set("1.06.05", "budget", 2024, 90000000)
--- assert(w:save("potong", s) == 2 and #w:history "potong" == 2)
--- w:close()
--- os.remove(path)
--- ```
function Workspace:save(name, scenario, options) end

--- Load a scenario onto its stage of a plan; with options of pagu.load_scenario it is replayed.
---@param name string
---@param plan pagu.View
---@param options? pagu.WorkspaceLoadOptions
---@return pagu.Scenario? scenario
---@return string|pagu.Table? message of a replay: its conflicts
---@return string? code
---@return pagu.Findings|pagu.Table? findings
--- ```lua
--- local path = os.tmpname()
--- local w = pagu.workspace(path)
--- w:save("potong", s)
--- local again = w:load("potong", plan, { replay = "decisions" })
--- assert(again:hash() == s:hash())
--- w:close()
--- os.remove(path)
--- ```
function Workspace:load(name, plan, options) end

--- The text of a scenario, as s:dump gives it, and which version it is. Versions of removed names can be read too.
---@param name string
---@param version? integer the latest by default
---@return string? text
---@return integer|string version or the message
---@return string? code "unknown_key"
--- ```lua
--- local path = os.tmpname()
--- local w = pagu.workspace(path)
--- w:save("potong", s)
--- local text, version = w:text "potong"
--- assert(text == s:dump() and version == 1)
--- w:close()
--- os.remove(path)
--- ```
function Workspace:text(name, version) end

--- Remove a name. What was saved under it stays in the history.
---@param name string
---@param options? pagu.SaveOptions
--- ```lua
--- local path = os.tmpname()
--- local w = pagu.workspace(path)
--- w:save("potong", s)
--- w:remove "potong"
--- assert(#w:list() == 0 and #w:history "potong" == 2 and w:text("potong", 1))
--- w:close()
--- os.remove(path)
--- ```
function Workspace:remove(name, options) end

--- The scenarios: name, version, stage, year, steps, at (UTC), who, reason, hash (of the content), base.
---@return pagu.Table
--- ```lua
--- local path = os.tmpname()
--- local w = pagu.workspace(path)
--- w:save("potong", s)
--- assert(w:list():rows()[1].name == "potong" and w:list():rows()[1].hash == s:hash())
--- w:close()
--- os.remove(path)
--- ```
function Workspace:list() end

--- What happened, in its order: at, who, what (save, remove, run), name, version, reason, before, after (hashes).
---@param name? string only to this name
---@return pagu.Table
--- ```lua
--- local path = os.tmpname()
--- local w = pagu.workspace(path)
--- w:save("potong", s, { reason = "rapat Senin" })
--- local row = w:history("potong"):rows()[1]
--- assert(row.what == "save" and row.after == s:hash() and row.reason == "rapat Senin")
--- w:close()
--- os.remove(path)
--- ```
function Workspace:history(name) end

--- The runs, the latest first: run, at, who, script, script_hash, plan_hash, stage, params, results (names).
---@return pagu.Table
--- ```lua
--- local path = os.tmpname()
--- local w = pagu.workspace(path)
--- w:add_run(plan, { script = "potong.lua", results = { metrics = { total = 5 } } })
--- assert(w:runs():rows()[1].results == "metrics")
--- w:close()
--- os.remove(path)
--- ```
function Workspace:runs() end

--- Keep a run of a script with its results; returns its number.
---@param view pagu.View the plan or stage that it ran on
---@param record pagu.RunRecord
---@return integer run
--- ```lua
--- local path = os.tmpname()
--- local w = pagu.workspace(path)
--- local n = w:add_run(plan, { script = "potong.lua", params = { cut = 10 }, results = { metrics = { total = 5 } } })
--- assert(n == 1 and w:result(n, "metrics") == '{"total":5}' and w:runs():rows()[1].params == '{"cut":10}')
--- w:close()
--- os.remove(path)
--- ```
function Workspace:add_run(view, record) end

--- The text of a result of a run.
---@param run integer
---@param name string
---@return string? text
---@return string? message
---@return string? code
--- ```lua
--- local path = os.tmpname()
--- local w = pagu.workspace(path)
--- local n = w:add_run(plan, { script = "bandingkan.lua", results = { banding = pagu.compare(plan, s) } })
--- assert(w:result(n, "banding"):find "^key,")
--- assert(w:result(n, "lain") == nil)
--- w:close()
--- os.remove(path)
--- ```
function Workspace:result(run, name) end

--- Read everything and compare each text with its hash: true, or nil, message, "package".
---@return boolean? whole
---@return string? message
---@return string? code
--- ```lua
--- local path = os.tmpname()
--- local w = pagu.workspace(path)
--- assert(w:verify())
--- w:close()
--- os.remove(path)
--- ```
function Workspace:verify() end

--- Close the file; a workspace that goes out of use is closed by itself.
--- ```lua
--- local path = os.tmpname()
--- local w = pagu.workspace(path)
--- w:close()
--- assert(not pcall(w.list, w))
--- os.remove(path)
--- ```
function Workspace:close() end
