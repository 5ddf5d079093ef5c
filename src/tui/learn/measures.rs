//! What was measured, by the names that pages quote.

use std::collections::BTreeMap;

use crate::experiment::lesson::measure::LETTERS;
use crate::train::telemetry::Series;
use crate::tui::race_view::RaceView;
use crate::tui::run_view::Status;
use crate::tui::screen::WalkState;
use crate::tui::workspace::Workspace;

/// Numbers by their names.
pub type Measures = BTreeMap<String, f64>;

/// What is known of the run: what was seen of its layers only if it was seen at its present step.
#[must_use]
pub fn of_run(workspace: &Workspace) -> Measures {
    let run = &workspace.run;
    let mut measures = Measures::from([("step".to_owned(), run.step as f64)]);
    let mut add = |name: &str, value: Option<f64>| {
        if let Some(value) = value {
            measures.insert(name.to_owned(), value);
        }
    };
    add("train_loss", run.latest(Series::TrainLoss));
    add("test_loss", run.latest(Series::TestLoss));
    add("train_accuracy", run.latest(Series::TrainAccuracy));
    add("test_accuracy", run.latest(Series::TestAccuracy));
    add("diverged", Some(f64::from(u8::from(matches!(run.status, Status::Diverged(_))))));
    let seen = run.seen.as_ref().filter(|seen| seen.step == run.step && seen.run == run.run);
    let layers = seen.and_then(|seen| seen.health.as_deref());
    // The output layer is none of the hidden ones.
    if let Some([hidden @ .., _]) = layers {
        let gradient = |index: usize| Some(hidden.get(index)?.motion?.gradient_norm);
        add("first_gradient", gradient(0));
        add("last_gradient", gradient(hidden.len().wrapping_sub(1)));
        let units = |index: usize| workspace.experiment.layers.get(index).map_or(0, |it| it.units);
        let dead = |(index, layer): (usize, &crate::train::probe::Health)| {
            layer.wear.dead() * units(index) as f64
        };
        let all: usize = (0..hidden.len()).map(units).sum();
        let dead: f64 = hidden.iter().enumerate().map(dead).sum();
        add("dead_units", Some(dead / all as f64).filter(|share| share.is_finite()));
    }
    measures
}

/// What is known of the walkers.
#[must_use]
pub fn of_walk(state: &WalkState) -> Measures {
    let mut measures = Measures::new();
    for (letter, walker) in LETTERS.iter().zip(&state.walkers) {
        let mut add = |name: &str, value: f64| {
            measures.insert(format!("{letter}.{name}"), value);
        };
        add("x", walker.at[0]);
        add("y", walker.at[1]);
        add("height", walker.height);
        if let Some(steps) = walker.arrived {
            add("steps", steps as f64);
        }
    }
    measures
}

/// What is known of the race, and the name of the arm that did best.
#[must_use]
pub fn of_race(race: &RaceView) -> (Measures, Option<String>) {
    let ranking = &race.status.score.ranking;
    let mut measures = Measures::from([("runs".to_owned(), ranking.done as f64)]);
    let standings = &ranking.standings;
    if let Some(versus) = standings.get(1).and_then(|second| second.versus) {
        measures.insert("p".to_owned(), versus.p);
    }
    let first = |set: Option<(usize, usize)>| set.is_some_and(|(best, _)| best == 1);
    let count = standings.iter().filter(|it| first(it.rank_set)).count();
    measures.insert("first_places".to_owned(), count as f64);
    let edge = standings.iter().any(|standing| standing.edge.is_some());
    measures.insert("at_the_edge".to_owned(), f64::from(u8::from(edge)));
    let best = standings.first().and_then(|it| race.plan.arms.get(it.arm));
    (measures, best.map(|arm| arm.name.on_terminal().into_owned()))
}
