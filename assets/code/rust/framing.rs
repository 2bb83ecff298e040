%if cuts|frames

// --- framing: where a message ends -----------------------------------------------------------------------------------
%if frames

fn framed(message: &[u8]) -> Vec<u8> {
%if delimiter
    [message.strip_suffix(FRAME_END).unwrap_or(message), FRAME_END].concat() // it may be there already
%end
%if length
    let length = message.len() as u64{{PLUS_HEADER}};
    [&length.to_{{ORDER}}_bytes()[{{HEADER_RANGE}}], message].concat()
%end
}
%end
%if cuts

/// One recv may bring several messages, or a part of one. What is unfinished is kept.
fn on_chunk(client: &mut Client, data: &[u8]) -> io::Result<()> {
    client.unread.extend_from_slice(data);
%if fixed
    while client.unread.len() >= FRAME_SIZE && !client.is_leaving {
        let message: Vec<u8> = client.unread.drain(..FRAME_SIZE).collect();
        on_bytes(client, &message)?;
    }
    Ok(())
%end
%if delimiter
    while let Some(at) = client.unread.windows(FRAME_END.len()).position(|part| part == FRAME_END) {
        if client.is_leaving {
            return Ok(());
        }
        let message: Vec<u8> = client.unread.drain(..at + FRAME_END.len()).collect();
        on_bytes(client, &message[..at])?;
    }
    if client.unread.len() > MAX_FRAME {
        client.leave();
    }
    Ok(())
%end
%if length
    while client.unread.len() >= HEADER_SIZE && !client.is_leaving {
        let mut header = [0; 8];
        header[{{HEADER_RANGE}}].copy_from_slice(&client.unread[..HEADER_SIZE]);
        let length = u64::from_{{ORDER}}_bytes(header).wrapping_sub({{HEADER_SELF}});
        if length > MAX_FRAME as u64 {
            client.leave();
            return Ok(());
        }
        let end = HEADER_SIZE + length as usize;
        if client.unread.len() < end {
            return Ok(());
        }
        let message: Vec<u8> = client.unread.drain(..end).collect();
        on_bytes(client, &message[HEADER_SIZE..])?;
    }
    Ok(())
%end
%if until_close
    if client.unread.len() > MAX_FRAME {
        client.leave();
    }
    Ok(())
%end
}
%end
%if until_close cuts

/// The peer ended its side: that is the whole message.
fn on_end(client: &mut Client) -> io::Result<()> {
    let message = mem::take(&mut client.unread);
    on_bytes(client, &message)
}
%end
%end
