//! The cursor's way through the settings of the form.

use crate::experiment::Experiment;
use crate::experiment::settings::{Place, Section as Table};
use crate::tui::form::{self, Row, Section};

/// The setting `distance` places after `focus`, round about.
pub fn neighbour(focus: Place, distance: isize, rows: &[Row]) -> Place {
    let places = form::places(rows);
    let n = places.len() as isize;
    let here = places.iter().position(|&place| place == focus).map_or(0, |i| i as isize);
    places[(here + distance).rem_euclid(n) as usize]
}

/// The setting `distance` rows below `focus`, round about.
pub fn vertical(focus: Place, distance: isize, rows: &[Row]) -> Place {
    let rows: Vec<_> = rows.iter().filter(|row| !row.fields.is_empty()).collect();
    let place = rows.iter().enumerate().find_map(|(r, row)| {
        let column = row.fields.iter().position(|field| field.place == focus)?;
        Some((r as isize, column))
    });
    let (row, column) = place.unwrap_or((0, 0));
    let fields = &rows[(row + distance).rem_euclid(rows.len() as isize) as usize].fields;
    fields[column.min(fields.len() - 1)].place
}

/// The layer of the focused setting; the last hidden one for a setting of no layer.
pub fn layer(focus: Place, rows: &[Row], experiment: &Experiment) -> usize {
    let row = rows.iter().find(|row| row.holds(focus));
    match row.map(|row| row.section) {
        Some(Section::Layer(layer)) => layer,
        _ => experiment.layers.len().saturating_sub(2),
    }
}

/// `focus`; if it is not there any more, what it was a parameter of, or the activation of its layer.
pub fn kept(focus: Place, rows: &[Row], experiment: &Experiment) -> Place {
    for place in [focus, Place { param: None, ..focus }] {
        if rows.iter().any(|row| row.holds(place)) {
            return place;
        }
    }
    let layer = if focus.row.section == Table::Layers { focus.layer } else { 0 };
    form::of_layer(layer, "activation", experiment)
}
