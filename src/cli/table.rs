//! Columns of numbers, their decimal points one below the other.

use unicode_width::UnicodeWidthStr;

use crate::spec::Plain;

/// Sets `columns`, each a heading and its cells, side by side; a line each. Columns may differ in
/// length.
#[must_use]
pub fn table(columns: &[(&str, Vec<String>)]) -> Vec<String> {
    let columns: Vec<_> = columns.iter().map(|(heading, cells)| aligned(heading, cells)).collect();
    let height = columns.iter().map(Vec::len).max().unwrap_or(0);
    let line = |row: usize| {
        let cells: String = columns
            .iter()
            .map(|cells| match cells.get(row) {
                Some(cell) => format!("  {cell}"),
                None => " ".repeat(2 + cells.first().map_or(0, |cell| cell.width())),
            })
            .collect();
        cells.trim_end().to_owned()
    };
    (0..height).map(line).collect()
}

/// Heading and cells, padded to the same width.
fn aligned(heading: &str, cells: &[String]) -> Vec<String> {
    let split = |cell: &String| cell.find(['.', 'e']).unwrap_or(cell.len());
    let before = cells.iter().map(split).max().unwrap_or(0);
    let after = cells.iter().map(|cell| cell.len() - split(cell)).max().unwrap_or(0);
    let width = heading.width().max(before + after);
    let set = |cell: &String| {
        let right = after - (cell.len() - split(cell));
        let text = format!("{cell}{}", " ".repeat(right));
        format!("{text:>width$}")
    };
    let heading = format!("{}{heading}", " ".repeat(width - heading.width()));
    std::iter::once(heading).chain(cells.iter().map(set)).collect()
}

/// A number for a table: the shortest decimal that is this `f32`.
#[must_use]
pub fn shortest(x: f32) -> String {
    // Through text, since 0.1 as f32 is 0.10000000149 as f64.
    Plain(x.to_string().parse().unwrap_or(f64::from(x))).to_string()
}

/// A number to seven significant digits: enough to follow, without the last digits' noise.
#[must_use]
pub fn rounded(x: f64) -> String {
    Plain(format!("{x:.6e}").parse().unwrap_or(x)).to_string()
}

/// A number to four significant digits.
#[must_use]
pub fn number(x: f64) -> String {
    if x == 0.0 || (1e-3..1e6).contains(&x.abs()) {
        let before = if x == 0.0 { 0 } else { libm::log10(x.abs()).floor() as i32 };
        let decimals = usize::try_from(3 - before).unwrap_or(0);
        let text = format!("{x:.decimals$}");
        if text.contains('.') {
            text.trim_end_matches('0').trim_end_matches('.').to_owned()
        } else {
            text
        }
    } else {
        format!("{x:.3e}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimal_points_stand_in_line() {
        let cells = |texts: &[&str]| texts.iter().map(|&text| text.to_owned()).collect();
        let lines =
            table(&[("x", cells(&["-1", "0.5", "10"])), ("f′(x)", cells(&["1e-8", "0.25"]))]);
        assert_eq!(
            lines,
            [
                "     x  f′(x)", //
                "  -1     1e-8",
                "   0.5   0.25",
                "  10",
            ]
        );
    }

    #[test]
    fn numbers_are_the_shortest_of_their_type() {
        let cases = [(0.1, "0.1"), (-2.0, "-2"), (1e-8, "1e-8"), (0.761_594_2, "0.7615942")];
        for (x, text) in cases {
            assert_eq!(shortest(x), text);
        }
    }
}
