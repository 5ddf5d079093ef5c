//! Which class is taken for which.

use ratatui::{
    buffer::Buffer,
    layout::Rect,
    style::{Modifier, Style},
    widgets::Widget,
};

use super::{format, put};
use crate::tui::theme::Theme;

/// A confusion matrix: a row a true class, a column a predicted one, shaded by share of the row.
///
/// ```text
///      predicted    a    b
///  a setosa        15    0
///  b versicolor     1   14
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Confusion<'a> {
    /// The look.
    pub theme: Theme,
    /// Names of the classes.
    pub names: &'a [&'a str],
    /// Counts, row by row; as many rows and columns as names.
    pub counts: &'a [u64],
}

/// Shades for shares where there is neither colour nor room for counts.
const SHADES: [&str; 4] = ["░", "▒", "▓", "█"];
/// The greatest size of a cell.
const CELL: (u16, u16) = (12, 3);

impl Confusion<'_> {
    fn row(&self, truth: usize) -> &[u64] {
        let classes = self.names.len();
        self.counts.get(truth * classes..(truth + 1) * classes).unwrap_or_default()
    }

    /// Whether every count fits into a cell of `width`, with a space beside it.
    fn has_room(&self, width: u16) -> bool {
        let greatest = self.counts.iter().max().copied().unwrap_or(0);
        greatest.checked_ilog10().unwrap_or(0) + 1 < u32::from(width)
    }

    fn render_cell(&self, truth: usize, predicted: usize, cell: Rect, buf: &mut Buffer) {
        let row = self.row(truth);
        let Some(&count) = row.get(predicted) else { return };
        let share = count as f64 / row.iter().map(|&count| count as f64).sum::<f64>().max(1.0);
        let right = truth == predicted;
        let ground = (count > 0).then(|| self.theme.share(share, right)).flatten();
        if let Some(ground) = ground {
            buf.set_style(cell, Style::new().bg(ground));
        }
        let width = cell.width as usize;
        let (text, style) = if count == 0 {
            ("·".to_owned(), self.theme.muted())
        } else if self.has_room(cell.width) {
            let style = ground.map_or(self.theme.text(), |ground| self.theme.on_surface(ground));
            (count.to_string(), style)
        } else if ground.is_some() {
            return;
        } else {
            let shade = ((share * SHADES.len() as f64) as usize).min(SHADES.len() - 1);
            (SHADES[shade].repeat((width - 1).max(1)), self.theme.text())
        };
        let style = if right { style.add_modifier(Modifier::BOLD) } else { style };
        let text = format!("{text:>width$}", width = width.saturating_sub(1).max(1));
        put(buf, cell, cell.x, cell.y + (cell.height - 1) / 2, &text, style);
    }
}

impl Widget for &Confusion<'_> {
    fn render(self, area: Rect, buf: &mut Buffer) {
        let area = area.intersection(buf.area);
        let classes = self.names.len() as u16;
        if area.is_empty() || classes == 0 {
            return;
        }
        let longest = self.names.iter().map(|name| format::width(name)).max().unwrap_or(0) as u16;
        let label = longest.min(area.width / 3);
        let left = (area.x + label + 1).min(area.right());
        let width = ((area.right() - left) / classes).clamp(1, CELL.0);
        let height = ((area.height - 1) / classes).clamp(1, CELL.1);
        for (class, name) in self.names.iter().enumerate() {
            let (across, down) = (class as u16 * width, class as u16 * height);
            let column = Rect { x: left.saturating_add(across), y: area.y, width, height: 1 };
            let row = Rect { y: (area.y + 1).saturating_add(down), height, ..area };
            let heading = format::truncate(name, (width as usize - 1).max(1));
            let start = column.x + (width.saturating_sub(format::width(&heading) as u16 + 1));
            put(buf, area, start, column.y, &heading, self.theme.class(class));
            let heading = format::truncate(name, label as usize);
            put(buf, area, area.x, row.y + (height - 1) / 2, &heading, self.theme.class(class));
            for predicted in 0..classes {
                let x = left.saturating_add(predicted * width);
                let cell = Rect { x, width, ..row }.intersection(area);
                if !cell.is_empty() {
                    self.render_cell(class, predicted as usize, cell, buf);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{picture, survives_every_size};
    use super::*;
    use crate::tui::theme::Depth;

    const IRIS: Confusion = Confusion {
        theme: Theme::new(Depth::None),
        names: &["setosa", "versicolor", "virginica"],
        counts: &[15, 0, 0, 0, 14, 1, 0, 2, 13],
    };

    #[test]
    fn any_size_and_too_few_counts() {
        for depth in [Depth::None, Depth::Ansi16, Depth::True] {
            let theme = Theme::new(depth);
            survives_every_size(&Confusion { theme, ..IRIS });
            survives_every_size(&Confusion { theme, counts: &[u64::MAX; 9], ..IRIS });
            survives_every_size(&Confusion { theme, counts: &[1, 2, 3, 4], ..IRIS });
            survives_every_size(&Confusion { theme, names: &["日本"; 300], ..IRIS });
            survives_every_size(&Confusion { theme, names: &[], ..IRIS });
        }
    }

    #[test]
    fn rows_are_true_and_columns_predicted() {
        assert_eq!(
            picture(&IRIS, 42, 4),
            [
                "              setosa versicol… virginica",
                "setosa            15         ·         ·",
                "versicolor         ·        14         1",
                "virginica          ·         2        13"
            ]
        );
    }

    #[test]
    fn shades_stand_in_for_counts() {
        assert_eq!(
            picture(&Confusion { counts: &[100, 0, 0, 0, 60, 40, 0, 25, 75], ..IRIS }, 14, 4),
            ["     s… v… v…", "set… ██  ·  ·", "ver…  · ▓▓ ▒▒", "vir…  · ▒▒ ██"]
        );
    }

    #[test]
    fn right_is_bold_and_wrong_has_a_colour_of_its_own() {
        let matrix = Confusion { theme: Theme::new(Depth::True), ..IRIS };
        let mut buf = Buffer::empty(Rect::new(0, 0, 42, 4));
        (&matrix).render(buf.area, &mut buf);
        let find =
            |symbol: &str| buf.content().iter().find(|cell| cell.symbol() == symbol).unwrap();
        let (right, wrong) = (find("5"), find("2"));
        assert!(
            right.modifier.contains(Modifier::BOLD) && !wrong.modifier.contains(Modifier::BOLD)
        );
        assert_eq!(Some(right.bg), matrix.theme.share(1.0, true));
        assert_eq!(Some(wrong.bg), matrix.theme.share(2.0 / 15.0, false));
    }
}
