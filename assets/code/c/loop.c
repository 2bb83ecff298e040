
/* --- model: {{MODEL_TITLE}} {{RULE}} */

static int server;
%if clients

/* One connection. It is read, or, while something waits to be sent, written: never both. */
struct client {
    int fd;
    struct buffer out; /* said, and not yet with the kernel */
    int is_leaving;    /* once all is sent */
%if pauses
    long long due; /* when its pause is over; 0 without one */
%end
%if half_closing
    int is_half_closing;
%end
%if named
    char name[64];
%end
%if is_done
    int is_done;
%end
%if rest
    struct buffer rest;
%end
%if cuts
    struct buffer unread;
%end
};

static struct client *clients[MAX_FD];
%end
