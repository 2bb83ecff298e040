# queue and clients on one clock

arrivals-title = Queue and clients
arrivals-about = same clock for both
arrivals-no-server = Add a server that listens; its queue and its clients stand here on one clock
arrivals-stopped = { $name } does not run. Start it and its clients: the queue and each connect stand here on one clock
arrivals-datagrams = { $name } receives datagrams: nobody connects, so there is no queue before accept()
arrivals-nobody = Nobody has come yet. Start a client, or press Client under Controls
arrivals-queue = Queue
arrivals-length = length
arrivals-client = Client
arrivals-outside = outside
arrivals-now = now { $time } s
arrivals-mark = { $n } s
arrivals-limit = limit { $places } = listen({ $n }) + 1
arrivals-limit-far = limit { $places } = listen({ $n }) + 1, far above
arrivals-limit-other = limit { $places } of listen({ $n })
arrivals-limit-untold = listen({ $n }): the limit is not told here
arrivals-took = connect took
arrivals-chart = Queue over time: { $n } of { $places } now, { $limit }
arrivals-at = At { $time } s: { $n } of { $places } places taken
    half-open { $half }, accepted { $accepted }, drops { $drops }
    { $source }
arrivals-dropped = SYN dropped ({ $n })
arrivals-dropped-tip = SYNs that found the queue full: the kernel dropped them, and the client's kernel sends them again by itself
arrivals-again = no place ({ $n })
arrivals-again-tip = connect() found the queue of the Unix socket full and got EAGAIN; it was called again
arrivals-queued = in the queue
arrivals-queued-tip = From connected to accepted; dashed: half-open, the client believes it is connected and the kernel still waits; dotted line: the kernel keeps nothing of it
arrivals-served = accepted, served
arrivals-served-tip = From accept() to the end of the connection
arrivals-to-come = to come
arrivals-to-come-tip = When the SYN goes out again, as the kernel's timer says
arrivals-stretch = Time shown
arrivals-stretch-tip = How much of the run is shown; now: { $now }
arrivals-stretch-auto = the run, then its last minute
arrivals-stretch-last = the last { $n } s
arrivals-stretch-minutes = the last { $n } min
arrivals-stretch-whole = the whole run
arrivals-says = { $who }: { $says }
arrivals-then = {"; "}
arrivals-says-dropped = { $n ->
    [one] 1 SYN dropped, at { $at } s
   *[other] { $n } SYNs dropped, at { $at } s
    }
arrivals-says-again = { $n ->
    [one] connect() found no place once, at { $at } s
   *[other] connect() found no place { $n } times, at { $at } s
    }
arrivals-says-connected = connect took { $time }
arrivals-says-half-open = believes it is connected, the server's kernel has not finished the handshake
arrivals-says-forgotten = believes it is connected, yet the server's kernel keeps nothing of it: its last ACK was dropped
arrivals-says-waits = in the queue for { $time }
arrivals-says-waited = was in the queue { $time }
arrivals-says-serves = served for { $time }
arrivals-says-served = was served { $time }
arrivals-says-lost = turned away after { $time }
arrivals-says-next = next SYN in { $time }
arrivals-says-calls = connect has not come back for { $time }
