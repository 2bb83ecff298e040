%if !stuck

/* --- service: what it answers ------------------------------------------------------------------------------------ */

struct peer {
    struct sockaddr_storage address;
    socklen_t size;
%if list-echo
    struct buffer rest; /* what no delimiter has ended yet */
%end
};
%if says

static void say(const char *data, size_t length, const struct peer *peer)
{
    /* It fails when the peer is gone or has no address, or a buffer is full: datagrams may be lost. */
    if (sendto(server, data, length, 0, (const struct sockaddr *)&peer->address, peer->size) < 0)
        perror("sendto");
}
%end
%if says_later blocking

static void say_later(const char *data, size_t length, const struct peer *peer)
{
    pause_for(PAUSE_MS * 1000LL); /* and everybody waits */
    say(data, length, peer);
}
%end
%if later

/* What waits for its time. The pause is the same for all, so the first to come is the first to go. */
struct later {
    struct later *next;
    long long due;
    struct peer peer;
    size_t length;
    char data[];
};

static struct later *first, **last = &first;

static void say_later(const char *data, size_t length, const struct peer *peer)
{
    struct later *later = malloc(sizeof *later + length);
    if (later == NULL)
        die("malloc");
    later->next = NULL;
    later->due = now_ms() + PAUSE_MS;
    later->peer = *peer;
    later->length = length;
    memcpy(later->data, data, length);
    *last = later;
    last = &later->next;
}

static int next_due(void)
{
    if (first == NULL)
        return -1;
    long long now = now_ms();
    return first->due > now ? first->due - now : 0;
}

static void say_what_is_due(void)
{
    while (first != NULL && first->due <= now_ms()) {
        struct later *later = first;
        first = later->next;
        if (first == NULL)
            last = &first;
        say(later->data, later->length, &later->peer);
        free(later);
    }
}
%end
%if chat|half-closer|list-echo

static struct peer peers[MAX_PEERS];
static int known;

/* The one of that address; NULL when there is none. */
static struct peer *find_peer(const struct peer *peer)
{
    for (int i = 0; i < known; i++)
        if (peers[i].size == peer->size && memcmp(&peers[i].address, &peer->address, peer->size) == 0)
            return &peers[i];
    return NULL;
}

/* Keeps it, as long as there is a place. */
static struct peer *add_peer(const struct peer *peer)
{
    if (known == MAX_PEERS)
        return NULL;
    peers[known] = *peer;
    return &peers[known++];
}
%end
%if chat

static void tell_others(const struct peer *peer, const char *words, size_t length)
{
    char line[256 + MAX_LINE];
%if inet
    char host[NI_MAXHOST], port[NI_MAXSERV];
    getnameinfo((const struct sockaddr *)&peer->address, peer->size, host, sizeof host, port, sizeof port, NI_NUMERICHOST | NI_NUMERICSERV);
    int size = snprintf(line, sizeof line, "[%.40s:%.8s] %.*s\n", host, port, (int)length, words);
%else
    const struct sockaddr_un *address = (const struct sockaddr_un *)&peer->address;
    int size = snprintf(line, sizeof line, "[%.107s] %.*s\n", address->sun_path, (int)length, words);
%end
    for (int i = 0; i < known; i++)
        if (peers[i].size != peer->size || memcmp(&peers[i].address, &peer->address, peer->size) != 0)
            say(line, size, &peers[i]);
}
%end

/* One datagram is one message; many peers share the one socket. */
static void on_datagram(char *data, size_t length, const struct peer *peer)
{
%if echo
    say(data, length, peer);
%end
%if delayed
    say_later(data, length, peer);
%end
%if upper
    for (size_t i = 0; i < length; i++)
        if (data[i] >= 'a' && data[i] <= 'z')
            data[i] -= 'a' - 'A';
    say(data, length, peer);
%end
%if list-echo
    struct peer *sender = find_peer(peer);
    if (sender == NULL && (sender = add_peer(peer)) == NULL)
        return;
    append(&sender->rest, data, length);
    char *end;
    while (sender->rest.length > 0 && (end = memmem(sender->rest.bytes, sender->rest.length, DELIMITER, DELIMITER_SIZE)) != NULL) {
        size_t item = end - sender->rest.bytes + DELIMITER_SIZE;
        say(sender->rest.bytes, item, peer);
        take_off(&sender->rest, item);
    }
    if (sender->rest.length > MAX_ITEM)
        sender->rest.length = 0;
%end
%if discard|slow-reader
    (void)data, (void)length, (void)peer; /* thrown away */
%end
%if resetter
    (void)data, (void)length, (void)peer; /* there is no connection that could be reset */
%end
%if daytime
    (void)data, (void)length; /* only that it came counts */
    char line[32];
    say(line, time_line(line, sizeof line), peer);
%end
%if chargen
    (void)data, (void)length; /* only that it came counts */
    say(cycle(), rand() % 513, peer); /* 0 to 512 characters (RFC 864) */
%end
%if greeter
    size_t end = length;
    while (end > 0 && strchr(" \r\n\t", data[end - 1]) != NULL)
        end--;
    if (end == 4 && memcmp(data, "exit", 4) == 0)
        return;
    char answer[7 + RECV_SIZE];
    memcpy(answer, "Hello, ", 7);
    memcpy(answer + 7, data, length);
    {{SAY_HELLO}}(answer, 7 + length, peer);
%end
%if chat
    if (find_peer(peer) == NULL && add_peer(peer) != NULL)
        tell_others(peer, "joined", 6);
    while (length > 0 && strchr(" \r\n\t", data[length - 1]) != NULL)
        length--;
    if (length == 4 && memcmp(data, "quit", 4) == 0) {
        tell_others(peer, "left", 4);
        struct peer *member = find_peer(peer);
        if (member != NULL)
            *member = peers[--known];
    } else if (length > 0 && length <= MAX_LINE) {
        tell_others(peer, data, length);
    }
%end
%if manual
    /* Whoever runs the server answers, and all others wait meanwhile. */
    char answer[1024];
    printf("%.*s\n", (int)length, data);
    fflush(stdout);
    if (fgets(answer, sizeof answer, stdin) != NULL)
        say(answer, strlen(answer), peer);
%end
%if half-closer
    (void)data, (void)length; /* only that it came counts */
%if goodbye
    if (find_peer(peer) == NULL && add_peer(peer) != NULL)
        say(GOODBYE, sizeof GOODBYE - 1, peer);
%else
    if (find_peer(peer) == NULL)
        add_peer(peer);
%end
%end
%if faulty
    if (memmem(data, length, WORD, sizeof WORD - 1) != NULL)
        fprintf(stderr, "the message holds %s\n", WORD); /* a request that fails never ends the server */
    else
        say(data, length, peer);
%end
}
%end
