//! The list of lessons, and a lesson beside the screens.

use KeyCode::{Char, Down, End, Enter, Esc, Home, PageDown, PageUp, Tab};
use gradlab::compare::claims::CLAIMS;
use gradlab::experiment::lesson::LESSONS;
use gradlab::experiment::lesson::preset::LessonPreset;
use gradlab::tui::learn::Phase;

use super::*;

fn lesson(name: &str, page: usize) -> App {
    let mut app = trained("spirals", 100, (120, 40));
    let lesson = LESSONS.find(name).unwrap();
    app.learn(lesson.name, lesson.get().clone(), Some(page), None);
    app
}

#[test]
fn the_list_and_a_page_of_each_kind_at_every_size() {
    for size in SIZES {
        let name = |what: &str| format!("learn-{what}-{}x{}", size.0, size.1);
        let mut app = trained("spirals", 100, (120, 40));
        press(&mut app, &[Char('5'), Down]);
        let mut list = text(&mut app, size);
        // At the end of the list are the claims.
        press(&mut app, &[End]);
        list += &text(&mut app, size);
        let known = |lesson: &LessonPreset| list.contains(&lesson.title()[..12]);
        assert!(LESSONS.all().iter().all(known), "{list}");
        assert!(CLAIMS.iter().all(|claim| list.contains(&claim.statement[..24])), "{list}");
        let mut app = lesson("what-an-activation-adds", 1);
        insta::assert_snapshot!(name("choices"), text(&mut app, size));
        let mut app = lesson("what-an-optimizer-does", 1);
        press(&mut app, &[Char('0'), Char('.'), Char('5')]);
        insta::assert_snapshot!(name("number"), text(&mut app, size));
        let mut app = lesson("f-and-f-prime-by-hand", 1);
        insta::assert_snapshot!(name("curve"), text(&mut app, size));
    }
}

#[test]
fn any_page_fits_any_terminal() {
    for lesson in LESSONS.all() {
        for page in 0..lesson.get().pages.len() {
            let mut app = trained("xor/2-tanh/1-sigmoid", 1, (80, 24));
            app.learn(lesson.name, lesson.get().clone(), Some(page), None);
            for size in [(1, 1), (20, 5), (40, 10), (40, 12), (60, 16), (118, 12)] {
                let _ = text(&mut app, size);
            }
            // At the usual sizes nothing of the page is cut, nor what to do next.
            for size in [(80, 24), (120, 40)] {
                let shown = text(&mut app, size);
                let end = match app.lecture().unwrap().phase() {
                    Phase::Ask => ["Press 1 to", "Type a number", "when done"],
                    Phase::Run => ["Space r", "Space walks", "Loading"],
                    Phase::Hidden => ["shows the answer"; 3],
                    Phase::Over => ["next page", "ends the lesson", ""],
                };
                let seen = end.iter().any(|end| !end.is_empty() && shown.contains(end));
                assert!(seen, "{} page {} at {size:?}:\n{shown}", lesson.name, page + 1);
            }
        }
    }
}

#[test]
fn digits_answer_while_a_question_has_the_focus_and_change_screens_else() {
    let mut app = lesson("what-an-activation-adds", 1);
    assert_eq!(app.lecture().unwrap().phase(), Phase::Ask);
    press(&mut app, &[Tab, Char('2')]);
    assert_eq!((app.tab().key, app.lecture().unwrap().phase()), ('2', Phase::Ask));
    press(&mut app, &[Char('5'), Char('3')]);
    assert_eq!((app.tab().key, app.lecture().unwrap().phase()), ('2', Phase::Run));
    press(&mut app, &[Char('1')]);
    assert_eq!(app.tab().key, '1');
}

#[test]
fn the_controls_are_never_taken_away() {
    let mut app = lesson("what-an-activation-adds", 0);
    let activation = |app: &App| app.workspace.experiment.layers[0].activation.to_string();
    assert_eq!(activation(&app), "identity");
    press(&mut app, &[KeyCode::Right]);
    assert_eq!(activation(&app), "identity");
    assert!(app.workspace.notice.as_ref().unwrap().text.starts_with("Tab leads to the controls"));
    press(&mut app, &[Tab, KeyCode::Right]);
    assert_ne!(activation(&app), "identity", "an arrow changes the setting beside the lesson");
    press(&mut app, &[Char('?')]);
    assert_eq!(app.context().title, "Pages");
}

#[test]
fn who_leaves_comes_back_to_the_same_page() {
    let mut app = lesson("telling-them-apart", 0);
    press(&mut app, &[Enter, PageDown, PageDown, PageUp, Esc]);
    assert!(app.lecture().is_none());
    assert_eq!(app.tab().key, '5');
    let shown = text(&mut app, (120, 40));
    assert!(shown.contains("●●●●○"), "four pages were seen:\n{shown}");
    press(&mut app, &[Down, Down, Down, Down, Enter]);
    assert_eq!(app.lecture().unwrap().index(), 2);
}

/// Skips through all pages of the lesson under way.
fn skip_lesson(app: &mut App) {
    let pages = app.lecture().unwrap().lesson().pages.len();
    press(app, &vec![PageDown; pages]);
}

#[test]
fn a_course_begins_with_what_is_not_done_and_goes_on_to_the_next() {
    let mut app = trained("spirals", 100, (120, 40));
    let name = |app: &App| app.lecture().map(|it| it.name().to_owned());
    app.learn("what-an-activation-adds", LESSONS.all()[0].get().clone(), None, None);
    skip_lesson(&mut app);
    assert_eq!(name(&app), None, "a lesson by itself has no next");
    // The course stands at the top of the list.
    press(&mut app, &[Home]);
    for size in SIZES {
        let list = text(&mut app, size);
        assert!(list.contains("▸ Activations and optimizers") && list.contains("●○○"), "{list}");
    }
    press(&mut app, &[Enter]);
    assert_eq!(name(&app).as_deref(), Some("what-an-optimizer-does"));
    skip_lesson(&mut app);
    assert_eq!(name(&app).as_deref(), Some("telling-them-apart"));
    // Who leaves comes back to that lesson, where it was.
    press(&mut app, &[PageDown, Esc, Home, Enter]);
    assert_eq!(
        (name(&app).as_deref(), app.lecture().unwrap().index()),
        (Some("telling-them-apart"), 1)
    );
    skip_lesson(&mut app);
    assert_eq!(name(&app), None);
    // All of it again.
    press(&mut app, &[Home, Enter]);
    assert_eq!(name(&app).as_deref(), Some("what-an-activation-adds"));
    skip_lesson(&mut app);
    assert_eq!(name(&app).as_deref(), Some("what-an-optimizer-does"));
}

#[test]
fn the_panel_that_a_page_is_about_stands_out_while_keys_go_to_the_lesson() {
    let theme = Theme::new(Depth::True);
    let accented = |app: &mut App| {
        let picture = picture::draw(app, (120, 40), theme);
        let row = (0..40u16).find(|y| picture[(0u16, *y)].symbol() == "╭").unwrap();
        let corners = (0..120u16).filter(|x| picture[(*x, row)].symbol() == "╭");
        corners.map(|x| picture[(x, row)].style().fg == theme.accent().fg).collect::<Vec<_>>()
    };
    // Form, or the form with the loss, is beside predictions, and the lesson beside both.
    let mut app = lesson("what-an-activation-adds", 1);
    assert_eq!(accented(&mut app), [false, true, true], "{}", text(&mut app, (120, 40)));
    press(&mut app, &[Tab]);
    assert_eq!(accented(&mut app), [true, false, false]);
    press(&mut app, &[Char('5')]);
    assert_eq!(accented(&mut app), [false, true, true]);
    press(&mut app, &[Esc, Char('1')]);
    assert!(accented(&mut app)[0]);
}
