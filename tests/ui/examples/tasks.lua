-- tasks.c: three pools with different limits, and a stop for all that is left.
test("what is stopped is counted, and nothing is lost", function()
    click('QPushButton:text("Stop")')
    expect('QLabel:contains("finished")'):to_contain_text(", 0 failed, ")
    local finished, cancelled = text('QLabel:contains("finished")'):match("(%d+) finished, 0 failed, (%d+) cancelled")
    same(finished + cancelled, 72)
end)
