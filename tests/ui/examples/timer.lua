-- timer.c: a stopwatch.
test("runs by itself, is stopped, put back, and started", function()
    local time = "QLabel"
    expect(time):not_to_have_text("0:00.0")
    click('QPushButton:text("Stop")')
    expect('QPushButton:text("Start")'):to_be_visible()
    click('QPushButton:text("Reset")')
    expect(time):to_have_text("0:00.0")
    click('QPushButton:text("Start")')
    expect(time):not_to_have_text("0:00.0")
end)
