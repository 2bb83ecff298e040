/* {{TITLE}}
 *
%if not_shown
 * Not in this program: {{NOT_SHOWN}}.
 *
%end
 * Build and run it with: {{BUILD}}
 */
#define _GNU_SOURCE /* memmem and the like are no part of POSIX */
#include <errno.h>
%if inet
#include <netdb.h>
#include <netinet/in.h>
%end
%if nodelay
#include <netinet/tcp.h>
%end
#include <pthread.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
%if limited
#include <sys/time.h>
%end
%if unix
#include <sys/un.h>
%end
#include <time.h>
#include <unistd.h>

%if inet
static const char HOST[] = {{HOST}}, PORT[] = "{{PORT}}";
%end
%if unix
static const char PATH[] = {{PATH}};
%end
%if local inet
static const char LOCAL_HOST[] = {{LOCAL_HOST}}, LOCAL_PORT[] = "{{LOCAL_PORT}}";
%end
%if local unix
static const char LOCAL[] = {{LOCAL_PATH}};
%end
%if from_file
static const char MESSAGE_FILE[] = {{MESSAGE}};
static char *message;
static size_t message_size;
%else
static const char message[] = {{MESSAGE}};
enum { message_size = sizeof message - 1 };
%end
%if many
enum { TIMES = {{TIMES}} };
%end
%if paused
enum { EVERY_MS = {{EVERY}} };
%end
enum { CONNECTIONS = {{CONNECTIONS}} };
%if open_every
enum { OPEN_EVERY_MS = {{OPEN_EVERY}} };
%end
%if limited
enum { CONNECT_LIMIT_MS = {{CONNECT_LIMIT}} };
%end
enum { RECV_SIZE = {{RECV_SIZE}} }; /* the most that one recv may return */
%if delimiter
static const char FRAME_END[] = {{FRAME_END}};
enum { FRAME_END_SIZE = sizeof FRAME_END - 1 };
%end
%if fixed
enum { FRAME_SIZE = {{FRAME_SIZE}} };
%end
%if length
enum { HEADER_SIZE = {{HEADER_SIZE}} };
%end

static void die(const char *call)
{
    perror(call);
    exit(1);
}
%if paused|open_every

static void pause_for(long long ms)
{
    struct timespec time = { ms / 1000, ms % 1000 * 1000000 };
    while (nanosleep(&time, &time) < 0 && errno == EINTR)
        ; /* a signal came; the rest of the time is in `time` */
}
%end
%if inet

static struct addrinfo *look_up(const char *host, const char *port)
{
    struct addrinfo hints = { .ai_socktype = {{KIND}} }, *found;
    int error = getaddrinfo(host, port, &hints, &found);
    if (error != 0) {
        fprintf(stderr, "getaddrinfo: %s\n", gai_strerror(error));
        exit(1);
    }
    return found;
}
%end
%if unix

static socklen_t unix_address(struct sockaddr_un *address, const char *path, size_t size)
{
    memset(address, 0, sizeof *address);
    address->sun_family = AF_UNIX;
    memcpy(address->sun_path, path, size);
    /* An abstract name begins with a zero byte, and its length counts (unix(7)). */
    return path[0] == '\0' ? offsetof(struct sockaddr_un, sun_path) + size : sizeof *address;
}
%end

static int open_connection(void)
{
%if inet
    struct addrinfo *found = look_up(HOST, PORT);
    int fd = socket(found->ai_family, found->ai_socktype, found->ai_protocol);
%else
    int fd = socket(AF_UNIX, {{KIND}}, 0);
%end
    if (fd < 0)
        die("socket");
%if nodelay|broadcast
    int on = 1;
%end
%if broadcast
    if (setsockopt(fd, SOL_SOCKET, SO_BROADCAST, &on, sizeof on) < 0) /* without it a send to a broadcast address is refused */
        die("setsockopt");
%end
%if nodelay
    if (setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on) < 0) /* small segments leave at once */
        die("setsockopt");
%end
%if local inet
    struct addrinfo *local = look_up(LOCAL_HOST, LOCAL_PORT);
    if (bind(fd, local->ai_addr, local->ai_addrlen) < 0)
        die("bind");
    freeaddrinfo(local);
%end
%if local unix
    struct sockaddr_un local;
    socklen_t local_size = unix_address(&local, LOCAL, sizeof LOCAL - 1);
    if (bind(fd, (struct sockaddr *)&local, local_size) < 0)
        die("bind");
%end
%if autobind
    /* Only the family: Linux chooses a name; without one the server could not answer (unix(7)). */
    struct sockaddr_un local = { .sun_family = AF_UNIX };
    if (bind(fd, (struct sockaddr *)&local, sizeof local.sun_family) < 0)
        die("bind");
%end
%if limited
    /* On Linux the limit of sends is that of connect too (socket(7)); it fails with EINPROGRESS. */
    struct timeval limit = { CONNECT_LIMIT_MS / 1000, CONNECT_LIMIT_MS % 1000 * 1000 }, none = { 0, 0 };
    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
%end
%if inet
    if (connect(fd, found->ai_addr, found->ai_addrlen) < 0)
        die("connect");
    freeaddrinfo(found);
%else
    struct sockaddr_un address;
    socklen_t size = unix_address(&address, PATH, sizeof PATH - 1);
    if (connect(fd, (struct sockaddr *)&address, size) < 0)
        die("connect");
%end
%if limited
    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &none, sizeof none);
%end
    return fd;
}

struct connection {
    int number;
    int fd;
};

static void print_message(int number, const char *data, size_t length)
{
    flockfile(stdout);
    printf("%d: ", number);
    for (size_t i = 0; i < length; i++)
        if (data[i] >= ' ' && data[i] <= '~' && data[i] != '\\')
            putchar(data[i]);
        else
            printf("\\x%02x", (unsigned char)data[i]);
    printf("\n");
    fflush(stdout);
    funlockfile(stdout);
}
%if framed stream

/* One recv may bring several messages, or a part of one. Prints those that are whole; the length of what is left. */
static size_t print_messages(int number, char *unread, size_t length)
{
    char *next = unread;
%if fixed
    for (; length >= FRAME_SIZE; next += FRAME_SIZE, length -= FRAME_SIZE)
        print_message(number, next, FRAME_SIZE);
%end
%if delimiter
    char *end;
    while (length > 0 && (end = memmem(next, length, FRAME_END, FRAME_END_SIZE)) != NULL) {
        size_t size = end - next;
        print_message(number, next, size);
        next += size + FRAME_END_SIZE;
        length -= size + FRAME_END_SIZE;
    }
%end
%if length
    while (length >= HEADER_SIZE) {
        const unsigned char *header = (const unsigned char *)next;
        unsigned long long size = 0;
        for (int i = 0; i < HEADER_SIZE; i++)
            size = size << 8 | header[{{READ_INDEX}}];
        size -= {{HEADER_SELF}};
        if (length - HEADER_SIZE < size)
            break;
        print_message(number, next + HEADER_SIZE, size);
        next += HEADER_SIZE + size;
        length -= HEADER_SIZE + size;
    }
%end
%if until_close
    (void)number; /* the message ends with the connection */
%end
    memmove(unread, next, length);
    return length;
}
%end

/* Prints what comes, until the server ends its side. */
static void *receive(void *argument)
{
    struct connection *connection = argument;
%if framed stream
    char *unread = NULL;
    size_t length = 0;
    for (;;) {
        unread = realloc(unread, length + RECV_SIZE);
        if (unread == NULL)
            die("realloc");
        ssize_t size = recv(connection->fd, unread + length, RECV_SIZE, 0);
        if (size < 0 && errno == EINTR)
            continue;
        if (size < 0)
            perror("recv"); /* such as ECONNRESET */
        if (size <= 0)
            break;
        length = print_messages(connection->number, unread, length + size);
    }
%if until_close
    print_message(connection->number, unread, length);
%end
    free(unread);
%else
    for (;;) {
        char data[RECV_SIZE];
        ssize_t size = recv(connection->fd, data, sizeof data, 0);
        if (size < 0 && errno == EINTR)
            continue;
        if (size < 0)
            perror("recv"); /* such as ECONNRESET or ECONNREFUSED */
%if stream
        if (size <= 0)
            break;
%else
        if (size < 0)
            break; /* an empty datagram is no end */
%end
        print_message(connection->number, data, size);
    }
%end
%if stream
    printf("%d: the connection is over\n", connection->number);
%end
    return NULL;
}

/* Sends all of it: send may take only a part. MSG_NOSIGNAL: a server that is gone is an error and no SIGPIPE. */
static int send_message(int fd)
{
%if stream
    for (size_t sent = 0; sent < message_size;) {
        ssize_t size = send(fd, message + sent, message_size - sent, MSG_NOSIGNAL);
        if (size < 0 && errno == EINTR)
            continue;
        if (size < 0) {
            perror("send");
            return -1;
        }
        sent += size;
    }
%else
    if (send(fd, message, message_size, MSG_NOSIGNAL) < 0) {
        perror("send");
        return -1;
    }
%end
    return 0;
}

/* One connection: this thread sends, another one receives meanwhile. */
static void *talk(void *argument)
{
    struct connection *connection = argument;
    connection->fd = open_connection();
    pthread_t receiver;
    if (pthread_create(&receiver, NULL, receive, connection) != 0)
        die("pthread_create");
%if once
    send_message(connection->fd);
%end
%if many
    for (int i = 0; i < TIMES && send_message(connection->fd) == 0; i++)
%end
%if forever
    while (send_message(connection->fd) == 0)
%end
%if many|forever
%if paused
        pause_for(EVERY_MS);
%else
        ; /* as fast as the socket takes it */
%end
%end
    pthread_join(receiver, NULL);
    close(connection->fd);
    return NULL;
}

int main(void)
{
%if from_file
    FILE *file = fopen(MESSAGE_FILE, "rb");
    if (file == NULL)
        die(MESSAGE_FILE);
    char part[4096];
    size_t size;
    while ((size = fread(part, 1, sizeof part, file)) > 0) {
        message = realloc(message, message_size + size);
        if (message == NULL)
            die("realloc");
        memcpy(message + message_size, part, size);
        message_size += size;
    }
    fclose(file);
%end
    static struct connection connections[CONNECTIONS];
    static pthread_t threads[CONNECTIONS];
    for (int i = 0; i < CONNECTIONS; i++) {
        connections[i].number = i;
        if (pthread_create(&threads[i], NULL, talk, &connections[i]) != 0)
            die("pthread_create");
%if open_every
        pause_for(OPEN_EVERY_MS);
%end
    }
    for (int i = 0; i < CONNECTIONS; i++)
        pthread_join(threads[i], NULL);
}
