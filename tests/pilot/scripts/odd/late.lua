test("takes too long", function()
    wait_for(function()
        return false
    end, 60000)
end)
