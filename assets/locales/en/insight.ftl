# One sentence about what a run shows, and why it is said

insight-lane-held = { $clients ->
    [one] A client waits for { $server }: its thread { $thread } has been held before { $call } for { $time }.
   *[other] { $clients_words } clients wait for { $server }: its thread { $thread } has been held before { $call } for { $time }.
}
insight-second-waits = { $waiting ->
    [one] A client waits behind { $served }: the only thread of { $server } has served it alone for { $time } and is in { $call }.
   *[other] { $waiting_words } clients wait behind { $served }: the only thread of { $server } has served it alone for { $time } and is in { $call }.
}
insight-queue-full = The accept queue of { $server } is full: { $waiting_words } of { $places_words } places are taken, so whoever calls now has to call again.
insight-unmet = { $clients ->
    [one] A client believes that it is connected, and { $server } has not met it: the kernel did not take the last ACK of its handshake.
   *[other] { $clients_words } clients believe that they are connected, and { $server } has not met them: the kernel did not take the last ACKs of their handshakes.
}
insight-edge-unread = { $unread } from { $peer } stay unread while { $server } has slept in { $call } for { $time }: edge-triggered, epoll told of it once.
insight-edge-unread-mistake = { $unread } from { $peer } stay unread while { $server } has slept in { $call } for { $time }: { $mistake } is on, so recv is called once for each event.
insight-edge-accept = { $waiting ->
    [one] A client waits in the accept queue while { $server } has slept in { $call } for { $time }: edge-triggered, epoll told of it once.
   *[other] { $waiting_words } clients wait in the accept queue while { $server } has slept in { $call } for { $time }: edge-triggered, epoll told of it once.
}
insight-edge-accept-mistake = { $waiting ->
    [one] A client waits in the accept queue while { $server } has slept in { $call } for { $time }: { $mistake } is on, so accept is called once for each event.
   *[other] { $waiting_words } clients wait in the accept queue while { $server } has slept in { $call } for { $time }: { $mistake } is on, so accept is called once for each event.
}
insight-write-interest = { $call } of { $server } comes back { $wakeups_words } times a second only because { $fd } has room, and nothing is sent: its write interest was never removed.
insight-descriptors = { $used_words } of the { $limit_words } descriptors of this process are in use ({ $percent_words } %), { $held_words } of them by { $server }.
insight-cut-off = { $server } disconnected { $peer }: more than { $limit } from others waited for it to read.
insight-herd = Each new connection of { $server } wakes { $each } of { $lanes_words } threads that wait for the same listener; one gets it, the others wake in vain.
insight-busy-polling = { $server } asks { $eagain_words } times a second in vain (EAGAIN), and its threads use { $cores } processor cores.
insight-many-threads = { $server } has { $threads_words } threads for { $open_words } connections, one for each; of { $shown_words } in view, { $asleep_words } sleep in a receive call.

insight-why = Why
insight-why-tip = { $figures }

    { $certainty }: { $source }
insight-figure = { $name }: { $value }
insight-source-lane-held = the gate, and the connections as they are counted
insight-source-second-waits = { $place }
insight-source-queue-full = { $place }
insight-source-unmet = connects completed − accepts − those in the accept queue
insight-source-edge-unread = { $place }
insight-source-edge-accept = { $place }
insight-source-write-interest = what the wait answered, how often it came back, and the sends
insight-source-descriptors = the sockets of all servers and clients; the limit is RLIMIT_NOFILE
insight-source-cut-off = the bytes in the server's own queue for this member
insight-source-herd = voluntary context switches − sleeps in other calls, for each accept
insight-source-busy-polling = calls that answered EAGAIN, and the processor time of the threads, over the last second
insight-source-many-threads = threads and connections as they are counted, and the calls of those in view
insight-figure-clients = Clients that wait
insight-figure-thread = Thread
insight-figure-call = Call
insight-figure-time = For
insight-figure-waiting = In the accept queue
insight-figure-places = Places in the accept queue
insight-figure-served = Served
insight-figure-unread = Unread
insight-figure-peer = From
insight-figure-wakeups = Wake-ups a second
insight-figure-fd = Descriptor
insight-figure-used = In use
insight-figure-limit = Limit
insight-figure-percent = Per cent
insight-figure-held = By this server
insight-figure-lanes = Threads at the listener
insight-figure-each = Woken for each accept
insight-figure-accepts = Accepts
insight-figure-switches = Voluntary context switches
insight-figure-eagain = EAGAIN a second
insight-figure-cores = Processor cores
insight-figure-threads = Threads
insight-figure-open = Connections
insight-figure-shown = Threads in view
insight-figure-asleep = Asleep in a receive call
