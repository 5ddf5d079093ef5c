//! One held-out sequence: its inputs over the steps, and the network's answer after each of them.
//!
//! ```text
//! values    │    ⡇      ⢀          inputs; a stem where another one is a mark
//!           │ ⡠⠊ ⡇⠈⠢⡀⢀⠔⠁ ⠑⡇
//! answers   │⣀⣀⣀⣀⠤⠤⠤⠔⠒⠒⠒⠉          after each step, with the truth dashed
//! held-out row 3  true 1.21  network 1.19
//! ```
//! A forecast shares the axes of the one series that it is of.

use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::text::{Line as Text, Span};

use crate::data::Target;
use crate::text::visible;
use crate::train::Problem;
use crate::train::probe::{Answer, Sequence};
use crate::tui::theme::{TRAIN_MARK, Theme};
use crate::tui::widgets::curve::{Curve, Dots, Line};
use crate::tui::widgets::format;
use crate::tui::widgets::heat::Heat;

/// The most inputs of a step that are drawn as lines.
const LINES: usize = 2;

/// Draws it.
pub fn draw(
    sequence: &Sequence,
    problem: &Problem,
    frame: &mut Frame<'_>,
    area: Rect,
    theme: Theme,
) {
    let [charts, below] =
        Layout::vertical([Constraint::Fill(1), Constraint::Length(1)]).areas(area);
    frame.render_widget(verdict(sequence, problem, area.width, theme), below);
    let forecast = sequence.features == 1 && matches!(sequence.truth, Answer::Value(_));
    match &sequence.course {
        Some(course) if forecast => draw_forecast(sequence, course, frame, charts, theme),
        Some(course) => {
            let [top, bottom] =
                Layout::vertical([Constraint::Fill(1), Constraint::Fill(1)]).areas(charts);
            draw_inputs(sequence, problem, frame, top, theme);
            draw_answers(sequence, (course, problem), frame, bottom, theme);
        }
        None => draw_inputs(sequence, problem, frame, charts, theme),
    }
}

/// The truth and the network's answer to the whole sequence.
fn verdict(sequence: &Sequence, problem: &Problem, width: u16, theme: Theme) -> Text<'static> {
    let row = sequence.row + 1;
    let line = match (sequence.truth, sequence.answer) {
        (Answer::Class(truth, _), Answer::Class(class, confidence)) => {
            let (mark, style) =
                if truth == class { ("✓", theme.good()) } else { ("×", theme.bad()) };
            let [truth, class] = [truth, class].map(|class| name(problem, class));
            let share = format::percent(confidence);
            let text = format!(" {mark} row {row}  true {truth}  network {class} {}", share.trim());
            Text::styled(text, style)
        }
        (Answer::Value(truth), Answer::Value(value)) => {
            let [truth, value] = [truth, value].map(format::measure);
            Text::from(vec![
                Span::styled(format!(" row {row}  true {}", truth.trim()), theme.text()),
                Span::styled(format!("  network {}", value.trim()), theme.accent()),
            ])
        }
        _ => Text::default(),
    };
    format::truncate_line(line, usize::from(width))
}

/// The name of a class.
fn name(problem: &Problem, class: usize) -> String {
    match &problem.split.test.target {
        Target::Classes { names, .. } => {
            names.get(class).map_or_else(|| "?".to_owned(), |name| visible(name).into_owned())
        }
        Target::Values { .. } => "?".to_owned(),
    }
}

/// The name of an input of a step: that of the first step without its number.
fn input_name(problem: &Problem, feature: usize) -> String {
    let name = problem.split.test.features.get(feature).map_or("", String::as_str);
    let stem = name.trim_end_matches(|c: char| c.is_ascii_digit()).trim_end_matches('_');
    visible(stem).into_owned()
}

/// Input `feature` of each step, against the number of the step.
fn points(sequence: &Sequence, feature: usize) -> Vec<(f64, f64)> {
    let values = sequence.inputs.iter().skip(feature).step_by(sequence.features.max(1));
    values.enumerate().map(|(step, &x)| (step as f64 + 1.0, x)).collect()
}

/// Whether these are nothing but 0 and 1, but for rounding.
fn are_marks(points: &[(f64, f64)]) -> bool {
    points.iter().all(|(_, x)| x.abs() < 1e-3 || (x - 1.0).abs() < 1e-3)
}

fn draw_inputs(
    sequence: &Sequence,
    problem: &Problem,
    frame: &mut Frame<'_>,
    area: Rect,
    theme: Theme,
) {
    if sequence.features > LINES {
        return draw_shades(sequence, problem, frame, area, theme);
    }
    let inputs: Vec<_> = (0..sequence.features).map(|it| points(sequence, it)).collect();
    let names: Vec<_> = (0..sequence.features).map(|it| input_name(problem, it)).collect();
    let (marks, lines): (Vec<_>, Vec<_>) =
        (0..inputs.len()).partition(|&it| it > 0 && are_marks(&inputs[it]));
    // A mark is a stem up to the first input at its step.
    let stems = |&mark: &usize| {
        let steps = inputs[mark].iter().zip(&inputs[0]).filter(|(mark, _)| mark.1 > 0.5);
        steps.flat_map(|(_, &(x, y))| [(x, 0.0), (x, y), (x, f64::NAN)]).collect::<Vec<_>>()
    };
    let stems: Vec<_> = marks.iter().map(stems).collect();
    let lines = lines.into_iter().map(|it| Line {
        name: &names[it],
        style: theme.muted(),
        points: &inputs[it],
    });
    let marks = marks.iter().zip(&stems).map(|(&it, points)| Line {
        name: &names[it],
        style: theme.accent(),
        points,
    });
    let lines: Vec<_> = lines.chain(marks).collect();
    let curve = Curve { theme, lines: &lines, dots: &[] };
    frame.render_widget(&curve, area);
}

/// Many inputs of a step: a row each, the larger the stronger.
fn draw_shades(
    sequence: &Sequence,
    problem: &Problem,
    frame: &mut Frame<'_>,
    area: Rect,
    theme: Theme,
) {
    let rows = sequence.features.min(area.height.into());
    let names: Vec<_> = (0..rows).map(|it| input_name(problem, it)).collect();
    let wide = names.iter().map(|name| format::width(name)).max().unwrap_or(0).min(10);
    let room = usize::from(area.width).saturating_sub(wide + 2);
    let steps = sequence.inputs.len() / sequence.features;
    let columns = room.min(steps * (room / steps.max(1)).max(1));
    let finite = || sequence.inputs.iter().copied().filter(|x| x.is_finite());
    let low = finite().fold(f64::INFINITY, f64::min);
    let high = finite().fold(f64::NEG_INFINITY, f64::max);
    for (feature, (name, y)) in names.iter().zip(area.top()..area.bottom()).enumerate() {
        let values = points(sequence, feature);
        let shares: Vec<f64> = (0..columns)
            .map(|column| (values[column * steps / columns].1 - low) / (high - low))
            .collect();
        let label = format!(" {:<wide$} ", format::truncate(name, wide));
        let row = Rect { y, height: 1, ..area };
        frame.render_widget(Text::styled(label, theme.muted()), row);
        let [_, strip] =
            Layout::horizontal([Constraint::Length(wide as u16 + 2), Constraint::Fill(1)])
                .areas(row);
        let points = [&shares[..], &shares[..]].concat();
        frame.render_widget(&Heat { theme, points: &points, columns }, strip);
    }
}

/// The answer after each step, and the truth.
fn draw_answers(
    sequence: &Sequence,
    (course, problem): (&[f64], &Problem),
    frame: &mut Frame<'_>,
    area: Rect,
    theme: Theme,
) {
    let points: Vec<_> = (1..).map(f64::from).zip(course.iter().copied()).collect();
    let ends = [1.0, course.len() as f64];
    let (name, level, range) = match sequence.truth {
        Answer::Class(class, _) => {
            (format!("probability of {}", name(problem, class)), Vec::new(), [0.0, 1.0])
        }
        Answer::Value(truth) => {
            ("network".to_owned(), ends.map(|x| (x, truth)).to_vec(), [truth, 0.0])
        }
    };
    let answers = Line { name: &name, style: theme.accent(), points: &points };
    let truth = Line { name: "true", style: theme.muted(), points: &level };
    let lines = if level.is_empty() { vec![answers] } else { vec![answers, truth] };
    // They hold the axis.
    let corners = range.map(|y| (1.0, y));
    let dots = [Dots { mark: ' ', style: theme.text(), points: &corners }];
    frame.render_widget(&Curve { theme, lines: &lines, dots: &dots }, area);
}

/// A series, the forecast of each next value from those before it, and what comes after the last.
fn draw_forecast(
    sequence: &Sequence,
    course: &[f64],
    frame: &mut Frame<'_>,
    area: Rect,
    theme: Theme,
) {
    let series = points(sequence, 0);
    let forecast: Vec<_> = (2..).map(f64::from).zip(course.iter().copied()).collect();
    let next = match sequence.truth {
        Answer::Value(truth) => [(course.len() as f64 + 1.0, truth)],
        Answer::Class(..) => return,
    };
    let lines = [
        Line { name: "forecast", style: theme.accent(), points: &forecast },
        Line { name: "series", style: theme.muted(), points: &series },
    ];
    let dots = [Dots { mark: TRAIN_MARK, style: theme.test(), points: &next }];
    frame.render_widget(&Curve { theme, lines: &lines, dots: &dots }, area);
}

#[cfg(test)]
mod tests {
    use ratatui::{Terminal, backend::TestBackend};

    use super::*;
    use crate::experiment;
    use crate::tui::theme::Depth;

    fn picture(recipe: &str, sequence: &Sequence, (width, height): (u16, u16)) -> String {
        let experiment = experiment::load(recipe).unwrap().experiment;
        let problem = Problem::load(&experiment).unwrap();
        let mut terminal = Terminal::new(TestBackend::new(width, height)).unwrap();
        let theme = Theme::new(Depth::None);
        terminal.draw(|frame| draw(sequence, &problem, frame, frame.area(), theme)).unwrap();
        terminal.backend().to_string()
    }

    fn adding() -> Sequence {
        Sequence {
            row: 2,
            features: 2,
            inputs: vec![0.1, 0.0, 0.9, 1.0, 0.2, 0.0, 0.3, 1.0],
            truth: Answer::Value(1.2),
            answer: Answer::Value(1.1),
            course: Some(vec![1.0, 1.0, 1.05, 1.1]),
        }
    }

    #[test]
    fn any_size_and_any_numbers() {
        let nasty = [f64::NAN, f64::INFINITY, -1e300, 0.0, 1e300, 5.0];
        let classes = Sequence {
            row: 0,
            features: 3,
            inputs: nasty.to_vec(),
            truth: Answer::Class(9, f64::NAN),
            answer: Answer::Class(1, f64::INFINITY),
            course: Some(nasty[..2].to_vec()),
        };
        let forecast = Sequence {
            features: 1,
            truth: Answer::Value(f64::NAN),
            answer: Answer::Value(f64::INFINITY),
            course: Some(nasty.to_vec()),
            ..classes.clone()
        };
        let unseen = Sequence { course: None, ..adding() };
        for size in [(1, 1), (2, 2), (9, 3), (30, 9), (80, 24)] {
            picture("recall:classes=3,length=2,samples=20/gru:2/3-softmax", &classes, size);
            picture("wave:length=6,samples=20/gru:2/1", &forecast, size);
            picture("adding:length=4,samples=20/gru:2/1", &unseen, size);
        }
    }

    #[test]
    fn marks_are_stems_and_the_truth_stands_beside_the_answer() {
        let picture = picture("adding:length=4,samples=20/gru:2/1", &adding(), (50, 20));
        for text in ["value", "mark", "network", "true", "row 3  true 1.2000  network 1.1000"] {
            assert!(picture.contains(text), "{text}: {picture}");
        }
    }

    #[test]
    fn classes_are_told_by_their_names() {
        let recall = Sequence {
            row: 0,
            features: 3,
            inputs: vec![1.0, 0.0, 0.0, 0.0, 0.0, 0.0],
            truth: Answer::Class(0, 1.0),
            answer: Answer::Class(2, 0.6),
            course: Some(vec![0.3, 0.2]),
        };
        let recipe = "recall:classes=3,length=2,samples=20/gru:2/3-softmax";
        let picture = picture(recipe, &recall, (50, 14));
        for text in ["s0", "s2", "× row 1  true 0  network 2 60.0%", "probability of 0"] {
            assert!(picture.contains(text), "{text}: {picture}");
        }
    }
}
