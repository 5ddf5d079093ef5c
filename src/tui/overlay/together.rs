//! An edit that needs others, with the ways to make them together.
//!
//! ```text
//! ╭ layers.3.units=1 needs others ── ⏎ make them together   esc no ╮
//! │ `cross_entropy` of a single output is always 0: …              │
//! │                                                                │
//! │ ▸ also train.loss=bce layers.3.activation=sigmoid              │
//! │   as it is                                                     │
//! ╰────────────────────────────────────────────────────────────────╯
//! ```

use ratatui::Frame;
use ratatui::layout::{Constraint, Layout};
use ratatui::text::Line;
use ratatui::widgets::{Clear, Paragraph, Wrap};

use super::{Outcome, Overlay, Request, centred, keys, moved};
use crate::experiment::{Experiment, Refused, assignments};
use crate::tui::drawn::Scroll;
use crate::tui::keymap::{Action, Context};
use crate::tui::theme::Theme;
use crate::tui::widgets::format;
use crate::tui::widgets::panel::Panel;

/// The ways to make an edit together with what it needs.
#[derive(Debug)]
pub struct Together {
    title: String,
    reason: String,
    ways: Vec<(String, Experiment)>,
    cursor: usize,
}

/// What an edit that was chosen asks for: to be made, or, where it needs others or is unusual without
/// them, to be made together with them.
///
/// # Errors
/// The reason, if it is not possible in any way.
pub fn chosen(
    experiment: &Experiment,
    edited: Result<Experiment, Refused>,
) -> Result<Request, String> {
    match edited {
        Ok(edited) => {
            let warnings = edited.warnings();
            let unusual = warnings.len() > experiment.warnings().len();
            let together = warnings
                .into_iter()
                .next()
                .filter(|_| unusual)
                .and_then(|reason| Together::request(experiment, &edited, reason, true));
            Ok(together.unwrap_or_else(|| Request::Edit(Box::new(edited))))
        }
        Err(refused) => needed(experiment, refused),
    }
}

/// As [`chosen`], for an edit that is not possible by itself.
///
/// # Errors
/// The reason, if it is not possible together with others either.
pub fn needed(experiment: &Experiment, refused: Refused) -> Result<Request, String> {
    let Refused { reason, wanted } = refused;
    let together =
        wanted.and_then(|wanted| Together::request(experiment, &wanted, reason.clone(), false));
    together.ok_or(reason)
}

impl Together {
    /// Asks for the ways to make `wanted` possible, or usual if it is possible; none if there are none.
    fn request(
        experiment: &Experiment,
        wanted: &Experiment,
        reason: String,
        possible: bool,
    ) -> Option<Request> {
        let offers = experiment.offers(wanted).into_iter();
        let mut ways: Vec<_> = offers
            .map(|offer| (format!("also {}", offer.others.join("  ")), offer.experiment))
            .collect();
        if ways.is_empty() {
            return None;
        }
        if possible {
            ways.push(("as it is".to_owned(), wanted.clone()));
        }
        let edits = assignments(experiment, wanted).unwrap_or_default();
        let words = ["title=", "about="];
        let edit = edits.into_iter().find(|edit| !words.iter().any(|it| edit.starts_with(it)));
        let verb = if possible { "goes with" } else { "needs" };
        let title = format!("{} {verb} others", edit.unwrap_or_else(|| "This".to_owned()));
        Some(Request::Open(Box::new(Self { title, reason, ways, cursor: 0 })))
    }
}

impl Overlay for Together {
    fn context(&self) -> &'static Context {
        &keys::TOGETHER
    }

    fn act(&mut self, action: Action, _: &Experiment) -> Outcome {
        if action == Action::Open {
            let (_, experiment) = self.ways.swap_remove(self.cursor);
            return Outcome::Ask(Request::Edit(Box::new(experiment)));
        }
        self.cursor = moved(self.cursor, self.ways.len(), action);
        Outcome::Stay
    }

    fn draw(&self, frame: &mut Frame<'_>, theme: Theme) -> Option<Scroll> {
        const WIDTH: u16 = 72;
        let width = WIDTH.min(frame.area().width).saturating_sub(4).max(1);
        let lines = format::width(&self.reason).div_ceil(usize::from(width)) + 1;
        let ways = self.ways.iter().map(|(way, _)| format::width(way) + 2);
        let rows: usize = ways.map(|wide| wide.div_ceil(usize::from(width)).max(1)).sum();
        let area = centred(frame.area(), WIDTH, (lines + rows + 3) as u16);
        frame.render_widget(Clear, area);
        let panel = Panel::new(theme, &self.title).focused(true).right("⏎ make them   esc no");
        frame.render_widget(&panel, area);
        let [reason, list] =
            Layout::vertical([Constraint::Max(lines as u16), Constraint::Min(rows as u16)])
                .areas(Panel::inner(area));
        let text = Paragraph::new(self.reason.as_str()).style(theme.muted());
        frame.render_widget(text.wrap(Wrap { trim: true }), reason);
        let rows = self.ways.iter().enumerate().map(|(index, (way, _))| {
            let here = index == self.cursor;
            let pointer = if here { "▸ " } else { "  " };
            let style = if here { theme.selected() } else { theme.text() };
            Line::styled(format!("{pointer}{way}"), style)
        });
        frame.render_widget(
            Paragraph::new(rows.collect::<Vec<_>>()).wrap(Wrap { trim: false }),
            list,
        );
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::parse_recipe;

    fn together(path: &str, text: &str) -> Box<dyn Overlay> {
        let experiment = parse_recipe("moons/8-relu/2-softmax").unwrap().experiment;
        match chosen(&experiment, experiment.assign(path, text)) {
            Ok(Request::Open(overlay)) => overlay,
            other => panic!("{other:?}"),
        }
    }

    fn taken(mut overlay: Box<dyn Overlay>, downs: usize) -> Experiment {
        let experiment = parse_recipe("moons/8-relu/2-softmax").unwrap().experiment;
        for _ in 0..downs {
            let _ = overlay.act(Action::Down, &experiment);
        }
        match overlay.act(Action::Open, &experiment) {
            Outcome::Ask(Request::Edit(experiment)) => *experiment,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn order_traps_are_asked_about() {
        let one = taken(together("layers.2.units", "1"), 0);
        assert_eq!((one.outputs(), one.train.loss.key()), (1, "bce"));
        assert_eq!(one.layers[1].activation.key(), "sigmoid");

        let sigmoid = together("layers.2.activation", "sigmoid");
        assert_eq!(taken(sigmoid, 0).train.loss.key(), "bce");
        let as_it_is = taken(together("layers.2.activation", "sigmoid"), 9);
        assert_eq!(as_it_is.train.loss.key(), "cross_entropy");
        assert_eq!(as_it_is.layers[1].activation.key(), "sigmoid");
    }

    #[test]
    fn what_nothing_can_mend_is_refused_with_its_reason() {
        let experiment = parse_recipe("iris/8-relu/3-softmax").unwrap().experiment;
        let error = chosen(&experiment, experiment.assign("layers.2.units", "4")).unwrap_err();
        assert!(error.contains("3 classes"), "{error}");
    }
}
