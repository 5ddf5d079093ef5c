//! A claim: the prediction first, then its test, and what that comes to.

use ratatui::style::{Modifier, Style};
use ratatui::text::Line;

use super::about::wrapped;
use crate::compare::claims::{Claim, Evidence, Finding, Judged, Judgement};
use crate::export::claims::sentence;
use crate::tui::theme::Theme;
use crate::tui::workspace::{Judging, Workspace};

/// How far a claim is: predicted, being tested, or tested, and whether the prediction was right.
pub fn state(claim: &'static Claim, workspace: &Workspace, theme: Theme) -> (String, Style) {
    if let Some(judging) = workspace.judging_of(claim) {
        return (format!("{}%", judging.percent()), theme.accent());
    }
    let predicted = workspace.progress.predicted(claim);
    match (predicted, workspace.progress.judged(claim)) {
        (None, _) => (String::new(), theme.muted()),
        (Some(_), None) => ("predicted".to_owned(), theme.muted()),
        (Some(predicted), Some(judged)) if judged.judgement == predicted => {
            ("✓".to_owned(), theme.good())
        }
        _ => ("✗".to_owned(), theme.warn()),
    }
}

/// What the claim says, what was predicted of it, and its figures, in lines of `width` columns. Where there are
/// not rows enough, what would decide is left out once a verdict was predicted, and then the air between the
/// parts.
pub fn lines(
    claim: &'static Claim,
    workspace: &Workspace,
    (width, rows): (usize, usize),
    theme: Theme,
) -> Vec<Line<'static>> {
    let mut parts = parts(claim, workspace, width, theme);
    let airy = |parts: &[Vec<Line<'static>>]| parts.join(&Line::default());
    if airy(&parts).len() > rows && workspace.progress.predicted(claim).is_some() {
        parts.remove(DECIDES);
    }
    let airy = airy(&parts);
    if airy.len() > rows { parts.concat() } else { airy }
}

/// The place among the parts of what would decide.
const DECIDES: usize = 1;

/// The parts, of which the last one is what to do next.
fn parts(
    claim: &'static Claim,
    workspace: &Workspace,
    width: usize,
    theme: Theme,
) -> Vec<Vec<Line<'static>>> {
    let bold = theme.text().add_modifier(Modifier::BOLD);
    let mut parts = vec![wrapped(claim.statement, width, bold), decides(claim, width, theme)];
    let text = |text: &str| wrapped(text, width, theme.text());
    let command = wrapped(&format!("$ gradlab claims {}", claim.name), width, theme.muted());
    let hint = |hint: &str| wrapped(hint, width, theme.accent());
    let progress = &workspace.progress;
    match (progress.predicted(claim), workspace.judging_of(claim), progress.judged(claim)) {
        (None, ..) => {
            let mut question = text("What will it come to?");
            question.extend((1..).zip(Judgement::ALL).flat_map(|(number, judgement)| {
                wrapped(&format!(" {number} {}", judgement.in_full()), width, theme.text())
            }));
            parts.extend([question, hint("Press 1 to 4.")]);
        }
        (Some(predicted), Some(judging), _) => {
            parts.push(text(&format!("You said: {}.", predicted.in_full())));
            parts.push(figures(&judging.progress.evidence, width, theme));
            parts.push(hint(&under_way(judging)));
        }
        (Some(predicted), None, Some(judged)) => {
            parts.push(outcome(predicted, &judged, width, theme));
            parts.push(figures(&judged.evidence, width, theme));
            parts.extend([command, hint("r predicts anew.")]);
        }
        (Some(predicted), None, None) => {
            parts.push(text(&format!("You said: {}.", predicted.in_full())));
            parts.extend([command, hint("⏎ puts it to the test.")]);
        }
    }
    parts.retain(|part| !part.is_empty());
    parts
}

/// What would count for it and against it, and where.
fn decides(claim: &Claim, width: usize, theme: Theme) -> Vec<Line<'static>> {
    let tasks: Vec<_> = claim.duels.iter().map(|duel| duel.task).collect();
    let told = [
        format!("For it: {}.", claim.supports),
        format!("Against it: {}.", claim.contradicts),
        format!("Compared on: {}.", tasks.join("; ")),
    ];
    told.iter().flat_map(|it| wrapped(it, width, theme.muted())).collect()
}

/// The prediction beside the verdict.
fn outcome(
    predicted: Judgement,
    judged: &Judged,
    width: usize,
    theme: Theme,
) -> Vec<Line<'static>> {
    let found = judged.judgement.in_full();
    if judged.judgement == predicted {
        return wrapped(&format!("✓ You were right: {found}."), width, theme.good());
    }
    let mut lines = wrapped(&format!("You said: {}.", predicted.in_full()), width, theme.text());
    lines.extend(wrapped(&format!("✗ By these runs {found}."), width, theme.warn()));
    lines
}

/// Each comparison that is done, with its figures.
fn figures(evidence: &[Evidence], width: usize, theme: Theme) -> Vec<Line<'static>> {
    let line = |it: &Evidence| {
        let (mark, style) = match it.finding {
            Finding::For => ('+', theme.good()),
            Finding::Against => ('−', theme.warn()),
            Finding::Open => ('=', theme.text()),
        };
        wrapped(&format!("{mark} {}: {}", it.duel.task, sentence(it)), width, style)
    };
    evidence.iter().flat_map(line).collect()
}

fn under_way(judging: &Judging) -> String {
    let (done, total) = judging.progress.runs;
    let (place, all) = (judging.progress.evidence.len(), judging.claim.duels.len());
    let task = judging.claim.duels.get(place).map_or("", |duel| duel.task);
    let number = (place + 1).min(all);
    format!("Comparison {number} of {all}, {task}: {done} of {total} runs. Esc stops.")
}
