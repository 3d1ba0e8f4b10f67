--- pagu.sweep.picture: two-way tables and charts of a sweep's metrics.
local _, pagu = ...
pagu = pagu or require "pagu"
local lang = pagu._require "pagu.lang"
local params = pagu._require "pagu.params"
local say = lang.say

local M = {}
local exact = 9007199254740991 -- 2^53 - 1

lang.add_texts {
  sweep_way = { id = "%s menurut %s", en = "%s by %s" },
  sweep_and = { id = "%s dan %s", en = "%s and %s" },
}

--- Title of a parameter or metric with its unit.
function M.titled(d)
  local title = d.title or d.name
  return d.unit and d.unit ~= "" and ("%s (%s)"):format(title, d.unit) or title
end

--- "Inflation 3 %": a parameter and its value, as a heading.
local function valued(d, value)
  local unit = d.unit and d.unit ~= "" and " " .. d.unit or ""
  return ("%s %s%s"):format(d.title or d.name, params.show(value), unit)
end

--- A value as a cell: whole numbers beyond 2^53 stand as text where others of the column are fractions.
function M.cell(value, fractions)
  if type(value) == "boolean" then return tostring(value) end
  if fractions and math.type(value) == "integer" and (value > exact or value < -exact) then
    return { text = pagu.format(value) }
  end
  return value
end

local most_columns, most_lines, most_bars = 20, 12, 40

--- How many grids a sweep is made of; nil if there is anything else in it.
function M.grids(header)
  for _, block in ipairs(header.design) do
    if block.kind ~= "grid" then return nil end
  end
  return #header.design
end

-- A metric over two grids: rows are the values of the first, columns those of the second.
local function pivot(self, c)
  local first, second = self.header.params[1], self.header.params[2]
  local columns, rows = self.header.design[2].values, self.header.design[1].values
  local title = say("sweep_way", c.title, say("sweep_and", M.titled(first), M.titled(second)))
  local spec = { name = "sweep_" .. c.name, title = title, decimals = self.header.decimals,
    { "row", M.titled(first), "text" } }
  for i, value in ipairs(columns) do spec[i + 1] = { "c" .. i, valued(second, value), c.type } end
  local t, at = pagu.table(spec), 0
  local by_member = {}
  for _, r in ipairs(self.records) do by_member[r.member] = r end
  for _, value in ipairs(rows) do
    local row = { params.show(value) }
    for i = 1, #columns do
      at = at + 1
      local r = by_member[at]
      row[i + 1] = r and r.metrics and M.cell(r.metrics[c.key], c.fractions)
    end
    t:add(row)
  end
  return t
end

local function has_numbers(self, c)
  for _, r in ipairs(self.records) do
    if r.metrics and math.type(r.metrics[c.key]) then return true end
  end
  return false
end

local function has_text(self, c)
  for _, r in ipairs(self.records) do
    local value = r.metrics and r.metrics[c.key]
    if value ~= nil and not math.type(value) then return true end
  end
  return false
end

-- A metric over one grid, or over the rows of a list.
local function series(self, c)
  local title = say("sweep_way", c.title, M.titled(self.header.params[1] or { name = say "sweep_member" }))
  local t = pagu.table { name = "sweep_" .. c.name, title = title, decimals = self.header.decimals,
    { "at", M.titled(self.header.params[1] or { name = "" }), "text" }, { "value", c.title, c.type } }
  for _, r in ipairs(self.records) do
    local values = {}
    for i, d in ipairs(self.header.params) do values[i] = params.show(r.params[d.name]) end
    t:add { table.concat(values, "; "), r.metrics and M.cell(r.metrics[c.key], c.fractions) }
  end
  return t
end

local function is_numeric(self, name)
  for _, r in ipairs(self.records) do
    if not math.type(r.params[name]) then return false end
  end
  return true
end

--- A table and a chart of a metric: nil, nil where the design has no picture.
function M.of(self, c)
  if not has_numbers(self, c) or has_text(self, c) then return nil end
  local grids, first = M.grids(self.header), self.header.params[1]
  local kind = first and is_numeric(self, first.name) and "line" or "bar"
  if grids == 2 then
    local n, rows = #self.header.design[2].values, #self.header.design[1].values
    if n > most_columns then return nil end
    local t, names = pivot(self, c), {}
    for i = 1, n do names[i] = "c" .. i end
    local drawable = n <= most_lines and (kind == "line" or rows <= most_bars) and self.count - self.failed > 0
    for i = 1, n do drawable = drawable and t:columns()[i + 1].type ~= "text" end
    return t, drawable and pagu.chart { kind = kind, table = t, label = "row", values = names, unit = c.def.unit, title = t.title } or nil
  elseif grids == 1 or (#self.header.design == 1 and self.header.design[1].kind == "list") then
    if grids ~= 1 then kind = "bar" end
    if kind == "bar" and self.count > most_bars then return nil end
    local t = series(self, c)
    return t, pagu.chart { kind = kind, table = t, label = "at", value = "value", unit = c.def.unit, title = t.title }
  end
end

return M
