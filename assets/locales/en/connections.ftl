# The table of connections

connections-title = Connections
connections-empty = Start a server and a client: each connection becomes a row here
connections-none-match = No connection matches the filter
connections-filter = Filter connections
connections-filter-hint = filter
connections-filter-tip = Words in names and addresses; a leading - excludes
connections-ended = Ended
connections-ended-tip = Also lists connections that ended a short while ago
connections-ended-show = Show ended
connections-menu = More
connections-menu-tip = Close, half-close or reset the selected connections; show ended ones
connections-pick-first = Select rows first: click, Shift for a range, Ctrl for one more
connections-close = Close
connections-close-tip = { $count ->
    [one] Closes 1 connection: close(), which sends FIN after the bytes already accepted
   *[other] Closes { $count } connections: close(), which sends FIN after the bytes already accepted
}
connections-half-close = Half-close
connections-half-close-tip = { $count ->
    [one] Ends our side of 1 connection: shutdown(SHUT_WR), which sends FIN; we still read
   *[other] Ends our side of { $count } connections: shutdown(SHUT_WR), which sends FIN; we still read
}
connections-reset = Reset
connections-reset-tip = { $count ->
    [one] Resets 1 connection: SO_LINGER 0 and close(), which sends RST
   *[other] Resets { $count } connections: SO_LINGER 0 and close(), which sends RST
}
connections-closing = Closing the selected connections ({ $count })
connections-row-tip = Right click: close, half-close, reset
connections-select-endpoint = Select its endpoint
connections-select-endpoint-tip = Shows the server or client in the inspector
connections-other-end = Select the other end
connections-other-end-tip = Shows the same connection as seen by the other endpoint
connections-copy-peer = Copy peer address
connections-copy-peer-tip = Copies the address of the other end
connections-state-connecting = connecting
connections-state-waiting = not served yet
connections-state-open = open
connections-state-peer-ended = peer sent FIN
connections-state-local-ended = we sent FIN
connections-state-closed = closed
connections-col-number = #
connections-col-number-tip = Its number within the session: the token on the Stage
connections-col-session = Session
connections-col-session-tip = The server (square) or client (circle) that holds this end
connections-col-peer = Peer
connections-col-peer-tip = The other end: its name if it is of this lab, and its address
connections-col-local = Local
connections-col-local-tip = The address of this end
connections-col-fd = fd
connections-col-fd-tip = The descriptor
connections-col-state = State
connections-col-state-tip = Where it is in its life; of an ended one, why
connections-col-age = Age
connections-col-age-tip = How long it has been open, or was
connections-col-rx = ▼ bytes
connections-col-rx-tip = Bytes received
connections-col-tx = ▲ bytes
connections-col-tx-tip = Bytes sent
connections-col-rx-rate = ▼ rate
connections-col-rx-rate-tip = Bytes received a second, over about the last second
connections-col-tx-rate = ▲ rate
connections-col-tx-rate-tip = Bytes sent a second, over about the last second
connections-col-unread = Unread
connections-col-unread-tip = Arrived and not yet read by the program, where the kernel tells (the first 64 connections of a session are asked)
connections-col-unsent = Unsent
connections-col-unsent-tip = Accepted by the kernel and not yet acknowledged or taken by the peer, where the kernel tells
address-unnamed = (unnamed)
