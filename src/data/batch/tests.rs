use ndarray::{Array2, array};

use super::*;
use crate::data::{Features, Scaling};
use crate::nn::simd::LANES;

fn part(x: Array2<f32>, target: Target<f32>) -> Part {
    Part {
        name: "small".to_owned(),
        features: (0..x.ncols()).map(|i| i.to_string()).collect(),
        scaling: vec![Scaling::AsIs; x.ncols()],
        x: x.into_shared(),
        target,
        image: None,
        shown: None,
        notes: Vec::new(),
    }
}

fn three_classes() -> Part {
    let names = ["a", "b", "c"].map(str::to_owned).to_vec();
    part(
        array![[0.0, 10.0], [1.0, 11.0], [2.0, 12.0], [3.0, 13.0]],
        Target::Classes { labels: vec![2, 0, 1, 2], names },
    )
}

/// The columns of a matrix of `rows`, padding included, of which `len` count.
fn columns(matrix: &[f32], rows: usize, len: usize) -> Vec<Vec<f32>> {
    let width = matrix.len() / rows;
    let column = |c: usize| (0..rows).map(|r| matrix[r * width + c]).collect();
    (0..len).map(column).collect()
}

#[test]
fn a_batch_holds_the_rows_asked_for_padded_with_the_last() {
    let samples = Samples::new(&three_classes(), Features::default(), 3);
    assert_eq!(samples.len(), 4);
    let mut batch = Batch::default();
    samples.fill(&[3, 0, 3], &mut batch);
    assert_eq!(batch.len, 3);
    assert_eq!((batch.x.len(), batch.target.len()), (2 * LANES, 3 * LANES));
    let x = columns(&batch.x, 2, LANES);
    assert_eq!(x[..3], [[3.0, 13.0], [0.0, 10.0], [3.0, 13.0]]);
    assert!(x[3..].iter().all(|column| *column == x[2]));
    let target = columns(&batch.target, 3, LANES);
    assert_eq!(target[..3], [[0.0, 0.0, 1.0], [0.0, 0.0, 1.0], [0.0, 0.0, 1.0]]);
    assert!(target[3..].iter().all(|column| *column == target[2]));

    // A batch that was larger before is refilled without a trace of it.
    let mut used = Batch::default();
    samples.fill(&[1; LANES + 1], &mut used);
    samples.fill(&[3, 0, 3], &mut used);
    assert_eq!((used.x, used.target, used.len), (batch.x, batch.target, batch.len));
}

#[test]
fn targets_take_the_form_that_the_outputs_need() {
    let mut batch = Batch::default();
    let mut target = |data: &Part, outputs: usize| {
        Samples::new(data, Features::default(), outputs).chunk(0, 4, &mut batch);
        columns(&batch.target, outputs, 4)
    };
    let one_hot = [[0.0, 0.0, 1.0], [1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]];
    assert_eq!(target(&three_classes(), 3), one_hot);
    let two = Target::Classes { labels: vec![1, 0, 0, 1], names: vec!["a".into(), "b".into()] };
    assert_eq!(target(&part(Array2::zeros((4, 1)), two), 1), [[1.0], [0.0], [0.0], [1.0]]);
    let values = array![[1.0, 5.0], [2.0, 6.0], [3.0, 7.0], [4.0, 8.0]];
    let values = Target::Values {
        values,
        names: vec!["u".into(), "v".into()],
        scaling: vec![Scaling::AsIs; 2],
    };
    assert_eq!(
        target(&part(Array2::zeros((4, 1)), values), 2),
        [[1.0, 5.0], [2.0, 6.0], [3.0, 7.0], [4.0, 8.0]]
    );
}

#[test]
fn chunks_cover_all_rows_in_order_and_stop_at_the_end() {
    let samples = Samples::new(&three_classes(), Features::default(), 3);
    let (mut chunk, mut gathered) = (Batch::default(), Batch::default());
    for (start, rows) in [(0, vec![0, 1, 2]), (3, vec![3]), (4, vec![]), (9, vec![])] {
        samples.chunk(start, 3, &mut chunk);
        samples.fill(&rows, &mut gathered);
        assert_eq!(chunk.len, rows.len());
        assert_eq!((&chunk.x, &chunk.target), (&gathered.x, &gathered.target));
    }
}

/// The batches of one epoch.
fn epoch(batcher: &mut Batcher) -> Vec<Vec<usize>> {
    let end = batcher.epoch().floor() + 1.0;
    let mut batches = Vec::new();
    while batcher.epoch() < end {
        batches.push(batcher.next().to_vec());
    }
    batches
}

#[test]
fn an_epoch_visits_every_row_once_in_an_order_of_its_own() {
    for (rows, batch_size, sizes) in
        [(10, 4, vec![4, 4, 2]), (8, 4, vec![4, 4]), (5, 99, vec![5]), (3, 1, vec![1; 3])]
    {
        let mut batcher = Batcher::new(rows, batch_size, 1);
        for _ in 0..5 {
            let batches = epoch(&mut batcher);
            assert_eq!(batches.iter().map(Vec::len).collect::<Vec<_>>(), sizes);
            let mut all = batches.concat();
            all.sort_unstable();
            assert_eq!(all, (0..rows).collect::<Vec<_>>());
        }
        assert_eq!(batcher.epoch(), 5.0);
    }
    let mut batcher = Batcher::new(100, 100, 1);
    let (first, second) = (epoch(&mut batcher), epoch(&mut batcher));
    assert_ne!(first, second);
    assert!(!first[0].is_sorted());
}

#[test]
fn the_seed_decides_the_order() {
    let batches = |seed| {
        let mut batcher = Batcher::new(50, 8, seed);
        (0..20).map(|_| batcher.next().to_vec()).collect::<Vec<_>>()
    };
    assert_eq!(batches(1), batches(1));
    assert_ne!(batches(1), batches(2));
}

#[test]
fn a_clone_goes_on_as_the_original_would() {
    let mut original = Batcher::new(50, 8, 1);
    for _ in 0..10 {
        original.next();
    }
    let mut clone = original.clone();
    for _ in 0..30 {
        assert_eq!(original.next(), clone.next());
        assert_eq!(original.epoch(), clone.epoch());
    }
}

#[test]
fn the_batch_size_can_change_within_an_epoch() {
    let mut batcher = Batcher::new(10, 4, 1);
    let mut seen = batcher.next().to_vec();
    assert_eq!(batcher.epoch(), 0.4);
    batcher.set_batch_size(5);
    seen.extend(batcher.next());
    assert_eq!(batcher.epoch(), 0.9);
    seen.extend(batcher.next());
    seen.sort_unstable();
    assert_eq!(seen, (0..10).collect::<Vec<_>>());
    // No size at all is taken for 1, so that training goes on.
    batcher.set_batch_size(0);
    assert_eq!(batcher.next().len(), 1);
}

#[test]
fn no_rows_give_no_batches() {
    let mut batcher = Batcher::new(0, 4, 1);
    assert!(batcher.next().is_empty());
    let data = part(Array2::zeros((0, 2)), Target::Classes { labels: vec![], names: vec![] });
    let mut batch = Batch::default();
    Samples::new(&data, Features::default(), 2).chunk(0, 4, &mut batch);
    assert_eq!(batch.len, 0);
}
