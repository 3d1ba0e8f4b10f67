--- pagu.rules_watch: verbs that return a table say in its notes what rules that only warn say after it.

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

return function(class)
  for _, name in ipairs(verbs) do
    local verb = class[name]
    class[name] = function(s, ...) return noted(s, verb(s, ...)) end
  end
end
