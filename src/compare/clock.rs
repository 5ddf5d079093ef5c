//! The time that a thread spends on a processor.

use std::time::Duration;

/// A moment in the computing time of the thread that calls. Where the system does not tell that time, it
/// is the one by the clock on the wall.
#[derive(Clone, Copy, Debug)]
pub(super) struct ThreadTime(Duration);

impl ThreadTime {
    /// The present moment.
    pub fn now() -> Self {
        Self(computing_time())
    }

    /// Computing time of this thread since then.
    pub fn elapsed(self) -> Duration {
        computing_time().saturating_sub(self.0)
    }
}

#[cfg(unix)]
fn computing_time() -> Duration {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    Duration::new(time.tv_sec.unsigned_abs(), time.tv_nsec as u32)
}

#[cfg(not(unix))]
fn computing_time() -> Duration {
    use std::sync::OnceLock;
    use std::time::Instant;
    static START: OnceLock<Instant> = OnceLock::new();
    START.get_or_init(Instant::now).elapsed()
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use super::*;

    #[test]
    fn sleep_takes_no_computing_time() {
        let (thread, wall) = (ThreadTime::now(), Instant::now());
        std::thread::sleep(Duration::from_millis(60));
        assert!(thread.elapsed() < wall.elapsed() / 3, "{:?}", thread.elapsed());
        let (thread, mut sum) = (ThreadTime::now(), 0.0_f64);
        while thread.elapsed() < Duration::from_millis(5) {
            sum += sum.sqrt().sin();
        }
        assert!(sum.is_finite());
    }
}
