-- counter.c: a worker that counts by itself, is stopped, starts again, and ends with its window.
local start, stop = 'QPushButton:text("Start")', 'QPushButton:text("Stop")'

-- It may have come to its end before it is stopped, where the machine is busy: then it is started again
local function stop_it()
    wait_for(function()
        if not pcall(click, stop, { limit = 100 }) then
            pcall(click, start, { limit = 100 })
            return false
        end
        expect(stop):to_be_disabled()
        return property("QProgressBar", "format") == "stopped"
    end)
end

test("is stopped, and starts again", function()
    stop_it()
    expect(start):to_be_enabled()
    click(start)
    expect("QProgressBar"):not_to_have_property("format", "stopped")
    stop_it()
end)

test("closes while it counts", function()
    close(window("Counter"))
    same(wait_for_exit(), 0)
end)
