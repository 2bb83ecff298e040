# stage
stage-title = Stage
stage-summary = { $servers ->
    [one] 1 server
   *[other] { $servers } servers
    }, { $clients ->
    [one] 1 client
   *[other] { $clients } clients
    }
stage-fit = Fit
stage-fit-tip = Enlarge the picture to fill the panel; off shows it at its natural size
stage-empty = Nothing to show yet. Add a server, then a client that connects to it
stage-empty-add = Add a TCP server
stage-empty-add-tip = Adds a TCP echo server to the lab; starting it calls socket, bind and listen
stage-seconds = { $n } s
stage-minutes = { $n } min
stage-hours = { $n } h
stage-comma = {", "}
stage-state-stopped = stopped
stage-state-starting = starting
stage-state-running = running
stage-state-stopping = stopping
stage-state-failed = failed
stage-press-start = Press Start to bind and serve
stage-nobody = No connection yet. Start a client, or connect from outside
stage-nobody-now = No connection now. Start a client, or connect from outside
stage-nobody-udp = No peer yet. Send it a datagram
stage-no-thread = no thread
stage-accept = accept
stage-waiting = { $n } waiting
stage-waiting-of = { $n } of { $places } waiting
stage-limit = limit { $places } = listen({ $n }) + 1
stage-limit-short = limit { $places }
stage-descriptor = descriptor
stage-receive-buffer = receive buffer
stage-send-buffer = send buffer
stage-connections = { $n ->
    [one] 1 connection
   *[other] { $figure } connections
    }
stage-to-read = { $bytes } to read
stage-to-send = { $bytes } to send
stage-at-work = moving bytes
stage-idle = idle for { $time }
stage-idle-untold = quiet for { $time }
stage-untold = not told by this system
stage-peer-ended = peer has ended
stage-local-ended = we have ended
stage-server-ended = server has ended
stage-end-orderly = both ends closed
stage-end-reset = reset by peer
stage-end-here = closed here
stage-end-service = closed by the service
stage-end-idle = idle for too long
stage-not-started = not started
stage-connecting = connecting
stage-waits = waits in the queue
stage-retry = retry in { $time }
stage-not-connected = not connected: { $cause }
stage-share-open = { $n } open
stage-share-waiting = { $n } not accepted yet
stage-share-peer-ended = { $n } ended by server
stage-share-connecting = { $n } connecting
stage-share-timed-out = { $n } timed out
stage-share-refused = { $n } refused
stage-share-failed = { $n } failed
stage-share-how = { $share } ({ $how })
stage-syn-sent = SYN sent, next in { $time }
stage-syn-again = SYN sent again
stage-syn-again-next = SYN sent again, next in { $time }
stage-eagain = EAGAIN, asks again
stage-show-all = click to show all
stage-more-clients = { $n } more
stage-outside = outside
stage-outside-program = outside program
stage-threads = { $n ->
    [one] 1 thread
   *[other] { $n } threads
    }
stage-last = last { $time }
stage-own-code = own code
stage-running = running
stage-asleep = asleep
stage-asleep-for = asleep for { $time }
stage-gone = ended
stage-before = before { $call }
stage-held = waits for Step
stage-lanes-in = { $n } in { $call }
stage-lanes-running = { $n } running
stage-more-lanes = and { $n } more: { $parts }
stage-tip-server = { $name }: { $address }, { $state }. Click to study it
stage-tip-queue = Connected by the kernel and not yet taken by accept. listen(n) holds n + 1 on Linux
stage-tip-measured = measured: { $source }
stage-tip-derived = derived: { $source }
stage-tip-row = { $fd }, { $peer }: { $words }. Receive buffer: { $unread }. Send buffer: { $unsent }. A tank fills by powers of ten and is full at 4 MB
stage-tip-client = { $name }: { $words }. Click to select it
stage-tip-more = Clients that do not fit. Click to show a token for each
stage-tip-outside = { $address }: a program outside this lab
stage-micros = { $n } µs
stage-millis = { $n } ms
stage-fold = Fold clients
stage-fold-tip = Shows idle clients as one stack again
stage-quiet = idle
