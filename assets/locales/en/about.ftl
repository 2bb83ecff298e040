# "What is this?" in the head of each panel: two sentences, and the lesson that is about it

about-name = What is this? { $panel }
about-tip = Explains { $panel } in two sentences and names the lesson that is about it
about-lesson = Open lesson { $number }: { $title }
about-lesson-tip = Opens the lesson and its lab; asks about unsaved changes first and starts nothing

about-lab = The lab is the list of your servers and clients, each with its state and how many connections it has. Here you add, start, stop and rename them, and what you select is what the other panels are about.
about-stage = The stage shows every server with its sockets and threads, its clients, and the bytes that travel between them. Nothing is made up: each message that moves was really sent, and each socket is one that the kernel has.
about-backlog = The theatre shows what the kernel does for a listening server: clients that knock, those whose handshake is done and who wait in the accept queue, and those whom the server took with accept(). It also shows where a client is turned away, and whether a number was measured in the kernel or worked out.
about-arrivals = Above is the length of the accept queue over time, below a row for each client, all on one clock. So you see when a client called connect(), how long it waited, and what the queue was like at that moment.
about-door = These are the controls of a listening server: the n of listen(n), the pace of accept(), and buttons that let clients arrive. The counters below say how many were accepted, how many wait, and how many the kernel turned away.
about-plots = The plots show connections, bytes and messages over time, for all endpoints or for the selected one. They can show system calls, context switches and processor time instead, which is what a way of waiting costs.
about-inspector = The inspector shows the settings and the figures of what is selected: address, I/O model, service, options of its socket. What you change here is applied at once or at the next start, and the panel says which.
about-composer = Here you write the bytes of a packet, as text or hex, with fields that are filled in at each send. You see the exact bytes beside it before anything is sent, and you can keep packets and send them in sequences.
about-traffic = Each row is one send or one receive with its time, its size and its bytes. Filter the rows, read one connection as a conversation, or save them as a capture that Wireshark opens.
about-framing = Three lines on one axis of bytes show what was sent, what each recv() returned, and the messages that a framing makes of it. TCP keeps the order of bytes but not the borders of messages, and here you see where they were lost and how a framing finds them again.
about-ladder = Each endpoint is a vertical line and each message an arrow from its sender to its receiver, with time running downwards. An arrow joins a send with the receives that got its bytes, so one send may end in several receives.
about-connections = Each row is a connection with its two addresses, its state, its bytes, and what still lies unread in the socket’s buffer. Select rows to close them in order, to close one direction, or to reset them.
about-timeline = Each row is a thread, and each block is a system call for as long as it took, so a sleeping call is a long block. Zoom in to microseconds to see who waits, who copies, and who asks in vain.
about-models = A model is the way in which a server waits for many clients: one after another, with threads, or with select, poll or epoll. Choose another one here while clients stay as they are, and compare what it does.
about-phases = A read has two phases: waiting until data is there, and copying it from the kernel to the process. This picture shows in which of them each of the five classic models sleeps, and lights up what the selected server does now.
about-counters = Here the rates of the selected server stand beside those of others: requests, system calls, wake-ups, context switches, processor time. Their spread is told as well, and no winner is named when the difference is smaller than that.
about-stepper = The stepper holds a server before its next system call and lets it go on one call at a time. The line of the model’s source that makes the call is marked, and after a wait you see which descriptors it found ready.
about-calls = Each row is one system call with its thread, its result and how long it took, in the order in which the calls ended. Filter by call, thread or errno to find the one that returned EAGAIN, slept for long, or failed.
about-code = This is a complete program in Python, C or Rust that does what the selected server or client does with its present settings. The lines of its newest call are marked, and you can copy the program, save it and run it outside.
