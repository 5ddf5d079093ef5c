use super::*;
use crate::experiment;
use crate::train::probe::{Requests, Snapshot, View, observe};
use crate::train::{Problem, Session};

const LAYERS: Requests = Requests { layers: true, ..Requests::NONE };

fn way(branch: u32, end: u64) -> Stretch {
    Stretch { branch: BranchId(branch), end }
}

/// A layer whose weights have this value.
fn state(value: f32) -> LayerState {
    LayerState::of_weights(&[value, -value])
}

fn weights(columns: &[&Column]) -> u64 {
    columns.iter().map(|it| it.layers[0].spread(Quantity::Weights).count()).sum()
}

#[test]
fn eight_layers_over_ten_million_steps_stay_within_8_mb() {
    let mut strips = Strips::default();
    let layers = vec![state(0.5); 8];
    let looks = 10_000_000 / 999;
    for look in 1..=looks {
        strips.add(BranchId(0), look * 999, &layers);
        assert!(strips.bytes() <= BOUND && BOUND + DETAIL <= 8_000_000);
    }
    let way = [way(0, u64::MAX)];
    let columns: Vec<_> = strips.columns(&way).collect();
    assert!(columns.len() >= 96, "{}", columns.len());
    assert_eq!(weights(&columns), 2 * looks, "no value is lost");
    assert!(columns.is_sorted_by(|a, b| a.last < b.first));
}

#[test]
fn branches_have_a_past_of_their_own() {
    let mut strips = Strips::default();
    for step in [0, 10, 20, 30] {
        strips.add(BranchId(0), step, &[state(1.0)]);
    }
    strips.add(BranchId(1), 15, &[state(2.0)]);
    let steps = |way: &[Stretch]| strips.columns(way).map(|it| it.first).collect::<Vec<_>>();
    assert_eq!(steps(&[way(0, u64::MAX)]), [0, 10, 20, 30]);
    assert_eq!(steps(&[way(0, 12), way(1, u64::MAX)]), [0, 10, 15]);
    assert_eq!(steps(&[way(7, u64::MAX)]), [] as [u64; 0]);
}

#[test]
fn what_is_looked_at_again_fills_gaps_and_counts_once() {
    let mut strips = Strips::default();
    for step in [10, 30, 20, 30, 10, 40] {
        strips.add(BranchId(0), step, &[state(1.0)]);
    }
    let way = [way(0, u64::MAX)];
    let columns: Vec<_> = strips.columns(&way).collect();
    assert_eq!(columns.iter().map(|it| it.first).collect::<Vec<_>>(), [10, 20, 30, 40]);
    assert_eq!(weights(&columns), 8);
}

#[test]
fn a_part_is_kept_as_fine_as_it_comes() {
    let mut strips = Strips::new(DETAIL);
    let layers = vec![state(0.5); 8];
    for step in (0..100_000).step_by(50) {
        strips.add(BranchId(0), step, &layers);
    }
    strips.keep(90_000, 91_000);
    let way = [way(0, u64::MAX)];
    assert!(strips.columns(&way).all(|it| it.last >= 90_000 && it.first <= 91_000));
    strips.keep(3, 7);
    for step in 1..72 {
        strips.add(BranchId(0), step, &layers);
    }
    assert_eq!(strips.columns(&way).count(), 71, "each has its own column");
}

#[test]
fn many_branches_stay_within_the_bound_as_well() {
    let mut strips = Strips::default();
    let layers = vec![state(0.5); 100];
    for branch in 0..40 {
        for step in 0..40 {
            strips.add(BranchId(branch), step, &layers);
        }
        assert!(strips.bytes() <= BOUND);
    }
    let way = [way(39, u64::MAX)];
    assert_eq!(strips.columns(&way).last().map(|it| it.last), Some(39));
}

#[test]
fn they_are_of_what_the_run_went_through() {
    let experiment = experiment::load("moons/6-relu+batch_norm/4-tanh/2-softmax/seed=3").unwrap();
    let experiment = experiment.experiment;
    let problem = Problem::load(&experiment).unwrap();
    let mut session = Session::new(&experiment, problem);
    let before = session.engine().parameters();
    let motion = session.advance(1, |_| {}).unwrap();
    let snapshot = Snapshot::of(session.engine(), 1, motion.clone());
    let layers = observe(&snapshot, View::of(LAYERS)).layers.unwrap();
    assert_eq!(layers.len(), 3);
    for (index, layer) in layers.iter().enumerate() {
        let stats = motion[index].stats;
        assert_eq!(layer.motion, Some(stats));
        let close = |a: f64, b: f64| (a - b).abs() <= 1e-6 * b.abs();
        let norm = |quantity| layer.spread(quantity).norm();
        assert!(close(norm(Quantity::Gradients), stats.gradient_norm));
        let size: f64 = before[index].weights().map(|w| f64::from(*w).powi(2)).sum();
        assert!(close(norm(Quantity::Updates) / size.sqrt(), stats.update_ratio.unwrap()));
        let rows = 256.min(snapshot.problem.train.len()) as u64;
        let units = experiment.layers[index].units as u64;
        for quantity in [Quantity::Activations, Quantity::PreActivations] {
            assert_eq!(layer.spread(quantity).count(), rows * units);
        }
    }
    let least =
        |layer: usize, quantity| layers[layer].spread(quantity).moments().range().unwrap().0;
    assert_eq!(least(0, Quantity::Activations), 0.0, "relu");
    assert!(least(0, Quantity::PreActivations) < 0.0);
    assert!(least(1, Quantity::Activations) >= -1.0, "tanh");
    // Train's panel of the weights says the same.
    let view =
        View { requests: Requests { weights: true, ..Requests::NONE }, bins: 9, ..View::default() };
    for (histogram, layer) in observe(&snapshot, view).weights.unwrap().iter().zip(&layers) {
        let spread = layer.spread(Quantity::Weights).moments();
        assert_eq!(spread.range(), Some((histogram.min, histogram.max)));
        assert_eq!((spread.mean(), spread.std()), (Some(histogram.mean), Some(histogram.std)));
    }
}
