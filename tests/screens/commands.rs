//! What is reached from any screen: the command palette, the mouse on tabs and footer, the recipe, and the
//! screen for a projector.

use super::*;
use crossterm::event::{MouseButton, MouseEvent, MouseEventKind};
use gradlab::tui::effect::Effect;

/// Clicks on the first place where `word` stands.
fn click(app: &mut App, word: &str, size: (u16, u16)) -> Vec<Effect> {
    let drawn = text(app, size);
    let place = drawn.lines().enumerate().find_map(|(row, line)| Some((row, line.find(word)?)));
    let (row, byte) = place.unwrap_or_else(|| panic!("no `{word}` in\n{drawn}"));
    let line = drawn.lines().nth(row).unwrap();
    let (column, row) = (format::width(&line[..byte]) as u16, row as u16);
    app.on_input(&Event::Mouse(MouseEvent {
        kind: MouseEventKind::Down(MouseButton::Left),
        column,
        row,
        modifiers: KeyModifiers::NONE,
    }))
}

#[test]
fn tabs_and_footer_answer_the_mouse() {
    let size = (120, 40);
    let mut app = trained("spirals", 20, size);
    click(&mut app, "4 Surface", size);
    assert_eq!(app.tab().title(), "Surface");
    click(&mut app, "1 Train", size);
    assert_eq!(app.tab().title(), "Train");
    click(&mut app, "? all keys", size);
    assert!(text(&mut app, size).contains("╭ Keys "));
    press(&mut app, &[KeyCode::Esc]);
    let effects = click(&mut app, "q quit", size);
    assert!(matches!(effects.as_slice(), [Effect::Quit]), "{effects:?}");
}

#[test]
fn the_command_palette_does_what_was_meant() {
    use KeyCode::{Char, Enter};
    let size = (120, 40);
    let mut app = trained("spirals", 20, size);
    press(&mut app, &[Char(':')]);
    insta::assert_snapshot!("palette", text(&mut app, size));
    press(&mut app, &typed("batch"));
    insta::assert_snapshot!("palette-batch", text(&mut app, (80, 24)));
    press(&mut app, &[Enter]);
    assert!(text(&mut app, size).contains("╭ Batch"), "{}", text(&mut app, size));
    press(&mut app, &[KeyCode::Esc, Char(':')]);
    press(&mut app, &typed("surface screen"));
    press(&mut app, &[Enter]);
    assert_eq!(app.tab().title(), "Surface");
    press(&mut app, &[Char(':')]);
    press(&mut app, &typed("two moons"));
    press(&mut app, &[Enter]);
    assert_eq!(app.workspace.experiment.name().on_terminal(), "Two moons");
    // What is loaded is looked at.
    assert_eq!(app.tab().title(), "Train");
    press(&mut app, &[Char(':')]);
    press(&mut app, &typed("gelu"));
    press(&mut app, &[Enter]);
    assert_eq!(app.workspace.experiment.layers[0].activation.key(), "gelu");
    press(&mut app, &[Char(':')]);
    let recent = text(&mut app, size);
    assert!(recent.contains("│▸ gelu "), "{recent}");
}

#[test]
fn the_recipe_is_copied_and_shown() {
    let size = (120, 40);
    let mut app = trained("moons/8-tanh/2-softmax", 20, size);
    let effects = app.on_input(&Event::Key(KeyEvent::new(KeyCode::Char('Y'), KeyModifiers::NONE)));
    let [Effect::Copy(recipe)] = effects.as_slice() else { panic!("{effects:?}") };
    assert!(recipe.starts_with("moons/8-tanh/2-softmax"), "{recipe}");
    let again = experiment::load(recipe).unwrap().experiment;
    assert_eq!(again, app.workspace.experiment);
    assert!(text(&mut app, size).contains("moons/8-tanh/2-softmax"));
}

#[test]
fn for_a_projector_there_are_few_things_and_these_large() {
    for size in SIZES {
        let mut app = trained("spirals", 600, size);
        press(&mut app, &[KeyCode::F(5)]);
        let name = format!("projector-{}x{}", size.0, size.1);
        insta::assert_snapshot!(name, text(&mut app, size));
        press(&mut app, &[KeyCode::F(5)]);
        assert!(text(&mut app, size).contains("╭ Network"));
    }
}
