//! What a page of a lesson says, in lines.

use ratatui::style::{Modifier, Style};
use ratatui::text::{Line, Span};

use super::draft::Draft;
use super::lecture::{Lecture, Phase, Reply, written};
use super::markdown;
use crate::experiment::lesson::measure::Unit;
use crate::experiment::lesson::{Answer, Setup};
use crate::experiment::{Experiment, short_recipe};
use crate::text::{Untrusted, shell_word};
use crate::tui::run_view::Status;
use crate::tui::theme::Theme;
use crate::tui::widgets::format;
use crate::tui::workspace::Workspace;

/// The page in lines of `width` columns: with its text above what it reveals if there is `room` for both,
/// and choices in one line if there is none for more.
pub fn lines(
    lecture: &Lecture,
    workspace: &Workspace,
    (width, room): (usize, usize),
    theme: Theme,
) -> Vec<Line<'static>> {
    let whole = parts(lecture, workspace, width, true, theme);
    if whole.len() <= room { whole } else { parts(lecture, workspace, width, false, theme) }
}

fn parts(
    lecture: &Lecture,
    workspace: &Workspace,
    width: usize,
    roomy: bool,
    theme: Theme,
) -> Vec<Line<'static>> {
    let page = lecture.page();
    let over = lecture.phase() == Phase::Over;
    let reveal = page.reveal.as_ref().filter(|_| over);
    let mut lines = Vec::new();
    if roomy || reveal.is_none() {
        lines.extend(markdown::lines(&lecture.filled(&page.text), width, theme));
    }
    let gap = |lines: &mut Vec<Line<'static>>| {
        if roomy && !lines.is_empty() {
            lines.push(Line::default());
        }
    };
    if let Some(question) = &page.question {
        gap(&mut lines);
        if roomy || !over {
            lines.extend(markdown::lines(question.ask.raw(), width, theme).into_iter().map(bold));
        }
        lines.extend(answers(lecture, width, roomy, theme));
    }
    if let Some(reveal) = reveal {
        gap(&mut lines);
        lines.extend(markdown::lines(&lecture.filled(reveal), width, theme));
        if lecture.surprises().next().is_some() {
            let text = "It usually comes out otherwise: something was changed, or this start is a \
                        rare one. r starts again.";
            lines.extend(
                format::wrap(text, width).into_iter().map(|it| Line::styled(it, theme.warn())),
            );
        }
    }
    gap(&mut lines);
    let hint = hint(lecture, workspace);
    lines.extend(format::wrap(&hint, width).into_iter().map(|it| Line::styled(it, theme.accent())));
    lines
}

fn bold(line: Line<'static>) -> Line<'static> {
    line.style(Modifier::BOLD)
}

/// The answers that can be given, or the one that was.
fn answers(lecture: &Lecture, width: usize, roomy: bool, theme: Theme) -> Vec<Line<'static>> {
    match (lecture.answer(), lecture.phase()) {
        (Some(Answer::Choice { choices, right }), phase) => {
            let given = match lecture.reply() {
                Some(Reply::Choice(given)) => Some(*given),
                _ => None,
            };
            let over = phase == Phase::Over;
            let choice = |(index, text): (usize, &Untrusted)| {
                let mark = match (over && index == *right, given == Some(index)) {
                    (true, _) => "✓",
                    (false, true) if over => "✗",
                    (false, true) => "▸",
                    _ => " ",
                };
                let style = match (given == Some(index), over) {
                    (_, true) if index == *right => theme.good(),
                    (true, _) => theme.accent(),
                    _ => theme.text(),
                };
                (format!("{mark}{} {}", index + 1, text.on_terminal()), style)
            };
            let all: Vec<_> = choices.iter().enumerate().map(choice).collect();
            one_or_many(all, width, roomy)
        }
        (Some(Answer::Number { right, within }), _) => {
            number(lecture, (right.value(&|it| lecture.number(it)), *within), theme)
        }
        (Some(Answer::Curve { .. }), Phase::Over) => vec![verdict(lecture, theme)],
        _ => Vec::new(),
    }
}

/// Choices in one line if they must and can be, else one below the other.
fn one_or_many(all: Vec<(String, Style)>, width: usize, roomy: bool) -> Vec<Line<'static>> {
    let together: usize = all.iter().map(|(text, _)| format::width(text) + 2).sum();
    if !roomy && together <= width {
        let spans = all.into_iter().map(|(text, style)| Span::styled(format!("{text}  "), style));
        return vec![spans.collect()];
    }
    let line = |(text, style): (String, _)| {
        let mut parts = format::wrap(&text, width.saturating_sub(3)).into_iter();
        let first = parts.next().map(|part| Line::styled(part, style));
        first.into_iter().chain(parts.map(move |part| Line::styled(format!("   {part}"), style)))
    };
    all.into_iter().flat_map(line).collect()
}

fn number(
    lecture: &Lecture,
    (right, within): (Option<f64>, f64),
    theme: Theme,
) -> Vec<Line<'static>> {
    match (lecture.draft(), lecture.reply(), lecture.phase()) {
        (Draft::Number(text), None, _) => {
            let hint = format!("   (to ± {within})");
            let typed = Span::styled(format!("{text}▏"), theme.accent());
            vec![Line::from(vec![
                Span::raw("Your answer: "),
                typed,
                Span::styled(hint, theme.muted()),
            ])]
        }
        (_, Some(Reply::Number(given)), Phase::Over) => {
            let right = right.map_or_else(|| "–".to_owned(), |right| written(right, Unit::Real));
            let said = format!("You said {given}; it is {right}.");
            vec![verdict(lecture, theme), Line::raw(said)]
        }
        (_, Some(Reply::Number(given)), _) => vec![Line::raw(format!("You said {given}."))],
        _ => Vec::new(),
    }
}

fn verdict(lecture: &Lecture, theme: Theme) -> Line<'static> {
    match lecture.is_right() {
        Some(true) => Line::styled("✓ right", theme.good()),
        Some(false) => Line::styled("✗ not quite", theme.warn()),
        None => Line::default(),
    }
}

/// What to do next.
fn hint(lecture: &Lecture, workspace: &Workspace) -> String {
    let last = lecture.index() + 1 == lecture.lesson().pages.len();
    match lecture.phase() {
        Phase::Ask => match lecture.answer() {
            Some(Answer::Choice { choices, .. }) => format!("Press 1 to {}.", choices.len()),
            Some(Answer::Number { .. }) => "Type a number, then ⏎.".to_owned(),
            _ => "← → choose a point, ↑ ↓ move it, ⏎ when done.".to_owned(),
        },
        Phase::Run => to_run(lecture, workspace),
        Phase::Hidden => "⏎ shows the answer.".to_owned(),
        Phase::Over if last => match lecture.next() {
            Some(title) => format!("⏎ next lesson: {title}."),
            None => "⏎ ends the lesson.".to_owned(),
        },
        Phase::Over => "⏎ next page.".to_owned(),
    }
}

fn to_run(lecture: &Lecture, workspace: &Workspace) -> String {
    if lecture.race().is_some() {
        return "Space races it.".to_owned();
    }
    if let Some(race) = workspace.race.as_ref().filter(|race| lecture.is_of(&race.plan)) {
        let (done, total) = race.runs();
        return format!("Racing: {done} of {total} runs.");
    }
    if let Some(walk) = lecture.walk() {
        if let Some(step) = lecture.walked() {
            let (step, end) = (step as f64, walk.steps as f64);
            return format!(
                "Walking: step {} of {}.",
                format::thousands(step),
                format::thousands(end)
            );
        }
        return match walk.steps {
            1 => "Space walks it, one step.".to_owned(),
            steps => format!("Space walks it, {} steps.", format::thousands(steps as f64)),
        };
    }
    let Some(until) = lecture.until() else { return String::new() };
    let end = format::thousands(until.step as f64);
    if workspace.run.running() && lecture.has_started() {
        let step = format::thousands(workspace.run.step as f64);
        return format!("Running: step {step} of {end}.");
    }
    match (workspace.run.status == Status::Loading, until.bound.is_some()) {
        (true, _) => "Loading.".to_owned(),
        (false, true) => format!("Space runs it, to step {end} at most."),
        (false, false) => format!("Space runs it to step {end}."),
    }
}

/// The line that gives the run of `setup` to anyone.
#[must_use]
pub fn command(setup: &Setup) -> String {
    match setup {
        Setup::Experiment(experiment) | Setup::Edit(experiment) => {
            format!("gradlab {}", recipe(experiment))
        }
        Setup::Race(experiment) => format!("gradlab compare {}", recipe(experiment)),
        Setup::Walk(walk) => {
            let [x, y] = walk.start;
            let walkers: Vec<_> = walk.walkers.iter().map(ToString::to_string).collect();
            let optimizers: Vec<_> = walkers.iter().map(|it| format!("--optimizer {it}")).collect();
            let (surface, steps) = (&walk.surface, walk.steps);
            format!(
                "gradlab optimize {surface} {} --start={x},{y} --steps {steps}",
                optimizers.join(" ")
            )
        }
    }
}

fn recipe(experiment: &Experiment) -> String {
    shell_word(&short_recipe(experiment)).into_owned()
}
