//! Numbers as people write them: `1.5`, `1,5`, `1,234.5`, `1.234,5`, `1 234`, `12 %`, `$5`, `−3`.
//!
//! A [`Convention`] is a decimal mark with a separator of thousands. Each cell fits some of them, and
//! a column those that all its cells fit. A unit, one sign before or after the number, must be the
//! same in the whole column; the number counts as it is written, so that `12 %` is 12.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A decimal mark and a separator of thousands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Convention {
    /// `.` or `,`.
    pub decimal: char,
    /// The separator of thousands, if there is one; a space stands for any kind of space, and `'`
    /// for any kind of apostrophe.
    pub thousands: Option<char>,
}

impl Convention {
    /// `1234.5`, as programs write it.
    pub const PLAIN: Self = Self { decimal: '.', thousands: None };

    const fn new(decimal: char, thousands: Option<char>) -> Self {
        Self { decimal, thousands }
    }
}

impl fmt::Display for Convention {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mark = |mark| if mark == ',' { "comma" } else { "point" };
        write!(f, "decimal {}", mark(self.decimal))?;
        match self.thousands {
            None => Ok(()),
            Some(',') => write!(f, ", thousands separated by commas"),
            Some('.') => write!(f, ", thousands separated by points"),
            Some(' ') => write!(f, ", thousands separated by spaces"),
            Some(_) => write!(f, ", thousands separated by apostrophes"),
        }
    }
}

/// All conventions, the plainest first of each decimal mark.
const CONVENTIONS: [Convention; 8] = [
    Convention::PLAIN,
    Convention::new('.', Some(',')),
    Convention::new('.', Some(' ')),
    Convention::new('.', Some('\'')),
    Convention::new(',', None),
    Convention::new(',', Some('.')),
    Convention::new(',', Some(' ')),
    Convention::new(',', Some('\'')),
];

/// A set of conventions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Conventions(u8);

impl Conventions {
    /// Every one.
    pub const ALL: Self = Self(0xFF);
    /// Those with a decimal point.
    pub const POINT: Self = Self(0x0F);
    /// Those with a decimal comma.
    pub const COMMA: Self = Self(0xF0);
    /// None.
    pub const NONE: Self = Self(0);

    /// Those in both.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// Those in either.
    #[must_use]
    pub const fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// True if there is none.
    pub const fn is_none(self) -> bool {
        self.0 == 0
    }

    /// True if plain numbers are among them.
    pub const fn has_plain(self) -> bool {
        self.0 & 1 != 0
    }

    /// True if both decimal marks are possible.
    pub const fn both(self) -> bool {
        self.0 & 0x0F != 0 && self.0 & 0xF0 != 0
    }

    /// The plainest.
    pub fn first(self) -> Option<Convention> {
        let index = self.0.trailing_zeros() as usize;
        CONVENTIONS.get(index).copied()
    }
}

/// A number without sign and unit.
#[derive(Clone, Copy, Debug)]
pub struct Stripped<'a> {
    negative: bool,
    /// The sign before or after it, such as `%` or `$`.
    pub unit: Option<char>,
    digits: &'a str,
}

impl<'a> Stripped<'a> {
    /// Takes sign and unit from `text`; none if no digit is left.
    pub fn of(text: &'a str) -> Option<Self> {
        let mut rest = text.trim();
        let (mut negative, mut unit) = (false, None);
        if let Some(inner) = rest.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')) {
            // As accountants write a loss.
            (negative, rest) = (true, inner.trim());
        }
        let mut signs = usize::from(negative);
        while let Some(first) = rest.chars().next().filter(|first| !first.is_ascii_digit()) {
            if matches!(first, '-' | '+' | '\u{2212}') && signs == 0 {
                signs = 1;
                negative = first != '+';
            } else if is_unit(first) && unit.is_none() {
                unit = Some(first);
            } else {
                break;
            }
            rest = rest[first.len_utf8()..].trim_start();
        }
        if let Some(last) = rest.chars().next_back().filter(|&last| is_unit(last))
            && unit.is_none()
        {
            unit = Some(last);
            rest = rest[..rest.len() - last.len_utf8()].trim_end();
        }
        let digit = rest.bytes().any(|byte| byte.is_ascii_digit());
        digit.then_some(Self { negative, unit, digits: rest })
    }

    /// The conventions of `among` that the digits fit.
    pub fn fits(&self, among: Conventions) -> Conventions {
        let mut found = 0;
        for (index, convention) in CONVENTIONS.iter().enumerate() {
            let bit = 1 << index;
            if among.0 & bit != 0 && fits(self.digits, *convention) {
                found |= bit;
            }
        }
        Conventions(found)
    }

    /// The number by a convention; none if it does not fit.
    pub fn value(&self, convention: Convention) -> Option<f64> {
        if !fits(self.digits, convention) {
            return None;
        }
        let plain: String = self
            .digits
            .chars()
            .filter_map(|c| match c {
                c if c == convention.decimal => Some('.'),
                '0'..='9' | 'e' | 'E' | '+' | '-' => Some(c),
                _ => None,
            })
            .collect();
        let size: f64 = plain.parse().ok()?;
        Some(if self.negative { -size } else { size })
    }
}

/// True of signs of money and shares.
fn is_unit(c: char) -> bool {
    matches!(c, '%' | '‰' | '$' | '¢' | '£' | '¤' | '¥' | '\u{20A0}'..='\u{20CF}' | '฿' | '°')
}

/// True if `c` is the separator of thousands of a convention.
fn separates(c: char, convention: Convention) -> bool {
    match convention.thousands {
        Some(' ') => matches!(c, ' ' | '\u{A0}' | '\u{2009}' | '\u{202F}' | '\u{2007}'),
        Some('\'') => matches!(c, '\'' | '\u{2019}'),
        other => other == Some(c),
    }
}

/// True if digits are written by a convention: groups of three, if any are separated.
fn fits(digits: &str, convention: Convention) -> bool {
    let (number, exponent) = match digits.find(['e', 'E']) {
        Some(at) => (&digits[..at], Some(&digits[at + 1..])),
        None => (digits, None),
    };
    let all_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if let Some(exponent) = exponent {
        let size = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
        if size.is_empty() || !all_digits(size) {
            return false;
        }
    }
    let (whole, fraction) = number.split_once(convention.decimal).unwrap_or((number, ""));
    if !all_digits(fraction) || whole.is_empty() && fraction.is_empty() {
        return false;
    }
    let mut groups = whole.split(|c| separates(c, convention));
    let first = groups.next().unwrap_or_default();
    let mut more = false;
    for group in groups {
        more = true;
        if group.len() != 3 || !all_digits(group) {
            return false;
        }
    }
    all_digits(first) && (!more || (1..=3).contains(&first.len()))
}

/// The way in which the numbers of a column are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NumberFormat {
    /// Decimal mark and thousands.
    pub convention: Convention,
    /// The sign that every number has, such as `%` or `$`.
    pub unit: Option<char>,
}

impl NumberFormat {
    /// As programs write numbers.
    pub const PLAIN: Self = Self { convention: Convention::PLAIN, unit: None };

    /// The number that `text` is; none if it is not written so. It may be infinite.
    #[must_use]
    pub fn read(&self, text: &str) -> Option<f64> {
        let plain = self.unit.is_none() && self.convention == Convention::PLAIN;
        if plain && let Some(x) = plain_number(text) {
            return Some(x);
        }
        let stripped = Stripped::of(text)?;
        if stripped.unit != self.unit {
            return None;
        }
        // Adding 0 turns −0 into 0.
        stripped.value(self.convention).map(|x| x + 0.0)
    }
}

/// The number that `text` is to a program. Words for infinity are numbers, `nan` is not.
pub fn plain_number(text: &str) -> Option<f64> {
    short_decimal(text.as_bytes()).or_else(|| long_number(text))
}

/// The number that digits with at most one point and a minus before them are, if there are so few of
/// them that a single division gives the nearest `f64`: the whole number below 10¹⁵ and the power of
/// ten are exact (Clinger, "How to read floating point numbers accurately", 1990).
#[inline]
pub fn short_decimal(text: &[u8]) -> Option<f64> {
    const POWERS: [f64; 16] =
        [1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15];
    let (negative, digits) = match text {
        [b'-', digits @ ..] => (true, digits),
        digits => (false, digits),
    };
    if digits.len() >= POWERS.len() {
        return None;
    }
    let (mut whole, mut point) = (0_u64, None);
    for (place, &byte) in digits.iter().enumerate() {
        let digit = byte.wrapping_sub(b'0');
        if digit < 10 {
            whole = whole * 10 + u64::from(digit);
        } else if byte == b'.' && point.is_none() {
            point = Some(place);
        } else {
            return None;
        }
    }
    if digits.len() == usize::from(point.is_some()) {
        return None;
    }
    let size = whole as f64;
    let size = match point {
        Some(place) => size / POWERS[digits.len() - 1 - place],
        None => size,
    };
    // Zero has no sign here.
    Some(if negative { 0.0 - size } else { size })
}

#[cold]
fn long_number(text: &str) -> Option<f64> {
    text.parse::<f64>().ok().filter(|x| !x.is_nan()).map(|x| x + 0.0)
}

/// True if `text` is a date or a time of day: `2024-01-31`, `31.1.2024`, `1/31/24`, `12:30`.
pub fn is_date(text: &str) -> bool {
    let text = text.trim();
    let date = text.split([' ', 'T']).next().unwrap_or_default();
    let parts = |separator: char| {
        let parts: Vec<_> = date.splitn(4, separator).collect();
        let sizes = parts.iter().map(|part| part.len());
        let digits = parts.iter().all(|part| part.bytes().all(|byte| byte.is_ascii_digit()));
        (digits && sizes.clone().all(|size| (1..=4).contains(&size))).then_some(parts.len())
    };
    let dotted = || parts('.') == Some(3) && date.rsplit('.').next().is_some_and(|y| y.len() != 3);
    parts('-') == Some(3) || parts('/') == Some(3) || dotted() || matches!(parts(':'), Some(2 | 3))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(text: &str) -> Vec<(char, f64)> {
        let stripped = Stripped::of(text).unwrap();
        let values = [Conventions::POINT, Conventions::COMMA].map(|marks| {
            let convention = stripped.fits(marks).first()?;
            Some((convention.decimal, stripped.value(convention)?))
        });
        values.into_iter().flatten().collect()
    }

    #[test]
    fn each_convention_reads_its_own_numbers() {
        for (text, expected) in [
            ("12", &[('.', 12.0), (',', 12.0)][..]),
            ("1.5", &[('.', 1.5)]),
            ("1,5", &[(',', 1.5)]),
            ("1,234", &[('.', 1234.0), (',', 1.234)]),
            ("1.234", &[('.', 1.234), (',', 1234.0)]),
            ("1,234,567", &[('.', 1_234_567.0)]),
            ("1.234.567,5", &[(',', 1_234_567.5)]),
            ("1 234", &[('.', 1234.0), (',', 1234.0)]),
            ("1\u{A0}234,5", &[(',', 1234.5)]),
            ("1\u{202F}234.5", &[('.', 1234.5)]),
            ("1'234.5", &[('.', 1234.5)]),
            ("1’234", &[('.', 1234.0), (',', 1234.0)]),
            ("12,34", &[(',', 12.34)]),
            ("1234,567", &[(',', 1234.567)]),
            ("\u{2212}3,5", &[(',', -3.5)]),
            ("-$1,234.50", &[('.', -1234.5)]),
            ("$ -5.25", &[('.', -5.25)]),
            ("3,5 %", &[(',', 3.5)]),
            ("1.234,5 €", &[(',', 1234.5)]),
            ("(1,234.5)", &[('.', -1234.5)]),
            ("1,5e-3", &[(',', 1.5e-3)]),
            (",5", &[(',', 0.5)]),
            ("5.", &[('.', 5.0)]),
        ] {
            assert_eq!(written(text), expected, "{text}");
        }
        for text in
            ["1,2,3", "1.2.3", "0x1F", "1_000", "12 34", "--5", "5-", "1e", "1,23.4", ",", "1e5e5"]
        {
            let none = Stripped::of(text).is_none_or(|it| it.fits(Conventions::ALL).is_none());
            assert!(none, "{text}");
        }
    }

    #[test]
    fn short_decimals_are_what_the_standard_library_reads() {
        let mut seed = 1_u64;
        let mut random = |below: u64| {
            seed = seed
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            (seed >> 33) % below
        };
        let mut short = 0;
        for _ in 0..200_000 {
            let length = random(18) as usize;
            let text: String =
                (0..length).map(|_| char::from(b"0123456789.-"[random(12) as usize])).collect();
            let Some(x) = short_decimal(text.as_bytes()) else { continue };
            short += 1;
            let expected = text.parse::<f64>().unwrap() + 0.0;
            assert_eq!(x.to_bits(), expected.to_bits(), "{text}");
        }
        assert!(short > 20_000, "{short}");
        for text in ["0.1", "-0.3", "123456789.12345", "-0", "5.", ".5", "999999999999999"] {
            let expected = text.parse::<f64>().unwrap() + 0.0;
            assert_eq!(
                short_decimal(text.as_bytes()).unwrap().to_bits(),
                expected.to_bits(),
                "{text}"
            );
        }
        for text in
            ["", "-", ".", "-.", "1.2.3", "1e5", "+1", " 1", "--1", "1234567890123456", "\u{661}"]
        {
            assert_eq!(short_decimal(text.as_bytes()), None, "{text}");
        }
    }

    #[test]
    fn dates_and_times_are_told_from_numbers() {
        for text in
            ["2024-01-31", "31.01.2024", "1/31/24", "12:30", "2024-01-31T12:00:00Z", "1.2.24"]
        {
            assert!(is_date(text), "{text}");
        }
        for text in ["1.5", "-5", "1.234.567", "12", "a-b-c", "1-2", ""] {
            assert!(!is_date(text), "{text}");
        }
    }
}
