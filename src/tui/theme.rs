//! Colours by role, for whatever the terminal can show.
//!
//! Nothing is told by colour alone: classes and arms have letters, train and test have markers,
//! and without any colour the modifiers bold, dim and reversed stand in.

mod charset;
mod depth;
mod hue;
mod marker;
mod palette;
mod scheme;

use ratatui::buffer::Buffer;
use ratatui::style::{Color, Modifier, Style};

pub use charset::Charset;
pub use depth::Depth;
pub use marker::Marker;
pub use scheme::{Scheme, background};

use hue::{ACCENT, BAD, BORDER, CLASSES, GOOD, Hue, MUTED, TEST, TRAIN};

/// The look of everything that is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Theme {
    /// How many colours there are.
    pub depth: Depth,
    /// The background that they are chosen for.
    pub scheme: Scheme,
    /// What lines are drawn with.
    pub marker: Marker,
    /// The characters that there are.
    pub charset: Charset,
}

/// Something that is asked for, or left to what can be found out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Choice<T> {
    /// What suits the terminal.
    #[default]
    Auto,
    /// This one.
    Is(T),
}

impl<T> Choice<T> {
    /// What is asked for, else what `found` gives.
    pub fn or(self, found: impl FnOnce() -> T) -> T {
        match self {
            Self::Auto => found(),
            Self::Is(this) => this,
        }
    }
}

/// What is asked for of a [`Theme`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Choices {
    /// How many colours.
    pub depth: Choice<Depth>,
    /// On which background.
    pub scheme: Choice<Scheme>,
    /// What lines are drawn with.
    pub marker: Choice<Marker>,
}

impl Theme {
    /// The look that is asked for; all that is left open follows from environment variables.
    #[must_use]
    pub fn detect(choices: Choices, get: impl Fn(&str) -> Option<String>) -> Self {
        let (marker, charset) = match choices.marker {
            Choice::Is(marker) => (marker, marker.charset()),
            Choice::Auto => {
                let charset = Charset::detect(&get);
                (Marker::of(charset), charset)
            }
        };
        let depth = match choices.depth.or(|| Depth::detect(&get)) {
            Depth::Ansi16 if get("TERM").as_deref() == Some("linux") => Depth::Console,
            depth => depth,
        };
        Self { depth, scheme: choices.scheme.or(|| Scheme::detect(&get)), marker, charset }
    }

    /// The look at `depth` on a dark background, with braille.
    #[must_use]
    pub const fn new(depth: Depth) -> Self {
        Self { depth, scheme: Scheme::Dark, marker: Marker::Braille, charset: Charset::Unicode }
    }

    /// The look with lines that are seen from afar.
    #[must_use]
    pub const fn thick(self) -> Self {
        let marker = match self.marker {
            Marker::Braille | Marker::Octant => Marker::Quadrant,
            other => other,
        };
        Self { marker, ..self }
    }

    /// Fits what was drawn to the terminal: with the background that the scheme paints, and without the
    /// characters that there are none of.
    pub fn finish(self, buffer: &mut Buffer) {
        self.charset.restrict(buffer);
        if self.scheme == Scheme::HighContrast && self.depth != Depth::None {
            let plain = palette::painted(self.depth);
            for cell in &mut buffer.content {
                cell.fg = if cell.fg == Color::Reset { plain.0 } else { cell.fg };
                cell.bg = if cell.bg == Color::Reset { plain.1 } else { cell.bg };
            }
        }
    }

    /// Plain text: the terminal's own colour.
    #[must_use]
    pub const fn text(self) -> Style {
        Style::new().fg(Color::Reset)
    }

    /// Secondary text.
    #[must_use]
    pub fn muted(self) -> Style {
        self.style(&MUTED, Modifier::empty())
    }

    /// Borders, axes and other lines around what is shown.
    #[must_use]
    pub fn border(self) -> Style {
        self.style(&BORDER, Modifier::DIM)
    }

    /// What has the focus.
    #[must_use]
    pub fn accent(self) -> Style {
        self.style(&ACCENT, Modifier::empty()).add_modifier(Modifier::BOLD)
    }

    /// The item that is selected in a list or an editor.
    #[must_use]
    pub fn selected(self) -> Style {
        self.accent().add_modifier(Modifier::REVERSED)
    }

    /// A healthy value.
    #[must_use]
    pub fn good(self) -> Style {
        self.style(&GOOD, Modifier::empty())
    }

    /// A value to look at.
    #[must_use]
    pub fn warn(self) -> Style {
        self.style(TEST, Modifier::BOLD)
    }

    /// A value that is wrong.
    #[must_use]
    pub fn bad(self) -> Style {
        self.style(&BAD, Modifier::BOLD.union(Modifier::REVERSED))
    }

    /// The training split; its marker is [`TRAIN_MARK`].
    #[must_use]
    pub fn train(self) -> Style {
        self.style(TRAIN, Modifier::empty())
    }

    /// The held-out split; its marker is [`TEST_MARK`].
    #[must_use]
    pub fn test(self) -> Style {
        self.style(TEST, Modifier::empty())
    }

    /// The markers of training and of held-out points where there are so many that large ones would
    /// hide what lies among them.
    #[must_use]
    pub const fn small_marks(self) -> [char; 2] {
        match self.marker {
            Marker::Ascii => ['.', 'o'],
            _ => ['·', '◦'],
        }
    }

    /// Class or arm `index`; its letter is [`mark`].
    #[must_use]
    pub fn class(self, index: usize) -> Style {
        self.style(&CLASSES[index % CLASSES.len()], Modifier::empty())
    }

    /// The same style, receding: a band around its line.
    #[must_use]
    pub fn faint(self, style: Style) -> Style {
        match (self.depth, style.fg) {
            (Depth::True | Depth::Ansi256, Some(color)) => style.fg(palette::recede(self, color)),
            _ => style.add_modifier(Modifier::DIM),
        }
    }

    /// The surface where class `index` is predicted with `confidence`, 0 to 1 above chance.
    ///
    /// Confidence is told in [`LEVELS`] steps, so that few cells change from frame to frame.
    /// `None` where there is no colour or no finite confidence.
    #[must_use]
    pub fn class_surface(self, index: usize, confidence: f64) -> Option<Color> {
        palette::fill(self, &CLASSES[index % CLASSES.len()], level(confidence)?)
    }

    /// The surface at a value between -1 (blue) and 1 (orange), neutral at 0.
    #[must_use]
    pub fn value_surface(self, value: f64) -> Option<Color> {
        palette::fill(self, &CLASSES[usize::from(value > 0.0)], level(value.abs())?)
    }

    /// A point of class `index` on top of a surface of colour `under`.
    #[must_use]
    pub fn class_point(self, index: usize, under: Option<Color>) -> Style {
        palette::point(self, &CLASSES[index % CLASSES.len()], 1.0, under)
    }

    /// A point with a value between -1 and 1 on top of a surface of colour `under`.
    #[must_use]
    pub fn value_point(self, value: f64, under: Option<Color>) -> Style {
        palette::point(self, &CLASSES[usize::from(value > 0.0)], value.abs(), under)
    }

    /// Text on a surface of colour `under`.
    #[must_use]
    pub fn on_surface(self, under: Color) -> Style {
        palette::on_surface(self, under)
    }

    /// The background of a share, 0 to 1, of right answers or wrong ones. Few wrong ones show too.
    #[must_use]
    pub fn share(self, share: f64, right: bool) -> Option<Color> {
        let (hue, shade) =
            if right { (&CLASSES[0], share) } else { (&BAD, f64::midpoint(share, 1.0)) };
        palette::fill(self, hue, level(shade)?)
    }

    /// The line of a weight by its sign and its size as a share of the largest, 0 to 1: the stronger,
    /// the brighter. Negative is blue and positive orange, as on surfaces.
    #[must_use]
    pub fn edge(self, positive: bool, share: f64) -> Style {
        palette::line(self, &CLASSES[usize::from(positive)], level(share).unwrap_or(0.0))
    }

    /// The marks left and right of what is chosen in a picture.
    #[must_use]
    pub const fn brackets(self) -> [&'static str; 2] {
        match self.marker {
            Marker::Ascii => ["[", "]"],
            _ => ["▐", "▌"],
        }
    }

    /// The shade of a share between none (0) and the most (1) of something; `None` where there are too
    /// few colours for shades.
    #[must_use]
    pub fn heat(self, share: f64) -> Option<Color> {
        let steps = HEAT_LEVELS as f64;
        palette::heat(self, (share.clamp(0.0, 1.0) * steps).round() / steps)
    }

    /// The shade of a map between its lowest place (0) and its highest (1); `None` where there are too few
    /// colours for shades.
    #[must_use]
    pub fn relief(self, share: f64) -> Option<Color> {
        palette::relief(self, share.clamp(0.0, 1.0))
    }

    /// The contour lines of a map.
    #[must_use]
    pub fn contour(self) -> Style {
        palette::contour(self).unwrap_or_else(|| self.border())
    }

    /// A mark on a map whose shade there is `under`.
    #[must_use]
    pub fn relief_mark(self, under: Option<Color>) -> Style {
        palette::mark(self, under)
    }

    /// The path of walker `index` over a map; its letter is [`mark`].
    #[must_use]
    pub fn walker(self, index: usize) -> Style {
        match palette::on_map(self, &CLASSES[WALKERS[index % WALKERS.len()]]) {
            Some(color) => Style::new().fg(color),
            None => Style::new(),
        }
    }

    /// The letter of walker `index` on a map whose shade there is `under`.
    #[must_use]
    pub fn walker_point(self, index: usize, under: Option<Color>) -> Style {
        self.class_point(WALKERS[index % WALKERS.len()], under)
    }

    /// A grey from black (0) to white (1), as in a photograph.
    #[must_use]
    pub fn grey(self, lightness: f64) -> Option<Color> {
        palette::grey(self, level(lightness)?)
    }

    fn style(self, hue: &Hue, without_color: Modifier) -> Style {
        match palette::ink(self, hue) {
            Some(color) => Style::new().fg(color),
            None => Style::new().add_modifier(without_color),
        }
    }
}

/// The marker of a training point.
pub const TRAIN_MARK: char = '●';
/// The marker of a test point.
pub const TEST_MARK: char = '○';
/// The marker of a point that is predicted wrongly.
pub const WRONG_MARK: char = '×';

/// The colours of walkers among those of classes: all but the blue that is as dark as a map.
const WALKERS: [usize; 6] = [1, 0, 3, 2, 6, 4];

/// How many steps a surface has between nothing and all.
pub const LEVELS: usize = 6;

/// The letter of class or arm `index`: a to z, then around again.
#[must_use]
pub fn mark(index: usize) -> char {
    char::from(b'a' + (index % 26) as u8)
}

/// How many shades there are between none and the most of something.
pub const HEAT_LEVELS: usize = 12;

/// Quantises a share of 0 to 1 into steps from 0 to [`LEVELS`]; nothing for NaN and infinities.
fn level(share: f64) -> Option<f64> {
    let steps = LEVELS as f64;
    share.is_finite().then(|| (share.clamp(0.0, 1.0) * steps).round() / steps)
}

#[cfg(test)]
mod contrast;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_colour_no_role_has_one() {
        let theme = Theme::new(Depth::None);
        let styles = [
            theme.text(),
            theme.muted(),
            theme.border(),
            theme.accent(),
            theme.selected(),
            theme.good(),
            theme.warn(),
            theme.bad(),
            theme.train(),
            theme.test(),
            theme.class(3),
            theme.faint(theme.class(1)),
            theme.class_point(2, None),
            theme.value_point(0.4, None),
        ];
        let plain = |color| matches!(color, None | Some(Color::Reset));
        assert!(styles.iter().all(|style| plain(style.fg) && plain(style.bg)));
        assert_eq!(theme.class_surface(0, 1.0), None);
        assert_eq!(theme.value_surface(-1.0), None);
        assert_eq!(theme.grey(1.0), None);
    }

    #[test]
    fn each_depth_uses_its_own_kind_of_colour() {
        let kind = |depth| {
            let theme = Theme::new(depth);
            [theme.class(1).fg, theme.class_surface(1, 0.9), theme.grey(0.5), theme.muted().fg]
        };
        assert!(kind(Depth::True).iter().all(|c| matches!(c, Some(Color::Rgb(..)))));
        assert!(kind(Depth::Ansi256).iter().all(|c| matches!(c, Some(Color::Indexed(16..)))));
        for color in kind(Depth::Ansi16) {
            assert!(!matches!(color, None | Some(Color::Rgb(..) | Color::Indexed(_))));
        }
    }

    #[test]
    fn a_surface_has_few_colours_and_no_finite_one_is_lost() {
        for depth in [Depth::Ansi16, Depth::Ansi256, Depth::True] {
            let theme = Theme::new(depth);
            let colors: std::collections::HashSet<_> =
                (0..=1000).map(|i| theme.class_surface(2, f64::from(i) / 1000.0)).collect();
            assert!(colors.len() > 1 && colors.len() <= LEVELS + 1, "{depth:?}: {colors:?}");
            assert!(!colors.contains(&None));
            assert_eq!(theme.class_surface(2, f64::NAN), None);
            assert_ne!(theme.value_surface(-1.0), theme.value_surface(1.0));
        }
    }

    #[test]
    fn letters_go_around() {
        assert_eq!((mark(0), mark(9), mark(26)), ('a', 'j', 'a'));
    }
}
