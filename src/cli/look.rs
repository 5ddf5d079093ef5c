//! How screens look and what they send, as flags.

use clap::builder::{PossibleValuesParser, TypedValueParser};

use crate::tui::theme::{Choice, Choices, Depth, Marker, Scheme};

/// How screens look.
#[derive(Clone, Copy, Debug, Default, clap::Args)]
pub struct Look {
    /// Colours: auto, which asks NO_COLOR, COLORTERM and TERM, or none, 16, 256 or true
    #[arg(long, value_parser = choices(&Depth::TABLE), value_name = "COLORS", hide_possible_values = true)]
    pub color: Option<Choice<Depth>>,
    /// Background: auto, which asks the terminal, or light, dark or high-contrast
    #[arg(long, value_parser = choices(&Scheme::TABLE), value_name = "THEME", hide_possible_values = true)]
    pub theme: Option<Choice<Scheme>>,
    /// What lines are drawn with: auto, which asks the locale and TERM, or braille, octant, quadrant,
    /// half-block, dot or ascii
    #[arg(long, value_parser = choices(&Marker::TABLE), value_name = "MARKER", hide_possible_values = true)]
    pub marker: Option<Choice<Marker>>,
    /// For a projector: few panels, large numbers and thick lines
    #[arg(long)]
    pub projector: bool,
}

/// The parser of `auto` and the names in `table`.
fn choices<T: Copy + Send + Sync + 'static>(
    table: &'static [(&'static str, T)],
) -> impl TypedValueParser<Value = Choice<T>> {
    let names = std::iter::once("auto").chain(table.iter().map(|(name, _)| *name));
    PossibleValuesParser::new(names.collect::<Vec<_>>()).map(move |asked| {
        let named = table.iter().find(|(name, _)| *name == asked);
        named.map_or(Choice::Auto, |(_, value)| Choice::Is(*value))
    })
}

/// What the terminal can take.
#[derive(Clone, Copy, Debug, Default, clap::Args)]
pub struct LinkArgs {
    /// Draw at most so many frames a second, and as many as that, whatever they take
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=120))]
    pub fps: Option<u32>,
    /// Send at most 6 KB a second, for links that take no more
    #[arg(long)]
    pub slow_link: bool,
}

impl Look {
    /// What flags ask for.
    #[must_use]
    pub fn choices(self) -> Choices {
        Choices {
            depth: self.color.unwrap_or_default(),
            scheme: self.theme.unwrap_or_default(),
            marker: self.marker.unwrap_or_default(),
        }
    }
}
