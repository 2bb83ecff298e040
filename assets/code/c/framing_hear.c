%if cuts

/* One recv may bring several messages, or a part of one. What is unfinished is kept. */
static void on_chunk(struct client *client, const char *data, size_t length)
{
    append(&client->unread, data, length);
%if until_close
    if (client->unread.length > MAX_FRAME)
        leave(client);
%else
    while (client->unread.length > 0 && !client->is_leaving) {
%if fixed
        if (client->unread.length < FRAME_SIZE)
            return;
        on_bytes(client, client->unread.bytes, FRAME_SIZE);
        take_off(&client->unread, FRAME_SIZE);
%end
%if delimiter
        char *end = memmem(client->unread.bytes, client->unread.length, FRAME_END, FRAME_END_SIZE);
        if (end == NULL) {
            if (client->unread.length > MAX_FRAME)
                leave(client);
            return;
        }
        size_t size = end - client->unread.bytes;
        on_bytes(client, client->unread.bytes, size);
        take_off(&client->unread, size + FRAME_END_SIZE);
%end
%if length
        if (client->unread.length < HEADER_SIZE)
            return;
        const unsigned char *header = (const unsigned char *)client->unread.bytes;
        unsigned long long size = 0;
        for (int i = 0; i < HEADER_SIZE; i++)
            size = size << 8 | header[{{READ_INDEX}}];
        size -= {{HEADER_SELF}};
        if (size > MAX_FRAME) {
            leave(client);
            return;
        }
        if (client->unread.length - HEADER_SIZE < size)
            return;
        on_bytes(client, client->unread.bytes + HEADER_SIZE, size);
        take_off(&client->unread, HEADER_SIZE + size);
%end
    }
%end
}
%if until_close

/* The peer ended its side: that is the whole message. */
static void on_end(struct client *client)
{
    on_bytes(client, client->unread.bytes, client->unread.length);
}
%end
%end
