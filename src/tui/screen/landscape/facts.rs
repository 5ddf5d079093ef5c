//! What a map of the landscape holds, in numbers.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use crate::train::landscape::PlaneKind;
use crate::train::probe::{Landscape, LandscapeView, Trail, Whose};
use crate::tui::branch;
use crate::tui::landscape_map::LandscapeMap;
use crate::tui::screen::train::past;
use crate::tui::theme::{Theme, mark};
use crate::tui::widgets::format;
use crate::tui::widgets::panel::Panel;
use crate::tui::workspace::Workspace;

/// Columns of the names of facts.
const NAMES: usize = 10;

/// ```text
/// ╭ Plane ────────────────────── trajectory ╮
/// │ the two main directions of the path     │
/// │ true loss  0.00186                      │
/// │ plane loss 0.00186                      │
/// │ path held  97.8% = 93.4 + 4.4           │
/// │ at step    3,000                        │
/// │ A this run                              │
/// │ B layer 1 relu → tanh @5,000            │
/// ╰─────────────────────────────────────────╯
/// ```
pub fn draw(
    (workspace, plane): (&Workspace, PlaneKind),
    frame: &mut Frame<'_>,
    area: Rect,
    theme: Theme,
) {
    let panel = past::panel(workspace, theme, "Plane").right(plane.name());
    frame.render_widget(&panel, area);
    let inner = Panel::inner(area);
    let shown = workspace.run.landscape.as_ref().filter(|it| it.seen.map.kind == plane);
    let columns = usize::from(inner.width.saturating_sub(1));
    let mut lines = match shown {
        Some(shown) => facts(shown, theme),
        None => Vec::new(),
    };
    if let Some(shown) = shown {
        lines.extend(paths(workspace, &shown.seen, theme));
    }
    let wrapped = |text: &str| {
        let lines = format::wrap(text, columns).into_iter();
        lines.map(|line| Line::styled(format!(" {line}"), theme.muted())).collect::<Vec<_>>()
    };
    // The note gives way, the numbers do not.
    let mut rows = wrapped(plane.directions());
    rows.append(&mut lines);
    let note = wrapped(note(plane));
    if rows.len() + note.len() < usize::from(inner.height) {
        rows.push(Line::default());
        rows.extend(note);
    } else if rows.len() > usize::from(inner.height) {
        rows.drain(..wrapped(plane.directions()).len());
    }
    put_lines(rows, frame, inner);
}

/// Says in the place of the map why there is none.
pub fn draw_absence(
    (workspace, plane): (&Workspace, PlaneKind),
    frame: &mut Frame<'_>,
    area: Rect,
    theme: Theme,
) {
    let seen = workspace.run.seen.as_ref().and_then(|seen| seen.landscape.as_ref());
    let text = match seen {
        Some(Landscape::TooLarge { parameters, rows }) => {
            let [weights, rows] = [*parameters, *rows].map(|count| format::thousands(count as f64));
            let [most, work] =
                [Landscape::LIMITS.0, Landscape::LIMITS.1].map(|it| format::thousands(it as f64));
            format!(
                "{weights} weights on {rows} training rows are too many to be mapped while you \
                 watch: at most {most} weights, and {work} weights times rows. `gradlab landscape` \
                 takes its time."
            )
        }
        Some(Landscape::NoPlane(reason)) => {
            let text = reason.to_string();
            let (first, rest) = text.split_at(text.chars().next().map_or(0, char::len_utf8));
            format!("{}{rest}: m", first.to_uppercase())
        }
        _ if plane == PlaneKind::Hessian => {
            "Looking for the directions in which the loss curves most …".to_owned()
        }
        _ => "The map is on its way …".to_owned(),
    };
    let columns = usize::from(area.width.saturating_sub(2));
    let lines = format::wrap(&text, columns).into_iter();
    put_lines(lines.map(|line| Line::styled(format!(" {line}"), theme.muted())), frame, area);
}

fn put_lines(lines: impl IntoIterator<Item = Line<'static>>, frame: &mut Frame<'_>, area: Rect) {
    for (line, y) in lines.into_iter().zip(area.top()..area.bottom()) {
        let row = Rect { y, height: 1, ..area };
        frame.render_widget(format::truncate_line(line, usize::from(area.width)), row);
    }
}

/// What such a map can show.
const fn note(plane: PlaneKind) -> &'static str {
    match plane {
        PlaneKind::Random => {
            "Two directions of very many: they see next to nothing of the path (Li et al. 2018)."
        }
        PlaneKind::Trajectory => {
            "A smooth path is no finding: that of a random walk looks the same (arXiv 1806.08805)."
        }
        PlaneKind::Hessian => {
            "Mapped as far as this curvature doubles the loss; the path comes from farther away."
        }
    }
}

fn fact(name: &str, value: String, theme: Theme) -> Line<'static> {
    Line::from(vec![
        Span::styled(format!(" {name:<NAMES$} "), theme.muted()),
        Span::styled(value, theme.text()),
    ])
}

fn facts(shown: &LandscapeMap, theme: Theme) -> Vec<Line<'static>> {
    let LandscapeView { map, here, .. } = &*shown.seen;
    let [number, rough] = [4, 3].map(|digits| move |x: f64| format::significant(x, digits));
    let mut facts = vec![
        fact("true loss", number(here.loss), theme),
        fact("plane loss", number(here.plane_loss), theme),
        match map.variance {
            Some([a, b]) => {
                let [a, b, sum] = [a, b, a + b].map(|share| format!("{:.1}", 100.0 * share));
                fact("path held", format!("{sum}% = {a} + {b}"), theme)
            }
            None => fact("path held", "none to hold".to_owned(), theme),
        },
    ];
    if let Some([a, b]) = map.eigenvalues {
        facts.push(fact("curvature", format!("{} →  {} ↑", rough(a), rough(b)), theme));
    }
    let step = format::thousands(here.step as f64);
    let of = if map.step == here.step {
        String::new()
    } else {
        format!(", map {}", format::thousands(map.step as f64))
    };
    facts.push(fact("at step", format!("{step}{of}"), theme));
    facts
}

/// The style of a path's line: branches stay in the background.
pub fn line_style(whose: Whose, index: usize, theme: Theme) -> Style {
    if matches!(whose, Whose::Branch(_)) { theme.muted() } else { theme.walker(index) }
}

/// The paths with their letters.
fn paths(workspace: &Workspace, seen: &LandscapeView, theme: Theme) -> Vec<Line<'static>> {
    let timeline = &workspace.run.timeline;
    let name = |trail: &Trail| match trail.whose {
        Whose::Run => "this run".to_owned(),
        Whose::Branch(id) => {
            let branch = timeline.branches.iter().find(|branch| branch.id == id);
            branch.map_or_else(|| "another branch".to_owned(), |it| branch::name(it, timeline))
        }
        Whose::Arm(index) => {
            let race = workspace.race.as_ref();
            let arm = race.and_then(|race| race.plan.arms.get(index));
            let name = arm.map_or_else(String::new, |it| it.name.on_terminal().into_owned());
            format!("arm {name}")
        }
    };
    let line = |(index, trail): (usize, &Trail)| {
        let style = line_style(trail.whose, index, theme);
        Line::from(vec![
            Span::styled(format!(" {} ", mark(index).to_ascii_uppercase()), style),
            Span::styled(name(trail), theme.text()),
        ])
    };
    seen.trails.iter().enumerate().map(line).collect()
}
