-- What words.lua requires.
local helper = {}

function helper.double(number)
    return 2 * number
end

return helper
