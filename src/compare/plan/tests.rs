use std::collections::HashSet;
use std::sync::Arc;

use super::*;
use crate::catalog::Kind;
use crate::compare::record::PROTOCOL;
use crate::compare::standing::Paired;
use crate::compare::{Candidates, Phase, Record, Trial};
use crate::experiment::{parse_picks, parse_recipe, parse_script_recipe};

fn plan(optimizers: &str) -> Plan {
    let experiment = parse_recipe("moons/4-tanh/2-softmax/seed=3,steps=50").unwrap().experiment;
    let optimizers = parse_picks(Kind::Optimizer, optimizers).unwrap();
    let spec = CompareSpec { optimizers, seeds: 4, tuning_seeds: 2, ..CompareSpec::default() };
    Plan::new(&experiment, &spec).unwrap()
}

/// A run that ended with this loss on the rows held out.
fn record(loss: f64) -> Arc<Record> {
    let point = crate::compare::Point {
        step: 50,
        epoch: 1.0,
        train_loss: loss,
        test_loss: loss,
        train_accuracy: None,
        test_accuracy: None,
        seconds: 0.0,
    };
    Arc::new(Record {
        key: String::new(),
        protocol: PROTOCOL,
        arm: "".into(),
        phase: String::new(),
        lr: 0.0,
        seed: 0,
        diverged: None,
        points: vec![point],
        seconds: 0.0,
        wall_seconds: 0.0,
    })
}

#[test]
fn arms_take_turns_from_the_middle_of_the_grid_out() {
    let wanted = plan("sgd,adam,lion").wanted(&Results::default());
    assert_eq!(wanted.len(), 3 * 7 * 2);
    let arms: Vec<_> = wanted[..6].iter().map(|trial| trial.arm).collect();
    assert_eq!(arms, [0, 1, 2, 0, 1, 2]);
    let rates: Vec<_> = wanted.iter().step_by(3).take(7).map(|trial| trial.candidate).collect();
    assert_eq!(rates, [0, -1, 1, -2, 2, -3, 3]);
    assert!(wanted.iter().take(21).all(|trial| trial.seed == wanted[0].seed));
}

#[test]
fn final_runs_are_at_the_best_rate_on_fresh_seeds() {
    let plan = plan("sgd,adam");
    let mut results = Results::default();
    for trial in plan.wanted(&results) {
        // Of arm 0 rate -1 is best, of arm 1 rate 2 on the median of both seeds.
        let loss = (trial.candidate - [-1, 2][trial.arm]).abs();
        results.insert(trial, record(f64::from(loss)));
    }
    let finals: Vec<_> =
        plan.wanted(&results).into_iter().filter(|t| t.phase == Phase::Final).collect();
    assert_eq!(finals.len(), 2 * 4);
    assert!(finals.iter().all(|trial| trial.candidate == [-1, 2][trial.arm]));
    assert!(finals.iter().all(|trial| !plan.tuning_seeds.contains(&trial.seed)));
    for trial in finals {
        results.insert(trial, record(1.0));
    }
    assert_eq!(results.len(), plan.total(&results));
    assert!(plan.wanted(&results).iter().all(|trial| results.get(*trial).is_some()));
}

#[test]
fn final_runs_of_different_seeds_are_no_pair_yet() {
    let plan = plan("sgd,adam");
    let mut results = Results::default();
    for (arm, rest) in [(0, 0), (1, 1)] {
        let trial = Trial { arm, phase: Phase::Final, seed: plan.seeds[rest], candidate: 0 };
        results.insert(trial, record(1.0));
    }
    assert_eq!(Paired::of(&plan, &results), None);
    let trial = Trial { arm: 0, phase: Phase::Final, seed: plan.seeds[1], candidate: 0 };
    results.insert(trial, record(2.0));
    let paired = Paired::of(&plan, &results).unwrap();
    assert_eq!(paired.rank_set(0), Some((1, 2)));
}

/// Runs all that is wanted of an arm, with losses that follow from the rate.
fn all(plan: &Plan, loss: impl Fn(i32) -> f64) -> Results {
    let mut results = Results::default();
    loop {
        let wanted = plan.wanted(&results).into_iter();
        let new: Vec<_> = wanted.filter(|trial| results.get(*trial).is_none()).collect();
        if new.is_empty() {
            return results;
        }
        for trial in new {
            results.insert(trial, record(loss(trial.candidate)));
        }
    }
}

#[test]
fn a_grid_extends_itself_until_the_best_rate_is_inside() {
    let plan = plan("adam");
    let found = |loss: &dyn Fn(i32) -> f64| {
        let results = all(&plan, loss);
        assert_eq!(results.len(), plan.total(&results));
        let ranking = crate::compare::Ranking::of(&plan, &results);
        let standing = &ranking.standings[0];
        assert!(standing.complete && ranking.complete());
        (plan.tried(0, &results), standing.best.unwrap().0, standing.edge)
    };
    let best_at = |best: i32| move |rate: i32| f64::from((rate - best).abs());
    assert_eq!(found(&best_at(1)), (-3..=3, 1, None));
    assert_eq!(found(&best_at(3)), (-3..=4, 3, None));
    assert_eq!(found(&best_at(6)), (-3..=7, 6, None));
    assert_eq!(found(&best_at(-5)), (-6..=3, -5, None));
    // There is an end to it, which is told.
    assert_eq!(found(&best_at(40)), (-3..=13, 13, Some(crate::compare::Edge::High)));
    // Where all rates diverge, a smaller one may not; where all are alike, none is worth trying.
    let diverging = |rate: i32| if rate > -6 { f64::INFINITY } else { f64::from(rate.abs()) };
    assert_eq!(found(&diverging), (-7..=3, -6, None));
    assert_eq!(found(&|_| 1.0).0, -3..=3);
    // One that is given stays as it is.
    let mut given = plan.clone();
    given.arms[0].candidates =
        Candidates::Rates(crate::experiment::Rates::Around(7).grid(0.001).unwrap());
    let results = all(&given, best_at(6));
    assert_eq!(given.tried(0, &results), -3..=3);
}

#[test]
fn rows_that_are_fixed_are_split_by_the_master_seed() {
    for (data, own, fixed) in
        [("iris/3", None, true), ("moons/2", None, false), ("moons/2", Some(9), false)]
    {
        let mut experiment = parse_recipe(&format!("{data}/steps=5,seed=3")).unwrap().experiment;
        experiment.data.seed = own;
        let optimizers = parse_picks(Kind::Optimizer, "sgd").unwrap();
        let spec = CompareSpec { optimizers, ..CompareSpec::default() };
        let plan = Plan::new(&experiment, &spec).unwrap();
        let seed = if fixed { Some(3) } else { experiment.data.seed };
        for trial in plan.wanted(&Results::default()) {
            assert_eq!(plan.script(trial).start().data.seed, seed, "{data}");
        }
    }
}

#[test]
fn halving_shares_time_equally() {
    let mut plan = plan("sgd,adam");
    plan.budget = Some(Budget { wall: Duration::from_secs(80), jobs: 1 });
    let mut results = Results::default();
    let mut spent = [Duration::ZERO; 2];
    let mut rounds = Vec::new();
    loop {
        let new: Vec<_> =
            plan.wanted(&results).into_iter().filter(|t| results.get(*t).is_none()).collect();
        if new.is_empty() {
            break;
        }
        rounds.push(new.len() / 2);
        for trial in new {
            spent[trial.arm] += plan.limit(trial).unwrap();
            results.insert(trial, record(f64::from(trial.candidate)));
        }
    }
    assert_eq!(rounds, [7, 4, 2, 4]);
    assert_eq!(results.len(), plan.total(&results));
    for spent in spent {
        assert!((spent.as_secs_f64() - 40.0).abs() < 1e-3, "{spent:?}");
    }
}

#[test]
fn time_is_kept_whatever_the_number_of_jobs() {
    let mut plan = plan("sgd,adam");
    for jobs in [1, 2, 3, 16, 64] {
        let wall = Duration::from_secs(80);
        plan.budget = Some(Budget { wall, jobs });
        let (mut results, mut taken) = (Results::default(), Duration::ZERO);
        loop {
            let wanted = plan.wanted(&results).into_iter();
            let new: Vec<_> = wanted.filter(|t| results.get(*t).is_none()).collect();
            let Some(first) = new.first() else { break };
            taken += plan.limit(*first).unwrap() * new.len().div_ceil(jobs) as u32;
            for trial in new {
                results.insert(trial, record(f64::from(trial.candidate)));
            }
        }
        assert!(taken.abs_diff(wall) < Duration::from_millis(1), "{jobs} jobs: {taken:?}");
    }
}

#[test]
fn keys_depend_on_the_run_and_on_nothing_else() {
    let (small, large) = (plan("adam"), plan("sgd,adam"));
    let trial = |arm, seed| Trial { arm, phase: Phase::Tuning(0), seed, candidate: 2 };
    assert_eq!(small.key(trial(0, 5)), large.key(trial(1, 5)));
    let wanted = large.wanted(&Results::default());
    let keys: HashSet<_> = wanted.iter().map(|trial| large.key(*trial)).collect();
    assert_eq!(keys.len(), wanted.len());
    let last = Trial { phase: Phase::Final, ..trial(0, 5) };
    assert_ne!(small.key(trial(0, 5)), small.key(last));
    let mut timed = small.clone();
    timed.budget = Some(Budget { wall: Duration::from_secs(1), jobs: 1 });
    assert_ne!(small.key(last), timed.key(last));
}

#[test]
fn more_seeds_begin_with_the_same_ones() {
    let (few, tuning) = seeds(7, 3, 2);
    let (many, more) = seeds(7, 9, 4);
    assert_eq!((&many[..3], &more[..2]), (&few[..], &tuning[..]));
    let all: HashSet<_> = many.iter().chain(&more).collect();
    assert_eq!(all.len(), 13);
    assert!(seeds(8, 9, 0).0.iter().all(|seed| !many.contains(seed)));
}

#[test]
fn a_key_depends_on_the_edits() {
    let plan = |edit: &str| {
        let recipe = format!("moons/4-tanh/2-softmax/seed=3,steps=50{edit}");
        let script = parse_script_recipe(&recipe).unwrap().script;
        let optimizers = parse_picks(Kind::Optimizer, "adam").unwrap();
        Plan::new(script, &CompareSpec { optimizers, ..CompareSpec::default() })
    };
    let keys = ["", "/@5:train.l2=0.1", "/@6:train.l2=0.1", "/@6:train.l2=0.2"].map(|edit| {
        let plan = plan(edit).unwrap();
        let wanted = plan.wanted(&Results::default());
        wanted.into_iter().map(|trial| plan.key(trial)).collect::<Vec<_>>()
    });
    let distinct: HashSet<_> = keys.iter().flatten().collect();
    assert_eq!(distinct.len(), 4 * keys[0].len());
    let error = plan("/@5:train.steps=90").unwrap_err();
    assert!(error.contains("the edit at step 5 is of `train.steps`"), "{error}");
}

#[test]
fn edits_that_no_run_comes_to_are_warned_of() {
    let script = parse_script_recipe("moons/4-tanh/2/steps=50/@50:train.l2=0.1").unwrap().script;
    let optimizers = parse_picks(Kind::Optimizer, "adam").unwrap();
    let plan = Plan::new(script, &CompareSpec { optimizers, ..CompareSpec::default() }).unwrap();
    let ranking = crate::compare::Ranking::of(&plan, &Results::default());
    let warning = crate::compare::Warning::Unreached { arm: 0, step: 50 };
    assert!(ranking.warnings(&plan).contains(&warning));
}
