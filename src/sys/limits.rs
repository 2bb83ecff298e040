//! Limits of this process.

/// How many descriptors this process may have open (`RLIMIT_NOFILE`, the soft limit); `None` where the system has no such limit.
pub fn descriptor_limit() -> Option<u64> {
    #[cfg(unix)]
    {
        let mut limit = libc::rlimit { rlim_cur: 0, rlim_max: 0 };
        // SAFETY: `limit` lives through the call and has the layout the kernel expects.
        let result = unsafe { libc::getrlimit(libc::RLIMIT_NOFILE, &raw mut limit) };
        #[expect(clippy::unnecessary_cast, reason = "rlim_t is signed on some BSDs")]
        (result == 0).then_some(limit.rlim_cur as u64)
    }
    #[cfg(windows)]
    None
}
