-- startup.c: a staged start whose optional stage fails here, as there is no news.txt.
test("the start asks what to do, tries again, and goes on without", function()
    expect('QMessageBox QLabel:contains("Cannot read news.txt")'):to_be_visible()
    click('QMessageBox QPushButton:text("Retry")')
    expect('QMessageBox QLabel:contains("Cannot read news.txt")'):to_be_visible()
    click('QMessageBox QPushButton:text("Continue Without")')
    expect(window("A staged start")):to_be_visible()
    window("A staged start"):expect("QLabel"):to_have_text("1204 rows\nNo news.")
end)

test("Quit ends it", function()
    click('QMessageBox QPushButton:text("Quit")')
    wait_for_exit()
end)
