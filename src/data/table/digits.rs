//! Digits.

use super::{Dataset, Scaling, Table};
use crate::spec::Card;

/// The blackest pixel.
const BLACK: f64 = 16.0;

/// Handwritten digits.
pub struct Digits;

impl Table for Digits {
    const CARD: Card = Card {
        key: "digits",
        title: "Handwritten digits",
        formula: "1797 images × 8·8 pixels → the digit, 0 … 9",
        params: &[],
        usage: "small images: look at the ones that are taken for another digit",
        caution: None,
        source: "Alpaydin & Kaynak 1998, optical digits, test set; UCI, CC BY 4.0",
        differs: Some("pixels run from 0 to 1, not 0 to 16, and are not standardised"),
    };
    const TEXT: &'static str = include_str!("../../../data/digits.csv");
    const TARGET: &'static str = "label";
    const CLASSES: usize = 10;
    const FEATURES: usize = 64;

    fn finish(dataset: &mut Dataset) {
        dataset.x /= BLACK;
        dataset.scaling.fill(Scaling::By { offset: 0.0, unit: BLACK });
        dataset.image = Some((8, 8));
        dataset.notes = vec!["pixels divided by 16".to_owned()];
    }
}
