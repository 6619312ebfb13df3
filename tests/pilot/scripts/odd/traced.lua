-- For trace.py: a test of each kind, whose pages are looked at in a browser.
test("passes <b>&</b> 'so'", { warnings = { "odd" } }, function()
    fill("#name", "Ada")
    choose("#colour", "blue")
    click("#ask")
    fill("#answer", "yes")
    click('#ask-dialog QPushButton:text("OK")')
    call("#subject", "warn")
    local asked = 0
    wait_for(function()
        asked = asked + 1
        return text("#log") == "answered yes" and asked > 3
    end)
    menu("File/Recent/First")
    expect("#log"):to_have_text("first")
end)

test("fails at its third step", { limit = 300 }, function()
    expect("#log"):to_have_text("nothing yet")
    click("#agreed")
    click("#stage")
    click("#never reached")
end)

test("fails between its steps", function()
    click("#agreed")
    same(value("#agreed"), "neither")
end)

test("crashes", function()
    click("#agreed")
    call("#subject", "crash")
end)

test("skipped", function()
    skip("there is no need")
end)
