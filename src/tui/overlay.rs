//! Overlays: what can lie on top of a screen. A new one is a file here and the place that opens it.

pub mod branches;
pub mod checklist;
pub mod choice;
pub mod command_palette;
pub mod keys;
pub mod one_step;
pub mod page;
pub mod picker;
pub mod presets;
pub mod prompt;
pub mod question;
pub mod races;
pub mod together;

use std::fmt::Debug;
use std::sync::Arc;

use ratatui::Frame;
use ratatui::layout::Rect;

use self::choice::Choice;
use super::drawn::Scroll;
use super::effect::Effect;
use super::keymap::{Action, Context};
use super::race_view::RaceView;
use super::theme::Theme;
use super::widgets::format;
use super::workspace::Workspace;
use crate::compare::Plan;
use crate::compare::claims::Claim;
use crate::compare::saved::SavedRace;
use crate::experiment::Experiment;
use crate::experiment::course::CoursePreset;
use crate::experiment::lesson::preset::LessonPreset;
use crate::train::probe::View;
use crate::train::timeline::{BranchId, TimelineView};

/// The character that stands for the backspace key in typed text.
pub const BACKSPACE: char = '\u{8}';

/// The longest text that can be typed or pasted, in characters.
pub const LONGEST: usize = 120;

/// Something that an overlay or a screen asks the app for.
#[derive(Debug)]
pub enum Request {
    /// Open this on top.
    Open(Box<dyn Overlay>),
    /// Go to the screen of this key.
    Go(char),
    /// Take up an edited experiment.
    Edit(Box<Experiment>),
    /// Take up another experiment; its run does not wait for a race.
    Load(Box<Experiment>),
    /// Go to this branch of the run.
    GoTo(BranchId),
    /// Race this.
    Race(Arc<Plan>),
    /// Tell the screen what was chosen for it.
    Choose(Choice),
    /// Take up this lesson, where it was left or from its first page.
    Learn(&'static LessonPreset, bool),
    /// Do this, on the screen of this key if one is named.
    Act(Option<char>, Action),
    /// Ask for this on the screen of this key.
    OnScreen(char, Box<Request>),
    /// Ask for this, which the command palette knows by this name.
    Command(String, Box<Request>),
    /// Take up this course at the first lesson that is not done, or from its first.
    Course(&'static CoursePreset, bool),
    /// Judge this claim.
    Judge(&'static Claim),
    /// Give up the runs by which a claim is being judged.
    StopJudging,
    /// Leave this to the surroundings.
    Effect(Effect),
}

/// The result of an action in an overlay.
#[derive(Debug)]
pub enum Outcome {
    /// The overlay stays.
    Stay,
    /// The overlay closes.
    Close,
    /// The overlay stays, and leaves this to the surroundings.
    Keep(Effect),
    /// The overlay stays, and leaves the action to the screen below it.
    Below,
    /// The overlay closes and asks for this.
    Ask(Request),
}

/// Something on top of a screen: it owns its state, takes actions and text, and draws itself.
pub trait Overlay: Debug {
    /// The keys that hold.
    fn context(&self) -> &'static Context;

    /// Whether the footer offers `action` here.
    fn offers(&self, _action: Action) -> bool {
        true
    }

    /// Whether it asks if the program should end: who quits again means it.
    fn confirms_quit(&self) -> bool {
        false
    }

    /// Takes an action, but for [`Action::Back`], which closes it; `experiment` is under edit.
    fn act(&mut self, action: Action, experiment: &Experiment) -> Outcome;

    /// Takes typed text, [`BACKSPACE`] included.
    fn text(&mut self, _c: char) {}

    /// Takes in how the race stands; returns whether that shows.
    fn on_race(&mut self, _race: &RaceView) -> bool {
        false
    }

    /// Takes in how the run stands.
    fn on_run(&mut self, _workspace: &Workspace) {}

    /// The look at the run that it asks for, where the screen asks for `view`.
    fn view(&self, view: View) -> View {
        view
    }

    /// Takes in the branches of the run.
    fn on_timeline(&mut self, _timeline: TimelineView) {}

    /// Takes in the list of kept races, if it is the one that asked for it.
    fn on_races(&mut self, _list: Vec<SavedRace>) {}

    /// Draws it over the screen. Returns how its list was scrolled, if it has one.
    fn draw(&self, frame: &mut Frame<'_>, theme: Theme) -> Option<Scroll>;

    /// Takes in how its list was scrolled when it was drawn.
    fn drawn(&mut self, _scroll: Scroll) {}
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
