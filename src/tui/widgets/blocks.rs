//! Bars of eighths of a cell.

/// Eighths of a cell from the ground up, beginning with none.
pub const UP: [&str; 9] = [" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"];
/// Eighths of a cell from the left on, beginning with none.
pub const RIGHT: [&str; 9] = [" ", "▏", "▎", "▍", "▌", "▋", "▊", "▉", "█"];

/// A bar to the right of so many eighths of a cell, no longer than it must be.
#[must_use]
pub fn bar(eighths: usize) -> String {
    let rest = if eighths.is_multiple_of(8) { "" } else { RIGHT[eighths % 8] };
    format!("{}{rest}", RIGHT[8].repeat(eighths / 8))
}
