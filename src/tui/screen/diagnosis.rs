//! What is wrong with the run, and what helps.

use ratatui::style::Style;
use ratatui::text::{Line, Span};

use crate::experiment::Experiment;
use crate::train::diagnosis::{Finding, Gravity, MOST};
use crate::tui::keymap::run::REMEDY;
use crate::tui::theme::Theme;
use crate::tui::widgets::format;
use crate::tui::workspace::Workspace;

/// What is told of the run, the gravest first; of the past nothing is.
#[must_use]
pub fn told(workspace: &Workspace) -> Vec<&Finding> {
    let standing =
        if workspace.past.is_some() { Vec::new() } else { workspace.run.watch.standing() };
    standing.into_iter().take(MOST).collect()
}

/// The remedy of the gravest finding that has one, with its text, if it is of the experiment under
/// edit.
#[must_use]
pub fn remedy(workspace: &Workspace) -> Option<(Experiment, String)> {
    let current = workspace.run.experiment.as_deref() == Some(&workspace.experiment);
    let remedy = told(workspace).into_iter().find_map(|finding| finding.remedy.as_ref());
    remedy.filter(|_| current).map(|it| ((*it.experiment).clone(), it.text.clone()))
}

/// ```text
///  ▲ layer 2: 9 of 16 units are dead (Maas et al. 2013)        f layers.2.activation=leaky_relu
/// ```
/// None if all is well. A divergence is told of elsewhere.
#[must_use]
pub fn line(workspace: &Workspace, width: u16, theme: Theme) -> Option<Line<'static>> {
    let width = usize::from(width);
    let finding = told(workspace).into_iter().find(|it| it.rule.key != "diverged")?;
    // The key applies the remedy of the gravest finding, whether it is told of here or not.
    let applied = remedy(workspace).map(|(_, text)| text);
    let own = finding.remedy.as_ref().filter(|it| Some(&it.text) == applied.as_ref());
    let remedy = own.map_or_else(String::new, |it| format!("{REMEDY} {} ", it.text));
    // What is wrong comes first; what helps is shown if at least half of that can be read.
    let left = width.saturating_sub(format::width(&remedy) + 2);
    let (left, remedy) = if left < width / 2 { (width, String::new()) } else { (left, remedy) };
    let full = format!(" ▲ {}", finding.sentence());
    let text =
        if format::width(&full) <= left { full } else { format!(" ▲ {}", finding.measured) };
    let text = format::truncate(&text, left);
    let gap = width.saturating_sub(format::width(&text) + format::width(&remedy));
    Some(Line::from(vec![
        Span::styled(text, style(finding, theme)),
        Span::raw(" ".repeat(gap)),
        Span::styled(remedy, theme.text()),
    ]))
}

/// The style of a finding.
#[must_use]
pub fn style(finding: &Finding, theme: Theme) -> Style {
    match finding.rule.gravity {
        Gravity::Notable => theme.warn(),
        Gravity::Bad => theme.bad(),
    }
}
