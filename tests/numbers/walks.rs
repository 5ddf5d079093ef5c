//! Walks: what each that comes with the program says is what happens.

use gradlab::experiment::walk::{WALKS, Walk, preset};
use gradlab::train::descent::{Outcome, Path};

fn outcomes(walk: &Walk) -> Vec<Outcome> {
    walk.walkers.iter().map(|walker| Path::of(walk, walker).outcome).collect()
}

fn arrivals(walk: &Walk) -> Vec<Option<u64>> {
    outcomes(walk).into_iter().map(|it| it.arrived).collect()
}

#[test]
fn every_walk_reads_and_says_what_to_look_at() {
    let files = std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/presets/walks")).unwrap();
    assert_eq!(WALKS.all().len(), files.count());
    assert_eq!(WALKS.all()[0].name, preset::DEFAULT);
    for it in WALKS.all() {
        let walk = it.get();
        assert!(!it.title().is_empty() && !it.about().contains('\n'), "{}", it.name);
        for letter in ('A'..).take(walk.walkers.len()) {
            assert!(
                it.about().contains(&format!("({letter})")),
                "{} tells nothing of {letter}",
                it.name
            );
        }
        for path in walk.walkers.iter().map(|walker| Path::of(walk, walker)) {
            assert_eq!(path.outcome.diverged, None, "{}", it.name);
        }
    }
}

#[test]
fn in_the_ravine_momentum_is_first_at_the_best_rate_of_each() {
    let ravine = WALKS.load("ravine").unwrap();
    assert_eq!(arrivals(&ravine), [Some(93), Some(21)]);
    // On a quadratic the best rates are known (Polyak 1964): no other arrives sooner.
    for (index, parameters) in [(0, "lr"), (1, "lr"), (1, "momentum")] {
        for factor in [0.9, 1.1] {
            let mut other = ravine.clone();
            let pick = &mut other.walkers[index].optimizer;
            let value = pick.number(parameters) * factor;
            pick.set(parameters, gradlab::spec::Value::Number(value)).unwrap();
            let end = |walk: &Walk| {
                let path = Path::of(walk, &walk.walkers[index]);
                path.points.last().map(|[x, y]| x.hypot(*y)).unwrap()
            };
            assert!(end(&other) > end(&ravine), "{parameters} × {factor}");
        }
    }
}

#[test]
fn off_the_saddle_rmsprop_is_first_and_sgd_last() {
    let left: Vec<_> =
        outcomes(&WALKS.load("saddle").unwrap()).into_iter().map(|it| it.left).collect();
    assert_eq!(left, [Some(80), Some(30), Some(36), Some(5)]);
}

#[test]
fn a_turned_valley_costs_rates_for_each_coordinate_but_not_momentum() {
    let turned = WALKS.load("turned-valley").unwrap();
    assert_eq!(arrivals(&turned), [Some(143), Some(21), Some(240)]);
    let ravine = WALKS.load("ravine").unwrap();
    let straight = Walk { surface: ravine.surface, start: ravine.start, ..turned };
    assert_eq!(arrivals(&straight), [Some(55), Some(21), Some(61)]);
}

#[test]
fn on_the_plateau_sgd_goes_nowhere() {
    let plateau = WALKS.load("plateau").unwrap();
    assert_eq!(arrivals(&plateau), [None, Some(243), Some(60), Some(30)]);
    let end = Path::of(&plateau, &plateau.walkers[0]).end;
    assert!((end[0] - plateau.start[0]).hypot(end[1] - plateau.start[1]) < 0.05, "{end:?}");
}

#[test]
fn in_the_noisy_bowl_only_the_schedule_comes_to_stay() {
    let noisy = WALKS.load("noisy-bowl").unwrap();
    assert_eq!(arrivals(&noisy), [None, Some(233), None]);
    // The high rate has been there, the low one never.
    let reach = outcomes(&noisy)[0].reach();
    let been = |index: usize| {
        let path = Path::of(&noisy, &noisy.walkers[index]);
        path.points.iter().any(|[x, y]| x.hypot(*y) <= reach)
    };
    assert!(been(0) && !been(2));
}

#[test]
fn along_the_valley_of_rosenbrock_curvature_is_first_and_sgd_last() {
    let walk = WALKS.load("rosenbrock").unwrap();
    assert_eq!(arrivals(&walk), [Some(797), Some(177), Some(641), Some(2)]);
    let mut faster = walk.clone();
    faster.walkers[0].optimizer.set_text("lr", "0.0025").unwrap();
    assert!(outcomes(&faster)[0].diverged.is_some());
}
