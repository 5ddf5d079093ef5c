use super::*;
use crate::rng::{Purpose, stream};

/// A data set in which feature `id` tells the rows apart.
fn numbered(target: Target) -> Dataset {
    let rows = match &target {
        Target::Classes { labels, .. } => labels.len(),
        Target::Values { values, .. } => values.nrows(),
    };
    Dataset {
        name: "numbered".to_owned(),
        x: Array2::from_shape_fn((rows, 1), |(row, _)| row as f64),
        target,
        features: vec!["id".to_owned()],
        scaling: vec![Scaling::AsIs],
        image: None,
        shown: None,
        lines: Vec::new(),
        notes: Vec::new(),
    }
}

fn classes(counts: &[usize]) -> Target {
    let labels =
        counts.iter().enumerate().flat_map(|(class, &n)| std::iter::repeat_n(class, n)).collect();
    Target::Classes { labels, names: (0..counts.len()).map(|class| class.to_string()).collect() }
}

fn values(column: &[f64]) -> Target {
    Target::Values {
        values: Array2::from_shape_fn((column.len(), 1), |(row, _)| column[row]),
        names: vec!["y".to_owned()],
        scaling: vec![Scaling::Pending],
    }
}

fn split(data: Dataset, fraction: f64, seed: u64) -> Split {
    data.split(fraction, &mut stream(seed, Purpose::Split), TargetScale::Standardised)
}

fn ids(data: &Part) -> Vec<usize> {
    data.x.column(0).iter().map(|&id| id as usize).collect()
}

#[test]
fn every_row_is_on_exactly_one_side_with_its_own_target() {
    let counts = [50, 30, 7];
    for fraction in [0.01, 0.3, 0.5, 0.99] {
        let Split { train, test } = split(numbered(classes(&counts)), fraction, 5);
        let mut all = [ids(&train), ids(&test)].concat();
        all.sort_unstable();
        assert_eq!(all, (0..87).collect::<Vec<_>>());
        for side in [&train, &test] {
            let Target::Classes { labels, .. } = &side.target else { panic!() };
            for (id, label) in ids(side).into_iter().zip(labels) {
                assert_eq!(*label, usize::from(id >= 50) + usize::from(id >= 80));
            }
        }
    }
}

#[test]
fn classes_keep_their_share() {
    let held_out = |counts: &[usize], fraction| {
        let Split { test, .. } = split(numbered(classes(counts)), fraction, 5);
        let Target::Classes { labels, .. } = test.target else { panic!() };
        (0..counts.len())
            .map(|class| labels.iter().filter(|&&l| l == class).count())
            .collect::<Vec<_>>()
    };
    assert_eq!(held_out(&[50, 50, 50], 0.3), [15, 15, 15]);
    assert_eq!(held_out(&[100, 40, 10], 0.2), [20, 8, 2]);
    // 5·0.3 is 1.5 each, 6 in all.
    assert_eq!(held_out(&[5, 5, 5, 5], 0.3).iter().sum::<usize>(), 6);
    // Two rows: one on each side, whatever the fraction. One row, or none: in training.
    assert_eq!(held_out(&[2, 96, 1, 0, 2], 0.01), [1, 1, 0, 0, 1]);
    assert_eq!(held_out(&[2, 96, 1, 0, 2], 0.99), [1, 95, 0, 0, 1]);
}

#[test]
fn neither_side_is_ever_empty() {
    for target in [classes(&[1, 1, 1, 1]), classes(&[2]), values(&[1.0, 2.0, 3.0])] {
        for fraction in [1e-9, 0.5, 1.0 - 1e-9] {
            let Split { train, test } = split(numbered(target.clone()), fraction, 1);
            assert!(!train.is_empty() && !test.is_empty());
        }
    }
}

#[test]
fn the_stream_decides_the_rows_and_their_order() {
    let rows = |seed| {
        let Split { train, test } = split(numbered(classes(&[40, 40])), 0.25, seed);
        (ids(&train), ids(&test))
    };
    assert_eq!(rows(1), rows(1));
    assert_ne!(rows(1), rows(2));
    assert!(!rows(1).0.is_sorted());
}

#[test]
fn columns_are_standardised_by_the_training_rows_alone() {
    let mut data = numbered(classes(&[60, 40]));
    data.x = Array2::from_shape_fn((100, 3), |(row, column)| match column {
        0 => row as f64 * 100.0 + 7.0,
        1 => 0.1,
        _ => (row % 2) as f64,
    });
    data.scaling = vec![Scaling::Pending, Scaling::Pending, Scaling::AsIs];
    let raw = split(Dataset { scaling: vec![Scaling::AsIs; 3], ..data.clone() }, 0.3, 9);
    let Split { train, test } = split(data, 0.3, 9);

    let column = |x: &ArcArray2<f32>, i: usize| x.column(i).mapv(f64::from);
    let (mean, std) = (column(&raw.train.x, 0).mean().unwrap(), column(&raw.train.x, 0).std(0.0));
    assert!(column(&train.x, 0).mean().unwrap().abs() < 1e-6);
    assert!((column(&train.x, 0).std(0.0) - 1.0).abs() < 1e-6);
    assert!(column(&test.x, 0).mean().unwrap().abs() > 1e-3);
    for (x, raw) in test.x.column(0).iter().zip(raw.test.x.column(0)) {
        assert!((*x as f64 - (*raw as f64 - mean) / std).abs() < 1e-6);
        assert!((test.scaling[0].undo(f64::from(*x)) - f64::from(*raw)).abs() < 1e-2);
    }
    assert!(train.x.column(1).iter().chain(test.x.column(1)).all(|&x| x == 0.0));
    assert_eq!(train.x.column(2), raw.train.x.column(2));
    assert_eq!(train.scaling, test.scaling);
}

#[test]
fn large_targets_are_standardised_and_say_so() {
    let column: Vec<f64> = (0..40).map(|i| 250_000.0 + 1000.0 * f64::from(i)).collect();
    let Split { train, test } = split(numbered(values(&column)), 0.25, 3);
    for side in [&train, &test] {
        let Target::Values { values, scaling, .. } = &side.target else { panic!() };
        assert!(values.iter().all(|y| y.abs() < 3.0));
        for (y, id) in values.iter().zip(ids(side)) {
            assert!((scaling[0].undo(f64::from(*y)) - column[id]).abs() < 0.1);
        }
        assert!(side.notes[0].starts_with("target `y` standardised: mean 2"), "{:?}", side.notes);
    }
}

#[test]
fn raw_targets_are_left_as_they_are() {
    let column: Vec<f64> = (0..40).map(f64::from).collect();
    let raw =
        numbered(values(&column)).split(0.25, &mut stream(3, Purpose::Split), TargetScale::Raw);
    for side in [&raw.train, &raw.test] {
        let Target::Values { values, scaling, .. } = &side.target else { panic!() };
        assert_eq!(*scaling, [Scaling::AsIs]);
        for (y, id) in values.iter().zip(ids(side)) {
            assert_eq!(f64::from(*y), column[id]);
        }
        assert_eq!(side.notes, [""; 0]);
    }
}

/// More columns than are scaled at a time, so that blocks are told apart.
#[test]
fn every_column_is_scaled_by_its_own_rows() {
    let mut data = numbered(classes(&[30, 30]));
    data.x = Array2::from_shape_fn((60, 35), |(row, column)| {
        (row * (column + 1)) as f64 + 1e5 * column as f64
    });
    data.scaling = (0..35)
        .map(|column| if column % 3 == 0 { Scaling::AsIs } else { Scaling::Pending })
        .collect();
    let Split { train, test } = split(data.clone(), 0.3, 9);
    let raw = split(Dataset { scaling: vec![Scaling::AsIs; 35], ..data }, 0.3, 9);
    for column in 0..35 {
        let source: Vec<f64> = raw.train.x.column(column).iter().map(|&x| f64::from(x)).collect();
        let rule = Scaling::standardising(&source);
        for (part, raw) in [(&train, &raw.train), (&test, &raw.test)] {
            for (x, raw) in part.x.column(column).iter().zip(raw.x.column(column)) {
                let expected = if column % 3 == 0 { *raw } else { rule.apply(f64::from(*raw)) };
                assert_eq!(*x, expected, "column {column}");
            }
        }
    }
}
