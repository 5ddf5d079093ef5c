//! From text to records and cells, by RFC 4180 and what is met beside it: lone carriage returns as
//! line ends, spaces around cells and quotes, runs of white space as a delimiter.

use std::borrow::Cow;

use memchr::{memchr, memchr2_iter};

use super::options::Delimiter;

/// The place of a cell in the text.
#[derive(Clone, Copy, Debug)]
pub struct Cell {
    /// The first byte, after any quote.
    pub start: usize,
    end: usize,
    /// True if quotes inside are doubled.
    escaped: bool,
}

impl Cell {
    /// The text of the cell without spaces around it.
    pub fn text<'a>(&self, text: &'a str) -> Cow<'a, str> {
        let raw = text.get(self.start..self.end).unwrap_or_default();
        let bare = |end: Option<&u8>| end.is_some_and(u8::is_ascii_graphic);
        let bytes = raw.as_bytes();
        let raw = if bare(bytes.first()) && bare(bytes.last()) { raw } else { raw.trim() };
        if self.escaped { Cow::Owned(raw.replace("\"\"", "\"")) } else { Cow::Borrowed(raw) }
    }

    /// The bytes between its ends, as they are.
    #[inline]
    pub fn bytes<'a>(&self, text: &'a str) -> &'a [u8] {
        text.as_bytes().get(self.start..self.end).unwrap_or_default()
    }

    /// True if there is nothing in it.
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.start == self.end
    }
}

/// A quote that is opened and never closed, at this byte.
#[derive(Clone, Copy, Debug)]
pub struct Unclosed(pub usize);

/// The records of a text, one after another. Empty lines are passed over.
#[derive(Clone, Debug)]
pub struct Records<'a> {
    text: &'a [u8],
    delimiter: Delimiter,
    at: usize,
    end: usize,
    /// Lines that ended before `at`.
    lines: usize,
}

/// The place of a record.
#[derive(Clone, Copy, Debug)]
pub struct Start {
    /// Its first byte.
    pub at: usize,
    /// Lines before it in this part of the text.
    pub line: usize,
}

impl<'a> Records<'a> {
    /// The records in a part of `text`, which must begin where a record does.
    pub fn new(text: &'a str, part: std::ops::Range<usize>, delimiter: Delimiter) -> Self {
        let end = part.end.min(text.len());
        Self { text: text.as_bytes(), delimiter, at: part.start.min(end), end, lines: 0 }
    }

    /// Lines that ended so far in this part of the text.
    pub const fn lines(&self) -> usize {
        self.lines
    }

    /// The first byte that is not read yet.
    pub const fn position(&self) -> usize {
        self.at
    }

    /// Puts the cells of the next record into `cells`; none at the end.
    ///
    /// # Errors
    /// If a quote is not closed.
    pub fn read(&mut self, cells: &mut Vec<Cell>) -> Result<Option<Start>, Unclosed> {
        cells.clear();
        self.skip_empty_lines();
        if self.at >= self.end {
            return Ok(None);
        }
        let start = Start { at: self.at, line: self.lines };
        loop {
            self.skip_spaces();
            if self.delimiter == Delimiter::Whitespace
                && !cells.is_empty()
                && (self.at >= self.end || self.ends_line())
            {
                self.end_line();
                return Ok(Some(start));
            }
            cells.push(self.cell()?);
            if self.at >= self.end || self.ends_line() {
                self.end_line();
                return Ok(Some(start));
            }
            // The delimiter.
            self.at += 1;
        }
    }

    fn ends_line(&self) -> bool {
        matches!(self.text[self.at], b'\n' | b'\r')
    }

    /// Passes over `\n`, `\r` or both, if one is here.
    fn end_line(&mut self) {
        match self.text[self.at.min(self.end)..self.end] {
            [b'\r', b'\n', ..] => self.at += 2,
            [b'\r' | b'\n', ..] => self.at += 1,
            _ => return,
        }
        self.lines += 1;
    }

    fn skip_empty_lines(&mut self) {
        loop {
            let line = self.at;
            self.skip_spaces();
            if self.at >= self.end {
                return;
            }
            if !self.ends_line() {
                self.at = line;
                return;
            }
            self.end_line();
        }
    }

    /// Passes over spaces, and tabs where they delimit nothing or runs of them do.
    fn skip_spaces(&mut self) {
        let tab = self.delimiter != Delimiter::Byte(b'\t');
        let space = |byte: u8| byte == b' ' || tab && byte == b'\t';
        while self.at < self.end && space(self.text[self.at]) {
            self.at += 1;
        }
    }

    /// The cell that begins here; the place moves to the delimiter or the line's end after it.
    fn cell(&mut self) -> Result<Cell, Unclosed> {
        if self.at < self.end
            && self.text[self.at] == b'"'
            && let Some(cell) = self.quoted()?
        {
            return Ok(cell);
        }
        let start = self.at;
        let rest = &self.text[start..self.end];
        let found = match self.delimiter {
            Delimiter::Byte(byte) => find([byte, b'\n', b'\r'], rest),
            Delimiter::Auto => find([b',', b'\n', b'\r'], rest),
            Delimiter::Whitespace => {
                rest.iter().position(|byte| matches!(byte, b' ' | b'\t' | b'\n' | b'\r'))
            }
        };
        self.at = found.map_or(self.end, |found| start + found);
        let trailing = self.text[start..self.at].iter().rev();
        let spaces = trailing.take_while(|&&byte| byte == b' ' || byte == b'\t').count();
        Ok(Cell { start, end: self.at - spaces, escaped: false })
    }

    /// The quoted cell that begins here; none if other text follows its closing quote, so that the
    /// quotes are part of the text.
    fn quoted(&mut self) -> Result<Option<Cell>, Unclosed> {
        let open = self.at;
        let mut at = open + 1;
        let mut escaped = false;
        loop {
            let Some(quote) = memchr(b'"', &self.text[at..self.end]) else {
                return Err(Unclosed(open));
            };
            at += quote + 1;
            if at < self.end && self.text[at] == b'"' {
                escaped = true;
                at += 1;
            } else {
                break;
            }
        }
        let cell = Cell { start: open + 1, end: at - 1, escaped };
        self.at = at;
        if self.delimiter != Delimiter::Whitespace {
            self.skip_spaces();
        }
        let delimits = match (self.text[..self.end].get(self.at), self.delimiter) {
            (None | Some(b'\n' | b'\r'), _) => true,
            (Some(byte), Delimiter::Byte(delimiter)) => *byte == delimiter,
            (Some(byte), Delimiter::Auto) => *byte == b',',
            (Some(byte), Delimiter::Whitespace) => matches!(byte, b' ' | b'\t'),
        };
        if !delimits {
            self.at = open;
            return Ok(None);
        }
        self.lines += line_ends(&self.text[open..at]);
        Ok(Some(cell))
    }
}

/// The first of three bytes in `text`, eight bytes at a time: cells are mostly so short that calling
/// what looks at more at once takes longer.
#[inline]
fn find(bytes: [u8; 3], text: &[u8]) -> Option<usize> {
    const ONES: u64 = u64::from_ne_bytes([1; 8]);
    const HIGH: u64 = ONES << 7;
    // The lowest high bit that is set marks the first byte that is zero.
    let zero = |word: u64| word.wrapping_sub(ONES) & !word & HIGH;
    let [a, b, c] = bytes.map(|byte| ONES * u64::from(byte));
    let mut chunks = text.chunks_exact(8);
    let mut at = 0;
    for chunk in &mut chunks {
        let word = chunk.try_into().map_or(0, u64::from_le_bytes);
        let found = zero(word ^ a) | zero(word ^ b) | zero(word ^ c);
        if found != 0 {
            return Some(at + found.trailing_zeros() as usize / 8);
        }
        at += 8;
    }
    let rest = chunks.remainder().iter().position(|byte| bytes.contains(byte));
    rest.map(|found| at + found)
}

/// The text of the cell whose first byte is at `at`, cut after some characters.
pub fn cell_at(text: &str, at: usize, delimiter: Delimiter) -> String {
    const SHOWN: usize = 60;
    let quoted = text.as_bytes()[..at.min(text.len())].ends_with(b"\"");
    let mut records = Records::new(text, at - usize::from(quoted)..text.len(), delimiter);
    let Ok(cell) = records.cell() else { return String::new() };
    cell.text(text).chars().take(SHOWN).collect()
}

/// The line, from 1, on which the byte `at` stands.
pub fn line_at(text: &str, at: usize) -> usize {
    1 + line_ends(&text.as_bytes()[..at.min(text.len())])
}

/// Line ends in a text: `\n`, `\r` or both together.
fn line_ends(text: &[u8]) -> usize {
    memchr2_iter(b'\n', b'\r', text)
        .filter(|&at| text[at] == b'\n' || text.get(at + 1) != Some(&b'\n'))
        .count()
}
