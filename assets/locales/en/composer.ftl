# The composer

composer-title = Composer
composer-nothing = Select a server or client to compose its packet
composer-of = packet of { $name }
composer-page-packet = Packet
composer-page-packet-tip = What is sent, and its bytes

composer-body = Payload
composer-body-tip = Text with \n \r \t \0 \xHH \\, pairs of hex digits, or base64; fields stand in double braces. Ctrl+Enter (⌘+Enter) sends
composer-encoding = Encoding
composer-encoding-tip = How characters become bytes; a character that it lacks is refused with its place
composer-framed = Framed: { $framing }
composer-framed-tip = Sent as one message of the endpoint’s framing, with its header or delimiter
composer-framing-raw = raw
composer-framing-fixed = fixed size
composer-framing-delimiter = delimiter
composer-framing-length = length before it
composer-framing-until-close = until close
composer-framing-too-long = The message has { $len } bytes; the framing allows { $most }
composer-framing-shorter = A length of { $len } counts its own { $width } bytes
composer-framing-unfinished = It ends inside a message, after { $have } bytes
composer-framing-wrong-size = The message has { $len } bytes; the framing sends { $size } each time
composer-framing-holds = The message holds the delimiter at byte { $at }: the peer would cut it in two
composer-framing-too-big = A length of { $len } does not fit its { $width } bytes
composer-fields-in-the-way = Its fields cannot be written in that format
composer-no-bytes = The bytes are shown when the payload has no mistake

composer-hex = Bytes in hex
composer-text = Bytes as text
composer-over = Over
composer-put-in = Insert
composer-typing-tip = Whether typing in the bytes writes over them or puts in before them; the Insert key switches
composer-legend-added = { $count ->
    [one] 1 byte added by line ending or framing
   *[other] { $count } bytes added by line ending or framing
}
composer-legend-fields = { $count ->
    [one] 1 byte of fields
   *[other] { $count } bytes of fields
}
composer-not-yours = This byte is not yours to change here: a field, the line ending or the framing makes it
composer-file-fixed = A file’s bytes are shown, not changed
composer-reading-at = at { $at }
composer-big = big-endian
composer-little = little-endian
composer-reading-tip = { $value }. A click copies it
composer-copied = Copied { $value }

composer-insert = Insert
composer-insert-tip = Puts a field, a length or a checksum where the cursor stands
composer-insert-fields = Fields
composer-insert-lengths = Lengths of what follows
composer-insert-checksums = Checksums of what stands before
composer-field-counter = number of the message, in digits
composer-field-counter-bytes = number of the message, 2 bytes
composer-field-time = date and time, UTC
composer-field-time-bytes = seconds since 1970, 4 bytes
composer-field-random = 4 random bytes
composer-field-count = counting bytes 00 01 02 …
composer-field-hex = bytes in hex
composer-field-base64 = bytes in base64
composer-field-file = the bytes of a file
composer-length-8 = 1 byte
composer-length-16 = 2 bytes, big-endian
composer-length-32 = 4 bytes, big-endian
composer-length-digits = 4 decimal digits
composer-checksum-about = { $bytes ->
    [one] 1 byte
   *[other] { $bytes } bytes
}

composer-next = The next three
composer-next-tip = What the next sends will hold; random bytes will be others

composer-once = Once
composer-once-tip = Sends one time
composer-every = Every
composer-every-tip = Sends every so many milliseconds
composer-fast = Fast
composer-fast-tip = Sends as fast as the socket takes it
composer-rate = Rate
composer-rate-tip = Sends so many bytes a second
composer-period = Pause between two sends
composer-period-tip = In milliseconds, from 1
composer-rate-name = Bytes a second
composer-rate-name-tip = At most so many bytes a second
composer-times = How often
composer-times-tip = How many times it is sent; 0 goes on until stopped
composer-to = Send to
composer-to-tip = All connections that are open when each send is due, or the chosen ones
composer-to-these = { $count } chosen
