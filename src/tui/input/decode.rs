//! Keys, mouse and pastes from the bytes that a terminal sends.
//!
//! Whatever has begun and does not end, be it a sequence or a paste, gives way to Ctrl-C; no input
//! takes more than a bounded memory.

use crossterm::event::{Event, KeyCode, KeyEvent, KeyModifiers};

use sequence::{Found, next};

pub(super) use sequence::Answer;

mod sequence;

/// The most bytes of a paste that are kept.
const LONGEST_PASTE: usize = 1 << 16;
/// The longest sequence that means anything; a string that the terminal answers with may be longer.
const LONGEST_SEQUENCE: usize = 256;
/// Characters that come at once from a terminal without bracketed pastes, but from no keyboard.
const BURST: usize = 64;

/// The end of a bracketed paste.
const PASTE_END: &[u8] = b"\x1b[201~";
const CTRL_C: u8 = 3;
const ESCAPE: u8 = 0x1b;

/// The bytes of a terminal on their way to events.
#[derive(Debug, Default)]
pub struct Decoder {
    /// What has begun and has not ended.
    pending: Vec<u8>,
    /// The text of a paste that has not ended.
    paste: Option<Vec<u8>>,
    /// What the terminal has answered.
    answers: Vec<Answer>,
}

impl Decoder {
    /// The events that `bytes` complete. `more` tells that others follow at once, so that what ends
    /// here may go on there.
    pub fn feed(&mut self, bytes: &[u8], more: bool) -> Vec<Event> {
        self.pending.extend_from_slice(bytes);
        let mut events = Vec::new();
        let mut done = 0;
        while done < self.pending.len() {
            let rest = &self.pending[done..];
            if let Some(text) = &mut self.paste {
                let (used, ended) = continue_paste(text, rest, more);
                done += used;
                if ended {
                    let text = self.paste.take().unwrap_or_default();
                    events.push(Event::Paste(String::from_utf8_lossy(&text).into_owned()));
                } else if used == 0 {
                    break;
                }
                continue;
            }
            match next(rest, more) {
                Found::Event(event, used) => {
                    events.push(event);
                    done += used;
                }
                Found::Nothing(used) => done += used,
                Found::Answer(answer, used) => {
                    self.answers.push(answer);
                    done += used;
                }
                Found::Paste(used) => {
                    self.paste = Some(Vec::new());
                    done += used;
                }
                Found::Incomplete if rest.len() > LONGEST_SEQUENCE => done += rest.len(),
                Found::Incomplete => break,
            }
        }
        self.pending.drain(..done);
        without_bursts(events)
    }

    /// Takes what the terminal has answered.
    pub fn take_answers(&mut self) -> Vec<Answer> {
        std::mem::take(&mut self.answers)
    }

    /// Whether something has begun that may be no more than the Escape key.
    #[must_use]
    pub fn waits(&self) -> bool {
        self.pending.first() == Some(&ESCAPE)
    }
}

/// Adds to the text of a paste what `rest` has of it. Returns how many bytes that takes, and whether
/// the paste has ended: by its mark, or by Ctrl-C or Escape, which no text holds.
fn continue_paste(text: &mut Vec<u8>, rest: &[u8], more: bool) -> (usize, bool) {
    let stop = rest.iter().position(|&byte| byte == ESCAPE || byte == CTRL_C);
    let stop = stop.unwrap_or(rest.len());
    let room = LONGEST_PASTE - text.len().min(LONGEST_PASTE);
    text.extend_from_slice(&rest[..stop.min(room)]);
    match &rest[stop..] {
        [] => (stop, false),
        [CTRL_C, ..] => (stop, true),
        end if end.starts_with(PASTE_END) => (stop + PASTE_END.len(), true),
        // The Escape key by itself.
        [ESCAPE] if !more => (stop + 1, true),
        end if PASTE_END.starts_with(end) => (stop, false),
        // A sequence of colour or the like within the text.
        _ => (stop + 1, false),
    }
}

/// Joins characters into a paste that are too many at once for a keyboard: as keys they would be
/// commands. One key that is held down stays one.
fn without_bursts(events: Vec<Event>) -> Vec<Event> {
    let text = |event: &Event| match event {
        Event::Key(key) => character(*key),
        _ => None,
    };
    let characters: Vec<char> = events.iter().filter_map(text).collect();
    let held = characters.windows(2).all(|pair| pair[0] == pair[1]);
    if characters.len() < BURST || held {
        return events;
    }
    let rest = events.into_iter().filter(|event| text(event).is_none());
    std::iter::once(Event::Paste(characters.into_iter().collect())).chain(rest).collect()
}

/// The character that a key stands for in a text.
fn character(key: KeyEvent) -> Option<char> {
    let plain = !key.modifiers.intersects(KeyModifiers::CONTROL | KeyModifiers::ALT);
    match key.code {
        KeyCode::Char('j') if key.modifiers == KeyModifiers::CONTROL => Some('\n'),
        KeyCode::Char(c) if plain => Some(c),
        KeyCode::Enter => Some('\n'),
        KeyCode::Tab => Some('\t'),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
