//! `gradlab list sessions`: what `gradlab --resume` can go on with.

use std::io::Write;
use std::time::SystemTime;

use serde::Serialize;

use crate::cli::failure::Failure;
use crate::cli::output::{self, Format};
use crate::cli::text::{column, pad};
use crate::text::visible;
use crate::train::journal::{self, Found};
use crate::tui::state_dir;
use crate::tui::widgets::format;

/// Columns that a name may take.
const NAME: usize = 30;

/// A session as JSON.
#[derive(Serialize)]
struct Entry<'a> {
    id: &'a str,
    name: Option<&'a str>,
    step: Option<u64>,
    edits: Option<u64>,
    age_seconds: u64,
    open: bool,
    error: Option<&'a str>,
}

impl<'a> Entry<'a> {
    fn new(found: &'a Found, now: SystemTime) -> Self {
        let place = found.place.as_ref().ok();
        Self {
            id: &found.id,
            name: place.map(|place| place.name.raw()),
            step: place.map(|place| place.step),
            edits: place.map(|place| place.edits),
            age_seconds: now.duration_since(found.used).unwrap_or_default().as_secs(),
            open: found.open,
            error: found.place.as_ref().err().map(String::as_str),
        }
    }
}

/// Writes the sessions that are kept, the latest first.
///
/// # Errors
/// If they cannot be written.
pub fn write(out: &mut impl Write, format: Format) -> Result<(), Failure> {
    let found = state_dir::sessions().map_or_else(Vec::new, |folder| journal::list(&folder));
    let now = SystemTime::now();
    if format == Format::Json {
        let entries: Vec<_> = found.iter().map(|found| Entry::new(found, now)).collect();
        output::write_json(out, &entries)?;
        return Ok(());
    }
    if found.is_empty() {
        output::say("no session is kept yet: `gradlab` begins one");
    }
    for line in lines(&found, now) {
        writeln!(out, "{line}")?;
    }
    Ok(())
}

/// ```text
/// k3f9qa  Two spirals  step 12,345  2 edits  3 min ago  open
/// ```
fn lines(found: &[Found], now: SystemTime) -> Vec<String> {
    let rows: Vec<_> = found.iter().map(|found| cells(found, now)).collect();
    let width = |index: usize| column(rows.iter().map(|row| row[index].as_str()));
    let widths = [0, 1, 2, 3, 4].map(width);
    let line = |row: &[String; 6]| {
        let cells = row.iter().zip(widths.into_iter().chain([0]));
        let line: String = cells.map(|(cell, width)| pad(cell, width)).collect();
        line.trim_end().to_owned()
    };
    rows.iter().map(line).collect()
}

fn cells(found: &Found, now: SystemTime) -> [String; 6] {
    let age = format::ago(now.duration_since(found.used).unwrap_or_default());
    let open = if found.open { "open".to_owned() } else { String::new() };
    let id = found.id.clone();
    match &found.place {
        Ok(place) => {
            let name = format::truncate(&place.name.on_terminal(), NAME);
            let step = format!("step {}", format::thousands(place.step as f64));
            let edits = match place.edits {
                1 => "1 edit".to_owned(),
                edits => format!("{edits} edits"),
            };
            [id, name, step, edits, age, open]
        }
        Err(reason) => {
            let reason = visible(reason).into_owned();
            [id, String::new(), String::new(), String::new(), age, reason]
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::train::journal::Place;
    use std::time::Duration;

    fn found(id: &str, minutes: u64, place: Result<Place, String>) -> Found {
        let used = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000 - 60 * minutes);
        Found { id: id.to_owned(), used, open: minutes == 0, place }
    }

    #[test]
    fn lines_are_aligned_and_harmless() {
        let place = |name: &str, step, edits| Ok(Place { name: name.into(), step, edits });
        let all = [
            found("aaaaaa", 0, place("Two spirals", 12_345, 1)),
            found("bbbbbb", 70, place("\u{1b}[2J", 7, 0)),
            found("cccccc", 3000, Err("it is damaged\n".to_owned())),
        ];
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000);
        assert_eq!(
            lines(&all, now),
            [
                "aaaaaa  Two spirals  step 12,345  1 edit   just now  open",
                "bbbbbb  \\u{1b}[2J    step 7       0 edits  1 h ago",
                "cccccc                                     2 d ago   it is damaged\\n",
            ]
        );
        let entry = serde_json::to_value(Entry::new(&all[2], now)).unwrap();
        assert_eq!(entry["age_seconds"], 180_000);
        assert_eq!(entry["error"], "it is damaged\n");
        assert_eq!(entry["step"], serde_json::Value::Null);
    }
}
