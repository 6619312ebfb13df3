-- What a script may say. It runs in the runner, not in the program: each word is a request to the plug-in, or made of some.
-- The host (script.c) brings what is not Lua: requests, the program's start and end, files of snapshots, the clock.
local host = ...
local options, getinfo = host.options, debug.getinfo
local tests, befores, afters = {}, {}, {}
local current              -- the test that runs
local state = { arguments = {}, shared = false, running = false }
local api = {}             -- what scripts see

-- Failures ------------------------------------------------------------------------------------------------------------------

-- The innermost line of a script, as opposed to lines of this file
local function line()
    for level = 2, 40 do
        local info = getinfo(level, "Sl")
        if not info then
            return "?"
        end
        if info.source:sub(1, 1) == "@" then
            return ("%s:%d"):format(info.short_src, info.currentline)
        end
    end
end

local function fail(text, extra)
    extra = extra or {}
    error({ text = text, line = line(), tree = extra.tree, picture = extra.picture, difference = extra.difference, crash = extra.crash }, 0)
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

-- A crash fails the step; an end that may be wanted is kept for wait_for_exit(), which must ask for it
local function gone()
    state.running = false
    local how, number, name = host.stop(2000)
    if how == "exit" then
        state.ended = number
        return
    end
    local last = host.stderr()
    fail(text_of_end(how, number, name) .. (last ~= "" and "; it wrote at last:\n" .. last or ""), { crash = how == "signal" })
end

-- Requests ------------------------------------------------------------------------------------------------------------------

local function ask(verb, limit, ...)
    if not state.running then
        fail(state.ended and "the program has ended with code " .. state.ended or "the program does not run")
    end
    local status, message, warnings, picture, tree, shot = host.request(verb, limit, ...)
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
    return status, message, picture, tree, shot
end

local function limit_of(limit)
    return limit or (current and current.limit) or options.step_limit
end

local trace = { steps = {} }

local function traced(verb, ...)
    if not options.trace then
        return
    end
    local words = {}
    for i = 1, select("#", ...) do
        words[i] = ("%q"):format(tostring((select(i, ...)))):sub(1, 80)
    end
    local before = select(3, host.request("idle", 0))
    local _, _, _, picture = host.request("shot", 0, "")
    note_warnings(before)
    local step = { what = verb .. " " .. table.concat(words, " "), line = line(), before = picture, at = host.now() }
    table.insert(trace.steps, step)
    return step
end

local function trace_end(step, status, message)
    if not step or not state.running then
        return
    end
    step.ms = host.now() - step.at
    local _, _, _, picture = host.request("shot", 0, "")
    local _, tree = host.request("tree", 0)
    step.after, step.tree = picture, tree
    step.failed = status ~= "ok" and message or nil
end

-- A step of the test: a request that must succeed
local function step(verb, limit, ...)
    local traces = verb ~= "get" and verb ~= "kind" and verb ~= "count" and traced(verb, ...)
    local status, message, picture, tree, shot = ask(verb, limit_of(limit), ...)
    trace_end(traces, status, message)
    if status ~= "ok" then
        fail(message, { tree = tree, picture = shot, difference = picture })
    end
    if options.slow > 0 then
        host.sleep(options.slow)
    end
    return message, picture
end

-- Selectors -----------------------------------------------------------------------------------------------------------------

local function quoted(text)
    return '"' .. tostring(text):gsub('[\\"]', "\\%0") .. '"'
end

local scope = {}
scope.__index = scope

local function selector(of)
    if type(of) == "table" and of.selector then
        return of.selector
    end
    if type(of) ~= "string" then
        fail("a selector is a text, and this is a " .. type(of))
    end
    return of
end

local modifiers = { Shift = 0x02000000, Ctrl = 0x04000000, Alt = 0x08000000, Meta = 0x10000000 }

local function click_with(button, count)
    return function(of, how)
        local mask = 0
        for name in ((how and how.modifiers) or ""):gmatch("%a+") do
            mask = mask | (modifiers[name] or fail("there is no modifier " .. name))
        end
        step("click", how and how.limit, selector(of), button, count, mask)
    end
end

api.click = click_with(1, 1)
api.double_click = click_with(1, 2)
api.right_click = click_with(2, 1)

function api.hover(of)
    step("hover", nil, selector(of))
end

-- drag(from, to), or drag(from, dx, dy)
function api.drag(from, to, dy)
    if type(to) == "number" then
        step("drag", nil, selector(from), to, dy or 0)
    else
        step("drag", nil, selector(from), 0, 0, selector(to))
    end
end

-- Notches of the wheel: down is positive
function api.scroll(of, down, right)
    step("scroll", nil, selector(of), right or 0, down)
end

function api.fill(of, text)
    step("fill", nil, selector(of), tostring(text))
end

-- type(text) goes to what has the focus
function api.type(of, text)
    if text == nil then
        of, text = "", of
    end
    step("type", nil, of == "" and "" or selector(of), tostring(text))
end

-- press(keys), or press(selector, keys)
function api.press(of, keys)
    if keys == nil then
        of, keys = "", of
    end
    step("press", nil, of == "" and "" or selector(of), keys)
end

function api.menu(path, how)
    local words = {}
    for word in path:gmatch("[^/]+") do
        table.insert(words, word)
    end
    for i, word in ipairs(words) do
        local bar = (how and how.bar) or "QMenuBar"
        api.click((i == 1 and bar or "QMenu:visible") .. " action(" .. quoted(word) .. ")")
    end
end

function api.choose(of, what, column)
    local from = selector(of)
    local kind = step("kind", nil, from)
    local item = column and ("item(%d, %d)"):format(what, column) or "item(" .. quoted(what) .. ")"
    if kind == "QComboBox" then
        if step("get", nil, from, "value") ~= what then
            api.click(from)
            api.click("QComboBoxPrivateContainer:visible QAbstractItemView " .. item)
        end
    elseif kind == "QTabWidget" or kind == "QTabBar" then
        api.click(from .. " tab(" .. quoted(what) .. ")")
    elseif kind == "QMenuBar" then
        api.menu(what, { bar = from })
    elseif kind == "QMenu" or kind == "QToolBar" then
        api.click(from .. " action(" .. quoted(what) .. ")")
    elseif kind == "QAbstractItemView" then
        api.click(from .. " " .. item)
    else
        fail(from .. " has nothing to choose from")
    end
end

function api.check(of, on)
    local wanted = on == nil or on
    if (step("get", nil, selector(of), "checked") == "1") ~= wanted then
        api.click(of)
    end
    step("expect", nil, selector(of), "checked", wanted and "" or "1")
end

function api.uncheck(of)
    api.check(of, false)
end

function api.close(of)
    step("close", nil, selector(of))
end

-- What is in one window: window("Title"):click("#name")
function api.window(title)
    return setmetatable({ selector = "QWidget[windowTitle=" .. quoted(title) .. "]" }, scope)
end

function api.dialog(title)
    return setmetatable({ selector = "QDialog[windowTitle=" .. quoted(title) .. "]" }, scope)
end

function api.within(of)
    return setmetatable({ selector = selector(of) }, scope)
end

-- Questions -----------------------------------------------------------------------------------------------------------------

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

-- Back doors: no user does this --------------------------------------------------------------------------------------------

function api.set(of, name, value)
    step("set", nil, selector(of), name, tostring(value))
end

function api.call(of, slot, ...)
    local values = {}
    for i = 1, select("#", ...) do
        values[i] = tostring((select(i, ...)))
    end
    return (step("call", nil, selector(of), slot, table.unpack(values)))
end

-- Waiting -------------------------------------------------------------------------------------------------------------------

local waiting = {}
waiting.__index = waiting

function waiting:wait(limit)
    return math.tointeger(tonumber((step("heard", limit, self.of, self.name))))
end

function api.signal(of, name, act)
    step("watch", nil, selector(of), name)
    local heard = setmetatable({ of = selector(of), name = name }, waiting)
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
    local how, number, name = host.stop(limit_of(limit), true)
    if how == "runs" then
        fail("the program still runs after " .. limit_of(limit) .. " ms")
    end
    state.running = false
    if how == "signal" then
        fail(text_of_end(how, number, name), { crash = true })
    end
    return number
end

-- Expectations --------------------------------------------------------------------------------------------------------------

local matchers = {
    to_be_visible = "visible", to_be_hidden = "hidden", to_be_enabled = "enabled", to_be_disabled = "disabled",
    to_be_checked = "checked", to_be_focused = "focused", to_be_editable = "editable", to_be_selected = "selected",
    to_have_text = "text", to_contain_text = "contained", to_have_value = "value", to_have_count = "count", to_have_rows = "rows",
}
local expectation = {}
expectation.__index = expectation

local function expected(self, matcher, no, value, more)
    local function try()
        step("expect", self.limit, self.of, matcher, no and "1" or "", value == nil and "" or tostring(value), more or "")
    end
    if not self.soft then
        return try()
    end
    local fine, why = pcall(try)
    if not fine then
        table.insert(current.soft, why)
    end
end

for name, matcher in pairs(matchers) do
    expectation[name] = function(self, value)
        expected(self, matcher, false, value)
    end
    expectation["not_" .. name] = function(self, value)
        expected(self, matcher, true, value)
    end
end

function expectation:to_have_property(name, value)
    expected(self, "property", false, value, name)
end

function expectation:not_to_have_property(name, value)
    expected(self, "property", true, value, name)
end

-- What to compare with, beside the script in snapshots/. With --update it is written; if it is not there that is done, too, but fails:
-- nobody has looked at it yet.
local function snapshot(name, make)
    local path = host.snapshot(name)
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

local function expect(of, how)
    how = how or {}
    return setmetatable({ of = selector(of), limit = how.limit, soft = how.soft }, expectation)
end

api.expect = setmetatable({
    soft = function(of, how)
        how = how or {}
        return expect(of, { limit = how.limit, soft = true })
    end,
}, { __call = function(_, of, how)
    return expect(of, how)
end })

function api.same(is, wanted)
    if is ~= wanted then
        fail(("expected %s, and is %s"):format(tostring(wanted), tostring(is)))
    end
end

function api.screenshot(name, of)
    local _, picture = step("shot", nil, of and selector(of) or "")
    host.write(host.output(name .. ".png"), picture)
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

-- Tests ---------------------------------------------------------------------------------------------------------------------

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

-- Running -------------------------------------------------------------------------------------------------------------------

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
    elseif how == "signal" or number ~= 0 then
        local last = host.stderr()
        fail("at its end " .. text_of_end(how, number, name) .. (last ~= "" and "; it wrote at last:\n" .. last or ""),
             { crash = how == "signal" })
    end
end

-- Ends the program, and starts it again with what it has left in its folders
function api.restart()
    finish()
    start(true)
end

local function look_back()
    if state.ended then
        local last = host.stderr()
        fail("the program ended with code " .. state.ended .. ", and no wait_for_exit() asked for that; it wrote at last:\n" .. last)
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

local function save_pictures(test, why, lines)
    for kind, picture in pairs({ picture = why.picture or "", difference = why.difference or "" }) do
        if #picture > 0 then
            local path = host.output(host.stem .. "-" .. test.name:gsub("[^%w]+", "-") .. "-" .. kind .. ".png")
            host.write(path, picture)
            table.insert(lines, kind .. ": " .. path)
        end
    end
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
