# Settings of models and services, and the life cycle, in the Inspector

settings-model = Settings of { $model }
settings-service = Settings of { $service }
settings-changed = Changed; the default is { $default }
settings-reset = Back to the default
settings-reset-tip = Sets “{ $name }” back to { $default }
settings-on = on
settings-off = off
settings-tip = { $about } ({ $id }). Takes effect at the next start
settings-range = { $min } to { $max }{ $unit }
settings-too-long = { $len } characters; at most { $most }
settings-edit-model = Change a setting of the model
settings-edit-service = Change a setting of the service
setting-workers = workers
setting-pause_us = pause per round
setting-read_once = read once per event
setting-accept_once = accept once per event
setting-read_bytes = bytes of one read
setting-threads = threads
setting-delimiter = delimiter
setting-delay_ms = delay
setting-greeting = greeting
setting-bytes = bytes
setting-every_ms = every
setting-max_item = longest item
setting-fail_on = fail on

life-title = Life cycle
life-tip = How many requests it serves, how long it waits, whom it lets in
life-requests = Requests
life-requests-tip = After so many accepted connections (datagram servers: datagrams) it accepts no more, finishes, and stops; 0 serves forever
life-requests-forever = serves forever
life-poll = Poll interval
life-poll-tip = The longest one readiness wait or accept may take before the loop goes round, in milliseconds; 0 is no limit
life-poll-none = no limit
life-idle = Idle time-out
life-idle-tip = A connection on which nothing moved for so long is closed, in milliseconds; 0 is never
life-idle-never = never
life-allow = Allow
life-allow-tip = Only these addresses are let in, as 127.0.0.1 or 10.0.0.0/8 with blanks between; empty lets everyone in
life-allow-hint = everyone
life-deny = Deny
life-deny-tip = These addresses are never let in, even if they are allowed; an accepted connection of theirs is closed at once
life-deny-hint = nobody
life-bad-range = “{ $text }” is no address or range. Write 127.0.0.1 or 10.0.0.0/8
life-refused = { $n ->
    [one] 1 peer was turned away since the start
   *[other] { $n } peers were turned away since the start
}
life-edit = Change the life cycle
