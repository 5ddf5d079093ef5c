//! Sharing one computation among the cores.
//!
//! Code that can be split says so with [`both`]; whether it *is* split depends on its caller: only
//! within [`enter`] are there other threads to share with. So a large network trains on all cores
//! while each run of a sweep keeps to its own.

/// Runs `work`; what it splits with [`both`] is shared among all cores.
pub fn enter<T: Send>(work: impl FnOnce() -> T + Send) -> T {
    // A `join` from outside would do as well, but each would cost a hand-over between threads.
    rayon::scope(|_| work())
}

/// Threads that share the work within [`enter`].
#[must_use]
pub fn threads() -> usize {
    rayon::current_num_threads()
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
