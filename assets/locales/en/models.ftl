# The large model switch

models-title = Model
models-server = Server
models-server-tip = The server whose model is switched; selects it everywhere
models-nothing = Add a server to choose how it waits
model-thread-pool = A fixed number of threads serves the connections; when all are taken, the next client waits in a queue.
model-processes = One process waits in accept and hands each connection to a child process of its own, which waits in its own recv.
model-busy-poll = One thread asks every socket in turn without ever sleeping; EAGAIN means not yet, and a core is busy all the time.
model-select = One thread sleeps in select with three bit sets of all sockets; after each wake-up it tests every bit up to the highest.
model-epoll-et = One thread sleeps in epoll_wait; the kernel tells of a socket once for each arrival, so the loop must read until EAGAIN.
model-sigio = The kernel sends a signal when a socket has something; the thread waits for signals and reads what they name.
model-io-uring = The thread hands operations to the kernel in a ring and sleeps until they are complete; the kernel waits and copies.
model-async = Each connection is a task that reads as if it blocked; the runtime sleeps in one readiness wait for all of them.
model-epoll-lt-missing = epoll exists on Linux
model-epoll-et-missing = epoll exists on Linux
model-kqueue-missing = kqueue exists on macOS and the BSDs
model-sigio-missing = signals that name their socket exist on Linux
model-processes-no-datagrams = datagrams have no connections that could be handed to processes
model-thread-pool-no-datagrams = a pool hands connections to its workers, and datagrams have none. Several workers in recvfrom on one socket would answer the datagrams of one peer out of order
