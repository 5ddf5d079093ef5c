//! The limit on the memory that a command takes.

use super::failure::Failure;
use super::output::say;
use crate::machine::{self, Bytes, enough};
use crate::train::memory::{Estimate, PROGRAM};

/// Bytes that are taken to be within any limit, since it takes a while to find out the limit.
const MODEST: f64 = PROGRAM + 4e6;

/// How much memory may be taken.
#[derive(Clone, Copy, Debug, Default, clap::Args)]
pub struct Limit {
    /// Take no more memory than this, as in 8GB or 500MB [default: half of what there is]
    #[arg(long, value_name = "SIZE", value_parser = parse_size)]
    max_memory: Option<u64>,
}

impl Limit {
    /// The limit in bytes.
    #[must_use]
    pub fn bytes(self) -> u64 {
        self.max_memory.unwrap_or_else(machine::limit)
    }

    /// Sets the limit where no flag does.
    pub fn set_usual(&mut self, bytes: Option<u64>) {
        self.max_memory = self.max_memory.or(bytes);
    }

    /// Makes it the limit of all that this process reads, too.
    pub fn apply(self) {
        if let Some(bytes) = self.max_memory {
            machine::set_limit(bytes);
        }
    }

    /// Checks that so much may be taken and is there.
    ///
    /// # Errors
    /// If not; the message says how much of what is needed, and what would be right.
    pub fn check(self, estimate: &Estimate) -> Result<(), Failure> {
        self.within(estimate).map(|_| ())
    }

    /// As [`Limit::check`]; gives the limit in bytes, none where the estimate is so modest that no limit was
    /// looked at.
    fn within(self, estimate: &Estimate) -> Result<Option<u64>, Failure> {
        let remedy = "use fewer units or jobs, a smaller batch, less data or an optimizer that \
                      remembers less";
        let is_modest = self.max_memory.is_none() && estimate.total() <= MODEST;
        let limit = (!is_modest).then(|| self.bytes());
        if let Some(limit) = limit {
            estimate.check(limit).map_err(|error| {
                let enough = enough(estimate.total());
                Failure::input(format!("{error}; {remedy}, or allow it with --max-memory {enough}"))
            })?;
        }
        if machine::gives(estimate.total() as usize) {
            return Ok(limit);
        }
        let total = Bytes(estimate.total());
        Err(Failure::input(format!(
            "about {total} of memory would be needed, which the system does not give: {estimate}; \
             {remedy}"
        )))
    }

    /// As [`Limit::check`]; what is more than half of the limit is said on stderr.
    ///
    /// # Errors
    /// As [`Limit::check`].
    pub fn check_aloud(self, estimate: &Estimate) -> Result<(), Failure> {
        let Some(limit) = self.within(estimate)? else { return Ok(()) };
        let limit = limit as f64;
        if estimate.total() > limit / 2.0 {
            let [total, limit] = [estimate.total(), limit].map(Bytes);
            say(format_args!(
                "note: about {total} of memory will be needed, and the limit is {limit}: {estimate}"
            ));
        }
        Ok(())
    }
}

/// Bytes from text such as `8GB`, `1.5G`, `500MiB` or `4000000`.
///
/// # Errors
/// What would be right.
pub fn parse_size(text: &str) -> Result<u64, String> {
    let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let unit = text[digits.len()..].to_ascii_uppercase();
    let power = match unit.trim_end_matches('B').trim_end_matches('I') {
        "" => 0,
        "K" => 1,
        "M" => 2,
        "G" => 3,
        "T" => 4,
        _ => 99,
    };
    let base: f64 = if unit.contains('I') { 1024.0 } else { 1000.0 };
    let spelt = ["", "I", "B", "IB"].iter().any(|end| unit.get(1..).unwrap_or("") == *end);
    digits
        .parse::<f64>()
        .ok()
        .filter(|count| *count > 0.0 && count.is_finite() && power < 99 && (spelt || unit == "B"))
        .map(|count| (count * base.powi(power)) as u64)
        .ok_or_else(|| "must be a size with its unit, as in 500MB, 8GB or 2GiB".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_have_units() {
        for (text, bytes) in [
            ("4000000", 4_000_000),
            ("100B", 100),
            ("8GB", 8_000_000_000),
            ("8g", 8_000_000_000),
            ("1.5G", 1_500_000_000),
            ("500MiB", 500 << 20),
            ("2Gi", 2 << 30),
            ("1e3kB", 1_000_000),
        ] {
            assert_eq!(parse_size(text), Ok(bytes), "{text}");
        }
        for wrong in ["", "G", "-1GB", "0", "8 GB", "8GX", "8Bi", "8GBB", "nan", "infGB", "1é"] {
            assert!(parse_size(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn the_limit_that_is_proposed_is_enough() {
        for bytes in [3.0, 1e6, 7.3e9, 3.4e12] {
            assert!(parse_size(&enough(bytes)).unwrap() as f64 >= bytes, "{bytes}");
        }
    }
}
