--- pagu.rules_watch: verbs that return a table say in its notes what rules that only warn say after it;
-- saving says what it can't keep.

local _, pagu = ...
pagu = pagu or require "pagu"
local lang = pagu._require "pagu.lang"

local verbs = { "spread", "transfer", "take", "scale", "cut", "fit", "target", "project", "forward" }

local function noted(s, ...)
  local said, t = s:_warnings(), ...
  if said and type(t) == "userdata" then
    for _, message in ipairs(said) do
      t:note(message)
    end
  end
  return ...
end

lang.add_texts {
  functions_not_saved = {
    id = "aturan berupa fungsi tidak ikut disimpan: %s",
    en = "rules that are functions are not saved: %s",
  },
}

--- What a saved file leaves out, in words; nil if nothing.
local function left_out(s)
  local names = {}
  for row in s:constraints():each() do
    if row.kind == "check" then names[#names + 1] = row.name end
  end
  return #names > 0 and lang.say("functions_not_saved", table.concat(names, ", ")) or nil
end

return function(class)
  local save = class.save
  function class.save(s, ...)
    save(s, ...)
    return left_out(s)
  end
  for _, name in ipairs(verbs) do
    local verb = class[name]
    class[name] = function(s, ...) return noted(s, verb(s, ...)) end
  end
end
