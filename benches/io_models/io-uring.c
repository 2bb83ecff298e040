/* io_uring: the kernel carries out accept, recv and send by itself; one call hands over what is new and sleeps until something is
 * done. Plain system calls, no liburing. Buffers are the kernel's until bytes come (Linux 5.19). */
#include "common.h"
#include <linux/io_uring.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/syscall.h>

enum { ENTRIES = 256, RESULTS = 4096, BUFFERS = 64 };
enum what { ACCEPT, RECV, SEND }; /* with the descriptor in user_data */

static int ring_fd;
static unsigned queued; /* put into the queue and not handed over */
static struct { unsigned *head, *tail, mask; struct io_uring_sqe *entries; } sq;
static struct { unsigned *head, *tail, mask; struct io_uring_cqe *entries; } cq;
static struct io_uring_buf_ring *lent;
static char buffers[BUFFERS][CHUNK];
static struct { char *data; size_t from, to; unsigned buffer; } sending[FDS];

static void lend(unsigned buffer) {
    struct io_uring_buf *entry = &lent->bufs[lent->tail & (BUFFERS - 1)];
    entry->addr = (uintptr_t)buffers[buffer];
    entry->len = CHUNK;
    entry->bid = (uint16_t)buffer;
    __atomic_store_n(&lent->tail, (uint16_t)(lent->tail + 1), __ATOMIC_RELEASE);
}

static void set_up(void) {
    struct io_uring_params p = {.flags = IORING_SETUP_CQSIZE | IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN,
                                .cq_entries = RESULTS};
    if ((ring_fd = (int)syscall(SYS_io_uring_setup, ENTRIES, &p)) < 0) die("io_uring_setup");
    size_t size = p.cq_off.cqes + p.cq_entries * sizeof(struct io_uring_cqe), least = p.sq_off.array + p.sq_entries * sizeof(unsigned);
    int how = PROT_READ | PROT_WRITE;
    char *rings = mmap(NULL, size > least ? size : least, how, MAP_SHARED | MAP_POPULATE, ring_fd, IORING_OFF_SQ_RING);
    sq.entries = mmap(NULL, p.sq_entries * sizeof *sq.entries, how, MAP_SHARED | MAP_POPULATE, ring_fd, IORING_OFF_SQES);
    lent = mmap(NULL, BUFFERS * sizeof(struct io_uring_buf), how, MAP_ANONYMOUS | MAP_PRIVATE, -1, 0);
    if (rings == MAP_FAILED || sq.entries == MAP_FAILED || lent == MAP_FAILED) die("mmap");
    sq.head = (unsigned *)(rings + p.sq_off.head);
    sq.tail = (unsigned *)(rings + p.sq_off.tail);
    sq.mask = p.sq_entries - 1;
    cq.head = (unsigned *)(rings + p.cq_off.head);
    cq.tail = (unsigned *)(rings + p.cq_off.tail);
    cq.mask = p.cq_entries - 1;
    cq.entries = (struct io_uring_cqe *)(rings + p.cq_off.cqes);
    for (unsigned i = 0; i < p.sq_entries; i++) ((unsigned *)(rings + p.sq_off.array))[i] = i;
    struct io_uring_buf_reg reg = {.ring_addr = (uintptr_t)lent, .ring_entries = BUFFERS};
    if (syscall(SYS_io_uring_register, ring_fd, IORING_REGISTER_PBUF_RING, &reg, 1) < 0) die("io_uring_register");
    for (unsigned i = 0; i < BUFFERS; i++) lend(i);
}

static void enter(unsigned least) {
    unsigned flags = least ? IORING_ENTER_GETEVENTS : 0;
    long taken = syscall(SYS_io_uring_enter, ring_fd, queued, least, flags, NULL, 0);
    if (taken >= 0) queued -= (unsigned)taken;
    else if (errno != EINTR && errno != EBUSY && errno != EAGAIN) die("io_uring_enter");
}

/* The next free entry of the queue, for this operation. */
static struct io_uring_sqe *next(enum what what, int opcode, int fd) {
    unsigned tail = *sq.tail;
    while (tail - __atomic_load_n(sq.head, __ATOMIC_ACQUIRE) > sq.mask) enter(0);
    struct io_uring_sqe *entry = memset(&sq.entries[tail & sq.mask], 0, sizeof *entry);
    entry->opcode = (uint8_t)opcode;
    entry->fd = fd;
    entry->user_data = (uint64_t)fd << 2 | what;
    __atomic_store_n(sq.tail, tail + 1, __ATOMIC_RELEASE);
    queued++;
    return entry;
}

static void accept_all(int server) {
    struct io_uring_sqe *entry = next(ACCEPT, IORING_OP_ACCEPT, server);
    entry->ioprio = IORING_ACCEPT_MULTISHOT;
    entry->accept_flags = SOCK_CLOEXEC;
}

static void receive(int fd) {
    struct io_uring_sqe *entry = next(RECV, IORING_OP_RECV, fd);
    entry->len = CHUNK;
    entry->flags = IOSQE_BUFFER_SELECT;
}

static void send_rest(int fd) {
    struct io_uring_sqe *entry = next(SEND, IORING_OP_SEND, fd);
    entry->addr = (uintptr_t)(sending[fd].data + sending[fd].from);
    entry->len = (uint32_t)(sending[fd].to - sending[fd].from);
    entry->msg_flags = MSG_NOSIGNAL;
}

static void done(int server, const struct io_uring_cqe *cqe) {
    int fd = (int)(cqe->user_data >> 2), result = cqe->res;
    switch ((enum what)(cqe->user_data & 3)) {
    case ACCEPT:
        if (result >= FDS) close(result);
        else if (result >= 0) receive(result);
        if (!(cqe->flags & IORING_CQE_F_MORE)) accept_all(server);
        break;
    case RECV:
        if (result > 0) {
            sending[fd].buffer = cqe->flags >> IORING_CQE_BUFFER_SHIFT;
            sending[fd].data = buffers[sending[fd].buffer];
            sending[fd].from = 0;
            sending[fd].to = (size_t)result;
            send_rest(fd);
        } else if (result == -ENOBUFS || result == -EINTR) {
            receive(fd); /* every buffer was in use; by the next time some are back */
        } else {
            close(fd);
        }
        break;
    case SEND:
        if (result > 0) sending[fd].from += (size_t)result;
        if (result > 0 && sending[fd].from < sending[fd].to) {
            send_rest(fd);
            break;
        }
        lend(sending[fd].buffer);
        if (result > 0) receive(fd);
        else close(fd);
        break;
    }
}

int main(void) {
    int server = listener(0);
    set_up();
    accept_all(server);
    for (;;) {
        enter(1);
        unsigned head = *cq.head;
        while (head != __atomic_load_n(cq.tail, __ATOMIC_ACQUIRE)) {
            done(server, &cq.entries[head & cq.mask]);
            __atomic_store_n(cq.head, ++head, __ATOMIC_RELEASE);
        }
    }
}
