//! Texts that quote what was measured, and what is expected of it.

use super::expression::Expression;
use super::measure::WINNER;

/// A text with places for what was measured: `it got {test_accuracy} right`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Template {
    /// Its pieces in their order.
    pub pieces: Vec<Piece>,
}

/// A piece of a [`Template`].
#[derive(Clone, Debug, PartialEq)]
pub enum Piece {
    /// A text as it is.
    Text(String),
    /// A number.
    Value(Expression),
    /// The name of the arm that did best.
    Winner,
}

impl Template {
    /// Reads it.
    ///
    /// # Errors
    /// The mistake, in words.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut pieces = Vec::new();
        let mut rest = text.trim();
        while let Some(start) = rest.find('{') {
            let end = rest[start..].find('}').ok_or("a `{` is not closed")? + start;
            if start > 0 {
                pieces.push(Piece::Text(rest[..start].to_owned()));
            }
            let inside = rest[start + 1..end].trim();
            pieces.push(if inside == WINNER {
                Piece::Winner
            } else {
                Piece::Value(Expression::parse(inside)?)
            });
            rest = &rest[end + 1..];
        }
        if !rest.is_empty() {
            pieces.push(Piece::Text(rest.to_owned()));
        }
        Ok(Self { pieces })
    }

    /// The number of its words; what is quoted counts as one.
    #[must_use]
    pub fn words(&self) -> usize {
        let filled = self.pieces.iter().map(|piece| match piece {
            Piece::Text(text) => text.as_str(),
            Piece::Value(_) | Piece::Winner => "0",
        });
        let has_letters = |word: &&str| word.chars().any(char::is_alphanumeric);
        filled.collect::<String>().split_whitespace().filter(has_letters).count()
    }

    /// The sums in it.
    pub fn values(&self) -> impl Iterator<Item = &Expression> {
        self.pieces.iter().filter_map(|piece| match piece {
            Piece::Value(value) => Some(value),
            _ => None,
        })
    }
}

/// What is expected of what was measured: `train_accuracy >= 0.9`, or `step < before.step / 5`.
#[derive(Clone, Debug, PartialEq)]
pub struct Expectation {
    /// The text as it was written.
    pub text: String,
    /// The left side.
    pub left: Expression,
    /// The right side.
    pub right: Expression,
    less: bool,
}

impl Expectation {
    /// Reads it.
    ///
    /// # Errors
    /// The mistake, in words.
    pub fn parse(text: &str) -> Result<Self, String> {
        let sign = [">=", "<=", ">", "<"].into_iter().find(|sign| text.contains(sign));
        let sign = sign.ok_or("one of <, <=, > and >= is missing")?;
        let (left, right) = text.split_once(sign).unwrap_or((text, ""));
        Ok(Self {
            text: text.to_owned(),
            left: Expression::parse(left)?,
            right: Expression::parse(right)?,
            less: sign.starts_with('<'),
        })
    }

    /// Whether it holds, where `measured` knows all the names in it.
    pub fn holds(&self, measured: &dyn Fn(&str) -> Option<f64>) -> Option<bool> {
        let (left, right) = (self.left.value(measured)?, self.right.value(measured)?);
        Some(if self.less { left <= right } else { left >= right })
    }
}
