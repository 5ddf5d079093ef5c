//! Numbers and names at widths that do not jump.

use ratatui::text::{Line, Span};
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

pub use crate::text::truncate;

/// Columns that `text` takes on screen.
#[must_use]
pub fn width(text: &str) -> usize {
    text.width()
}

/// `text` in lines of at most `columns`, broken between words, or within one that is longer.
#[must_use]
pub fn wrap(text: &str, columns: usize) -> Vec<String> {
    let mut lines = Vec::new();
    for paragraph in text.lines() {
        let mut line = String::new();
        for word in paragraph.split_whitespace() {
            let mut word = word;
            let gap = usize::from(!line.is_empty());
            if width(&line) + gap + width(word) > columns && !line.is_empty() {
                lines.push(std::mem::take(&mut line));
            }
            while width(word) > columns.max(2) {
                let head = head(word, columns.max(2));
                lines.push(head.to_owned());
                word = &word[head.len()..];
            }
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        }
        lines.push(line);
    }
    lines
}

/// `text` in at most so many columns and rows, as one text; a cut shows as `…`.
#[must_use]
pub fn wrapped(text: &str, (columns, rows): (u16, u16)) -> String {
    let (columns, rows) = (usize::from(columns), usize::from(rows));
    let mut paragraphs: Vec<Vec<String>> = text.lines().map(|line| wrap(line, columns)).collect();
    let mut lines = Vec::new();
    while !paragraphs.is_empty() {
        let mut paragraph = paragraphs.remove(0);
        // Where all cannot be shown, a line of each that follows is worth more than the rest of one.
        let left = rows - lines.len();
        let room = left.saturating_sub(paragraphs.len()).max(1).min(left);
        if paragraph.len() > room {
            paragraph.truncate(room);
            if let Some(last) = paragraph.last_mut() {
                *last = truncate(&format!("{last}…"), columns);
            }
        }
        lines.extend(paragraph);
    }
    lines.join("\n")
}

/// As much of the beginning of `text` as `columns` hold.
fn head(text: &str, columns: usize) -> &str {
    let mut used = 0;
    let end = text.char_indices().find(|(_, c)| {
        used += c.width().unwrap_or(0);
        used > columns
    });
    end.map_or(text, |(at, _)| &text[..at])
}

/// As many of `lines` as `rows` hold, of which the last one is always: it says what to do next.
#[must_use]
pub fn fitted(mut lines: Vec<Line<'_>>, rows: usize) -> Vec<Line<'_>> {
    if lines.len() > rows {
        let last = lines.pop();
        lines.truncate(rows.saturating_sub(1));
        lines.extend(last);
    }
    lines
}

/// `line`, cut to at most `max` columns; a cut shows as `…`.
#[must_use]
pub fn truncate_line(line: Line<'_>, max: usize) -> Line<'_> {
    let mut left = max;
    let mut spans = Vec::new();
    let cut = line.width() > max;
    for span in line.spans {
        let needed = span.width() + usize::from(cut);
        if needed <= left {
            left -= span.width();
            spans.push(span);
        } else {
            // One column more than there is makes sure that the cut shows.
            let rest = format!("{}…", span.content);
            spans.push(Span::styled(truncate(&rest, left), span.style));
            break;
        }
    }
    Line { spans, ..Line::default() }.style(line.style)
}

/// A measured value in 6 columns, 7 with a sign: `0.0231`, `12.345`, `2.3e-4`.
#[must_use]
pub fn measure(value: f64) -> String {
    let text = match value.abs() {
        size if !size.is_finite() => non_finite(value),
        0.0 => "0".to_owned(),
        size if size < 0.001 => format!("{value:.1e}"),
        size if size < 9.999_95 => format!("{value:.4}"),
        size if size < 99.999_5 => format!("{value:.3}"),
        size if size < 999.995 => format!("{value:.2}"),
        size if size < 9_999.95 => format!("{value:.1}"),
        size if size < 99_999.5 => format!("{value:.0}"),
        _ => format!("{value:.1e}"),
    };
    format!("{text:>6}")
}

/// A rough value in 5 columns: `-0.08`, `12.4`, `3e-4`.
#[must_use]
pub fn rough(value: f64) -> String {
    let text = match value.abs() {
        size if !size.is_finite() => non_finite(value),
        0.0 => "0".to_owned(),
        size if size < 0.005 => format!("{value:.0e}"),
        size if size < 9.995 => format!("{value:.2}"),
        size if size < 999.5 => format!("{value:.1}"),
        size if size < 9_999.5 => format!("{value:.0}"),
        _ => format!("{value:.0e}"),
    };
    format!("{text:>5}")
}

/// A value in so many significant digits, in no fixed width: `0.3100`, `-1.204`, `2.13e-4`, `12346`.
#[must_use]
pub fn significant(value: f64, digits: usize) -> String {
    let size = value.abs();
    if !value.is_finite() {
        return non_finite(value);
    }
    let more = digits.saturating_sub(1);
    // As it is rounded: 0.99996 has its first digit before the point.
    let rounded = format!("{size:.more$e}");
    let exponent = rounded.rsplit_once('e').and_then(|it| it.1.parse::<i32>().ok()).unwrap_or(0);
    match exponent {
        _ if value == 0.0 => "0".to_owned(),
        -3..=5 => format!("{value:.*}", (more as i32 - exponent).max(0) as usize),
        _ => format!("{value:.*e}", more.saturating_sub(1)),
    }
}

/// A value in four significant digits and 9 columns, 10 with a sign.
#[must_use]
pub fn figure(value: f64) -> String {
    format!("{:>9}", significant(value, 4))
}

/// A share of 1 as a percentage in 6 columns: ` 99.1%`.
#[must_use]
pub fn percent(share: f64) -> String {
    if share.is_finite() {
        format!("{:>6}", format!("{:.1}%", share * 100.0))
    } else {
        format!("{:>6}", non_finite(share))
    }
}

/// A whole number with its thousands set apart: `12,400`.
#[must_use]
pub fn thousands(value: f64) -> String {
    if !value.is_finite() {
        return non_finite(value);
    }
    if value.abs() >= 1e15 {
        return format!("{value:.1e}");
    }
    let digits = format!("{:.0}", value.abs());
    let mut text = String::from(if value <= -0.5 { "-" } else { "" });
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A time, roughly: `8 s`, `3 min`, `2.5 h`.
#[must_use]
pub fn duration(time: std::time::Duration) -> String {
    match time.as_secs_f64() {
        seconds if seconds < 99.5 => format!("{:.0} s", seconds.ceil()),
        seconds if seconds < 5970.0 => format!("{:.0} min", seconds / 60.0),
        seconds => format!("{:.1} h", seconds / 3600.0),
    }
}

/// An age in its largest unit.
#[must_use]
pub fn ago(age: std::time::Duration) -> String {
    let minutes = age.as_secs() / 60;
    match minutes {
        0 => "just now".to_owned(),
        1..60 => format!("{minutes} min ago"),
        60..1440 => format!("{} h ago", minutes / 60),
        _ => format!("{} d ago", minutes / 1440),
    }
}

/// A tick of a linear axis whose ticks lie `step` apart: `0.25`, `500`, `12k`, `1.5M`.
#[must_use]
pub fn tick(value: f64, step: f64) -> String {
    let (scale, suffix) = match value.abs() {
        size if size >= 1e12 || (size > 0.0 && step < 1e-4) => return format!("{value:.0e}"),
        size if size >= 1e9 => (1e9, "G"),
        size if size >= 1e6 => (1e6, "M"),
        size if size >= 1e3 => (1e3, "k"),
        _ => (1.0, ""),
    };
    let decimals = (-(step / scale * 1.000_1).log10().floor()).clamp(0.0, 6.0) as usize;
    if value == 0.0 {
        return "0".to_owned();
    }
    format!("{:.decimals$}{suffix}", value / scale)
}

/// A positive value in three digits and at most 5 columns: `0.25`, `12.3`, `999`, `1.00k`, `124k`.
#[must_use]
pub fn short(value: f64) -> String {
    // The unit is that of the rounded value: 999.6 is 1.00k.
    let units = [(1.0, ""), (1e3, "k"), (1e6, "M"), (1e9, "G"), (1e12, "T")];
    let Some((scale, suffix)) = units.into_iter().find(|(scale, _)| value < 999.5 * scale) else {
        return if value.is_finite() { format!("{value:.0e}") } else { non_finite(value) };
    };
    let decimals = match value / scale {
        size if size < 9.995 => 2,
        size if size < 99.95 => 1,
        _ => 0,
    };
    format!("{:.decimals$}{suffix}", value / scale)
}

fn non_finite(value: f64) -> String {
    let text = if value.is_nan() {
        "NaN"
    } else if value > 0.0 {
        "∞"
    } else {
        "-∞"
    };
    text.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_wrapped_between_words_and_a_cut_shows() {
        for (text, columns, expected) in [
            ("a bc def", 4, vec!["a bc", "def"]),
            ("one\n\ntwo", 9, vec!["one", "", "two"]),
            ("abcdefgh ij", 3, vec!["abc", "def", "gh", "ij"]),
            ("日本語", 4, vec!["日本", "語"]),
            ("", 4, vec![]),
        ] {
            assert_eq!(wrap(text, columns), expected, "{text:?}");
        }
        assert_eq!(wrapped("a bc def\nx", (4, 2)), "a b…\nx");
        assert_eq!(wrapped("a\nb\nc", (4, 2)), "a\nb");
        assert_eq!(wrapped("a bc def gh", (4, 2)), "a bc\ndef…");
        assert_eq!(wrapped("a bc def", (4, 1)), "a b…");
        assert_eq!(wrapped("a bc def", (4, 2)), "a bc\ndef");
        assert_eq!(wrapped("a bc def", (0, 0)), "");
    }

    #[test]
    fn a_line_of_spans_is_cut_with_a_mark() {
        let line = || Line::from(vec![Span::raw("abc"), Span::raw("def")]);
        for (max, expected) in [(6, "abcdef"), (5, "abcd…"), (4, "abc…"), (3, "ab…"), (0, "")]
        {
            assert_eq!(truncate_line(line(), max).to_string(), expected, "{max}");
        }
    }

    #[test]
    fn measures_keep_their_width() {
        for (value, expected) in [
            (0.0231, "0.0231"),
            (0.412_34, "0.4123"),
            (12.3456, "12.346"),
            (99.9999, "100.00"),
            (123_456.0, " 1.2e5"),
            (0.000_234, "2.3e-4"),
            (0.0, "     0"),
            (f64::NAN, "   NaN"),
            (f64::INFINITY, "     ∞"),
        ] {
            assert_eq!(measure(value), expected);
        }
        for exponent in -9..10 {
            for mantissa in [1.0, 5.0, 9.999, 9.999_999] {
                assert_eq!(width(&measure(mantissa * 10f64.powi(exponent))), 6);
            }
        }
    }

    #[test]
    fn rough_values() {
        for (value, expected) in [
            (-0.08, "-0.08"),
            (0.01, " 0.01"),
            (0.0003, " 3e-4"),
            (12.43, " 12.4"),
            (-250.6, "-250.6"),
            (52_000.0, "  5e4"),
            (f64::NEG_INFINITY, "   -∞"),
        ] {
            assert_eq!(rough(value), expected);
        }
    }

    #[test]
    fn significant_digits() {
        for (value, digits, expected) in [
            (0.31, 4, "0.3100"),
            (-1.2042, 4, "-1.204"),
            (0.012_345, 3, "0.0123"),
            (-0.002_134_5, 4, "-0.002135"),
            (0.000_213_4, 4, "2.13e-4"),
            (0.999_96, 4, "1.000"),
            (12_345.6, 4, "12346"),
            (123.4, 2, "123"),
            (3.4e38, 4, "3.40e38"),
            (1e-45, 3, "1.0e-45"),
            (0.0, 4, "0"),
            (f64::NAN, 4, "NaN"),
            (f64::NEG_INFINITY, 3, "-∞"),
        ] {
            assert_eq!(significant(value, digits), expected);
            assert!(width(&figure(value)) <= 10);
        }
    }

    #[test]
    fn percentages() {
        assert_eq!(percent(0.9914), " 99.1%");
        assert_eq!(percent(1.0), "100.0%");
        assert_eq!(percent(f64::NAN), "   NaN");
    }

    #[test]
    fn thousands_are_set_apart() {
        for (value, expected) in [
            (0.0, "0"),
            (999.0, "999"),
            (12_400.0, "12,400"),
            (-1_234_567.0, "-1,234,567"),
            (1e20, "1.0e20"),
        ] {
            assert_eq!(thousands(value), expected);
        }
    }

    #[test]
    fn ticks_show_no_more_digits_than_their_step() {
        for (value, step, expected) in [
            (4_000.0, 4_000.0, "4k"),
            (1_500.0, 500.0, "1.5k"),
            (500.0, 500.0, "500"),
            (0.25, 0.05, "0.25"),
            (1.0, 0.2, "1.0"),
            (0.0, 0.2, "0"),
            (2e6, 5e5, "2.0M"),
            (2e-5, 1e-5, "2e-5"),
            (-3e15, 1e15, "-3e15"),
        ] {
            assert_eq!(tick(value, step), expected, "{value} by {step}");
        }
    }

    #[test]
    fn short_values_keep_their_width_where_the_unit_changes() {
        for (value, expected) in [
            (0.0, "0.00"),
            (0.254, "0.25"),
            (9.994, "9.99"),
            (9.996, "10.0"),
            (99.96, "100"),
            (999.4, "999"),
            (999.6, "1.00k"),
            (1000.0, "1.00k"),
            (1004.0, "1.00k"),
            (2990.0, "2.99k"),
            (3100.0, "3.10k"),
            (12_340.0, "12.3k"),
            (999_400.0, "999k"),
            (999_600.0, "1.00M"),
            (5e15, "5e15"),
            (f64::NAN, "NaN"),
            (f64::INFINITY, "∞"),
        ] {
            assert_eq!(short(value), expected, "{value}");
            assert!(width(&short(value)) <= 5);
        }
    }

    #[test]
    fn durations_are_rough() {
        for (seconds, expected) in [
            (0.2, "1 s"),
            (12.0, "12 s"),
            (180.0, "3 min"),
            (9000.0, "2.5 h"),
            (1e18, "277777777777777.8 h"),
        ] {
            let time = std::time::Duration::try_from_secs_f64(seconds).unwrap();
            assert_eq!(duration(time), expected);
        }
    }

    #[test]
    fn cut_names_fit() {
        assert_eq!(truncate("versicolor", 6), "versi…");
        assert_eq!(truncate("iris", 4), "iris");
        assert_eq!(truncate("日本語", 4), "日…");
        assert_eq!(truncate("ab", 1), "…");
        assert_eq!(truncate("ab", 0), "");
    }
}
