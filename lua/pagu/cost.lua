--- pagu.cost: what a target costs, and what target an amount pays for. One model, both ways.
--
--   "keep"                                            the money stays as it is
--   "unit_cost"                                       budget / target, for every unit
--   250000                                            this amount for every unit more or less
--   { method = "step", every = 50, price = 4e8 }      price for every 50 units begun
--   { method = "step", steps = { [0] = a, [51] = b } } b in all from 51 units on
--   { method = "elasticity", e = 0.8 }                0.8 % more money for 1 % more target
--   function(node, old, new, budget)                  returns the new budget
--   { ["1.06.04"] = …, ["1.06.05"] = … }              one of these, the nearest above deciding
local _, pagu = ...
pagu = pagu or require "pagu"
local lang = pagu._require "pagu.lang"
local fail = lang.fail
local ipairs, math, next, pairs, pcall, table, tonumber, tostring, type = ipairs, math, next, pairs, pcall, table, tonumber, tostring, type

local M = {}

lang.add_texts {
  cost_models = {
    id = "\"keep\", \"unit_cost\", jumlah per satuan, { method = \"step\" }, { method = \"elasticity\" }, fungsi",
    en = "\"keep\", \"unit_cost\", an amount a unit, { method = \"step\" }, { method = \"elasticity\" }, a function",
  },
  cost_step = {
    id = "cost: \"step\" memerlukan every dan price di atas 0, atau steps = { [0] = harga, [51] = harga, … } yang menaik",
    en = "cost: \"step\" takes every and price above 0, or steps = { [0] = price, [51] = price, … } that rise",
  },
  cost_elasticity = { id = "cost: \"elasticity\" memerlukan e, angka 0 atau lebih", en = "cost: \"elasticity\" takes e, a number of 0 or more" },
  cost_keeps = { id = "biaya tidak mengikuti target", en = "its cost does not follow the target" },
  cost_no_inverse = {
    id = "tidak ada target yang menghabiskan pagu baru menurut fungsi biaya",
    en = "by the cost function no target comes down to the new budget",
  },
}

-- A product of floats as it would be written, so that exact arithmetic takes it for what was meant.
local function decimal(x)
  return math.type(x) == "integer" and x or tonumber(("%.14g"):format(x))
end

-- ---- steps ----

local function thresholds(steps)
  local list = {}
  for at, price in pairs(steps) do
    if not (math.type(at) and math.type(price)) then fail("argument", "cost_step") end
    list[#list + 1] = { at = at, price = lang.money("cost", "steps", price) }
  end
  table.sort(list, function(a, b) return a.at < b.at end)
  for i = 2, #list do
    if list[i].price < list[i - 1].price then fail("argument", "cost_step") end
  end
  return list
end

local function step(model)
  local every, price = model.every, model.price
  if type(model.steps) == "table" and next(model.steps) ~= nil and not every and not price then
    local list = thresholds(model.steps)
    local function cost_of(target)
      local cost = 0
      for _, s in ipairs(list) do
        if target >= s.at then cost = s.price end
      end
      return cost
    end
    -- The most that costs no more than this: just below the first step that does.
    local function target_of(cost, old)
      local below
      for _, s in ipairs(list) do
        if s.at <= old and s.price > cost then
          below = math.ceil(s.at) - 1
          break
        end
      end
      return below and math.max(below, 0) or old
    end
    return cost_of, target_of
  end
  if not (math.type(every) and every > 0 and math.type(price) and price > 0) then fail("argument", "cost_step") end
  price = lang.money("cost", "price", price)
  return function(target) return pagu.muldiv(price, math.ceil(decimal(target / every)), 1) end,
    function(cost, old) return math.min(old, math.max(cost, 0) // price * every) end
end

-- ---- the models: budget(node, old, new, budget) and, back, target(node, old, budget, new_budget) ----

local models = {}

models.keep = {
  budget = function(_, _, _, budget) return budget end,
  target = function() return nil, lang.say "cost_keeps" end,
}

models.unit_cost = {
  per_unit = true,
  budget = function(_, old, new, budget) return pagu.muldiv(budget, new, old) end,
  target = function(_, old, budget, new_budget) return old * 1.0 * new_budget / budget end,
}

local function by_amount(amount)
  return {
    budget = function(_, old, new, budget) return budget + pagu.muldiv(amount, new, 1) - pagu.muldiv(amount, old, 1) end,
    target = function(_, old, budget, new_budget) return old + (new_budget - budget) * 1.0 / amount end,
  }
end

local function by_step(model)
  local cost_of, target_of = step(model)
  return {
    budget = function(_, old, new, budget) return budget + cost_of(new) - cost_of(old) end,
    target = function(_, old, budget, new_budget) return target_of(cost_of(old) + new_budget - budget, old) end,
  }
end

local function by_elasticity(model)
  local e = model.e
  if not (math.type(e) and e >= 0) then fail("argument", "cost_elasticity") end
  return {
    per_unit = true,
    budget = function(_, old, new, budget) return budget + pagu.muldiv(budget, decimal(e * (new - old)), old) end,
    target = function(_, old, budget, new_budget)
      if e == 0 then return nil, lang.say "cost_keeps" end
      return math.max(old * (1 + (new_budget - budget) / (budget * e)), 0)
    end,
  }
end

-- The most whole units that cost no more, by halving: a function says nothing of its inverse.
local function by_function(f)
  local function cost_of(node, old, new, budget)
    local cost = f(node, old, new, budget)
    return cost and lang.money("target", "cost", cost) or budget
  end
  return {
    budget = cost_of,
    target = function(node, old, budget, new_budget)
      local low, high = 0, math.ceil(old)
      if cost_of(node, old, low, budget) > new_budget then return nil, lang.say "cost_no_inverse" end
      while high - low > 1 do
        local mid = (low + high) // 2
        if cost_of(node, old, mid, budget) > new_budget then high = mid else low = mid end
      end
      return low
    end,
  }
end

local function unknown(cost)
  fail("argument", "no_method", "target", tostring(cost), lang.say "cost_models")
end

--- The model that an option describes; errors tell of one that is none.
function M.model(cost)
  if type(cost) == "function" then return by_function(cost) end
  if math.type(cost) then return by_amount(cost) end
  if type(cost) == "table" and not pagu.type(cost) then
    if cost.method == "step" then return by_step(cost) end
    if cost.method == "elasticity" then return by_elasticity(cost) end
    unknown(cost.method)
  end
  return type(cost) == "string" and models[cost] or unknown(cost)
end

--- A function of a node that gives its model; a map by key is inherited from above.
function M.chooser(s, cost, default)
  if type(cost) ~= "table" or pagu.type(cost) or cost.method ~= nil then
    local model = M.model(cost == nil and default or cost)
    return function() return model end
  end
  local by_key, rest = {}, M.model(default)
  for key, one in pairs(cost) do
    by_key[s:node(key).key] = M.model(one)
  end
  return function(node)
    while node do
      if by_key[node.key] then return by_key[node.key] end
      node = node.parent
    end
    return rest
  end
end

return M
