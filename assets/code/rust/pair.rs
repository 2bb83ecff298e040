//! {{TITLE}}
//!
%if not_shown
//! Not in this program: {{NOT_SHOWN}}.
//!
%end
//! Build and run it with: {{BUILD}}

{{USES}}
%if from_file
const MESSAGE_FILE: &str = {{MESSAGE}};
%else
const MESSAGE: &[u8] = {{MESSAGE}};
%end
%if many
const TIMES: u32 = {{TIMES}};
%end
%if paused
const EVERY: Duration = Duration::from_millis({{EVERY}});
%end
const PAIRS: usize = {{PAIRS}};
const RECV_SIZE: usize = {{RECV_SIZE}}; // the most that one recv may return

%if stream
/// Prints what comes, until the other end is closed.
%else
/// Prints what comes. Datagrams have no end: how many there are is known here.
%end
fn receive(number: usize, {{MUT_SOCKET}}: {{STREAM}}) -> io::Result<()> {
    let mut data = vec![0; RECV_SIZE];
%if stream|forever
    loop {
%end
%if dgram many
    for _ in 0..TIMES {
%end
%if dgram once
    {
%end
        let length = socket.{{RECV}}(&mut data)?;
%if stream
        if length == 0 {
            println!("{number}: the other end is closed");
            return Ok(());
        }
%end
        println!("{number}: {}", data[..length].escape_ascii());
    }
%if dgram !forever
    Ok(())
%end
}

/// Both ends are ours and have no address: nobody binds, connects or accepts.
fn talk(number: usize) -> io::Result<()> {
    let ({{MUT_SENDER}}, there) = {{STREAM}}::pair()?;
    let receiver = thread::spawn(move || report(number, receive(number, there)));
%if from_file
    let message = fs::read(MESSAGE_FILE)?;
    let message = message.as_slice();
%else
    let message = MESSAGE;
%end
%if once
    socket.{{SEND}}(message)?;
%end
%if many
    for _ in 0..TIMES {
        socket.{{SEND}}(message)?;
%if paused
        thread::sleep(EVERY);
%end
    }
%end
%if forever
    loop {
        socket.{{SEND}}(message)?;
%if paused
        thread::sleep(EVERY);
%end
        if receiver.is_finished() {
            return Ok(());
        }
    }
%else
%if stream
    drop(socket); // the other end reads what is left, and then recv answers 0
%end
    receiver.join().expect("the receiver does not panic");
    Ok(())
%end
}

fn report(number: usize, result: io::Result<()>) {
    if let Err(error) = result {
        eprintln!("{number}: {error}");
    }
}

fn main() {
    let mut threads = Vec::new();
    for number in 0..PAIRS {
        threads.push(thread::spawn(move || report(number, talk(number))));
    }
    for thread in threads {
        thread.join().expect("no thread panics");
    }
}
