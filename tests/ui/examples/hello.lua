-- hello.c: a label, and a button that closes.
test("says hello, and closes by its button", function()
    expect("QLabel"):to_have_text("Hello from C.")
    click('QPushButton:text("Close")')
    same(wait_for_exit(), 0)
end)

test("closes by a key", function()
    press("Alt+C")
    same(wait_for_exit(), 0)
end)
