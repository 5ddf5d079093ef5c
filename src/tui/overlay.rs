//! What can lie on top of a screen. Each keeps its own state, takes actions and text, and says what
//! should follow.

pub mod checklist;
pub mod page;
pub mod picker;
pub mod presets;
pub mod prompt;
pub mod question;
pub mod races;

use std::sync::Arc;

use ratatui::Frame;
use ratatui::layout::Rect;

use super::keymap::{Action, Context};
use super::theme::Theme;
use super::widgets::format;
use crate::compare::{Order, Plan};
use crate::experiment::Experiment;

/// The character that stands for the backspace key in typed text.
pub const BACKSPACE: char = '\u{8}';

/// The longest text that can be typed or pasted, in characters.
pub const LONGEST: usize = 120;

/// What should follow a key.
#[derive(Debug)]
pub enum Outcome {
    /// Nothing more.
    Stay,
    /// The overlay closes.
    Close,
    /// The overlay closes and this experiment is taken up.
    Take(Box<Experiment>),
    /// The overlay closes and this is raced.
    Race(Arc<Plan>),
    /// The overlay closes and the race's monitor is told this.
    Order(Order),
    /// The program ends.
    Quit,
}

/// Something on top of a screen.
#[derive(Debug)]
pub enum Overlay {
    /// Text to read: help or log.
    Page(page::Page),
    /// An entry of the catalog to choose.
    Picker(Box<picker::Picker>),
    /// An experiment to choose.
    Presets(presets::Presets),
    /// A value to type.
    Prompt(prompt::Prompt),
    /// What to race.
    Checklist(Box<checklist::Checklist>),
    /// Something to be sure of.
    Question(question::Question),
    /// A race to open again.
    Races(races::Races),
}

impl Overlay {
    /// Which keys hold.
    #[must_use]
    pub const fn context(&self) -> Context {
        match self {
            Self::Page(_) => Context::Page,
            Self::Picker(_) | Self::Presets(_) | Self::Races(_) => Context::List,
            Self::Prompt(_) => Context::Prompt,
            Self::Checklist(_) => Context::Checklist,
            Self::Question(_) => Context::Question,
        }
    }

    /// Whether the footer offers `action` here.
    #[must_use]
    pub fn offers(&self, action: Action) -> bool {
        match (self, action) {
            (Self::Presets(_) | Self::Races(_), Action::Next) => false,
            (Self::Picker(picker), Action::Next) => picker.has_parameters(),
            _ => true,
        }
    }

    /// Takes an action; `experiment` is what is being edited.
    pub fn act(&mut self, action: Action, experiment: &Experiment) -> Outcome {
        if action == Action::Back {
            return Outcome::Close;
        }
        match self {
            Self::Page(page) => page.act(action),
            Self::Picker(picker) => picker.act(action, experiment),
            Self::Presets(presets) => presets.act(action),
            Self::Prompt(prompt) => prompt.act(action, experiment),
            Self::Checklist(checklist) => checklist.act(action),
            Self::Question(question) => question.act(action),
            Self::Races(races) => races.act(action),
        }
    }

    /// Takes typed text, [`BACKSPACE`] included.
    pub fn text(&mut self, c: char) {
        match self {
            Self::Page(_) | Self::Question(_) => {}
            Self::Checklist(checklist) => checklist.text(c),
            Self::Picker(picker) => picker.text(c),
            Self::Presets(presets) => presets.text(c),
            Self::Races(races) => races.text(c),
            Self::Prompt(prompt) => prompt.text(c),
        }
    }

    /// Draws it over the screen.
    pub fn draw(&mut self, frame: &mut Frame<'_>, theme: Theme) {
        match self {
            Self::Page(page) => page.draw(frame, theme),
            Self::Picker(picker) => picker.draw(frame, theme),
            Self::Presets(presets) => presets.draw(frame, theme),
            Self::Prompt(prompt) => prompt.draw(frame, theme),
            Self::Checklist(checklist) => checklist.draw(frame, theme),
            Self::Question(question) => question.draw(frame, theme),
            Self::Races(races) => races.draw(frame, theme),
        }
    }
}

/// Applies a typed character to a line of text.
fn type_into(text: &mut String, c: char) {
    if c == BACKSPACE {
        text.pop();
    } else if !c.is_control() && text.chars().count() < LONGEST {
        text.push(c);
    }
}

/// A cursor moved within a list of `len` rows.
fn moved(cursor: usize, len: usize, action: Action) -> usize {
    let last = len.saturating_sub(1);
    match action {
        Action::Up => cursor.saturating_sub(1),
        Action::Down => (cursor + 1).min(last),
        Action::PageUp => cursor.saturating_sub(10),
        Action::PageDown => (cursor + 10).min(last),
        Action::Home => 0,
        Action::End => last,
        _ => cursor.min(last),
    }
}

/// The first row to show so that `cursor` is among `height` rows.
pub(super) const fn scrolled(top: usize, cursor: usize, height: usize) -> usize {
    if cursor < top {
        cursor
    } else if height > 0 && cursor >= top + height {
        cursor + 1 - height
    } else {
        top
    }
}

/// A formula in lines, in columns that are set off by three blanks or more: a line that is wider
/// than `width` breaks between its columns, where wrapping would take it for prose.
fn formula_lines(formula: &str, width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    for line in formula.lines() {
        if format::width(line) <= width {
            lines.push(line.to_owned());
            continue;
        }
        let pieces = line.split("   ").map(str::trim).filter(|piece| !piece.is_empty());
        lines.extend(pieces.map(str::to_owned));
    }
    lines
}

/// The place in a list of `len` rows that is cut to `height`, such as `12/25`.
fn place(cursor: usize, len: usize, height: usize) -> String {
    if len > height { format!("{}/{len}", cursor + 1) } else { String::new() }
}

/// A rectangle of at most `width` × `height` in the middle of the screen `area`, clear of the
/// footer.
#[must_use]
pub fn centred(area: Rect, width: u16, height: u16) -> Rect {
    let (width, height) = (width.min(area.width), height.min(area.height.saturating_sub(1)));
    Rect {
        x: area.x + (area.width - width) / 2,
        y: area.y + (area.height - height) / 2,
        width,
        height,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_formula_breaks_between_its_columns() {
        let formula = "m ← β·m     v ← γ·v   where β < 1\nW ← W − α·m";
        let broken = ["m ← β·m", "v ← γ·v", "where β < 1", "W ← W − α·m"];
        assert_eq!(formula_lines(formula, 20), broken);
        assert_eq!(formula_lines(formula, 80), formula.lines().collect::<Vec<_>>());
    }
}
