//! What recurrent layers learn of sequences, by the median of five seeds: gates carry a number over
//! fifty steps and a symbol over thirty, a plain layer does not.

#![expect(clippy::unwrap_used, reason = "a test that panics fails, as it should")]

use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread::scope;

use gradlab::experiment::{self, Experiment};
use gradlab::train::{Problem, Row, Session};

const SEEDS: std::ops::RangeInclusive<u64> = 1..=5;

/// The last evaluation of a run.
fn last(experiment: &Experiment) -> Row {
    let mut session = Session::new(experiment, Problem::load(experiment).unwrap());
    session.set_single_threaded(true);
    while !session.finished() {
        session.step().unwrap_or_else(|divergence| panic!("{divergence}"));
    }
    session.evaluate()
}

/// The median over seeds of what `measure` makes of the last evaluation of a recipe with these settings.
fn median_with(recipe: &str, settings: &[&str], measure: impl Fn(Row) -> f64 + Sync) -> f64 {
    let loaded = experiment::load_with(recipe, settings);
    let start = loaded.unwrap_or_else(|error| panic!("{error}")).experiment;
    let seeds: Vec<u64> = SEEDS.collect();
    let next = AtomicUsize::new(0);
    let share = || {
        let mine = std::iter::from_fn(|| seeds.get(next.fetch_add(1, Ordering::Relaxed)));
        mine.map(|&seed| measure(last(&start.with_seed(seed)))).collect::<Vec<_>>()
    };
    let mut values: Vec<f64> = scope(|scope| {
        let threads: Vec<_> = (0..2).map(|_| scope.spawn(share)).collect();
        threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
    });
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

fn median(recipe: &str, measure: impl Fn(Row) -> f64 + Sync) -> f64 {
    median_with(recipe, &[], measure)
}

#[test]
fn gates_carry_two_numbers_over_fifty_steps() {
    let solved = |kind: &str, steps: u64| {
        let train = "loss=mse,optimizer=adam,lr=0.01,clip_norm=1";
        let data = "adding:length=50,samples=1500";
        let recipe = format!("{data}/{kind}/1/{train},steps={steps},eval_every={steps}");
        let loss = median(&recipe, |row| row.test_loss);
        assert!(loss < 0.01, "{kind}: {loss}");
    };
    solved("lstm:24", 1500);
    solved("gru:16", 1000);
}

#[test]
fn a_plain_layer_does_not_add_over_a_hundred_steps() {
    let recipe = "adding:length=100,samples=1500/rnn:16/1/\
                  loss=mse,optimizer=adam,lr=0.003,clip_norm=1,steps=1000,eval_every=1000";
    // Who answers 1 to everything has 1/6.
    let loss = median(recipe, |row| row.test_loss);
    assert!(loss > 0.14, "{loss}");
}

#[test]
fn a_symbol_is_recalled_after_twenty_steps_and_by_a_plain_layer_not_after_a_hundred() {
    let recipe = "recall:length=20,samples=600/gru:12/4-softmax/\
                  optimizer=adam,lr=0.01,clip_norm=1,steps=800,eval_every=800";
    let accuracy = |row: Row| row.test_accuracy.unwrap();
    let recalled = median(recipe, accuracy);
    assert!(recalled > 0.9, "{recalled}");
    let far = median("recall-rnn-vanishing", accuracy);
    assert!(far < 0.35, "{far}");
}

/// What the preset `optimizers-on-recurrent` says, at the rates that its race finds best.
#[test]
fn rmsprop_adds_where_sgd_does_not_and_adam_does_better() {
    let tuned = ["sgd:lr=0.79", "rmsprop:lr=0.0144", "adam:lr=0.0548"];
    let [sgd, rmsprop, adam] = tuned.map(|it| {
        let settings = [&format!("optimizer={it}")[..], "train.eval_every=800"];
        median_with("optimizers-on-recurrent", &settings, |row| row.test_loss)
    });
    assert!(sgd > 0.1, "{sgd}");
    assert!(rmsprop < 0.02, "{rmsprop}");
    assert!(adam < rmsprop, "{adam}, {rmsprop}");
}
