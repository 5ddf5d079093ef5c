//! How a thing that can be picked describes itself: its name, parameters, formula and source.
//!
//! Activations, losses, initializers, optimizers and data sets each carry a [`Card`]; the catalog
//! gathers them. A [`Pick`] is one choice with all of its parameter values, written
//! `name:key=value,key=value` on the command line, in recipes and in the workbench.

use std::fmt;

mod entry;
mod search;
mod search_range;

pub use entry::Base;
pub use search::{Texts, search};
pub use search_range::{SearchRange, SearchScale};

/// Everything a reader needs to know about one entry of the catalog.
#[derive(Debug)]
pub struct Card {
    /// The name under which it is picked: lower case, the spelling of PyTorch where it has one.
    pub key: &'static str,
    /// The name in prose.
    pub title: &'static str,
    /// The rule in Unicode, one to three lines.
    pub formula: &'static str,
    /// Its parameters, in the order in which they are shown.
    pub params: &'static [Param],
    /// What it is used for, in one line.
    pub usage: &'static str,
    /// What goes wrong with it, if something typically does.
    pub caution: Option<&'static str>,
    /// The paper, book or implementation it follows.
    pub source: &'static str,
    /// How these semantics differ from those of other libraries, if they do.
    pub differs: Option<&'static str>,
}

/// A type that stands behind a [`Card`].
pub trait Describe {
    /// Its description.
    const CARD: Card;
    /// How PyTorch spells it, if it has it: an expression of `x` (activations, norms) or of `output`
    /// and `y` (losses) with `{key}` where a parameter or what a layer learns goes, or a class
    /// (optimizers) whose arguments have the names of the parameters.
    const TORCH: Option<&'static str> = None;
    /// The family under which long lists show it; empty where a kind has none.
    const FAMILY: &'static str = "";
    /// The thing itself, with the parameters picked.
    fn build(pick: &Pick) -> Self;
    /// Checks that the parameters go together, beyond each one's own range.
    ///
    /// # Errors
    /// Why they do not and what would be right, to follow the name.
    fn check(_pick: &Pick) -> Result<(), String> {
        Ok(())
    }
}

/// One parameter of an entry.
#[derive(Debug)]
pub struct Param {
    /// Its name; hyperparameters bear `torch.optim`'s names.
    pub key: &'static str,
    /// The value it has when it is not given.
    pub default: DefaultValue,
    /// The values it may take.
    pub range: Range,
    /// What it means, in one line.
    pub meaning: &'static str,
    /// Where a comparison searches it; each number of a list by itself. None if it does not.
    pub search: Option<SearchRange>,
}

/// A default value that can stand in a constant.
#[derive(Clone, Copy, Debug)]
pub enum DefaultValue {
    /// A real number.
    Number(f64),
    /// A whole number.
    Integer(i64),
    /// A switch.
    Flag(bool),
    /// A list of real numbers; its length is part of the parameter.
    List(&'static [f64]),
    /// A list of real numbers, as many as one likes.
    Series(&'static [f64]),
    /// One of the words in [`Range::OneOf`], or what [`Range::Entry`] allows.
    Word(&'static str),
}

/// The values that a parameter (or each element of a list) may take.
#[derive(Clone, Copy, Debug)]
pub enum Range {
    /// Any finite number, or either value of a switch.
    Any,
    /// `low ≤ x ≤ high`.
    Closed(f64, f64),
    /// `low ≤ x < high`.
    HalfOpen(f64, f64),
    /// `low < x < high`.
    Open(f64, f64),
    /// `x ≥ low`.
    AtLeast(f64),
    /// `x > low`.
    Above(f64),
    /// One of these words.
    OneOf(&'static [&'static str]),
    /// Another entry of the catalog.
    Entry(&'static Other),
}

/// How a parameter names another entry of the catalog: `sgd`, or with parameters of its own, which
/// colons join, `sgd:momentum=0.9:nesterov=true`.
#[derive(Debug)]
pub struct Other {
    /// What may be named.
    pub what: &'static str,
    /// The names there are.
    pub names: fn() -> Vec<&'static str>,
    /// Whether a text names one; the error says why not.
    pub check: fn(&str) -> Result<(), String>,
}

impl Range {
    /// Whether `x` is finite and within the range.
    #[must_use]
    pub fn contains(self, x: f64) -> bool {
        x.is_finite()
            && match self {
                Self::Any => true,
                Self::Closed(low, high) => low <= x && x <= high,
                Self::HalfOpen(low, high) => low <= x && x < high,
                Self::Open(low, high) => low < x && x < high,
                Self::AtLeast(low) => x >= low,
                Self::Above(low) => x > low,
                Self::OneOf(_) | Self::Entry(_) => false,
            }
    }

    /// The words that there are to choose from, if it is of words.
    #[must_use]
    pub fn words(self) -> Option<Vec<&'static str>> {
        match self {
            Self::OneOf(words) => Some(words.to_vec()),
            Self::Entry(other) => Some((other.names)()),
            _ => None,
        }
    }
}

impl fmt::Display for Range {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Any => write!(f, "any finite number"),
            Self::Closed(low, high) => write!(f, "{low} to {high}"),
            Self::HalfOpen(low, high) => write!(f, "{low} up to but not including {high}"),
            Self::Open(low, high) => write!(f, "between {low} and {high}, exclusive"),
            Self::AtLeast(low) => write!(f, "{low} or more"),
            Self::Above(low) => write!(f, "more than {low}"),
            Self::OneOf(words) => write!(f, "one of {}", words.join(", ")),
            Self::Entry(other) => write!(f, "{}", other.what),
        }
    }
}

/// The value of a parameter.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// A real number.
    Number(f64),
    /// A whole number.
    Integer(i64),
    /// A switch.
    Flag(bool),
    /// A list of real numbers.
    List(Vec<f64>),
    /// A word.
    Word(String),
}

impl From<DefaultValue> for Value {
    fn from(default: DefaultValue) -> Self {
        match default {
            DefaultValue::Number(x) => Self::Number(x),
            DefaultValue::Integer(n) => Self::Integer(n),
            DefaultValue::Flag(b) => Self::Flag(b),
            DefaultValue::List(xs) | DefaultValue::Series(xs) => Self::List(xs.to_vec()),
            DefaultValue::Word(word) => Self::Word(word.to_owned()),
        }
    }
}

impl fmt::Display for Value {
    /// As it is typed: list elements are joined by `:`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(x) => write!(f, "{}", Plain(*x)),
            Self::Integer(n) => write!(f, "{n}"),
            Self::Flag(b) => write!(f, "{b}"),
            Self::List(xs) => {
                for (i, x) in xs.iter().enumerate() {
                    write!(f, "{}{}", if i == 0 { "" } else { ":" }, Plain(*x))?;
                }
                Ok(())
            }
            Self::Word(word) => write!(f, "{word}"),
        }
    }
}

/// A number in its shortest form that reads back the same: `0.001`, `1e-8`, `3`.
#[derive(Clone, Copy, Debug)]
pub struct Plain(pub f64);

impl fmt::Display for Plain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(x) = *self;
        let text = if x != 0.0 && x.is_finite() && !(1e-4..1e7).contains(&x.abs()) {
            format!("{x:e}")
        } else {
            format!("{x}")
        };
        f.pad(&text)
    }
}

/// What is wrong with a parameter that was given.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum PickError {
    /// There is no such entry.
    #[error("there is no {kind} called `{given}`{}", suggest(.nearest.as_deref()))]
    UnknownName {
        /// What was being picked: "activation", "optimizer" …
        kind: &'static str,
        /// What was typed.
        given: String,
        /// The closest existing name.
        nearest: Option<String>,
    },
    /// The entry has no such parameter.
    #[error("`{entry}` has no parameter `{given}`{}", suggest_or_list(.nearest.as_deref(), .known))]
    UnknownParam {
        /// The entry's key.
        entry: &'static str,
        /// What was typed.
        given: String,
        /// The closest existing parameter.
        nearest: Option<String>,
        /// All parameters of the entry.
        known: Vec<&'static str>,
    },
    /// The value has the wrong type or lies outside the range.
    #[error("`{key}` of `{entry}` is {given}; it must be {expected}")]
    BadValue {
        /// The entry's key.
        entry: &'static str,
        /// The parameter's key.
        key: &'static str,
        /// What was typed.
        given: String,
        /// What would be right.
        expected: String,
    },
    /// Each value is valid, but not the combination.
    #[error("`{entry}`: {reason}")]
    Conflict {
        /// The entry's key.
        entry: &'static str,
        /// Why they do not go together and what would be right.
        reason: String,
    },
    /// The text is not of the form `name:key=value,key=value`.
    #[error("`{given}` is not of the form key=value")]
    Syntax {
        /// The part that could not be read.
        given: String,
    },
}

fn suggest(nearest: Option<&str>) -> String {
    nearest.map_or_else(String::new, |name| format!("; did you mean `{name}`?"))
}

fn suggest_or_list(nearest: Option<&str>, known: &[&str]) -> String {
    match nearest {
        Some(_) => suggest(nearest),
        None if known.is_empty() => "; it takes none".to_owned(),
        None => format!("; it takes {}", known.join(", ")),
    }
}

/// The candidate closest to `given`, if one is close enough to be what was meant.
#[must_use]
pub fn nearest<'a>(given: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let given = given.to_lowercase();
    candidates
        .into_iter()
        .map(|name| (strsim::damerau_levenshtein(&given, name), name))
        .filter(|(distance, name)| {
            *distance <= 1 + name.len() / 3 || !given.is_empty() && name.starts_with(&given)
        })
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, name)| name)
}

/// One entry of the catalog together with a value for each of its parameters.
#[derive(Clone, Debug)]
pub struct Pick {
    card: &'static Card,
    values: Vec<Value>,
}

impl PartialEq for Pick {
    fn eq(&self, other: &Self) -> bool {
        self.card.key == other.card.key && self.values == other.values
    }
}

impl Pick {
    /// The entry with its defaults.
    #[must_use]
    pub fn new(card: &'static Card) -> Self {
        let values = card.params.iter().map(|p| p.default.into()).collect();
        Self { card, values }
    }

    /// The entry's description.
    #[must_use]
    pub const fn card(&self) -> &'static Card {
        self.card
    }

    /// The entry's name.
    #[must_use]
    pub const fn key(&self) -> &'static str {
        self.card.key
    }

    /// Every parameter with its value, in the card's order.
    pub fn params(&self) -> impl Iterator<Item = (&'static Param, &Value)> {
        self.card.params.iter().zip(&self.values)
    }

    /// Sets one parameter, checking its type and range. A whole number is accepted where a real
    /// one is expected.
    ///
    /// # Errors
    /// [`PickError::UnknownParam`] or [`PickError::BadValue`].
    pub fn set(&mut self, key: &str, value: Value) -> Result<(), PickError> {
        let index = self.index(key)?;
        let param = &self.card.params[index];
        let bad = |expected: String| PickError::BadValue {
            entry: self.card.key,
            key: param.key,
            given: value.to_string(),
            expected,
        };
        let number = |x: f64| {
            if param.range.contains(x) { Ok(x) } else { Err(bad(param.range.to_string())) }
        };
        let list = |xs: &[f64]| -> Result<Value, PickError> {
            Ok(Value::List(xs.iter().map(|&x| number(x)).collect::<Result<_, _>>()?))
        };
        let checked = match (param.default, &value) {
            (DefaultValue::Number(_), Value::Number(x)) => Value::Number(number(*x)?),
            (DefaultValue::Number(_), Value::Integer(n)) => Value::Number(number(*n as f64)?),
            (DefaultValue::Integer(_), Value::Integer(n)) => {
                number(*n as f64)?;
                value
            }
            (DefaultValue::Integer(_), _) => {
                return Err(bad(format!("a whole number, {}", param.range)));
            }
            (DefaultValue::Number(_), _) => return Err(bad(format!("a number, {}", param.range))),
            (DefaultValue::Flag(_), Value::Flag(_)) => value,
            (DefaultValue::Flag(_), _) => return Err(bad("true or false".to_owned())),
            (DefaultValue::List(model), Value::List(xs)) if xs.len() == model.len() => list(xs)?,
            (DefaultValue::Series(_), Value::List(xs)) => list(xs)?,
            (DefaultValue::Series(_), _) => {
                return Err(bad(format!("a list of numbers, each {}", param.range)));
            }
            (DefaultValue::List(model), _) => {
                return Err(bad(format!("{} numbers, each {}", model.len(), param.range)));
            }
            (DefaultValue::Word(_), Value::Word(word)) => match param.range {
                Range::OneOf(words) if !words.contains(&word.as_str()) => {
                    return Err(bad(param.range.to_string()));
                }
                Range::Entry(other) => match (other.check)(word) {
                    Ok(()) => value,
                    Err(reason) => return Err(bad(format!("{}: {reason}", param.range))),
                },
                _ => value,
            },
            (DefaultValue::Word(_), _) => return Err(bad(param.range.to_string())),
        };
        self.values[index] = checked;
        Ok(())
    }

    /// Sets one parameter from text as it is typed (`0.9`, `true`, `0.9:0.999`, `tanh`).
    ///
    /// # Errors
    /// As [`Pick::set`].
    pub fn set_text(&mut self, key: &str, text: &str) -> Result<(), PickError> {
        let param = &self.card.params[self.index(key)?];
        let word = || Value::Word(text.to_owned());
        let value = match param.default {
            DefaultValue::Number(_) => text.parse().map_or_else(|_| word(), Value::Number),
            DefaultValue::Integer(_) => text.parse().map_or_else(|_| word(), Value::Integer),
            DefaultValue::Flag(_) => text.parse().map_or_else(|_| word(), Value::Flag),
            DefaultValue::Series(_) if text.is_empty() => Value::List(Vec::new()),
            DefaultValue::List(_) | DefaultValue::Series(_) => text
                .split(':')
                .map(str::parse)
                .collect::<Result<_, _>>()
                .map_or_else(|_| word(), Value::List),
            DefaultValue::Word(_) => word(),
        };
        self.set(key, value)
    }

    fn index(&self, key: &str) -> Result<usize, PickError> {
        let keys = || self.card.params.iter().map(|p| p.key);
        keys().position(|k| k == key).ok_or_else(|| PickError::UnknownParam {
            entry: self.card.key,
            given: key.to_owned(),
            nearest: nearest(key, keys()).map(str::to_owned),
            known: keys().collect(),
        })
    }

    /// The value of `key`.
    ///
    /// # Panics
    /// If the card has no such parameter: a mistake in the entry's own file, caught by the test
    /// that builds every entry.
    #[must_use]
    pub fn get(&self, key: &str) -> &Value {
        match self.index(key) {
            Ok(index) => &self.values[index],
            Err(error) => unreachable!("{error}"),
        }
    }

    /// The value of a numeric parameter (whole numbers included).
    #[must_use]
    pub fn number(&self, key: &str) -> f64 {
        match self.get(key) {
            Value::Number(x) => *x,
            Value::Integer(n) => *n as f64,
            other => unreachable!("`{key}` is {other}, not a number"),
        }
    }

    /// The value of a numeric parameter if the entry has one of that name.
    #[must_use]
    pub fn number_if_any(&self, key: &str) -> Option<f64> {
        match &self.values[self.index(key).ok()?] {
            Value::Number(x) => Some(*x),
            Value::Integer(n) => Some(*n as f64),
            _ => None,
        }
    }

    /// The value of a switch.
    #[must_use]
    pub fn flag(&self, key: &str) -> bool {
        matches!(self.get(key), Value::Flag(true))
    }

    /// The value of a list parameter.
    #[must_use]
    pub fn list(&self, key: &str) -> &[f64] {
        match self.get(key) {
            Value::List(xs) => xs,
            other => unreachable!("`{key}` is {other}, not a list"),
        }
    }

    /// The value of a parameter that is a list of so many numbers.
    ///
    /// # Panics
    /// If there is no such parameter.
    #[must_use]
    pub fn array<const N: usize>(&self, key: &str) -> [f64; N] {
        let list = self.list(key);
        std::array::from_fn(|i| list[i])
    }

    /// The value of a word parameter.
    #[must_use]
    pub fn word(&self, key: &str) -> &str {
        match self.get(key) {
            Value::Word(word) => word,
            other => unreachable!("`{key}` is {other}, not a word"),
        }
    }

    /// The parameters that differ from their defaults.
    pub fn changed(&self) -> impl Iterator<Item = (&'static str, &Value)> {
        self.params()
            .filter(|(param, value)| Value::from(param.default) != **value)
            .map(|(param, value)| (param.key, value))
    }
}

impl fmt::Display for Pick {
    /// As it is typed, with only the parameters that differ from their defaults.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let changed: Vec<String> =
            self.changed().map(|(key, value)| format!("{key}={value}")).collect();
        let colon = if changed.is_empty() { "" } else { ":" };
        f.pad(&format!("{}{colon}{}", self.card.key, changed.join(",")))
    }
}
