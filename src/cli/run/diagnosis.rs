//! What was wrong with a run, in words.

use serde_json::{Value, json};

use super::metrics::Metrics;
use crate::cli::output::say;
use crate::train::diagnosis::{Finding, Told};

/// The findings that are said, the gravest first.
const SAID: usize = 5;

/// Whether a finding stood at the last look.
fn at_end(metrics: &Metrics, told: &Told) -> bool {
    metrics.examiner.watch.standing().iter().any(|it| it.is_of(&told.finding))
}

/// The findings as they stand in JSON.
pub fn json(metrics: &Metrics) -> Value {
    let told = metrics.examiner.watch.told();
    let found = told.iter().map(|told| {
        let Finding { rule, layers, measured, remedy } = &told.finding;
        json!({
            "name": rule.key,
            "layers": layers.iter().map(|index| index + 1).collect::<Vec<_>>(),
            "text": measured,
            "source": rule.source,
            "remedy": remedy.as_ref().map(|remedy| &remedy.text),
            "first_step": told.first,
            "last_step": told.last,
            "at_end": at_end(metrics, told),
        })
    });
    found.collect()
}

/// Says the findings, one a line.
pub fn say_all(metrics: &Metrics) {
    // How a run diverged is said with its end.
    let told =
        metrics.examiner.watch.told().into_iter().filter(|it| it.finding.rule.key != "diverged");
    for told in told.take(SAID) {
        let when = match (at_end(metrics, told), told.first == told.last) {
            (true, _) => String::new(),
            (false, true) => format!("at step {}: ", told.first),
            (false, false) => format!("from step {} to {}: ", told.first, told.last),
        };
        let remedy = told.finding.remedy.as_ref();
        let remedy = remedy.map_or_else(String::new, |it| format!("; try {}", it.text));
        say(format_args!("diagnosis: {when}{}{remedy}", told.finding.sentence()));
    }
}
