-- One small test of the usual kind, for many runs of it; run by bench_pilot.sh.
test("as usual", function()
    fill("#name", "Ada")
    choose("#colour", "blue")
    click("#ask")
    click('#ask-dialog QPushButton:text("OK")')
    menu("File/Recent/First")
    expect("#log"):to_have_text("first")
end)
