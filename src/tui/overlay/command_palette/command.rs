//! What the command palette holds: actions, settings, and all that comes with the program.

use crate::catalog::concept::{self, Concept};
use crate::catalog::{self, Kind};
use crate::experiment::Experiment;
use crate::experiment::lesson::LESSONS;
use crate::experiment::lesson::preset::LessonPreset;
use crate::experiment::preset::PRESETS;
use crate::experiment::settings::{self, Place};
use crate::experiment::shelf::{Shelved, Shipped};
use crate::experiment::walk::WALKS;
use crate::experiment::walk::preset::WalkPreset;
use crate::spec::{Card, Pick};
use crate::tui::form;
use crate::tui::keymap::{self, Action, Binding, Context, spelling};
use crate::tui::overlay::Request;
use crate::tui::overlay::choice::{Choice, Slot};
use crate::tui::overlay::page::Page;
use crate::tui::overlay::picker::Picker;
use crate::tui::overlay::prompt::Prompt;
use crate::tui::overlay::together::chosen;

/// A screen, or what holds everywhere: its key and its keys.
#[derive(Clone, Copy, Debug)]
pub struct Scope {
    /// The key that leads there; none for where one is, and for what holds everywhere.
    pub tab: Option<char>,
    /// Its actions.
    pub context: &'static Context,
}

/// Something to do.
#[derive(Debug)]
pub struct Command {
    /// Its name, as it is typed.
    pub name: String,
    /// What it is or does.
    pub title: String,
    /// More by which it is found.
    pub words: String,
    /// Other words for it.
    pub aliases: &'static str,
    /// The kind of thing that it is.
    pub kind: &'static str,
    /// Its keys, if it has any here.
    pub keys: String,
    deed: Deed,
}

#[derive(Debug)]
enum Deed {
    Act(Option<char>, Action),
    Setting(Place),
    Preset(&'static str),
    Walk(&'static WalkPreset),
    Lesson(&'static LessonPreset),
    Pick(Kind, &'static Card),
    Concept(&'static Concept),
}

/// Other words for actions, which people type.
const ALIASES: [(Action, &str); 22] = [
    (Action::Toggle, "play start stop resume train continue"),
    (Action::Reset, "restart again from scratch"),
    (Action::Faster, "speed up pace quicker"),
    (Action::Slower, "slow down speed pace"),
    (Action::Earlier, "rewind back in time history scrub"),
    (Action::Later, "forward in time"),
    (Action::Save, "export write file"),
    (Action::CopyRecipe, "clipboard share link yank"),
    (Action::Presets, "open load examples experiments"),
    (Action::NewRace, "compare optimizers benchmark race"),
    (Action::Help, "shortcuts keyboard keys"),
    (Action::Concepts, "glossary dictionary meaning define"),
    (Action::Zoom, "maximize fullscreen large panel"),
    (Action::LogAxis, "logarithmic scale loss axis"),
    (Action::AddLayer, "deeper insert layer"),
    (Action::RemoveLayer, "delete layer shallower"),
    (Action::NewWeights, "seed reinitialize random weights"),
    (Action::NewData, "seed other data resample"),
    (Action::Inside, "explain update arithmetic gradient of one step"),
    (Action::RatesTenth, "lower decrease learning rate diverged"),
    (Action::Paint, "draw points own data"),
    (Action::Landscape, "loss landscape surface of the network"),
];

/// All commands, those of the first scopes first.
pub fn all(experiment: &Experiment, scopes: &[Scope]) -> Vec<Command> {
    let mut commands: Vec<Command> = Vec::new();
    for scope in scopes {
        for row in scope.context.rows {
            let known =
                |it: &Command| matches!(it.deed, Deed::Act(_, action) if action == row.action);
            if !commands.iter().any(known) {
                commands.extend(of_action(scope.tab, row));
            }
        }
    }
    let screens = scopes.iter().filter_map(|scope| Some(of_screen(scope.tab?, scope.context)));
    commands.extend(screens);
    commands.extend(settings::of(experiment).map(|setting| of_setting(setting.place, experiment)));
    commands
        .extend(settings::of_hidden(experiment).into_iter().map(|it| of_setting(it, experiment)));
    commands.extend(PRESETS.all().iter().map(|it| of_shipped(it, Deed::Preset(it.name))));
    commands.extend(WALKS.all().iter().map(|it| of_shipped(it, Deed::Walk(it))));
    commands.extend(LESSONS.all().iter().map(|it| of_shipped(it, Deed::Lesson(it))));
    for kind in Kind::ALL {
        commands.extend(kind.cards_by_use().into_iter().map(|card| of_card(kind, card)));
    }
    commands.extend(concept::all().map(of_concept));
    commands
}

fn command(name: &str, title: &str, words: String, kind: &'static str, deed: Deed) -> Command {
    let (name, title) = (name.to_owned(), title.to_owned());
    Command { name, title, words, aliases: "", kind, keys: String::new(), deed }
}

fn of_action(tab: Option<char>, row: &Binding) -> Option<Command> {
    // What goes by a number is reached by keys only.
    let name = spelling::action_name(row.action)?.replace('_', " ");
    let aliases = ALIASES.iter().find(|(action, _)| *action == row.action);
    let aliases = aliases.map_or("", |(_, words)| *words);
    let words = format!("{} {aliases}", row.label);
    let keys = if tab.is_none() { keymap::names(row) } else { String::new() };
    let deed = Deed::Act(tab, row.action);
    Some(Command { aliases, keys, ..command(&name, row.help, words, "action", deed) })
}

fn of_screen(key: char, context: &'static Context) -> Command {
    let name = format!("{} screen", context.title);
    let deed = Deed::Act(None, Action::Go(key));
    Command { keys: key.to_string(), ..command(&name, "go there", String::new(), "screen", deed) }
}

fn of_setting(place: Place, experiment: &Experiment) -> Command {
    let (title, help) = (form::title(place), place.within(experiment).help());
    let label = place.within(experiment).label();
    command(&place.to_string(), &title, format!("{label} {help}"), "setting", Deed::Setting(place))
}

fn of_shipped<T: Shelved>(it: &'static Shipped<T>, deed: Deed) -> Command {
    command(it.name, it.title(), it.about().to_owned(), T::NOUN, deed)
}

fn of_card(kind: Kind, card: &'static Card) -> Command {
    let words = card.texts().words.join(" ");
    command(card.key, card.title, words, kind.noun(), Deed::Pick(kind, card))
}

fn of_concept(concept: &'static Concept) -> Command {
    let words = concept.texts().words.join(" ");
    command(concept.key, concept.title, words, "concept", Deed::Concept(concept))
}

impl Command {
    /// What it asks for.
    ///
    /// # Errors
    /// If it is not possible in `experiment`.
    pub fn request(&self, experiment: &Experiment) -> Result<Request, String> {
        Ok(match &self.deed {
            Deed::Act(tab, action) => Request::Act(*tab, *action),
            Deed::Setting(place) => match Picker::new(*place, experiment) {
                Some(picker) => Request::Open(Box::new(picker)),
                None => Request::Open(Box::new(Prompt::new(*place, experiment))),
            },
            Deed::Preset(name) => {
                let loaded = crate::experiment::load(name).map_err(|error| error.to_string())?;
                Request::Load(Box::new(loaded.experiment))
            }
            Deed::Walk(walk) => {
                let choice = Choice::Walk(Box::new(walk.get().clone()));
                Request::OnScreen('4', Box::new(Request::Choose(choice)))
            }
            Deed::Lesson(lesson) => Request::Learn(lesson, false),
            Deed::Pick(Kind::Surface, card) => {
                let choice = Choice::Pick(Slot::Surface, Pick::new(card));
                Request::OnScreen('4', Box::new(Request::Choose(choice)))
            }
            Deed::Pick(kind, card) => {
                let place = home(*kind, experiment)?;
                let pick = Pick::new(card);
                catalog::check(&pick).map_err(|error| error.to_string())?;
                chosen(experiment, experiment.with_pick(place, Some(pick)))?
            }
            Deed::Concept(concept) => Request::Open(Box::new(Page::concept(concept))),
        })
    }
}

/// The setting that an entry of `kind` is put into: that of all hidden layers where layers have it.
fn home(kind: Kind, experiment: &Experiment) -> Result<Place, String> {
    let hidden = settings::of_hidden(experiment).into_iter();
    let all = hidden.chain(settings::of(experiment).map(|setting| setting.place));
    let mut found = all.filter(|place| place.param.is_none() && place.row.picks() == Some(kind));
    let of_all = |place: &Place| place.row.section != settings::Section::Layers;
    let place = match kind {
        // The default one, not that of a layer.
        Kind::Optimizer => found.find(of_all),
        _ => found.next(),
    };
    place.ok_or_else(|| format!("there is no setting that takes a {}", kind.noun()))
}
