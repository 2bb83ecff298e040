//! What a thread has used: processor time and context switches. Asking is no part of the experiment, so it is not traced.

use crate::trace::Spent;

#[cfg(target_os = "linux")]
mod here {
    use super::Spent;

    pub fn current() -> Option<u64> {
        // SAFETY: no arguments, cannot fail.
        u64::try_from(unsafe { libc::gettid() }).ok()
    }

    pub fn own() -> Spent {
        // SAFETY: `rusage` is made of integers, for which all zero is valid.
        let mut usage: libc::rusage = unsafe { std::mem::zeroed() };
        // SAFETY: `usage` lives through the call and has the layout the kernel expects.
        if unsafe { libc::getrusage(libc::RUSAGE_THREAD, &raw mut usage) } != 0 {
            return Spent::default();
        }
        // getrusage(2) counts microseconds; the same clock as `cpu_of` counts nanoseconds, and the two must agree.
        let cpu_ns = clock(libc::CLOCK_THREAD_CPUTIME_ID);
        let switches = [usage.ru_nvcsw as u64, usage.ru_nivcsw as u64];
        Spent { cpu_ns, switches: Some(switches) }
    }

    pub fn process_switches() -> Option<[u64; 2]> {
        // SAFETY: `rusage` is made of integers, for which all zero is valid.
        let mut usage: libc::rusage = unsafe { std::mem::zeroed() };
        // SAFETY: `usage` lives through the call and has the layout the kernel expects.
        let result = unsafe { libc::getrusage(libc::RUSAGE_SELF, &raw mut usage) };
        (result == 0).then_some([usage.ru_nvcsw as u64, usage.ru_nivcsw as u64])
    }

    /// The processor clock of a thread of this process is numbered by it: what `pthread_getcpuclockid` answers, for a thread of
    /// which only the number is known (clock_getres(2), and CPUCLOCK_PERTHREAD | CPUCLOCK_SCHED in linux/posix-timers.h).
    pub fn cpu_of(id: u64) -> Option<u64> {
        let id = libc::clockid_t::try_from(id).ok()?;
        clock(!id << 3 | 6)
    }

    fn clock(clock: libc::clockid_t) -> Option<u64> {
        let mut time = libc::timespec { tv_sec: 0, tv_nsec: 0 };
        // SAFETY: `time` lives through the call; the clock of a thread that ended is answered with EINVAL.
        let result = unsafe { libc::clock_gettime(clock, &raw mut time) };
        (result == 0).then_some(time.tv_sec as u64 * 1_000_000_000 + time.tv_nsec as u64)
    }
}

#[cfg(target_vendor = "apple")]
mod here {
    use super::Spent;

    /// The Mach port of the thread, which lives as long as the thread does (pthread_mach_thread_np takes no reference).
    pub fn current() -> Option<u64> {
        // SAFETY: the calling thread is alive, so its handle is valid.
        Some(unsafe { libc::pthread_mach_thread_np(libc::pthread_self()) }.into())
    }

    pub fn own() -> Spent {
        // Mach does not tell one thread's context switches.
        Spent { cpu_ns: current().and_then(cpu_of), switches: None }
    }

    pub fn cpu_of(id: u64) -> Option<u64> {
        let port = libc::mach_port_t::try_from(id).ok()?;
        // SAFETY: the structure is made of integers, for which all zero is valid.
        let mut info: libc::thread_basic_info = unsafe { std::mem::zeroed() };
        let mut count = libc::THREAD_BASIC_INFO_COUNT;
        let flavor = libc::THREAD_BASIC_INFO as libc::thread_flavor_t;
        // SAFETY: `info` has room for `count` integers and lives through the call; a port that is no thread's is answered with an error.
        let result = unsafe { libc::thread_info(port, flavor, (&raw mut info).cast(), &raw mut count) };
        let ns = |t: libc::time_value_t| t.seconds as u64 * 1_000_000_000 + t.microseconds as u64 * 1_000;
        (result == libc::KERN_SUCCESS).then(|| ns(info.user_time) + ns(info.system_time))
    }
}

#[cfg(windows)]
mod here {
    use windows_sys::Win32::Foundation::{CloseHandle, FILETIME, HANDLE};
    use windows_sys::Win32::System::Threading::{
        GetCurrentThread, GetCurrentThreadId, GetThreadTimes, OpenThread, THREAD_QUERY_LIMITED_INFORMATION,
    };

    use super::Spent;

    pub fn current() -> Option<u64> {
        // SAFETY: no arguments, cannot fail.
        Some(unsafe { GetCurrentThreadId() }.into())
    }

    pub fn own() -> Spent {
        // Windows does not tell a thread's context switches to those who do not trace the kernel.
        // SAFETY: a constant that stands for the calling thread and need not be closed.
        Spent { cpu_ns: times(unsafe { GetCurrentThread() }), switches: None }
    }

    pub fn cpu_of(id: u64) -> Option<u64> {
        // SAFETY: no pointers; a number that is no thread's is answered with null.
        let thread = unsafe { OpenThread(THREAD_QUERY_LIMITED_INFORMATION, 0, u32::try_from(id).ok()?) };
        if thread.is_null() {
            return None;
        }
        let cpu = times(thread);
        // SAFETY: the handle was opened above and is closed once.
        unsafe { CloseHandle(thread) };
        cpu
    }

    fn times(thread: HANDLE) -> Option<u64> {
        let zero = FILETIME { dwLowDateTime: 0, dwHighDateTime: 0 };
        let (mut born, mut ended, mut kernel, mut user) = (zero, zero, zero, zero);
        // SAFETY: the handle is open and the four structures live through the call.
        let result = unsafe { GetThreadTimes(thread, &raw mut born, &raw mut ended, &raw mut kernel, &raw mut user) };
        // In units of 100 ns.
        let ns = |t: FILETIME| (u64::from(t.dwHighDateTime) << 32 | u64::from(t.dwLowDateTime)) * 100;
        (result != 0).then(|| ns(kernel) + ns(user))
    }
}

#[cfg(not(any(target_os = "linux", target_vendor = "apple", windows)))]
mod here {
    use super::Spent;

    pub fn current() -> Option<u64> {
        None
    }

    pub fn own() -> Spent {
        Spent::default()
    }

    pub fn cpu_of(_id: u64) -> Option<u64> {
        None
    }
}

/// Context switches of all threads of this process, also of ended ones: voluntary, involuntary. Where one thread's are told too.
pub fn process_switches() -> Option<[u64; 2]> {
    #[cfg(target_os = "linux")]
    return here::process_switches();
    #[cfg(not(target_os = "linux"))]
    None
}

/// The calling thread's number; `None` where threads are not told apart.
pub fn current_thread() -> Option<u64> {
    here::current()
}

/// What the calling thread has used since it began.
pub fn own_thread_spent() -> Spent {
    here::own()
}

/// Processor time of a thread of this process in nanoseconds; `None` when it has ended.
pub fn thread_cpu_ns(id: u64) -> Option<u64> {
    here::cpu_of(id)
}
