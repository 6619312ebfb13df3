-- What several scripts do on the way to what they test.
local steps = {}

-- A table of so many rows whose column "kind" can be learnt from the other two
function steps.csv(rows)
    local lines, seed = { "length,width,kind" }, 7
    for i = 1, rows do
        seed = (seed * 1103515245 + 12345) % 2147483648
        local length, width = seed % 97 / 10, seed // 97 % 53 / 10
        lines[i + 1] = ("%.1f,%.1f,%s"):format(length, width, length > width and "long" or "wide")
    end
    return table.concat(lines, "\n") .. "\n"
end

-- Through the dialog of the File menu
function steps.add(name, rows)
    local path = file(name, steps.csv(rows))
    menu("File/Add File")
    fill("QFileDialog #fileNameEdit", path)
    press("Return") -- not the button, which is behind what the field suggests
    expect("#data-title", { limit = 20000 }):to_contain_text(name)
    expect("#data-train", { limit = 20000 }):to_be_enabled()
end

function steps.choose_target(column)
    choose("#data-target", column)
    click("#data-apply")
    expect("#data-apply"):not_to_be_enabled()
end

-- A run of so many rounds on what the Data page shows; its page is shown. What was chosen a moment ago reaches the open form.
function steps.train(rounds)
    click("#data-train")
    expect("#new-run-target"):to_contain_text("Target:")
    fill("#new-run-rounds", rounds)
    click("#new-run-start")
    expect("#new-run"):to_be_hidden()
    choose("#project-tree", "kinds 1")
    press("Ctrl+2")
    expect("#run-title"):to_contain_text("kinds 1")
end

return steps
