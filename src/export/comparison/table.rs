//! The ranking as a table that fits 80 columns.

use unicode_width::UnicodeWidthStr;

use super::{Comparison, search, sentence, wording};
use crate::compare::{Standing, letter};
use crate::text::truncate;

/// Columns for an arm's name, at most.
const NAME: usize = 13;
/// Columns of the whole.
const WIDTH: usize = 80;

/// Heading, ranking, times to the target if there is one, and warnings; a line each.
#[must_use]
pub fn lines(comparison: &Comparison<'_>) -> Vec<String> {
    let Comparison { plan, ranking, .. } = comparison;
    let mut lines = wrapped(&heading(comparison), 0);
    lines.push(String::new());
    lines.extend(standings(comparison));
    if let Some(verdict) = sentence::of_ranking(plan, ranking) {
        lines.push(String::new());
        lines.extend(wrapped(&verdict, 0));
    }
    if let Some(target) = plan.target {
        lines.push(String::new());
        lines.push(format!("To the target {target}, misses counted as ∞"));
        lines.extend(targets(comparison));
    }
    let searched = search::lines(comparison);
    if !searched.is_empty() {
        lines.push(String::new());
    }
    lines.extend(searched.iter().flat_map(|line| wrapped(line, 4)));
    let name = |arm: usize| plan.arms[arm].name.on_terminal();
    let cut = |standing: &&Standing| name(standing.arm).width() > NAME;
    let cut: Vec<_> = ranking.standings.iter().filter(cut).collect();
    if !cut.is_empty() {
        lines.push(String::new());
        let full = |s: &&Standing| format!("{} = {}", letter(s.arm), name(s.arm));
        lines.extend(cut.iter().flat_map(|standing| wrapped(&full(standing), 4)));
    }
    let edits = wording::edits(plan);
    if !edits.is_empty() {
        lines.push(String::new());
    }
    lines.extend(edits.iter().flat_map(|edits| wrapped(edits, 4)));
    let warnings = ranking.warnings(plan);
    if !warnings.is_empty() {
        lines.push(String::new());
    }
    for warning in &warnings {
        lines.extend(wrapped(&format!("! {}", wording::warning(warning, plan)), 2));
    }
    lines
}

/// What is compared, in a sentence.
#[must_use]
pub fn heading(comparison: &Comparison<'_>) -> String {
    let Comparison { name, plan, ranking, .. } = comparison;
    let tried = || ranking.standings.iter().map(|standing| standing.sensitivity.len());
    let (fewest, most) = (tried().min().unwrap_or(0), tried().max().unwrap_or(0));
    let what = if plan.tune.is_empty() { "rates" } else { "trials" };
    let best = if fewest == most {
        format!("best of {most} {what}")
    } else {
        format!("best of {fewest} to {most} {what}")
    };
    let tuning = match (most, plan.budget, plan.tuning_seeds.len()) {
        (1, ..) => "each at its own learning rate".to_owned(),
        (_, Some(_), _) => format!("{best} by successive halving"),
        (_, None, 1) => format!("{best} on 1 tuning seed"),
        (_, None, seeds) => format!("{best} on {seeds} tuning seeds"),
    };
    let length = match plan.budget {
        Some(_) => "after equal time".to_owned(),
        None => format!("after {} steps", plan.steps),
    };
    let seeds = plan.seeds.len();
    let plural = if seeds == 1 { "" } else { "s" };
    let state = if ranking.complete() { "" } else { " (provisional)" };
    format!(
        "{}{state}: test loss {length}, {seeds} fresh seed{plural}, {tuning}",
        name.on_terminal()
    )
}

fn standings(comparison: &Comparison<'_>) -> Vec<String> {
    let Comparison { plan, ranking, .. } = comparison;
    let width = plan
        .arms
        .iter()
        .map(|arm| arm.name.on_terminal().width())
        .max()
        .unwrap_or(0)
        .clamp(3, NAME);
    let head = format!(
        " #  {}  rank  best lr   median [25%, 75%]       diverged  vs 1st",
        pad("  arm", width + 2)
    );
    let row = |(index, standing): (usize, &Standing)| {
        let (diverged, of) = standing.diverged;
        format!(
            "{:>2}  {} {} {:>5} {:>8} {:>8} {:16} {:>8}  {}",
            index + 1,
            letter(standing.arm),
            pad(&truncate(&plan.arms[standing.arm].name.on_terminal(), width), width),
            wording::rank_set(standing.rank_set),
            wording::best_rate(standing),
            median(standing),
            standing.test_loss.map_or_else(String::new, wording::band),
            format!("{diverged}/{of}"),
            if index == 0 { "–".to_owned() } else { wording::short(standing.versus.as_ref()) }
        )
        .trim_end()
        .to_owned()
    };
    std::iter::once(head).chain(ranking.standings.iter().enumerate().map(row)).collect()
}

fn median(standing: &Standing) -> String {
    let mark = if standing.provisional { "~" } else { "" };
    standing
        .test_loss
        .map_or_else(|| "–".to_owned(), |loss| format!("{mark}{}", wording::number(loss.median)))
}

fn targets(comparison: &Comparison<'_>) -> Vec<String> {
    let head = "    arm  met   steps  [25%, 75%]        seconds  [25%, 75%]".to_owned();
    let row = |standing: &Standing| {
        let it = standing.to_target?;
        let seconds = [it.seconds.low, it.seconds.high].map(wording::number).join(", ");
        Some(format!(
            "    {:<3} {:>4} {:>7}  {:16} {:>8}  [{seconds}]",
            letter(standing.arm),
            format!("{}/{}", it.reached, it.of),
            wording::steps(it.steps.median),
            wording::step_band(it.steps),
            wording::number(it.seconds.median),
        ))
    };
    std::iter::once(head).chain(comparison.ranking.standings.iter().filter_map(row)).collect()
}

/// The text with blanks up to `width` columns.
fn pad(text: &str, width: usize) -> String {
    format!("{text}{}", " ".repeat(width.saturating_sub(text.width())))
}

/// The text in lines of at most [`WIDTH`] columns, all but the first indented.
fn wrapped(text: &str, indent: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split(' ') {
        match lines.last_mut() {
            Some(line) if line.width() + 1 + word.width() <= WIDTH => {
                line.push(' ');
                line.push_str(word);
            }
            Some(_) => lines.push(" ".repeat(indent) + word),
            None => lines.push(word.to_owned()),
        }
    }
    lines
}
