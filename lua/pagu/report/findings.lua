--- pagu.report.findings: what check found, rule by rule, for the bundle.
local _, pagu = ...
pagu = pagu or require "pagu"

local M = { helper = true } -- no report of its own

local severities = {
  error = { id = "galat", en = "error" }, warning = { id = "peringatan", en = "warning" }, note = { id = "catatan", en = "note" },
}

--- Findings counted by rule and severity, in the order in which they were found; what the package
-- suppresses with a reason is not among them.
local function by_rule(view)
  local out = {}
  for finding in view:check():each() do
    local key = finding.rule .. "\0" .. finding.severity
    if not finding.suppressed and not out[key] then
      out[key] = { rule = finding.rule, severity = finding.severity, n = 0, first = finding.message }
      out[#out + 1] = out[key]
    end
    if not finding.suppressed then out[key].n = out[key].n + 1 end
  end
  return out
end

--- The summary as a table, and how many findings there are.
function M.summary(ctx)
  local t = pagu.table{
    name = "temuan",
    { "rule", ctx.text{ id = "Aturan", en = "Rule" }, "text" },
    { "severity", ctx.text{ id = "Tingkat", en = "Severity" }, "text" },
    { "count", ctx.text{ id = "Banyaknya", en = "Count" }, "integer" },
    { "example", ctx.text{ id = "Contoh", en = "Example" }, "text" },
  }
  local total = 0
  for _, entry in ipairs(by_rule(ctx.view)) do
    total = total + entry.n
    t:add{ entry.rule, ctx.text(severities[entry.severity]), entry.n, entry.first }
  end
  if total > 0 then t:add({ [1] = ctx.text{ id = "JUMLAH", en = "TOTAL" }, [3] = total }, { style = "total" }) end
  return t, total
end

return M
