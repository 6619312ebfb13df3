-- For runner.py: one program for two tests, which does not end well
shared()

test("goes well", function()
    click("#go")
end)

test("prepares an end", function()
    call("#subject", "endBadly")
end)
