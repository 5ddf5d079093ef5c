use super::*;
use crate::experiment::load;
use crate::train::Command;
use crate::tui::run_view::Status;

fn opened() -> App {
    App::new(load("spirals").unwrap().experiment)
}

fn press(app: &mut App, code: KeyCode) -> Vec<Effect> {
    app.on_input(&Event::Key(KeyEvent::new(code, KeyModifiers::NONE)))
}

#[test]
fn no_key_means_two_things_in_one_place() {
    for context in contexts() {
        let mut seen = Vec::new();
        for key in context.rows.iter().flat_map(|row| row.keys) {
            assert!(!seen.contains(&key), "{} in {}", keymap::name(*key), context.title);
            seen.push(key);
        }
    }
}

#[test]
fn letters_are_text_while_typing() {
    use crate::tui::overlay::keys::{CHECKLIST, LIST, PROMPT, QUESTION};
    let train = opened().context();
    let key = |c| KeyEvent::new(KeyCode::Char(c), KeyModifiers::NONE);
    assert_eq!(keymap::action(train, key('q')), Some(Action::Quit));
    for typing in [&LIST, &PROMPT, &CHECKLIST] {
        assert_eq!(keymap::action(typing, key('q')), None, "{}", typing.title);
    }
    let ctrl_c = KeyEvent::new(KeyCode::Char('c'), KeyModifiers::CONTROL);
    assert_eq!(keymap::action(&PROMPT, ctrl_c), Some(Action::Quit));
    assert_eq!(keymap::action(&LIST, key(' ')), None);
    assert_eq!(keymap::action(&CHECKLIST, key(' ')), Some(Action::Tick));
    assert_eq!(keymap::action(&QUESTION, key('q')), Some(Action::Quit));
}

#[test]
fn capitals_work_with_and_without_a_reported_shift() {
    for modifiers in [KeyModifiers::NONE, KeyModifiers::SHIFT] {
        let event = KeyEvent::new(KeyCode::Char('R'), modifiers);
        assert_eq!(keymap::action(opened().context(), event), Some(Action::NewWeights));
    }
}

#[test]
fn every_screen_has_a_key_and_a_title_of_its_own() {
    for (index, tab) in SCREENS.iter().enumerate() {
        let others = &SCREENS[..index];
        assert!(others.iter().all(|it| it.key != tab.key && it.title() != tab.title()));
    }
}

#[test]
fn the_screens_stay_in_the_header_whether_or_not_the_run_rests() {
    let mut app = opened();
    let mut header = |columns: u16, status: Status, speed: Option<f64>| {
        app.workspace.run.status = status;
        app.workspace.run.speed = speed;
        let backend = ratatui::backend::TestBackend::new(columns, 1);
        let mut terminal = ratatui::Terminal::new(backend).unwrap();
        let theme = crate::tui::theme::Theme::new(crate::tui::theme::Depth::None);
        let draw =
            |frame: &mut ratatui::Frame<'_>| drop(header::draw(&app, frame, frame.area(), theme));
        terminal.draw(draw).unwrap();
        let cells = terminal.backend().buffer().content().iter();
        cells.map(ratatui::buffer::Cell::symbol).collect::<String>()
    };
    for columns in [120, 135, 136, 160, 200] {
        let running = header(columns, Status::Running, Some(123_456.0));
        let paused = header(columns, Status::Paused, None);
        let names = |line: &str| line.split(['●', '‖']).next().unwrap().trim_end().to_owned();
        assert_eq!(names(&running), names(&paused));
        for tab in SCREENS {
            assert!(running.contains(&format!("{} {}", tab.key, tab.title())), "{running}");
        }
        assert!(running.contains("Two spirals"), "{running}");
    }
    let narrow = header(108, Status::Running, Some(1.0));
    assert!(narrow.contains("1 Train  2  3  4  5"), "{narrow}");
}

#[test]
fn a_screen_with_nothing_to_show_opens_a_list_in_its_place() {
    let mut app = opened();
    press(&mut app, KeyCode::Char('3'));
    assert_eq!((app.tab().key, app.context().title), ('1', "What to race"));
    press(&mut app, KeyCode::Esc);
    assert_eq!(app.context().title, "Train");
    // Its own key leads nowhere from a screen.
    assert!(press(&mut app, KeyCode::Char('1')).is_empty());
    assert_eq!(app.context().title, "Train");
}

#[test]
fn a_race_is_gone_to_left_and_returned_to() {
    let mut app = opened();
    app.workspace.run.status = Status::Running;
    press(&mut app, KeyCode::Char('c'));
    let effects = press(&mut app, KeyCode::Enter);
    assert!(matches!(effects[..], [Effect::Send(Command::Pause), Effect::StartRace(..)]));
    assert_eq!(app.tab().title(), "Compare");
    press(&mut app, KeyCode::Char('1'));
    assert_eq!(app.tab().title(), "Train");
    let said = app.workspace.notice.as_ref().map(|notice| notice.text.as_str());
    assert!(said.is_some_and(|text| text.contains("c returns to it. Training rests")));
    press(&mut app, KeyCode::Char('c'));
    assert_eq!(app.tab().title(), "Compare");
    // Quitting asks first, and asks once.
    assert!(press(&mut app, KeyCode::Char('q')).is_empty());
    assert!(matches!(press(&mut app, KeyCode::Char('q'))[..], [Effect::Quit]));
}

#[test]
fn what_the_race_shows_is_asked_for_only_while_it_is_shown() {
    let mut app = opened();
    assert_eq!(app.race_sight(), None);
    press(&mut app, KeyCode::Char('c'));
    press(&mut app, KeyCode::Enter);
    let theme = crate::tui::theme::Theme::new(crate::tui::theme::Depth::None);
    let _ = crate::tui::picture::draw(&mut app, (120, 40), theme);
    assert!(matches!(app.race_sight(), Some(Order::Show([0, 1], Some(_)))));
    press(&mut app, KeyCode::Char('1'));
    assert_eq!(app.race_sight(), Some(Order::Show([0, 1], None)));
}

#[test]
fn a_notice_leaves_the_keys_and_goes_after_some_seconds() {
    let theme = crate::tui::theme::Theme::new(crate::tui::theme::Depth::None);
    let picture = |app: &mut App, size| {
        crate::export::text::buffer_to_text(&crate::tui::picture::draw(app, size, theme))
    };
    let said = "training rests during the race, and goes on after it";
    for size in [(40, 12), (60, 20), (80, 24), (120, 40), (200, 60)] {
        let mut app = opened();
        app.workspace.say(said.to_owned());
        let drawn = picture(&mut app, size);
        assert!(drawn.lines().last().is_some_and(|line| line.ends_with("? all keys")), "{drawn}");
        let words: Vec<_> = drawn.split_whitespace().collect();
        let all: Vec<_> = said.split_whitespace().collect();
        assert!(words.windows(all.len()).any(|it| it == all), "{drawn}");
        let end = app.workspace.notice_ends().unwrap();
        assert!(!app.workspace.drop_old_notice(std::time::Instant::now()));
        assert!(app.workspace.drop_old_notice(end) && app.workspace.notice.is_none());
        assert_eq!(app.workspace.notice_ends(), None);
    }
    // However long it is, the panels keep most of the screen, and the cut shows.
    let mut app = opened();
    app.workspace.complain(&"word ".repeat(500));
    let drawn = picture(&mut app, (40, 12));
    assert!(drawn.contains("word…") && drawn.contains("Loss") && drawn.contains("▸"), "{drawn}");
}
