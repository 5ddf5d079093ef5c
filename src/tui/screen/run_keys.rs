//! What the keys that several screens share do to the run: running and resting, its pace, and going
//! through its time.

use std::time::Instant;

use super::diagnosis;
use crate::experiment::Experiment;
use crate::train::Command;
use crate::tui::effect::Effect;
use crate::tui::keymap::{Action, run};
use crate::tui::overlay::{Request, branches::Branches, page::Page};
use crate::tui::past::Towards;
use crate::tui::run_view::Status;
use crate::tui::workspace::Workspace;

/// What `action` does to the run; none if it is about something else.
pub fn act(action: Action, workspace: &mut Workspace) -> Option<Vec<Request>> {
    use Action::{Epoch, Reset, Step, Toggle};
    if matches!(action, Toggle | Step | Epoch | Reset) {
        // From here on the run goes by its own keys.
        workspace.rests = false;
    }
    if let Some(effects) = travel(action, workspace) {
        return Some(effects.into_iter().map(Request::Effect).collect());
    }
    let (moment, present) = (workspace.past.as_ref().map(|it| it.target), workspace.run.step);
    match action {
        Action::ZoomIn => workspace.window.zoom_in(moment, present),
        Action::ZoomOut => workspace.window.zoom_out(present),
        _ => return on_run(action, workspace),
    }
    Some(Vec::new())
}

/// What runs or rests, or shows what there is to know of the run.
fn on_run(action: Action, workspace: &mut Workspace) -> Option<Vec<Request>> {
    use Action::{Epoch, Step, Toggle};
    let request = match action {
        Toggle => return Some(toggle(workspace).into_iter().collect()),
        Action::Fix => return Some(fix(workspace)),
        Action::RatesTenth => return Some(tenth_of_the_rates(workspace)),
        Step => send(Command::Steps(1)),
        Epoch => send(Command::Epoch),
        Action::Faster => Request::Effect(workspace.set_pace(workspace.pace.faster())),
        Action::Slower => Request::Effect(workspace.set_pace(workspace.pace.slower())),
        Action::Log => Request::Open(Box::new(Page::log(&workspace.run.log))),
        Action::Branches => Request::Open(Box::new(Branches::new(workspace.run.timeline_now()))),
        _ => return None,
    };
    Some(vec![request])
}

/// Applies the remedy of the diagnosis, and goes on if the run had diverged.
fn fix(workspace: &mut Workspace) -> Vec<Request> {
    let Some((experiment, text)) = diagnosis::remedy(workspace) else {
        workspace.complain(if workspace.past.is_some() {
            "the diagnosis is of the present: Esc returns there"
        } else {
            "no rule fires that has a remedy"
        });
        return Vec::new();
    };
    workspace.say(format!("{text}: {} takes it back", run::UNDO.name()));
    edit_and_go_on(experiment, workspace)
}

/// Divides all learning rates by ten, and goes on if the run had diverged.
fn tenth_of_the_rates(workspace: &mut Workspace) -> Vec<Request> {
    match workspace.experiment.with_rates_scaled(0.1) {
        Ok(experiment) if experiment == workspace.experiment => Vec::new(),
        Ok(experiment) => edit_and_go_on(experiment, workspace),
        Err(refused) => {
            workspace.complain(&refused.reason);
            Vec::new()
        }
    }
}

/// Takes up an edited experiment; a run that had diverged goes on.
fn edit_and_go_on(experiment: Experiment, workspace: &Workspace) -> Vec<Request> {
    let mut requests = vec![Request::Edit(Box::new(experiment))];
    if matches!(workspace.run.status, Status::Diverged(_)) {
        requests.push(send(Command::Run));
    }
    requests
}

/// The word for the key that runs or pauses.
pub const fn toggle_label(workspace: &Workspace) -> &'static str {
    match workspace.run.status {
        Status::Running => "pause",
        Status::Finished => "run on",
        _ => "run",
    }
}

/// A command to the training thread.
pub const fn send(command: Command) -> Request {
    Request::Effect(Effect::Send(command))
}

/// What goes through the time of the run; none for other actions.
fn travel(action: Action, workspace: &mut Workspace) -> Option<Vec<Effect>> {
    let now = Instant::now();
    Some(match action {
        Action::Undo => workspace.undo(),
        Action::Redo => workspace.redo(),
        Action::Earlier => workspace.scrub(Towards::Start, now),
        Action::Later => workspace.scrub(Towards::Present, now),
        Action::EarlierEdit => workspace.scrub_to_edit(Towards::Start),
        Action::LaterEdit => workspace.scrub_to_edit(Towards::Present),
        Action::Best => workspace.scrub_to_best(),
        Action::Reset => workspace.reset(),
        Action::Back if workspace.past.is_some() => workspace.to_present(),
        Action::Toggle | Action::Step | Action::Epoch if workspace.past.is_some() => {
            let goal = match action {
                Action::Step => Command::Steps(1),
                Action::Epoch => Command::Epoch,
                _ => Command::Run,
            };
            let mut effects = workspace.branch();
            effects.push(Effect::Send(goal));
            effects
        }
        _ => return None,
    })
}

/// Runs or pauses.
fn toggle(workspace: &mut Workspace) -> Option<Request> {
    let command = match workspace.run.status {
        // What is being loaded is on its way to run.
        Status::Running | Status::Loading => Command::Pause,
        Status::Failed(_) => return None,
        Status::Diverged(_) if !workspace.run.edited() => {
            let [tenth, reset] = [run::RATES_TENTH, run::RESET].map(|row| row.name());
            workspace.complain(&format!(
                "it would diverge again: {tenth} goes on with a tenth of the rates, {reset} resets"
            ));
            return None;
        }
        Status::Finished => {
            let further = workspace.further();
            workspace.say(format!("the run was over: it {further}"));
            Command::Run
        }
        Status::Paused | Status::Diverged(_) => Command::Run,
    };
    Some(send(command))
}
