-- Passes at the second try: what is counted is the script's own
local tries = 0

test("now and then", function()
    tries = tries + 1
    same(tries, 2)
end)
