-- P2 and P3 from Lua: journaled edits, each followed by a read of the root; branches of ten edits.
-- Prints nanoseconds a piece as "name value" lines for bench/peers.py.
local pagu = require "pagu"
local plan = assert(pagu.open(arg[1]))
local s = plan:branch "bench"
local keys = {}
for node in s:select{ level = "rincian" }:each() do keys[#keys + 1] = node.key end

local function time(name, n, f)
   f(n // 10) -- warm
   local start = os.clock()
   f(n)
   print(name, (os.clock() - start) / n * 1e9)
end

local distinct = math.max(500, #keys // 100)
time("edit", 100000, function(n)
   local x
   for i = 1, n do
      s:set(keys[i * 7919 % distinct + 1], "budget", 2024, i)
      x = s:get("/", "budget", 2024)
   end
   return x
end)

time("branch", 10000, function(n)
   for i = 1, n do
      local b <close> = plan:branch ""
      for k = 1, 10 do b:set(keys[(i + k * 131) % #keys + 1], "budget", 2024, k) end
      b:get("/", "budget", 2024)
   end
end)

-- the same by one call
time("batch", 10000, function(n)
   local batch = {}
   for k = 1, 10 do batch[k] = { "", "budget", 2024, k } end
   for i = 1, n do
      local b <close> = plan:branch ""
      for k = 1, 10 do batch[k][1] = keys[(i + k * 131) % #keys + 1] end
      b:set(batch)
      b:get("/", "budget", 2024)
   end
end)
