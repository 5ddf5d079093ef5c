//! One step, in numbers: a neuron and one of its weights, the two side by side.
//!
//! ```text
//! ╭ Neuron 3 of layer 1: what it outputs ──╮╭ Weight 3←x1: how it moves ──────────────╮
//! │ z = 0.310·x1 − 1.20·x2 + 0.05 = 0.84   ││ ∂L/∂w = 0.0123   mean over 32 samples   │
//! │ a = tanh(z) = 0.69                     ││ m ← β₁·m + (1 − β₁)·∇L                  │
//! │  f, and where on it the neuron lives   ││   m   0.0081 → 0.0085                   │
//! │ ▸ x1   0.310   0.52   0.161  ▇▇        ││   w   0.3100 → 0.3042                   │
//! │   x2  -1.20   -0.31   0.372  ▇▇▇▇▇▇    ││  the loss along w: ● now, → step, ○ −α·∇│
//! ╰────────────────────────────────────────╯╰─────────────────────────────────────────╯
//! ```

mod equation;
mod neuron;
mod weight;

use std::sync::Arc;

use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::text::Line;
use ratatui::widgets::{Clear, Paragraph};

use super::{Outcome, Overlay, keys};
use crate::experiment::Experiment;
use crate::text::visible;
use crate::train::Problem;
use crate::train::probe::step::{OneStep, Part, Selection};
use crate::train::probe::{Requests, View};
use crate::tui::drawn::Scroll;
use crate::tui::keymap::{Action, Context};
use crate::tui::run_view::Status;
use crate::tui::theme::Theme;
use crate::tui::widgets::format;
use crate::tui::widgets::panel::Panel;
use crate::tui::workspace::Workspace;

/// Weights that a page passes over.
const PAGE: isize = 10;

/// A look into the step that comes next.
#[derive(Debug)]
pub struct StepView {
    /// What is asked for.
    selection: Selection,
    /// Whether the weight is one that was chosen, or the one that matters most in the first look.
    weight_chosen: bool,
    /// The latest answer.
    seen: Option<Arc<OneStep>>,
    problem: Option<Arc<Problem>>,
    /// Whether the moment shown is one of the past.
    past: bool,
    /// Why the run does not make that step.
    trouble: Option<String>,
    /// Why there is nothing to show at the layer.
    nothing: Option<String>,
}

/// What is drawn: the step with the names of its inputs.
#[derive(Clone, Copy)]
struct Scene<'a> {
    step: &'a OneStep,
    names: &'a [String],
    theme: Theme,
}

impl StepView {
    /// A look at the first neuron of layer `layer`, counted from 0.
    #[must_use]
    pub fn of_layer(layer: usize) -> Self {
        let selection = Selection { layer, ..Selection::default() };
        Self {
            selection,
            weight_chosen: false,
            seen: None,
            problem: None,
            past: false,
            trouble: None,
            nothing: None,
        }
    }

    /// Moves on by `by` in the list of weights, as it is shown.
    fn move_in_list(&mut self, by: isize) {
        let Some(step) = &self.seen else { return };
        let order = order(step);
        let wanted = self.selection.weight.min(step.extent.weights.saturating_sub(1));
        let at = order.iter().position(|weight| *weight == wanted).unwrap_or(0);
        let to = at.saturating_add_signed(by).min(order.len().saturating_sub(1));
        self.selection.weight = order.get(to).copied().unwrap_or(wanted);
        self.weight_chosen = true;
    }

    /// Goes to the weight that adds most to the sum of the neuron, if none was chosen: that of an input
    /// which is always 0 never moves.
    fn choose_weight(&mut self) {
        let Some(step) = self.seen.as_ref().filter(|_| !self.weight_chosen) else { return };
        // An answer about another layer is on its way out.
        if step.selection.layer != self.selection.layer {
            return;
        }
        let neuron = &step.neuron;
        let terms = neuron.weights.iter().zip(&neuron.inputs).map(|(w, x)| (w * x).abs());
        let largest = terms.enumerate().max_by(|a, b| a.1.total_cmp(&b.1));
        self.selection.weight = largest.map_or(0, |it| it.0);
        self.weight_chosen = true;
    }

    /// The names of the inputs of the layer that is shown, in the order of the inputs.
    fn names(&self) -> Vec<String> {
        let Some(step) = &self.seen else { return Vec::new() };
        let count = step.neuron.inputs.len();
        match &self.problem {
            Some(problem) if step.selection.layer == 0 => {
                let names = problem.input_names();
                names.iter().map(|name| visible(name).into_owned()).collect()
            }
            _ => (1..=count).map(|input| format!("a{input}")).collect(),
        }
    }

    fn draw_panels(&self, step: &OneStep, frame: &mut Frame<'_>, area: Rect, theme: Theme) {
        let names = self.names();
        let scene = Scene { step, names: &names, theme };
        let halves = Layout::horizontal([Constraint::Fill(1), Constraint::Fill(1)]);
        let [left, right] = halves.areas(area);
        let Selection { layer, unit, sample, .. } = step.selection;
        let narrow = area.width < 104;
        let long = |more: &'static str| if narrow { "" } else { more };
        let more = long(": what it outputs");
        let title = format!("Neuron {} of layer {}{more}", unit + 1, layer + 1);
        let of = format!("sample {} of {}", sample + 1, step.extent.samples);
        let panel = Panel::new(theme, &title).right(&of).past(self.past);
        frame.render_widget(&panel, left);
        neuron::draw(scene, frame, set_off(Panel::inner(left)));
        let title = format!("{}{}", scene.weight(), long(": how it moves"));
        let of = format!("step {}", format::thousands((step.step + 1) as f64));
        let panel = Panel::new(theme, &title).right(&of).past(self.past);
        frame.render_widget(&panel, right);
        let inner = set_off(Panel::inner(right));
        let trouble = self
            .trouble
            .as_deref()
            .map_or_else(Vec::new, |trouble| format::wrap(trouble, usize::from(inner.width)));
        let rows = (trouble.len() as u16).min(inner.height / 3);
        let [said, rest] =
            Layout::vertical([Constraint::Length(rows), Constraint::Min(0)]).areas(inner);
        let lines = trouble.into_iter().map(|line| Line::styled(line, theme.warn()));
        frame.render_widget(Paragraph::new(lines.collect::<Vec<_>>()), said);
        weight::draw(scene, frame, rest);
    }
}

impl Scene<'_> {
    /// The name of input `index` of the layer.
    fn input(&self, index: usize) -> &str {
        self.names.get(index).map_or("?", String::as_str)
    }

    /// The name of the parameter that is looked at.
    fn weight(&self) -> String {
        let unit = self.step.selection.unit + 1;
        match self.step.part {
            Part::Weight(input) => format!("Weight {unit}←{}", self.input(input)),
            Part::Bias => format!("Bias of neuron {unit}"),
            Part::Learnt(name) => format!("{} of neuron {unit}", learnt(name)),
        }
    }
}

/// An area less its first column, which sets it off the border.
const fn set_off(area: Rect) -> Rect {
    let margin = if area.width > 1 { 1 } else { 0 };
    Rect { x: area.x + margin, width: area.width - margin, ..area }
}

/// The sign of something that a norm or an activation learns.
fn learnt(name: &'static str) -> &'static str {
    match name {
        "gamma" => "γ",
        "beta" => "β",
        "theta" => "θ",
        other => other,
    }
}

/// The parameters of a neuron as they are listed: weights by their size, then all others.
fn order(step: &OneStep) -> Vec<usize> {
    let weights = &step.neuron.weights;
    let mut order: Vec<usize> = (0..step.extent.weights).collect();
    let size = |index: &usize| weights.get(*index).map(|weight| weight.abs());
    order.sort_by(|a, b| match (size(a), size(b)) {
        (Some(a), Some(b)) => b.total_cmp(&a),
        (a, b) => b.is_some().cmp(&a.is_some()),
    });
    order
}

/// Why a run that stands like this does not make the step that is shown.
fn trouble(status: &Status) -> Option<String> {
    match status {
        Status::Diverged(divergence) => {
            Some(format!("The run diverged: {divergence}. This is the step that broke it."))
        }
        Status::Failed(text) => Some(format!("Failed: {}", visible(text))),
        _ => None,
    }
}

/// Why no step is shown at a layer.
fn nothing(experiment: &Experiment, layer: usize) -> Option<String> {
    let spec = experiment.layers.get(layer).filter(|it| it.is_recurrent())?;
    let (number, kind) = (layer + 1, spec.kind.key());
    Some(format!(
        "Layer {number} is {kind}: a neuron of it is no plain sum of its inputs. The step is shown \
         at dense layers: ⇥ goes to the next layer."
    ))
}

impl Overlay for StepView {
    fn context(&self) -> &'static Context {
        &keys::ONE_STEP
    }

    fn act(&mut self, action: Action, experiment: &Experiment) -> Outcome {
        let selection = &mut self.selection;
        let turned = |at: usize, forward: bool, count: usize| {
            let count = count.max(1);
            if forward { (at + 1) % count } else { (at.min(count) + count - 1) % count }
        };
        let forward = matches!(action, Action::Increase | Action::Next | Action::NextSample);
        match action {
            Action::Increase | Action::Decrease => {
                let units = experiment.layers.get(selection.layer).map_or(1, |it| it.units);
                selection.unit = turned(selection.unit, forward, units);
            }
            Action::Next | Action::Previous => {
                let layer = turned(selection.layer, forward, experiment.layers.len());
                *selection = Selection { layer, unit: 0, weight: 0, ..*selection };
                self.weight_chosen = false;
            }
            Action::NextSample | Action::PreviousSample => {
                let samples = self.seen.as_ref().map_or(1, |step| step.extent.samples);
                selection.sample = turned(selection.sample, forward, samples);
            }
            Action::Zoom => selection.close = !selection.close,
            Action::Up => self.move_in_list(-1),
            Action::Down => self.move_in_list(1),
            Action::PageUp => self.move_in_list(-PAGE),
            Action::PageDown => self.move_in_list(PAGE),
            Action::Home => self.move_in_list(isize::MIN),
            Action::End => self.move_in_list(isize::MAX),
            _ => return Outcome::Below,
        }
        self.nothing = nothing(experiment, self.selection.layer);
        Outcome::Stay
    }

    fn on_run(&mut self, workspace: &Workspace) {
        let run = &workspace.run;
        self.past = workspace.past.is_some();
        self.trouble = trouble(&run.status).filter(|_| !self.past);
        self.problem.clone_from(&run.problem);
        let seen = run.seen.as_ref().and_then(|seen| seen.one_step.as_ref());
        self.seen = seen.and_then(Option::clone);
        self.nothing = nothing(&workspace.experiment, self.selection.layer);
        self.choose_weight();
    }

    fn view(&self, view: View) -> View {
        let requests = Requests { one_step: true, scores: true, ..Requests::NONE };
        View { requests, selection: self.selection, ..view }
    }

    fn draw(&self, frame: &mut Frame<'_>, theme: Theme) -> Option<Scroll> {
        let whole = frame.area();
        let area = Rect {
            y: whole.y + whole.height.min(1),
            height: whole.height.saturating_sub(2),
            ..whole
        };
        frame.render_widget(Clear, area);
        if let Some(step) = self.seen.as_ref().filter(|_| self.nothing.is_none()) {
            self.draw_panels(step, frame, area, theme);
        } else {
            frame.render_widget(&Panel::new(theme, "One step, in numbers"), area);
            let inner = set_off(Panel::inner(area));
            let waiting = self.nothing.as_ref().or(self.trouble.as_ref());
            let waiting = waiting.map_or("–", String::as_str);
            let lines = format::wrap(waiting, usize::from(inner.width));
            let lines: Vec<_> = lines.into_iter().map(Line::from).collect();
            frame.render_widget(Paragraph::new(lines).style(theme.muted()), inner);
        }
        None
    }
}
