//! How much may be sent to the terminal: a picture that moves must leave room on the link for the answers
//! to keys.

use std::time::{Duration, Instant};

/// Frames a second, unless others are asked for.
const FPS: u32 = 12;
/// Bytes a second on a link that is said to be slow.
const SLOW: f64 = 5_500.0;
/// Bytes a second otherwise: so many, and so many for each cell.
const USUAL: (f64, f64) = (13_000.0, 1.85);
/// The longest rest that one frame costs.
const LONGEST: Duration = Duration::from_secs(4);

/// What the user says of the link.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Link {
    /// The most frames a second, and as many bytes as these take; none for a moderate use of both.
    pub fps: Option<u32>,
    /// Whether few bytes get through.
    pub slow: bool,
}

impl Link {
    /// The shortest time between two frames.
    #[must_use]
    pub fn frame(self) -> Duration {
        Duration::from_secs(1) / self.fps.unwrap_or(FPS).max(1)
    }

    /// Bytes a second on a screen of so many cells; none if they are not counted.
    fn rate(self, cells: usize) -> Option<f64> {
        match (self.slow, self.fps) {
            (true, _) => Some(SLOW),
            (false, Some(_)) => None,
            (false, None) => Some(USUAL.1.mul_add(cells as f64, USUAL.0)),
        }
    }
}

/// The account of what was sent.
#[derive(Clone, Copy, Debug)]
pub struct Account {
    link: Link,
    /// When what was sent so far will have been paid for.
    paid: Instant,
}

impl Account {
    /// An account without debts.
    #[must_use]
    pub const fn new(link: Link, now: Instant) -> Self {
        Self { link, paid: now }
    }

    /// What is known of the link.
    #[must_use]
    pub const fn link(&self) -> Link {
        self.link
    }

    /// Takes a frame of so many bytes into account that was begun at `begun` on a screen of so many cells.
    /// Returns the earliest time for the next one.
    pub fn charge(&mut self, begun: Instant, bytes: usize, cells: usize) -> Instant {
        if let Some(rate) = self.link.rate(cells) {
            let cost = Duration::from_secs_f64(bytes as f64 / rate).min(LONGEST);
            // What was saved up is not spent at once.
            self.paid = (self.paid.max(begun) + cost).min(begun + LONGEST);
        }
        self.paid.max(begun + self.link.frame())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LARGE: usize = 200 * 60;
    const MIDDLE: usize = 120 * 40;

    /// Bytes a second that frames of so many bytes come to.
    fn sent(link: Link, frame: usize, cells: usize) -> f64 {
        let start = Instant::now();
        let mut account = Account::new(link, start);
        let (mut now, mut frames) = (start, 0.0);
        while now < start + Duration::from_secs(60) {
            now = account.charge(now, frame, cells);
            frames += 1.0;
        }
        frames * frame as f64 / now.duration_since(start).as_secs_f64()
    }

    #[test]
    fn however_large_frames_are_few_bytes_are_sent() {
        let slow = Link { slow: true, fps: None };
        for frame in [30, 400, 2_000, 9_000] {
            assert!(sent(Link::default(), frame, MIDDLE) < 24e3, "{frame}");
            assert!(sent(Link::default(), frame, LARGE) < 38e3, "{frame}");
            assert!(sent(slow, frame, MIDDLE) < 5.8e3, "{frame}");
            assert!(sent(Link { fps: Some(60), ..slow }, frame, LARGE) < 5.8e3, "{frame}");
        }
    }

    #[test]
    fn frames_that_are_asked_for_are_sent() {
        let link = Link { fps: Some(20), slow: false };
        assert!((sent(link, 5_000, MIDDLE) / 100e3 - 1.0).abs() < 0.01);
        let usual = f64::from(FPS) * 10.0;
        assert!((sent(Link::default(), 10, MIDDLE) / usual - 1.0).abs() < 0.01);
    }

    #[test]
    fn no_frame_costs_minutes() {
        let now = Instant::now();
        let mut account = Account::new(Link { slow: true, fps: None }, now);
        assert!(account.charge(now, 10_000_000, MIDDLE) <= now + LONGEST);
    }
}
