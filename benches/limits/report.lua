-- What wrk measured, in one line of JSON; and, where REQUESTS names a script, the requests to send.
local script = os.getenv("REQUESTS")
if script then dofile(script) end

function done(summary, latency, requests)
   local errors = summary.errors
   local failed = errors.connect + errors.read + errors.write + errors.status + errors.timeout
   io.write(string.format(
      '\nMEASURED {"requests":%d,"microseconds":%d,"p50":%d,"p99":%d,"failed":%d}\n',
      summary.requests, summary.duration, latency:percentile(50), latency:percentile(99), failed))
end
