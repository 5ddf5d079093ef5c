//! The cursor's way through the fields of the form.

use crate::experiment::Experiment;
use crate::tui::form::{self, Field, Section};

/// All fields, row by row.
pub fn fields(experiment: &Experiment) -> Vec<Field> {
    form::rows(experiment).into_iter().flat_map(|row| row.fields).collect()
}

/// The field `distance` places after `focus`, round about.
pub fn neighbour(focus: Field, distance: isize, experiment: &Experiment) -> Field {
    let fields = fields(experiment);
    let n = fields.len() as isize;
    let here = fields.iter().position(|&field| field == focus).map_or(0, |i| i as isize);
    fields[(here + distance).rem_euclid(n) as usize]
}

/// The field `distance` rows below `focus`, round about.
pub fn vertical(focus: Field, distance: isize, experiment: &Experiment) -> Field {
    let rows: Vec<Vec<Field>> = form::rows(experiment)
        .into_iter()
        .map(|row| row.fields)
        .filter(|fields| !fields.is_empty())
        .collect();
    let place = rows.iter().enumerate().find_map(|(r, fields)| {
        fields.iter().position(|&field| field == focus).map(|column| (r as isize, column))
    });
    let (row, column) = place.unwrap_or((0, 0));
    let row = (row + distance).rem_euclid(rows.len() as isize) as usize;
    rows[row][column.min(rows[row].len() - 1)]
}

/// The layer of the focused field; the last hidden one for fields of no layer.
pub fn layer(focus: Field, experiment: &Experiment) -> usize {
    form::rows(experiment)
        .into_iter()
        .find_map(|row| match row.section {
            Section::Layer(i) if row.fields.contains(&focus) => Some(i),
            _ => None,
        })
        .unwrap_or_else(|| experiment.layers.len().saturating_sub(2))
}

/// `focus`, or a field near to it if it is not there any more.
pub fn kept(focus: Field, experiment: &Experiment) -> Field {
    if fields(experiment).contains(&focus) {
        return focus;
    }
    match focus {
        Field::Norm(i) | Field::Dropout(i) if i < experiment.layers.len() => Field::Activation(i),
        _ => Field::Activation(0),
    }
}
