//! Shown text: nothing in it moves a cursor, changes a terminal or hides.

/// Panics if `text` holds a character that a terminal acts on or that reorders or hides others; line
/// ends and tabs may stand in it.
pub fn assert_clean(text: &str, place: &str) {
    if let Some(c) = text.chars().find(|&c| acts(c)) {
        panic!("{place} holds {:?}: {:?}", c, &text.chars().take(2000).collect::<String>());
    }
}

/// Control characters other than tab and line feed, bidirectional controls, separators of lines and
/// paragraphs, and characters without width that join or divide.
pub fn acts(c: char) -> bool {
    let code = u32::from(c);
    (c.is_control() && c != '\n' && c != '\t')
        || [0x61c, 0xfeff, 0x2028, 0x2029].contains(&code)
        || (0x200b..=0x200f).contains(&code)
        || (0x202a..=0x202e).contains(&code)
        || (0x2060..=0x206f).contains(&code)
}
