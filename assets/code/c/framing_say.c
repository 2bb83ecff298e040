%if frames

/* --- framing: where a message ends ------------------------------------------------------------------------------- */

static void {{FRAMED_NAME}}(struct client *client, const char *message, size_t length)
{
%if delimiter
    if (length >= FRAME_END_SIZE && memcmp(message + length - FRAME_END_SIZE, FRAME_END, FRAME_END_SIZE) == 0)
        length -= FRAME_END_SIZE; /* it is there already */
    struct buffer frame = { NULL, 0 };
    append(&frame, message, length);
    append(&frame, FRAME_END, FRAME_END_SIZE);
%end
%if length
    unsigned char header[HEADER_SIZE];
    unsigned long long said = length{{PLUS_HEADER}};
    for (int i = 0; i < HEADER_SIZE; i++)
        header[{{HEADER_INDEX}}] = said >> 8 * i & 0xff;
    struct buffer frame = { NULL, 0 };
    append(&frame, (char *)header, HEADER_SIZE);
    append(&frame, message, length);
%end
    {{RAW_SAY}}(client, frame.bytes, frame.length);
    free(frame.bytes);
}
%end
