
/* --- transport: how it is reached -------------------------------------------------------------------------------- */
%if unix

static socklen_t unix_address(struct sockaddr_un *address)
{
    memset(address, 0, sizeof *address);
    address->sun_family = AF_UNIX;
    memcpy(address->sun_path, PATH, sizeof PATH - 1);
%if abstract
    return offsetof(struct sockaddr_un, sun_path) + sizeof PATH - 1; /* an abstract name begins with a zero byte (unix(7)) */
%else
    return sizeof *address;
%end
}
%end
%if path

/* A server that was killed leaves its socket file behind, and bind would fail. Nobody answers there: it is stale. */
static void remove_stale_file(void)
{
    struct stat file;
    if (stat(PATH, &file) < 0)
        return;
    if (!S_ISSOCK(file.st_mode)) {
        fprintf(stderr, "%s is no socket\n", PATH);
        exit(1);
    }
    struct sockaddr_un address;
    socklen_t size = unix_address(&address);
    int probe = socket(AF_UNIX, {{KIND}}, 0);
    if (probe < 0)
        die("socket");
    if (connect(probe, (struct sockaddr *)&address, size) < 0 && errno == ECONNREFUSED)
        unlink(PATH);
    close(probe);
}
%end

static int open_socket(void)
{
%if inet
    struct addrinfo hints = { .ai_socktype = {{KIND}} }, *found;
    int error = getaddrinfo(HOST, PORT, &hints, &found);
    if (error != 0) {
        fprintf(stderr, "getaddrinfo: %s\n", gai_strerror(error));
        exit(1);
    }
    int fd = socket(found->ai_family, found->ai_socktype, found->ai_protocol);
    if (fd < 0)
        die("socket");
%if tcp
    /* Without it bind fails for a minute after a restart, while old connections are in TIME_WAIT. */
    int on = 1;
    if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) < 0)
        die("setsockopt");
%end
    if (bind(fd, found->ai_addr, found->ai_addrlen) < 0)
        die("bind");
    freeaddrinfo(found);
%else
%if path
    remove_stale_file();
%end
    struct sockaddr_un address;
    socklen_t size = unix_address(&address);
    int fd = socket(AF_UNIX, {{KIND}}, 0);
    if (fd < 0)
        die("socket");
    if (bind(fd, (struct sockaddr *)&address, size) < 0)
        die("bind");
%end
%if defer
    /* Hands a connection over only when its first bytes are there (tcp(7)). */
    int seconds = {{DEFER}};
    if (setsockopt(fd, IPPROTO_TCP, TCP_DEFER_ACCEPT, &seconds, sizeof seconds) < 0)
        die("setsockopt");
%end
%if stream
    /* From now on the kernel completes handshakes by itself; whom nobody accepted yet waits in a queue of this length. */
    if (listen(fd, BACKLOG) < 0)
        die("listen");
%end
%if inet
    struct sockaddr_storage bound;
    socklen_t size = sizeof bound;
    char host[NI_MAXHOST], port[NI_MAXSERV];
    if (getsockname(fd, (struct sockaddr *)&bound, &size) < 0)
        die("getsockname");
    getnameinfo((struct sockaddr *)&bound, size, host, sizeof host, port, sizeof port, NI_NUMERICHOST | NI_NUMERICSERV);
    printf("listening on %s port %s\n", host, port);
%else
    printf("listening on %s\n", PATH{{SKIP_NUL}});
%end
    fflush(stdout);
    return fd;
}
