//! What the widgets' tests share.

use ratatui::{buffer::Buffer, layout::Rect, widgets::Widget};

/// Numbers that break careless arithmetic.
pub const NASTY: [f64; 10] = [
    f64::NAN,
    f64::INFINITY,
    f64::NEG_INFINITY,
    f64::MAX,
    f64::MIN,
    f64::MIN_POSITIVE,
    5e-324,
    0.0,
    -0.0,
    1.0,
];

/// Draws a widget at every small size, within the buffer, over its edge and beyond it.
pub fn survives_every_size<W>(widget: &W)
where
    for<'a> &'a W: Widget,
{
    for height in 0..=12 {
        for width in 0..=30 {
            for (x, y) in [(0, 0), (3, 2), (25, 9), (40, 40)] {
                let mut buf = Buffer::empty(Rect::new(1, 1, 30, 12));
                widget.render(Rect::new(x, y, width, height), &mut buf);
            }
        }
    }
    let mut buf = Buffer::empty(Rect::new(0, 0, 200, 60));
    widget.render(Rect::new(0, 0, u16::MAX, u16::MAX), &mut buf);
}

/// The picture of a widget as rows of text, without trailing spaces.
pub fn picture<W>(widget: &W, width: u16, height: u16) -> Vec<String>
where
    for<'a> &'a W: Widget,
{
    let area = Rect::new(0, 0, width, height);
    let mut buf = Buffer::empty(area);
    widget.render(area, &mut buf);
    crate::export::text::buffer_to_text(&buf).lines().map(str::to_owned).collect()
}
