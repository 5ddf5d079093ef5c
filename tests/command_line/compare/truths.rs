//! Problems whose answer is known: the ranking must say so.

use std::collections::HashSet;
use std::sync::Arc;

use crossbeam_channel::bounded;
use gradlab::catalog::Kind;
use gradlab::compare::{
    Ending, Event, Phase, Plan, Race, Ranking, Record, Results, Standing, Trial, VALIDATION,
    Verdict, Warning,
};
use gradlab::experiment::{
    ArmSpec, CompareSpec, Script, load, parse_picks, parse_recipe, parse_script_recipe,
};
use gradlab::train::{Problem, Session};

fn race(base: impl Into<Script>, spec: &CompareSpec, jobs: usize) -> (Arc<Plan>, Results) {
    let plan = Arc::new(Plan::new(base, spec).unwrap());
    let (wake, _woken) = bounded(1);
    let race = Race::start(Arc::clone(&plan), jobs, None, &wake);
    let mut results = Results::default();
    for event in &race.events {
        match event {
            Event::Finished { trial, record, .. } => results.insert(trial, record),
            Event::NotKept(_) => {}
            Event::Ended(ending) => {
                assert_eq!(ending, Ending::Complete);
                break;
            }
        }
    }
    (plan, results)
}

fn spec(optimizers: &str, seeds: usize) -> CompareSpec {
    CompareSpec {
        optimizers: parse_picks(Kind::Optimizer, optimizers).unwrap(),
        seeds,
        tuning_seeds: 2,
        ..CompareSpec::default()
    }
}

#[test]
fn identical_arms_tie_for_every_master_seed() {
    let arm =
        |name: &str| ArmSpec { name: name.into(), set: vec!["optimizer=adam:lr=0.01".to_owned()] };
    let spec = CompareSpec { arms: vec![arm("one"), arm("two")], seeds: 6, ..spec("adam", 6) };
    let spec = CompareSpec { optimizers: Vec::new(), rates: "3".parse().unwrap(), ..spec };
    for seed in 1..=20 {
        let recipe = format!("moons:samples=60/4-tanh/2-softmax/steps=30,seed={seed}");
        let experiment = parse_recipe(&recipe).unwrap().experiment;
        let (plan, results) = race(&experiment, &spec, 2);
        let ranking = Ranking::of(&plan, &results);
        let versus = ranking.standings[1].versus.unwrap();
        assert_eq!((versus.verdict, versus.counts.equal), (Verdict::Same, 6), "seed {seed}");
        assert_eq!(versus.p, 1.0);
        assert_eq!(ranking.standings[0].test_loss, ranking.standings[1].test_loss);
    }
}

/// Linear regression, full batch, whose squared error is a quadratic of condition 1000, its axes
/// those of the weights or turned by 45°. An adaptive rate for each weight undoes the first and
/// cannot undo the second, while momentum does not see the difference.
fn valley(angle: u32) -> (Arc<Plan>, Results) {
    let recipe = format!("valley:angle={angle}/1/batch_size=1000,steps=200");
    let experiment = parse_recipe(&recipe).unwrap().experiment;
    let rates = "0.01:10:13".parse().unwrap();
    let spec = CompareSpec { rates, ..spec("sgd:momentum=0.9,adam", 8) };
    race(&experiment, &spec, 2)
}

fn places(plan: &Plan, ranking: &Ranking) -> Vec<String> {
    ranking.standings.iter().map(|standing| plan.arms[standing.arm].name.raw().to_owned()).collect()
}

#[test]
fn along_the_axes_adam_wins_and_turned_it_loses() {
    for (angle, order) in [(0, ["adam", "sgd:momentum=0.9"]), (45, ["sgd:momentum=0.9", "adam"])] {
        let (plan, results) = valley(angle);
        let ranking = Ranking::of(&plan, &results);
        assert_eq!(places(&plan, &ranking), order, "{angle}°");
        let versus = ranking.standings[1].versus.unwrap();
        assert_eq!(
            (versus.verdict, versus.counts.worse),
            (Verdict::Worse, 8),
            "{angle}°: {versus:?}"
        );
        assert!(ranking.warnings(&plan).is_empty(), "{:?}", ranking.warnings(&plan));
    }
}

#[test]
fn an_arm_that_always_diverges_is_shown_and_stops_nobody() {
    let experiment = parse_recipe("valley:condition=1/1/steps=600,batch_size=1000").unwrap();
    // From a rate of 2 on, this quadratic throws plain SGD out for good.
    let spec = CompareSpec { rates: "10:1000:3".parse().unwrap(), ..spec("sgd,adam", 2) };
    let (plan, results) = race(&experiment.experiment, &spec, 2);
    let ranking = Ranking::of(&plan, &results);
    assert!(ranking.complete());
    assert_eq!(places(&plan, &ranking), ["adam", "sgd"]);
    let sgd: &Standing = &ranking.standings[1];
    assert_eq!(sgd.diverged, (8, 8));
    assert_eq!(sgd.test_loss.unwrap().median, f64::INFINITY);
    assert!(ranking.warnings(&plan).contains(&Warning::AlwaysDiverged { arm: 0 }));
}

#[test]
fn results_do_not_depend_on_the_number_of_threads() {
    let experiment = parse_recipe("moons:samples=80/6-tanh/2-softmax/steps=60").unwrap().experiment;
    let spec =
        CompareSpec { target: Some("test_loss<0.5".parse().unwrap()), ..spec("sgd,adam", 3) };
    let timeless = |jobs| {
        let (plan, results) = race(&experiment, &spec, jobs);
        let records: Vec<_> = (0..2)
            .flat_map(|arm| {
                results.of_arm(arm).map(|(trial, record)| (trial, Record::clone(record)))
            })
            .map(|(trial, mut record)| {
                (record.seconds, record.wall_seconds) = (0.0, 0.0);
                record.points.iter_mut().for_each(|point| point.seconds = 0.0);
                (trial, record)
            })
            .collect();
        (records, Ranking::of(&plan, &results).standings.len())
    };
    assert_eq!(timeless(1), timeless(3));
}

#[test]
fn a_final_run_is_what_gradlab_run_makes_of_it() {
    for recipe in
        ["iris/8-tanh/3-softmax/steps=50", "iris/8-tanh/3-softmax/steps=50/@20:optimizer.lr=0.1"]
    {
        let script = parse_script_recipe(recipe).unwrap().script;
        let (plan, results) = race(&script, &spec("adam,sgd", 1), 2);
        let (trial, record) = results.of_arm(0).last().unwrap();
        assert_eq!(trial.phase, Phase::Final);
        let own = plan.script(trial);
        assert_eq!(own.edits().len(), script.edits().len());
        let mut session = Session::of_script(&own, Problem::load(own.start()).unwrap());
        while !session.finished() {
            session.step().unwrap();
        }
        assert_eq!(session.evaluate().test_loss, record.points.last().unwrap().test_loss);
    }
}

/// Of tables the test rows of every run are the same, no rate is ever tuned on them, and each seed holds
/// out other rows for validation.
#[test]
fn test_rows_are_disjoint_from_all_tuning_rows() {
    let rows = |part: &gradlab::data::Part| -> HashSet<Vec<u32>> {
        // Undone what the standardisation did, which goes by the training rows.
        let row = |row: ndarray::ArrayView1<'_, f32>| {
            let source = row.iter().zip(&part.scaling);
            source
                .map(|(x, scaling)| (scaling.undo(f64::from(*x)) as f32 * 1000.0).round().to_bits())
                .collect()
        };
        part.x.rows().into_iter().map(row).collect()
    };
    for name in ["digits", "wine"] {
        let experiment = load(name).unwrap().experiment;
        let plan = Plan::new(&experiment, &spec("sgd,adam", 4)).unwrap();
        let script = |phase, seed| plan.script(Trial { arm: 0, phase, candidate: 0, seed });
        let finals = plan.seeds.iter().map(|&seed| script(Phase::Final, seed));
        let tests: Vec<_> =
            finals.map(|it| rows(&Problem::load(it.start()).unwrap().split.test)).collect();
        assert!(tests.iter().all(|test| *test == tests[0]), "{name}");
        let tuning = plan.tuning_seeds.iter().map(|&seed| script(Phase::Tuning(0), seed));
        let mut held: Vec<HashSet<Vec<u32>>> = Vec::new();
        for it in tuning {
            let problem = Problem::load_for_tuning(it.start(), VALIDATION).unwrap();
            let (train, validation) = (rows(&problem.split.train), rows(&problem.split.test));
            assert!(tests[0].is_disjoint(&train) && tests[0].is_disjoint(&validation), "{name}");
            held.push(validation);
        }
        assert!(held[0] != held[1], "{name}");
    }
}

#[test]
fn in_tuning_the_test_rows_are_in_neither_part() {
    for name in ["iris", "moons/2", "penguins"] {
        let experiment = load(name).unwrap().experiment;
        let whole = Problem::load(&experiment).unwrap();
        let tuning = Problem::load_for_tuning(&experiment, VALIDATION).unwrap();
        let (rows, held) = (tuning.train.len(), tuning.test.len());
        assert_eq!(rows + held, whole.train.len(), "{name}");
        assert!((held as f64 / (rows + held) as f64 - VALIDATION).abs() < 0.02, "{name}");
    }
    // Of this one the rows are not standardised, so that they can be told apart.
    let experiment = load("moons/2").unwrap().experiment;
    let whole = Problem::load(&experiment).unwrap();
    let tuning = Problem::load_for_tuning(&experiment, VALIDATION).unwrap();
    let rows = |x: &ndarray::ArcArray2<f32>| -> HashSet<Vec<u32>> {
        x.rows().into_iter().map(|row| row.iter().map(|x| x.to_bits()).collect()).collect()
    };
    let test = rows(&whole.split.test.x);
    let (train, held) = (rows(&tuning.split.train.x), rows(&tuning.split.test.x));
    assert!(test.is_disjoint(&train) && test.is_disjoint(&held) && train.is_disjoint(&held));
}
