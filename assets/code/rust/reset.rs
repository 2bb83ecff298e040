%if resets

/// With a linger time of zero close sends RST, and the peer sees ECONNRESET.
fn reset_at_close(stream: &impl AsRawFd) -> io::Result<()> {
    let linger = libc::linger { l_onoff: 1, l_linger: 0 };
    let size = size_of::<libc::linger>() as libc::socklen_t;
    let set = unsafe { libc::setsockopt(stream.as_raw_fd(), libc::SOL_SOCKET, libc::SO_LINGER, (&raw const linger).cast(), size) };
    if set < 0 { Err(io::Error::last_os_error()) } else { Ok(()) }
}
%end
