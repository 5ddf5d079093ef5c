//! Learning-rate schedules against PyTorch's numbers and against their formulas, and what they do
//! in a run.

use std::collections::BTreeSet;
use std::sync::Arc;

use anyhow::{Context, Result, ensure};
use gradlab::catalog::{self, Kind};
use gradlab::experiment::{Experiment, load, parse_recipe};
use gradlab::spec::{Pick, Value};
use gradlab::train::{Problem, Session};
use serde::Deserialize;

const REFERENCE: &str = include_str!("../reference/schedules.json");
const BASE: f64 = 0.1;

#[derive(Deserialize)]
struct File {
    cases: Vec<Case>,
}

#[derive(Deserialize)]
struct Case {
    name: String,
    params: serde_json::Map<String, serde_json::Value>,
    base_lr: f64,
    lr: Vec<f64>,
}

impl Case {
    fn pick(&self) -> Result<Pick> {
        let mut pick = Kind::Schedule.pick(&self.name)?;
        for (key, value) in &self.params {
            let value = match value {
                serde_json::Value::Array(xs) => {
                    Value::List(xs.iter().filter_map(serde_json::Value::as_f64).collect())
                }
                serde_json::Value::String(word) => Value::Word(word.clone()),
                number => match number.as_i64() {
                    Some(n) => Value::Integer(n),
                    None => Value::Number(number.as_f64().context("a number")?),
                },
            };
            pick.set(key, value)?;
        }
        Ok(pick)
    }
}

fn check(what: &str, ours: &[f64], reference: &[f64]) -> Result<()> {
    ensure!(ours.len() == reference.len(), "{what}: {} rates", ours.len());
    for (step, (ours, reference)) in ours.iter().zip(reference).enumerate() {
        let close = (ours - reference).abs() <= 1e-6 * reference.abs() + 1e-15;
        ensure!(close, "{what}: {ours} at step {step}, the reference {reference}");
    }
    Ok(())
}

#[test]
fn reference_schedules() -> Result<()> {
    let cases = serde_json::from_str::<File>(REFERENCE)?.cases;
    assert!(cases.len() >= 10);
    for case in cases {
        let steps = case.lr.len() as u64;
        check(&case.name, &catalog::rates(&case.pick()?, case.base_lr, steps, |_| 1.0), &case.lr)?;
    }
    Ok(())
}

/// Schedules with the first rates of a run of ten steps at a rate of 0.1, worked out by hand.
const BY_HAND: &[(&str, &[f64])] = &[
    ("none", &[0.1; 10]),
    // Every length is a share of the run.
    ("step", &[0.1, 0.1, 0.1, 0.1, 0.01, 0.01, 0.01, 0.01, 0.001, 0.001]),
    ("multi_step", &[0.1, 0.1, 0.1, 0.1, 0.1, 0.01, 0.01, 0.01, 0.001, 0.001]),
    ("multi_step:milestones=1:3", &[0.1, 0.01, 0.01, 0.001]),
    ("polynomial", &[0.1, 0.09, 0.08, 0.07, 0.06, 0.05, 0.04, 0.03, 0.02, 0.01]),
    ("linear:start_factor=1,end_factor=0", &[0.1, 0.09, 0.08]),
    ("constant:factor=0.5", &[0.05, 0.1, 0.1]),
    ("cosine", &[0.1, 0.097_552_825_814_757_68]),
    ("cosine_restarts", &[0.1, 0.05, 0.1, 0.05, 0.1]),
    // The rate that was set is the peak of both.
    ("cyclic:step_size_up=2", &[0.01, 0.055, 0.1, 0.055, 0.01, 0.055]),
    ("cyclic:step_size_up=2,step_size_down=1", &[0.01, 0.055, 0.1, 0.01, 0.055]),
    ("cyclic:step_size_up=1,mode=exp_range,gamma=0.5", &[0.01, 0.055, 0.01, 0.021_25]),
    (
        "one_cycle:pct_start=0.5,anneal_strategy=linear,div_factor=10,final_div_factor=1",
        &[0.01, 0.0325, 0.055, 0.0775, 0.1, 0.082, 0.064, 0.046, 0.028, 0.01],
    ),
    (
        "one_cycle:three_phase=true,anneal_strategy=linear,div_factor=10,final_div_factor=10",
        &[0.01, 0.055, 0.1, 0.055, 0.01, 0.0082, 0.0064, 0.0046, 0.0028, 0.001],
    ),
    ("inverse_time:decay_rate=1", &[0.1, 0.05, 0.1 / 3.0, 0.025]),
    ("inverse_sqrt:warmup_steps=4", &[0.025, 0.05, 0.075, 0.1, 0.089_442_719_099_991_59]),
    ("warmup_constant:warmup_steps=4", &[0.025, 0.05, 0.075, 0.1, 0.1]),
    ("warmup_linear:warmup_steps=2", &[0.05, 0.1, 0.1, 0.0875, 0.075, 0.0625, 0.05]),
    ("warmup_cosine:warmup_steps=2", &[0.05, 0.1, 0.1, 0.096_193_976_625_564_34]),
    ("warmup_cosine:warmup_steps=2,eta_min=0.02", &[0.05, 0.1, 0.1, 0.096_955_181_300_451_47]),
    (
        "warmup_stable_decay:warmup_steps=2,decay_steps=4",
        &[0.05, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.075, 0.05, 0.025],
    ),
    (
        "warmup_stable_decay:decay_steps=4,decay_type=sqrt",
        &[0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.05, 0.029_289_321_881_345_25],
    ),
];

#[test]
fn rates_as_worked_out_by_hand() -> Result<()> {
    for (text, expected) in BY_HAND {
        let rates = catalog::rates(&Kind::Schedule.parse(text)?, BASE, 10, |_| 1.0);
        check(text, &rates[..expected.len()], expected)?;
    }
    Ok(())
}

/// As `torch.optim.lr_scheduler.ReduceLROnPlateau` goes through these losses.
#[test]
fn a_plateau_lowers_the_rate() -> Result<()> {
    let losses = [1.0, 0.9, 0.9, 0.9, 0.9, 0.9, 0.9, 0.5, 0.4999, 0.499, 0.6, 0.6];
    for (text, expected) in [
        // The third loss in a row that is no better is more than a patience of 2 allows.
        ("patience=2,factor=0.5", [1.0, 1.0, 1.0, 1.0, 1.0, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5]),
        (
            "patience=0,factor=0.5",
            [
                1.0, 1.0, 1.0, 0.5, 0.25, 0.125, 0.0625, 0.031_25, 0.031_25, 0.031_25, 0.031_25,
                0.015_625,
            ],
        ),
        // 0.4999 and 0.499 are not a hundredth below 0.5.
        (
            "patience=1,factor=0.5,threshold=0.01",
            [1.0, 1.0, 1.0, 1.0, 0.5, 0.5, 0.25, 0.25, 0.25, 0.25, 0.125, 0.125],
        ),
        (
            "patience=0,factor=0.5,cooldown=2",
            [1.0, 1.0, 1.0, 0.5, 0.5, 0.5, 0.25, 0.25, 0.25, 0.25, 0.25, 0.125],
        ),
        (
            "patience=0,factor=0.5,min_lr=0.04",
            [1.0, 1.0, 1.0, 0.5, 0.4, 0.4, 0.4, 0.4, 0.4, 0.4, 0.4, 0.4],
        ),
    ] {
        let pick = Kind::Schedule.parse(&format!("reduce_on_plateau:{text}"))?;
        let rates = catalog::rates(&pick, BASE, 12, |step| losses[step as usize]);
        check(text, &rates, &expected.map(|share| BASE * share))?;
    }
    Ok(())
}

#[test]
fn every_schedule_has_a_case() -> Result<()> {
    let mut covered: BTreeSet<String> =
        serde_json::from_str::<File>(REFERENCE)?.cases.into_iter().map(|case| case.name).collect();
    covered.extend(BY_HAND.iter().map(|(text, _)| text.split(':').next().unwrap_or("").to_owned()));
    covered.insert("reduce_on_plateau".to_owned());
    for card in Kind::Schedule.cards() {
        assert!(covered.contains(card.key), "{} has no case", card.key);
    }
    assert!(Kind::Schedule.cards().len() >= 14);
    Ok(())
}

/// However short the run, however extreme the parameters: a rate is a number that is not negative.
#[test]
fn rates_are_finite() -> Result<()> {
    let corners = [
        "one_cycle:pct_start=0",
        "one_cycle:pct_start=1",
        "one_cycle:pct_start=1,three_phase=true",
        "cosine:t_max=1",
        "cosine_restarts:t_0=1,t_mult=9",
        "warmup_cosine:warmup_steps=1000",
        "warmup_stable_decay:warmup_steps=1000,decay_steps=1000",
        "cyclic:step_size_up=1,step_size_down=9",
        "exponential:gamma=0",
        "polynomial:power=0",
    ];
    let defaults = Kind::Schedule.cards().into_iter().map(|card| Ok(Pick::new(card)));
    for pick in defaults.chain(corners.map(|text| Kind::Schedule.parse(text))) {
        let pick = pick?;
        for steps in [1, 2, 3, 10, 997] {
            let mut rates = catalog::rates(&pick, BASE, steps, |_| 1.0);
            rates.extend(catalog::schedule_curve(&pick, BASE, steps, 64).iter().map(|p| p.1));
            // As when a run is prolonged.
            rates.extend(catalog::schedule_curve(&pick, 0.0, 1 << 40, 64).iter().map(|p| p.1));
            assert!(rates.iter().all(|rate| rate.is_finite() && *rate >= 0.0), "{pick}: {rates:?}");
        }
    }
    Ok(())
}

fn experiment(recipe: &str) -> Experiment {
    parse_recipe(recipe).unwrap_or_else(|error| panic!("{error}")).experiment
}

fn session(experiment: &Experiment) -> Result<Session> {
    Ok(Session::new(experiment, Problem::load(experiment)?))
}

/// The weights after `steps` steps.
fn trained(experiment: &Experiment, steps: u64) -> Result<Vec<Vec<f32>>> {
    let mut session = session(experiment)?;
    for _ in 0..steps {
        session.step()?;
    }
    let parameters = session.engine().parameters();
    Ok(parameters.iter().map(|layer| layer.weights().copied().collect()).collect())
}

#[test]
fn a_schedule_scales_every_layer_s_own_rate() -> Result<()> {
    let at = |rates: [&str; 2], schedule: &str| {
        let [all, own] = rates;
        experiment(&format!("xor/4-tanh@sgd:lr={own}/2/optimizer=sgd,lr={all}{schedule}"))
    };
    let halved = ",schedule=constant,factor=0.5,total_iters=3";
    let scheduled = at(["0.5", "0.25"], halved);
    assert_eq!(trained(&scheduled, 3)?, trained(&at(["0.25", "0.125"], ""), 3)?);
    let full = trained(&at(["0.5", "0.25"], ""), 4)?;
    assert_ne!(trained(&scheduled, 4)?, full);

    // A peak of its own is the default's; layers keep their ratio to it.
    let cycle = at(["0.5", "0.25"], ",schedule=one_cycle,max_lr=2,div_factor=2");
    assert_eq!(trained(&cycle, 1)?, trained(&at(["1", "0.5"], ""), 1)?);
    Ok(())
}

#[test]
fn the_length_of_a_schedule_is_the_budget() -> Result<()> {
    let mut session = session(&experiment(
        "xor/2/optimizer=sgd,lr=0.5,schedule=linear,start_factor=1,end_factor=0,steps=8",
    ))?;
    for step in 0..8 {
        assert_eq!(session.engine().rate().0, 0.5 * (1.0 - f64::from(step) / 8.0));
        session.step()?;
    }
    assert_eq!(session.engine().rate(), (0.0, 0.0));
    Ok(())
}

#[test]
fn a_schedule_changes_in_the_middle_of_a_run() -> Result<()> {
    let plain = experiment("xor/2/optimizer=sgd,lr=0.5,steps=100");
    let mut session = session(&plain)?;
    for _ in 0..50 {
        session.step()?;
    }
    let edited = plain.assign("schedule", "polynomial").map_err(anyhow::Error::msg)?;
    session.apply(&edited);
    assert_eq!(session.engine().rate(), (0.25, 0.5));
    Ok(())
}

/// A plateau is found at evaluations; the rate stays low afterwards, through an edit as well.
#[test]
fn a_plateau_is_found_at_evaluations() -> Result<()> {
    let plateau = "schedule=reduce_on_plateau,patience=1,factor=0.5,threshold=0.9";
    let it =
        experiment(&format!("xor/4-tanh/2/optimizer=sgd,lr=0.5,{plateau},steps=64,eval_every=8"));
    let mut session = session(&it)?;
    let mut rates = Vec::new();
    for _ in 0..64 {
        session.step()?;
        rates.push(session.engine().rate().0);
    }
    // The first evaluation, at step 8, is the best; the third is the second in a row that is not.
    let reduced = |after: usize| 0.5 * 0.5_f64.powi(((after / 8).saturating_sub(1) / 2) as i32);
    assert_eq!(rates, (1..=64).map(reduced).collect::<Vec<_>>());
    let edited = it.assign("train.batch_size", "16").map_err(anyhow::Error::msg)?;
    session.apply(&edited);
    assert_eq!(session.engine().rate().0, reduced(64));
    Ok(())
}

/// The replay that explains a divergence meets the rates that were in force.
#[test]
fn a_replay_meets_the_same_rates() -> Result<()> {
    let it = "plane/1/loss=mse,optimizer=sgd,lr=1.6,steps=5000,eval_every=2,\
              schedule=reduce_on_plateau,patience=0,factor=0.995,threshold=0";
    let it = experiment(it);
    let mut run = session(&it)?;
    let divergence = loop {
        match run.step() {
            Ok(_) => ensure!(!run.finished(), "it did not diverge"),
            Err(divergence) => break divergence,
        }
    };
    ensure!(run.engine().rate().1 < 0.95, "the rate was hardly reduced: {:?}", run.engine().rate());
    // It stands where a run stands that never met the divergence.
    let mut other = Session::new(&it, Arc::clone(run.engine().problem()));
    for _ in 0..divergence.last_finite_step {
        other.step()?;
    }
    assert_eq!(run.engine().parameters(), other.engine().parameters());
    Ok(())
}

/// What the preset promises: every run settles with its schedule, and most do not without.
#[test]
fn warm_up_and_decay_are_worth_it_in_the_preset() -> Result<()> {
    let preset = load("warmup")?.experiment;
    let settled = |schedule: &str| -> Result<usize> {
        let mut it = preset.clone();
        it.schedule = Kind::Schedule.parse(schedule)?;
        let mut count = 0;
        for seed in 1..=5 {
            let mut session = session(&it.with_seed(seed))?;
            while !session.finished() {
                session.step()?;
            }
            count += usize::from(session.evaluate().test_loss < 0.01);
        }
        Ok(count)
    };
    assert_eq!(settled(&preset.schedule.to_string())?, 5);
    assert!(settled("none")? <= 2 && settled("cosine")? <= 2);
    Ok(())
}
