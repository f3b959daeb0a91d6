-- Files a service request with each request: its own name, its own Idempotency-Key.
local number_of_threads = 0
function setup(thread)
   number_of_threads = number_of_threads + 1
   thread:set("number", number_of_threads)
end

local run, service = os.getenv("RUN"), os.getenv("SERVICE")
local filed = 0
function request()
   filed = filed + 1
   local headers = {
      ["Content-Type"] = "application/json",
      ["Idempotency-Key"] = string.format("bench-%s-%d-%d", run, number, filed),
   }
   local body = string.format([[{"service_id":"%s","name":"মোছাঃ রহিমা খাতুন %d","address":"খালিশপুর, খুলনা",
      "mobile":"০১৭১১-১২৩৪৫৬","request":"প্রতিবেদনের কপি চাই।","documents_confirmed":true}]], service, filed)
   return wrk.format("POST", nil, headers, body)
end
