//! How a layer is doing, in a word, where no rule fires.
//!
//! A step of about a thousandth of the weights is usual (Karpathy's notes of CS231n), but its size alone
//! proves nothing: a layer may take such steps with most of its units dead, or at a loss that stays at
//! chance level. So a layer is called good only if no other sign speaks against it.

use super::finding::Stage;
use super::rules::steps::{HUGE, TINY};
use super::units::DeadOrSaturated;
use crate::train::engine::UpdateStats;

/// The signs that all layers of a run share.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RunSigns {
    /// How the run stands.
    pub stage: Stage,
    /// The learning rate that the schedule has come to, as a share of the rate that was set.
    pub rate_share: Option<f64>,
    /// The course of the loss on the training rows.
    pub loss: Course,
    /// The norm of the gradient of the layer that has the greatest one.
    pub greatest_gradient: f64,
}

/// The course of the loss on the training rows.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Course {
    /// How many times it was evaluated.
    pub evaluations: usize,
    /// At the first evaluation.
    pub first: f64,
    /// Half of the evaluations ago.
    pub halfway: f64,
    /// At the last evaluation.
    pub last: f64,
    /// The share of right answers, where there are classes.
    pub accuracy: Option<f64>,
    /// The share of right answers of who always says the most frequent class.
    pub chance: Option<f64>,
}

/// The signs of one layer.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LayerSigns {
    /// How it moved in the last measured step, if one was.
    pub motion: Option<UpdateStats>,
    /// How much of it has gone flat.
    pub wear: DeadOrSaturated,
    /// The learning rate that was set for it, if its optimizer has one.
    pub rate: Option<f64>,
}

/// What the signs of a layer say together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Diagnosis {
    /// No step was measured yet, or there is nothing to measure it by.
    Unmeasured,
    /// It learns.
    Good,
    /// It learned, up to the end of the run.
    WasGood,
    /// It learns, but a part of it has gone flat.
    Fair,
    /// The loss is near 0: there is nothing left to learn.
    Fitted,
    /// The schedule has let the rate fall so far that steps are very small.
    Slowed,
    /// Its learning rate is 0.
    Frozen,
    /// A gradient reaches it, but its weights do not change.
    Still,
    /// Its steps are very small.
    Tiny,
    /// Its steps are large.
    Large,
    /// Its steps are nearly as large as its weights.
    Huge,
    /// It moves, but the loss does not fall.
    Flat,
    /// Hardly any gradient is left in the whole network.
    AtRest,
    /// No gradient reaches it.
    NoGradient,
    /// A gradient or an update is not finite.
    NotFinite,
}

/// How much a diagnosis matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Weight {
    /// It says nothing of learning.
    Neutral,
    /// Learning goes on.
    Good,
    /// Worth a look.
    Notable,
    /// Learning has stopped, or soon will.
    Bad,
}

/// Updates above it, relative to the weights, are large, but may do.
const LARGE: f64 = 1e-2;
/// The share of dead units or saturated outputs from which a layer is no longer called good, and that
/// from which nothing else about it matters.
pub const WORN: [f64; 2] = [0.25, 0.6];
/// A network whose gradients are all below this is at rest.
const REST: f64 = 1e-8;
/// A loss below this share of the first one is near 0.
const FITTED: f64 = 1e-3;
/// A rate below this share of the one that was set has been slowed by the schedule.
const SLOWED: f64 = 0.01;
/// The least number of evaluations from which the loss can be called flat.
const EVALUATIONS: usize = 8;
/// A loss that has fallen by less than this share is flat; so much above chance level is chance.
const FLAT: f64 = 0.02;

impl Course {
    /// Whether the loss is near 0.
    fn fitted(&self) -> bool {
        self.evaluations > 0 && self.last >= 0.0 && self.last <= FITTED * self.first.max(0.0)
    }

    /// Whether the loss has stopped falling, at chance level or where it began.
    fn flat(&self) -> bool {
        let fell = |from: f64| from - self.last >= FLAT * from.abs();
        let at_chance = match (self.accuracy, self.chance) {
            (Some(accuracy), Some(chance)) => accuracy <= chance + FLAT,
            _ => !fell(self.first),
        };
        self.evaluations >= EVALUATIONS && !fell(self.halfway) && at_chance
    }
}

impl Diagnosis {
    /// The diagnosis of a layer.
    #[must_use]
    pub fn of(layer: &LayerSigns, run: &RunSigns) -> Self {
        let Some(UpdateStats { gradient_norm: gradient, update_ratio: ratio }) = layer.motion
        else {
            return Self::Unmeasured;
        };
        let ratio = ratio.unwrap_or(f64::NAN);
        let (dead, saturated) = match layer.wear {
            DeadOrSaturated::None => (0.0, 0.0),
            DeadOrSaturated::Dead(share) => (share, 0.0),
            DeadOrSaturated::Saturated(share) => (0.0, share),
        };
        let [some, _] = WORN;
        let slowed = run.rate_share.is_some_and(|share| share < SLOWED);
        match ratio {
            _ if !gradient.is_finite() => Self::NotFinite,
            _ if layer.rate == Some(0.0) => Self::Frozen,
            _ if gradient == 0.0 && run.loss.fitted() => Self::Fitted,
            _ if gradient == 0.0 => Self::NoGradient,
            // All weights were 0: there is nothing to measure the step by.
            ratio if !ratio.is_finite() => Self::Unmeasured,
            ratio if ratio <= LARGE && run.loss.fitted() => Self::Fitted,
            _ if run.greatest_gradient < REST => Self::AtRest,
            ratio if ratio < TINY && slowed => Self::Slowed,
            0.0 => Self::Still,
            ratio if ratio < TINY => Self::Tiny,
            ratio if ratio > HUGE => Self::Huge,
            ratio if ratio > LARGE => Self::Large,
            _ if run.loss.flat() => Self::Flat,
            _ if dead.max(saturated) >= some => Self::Fair,
            _ => match run.stage {
                Stage::GoesOn => Self::Good,
                Stage::Ended => Self::WasGood,
                Stage::Diverged => Self::Unmeasured,
            },
        }
    }

    /// The diagnosis in a word of at most 9 letters.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Unmeasured => "–",
            Self::Good => "good",
            Self::WasGood => "was good",
            Self::Fair => "fair",
            Self::Fitted => "fitted",
            Self::Slowed => "slowed",
            Self::Frozen => "frozen",
            Self::Still => "still",
            Self::Tiny => "tiny",
            Self::Large => "large",
            Self::Huge => "huge",
            Self::Flat => "flat",
            Self::AtRest => "at rest",
            Self::NoGradient => "stuck",
            Self::NotFinite => "broken",
        }
    }

    /// How much it matters.
    #[must_use]
    pub const fn weight(self) -> Weight {
        match self {
            Self::Unmeasured | Self::WasGood | Self::Slowed => Weight::Neutral,
            Self::Good | Self::Fitted => Weight::Good,
            Self::Fair
            | Self::Frozen
            | Self::Still
            | Self::Tiny
            | Self::Large
            | Self::Flat
            | Self::AtRest => Weight::Notable,
            Self::Huge | Self::NoGradient | Self::NotFinite => Weight::Bad,
        }
    }

    /// The diagnosis in a sentence, the shortest part first.
    #[must_use]
    pub const fn sentence(self) -> &'static str {
        match self {
            Self::Unmeasured => "no step to judge by",
            Self::Good => "learning goes on, by steps of the usual size",
            Self::WasGood => "the run has ended; its last step was of the usual size",
            Self::Fair => "a quarter or more has gone flat, the rest learns",
            Self::Fitted => "the loss is near 0: nothing is left to learn",
            Self::Slowed => "the schedule has let the rate fall to almost nothing",
            Self::Frozen => "its rate is 0: it does not learn",
            Self::Still => "its weights no longer change: the steps are lost in rounding",
            Self::Tiny => "steps below 1e-5 of the weights: a larger rate?",
            Self::Large => "steps above 1e-2 of the weights: a smaller rate?",
            Self::Huge => "steps above a tenth of the weights: a smaller rate",
            Self::Flat => "it moves, but the loss stays where guessing would leave it",
            Self::AtRest => "hardly any gradient in any layer: a minimum, or a plateau",
            Self::NoGradient => "no gradient reaches it: it cannot learn",
            Self::NotFinite => "its gradient is not finite",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FALLING: Course = Course {
        evaluations: 10,
        first: 1.0,
        halfway: 0.6,
        last: 0.4,
        accuracy: Some(0.8),
        chance: Some(0.5),
    };
    const RUN: RunSigns = RunSigns {
        stage: Stage::GoesOn,
        rate_share: Some(1.0),
        loss: FALLING,
        greatest_gradient: 0.1,
    };

    fn layer(gradient_norm: f64, update_ratio: f64) -> LayerSigns {
        LayerSigns {
            motion: Some(UpdateStats { gradient_norm, update_ratio: Some(update_ratio) }),
            wear: DeadOrSaturated::None,
            rate: Some(0.01),
        }
    }

    #[test]
    fn good_is_said_only_where_learning_goes_on() {
        use DeadOrSaturated::{Dead, Saturated};
        use Diagnosis as D;
        let usual = layer(0.1, 1e-3);
        let worn = |wear| LayerSigns { wear, ..usual };
        let run = |loss| RunSigns { loss, ..RUN };
        let fitted = Course { last: 5e-4, ..FALLING };
        let zero = Course { first: 0.7, last: 0.0, ..FALLING };
        let chance = Course { first: 0.9, halfway: 0.693, last: 0.693, ..FALLING };
        let chance = Course { accuracy: Some(0.5), ..chance };
        let of_values = Course { halfway: 1.0, last: 1.0, accuracy: None, ..FALLING };
        let early = Course { evaluations: 3, ..chance };
        let plateau = Course { halfway: 0.4, last: 0.4, ..FALLING };
        let negative = Course { first: -1.0, halfway: -2.0, last: -3.0, accuracy: None, ..FALLING };
        let ended = RunSigns { stage: Stage::Ended, ..RUN };
        let diverged = RunSigns { stage: Stage::Diverged, ..RUN };
        let cooled = RunSigns { rate_share: Some(1e-4), ..RUN };
        for (name, signs, run, expected) in [
            ("all is well", usual, RUN, D::Good),
            ("before the first step", LayerSigns { motion: None, ..usual }, RUN, D::Unmeasured),
            ("no gradient at all", layer(0.0, 0.0), RUN, D::NoGradient),
            ("no gradient, weights decay", layer(0.0, 1e-3), RUN, D::NoGradient),
            ("no gradient, loss 0", layer(0.0, 0.0), run(zero), D::Fitted),
            ("loss near 0, tiny steps", layer(1e-9, 1e-9), run(fitted), D::Fitted),
            ("loss near 0, huge steps", layer(1.0, 0.5), run(fitted), D::Huge),
            ("84 % dead", worn(Dead(0.84)), RUN, D::Fair),
            ("30 % dead", worn(Dead(0.3)), RUN, D::Fair),
            ("a few dead", worn(Dead(0.1)), RUN, D::Good),
            ("some saturated", worn(Saturated(0.4)), RUN, D::Fair),
            ("share unknown", worn(Dead(f64::NAN)), RUN, D::Good),
            ("rate 0", LayerSigns { rate: Some(0.0), ..layer(0.1, 0.0) }, RUN, D::Frozen),
            ("no rate to set", LayerSigns { rate: None, ..usual }, RUN, D::Good),
            ("slowed by the schedule", layer(0.1, 1e-7), cooled, D::Slowed),
            ("stopped by the schedule", layer(0.1, 0.0), cooled, D::Slowed),
            (
                "at a minimum",
                layer(1e-9, 1e-3),
                RunSigns { greatest_gradient: 1e-9, ..RUN },
                D::AtRest,
            ),
            ("lost in rounding", layer(0.1, 0.0), RUN, D::Still),
            ("tiny", layer(0.1, 9e-6), RUN, D::Tiny),
            ("large", layer(0.1, 0.05), RUN, D::Large),
            ("huge", layer(0.1, 0.5), RUN, D::Huge),
            ("0/0", layer(0.1, f64::NAN), RUN, D::Unmeasured),
            ("x/0", layer(0.1, f64::INFINITY), RUN, D::Unmeasured),
            ("0/0 without gradient", layer(0.0, f64::NAN), RUN, D::NoGradient),
            ("gradient NaN", layer(f64::NAN, 1e-3), RUN, D::NotFinite),
            ("gradient infinite", layer(f64::INFINITY, 1e-3), RUN, D::NotFinite),
            ("loss at chance", usual, run(chance), D::Flat),
            ("values never learned", usual, run(of_values), D::Flat),
            ("too early to tell", usual, run(early), D::Good),
            ("flat, but well above chance", usual, run(plateau), D::Good),
            ("a loss that goes below 0", usual, run(negative), D::Good),
            ("no evaluation yet", usual, run(Course::default()), D::Good),
            ("ended", usual, ended, D::WasGood),
            ("ended, most dead", worn(Dead(0.9)), ended, D::Fair),
            ("diverged", usual, diverged, D::Unmeasured),
            ("diverged by huge steps", layer(9.0, 3.0), diverged, D::Huge),
        ] {
            assert_eq!(Diagnosis::of(&signs, &run), expected, "{name}");
        }
    }
}
