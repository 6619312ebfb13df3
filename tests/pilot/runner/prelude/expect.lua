-- What a script expects, snapshots and pictures included.

local matchers = {
    to_be_visible = "visible", to_be_hidden = "hidden", to_be_enabled = "enabled", to_be_disabled = "disabled",
    to_be_checked = "checked", to_be_focused = "focused", to_be_editable = "editable", to_be_selected = "selected",
    to_have_text = "text", to_contain_text = "contained", to_have_value = "value", to_have_count = "count", to_have_rows = "rows",
}
local with_value = { text = true, contained = true, value = true, count = true, rows = true }
local expectation = {}
expectation.__index = expectation

local function expected(self, matcher, no, value, more)
    current.unsaid[self] = nil
    local function try()
        step("expect", self.limit, self.of, matcher, no and "1" or "", value, more or "")
    end
    if not self.soft then
        return try()
    end
    local fine, why = pcall(try)
    if not fine then
        table.insert(current.soft, why)
    end
end

-- "to_be_checked(false)" would be its opposite, and to_have_text() of a name that is misspelt an expectation of nothing
local function value_for(name, matcher, value)
    if with_value[matcher] then
        return written(name, value)
    elseif value ~= nil then
        fail(name .. "() takes no value, and this is " .. tostring(value))
    end
    return ""
end

for name, matcher in pairs(matchers) do
    for begin, no in pairs({ [""] = false, not_ = true }) do
        expectation[begin .. name] = function(self, value)
            expected(self, matcher, no, value_for(begin .. name, matcher, value))
        end
    end
end

function expectation:to_have_property(name, value)
    expected(self, "property", false, written("to_have_property", value), name)
end

function expectation:not_to_have_property(name, value)
    expected(self, "property", true, written("not_to_have_property", value), name)
end

-- What to compare with, beside the script in snapshots/. With --update it is written; if it is not there that is done, too, but fails:
-- nobody has looked at it yet.
local function snapshot(name, make)
    local path = host.snapshot(plain(name))
    local was = host.read(path)
    if was and not options.update then
        return was
    end
    host.write(path, make())
    if not options.update then
        fail("there was nothing to compare with: it is written now, to " .. path)
    end
end

-- The tree of widgets as text
function expectation:to_match_snapshot(name)
    local was = snapshot(name .. ".txt", function()
        return (step("get", self.limit, self.of, "tree"))
    end)
    if not was then
        return
    end
    expected(self, "tree", false, was)
end

function expectation:not_to_match_snapshot(name)
    local was = host.read(host.snapshot(plain(name) .. ".txt"))
    expected(self, "tree", true, was or fail("there is no snapshot " .. name .. " to compare with"))
end

local function expect(of, how)
    how = how or {}
    local made = setmetatable({ of = selector(of), limit = how.limit, soft = how.soft }, expectation)
    if not current then
        fail("expect() is for tests")
    end
    current.unsaid[made] = line_at_work()
    return made
end

api.expect = setmetatable({
    soft = function(of, how)
        how = how or {}
        return expect(of, { limit = how.limit, soft = true })
    end,
}, { __call = function(_, of, how)
    return expect(of, how)
end })

function api.same(...)
    local is, wanted = ...
    if select("#", ...) ~= 2 then
        fail("same() needs two values: what is, and what is wanted")
    elseif is ~= wanted then
        fail(("expected %s, and is %s"):format(tostring(wanted), tostring(is)))
    end
end

function api.screenshot(name, of)
    local _, picture = step("shot", nil, of and selector(of) or "")
    host.write(host.output(plain(name) .. ".png"), picture)
end

-- compare("name", selector, { masks = {…}, tolerance = 8, pixels = 0 })
function api.compare(name, of, how)
    how = how or {}
    local masks = {}
    for i, mask in ipairs(how.masks or {}) do
        masks[i] = selector(mask)
    end
    local was = snapshot(name .. ".png", function()
        return (select(2, step("shot", nil, selector(of))))
    end)
    if not was then
        return
    end
    step("compare", how.limit, selector(of), was, how.tolerance or 0, how.pixels or 0, table.unpack(masks))
end
