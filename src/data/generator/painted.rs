//! Points set by hand.

use ndarray::Array2;

use super::{Generator, dataset};
use crate::data::{Dataset, STANDARDISED, Scaling, TABLE, Target, Task};
use crate::rng::Stream;
use crate::spec::{Card, DefaultValue, Describe, Param, Pick, Range, Value};

/// Numbers of a point: x1, x2 and the class.
const NUMBERS: usize = 3;
/// The fewest points that can be split into parts that mean anything.
pub const FEWEST: usize = 4;
/// The most points: they stand in the text of the experiment.
pub const MOST: usize = 1000;
/// Classes that there may be, from 0 on: a digit each.
pub const CLASSES: usize = 10;

/// A point of the plane with its class.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Point {
    /// The first input.
    pub x1: f64,
    /// The second input.
    pub x2: f64,
    /// Its class: a digit.
    pub class: usize,
}

/// Points of the plane, each with its class, as they were set.
#[derive(Clone, Debug)]
pub struct Painted {
    points: Vec<Point>,
}

impl Describe for Painted {
    const CARD: Card = Card {
        key: "painted",
        title: "Painted points",
        formula: "(x₁, x₂) and its class, point by point, as they were set",
        params: &[Param {
            key: "points",
            default: DefaultValue::Series(&[
                -0.5, -0.5, 0.0, 0.5, 0.5, 0.0, -0.6, -0.4, 0.0, 0.6, 0.4, 0.0, -0.5, 0.5, 1.0,
                0.5, -0.5, 1.0, -0.6, 0.4, 1.0, 0.6, -0.4, 1.0,
            ]),
            range: Range::Closed(-1e6, 1e6),
            meaning: "x1, x2 and class of each point in turn; classes are 0 to 9",
            search: None,
        }],
        usage: "whatever is to be tried: `P` on the Train screen paints",
        caution: Some("few points are split into still fewer: a new data seed changes much"),
        source: "asked for in the issues of TensorFlow Playground",
        differs: None,
    };
    fn build(pick: &Pick) -> Self {
        let points = pick.list("points").as_chunks::<NUMBERS>().0.iter();
        let point = |&[x1, x2, class]: &[f64; NUMBERS]| Point { x1, x2, class: class as usize };
        Self { points: points.map(point).collect() }
    }
    fn check(pick: &Pick) -> Result<(), String> {
        let numbers = pick.list("points");
        let count = numbers.len();
        if !count.is_multiple_of(NUMBERS) {
            return Err(format!("{count} numbers are no points: give x1, x2 and class of each"));
        }
        let classes = || numbers.iter().skip(2).step_by(NUMBERS).copied();
        let wrong = |class: &f64| class.fract() != 0.0 || !(0.0..CLASSES as f64).contains(class);
        if let Some(class) = classes().find(wrong) {
            let last = CLASSES - 1;
            return Err(format!("{class} is no class: use a whole number from 0 to {last}"));
        }
        let count = count / NUMBERS;
        if !(FEWEST..=MOST).contains(&count) {
            return Err(format!("there are {count} points: set {FEWEST} to {MOST}"));
        }
        let mut classes = classes();
        let first = classes.next();
        if classes.all(|class| Some(class) == first) {
            return Err("all points are of one class: set some of another".to_owned());
        }
        Ok(())
    }
}

impl Painted {
    /// The data set of these points.
    ///
    /// # Errors
    /// If they are no data set, and why.
    pub fn pick(points: &[Point]) -> Result<Pick, String> {
        let entry = TABLE.iter().find(|entry| entry.card.key == Self::CARD.key);
        let mut pick = Pick::new(entry.ok_or("there is no such data set")?.card);
        let numbers = points.iter().flat_map(|it| [it.x1, it.x2, it.class as f64]).collect();
        pick.set("points", Value::List(numbers)).map_err(|error| error.to_string())?;
        Self::check(&pick)?;
        Ok(pick)
    }

    /// The points of a data set, if it is one of these.
    #[must_use]
    pub fn points(pick: &Pick) -> Option<Vec<Point>> {
        (pick.key() == Self::CARD.key).then(|| Self::build(pick).points)
    }

    /// The classes that there are, in order.
    fn classes(&self) -> Vec<usize> {
        let mut classes: Vec<usize> = self.points.iter().map(|point| point.class).collect();
        classes.sort_unstable();
        classes.dedup();
        classes
    }
}

impl Generator for Painted {
    const DRAWN: bool = false;
    const FEATURES: usize = 2;

    fn task(&self) -> Task {
        Task::Classes(self.classes().len())
    }

    /// They are standardised, and their classes named and numbered, as those of a CSV file: written to
    /// one, they give the same bits.
    fn generate(&self, _: &mut Stream) -> Dataset {
        let classes = self.classes();
        let number = |point: &Point| classes.iter().position(|&class| class == point.class);
        let labels = self.points.iter().filter_map(number).collect();
        let names = classes.iter().map(usize::to_string).collect();
        let rows: Vec<_> = self.points.iter().map(|point| [point.x1, point.x2]).collect();
        let x = Array2::from(rows);
        Dataset {
            scaling: vec![Scaling::Pending; 2],
            shown: Some((-1.0, 1.0)),
            notes: vec![STANDARDISED.to_owned()],
            ..dataset(Self::CARD.key, x, Target::Classes { labels, names })
        }
    }
}
