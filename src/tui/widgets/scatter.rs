//! Predicted against true values; on the diagonal they agree.

use ratatui::{buffer::Buffer, layout::Rect, widgets::Widget};

use super::{
    axis::{Axis, Scale},
    canvas::Canvas,
    frame::Frame,
    put,
};
use crate::tui::theme::Theme;

/// A scatter plot: true values across, predicted ones up.
#[derive(Clone, Copy, Debug)]
pub struct Scatter<'a> {
    /// The look.
    pub theme: Theme,
    /// True and predicted values of the training split.
    pub train: &'a [(f64, f64)],
    /// True and predicted values of the held-out split, on top.
    pub test: &'a [(f64, f64)],
}

impl Widget for &Scatter<'_> {
    fn render(self, area: Rect, buf: &mut Buffer) {
        let pairs = self.train.iter().chain(self.test);
        let axis =
            Axis::fit(Scale::Linear, pairs.flat_map(|&(truth, predicted)| [truth, predicted]));
        let plot = Frame { x: axis, y: axis, theme: self.theme }.render(area, buf);
        if plot.is_empty() {
            return;
        }
        let mut canvas = Canvas::new(plot, self.theme.marker);
        canvas.line(canvas.at(0.0, 0.0), canvas.at(1.0, 1.0), self.theme.border());
        canvas.render(buf);
        let [train, test] = self.theme.small_marks();
        let splits =
            [(self.train, train, self.theme.train()), (self.test, test, self.theme.test())];
        for (pairs, mark, style) in splits {
            for (truth, predicted) in pairs {
                if let Some((right, up)) = axis.place(*truth).zip(axis.place(*predicted)) {
                    let (x, y) = canvas.cell(canvas.at(right, up));
                    put(buf, plot, x, y, mark.encode_utf8(&mut [0; 4]), style);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{NASTY, picture, survives_every_size};
    use super::*;
    use crate::tui::theme::Depth;

    #[test]
    fn any_size_and_any_numbers() {
        let pairs: Vec<(f64, f64)> =
            NASTY.into_iter().flat_map(|x| NASTY.map(|y| (x, y))).collect();
        let theme = Theme::new(Depth::Ansi16);
        survives_every_size(&Scatter { theme, train: &pairs, test: &pairs });
        survives_every_size(&Scatter { theme, train: &[], test: &[] });
    }

    #[test]
    fn agreement_lies_on_the_diagonal() {
        let scatter = Scatter {
            theme: Theme::new(Depth::None),
            train: &[(0.0, 0.0), (5.0, 5.0), (10.0, 4.0)],
            test: &[(2.0, 8.0)],
        };
        assert_eq!(
            picture(&scatter, 28, 9),
            [
                "   10 ┤                  ⣀⠔⠊",
                "      │    ◦          ⣀⠔⠊",
                "      │            ⣀⠔⠊",
                "    5 ┤         ⡠·⠊",
                "      │      ⡠⠔⠉           ·",
                "      │   ⡠⠔⠉",
                "    0 ┤·⠔⠉",
                "      └┬───────────────────┬",
                "       0                  10"
            ]
        );
    }
}
