//! Concepts: the words of the field that are no entries of the catalog themselves, each with what it
//! means, what to run to see it, and where to read on.
//!
//! To add one, give it a row in the file of its subject.

use super::Kind;
use crate::spec::Texts;

mod data;
mod network;
mod optimization;
mod training;

/// A word of the field.
#[derive(Debug)]
pub struct Concept {
    /// The name under which it is explained.
    pub key: &'static str,
    /// The name in prose.
    pub title: &'static str,
    /// Other words for it.
    pub synonyms: &'static [&'static str],
    /// Its meaning.
    pub text: &'static str,
    /// What it comes to in signs; empty where there are none.
    pub formula: &'static str,
    /// Where people err; empty where they mostly do not.
    pub pitfall: &'static str,
    /// How it differs from another one that it is taken for, if it is.
    pub comparison: Option<&'static Comparison>,
    /// The entries of the catalog that belong to it.
    pub list: Listed,
    /// Lines to run to see it.
    pub see: &'static [&'static str],
    /// Names of what to read on.
    pub related: &'static [&'static str],
}

/// Two concepts that are taken for each other, side by side.
#[derive(Debug)]
pub struct Comparison {
    /// The two.
    pub titles: [&'static str; 2],
    /// In which respect, and what is so of each.
    pub rows: &'static [(&'static str, [&'static str; 2])],
}

/// The two things that beginners pick from a list and mix up.
static ACTIVATION_OR_OPTIMIZER: Comparison = Comparison {
    titles: ["activation", "optimizer"],
    rows: &[
        ("purpose", ["decides what a neuron passes on", "decides how weights are changed"]),
        ("works on", ["the weighted sum of a neuron", "weights, by their gradients"]),
        (
            "is applied",
            [
                "in every forward pass, in training and in use",
                "after every backward pass, in training only",
            ],
        ),
        (
            "affects",
            [
                "what can be learned, whether gradients arrive, and how fast",
                "how fast and how surely a good fit is found",
            ],
        ),
        ("without it", ["all layers are one straight line", "nothing is ever learned"]),
        (
            "examples",
            ["relu, tanh, sigmoid, softmax, gelu", "sgd, momentum, adam, rmsprop, adagrad"],
        ),
        (
            "where to choose it",
            ["layer by layer: `layers.1.activation`", "for all, or by layer: `optimizer`"],
        ),
        (
            "usual choice",
            [
                "relu or gelu in hidden layers; softmax, sigmoid or none at the output",
                "adam to begin with, sgd with momentum where there is time to tune",
            ],
        ),
    ],
};

/// The entries of the catalog that belong to a concept.
#[derive(Clone, Copy, Debug)]
pub enum Listed {
    /// None.
    Nothing,
    /// All of a kind.
    All(Kind),
    /// Those of a kind that have a parameter of one of these names.
    With(Kind, &'static [&'static str]),
}

impl Listed {
    /// The names of the entries, with the kind that they are of.
    #[must_use]
    pub fn entries(self) -> Option<(Kind, Vec<&'static str>)> {
        let (kind, params) = match self {
            Self::Nothing => return None,
            Self::All(kind) => (kind, None),
            Self::With(kind, params) => (kind, Some(params)),
        };
        let belongs = |param: &&'static str| params.is_none_or(|params| params.contains(param));
        let cards = kind.cards_by_use().into_iter();
        let has = |card: &&'static crate::spec::Card| {
            params.is_none() || card.params.iter().any(|param| belongs(&param.key))
        };
        Some((kind, cards.filter(has).map(|card| card.key).collect()))
    }
}

impl Concept {
    /// The texts by which it is found.
    #[must_use]
    pub fn texts(&self) -> Texts<'static> {
        let words = self.synonyms.iter().copied().chain([self.text]).collect();
        Texts { name: self.key, title: self.title, words }
    }

    /// True if it is called so: by its name, its title or another word for it, in one number or the
    /// other.
    #[must_use]
    pub fn is_called(&self, name: &str) -> bool {
        let plain = |text: &str| text.to_lowercase().replace(['_', '-'], " ");
        let wanted = plain(name);
        let singular = wanted.strip_suffix('s').unwrap_or(&wanted);
        let mut names = [self.key, self.title].into_iter().chain(self.synonyms.iter().copied());
        names.any(|name| plain(name) == wanted || plain(name) == singular)
    }
}

/// All concepts, by subject.
pub fn all() -> impl Iterator<Item = &'static Concept> {
    [training::CONCEPTS, optimization::CONCEPTS, network::CONCEPTS, data::CONCEPTS]
        .into_iter()
        .flatten()
}

/// A concept without a list.
const fn concept(
    (key, title): (&'static str, &'static str),
    synonyms: &'static [&'static str],
    text: &'static str,
    see: &'static [&'static str],
    related: &'static [&'static str],
) -> Concept {
    Concept {
        key,
        title,
        synonyms,
        text,
        formula: "",
        pitfall: "",
        comparison: None,
        list: Listed::Nothing,
        see,
        related,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_word_means_two_concepts() {
        let mut words: Vec<_> = all()
            .flat_map(|it| [it.key, it.title].into_iter().chain(it.synonyms.iter().copied()))
            .map(|word| word.to_lowercase().replace(['_', '-'], " "))
            .collect();
        words.sort_unstable();
        let twice: Vec<_> = words.windows(2).filter(|two| two[0] == two[1]).collect();
        // A key may be its own title.
        for two in twice {
            let owners = all().filter(|it| it.is_called(&two[0])).count();
            assert_eq!(owners, 1, "{}", two[0]);
        }
    }

    #[test]
    fn lists_are_derived() {
        let momentum = all().find(|it| it.is_called("momentum")).unwrap();
        let (_, names) = momentum.list.entries().unwrap();
        assert!(
            names.contains(&"sgd") && names.contains(&"rmsprop") && !names.contains(&"adagrad")
        );
        let optimizer = all().find(|it| it.is_called("Optimizers")).unwrap();
        assert_eq!(optimizer.list.entries().unwrap().1.len(), Kind::Optimizer.cards().len());
    }
}
