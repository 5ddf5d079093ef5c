//! The search for the settings of arms, in words and tables.

use std::fmt::Write as _;

use super::{Comparison, wording};
use crate::compare::{Standing, letter};
use crate::text::markdown;

/// Numbers of trials in a table, at most.
const COLUMNS: usize = 5;

/// The numbers of trials of which a table says how far they came: 1, 2, 5, 10 and so on, and all.
fn columns(trials: usize) -> Vec<usize> {
    let ladder = [1, 2, 5, 10, 20, 50, 100, 200, 500];
    let mut columns: Vec<usize> = ladder.into_iter().filter(|count| *count < trials).collect();
    columns.push(trials);
    // The first is at the defaults.
    let left_out = columns.len().saturating_sub(COLUMNS);
    columns.drain(1..=left_out);
    columns
}

/// What the table is of, as a sentence without its full stop.
fn caption(comparison: &Comparison<'_>) -> String {
    let plan = comparison.plan;
    let seeds = plan.seeds.len();
    let plural = if seeds == 1 { "" } else { "s" };
    format!(
        "Search of {}: test loss of the defaults alone on the same {seeds} fresh seed{plural}; best median \
         validation loss after so many trials, the first at the defaults; and the trial that it was found \
         in",
        plan.tune.join(", ")
    )
}

/// The most trials of an arm; none unless settings are searched.
fn trials(comparison: &Comparison<'_>) -> Option<usize> {
    let Comparison { plan, .. } = comparison;
    let arms = plan.arms.iter().filter_map(|arm| arm.candidates.search());
    arms.map(crate::compare::Search::len).max()
}

/// The cells of an arm after the defaults.
fn cells(standing: &Standing, columns: &[usize]) -> Vec<String> {
    let (best, tried) = (standing.best_so_far(), standing.sensitivity.len());
    let after = |count: &usize| {
        let found = best.get(*count - 1).filter(|_| *count <= tried);
        found.map_or_else(String::new, |loss| wording::number(*loss))
    };
    let found = standing.best.map_or_else(String::new, |(best, _)| (best + 1).to_string());
    columns.iter().map(after).chain([found]).collect()
}

/// The settings that an arm's search came to, as `a adam: optimizer.lr=0.01`; none if it has none of them.
fn settings(comparison: &Comparison<'_>, standing: &Standing) -> String {
    let arm = &comparison.plan.arms[standing.arm];
    let name = format!("{} {}", letter(standing.arm), arm.name.on_terminal());
    let set = standing.best.map_or_else(Vec::new, |(best, _)| arm.assignments(best));
    if set.is_empty() {
        format!("{name}: has none of these settings")
    } else {
        format!("{name}: {}", set.join(" "))
    }
}

/// As lines for a terminal, some of them long; none unless settings are searched.
pub(super) fn lines(comparison: &Comparison<'_>) -> Vec<String> {
    let Some(trials) = trials(comparison) else { return Vec::new() };
    let columns = columns(trials);
    let heads = columns.iter().map(|count| format!("{count:>7}")).collect::<Vec<_>>().concat();
    let mut lines =
        vec![caption(comparison), format!("    arm defaults  [25%, 75%]      {heads}  trial")];
    for standing in &comparison.ranking.standings {
        let defaults = |of: fn(crate::compare::statistics::Quartiles) -> String| {
            standing.defaults.map_or_else(String::new, of)
        };
        let after = cells(standing, &columns).into_iter().map(|cell| format!("{cell:>7}"));
        let after = after.collect::<Vec<_>>().concat();
        let row = format!(
            "    {:<3} {:>8}  {:16}{after}",
            letter(standing.arm),
            defaults(|it| wording::number(it.median)),
            defaults(wording::band),
        );
        lines.push(row.trim_end().to_owned());
    }
    lines.extend(comparison.ranking.standings.iter().map(|it| settings(comparison, it)));
    lines
}

/// As Markdown; nothing unless settings are searched.
pub(super) fn section(comparison: &Comparison<'_>) -> String {
    let Some(trials) = trials(comparison) else { return String::new() };
    let columns = columns(trials);
    let mut text = format!("\n{}:\n\n| arm | defaults | 25–75% |", markdown(&caption(comparison)));
    let heads = columns.iter().map(|count| format!(" {count} |")).collect::<Vec<_>>().concat();
    let rule = "---:|".repeat(columns.len() + 1);
    // Writing to a string cannot fail.
    let _ = writeln!(text, "{heads} trial |\n|:----|---------:|:-------|{rule}");
    for standing in &comparison.ranking.standings {
        let defaults = standing.defaults;
        let after = cells(standing, &columns).join(" | ");
        let _ = writeln!(
            text,
            "| {} | {} | {} | {after} |",
            letter(standing.arm),
            defaults.map_or_else(String::new, |it| wording::number(it.median)),
            defaults.map_or_else(String::new, wording::band),
        );
    }
    text += "\n";
    for standing in &comparison.ranking.standings {
        let _ = writeln!(text, "- {}", markdown(&settings(comparison, standing)));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::columns;

    #[test]
    fn a_table_has_the_defaults_and_all() {
        assert_eq!(columns(1), [1]);
        assert_eq!(columns(2), [1, 2]);
        assert_eq!(columns(20), [1, 2, 5, 10, 20]);
        assert_eq!(columns(50), [1, 5, 10, 20, 50]);
        assert_eq!(columns(1000), [1, 100, 200, 500, 1000]);
    }
}
