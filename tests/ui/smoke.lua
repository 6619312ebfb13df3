-- The same program on a display: that it shows, takes the mouse and the keys, and closes.
local steps = require("steps")

test("shows, adds a file, and closes", function()
    expect("#data-empty"):to_be_visible()
    steps.add("kinds.csv", 100)
    press("Ctrl+3")
    expect("#compare-empty"):to_be_visible()
    close("#main-window")
    same(wait_for_exit(), 0)
end)

test("a modal dialog keeps the window from the mouse", function()
    menu("File/Settings")
    expect("#settings-dialog"):to_be_visible()
    same(pcall(click, "#data-empty", { limit = 200 }), false)
    press("Escape")
    expect("#settings-dialog"):to_be_hidden()
end)
