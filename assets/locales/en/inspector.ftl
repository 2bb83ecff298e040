# The inspector

inspector-title = Inspector
inspector-nothing = Select a server, client or connection, or add one
inspector-add-server = Add a server
inspector-add-server-tip = Adds a TCP echo server, stopped; the menu has the other kinds
inspector-add-client = Add a client
inspector-add-client-tip = Adds a TCP client, stopped; the menu has the other kinds

inspector-start = Start
inspector-start-tip = Starts it: socket(), then bind() and listen(), or connect()
inspector-stop = Stop
inspector-stop-tip = Stops it: closes its sockets, ends its threads
inspector-finish = Finish
inspector-finish-tip = Stops accepting, finishes the connections it has, then stops. Stop closes them at once
inspector-restart = Restart
inspector-restart-tip = Stops it and starts it again on the same address with the settings below
inspector-never = Stopped
inspector-starting = Starting
inspector-stopping = Stopping
inspector-running = Running for { $span }
inspector-stopped = Stopped for { $span }
inspector-failed = Failed: { $failure }
inspector-listener = · listener is fd { $fd }
inspector-socket = · socket is fd { $fd }
inspector-stale = It runs with older settings
inspector-apply = Restart to apply

inspector-waits = How it waits
inspector-group-blocking = Blocking: one call, one wait
inspector-group-multiplexing = Multiplexing: one wait for many sockets
inspector-group-other = Non-blocking, signal, completion, tasks
inspector-missing = Not available on this system: { $reason }
inspector-no-datagrams = { $model } has no meaning for datagrams: { $reason }
inspector-switch-running = { $count ->
    [0] Switching keeps the address; no connection is open.
    [one] Switching keeps the address and closes 1 connection.
   *[other] Switching keeps the address and closes { $count } connections.
}
inspector-switch-stopped = Switching takes effect at the next start.
model-iterative = One thread serves one client at a time: it waits in recv until this client leaves, and the others stand in the accept queue.
model-threads = One thread waits in accept and makes a thread for each connection, which waits in its own recv.
model-poll = One thread sleeps in poll with the list of all sockets; after each wake-up it looks through the whole list.
model-epoll-lt = One thread sleeps in epoll_wait; the kernel returns only the sockets that are ready, and again until they are read empty.
model-kqueue = One thread sleeps in kevent; the kernel returns only the sockets that are ready.
service-echo = Sends back what it receives
service-upper = Sends back what it receives with a to z as A to Z
service-discard = Reads everything and answers nothing
service-greeter = Greets, answers “Hello, …” to each message, and leaves on exit
service-list-echo = Cuts what it receives at a delimiter, sends back complete items only, and keeps the unfinished rest
service-delayed = Sends back what it receives after a delay, in order
service-chargen = Sends rotating lines of characters without end; answers each datagram with 0 to 512 characters
service-daytime = Tells the time (UTC) and closes; answers each datagram with it
service-chat = Sends each line to all others with its sender’s address; quit leaves
service-manual = Answers nothing by itself and stays: you answer by hand
service-silent = Never reads: what peers send stays in the kernel until its buffers are full
service-slow-reader = Reads a few bytes at a time, discards them, and pauses
service-half-closer = Says goodbye, ends its side, and reads on
service-resetter = Resets each connection at its first bytes, or as soon as it opens
service-faulty = Echoes, and fails on messages that hold a certain word: that connection ends, the server goes on

inspector-is = What it is
inspector-client-is = Where it connects
inspector-transport = Transport
inspector-transport-tip = The kind of socket: socket(AF_INET or AF_UNIX, SOCK_STREAM or SOCK_DGRAM)
inspector-transport-tcp = TCP
inspector-transport-udp = UDP
inspector-transport-unix-stream = Unix stream
inspector-transport-unix-dgram = Unix datagram
inspector-address = Address
inspector-host = Host
inspector-host-tip = A name or a numeric IPv4 or IPv6 address; 127.0.0.1 is this machine only
inspector-port = Port
inspector-port-tip = 0 to 65535; 0 lets the system choose a free one at bind()
inspector-port-zero = the system will choose the port
inspector-port-chosen = the system chose { $port }
inspector-path = Path
inspector-path-tip = The socket file; made at bind(), removed at stop
inspector-service = Service
inspector-service-tip = What it answers to the bytes it receives
inspector-backlog = Backlog
inspector-backlog-tip = The n of listen(n): how many connections may wait to be accepted
inspector-pace = Accept pace
inspector-pace-tip = When it takes the next client out of the accept queue; changes on a running server at once
inspector-pace-eager = as fast as it can
inspector-pace-each = one each
inspector-pace-paused = paused
inspector-defer = Defer accept
inspector-defer-tip = TCP_DEFER_ACCEPT in seconds: a client is handed over when it has sent something, or after so long; takes effect at the next start
inspector-defer-off = off: handed over at once
inspector-backlog-linux = listen({ $n }) gives { $places } places
inspector-backlog-other = listen({ $n }) asks for { $n } places; the system may round it

inspector-target = Target
inspector-target-tip = A server of this lab (its address is followed, also a port the system chose), or any address
inspector-target-address = An address
inspector-target-gone = No server is named “{ $name }”. Choose another target
inspector-local = From
inspector-local-tip = bind() before connect(): the local address; empty lets the system choose
inspector-local-hint = the system chooses
inspector-timeout = Time-out
inspector-timeout-tip = How long one connect() may take, in milliseconds
inspector-timeout-zero = the system's own limit
inspector-connections = Connections
inspector-connections-tip = How many it opens when it starts, 0 to 5,000; with 0 each is opened by hand
inspector-connections-zero = each is opened by hand
inspector-every-open = One each
inspector-every-open-tip = Pause between two connects in milliseconds
inspector-every-open-zero = no pause
inspector-at-once = At once
inspector-at-once-tip = Connects under way at the same time. A host name with several addresses is tried by one connect first, which finds out which of them answers
inspector-at-once-zero = the usual number
inspector-syn = SYN retries
inspector-syn-tip = TCP_SYNCNT: how often a SYN is sent again before connect() gives up
inspector-syn-zero = the system's own number
inspector-reconnect = Reconnect by itself
inspector-reconnect-tip = Whether a refused or lost connection is tried again
inspector-reconnect-on = Tries again after 0.5 s, then waits twice as long each time, at most 10 s.
inspector-reconnect-off = One attempt; then it says why it failed.

inspector-live = Connections now
inspector-live-line = { $open } open, { $waiting } connecting
inspector-retry = retry { $attempt } in { $span }
inspector-count = How many
inspector-count-tip = How many connections the two buttons beside it open or close
inspector-open-more = Open { $n } more
inspector-open-more-tip = Opens more connections: socket(), connect(); at most { $max } in all
inspector-close-n = Close { $n }
inspector-close-n-tip = Closes the newest ones: close(), which sends FIN
inspector-close-all = Close all
inspector-close-all-tip = Closes every connection of this client: close(), which sends FIN
inspector-half-all = Half-close all
inspector-half-all-tip = shutdown(SHUT_WR) on every connection: sends FIN, still reads
inspector-reset-all = Reset all
inspector-reset-all-tip = SO_LINGER 0 and close() on every connection: sends RST

inspector-packet = Send a packet
inspector-to = to
inspector-to-name = Send to
inspector-to-tip = All connections that are open when each send is due, or one
inspector-to-all = { $count ->
    [0] all
    [one] all (1)
   *[other] all ({ $count })
}
inspector-body = What is sent
inspector-body-tip = Text with \n \r \t \0 \xHH \\, or pairs of hex digits; Ctrl+Enter (⌘+Enter) sends
inspector-file = File to send
inspector-file-tip = The path of the file whose bytes are sent, up to 16 MiB
inspector-preview-tip = Exactly the bytes that will be sent; the first 64 are shown
inspector-bytes = { $count ->
    [one] 1 byte
   *[other] { $shown } bytes
}
inspector-format-text = Text
inspector-format-text-tip = UTF-8 with the escapes \n \r \t \0 \xHH \\
inspector-format-hex = Hex
inspector-format-hex-tip = Pairs of hex digits; blanks between pairs are allowed
inspector-format-base64 = Base64
inspector-format-base64-tip = Base64 (RFC 4648): the standard alphabet or the one for URLs, with or without padding
inspector-format-file = File
inspector-format-file-tip = The bytes of a file
inspector-ending = Line ending
inspector-ending-tip = Appended to the text; \r\n as in HTTP, SMTP, FTP
inspector-ending-none = no ending
inspector-read-again = Read the file again
inspector-read-again-tip = Sent is what was read; reads the file anew
inspector-file-reading = reading the file…
inspector-file-none = Write the path of a file
inspector-file-failed = Cannot read the file: { $said }
inspector-file-not-regular = Not a regular file: a directory, pipe or device may never end. Choose a file
inspector-file-too-large = The file has { $bytes }; at most 16 MiB are sent at once
inspector-once = Once
inspector-once-tip = Sends one time
inspector-repeat = Repeat
inspector-repeat-tip = Sends every so many milliseconds, so many times
inspector-every = every
inspector-every-name = Pause between two sends
inspector-every-tip = In milliseconds; 0 sends as fast as the socket takes it
inspector-every-zero = as fast as possible
inspector-times = times
inspector-times-name = How often
inspector-times-tip = How many times it is sent; 0 goes on until stopped
inspector-times-zero = until stopped
inspector-on-connect = Send at connect
inspector-on-connect-tip = Starts sending as soon as it is connected
inspector-send = Send
inspector-send-tip = Hands the bytes to the kernel: send() or sendto(). Ctrl+Enter (⌘+Enter) in the editor does the same
inspector-send-stopped = Start it first
inspector-send-alone = No connection is open
inspector-send-empty = Nothing to send
inspector-send-bad = The packet has a mistake
inspector-stop-sending = Stop sending
inspector-stop-sending-tip = Ends the schedule; what was handed to the kernel stays sent
inspector-progress = { $done } of { $of } sent
inspector-progress-open = { $done } sent, until stopped

inspector-measured = Measured now
inspector-queue = accept queue
inspector-of = { $n } of { $of }
inspector-open = connections
inspector-peers = peers
inspector-wakeups = wake-ups
inspector-calls = calls
inspector-eagain = EAGAIN
inspector-unread = not yet read
inspector-source-measured = ● measured: { $place }
inspector-source-derived = ○ derived: { $place }

inspector-conn = Connection { $number }
inspector-conn-leave = Back to the endpoint
inspector-conn-leave-tip = Selects the endpoint that holds this connection
inspector-conn-gone = This connection ended a while ago and is no longer kept
inspector-conn-unread = { $bytes } not yet read
inspector-conn-unsent = { $bytes } not yet taken

inspector-edit-model = Change how it waits
inspector-edit-transport = Change transport
inspector-edit-address = Change address
inspector-edit-service = Change service
inspector-edit-backlog = Change backlog
inspector-edit-target = Change target
inspector-edit-local = Change local address
inspector-edit-timeout = Change time-out
inspector-edit-opening = Change how connections are opened
inspector-edit-defer = Change deferred accept
inspector-edit-connections = Change number of connections
inspector-edit-reconnect = Change reconnect
inspector-edit-packet = Change packet

inspector-time-us = { $n } µs
inspector-time-ms = { $n } ms
inspector-time-s = { $n } s
inspector-time-min = { $m } min { $s } s
inspector-time-h = { $h } h { $m } min
inspector-opening = How it opens them
inspector-opening-tip = In what order, how many at a time and how patiently the connections are opened
