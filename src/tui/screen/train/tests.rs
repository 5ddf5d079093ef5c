use ratatui::Terminal;
use ratatui::backend::TestBackend;

use super::*;
use crate::experiment::load;
use crate::experiment::settings;
use crate::train::Command;
use crate::tui::run_view::Status;
use crate::tui::theme::Depth;

fn opened() -> (TrainScreen, Workspace) {
    (TrainScreen::default(), Workspace::new(load("spirals").unwrap().experiment))
}

/// Draws the screen, and lets it know.
fn draw(screen: &mut TrainScreen, workspace: &Workspace, (width, height): (u16, u16)) -> Drawn {
    let mut terminal = Terminal::new(TestBackend::new(width, height)).unwrap();
    let mut drawn = Drawn::default();
    let theme = Theme::new(Depth::None);
    terminal.draw(|frame| drawn = screen.draw(workspace, frame, frame.area(), theme)).unwrap();
    screen.drawn(&drawn, workspace);
    drawn
}

fn mouse(kind: MouseEventKind, area: Rect) -> MouseEvent {
    let modifiers = crossterm::event::KeyModifiers::NONE;
    MouseEvent { kind, column: area.x, row: area.y, modifiers }
}

/// The experiment that is asked for, taken up.
fn take(screen: &mut TrainScreen, workspace: &mut Workspace, requests: Vec<Request>) {
    for request in requests {
        let Request::Edit(experiment) = request else { panic!("{request:?}") };
        workspace.take(*experiment);
        screen.on_experiment(workspace);
    }
}

#[test]
fn every_field_that_is_drawn_can_be_clicked_and_turned() {
    let (mut screen, mut workspace) = opened();
    let drawn = draw(&mut screen, &workspace, (120, 40));
    let fields = form::places(&screen.rows(&workspace));
    let seed = settings::find(&workspace.experiment, "seed").unwrap();
    assert_eq!(drawn.targets.len(), fields.len());
    let click = MouseEventKind::Down(MouseButton::Left);
    for (area, index) in &drawn.targets {
        screen.focus = Some(seed);
        let first = screen.on_mouse(mouse(click, *area), &mut workspace);
        assert_eq!(screen.focus, Some(fields[*index]));
        if fields[*index] != seed {
            assert!(first.is_empty(), "{first:?}");
        }
        let second = screen.on_mouse(mouse(click, *area), &mut workspace);
        assert!(matches!(second[..], [Request::Open(_)]), "{second:?}");
    }
    let first = form::of_layer(0, "units", &workspace.experiment);
    let units = drawn.targets[fields.iter().position(|it| *it == first).unwrap()].0;
    let before = workspace.experiment.layers[0].units;
    let turned = screen.on_mouse(mouse(MouseEventKind::ScrollUp, units), &mut workspace);
    take(&mut screen, &mut workspace, turned);
    assert!(workspace.experiment.layers[0].units > before);
    assert_eq!(screen.focus, Some(first));
}

#[test]
fn nothing_is_clicked_where_nothing_was_drawn() {
    let (mut screen, mut workspace) = opened();
    let drawn = draw(&mut screen, &workspace, (120, 40));
    screen.act(Action::Zoom, &mut workspace);
    assert!(draw(&mut screen, &workspace, (120, 40)).targets.is_empty());
    let focus = screen.focus;
    let click = mouse(MouseEventKind::Down(MouseButton::Left), drawn.targets[0].0);
    assert!(screen.on_mouse(click, &mut workspace).is_empty());
    assert_eq!(screen.focus, focus);
}

#[test]
fn the_room_for_predictions_is_kept_while_none_are_drawn() {
    let (mut screen, mut workspace) = opened();
    let drawn = draw(&mut screen, &workspace, (120, 40));
    let view = drawn.view.unwrap();
    // Nothing is known of the network yet, and no list is open.
    assert_eq!(screen.view(), Some(View { requests: Zoom::Off.requests(), ..view }));
    screen.act(Action::Zoom, &mut workspace);
    screen.act(Action::Zoom, &mut workspace);
    assert_eq!(draw(&mut screen, &workspace, (120, 40)).view, None);
    // Charts ask for what is drawn over time.
    let requests = Zoom::Charts.requests();
    assert!(requests.scores && !requests.predictions && !requests.neurons);
    assert_eq!(screen.view(), Some(View { requests, ..view }));
}

#[test]
fn the_cursor_goes_to_a_norm_and_back_when_it_is_gone() {
    let (mut screen, mut workspace) = opened();
    let requests = screen.act(Action::Norm, &mut workspace);
    take(&mut screen, &mut workspace, requests);
    assert_eq!(screen.focus, Some(form::of_layer(0, "norm", &workspace.experiment)));
    let requests = screen.act(Action::Decrease, &mut workspace);
    take(&mut screen, &mut workspace, requests);
    let activation = form::of_layer(0, "activation", &workspace.experiment);
    assert_eq!(screen.focus, Some(activation));
}

#[test]
fn a_setting_stays_in_the_form_at_its_default_while_the_cursor_is_on_it() {
    let recipe = "moons/8-relu/2-softmax/clip_norm=0.05,ema=0.9,optimizer=adam,lr=0.01";
    let experiment = crate::experiment::parse_recipe(recipe).unwrap().experiment;
    let (mut screen, mut workspace) = (TrainScreen::default(), Workspace::new(experiment.clone()));
    screen.act(Action::End, &mut workspace);
    screen.act(Action::Up, &mut workspace);
    for (action, clip_norm) in [(Action::Decrease, 0.0), (Action::Increase, 0.05)] {
        let requests = screen.act(action, &mut workspace);
        take(&mut screen, &mut workspace, requests);
        assert_eq!(workspace.experiment.train.clip_norm, clip_norm);
        assert_eq!(screen.focus(&workspace).to_string(), "train.clip_norm");
    }
    assert_eq!(workspace.experiment, experiment);
}

#[test]
fn a_diverged_run_goes_on_with_a_tenth_of_the_rates_only() {
    let experiment = load("rate-too-high").unwrap().experiment;
    let app = crate::tui::picture::trained(&experiment, 5000, (80, 24)).unwrap();
    let (mut screen, mut workspace) = (TrainScreen::default(), app.workspace);
    assert!(matches!(workspace.run.status, Status::Diverged(_)));
    assert!(screen.act(Action::Toggle, &mut workspace).is_empty());
    assert!(workspace.notice.as_ref().is_some_and(|notice| notice.bad));
    let requests = screen.act(Action::RatesTenth, &mut workspace);
    let [Request::Edit(_), Request::Effect(Effect::Send(Command::Run))] = &requests[..] else {
        panic!("{requests:?}");
    };
}

fn said(workspace: &Workspace) -> &str {
    workspace.notice.as_ref().map_or("", |notice| notice.text.as_str())
}

#[test]
fn after_the_end_of_a_run_a_notice_says_what_the_keys_do() {
    let experiment = load("spirals").unwrap().experiment;
    let experiment = experiment.with_overrides(&["train.steps=20"]).unwrap();
    let app = crate::tui::picture::trained(&experiment, 20, (80, 24)).unwrap();
    let (mut screen, mut workspace) = (TrainScreen::default(), app.workspace);
    assert_eq!(workspace.run.status, Status::Finished);
    // An edit that is live changes nothing by itself.
    let requests = screen.act(Action::RatesUp, &mut workspace);
    let [Request::Edit(edited)] = &requests[..] else { panic!("{requests:?}") };
    let effects = workspace.take((**edited).clone());
    assert!(matches!(effects[..], [Effect::Send(Command::Apply(..))]), "{effects:?}");
    assert_eq!(said(&workspace), "the run is over: space trains 20 steps more, r starts again");
    // One that starts again needs no word.
    workspace.notice = None;
    let requests = screen.act(Action::AddLayer, &mut workspace);
    let [Request::Edit(edited)] = &requests[..] else { panic!("{requests:?}") };
    let effects = workspace.take((**edited).clone());
    let [Effect::Send(Command::Apply(..)), Effect::Send(Command::Run)] = &effects[..] else {
        panic!("{effects:?}");
    };
    assert_eq!(said(&workspace), "");
    // Space goes on, for as long again or to the end of a longer budget.
    for (steps, expected) in
        [("20", "the run was over: it trains 20 steps more"), ("50", "it trains on to step 50")]
    {
        let setting = format!("train.steps={steps}");
        workspace.experiment = workspace.experiment.with_overrides(&[setting]).unwrap();
        let requests = screen.act(Action::Toggle, &mut workspace);
        assert!(matches!(requests[..], [Request::Effect(Effect::Send(Command::Run))]));
        assert!(said(&workspace).contains(expected), "{}", said(&workspace));
    }
}

#[test]
fn other_weights_and_other_data_are_two_keys() {
    let (mut screen, mut workspace) = opened();
    let before = workspace.experiment.clone();
    let requests = screen.act(Action::NewWeights, &mut workspace);
    assert!(said(&workspace).contains("other weights and batches on the same data; D is for"));
    take(&mut screen, &mut workspace, requests);
    let weights = workspace.experiment.clone();
    assert_eq!((weights.data_seed(), weights.seed), (before.data_seed(), before.seed + 1));
    assert_ne!(weights.init_seed(), before.init_seed());
    let requests = screen.act(Action::NewData, &mut workspace);
    assert!(said(&workspace).contains("other data under the same weights; R is for"));
    take(&mut screen, &mut workspace, requests);
    let data = &workspace.experiment;
    assert_eq!((data.seed, data.init_seed()), (weights.seed, weights.init_seed()));
    assert_eq!(data.data_seed(), before.data_seed() + 1);
    // Seeds that are set apart take part.
    let apart = ["train.init_seed=7", "train.batch_seed=8", "data.seed=9"];
    workspace.experiment = before.with_overrides(&apart).unwrap();
    let requests = screen.act(Action::NewWeights, &mut workspace);
    take(&mut screen, &mut workspace, requests);
    let train = &workspace.experiment.train;
    assert_eq!((train.init_seed, train.batch_seed), (Some(8), Some(9)));
    assert_eq!(workspace.experiment.data_seed(), 9);
}

/// The workbench at the end of a run with dead units.
fn ailing() -> crate::tui::app::App {
    let recipe = "circles/8-relu/8-relu+normal:mean=-1,std=0.1/2-softmax/optimizer=sgd,lr=0.05";
    let experiment = load(recipe).unwrap().experiment;
    crate::tui::picture::trained(experiment, 40, (120, 40)).unwrap()
}

#[test]
fn what_is_wrong_is_told_in_a_line_with_its_remedy() {
    let app = ailing();
    let theme = Theme::new(Depth::None);
    for width in [80, 120, 200] {
        let line = crate::tui::screen::diagnosis::line(&app.workspace, width, theme).unwrap();
        let text = line.to_string();
        assert!(text.starts_with(" ▲ layer 2: 8 of 8 units are dead"), "{text}");
        assert!(text.trim_end().ends_with("f layers.2.activation=leaky_relu"), "{text}");
        assert!(line.width() <= usize::from(width), "{text}");
    }
    let line = crate::tui::screen::diagnosis::line(&app.workspace, 40, theme).unwrap();
    assert!(line.width() <= 40 && line.to_string().contains("8 of 8 units are dead"));
    let well = crate::tui::picture::trained(load("iris").unwrap().experiment, 40, (120, 40));
    assert!(crate::tui::screen::diagnosis::line(&well.unwrap().workspace, 80, theme).is_none());
}

#[test]
fn a_key_applies_the_remedy_and_another_takes_it_back() {
    let mut app = ailing();
    let before = app.workspace.experiment.clone();
    app.act(Action::Fix);
    assert_eq!(app.workspace.experiment.layers[1].activation.key(), "leaky_relu");
    let notice = app.workspace.notice.clone().unwrap().text;
    assert_eq!(notice, "layers.2.activation=leaky_relu: u takes it back");
    app.act(Action::Undo);
    assert_eq!(app.workspace.experiment, before);
    let mut well = crate::tui::picture::trained(before, 0, (120, 40)).unwrap();
    well.workspace.run.watch.clear();
    well.act(Action::Fix);
    assert!(well.workspace.notice.unwrap().bad);
}
