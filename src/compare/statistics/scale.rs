//! What is compared of a value, and what a run that has none counts as.

/// Losses below this are told apart by rounding alone.
const FLOOR: f64 = 1e-8;

/// The scale on which the values of arms are compared; smaller is better on each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scale {
    /// The logarithm of a loss, so that a ratio counts as much wherever it is.
    Logarithm,
    /// A loss that may be negative, as it is.
    Plain,
    /// A score, of which more is better, with its sign turned.
    Negated,
}

/// The values of all arms in one block, such as a seed.
#[derive(Clone, Debug, PartialEq)]
pub struct Block {
    /// One of each arm; no finite number if its run diverged.
    pub values: Vec<f64>,
    /// What a value counts as at most, if that is known: a loss before the first step.
    pub cap: Option<f64>,
}

impl Scale {
    /// The scale of these losses: logarithms unless one is negative.
    #[must_use]
    pub fn of_losses(losses: impl IntoIterator<Item = f64>) -> Self {
        let negative = losses.into_iter().any(|loss| loss.is_finite() && loss < 0.0);
        if negative { Self::Plain } else { Self::Logarithm }
    }

    /// One value on the scale.
    fn of(self, value: f64) -> f64 {
        match self {
            Self::Logarithm => libm::log(value.max(FLOOR)),
            Self::Plain => value,
            Self::Negated => -value,
        }
    }

    /// What is compared of the arms, block by block. A diverged run counts as the cap of its block, or where
    /// there is none as the worst of all.
    #[must_use]
    pub fn compared(self, blocks: &[Block]) -> Vec<Vec<f64>> {
        let scaled = |block: &Block, value: f64| match block.cap {
            Some(cap) if value.is_finite() => Some(self.of(value.min(cap))),
            Some(cap) => Some(self.of(cap)),
            None => value.is_finite().then(|| self.of(value)),
        };
        let scaled = |block: &Block| -> Vec<Option<f64>> {
            block.values.iter().map(|value| scaled(block, *value)).collect()
        };
        let worst = blocks.iter().flat_map(scaled).flatten().reduce(f64::max);
        // Where every run diverged, all are alike.
        let worst = worst.unwrap_or(0.0);
        let row = |block: &Block| -> Vec<f64> {
            scaled(block).into_iter().map(|value| value.unwrap_or(worst)).collect()
        };
        blocks.iter().map(row).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn block(values: &[f64], cap: Option<f64>) -> Block {
        Block { values: values.to_vec(), cap }
    }

    #[test]
    fn a_diverged_run_counts_as_the_cap_or_as_the_worst() {
        let log = |x: f64| libm::log(x);
        let given =
            [block(&[0.0, 9.0, f64::INFINITY], Some(2.0)), block(&[0.5, f64::NAN, 1.0], None)];
        let found = Scale::Logarithm.compared(&given);
        assert_eq!(found[0], [log(1e-8), log(2.0), log(2.0)]);
        assert_eq!(found[1], [log(0.5), log(2.0), 0.0]);
        let worst = [block(&[f64::NAN, f64::INFINITY], None)];
        assert_eq!(Scale::Plain.compared(&worst), [[0.0, 0.0]]);
        let scores = [block(&[0.9, f64::INFINITY, 0.3], None)];
        assert_eq!(Scale::Negated.compared(&scores), [[-0.9, -0.3, -0.3]]);
    }

    #[test]
    fn losses_below_zero_are_compared_as_they_are() {
        assert_eq!(Scale::of_losses([0.0, f64::INFINITY]), Scale::Logarithm);
        assert_eq!(Scale::of_losses([1.0, -1e-9]), Scale::Plain);
    }
}
