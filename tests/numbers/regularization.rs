//! What `[train]` does to gradients and weights beside the optimizers: each against its formula.

use std::sync::Arc;

use anyhow::Result;
use gradlab::experiment::{Experiment, parse_recipe};
use gradlab::train::engine::{Engine, Parameters};
use gradlab::train::{Problem, Session};

/// Plain gradient descent, so that one step shows the gradient.
const BASE: &str = "moons/16-tanh+normal:std=0.3/2/optimizer=sgd,lr=0.5";
const LR: f64 = 0.5;

fn experiment(settings: &str) -> Experiment {
    parse_recipe(&format!("{BASE}{settings}")).unwrap_or_else(|error| panic!("{error}")).experiment
}

fn engine(settings: &str) -> Result<Engine> {
    let experiment = experiment(settings);
    Ok(Engine::new(&experiment, Problem::load(&experiment)?))
}

fn after(settings: &str, steps: u64) -> Result<Vec<Parameters>> {
    let mut engine = engine(settings)?;
    for _ in 0..steps {
        engine.step()?;
    }
    Ok(engine.parameters())
}

/// All weights, or all biases.
fn weights(params: &[Parameters]) -> Vec<f64> {
    params.iter().flat_map(Parameters::weights).map(|&w| f64::from(w)).collect()
}

fn biases(params: &[Parameters]) -> Vec<f64> {
    params.iter().filter_map(|layer| layer.get("bias")).flatten().map(|&b| f64::from(b)).collect()
}

#[track_caller]
fn assert_close(ours: &[f64], expected: &[f64]) {
    assert_eq!(ours.len(), expected.len());
    for (ours, expected) in ours.iter().zip(expected) {
        assert!((ours - expected).abs() <= 1e-6, "{ours} is not {expected}");
    }
}

/// Weights and biases after one step in which the gradient was changed to `changed(w, ∂L/∂w)`.
fn predicted(changed: impl Fn(f64, f64) -> f64) -> Result<[Vec<f64>; 2]> {
    let (start, end) = (after("", 0)?, after("", 1)?);
    Ok([weights, biases].map(|of| {
        let (start, end) = (of(&start), of(&end));
        let pairs = start.iter().zip(&end);
        pairs.map(|(w, moved)| w - LR * changed(*w, (w - moved) / LR)).collect()
    }))
}

#[test]
fn penalties_pull_at_weights_and_leave_biases_alone() -> Result<()> {
    let ours = after(",l1=0.02,l2=0.3", 1)?;
    let [expected, _] = predicted(|w, grad| grad + 0.02 * w.signum() + 0.3 * w)?;
    assert_close(&weights(&ours), &expected);
    assert_eq!(biases(&ours), biases(&after("", 1)?));
    Ok(())
}

#[test]
fn an_l2_penalty_is_the_optimizer_s_weight_decay_without_biases() -> Result<()> {
    // Biases start at 0, so that in the first step their decay is nothing.
    assert_eq!(after(",l2=0.3", 1)?, after(",weight_decay=0.3", 1)?);
    assert_ne!(after(",l2=0.3", 2)?, after(",weight_decay=0.3", 2)?);
    Ok(())
}

#[test]
fn the_losses_shown_are_those_of_the_data() -> Result<()> {
    let scores = |settings| {
        Ok::<_, anyhow::Error>((engine(settings)?.evaluate(), engine(settings)?.step()?))
    };
    assert_eq!(scores(",l1=1,l2=1")?, scores("")?);
    Ok(())
}

#[test]
fn decoupled_decay_shrinks_weights_by_the_rate() -> Result<()> {
    let ours = after(",decoupled_decay=0.2", 1)?;
    let [expected, _] = predicted(|w, grad| grad + 0.2 * w)?;
    assert_close(&weights(&ours), &expected);
    assert_eq!(biases(&ours), biases(&after("", 1)?));

    // Under Adam it is AdamW, as long as biases are 0; and a schedule scales it.
    let adam = |text: &str| {
        let recipe = format!("moons/16-tanh/2/optimizer={text}");
        let it = parse_recipe(&recipe).unwrap_or_else(|error| panic!("{error}")).experiment;
        let mut engine = Engine::new(&it, Problem::load(&it)?);
        engine.step()?;
        Ok::<_, anyhow::Error>(engine.parameters())
    };
    let halved = "schedule=constant,factor=0.5";
    assert_eq!(
        adam(&format!("adam,lr=0.01,decoupled_decay=0.2,{halved}"))?,
        adam("adamw,lr=0.005,weight_decay=0.2")?
    );
    assert_ne!(adam("adam,lr=0.01,l2=0.2")?, adam("adamw,lr=0.01,weight_decay=0.2")?);
    Ok(())
}

#[test]
fn clipping_by_value_bounds_each_element() -> Result<()> {
    let ours = after(",clip_value=0.01", 1)?;
    let [expected_weights, expected_biases] = predicted(|_, grad| grad.clamp(-0.01, 0.01))?;
    assert_close(&weights(&ours), &expected_weights);
    assert_close(&biases(&ours), &expected_biases);
    let clipped = |(a, b): (&f64, &f64)| (a - b).abs() > 1e-4;
    let plain = weights(&after("", 1)?);
    assert!(plain.iter().zip(&weights(&ours)).any(clipped), "nothing was clipped");
    Ok(())
}

#[test]
fn values_are_clipped_before_the_norm() -> Result<()> {
    // Clipped to 1e-6 the gradients' norm is far below 0.1: nothing is left to do for that.
    assert_eq!(after(",clip_value=1e-6,clip_norm=0.1", 3)?, after(",clip_value=1e-6", 3)?);
    Ok(())
}

#[test]
fn gradient_noise_has_its_variance_and_fades() -> Result<()> {
    let wide = "moons/256-tanh/2/optimizer=sgd,lr=0.5";
    let eta = 0.3;
    let at = |noise: f64| -> Result<Session> {
        let recipe = format!("{wide},gradient_noise={noise}");
        let it = parse_recipe(&recipe).unwrap_or_else(|error| panic!("{error}")).experiment;
        Ok(Session::new(&it, Problem::load(&it)?))
    };
    // The noise of a step is the difference between it and the same step without.
    for quiet in [0, 20] {
        let (mut plain, mut noisy) = (at(0.0)?, at(0.0)?);
        for _ in 0..quiet {
            plain.step()?;
            noisy.step()?;
        }
        noisy.apply(at(eta)?.engine().experiment());
        plain.step()?;
        noisy.step()?;
        let [plain, noisy] =
            [&plain, &noisy].map(|session| weights(&session.engine().parameters()));
        let noise: Vec<f64> = noisy.iter().zip(&plain).map(|(a, b)| (a - b) / LR).collect();
        let n = noise.len() as f64;
        let mean = noise.iter().sum::<f64>() / n;
        let variance = noise.iter().map(|x| x * x).sum::<f64>() / n;
        let expected = eta / (1.0 + f64::from(quiet)).powf(0.55);
        assert!(mean.abs() < 4.0 * (expected / n).sqrt(), "mean {mean}");
        // 1024 numbers: the estimate is good to √(2/1024) = 4 %.
        assert!((variance / expected - 1.0).abs() < 0.18, "{variance} is not {expected}");
    }
    Ok(())
}

#[test]
fn the_average_follows_its_recurrence() -> Result<()> {
    let mut ema = engine(",ema=0.75")?;
    let mut expected: Vec<f64> = Vec::new();
    for step in 0..5 {
        ema.step()?;
        let now = weights(&ema.parameters());
        expected = match step {
            0 => now,
            _ => expected.iter().zip(now).map(|(e, w)| 0.75 * e + 0.25 * w).collect(),
        };
        assert_close(&weights(&ema.predicting_parameters()), &expected);
    }
    // It is evaluated there, and trains as if there were no average.
    let mut plain = engine("")?;
    for _ in 0..5 {
        plain.step()?;
    }
    assert_eq!(ema.parameters(), plain.parameters());
    assert_ne!(ema.evaluate(), plain.evaluate());
    Ok(())
}

#[test]
fn an_average_outlives_an_edit() -> Result<()> {
    let it = experiment(",ema=0.75");
    let mut run = Session::new(&it, Problem::load(&it)?);
    for _ in 0..5 {
        run.step()?;
    }
    let before = run.engine().predicting_parameters();
    let edit = |it: &Experiment, text: &str| {
        let mut edited = it.clone();
        edited.layers[0].activation = gradlab::catalog::Kind::Activation.parse(text)?;
        Ok::<_, anyhow::Error>(edited)
    };
    run.apply(&edit(&it, "relu")?);
    assert_eq!(run.engine().predicting_parameters(), before);
    // With weights of its own in the activation the shape is another: the average begins again.
    run.apply(&edit(&it, "prelu")?);
    assert_eq!(run.engine().predicting_parameters(), run.engine().parameters());
    run.step()?;
    assert_eq!(run.engine().predicting_parameters(), run.engine().parameters());
    run.step()?;
    assert_ne!(run.engine().predicting_parameters(), run.engine().parameters());
    Ok(())
}

/// A run that diverges is replayed from a checkpoint: noise and average come out the same.
#[test]
fn a_replay_meets_the_same_noise_and_average() -> Result<()> {
    let recipe = "plane/1/loss=mse,optimizer=sgd,lr=1.05,steps=5000,gradient_noise=0.1,ema=0.9";
    let it = parse_recipe(recipe).unwrap_or_else(|error| panic!("{error}")).experiment;
    let mut run = Session::new(&it, Problem::load(&it)?);
    let divergence = loop {
        match run.step() {
            Ok(_) => anyhow::ensure!(!run.finished(), "it did not diverge"),
            Err(divergence) => break divergence,
        }
    };
    let mut other = Session::new(&it, Arc::clone(run.engine().problem()));
    for _ in 0..divergence.last_finite_step {
        other.step()?;
    }
    assert_eq!(run.engine().parameters(), other.engine().parameters());
    assert_eq!(run.engine().predicting_parameters(), other.engine().predicting_parameters());
    Ok(())
}

#[test]
fn what_averages_itself_bears_no_other_average() {
    for (settings, message) in [
        (",ema=0.9,optimizer=schedule_free_sgd", "`ema` does not go with `schedule_free_sgd`"),
        (
            "@schedule_free_adamw/2/decoupled_decay=0.1",
            "`decoupled_decay` does not go with `schedule_free_adamw`",
        ),
        (",ema=1,optimizer=sgd", "`ema` cannot be 1"),
        (",l1=-1,optimizer=sgd", "`l1` cannot be -1"),
    ] {
        let recipe = if settings.starts_with('@') {
            format!("moons/4-tanh{settings}")
        } else {
            format!("moons/2/steps=9{settings}")
        };
        let error = parse_recipe(&recipe).map(|_| ()).unwrap_err().to_string();
        assert!(error.contains(message), "{error}");
    }
}
