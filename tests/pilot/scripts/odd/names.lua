-- For runner.py: names and messages that formats must be careful with
test('a name\nof two lines, "quotes", <tags> & ]]>\1', function()
    click("#go")
end)

test("é # 1 \\ \\# 2", function()
    error("  \255\27[31m]]> and\n    more: |\n \127 é")
end)
