# The two phases of one read in the five classic models

phases-title = Two phases of one read
phases-about = who waits, and in which call
phases-waiting = 1  waiting for data
phases-copying = 2  copying
phases-has = process has it
phases-blocking = blocking
phases-blocking-tip = One call does both: it sleeps until data arrive, then copies them to the process
phases-non-blocking = non-blocking
phases-non-blocking-tip = The process asks again and again; each EAGAIN means that no data are there yet
phases-multiplexing = multiplexing
phases-multiplexing-tip = The process sleeps in one wait for many descriptors, then calls recv for each that is ready
phases-signal-driven = signal-driven
phases-signal-driven-tip = The process goes on; a signal says that data are there, then it calls recv
phases-asynchronous = asynchronous
phases-asynchronous-tip = The kernel waits and copies; the process is told when the bytes are already in its buffer
phases-asleep = asleep in { $call }
phases-pauses = asleep by itself
phases-runs-on = runs on
phases-by-the-kernel = by the kernel
phases-completion = completion
phases-data = data
phases-held = held
phases-held-many = { $n } held
phases-lanes = { $n } lanes
phases-said = { $name }: { $server }, { $waiting } waiting for data, { $copying } copying, { $has } in own code, { $held } held
