use ndarray::Axis;

use super::*;
use crate::data::Target;

fn counts(data: &Dataset) -> Vec<(&str, usize)> {
    let Target::Classes { labels, names } = &data.target else { panic!("classes") };
    let count = |class| labels.iter().filter(|&&label| label == class).count();
    names.iter().enumerate().map(|(class, name)| (name.as_str(), count(class))).collect()
}

fn column(data: &Dataset, name: &str) -> Vec<f64> {
    let index = data.features.iter().position(|feature| feature == name).unwrap();
    data.x.column(index).to_vec()
}

/// Sizes and class counts as the UCI repository and palmerpenguins give them.
#[test]
fn tables_have_their_published_sizes() {
    let iris = load::<Iris>();
    assert_eq!(iris.x.dim(), (150, 4));
    assert_eq!(counts(&iris), [("setosa", 50), ("versicolor", 50), ("virginica", 50)]);
    let wine = load::<Wine>();
    assert_eq!(wine.x.dim(), (178, 13));
    assert_eq!(counts(&wine), [("class_0", 59), ("class_1", 71), ("class_2", 48)]);
    let cancer = load::<BreastCancer>();
    assert_eq!(cancer.x.dim(), (569, 30));
    assert_eq!(counts(&cancer), [("benign", 357), ("malignant", 212)]);
    let digits = load::<Digits>();
    assert_eq!(digits.x.dim(), (1797, 64));
    assert_eq!(
        counts(&digits).iter().map(|(_, count)| *count).collect::<Vec<_>>(),
        [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]
    );
    let penguins = load::<Penguins>();
    assert_eq!(penguins.x.dim(), (333, 10));
    assert_eq!(counts(&penguins), [("Adelie", 146), ("Chinstrap", 68), ("Gentoo", 119)]);
}

/// Means as the documentation of scikit-learn's data sets gives them.
#[test]
fn columns_have_their_published_means() {
    let mean = |data: &Dataset, column: usize| data.x.column(column).mean().unwrap();
    for (column, expected) in [5.84, 3.05, 3.76, 1.20].into_iter().enumerate() {
        assert!((mean(&load::<Iris>(), column) - expected).abs() < 0.01, "iris {column}");
    }
    for (column, expected) in [(0, 13.0), (1, 2.34), (12, 746.0)] {
        let found = mean(&load::<Wine>(), column);
        assert!((found / expected - 1.0).abs() < 0.01, "wine {column}: {found}");
    }
    assert!((mean(&load::<BreastCancer>(), 0) - 14.127).abs() < 0.001);
}

#[test]
fn penguins_lose_incomplete_rows_and_make_text_one_hot() {
    let data = load::<Penguins>();
    assert_eq!(
        data.features,
        [
            "island=Biscoe",
            "island=Dream",
            "island=Torgersen",
            "bill_length_mm",
            "bill_depth_mm",
            "flipper_length_mm",
            "body_mass_g",
            "sex=female",
            "sex=male",
            "year",
        ]
    );
    assert_eq!(data.notes[0], "11 of 344 rows left out: cells are missing");
    assert_eq!(data.notes[1], "text made one-hot: island (3 words), sex (2 words)");
    for islands in data.x.select(Axis(1), &[0, 1, 2]).rows() {
        assert_eq!(islands.sum(), 1.0);
    }
    assert_eq!(column(&data, "sex=female").iter().sum::<f64>(), 165.0);
    assert_eq!(column(&data, "bill_length_mm")[0] as f32, 39.1);
}

#[test]
fn digits_are_images_of_intensities() {
    let data = load::<Digits>();
    assert_eq!(data.image, Some((8, 8)));
    assert!(data.x.iter().all(|x| (0.0..=1.0).contains(x)));
    let first: Vec<f64> = (0..8).map(|i| data.scaling[i].undo(data.x[[0, i]])).collect();
    assert_eq!(first, [0.0, 0.0, 5.0, 13.0, 9.0, 1.0, 0.0, 0.0]);
}
