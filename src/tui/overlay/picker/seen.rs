//! What a list of activations or optimizers sees of the run.

use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::text::Line;

use crate::catalog::{self, Kind};
use crate::experiment::settings::{Place, Section};
use crate::spec::{Pick, Plain};
use crate::train::probe::{
    FLAT_SLOPE, FirstUpdate, Layers, Observation, PreActivations, Requests, Subject, View,
};
use crate::tui::theme::Theme;
use crate::tui::widgets::format;
use crate::tui::widgets::frame::Frame as Axes;
use crate::tui::widgets::histogram::Bars;

/// Rows of the histogram below a curve.
const ROWS: u16 = 3;
/// The least rows of the curve above it.
const LEAST: u16 = 7;
/// The least and the most that a curve reaches to both sides.
const REACH: (f64, f64) = (4.0, 20.0);
/// The share of the numbers that lie within its reach.
const WITHIN: f64 = 0.99;

/// What has been seen for the setting that is picked.
#[derive(Debug)]
pub struct Seen {
    kind: Kind,
    layers: Layers,
    inputs: Option<PreActivations>,
    update: Option<FirstUpdate>,
}

impl Seen {
    /// Nothing yet.
    pub fn new(place: Place, kind: Kind) -> Self {
        let layers = match place.row.section {
            Section::Layers if place.all_hidden => Layers::Hidden,
            Section::Layers => Layers::One(place.layer),
            _ => Layers::Default,
        };
        Self { kind, layers, inputs: None, update: None }
    }

    /// `view` with what is wanted while this entry is looked at.
    pub fn view(&self, view: View, pick: &Pick) -> View {
        let subject = self.subject(pick);
        let requests = match self.kind {
            Kind::Activation => Requests { pre_activations: true, ..view.requests },
            Kind::Optimizer => Requests { first_update: true, ..view.requests },
            _ => view.requests,
        };
        View { subject, requests, ..view }
    }

    fn subject(&self, pick: &Pick) -> Subject {
        let optimizer = match self.kind {
            Kind::Optimizer => {
                let cards = self.kind.cards();
                cards.iter().position(|card| card.key == pick.key()).unwrap_or(0)
            }
            _ => 0,
        };
        Subject { layers: self.layers, optimizer }
    }

    /// Takes in a look at the run.
    pub fn take(&mut self, seen: &Observation) {
        let of_these = |it: &&PreActivations| it.layers == self.layers;
        if let Some(inputs) = seen.pre_activations.as_ref().filter(of_these) {
            self.inputs = Some(inputs.clone());
        }
        self.update = seen.first_update.filter(|it| it.subject.layers == self.layers);
    }

    /// Rows of a picture beside those of the curve.
    pub fn rows(&self) -> u16 {
        if self.inputs.is_some() { ROWS } else { 0 }
    }

    /// Draws how the inputs of the activation are spread at the lower end of `area`, if there is room.
    /// Returns how far the curve above them reaches, and where it is to be drawn.
    pub fn draw(&self, frame: &mut Frame<'_>, area: Rect, theme: Theme) -> (f64, Rect) {
        let Some(inputs) = &self.inputs else { return (REACH.0, area) };
        let reach = reach(&inputs.values);
        let rows = area.height.saturating_sub(LEAST).min(ROWS);
        if rows == 0 {
            return (reach, area);
        }
        let [curve, below] =
            Layout::vertical([Constraint::Fill(1), Constraint::Length(rows)]).areas(area);
        let plot = Axes::plot(curve);
        let bars = Rect { x: plot.x, width: plot.width, ..below };
        let columns = usize::from(bars.width);
        let mut counts = vec![0.0; columns];
        for z in &inputs.values {
            let place = (z + reach) / (2.0 * reach);
            if (0.0..1.0).contains(&place) {
                counts[(place * columns as f64) as usize] += 1.0;
            }
        }
        frame.render_widget(&Bars { theme, counts: &counts }, bars);
        let gutter = Rect { width: plot.x - area.x, height: 1, ..below };
        frame.render_widget(Line::styled("z now ", theme.muted()), gutter);
        (reach, curve)
    }

    /// What was seen, in words.
    pub fn lines(&self, pick: &Pick, present: &Pick, theme: Theme) -> Vec<Line<'static>> {
        match self.kind {
            Kind::Activation => self.share(pick, theme).into_iter().collect(),
            Kind::Optimizer => self.first_update(pick, present, theme),
            _ => Vec::new(),
        }
    }

    /// The share of the inputs that lie where the function is flat.
    fn share(&self, pick: &Pick, theme: Theme) -> Option<Line<'static>> {
        let inputs = self.inputs.as_ref()?;
        let finite: Vec<f64> = inputs.values.iter().copied().filter(|z| z.is_finite()).collect();
        let slopes = catalog::activation_slopes(pick, &finite)?;
        let flat = slopes.iter().filter(|slope| slope.abs() < f64::from(FLAT_SLOPE)).count();
        let share = 100.0 * flat as f64 / finite.len().max(1) as f64;
        let whose = match self.layers {
            Layers::One(_) => "this layer's inputs",
            Layers::Hidden | Layers::Default => "these layers' inputs",
        };
        let style = if share >= 50.0 { theme.warn() } else { theme.text() };
        let text = format!("{share:.0} % of {whose} lie where this function is flat");
        (!finite.is_empty()).then(|| Line::styled(text, style))
    }

    /// What the rule would do with the present gradient.
    fn first_update(&self, pick: &Pick, present: &Pick, theme: Theme) -> Vec<Line<'static>> {
        let head = "first update from the present gradient, its states fresh";
        let mut lines = vec![Line::raw(""), Line::styled(head, theme.muted())];
        let seen = self.update.filter(|it| it.subject == self.subject(pick));
        let Some(seen) = seen else {
            lines.push(Line::raw("  –"));
            return lines;
        };
        let Some(first) = seen.first else {
            lines.push(Line::raw(
                "  – it takes many gradients for one update, or is too large to try",
            ));
            return lines;
        };
        let number = |value: f64| format::measure(value).trim().to_owned();
        let some = |value: Option<f64>| value.map_or_else(|| "–".to_owned(), number);
        let cosine = first.cosine.map_or_else(|| "–".to_owned(), |it| format!("{it:.2}"));
        lines.push(Line::styled(
            format!(
                "  ‖ΔW‖ {}   update:weight {}   cos(ΔW, −∇L) {cosine}",
                number(first.update),
                some(first.ratio),
            ),
            theme.text(),
        ));
        let lr = format!("{:.2e}", first.lr).parse().unwrap_or(first.lr);
        let whose = if pick.key() == present.key() { "its present" } else { "its default" };
        let text = format!("  at {whose} rate, now {}; ‖∇L‖ {}", Plain(lr), number(first.gradient));
        lines.push(Line::styled(text, theme.muted()));
        lines
    }
}

/// How far a curve reaches to both sides, so that nearly all of the values lie under it.
fn reach(values: &[f64]) -> f64 {
    let mut sizes: Vec<f64> = values.iter().map(|z| z.abs()).filter(|z| z.is_finite()).collect();
    sizes.sort_by(f64::total_cmp);
    let place = (WITHIN * sizes.len() as f64) as usize;
    let most = sizes.get(place.min(sizes.len().saturating_sub(1))).copied().unwrap_or(0.0);
    most.ceil().clamp(REACH.0, REACH.1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nearly_all_numbers_lie_within_reach() {
        assert_eq!(reach(&[]), 4.0);
        assert_eq!(reach(&[0.5, -1.0, f64::NAN]), 4.0);
        assert_eq!(reach(&[-7.2; 200]), 8.0);
        assert_eq!(reach(&[1e9; 3]), 20.0);
        let mut one_far = vec![1.0; 500];
        one_far.push(15.0);
        assert_eq!(reach(&one_far), 4.0);
    }
}
