-- For runner.py: the program starts another that leaves its process group and its parent
local function start()
    print("child " .. call("#subject", "spawn"))
end

test("late", function()
    start()
    wait_for(function()
        return false
    end, 60000)
end)

test("once", start)
