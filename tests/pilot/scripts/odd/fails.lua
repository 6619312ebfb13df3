-- For runner.py: tests that must not pass, each in its way.
test("a wrong text", function()
    expect("#log", { limit = 50 }):to_have_text("another")
end)

test("an unexpected warning", function()
    call("#subject", "warn")
end)

test("a modal left open", function()
    click("#ask")
end)

test("passes # and <is> fine", function()
    click("#go")
end)

test("skipped", function()
    skip("for a reason")
end)
