-- For each rule: a careless click passes wrongly, the pilot's does not.
-- The subject counts what its buttons heard; naive() sends events to a widget that exists, as many drivers do.

local function scene(name)
    call("#subject", "scene", name)
end

local function clicks(name)
    return tonumber(call("#subject", "clicks", name or "target"))
end

local function naive(name)
    return call("#subject", "naive", name or "target")
end

-- The click must fail, and its sentence name the rule
local function refused(rule, act)
    local fine, why = pcall(act or function()
        click("#target", { limit = 150 })
    end)
    same(fine, false)
    if not why.text:find(rule, 1, true) then
        same(why.text, "a sentence with: " .. rule)
    end
end

test_each({
    { "covered", "is covered by QFrame overlay" },
    { "shy", "is covered by QFrame overlay" },
    { "modal", "is blocked by the modal QMessageBox askBox" },
    { "hidden", "is hidden" },
    { "zero", "has no size" },
    { "popup", "is behind the popup QMenu popup" },
}, "%s: a careless click fires, and must not", function(name, rule)
    scene(name)
    refused(rule)
    same(clicks(), 0)
    if name == "zero" then
        call("#target", "click()")
    else
        same(naive(), "sent")
    end
    same(clicks(), 1) -- wrong: no user can do that
    if name == "modal" then
        click('#askBox QPushButton:text("OK")')
        click("#target")
        same(clicks(), 2)
    elseif name == "popup" then
        press("Escape")
        click("#target")
        same(clicks(), 2)
    end
end)

test("disabled: a careless click is lost without a word", function()
    scene("disabled")
    same(naive(), "sent") -- wrong: the test goes on as if it had clicked
    same(clicks(), 0)
    refused("is disabled")
    set("#target", "enabled", true)
    click("#target")
    same(clicks(), 1)
end)

test("moving: a careless click lands where the target was", function()
    scene("moving")
    same(call("#subject", "hold", "target"), "held")
    refused("moves", function()
        click("#target", { limit = 60 })
    end)
    expect("#target"):to_have_property("x", 240)
    same(call("#subject", "naiveWhereHeld"), "sent")
    same(clicks(), 0)
    same(clicks("decoy"), 1) -- wrong: it is the other button
    click("#target")
    same(clicks(), 1)
end)

test("out of view in a scroll area: the pilot scrolls there, a careless click does not", function()
    scene("scrolled")
    same(naive(), "sent")
    same(clicks(), 1) -- wrong: nobody could see it
    expect("#area QScrollBar[orientation=Vertical]"):to_have_value(0)
    click("#target")
    same(clicks(), 2)
    expect("#area QScrollBar[orientation=Vertical]"):not_to_have_value(0)
end)

test("out of view for good: a careless click fires, and must not", function()
    scene("clipped")
    refused("is out of view", function()
        click("#clipped", { limit = 150 })
    end)
    same(clicks("clipped"), 0)
    same(naive("clipped"), "sent")
    same(clicks("clipped"), 1)
end)

test("made anew: a careless click goes to what is no more", function()
    scene("recreated")
    same(call("#subject", "hold", "target"), "held")
    call("#subject", "replaceSoon")
    click("#target") -- waits: the old one is disabled, the new one is another widget of that name
    same(clicks(), 1)
    expect("#target"):to_have_text("New")
    same(call("#subject", "naiveHeld"), "sent")
    same(clicks(), 1) -- wrong: nothing happened, and nothing was said
end)

test("read-only: careless text is set, and must not be", { limit = 150 }, function()
    refused("is read-only", function()
        fill("#fixed", "changed")
    end)
    expect("#fixed"):to_have_text("as it is")
    same(call("#subject", "naiveText", "fixed", "changed"), "sent")
    expect("#fixed"):to_have_text("changed") -- wrong
end)

test("wrong window: a careless click takes the first", function()
    scene("windows")
    refused("matches 2, and must match one", function()
        click("#save", { limit = 100 })
    end)
    same(naive("save"), "sent")
    same(clicks("First") + clicks("Second"), 1) -- one of them, whichever
    local first = clicks("First")
    window("Second"):click("#save")
    same(clicks("Second"), 2 - first)
end)
