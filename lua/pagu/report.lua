--- pagu.report: finds a layout, builds its table, renders it, writes it.
--
-- A layout is a module pagu.report.<kind>: a function, or { title =, build = function(view, opts)
-- return table end }; or one of the script's own, by its name with a dot, or the table itself.
-- A renderer is a module pagu.format.<name>: function(table, opts, view) return bytes end.
local _, pagu = ...
pagu = pagu or require "pagu"
local lang = pagu._require "pagu.lang"
local fail = lang.fail

local M = { module = {} }

local text_formats = {
  text = "text", txt = "text", markdown = "markdown", md = "markdown", csv = "csv", json = "json",
}

local function names_below(prefix)
  local out = {}
  for _, name in ipairs(pagu._modules(prefix)) do
    out[#out + 1] = name:sub(#prefix + 1)
  end
  return out
end

local function build_of(layout)
  if type(layout) == "function" then return layout end
  if type(layout) == "table" and type(layout.build) == "function" then return layout.build end
  return nil
end

--- An embedded layout; modules without a title are what layouts are made with.
local function embedded(kind)
  local layout = pagu._require("pagu.report." .. kind)
  local is_layout = type(layout) == "function" or (type(layout) == "table" and layout.title)
  return is_layout and build_of(layout) or nil
end

local function kinds()
  local out = {}
  for _, name in ipairs(names_below "pagu.report.") do
    if embedded(name) then out[#out + 1] = name end
  end
  return out
end

local function find_layout(kind)
  if type(kind) ~= "string" then return build_of(kind) or fail("argument", "bad_layout") end
  local build = embedded(kind)
  if not build and kind:find("%.") and require then build = build_of(require(kind)) end
  if not build then fail("argument", "unknown_report", kind, table.concat(kinds(), ", ")) end
  return build
end

local function formats()
  local out = { "text", "markdown", "csv", "json" }
  for _, name in ipairs(names_below "pagu.format.") do
    out[#out + 1] = name
  end
  return table.concat(out, ", ")
end

-- A layout may return several tables, printed one after the other.
local function each_table(t)
  return pagu.type(t) == "table" and { t } or t
end

local function render(t, format, opts, view)
  local method = text_formats[format]
  if method then
    local parts = {}
    local how = { locale = opts.locale or opts.lang, width = opts.width, ascii = opts.ascii, stamp = opts.stamp }
    for i, one in ipairs(each_table(t)) do
      parts[i] = one[method](one, how)
    end
    return table.concat(parts, "\n")
  end
  local renderer = pagu._require("pagu.format." .. tostring(format))
  if not renderer then fail("argument", "unknown_format", tostring(format), formats()) end
  return renderer(t, opts, view)
end

local function add_stamp(t, view)
  for _, one in ipairs(each_table(t)) do
    for _, pair in ipairs(pagu._stamps(view)) do one:stamp(pair[1], pair[2]) end
  end
end

--- pagu.report(kind, view, { format =, out =, lang =, … }): the table; with format and no out,
-- its rendering; with out, the file is written (format by its ending) and the table returned.
function M.module.report(kind, view, opts)
  opts = opts or {}
  local build = find_layout(kind)
  local t = build(view, opts)
  if opts.stamp ~= false then add_stamp(t, view) end
  local format = opts.format or (opts.out and (opts.out:match "%.(%w+)$" or "text"))
  if not format then return t end
  local bytes = render(t, format, opts, view)
  if not opts.out then return bytes end
  pagu._write_atomic(opts.out, bytes)
  return t
end

--- pagu.render(table, format, opts) -> bytes, in any format that pagu.report knows.
function M.module.render(t, format, opts)
  return render(t, format, opts or {})
end

--- pagu.reports() -> the kinds there are.
function M.module.reports()
  return kinds()
end

return M
