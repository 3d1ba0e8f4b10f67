-- embed.lua - pagu in a stock lua5.4: a cut of the office spread over its lines, wages held.
--
--     LUA_CPATH="build/lua/?.so" lua5.4 examples/lua/embed.lua [PLAN]

local pagu = require "pagu"
pagu.lang "en"

local plan <close> = assert(pagu.open(arg[1] or "examples/renja-tarakan-2024"))
local s <close> = plan:branch "lean office"

s:hold { at = "1.06.01.2.02", year = 2024, reason = "wages" }
s:cut { at = "1.06.01", percent = 5, unit = 1000, reason = "ceiling of the mayor's letter" }
print(pagu.compare(plan, s, { level = "kegiatan" }))

local ok, err = pcall(s.set, s, "1.06.01.2.02", "budget", 2024, 0)
print(ok, err.code, err.node)
for program in s:select { level = "program", under = "1.06" }:each() do
  print(program.code, program.budget[2024])
end
s:undo()
print(s:get "/" == plan:get "/")
