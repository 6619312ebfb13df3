-- How a test is run, and what is looked at when it is over.

local function start(keep)
    if state.running then
        return
    end
    local fine, why = host.start(keep or false, table.unpack(state.arguments))
    if not fine then
        fail(why, { crash = true })
    end
    state.running, state.ended = true, nil
end

-- Ends the program as its last window would, and looks at how it went
local function finish()
    if not state.running then
        return
    end
    host.request("quit", 0, 0)
    state.running = false
    local how, number, name = host.stop(options.exit_limit)
    if how == "runs" then
        fail("the program did not end within " .. options.exit_limit .. " ms after it was asked to")
    elseif how == "signal" then
        fail_crashed("at its end " .. text_of_end(how, number, name))
    elseif number ~= 0 then
        fail("at its end " .. text_of_end(how, number, name) .. last_output())
    end
end

-- Ends the program, and starts it again with what it has left in its folders
function api.restart()
    finish()
    start(true)
end

local function look_back()
    if state.ended then
        unasked_end()
    end
    if state.running then
        local _, open = ask("left", 0)
        if open ~= "" then
            fail("a modal window or popup was left open: " .. open)
        end
    end
    if #current.warnings > 0 then
        fail("unexpected warnings of Qt:\n" .. table.concat(current.warnings, "\n"))
    end
    if #current.soft > 0 then
        local all = {}
        for _, why in ipairs(current.soft) do
            table.insert(all, (why.line or "") .. ": " .. (why.text or tostring(why)))
        end
        fail(table.concat(all, "\n"), current.soft[1])
    end
end

-- What a person needs to see why, if the failed step did not bring it
local function as_failure(why)
    if type(why) ~= "table" then
        why = { text = tostring(why), line = line() }
    end
    if not why.skip and not why.tree and state.running then
        local _, tree = host.request("tree", 0)
        local _, _, _, picture = host.request("shot", 0, "")
        why.tree, why.picture = tree or "", picture
    end
    return why
end

local function run_parts(test)
    start()
    for _, body in ipairs(befores) do
        body()
    end
    test.body()
end

local function run_once(test)
    current = { warnings = {}, soft = {}, allowed = {}, limit = test.how.limit }
    for _, pattern in ipairs(test.how.warnings or {}) do
        table.insert(current.allowed, pattern)
    end
    local fine, why = xpcall(run_parts, as_failure, test)
    for _, body in ipairs(afters) do
        local well, reason = xpcall(body, as_failure)
        if fine and not well then
            fine, why = false, reason
        end
    end
    if fine then
        fine, why = xpcall(look_back, as_failure)
    end
    local keep = state.shared and fine
    if not keep then
        local well, reason = xpcall(finish, as_failure)
        if fine and not well then
            fine, why = false, reason
        end
    end
    return fine, why
end

local function save(test, kind, bytes)
    local path = host.output(host.stem .. "-" .. test.name:gsub("[^%w]+", "-") .. "-" .. kind)
    host.write(path, bytes)
    return path
end

local function save_pictures(test, why, lines)
    for kind, picture in pairs({ picture = why.picture or "", difference = why.difference or "" }) do
        if #picture > 0 then
            table.insert(lines, kind .. ": " .. save(test, kind .. ".png", picture))
        end
    end
end

-- The begin of it tells most people enough
local function save_record(test, why, lines)
    if not why.record or why.record == "" then
        return
    end
    local begin, count = {}, 0
    for text in why.record:gmatch("[^\n]*") do
        count = count + 1
        if count <= 30 then
            table.insert(begin, text)
        end
    end
    table.insert(lines, "its own record of the crash: " .. save(test, "crash.txt", why.record) .. "\n" .. table.concat(begin, "\n"))
end

local function outcome_of(test, fine, why)
    if fine then
        return "pass", ""
    elseif why.skip then
        return "skip", why.skip
    end
    local lines = { (why.line and why.line .. ": " or "") .. why.text }
    if why.tree and why.tree ~= "" then
        table.insert(lines, "what showed:\n" .. why.tree)
    end
    save_pictures(test, why, lines)
    save_record(test, why, lines)
    return why.crash and "crash" or "fail", table.concat(lines, "\n")
end

-- A test that fails is run again as often as --retries says. If it passes then, it is flaky, and has not passed.
local function run(test)
    local first
    for try = 1, 1 + (test.how.retries or options.retries) do
        host.event("start", test.name, try)
        trace.steps = {}
        local began = host.now()
        local fine, why = run_once(test)
        local ms = host.now() - began
        local outcome, message = outcome_of(test, fine, why)
        if options.trace then
            host.trace(test.name, trace.steps, outcome, message, host.stderr())
        end
        first = first or message
        if outcome == "pass" and try > 1 then
            outcome = "flaky"
        end
        if outcome ~= "fail" and outcome ~= "crash" or try > (test.how.retries or options.retries) then
            host.event("end", test.name, outcome, first, ms)
            return
        end
    end
end

local function run_all()
    local wanted = {}
    for _, test in ipairs(tests) do
        if host.wanted(test.name) then
            table.insert(wanted, test)
        end
    end
    host.event("plan", #wanted * options.repeats)
    for _ = 1, options.repeats do
        for _, test in ipairs(wanted) do
            run(test)
        end
    end
    if state.running then
        current = current or { warnings = {}, soft = {}, allowed = {} }
        pcall(finish)
    end
end

return api, run_all
