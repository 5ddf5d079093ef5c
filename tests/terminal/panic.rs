//! A panic of the user interface: the terminal is given back before anything is printed.

use super::harness::Start;
use gradlab::tui::terminal::Guard;

#[test]
#[ignore = "the part inside the terminal, started by the test below"]
fn inside() {
    let mut guard = Guard::take().unwrap();
    guard.draw(|frame| frame.render_widget("drawn", frame.area())).unwrap();
    let other = std::thread::spawn(|| panic!("a whisper"));
    assert!(other.join().is_err());
    panic!("a loud one");
}

#[test]
fn the_terminal_is_given_back_before_a_panic_is_printed() {
    let program = std::env::current_exe().unwrap();
    let words = [program.to_str().unwrap(), "--exact", "panic::inside", "--ignored", "--nocapture"];
    let ended = Start::command(&words).open().end();
    assert!(ended.modes_restored && ended.screen_given_back, "{}", ended.text);
    let bytes = String::from_utf8_lossy(&ended.bytes);
    let (inside, after) = bytes.split_once("\x1b[?1049l").unwrap();
    assert!(inside.contains("drawn") && !inside.contains("panicked"), "{inside}");
    assert!(after.contains("panicked") && after.contains("a loud one"), "{after}");
    assert!(!bytes.contains("a whisper"), "another thread's panic would spoil the screen");
}
