-- For runner.py: a picture with letters
test("letters", function()
    fill("#name", "Ägypten – ½")
    click("#go")
    screenshot("letters", "#subject")
end)
