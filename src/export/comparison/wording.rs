//! Numbers, verdicts and warnings in words.

use crate::compare::statistics::Quartiles;
use crate::compare::{Arm, Edge, Plan, Standing, Verdict, Versus, Warning, letter};
use crate::experiment::{Change, Rates};
use crate::spec::Plain;

/// A number to three digits; a miss is `∞`.
#[must_use]
pub fn number(x: f64) -> String {
    if x.is_infinite() {
        return if x > 0.0 { "∞" } else { "-∞" }.to_owned();
    }
    let size = x.abs();
    if x == 0.0 {
        "0".to_owned()
    } else if (1e-3..1e3).contains(&size) {
        let digits = (2 - libm::log10(size).floor() as i32).clamp(0, 5);
        format!("{x:.*}", digits as usize)
    } else if (1e3..1e5).contains(&size) {
        format!("{x:.0}")
    } else {
        format!("{x:.1e}")
    }
}

/// A number of steps, which may be a mean of two; a miss is `∞`.
#[must_use]
pub fn steps(x: f64) -> String {
    if x.is_infinite() { number(x) } else { format!("{x:.0}") }
}

/// Both quartiles of a loss.
pub(super) fn band(it: Quartiles) -> String {
    format!("[{}, {}]", number(it.low), number(it.high))
}

/// Both quartiles of a number of steps.
pub(super) fn step_band(it: Quartiles) -> String {
    format!("[{}, {}]", steps(it.low), steps(it.high))
}

/// What the comparison with the first arm comes to, in a dozen letters.
#[must_use]
pub fn verdict(versus: Option<&Versus>) -> String {
    let Some(versus) = versus else { return "–".to_owned() };
    let p = || format!("p {}", number(versus.p));
    match versus.verdict {
        Verdict::Same => "same: tie".to_owned(),
        Verdict::Tie => p() + " tie",
        Verdict::Worse => p(),
        Verdict::Better => p() + " better",
        Verdict::TooFewSeeds => "few seeds".to_owned(),
    }
}

/// The same in nine letters: what is no tie is told by p.
#[must_use]
pub(super) fn short(versus: Option<&Versus>) -> String {
    match versus {
        Some(Versus { verdict: Verdict::Tie, p, .. }) => format!("p {}", number(*p)),
        Some(Versus { verdict: Verdict::Better, .. }) => "better".to_owned(),
        _ => verdict(versus),
    }
}

/// The confidence set of a rank, such as `1–3`.
#[must_use]
pub fn rank_set(set: Option<(usize, usize)>) -> String {
    match set {
        None => "–".to_owned(),
        Some((low, high)) if low == high => low.to_string(),
        Some((low, high)) => format!("{low}–{high}"),
    }
}

/// The best rate, with a mark if it is at the grid's edge.
pub(super) fn best_rate(standing: &Standing) -> String {
    let mark = match standing.edge {
        Some(Edge::Low) => "▼",
        Some(Edge::High) => "▲",
        None => "",
    };
    standing.best.map_or_else(|| "–".to_owned(), |(_, lr)| format!("{}{mark}", Plain(lr)))
}

/// A warning as a sentence, with what can be done about it on the command line.
#[must_use]
pub fn warning(warning: &Warning, plan: &Plan) -> String {
    let remedy = match *warning {
        Warning::AtEdge { .. } if plan.rates == Rates::Auto => {
            "; name a grid by --lr-grid".to_owned()
        }
        Warning::AtEdge { .. } => format!("; widen it with --lr-grid {}", plan.rates.wider()),
        Warning::TargetNeverMet(_) => "; give more --steps or a nearer --target".to_owned(),
        Warning::TooFewSeeds { needed, .. } => format!(": --seeds {needed}"),
        Warning::MorePasses { .. } => "; --budget gives equal time".to_owned(),
        Warning::Unreached { .. } => "; give more --steps".to_owned(),
        Warning::Incomplete { .. }
        | Warning::NearEnd { .. }
        | Warning::AlwaysDiverged { .. }
        | Warning::OneSeed => String::new(),
    };
    concern(warning, plan) + &remedy
}

/// What a warning warns of, as a sentence.
#[must_use]
pub fn concern(warning: &Warning, plan: &Plan) -> String {
    let name = |arm: usize| format!("{} {}", letter(arm), plan.arms[arm].name.on_terminal());
    match *warning {
        Warning::Incomplete { done, total } => format!(
            "only {done} of {total} runs are done: this ranking is provisional, and numbers \
             marked ~ are of validation rows"
        ),
        Warning::AtEdge { arm, edge, lr } => {
            let end = match edge {
                Edge::Low => "smallest",
                Edge::High => "largest",
            };
            let (name, lr) = (name(arm), Plain(lr));
            format!(
                "{name}: its best rate, {lr}, is the {end} of the grid, so a better one may lie \
                 beyond"
            )
        }
        Warning::NearEnd { arm, ref setting, value, edge } => {
            let end = match edge {
                Edge::Low => "low",
                Edge::High => "high",
            };
            let (name, value) = (name(arm), Plain(value));
            format!(
                "{name}: its best {setting}, {value}, lies at the {end} end of what was searched, so \
                 a better one may lie beyond"
            )
        }
        Warning::AlwaysDiverged { arm } => {
            format!("{}: nearly all of its final runs diverged", name(arm))
        }
        Warning::TargetNeverMet(target) => format!("no run met the target {target}"),
        Warning::MorePasses { arm } => format!(
            "{}: a step of it takes several passes over its batch: equal steps are not equal work",
            name(arm)
        ),
        Warning::Unreached { arm, step } => format!(
            "{}: its runs end at step {}, and so never come to its edit at step {step}",
            name(arm),
            plan.steps
        ),
        Warning::OneSeed => {
            "one seed proves little: another may turn the ranking round; 5 or more show how far \
             it can be trusted"
                .to_owned()
        }
        Warning::TooFewSeeds { seeds, needed } => format!(
            "{seeds} seeds are too few to tell these arms apart for certain, however clear the \
             medians look; {needed} could"
        ),
    }
}

/// The sources of the differences between runs of an arm that its quartiles and p are of, and what they
/// are not of, as a sentence without its full stop.
#[must_use]
pub fn uncertainty(plan: &Plan) -> String {
    let experiment = plan.base.start();
    let train = &experiment.train;
    let anew = experiment.data.is_drawn() && experiment.data.seed.is_none();
    let sources = [
        (anew, "data"),
        (train.init_seed.is_none(), "initial weights"),
        (train.batch_seed.is_none(), "batches"),
    ];
    let sources: Vec<_> = sources.into_iter().filter(|it| it.0).map(|it| it.1).collect();
    let sources = match &sources[..] {
        [first @ .., last] if !first.is_empty() => format!("{} and {last}", first.join(", ")),
        others => others.join(""),
    };
    let rest = if anew {
        ", which each seed draws anew"
    } else if experiment.data.is_drawn() {
        ", and not of the data, which is the same for all runs"
    } else {
        ", and of the validation rows on which rates are chosen, and not of the choice of the test \
         rows, which are the same for all runs"
    };
    format!("The uncertainty is that of {sources}{rest}")
}

/// The edits of each arm that has any, in words: `c switch: at step 5000 all adam → sgd`.
#[must_use]
pub fn edits(plan: &Plan) -> Vec<String> {
    let edited = |(index, arm): (usize, &Arm)| {
        let edit = |(step, changes): (u64, Vec<Change>)| {
            let changes: Vec<_> = changes.into_iter().map(|change| change.text).collect();
            format!("at step {step} {}", changes.join(", "))
        };
        let edits: Vec<_> = arm.script.changes().map(edit).collect();
        let name = arm.name.on_terminal();
        let told = || format!("{} {name}: {}", letter(index), edits.join("; "));
        (!edits.is_empty()).then(told)
    };
    plan.arms.iter().enumerate().filter_map(edited).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_three_digits() {
        for (x, text) in [
            (0.0, "0"),
            (0.041, "0.0410"),
            (0.001_234, "0.00123"),
            (1.5, "1.50"),
            (99.96, "100.0"),
            (123.4, "123"),
            (1240.0, "1240"),
            (1e-5, "1.0e-5"),
            (123_456.0, "1.2e5"),
            (f64::INFINITY, "∞"),
        ] {
            assert_eq!(number(x), text);
        }
    }
}
