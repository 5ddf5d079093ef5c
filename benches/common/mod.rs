//! What benches share.

use std::collections::HashMap;
use std::fs;
use std::io;

/// The processor time of every thread of this program at one moment, as Linux tells it. Elapsed time
/// would tell of the other threads as well wherever there are fewer cores than threads.
#[derive(Debug)]
pub struct Threads(HashMap<String, u64>);

impl Threads {
    /// The present moment.
    ///
    /// # Errors
    /// If the system does not tell.
    pub fn now() -> io::Result<Self> {
        let mut times = HashMap::new();
        for task in fs::read_dir("/proc/self/task")? {
            let task = task?;
            let text = fs::read_to_string(task.path().join("schedstat")).unwrap_or_default();
            let time = text.split_whitespace().next().and_then(|time| time.parse().ok());
            times.insert(task.file_name().to_string_lossy().into_owned(), time.unwrap_or(0));
        }
        Ok(Self(times))
    }

    /// Nanoseconds of the thread that has worked most since this moment, the main one left out.
    ///
    /// # Errors
    /// If the system does not tell.
    pub fn busiest_since(&self) -> io::Result<u64> {
        let main = std::process::id().to_string();
        let since = |(id, time): (String, u64)| {
            (id != main).then(|| time - self.0.get(&id).copied().unwrap_or(0))
        };
        Ok(Self::now()?.0.into_iter().filter_map(since).max().unwrap_or(0))
    }
}

/// The one in the middle.
pub fn median(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}
