-- veto.c: a window that asks before it closes with unsaved text.
local question = "QMessageBox"

local function answer(button)
    click(('QMessageBox QPushButton:text("%s")'):format(button))
end

test("without text it closes", function()
    close("QMainWindow")
    same(wait_for_exit(), 0)
end)

test("with text it asks, and Cancel keeps it", function()
    fill("QPlainTextEdit", "a note")
    expect("QMainWindow"):to_have_property("windowModified", "true")
    close("QMainWindow")
    expect(question):to_be_visible()
    answer("Cancel")
    expect(question):to_be_hidden()
    expect("QPlainTextEdit"):to_have_text("a note")
    menu("File/Save")
    expect("QMainWindow"):to_have_property("windowModified", "false")
    close("QMainWindow")
    same(wait_for_exit(), 0)
end)

test_each({ "Save", "Discard" }, "%s closes", function(button)
    fill("QPlainTextEdit", "a note")
    close("QMainWindow")
    answer(button)
    same(wait_for_exit(), 0)
end)
