# The framing of a stream: three rows on one axis

framing-title = Framing
framing-empty = Start a server and a client, then send something: here you see how the stream is cut into messages
framing-no-connection = This endpoint has no connection yet: select another one, or connect
framing-nothing-yet = Nothing was sent to { $name } on this connection yet: send something, or look the other way
framing-nothing-received = { $name } received nothing on this connection yet
framing-cut-by = Cut by
framing-kind = Kind of framing
framing-raw = Raw
framing-raw-tip = What each recv returns is a message: cuts depend on chance
framing-fixed = Fixed size
framing-fixed-tip = Each message has so many bytes
framing-delimiter = Delimiter
framing-delimiter-tip = Each message ends with these bytes
framing-length = Length first
framing-length-tip = A length stands before each message
framing-length-brief = { $name } u{ $bits } { $order }{ $itself }
framing-until-close = Until close
framing-until-close-tip = One message: everything until the peer closes
framing-big = big-endian
framing-little = little-endian
framing-size = Bytes of each message
framing-size-tip = Every message has exactly so many bytes
framing-most = Longest message
framing-most-tip = A longer message is an error: without a limit a peer could fill the memory
framing-delimiter-field = Delimiter bytes
framing-delimiter-field-tip = 1 to 64 bytes, as text with the escapes \n \r \t \0 \xHH
framing-width = Bytes of the length
framing-width-tip = How many bytes the length itself has
framing-width-bytes = { $width } B
framing-order = Byte order
framing-order-tip = Big-endian is network order (RFC 1700); little-endian is how most processors hold numbers
framing-counts-itself = counts itself
framing-counts-itself-tip = Whether the length counts its own bytes too
framing-use = Use it
framing-use-tip = The endpoint cuts by { $framing } from now on; undo takes it back
framing-back = Back
framing-back-tip = Shows the endpoint's own framing again: { $framing }
framing-edit = Framing
framing-row-sent = { $name } sends
framing-row-sent-tip = What the application at { $name } gave to each send
framing-row-received = recv({ $fd }) returns
framing-row-received-tip = What each receiving call of { $name } returned: TCP keeps the order of bytes, not the borders of sends
framing-row-messages = messages
framing-row-messages-tip = What the framing makes of the bytes that { $name } received; hatched parts are headers and delimiters
framing-row-datagrams = datagrams
framing-datagrams = Datagrams are messages already: one send, one datagram, one receive; a lost one moves the rows apart
framing-peer-outside = The peer is no endpoint of this lab: what its application sent is not known
framing-sends = { $n ->
    [one] 1 send
   *[other] { $count } sends
}
framing-receives = { $n ->
    [one] 1 receive
   *[other] { $count } receives
}
framing-messages = { $n ->
    [one] 1 message
   *[other] { $count } messages
}
framing-coalesced = the newest recv brought bytes of { $n } sends
framing-split = the newest send came in { $n } receives
framing-block-sent = Sent { $len } at byte { $at }
framing-block-received = Received { $len } at byte { $at }
framing-block-message = Message of { $len } at byte { $at }
framing-tip-stretch = { $len } B, stream bytes { $from } to { $to }
framing-tip-extra = and { $bytes } bytes of header or delimiter
framing-tip-complete = complete with recv({ $fd })
framing-tip-click = Click selects the record in the traffic log
framing-many = { $count } blocks: zoom in to see each
framing-waits = { $bytes } wait for the rest
framing-broken = Byte { $at }: { $why }
framing-not-kept = the log kept only the front of what this call moved
framing-error-too-long = a message of { $len } bytes or more, at most { $most } are allowed; nothing is cut after it
framing-error-shorter = a length of { $len } that counts itself, yet has { $width } bytes itself; nothing is cut after it
framing-error-unfinished = the stream ended inside a message, after { $have } of its bytes
framing-error-wrong-size = a message of { $len } bytes where each has { $size }
framing-error-holds-delimiter = the message holds the delimiter at byte { $at }
framing-error-length-too-big = a length of { $len } does not fit { $width } bytes
framing-reading = reading the log…
framing-missing = The log lost { $bytes } bytes of this stream: places count from its first kept row, and cuts after a gap may be wrong
framing-not-whole = The log no longer has the beginning of this stream: places count from the first kept row, and the rows may not line up
framing-plot = The stream in bytes: drag moves it, the wheel zooms
framing-byte = { $n }
framing-zoom-in = Zoom in
framing-zoom-in-tip = Shows fewer bytes
framing-zoom-out = Zoom out
framing-zoom-out-tip = Shows more bytes
framing-reset = Fit
framing-reset-tip = Fits the newest blocks and follows
framing-follow = Follow the newest byte
framing-follow-tip = Moves on as bytes arrive, or stays where it is
framing-other-way = The other way
framing-other-way-tip = Selects the other end of this connection: what it receives
framing-changed = The framing was changed at byte { $at }: from there on { $framing }, before it as it was then
framing-changed-unseen = The framing was changed while this panel was not shown: where is not known, and nothing is cut in between; from byte { $at } on { $framing }
framing-change = From byte { $at } on: { $framing }
framing-change-unseen = From byte { $at } on it is not known which framing was in force
