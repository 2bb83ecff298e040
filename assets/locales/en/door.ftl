# the door of a listening server: controls and counters

door-title = Controls
door-no-server = Add a server that listens; its backlog and its accept pace are set here
door-backlog = listen backlog
door-backlog-tip = The n of listen(n). A running server calls listen(n) again on the same socket
door-fewer = One place fewer
door-fewer-tip = Calls listen(n − 1) on the same socket; who stands in the queue stays there
door-more = One place more
door-more-tip = Calls listen(n + 1) on the same socket; who waits outside gets in at the next SYN
door-places = { $n ->
    [one] gives 1 place
   *[other] gives { $count } places
    }
door-places-short = { $n ->
    [one] 1 place
   *[other] { $count } places
}
door-force = asked { $asked }, in force { $n }; at most { $most } ({ $by })
door-force-cut = asked { $asked }, cut to { $n } by { $by } ({ $most })
door-force-plain = asked { $asked }, in force { $n }
door-force-untold = asked { $asked }; this system does not tell what is in force
door-most = at most { $most } here ({ $by })
door-will-cut = will be cut to { $most } by { $by }
door-most-untold = this system does not tell its maximum
door-pace = accept pace
door-eager = as it can
door-eager-tip = Calls accept() as soon as somebody waits
door-each = one each
door-each-tip = Calls accept() once each T ms: a gate before accept, under every I/O model
door-slide = Pause between two accepts
door-slide-tip = T: milliseconds between two accepts
door-pause-ms = Milliseconds between two accepts
door-edit-pace = Change accept pace
door-hold = Pause accepting
door-hold-tip = Closes the gate before accept(); clients connect all the same, as long as there are places
door-resume = Resume accepting
door-resume-tip = Opens the gate before accept() again, at the pace of before
door-one = Accept 1
door-one-tip = Lets one accept() through the gate, now or when somebody comes
door-one-stopped = Lets one accept() through the gate. Not now: the server does not run
door-one-eager = Lets one accept() through the gate. Not now: it accepts as fast as it can
door-client = Client
door-client-tip = Opens one more connection of this server's client: calls connect(). A client that does not run is started with this one alone
door-burst-count = Connections of a burst
door-burst-count-tip = How many connections the burst opens
door-burst = Burst of { $n }
door-burst-tip = Opens { $n } more connections of this server's client, as many at once as it may: calls connect() for each
door-send = Clients send
door-send-tip = Each client of this server sends its packet once on each open connection: calls send(). Who is not accepted sends into the kernel's buffer
door-send-none = Each client sends its packet once. Not now: no client of this server has an open connection
door-sleeps = A worker already sleeps in accept(): it takes one more client before the gate holds it.
door-counters = Counters
door-since = since its start { $time } ago
door-since-none = not running
door-not-running = The server does not run
door-untold = Not told here: { $why }
door-queue = accept queue
door-queue-field = accept queue ({ $field })
door-limit = its limit
door-limit-field = its limit ({ $field })
door-limit-plus = its limit (n + 1)
door-limit-plus-field = its limit ({ $field } + 1)
door-overflows = ListenOverflows
door-overflows-field = ListenOverflows ({ $field })
door-drops = ListenDrops
door-drops-field = ListenDrops ({ $field })
door-half-open = SYN_RECV, half-open
door-half-open-field = SYN_RECV, half-open
door-ends = connects − accepts
door-accept-rate = accept rate
door-arrival-rate = arrival rate
