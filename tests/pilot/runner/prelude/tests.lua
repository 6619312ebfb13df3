-- Tests, and what stands around them.

function api.test(name, how, body)
    if body == nil then
        how, body = {}, how
    end
    if type(name) ~= "string" or type(body) ~= "function" then
        error("test(name, function) or test(name, options, function)", 2)
    elseif current then
        error("a test cannot be made within another: it would not be run", 2)
    end
    for _, other in ipairs(tests) do
        if other.name == name then
            error("there are two tests called " .. name, 2)
        end
    end
    table.insert(tests, { name = name, how = how, body = body })
end

-- test_each({ {…}, {…} }, "adds %s to %s", function(a, b) … end)
function api.test_each(cases, name, how, body)
    if body == nil then
        how, body = {}, how
    end
    for _, case in ipairs(cases) do
        local values = type(case) == "table" and case or { case }
        api.test(name:format(table.unpack(values)), how, function()
            body(table.unpack(values))
        end)
    end
end

function api.before(body)
    table.insert(befores, body)
end

function api.after(body)
    table.insert(afters, 1, body)
end

function api.skip(reason)
    error({ skip = reason or "" }, 0)
end

-- More arguments for the program, in all tests of the script
function api.arguments(...)
    state.arguments = { ... }
end

-- One start of the program for all tests of the script, instead of one for each
function api.shared()
    state.shared = true
end

function api.allow_warning(pattern)
    table.insert(current and current.allowed or fail("allow_warning() is for tests"), pattern)
end

-- A file in the test's own folder: its path
function api.file(name, content)
    local path = host.file(name)
    if content then
        host.write(path, content)
    end
    return path
end

api.read = host.read_own
api.typeof = type -- as type() types
api.now = host.now
api.platform = options.platform

-- The same words for what is inside of a window or widget; without a selector for that itself
function scope:inside(...)
    return select("#", ...) == 0 and self.selector or self.selector .. " " .. selector((...))
end

for _, name in ipairs({ "click", "double_click", "right_click", "middle_click", "hover", "drop", "scroll", "fill", "check", "uncheck", "choose", "close", "wait_for",
                        "signal", "text", "value", "property", "count", "tree", "unique", "set", "call", "within", "expect" }) do
    scope[name] = function(self, ...)
        return api[name](self:inside(...), select(2, ...))
    end
end

function scope:type(...)
    if select("#", ...) < 2 then
        fail("inside of a window or widget it is type(selector, text)")
    end
    api.type(self:inside(...), (select(2, ...)))
end

function scope:press(...)
    if select("#", ...) < 2 then
        return api.press(self.selector, (...))
    end
    api.press(self:inside(...), (select(2, ...)))
end

function scope:drag(from, to, dy)
    api.drag(self:inside(from), type(to) == "number" and to or self:inside(to), dy)
end

function scope:menu(path)
    api.menu(path, { bar = self:inside("QMenuBar") })
end

function scope:screenshot(name, ...)
    api.screenshot(name, self:inside(...))
end

function scope:compare(name, of, how)
    api.compare(name, of == nil and self.selector or self:inside(of), how)
end
