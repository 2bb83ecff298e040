//! Operations whose memory must outlive them; and how to forbid `io_uring` for one thread.

use std::io::{Read, Write};
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;
use std::time::Instant;

use super::*;
use crate::trace::Tap;

/// From now on this thread, and those it starts, are refused `io_uring_setup` as in many containers: seccomp(2).
pub(crate) fn forbid_here() {
    let step = |code: u32, jt, jf, k| libc::sock_filter { code: code as u16, jt, jf, k };
    let mut steps = [
        // The number of the call is the first word of seccomp_data.
        step(libc::BPF_LD | libc::BPF_W | libc::BPF_ABS, 0, 0, 0),
        step(libc::BPF_JMP | libc::BPF_JEQ | libc::BPF_K, 0, 1, libc::SYS_io_uring_setup as u32),
        step(libc::BPF_RET | libc::BPF_K, 0, 0, libc::SECCOMP_RET_ERRNO | libc::EPERM as u32),
        step(libc::BPF_RET | libc::BPF_K, 0, 0, libc::SECCOMP_RET_ALLOW),
    ];
    let program = libc::sock_fprog { len: steps.len() as u16, filter: steps.as_mut_ptr() };
    // SAFETY: the program and its steps live through the calls, which copy them.
    let results = unsafe {
        [
            libc::prctl(libc::PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0),
            libc::prctl(libc::PR_SET_SECCOMP, libc::SECCOMP_MODE_FILTER, &raw const program),
        ]
    };
    assert_eq!(results, [0, 0], "{}", io::Error::last_os_error());
}

fn pair() -> (Sock, UnixStream) {
    let (ours, theirs) = UnixStream::pair().unwrap();
    (Sock::from(socket2::Socket::from(OwnedFd::from(ours))), theirs)
}

fn next(ring: &mut Ring, lane: &Lane) -> Completion {
    loop {
        if let Some(completion) = ring.next(lane) {
            return completion;
        }
        ring.wait(lane, Some(Duration::from_secs(10))).unwrap();
    }
}

#[test]
fn bytes_come_and_go_and_the_end_is_empty() {
    let lane = Tap::new(Instant::now(), 256).lane("test");
    let mut ring = Ring::new(&lane).unwrap();
    let (sock, mut peer) = pair();
    // More rounds than there are buffers: each must come back.
    for round in 0..200_u32 {
        ring.recv(&lane, &sock, 7, usize::MAX).unwrap();
        peer.write_all(&round.to_le_bytes()).unwrap();
        let completion = next(&mut ring, &lane);
        let Completion { token: 7, done: Done::Recv(Ok(chunk)) } = completion else { panic!("{completion:?}") };
        assert_eq!(*chunk, round.to_le_bytes());
        ring.send(&lane, &sock, 8, chunk.to_vec(), 1).unwrap();
        ring.give_back(chunk);
        let Done::Send { bytes, from: 1, result: Ok(3) } = next(&mut ring, &lane).done else { panic!("three bytes") };
        let mut heard = [0; 3];
        peer.read_exact(&mut heard).unwrap();
        assert_eq!(heard, bytes[1..]);
    }
    drop(peer);
    ring.recv(&lane, &sock, 7, usize::MAX).unwrap();
    let Done::Recv(Ok(end)) = next(&mut ring, &lane).done else { panic!("the end") };
    assert!(end.is_empty());
}

#[test]
fn a_full_submission_queue_is_handed_over_early_and_a_time_out_is_no_error() {
    let lane = Tap::new(Instant::now(), 256).lane("test");
    let mut ring = Ring::new(&lane).unwrap();
    let pairs: Vec<_> = (0..2 * ENTRIES).map(|_| pair()).collect();
    for (n, (sock, _)) in pairs.iter().enumerate() {
        ring.recv(&lane, sock, n as u64, usize::MAX).unwrap();
    }
    ring.wait(&lane, Some(Duration::from_millis(1))).unwrap();
    assert!(ring.next(&lane).is_none());
    // More ready receives than buffers: some must be tried again, none is lost.
    pairs.iter().for_each(|(_, peer)| (&*peer).write_all(b"all").unwrap());
    let mut served = vec![false; pairs.len()];
    let mut held = Vec::new();
    let mut without_buffer = 0;
    while served.contains(&false) {
        let Completion { token, done: Done::Recv(result) } = next(&mut ring, &lane) else { panic!("a receive") };
        match result {
            Ok(chunk) => {
                assert_eq!(*chunk, *b"all");
                served[token as usize] = true;
                held.push(chunk);
            }
            Err(error) => {
                assert_eq!(error.raw_os_error(), Some(libc::ENOBUFS));
                without_buffer += 1;
                held.drain(..).for_each(|chunk| ring.give_back(chunk));
                ring.recv(&lane, &pairs[token as usize].0, token, usize::MAX).unwrap();
            }
        }
    }
    assert!(without_buffer > 0, "512 receives at once, 64 buffers");
}

#[test]
fn a_ring_that_is_dropped_waits_for_what_is_with_the_kernel() {
    let lane = Tap::new(Instant::now(), 256).lane("test");
    let (sock, mut peer) = pair();
    let (full, deaf) = pair();
    let mut ring = Ring::new(&lane).unwrap();
    ring.recv(&lane, &sock, 1, usize::MAX).unwrap();
    ring.recv_from(&lane, &sock, 2, vec![0; 4_096]).unwrap();
    ring.send(&lane, &full, 3, vec![7; 8 << 20], 0).unwrap();
    ring.watch(&lane, &full, 4).unwrap();
    ring.wait(&lane, Some(Duration::from_millis(10))).unwrap();
    drop(ring);
    // Nothing holds the sockets any more: closing ends the connection, and no byte goes to freed memory.
    drop(sock);
    assert_eq!(peer.read(&mut [0; 16]).unwrap(), 0);
    assert!(peer.write_all(b"late").is_err());
    drop(full);
    let mut rest = Vec::new();
    (&deaf).read_to_end(&mut rest).unwrap();
    assert!(rest.iter().all(|byte| *byte == 7));
}

#[test]
fn operations_on_one_socket_are_called_off_and_the_others_stay() {
    let lane = Tap::new(Instant::now(), 256).lane("test");
    let mut ring = Ring::new(&lane).unwrap();
    let ((one, _a), (two, mut b)) = (pair(), pair());
    ring.recv(&lane, &one, 1, usize::MAX).unwrap();
    ring.watch(&lane, &one, 1).unwrap();
    ring.recv(&lane, &two, 2, usize::MAX).unwrap();
    ring.cancel(&one);
    for _ in 0..2 {
        let Completion { token, done } = next(&mut ring, &lane);
        assert_eq!(token, 1);
        assert!(
            matches!(done, Done::HungUp { last: true }) || matches!(&done, Done::Recv(Err(e)) if e.raw_os_error() == Some(libc::ECANCELED)),
            "{done:?}"
        );
    }
    b.write_all(b"still").unwrap();
    let completion = next(&mut ring, &lane);
    assert!(matches!(&completion, Completion { token: 2, done: Done::Recv(Ok(chunk)) } if **chunk == *b"still"), "{completion:?}");
}

#[test]
fn a_send_that_waits_for_room_is_called_off_whoever_waits_for_it() {
    let lane = Tap::new(Instant::now(), 256).lane("test");
    let door = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap();
    for interrupted in [false, true] {
        let mut ring = Ring::new(&lane).unwrap();
        let ours = std::net::TcpStream::connect(door.local_addr().unwrap()).unwrap();
        let (_deaf, _) = door.accept().unwrap();
        let sock = Sock::from(socket2::Socket::from(ours));
        ring.send(&lane, &sock, 3, vec![7; 64 << 20], 0).unwrap();
        let mut full = false;
        while !full {
            ring.wait(&lane, Some(Duration::from_millis(100))).unwrap();
            match ring.next(&lane) {
                Some(Completion { done: Done::Send { bytes, from, result }, .. }) => {
                    ring.send(&lane, &sock, 3, bytes, from + result.unwrap()).unwrap();
                }
                Some(other) => panic!("{other:?}"),
                None => full = true,
            }
        }
        if interrupted {
            // Wakes the kernel's waiting send, which then tries again.
            sock.interrupt(crate::sys::Shutdown::Read);
        }
        ring.cancel(&sock);
        let Done::Send { result, .. } = next(&mut ring, &lane).done else { panic!("the send") };
        assert!(interrupted || result.is_err_and(|e| e.raw_os_error() == Some(libc::ECANCELED)));
    }
}

#[test]
fn a_fin_is_no_hang_up_and_a_reset_is() {
    let lane = Tap::new(Instant::now(), 256).lane("test");
    let mut ring = Ring::new(&lane).unwrap();
    let door = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let ours = std::net::TcpStream::connect(door.local_addr().unwrap()).unwrap();
    let peer = socket2::Socket::from(door.accept().unwrap().0);
    let sock = Sock::from(socket2::Socket::from(ours));
    ring.watch(&lane, &sock, 5).unwrap();
    peer.shutdown(std::net::Shutdown::Write).unwrap();
    ring.wait(&lane, Some(Duration::from_millis(20))).unwrap();
    assert!(ring.next(&lane).is_none(), "the peer may still listen");
    peer.set_linger(Some(Duration::ZERO)).unwrap();
    drop(peer);
    let completion = next(&mut ring, &lane);
    assert!(matches!(completion, Completion { token: 5, done: Done::HungUp { .. } }), "{completion:?}");
}
