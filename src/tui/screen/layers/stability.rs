//! How near the optimizers are to what they can take.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use crate::train::curvature::{Critical, Measured, Sighting};
use crate::train::probe::Stability;
use crate::tui::screen::train::past;
use crate::tui::stability_series::StabilitySeries;
use crate::tui::theme::Theme;
use crate::tui::widgets::format;
use crate::tui::widgets::panel::Panel;
use crate::tui::widgets::sparkline::sparkline;
use crate::tui::workspace::Workspace;

/// Rows that it has use for.
pub const ROWS: u16 = 6;
/// Columns of the sharpness over time.
const SPARK: usize = 16;
/// Shares of the threshold between which the sharpness holds at it: Adam's goes up and down.
const HOLDS: std::ops::RangeInclusive<f64> = 0.75..=1.25;
/// A look that is behind by more than one in so many steps says so.
const LAG: u64 = 20;

/// ```text
/// ╭ Stability ────────────────────── adam ╮
/// │ sharpness  38.1 of 38/η = 40.0        │
/// │ ▁▂▃▅▆▇▇▇▇▇ holds at 96 %              │
/// │ largest stable rate 0.052, now 0.050  │
/// │ almost everywhere: kinks have none    │
/// │ Cohen et al. 2022, arXiv 2207.14484   │
/// ╰───────────────────────────────────────╯
/// ```
pub fn draw(workspace: &Workspace, frame: &mut Frame<'_>, area: Rect, theme: Theme) {
    let shown = workspace.run.seen.as_ref();
    let seen = shown.and_then(|seen| seen.stability.as_ref());
    let step = shown.map_or(workspace.run.step, |seen| seen.step);
    let rules = match seen {
        Some(Stability::Seen { sighting, .. }) => rules(sighting),
        _ => String::new(),
    };
    let panel = past::panel(workspace, theme, "Stability").right(&rules);
    frame.render_widget(&panel, area);
    let inner = Panel::inner(area);
    let lines = lines(seen, (&workspace.run.stability, step), theme);
    for (line, y) in lines.into_iter().zip(inner.top()..inner.bottom()) {
        let row = Rect { y, height: 1, ..inner };
        frame.render_widget(format::truncate_line(line, usize::from(inner.width)), row);
    }
}

/// The optimizers, each once.
fn rules(sighting: &Sighting) -> String {
    let mut names: Vec<&str> = sighting.layers.iter().map(|layer| layer.optimizer).collect();
    names.sort_unstable();
    names.dedup();
    if names.len() > 2 { format!("{} optimizers", names.len()) } else { names.join(", ") }
}

/// What is known, the most important first.
fn lines(
    seen: Option<&Stability>,
    (series, present): (&StabilitySeries, u64),
    theme: Theme,
) -> Vec<Line<'static>> {
    let (step, sighting) = match seen {
        None | Some(Stability::Pending) => return vec![Line::styled(" –", theme.muted())],
        Some(Stability::TooLarge { parameters }) => {
            let count = format::thousands(*parameters as f64);
            return vec![
                Line::styled(format!(" {count} weights are too many to watch;"), theme.muted()),
                Line::styled(" `gradlab curvature` takes its time", theme.muted()),
            ];
        }
        Some(Stability::Seen { step, sighting }) => (*step, sighting),
    };
    let mut lines = match sighting.measured {
        Measured::NotFinite => vec![Line::styled(" sharpness  not finite", theme.bad())],
        Measured::Share { share, known } => of_share(sighting, (share, known), series, theme),
        Measured::Bare { sharpness, known, critical } => {
            of_bare((sharpness, known), critical, series, theme)
        }
    };
    if !sighting.scope.smooth {
        lines.push(Line::styled(" almost everywhere: kinks have no curvature", theme.muted()));
    }
    if step.abs_diff(present) > present / LAG {
        let step = format::thousands(step as f64);
        lines.push(Line::styled(format!(" as of step {step}"), theme.muted()));
    }
    if !sighting.sources.is_empty() {
        lines.push(Line::styled(format!(" {}", sighting.sources.join("; ")), theme.muted()));
    }
    lines
}

fn of_share(
    sighting: &Sighting,
    (share, known): (f64, bool),
    series: &StabilitySeries,
    theme: Theme,
) -> Vec<Line<'static>> {
    let (sharpness, threshold) = sighting.against_threshold().unwrap_or((share, 1.0));
    let least = if known { "" } else { "≥ " };
    let of = match &sighting.layers[..] {
        [first, ..] if first.sharpness == Some(threshold) => {
            format!("of {}/η = {}", tidy(threshold * first.rate), tidy(threshold))
        }
        _ => "of what all rates together can take".to_owned(),
    };
    let value = if threshold == 1.0 {
        format::percent(share).trim().to_owned()
    } else {
        format::measure(sharpness).trim().to_owned()
    };
    let style = style(share, theme);
    let head = Line::from(vec![
        Span::styled(format!(" sharpness  {least}{value} "), style),
        Span::styled(of, theme.muted()),
    ]);
    let holds = sighting.scope.settles && HOLDS.contains(&share) && holds(series);
    let word = if holds { "holds at" } else { "at" };
    let percent = format::percent(share);
    let spark = Line::from(vec![
        Span::styled(format!(" {}", spark(series, Some(threshold))), style),
        Span::styled(format!("  {word} {}", percent.trim()), theme.text()),
    ]);
    let mut lines = vec![head, spark];
    lines.extend(sighting.largest_stable_rate().map(|(largest, now)| {
        let [largest, at] = [largest, now].map(tidy);
        let text = if now == 1.0 {
            format!(" all rates could be {largest} times as large")
        } else {
            format!(" largest stable rate {largest}, now {at}")
        };
        Line::styled(text, theme.text())
    }));
    lines
}

fn of_bare(
    (sharpness, known): (f64, bool),
    critical: Option<Critical>,
    series: &StabilitySeries,
    theme: Theme,
) -> Vec<Line<'static>> {
    let least = if known { "" } else { "≥ " };
    let value = format::measure(sharpness).trim().to_owned();
    let along = match critical {
        Some(Critical::At(factor)) => {
            let times = tidy(factor);
            format!(" loss rises from {times} × this update on")
        }
        Some(Critical::Rises) => " this update raises the loss at any length".to_owned(),
        Some(Critical::Beyond) => " along this update the loss does not rise".to_owned(),
        Some(Critical::Unknown) | None => String::new(),
    };
    let mut lines = vec![
        Line::from(vec![
            Span::styled(format!(" sharpness  {least}{value} "), theme.text()),
            Span::styled("no threshold is known", theme.muted()),
        ]),
        Line::styled(format!(" {}", spark(series, None)), theme.text()),
    ];
    if !along.is_empty() {
        lines.push(Line::styled(along, theme.text()));
        lines.push(Line::styled(" (arXiv 2601.16979)", theme.muted()));
    }
    lines
}

/// A constant, without the zeros that hold the place of digits.
fn tidy(value: f64) -> String {
    let text = format::measure(value);
    let text = text.trim();
    if text.contains('.') && !text.contains('e') {
        return text.trim_end_matches('0').trim_end_matches('.').to_owned();
    }
    text.to_owned()
}

/// The sharpness over time, as high as its threshold or as its largest.
fn spark(series: &StabilitySeries, threshold: Option<f64>) -> String {
    let values: Vec<f64> = series.sharpness.buckets().iter().map(|bucket| bucket.latest).collect();
    // What goes over the threshold shows.
    let highest = || values.iter().copied().fold(f64::MIN_POSITIVE, f64::max);
    let full = threshold.map_or_else(highest, |it| 1.25 * it);
    sparkline(&values, SPARK, full)
}

/// Whether each of the latest looks has found it at its threshold.
fn holds(series: &StabilitySeries) -> bool {
    series.latest_shares().is_some_and(|shares| shares.iter().all(|share| HOLDS.contains(share)))
}

fn style(share: f64, theme: Theme) -> Style {
    if share > *HOLDS.end() { theme.warn() } else { theme.accent() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::train::curvature::{Scope, Threshold};
    use crate::tui::theme::Depth;

    fn sighting(measured: Measured, settles: bool, smooth: bool) -> Sighting {
        let layer = Threshold { optimizer: "sgd", rate: 0.05, sharpness: Some(40.0) };
        let sources = vec!["Cohen et al. 2021"];
        Sighting { measured, layers: vec![layer; 2], scope: Scope { settles, smooth }, sources }
    }

    fn text(seen: Option<&Stability>, series: &StabilitySeries) -> Vec<String> {
        let lines = lines(seen, (series, 30), Theme::new(Depth::None));
        lines.iter().map(ToString::to_string).collect()
    }

    fn after(looks: &[(u64, f64)], settles: bool, smooth: bool) -> Vec<String> {
        let mut series = StabilitySeries::default();
        let mut seen = Stability::Pending;
        for &(step, share) in looks {
            let sighting = sighting(Measured::Share { share, known: true }, settles, smooth);
            seen = Stability::Seen { step, sighting };
            series.push(&seen);
        }
        text(Some(&seen), &series)
    }

    #[test]
    fn says_holds_only_where_that_is_known_and_seen() {
        let looks = [(0, 0.25), (10, 0.98), (20, 1.02), (30, 0.96)];
        assert_eq!(
            after(&looks, true, true),
            [
                " sharpness  38.400 of 2/η = 40",
                " ▂▆▇▆  holds at 96.0%",
                " largest stable rate 0.0521, now 0.05",
                " Cohen et al. 2021",
            ]
        );
        // Mini-batches, or another loss.
        assert!(after(&looks, false, true)[1].ends_with("  at 96.0%"));
        // On its way.
        assert!(after(&looks[..2], true, true)[1].ends_with("  at 98.0%"));
        let kinks = after(&looks[..2], true, false);
        assert_eq!(
            kinks[3..],
            [" almost everywhere: kinks have no curvature", " as of step 10", " Cohen et al. 2021",]
        );
    }

    #[test]
    fn without_a_theory_there_is_no_threshold() {
        let critical = Some(Critical::At(3.0));
        let measured = Measured::Bare { sharpness: 12.5, known: false, critical };
        let mut bare = sighting(measured, true, true);
        bare.sources.clear();
        let seen = Stability::Seen { step: 30, sighting: bare };
        let mut series = StabilitySeries::default();
        series.push(&seen);
        assert_eq!(
            text(Some(&seen), &series),
            [
                " sharpness  ≥ 12.500 no threshold is known",
                " █",
                " loss rises from 3 × this update on",
                " (arXiv 2601.16979)",
            ]
        );
    }

    #[test]
    fn nothing_is_drawn_before_there_is_something() {
        let series = StabilitySeries::default();
        assert_eq!(text(None, &series), [" –"]);
        assert_eq!(text(Some(&Stability::Pending), &series), [" –"]);
        let large = text(Some(&Stability::TooLarge { parameters: 1_000_000 }), &series);
        assert_eq!(large[0], " 1,000,000 weights are too many to watch;");
        let broken = sighting(Measured::NotFinite, true, true);
        let seen = Stability::Seen { step: 30, sighting: broken };
        assert_eq!(text(Some(&seen), &series)[0], " sharpness  not finite");
    }
}
