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

-- The line of a script that is at work, and nothing of those that called it
local function line_at_work()
    local level, info = 2, getinfo(2, "Sl")
    while info and info.source:sub(1, 1) ~= "@" do
        level = level + 1
        info = getinfo(level, "Sl")
    end
    return info and ("%s:%d"):format(info.source:sub(2), info.currentline) or "?"
end

local failure = {} -- the metatable of what fail() throws

-- Throws what as_failure and outcome_of know: the text, and of extra what a person needs to see why. What is final fails the test even if the
-- script catches it.
local function fail(text, extra)
    local why = setmetatable({}, failure)
    for name, value in pairs(extra or {}) do
        why[name] = value
    end
    why.text = text
    why.file, why.number, why.callers = place()
    why.line = why.file and ("%s:%d"):format(why.file, why.number)
    if why.final and current then
        current.final = current.final or why
    end
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

-- With what is known of it: the last that the program wrote, and its own record of the crash, if it keeps one. A script that waits for the end
-- may catch it.
local function fail_crashed(text, waited)
    fail(text .. last_output(), { crash = true, record = host.crash_record(), final = not waited })
end

-- A program may end by itself only if wait_for_exit() asks for that. With a code that says it went wrong it is a crash: a sanitizer's, for one.
local function unasked_end()
    local code = state.ended
    state.ended = nil
    local text = "the program has ended with code " .. code .. ", and no wait_for_exit() asked for that"
    if code ~= 0 then
        fail_crashed(text)
    end
    fail(text .. last_output(), { final = true })
end

-- What may be the program's end; "trace" looks on while it is
local ends = { click = true, hover = true, drag = true, scroll = true, fill = true, type = true, press = true, close = true, set = true,
               call = true, drop = true, trace = true }

-- A crash fails the step; an end that may be wanted is kept for wait_for_exit(), which must ask for it. What asks something of a program that
-- has ended has no answer.
local function gone(verb)
    state.running = false
    local how, number, name = host.stop(options.exit_limit)
    if how == "runs" then
        fail_crashed("the program does not speak to bulkhead-pilot any more")
    elseif how ~= "exit" then
        fail_crashed(text_of_end(how, number, name))
    end
    state.ended = number
    if not ends[verb] then
        unasked_end()
    end
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
            gone(verb)
            return "ok", ""
        end
        state.running = false
        fail("the program does not answer: its GUI thread has been busy for " .. math.floor(limit / 1000 + 10) .. " seconds",
             { crash = true, final = true })
    end
    note_warnings(warnings)
    return status, message, picture, tree, shot, notes, matched
end

local function limit_of(limit)
    limit = limit or (current and current.limit) or options.step_limit
    if not math.type(limit) or not (limit >= 0) then
        fail("a limit is a number of milliseconds, and this is " .. tostring(limit))
    end
    return math.floor(math.min(limit, 1e8))
end

-- A value as a text: 2.0 is 2, and what is missing is a mistake of the script's
local function written(word, value)
    if value == nil then
        fail(word .. "() needs a value, and this is nil")
    end
    return tostring(math.tointeger(value) or value)
end

-- A name of a file that stays where such files are
local function plain(name)
    if type(name) ~= "string" or name == "" or name:find("^/") or name:find("..", 1, true) then
        fail("a name of a file is a text without .. and without / at its begin, and this is " .. tostring(name))
    end
    return name
end
