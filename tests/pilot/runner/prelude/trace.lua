-- The steps of a test, and the page that tells of them if one is wanted.

local function quoted(text)
    return '"' .. tostring(text):gsub('[\\"]', "\\%0") .. '"'
end

-- As a script has it: selectors with texts in them are in single quotes
local function spoken(text)
    text = tostring(text)
    return text:find('"', 1, true) and not text:find("['\\]") and "'" .. text .. "'" or quoted(text)
end

local function shortened(text)
    text = tostring(text):gsub("%c+", " ")
    local letters = utf8.len(text)
    local most = letters and letters > 60 and utf8.offset(text, 60) or not letters and 60
    return spoken(most and text:sub(1, most - 1) .. "…" or text)
end

local expectations = {
    text = "to_have_text", contained = "to_contain_text", value = "to_have_value", count = "to_have_count", rows = "to_have_rows",
    property = "to_have_property", tree = "to_match_snapshot",
}

local function say_expect(of, matcher, no, value, more)
    local word = expectations[matcher]
    local values = word and shortened(value) or ""
    if matcher == "property" then
        values = spoken(more) .. ", " .. values
    elseif matcher == "tree" then
        values = ""
    elseif matcher == "count" or matcher == "rows" then
        values = tostring(value)
    end
    return ("expect(%s):%s%s(%s)"):format(spoken(of), no == "1" and "not_" or "", word or "to_be_" .. matcher, values)
end

-- What is no word followed by its selector and texts
local sayings = {
    click = function(of, button, count)
        local word = count == 2 and "double_click" or ({ "click", "right_click", [4] = "middle_click" })[button]
        return ("%s(%s)"):format(word, spoken(of))
    end,
    drag = function(from, dx, dy, to)
        return to and ("drag(%s, %s)"):format(spoken(from), spoken(to)) or ("drag(%s, %s, %s)"):format(spoken(from), dx, dy)
    end,
    scroll = function(of, right, down)
        return ("scroll(%s, %s%s)"):format(spoken(of), down, right ~= 0 and ", " .. tostring(right) or "")
    end,
    get = function(of, what, name)
        return ("%s(%s%s)"):format(what == "selector" and "unique" or what, spoken(of), name and ", " .. spoken(name) or "")
    end,
    compare = function(of)
        return ("compare(…, %s)"):format(spoken(of))
    end,
    shot = function(of)
        return ("screenshot(%s)"):format(of == "" and "" or spoken(of))
    end,
    watch = function(of, name)
        return ("signal(%s, %s)"):format(spoken(of), spoken(name))
    end,
    heard = function(of, name)
        return ("signal(%s, %s):wait()"):format(spoken(of), spoken(name))
    end,
    expect = say_expect,
}

-- A step as a script says it
local function title(verb, ...)
    if sayings[verb] then
        return sayings[verb](...)
    end
    local words = {}
    for i = 1, select("#", ...) do
        local word = select(i, ...)
        if word ~= "" or i > 1 then
            table.insert(words, shortened(word))
        end
    end
    return ("%s(%s)"):format(verb, table.concat(words, ", "))
end

local trace = { known = {}, count = { picture = 0, tree = 0 } }

-- The number of a picture or tree, which is written once
local function numbered(kind, bytes)
    local known = kind .. bytes
    if not trace.known[known] then
        trace.count[kind] = trace.count[kind] + 1
        trace.known[known] = trace.count[kind]
        host.trace_put({ k = kind, [kind == "picture" and "png" or "text"] = bytes })
    end
    return trace.known[known]
end

-- What shows now, added to a record: the number of its picture and of its tree, and where the target is
local function add_look(record, of)
    if not state.running then
        return record
    end
    local _, message, picture, tree = ask("trace", options.step_limit, of)
    if not picture then -- the program has ended
        return record
    end
    local kind, spot = message:match("^(%a+) ?(.*)$")
    if kind == "new" then
        trace.bytes = picture
    end
    record.picture = kind ~= "none" and numbered("picture", trace.bytes) or nil
    record.tree = numbered("tree", tree)
    record.spot = spot ~= "" and spot or nil
    return record
end

local function trace_place(record, file, number)
    if file and not trace.known[file] then
        trace.known[file] = true
        host.trace_put({ k = "source", path = file, text = host.read(file) or "" })
    end
    record.file, record.line = file, number
    return record
end

local function trace_begin(what, of, read)
    if not options.trace then
        return
    end
    local record = { k = "begin", what = what, at = host.now() - trace.began, read = read }
    trace_place(record, place())
    if of then
        add_look(record, of)
    end
    host.trace_put(record)
    trace.open = { at = host.now(), of = of }
end

local function trace_end(failed, notes)
    local open = trace.open
    if not open then
        return
    end
    local record = { k = "end", ms = host.now() - open.at, failed = failed, notes = notes }
    if open.of then
        add_look(record, open.of)
    end
    trace.open = nil -- only now: a program that has crashed by then did so within this step
    record.wrote = readable(host.written())
    host.trace_put(record)
end

-- A failure that has not been told of with its step: a crash ends the step that is under way, all else stands by itself
local function trace_failure(why)
    if not options.trace or why.skip or why.step then
        return
    end
    if not trace.open then
        local record = trace_place({ k = "begin", what = "the test fails", at = host.now() - trace.began }, why.file, why.number)
        host.trace_put(record)
        trace.open = { at = host.now(), of = state.running and not state.ended and not why.crash and "" or nil }
    end
    trace_end(why.text)
end

-- A page for each run of a test: none replaces that of another run, or of a test whose name differs in signs only
local function trace_test(name, try)
    if not options.trace then
        return
    end
    local path = name:gsub("[^%w\x80-\xff]+", "-")
    trace.paths = trace.paths or {}
    trace.paths[path] = (trace.paths[path] or 0) + 1
    if trace.paths[path] > 1 then
        path = path .. "-" .. trace.paths[path]
    end
    trace.known, trace.count, trace.open, trace.began = {}, { picture = 0, tree = 0 }, nil, host.now()
    trace.path = host.trace_open(path)
    host.trace_put({ k = "test", script = host.stem .. ".lua", name = name, try = try, program = host.command(),
                     when = os.date("!%Y-%m-%d %H:%M:%S UTC") })
    host.written()
end

local function trace_outcome(outcome, message, ms)
    if options.trace then
        host.trace_put({ k = "outcome", outcome = outcome, message = message, ms = ms, wrote = readable(host.written()) })
    end
end

local reads = { get = true, count = true, tree = true, lint = true, shot = true }

-- A request, as a step of the test; what fail() needs to know if it does not succeed
local function attempt(verb, limit, ...)
    if options.trace and verb ~= "kind" then
        local of = ...
        trace_begin(title(verb, ...), of or "", reads[verb])
    end
    local began = host.now()
    local status, message, picture, tree, shot, notes, matched = ask(verb, limit_of(limit), ...)
    trace_end(status ~= "ok" and message or nil, notes)
    if status ~= "ok" then
        return nil, message, { tree = tree, picture = shot, difference = picture, notes = notes, matched = matched ~= "" and matched or nil,
                               step = true, what = title(verb, ...), waited = status == "no" and host.now() - began }
    end
    if options.slow > 0 then
        host.sleep(options.slow)
    end
    return true, message, picture
end

-- A step of the test that must succeed
local function step(...)
    local fine, message, more = attempt(...)
    if not fine then
        fail(message, more)
    end
    return message, more
end
