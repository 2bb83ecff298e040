# the backlog theatre
backlog-title = Backlog theatre
backlog-comma = {", "}
backlog-between = {" "}
backlog-seconds = { $n } s
backlog-unknown = an unknown number
backlog-which = Server
backlog-which-tip = Whose queue is shown; selects it everywhere
backlog-about-tip = Name, address in force, I/O model and service of this server
backlog-opening-by-hand = clients connect by hand
backlog-opening-burst = { $n ->
    [one] 1 client
   *[other] { $count } clients, all at once
    }
backlog-opening-every = { $n ->
    [one] 1 client
   *[other] { $count } clients, { $ms } ms apart
    }

# the sentence
backlog-now-full = The queue is full, so the kernel drops every further SYN.
backlog-now-refuses = The queue is full, so the system refuses every further client.
backlog-now-taken = { $places } of { $places } places are taken: listen({ $n }) holds n + 1.
backlog-now-unix-full = { $places } of { $places } places are taken: a blocking connect waits, a non-blocking one gets EAGAIN.
backlog-now-paused = Accepting is paused: clients connect all the same, the kernel answers for the server.
backlog-now-paused-nobody = Accepting is paused, and nobody waits yet.
backlog-now-free = A place is free, but who was dropped gets in only at its next SYN.
backlog-now-half-open = Handshakes are half done: the clients say connected, the kernel still waits.
backlog-now-paced = The server accepts one client each { $ms } ms.
backlog-now-busy = { $n ->
    [one] One client is connected and waits for the server to call accept().
   *[other] { $count } clients are connected and wait for the server to call accept().
    }
backlog-now-nobody = Nobody waits.

# the line below it
backlog-makes = { $places ->
    [one] listen({ $n }) makes 1 place.
   *[other] listen({ $n }) makes { $count } places.
    }
backlog-makes-clamped = listen({ $asked }) was cut to { $n } by { $by }, which makes { $places } places.
backlog-makes-untold = listen({ $n }) was called; this system does not tell how many places that makes.
backlog-believe = { $n ->
    [one] { $who } believes it is connected, yet the server has not met it.
   *[other] { $who } believe they are connected, yet the server has not met them.
    }
backlog-believe-outside = { $n ->
    [one] A program outside this lab waits in the queue.
   *[other] { $n } programs outside this lab wait in the queue.
    }
backlog-retry-themselves = { $n ->
    [one] { $who } retries by itself.
   *[other] { $who } retry by themselves.
    }
backlog-block-in-connect = { $n ->
    [one] { $who } sleeps in connect().
   *[other] { $who } sleep in connect().
    }
backlog-gave-up = { $n ->
    [one] 1 client was turned away.
   *[other] { $count } clients were turned away.
    }
backlog-client = Client { $n }
backlog-clients = Clients { $a } to { $b }
backlog-clients-two = Clients { $a } and { $b }
backlog-clients-many = { $count } clients
backlog-outsider = A program outside this lab

# outside
backlog-outside-title = Outside: SYN_SENT
backlog-outside-title-unix = Outside: in connect()
backlog-outside-nobody = nobody calls
backlog-outside-count = { $n ->
    [one] 1 client, no answer yet
   *[other] { $count } clients, no answer yet
    }
backlog-outside-unix = { $n ->
    [one] 1 client, no place yet
   *[other] { $count } clients, no place yet
    }
backlog-outside-to-come = { $says }, { $n } to come
backlog-retry = retry in { $time }
backlog-calls = calls for { $time }
backlog-blocks = waits { $time }
backlog-sent = { $n ->
    [one] SYN sent once
    [2] SYN sent twice
   *[other] SYN sent { $n } times
    }
backlog-no-place = connect() sleeps
backlog-asked = { $n ->
    [one] EAGAIN once
   *[other] EAGAIN { $n } times
    }
backlog-refused = refused
backlog-timed-out = timed out
backlog-broken = broken off
backlog-errno-after = { $errno } after { $time }
backlog-errno-at-once = { $errno } at once
backlog-left-after = closed after { $time }
backlog-more = + { $n } more
backlog-more-next = + { $n } more, next in { $time }
backlog-more-lost = + { $n } turned away

# kernel
backlog-kernel-title = Kernel: accept queue
backlog-taken = { $n } of { $places } places taken
backlog-taken-untold = { $n } waiting, limit not told
backlog-free = free
backlog-waiting = waiting
backlog-stranger = outside
backlog-last-in = last in
backlog-next-out = next out
backlog-behind = { $n } of the { $places } places behind are taken
backlog-syn-queue = SYN queue
backlog-bytes-short = { $bytes } wait here for recv()
backlog-no-syn-queue = No SYN queue: connect() goes straight in
backlog-half-open = { $n } half-open
backlog-half-open-of = { $n } of { $places } half-open
backlog-half-open-untold = half-open: not told here
backlog-forgotten = { $count } more believe they are connected: their last ACK was dropped and the kernel keeps nothing of them
backlog-forgotten-short = { $count } more: last ACK dropped, nothing kept
backlog-claim = The client side already says ESTABLISHED and may send
backlog-claim-short = Clients already say ESTABLISHED
backlog-claim-unix = Who stands here is connected and may write
backlog-claim-nobody = Whoever comes is connected before accept() is called
backlog-claim-nobody-short = Connected before accept()
backlog-bytes-inside = { $n ->
    [one] { $bytes } of 1 client wait here for the first recv()
   *[other] { $bytes } of { $count } clients wait here for the first recv()
    }

# server
backlog-server-title = Server: accept()
backlog-pace-eager = as soon as it can
backlog-pace-every = one each { $ms } ms
backlog-pace-paused = paused
backlog-next-accept = next accept in
backlog-gate = accept() is
backlog-at-once = open
backlog-held = paused
backlog-accepts = accepts
backlog-serves-nobody = nobody is being served
backlog-serves-nobody-short = 0 being served
backlog-serves = { $n ->
    [one] being served
   *[other] { $count } being served
    }
backlog-plus = +{ $n }
backlog-done-nobody = nobody was served yet
backlog-done = served, closed
backlog-done-count = { $n } served, closed
backlog-done-short = { $n } served

# what a screen reader says and a tooltip shows
backlog-server = { $name }: click to select this server
backlog-place = Place { $n } of { $places }: { $says }
backlog-says-free = free
backlog-says-stranger = a program outside this lab waits
backlog-says-retries = { $n ->
    [one] { $who } has sent its SYN once; the kernel sends it again in { $time }
   *[other] { $who } gets no answer: its SYN was sent { $n } times, and goes out again in { $time }
    }
backlog-says-calls = { $n ->
    [one] { $who } has sent its SYN and waits for an answer for { $time }
   *[other] { $who } has sent its SYN { $n } times and waits for an answer for { $time }
    }
backlog-says-blocks = { $who } sleeps in connect() for { $time }, until a place is free
backlog-says-asks = { $who } finds no place: connect() answered EAGAIN { $n } times in { $time }, and it asks again
backlog-says-half-open = { $who } believes it is connected for { $time }; the server's kernel has not finished the handshake
backlog-says-forgotten = { $who } believes it is connected for { $time }; its last ACK was dropped, and the server's kernel keeps nothing of it
backlog-says-queued = { $who } believes it is connected; nobody has accepted it for { $time }
backlog-says-inside = { $who } believes it is connected; nobody has accepted it for { $time }, and { $bytes } that it sent wait in the kernel
backlog-says-served = { $who } was accepted and is being served
backlog-says-served-by = { $who } is being served: accept() returned { $fd }
backlog-says-done = { $who } was served; its connection is closed
backlog-says-refused = { $who } was refused: { $why }
backlog-says-timed-out = { $n ->
    [one] { $who } gave up: its SYN was never answered, { $why }
   *[other] { $who } gave up: its SYN was sent { $n } times and never answered, { $why }
    }
backlog-says-broken = { $who } is gone before anybody accepted it: { $why }
backlog-hint = Click to select this connection
backlog-hint-queued = The order is derived: by when each connect returned. Click to select this connection
backlog-hint-inside = Bytes { $source }. The order is derived: by when each connect returned. Click to select this connection
backlog-hint-measured = Measured: the kernel's timer of this socket (inet_diag). Click to select this connection
backlog-hint-derived = Derived: connect has not come back. Click to select this connection
backlog-figure = { $words }, { $source }
backlog-measured = measured: { $source }
backlog-derived = derived: { $source }
backlog-tip-outside = Clients whose connect() has not come back. The kernel sends a dropped SYN again by itself, each time after a longer pause
backlog-tip-queue = Connected by the kernel and not yet taken by accept(). On Linux listen(n) holds n + 1
backlog-tip-both = Worked out from both ends (connects completed − accepts): { $n }
backlog-tip-limit = listen({ $asked }) was asked for, { $n } is in force; this system allows { $most } ({ $by })
backlog-tip-asked = listen({ $asked }) was asked for
backlog-tip-order = accept() takes who came first; a new client goes to the end, at the left. The order is derived: by when each connect returned at the client
backlog-tip-syn = Half-open (SYN_RECV): the SYN was answered, the client's ACK is not accepted yet. This queue is cut at the same number
backlog-tip-claim = connect() has returned at the client: nothing tells it that accept() was not called yet
backlog-tip-pace = When the server calls accept(); set under Controls
backlog-tip-gate = The gate before accept() opens at this moment; the queue goes on without it
backlog-tip-done = Clients that were accepted and whose connection is closed, the latest at the right
backlog-tip-rest = Places behind the front, filled from the right

# nothing to show
backlog-empty-lab = The theatre shows how clients wait before accept(). Add a server that listens
backlog-empty-add = Add a TCP server
backlog-empty-add-tip = Adds a TCP echo server to the lab; starting it calls socket, bind and listen
backlog-empty-datagram = { $name } receives datagrams: nobody connects, so there is no queue before accept(). Choose a TCP or Unix stream server
backlog-empty-show = Show { $name }
backlog-empty-show-tip = Selects { $name }, which listens
backlog-empty-stopped = { $name } does not run, so the kernel holds no queue for it. Starting it calls listen({ $n })
backlog-empty-failed = { $name } could not listen: { $why }
backlog-empty-starting = { $name } is starting
backlog-empty-stopping = { $name } is stopping; the kernel resets who still waits
backlog-empty-start = Start { $name }
backlog-empty-start-tip = Calls socket, bind and listen for { $name }
backlog-nobody-lab = No client of this lab comes here. Add one and start it
backlog-nobody-add = Add a client
backlog-nobody-add-tip = Adds a client of { $name } to the lab; starting it calls connect
backlog-nobody-started = The queue stands open and nobody comes. Start a client
backlog-nobody-start = Start { $name }
backlog-nobody-start-tip = Starts { $name }: each of its connections calls connect
backlog-nobody-start-all = Start the clients
backlog-nobody-start-all-tip = Starts { $name } and the other clients of this server: each of their connections calls connect
backlog-nobody-opened = The queue stands open. Open a connection by hand
backlog-nobody-open = Connect one client
backlog-nobody-open-tip = Opens one more connection of { $name }: calls connect
