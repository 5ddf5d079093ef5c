//! A writer that lets only printable text through.

use std::io::{self, Write};

use super::visible_lines;

/// The switch to bold letters and the one back, which headings on a terminal are set in.
const EMPHASIS: [&str; 2] = ["\u{1b}[1m", "\u{1b}[0m"];

/// Writes text to `inner` by way of [`visible_lines`]: the last thing before a terminal or a pipe.
/// Bytes that are no UTF-8 come out as `\xff`.
#[derive(Debug)]
pub struct Printable<W: Write> {
    inner: W,
    emphasis: bool,
    /// The beginning of a character or of a switch whose rest is still to come.
    rest: Vec<u8>,
}

impl<W: Write> Printable<W> {
    /// A writer before `inner`; with `emphasis` headings may be bold.
    pub const fn new(inner: W, emphasis: bool) -> Self {
        Self { inner, emphasis, rest: Vec::new() }
    }

    /// Writes what `bytes` hold, but for a part at the end that may go on.
    fn pass(&mut self, bytes: &[u8]) -> io::Result<()> {
        let mut bytes = bytes;
        while !bytes.is_empty() {
            let text = match std::str::from_utf8(bytes) {
                Ok(text) => text,
                Err(error) => {
                    let (valid, rest) = bytes.split_at(error.valid_up_to());
                    let Some(len) = error.error_len() else {
                        self.rest = rest.to_vec();
                        // Valid up to here.
                        return self.show(std::str::from_utf8(valid).unwrap_or_default());
                    };
                    self.show(std::str::from_utf8(valid).unwrap_or_default())?;
                    self.spell(&rest[..len])?;
                    bytes = &rest[len..];
                    continue;
                }
            };
            let end = if self.emphasis { begun(text) } else { text.len() };
            self.rest = bytes[end..].to_vec();
            return self.show(&text[..end]);
        }
        Ok(())
    }

    fn show(&mut self, mut text: &str) -> io::Result<()> {
        while self.emphasis
            && let Some((at, switch)) = EMPHASIS
                .iter()
                .filter_map(|switch| Some((text.find(switch)?, *switch)))
                .min_by_key(|(at, _)| *at)
        {
            self.inner.write_all(visible_lines(&text[..at]).as_bytes())?;
            self.inner.write_all(switch.as_bytes())?;
            text = &text[at + switch.len()..];
        }
        self.inner.write_all(visible_lines(text).as_bytes())
    }

    fn spell(&mut self, bytes: &[u8]) -> io::Result<()> {
        bytes.iter().try_for_each(|byte| write!(self.inner, "\\x{byte:02x}"))
    }
}

/// The length of `text` without the beginning of a switch at its end.
fn begun(text: &str) -> usize {
    let open = |start: usize| {
        let tail = &text[start..];
        EMPHASIS.iter().any(|switch| switch.len() > tail.len() && switch.starts_with(tail))
    };
    text.rfind('\u{1b}').filter(|&start| open(start)).unwrap_or(text.len())
}

impl<W: Write> Write for Printable<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.rest.is_empty() {
            self.pass(bytes)?;
        } else {
            let mut all = std::mem::take(&mut self.rest);
            all.extend(bytes);
            self.pass(&all)?;
        }
        Ok(bytes.len())
    }

    /// Writes a part of a character that never went on as well.
    fn flush(&mut self) -> io::Result<()> {
        let rest = std::mem::take(&mut self.rest);
        if rest.first() == Some(&0x1b) {
            self.inner.write_all(visible_lines(&String::from_utf8_lossy(&rest)).as_bytes())?;
        } else {
            self.spell(&rest)?;
        }
        self.inner.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What comes through, written in pieces of `size` bytes.
    fn through(text: &[u8], emphasis: bool, size: usize) -> String {
        let mut out = Vec::new();
        let mut writer = Printable::new(&mut out, emphasis);
        text.chunks(size).for_each(|piece| writer.write_all(piece).unwrap());
        writer.flush().unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn only_printable_text_comes_through_in_pieces_of_any_size() {
        let text = "é日\u{1b}]0;x\u{7}\n\t\u{9b}\u{202e}".as_bytes();
        let text = [text, b"\xff\xe6\x97|\xe6"].concat();
        for size in 1..=text.len() {
            assert_eq!(
                through(&text, true, size),
                "é日\\u{1b}]0;x\\u{7}\n\t\\u{9b}\\u{202e}\\xff\\xe6\\x97|\\xe6"
            );
        }
    }

    #[test]
    fn headings_are_bold_where_they_may_be() {
        let text = b"\x1b[1mAdam\x1b[0m \x1b[31m\x1b[";
        for size in 1..=text.len() {
            let shown = "\u{1b}[1mAdam\u{1b}[0m \\u{1b}[31m\\u{1b}[";
            assert_eq!(through(text, true, size), shown);
            let plain = "\\u{1b}[1mAdam\\u{1b}[0m \\u{1b}[31m\\u{1b}[";
            assert_eq!(through(text, false, size), plain);
        }
    }
}
