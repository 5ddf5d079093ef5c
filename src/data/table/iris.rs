//! Iris.

use super::Table;
use crate::spec::Card;

/// Iris flowers.
pub struct Iris;

impl Table for Iris {
    const CARD: Card = Card {
        key: "iris",
        title: "Iris flowers",
        formula: "150 flowers × 4 lengths and widths → 3 species",
        params: &[],
        usage: "a first real table: one species stands apart, two overlap a little",
        caution: Some("45 test rows: one mistake is 2 % of accuracy"),
        source: "Fisher 1936; UCI, CC BY 4.0",
        differs: None,
    };
    const TEXT: &'static str = include_str!("../../../data/iris.csv");
    const TARGET: &'static str = "label";
    const CLASSES: usize = 3;
    const FEATURES: usize = 4;
}
