-- For runner.py: a program of Bulkhead's crashes, which keeps a record of that
test("crashes", function()
    click("QPushButton")
    expect("QPushButton"):to_be_enabled()
end)
