# How bytes become messages and go through the socket

messages-title = Messages and socket
messages-tip = How the stream is cut, what is answered by itself, and how bytes go through the socket. A running endpoint takes changes at once
messages-edit = Change messages and socket
messages-edit-framing = Change the framing
messages-edit-rules = Change the answers
messages-edit-cast = Change broadcast and multicast

messages-framing = Framing
messages-framing-tip = How the received stream is cut into messages, and its own ones are marked
messages-framing-raw-tip = What one recv() returns is taken as it is
messages-framing-fixed-tip = Every message has the same size
messages-framing-delimiter-tip = Each message ends with certain bytes
messages-framing-length-tip = The length stands before each message
messages-framing-until-close-tip = One message: everything until the peer ends its side
messages-size = Size
messages-size-tip = Bytes of each message
messages-delimiter = Delimiter
messages-delimiter-tip = Text with \n \r \t \0 \xHH \\; it is no part of the message
messages-delimiter-size = A delimiter has 1 to { $most } bytes
messages-length = Length
messages-length-tip = How many bytes the length itself has
messages-length-bytes = { $count ->
    [one] 1 byte
   *[other] { $count } bytes
}
messages-order = Order of the length
messages-order-tip = Big-endian is network order
messages-itself = The length counts itself
messages-itself-tip = Whether the length includes its own bytes
messages-most = At most
messages-most-tip = A longer message ends the connection with an error; so much is held at most
messages-counts = { $received } received, { $sent } sent, { $answered } answered by a rule
messages-broken = { $count ->
    [one] 1 connection broke the framing
   *[other] { $count } connections broke the framing
}

messages-answers = Answers by itself
messages-answers-tip = The first rule that matches a message answers it; else the service is asked
messages-answers-none = No rule: the service answers
messages-rule-add = Add a rule
messages-rule-add-tip = A rule after the others
messages-rule-on = Rule { $n }
messages-rule-on-tip = Whether the rule is asked
messages-rule-when = Rule { $n } is for
messages-rule-text = Rule { $n } looks for
messages-rule-answer = answers
messages-rule-reply = Answer of rule { $n }
messages-rule-up = Rule { $n } up
messages-rule-up-tip = Asked earlier
messages-rule-down = Rule { $n } down
messages-rule-down-tip = Asked later
messages-rule-remove = Remove rule { $n }
messages-rule-remove-tip = Takes the rule out; undo brings it back

messages-wire = Through the socket
messages-wire-tip = How much one recv() takes, and how sends leave
messages-recv = One recv
messages-recv-tip = Bytes one recv() may return, from 1
messages-recv-zero = the usual 64 KiB
messages-nagle = Nagle’s algorithm
messages-nagle-tip = TCP_NODELAY off: small segments wait while one is not acknowledged (RFC 896)
messages-cork = Only full segments
messages-cork-tip = TCP_CORK (Linux) or TCP_NOPUSH: what is less than a segment waits, at most 200 ms
messages-piece = Pieces
messages-piece-tip = A send goes out in pieces of so many bytes
messages-piece-zero = all at once
messages-piece-pause = Between two
messages-piece-pause-tip = Pause between two pieces, in milliseconds

messages-cast = Broadcast and multicast
messages-cast-tip = Options of the datagram socket
messages-broadcast = Broadcast allowed
messages-broadcast-tip = SO_BROADCAST: without it a send to a broadcast address fails with EACCES
messages-groups = Groups
messages-groups-tip = Multicast groups it joins, such as 239.1.2.3 or ff02::114%lo; the interface stands after %
messages-group-wrong = “{ $text }” is no multicast group: 224.0.0.0/4 or ff00::/8, with the interface after %
messages-groups-many = At most { $most } groups
messages-joined = joined { $group }
messages-interface = Interface
messages-interface-tip = Through which its multicast leaves: an address of it (IPv4) or its name; empty lets the system choose
messages-interface-wrong = An interface has no control characters
messages-ttl = Hops
messages-ttl-set = set
messages-ttl-tip = IP_MULTICAST_TTL: how many hops its multicast may take; 0 stays on this machine
messages-loopback = Loopback
messages-loopback-tip = IP_MULTICAST_LOOP: whether its multicast comes back to this machine
messages-system = the system’s choice
messages-on = on
messages-off = off
