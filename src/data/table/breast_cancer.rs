//! Breast cancer.

use super::Table;
use crate::spec::Card;

/// Tumours under the microscope.
pub struct BreastCancer;

impl Table for BreastCancer {
    const CARD: Card = Card {
        key: "breast_cancer",
        title: "Breast cancer",
        formula: "569 tumours × 30 measurements of cell nuclei → benign or malignant",
        params: &[],
        usage: "two classes with a cost: read the confusion matrix, not only the accuracy",
        caution: None,
        source: "Wolberg, Street & Mangasarian 1995, Wisconsin Diagnostic; UCI, CC BY 4.0",
        differs: Some("malignant is class 1, in the order of the alphabet; 0 in scikit-learn"),
    };
    const TEXT: &'static str = include_str!("../../../data/breast_cancer.csv");
    const TARGET: &'static str = "label";
    const CLASSES: usize = 2;
    const FEATURES: usize = 30;
}
