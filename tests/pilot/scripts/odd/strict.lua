-- For runner.py: tests that would pass if what they say was not looked at closely
test("asks what has ended", function()
    call("#subject", "leaveSoon")
    expect("#nothing"):to_be_visible()
    same(wait_for_exit(), 0)
end)

test("catches a crash", function()
    pcall(call, "#subject", "crash")
end)

test("expects nothing", function()
    expect("#go")
end)

test("expects a name that nobody has given", function()
    expect("#name"):to_have_text(nmae)
end)

test("expects nil", function()
    expect("#name"):to_have_text(({}).text)
end)

test("expects the opposite", function()
    expect("#agreed"):to_be_checked(false)
end)

test("clicks nil", function()
    within("#subject"):click(({}).button)
end)

test("types nil", function()
    type("#name", nil)
end)

test("compares one", function()
    same(({}).a)
end)

test("writes elsewhere", function()
    screenshot("../elsewhere")
end)

test("waits for no number", function()
    wait_for("#go", "long")
end)

test("has a test in it", function()
    test("inner", function() end)
end)
