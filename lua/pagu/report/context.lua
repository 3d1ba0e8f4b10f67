--- pagu.report.context: what the cells of one report share: its year, views, texts and units.
local _, pagu = ...
pagu = pagu or require "pagu"
local rows = pagu._require "pagu.report.rows"
local texts = pagu._require "pagu.report.texts"
local words = pagu._require "pagu.report.words"

local M = { helper = true } -- no report of its own

M.rounding = {
  id = "Angka dibulatkan satu per satu; jumlah yang tercetak dihitung dari rupiah penuh dan dapat berbeda dari "
    .. "penjumlahan baris-barisnya.",
  en = "Figures are rounded one by one; totals are computed from full amounts and may differ from the sum of "
    .. "the rounded rows.",
}

local function fail(code, text, ...)
  return pagu._raise(code, text[pagu.lang()]:format(...))
end

--- The view of the strategic stage (Renstra), or nil.
function M.strategic(view)
  for row in view:stages():each() do
    if row.role == "strategic" then return view:stage(row.stage) end
  end
end

--- Read a value; what lies outside the plan's years, or isn't in the view, is missing.
local function read(view, place, field, period)
  if period == nil then return nil end
  local ok, value, unit, text = pcall(view.get, view, place, field, period)
  if ok then return value, unit, text end
  if value.code ~= "out_of_frame" and value.code ~= "not_member" then error(value, 0) end
end

--- What titles call the place that is printed: the whole's name, or that of its office.
local function organisation(view, only)
  local whole = view.meta.organisation
  if not only or pagu.type(only) ~= "node" and type(only) ~= "string" then return whole end
  local office
  for tree in view:trees():each() do
    if tree.tree == "office" then office = view:node(only).tag.office end
  end
  for _, class in ipairs(office and view:classes "office" or {}) do
    if class.id == office then return class.name end
  end
  return whole
end

--- Years: the report's own must be in the frame, those it counts from there may not be.
local function set_years(ctx)
  local view = ctx.view
  ctx.year = ctx.opts.year or view.year + (ctx.layout.year or 0)
  if ctx.opts.year then view:get("/", nil, ctx.year) end
  ctx.start = math.tointeger(tonumber(ctx.meta["strategic.start"]))
  ctx.finish = math.tointeger(tonumber(ctx.meta["strategic.end"]))

  function ctx.in_frame(year)
    return math.type(year) ~= "integer" or year >= view.first_year and year <= view.last_year
  end

  --- The period of a column; nil if it lies outside the frame.
  function ctx.period(column)
    if column.period then return ctx.text(column.period) end
    local year = ctx.year + (column.year or 0)
    return ctx.in_frame(year) and year or nil
  end
end

local function set_text(ctx)
  local view = ctx.view
  local fixed = {
    n = ctx.year, view = view.name, organisation = organisation(view, ctx.opts.only), government = ctx.meta.government,
    start = ctx.start, ["end"] = ctx.finish, strategic = ctx.meta["strategic.name"],
  }
  local function levels()
    local from, to, list = rows.range(ctx)
    local names = {}
    for _, level in pairs(list) do
      if level.rank >= from and level.rank <= to then names[level.rank - from + 1] = words.level_name(level, ctx.lang) end
    end
    return table.concat(names, "/")
  end
  local known = setmetatable({}, { __index = function(_, word)
    local value = word == "levels" and levels() or fixed[word]
    return value and tostring(value) or nil
  end })
  rawset(known, "n", ctx.year)
  function ctx.text(text) return words.fill(words.pick(text, ctx.lang), known) end
end

--- Money in thousands: each cell is rounded by itself, half away from zero.
local function set_unit(ctx)
  local unit = math.tointeger(tonumber(ctx.opts.unit or 1))
  ctx.divisor = 1
  if unit ~= 1 then
    ctx.unit_text = unit and words.unit(unit, ctx.meta.currency, ctx.lang)
    if not ctx.unit_text then
      fail("argument", {
        id = "unit laporan adalah 1, 1000, 1000000, atau 1000000000, bukan %s",
        en = "the unit of a report is 1, 1000, 1000000 or 1000000000, not %s",
      }, tostring(ctx.opts.unit))
    end
    ctx.divisor = unit * math.tointeger(10 ^ ctx.view.decimals)
  end
  function ctx.scaled(amount)
    if ctx.divisor == 1 then return amount end
    ctx.rounded = ctx.rounded or amount % ctx.divisor ~= 0
    return pagu.muldiv(amount, 1, ctx.divisor)
  end
end

--- Cells that can't be numbers: the words in the cell, and a note that lists them below the table.
local function set_marks(ctx)
  local marked, order = {}, {}
  function ctx.mark(state, column, row)
    if not marked[state] then
      marked[state] = {}
      order[#order + 1] = state
    end
    local nodes = row.nodes[ctx.order[1]]
    local place = nodes and (nodes.code ~= "" and nodes.code or nodes.key) or row.key
    if not marked[state][place] then
      marked[state][place] = {}
      table.insert(marked[state], place)
    end
    marked[state][place] = column
    return ctx.text(words.states[state].cell)
  end
  function ctx.state_notes()
    local out = {}
    for _, state in ipairs(order) do
      local say = ctx.lang == "en" and "%s (rows %s)." or "%s (baris %s)."
      out[#out + 1] = say:format(ctx.text(words.states[state].note), table.concat(marked[state], ", "))
    end
    return out
  end
end

--- Which of its printed forms a table takes, where it has more than one.
local function check_form(opts)
  if opts.form == nil or opts.form == "renstra" or opts.form == "official" then return end
  fail("argument", {
    id = 'bentuk tabel (form) adalah "official" atau "renstra", bukan "%s"',
    en = 'the form of a table is "official" or "renstra", not "%s"',
  }, tostring(opts.form))
end

--- The context of a layout for a view.
function M.open(layout, view, opts)
  local ctx = { layout = layout, view = view, opts = opts, lang = opts.lang or pagu.lang(), meta = view.meta, cache = {} }
  if layout.views then
    ctx.views, ctx.order = layout.views(view, opts)
  else
    ctx.views, ctx.order = { main = view }, { "main" }
  end
  check_form(opts)
  if pagu.type(opts.only) == "node" then opts.only = opts.only.key end
  ctx.read = read
  set_years(ctx)
  set_text(ctx)
  set_unit(ctx)
  set_marks(ctx)
  ctx.texts = texts.open(view, ctx.lang, ctx.year)

  --- A copy of the options, for a report within this one.
  function ctx.options()
    local out = {}
    for k, v in pairs(opts) do out[k] = v end
    return out
  end

  --- A field of the whole that is printed: the plan, a place, or the sum of several; what is
  -- computed of a place is missing of several.
  function ctx.total(field, period, of)
    local from, only = of or view, opts.only or "/"
    if type(only) == "string" then return read(from, from:node(only), field, period) end
    if not ctx.in_frame(period) or field ~= "budget" and field ~= "spent" then return nil end
    return from:select(only)[field][period]:sum()
  end
  function ctx.kept(name, make)
    if ctx.cache[name] == nil then ctx.cache[name] = make() end
    return ctx.cache[name]
  end
  function ctx.classes(tree)
    return ctx.kept("classes " .. tree, function()
      local out = {}
      for _, class in ipairs(view:classes(tree)) do
        out[#out + 1], out[class.id] = class, class
      end
      return out
    end)
  end
  ctx.strategic = M.strategic(view)
  --- A value of the strategic stage, of the view's own if the plan has none; missing if a scenario
  -- added the place. place: a node's key, or an indicator.
  function ctx.strategic_value(place, field, period)
    local from = ctx.strategic or view
    local ok, value, unit, text = pcall(function()
      local there = type(place) == "string" and place or from:indicator(place.id)
      return read(from, there, field, period)
    end)
    if ok then return value, unit, text end
    if value.code ~= "unknown_key" then error(value, 0) end
  end
  return ctx
end

return M
