-- Clicks on a display, each seen to have arrived; run by bench_pilot.sh beside xdotool.
test("clicks", function()
    local count = 100
    local began = now()
    for i = 1, count do
        click("#agreed")
        expect(i % 2 == 1 and "#agreed:checked" or "#agreed"):to_be_visible()
    end
    print(("clicks_ms %.4f"):format((now() - began) / count))
    expect("#agreed"):not_to_be_checked()
end)
