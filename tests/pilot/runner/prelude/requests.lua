-- What a script may say. It runs in the runner, not in the program: each word is a request to the plug-in, or made of some.
-- These files are one chunk, in the order of CMakeLists.txt: what is local in one is known in the next.
-- The host (host.c) brings what is not Lua: requests, the program's start and end, files of snapshots, the clock.
local host = ...
local options, getinfo = host.options, debug.getinfo
local tests, befores, afters = {}, {}, {}
local current              -- the test that runs
local state = { arguments = {}, shared = false, running = false }
local api = {}             -- what scripts see

-- The innermost line of a script, as opposed to lines of this file: its file and its number; and the lines that it was called from
local function place()
    local file, number
    local callers = {}
    for level = 2, 40 do
        local info = getinfo(level, "Sl")
        if info and info.source:sub(1, 1) == "@" then
            if file then
                table.insert(callers, ("%s:%d"):format(info.source:sub(2), info.currentline))
            else
                file, number = info.source:sub(2), info.currentline
            end
        end
    end
    return file, number, callers
end

local function line_of(file, number)
    for code in ((host.read(file) or "") .. "\n"):gmatch("([^\n]*)\n") do
        number = number - 1
        if number == 0 then
            return code:match("^%s*(.-)%s*$")
        end
    end
    return ""
end

-- Throws what as_failure and outcome_of know: the text, and of extra what a person needs to see why
local function fail(text, extra)
    local why = {}
    for name, value in pairs(extra or {}) do
        why[name] = value
    end
    why.text = text
    why.file, why.number, why.callers = place()
    why.line = why.file and ("%s:%d"):format(why.file, why.number)
    error(why, 0)
end

local function note_warnings(text)
    if not text or text == "" then
        return
    end
    for warning in text:gmatch("[^\n]+") do
        local allowed = false
        for _, pattern in ipairs(current and current.allowed or {}) do
            allowed = allowed or warning:find(pattern) ~= nil
        end
        if current and not allowed then
            table.insert(current.warnings, warning)
        end
    end
end

local function text_of_end(how, number, name)
    if how == "signal" then
        return ("the program was ended by signal %d (%s)"):format(number, name)
    end
    return ("the program ended with code %d"):format(number)
end

-- Without what platforms that have no windows of their own say of calls that mean nothing there
local function readable(output)
    return (output:gsub("This plugin does not support [^\n]*\n", ""))
end

local function last_output()
    local last = readable(host.stderr())
    return last ~= "" and "; it wrote at last:\n" .. last or ""
end

-- With what is known of it: the last that the program wrote, and its own record of the crash, if it keeps one
local function fail_crashed(text)
    fail(text .. last_output(), { crash = true, record = host.crash_record() })
end

-- A program may end by itself only if wait_for_exit() asks for that. With a code that says it went wrong it is a crash: a sanitizer's, for one.
local function unasked_end()
    local code = state.ended
    state.ended = nil
    local text = "the program has ended with code " .. code .. ", and no wait_for_exit() asked for that"
    if code ~= 0 then
        fail_crashed(text)
    end
    fail(text .. last_output())
end

-- A crash fails the step; an end that may be wanted is kept for wait_for_exit(), which must ask for it
local function gone()
    state.running = false
    local how, number, name = host.stop(2000)
    if how == "exit" then
        state.ended = number
        return
    end
    fail_crashed(text_of_end(how, number, name))
end

local function ask(verb, limit, ...)
    if state.ended then
        unasked_end()
    elseif not state.running then
        fail("the program does not run")
    end
    local status, message, warnings, picture, tree, shot, notes, matched = host.request(verb, limit, ...)
    if not status then
        if message == "gone" then
            gone()
            return "ok", ""
        end
        state.running = false
        host.kill()
        fail("the program does not answer: its GUI thread has been busy for " .. math.floor(limit / 1000 + 10) .. " seconds",
             { crash = true })
    end
    note_warnings(warnings)
    return status, message, picture, tree, shot, notes, matched
end

local function limit_of(limit)
    return limit or (current and current.limit) or options.step_limit
end
