--- pagu.report: finds a layout, builds its document, renders it, writes it.
--
-- A layout is a module pagu.report.<kind>: a function, or { title =, build = function(view, opts)
-- return table, list of tables, or document end }; or one of the script's own, by its name with a
-- dot, or the table itself. A renderer is a module pagu.format.<name>: function(document, opts,
-- view) return bytes end.
local _, pagu = ...
pagu = pagu or require "pagu"
local lang = pagu._require "pagu.lang"
local fail = lang.fail

local M = { module = {} }

local formats = { "text", "markdown", "csv", "csv-excel-id", "json", "html", "xlsx" } -- of the engine's renderers
local aliases = { txt = "text", md = "markdown", htm = "html" }

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

local function known_formats()
  local out = { table.unpack(formats) }
  out[#out + 1] = "pdf"
  for _, name in ipairs(names_below "pagu.format.") do
    out[#out + 1] = name
  end
  return table.concat(out, ", ")
end

--- A document of what a layout returns: a table, a list of tables, or a document. A single table
-- without a name of its own is called as the report: so are its sheet and its file.
local function as_document(result, opts, kind)
  if pagu.type(result) == "document" then return result end
  local doc = pagu.document{ lang = opts.lang }
  if pagu.type(result) == "table" then
    local unnamed = (result.name or "") == "" and type(kind) == "string"
    return doc:add(result, unnamed and { name = kind:match "[^.]+$" } or nil)
  end
  for _, t in ipairs(result) do
    doc:add(t)
  end
  return doc
end

local function render(doc, format, opts, view)
  format = aliases[format] or format
  if format == "pdf" then fail("argument", "pdf_by_command") end -- scripts start no programs
  for _, name in ipairs(formats) do
    if name == format then
      return doc:render(format, {
        locale = opts.locale or opts.lang, width = opts.width, ascii = opts.ascii, stamp = opts.stamp,
        interactive = opts.interactive, paper = opts.paper,
      })
    end
  end
  local renderer = pagu._require("pagu.format." .. tostring(format))
  if not renderer then fail("argument", "unknown_format", tostring(format), known_formats()) end
  return renderer(doc, opts, view)
end

local function add_stamp(to, view)
  for _, pair in ipairs(pagu._stamps(view)) do to:stamp(pair[1], pair[2]) end
end

--- What pagu.report gives without a format: the layout's result, each table stamped.
local function stamped(result, view, opts)
  if opts.stamp == false then return result end
  if pagu.type(result) then
    add_stamp(result, view)
  else
    for _, t in ipairs(result) do add_stamp(t, view) end
  end
  return result
end

local endings = { markdown = "md", text = "txt", ["csv-excel-id"] = "csv" }

--- A name for a file: nothing in it leads out of the folder or needs quoting, and none is there twice.
local function file_name(name, ending, taken)
  local safe = name:gsub("[^%w._-]", "_"):gsub("^[.-]+", "_")
  local free, n = safe, 1
  while taken[free:lower()] do
    n = n + 1
    free = safe .. "-" .. n
  end
  taken[free:lower()] = true
  return free .. "." .. ending
end

--- A file for each table of a document, and for each chart that none of its tables shows.
local function files_of(doc, format, opts, view)
  format = aliases[format] or format
  local out, taken, blocks, shown = {}, {}, doc:blocks(), {}
  for _, block in ipairs(blocks) do
    if block.table then shown[block.table] = true end
  end
  for i, block in ipairs(blocks) do
    local what = block.table or (block.chart and not shown[block.chart.table] and block.chart)
    if what then
      local name = block.name or (block.type .. i)
      local one = pagu.document{ lang = opts.lang }:add(what, { name = name })
      if opts.stamp ~= false then add_stamp(one, view) end
      out[#out + 1] = {
        name = file_name(name, endings[format] or format, taken), bytes = render(one, format, opts, view),
      }
    end
  end
  return out
end

local function build_document(kind, view, opts)
  local result = find_layout(kind)(view, opts)
  return as_document(result, opts, kind), result
end

--- The files of a report for a folder: list of { name =, bytes = }; csv unless opts.format.
function M.module._report_files(kind, view, opts)
  return files_of(build_document(kind, view, opts), opts.format or "csv", opts, view)
end

local function write_files(folder, files)
  pagu._make_folder(folder)
  for _, file in ipairs(files) do pagu._write_atomic(folder .. file.name, file.bytes) end
end

--- pagu.report(kind, view, { format =, out =, lang =, … }): the table or document; with format and
-- no out, its rendering; with out, the file is written (format by its ending) and the table returned; an out
-- that ends in "/" is a folder, with a file a table.
function M.module.report(kind, view, opts)
  opts = opts or {}
  local doc, result = build_document(kind, view, opts)
  if opts.out and opts.out:sub(-1) == "/" then
    write_files(opts.out, files_of(doc, opts.format or "csv", opts, view))
    return stamped(result, view, opts)
  end
  local format = opts.format or (opts.out and (opts.out:match "%.(%w+)$" or "text"))
  if not format then return stamped(result, view, opts) end
  if opts.stamp ~= false then add_stamp(doc, view) end
  local bytes = render(doc, format, opts, view)
  if not opts.out then return bytes end
  pagu._write_atomic(opts.out, bytes)
  return doc == result and result or stamped(result, view, opts)
end

--- pagu.render(table or document, format, opts) -> bytes, in any format that pagu.report knows.
function M.module.render(t, format, opts)
  opts = opts or {}
  return render(as_document(t, opts), format, opts)
end

--- pagu.reports() -> the kinds there are.
function M.module.reports()
  return kinds()
end

return M
