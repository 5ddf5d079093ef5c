//! The only way to stdout and stderr, which lets printable text through and nothing else. Results go to
//! stdout, as text or JSON; notes and errors to stderr.

use std::fmt::Display;
use std::io::{self, BufWriter, IsTerminal, Stderr, StdoutLock, Write};

use serde::Serialize;
use serde_json::Serializer;
use serde_json::ser::Formatter;

use super::text::Page;
use crate::text::{Printable, json};

/// How results are printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// For reading.
    #[default]
    Text,
    /// For programs: one JSON value on one line.
    Json,
}

/// Stdout, locked and buffered: flush it at the end, so that an error is not lost.
#[must_use]
#[expect(clippy::disallowed_methods, reason = "this is the way to it")]
pub fn stdout() -> Printable<BufWriter<StdoutLock<'static>>> {
    Printable::new(BufWriter::new(io::stdout().lock()), Page::stdout().styled)
}

/// Stderr.
#[must_use]
#[expect(clippy::disallowed_methods, reason = "this is the way to it")]
pub fn stderr() -> Printable<Stderr> {
    Printable::new(io::stderr(), false)
}

/// Returns true if stderr is a terminal.
#[must_use]
#[expect(clippy::disallowed_methods, reason = "nothing is written")]
pub fn stderr_is_terminal() -> bool {
    io::stderr().is_terminal()
}

/// Returns true if a screen can be drawn and keys can be read.
#[must_use]
#[expect(clippy::disallowed_methods, reason = "nothing is written")]
pub fn is_interactive() -> bool {
    io::stdin().is_terminal() && io::stdout().is_terminal()
}

/// Writes a line to stderr. One that nobody reads is no reason to stop.
pub fn say(line: impl Display) {
    let mut out = stderr();
    let _ = writeln!(out, "{line}").and_then(|()| out.flush());
}

/// Writes `value` as one line of JSON: numbers in their shortest form (`2`, `0.1`, `1e-8`),
/// `null` for those that are not finite.
///
/// # Errors
/// If it cannot be written.
pub fn write_json(out: &mut impl Write, value: &impl Serialize) -> Result<(), serde_json::Error> {
    let mut line = Vec::new();
    value.serialize(&mut Serializer::with_formatter(&mut line, Shortest))?;
    line.push(b'\n');
    // JSON is always UTF-8.
    let line = json::printable(std::str::from_utf8(&line).unwrap_or_default());
    out.write_all(line.as_bytes()).map_err(serde_json::Error::io)
}

/// JSON on one line, without `.0` behind whole numbers.
struct Shortest;

/// Up to here every whole number is a float of its own, so its digits say all.
const WHOLE: f64 = 1e7;

impl Formatter for Shortest {
    fn write_f32<W: ?Sized + Write>(&mut self, out: &mut W, x: f32) -> io::Result<()> {
        if x.fract() == 0.0 && f64::from(x).abs() < WHOLE {
            write!(out, "{x}")
        } else {
            serde_json::to_writer(out, &x).map_err(Into::into)
        }
    }

    fn write_f64<W: ?Sized + Write>(&mut self, out: &mut W, x: f64) -> io::Result<()> {
        if x.fract() == 0.0 && x.abs() < WHOLE {
            write!(out, "{x}")
        } else {
            serde_json::to_writer(out, &x).map_err(Into::into)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_as_short_as_they_can_be() {
        let mut out = Vec::new();
        write_json(&mut out, &[0.1_f32, -2.0, 1e-8, f32::NAN, 16_777_216.0]).unwrap();
        write_json(&mut out, &[0.1_f64, 3.0, f64::INFINITY, 1e300]).unwrap();
        let text = String::from_utf8(out).unwrap();
        assert_eq!(text, "[0.1,-2,1e-8,null,16777216.0]\n[0.1,3,null,1e+300]\n");
    }
}
