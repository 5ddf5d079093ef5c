//! The values that the arrow keys go through.

use crate::spec::{DefaultValue, Param, Value};

/// The way the arrow keys go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// To the next value.
    Up,
    /// To the value before.
    Down,
}

/// The values of a setting that the arrow keys go through.
#[derive(Clone, Copy, Debug)]
pub enum Ladder {
    /// None: it is typed.
    Typed,
    /// These whole numbers.
    Wholes(&'static [usize]),
    /// These shares, in percent.
    Percents(&'static [usize]),
    /// These real numbers.
    Reals(&'static [f64]),
    /// 1, 2, 5, 10, 20, 50 and so on.
    OneTwoFive,
    /// Every whole number.
    OneByOne,
    /// The words of a setting that is one of some, round and round.
    Words,
    /// The entries of the catalog, round and round; those that do not suit are skipped.
    Entries,
    /// The entries of the catalog and none.
    EntriesAndNone,
}

/// Units of a layer.
pub(super) const UNITS: [usize; 18] =
    [1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128, 192, 256, 512, 1024];
/// Samples a step.
pub(super) const BATCHES: [usize; 11] = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024];
/// Rows held out, in percent.
pub(super) const PERCENTS: [usize; 9] = [10, 20, 25, 30, 40, 50, 60, 75, 90];
/// Outputs dropped, in percent.
pub(super) const DROPOUTS: [usize; 11] = [0, 5, 10, 20, 25, 30, 40, 50, 60, 75, 90];
/// Steps between evaluations; 0 chooses.
pub(super) const INTERVALS: [usize; 14] =
    [0, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000];
/// Norms and sizes of gradients; 0 is none.
pub(super) const NORMS: [f64; 10] = [0.0, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0];
/// Strengths of penalties and noise; 0 is none.
pub(super) const PENALTIES: [f64; 12] =
    [0.0, 1e-6, 1e-5, 1e-4, 2e-4, 5e-4, 1e-3, 2e-3, 5e-3, 0.01, 0.1, 1.0];
/// Decay factors of averages; 0 is none.
pub(super) const DECAYS: [f64; 10] =
    [0.0, 0.9, 0.95, 0.98, 0.99, 0.995, 0.998, 0.999, 0.9995, 0.9999];

/// The next of `ladder` above or below `value`; `value` itself at the end.
#[must_use]
pub fn step<T: Copy + PartialOrd>(ladder: &[T], value: T, way: Way) -> T {
    match way {
        Way::Up => ladder.iter().copied().find(|&rung| rung > value),
        Way::Down => ladder.iter().rev().copied().find(|&rung| rung < value),
    }
    .unwrap_or(value)
}

/// The next of … 0.1, 0.2, 0.5, 1, 2, 5, 10 … above or below `value`.
#[must_use]
pub fn one_two_five(value: f64, way: Way) -> f64 {
    if value <= 0.0 {
        return if way == Way::Up { 1e-6 } else { 0.0 };
    }
    let decade = libm::log10(value).floor() as i32;
    let mut rungs = (decade - 1..=decade + 1)
        .flat_map(|exponent| [1, 2, 5].map(|digit| format!("{digit}e{exponent}")))
        .filter_map(|text| text.parse::<f64>().ok());
    // A value that is a rung but for rounding must not be found again.
    let (above, below) = (value * (1.0 + 1e-9), value * (1.0 - 1e-9));
    match way {
        Way::Up => rungs.find(|&rung| rung > above),
        Way::Down => rungs.rfind(|&rung| rung < below),
    }
    .unwrap_or(value)
}

/// The next of `count` places after `here` in a circle, or the one before.
#[must_use]
pub(in crate::experiment) const fn around(here: usize, count: usize, way: Way) -> usize {
    match way {
        Way::Up => (here + 1) % count,
        Way::Down => (here + count - 1) % count,
    }
}

/// The next whole number along a ladder, from one that may be absent.
pub(in crate::experiment) fn next_whole(
    ladder: Ladder,
    value: Option<u64>,
    may_be_absent: bool,
    way: Way,
) -> Option<u64> {
    let here = value.unwrap_or_default();
    match (ladder, value, way) {
        (Ladder::Wholes(rungs), ..) => {
            let next = step(rungs, usize::try_from(here).unwrap_or(usize::MAX), way) as u64;
            Some(next).filter(|&next| next > 0 || !may_be_absent)
        }
        (Ladder::OneTwoFive, ..) => Some(one_two_five(here as f64, way).max(1.0) as u64),
        // Below 0 is none, and above none is 0.
        (Ladder::OneByOne, None, Way::Up) => Some(0),
        (Ladder::OneByOne, None | Some(0), Way::Down) if may_be_absent => None,
        (Ladder::OneByOne, _, Way::Up) => Some(here.saturating_add(1)),
        (Ladder::OneByOne, _, Way::Down) => Some(here.saturating_sub(1)),
        _ => value,
    }
}

/// The next real number along a ladder.
pub(in crate::experiment) fn next_real(ladder: Ladder, value: f64, way: Way) -> f64 {
    match ladder {
        Ladder::Reals(rungs) => step(rungs, value, way),
        Ladder::Percents(rungs) => {
            step(rungs, (value * 100.0).round() as usize, way) as f64 / 100.0
        }
        _ => value,
    }
}

/// The next value of a parameter: along the words, through the switch, or a sensible step along
/// its numbers, kept within its range.
#[must_use]
pub fn next_value(param: &Param, value: &Value, way: Way) -> Value {
    let up = way == Way::Up;
    let candidate = match value {
        Value::Flag(flag) => Value::Flag(!flag),
        Value::Integer(n) => Value::Integer(match param.default {
            DefaultValue::Integer(default) if default >= 50 => {
                one_two_five(*n as f64, way).round() as i64
            }
            _ => n.saturating_add(if up { 1 } else { -1 }),
        }),
        Value::Number(x) => Value::Number(next_number(*x, way)),
        Value::List(xs) => Value::List(xs.iter().map(|&x| next_number(x, way)).collect()),
        Value::Word(word) => {
            let Some(words) = param.range.words() else { return value.clone() };
            let name = word.split(':').next();
            let here = words.iter().position(|w| Some(*w) == name).unwrap_or(0);
            Value::Word(words[around(here, words.len(), way)].to_owned())
        }
    };
    let fits = match &candidate {
        Value::Number(x) => param.range.contains(*x),
        Value::Integer(n) => param.range.contains(*n as f64),
        Value::List(xs) => xs.iter().all(|x| param.range.contains(*x)),
        Value::Flag(_) | Value::Word(_) => true,
    };
    if fits { candidate } else { value.clone() }
}

/// Decay factors such as 0.9 and 0.999 step through their distance from 1; small numbers along
/// 1-2-5; all else by 0.05.
fn next_number(x: f64, way: Way) -> f64 {
    let round = |x: f64| (x * 1e9).round() / 1e9;
    if (0.9..1.0).contains(&x) {
        let opposite = if way == Way::Up { Way::Down } else { Way::Up };
        return round(1.0 - one_two_five(1.0 - x, opposite));
    }
    if x > 0.0 && x < 0.045 {
        return one_two_five(x, way);
    }
    round(if way == Way::Up { x + 0.05 } else { x - 0.05 })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_two_five_climbs_and_descends() {
        let mut x = 0.001;
        let mut seen = Vec::new();
        for _ in 0..7 {
            x = one_two_five(x, Way::Up);
            seen.push(x);
        }
        assert_eq!(seen, [0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2]);
        assert_eq!(one_two_five(0.03, Way::Down), 0.02);
        assert_eq!(one_two_five(1.0, Way::Down), 0.5);
        assert_eq!(one_two_five(0.0, Way::Down), 0.0);
    }

    #[test]
    fn decay_factors_step_through_their_distance_from_one() {
        assert_eq!(next_number(0.9, Way::Up), 0.95);
        assert_eq!(next_number(0.99, Way::Up), 0.995);
        assert_eq!(next_number(0.999, Way::Down), 0.998);
        assert_eq!(next_number(0.05, Way::Up), 0.1);
        assert_eq!(next_number(0.05, Way::Down), 0.0);
    }
}
