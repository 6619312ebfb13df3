-- checksum.c: worker processes read the files of a folder. The program is started with a folder of some files.
local summary = 'QLabel:contains("files")'

test("all files of the folder have a checksum", function()
    expect(summary):to_contain_text("Done: ")
    expect(summary):to_contain_text(", 0 without a checksum")
    expect('QTableView item("LICENSE.md")'):to_be_visible()
end)

test("another folder is read", function()
    local path = file("digits", "123456789")
    expect(summary):to_contain_text("Done: ")
    fill(':label("Folder")', path:match("^(.*)/"))
    press("Return")
    expect("QTableView"):to_have_rows(1)
    expect("QTableView item(1, 1)"):to_have_text("digits")
    expect("QTableView item(1, 3)"):to_have_text("cbf43926")
    expect("QTableView item(1, 4)"):to_have_text("Done")
    fill(':label("Folder")', path:match("^(.*)/") .. "/none")
    click('QPushButton:text("Start")')
    expect("QTableView"):to_have_rows(0)
    expect('QLabel:text("No such file or directory")'):to_be_visible()
end)
