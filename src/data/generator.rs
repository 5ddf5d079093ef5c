//! Generated and hand-made data: points in the plane with a class each, functions with a value each, sequences, and
//! bags of words.
//!
//! All chance comes from the stream, and all elementary functions from `libm`, so that one seed
//! gives the same bits on every platform.

use ndarray::Array2;
use rand::RngExt;

use super::csv::Schema;
use super::{Dataset, Entry, Extent, Scaling, Target, Task};
use crate::rng::{Stream, normal};
use crate::spec::{Base, DefaultValue, Describe, Param, Pick, Range};

mod adding;
mod blobs;
mod checkerboard;
mod circles;
mod moons;
pub mod painted;
mod parity;
mod plane;
mod recall;
mod sequence;
mod sine;
mod spirals;
mod valley;
mod wave;
mod words;
mod xor;

pub use adding::Adding;
pub use blobs::Blobs;
pub use checkerboard::Checkerboard;
pub use circles::Circles;
pub use moons::Moons;
pub use painted::{Painted, Point};
pub use parity::Parity;
pub use plane::Plane;
pub use recall::Recall;
pub use sine::Sine;
pub use spirals::Spirals;
pub use valley::Valley;
pub use wave::Wave;
pub use words::Words;
pub use xor::Xor;

/// A rule that makes data of any size.
pub trait Generator: Describe {
    /// Inputs; of a sequence those of a step.
    const FEATURES: usize;
    /// Whether its rows follow from the seed.
    const DRAWN: bool = true;
    /// Steps of a sequence; 1 if a sample is none.
    fn steps(&self) -> usize {
        1
    }
    /// A name for each input.
    fn feature_names(&self) -> Vec<String> {
        feature_names(Self::FEATURES)
    }
    /// Steps and inputs of each.
    fn extent(&self) -> Extent {
        Extent { steps: self.steps(), features: Self::FEATURES }
    }
    /// What is predicted.
    fn task(&self) -> Task;
    /// Draws the rows.
    fn generate(&self, stream: &mut Stream) -> Dataset;
}

/// The catalog row of `G`.
pub const fn generator<G: Generator>() -> Entry {
    Entry {
        base: Base::of::<G>(),
        loader: |pick, stream| G::build(pick).generate(stream),
        task: |pick| G::build(pick).task(),
        extent: |pick| G::build(pick).extent(),
        schema: |pick| Schema::of_numbers(&G::build(pick).feature_names(), TARGET),
        drawn: G::DRAWN,
    }
}

/// The parameters that every generator has.
#[derive(Clone, Copy, Debug)]
struct Sampling {
    samples: usize,
    noise: f64,
}

const SAMPLES: Param = Param {
    key: "samples",
    default: DefaultValue::Integer(500),
    range: Range::Closed(4.0, 1e6),
    meaning: "rows, before some are held out for testing",
    search: None,
};

const fn noise(default: f64, meaning: &'static str) -> Param {
    Param {
        key: "noise",
        default: DefaultValue::Number(default),
        range: Range::Closed(0.0, 10.0),
        meaning,
        search: None,
    }
}

const INPUT_NOISE: &str = "standard deviation of what is added to each input, after labelling";
const TARGET_NOISE: &str = "standard deviation of what is added to the target";

impl Sampling {
    fn of(pick: &Pick) -> Self {
        Self { samples: pick.number("samples") as usize, noise: pick.number("noise") }
    }

    /// Points in the plane. The classes take turns, so they are balanced to within one row.
    /// `place` gives a point of a class before noise, told how far along the class's own rows it
    /// is: 0 < s < 1 in even steps.
    fn points(
        self,
        name: &str,
        classes: usize,
        stream: &mut Stream,
        mut place: impl FnMut(usize, f64, &mut Stream) -> [f64; 2],
    ) -> Dataset {
        let labels: Vec<usize> = (0..self.samples).map(|row| row % classes).collect();
        let mut x = Array2::zeros((self.samples, 2));
        for (row, (mut cells, &class)) in x.rows_mut().into_iter().zip(&labels).enumerate() {
            let of_class = (self.samples - class).div_ceil(classes);
            let along = ((row / classes) as f64 + 0.5) / of_class as f64;
            for (cell, exact) in cells.iter_mut().zip(place(class, along, stream)) {
                *cell = exact + self.noise * normal(stream);
            }
        }
        let names = (0..classes).map(|class| class.to_string()).collect();
        dataset(name, x, Target::Classes { labels, names })
    }

    /// A function over [−1, 1]ⁿ.
    fn function<const N: usize>(
        self,
        name: &str,
        stream: &mut Stream,
        f: impl Fn([f64; N]) -> f64,
    ) -> Dataset {
        let mut x = Array2::zeros((self.samples, N));
        let mut values = Array2::zeros((self.samples, 1));
        for (mut cells, y) in x.rows_mut().into_iter().zip(&mut values) {
            let input = [(); N].map(|()| uniform(-1.0, 1.0, stream));
            for (cell, input) in cells.iter_mut().zip(input) {
                *cell = input;
            }
            *y = f(input) + self.noise * normal(stream);
        }
        dataset(name, x, self::values(values))
    }
}

/// The name of what is predicted.
const TARGET: &str = "y";

fn feature_names(count: usize) -> Vec<String> {
    match count {
        1 => vec!["x".to_owned()],
        n => (1..=n).map(|i| format!("x{i}")).collect(),
    }
}

/// Values to be predicted, as they are.
fn values(values: Array2<f64>) -> Target {
    Target::Values { values, names: vec![TARGET.to_owned()], scaling: vec![Scaling::AsIs] }
}

fn dataset(name: &str, x: Array2<f64>, target: Target) -> Dataset {
    let features = feature_names(x.ncols());
    let scaling = vec![Scaling::AsIs; x.ncols()];
    Dataset {
        name: name.to_owned(),
        x,
        target,
        features,
        scaling,
        image: None,
        shown: None,
        lines: Vec::new(),
        notes: Vec::new(),
    }
}

impl Dataset {
    /// With other names for its inputs.
    fn with_features(self, features: Vec<String>) -> Self {
        Self { features, ..self }
    }
}

/// Evenly distributed, `low ≤ x < high`.
fn uniform(low: f64, high: f64, stream: &mut Stream) -> f64 {
    low + (high - low) * stream.random::<f64>()
}

#[cfg(test)]
mod tests;
