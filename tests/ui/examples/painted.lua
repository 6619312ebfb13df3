-- painted.c: a dial that paints itself, turned by a slider.
test("the slider turns the dial, and that is painted", function()
    local letters = { tolerance = 60, pixels = 900 } -- as much as they may differ by
    expect("Dial"):to_have_property("level", 62)
    compare("dial", "Dial", letters)
    press("QSlider", "Home")
    expect("Dial"):to_have_property("level", 0)
    compare("least", "Dial", letters)
    press("QSlider", "End")
    compare("most", "Dial", letters)
end)
