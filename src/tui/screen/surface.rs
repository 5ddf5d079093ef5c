//! The Surface screen: optimizers that walk down a test surface together.

mod arithmetic;
mod chart;
mod keys;
mod layout;
mod list;
mod map;
mod rows;
mod simulation;
mod status;
mod view;

use std::time::Instant;

use crossterm::event::{MouseButton, MouseEvent, MouseEventKind};
use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::text::Line;

pub use self::keys::KEYS;
use self::simulation::Simulation;
use self::view::MapView;
use super::{Screen, WalkState};
use crate::catalog::{self, Kind};
use crate::experiment::settings::Way;
use crate::experiment::walk::{self, MOST_WALKERS, Walk, WalkerSpec};
use crate::spec::Pick;
use crate::tui::drawn::Drawn;
use crate::tui::keymap::Action;
use crate::tui::overlay::choice::{Choice, Slot};
use crate::tui::overlay::{Request, picker::Picker, presets::Presets, prompt::Prompt};
use crate::tui::theme::{Theme, mark};
use crate::tui::workspace::Workspace;

/// A panel that has the whole screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Zoom {
    /// Everything at once.
    Off,
    /// The map only.
    Map,
    /// The heights only.
    Chart,
    /// The arithmetic only.
    Arithmetic,
    /// The list only.
    List,
}

impl Zoom {
    const fn next(self) -> Self {
        match self {
            Self::Off => Self::Map,
            Self::Map => Self::Chart,
            Self::Chart => Self::Arithmetic,
            Self::Arithmetic => Self::List,
            Self::List => Self::Off,
        }
    }
}

/// What the arrow keys move.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Focus {
    /// The start on the map.
    Map,
    /// The cursor in the list.
    List,
}

/// Where the map was drawn, among the targets of the mouse; rows of the list are counted from 0.
const MAP: usize = usize::MAX;
/// The share of the map by which an arrow key moves the start.
const NUDGE: f64 = 1.0 / 40.0;

/// A walk, and how it is looked at.
#[derive(Debug)]
pub struct SurfaceScreen {
    simulation: Simulation,
    view: MapView,
    focus: Focus,
    /// The row under the cursor.
    row: usize,
    /// The walker whose arithmetic is shown.
    chosen: usize,
    zoom: Zoom,
    log: bool,
    /// The first row of the list in sight.
    top: usize,
    /// Where the plot of the map and the rows of the list were drawn.
    targets: Vec<(Rect, usize)>,
}

impl Default for SurfaceScreen {
    fn default() -> Self {
        let walk = walk::standard();
        let first = rows::rows(&walk).iter().position(|slot| *slot == Slot::Walker(0));
        Self {
            view: MapView::new(&walk.surface),
            simulation: Simulation::new(walk),
            focus: Focus::Map,
            row: first.unwrap_or(0),
            chosen: 0,
            zoom: Zoom::Off,
            log: true,
            top: 0,
            targets: Vec::new(),
        }
    }
}

impl SurfaceScreen {
    fn walk(&self) -> &Walk {
        self.simulation.walk()
    }

    /// The setting under the cursor.
    fn slot(&self) -> Slot {
        let rows = rows::rows(self.walk());
        rows.get(self.row).or(rows.last()).copied().unwrap_or(Slot::Surface)
    }

    /// Changes the walk, and walks it from the start. What was said of it need not hold any more.
    fn change(&mut self, change: impl FnOnce(&mut Walk)) {
        let mut walk = self.walk().clone();
        change(&mut walk);
        if walk != *self.walk() {
            walk.title.clear();
            walk.about.clear();
            self.take(walk);
        }
    }

    /// Takes up another walk.
    fn take(&mut self, walk: Walk) {
        self.view.follow(&walk.surface);
        self.simulation.take(walk);
        self.chosen = self.chosen.min(self.walk().walkers.len().saturating_sub(1));
        self.go_to(self.row);
    }

    /// Puts the cursor on a row, and chooses the walker there.
    fn go_to(&mut self, row: usize) {
        self.row = row.min(rows::rows(self.walk()).len().saturating_sub(1));
        if let Slot::Walker(index) = self.slot() {
            self.chosen = index;
        }
    }

    fn move_start(&mut self, right: f64, up: f64) {
        let (x, y) = (self.view.window().x, self.view.window().y);
        self.change(|walk| {
            let [from_x, from_y] = walk.start;
            let moved = [from_x + right * NUDGE * (x.1 - x.0), from_y + up * NUDGE * (y.1 - y.0)];
            if moved.iter().all(|it| it.is_finite()) {
                walk.start = moved;
            }
        });
    }

    /// Moves the start or the cursor, or turns the value under it.
    fn arrow(&mut self, action: Action) {
        let slot = self.slot();
        match (self.focus, action) {
            (Focus::Map, Action::Up) => self.move_start(0.0, 1.0),
            (Focus::Map, Action::Down) => self.move_start(0.0, -1.0),
            (Focus::Map, Action::Decrease) => self.move_start(-1.0, 0.0),
            (Focus::Map, _) => self.move_start(1.0, 0.0),
            (Focus::List, Action::Up) => self.go_to(self.row.saturating_sub(1)),
            (Focus::List, Action::Down) => self.go_to(self.row + 1),
            (Focus::List, Action::Decrease) => {
                self.change(|walk| rows::turn(slot, Way::Down, walk));
            }
            (Focus::List, _) => self.change(|walk| rows::turn(slot, Way::Up, walk)),
        }
    }

    /// Changes how it is looked at.
    fn look(&mut self, action: Action) {
        match action {
            Action::ZoomIn => self.view.zoom(0.5),
            Action::ZoomOut => self.view.zoom(2.0),
            Action::PanLeft => self.view.pan(-1.0, 0.0),
            Action::PanRight => self.view.pan(1.0, 0.0),
            Action::PanUp => self.view.pan(0.0, 1.0),
            Action::PanDown => self.view.pan(0.0, -1.0),
            Action::LogAxis => self.log = !self.log,
            Action::Zoom => self.zoom = self.zoom.next(),
            Action::Next => {
                self.focus = if self.focus == Focus::Map { Focus::List } else { Focus::Map };
            }
            Action::Home if self.focus == Focus::Map => {
                self.view.restore();
                self.change(|walk| walk.start = catalog::surface(&walk.surface).scene.start);
            }
            Action::Home => self.go_to(0),
            Action::End => self.go_to(usize::MAX),
            _ => {}
        }
    }

    /// Changes the walkers.
    fn edit(&mut self, action: Action, workspace: &mut Workspace) {
        let chosen = self.chosen;
        match action {
            Action::RatesUp => self.change(|walk| rows::turn_rate(chosen, Way::Up, walk)),
            Action::RatesDown => self.change(|walk| rows::turn_rate(chosen, Way::Down, walk)),
            Action::RemoveWalker if self.walk().walkers.len() == 1 => {
                workspace.complain("the last walker stays");
            }
            Action::RemoveWalker => self.change(|walk| {
                walk.walkers.remove(chosen);
            }),
            _ => {}
        }
    }

    /// What `action` opens.
    fn open(&self, action: Action, workspace: &mut Workspace) -> Option<Request> {
        let walk = self.walk();
        let spec = walk.walkers.get(self.chosen)?;
        let letter = mark(self.chosen).to_ascii_uppercase();
        let run = (spec.optimizer.number("lr"), walk.steps);
        let picker = |slot, title: &str, kind, present: &Pick| -> Request {
            Request::Open(Box::new(Picker::of_walk(slot, title, kind, present.clone(), run)))
        };
        Some(match action {
            Action::Walks => Request::Open(Box::new(Presets::walks())),
            Action::Surface => picker(Slot::Surface, "Surface", Kind::Surface, &walk.surface),
            Action::AddWalker if walk.walkers.len() == MOST_WALKERS => {
                workspace.complain("there are six walkers, which is the most: d removes one");
                return None;
            }
            Action::AddWalker => {
                picker(Slot::NewWalker, "Another walker", Kind::Optimizer, &spec.optimizer)
            }
            Action::Schedule => {
                let title = format!("Schedule of {letter}");
                picker(Slot::Schedule(self.chosen), &title, Kind::Schedule, &spec.schedule)
            }
            _ => match self.slot() {
                slot @ Slot::Walker(index) => {
                    let title = format!("Optimizer of {letter}");
                    picker(slot, &title, Kind::Optimizer, &walk.walkers.get(index)?.optimizer)
                }
                Slot::Surface => picker(Slot::Surface, "Surface", Kind::Surface, &walk.surface),
                slot => {
                    let (name, help) = (rows::name(slot, walk), rows::help(slot, walk));
                    let text = rows::value(slot, walk);
                    Request::Open(Box::new(Prompt::of_walk(slot, &name, help, text)))
                }
            },
        })
    }
}

impl Screen for SurfaceScreen {
    fn act(&mut self, action: Action, workspace: &mut Workspace) -> Vec<Request> {
        match action {
            Action::Back if self.zoom != Zoom::Off => self.zoom = Zoom::Off,
            Action::Back if self.focus == Focus::List => self.focus = Focus::Map,
            Action::Back => return vec![Request::Go('1')],
            Action::Toggle => {
                self.simulation.toggle();
                if !self.simulation.is_running() && self.simulation.is_over() {
                    workspace.say("no walker goes any farther: r resets".to_owned());
                }
            }
            Action::Step => self.simulation.step(),
            Action::Reset => self.simulation.reset(),
            Action::Faster => self.simulation.set_pace(true),
            Action::Slower => self.simulation.set_pace(false),
            Action::Up | Action::Down | Action::Decrease | Action::Increase => self.arrow(action),
            Action::RatesUp | Action::RatesDown | Action::RemoveWalker => {
                self.edit(action, workspace);
            }
            Action::Walks
            | Action::Surface
            | Action::AddWalker
            | Action::Schedule
            | Action::Open => return self.open(action, workspace).into_iter().collect(),
            _ => self.look(action),
        }
        Vec::new()
    }

    fn on_mouse(&mut self, mouse: MouseEvent, workspace: &mut Workspace) -> Vec<Request> {
        let at = Position::new(mouse.column, mouse.row);
        let hit = self.targets.iter().find(|(area, _)| area.contains(at)).copied();
        match (mouse.kind, hit) {
            (MouseEventKind::Down(MouseButton::Left), Some((plot, MAP))) => {
                self.focus = Focus::Map;
                let (x, y) = map::place(at, plot, self.view.window());
                self.change(|walk| walk.start = [x, y]);
            }
            (MouseEventKind::Down(MouseButton::Left), Some((_, row))) => {
                let again = self.focus == Focus::List && row == self.row;
                self.focus = Focus::List;
                self.go_to(row);
                if again {
                    return self.act(Action::Open, workspace);
                }
            }
            (MouseEventKind::ScrollUp, Some((_, MAP))) => self.view.zoom(0.5),
            (MouseEventKind::ScrollDown, Some((_, MAP))) => self.view.zoom(2.0),
            (MouseEventKind::ScrollUp, Some(_)) => self.go_to(self.row.saturating_sub(1)),
            (MouseEventKind::ScrollDown, Some(_)) => self.go_to(self.row + 1),
            _ => {}
        }
        Vec::new()
    }

    fn draw(
        &self,
        workspace: &Workspace,
        frame: &mut Frame<'_>,
        area: Rect,
        theme: Theme,
    ) -> Drawn {
        layout::draw(self, workspace, frame, area, theme)
    }

    fn drawn(&mut self, drawn: &Drawn, _: &Workspace) {
        self.top = drawn.scroll.map_or(self.top, |scroll| scroll.top);
        self.targets.clone_from(&drawn.targets);
    }

    fn brief(&self, _: &Workspace, theme: Theme) -> Line<'static> {
        status::brief(self, theme)
    }

    fn label(&self, action: Action, _: &Workspace) -> Option<&'static str> {
        match action {
            Action::Toggle if self.simulation.is_running() => Some("pause"),
            Action::Toggle => Some("walk"),
            Action::Increase if self.focus == Focus::List => Some("change"),
            Action::Next if self.focus == Focus::List => Some("map"),
            _ => None,
        }
    }

    fn walk(&self) -> Option<WalkState> {
        Some(self.simulation.state())
    }

    fn on_choice(&mut self, choice: Choice, workspace: &mut Workspace) {
        match choice {
            Choice::WalkAtRest(walk) => {
                self.on_choice(Choice::Walk(walk), workspace);
                self.simulation.pause();
            }
            Choice::Walk(walk) => {
                self.chosen = 0;
                self.take(*walk);
                self.view.restore();
            }
            Choice::Text(slot, text) => {
                let mut walk = self.walk().clone();
                match rows::set_text(slot, &text, &mut walk) {
                    Ok(()) => self.change(|present| *present = walk),
                    Err(error) => workspace.complain(&error),
                }
            }
            Choice::Pick(slot, pick) => self.change(|walk| match slot {
                Slot::Surface => rows::set_surface(pick, walk),
                Slot::NewWalker => walk.walkers.push(WalkerSpec::from(pick)),
                Slot::Walker(index) => {
                    if let Some(spec) = walk.walkers.get_mut(index) {
                        spec.optimizer = pick;
                    }
                }
                Slot::Schedule(index) => {
                    if let Some(spec) = walk.walkers.get_mut(index) {
                        spec.schedule = pick;
                    }
                }
                Slot::Param(_) | Slot::Noise | Slot::Seed => {}
            }),
        }
    }

    fn tick_due(&self) -> Option<Instant> {
        self.simulation.due()
    }

    fn tick(&mut self, now: Instant) -> bool {
        self.simulation.tick(now)
    }

    fn on_leave(&mut self, _: &mut Workspace) {
        self.simulation.hide();
    }
}

#[cfg(test)]
mod tests;
