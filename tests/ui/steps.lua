-- What several scripts do on the way to what they test.
local steps = {}

-- Keys go to what is in front, and at first that is the splash screen
local function ready()
    expect("#main-window"):to_be_visible()
    expect("QSplashScreen"):to_be_hidden()
end

before(ready)

-- Ends the program, unless it has ended, and starts it again with what it has left
function steps.restart()
    restart()
    ready()
end

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

-- Through Qt's file dialog, which is open. What is typed there makes it list all files of the folders on the way, and /tmp may have many.
function steps.choose_file(path)
    set("QFileDialog #fileNameEdit", "text", path)
    press("Return")
    expect("QFileDialog"):to_be_hidden()
end

-- Through the dialog of the File menu; content may be a number of rows
function steps.add(name, content)
    local path = file(name, typeof(content) == "number" and steps.csv(content) or content)
    menu("File/Add File")
    steps.choose_file(path)
    expect("#data-title"):to_contain_text(name)
    expect("#data-train"):to_be_enabled()
    return path
end

function steps.choose_target(column)
    choose("#data-target", column)
    click("#data-apply")
    expect("#data-apply"):not_to_be_enabled()
end

-- A run, or several, on what the Data page shows: what stands in which field. What was chosen a moment ago reaches the open form. The page of
-- the first run comes by itself.
function steps.run(fields)
    click("#data-train")
    expect("#new-run-target"):to_contain_text("Target:")
    for name, text in pairs(fields) do
        fill("#new-run-" .. name, text)
    end
    click("#new-run-start")
    expect("#new-run"):to_be_hidden()
    expect("#run-title"):to_be_visible()
end

-- The page of the run that the tree has under that name
function steps.show_run(name)
    choose("#project-tree", name)
    press("Ctrl+2")
    expect("#run-title"):to_contain_text(name)
end

-- The first run on kinds.csv; its page is shown
function steps.train(rounds)
    steps.run({ rounds = rounds })
    steps.show_run("kinds 1")
end

-- A training that goes on until it is stopped, and has rounds to keep; its page is shown
function steps.train_on()
    steps.add("kinds.csv", 3000)
    steps.choose_target("kind")
    steps.train(100000)
    expect("#run-state"):to_have_text("running")
    expect("#run-progress-text"):not_to_contain_text("Round 0 of")
end

-- What stands in a file that the program writes, as soon as it is there
function steps.written(name)
    return wait_for(function()
        return read(name)
    end)
end

function steps.has(text, part)
    if not text:find(part, 1, true) then
        same(text, "a text with: " .. part)
    end
end

-- The program dies of a signal, and is started again; for scripts that run with beside.py
function steps.kill_program(signal)
    file("kill", signal)
    local fine, why = pcall(wait_for_exit)
    same(fine, false)
    steps.has(why.text, "was ended by signal")
    steps.restart()
end

return steps
