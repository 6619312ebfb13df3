test("crashes", function()
    call("#subject", "crash")
    click("#go")
end)

test("and goes on after it", function()
    click("#go")
end)
