# failures, events, refused addresses, bytes and files

failure-line = { $operation } { $endpoint }: { $cause }
failure-line-errno = { $operation } { $endpoint }: { $cause } ({ $errno })

operation-socket-file = socket file
operation-thread = thread
operation-wait = wait
operation-start = start
operation-serve = service
operation-framing = framing
operation-join = join
operation-sequence = sequence

cause-address-in-use = the address is in use. Stop the other program or choose another port (0 lets the system choose)
cause-address-not-available = this machine does not have that address. Try 127.0.0.1
cause-permission-denied = permission denied. Ports below 1024 need privileges; a socket file needs a directory you may write
cause-unreachable = no route to that address. Check the address and the network
cause-refused = refused: nothing listens there. Start the server first
cause-timed-out = timed out: no answer within the limit
cause-reset = the peer reset the connection
cause-broken-pipe = the peer has already closed the connection
cause-name-not-found = name not found. Check the spelling, or use a numeric address
cause-path-too-long = the path is too long for a socket address. Use a shorter one, such as /tmp/lab.sock
cause-too-many-descriptors = too many open descriptors. Close some connections or raise the limit (ulimit -n)
cause-no-ports-left = no local port is left. Wait for TIME_WAIT to end or use fewer connections
cause-message-too-long = the message is too long for one datagram. Send fewer bytes
cause-no-such-file = no such file. Start the server, or check the path
cause-no-such-directory = its directory does not exist. Create it first, or choose another path
cause-broadcast-not-allowed = that is a broadcast address, which needs SO_BROADCAST. Turn it on, or choose the address of one machine
cause-not-a-socket = the path exists and is not a socket. It was left alone; choose another path
cause-live-socket-file = a running server owns this socket file. It was left alone; choose another path
cause-server-not-running = that server has no address yet. Start it first
cause-not-available = not available on this system: { $reason }
cause-turned-away = turned away by the accept filter
cause-service-failed = the service gave up: { $words }
cause-service-panicked = the service panicked: { $words }. The server goes on
cause-too-slow = disconnected: more than { $kib } KiB from others waited for it to read
cause-no-reply = no message that matches came within { $ms } ms
framing-too-long = a message of { $len } bytes or more; at most { $most } are allowed
framing-shorter-than-itself = a length of { $len }, which counts its own { $width } bytes
framing-unfinished = the stream ended inside a message, after { $have } of its bytes
framing-wrong-size = a message of { $len } bytes where each has { $size }
framing-holds-delimiter = the message holds the delimiter at byte { $at }
framing-length-too-big = a length of { $len } does not fit { $width } bytes

event-started = { $name } is running
event-started-at = { $name } is running on { $local }
event-replaced-stale-file = { $name } replaced the stale socket file { $path }; its server was gone
event-stopped = { $closed ->
    [0] { $name } stopped
    [one] { $name } stopped and closed 1 connection
   *[other] { $name } stopped and closed { $closed } connections
}
event-model-switched = { $closed ->
    [0] { $name } waits with { $to } now, before with { $from }
    [one] { $name } waits with { $to } now, before with { $from }; 1 connection was closed
   *[other] { $name } waits with { $to } now, before with { $from }; { $closed } connections were closed
}
event-failed = { $name } failed: { $failure }
event-trouble = { $name }: { $failure }
event-retrying = { $name } tries again in { $seconds } s (attempt { $attempt })
event-backlog-changed = { $name }: backlog changed from { $from } to { $to }
event-sequence-done = { $name }: sequence “{ $sequence }” is done
event-sequence-stopped = { $name }: sequence “{ $sequence }” was stopped
event-sequence-failed = { $name }: sequence “{ $sequence }” failed at step { $step }: { $failure }
event-send-done = { $messages ->
    [one] { $name } sent 1 message
   *[other] { $name } sent { $messages } messages
}
event-closed-orderly = { $count ->
    [one] { $name } closed 1 connection
   *[other] { $name } closed { $count } connections
}
event-closed-half = { $count ->
    [one] { $name } ended its side of 1 connection (FIN) and still reads
   *[other] { $name } ended its side of { $count } connections (FIN) and still reads
}
event-closed-reset = { $count ->
    [one] { $name } reset 1 connection (RST)
   *[other] { $name } reset { $count } connections (RST)
}

end-orderly = closed (FIN)
end-reset = reset (RST)
end-here = closed from here
end-service = closed by the service
end-idle = closed: idle for too long
end-framing = closed: { $why }

address-empty = The address is empty
address-no-port = A port is missing: write host:port, such as 127.0.0.1:7788
address-bad-port = “{ $port }” is not a port: 0 to 65535
address-needs-brackets = An IPv6 address with a port needs brackets: [::1]:7788
address-bad-host = “{ $host }” is neither a numeric address nor a host name
address-path-too-long = The path has { $bytes } bytes; a socket address holds { $max }
address-nul-in-path = A path cannot contain a NUL byte

bytes-at = { $what }, at character { $column }
bytes-unknown-escape = “\{ $found }” is not an escape: write \n \r \t \0 \xHH or \\
bytes-lone-backslash = A backslash stands alone at the end: write \\ for a backslash
bytes-short-hex-escape = \x needs two hex digits, such as \x0a
bytes-bad-digit = “{ $found }” is not a hex digit: 0 to 9, a to f
bytes-bad-base64 = “{ $found }” is not base64: A to Z, a to z, 0 to 9, + and /, or - and _
bytes-short-base64 = Base64 ends inside a byte: 2, 3 or 4 characters make 1, 2 or 3 bytes
bytes-half-byte = Half a byte: “{ $found }” needs a second hex digit
bytes-not-in-encoding = “{ $found }” does not exist in { $encoding }: choose another encoding, or write its bytes as \xHH
bytes-open-field = A field begins here and does not end: { "}}" } is missing. For a brace write \{ "{" }
bytes-unknown-field = There is no such field. Fields: { $names }. For a brace write \{ "{" }
bytes-bad-argument = This field is written { $usage }
bytes-too-many-fields = A payload may have { $max } fields

render-too-large = The message would have more than { $max } bytes
render-too-much-summed = The checksums of a message may be over { $max } bytes in all
render-no-file = The file “{ $path }” was not read
render-outside-message = The range is not inside the message, which has { $len } bytes
render-does-not-fit = { $number } does not fit the field

struct-no-number = Write a whole number, such as 42, -1 or 0x2a
struct-out-of-range = It may be { $min } to { $max }
struct-no-float = Write a number, such as 1.5, -3e8 or inf
struct-wrong-size = { $have } bytes where the field has { $size }

labfile-line = Line { $line }, column { $column }: { $what }
labfile-line-endpoint = Line { $line }, column { $column }, “{ $endpoint }”: { $what }
labfile-too-large = the file has { $bytes } bytes; a lab file may have { $max }
labfile-too-many = the file has { $count } servers and clients; a lab may have { $max }
labfile-syntax = this is not TOML: { $said }
labfile-unknown-key = key “{ $key }” does not exist here. Keys: { $known }
labfile-missing = “{ $key }” is missing
labfile-wrong-type = “{ $key }” must be { $expected }, not { $found }
labfile-bad-name = a name must not be empty and must not contain control characters
labfile-duplicate-name = the name is taken in line { $first }. Each name may be used once
labfile-unknown = “{ $name }” does not exist ({ $what })
labfile-unknown-known = “{ $name }” does not exist ({ $what }). Choose one of: { $known }
labfile-out-of-range = “{ $key }” is { $value }; it may be { $min } to { $max }
labfile-too-long = “{ $key }” has { $len } characters; it may have { $most }
labfile-escape = “{ $key }”: { $error }
labfile-pace = 'accept_pace' is '{ $written }'; write eager, paused, or a time such as 250ms or 1s
labfile-range = “{ $key }”: “{ $range }” is no address range. Write 127.0.0.0/8, ::1/128 or one address
labfile-too-many-ranges = “{ $key }” has { $count } ranges; it may have { $max }
labfile-address = “{ $key }”: { $error }
labfile-port-zero = a client cannot connect to port 0; only a server may leave the choice to the system
labfile-no-target = “server”, “address” or “to” is missing: where does this client connect?
labfile-two-targets = “server”, “address” and “to” exclude each other; keep one
labfile-pair-transport = a pair is made of Unix sockets; its transport is { $transport }
labfile-pair-local = the ends of a pair have no address; leave out “local”
labfile-transport-mismatch = its transport is { $client }, but server “{ $server }” is { $other }
labfile-no-datagrams = model “{ $model }” cannot serve { $transport }: { $reason }
labfile-too-many-of = “{ $key }” has { $count } entries; it may have { $max }
labfile-folder = “{ $folder }” is no folder: write names with / between them
labfile-delimiter = “delimiter” has { $len } bytes; it may have 1 to { $max }
labfile-group = “groups”: “{ $group }” is no multicast group: write 224.0.0.0 to 239.255.255.255 or ff00::/8, with %interface after it if you like
labfile-two-matches = “{ $first }” and “{ $second }” exclude each other; keep one
labfile-regex = “regex” is no regular expression: { $said }
labfile-lengths = “length”: { $from } is more than { $to }
labfile-step = a step needs one of “send”, “wait_ms” and “reply”
labfile-experiment-id = “id” is “{ $id }”; it may have small letters a to z, digits and hyphens
labfile-script = “{ $key }”: { $said }
labfile-body = “body”: { $error }
labfile-what-transport = transport
labfile-what-model = model
labfile-what-model-setting = model setting
labfile-what-service = service
labfile-what-service-setting = service setting
labfile-what-server = server
labfile-what-reconnect = reconnect mode
labfile-what-format = format
labfile-what-line-ending = line ending
labfile-what-encoding = encoding
labfile-what-framing = framing
labfile-what-length-header = length header
collection-json = Line { $line }, column { $column }: { $said }
collection-hex = The hex of packet “{ $name }” has a mistake: { $why }
collection-repeat = Packet “{ $name }”: “{ $said }” is no number of seconds from 0 to a day
collection-too-many = More than { $most } packets
labfile-what-need = need
labfile-what-to = target
labfile-what-after-end = end
