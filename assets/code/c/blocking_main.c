
/* One connection from its first byte to its last. Every call here may sleep. */
static void serve(int fd)
{
%if stuck
    (void)fd; /* never reads: what the peer sends stays in the kernel until its buffers are full */
    for (;;)
        pause();
%else
%if nodelay
    int on = 1;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on); /* small segments leave at once */
%end
%if idle
    struct timeval idle = { IDLE_MS / 1000, IDLE_MS % 1000 * 1000 };
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &idle, sizeof idle); /* recv fails with EAGAIN after that time */
%end
    struct client client = { .fd = fd };
%if named
    name_of(fd, client.name, sizeof client.name);
%end
%if opens
    on_open(&client);
%end
%if endless
    while (!client.is_leaving)
        on_room(&client);
%end
%if hears
    while (!client.is_leaving) {
        char data[RECV_SIZE];
        ssize_t length = recv(fd, data, sizeof data, 0);
        if (length < 0 && errno == EINTR)
            continue;
        if (length < 0)
            perror("recv"); /* such as ECONNRESET: it ends this client alone */
%if until_close
        if (length == 0)
            on_end(&client);
%end
        if (length <= 0)
            break; /* 0: the peer ended its side */
        {{HEAR}}(&client, data, length);
    }
%end
%if chat
    on_gone(&client);
%end
    close(fd);
%if rest
    free(client.rest.bytes);
%end
%if cuts
    free(client.unread.bytes);
%end
%end
}
%if threads

static void *thread_main(void *fd)
{
    serve((int)(long)fd);
    return NULL;
}
%end
%if thread-pool

/* Connections that are accepted and wait for a worker. */
static int waiting[QUEUE];
static int first, count;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;

static void *worker_main(void *unused)
{
    (void)unused;
    for (;;) {
        pthread_mutex_lock(&lock);
        while (count == 0)
            pthread_cond_wait(&changed, &lock);
        int fd = waiting[first];
        first = (first + 1) % QUEUE;
        count--;
        pthread_cond_broadcast(&changed);
        pthread_mutex_unlock(&lock);
        serve(fd);
    }
    return NULL;
}

static void hand_over(int fd)
{
    pthread_mutex_lock(&lock);
    while (count == QUEUE)
        pthread_cond_wait(&changed, &lock);
    waiting[(first + count) % QUEUE] = fd;
    count++;
    pthread_cond_broadcast(&changed);
    pthread_mutex_unlock(&lock);
}
%end
%if processes

/* Ended children stay as zombies until somebody asks for them. One signal may stand for several. */
static void reap(int signal)
{
    (void)signal;
    int saved = errno;
    while (waitpid(-1, NULL, WNOHANG) > 0)
        ;
    errno = saved;
}
%end

int main(void)
{
    int server = open_socket();
%if thread-pool
    for (int i = 0; i < WORKERS; i++) {
        pthread_t worker;
        if (pthread_create(&worker, NULL, worker_main, NULL) != 0)
            die("pthread_create");
    }
%end
%if processes
    struct sigaction action = { .sa_handler = reap };
    sigaction(SIGCHLD, &action, NULL);
%end
    for (;;) {
        int fd = accept(server, NULL, NULL);
        if (fd < 0 && (errno == EINTR || errno == ECONNABORTED))
            continue; /* a signal came, or the client was gone again before we came */
        if (fd < 0)
            die("accept");
%if iterative
        serve(fd); /* until it has left, everybody else waits in the queue of listen */
%end
%if threads
        pthread_t thread;
        if (pthread_create(&thread, NULL, thread_main, (void *)(long)fd) != 0)
            die("pthread_create");
        pthread_detach(thread); /* nobody joins it: it ends with its client */
%end
%if thread-pool
        hand_over(fd); /* WORKERS are served at once; further ones wait */
%end
%if processes
        pid_t child = fork();
        if (child < 0)
            die("fork");
        if (child == 0) {
            close(server); /* the child's copy of the descriptor */
            serve(fd);
            exit(0);
        }
        close(fd); /* the parent's copy: the connection ends only when both are closed */
%end
%if paced
        pause_for(ACCEPT_PAUSE_MS * 1000LL);
%end
    }
}
