/* {{TITLE}}
 *
%if not_shown
 * Not in this program: {{NOT_SHOWN}}.
 *
%end
 * Build and run it with: {{BUILD}}
 */
#define _GNU_SOURCE /* flockfile and the like are no part of C11 */
%if paused
#include <errno.h>
%end
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
%if paused
#include <time.h>
%end
#include <unistd.h>

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
enum { PAIRS = {{PAIRS}} };
enum { RECV_SIZE = {{RECV_SIZE}} }; /* the most that one recv may return */

struct talk {
    int number;
    int here, there; /* the two ends */
    pthread_t receiver, sender;
};

static void die(const char *call)
{
    perror(call);
    exit(1);
}
%if paused

static void pause_for(long long ms)
{
    struct timespec time = { ms / 1000, ms % 1000 * 1000000 };
    while (nanosleep(&time, &time) < 0 && errno == EINTR)
        ; /* a signal came; the rest of the time is in `time` */
}
%end

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

%if stream
/* Prints what comes, until the other end is closed. */
%else
/* Prints what comes. Datagrams have no end: how many there are is known here. */
%end
static void *receive(void *of)
{
    struct talk *talk = of;
    char *data = malloc(RECV_SIZE);
    if (data == NULL)
        die("malloc");
%if stream|forever
    for (;;) {
%end
%if dgram many
    for (int i = 0; i < TIMES; i++) {
%end
%if dgram once
    {
%end
        ssize_t length = recv(talk->there, data, RECV_SIZE, 0);
        if (length < 0)
            die("recv");
%if stream
        if (length == 0)
            break;
%end
        print_message(talk->number, data, length);
    }
%if stream
    printf("%d: the other end is closed\n", talk->number);
%end
%if stream|!forever
    fflush(stdout);
    free(data);
    close(talk->there);
%end
    return NULL;
}

static void send_message(int fd)
{
    for (size_t sent = 0; sent < message_size;) {
        ssize_t length = send(fd, message + sent, message_size - sent, MSG_NOSIGNAL);
        if (length < 0)
            die("send");
        sent += length;
    }
}

static void *say(void *of)
{
    struct talk *talk = of;
%if once
    send_message(talk->here);
%end
%if many
    for (int i = 0; i < TIMES; i++) {
        send_message(talk->here);
%if paused
        pause_for(EVERY_MS);
%end
    }
%end
%if forever
    for (;;) {
        send_message(talk->here);
%if paused
        pause_for(EVERY_MS);
%end
    }
%else
%if stream
    close(talk->here); /* the other end reads what is left, and then recv answers 0 */
%end
%end
    return NULL;
}
%if from_file

static void read_message(void)
{
    FILE *file = fopen(MESSAGE_FILE, "rb");
    if (file == NULL || fseek(file, 0, SEEK_END) < 0)
        die(MESSAGE_FILE);
    message_size = ftell(file);
    message = malloc(message_size + 1);
    rewind(file);
    if (message == NULL || fread(message, 1, message_size, file) != message_size)
        die(MESSAGE_FILE);
    fclose(file);
}
%end

int main(void)
{
    static struct talk talks[PAIRS];
%if from_file
    read_message();
%end
    for (int i = 0; i < PAIRS; i++) {
        int ends[2];
        if (socketpair(AF_UNIX, {{KIND}}, 0, ends) < 0) /* both ends are ours and have no address */
            die("socketpair");
        talks[i] = (struct talk){ .number = i, .here = ends[0], .there = ends[1] };
        if (pthread_create(&talks[i].receiver, NULL, receive, &talks[i]) != 0 || pthread_create(&talks[i].sender, NULL, say, &talks[i]) != 0)
            die("pthread_create");
    }
    for (int i = 0; i < PAIRS; i++) {
        pthread_join(talks[i].sender, NULL);
        pthread_join(talks[i].receiver, NULL);
    }
    return 0;
}
