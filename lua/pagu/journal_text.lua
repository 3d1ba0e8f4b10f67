--- pagu.journal_text: the JSON of the journal's arguments as Lua values. Integers stay exact; null is nil.
-- The text may come from a file: what is malformed is an error, never a guess.
local M = {}

local escapes = { n = "\n", t = "\t", r = "\r", b = "\b", f = "\f", ['"'] = '"', ["\\"] = "\\", ["/"] = "/" }

local function bad(at)
  error({ malformed = at }, 0)
end

local function read_string(text, at)
  local out = {}
  while true do
    local plain, stop, c = text:match('^([^"\\]*)()(["\\])', at)
    if not c then bad(at) end
    out[#out + 1] = plain
    if c == '"' then return table.concat(out), stop + 1 end
    local code = text:match("^u(%x%x%x%x)", stop + 1)
    local letter = escapes[text:sub(stop + 1, stop + 1)]
    if not (code or letter) then bad(stop) end
    out[#out + 1] = code and utf8.char(tonumber(code, 16)) or letter
    at = stop + (code and 6 or 2)
  end
end

local read_value

local function read_members(text, at, close, named, depth)
  local out, n = {}, 0
  at = text:match("^%s*()", at)
  if text:sub(at, at) == close then return out, at + 1 end
  while true do
    local key
    if named then
      at = text:match('^%s*"()', at) or bad(at)
      key, at = read_string(text, at)
      at = text:match("^%s*:()", at) or bad(at)
    else
      n = n + 1
      key = n
    end
    out[key], at = read_value(text, at, depth + 1)
    local mark, next = text:match("^%s*([,%]}])()", at)
    if mark == close then return out, next end
    if mark ~= "," then bad(at) end
    at = next
  end
end

local words = { ["true"] = true, ["false"] = false }

function read_value(text, at, depth)
  if depth > 64 then bad(at) end
  at = text:match("^%s*()", at)
  local c = text:sub(at, at)
  if c == '"' then return read_string(text, at + 1) end
  if c == "{" then return read_members(text, at + 1, "}", true, depth) end
  if c == "[" then return read_members(text, at + 1, "]", false, depth) end
  local word, stop = text:match("^([%w%.+-]+)()", at)
  if word == "null" then return nil, stop end
  if words[word] ~= nil then return words[word], stop end
  local number = word and word:match "^%-?%d" and tonumber(word)
  if not number or number - number ~= 0 then bad(at) end
  return number, stop
end

--- The value, or nil and the byte where the text is malformed.
function M.decode(text)
  local ok, value, stop = pcall(read_value, text, 1, 1)
  if not ok then
    if type(value) == "table" and value.malformed then return nil, value.malformed end
    error(value, 0)
  end
  if text:find("%S", stop) then return nil, stop end
  return value
end

return M
