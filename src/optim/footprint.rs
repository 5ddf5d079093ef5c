//! The memory that a rule takes for one tensor, known before any of it is taken.

use super::{Dim, Rule};
use crate::nn::Real;

/// Bytes that a rule takes for one tensor.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Footprint {
    /// What it remembers, once all of that has grown.
    pub state: u64,
    /// What an update takes beside that, and gives back.
    pub scratch: u64,
}

impl<F: Real> Rule<F> {
    /// The memory that it takes for a tensor of these dimensions.
    #[must_use]
    pub fn footprint(&self, dim: Dim) -> Footprint {
        let growth = match self {
            Self::Tensor(_) => 0,
            Self::Group(rule) => rule.growth(dim),
        };
        let element = size_of::<F>() as u64;
        let elements = self.elements(dim).saturating_add(growth);
        Footprint { state: elements.saturating_mul(element), scratch: self.scratch(dim) }
    }

    /// Bytes that an update of a tensor of these dimensions takes and gives back, at most.
    pub(super) fn scratch(&self, dim: Dim) -> u64 {
        match self {
            Self::Tensor(rule) => rule.scratch(dim),
            Self::Group(rule) => rule.scratch(dim),
        }
    }

    /// Elements of [`Rule::state`] for a tensor of any size, without making it: those of small tensors
    /// are counted, and the polynomial of second degree through them is followed. All rules keep
    /// matrices of rows or columns by rows or columns, and vectors of a vector's length.
    fn elements(&self, dim: Dim) -> u64 {
        let count = |dim: Dim| -> f64 {
            self.state(dim).tensors.iter().map(|(_, tensor)| tensor.len() as f64).sum()
        };
        // Newton's forward differences from the smallest tensor on.
        let along =
            |[a, b, c]: [f64; 3], n: f64| (b - a) * n + (c - 2.0 * b + a) * n * (n - 1.0) / 2.0;
        let total = match dim {
            Dim::Vector(elements) => {
                let origin = count(Dim::Vector(1));
                let next = [origin, count(Dim::Vector(2)), count(Dim::Vector(3))];
                origin + along(next, elements as f64 - 1.0)
            }
            Dim::Matrix(rows, columns) => {
                let at = |row: usize, column: usize| count(Dim::Matrix(1 + row, 1 + column));
                let (row, column) = (rows as f64 - 1.0, columns as f64 - 1.0);
                let origin = at(0, 0);
                origin
                    + along([origin, at(1, 0), at(2, 0)], row)
                    + along([origin, at(0, 1), at(0, 2)], column)
                    + (at(1, 1) - at(1, 0) - at(0, 1) + origin) * row * column
            }
        };
        total as u64
    }
}

#[cfg(test)]
mod tests {
    use crate::catalog::Kind;
    use crate::optim::{Dim, TABLE};

    #[test]
    fn the_state_of_every_optimizer_has_the_size_that_is_counted_on() {
        let variants = [
            "adam:amsgrad=true",
            "sgd:momentum=0.9",
            "rmsprop:centered=true,momentum=0.9",
            "lookahead:base=shampoo",
            "sam:base=soap",
            "aggmo:betas=0:0.9:0.99:0.999",
        ];
        let keys = TABLE.iter().map(|entry| entry.card.key).chain(variants);
        for key in keys {
            let pick = Kind::Optimizer.parse(key).unwrap();
            let rule = crate::catalog::optimizer(&pick).build::<f32>(&pick);
            let matrices =
                [(1, 1), (1, 9), (1, 64), (2, 1), (3, 7), (7, 3), (41, 1), (23, 57), (80, 12)]
                    .map(|(rows, columns)| Dim::Matrix(rows, columns));
            for dim in [1, 2, 9, 64].map(Dim::Vector).into_iter().chain(matrices) {
                let state = rule.state(dim);
                let made: usize = state.tensors.iter().map(|(_, tensor)| tensor.len()).sum();
                assert_eq!(rule.elements(dim), made as u64, "{key} {dim:?}");
            }
        }
    }

    #[test]
    fn enormous_tensors_are_counted_without_being_made() {
        let pick = Kind::Optimizer.pick("shampoo").unwrap();
        let rule = crate::catalog::optimizer(&pick).build::<f32>(&pick);
        let footprint = rule.footprint(Dim::Matrix(1 << 20, 1 << 20));
        assert_eq!(footprint.state, 5 * (1 << 42));
        assert_eq!(rule.footprint(Dim::Matrix(usize::MAX, usize::MAX)).state, u64::MAX);
    }
}
