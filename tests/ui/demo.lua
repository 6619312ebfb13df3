-- The demo does by itself what a user would.
arguments("--demo")

test("the demo fetches, trains, and compares", { limit = 60000 }, function()
    press("Ctrl+3")
    expect("#compare-table"):to_have_rows(12)
    menu("View/Data")
    expect('#project-tree item("iris.csv"):nth(1)'):to_be_visible()
end)
