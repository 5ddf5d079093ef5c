//! How values are spread: one line of eighth blocks, or several where there is room.

use ratatui::{buffer::Buffer, layout::Rect, widgets::Widget};

use super::{blocks, format, put};
use crate::tui::theme::Theme;

/// Columns of the numbers at the right, with the space before them.
const NUMBERS: u16 = 33;
/// The least columns of bars beside numbers.
const BARS: u16 = 8;

/// A histogram of values in bins of equal width.
///
/// ```text
/// ▁▂▃▅▇█▆▄▂▁   μ  0.01 σ  0.62 [ -2.1,   2.4]
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Histogram<'a> {
    /// The look.
    pub theme: Theme,
    /// Values in each bin.
    pub counts: &'a [f64],
    /// Mean of the values.
    pub mean: f64,
    /// Standard deviation of the values.
    pub std: f64,
    /// The least and the greatest value: where the first bin begins and the last one ends.
    pub range: (f64, f64),
}

impl Histogram<'_> {
    /// The share of each bin that falls into each of `columns` columns, summed.
    fn heights(&self, columns: u16) -> Vec<f64> {
        let bins = self.counts.len() as f64 / f64::from(columns.max(1));
        let within = |column: f64| {
            let (from, to) = (column * bins, (column + 1.0) * bins);
            let counts = self.counts.iter().enumerate().skip(from as usize);
            counts.take_while(|(bin, _)| (*bin as f64) < to).fold(0.0, |sum, (bin, count)| {
                let overlap = (to.min(bin as f64 + 1.0) - from.max(bin as f64)).max(0.0);
                let counted = count.is_finite() && *count > 0.0;
                if counted { count.mul_add(overlap, sum) } else { sum }
            })
        };
        (0..columns).map(|column| within(f64::from(column))).collect()
    }

    fn render_bars(&self, area: Rect, buf: &mut Buffer) {
        let heights = self.heights(area.width);
        let highest = heights.iter().copied().fold(0.0, f64::max).min(f64::MAX);
        let full = f64::from(area.height) * 8.0;
        for (x, height) in (area.x..).zip(&heights) {
            // What is not empty shows.
            let least = if *height > 0.0 { 1.0 } else { 0.0 };
            let eighths = (height / highest * full).min(full).round().max(least) as usize;
            for (row, y) in (area.top()..area.bottom()).rev().enumerate() {
                let block = blocks::UP[eighths.saturating_sub(row * 8).min(8)];
                if block != " " {
                    put(buf, area, x, y, block, self.theme.train());
                }
            }
        }
    }

    fn render_numbers(&self, area: Rect, buf: &mut Buffer) {
        let [mean, std, low, high] =
            [self.mean, self.std, self.range.0, self.range.1].map(format::rough);
        let parts = [("μ ", mean), (" σ ", std), (" [", low), (", ", high), ("]", String::new())];
        let mut x = area.right().saturating_sub(NUMBERS - 3);
        for (label, number) in parts {
            for (text, style) in [(label, self.theme.muted()), (&*number, self.theme.text())] {
                put(buf, area, x, area.y, text, style);
                x += format::width(text) as u16;
            }
        }
    }

    /// The ends of the range and, where it lies between them, zero.
    fn render_scale(&self, area: Rect, buf: &mut Buffer) {
        let style = self.theme.muted();
        let (low, high) = self.range;
        let [first, last] = [low, high].map(|value| format::rough(value).trim().to_owned());
        let zero = -low / (high - low);
        let x = area.x + (zero.clamp(0.0, 1.0) * f64::from(area.width.saturating_sub(1))) as u16;
        put(buf, area, area.x, area.y, &first, style);
        let end = area.right().saturating_sub(format::width(&last) as u16).max(area.x);
        put(buf, area, end, area.y, &last, style);
        let free = area.x + format::width(&first) as u16 + 1..end.saturating_sub(1);
        if zero > 0.0 && zero < 1.0 && free.contains(&x) {
            put(buf, area, x, area.y, "0", style);
        }
    }
}

/// The bars of a histogram by themselves.
#[derive(Clone, Copy, Debug)]
pub struct Bars<'a> {
    /// The look.
    pub theme: Theme,
    /// Values in each bin.
    pub counts: &'a [f64],
}

impl Widget for &Bars<'_> {
    fn render(self, area: Rect, buf: &mut Buffer) {
        let Bars { theme, counts } = *self;
        let histogram = Histogram { theme, counts, mean: 0.0, std: 0.0, range: (0.0, 0.0) };
        histogram.render_bars(area.intersection(buf.area), buf);
    }
}

impl Widget for &Histogram<'_> {
    fn render(self, area: Rect, buf: &mut Buffer) {
        let area = area.intersection(buf.area);
        if area.is_empty() {
            return;
        }
        let numbers = area.width >= NUMBERS + BARS;
        let width = if numbers { area.width - NUMBERS } else { area.width };
        let scale = u16::from(area.height >= 3);
        let bars = Rect { width, height: area.height - scale, ..area };
        self.render_bars(bars, buf);
        if numbers {
            self.render_numbers(area, buf);
        }
        if scale == 1 {
            self.render_scale(Rect { y: bars.bottom(), width, height: 1, ..area }, buf);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{NASTY, picture, survives_every_size};
    use super::*;
    use crate::tui::theme::Depth;

    const COUNTS: [f64; 12] = [0.0, 1.0, 2.0, 7.0, 18.0, 30.0, 32.0, 21.0, 12.0, 4.0, 0.0, 0.1];

    fn histogram(counts: &[f64]) -> Histogram<'_> {
        Histogram {
            theme: Theme::new(Depth::None),
            counts,
            mean: 0.0123,
            std: 0.6218,
            range: (-2.1, 2.4),
        }
    }

    #[test]
    fn any_size_and_any_numbers() {
        survives_every_size(&histogram(&[]));
        survives_every_size(&histogram(&NASTY));
        for (low, high) in NASTY.into_iter().flat_map(|low| NASTY.map(|high| (low, high))) {
            let odd = Histogram { mean: low, std: high, range: (low, high), ..histogram(&COUNTS) };
            picture(&odd, 60, 4);
        }
    }

    #[test]
    fn one_line() {
        assert_eq!(
            picture(&histogram(&COUNTS), 46, 1),
            [" ▁▁▁▄▆█▇▅▃▁▁▁   μ  0.01 σ  0.62 [-2.10,  2.40]"]
        );
    }

    #[test]
    fn bins_are_shared_out_to_columns() {
        assert_eq!(histogram(&COUNTS).heights(4), [3.0, 55.0, 65.0, 4.1]);
        assert_eq!(histogram(&[2.0, 4.0]).heights(4), [1.0, 1.0, 2.0, 2.0]);
        assert_eq!(histogram(&[2.0, 4.0, 6.0]).heights(2), [4.0, 8.0]);
    }

    #[test]
    fn several_lines() {
        assert_eq!(
            picture(&histogram(&COUNTS), 12, 4),
            ["     ▇█", "    ▆███▁", " ▁▂▅█████▃ ▁", "-2.10   2.40"]
        );
    }
}
