# labs that are ready to press: their names as commands, and what to press and notice

preset-menu = Presets
preset-menu-tip = Opens a lab that is ready to press; nothing in it is started
preset-hide = Hide this note
preset-hide-tip = Puts the note away until another preset is opened
preset-backlog-3 = Open preset: a shop with a slow till
preset-backlog-3-tip = One accept a second, 10 clients, listen(3)
preset-backlog-3-hint = Press Start all. Some connect at once; the others get in only at a SYN retry, though places become free every second.
preset-backlog-nobody = Open preset: nobody accepts
preset-backlog-nobody-tip = Accepting is paused; 8 clients connect and send, listen(5)
preset-backlog-nobody-hint = Press Start all. Six clients are connected and have sent, and accept() was never called. Press Accept 1 to meet one of them.
preset-backlog-0 = Open preset: backlog 0
preset-backlog-0-tip = listen(0), one accept every 2 s, 4 clients
preset-backlog-0-hint = Press Start all. listen(0) has a place on Linux: notice who connects at once though nobody may wait.
preset-backlog-burst = Open preset: a burst of 1,000
preset-backlog-burst-tip = 1,000 connects at the same moment, listen(128), 200 accepts a second
preset-backlog-burst-hint = Press Start all. Notice the steps in the connect times: each is a SYN retry, about a second apart.
preset-backlog-raise = Open preset: raise the backlog live
preset-backlog-raise-tip = Accepting is paused, listen(1), 8 clients
preset-backlog-raise-hint = Press Start all, then + beside listen backlog. The new place is there at once; it is filled at the next SYN retry.
preset-backlog-reset = Open preset: overflow with reset
preset-backlog-reset-tip = TCP_DEFER_ACCEPT, listen(2), 6 clients that connect and then send: what tcp_abort_on_overflow does
preset-backlog-reset-hint = Press Start all, then Clients send. All six believe they are connected, but only three places are there for those who sent.
preset-abort-off = net.ipv4.tcp_abort_on_overflow is 0 here: the last ACK is dropped and the others stand in SYN_RECV. With 1 they get ECONNRESET. Root may set it: sysctl -w net.ipv4.tcp_abort_on_overflow=1
preset-abort-on = net.ipv4.tcp_abort_on_overflow is 1 here: who finds no place gets ECONNRESET. With 0 they stand in SYN_RECV. Root may set it: sysctl -w net.ipv4.tcp_abort_on_overflow=0
preset-abort-none = This system has no tcp_abort_on_overflow (Linux has).
