/* {{TITLE}}
 *
%if not_shown
 * Not in this program: {{NOT_SHOWN}}.
 *
%end
 * Build and run it with: {{BUILD}}
 */
#define _GNU_SOURCE /* memmem, O_ASYNC and the like are no part of POSIX */
#include <errno.h>
%if loop|sigio
#include <fcntl.h>
%end
%if tcp
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
%end
%if udp
#include <netdb.h>
#include <netinet/in.h>
%end
%if poll
#include <poll.h>
%end
%if threads|thread-pool stream
#include <pthread.h>
%end
%if processes|sigio
#include <signal.h>
%end
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
%if epoll-lt|epoll-et
#include <sys/epoll.h>
%end
%if kqueue
#include <sys/event.h>
%end
%if select
#include <sys/select.h>
%end
#include <sys/socket.h>
%if path
#include <sys/stat.h>
%end
%if idle|select
#include <sys/time.h>
%end
%if unix
#include <sys/un.h>
%end
%if processes
#include <sys/wait.h>
%end
#include <time.h>
#include <unistd.h>

%if inet
static const char HOST[] = {{HOST}}, PORT[] = "{{PORT}}";
%end
%if unix
static const char PATH[] = {{PATH}};
%end
%if stream
enum { BACKLOG = {{BACKLOG}} };
%end
%if hears|dgram !stuck
enum { RECV_SIZE = {{RECV_SIZE}} }; /* the most that one recv may return */
%end
%if pauses
enum { PAUSE_MS = {{PAUSE}} };
%end
%if thread-pool
enum { WORKERS = {{WORKERS}}, QUEUE = {{QUEUE}} };
%end
%if busy_pause
enum { BUSY_PAUSE_US = {{BUSY_PAUSE}} };
%end
%if idle
enum { IDLE_MS = {{IDLE}} };
%end
%if paced
enum { ACCEPT_PAUSE_MS = {{ACCEPT_PAUSE}} };
%end
%if list-echo
static const char DELIMITER[] = {{DELIMITER}};
enum { DELIMITER_SIZE = sizeof DELIMITER - 1, MAX_ITEM = {{MAX_ITEM}} };
%end
%if greeting
static const char GREETING[] = {{GREETING}};
%end
%if goodbye
static const char GOODBYE[] = {{GOODBYE}};
%end
%if faulty
static const char WORD[] = {{WORD}};
%end
%if chat
enum { MAX_LINE = {{MAX_ITEM}} };
%end
%if delimiter cuts|says
static const char FRAME_END[] = {{FRAME_END}};
enum { FRAME_END_SIZE = sizeof FRAME_END - 1 };
%end
%if fixed cuts
enum { FRAME_SIZE = {{FRAME_SIZE}} };
%end
%if length cuts|says
enum { HEADER_SIZE = {{HEADER_SIZE}} };
%end
%if framed !fixed cuts
enum { MAX_FRAME = {{MAX_FRAME}} };
%end
%if clients
enum { MAX_FD = {{MAX_FD}} }; /* descriptors are small numbers: a table by descriptor finds each client at once */
%end
%if clients chat
enum { MAX_WAITING = 262144 }; /* bytes that may wait for a member who does not read */
%end
%if dgram chat|half-closer|list-echo
enum { MAX_PEERS = 64 };
%end

static void die(const char *call)
{
    perror(call);
    exit(1);
}
%if pause_fn

static void pause_for(long long us)
{
    struct timespec time = { us / 1000000, us % 1000000 * 1000 };
    while (nanosleep(&time, &time) < 0 && errno == EINTR)
        ; /* a signal came; the rest of the time is in `time` */
}
%end
%if timed

static long long now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000LL + now.tv_nsec / 1000000;
}
%end
%if buffers

/* Bytes that wait. */
struct buffer {
    char *bytes;
    size_t length;
};
%if appends

static void append(struct buffer *buffer, const char *bytes, size_t length)
{
    if (length == 0)
        return;
    buffer->bytes = realloc(buffer->bytes, buffer->length + length);
    if (buffer->bytes == NULL)
        die("realloc");
    memcpy(buffer->bytes + buffer->length, bytes, length);
    buffer->length += length;
}
%end
%if takes

static void take_off(struct buffer *buffer, size_t length)
{
    buffer->length -= length;
    memmove(buffer->bytes, buffer->bytes + length, buffer->length);
}
%end
%end
