//! Sums to be worked out from what was measured: `before.step / step`, `tanh'(4)`, `0.5`.
//!
//! Terms are joined by `+`, `-`, `*` and `/`, set off by blanks and worked out from left to right.

use super::measure::{self, Unit};
use crate::catalog::{self, Kind};
use crate::spec::Pick;

/// A sum.
#[derive(Clone, Debug, PartialEq)]
pub struct Expression {
    first: Term,
    rest: Vec<(char, Term)>,
}

#[derive(Clone, Debug, PartialEq)]
enum Term {
    Number(f64),
    Name(String),
    /// An activation, or its slope, at a place.
    Activation(Pick, bool, f64),
}

impl Expression {
    /// Reads it.
    ///
    /// # Errors
    /// The mistake, in words.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut words = text.split_whitespace();
        let first = Term::parse(words.next().ok_or("a number or a name is missing")?)?;
        let mut rest = Vec::new();
        while let Some(word) = words.next() {
            let operator = match word {
                "+" | "-" | "*" | "/" => word.chars().next().unwrap_or('+'),
                _ => return Err(format!("`{word}` must be one of + - * /, between blanks")),
            };
            let next = words.next().ok_or(format!("a term is missing after `{word}`"))?;
            rest.push((operator, Term::parse(next)?));
        }
        Ok(Self { first, rest })
    }

    /// Its value, where `measured` knows all the names in it.
    pub fn value(&self, measured: &dyn Fn(&str) -> Option<f64>) -> Option<f64> {
        let first = self.first.value(measured)?;
        self.rest.iter().try_fold(first, |value, (operator, term)| {
            let next = term.value(measured)?;
            Some(match operator {
                '+' => value + next,
                '-' => value - next,
                '*' => value * next,
                _ => value / next,
            })
        })
    }

    /// The measured names in it.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        let terms = std::iter::once(&self.first).chain(self.rest.iter().map(|(_, term)| term));
        terms
            .filter_map(|term| if let Term::Name(name) = term { Some(name.as_str()) } else { None })
    }

    /// How its value is written.
    #[must_use]
    pub fn unit(&self) -> Unit {
        match &self.first {
            Term::Name(name) if self.rest.is_empty() => {
                measure::find(name).map_or(Unit::Real, |measure| measure.unit)
            }
            _ => Unit::Real,
        }
    }
}

impl Term {
    fn parse(word: &str) -> Result<Self, String> {
        if let Ok(number) = word.parse::<f64>() {
            return Ok(Self::Number(number));
        }
        let Some((name, at)) = word.strip_suffix(')').and_then(|word| word.split_once('(')) else {
            return Ok(Self::Name(word.to_owned()));
        };
        let (name, slope) = name.strip_suffix('\'').map_or((name, false), |name| (name, true));
        let pick = Kind::Activation.parse(name).map_err(|error| error.to_string())?;
        let at = at.parse().map_err(|_| format!("`{at}` must be a number"))?;
        Ok(Self::Activation(pick, slope, at))
    }

    fn value(&self, measured: &dyn Fn(&str) -> Option<f64>) -> Option<f64> {
        match self {
            Self::Number(number) => Some(*number),
            Self::Name(name) => measured(name),
            Self::Activation(pick, slope, at) => Some(at_place(pick, *slope, *at)),
        }
    }
}

/// An activation, or its slope, at a place.
pub(super) fn at_place(pick: &Pick, slope: bool, at: f64) -> f64 {
    let curve = catalog::activation_curve(pick, (at, at), 2);
    if slope { curve.slope[0] } else { curve.y[0] }
}
