//! Painting: points of the plane are set and deleted, and the run starts again on them.
//!
//! A stroke is what a key sets, or the mouse between a press and its release. As long as the points
//! are no data set, because they are too few or of one class, the run goes on on those before.

mod brush;
mod canvas;
mod mode;

use crossterm::event::{MouseButton, MouseEvent, MouseEventKind};
use ratatui::layout::Position;

pub use self::brush::{BRUSHES, Brush};
pub use self::canvas::{Canvas, draw};
use crate::data::painted::{CLASSES, MOST};
use crate::data::{Painted, Part, Point, Target};
use crate::experiment::{DataSource, Experiment, Refused};
use crate::rng::{Purpose, stream};
use crate::train::Problem;
use crate::tui::keymap::Action;
use crate::tui::workspace::Workspace;

/// Rows that a page of the cursor is.
const PAGE: i32 = 5;

/// The way of the painting: what is under the cursor, and what is being painted.
#[derive(Debug)]
pub struct Painter {
    /// Where the plane is, as it was last drawn.
    canvas: Option<Canvas>,
    /// Where on the plane the cursor is: it stays on a point when the plane moves, as it does when a
    /// run starts again on other points.
    at: (f64, f64),
    /// The class that the mouse sets.
    class: usize,
    /// Which of the brushes.
    brush: usize,
    /// The points of a stroke under way, or ones that are no data set; else those of the experiment.
    draft: Option<Vec<Point>>,
    /// Points of a brush that were set so far: the noise of the next ones depends on it.
    dabs: u64,
}

/// What follows an action.
#[derive(Debug)]
pub enum Outcome {
    /// Nothing but what is shown.
    Shown,
    /// The run is to start again on what was painted.
    Painted(Box<Result<Experiment, Refused>>),
    /// It is no action of painting.
    Other,
}

impl Painter {
    /// Begins to paint on the data of the run.
    ///
    /// # Errors
    /// If they are no points of a few classes.
    pub fn begin(workspace: &mut Workspace) -> Result<Self, String> {
        let kept = points(workspace)?.len();
        let rows = match &workspace.run.problem {
            Some(problem) if points_of(workspace).is_err() => rows(problem),
            _ => kept,
        };
        if kept < rows {
            workspace.say(format!("{kept} of {rows} points are there to paint on"));
        }
        Ok(Self { canvas: None, at: (0.0, 0.0), class: 0, brush: 0, draft: None, dabs: 0 })
    }

    /// Takes in where the plane was drawn; the cursor begins in its middle.
    pub fn drawn(&mut self, canvas: Option<Canvas>) {
        let Some(canvas) = canvas else { return };
        if self.canvas.is_none() {
            self.at = canvas.centre((canvas.area.width / 2, canvas.area.height / 2));
        } else if !canvas.contains(self.at) {
            self.at = canvas.centre(canvas.cell(self.at));
        }
        self.canvas = Some(canvas);
    }

    /// Takes in that another experiment is under edit: its points are those that are painted on.
    pub fn on_experiment(&mut self) {
        self.draft = None;
    }

    /// Does what a key asks for.
    pub fn act(&mut self, action: Action, workspace: &mut Workspace) -> Outcome {
        match action {
            Action::Up => self.go(0, -1),
            Action::Down => self.go(0, 1),
            Action::Decrease => self.go(-1, 0),
            Action::Increase => self.go(1, 0),
            Action::PageUp => self.go(0, -PAGE),
            Action::PageDown => self.go(0, PAGE),
            Action::Home => self.go(-4 * PAGE, 0),
            Action::End => self.go(4 * PAGE, 0),
            Action::Next => self.class = (self.class + 1) % CLASSES,
            Action::Previous => self.class = (self.class + CLASSES - 1) % CLASSES,
            Action::WiderBrush => self.brush = (self.brush + 1).min(BRUSHES.len() - 1),
            Action::NarrowerBrush => self.brush = self.brush.saturating_sub(1),
            Action::Point(class) => {
                self.class = usize::from(class);
                self.set(workspace);
                return self.finish(workspace);
            }
            Action::Delete => {
                self.delete(workspace);
                return self.finish(workspace);
            }
            Action::Clear => {
                self.draft = Some(Vec::new());
                workspace.say("an empty plane: the run goes on as it was until there are points of two classes".to_owned());
            }
            _ => return Outcome::Other,
        }
        Outcome::Shown
    }

    /// Takes a press, a way with a button down, or its release.
    pub fn on_mouse(&mut self, mouse: MouseEvent, workspace: &mut Workspace) -> Outcome {
        let position = Position::new(mouse.column, mouse.row);
        let Some(canvas) = self.canvas else { return Outcome::Other };
        let area = canvas.area;
        let stroke = |kind| matches!(kind, MouseEventKind::Drag(_) | MouseEventKind::Up(_));
        if !(area.contains(position) || stroke(mouse.kind) && self.draft.is_some()) {
            return Outcome::Other;
        }
        let at = (position.x.saturating_sub(area.x), position.y.saturating_sub(area.y));
        let moved = canvas.within(at);
        let elsewhere = moved != canvas.cell(self.at);
        match mouse.kind {
            MouseEventKind::Down(_) => self.at = canvas.centre(moved),
            MouseEventKind::Drag(_) if elsewhere => self.at = canvas.centre(moved),
            MouseEventKind::Up(_) => return self.finish(workspace),
            MouseEventKind::ScrollUp => return self.act(Action::WiderBrush, workspace),
            MouseEventKind::ScrollDown => return self.act(Action::NarrowerBrush, workspace),
            _ => return Outcome::Shown,
        }
        match mouse.kind {
            MouseEventKind::Down(MouseButton::Left) | MouseEventKind::Drag(MouseButton::Left) => {
                self.set(workspace);
            }
            _ => self.delete(workspace),
        }
        Outcome::Shown
    }

    /// The brush.
    fn brush(&self) -> Brush {
        BRUSHES[self.brush]
    }

    fn go(&mut self, across: i32, down: i32) {
        let Some(canvas) = self.canvas else { return };
        let moved = |at: u16, by: i32| (i32::from(at) + by).max(0) as u16;
        let (x, y) = canvas.cell(self.at);
        self.at = canvas.centre(canvas.within((moved(x, across), moved(y, down))));
    }

    /// The points as they are shown; none while those of the experiment are not there yet.
    fn points(&self, workspace: &Workspace) -> Vec<Point> {
        self.drawn_points(workspace).unwrap_or_default()
    }

    fn drawn_points(&self, workspace: &Workspace) -> Result<Vec<Point>, String> {
        self.draft.clone().map_or_else(|| points(workspace), Ok)
    }

    /// The points that a stroke goes on from; says why if there are none to go on from.
    fn under_stroke(&self, workspace: &mut Workspace) -> Option<Vec<Point>> {
        let points = self.drawn_points(workspace);
        points.inspect_err(|reason| workspace.complain(reason)).ok()
    }

    /// Sets points of the class under the brush.
    fn set(&mut self, workspace: &mut Workspace) {
        let Some(canvas) = self.canvas else { return };
        let Some(mut points) = self.under_stroke(workspace) else { return };
        let room = MOST.saturating_sub(points.len());
        if room == 0 {
            workspace.complain(&format!("there are {MOST} points, which is the most"));
        }
        let mut stream = stream(self.dabs, Purpose::Noise);
        let dab = self.brush().dab(&canvas, self.at, &mut stream);
        points.extend(dab.take(room).map(|(x1, x2)| Point { x1, x2, class: self.class }));
        self.dabs += 1;
        self.draft = Some(points);
    }

    /// Deletes the points under the brush.
    fn delete(&mut self, workspace: &mut Workspace) {
        let Some(canvas) = self.canvas else { return };
        let Some(mut points) = self.under_stroke(workspace) else { return };
        let (brush, at) = (self.brush(), self.at);
        points.retain(|point| !brush.covers(&canvas, at, (point.x1, point.x2)));
        self.draft = Some(points);
    }

    /// Ends a stroke: the run is to start again, if the points are a data set.
    fn finish(&self, workspace: &mut Workspace) -> Outcome {
        let Some(points) = &self.draft else { return Outcome::Shown };
        if points_of(workspace).is_ok_and(|before| before == *points) {
            return Outcome::Shown;
        }
        match Painted::pick(points) {
            Ok(pick) => {
                Outcome::Painted(Box::new(workspace.experiment.with_data(DataSource::Named(pick))))
            }
            Err(reason) => {
                workspace.complain(&format!("not trained on yet: {reason}"));
                Outcome::Shown
            }
        }
    }
}

/// The points of the experiment, or those that its data set has. After an undo, say, the run may still be
/// one on other data.
fn points(workspace: &Workspace) -> Result<Vec<Point>, String> {
    points_of(workspace).or_else(|()| {
        let (wanted, run) = (&workspace.experiment, &workspace.run);
        let same = |it: &Experiment| it.data == wanted.data && it.data_seed() == wanted.data_seed();
        match (&run.problem, &run.experiment) {
            (Some(problem), Some(experiment)) if same(experiment) => of_problem(problem),
            _ => Err("the data is not there yet".to_owned()),
        }
    })
}

/// The points of an experiment that was painted.
fn points_of(workspace: &Workspace) -> Result<Vec<Point>, ()> {
    match &workspace.experiment.data.source {
        DataSource::Named(pick) => Painted::points(pick).ok_or(()),
        DataSource::Csv { .. } => Err(()),
    }
}

/// The rows of both parts as points, evenly chosen where they are too many.
fn of_problem(problem: &Problem) -> Result<Vec<Point>, String> {
    let parts = [&problem.split.train, &problem.split.test];
    let classes = match &parts[0].target {
        Target::Classes { names, .. } if names.len() <= CLASSES => names.len(),
        _ => 0,
    };
    if problem.columns() != 2 || classes == 0 {
        return Err(format!(
            "points are painted on a plane of up to {CLASSES} classes: pick data such as spirals, \
             or `painted` for points of your own"
        ));
    }
    // Room is left to paint in.
    let stride = rows(problem).div_ceil(MOST / 2).max(1);
    let points = parts.into_iter().flat_map(of_part);
    Ok(points.step_by(stride).collect())
}

/// The rows of both parts.
fn rows(problem: &Problem) -> usize {
    problem.split.train.len() + problem.split.test.len()
}

fn of_part(part: &Part) -> impl Iterator<Item = Point> {
    let labels: &[usize] = match &part.target {
        Target::Classes { labels, .. } => labels,
        Target::Values { .. } => &[],
    };
    let number = |row: usize, column: usize| {
        canvas::rounded(part.scaling[column].undo(f64::from(part.x[(row, column)])), 2.0)
    };
    labels.iter().enumerate().map(move |(row, &class)| Point {
        x1: number(row, 0),
        x2: number(row, 1),
        class,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::load;
    use crate::train::Event;
    use crate::tui::app::App;

    #[test]
    fn what_the_run_still_has_is_not_painted_on() {
        let experiment = |recipe: &str| load(recipe).unwrap().experiment;
        let started = |run: &Experiment| Event::Started {
            run: 1,
            experiment: Box::new(run.clone()),
            problem: Problem::load(run).unwrap(),
            changes: Vec::new(),
            obeyed: 0,
        };
        let [wanted, other] = [100, 101].map(|n| format!("moons:samples={n}/4-tanh/2-softmax"));
        let (wanted, other) = (experiment(&wanted), experiment(&other));
        let mut app = App::new(wanted.clone());
        app.workspace.run.on_event(started(&other));
        assert!(points(&app.workspace).is_err());
        app.workspace.run.on_event(started(&wanted));
        assert_eq!(points(&app.workspace).unwrap().len(), 100);
    }
}
