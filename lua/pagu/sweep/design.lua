--- pagu.sweep.design: which parameters the runs ("members") of a sweep get.
--
-- A design is a product of blocks, the last varying fastest: the rows of a list, those of a Latin
-- hypercube, then each grid in the order given. Everything is read and checked before anything runs,
-- and all that is wrong is reported at once.
local _, pagu = ...
pagu = pagu or require "pagu"
local lang = pagu._require "pagu.lang"
local grid = pagu._require "pagu.sweep.grid"
local params = pagu._require "pagu.params"
local say = lang.say

local M = { most = grid.most }
local Design = {}
Design.__index = Design

lang.add_texts {
  sweep_many = {
    id = "penyapuan ini punya %s anggota; paling banyak %s",
    en = "this sweep has %s members; at most %s are possible",
  },
  sweep_twice = { id = "%s%s: parameter ini sudah diatur %s", en = "%s%s: this parameter is set by %s already" },
  sweep_nothing = {
    id = "tidak ada yang bervariasi: beri %sgrid, %slist atau %slhs",
    en = "nothing varies: give %sgrid, %slist or %slhs",
  },
  sweep_lhs_count = { id = "%slhs %s: isi banyaknya anggota, 1 atau lebih", en = "%slhs %s: give the number of members, 1 or more" },
  sweep_lhs_range = { id = "%s%s: tulis nama=awal:akhir, dengan awal di bawah akhir", en = "%s%s: write name=from:to, with from below to" },
  sweep_lhs_type = { id = "%s%s: parameter ini bukan angka", en = "%s%s: this parameter is not a number" },
  sweep_no_ranges = { id = "%slhs memerlukan %srange nama=awal:akhir", en = "%slhs needs %srange name=from:to" },
  sweep_no_lhs = { id = "%srange memerlukan %slhs N", en = "%srange needs %slhs N" },
  sweep_list = { id = "list adalah berkas CSV atau daftar { nama = nilai }", en = "list is a CSV file or a list of { name = value }" },
  sweep_list_empty = { id = "%slist %s: tidak ada barisnya", en = "%slist %s: it has no rows" },
  sweep_grid = {
    id = "grid adalah { nama = {nilai, …} }, atau daftar { \"nama\", {nilai, …} }",
    en = "grid is { name = {value, …} }, or a list of { \"name\", {value, …} }",
  },
  sweep_seed = { id = "seed harus bilangan bulat", en = "seed must be a whole number" },
}

local function find(script, name)
  for _, d in ipairs(script.params) do
    if d.name == name then return d end
  end
end

local function add_grids(self, o, problems)
  local word = o.words .. "grid "
  local grids = grid.list(o.grid, word, problems, self.script)
  if grids.problem then problems[#problems + 1] = say "sweep_grid" end
  for _, entry in ipairs(grids) do
    local name, given = entry[1], entry[2]
    local d = find(self.script, name)
    if not d then
      problems[#problems + 1] = params.unknown(self.script.params, name, word)
    elseif self:take(name, word, o.words .. "grid", problems) then
      local values = grid.values(d, given, word, problems)
      self.blocks[#self.blocks + 1] = { kind = "grid", names = { name }, columns = { values }, count = #values }
    end
  end
end

-- ---- lists ----

-- names, rows of given values, and the word that messages on a row begin with
local function rows_of_csv(path, problems, read)
  local t, message, _, findings
  if read then
    t, message, _, findings = table.unpack(read, 1, 4)
  else
    t, message, _, findings = pagu._read_csv(path)
  end
  if not t then
    local any = false
    for finding in findings:each() do
      any = true
      problems[#problems + 1] = ("%s:%d: %s"):format(path, finding.line or 0, finding.message)
    end
    if not any then problems[#problems + 1] = message end
    return nil
  end
  local names, rows = {}, {}
  for i, column in ipairs(t:columns()) do names[i] = column.name end
  for row in t:each() do rows[#rows + 1] = row end
  return names, rows, function(i) return ("%s:%d: "):format(path, i + 1) end
end

local function rows_of_table(list, script)
  local names, rows, seen = {}, {}, {}
  for i, row in ipairs(list) do
    if type(row) ~= "table" then return nil end
    rows[i] = row
    for name in pairs(row) do seen[name] = true end
  end
  for _, d in ipairs(script.params) do
    if seen[d.name] then names[#names + 1], seen[d.name] = d.name, nil end
  end
  for _, name in ipairs(params.sorted_keys(seen)) do names[#names + 1] = tostring(name) end
  return names, rows, function(i) return ("list[%d]: "):format(i) end
end

local function list_row(self, block, i, row, word, problems)
  for c, name in ipairs(block.names) do
    local d, value, problem = find(self.script, name), row[name], nil
    if value == nil and d.default == nil then
      problem = say("param_required", word, name)
    elseif value ~= nil then
      value, problem = params.value(d, value, word)
    else
      value = d.default
    end
    block.columns[c] = block.columns[c] or {}
    block.columns[c][i], problems[#problems + 1] = value, problem
  end
end

local function add_list(self, o, problems)
  if o.list == nil then return end
  local names, rows, word_of
  if type(o.list) == "string" then
    names, rows, word_of = rows_of_csv(o.list, problems, o.list_read)
    if not names then return end
  elseif type(o.list) == "table" then
    names, rows, word_of = rows_of_table(o.list, self.script)
  end
  if not names then
    problems[#problems + 1] = say "sweep_list"
    return
  end
  local word, ok = o.words .. "list ", true
  for _, name in ipairs(names) do
    local unknown = params.unknown(self.script.params, name, word)
    problems[#problems + 1] = unknown
    ok = not unknown and self:take(name, word, o.words .. "list", problems) and ok
  end
  if #rows == 0 then problems[#problems + 1] = say("sweep_list_empty", o.words, tostring(o.list)) end
  if not ok then return end
  local block = { kind = "list", names = names, columns = {}, count = #rows }
  for i, row in ipairs(rows) do list_row(self, block, i, row, word_of(i), problems) end
  self.blocks[#self.blocks + 1] = block
end

-- ---- Latin hypercubes ----

local percent = { ["%"] = true, percent = true, persen = true }

--- Whole numbers where the parameter is one by its nature: amounts, counts; not percentages.
local function draws_whole(d, lo, hi)
  if d.whole then return true end
  return math.type(d.default) == "integer" and math.type(lo) == "integer" and math.type(hi) == "integer"
    and not percent[d.unit or ""]
end

local function read_ends(d, given, word)
  local lo, hi
  if type(given) == "string" then
    local parts = grid.split(given, ":")
    if #parts == 2 then lo, hi = parts[1], parts[2] end
  elseif type(given) == "table" then
    lo, hi = given[1], given[2]
  end
  if lo == nil or hi == nil then return nil, say("sweep_lhs_range", word, d.name) end
  local problem
  lo, problem = params.value(d, lo, word)
  if problem then return nil, problem end
  hi, problem = params.value(d, hi, word)
  if problem then return nil, problem end
  if lo >= hi then return nil, say("sweep_lhs_range", word, d.name) end
  return lo, hi
end

local function add_range(self, block, name, given, n, word, o, problems)
  local d = find(self.script, name)
  if not d then
    problems[#problems + 1] = params.unknown(self.script.params, name, word)
    return
  elseif d.type ~= "number" then
    problems[#problems + 1] = say("sweep_lhs_type", word, name)
    return
  elseif not self:take(name, word, o.words .. "range", problems) then
    return
  end
  local lo, hi = read_ends(d, given, word)
  if not lo then
    problems[#problems + 1] = hi
    return
  end
  block.names[#block.names + 1] = name
  block.columns[#block.names] = pagu._latin(self.seed, name, lo, hi, n, draws_whole(d, lo, hi))
end

local function add_lhs(self, o, problems)
  if o.lhs == nil then return end
  local lhs = type(o.lhs) == "table" and o.lhs or { n = o.lhs }
  local ranges, word = lhs.ranges or {}, o.words .. "range "
  local n = math.type(lhs.n) and math.tointeger(lhs.n) or (type(lhs.n) == "string" and math.tointeger(tonumber(lhs.n)))
  if lhs.n == nil then
    problems[#problems + 1] = say("sweep_no_lhs", o.words, o.words)
    return
  elseif not n or n < 1 then
    problems[#problems + 1] = say("sweep_lhs_count", o.words, tostring(lhs.n))
    return
  elseif n > M.most then
    problems[#problems + 1] = say("sweep_many", pagu.format(n), pagu.format(M.most))
    return
  end
  local list = grid.list(ranges, word, problems, self.script)
  if #list == 0 then problems[#problems + 1] = say("sweep_no_ranges", o.words, o.words) end
  local block = { kind = "lhs", names = {}, columns = {}, count = n }
  for _, entry in ipairs(list) do add_range(self, block, entry[1], entry[2], n, word, o, problems) end
  if #block.names > 0 then self.blocks[#self.blocks + 1] = block end
end

-- ---- the design ----

--- Note that a parameter is set; false when it was before.
function Design:take(name, word, by, problems)
  if self.taken[name] then
    problems[#problems + 1] = say("sweep_twice", word, name, self.taken[name])
    return false
  end
  self.taken[name] = by
  return true
end

local function add_fixed(self, o, problems)
  local word, given = o.words .. "param ", o.params or {}
  if #given > 0 then -- "name=value" texts
    local read, faults = params.read(given, word)
    for _, fault in ipairs(faults or {}) do problems[#problems + 1] = fault end
    given = read or {}
  end
  for _, name in ipairs(params.sorted_keys(given)) do
    if find(self.script, name) then self:take(name, word, o.words .. "param", problems) end
  end
  local values, faults = params.check(self.script.params, given, word, self.taken)
  for _, fault in ipairs(faults or {}) do problems[#problems + 1] = fault end
  self.fixed = values or {}
end

local function finish(self, o, problems)
  self.count, self.varied = 1, {}
  for _, block in ipairs(self.blocks) do
    self.count = self.count * block.count
    if self.count > M.most then
      problems[#problems + 1] = say("sweep_many", pagu.format(self.count), pagu.format(M.most))
      break
    end
    for _, name in ipairs(block.names) do
      self.varied[#self.varied + 1] = find(self.script, name)
      self.fixed[name] = nil
    end
  end
  if #self.blocks == 0 and #problems == 0 then
    problems[#problems + 1] = say("sweep_nothing", o.words, o.words, o.words)
  end
end

--- Read and check a design of a script: { params, grid, list, lhs = { n, ranges }, seed, words }.
-- Returns it, or nil and the list of all that is wrong. words: what options begin with ("--" on the
-- command line).
function M.new(script, o)
  local problems = {}
  local self = setmetatable({ script = script, blocks = {}, taken = {}, fixed = {}, seed = 1 }, Design)
  if o.seed ~= nil then
    local seed = math.type(o.seed) and math.tointeger(o.seed) or (type(o.seed) == "string" and math.tointeger(tonumber(o.seed)))
    if seed then self.seed = seed else problems[#problems + 1] = say "sweep_seed" end
  end
  o = setmetatable({ words = o.words or "" }, { __index = o })
  add_list(self, o, problems)
  add_lhs(self, o, problems)
  add_grids(self, o, problems)
  add_fixed(self, o, problems)
  finish(self, o, problems)
  if #problems > 0 then return nil, problems end
  return self
end

--- Parameters of member k, 1 … count: all of them, fixed ones too.
function Design:member(k)
  local out, rest = {}, k - 1
  for name, value in pairs(self.fixed) do out[name] = value end
  for b = #self.blocks, 1, -1 do
    local block = self.blocks[b]
    local row = rest % block.count + 1
    rest = rest // block.count
    for c, name in ipairs(block.names) do out[name] = block.columns[c][row] end
  end
  return out
end

return M
