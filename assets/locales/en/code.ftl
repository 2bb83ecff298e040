# The Code panel

code-title = Code
code-whose-tip = The selected server or client, whose program this is
code-nothing = Select a server or client to read its program in Python, C or Rust
code-nothing-yet = Add a server to read its program in Python, C or Rust
code-show = Show { $name }
code-show-tip = Selects it; nothing is started
code-no-server = This client connects to a server that is not in the lab. Choose its server in the inspector
code-python-tip = The program in Python 3.9 or later, with the standard library alone
code-c-tip = The program in C11 with POSIX, and Linux’ own calls where the model is Linux’ own
code-rust-tip = The program in Rust 2024, with the standard library, and the crate libc or tokio where that has no such call
code-calls = Calls
code-calls-tip = The newest { $rows } calls that it made, as strace writes them
code-follow = Follow
code-follow-tip = Scrolls to the lines of the newest call when they change; off, everything stays where you look
code-copy = Copy
code-copy-tip = Copies all that is shown here as text
code-copied = { $file } copied
code-save = Save as file
code-save-tip = Asks for a place and writes all that is shown here to a file; nothing is run
code-no-text = There is no text to copy or save
code-run = Run
code-run-tip = In the folder where the file was saved
code-mark = { $n ->
    [one] { $what } · line { $lines }
   *[other] { $what } · lines { $lines }
}
code-mark-newest = newest call { $call }
code-mark-inside = in { $call } now
code-mark-held = held before { $call }
code-mark-none = Start it: the lines of its newest call are marked here
code-mark-elsewhere = Its newest calls have no line of their own in this program
code-calls-none = It made no call yet. Start it, and each call becomes a line here
code-calls-said = { $n ->
    [one] The newest call, in the order they ended
   *[other] The newest { $figure } calls, in the order they ended
}
code-calls-held = { $n ->
    [one] One call, held; Follow goes on with the newest
   *[other] { $figure } calls, held; Follow goes on with the newest
}
code-no-form = “{ $name }” has no program form
code-no-ring = Neither the standard library of { $language } nor the C library has io_uring; programs use liburing, or the raw system calls with shared memory
code-no-coroutines = C has no coroutines: what async does there is a loop over epoll or poll, so read the program of those models
code-no-kqueue = kqueue is written here in Python and in C; in Rust, programs use it through the crates mio or polling
code-no-chat = A chat needs to reach all members, and a process per connection has only its own: they share no memory
code-no-datagrams = { $transport } sockets have no connections that “{ $model }” could share out
code-not-fixed = Each message has the same size here, and the answers of “{ $service }” have not
code-no-means-stream = Rust’s standard library cannot bind a stream socket before it connects (the crate socket2 can)
code-no-means-name = Rust’s standard library cannot bind to a name that is no path in one call
code-packet = The packet: { $why }
code-framed-file = a file in a framing is sent only from the lab
code-file-field = it has a field that names a file, which is read when it is sent
code-no-port = The port of the server is chosen when it starts. Start it, or give it a port
code-no-pair = socketpair makes pairs of Unix sockets, and this is { $transport }
