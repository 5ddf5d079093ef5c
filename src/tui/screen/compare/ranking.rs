//! The ranking, which is also the legend of the curves and, at a cursor, their readout.
//!
//! ```text
//! ╭ Ranking ───────────────────────────────────────── target test_loss<0.1 ╮
//! │ On 16 seeds, adam and rmsprop cannot be told apart.                    │
//! │  #   arm       best lr  test loss  [25%, 75%]    to target  diverged … │
//! │▸ 1 ─ a adam       0.01     0.0410  [0.036, 0.047]    1,240     2/26  – │
//! │  2 ─ c rmsprop   0.003    ~0.0480  [0.040, 0.061]        ∞     5/26  … │
//! │ ▲ at the grid's edge: d adagrad (+ widens it)                          │
//! ╰────────────────────────────────────────────────────────────────────────╯
//! ```

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;

use super::curves;
use super::scene::Scene;
use crate::compare::statistics::Quartiles;
use crate::compare::{Edge, Standing, Verdict, Versus, Warning, letter};
use crate::export::comparison::{self, number};
use crate::spec::Plain;
use crate::tui::drawn::Scroll;
use crate::tui::theme::Theme;
use crate::tui::widgets::format;
use crate::tui::widgets::panel::Panel;

/// Rows of the panel if it has all that it wants.
pub fn height(scene: Scene<'_>, width: u16) -> u16 {
    let warnings = warnings(scene, usize::from(width.saturating_sub(4))).len();
    let verdict = verdict_lines(scene, usize::from(width.saturating_sub(4))).len();
    (scene.race.plan.arms.len() + warnings.min(3) + verdict + 3) as u16
}

/// Rows that the verdict takes at most.
const VERDICT: usize = 2;

/// The verdict on all arms, once there is one.
fn verdict_lines(scene: Scene<'_>, width: usize) -> Vec<String> {
    let ranking = &scene.race.status.score.ranking;
    let verdict = comparison::verdict_on_all(&scene.race.plan, ranking);
    let mut lines = verdict.map_or_else(Vec::new, |text| format::wrap(&text, width));
    if lines.len() > VERDICT {
        let rest = lines.split_off(VERDICT - 1).join(" ");
        lines.push(format::truncate(&rest, width));
    }
    lines
}

/// Draws it. Returns how it was scrolled.
pub fn draw(scene: Scene<'_>, frame: &mut Frame<'_>, area: Rect, theme: Theme) -> Scroll {
    let target =
        scene.race.plan.target.map_or_else(String::new, |target| format!("target {target}"));
    let provisional = scene.race.status.score.ranking.standings.iter().any(|it| it.provisional);
    let title = if provisional { "Ranking, ~ provisional" } else { "Ranking" };
    frame.render_widget(&Panel::new(theme, title).right(&target).focused(true), area);
    let inner = Panel::inner(area);
    let width = usize::from(inner.width);
    let warnings = warnings(scene, width.saturating_sub(2));
    let arms = scene.race.plan.arms.len();
    let height = usize::from(inner.height.saturating_sub(1));
    // Arms come before words.
    let verdict = verdict_lines(scene, width.saturating_sub(2));
    let said = if height >= arms + verdict.len() { verdict.len() } else { 0 };
    let height = height - said;
    // At least half of the room is for arms.
    let below =
        warnings.len().min(height.saturating_sub(arms).max(height.min(3) / 3)).min(height / 2);
    let rows = height - below;
    let at =
        scene.race.status.score.ranking.standings.iter().position(|it| it.arm == scene.screen.arm);
    let mut scroll = Scroll::to_show(at.unwrap_or(0), scene.screen.top, rows, arms);
    scroll.top = scroll.top.min(scroll.last);
    let columns = columns(scene, width);
    let mut lines: Vec<Line<'static>> =
        verdict.iter().take(said).map(|line| Line::raw(format!(" {line}"))).collect();
    lines.push(head(scene, &columns, width, theme));
    let courses: Vec<_> = scene.courses().map(|(_, course)| course).collect();
    let cursor = scene.cursor_at();
    let standings = scene.race.status.score.ranking.standings.iter().enumerate();
    for (index, standing) in standings.skip(scroll.top).take(rows) {
        let course = courses.get(standing.arm).map_or(&[][..], Vec::as_slice);
        let shown = match cursor {
            Some(x) => Shown { value: scene.read(course, x), at_cursor: true },
            None => Shown { value: standing.test_loss, at_cursor: false },
        };
        lines.push(row(scene, (index, standing), shown, &columns, width, theme));
    }
    for (index, warning) in warnings.iter().take(below).enumerate() {
        let more = warnings.len() - below;
        let more =
            if index + 1 == below && more > 0 { format!(" (+{more}: g)") } else { String::new() };
        let room = width.saturating_sub(3 + more.len());
        let text = format!(" ▲ {}{more}", format::truncate(warning, room));
        lines.push(Line::styled(text, theme.warn()));
    }
    frame.render_widget(Paragraph::new(lines), inner);
    scroll
}

/// What can be known of an arm, in the order in which it is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Column {
    Rank,
    Rate,
    Defaults,
    Loss,
    Band,
    Steps,
    Seconds,
    Diverged,
    Verdict,
}

impl Column {
    const ALL: [Self; 9] = [
        Self::Rank,
        Self::Rate,
        Self::Defaults,
        Self::Loss,
        Self::Band,
        Self::Steps,
        Self::Seconds,
        Self::Diverged,
        Self::Verdict,
    ];
    /// Which is left out last.
    const BY_WEIGHT: [Self; 9] = [
        Self::Loss,
        Self::Rank,
        Self::Defaults,
        Self::Steps,
        Self::Verdict,
        Self::Rate,
        Self::Diverged,
        Self::Band,
        Self::Seconds,
    ];

    /// Columns of text, with what sets it off on the left.
    const fn width(self) -> usize {
        match self {
            Self::Loss | Self::Seconds | Self::Defaults => 10,
            Self::Rate | Self::Diverged => 9,
            Self::Rank => 6,
            Self::Band => 20,
            Self::Steps => 11,
            Self::Verdict => 14,
        }
    }

    const fn left_aligned(self) -> bool {
        matches!(self, Self::Band | Self::Verdict)
    }
}

/// The number of an arm that is shown: its final test loss, or what its curve reads at the cursor.
#[derive(Clone, Copy, Debug)]
struct Shown {
    value: Option<Quartiles>,
    at_cursor: bool,
}

/// Columns of an arm's name at least, with all that stands before it.
const NAME: usize = 19;

fn columns(scene: Scene<'_>, width: usize) -> Vec<Column> {
    let target = scene.race.plan.target.is_some();
    let mut left = width.saturating_sub(NAME);
    let searched = !scene.race.plan.tune.is_empty();
    let wanted = Column::BY_WEIGHT.into_iter().filter(|column| match column {
        Column::Steps | Column::Seconds => target,
        Column::Defaults => searched,
        _ => true,
    });
    let fitting: Vec<_> = wanted
        .take_while(|column| {
            let fits = column.width() <= left;
            left = left.saturating_sub(column.width());
            fits
        })
        .collect();
    Column::ALL.into_iter().filter(|column| fitting.contains(column)).collect()
}

/// A cell's text at its place.
fn cell(column: Column, text: &str) -> String {
    let left = column.left_aligned();
    let room = column.width() - 1 - usize::from(left);
    let text = format::truncate(text, room);
    let blank = " ".repeat(room - format::width(&text));
    if left { format!("  {text}{blank}") } else { format!(" {blank}{text}") }
}

/// Columns before an arm's letter: `▸ 1 ─ `.
const BEFORE: usize = 6;

/// Columns for all that stands before the first column: no more than the longest name needs.
fn room_for_name(scene: Scene<'_>, columns: &[Column], width: usize) -> usize {
    let longest = scene
        .race
        .plan
        .arms
        .iter()
        .map(|arm| format::width(&arm.name.on_terminal()))
        .max()
        .unwrap_or(0);
    let left = width.saturating_sub(columns.iter().map(|column| column.width()).sum());
    left.min(BEFORE + 3 + longest)
}

fn head(scene: Scene<'_>, columns: &[Column], width: usize, theme: Theme) -> Line<'static> {
    let room = room_for_name(scene, columns, width);
    let mut text = format!("{:<room$}", format::truncate("  #   arm", room));
    let at = scene.cursor_at().map(|x| curves::reading(scene.screen.x_axis, x));
    for column in columns {
        let title = match column {
            Column::Rank => "rank",
            Column::Rate => "best lr",
            Column::Defaults => "defaults",
            Column::Loss => match &at {
                Some(at) => at.rsplit(' ').next().unwrap_or_default(),
                None => "test loss",
            },
            Column::Band => "[25%, 75%]",
            Column::Steps => "to target",
            Column::Seconds => "seconds",
            Column::Diverged => "diverged",
            Column::Verdict => "vs 1st",
        };
        let title = match (column, &at) {
            (Column::Loss, Some(_)) => format!("@ {title}"),
            _ => title.to_owned(),
        };
        text += &cell(*column, &title);
    }
    Line::styled(text, theme.muted())
}

fn row(
    scene: Scene<'_>,
    (index, standing): (usize, &Standing),
    shown: Shown,
    columns: &[Column],
    width: usize,
    theme: Theme,
) -> Line<'static> {
    let arm = standing.arm;
    let here = arm == scene.screen.arm;
    let hidden = scene.screen.hidden.contains(&arm);
    let room = room_for_name(scene, columns, width);
    let pointer = if here { "▸" } else { " " };
    let sample = if hidden { " " } else { "─" };
    let name = format!("{} {}", letter(arm), scene.race.plan.arms[arm].name.on_terminal());
    let name = format::truncate(&name, room.saturating_sub(BEFORE));
    let blank = " ".repeat(room.saturating_sub(BEFORE + format::width(&name)));
    let mut style = if hidden { theme.muted() } else { theme.class(arm) };
    if here {
        style = style.add_modifier(Modifier::BOLD);
    }
    let mut spans = vec![
        Span::styled(format!("{pointer}{:>2} ", index + 1), theme.accent()),
        Span::styled(format!("{sample} {name}{blank}"), style),
    ];
    let plain = if here { Style::new().add_modifier(Modifier::BOLD) } else { theme.text() };
    for column in columns {
        let (text, style) = content(scene, *column, (index, standing), shown, theme);
        spans.push(Span::styled(cell(*column, &text), style.unwrap_or(plain)));
    }
    Line::from(spans)
}

/// What a cell says, and its style if it stands out.
fn content(
    scene: Scene<'_>,
    column: Column,
    (index, standing): (usize, &Standing),
    shown: Shown,
    theme: Theme,
) -> (String, Option<Style>) {
    let none = || "–".to_owned();
    let percent = scene.screen.metric.is_accuracy() && shown.at_cursor;
    let value = |x: f64| if percent { format::percent(x).trim().to_owned() } else { number(x) };
    match column {
        Column::Rank => (comparison::rank_set(standing.rank_set), None),
        Column::Rate => {
            // While rates are still being tried, the best so far is often at an end.
            let edge = standing.edge.filter(|_| !standing.provisional);
            let mark = match edge {
                Some(Edge::Low) => "▼",
                Some(Edge::High) => "▲",
                None => "",
            };
            let text = standing.best.map_or_else(none, |(_, lr)| format!("{}{mark}", Plain(lr)));
            (text, edge.map(|_| theme.warn()))
        }
        Column::Defaults => {
            (standing.defaults.map_or_else(none, |it| number(it.median)), Some(theme.muted()))
        }
        Column::Loss => {
            let mark = if standing.provisional && !shown.at_cursor { "~" } else { "" };
            (shown.value.map_or_else(none, |it| format!("{mark}{}", value(it.median))), None)
        }
        Column::Band => {
            let band = |it: Quartiles| format!("[{}, {}]", value(it.low), value(it.high));
            (shown.value.map_or_else(String::new, band), Some(theme.muted()))
        }
        Column::Steps => {
            let of = |it: crate::compare::ToTarget| {
                let missed = if it.reached < it.of && it.steps.median.is_finite() {
                    format!("{}/{} ", it.reached, it.of)
                } else {
                    String::new()
                };
                format!("{missed}{}", format::thousands(it.steps.median))
            };
            (standing.to_target.map_or_else(none, of), None)
        }
        Column::Seconds => {
            (standing.to_target.map_or_else(none, |it| number(it.seconds.median)), None)
        }
        Column::Diverged => {
            let (diverged, of) = standing.diverged;
            (format!("{diverged}/{of}"), (diverged > 0).then(|| theme.warn()))
        }
        Column::Verdict if index == 0 => ("–".to_owned(), None),
        Column::Verdict => verdict(standing.versus.as_ref(), theme),
    }
}

fn verdict(versus: Option<&Versus>, theme: Theme) -> (String, Option<Style>) {
    let style = match versus.map(|versus| versus.verdict) {
        Some(Verdict::Worse) => Some(theme.warn()),
        Some(Verdict::Better) => Some(theme.accent()),
        Some(Verdict::TooFewSeeds) => Some(theme.muted()),
        _ => None,
    };
    (comparison::verdict(versus), style)
}

/// What to know before trusting the ranking, short enough for a line each; `g` has it in full.
fn warnings(scene: Scene<'_>, width: usize) -> Vec<String> {
    let plan = &scene.race.plan;
    let list = scene.race.status.score.ranking.warnings(plan);
    let name = |arm: usize| format!("{} {}", letter(arm), plan.arms[arm].name.on_terminal());
    let named = |arms: Vec<usize>| {
        let full = arms.iter().map(|arm| name(*arm)).collect::<Vec<_>>().join(", ");
        if format::width(&full) + 46 <= width {
            full
        } else {
            arms.into_iter().map(letter).collect::<Vec<_>>().join(" ")
        }
    };
    let mut lines = Vec::new();
    let edges: Vec<_> = list
        .iter()
        .filter_map(|it| if let Warning::AtEdge { arm, .. } = it { Some(*arm) } else { None })
        .collect();
    for warning in &list {
        match *warning {
            // The header says so, and each number that it bears on.
            Warning::Incomplete { .. } | Warning::AtEdge { .. } => {}
            Warning::NearEnd { arm, ref setting, .. } => {
                lines.push(format!("{}: best {setting} at its range's end", name(arm)));
            }
            Warning::AlwaysDiverged { arm } => {
                lines.push(format!("nearly all final runs diverged: {}", name(arm)));
            }
            Warning::TargetNeverMet(_) if scene.race.goes_on() => {}
            Warning::TargetNeverMet(target) => lines.push(format!("no run met {target}")),
            Warning::MorePasses { arm } => {
                lines.push(format!("several passes over a batch in each step: {}", name(arm)));
            }
            Warning::Unreached { arm, step } => {
                lines.push(format!("{}: never comes to its edit at step {step}", name(arm)));
            }
            Warning::OneSeed => lines.push("one seed proves little: 5 or more would".to_owned()),
            Warning::TooFewSeeds { seeds, needed } => lines.push(format!(
                "{seeds} seeds are too few to tell these arms apart for certain: {needed} could"
            )),
        }
    }
    if !edges.is_empty() {
        lines.push(format!("best rate at the grid's edge, + widens it: {}", named(edges)));
    }
    lines
}
