-- How a test is run, and what is looked at when it is over.

local function start(keep)
    if state.running then
        return
    end
    trace_begin("the program starts")
    local fine, why = host.start(keep or false, table.unpack(state.arguments))
    if not fine then
        fail(why, { crash = true })
    end
    trace_end()
    state.running, state.ended = true, nil
    current.final = nil -- whoever starts it again knows of its end
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

-- A failure's sentence, with its place and the line of the script that stands there
local function said(why)
    if not why.file then
        return why.text
    end
    local lines = { why.line .. ": " .. why.text }
    local code = line_of(why.file, why.number)
    if code ~= "" then
        table.insert(lines, "line: " .. code)
    end
    if why.what and not code:find(why.what, 1, true) then
        table.insert(lines, "step: " .. why.what)
    end
    if why.matched then
        table.insert(lines, "matched: " .. why.matched)
    end
    if why.waited then
        table.insert(lines, ("given up after %.1f s"):format(why.waited / 1000))
    end
    for _, caller in ipairs(why.callers or {}) do
        table.insert(lines, "called from " .. caller)
    end
    return table.concat(lines, "\n")
end

failure.__tostring = said

local function fail_warned()
    if #current.warnings > 0 then
        fail("unexpected warnings of Qt:\n" .. table.concat(current.warnings, "\n"))
    end
end

local function look_back()
    if current.final then
        error(current.final, 0)
    elseif state.ended then
        unasked_end()
    end
    if state.running then
        local _, open = ask("left", 0)
        if open ~= "" then
            fail("a modal window or popup was left open: " .. open)
        end
    end
    fail_warned()
    for made, line in pairs(current.unsaid) do
        fail(("%s: expect(%s) does not say what is expected"):format(line, spoken(made.of)))
    end
    if #current.soft > 0 then
        local all = {}
        for _, why in ipairs(current.soft) do
            table.insert(all, type(why) == "table" and said(why) or tostring(why))
        end
        fail(table.concat(all, "\n"), current.soft[1])
    end
end

-- What a person needs to see why, if the failed step did not bring it
local function as_failure(why)
    if type(why) ~= "table" then
        local file, number, callers = place()
        local text = tostring(why)
        local _, after = text:find("^[^\n]-:%d+: ") -- Lua's own place of it
        why = { text = file and after and text:sub(after + 1) or text, file = file, number = number, callers = callers,
                line = file and ("%s:%d"):format(file, number) }
    end
    if not why.skip and not why.tree and state.running then
        local _, tree = host.request("tree", 0)
        local _, _, _, picture = host.request("shot", 0, "")
        why.tree, why.picture = tree or "", picture
    end
    trace_failure(why)
    return why
end

local function run_parts(test)
    start()
    for _, body in ipairs(befores) do
        body()
    end
    test.body()
end

local function begin(test)
    current = { warnings = {}, soft = {}, allowed = {}, unsaid = {}, limit = test.how.limit }
end

local function run_once(test)
    begin(test)
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
    local lines = { said(why) }
    local waited = {}
    for note in (why.notes or ""):gmatch("[^\n]+") do
        table.insert(waited, "  " .. note)
    end
    if #waited > 2 then -- else the sentence says it
        table.insert(lines, "what it waited for:\n" .. table.concat(waited, "\n"))
    end
    if why.tree and why.tree ~= "" then
        table.insert(lines, "what showed:\n" .. why.tree)
    end
    save_pictures(test, why, lines)
    save_record(test, why, lines)
    if trace.path then
        table.insert(lines, "trace: " .. trace.path)
    end
    return why.crash and "crash" or "fail", table.concat(lines, "\n")
end

-- A test that fails is run again as often as --retries says. If it passes then, it is flaky, and has not passed.
local function run(test)
    local first
    for try = 1, 1 + (test.how.retries or options.retries) do
        host.event("start", test.name, try)
        trace_test(test.name, try)
        local began = host.now()
        local fine, why = run_once(test)
        local ms = host.now() - began
        local outcome, message = outcome_of(test, fine, why)
        trace_outcome(outcome, message, ms)
        first = first or message
        if (outcome == "pass" or outcome == "skip") and try > 1 then
            outcome = "flaky"
        end
        if outcome ~= "fail" and outcome ~= "crash" or try > (test.how.retries or options.retries) then
            host.event("end", test.name, outcome, first, ms)
            return
        end
    end
end

-- The end of a program that several tests have shared: how it goes must be seen, too
local function run_end()
    local last = { name = "the program's end", how = {} }
    begin(last)
    trace_test(last.name, 1)
    local began = host.now()
    local fine, why = xpcall(finish, as_failure)
    local outcome, message = outcome_of(last, fine, why)
    trace_outcome(outcome, message, host.now() - began)
    if not fine then
        host.event("end", last.name, outcome, message, host.now() - began)
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
        run_end()
    end
end

-- A name that nothing has been given is a mistake, and not nil: to_have_text(nmae) expects something else than it says
local given = {}
local strict = {
    __newindex = function(names, name, value)
        given[name] = true
        rawset(names, name, value)
    end,
    __index = function(_, name)
        if not given[name] then
            error("there is nothing called " .. tostring(name), 2)
        end
    end,
}

return api, run_all, strict
