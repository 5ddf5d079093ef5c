//! Wine.

use super::Table;
use crate::spec::Card;

/// Italian wines.
pub struct Wine;

impl Table for Wine {
    const CARD: Card = Card {
        key: "wine",
        title: "Wine",
        formula: "178 wines × 13 chemical measurements → 3 growers",
        params: &[],
        usage: "features of very different size: nothing learns before they are standardised",
        caution: None,
        source: "Aeberhard & Forina 1991; UCI, CC BY 4.0",
        differs: None,
    };
    const TEXT: &'static str = include_str!("../../../data/wine.csv");
    const TARGET: &'static str = "label";
    const CLASSES: usize = 3;
    const FEATURES: usize = 13;
}
