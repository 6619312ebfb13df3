-- The other windows and what all of them have in common: empty states, help, what happened, what is going on, names for everything.
local steps = require("steps")

test("an empty project says what to do, on each page", function()
    expect("#data-empty-text"):to_contain_text("No data yet. Fetch some, add a file, or drop one onto the window.")
    choose("#project-tree", "Fetches")
    expect("#fetch-empty-text"):to_have_text("Nothing has been fetched yet.")
    press("Ctrl+2")
    expect("#run-empty-text"):to_contain_text("No run is chosen.")
    press("Ctrl+3")
    expect("#compare-empty-text"):to_contain_text("No runs yet.")
    for _, name in ipairs({ "Run/New Run", "Run/Stop", "Run/Kill", "Run/Resume", "Run/Resume All", "Run/Predict", "File/Export Runs" }) do
        expect(('action("%s")'):format(name)):to_be_disabled()
    end
end)

test("files that are dropped onto the window are added", function()
    drop("#main-window", file("dropped.csv", steps.csv(20)))
    expect("#data-title"):to_contain_text("dropped.csv")
    expect("#data-train"):to_be_enabled()
    drop("#data-title", file("second.csv", steps.csv(30)))
    expect("#data-title"):to_contain_text("second.csv")
end)

test("the buttons of empty pages lead on", function()
    click("#data-first-fetch")
    click("#fetch-cancel")
    expect("#fetch-dialog"):to_be_hidden()
    click("#data-first-file")
    press("Escape")
    expect("QFileDialog"):to_be_hidden()
    press("Ctrl+3")
    click("#compare-empty-new")
    expect("#new-run-says"):to_have_text("There is no data set yet: fetch or open one first.")
    click("#new-run-cancel")
    expect("#new-run"):to_be_hidden()
end)

test("help", function()
    press("F1")
    expect("#keys QLabel#qt_msgbox_label"):to_contain_text("Ctrl+Shift+K")
    expect("#keys QLabel#qt_msgbox_label"):to_have_property("textFormat", "RichText") -- or the tags are seen
    press("Escape")
    expect("#keys"):to_be_hidden()
    menu("Help/About Bulkhead")
    expect("#about QLabel#qt_msgbox_label"):to_contain_text("Bulkhead")
    expect("#about QLabel#qt_msgbox_label"):to_have_property("textFormat", "RichText")
    press("Escape")
    expect("#about"):to_be_hidden()
end)

test("the event log says what went wrong, is filtered, and copied", function()
    press("Ctrl+J")
    expect("#events-says"):to_have_text("Nothing has happened yet that is worth a note.")
    click("#events-close")
    expect("#events"):to_be_hidden()
    menu("File/Fetch")
    fill("#fetch-urls", "file://" .. file("none.csv"))
    click("#fetch-start")
    expect('#project-tree item("✗ failed")'):to_be_visible()
    press("Ctrl+J")
    expect("#events-table"):not_to_have_rows(0)
    expect("#events-table item(1, 2)"):to_have_text("✗ error")
    expect("#events-table item(1, 3)"):to_have_text("Fetch")
    expect("#events-table item(1, 4)"):to_contain_text("No such file")
    fill("#events-filter", "nothing like this")
    expect("#events-table"):to_have_rows(0)
    fill("#events-filter", "no such")
    expect("#events-table"):to_have_rows(1)
    choose("#events-kind", "Errors")
    expect("#events-table"):to_have_rows(1)
    click("#events-copy")
    fill("#events-filter", "")
    press("#events-filter", "Ctrl+V")
    expect("#events-filter"):to_contain_text("No such file")
    press("Escape")
    expect("#events"):to_be_hidden()
end)

test("the live view shows threads and worker processes", function()
    steps.train_on()
    menu("Help/Live View")
    expect("#live-loop"):to_contain_text("Event loop: ")
    expect("#live-mailbox"):to_contain_text("Mailbox: ")
    expect('#live-table item("GUI thread")'):to_be_visible()
    expect('#live-table item("train")'):to_be_visible()
    expect('#live-table item("worker process"):nth(1)'):to_be_visible()
    click("#live-copy")
    click("#live-close")
    expect("#live-view"):to_be_hidden()
    press("Ctrl+3")
    press("#compare-filter", "Ctrl+V")
    expect("#compare-filter"):to_contain_text("GUI thread")
    fill("#compare-filter", "")
    steps.show_run("kinds 1")
    click("#run-kill")
    expect("#run-state"):to_have_text("killed")
end)

test("the checklist is probed row by row, and can be stopped", function()
    menu("Help/Checklist")
    expect("#checklist-says"):to_contain_text("Probing row ")
    wait_for(function()
        return text("#checklist-text"):find("pass: ", 1, true)
    end)
    click("#checklist-stop")
    expect("#checklist-says"):to_have_text("Stopped: the rows that are missing were not probed.")
    click("#checklist-stop")
    expect("#checklist"):to_be_hidden()
end)

test("a window is opened once, and shown again", function()
    menu("Help/Live View")
    menu("Help/Live View")
    expect("#live-view"):to_have_count(1)
    click("#live-close")
    expect("#live-view"):to_be_hidden()
end)

-- As the tree cuts: so many letters, of which the last third is the name's end
local function cut(name, letters)
    local tail = letters // 3
    return name:sub(1, letters - tail - 1) .. "…" .. name:sub(-tail)
end

test("long names are cut in the middle, and whole in the tool tip", function()
    local name = ("a-rather-long-name-"):rep(6) .. "end.csv"
    menu("File/Add File")
    steps.choose_file(file(name, steps.csv(10)))
    expect("#data-title"):to_contain_text("…") -- by the room there is
    same(text("#data-title"):match("^a%-rather.*….*%-end.csv$") ~= nil, true)
    expect("#data-title"):to_have_property("toolTip", file(name))
    expect('#project-tree item("' .. cut(name, 60) .. '")'):to_be_visible()
end)

-- Qt's own: bars, corners, standard buttons. Escape cancels. A form has more fields than letters. Lines of the strip are many: Ctrl+. and Ctrl+Shift+K end what is selected.
local usual = { "QScrollBar: ", "QTableCornerButton: ", ':text%("OK"%): ', ':text%("Cancel"%): ', ':text%("Close"%): ',
    "%-cancel: has no mnemonic", "#data%-bad%-rows: has no mnemonic", "#new%-run%-[%w_%-]+: has no mnemonic",
    "#job%-%a+: has no mnemonic" }

local unnamed = {}

local function look(where)
    for line in lint():gmatch("[^\n]+") do
        local known = false
        for _, pattern in ipairs(usual) do
            known = known or line:find(pattern) ~= nil
        end
        if not known then
            table.insert(unnamed, where .. ": " .. line)
        end
    end
end

test("everything in every window has a name, a word for screen readers, and a key", function()
    look("Data, empty")
    press("Ctrl+2")
    look("Run, empty")
    press("Ctrl+3")
    look("Compare, empty")
    choose("#project-tree", "Fetches")
    look("Fetches, empty")
    steps.add("kinds.csv", 50)
    look("Data")
    choose("#data-tables", "Rows (50)")
    look("Rows")
    steps.choose_target("kind")
    click("#data-train")
    check("#new-run-more")
    look("New Run")
    click("#new-run-cancel")
    steps.train(2)
    expect("#run-state"):to_have_text("finished")
    look("Run")
    choose("#run-details", "Notes")
    look("Notes")
    for keys, name in pairs({ ["Ctrl+J"] = "events", ["Ctrl+N"] = "fetch-dialog", ["Ctrl+,"] = "settings-dialog", ["Ctrl+P"] = "predict",
        ["F1"] = "keys" }) do
        press(keys)
        expect("#" .. name):to_be_focused()
        look(name)
        press("Escape")
        expect("#" .. name):to_be_hidden()
    end
    menu("Help/Live View")
    look("Live View")
    click("#live-close")
    expect("#live-view"):to_be_hidden()
    press("Ctrl+3")
    look("Compare")
    steps.show_run("kinds 1")
    press("Ctrl+1")
    steps.run({ rounds = 100000 })
    expect("#job-stop"):to_be_enabled()
    look("a job")
    click("#job-kill")
    expect("#job-stop"):to_be_hidden()
    same(table.concat(unnamed, "\n"), "")
end)
