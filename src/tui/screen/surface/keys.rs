//! The keys of the Surface screen, those that matter most first.

use crossterm::event::KeyCode;

use crate::tui::keymap::{Action, Context, binding, ch, key};
use crate::tui::screen::landscape::keys::LANDSCAPE;

/// The keys of the Surface screen.
pub static KEYS: Context = Context {
    title: "Surface",
    takes_text: false,
    rows: &[
        binding(&[ch(' ')], Action::Toggle, "pause", "walk or pause; at the end: as long again"),
        binding(
            &[ch('s')],
            Action::Step,
            "step",
            "one step of all, with its arithmetic; then pause",
        ),
        binding(
            &[key(KeyCode::Right), ch('l')],
            Action::Increase,
            "move start",
            "the start to the right; in the list: the next value",
        ),
        binding(
            &[key(KeyCode::Left), ch('h')],
            Action::Decrease,
            "",
            "the start to the left; in the list: the value before",
        ),
        binding(
            &[key(KeyCode::Up), ch('k')],
            Action::Up,
            "",
            "the start up; in the list: a row up",
        ),
        binding(
            &[key(KeyCode::Down), ch('j')],
            Action::Down,
            "",
            "the start down; in the list: a row down",
        ),
        binding(
            &[key(KeyCode::Tab), key(KeyCode::BackTab)],
            Action::Next,
            "list",
            "between the map and the list",
        ),
        binding(&[ch('o')], Action::Walks, "walks", "choose another walk"),
        binding(&[ch('p')], Action::Surface, "surface", "choose another surface"),
        LANDSCAPE,
        binding(
            &[key(KeyCode::Enter)],
            Action::Open,
            "edit",
            "choose what is under the cursor from a list, or type its value",
        ),
        binding(&[ch('r')], Action::Reset, "reset", "all back to the start"),
        binding(&[ch('+'), ch('=')], Action::RatesUp, "rate", "a higher rate of the chosen walker"),
        binding(&[ch('-')], Action::RatesDown, "", "a lower rate of the chosen walker"),
        binding(&[ch('a')], Action::AddWalker, "", "add a walker, up to six"),
        binding(
            &[ch('d'), key(KeyCode::Delete)],
            Action::RemoveWalker,
            "",
            "remove the chosen walker",
        ),
        binding(&[ch('e')], Action::Schedule, "", "the schedule of the chosen walker's rate"),
        binding(&[ch(']')], Action::Faster, "", "more steps a second"),
        binding(&[ch('[')], Action::Slower, "", "fewer steps a second"),
        binding(&[ch('x')], Action::ZoomIn, "", "half as much of the map, around its middle"),
        binding(&[ch('X')], Action::ZoomOut, "", "twice as much of the map"),
        binding(&[ch('H')], Action::PanLeft, "", "the map farther to the left"),
        binding(&[ch('L')], Action::PanRight, "", "the map farther to the right"),
        binding(&[ch('K')], Action::PanUp, "", "the map farther up"),
        binding(&[ch('J')], Action::PanDown, "", "the map farther down"),
        binding(
            &[key(KeyCode::Home)],
            Action::Home,
            "",
            "the whole map and the usual start; in the list: the first row",
        ),
        binding(&[key(KeyCode::End)], Action::End, "", "the last walker"),
        binding(&[ch('y')], Action::LogAxis, "", "heights on a linear or logarithmic axis"),
        binding(
            &[ch('z')],
            Action::Zoom,
            "",
            "one panel on the whole screen: map, heights, arithmetic, list",
        ),
        binding(&[ch('1')], Action::Go('1'), "train", "back to the Train screen, as Esc"),
    ],
};
