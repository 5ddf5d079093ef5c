//! The answers that were given in lessons, in a CSV file.

use std::io;
use std::path::Path;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use crate::file;
use crate::text::csv_cell;

/// The first line of the file.
const HEADER: &str = "time,lesson,page,choice,right\n";

/// An answer that was given.
#[derive(Clone, Debug, PartialEq)]
pub struct Given {
    /// The lesson.
    pub lesson: String,
    /// The page, from 1.
    pub page: usize,
    /// What was chosen.
    pub choice: String,
    /// Whether it was right.
    pub right: bool,
}

/// Appends `given` to the file at `path`, which is made if there is none.
///
/// # Errors
/// If it cannot be read or written.
pub fn append(path: &Path, given: &Given, now: SystemTime) -> io::Result<()> {
    let mut text = match file::read_text(path, file::LONGEST_TEXT) {
        Ok(text) if !text.is_empty() => text,
        Ok(_) => HEADER.to_owned(),
        Err(error) if error.kind() == io::ErrorKind::NotFound => HEADER.to_owned(),
        Err(error) => return Err(error),
    };
    let since = now.duration_since(UNIX_EPOCH).unwrap_or_default();
    let Given { lesson, page, choice, right } = given;
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record([
        time(since).as_str(),
        csv_cell(lesson).as_ref(),
        page.to_string().as_str(),
        csv_cell(choice).as_ref(),
        if *right { "1" } else { "0" },
    ])?;
    let line = writer.into_inner().map_err(|error| io::Error::other(error.to_string()))?;
    text.push_str(&String::from_utf8_lossy(&line));
    file::write(path, text)
}

/// A time in UTC, as `2026-11-30T08:05:09Z`.
fn time(since: Duration) -> String {
    let (days, seconds) = (since.as_secs() / 86400, since.as_secs() % 86400);
    let (year, month, day) = date(days);
    let (hour, minute) = (seconds / 3600, seconds / 60 % 60);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{:02}Z", seconds % 60)
}

/// Year, month and day of the Gregorian calendar, so many days after 1970-01-01.
fn date(mut days: u64) -> (u64, u64, u64) {
    let leap =
        |year: u64| year.is_multiple_of(4) && !year.is_multiple_of(100) || year.is_multiple_of(400);
    let mut year = 1970;
    while days >= 365 + u64::from(leap(year)) {
        days -= 365 + u64::from(leap(year));
        year += 1;
    }
    let lengths = [31, 28 + u64::from(leap(year)), 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    let mut month = 0;
    while days >= lengths[month] {
        days -= lengths[month];
        month += 1;
    }
    (year, month as u64 + 1, days + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_appended_under_one_header() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("answers.csv");
        let given = |choice: &str, right| Given {
            lesson: "one".to_owned(),
            page: 2,
            choice: choice.to_owned(),
            right,
        };
        let now = UNIX_EPOCH + Duration::from_secs(1_709_210_109);
        append(&path, &given("about half, perhaps", true), now).unwrap();
        append(&path, &given("all", false), now).unwrap();
        let text = std::fs::read_to_string(&path).unwrap();
        let lines: Vec<_> = text.lines().collect();
        assert_eq!(
            lines,
            [
                HEADER.trim(),
                "2024-02-29T12:35:09Z,one,2,\"about half, perhaps\",1",
                "2024-02-29T12:35:09Z,one,2,all,0"
            ]
        );
    }
}
