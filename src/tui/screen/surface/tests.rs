use std::time::Duration;

use crossterm::event::KeyModifiers;
use ratatui::Terminal;
use ratatui::backend::TestBackend;

use super::*;
use crate::experiment::load;
use crate::train::descent::Path;
use crate::tui::theme::Depth;
use crate::tui::widgets::relief::Window;

fn opened() -> (SurfaceScreen, Workspace) {
    (SurfaceScreen::default(), Workspace::new(load("spirals").unwrap().experiment))
}

fn draw(screen: &mut SurfaceScreen, workspace: &Workspace, (width, height): (u16, u16)) -> Drawn {
    let mut terminal = Terminal::new(TestBackend::new(width, height)).unwrap();
    let mut drawn = Drawn::default();
    let theme = Theme::new(Depth::None);
    terminal.draw(|frame| drawn = screen.draw(workspace, frame, frame.area(), theme)).unwrap();
    screen.drawn(&drawn, workspace);
    drawn
}

fn act(screen: &mut SurfaceScreen, workspace: &mut Workspace, actions: &[Action]) {
    for action in actions {
        screen.act(*action, workspace);
    }
}

/// Lets `seconds` pass in ticks of so many milliseconds; returns at which steps it stood.
fn pass(screen: &mut SurfaceScreen, from: Instant, seconds: f64, millis: u64) -> Vec<u64> {
    let ticks = (seconds * 1000.0 / millis as f64).round() as u64;
    let at = |tick: u64| from + Duration::from_millis(tick * millis);
    (0..=ticks)
        .map(|tick| {
            screen.tick(at(tick));
            screen.simulation.steps()
        })
        .collect()
}

#[test]
fn paths_on_the_screen_are_those_of_the_command() {
    for preset in walk::WALKS.all() {
        let walk = preset.get();
        let (mut screen, mut workspace) = opened();
        screen.on_choice(Choice::Walk(Box::new(walk.clone())), &mut workspace);
        let begun = Instant::now();
        pass(&mut screen, begun, 60.0, 40);
        assert_eq!((screen.simulation.steps(), screen.tick_due()), (walk.steps, None));
        for (spec, walker) in walk.walkers.iter().zip(screen.simulation.walkers()) {
            let path = Path::of(walk, spec);
            let points: Vec<_> = path.points.iter().map(|[x, y]| (*x, *y)).collect();
            assert_eq!(walker.points()[1..], points, "{spec} of {}", preset.name);
            assert_eq!(*walker.outcome(), path.outcome, "{spec} of {}", preset.name);
        }
    }
}

#[test]
fn it_walks_at_its_pace_and_catches_up_nothing() {
    let (mut screen, mut workspace) = opened();
    let begun = Instant::now();
    assert!(screen.tick_due().is_some());
    let steps = pass(&mut screen, begun, 1.0, 33);
    assert!((55..=60).contains(steps.last().unwrap()), "{steps:?}");
    assert!(steps.windows(2).all(|pair| pair[1] - pair[0] <= 3), "{steps:?}");
    // A minute away is no burst.
    let before = screen.simulation.steps();
    screen.tick(begun + Duration::from_secs(61));
    assert!(screen.simulation.steps() <= before + 15);
    // Nor is one on another screen.
    let before = screen.simulation.steps();
    screen.on_leave(&mut workspace);
    assert!(!screen.tick(begun + Duration::from_secs(90)));
    assert_eq!(screen.simulation.steps(), before);
    act(&mut screen, &mut workspace, &[Action::Toggle]);
    assert_eq!(screen.tick_due(), None);
    assert!(!screen.tick(begun + Duration::from_secs(91)));
    // The slowest pace is one step a second.
    act(&mut screen, &mut workspace, &[Action::Slower; 9]);
    act(&mut screen, &mut workspace, &[Action::Reset, Action::Toggle]);
    assert_eq!(pass(&mut screen, begun + Duration::from_secs(100), 3.0, 500).last(), Some(&3));
}

#[test]
fn at_its_end_it_rests_and_goes_on_for_as_long_again() {
    let (mut screen, mut workspace) = opened();
    act(&mut screen, &mut workspace, &[Action::Faster; 9]);
    let begun = Instant::now();
    assert_eq!(pass(&mut screen, begun, 2.0, 50).last(), Some(&150));
    assert_eq!(screen.tick_due(), None);
    act(&mut screen, &mut workspace, &[Action::Toggle]);
    let later = begun + Duration::from_secs(9);
    assert_eq!(pass(&mut screen, later, 2.0, 50).last(), Some(&300));
    act(&mut screen, &mut workspace, &[Action::Step]);
    assert_eq!(screen.simulation.steps(), 301);
}

#[test]
fn arrows_move_the_start_and_the_walk_begins_anew() {
    let (mut screen, mut workspace) = opened();
    draw(&mut screen, &workspace, (120, 40));
    act(&mut screen, &mut workspace, &[Action::Step, Action::Step]);
    let [x, y] = screen.walk().start;
    act(&mut screen, &mut workspace, &[Action::Increase, Action::Down]);
    let [to_x, to_y] = screen.walk().start;
    assert!(to_x > x && to_y < y, "{to_x} {to_y}");
    assert_eq!(screen.simulation.steps(), 0);
    assert_eq!(screen.simulation.walkers()[0].points(), [(to_x, to_y)]);
    assert!(screen.walk().title.is_empty() && screen.simulation.is_running());
    act(&mut screen, &mut workspace, &[Action::Home]);
    assert_eq!(screen.walk().start, catalog::surface(&screen.walk().surface).scene.start);
}

#[test]
fn a_click_on_the_map_is_the_start_and_the_wheel_zooms() {
    let (mut screen, mut workspace) = opened();
    let drawn = draw(&mut screen, &workspace, (120, 40));
    let (plot, _) = *drawn.targets.iter().find(|(_, target)| *target == MAP).unwrap();
    let mouse = |kind, column, row| MouseEvent { kind, column, row, modifiers: KeyModifiers::NONE };
    let click = MouseEventKind::Down(MouseButton::Left);
    screen
        .on_mouse(mouse(click, plot.x + plot.width / 2, plot.y + plot.height / 2), &mut workspace);
    let [x, y] = screen.walk().start;
    assert!(x.abs() < 0.2 && y.abs() < 0.2, "{x} {y}");
    let before = screen.view.window();
    screen.on_mouse(mouse(MouseEventKind::ScrollUp, plot.x, plot.y), &mut workspace);
    assert_eq!(
        screen.view.window().x.1 - screen.view.window().x.0,
        (before.x.1 - before.x.0) / 2.0
    );
    // A row of the list gets the cursor, and at the second click its picker.
    let (row, index) = drawn.targets[drawn.targets.len() - 1];
    assert!(screen.on_mouse(mouse(click, row.x, row.y), &mut workspace).is_empty());
    assert_eq!((screen.row, screen.chosen), (index, 1));
    let opened = screen.on_mouse(mouse(click, row.x, row.y), &mut workspace);
    assert!(matches!(opened[..], [Request::Open(_)]));
}

#[test]
fn values_are_turned_typed_and_picked() {
    let (mut screen, mut workspace) = opened();
    act(&mut screen, &mut workspace, &[Action::Next, Action::Home, Action::Down, Action::Increase]);
    assert_eq!(screen.walk().surface.number("condition"), 100.0);
    act(&mut screen, &mut workspace, &[Action::Down, Action::Increase]);
    assert_eq!(screen.walk().surface.number("angle"), 15.0);
    act(
        &mut screen,
        &mut workspace,
        &[Action::Down, Action::Increase, Action::Down, Action::Increase],
    );
    assert_eq!((screen.walk().noise, screen.walk().seed), (0.01, 1));
    act(&mut screen, &mut workspace, &[Action::RatesUp, Action::RatesDown, Action::RatesDown]);
    assert_eq!(screen.walk().walkers[0].optimizer.number("lr"), 0.01);
    let text = |slot, text: &str| Choice::Text(slot, text.to_owned());
    screen.on_choice(text(Slot::Noise, "0.3"), &mut workspace);
    screen.on_choice(text(Slot::Param(0), "7"), &mut workspace);
    assert_eq!((screen.walk().noise, screen.walk().surface.number("condition")), (0.3, 7.0));
    for (slot, wrong, words) in [
        (Slot::Noise, "-1", "0 or more"),
        (Slot::Seed, "x", "a whole number"),
        (Slot::Param(0), "0.5", "1 or more"),
    ] {
        let before = screen.walk().clone();
        screen.on_choice(text(slot, wrong), &mut workspace);
        assert_eq!(*screen.walk(), before);
        let notice = workspace.notice.take().unwrap();
        assert!(notice.bad && notice.text.contains(words), "{}", notice.text);
    }
    let booth = Kind::Surface.parse("booth").unwrap();
    screen.on_choice(Choice::Pick(Slot::Surface, booth.clone()), &mut workspace);
    assert_eq!(screen.walk().start, catalog::surface(&booth).scene.start);
    let cosine = Kind::Schedule.parse("cosine").unwrap();
    screen.on_choice(Choice::Pick(Slot::Schedule(0), cosine), &mut workspace);
    assert!(!screen.walk().walkers[0].is_steady());
}

#[test]
fn walkers_come_and_go_between_one_and_six() {
    let (mut screen, mut workspace) = opened();
    let adam = Kind::Optimizer.parse("adam:lr=0.1").unwrap();
    for count in 3..=6 {
        assert_eq!(screen.act(Action::AddWalker, &mut workspace).len(), 1);
        screen.on_choice(Choice::Pick(Slot::NewWalker, adam.clone()), &mut workspace);
        assert_eq!(screen.simulation.walkers().len(), count);
    }
    assert!(screen.act(Action::AddWalker, &mut workspace).is_empty());
    assert!(workspace.notice.take().unwrap().bad);
    act(&mut screen, &mut workspace, &[Action::Next, Action::End]);
    assert_eq!(screen.chosen, 5);
    act(&mut screen, &mut workspace, &[Action::RemoveWalker; 9]);
    assert_eq!((screen.walk().walkers.len(), screen.chosen), (1, 0));
    assert!(workspace.notice.take().unwrap().bad);
}

#[test]
fn zoom_and_pan_stay_within_numbers() {
    let (mut screen, mut workspace) = opened();
    for action in [
        Action::ZoomIn,
        Action::PanRight,
        Action::PanUp,
        Action::ZoomOut,
        Action::PanLeft,
        Action::Up,
    ] {
        act(&mut screen, &mut workspace, &[action; 200]);
        draw(&mut screen, &workspace, (80, 24));
        let Window { x, y } = screen.view.window();
        assert!(x.1 - x.0 > 0.0 && y.1 - y.0 > 0.0 && x.0.is_finite() && y.1.is_finite());
    }
}

#[test]
fn a_walk_whose_walkers_all_diverge_is_over() {
    let (mut screen, mut workspace) = opened();
    let wild = Kind::Optimizer.parse("sgd:lr=1000").unwrap();
    for index in 0..2 {
        screen.on_choice(Choice::Pick(Slot::Walker(index), wild.clone()), &mut workspace);
    }
    pass(&mut screen, Instant::now(), 4.0, 50);
    assert!(screen.simulation.is_over() && screen.tick_due().is_none());
    act(&mut screen, &mut workspace, &[Action::Toggle]);
    assert_eq!(screen.tick_due(), None);
    assert!(workspace.notice.as_ref().unwrap().text.contains("r resets"));
    for size in [(1, 1), (40, 12), (60, 16), (80, 24), (120, 40), (200, 60)] {
        draw(&mut screen, &workspace, size);
    }
}
