
/* --- service: what it answers ------------------------------------------------------------------------------------ */
%if chat

static void tell_others(struct client *client, const char *words, size_t length)
{
    char line[sizeof client->name + MAX_LINE + 8];
    int size = snprintf(line, sizeof line, "[%s] %.*s\n", client->name, (int)length, words);
%if chat_lock
    pthread_mutex_lock(&members_lock);
    for (struct client *member = members; member != NULL; member = member->next)
        if (member != client)
            {{POST}}(member, line, size);
    pthread_mutex_unlock(&members_lock);
%end
%if loop
    for (int fd = 0; fd < MAX_FD; fd++)
        if (clients[fd] != NULL && clients[fd] != client)
            {{POST}}(clients[fd], line, size);
%end
%if iterative
    (void)size; /* one client at a time: there is nobody else */
%end
}
%end
%if opens

static void on_open(struct client *client)
{
%if daytime
    char line[32];
    {{SAY}}(client, line, time_line(line, sizeof line));
%if leaves
    leave(client);
%end
%end
%if greeting
    {{SAY}}(client, GREETING, sizeof GREETING - 1);
%end
%if chat
%if chat_lock
    pthread_mutex_lock(&members_lock);
    client->next = members;
    members = client;
    pthread_mutex_unlock(&members_lock);
%end
    tell_others(client, "joined", 6);
%end
%if half-closer
%if goodbye
    {{SAY}}(client, GOODBYE, sizeof GOODBYE - 1);
%end
    half_close(client);
%end
%if resetter
    reset(client);
%end
}
%end
%if endless

/* Called whenever all that was said is with the kernel. */
static void on_room(struct client *client)
{
    {{SAY}}(client, cycle(), CYCLE_SIZE);
}
%end
%if list-echo hears

static void on_bytes(struct client *client, char *data, size_t length)
{
    /* TCP keeps no boundaries: one recv may bring two items, or half of one. The unfinished rest is kept. */
    append(&client->rest, data, length);
    char *end;
    while (client->rest.length > 0 && (end = memmem(client->rest.bytes, client->rest.length, DELIMITER, DELIMITER_SIZE)) != NULL) {
        size_t item = end - client->rest.bytes + DELIMITER_SIZE;
        {{SAY}}(client, client->rest.bytes, item);
        take_off(&client->rest, item);
    }
    if (client->rest.length > MAX_ITEM)
        leave(client);
}
%end
%if chat hears

static void on_bytes(struct client *client, char *data, size_t length)
{
    append(&client->rest, data, length);
    char *end;
    while (client->rest.length > 0 && (end = memchr(client->rest.bytes, '\n', client->rest.length)) != NULL) {
        size_t whole = end - client->rest.bytes + 1, line = whole;
        while (line > 0 && strchr(" \r\n\t", client->rest.bytes[line - 1]) != NULL)
            line--;
        if (line > MAX_LINE || (line == 4 && memcmp(client->rest.bytes, "quit", 4) == 0)) {
            leave(client);
            return;
        }
        if (line > 0)
            tell_others(client, client->rest.bytes, line);
        take_off(&client->rest, whole);
    }
    if (client->rest.length > MAX_LINE)
        leave(client);
}
%end
%if hears !list-echo !chat

static void on_bytes(struct client *client, char *data, size_t length)
{
%if echo|delayed
%if delayed pauses
    rest_for(client, PAUSE_MS);
%end
    {{SAY}}(client, data, length);
%end
%if upper
    for (size_t i = 0; i < length; i++)
        if (data[i] >= 'a' && data[i] <= 'z')
            data[i] -= 'a' - 'A';
    {{SAY}}(client, data, length);
%end
%if discard
    (void)client, (void)data, (void)length; /* thrown away */
%end
%if slow-reader
    (void)data, (void)length; /* thrown away */
    rest_for(client, PAUSE_MS);
%end
%if greeter
%if pauses
    rest_for(client, PAUSE_MS);
%end
    size_t end = length;
    while (end > 0 && strchr(" \r\n\t", data[end - 1]) != NULL)
        end--;
    if (end == 4 && memcmp(data, "exit", 4) == 0) {
        leave(client);
        return;
    }
    char *answer = malloc(7 + length);
    if (answer == NULL)
        die("malloc");
    memcpy(answer, "Hello, ", 7);
    memcpy(answer + 7, data, length);
    {{SAY}}(client, answer, 7 + length);
    free(answer);
%end
%if manual
    /* Whoever runs the server answers. All others wait meanwhile for as long as this thread serves them too. */
    char answer[1024];
    printf("%s: %.*s\n", client->name, (int)length, data);
    fflush(stdout);
    if (fgets(answer, sizeof answer, stdin) != NULL)
        {{SAY}}(client, answer, strlen(answer));
%end
%if half-closer
    (void)data, (void)length; /* thrown away */
%if at_once
    (void)client; /* we said goodbye, and read on until the peer does */
%else
    if (!client->is_done) {
        client->is_done = 1;
%if goodbye
        {{SAY}}(client, GOODBYE, sizeof GOODBYE - 1);
%end
        half_close(client);
    }
%end
%end
%if resetter
    (void)data, (void)length; /* thrown away */
    reset(client);
%end
%if faulty
    if (memmem(data, length, WORD, sizeof WORD - 1) != NULL) {
        /* A request that fails ends its connection and never the server. */
        fprintf(stderr, "%s: the message holds %s\n", client->name, WORD);
        leave(client);
    } else {
        {{SAY}}(client, data, length);
    }
%end
}
%end
%if chat

static void on_gone(struct client *client)
{
%if chat_lock
    pthread_mutex_lock(&members_lock);
    for (struct client **link = &members; *link != NULL; link = &(*link)->next)
        if (*link == client) {
            *link = client->next;
            break;
        }
    pthread_mutex_unlock(&members_lock);
%end
    tell_others(client, "left", 4);
}
%end
