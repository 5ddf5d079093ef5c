//! Sharing one computation among the cores, and starting threads.
//!
//! Code that can be split says so with [`both`]; whether it *is* split depends on its caller: only
//! within [`enter`] are there other threads to share with. So a large network trains on all cores
//! while each run of a sweep keeps to its own. Where the system gives no threads, all is computed on
//! the caller's, to the same bits.

use std::io;
use std::num::NonZero;
use std::sync::OnceLock;
use std::thread::{Builder, JoinHandle, available_parallelism};

use rayon::iter::{IntoParallelIterator, ParallelIterator};
use rayon::{ThreadPool, ThreadPoolBuilder};

/// The threads that share work, one for each core; none if the system does not give them. They start
/// when they are first needed: most runs never do.
fn pool() -> Option<&'static ThreadPool> {
    static POOL: OnceLock<Option<ThreadPool>> = OnceLock::new();
    let build = || ThreadPoolBuilder::new().num_threads(threads()).build().ok();
    POOL.get_or_init(build).as_ref()
}

/// Runs `work`; what it splits with [`both`] is shared among all cores.
pub fn enter<T: Send>(work: impl FnOnce() -> T + Send) -> T {
    // A `join` from outside would do as well, but each would cost a hand-over between threads.
    match pool() {
        Some(pool) => pool.install(work),
        None => work(),
    }
}

/// Threads that share the work within [`enter`]: as many as `RAYON_NUM_THREADS` says, else one for each
/// core that this program may use.
#[must_use]
pub fn threads() -> usize {
    static THREADS: OnceLock<usize> = OnceLock::new();
    *THREADS.get_or_init(|| {
        let asked = std::env::var("RAYON_NUM_THREADS").ok().and_then(|text| text.parse().ok());
        let threads = asked.or_else(|| available_parallelism().ok());
        threads.map_or(1, NonZero::get)
    })
}

/// Runs both, at the same time where a thread is free to help.
pub fn both(a: impl FnOnce() + Send, b: impl FnOnce() + Send) {
    if rayon::current_thread_index().is_some() {
        rayon::join(a, b);
    } else {
        a();
        b();
    }
}

/// What `work` makes of each of `items`, in their order, on all cores.
pub fn each<T: Send, U: Send>(items: Vec<T>, work: impl Fn(T) -> U + Sync + Send) -> Vec<U> {
    match pool() {
        Some(pool) => pool.install(|| items.into_par_iter().map(work).collect()),
        None => items.into_iter().map(work).collect(),
    }
}

/// Starts a thread.
///
/// # Errors
/// If the system gives none, in words for the user.
pub fn spawn<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> io::Result<JoinHandle<T>> {
    Builder::new().spawn(work).map_err(no_thread)
}

/// The error that no thread could be started, in words for the user.
#[must_use]
pub fn no_thread(error: io::Error) -> io::Error {
    let message = format!(
        "the system gives no further thread ({error}); end other programs, or raise the limit on \
         processes (ulimit -u) or memory (ulimit -v)"
    );
    io::Error::new(error.kind(), message)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_keeps_the_order() {
        let squares: Vec<_> = (0..1000_u64).map(|n| n * n).collect();
        assert_eq!(each((0..1000_u64).collect(), |n| n * n), squares);
        assert!(each(Vec::<u64>::new(), |n| n).is_empty());
    }

    #[test]
    fn both_are_done_within_and_without() {
        let (mut a, mut b) = (0, 0);
        both(|| a += 1, || b += 1);
        enter(|| both(|| a += 1, || b += 1));
        assert_eq!((a, b), (2, 2));
    }
}
