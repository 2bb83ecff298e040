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
composer-fields-in-the-way = Its fields cannot be written in that format
composer-no-bytes = The bytes are shown when the payload has no mistake

composer-hex = Bytes in hex
composer-text = Bytes as text
composer-over = Overwrite
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

composer-page-struct = Struct
composer-page-struct-tip = Fields by name, type and order, as bytes
composer-page-library = Library
composer-page-library-tip = Packets kept with the lab, and your own ones

composer-up = Field { $n } up
composer-up-tip = Moves the field one place up
composer-down = Field { $n } down
composer-down-tip = Moves the field one place down
composer-remove = Remove field { $n }
composer-remove-tip = Takes the field out
composer-be = BE
composer-le = LE
composer-struct-empty = Add a field to see its bytes
composer-struct-add = Add a field
composer-struct-add-tip = A field after the others
composer-struct-new = field{ $n }
composer-struct-read = Read from the packet
composer-struct-read-tip = Gives the fields the values that the payload has from the cursor of the byte view on
composer-struct-was-read = { $count ->
    [one] 1 field was read at byte { $at }
   *[other] { $count } fields were read at byte { $at }
}
composer-struct-wrong = The bytes are shown when every value fits its type
composer-struct-bad = { $name }: { $why }
composer-struct-as-set = as set
composer-struct-as-set-hex-tip = Each field in its own order
composer-big-hex-tip = Every field with its most significant byte first: network order
composer-little-hex-tip = Every field with its least significant byte first
composer-struct-insert = Insert into the payload
composer-struct-insert-tip = Puts the bytes as hex where the cursor of the payload stands
composer-struct-use = Use as payload
composer-struct-use-tip = The payload becomes these bytes, in hex
composer-struct-name = Name of field { $n }
composer-struct-name-tip = What the field is called; not part of the bytes
composer-struct-type = Type of field { $n }
composer-struct-type-tip = Whole numbers without (u) or with (i) a sign, fractions (f), bytes or text of a fixed size
composer-struct-size = Size of field { $n }
composer-struct-size-tip = How many bytes it has; a shorter text is filled up with zeros
composer-struct-order = Order of field { $n }
composer-struct-order-tip = BE: the most significant byte first. LE: the least significant byte first
composer-struct-value = Value of field { $n }
composer-struct-value-tip = Decimal, or hex after 0x; for bytes pairs of hex digits, for text characters and escapes
composer-struct-at-tip = Where the field begins, in bytes

composer-shelf-lab = In this lab ({ $count })
composer-shelf-lab-tip = Saved with the lab’s file
composer-shelf-own = Your own ({ $count })
composer-shelf-own-tip = Kept with the window’s settings, for every lab
composer-shelf-empty = None is kept here
composer-shelf-none = The search finds none
composer-keep-name = Name
composer-keep-name-tip = What the packet is kept as; without one the endpoint’s name
composer-keep-folder = Folder
composer-keep-folder-tip = Folders from the outermost, separated by /
composer-keep-lab = Keep in lab
composer-keep-lab-tip = Keeps the packet as it is now with the lab
composer-keep-own = Keep as own
composer-keep-own-tip = Keeps the packet as it is now for every lab
composer-search = Search packets
composer-search-tip = In names, folders and contents
composer-import = Import
composer-import-tip = Puts the packets of a file to your own: one exported here, any lab file, or Packet Sender’s JSON export or packets.ini
composer-import-title = Import packets
composer-imported = { $count ->
    [one] 1 packet imported from { $path }
   *[other] { $count } packets imported from { $path }
}
composer-export = Export
composer-export-tip = Writes your own packets to a file
composer-undo-remove = Bring it back
composer-undo-remove-tip = Puts back the packet that was removed from your own
composer-load = Load
composer-load-tip = Load { $name }
composer-packet-remove = Remove { $name }
composer-packet-remove-tip = Takes it off this list; it can be brought back
composer-packet-rename = Rename { $name }
composer-packet-rename-tip = Another name or folder
composer-to-own = Copy { $name } to your own
composer-to-own-tip = Keeps a copy for every lab
composer-to-lab = Copy { $name } to the lab
composer-to-lab-tip = Keeps a copy with the lab
composer-new-name = New name
composer-new-folder = New folder
composer-rename-done = Rename
composer-rename-done-tip = Takes the name and folder
composer-name-taken = Another packet in this folder has that name, or it is empty
composer-edit-keep = Keep a packet
composer-edit-remove = Remove a packet
composer-edit-rename = Rename a packet

composer-measured = { $mean } ms on average ({ $least } to { $most }), asked { $asked } ms
composer-measured-tip = From one send to the next, measured over { $count } intervals
composer-to-address = an address
composer-address = Address to send to
composer-address-tip = Host and port: also a broadcast address or a multicast group
composer-address-hint = 127.0.0.1:7788
composer-address-empty = Write the address
composer-broadcast-off = SO_BROADCAST is off: a send to a broadcast address fails with EACCES
composer-broadcast-set = Set SO_BROADCAST
composer-broadcast-set-tip = setsockopt(SO_BROADCAST) on this endpoint’s socket, at once
composer-edit-broadcast = Change broadcast

composer-page-sequences = Sequences
composer-page-sequences-tip = Packets one after the other, with pauses and waits for replies
composer-match-any = any message
composer-match-exact = exactly
composer-match-prefix = begins with
composer-match-contains = holds
composer-match-regex = expression
composer-match-length = length
composer-match-tip = Which messages
composer-match-text-tip = Text with \n \r \t \0 \xHH \\
composer-match-regex-tip = A regular expression over bytes; (?-u) for bytes that are no UTF-8
composer-match-regex-wrong = No regular expression: { $said }
composer-match-length-tip = Bytes of the message
composer-match-from = from
composer-match-to = to
composer-format-of = Format of { $name }
composer-format-tip = How it is written
composer-sequence-none = Add a sequence: packets, pauses and waits for replies one after the other
composer-sequence-add = Add a sequence
composer-sequence-add-tip = An empty sequence, kept with the lab
composer-sequence-new = sequence
composer-sequence-show-tip = Shows this sequence
composer-sequence-name = Name of the sequence
composer-sequence-name-tip = Unique in the lab
composer-sequence-taken = Another sequence has that name, or it is empty
composer-sequence-times = Rounds
composer-sequence-times-tip = How often all steps are done; 0 goes on until stopped
composer-sequence-remove = Remove the sequence
composer-sequence-remove-tip = Takes it out of the lab; undo brings it back
composer-sequence-empty = It has no steps
composer-run = Run
composer-run-tip = Does the steps in order at the selected endpoint, from the first
composer-pause = Pause
composer-pause-tip = Holds it before its next step
composer-go-on = Go on
composer-go-on-tip = Does the next step
composer-stop = Stop the sequence
composer-stop-tip = Ends it; what was handed to the kernel stays sent
composer-step-send = send
composer-step-wait = wait
composer-step-reply = reply
composer-step-packet = Packet of step { $n }
composer-step-ms = Pause of step { $n }
composer-step-ms-tip = In milliseconds
composer-step-match = Reply of step { $n }
composer-step-within = Limit of step { $n }
composer-step-within-tip = In milliseconds; without a reply in this time the sequence fails
composer-step-up = Step { $n } up
composer-step-up-tip = Moves the step one place up
composer-step-down = Step { $n } down
composer-step-down-tip = Moves the step one place down
composer-step-remove = Remove step { $n }
composer-step-remove-tip = Takes the step out; undo brings it back
composer-step-add-send = Send
composer-step-add-send-tip = Adds a step that sends the packet as it is now
composer-step-add-wait = Wait
composer-step-add-wait-tip = Adds a pause
composer-step-add-reply = Wait for a reply
composer-step-add-reply-tip = Adds a wait for a message that matches
composer-state-running = { $name }: { $place }
composer-state-waiting = { $name }: { $place }, waiting for the reply
composer-state-paused = { $name }: { $place }, paused
composer-state-done = { $name }: done
composer-state-stopped = { $name }: stopped
composer-state-failed = { $name } failed at step { $step }: { $why }
composer-state-place = step { $step } of { $steps }, round { $round } of { $of }
composer-state-place-open = step { $step } of { $steps }, round { $round }
composer-edit-sequence = Change a sequence
composer-edit-sequence-add = Add a sequence
composer-edit-sequence-remove = Remove a sequence
composer-import-http = { $count ->
    [one] 1 HTTP request was left out
   *[other] { $count } HTTP requests were left out
}
composer-import-encrypted = { $count ->
    [one] 1 was sent over TLS there: its bytes came in, the encryption did not
   *[other] { $count } were sent over TLS there: their bytes came in, the encryption did not
}
composer-import-and = {"; "}
composer-import-full = The file has { $count } packets, and there is no room for them: the own packets are { $most } at most
