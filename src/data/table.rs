//! Real data sets, embedded in the binary and read by the same code as the user's own files.

use super::{Dataset, Entry, Extent, Scaling, Task, csv};
use crate::spec::{Base, Card};

mod breast_cancer;
mod digits;
mod iris;
mod penguins;
mod wine;

pub use breast_cancer::BreastCancer;
pub use digits::Digits;
pub use iris::Iris;
pub use penguins::Penguins;
pub use wine::Wine;

/// A file in `data/`, of which a column of classes is the target.
pub trait Table {
    /// Its description.
    const CARD: Card;
    /// The file.
    const TEXT: &'static str;
    /// The column to be predicted.
    const TARGET: &'static str;
    /// Different classes in it.
    const CLASSES: usize;
    /// Features once text columns are one-hot.
    const FEATURES: usize;

    /// Says what the file cannot.
    fn finish(_dataset: &mut Dataset) {}
}

/// The catalog row of `T`.
pub const fn table<T: Table>() -> Entry {
    Entry {
        base: Base { card: &T::CARD, torch: None, family: "", check: |_| Ok(()) },
        loader: |_, _| load::<T>(),
        task: |_| Task::Classes(T::CLASSES),
        extent: |_| Extent::plain(T::FEATURES),
        schema: |_| parse::<T>().1,
        drawn: false,
    }
}

fn load<T: Table>() -> Dataset {
    let (mut dataset, _) = parse::<T>();
    // As they were before columns were standardised in double precision: what has been recorded of
    // these tables holds to the last bit.
    dataset.x.mapv_inplace(|x| f64::from(x as f32));
    // Nobody has the file.
    dataset.lines.clear();
    T::finish(&mut dataset);
    dataset
}

fn parse<T: Table>() -> (Dataset, csv::Schema) {
    match csv::parse(T::CARD.key, T::TEXT.as_bytes(), &csv::Options::new(T::TARGET)) {
        Ok(parsed) => parsed,
        Err(problem) => unreachable!("the embedded {}.csv: {problem}", T::CARD.key),
    }
}

#[cfg(test)]
mod tests;
