-- Figures of single steps; run by bench_pilot.sh on the subject of tests/pilot.

local function percentile(values, part)
    table.sort(values)
    return values[math.max(1, math.ceil(#values * part))]
end

test("a click and what is expected of it", function()
    local times = {}
    for i = 1, 2000 do
        local began = now()
        click("#agreed")
        expect("#agreed:" .. (i % 2 == 1 and "checked" or "enabled")):to_be_visible()
        times[i] = now() - began
    end
    print(("figure pilot.click_expect_ms_p50 %.3f ms"):format(percentile(times, 0.5)))
    print(("figure pilot.click_expect_ms_p99 %.3f ms"):format(percentile(times, 0.99)))
    expect("#agreed"):not_to_be_checked()
end)

test("a thousand steps", function()
    local began = now()
    for i = 1, 250 do
        fill("#name", "n" .. i % 10)
        click("#go")
        expect("#log"):to_contain_text("n" .. i % 10)
        expect("#go"):to_be_enabled()
    end
    print(("figure pilot.thousand_steps_s %.3f s"):format((now() - began) / 1000))
end)

test("from the start to the first step", function()
    local times = {}
    for i = 1, 30 do
        call("#subject", "leave", 0)
        wait_for_exit()
        local began = now()
        restart()
        expect("#go"):to_be_visible()
        times[i] = now() - began
    end
    print(("figure pilot.start_to_first_step_ms %.1f ms"):format(percentile(times, 0.5)))
end)
