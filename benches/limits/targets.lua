-- Asks for the lines of a file by chance: a path and a query each.
local number_of_threads = 0
function setup(thread)
   number_of_threads = number_of_threads + 1
   thread:set("number", number_of_threads)
end

local targets = {}
for line in io.lines(os.getenv("TARGETS")) do
   targets[#targets + 1] = line
end

function init(arguments)
   math.randomseed(number)
end

-- how much more often the first ones are asked for than the last ones: 1 for alike
local skew = tonumber(os.getenv("SKEW") or "1")

function request()
   local chosen = math.floor(#targets * math.random() ^ skew) + 1
   return wrk.format("GET", targets[chosen])
end
