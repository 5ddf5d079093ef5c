//! An answer while it is being given.

use crate::catalog;
use crate::experiment::lesson::{Answer, CURVE_POINTS};
use crate::tui::keymap::Action;

/// Places up and down that a point of a curve can be at.
const LEVELS: i32 = 20;
/// The longest number that can be typed.
const LONGEST: usize = 12;

/// An answer while it is being given.
#[derive(Clone, Debug, PartialEq)]
pub enum Draft {
    /// Nothing is asked, or a choice, which takes one key.
    None,
    /// A number as it is typed.
    Number(String),
    /// A curve: the level of each point, and which one is moved.
    Curve([i32; CURVE_POINTS], usize),
}

impl Draft {
    /// The empty answer to a question.
    pub fn of(answer: Option<&Answer>) -> Self {
        match answer {
            Some(Answer::Number { .. }) => Self::Number(String::new()),
            Some(Answer::Curve { .. }) => Self::Curve([LEVELS / 2; CURVE_POINTS], 0),
            _ => Self::None,
        }
    }

    /// Takes a typed character; `None` deletes the last one.
    pub fn type_in(&mut self, c: Option<char>) {
        let Self::Number(text) = self else { return };
        match c {
            None => {
                text.pop();
            }
            Some(c) if (c.is_ascii_digit() || "+-.eE".contains(c)) && text.len() < LONGEST => {
                text.push(c);
            }
            Some(_) => {}
        }
    }

    /// Moves a point of a curve, or goes to another one.
    pub fn shift(&mut self, action: Action) {
        let Self::Curve(levels, at) = self else { return };
        match action {
            Action::Increase => *at = (*at + 1).min(CURVE_POINTS - 1),
            Action::Decrease => *at = at.saturating_sub(1),
            Action::Up => levels[*at] = (levels[*at] + 1).min(LEVELS),
            Action::Down => levels[*at] = (levels[*at] - 1).max(0),
            _ => {}
        }
    }

    /// The points of a curve between the ends `across` and `up`; none of other answers.
    pub fn points(&self, across: (f64, f64), up: (f64, f64)) -> Vec<(f64, f64)> {
        let Self::Curve(levels, _) = self else { return Vec::new() };
        let place = |(low, high): (f64, f64), share: f64| low + (high - low) * share;
        let points = levels.iter().enumerate().map(|(index, level)| {
            let share = index as f64 / (CURVE_POINTS - 1) as f64;
            (place(across, share), place(up, f64::from(*level) / f64::from(LEVELS)))
        });
        points.collect()
    }
}

/// The true curve that is asked for, at as many points as are drawn.
pub fn true_curve(answer: &Answer) -> Vec<(f64, f64)> {
    let Answer::Curve { activation, slope, across, .. } = answer else { return Vec::new() };
    let curve = catalog::activation_curve(activation, *across, CURVE_POINTS);
    let values = if *slope { curve.slope } else { curve.y };
    curve.x.into_iter().zip(values).collect()
}

/// Whether each of `drawn` is as near to the true curve as it has to be.
pub fn is_near(answer: &Answer, drawn: &[(f64, f64)]) -> bool {
    let Answer::Curve { within, .. } = answer else { return false };
    let truth = true_curve(answer);
    truth.iter().zip(drawn).all(|(truth, drawn)| (truth.1 - drawn.1).abs() <= *within)
}
