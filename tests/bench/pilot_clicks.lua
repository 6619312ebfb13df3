-- Clicks on a display; run by bench_pilot.sh beside xdotool.
test("clicks", function()
    local count = 200
    local began = now()
    for _ = 1, count do
        click("#agreed")
    end
    print(("clicks_ms %.4f"):format((now() - began) / count))
    expect("#agreed"):not_to_be_checked()
end)
