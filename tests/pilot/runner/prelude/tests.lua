-- Tests, and what stands around them.

function api.test(name, how, body)
    if body == nil then
        how, body = {}, how
    end
    if type(name) ~= "string" or type(body) ~= "function" then
        error("test(name, function) or test(name, options, function)", 2)
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
    table.insert(current.allowed, pattern)
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

for name, act in pairs(api) do
    if type(act) == "function" and (name:find("click") or ("hover scroll fill type press choose check uncheck text value property count"):find(name, 1, true)) then
        scope[name] = function(self, of, ...)
            if of == nil then
                return act(self.selector)
            end
            return act(self.selector .. " " .. selector(of), ...)
        end
    end
end

function scope:expect(of, how)
    return expect(of and self.selector .. " " .. selector(of) or self.selector, how)
end
