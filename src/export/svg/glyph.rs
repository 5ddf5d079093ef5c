//! Characters that are drawn as shapes, so that they join without gaps in any font.

/// A drawing within one cell, whose sides run from 0 to 1.
#[derive(Debug, PartialEq)]
pub enum Shape {
    /// Filled rectangles: left, top, right, bottom.
    Blocks { parts: Vec<[f64; 4]>, opacity: u8 },
    /// Braille dots.
    Dots(Vec<(f64, f64)>),
    /// A horizontal line from side to side.
    Line,
    /// SVG path commands with their points.
    Path(&'static [Step]),
}

/// One command of a path.
pub type Step = (char, &'static [(f64, f64)]);

const LEFT: (f64, f64) = (0.0, 0.5);
const RIGHT: (f64, f64) = (1.0, 0.5);
const TOP: (f64, f64) = (0.5, 0.0);
const BOTTOM: (f64, f64) = (0.5, 1.0);
const CENTRE: (f64, f64) = (0.5, 0.5);

/// The shape of a character; `None` for those that a font draws.
pub fn shape(symbol: &str) -> Option<Shape> {
    let mut chars = symbol.chars();
    let (c, None) = (chars.next()?, chars.next()) else { return None };
    match c {
        '─' => Some(Shape::Line),
        '\u{2580}'..='\u{259f}' => Some(block(c)),
        '\u{2800}'..='\u{28ff}' => Some(Shape::Dots(braille(c))),
        _ => border(c).map(Shape::Path),
    }
}

/// Unicode's block elements.
fn block(c: char) -> Shape {
    let solid = |part| Shape::Blocks { parts: vec![part], opacity: 100 };
    let eighths = |from: char| (c as u32 - from as u32 + 1) as f64 / 8.0;
    match c {
        '▀' => solid([0.0, 0.0, 1.0, 0.5]),
        '▁'..='█' => solid([0.0, 1.0 - eighths('▁'), 1.0, 1.0]),
        '▉'..='▏' => solid([0.0, 0.0, 1.0 - eighths('▉'), 1.0]),
        '▐' => solid([0.5, 0.0, 1.0, 1.0]),
        '░' | '▒' | '▓' => {
            let opacity = 25 * (c as u32 - '░' as u32 + 1) as u8;
            Shape::Blocks { parts: vec![[0.0, 0.0, 1.0, 1.0]], opacity }
        }
        '▔' => solid([0.0, 0.0, 1.0, 0.125]),
        '▕' => solid([0.875, 0.0, 1.0, 1.0]),
        _ => {
            // Upper left, upper right, lower left, lower right; from ▖ to ▟.
            const QUADRANTS: [u8; 10] = [4, 8, 1, 13, 9, 7, 11, 2, 6, 14];
            let lit = QUADRANTS[(c as usize - '▖' as usize).min(QUADRANTS.len() - 1)];
            let parts = (0..4u8).filter(|i| lit >> i & 1 == 1).map(|i| {
                let (x, y) = (f64::from(i % 2) / 2.0, f64::from(i / 2) / 2.0);
                [x, y, x + 0.5, y + 0.5]
            });
            Shape::Blocks { parts: parts.collect(), opacity: 100 }
        }
    }
}

/// The dots of a braille pattern, evenly spaced across cells.
fn braille(c: char) -> Vec<(f64, f64)> {
    // Column and row of each bit.
    const PLACES: [(f64, f64); 8] = [
        (0.0, 0.0),
        (0.0, 1.0),
        (0.0, 2.0),
        (1.0, 0.0),
        (1.0, 1.0),
        (1.0, 2.0),
        (0.0, 3.0),
        (1.0, 3.0),
    ];
    let bits = c as u32 - 0x2800;
    let lit = PLACES.iter().enumerate().filter(|(bit, _)| bits >> bit & 1 == 1);
    lit.map(|(_, (x, y))| (0.25 + x / 2.0, 0.125 + y / 4.0)).collect()
}

/// Light box drawing, as far as it is in use.
fn border(c: char) -> Option<&'static [Step]> {
    Some(match c {
        '│' => &[('M', &[TOP, BOTTOM])],
        '┌' => &[('M', &[RIGHT, CENTRE, BOTTOM])],
        '┐' => &[('M', &[LEFT, CENTRE, BOTTOM])],
        '└' => &[('M', &[TOP, CENTRE, RIGHT])],
        '┘' => &[('M', &[TOP, CENTRE, LEFT])],
        '├' => &[('M', &[TOP, BOTTOM]), ('M', &[CENTRE, RIGHT])],
        '┤' => &[('M', &[TOP, BOTTOM]), ('M', &[CENTRE, LEFT])],
        '┬' => &[('M', &[LEFT, RIGHT]), ('M', &[CENTRE, BOTTOM])],
        '┴' => &[('M', &[LEFT, RIGHT]), ('M', &[CENTRE, TOP])],
        '┼' => &[('M', &[LEFT, RIGHT]), ('M', &[TOP, BOTTOM])],
        '╭' => &[('M', &[BOTTOM]), ('Q', &[CENTRE, RIGHT])],
        '╮' => &[('M', &[BOTTOM]), ('Q', &[CENTRE, LEFT])],
        '╯' => &[('M', &[TOP]), ('Q', &[CENTRE, LEFT])],
        '╰' => &[('M', &[TOP]), ('Q', &[CENTRE, RIGHT])],
        '╱' => &[('M', &[(0.0, 1.0), (1.0, 0.0)])],
        '╲' => &[('M', &[(0.0, 0.0), (1.0, 1.0)])],
        '┊' => &[
            ('M', &[(0.5, 0.08), (0.5, 0.17)]),
            ('M', &[(0.5, 0.33), (0.5, 0.42)]),
            ('M', &[(0.5, 0.58), (0.5, 0.67)]),
            ('M', &[(0.5, 0.83), (0.5, 0.92)]),
        ],
        '┄' => &[
            ('M', &[(0.1, 0.5), (0.23, 0.5)]),
            ('M', &[(0.43, 0.5), (0.57, 0.5)]),
            ('M', &[(0.77, 0.5), (0.9, 0.5)]),
        ],
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(symbol: &str) -> Vec<[f64; 4]> {
        match shape(symbol) {
            Some(Shape::Blocks { parts, .. }) => parts,
            other => panic!("{symbol}: {other:?}"),
        }
    }

    #[test]
    fn blocks_cover_what_their_names_say() {
        for (symbol, expected) in [
            ("▀", [0.0, 0.0, 1.0, 0.5]),
            ("▂", [0.0, 0.75, 1.0, 1.0]),
            ("▄", [0.0, 0.5, 1.0, 1.0]),
            ("█", [0.0, 0.0, 1.0, 1.0]),
            ("▌", [0.0, 0.0, 0.5, 1.0]),
            ("▏", [0.0, 0.0, 0.125, 1.0]),
            ("▝", [0.5, 0.0, 1.0, 0.5]),
        ] {
            assert_eq!(parts(symbol), [expected], "{symbol}");
        }
    }

    #[test]
    fn quadrants_light_their_share_of_the_cell() {
        let quarters = |symbol: &str| {
            parts(symbol)
                .iter()
                .map(|p| [(p[0] * 2.0) as u8, (p[1] * 2.0) as u8])
                .collect::<Vec<_>>()
        };
        assert_eq!(quarters("▚"), [[0, 0], [1, 1]]);
        assert_eq!(quarters("▞"), [[1, 0], [0, 1]]);
        assert_eq!(quarters("▟"), [[1, 0], [0, 1], [1, 1]]);
        assert_eq!(quarters("▙"), [[0, 0], [0, 1], [1, 1]]);
    }

    #[test]
    fn braille_dots_lie_in_reading_order_of_their_numbers() {
        assert_eq!(shape("⠁"), Some(Shape::Dots(vec![(0.25, 0.125)])));
        assert_eq!(shape("⢀"), Some(Shape::Dots(vec![(0.75, 0.875)])));
    }

    #[test]
    fn letters_are_left_to_fonts() {
        for symbol in ["a", " ", "", "●", "é\u{301}"] {
            assert_eq!(shape(symbol), None, "{symbol:?}");
        }
    }
}
