%if cuts|frames


# --- framing: where a message ends ------------------------------------------------------------------------------------


%if frames
def framed(message):
%if delimiter
    return message.removesuffix(FRAME_END) + FRAME_END
%end
%if length
    return (len(message){{PLUS_HEADER}}).to_bytes(HEADER_SIZE, "{{ORDER}}") + message
%end


%end
%if cuts
def on_chunk(client, data):
    """One recv may bring several messages, or a part of one. What is unfinished is kept."""
    client.unread += data
%if fixed
    while len(client.unread) >= FRAME_SIZE and not client.is_leaving:
        message, client.unread = client.unread[:FRAME_SIZE], client.unread[FRAME_SIZE:]
        on_bytes(client, message)
%end
%if delimiter
    while FRAME_END in client.unread and not client.is_leaving:
        message, client.unread = client.unread.split(FRAME_END, 1)
        on_bytes(client, message)
    if len(client.unread) > MAX_FRAME:
        client.leave()
%end
%if length
    while len(client.unread) >= HEADER_SIZE and not client.is_leaving:
        length = int.from_bytes(client.unread[:HEADER_SIZE], "{{ORDER}}"){{MINUS_HEADER}}
        if not 0 <= length <= MAX_FRAME:
            client.leave()
            return
        end = HEADER_SIZE + length
        if len(client.unread) < end:
            return
        message, client.unread = client.unread[HEADER_SIZE:end], client.unread[end:]
        on_bytes(client, message)
%end
%if until_close
    if len(client.unread) > MAX_FRAME:
        client.leave()
%end
%if until_close


def on_end(client):
    """The peer ended its side: that is the whole message."""
    on_bytes(client, client.unread)
%end
%end
%end
