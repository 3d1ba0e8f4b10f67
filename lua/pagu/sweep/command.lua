--- pagu.sweep.command: what `pagu sweep` and `pagu sweep merge` ask of the Lua side.
local _, pagu = ...
pagu = pagu or require "pagu"
local lang = pagu._require "pagu.lang"
local record = pagu._require "pagu.sweep.record"
local result = pagu._require "pagu.sweep.result"
local sweeps = pagu._require "pagu.sweep"
local say = lang.say

local M = {}

lang.add_texts {
  sweep_shard = { id = "--shard %s: tulis i/n, misalnya 1/4", en = "--shard %s: write i/n, for instance 1/4" },
  sweep_no_member = { id = "bagian %s tidak berisi anggota: penyapuan ini hanya punya %s", en = "shard %s has no members: this sweep has only %s" },
  why_time = { id = "batas waktu %d detik terlampaui", en = "the time limit of %d s was met" },
  why_memory = { id = "batas memori terlampaui", en = "the memory limit was met" },
  why_signal = { id = "prosesnya mati dua kali (sinyal %d)", en = "its process died twice (signal %d)" },
  why_exit = { id = "prosesnya berhenti dua kali tanpa hasil (kode %d)", en = "its process ended twice without a result (code %d)" },
  why_big = { id = "hasilnya melebihi 16 MiB", en = "its result exceeds 16 MiB" },
  merge_other = { id = "%s: bukan bagian dari penyapuan yang sama dengan %s", en = "%s: not of the same sweep as %s" },
  merge_twice = { id = "%s:%d: anggota %d sudah ada dengan hasil lain", en = "%s:%d: member %d is there already with another result" },
  merge_missing = { id = "belum lengkap: %s dari %s anggota belum ada (%s)", en = "not complete: %s of %s members are missing (%s)" },
}

-- ---- pagu sweep ----

local function read_shard(text)
  local i, n = text:match "^(%d+)/(%d+)$"
  i, n = math.tointeger(tonumber(i)), math.tointeger(tonumber(n))
  return i and n and i >= 1 and i <= n and i, n
end

--- Open what the command line asks for: a sweep with its header and the list of its members' numbers;
-- or nil and the list of all that is wrong.
function M.open(script, view, o)
  o.words = "--"
  local sweep, problems = sweeps.open(script, view, o)
  local i, n = 1, 1
  if o.shard then
    i, n = read_shard(o.shard)
    if not i then
      problems = problems or {}
      problems[#problems + 1] = say("sweep_shard", o.shard)
    end
  end
  if problems then return nil, problems end
  pagu._load_library()
  sweep.members = {}
  for k = i, sweep.design.count, n do sweep.members[#sweep.members + 1] = k end
  if #sweep.members == 0 then return nil, { say("sweep_no_member", o.shard, pagu.format(sweep.design.count)) } end
  sweep.header = record.header(sweep, o.shard)
  return sweep
end

--- What a store holds of this sweep: { [member] = line }, or nil and why it can't be gone on with.
function M.resume(sweep, text, path)
  local there, here, problem
  local out, n = {}, 0
  for line in text:gmatch "([^\n]*)\n" do
    n = n + 1
    if n == 1 then
      there, problem = record.read_header(line, path)
      if not there then return nil, problem end
      here = assert(record.read_header(sweep.header, path))
      problem = record.difference(there, here, path)
      if problem then return nil, problem end
    else
      local r, fault = record.read_line(line, path, n, here.members)
      if not r then return nil, fault end
      local head = record.head(sweep.design, r.member, sweep.design:member(r.member))
      if line:sub(1, #head) ~= head then return nil, say("store_line", path, n) end
      out[r.member] = line
    end
  end
  return out
end

--- The line of a member.
M.line = record.line

--- The line of a member whose process gave none. why: "time", "memory", "signal", "exit", "big".
function M.failed(sweep, k, why, detail)
  return record.failed(sweep.design, k, say("why_" .. why, detail))
end

--- The result as text in a format, and how many members failed.
function M.render(header, lines, name, format, options)
  local r = assert(result.of_lines(header, lines, name))
  return r:render(format, options), r.failed
end

-- ---- pagu sweep merge ----

local function add_store(self, path, text)
  local n, header = 0, nil
  for line in text:gmatch "([^\n]*)\n" do
    n = n + 1
    if n == 1 then
      local problem
      header, problem = record.read_header(line, path)
      if not header then return problem end
      if not self.header then
        self.header, self.line, self.first = header, line, path
      elseif record.difference(header, self.header, path, record.parts_of_all) then
        return say("merge_other", path, self.first)
      end
    else
      local r, fault = record.read_line(line, path, n, self.header.members)
      if not r then return fault end
      if self.lines[r.member] and self.lines[r.member] ~= line then return say("merge_twice", path, n, r.member) end
      self.lines[r.member] = line
    end
  end
  if n == 0 then return say("store_not", path) end
end

local function missing(self)
  local list, n = {}, 0
  for k = 1, self.header.members do
    if not self.lines[k] then
      n = n + 1
      if n <= 5 then list[n] = tostring(k) end
    end
  end
  if n > 5 then list[6] = "…" end
  return n > 0 and say("merge_missing", pagu.format(n), pagu.format(self.header.members), table.concat(list, ", ")) or nil
end

--- Put shards together: the header and the lines of all members, or nil and what is wrong.
-- stores: a list of { path, text }.
function M.merge(stores)
  local self = { lines = {} }
  for _, store in ipairs(stores) do
    local problem = add_store(self, store[1], store[2])
    if problem then return nil, problem end
  end
  local problem = missing(self)
  if problem then return nil, problem end
  return (self.line:gsub('"shard":"[^"]*"}$', '"shard":null}')), self.lines
end

return M
