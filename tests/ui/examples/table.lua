-- table.c: a million rows, sorted and edited.
test("a million rows are there, and the last of them", function()
    expect("QTableView"):to_have_rows(1000000)
    expect("QTableView item(5, 2)"):to_have_text("16")
    expect("QTableView item(1000000, 2)"):to_have_text("999998000001")
    click("QTableView item(1000000, 1)")
    expect("QStatusBar"):to_have_text("Row 1000000: 999999")
end)

test("a note is edited, and goes with its number", function()
    double_click("QTableView item(2, 3)")
    fill("QTableView QLineEdit", "second")
    press("Return")
    expect("QTableView item(2, 3)"):to_have_text("second")
    double_click("QTableView item(2, 1)")
    expect("QTableView QLineEdit"):to_be_hidden() -- numbers cannot be edited
    click('QTableView header("Number")')
    if text("QTableView item(1, 1)") == "0" then
        click('QTableView header("Number")')
    end
    expect("QTableView item(1, 1)"):to_have_text("999999")
    expect("QTableView item(999999, 3)"):to_have_text("second")
end)
