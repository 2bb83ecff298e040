
// --- service: what it answers ----------------------------------------------------------------------------------------
%if opens

fn on_open(client: &mut Client) -> io::Result<()> {
%if daytime
%if leaves
    client.leave();
%end
    client.say({{&(}}time_line().as_bytes(){{)}})
%end
%if greeting
    client.say({{(}}GREETING{{)}})
%end
%if chat
    client.tell_others(b"joined");
    Ok(())
%end
%if half-closer
%if goodbye
    client.say({{(}}GOODBYE{{)}})?;
%end
    client.half_close()
%end
%if resetter
    client.reset()
%end
}
%end
%if endless

/// Called whenever all that was said is with the kernel.
fn on_room(client: &mut Client) -> io::Result<()> {
    client.say({{&(}}&cycle(){{)}})
}
%end
%if hears

fn on_bytes(client: &mut Client, {{DATA}}: &[u8]) -> io::Result<()> {
%if echo|delayed
%if delayed pauses !async
    client.pause(PAUSE);
%end
    client.say({{(}}data{{)}})
%end
%if upper
    client.say({{&(}}&data.to_ascii_uppercase(){{)}})
%end
%if list-echo
    // TCP keeps no boundaries: one recv may bring two items, or half of one. The unfinished rest is kept.
    client.rest.extend_from_slice(data);
    while let Some(at) = client.rest.windows(DELIMITER.len()).position(|part| part == DELIMITER) {
        let item: Vec<u8> = client.rest.drain(..at + DELIMITER.len()).collect();
        client.say({{(}}&item{{)}})?;
    }
    if client.rest.len() > MAX_ITEM {
        client.leave();
    }
    Ok(())
%end
%if discard
    let _ = client; // what it says is thrown away
    Ok(())
%end
%if slow-reader
%if !async
    client.pause(PAUSE);
%else
    let _ = client; // what it says is thrown away
%end
    Ok(())
%end
%if greeter
%if pauses !async
    client.pause(PAUSE);
%end
    if data.trim_ascii_end() == b"exit" {
        client.leave();
        return Ok(());
    }
    client.say({{&(}}&[b"Hello, ", data].concat(){{)}})
%end
%if chat
    client.rest.extend_from_slice(data);
    while let Some(at) = client.rest.iter().position(|byte| *byte == b'\n') {
        let line: Vec<u8> = client.rest.drain(..=at).collect();
        match line.trim_ascii_end() {
            b"quit" => {
                client.leave();
                return Ok(());
            }
            b"" => {}
            words => client.tell_others(words),
        }
    }
    if client.rest.len() > MAX_LINE {
        client.leave();
    }
    Ok(())
%end
%if manual
    // Whoever runs the server answers. All others wait meanwhile for as long as this thread serves them too.
    println!("{}: {}", client.name, data.escape_ascii());
    let mut answer = String::new();
    if io::stdin().read_line(&mut answer)? > 0 {
        client.say({{(}}answer.as_bytes(){{)}})?;
    }
    Ok(())
%end
%if half-closer
%if at_once
    let _ = client; // we said goodbye, and read on until the peer does
    Ok(())
%else
    if client.is_done {
        return Ok(());
    }
    client.is_done = true;
%if goodbye
    client.say({{(}}GOODBYE{{)}})?;
%end
    client.half_close()
%end
%end
%if resetter
    client.reset()
%end
%if faulty
    if data.windows(WORD.len()).any(|part| part == WORD) {
        // A request that fails ends its connection and never the server.
        eprintln!("{}: the message holds {}", client.name, WORD.escape_ascii());
        client.leave();
        return Ok(());
    }
    client.say({{(}}data{{)}})
%end
}
%end
