//! What the threads of this process have used, for the tap: processor time from each thread's clock, context switches from
//! `/proc` where there is one.

use crate::sys;
use crate::trace::ThreadProbe;

/// How this system is asked.
pub const THREADS: ThreadProbe =
    ThreadProbe { current: sys::current_thread, own: sys::own_thread_spent, cpu_of: sys::thread_cpu_ns, switches_of };

/// Voluntary and involuntary switches of a thread (proc_pid_status(5)); only Linux tells them of other threads than one's own.
fn switches_of(id: u64) -> Option<[u64; 2]> {
    if !cfg!(target_os = "linux") {
        return None;
    }
    let status = std::fs::read_to_string(format!("/proc/self/task/{id}/status")).ok()?;
    let figure = |name: &str| status.lines().find_map(|line| line.strip_prefix(name))?.trim().parse().ok();
    Some([figure("voluntary_ctxt_switches:")?, figure("nonvoluntary_ctxt_switches:")?])
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use std::sync::mpsc;

    use super::*;

    #[test]
    fn another_thread_is_told_like_oneself() {
        let (told, hear) = mpsc::channel();
        let (ask, asked) = mpsc::channel::<()>();
        let work = move || {
            let mut work = 0_u64;
            while (THREADS.own)().cpu_ns.unwrap() < 20_000_000 {
                work = std::hint::black_box(work + 1);
            }
            for _ in 0..5 {
                told.send(((THREADS.current)().unwrap(), (THREADS.own)())).unwrap();
                asked.recv().unwrap();
            }
        };
        let busy = std::thread::Builder::new().name("busy".into()).spawn(work).unwrap();
        for _ in 0..5 {
            let (id, own) = hear.recv().unwrap();
            let [slept, _] = own.switches.unwrap();
            // It may not sleep yet, so its figures may still grow a little.
            let (cpu, [voluntary, _]) = ((THREADS.cpu_of)(id).unwrap(), (THREADS.switches_of)(id).unwrap());
            assert!(cpu >= own.cpu_ns.unwrap() && cpu < own.cpu_ns.unwrap() + 20_000_000 && own.cpu_ns.unwrap() >= 20_000_000);
            assert!((slept..=slept + 2).contains(&voluntary), "{slept} {voluntary}");
            ask.send(()).unwrap();
        }
        busy.join().unwrap();
        assert_eq!((THREADS.cpu_of)(4_000_000), None);
    }
}
