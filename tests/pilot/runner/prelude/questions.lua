-- What a script may ask, the back doors (no user does that), and what it can wait for.

function api.text(of)
    return (step("get", nil, selector(of), "text"))
end

function api.value(of)
    return (step("get", nil, selector(of), "value"))
end

function api.property(of, name)
    return (step("get", nil, selector(of), "property", name))
end

function api.count(of)
    return math.tointeger(tonumber((step("count", nil, selector(of)))))
end

function api.tree(of)
    if of then
        return (step("get", nil, selector(of), "tree"))
    end
    return (step("tree"))
end

function api.unique(of)
    return (step("get", nil, selector(of), "selector"))
end

function api.lint()
    return (step("lint"))
end

function api.set(of, name, value)
    step("set", nil, selector(of), name, written("set", value))
end

function api.call(of, slot, ...)
    local values = {}
    for i = 1, select("#", ...) do
        values[i] = written("call", (select(i, ...)))
    end
    return (step("call", nil, selector(of), slot, table.unpack(values)))
end

-- What the recorder writes while a function uses the program: it sees no difference to a person
function api.recorded(act)
    step("record", nil, "keep")
    act()
    return (step("recorded"))
end

local waiting = {}
waiting.__index = waiting

function waiting:wait(limit)
    return math.tointeger(tonumber((step("heard", limit, self.of, self.name, self.number))))
end

function api.signal(of, name, act)
    local number = step("watch", nil, selector(of), name)
    local heard = setmetatable({ of = selector(of), name = name, number = number }, waiting)
    if act then
        act()
        heard:wait()
    end
    return heard
end

function api.wait_for(what, limit)
    if type(what) ~= "function" then
        step("expect", limit, selector(what), "visible", "")
        return
    end
    local until_then = host.now() + limit_of(limit)
    while true do
        local result = what()
        if result then
            return result
        end
        if host.now() > until_then then
            fail("what is waited for did not come about within " .. limit_of(limit) .. " ms")
        end
        host.sleep(5)
    end
end

-- The program's end: its exit code
function api.wait_for_exit(limit)
    if state.ended then
        local code = state.ended
        state.ended = nil
        return code
    end
    trace_begin("wait_for_exit()")
    local how, number, name = host.stop(limit_of(limit), true)
    if how == "runs" then
        fail("the program still runs after " .. limit_of(limit) .. " ms")
    end
    state.running = false
    if how == "signal" then
        fail_crashed(text_of_end(how, number, name), true)
    end
    trace_end()
    return number
end
