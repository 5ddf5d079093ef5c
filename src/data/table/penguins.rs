//! Penguins.

use super::Table;
use crate::spec::Card;

/// Penguins of the Palmer archipelago.
pub struct Penguins;

impl Table for Penguins {
    const CARD: Card = Card {
        key: "penguins",
        title: "Palmer penguins",
        formula: "333 penguins × 10 measurements, island, sex and year → 3 species",
        params: &[],
        usage: "numbers and text side by side, and rows with holes that are left out",
        caution: Some("the island alone gives much away: two species live on one island each"),
        source: "Horst, Hill & Gorman 2020, palmerpenguins; CC0",
        differs: None,
    };
    const TEXT: &'static str = include_str!("../../../data/penguins.csv");
    const TARGET: &'static str = "species";
    const CLASSES: usize = 3;
    const FEATURES: usize = 10;
}
