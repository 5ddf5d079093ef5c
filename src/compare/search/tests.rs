use super::*;
use crate::catalog::Kind;
use crate::compare::standing::near_ends;
use crate::compare::{Arm, Edge, Plan, Warning};
use crate::experiment::{CompareSpec, parse_picks, parse_script_recipe};

fn planned(recipe: &str, optimizers: &str, tune: &str, trials: usize) -> Result<Plan, String> {
    let script = parse_script_recipe(recipe).unwrap().script;
    let spec = CompareSpec {
        optimizers: parse_picks(Kind::Optimizer, optimizers).unwrap(),
        tune: tune.split(',').map(str::to_owned).collect(),
        trials,
        ..CompareSpec::default()
    };
    Plan::new(script, &spec)
}

fn search(arm: &Arm) -> &Search {
    arm.candidates.search().unwrap()
}

const MOONS: &str = "moons/4-tanh/2-softmax/seed=3,steps=50";

#[test]
fn points_are_spread_evenly_and_begin_alike() {
    for dimensions in 1..=6 {
        let first: Vec<Vec<f64>> = points(7, dimensions).take(64).collect();
        let again: Vec<Vec<f64>> = points(7, dimensions).take(1000).collect();
        assert_eq!(first, again[..64]);
        assert_ne!(first, points(8, dimensions).take(64).collect::<Vec<_>>());
        // In each coordinate every sixteenth has its share of the points, which chance does not give.
        for axis in 0..dimensions {
            let mut counts = [0; 16];
            for point in &again[..256] {
                assert!((0.0..1.0).contains(&point[axis]));
                counts[(point[axis] * 16.0) as usize] += 1;
            }
            assert!(counts.iter().all(|n| (8..=24).contains(n)), "{dimensions} {axis} {counts:?}");
        }
    }
    // Of two coordinates no square of 8 × 8 is empty after 200 points.
    let mut counts = [0; 64];
    for point in points(7, 2).take(200) {
        counts[(point[0] * 8.0) as usize * 8 + (point[1] * 8.0) as usize] += 1;
    }
    assert!(counts.iter().all(|n| *n > 0), "{counts:?}");
    let golden = steps(1)[0] as f64 / 2f64.powi(64);
    assert!((golden - 0.618_033_988_749_894_9).abs() < 1e-15, "{golden}");
}

#[test]
fn the_first_trial_is_at_the_defaults() {
    let paths = "optimizer.lr,optimizer.momentum,optimizer.betas,optimizer.weight_decay";
    let plan = planned(MOONS, "sgd:lr=0.3,adam,rprop", paths, 12).unwrap();
    let [sgd, adam, rprop] = &plan.arms[..] else { panic!() };
    for arm in [sgd, adam] {
        assert_eq!(arm.at(0), arm.script);
        assert_eq!(search(arm).len(), 12);
    }
    assert_eq!(
        sgd.assignments(0),
        ["optimizer.lr=0.3", "optimizer.momentum=0", "optimizer.weight_decay=0"]
    );
    let settings: Vec<String> = search(adam).settings(5).map(|it| it.0.to_string()).collect();
    assert_eq!(settings, ["optimizer.lr", "optimizer.betas", "optimizer.weight_decay"]);
    // What is said of a trial is what is run in it.
    for arm in [sgd, adam] {
        for candidate in arm.candidates.start() {
            let set = arm.assignments(candidate);
            let start = arm.script.start().with_overrides(&set).unwrap();
            assert_eq!(*arm.at(candidate).start(), start, "{set:?}");
        }
    }
    // Of these settings it has the rate alone.
    assert_eq!(rprop.assignments(0), ["optimizer.lr=0.01"]);
    let other = planned(MOONS, "sgd,rprop", "optimizer.momentum", 12).unwrap();
    assert!(search(&other.arms[1]).is_empty());
    assert_eq!(search(&other.arms[1]).len(), 1);
    let tuning = other.tuning_trials();
    assert!(tuning.iter().all(|trial| trial.arm == 0), "{tuning:?}");
    assert_eq!(tuning.len(), 12 * other.tuning_seeds.len());
}

#[test]
fn more_trials_begin_with_the_same_ones() {
    let paths = "optimizer.lr,optimizer.momentum";
    let [few, many] = [5, 30].map(|trials| planned(MOONS, "sgd", paths, trials).unwrap());
    let tried = |plan: &Plan| {
        (0..5).map(|candidate| plan.arms[0].assignments(candidate)).collect::<Vec<_>>()
    };
    assert_eq!(tried(&few), tried(&many));
    assert_eq!(few.tuning_trials().len(), 5 * 5);
    let keys = |plan: &Plan| plan.tuning_trials().iter().map(|it| plan.key(*it)).collect();
    let (few, many): (Vec<String>, Vec<String>) = (keys(&few), keys(&many));
    assert!(few.iter().all(|key| many.contains(key)));
    // Those of another seed are others.
    let other = planned(&MOONS.replace("seed=3", "seed=4"), "sgd", paths, 5).unwrap();
    assert_ne!(
        other.arms[0].assignments(1),
        planned(MOONS, "sgd", paths, 5).unwrap().arms[0].assignments(1)
    );
}

#[test]
fn rates_keep_their_ratio_and_edits_stay() {
    let recipe = "moons/4-tanh@sgd:lr=0.1/2-softmax/optimizer=sgd,lr=0.2,steps=50\
                  /@10:optimizer.weight_decay=0.5/@20:optimizer.lr=0.02";
    let script = parse_script_recipe(recipe).unwrap().script;
    let arm = crate::experiment::ArmSpec { name: "a".into(), set: Vec::new() };
    let tune = ["optimizer.lr", "optimizer.weight_decay"].map(str::to_owned).to_vec();
    let spec = CompareSpec { arms: vec![arm], tune, trials: 4, ..CompareSpec::default() };
    let plan = Plan::new(script, &spec).unwrap();
    for candidate in 1..4 {
        let script = plan.arms[0].at(candidate);
        let at = |step: u64, key: &str| script.at(step).optimizer.number(key);
        let layer = script.start().layers[0].optimizer.as_ref().unwrap().number("lr");
        assert!((layer / at(0, "lr") - 0.5).abs() < 1e-12);
        assert!((at(20, "lr") / at(0, "lr") - 0.1).abs() < 1e-12);
        let decay = at(0, "weight_decay");
        assert!((1e-6..=1e-2).contains(&decay), "{decay}");
        assert_eq!(at(10, "weight_decay"), 0.5);
    }
}

#[test]
fn what_cannot_be_tuned_is_refused_with_the_nearest_name() {
    for (optimizers, tune, said) in [
        ("sgd", "optimizer.momentun", "did you mean `optimizer.momentum`?"),
        ("adam", "optimizer.momentum", "no arm has the setting `optimizer.momentum`"),
        ("sgd", "optimizer", "only parameters"),
        ("sgd", "train.batch_size", "only parameters"),
        ("sgd", "optimizer.nesterov", "does not say where it is searched"),
        ("sgd", "data.noise", "does not say where it is searched"),
        ("sgd", "optimiser", "there is no setting `optimiser` to tune"),
        ("sgd:lr=0", "optimizer.lr", "the learning rate 0"),
    ] {
        let error = planned(MOONS, optimizers, tune, 3).unwrap_err();
        assert!(error.contains(said), "{tune}: {error}");
    }
    // Not every momentum goes with Nesterov's.
    assert!(planned(MOONS, "sgd:momentum=0.9,nesterov=true", "optimizer.momentum", 50).is_ok());
}

#[test]
fn trials_at_the_ends_of_their_ranges_are_warned_of() {
    let plan = planned(MOONS, "sgd", "optimizer.lr", 200).unwrap();
    let range = search(&plan.arms[0]).settings(0).next().unwrap().0.param.unwrap().search.unwrap();
    let (low, high) = (range.at(0.05), range.at(0.95));
    let mut met = [0; 3];
    for candidate in 1..200 {
        let lr = search(&plan.arms[0]).lr(candidate).unwrap();
        let warned: Vec<_> = near_ends(&plan, 0, candidate).collect();
        let near =
            |edge| Warning::NearEnd { arm: 0, setting: "optimizer.lr".into(), value: lr, edge };
        let (kind, expected) = match lr {
            lr if lr < low => (0, vec![near(Edge::Low)]),
            lr if lr > high => (1, vec![near(Edge::High)]),
            _ => (2, Vec::new()),
        };
        assert!(warned == expected || lr == low || lr == high, "{candidate}: {lr} {warned:?}");
        met[kind] += 1;
    }
    assert!(met.iter().all(|times| *times >= 5), "{met:?}");
    // The first trial is of the defaults, which are where they are for another reason.
    assert!(near_ends(&plan, 0, 0).next().is_none());
}
