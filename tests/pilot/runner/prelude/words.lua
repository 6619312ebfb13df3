-- What a person does: selectors, mouse, keys, menus, windows.

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
api.middle_click = click_with(4, 1)

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

-- drop(selector, path), or drop(selector, { path, … }): files that a person drags there from another program
function api.drop(of, paths)
    paths = type(paths) == "table" and paths or { paths }
    for i = 1, math.max(#paths, 1) do
        written("drop", paths[i])
    end
    step("drop", nil, selector(of), table.unpack(paths))
end

-- Notches of the wheel: down is positive
function api.scroll(of, down, right)
    step("scroll", nil, selector(of), right or 0, down)
end

function api.fill(of, text)
    step("fill", nil, selector(of), written("fill", text))
end

-- Of a word that may be said with a selector before its text, and without: then it is about what has the focus
local function maybe_of(...)
    local of, text = ...
    if select("#", ...) < 2 then
        return "", of
    end
    return selector(of), text
end

-- type(text) goes to what has the focus
function api.type(...)
    local of, text = maybe_of(...)
    step("type", nil, of, written("type", text))
end

-- press(keys), or press(selector, keys)
function api.press(...)
    local of, keys = maybe_of(...)
    step("press", nil, of, written("press", keys))
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

-- From the list of a combo box. If what the program does meanwhile closes the list, it is opened again, as a person would.
local function choose_from_list(from, item)
    local list = "QComboBoxPrivateContainer:visible"
    local began, first = host.now(), true
    while true do
        if first or step("count", nil, list) == "0" then
            first = false
            if step("get", nil, from, "property", "editable") == "true" then
                api.press(from, "Alt+Down") -- a click would go to the text
            else
                api.click(from)
            end
        end
        local fine, message, more = attempt("click", math.min(limit_of(), 500), list .. " QAbstractItemView " .. item, 1, 1, 0)
        if fine then
            return
        elseif host.now() - began > limit_of() then
            more.waited = host.now() - began
            fail(message, more)
        end
    end
end

function api.choose(of, what, column)
    local from = selector(of)
    local kind = step("kind", nil, from)
    local item = column and ("item(%d, %d)"):format(what, column) or "item(" .. quoted(what) .. ")"
    if kind == "QComboBox" then
        if step("get", nil, from, "value") ~= what then
            choose_from_list(from, item)
        end
    elseif kind == "QTabWidget" or kind == "QTabBar" then
        api.click(from .. " tab(" .. quoted(what) .. ")")
    elseif kind == "QMenuBar" then
        api.menu(what, { bar = from })
    elseif kind == "QMenu" then
        api.menu(what, { bar = from })
    elseif kind == "QToolBar" then
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
