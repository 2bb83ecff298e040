

# --- transport: how it is reached -------------------------------------------------------------------------------------


%if path
def remove_stale_file(path):
    """A server that was killed leaves its socket file behind, and bind would fail. Nobody answers there: it is stale."""
    if not os.path.exists(path):
        return
    if not stat.S_ISSOCK(os.stat(path).st_mode):
        sys.exit(f"{path} is no socket")
    with socket.socket(socket.AF_UNIX, {{KIND}}) as probe:
        try:
            probe.connect(path)
        except ConnectionRefusedError:
            os.unlink(path)


%end
def open_socket():
%if inet
    family, kind, protocol, _, address = socket.getaddrinfo(HOST, PORT, type={{KIND}})[0]
    sock = socket.socket(family, kind, protocol)
%if tcp
    # Without it bind fails for a minute after a restart, while old connections are in TIME_WAIT.
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
%end
    sock.bind(address)
%else
%if path
    remove_stale_file(ADDRESS)
%end
    sock = socket.socket(socket.AF_UNIX, {{KIND}})
    sock.bind(ADDRESS)
%end
%if defer
    # Hands a connection over only when its first bytes are there (tcp(7)).
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_DEFER_ACCEPT, {{DEFER}})
%end
%if stream
    # From now on the kernel completes handshakes by itself; whom nobody accepted yet waits in a queue of this length.
    sock.listen(BACKLOG)
%end
%if inet
    host, port = sock.getsockname()[:2]
    print(f"listening on {host} port {port}", flush=True)
%else
    print(f"listening on {ADDRESS!r}", flush=True)
%end
    return sock
