//! The neurons that are shown where there is no room for all.

use ndarray::{ArrayView2, s};

use super::NeuronsView;
use crate::catalog;
use crate::train::probe::Snapshot;

/// The inputs and neurons that are shown.
pub struct Choice {
    /// Ascending.
    pub inputs: Vec<usize>,
    pub layers: Vec<Chosen>,
    pub alone: Option<(usize, usize)>,
}

/// The neurons of a layer.
pub struct Chosen {
    /// All of them, the most important first.
    pub order: Vec<usize>,
    /// Those that are shown, ascending.
    pub shown: Vec<usize>,
}

impl Choice {
    /// The most important ones of each layer; of the layer of the neuron that is shown alone those of
    /// its rank.
    pub fn of(snapshot: &Snapshot, view: NeuronsView) -> Self {
        let layers = snapshot.params.len();
        // Of a sequence those after its last step.
        let outputs = |layer: usize| snapshot.experiment.inputs_of(layer + 1).features;
        let alone = view.alone.filter(|&(layer, unit)| layer < layers && unit < outputs(layer));
        let chosen = |layer: usize| {
            let order = if layer + 1 < layers {
                by_weight(weight(snapshot, layer + 1))
            } else {
                (0..outputs(layer)).collect()
            };
            let unit = alone.filter(|alone| alone.0 == layer).map(|(_, unit)| unit);
            let shown = page(&order, view.units, unit);
            Chosen { order, shown }
        };
        Self {
            inputs: page(&by_weight(weight(snapshot, 0)), view.units, None),
            layers: (0..layers).map(chosen).collect(),
            alone,
        }
    }
}

/// So many of `order` at a time, ascending: those among which `unit` is, else the first.
fn page(order: &[usize], room: usize, unit: Option<usize>) -> Vec<usize> {
    if room == 0 {
        return Vec::new();
    }
    let rank = unit.and_then(|unit| order.iter().position(|&it| it == unit)).unwrap_or(0);
    let mut shown: Vec<usize> = order.iter().skip(rank / room * room).take(room).copied().collect();
    shown.sort_unstable();
    shown
}

/// The inputs of a layer with these weights, those with the largest weights first. Sizes that differ
/// little are alike, so that the order changes rarely while weights move.
fn by_weight(weight: ArrayView2<'_, f32>) -> Vec<usize> {
    let square = |w: &f32| f64::from(*w).powi(2);
    let size = |sum: f64| libm::floor(libm::log2(sum));
    let columns = weight.columns().into_iter();
    let sizes: Vec<f64> =
        columns.map(|column| size(column.iter().map(square).sum::<f64>())).collect();
    let mut order: Vec<usize> = (0..sizes.len()).collect();
    order.sort_by(|&a, &b| sizes[b].total_cmp(&sizes[a]).then(a.cmp(&b)));
    order
}

/// The weights of a layer, `units × inputs`: those for the last step where it is given a sequence, and
/// of a recurrent layer those by which inputs enter the new state.
pub fn weight(snapshot: &Snapshot, layer: usize) -> ArrayView2<'_, f32> {
    let spec = &snapshot.experiment.layers[layer];
    let recurrence = catalog::layer(&spec.kind).recurrence;
    let name = if recurrence.is_some() { "weight_ih" } else { "weight" };
    let Some(weight) = snapshot.params.get(layer).and_then(|params| params.get(name)) else {
        unreachable!("every layer has weights")
    };
    if let Some(recurrence) = recurrence {
        let first = recurrence.candidate * spec.units;
        return weight.slice(s![first..first + spec.units, ..]);
    }
    let features = snapshot.experiment.inputs_of(layer).features;
    weight.slice(s![.., weight.ncols() - features..])
}

/// The bias that goes with [`weight`], of a neuron.
pub fn bias(snapshot: &Snapshot, (layer, unit): (usize, usize)) -> Option<f32> {
    let (params, spec) = (snapshot.params.get(layer)?, &snapshot.experiment.layers[layer]);
    match catalog::layer(&spec.kind).recurrence {
        None => params.get("bias")?.get((0, unit)).copied(),
        Some(it) => params.get("bias_ih")?.get((0, it.candidate * spec.units + unit)).copied(),
    }
}

#[cfg(test)]
mod tests {
    use ndarray::array;

    use super::*;

    #[test]
    fn the_largest_columns_come_first() {
        let weight = array![[0.1, -3.0, 0.0], [0.2, 0.0, 1.0]];
        assert_eq!(by_weight(weight.view()), [1, 2, 0]);
        assert_eq!(by_weight(array![[f32::NAN, 1.0]].view()).len(), 2);
    }

    #[test]
    fn a_page_has_the_neuron_that_is_looked_at() {
        let order = [4, 2, 0, 1, 3];
        for (room, unit, expected) in [
            (2, None, &[2, 4][..]),
            (2, Some(2), &[2, 4]),
            (2, Some(1), &[0, 1]),
            (2, Some(3), &[3]),
            (9, Some(3), &[0, 1, 2, 3, 4]),
            (0, Some(3), &[]),
            (2, Some(99), &[2, 4]),
        ] {
            assert_eq!(page(&order, room, unit), expected, "{room} {unit:?}");
        }
    }
}
