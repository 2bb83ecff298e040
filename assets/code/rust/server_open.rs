
// --- transport: how it is reached ------------------------------------------------------------------------------------
%if path

/// A server that was killed leaves its socket file behind, and bind would fail. Nobody answers there: it is stale.
fn remove_stale_file() -> io::Result<()> {
    match fs::symlink_metadata(PATH) {
        Ok(file) if !file.file_type().is_socket() => Err(io::Error::other("there is a file, and it is no socket")),
%if stream
        Ok(_) => match UnixStream::connect(PATH) {
%else
        Ok(_) => match UnixDatagram::unbound()?.connect(PATH) {
%end
            Err(error) if error.kind() == io::ErrorKind::ConnectionRefused => fs::remove_file(PATH),
            Ok(_) | Err(_) => Ok(()),
        },
        Err(_) => Ok(()),
    }
}
%end

fn open_socket() -> io::Result<{{LISTENER}}> {
%if inet
%if stream
    // Socket, bind and listen in one. On Unix it sets SO_REUSEADDR too, so that a restart need not wait for TIME_WAIT.
%end
    let socket = {{LISTENER}}::bind(ADDRESS)?;
%end
%if path
    remove_stale_file()?;
    let socket = {{LISTENER}}::bind(PATH)?;
%end
%if abstract
    let name = SocketAddr::from_abstract_name(&PATH[1..])?; // no file: the name ends with its last socket (unix(7))
    let socket = {{LISTENER}}::bind_addr(&name)?;
%end
%if backlog
    // The standard library listens with a backlog of its own; a second listen on the same socket changes it.
    if unsafe { libc::listen(socket.as_raw_fd(), BACKLOG) } < 0 {
        return Err(io::Error::last_os_error());
    }
%end
%if defer
    // Hands a connection over only when its first bytes are there (tcp(7)).
    let seconds: libc::c_int = {{DEFER}};
    let size = size_of::<libc::c_int>() as libc::socklen_t;
    let value = (&raw const seconds).cast();
    if unsafe { libc::setsockopt(socket.as_raw_fd(), libc::IPPROTO_TCP, libc::TCP_DEFER_ACCEPT, value, size) } < 0 {
        return Err(io::Error::last_os_error());
    }
%end
%if inet
    let bound = socket.local_addr()?;
    println!("listening on {} port {}", bound.ip(), bound.port());
%else
    println!("listening on {PATH}");
%end
    Ok(socket)
}
