-- wrk's part of the benchmark: sends the requests of a file, one a line, in a random order, and says what came of it.
--
-- A line is METHOD, PATH, entity tag and body, parted by tabs; the last two may be empty. All requests are made before the
-- clock begins. `{n}` in a body is counted up, so that a write changes something. With a place to begin at, they are sent
-- one after the other from there; with a pause, each connection waits for so many milliseconds between two.

local requests, bodies = {}, {}
local counted, count = false, 0
local place

function init(arguments)
    math.randomseed(tonumber(arguments[2]) or 1)
    place = tonumber(arguments[3])
    local pause = tonumber(arguments[4])
    if pause then delay = function() return pause end end
    for line in io.lines(arguments[1]) do
        local method, path, tag, body = line:match("^([^\t]*)\t([^\t]*)\t([^\t]*)\t(.*)$")
        local headers = {}
        for name, value in pairs(wrk.headers) do headers[name] = value end
        if tag ~= "" then headers["If-None-Match"] = tag end
        if body ~= "" then
            headers["Content-Type"] = "application/json"
            counted = true
            bodies[#bodies + 1] = { method, path, headers, body }
        else
            requests[#requests + 1] = wrk.format(method, path, headers)
        end
    end
end

function request()
    if place then
        place = place + 1
        return requests[(place - 1) % #requests + 1]
    end
    if not counted then return requests[math.random(#requests)] end
    count = count + 1
    local one = bodies[math.random(#bodies)]
    return wrk.format(one[1], one[2], one[3], (one[4]:gsub("{n}", count)))
end

function done(summary, latency)
    local errors = summary.errors
    print(string.format(
        "RESULT %d %d %d %d %d %d", summary.requests, summary.duration,
        errors.connect + errors.read + errors.write + errors.timeout, errors.status,
        latency:percentile(50), latency:percentile(99)))
end
