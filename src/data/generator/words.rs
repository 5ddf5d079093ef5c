//! Bags of words.

use ndarray::Array2;
use rand::RngExt;
use rand::seq::SliceRandom;

use super::{Generator, dataset};
use crate::data::{Dataset, Extent, Target, Task};
use crate::rng::Stream;
use crate::spec::{Card, DefaultValue, Describe, Param, Pick, Range};

/// Texts as counts of their words, of which one that is rare tells the class.
#[derive(Clone, Copy, Debug)]
pub struct Words {
    samples: usize,
    vocabulary: usize,
    length: usize,
    common: usize,
}

impl Describe for Words {
    const CARD: Card = Card {
        key: "words",
        title: "Bags of words",
        formula: "xᵣ = how often word r occurs    P(r) ∝ 1/r\n\
                  class = that of the only word of rank r > common",
        params: &[
            Param { default: DefaultValue::Integer(2000), ..super::SAMPLES },
            Param {
                key: "words",
                default: DefaultValue::Integer(1000),
                range: Range::Closed(4.0, 20_000.0),
                meaning: "words that there are, and inputs",
                search: None,
            },
            Param {
                key: "length",
                default: DefaultValue::Integer(20),
                range: Range::Closed(1.0, 1000.0),
                meaning: "words of each text",
                search: None,
            },
            Param {
                key: "common",
                default: DefaultValue::Integer(100),
                range: Range::Closed(1.0, 19_998.0),
                meaning: "most frequent words, which tell nothing of the class",
                search: None,
            },
        ],
        usage: "sparse inputs: the weights that matter get a gradient in a few steps only",
        caution: Some(
            "a word that no training text holds cannot be learned: watch the training rows",
        ),
        source: "Duchi, Hazan & Singer 2011, Adaptive Subgradient Methods, on bags of words; Zipf 1935",
        differs: Some(
            "texts are drawn, with one word each that decides; the paper has Reuters RCV1",
        ),
    };
    fn build(pick: &Pick) -> Self {
        let whole = |key: &str| pick.number(key) as usize;
        let (samples, vocabulary) = (whole("samples"), whole("words"));
        Self { samples, vocabulary, length: whole("length"), common: whole("common") }
    }
    fn check(pick: &Pick) -> Result<(), String> {
        let Self { vocabulary, common, .. } = Self::build(pick);
        if common + 2 <= vocabulary {
            return Ok(());
        }
        let most = vocabulary - 2;
        Err(format!(
            "of {vocabulary} words two at least must tell the class: use common {most} or less"
        ))
    }
}

impl Generator for Words {
    const FEATURES: usize = 1000;

    fn extent(&self) -> Extent {
        Extent::plain(self.vocabulary)
    }

    fn feature_names(&self) -> Vec<String> {
        (1..=self.vocabulary).map(|rank| format!("word{rank}")).collect()
    }

    fn task(&self) -> Task {
        Task::Classes(2)
    }

    fn generate(&self, stream: &mut Stream) -> Dataset {
        let mut telling: Vec<usize> = (self.common..self.vocabulary).collect();
        telling.shuffle(stream);
        let (first, second) = telling.split_at(telling.len() / 2);
        let telling = [first, second].map(|words| Zipf::of(words.iter().copied()));
        let common = Zipf::of(0..self.common);
        let labels: Vec<usize> = (0..self.samples).map(|row| row % 2).collect();
        let mut x = Array2::zeros((self.samples, self.vocabulary));
        for (mut counts, &class) in x.rows_mut().into_iter().zip(&labels) {
            counts[telling[class].draw(stream)] += 1.0;
            for _ in 1..self.length {
                counts[common.draw(stream)] += 1.0;
            }
        }
        let names = ["0", "1"].map(str::to_owned).to_vec();
        let target = Target::Classes { labels, names };
        dataset(Self::CARD.key, x, target).with_features(self.feature_names())
    }
}

/// Words, each as likely as one over its rank says.
struct Zipf {
    words: Vec<usize>,
    /// The probability of each word and of those before it, not yet divided by the last.
    cumulated: Vec<f64>,
}

impl Zipf {
    /// Over these words, which are numbered by their ranks from 0.
    fn of(words: impl Iterator<Item = usize>) -> Self {
        let words: Vec<usize> = words.collect();
        let mut sum = 0.0;
        let cumulate = |&word: &usize| {
            sum += 1.0 / (word + 1) as f64;
            sum
        };
        let cumulated = words.iter().map(cumulate).collect();
        Self { words, cumulated }
    }

    fn draw(&self, stream: &mut Stream) -> usize {
        let last = self.words.len() - 1;
        let place = stream.random::<f64>() * self.cumulated[last];
        self.words[self.cumulated.partition_point(|&sum| sum <= place).min(last)]
    }
}
