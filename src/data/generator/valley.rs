//! Valley.

use ndarray::Array2;

use super::{Generator, SAMPLES, Sampling, TARGET, TARGET_NOISE, dataset, noise, uniform};
use crate::data::{Dataset, Scaling, Target, Task};
use crate::rng::{Stream, normal};
use crate::spec::{Card, DefaultValue, Describe, Param, Pick, Range};

/// Linear regression whose squared error is a long narrow valley.
#[derive(Clone, Copy, Debug)]
pub struct Valley {
    sampling: Sampling,
    condition: f64,
    angle: f64,
}

impl Describe for Valley {
    const CARD: Card = Card {
        key: "valley",
        title: "Narrow valley",
        formula: "x = R(angle)·(u, v/√condition)    y = u + v    −1 ≤ u, v < 1",
        params: &[
            SAMPLES,
            noise(0.0, TARGET_NOISE),
            Param {
                key: "condition",
                default: DefaultValue::Number(1000.0),
                range: Range::Closed(1.0, 1e6),
                meaning: "how many times steeper one neuron's squared error is across than along",
                search: None,
            },
            Param {
                key: "angle",
                default: DefaultValue::Number(0.0),
                range: Range::Closed(-180.0, 180.0),
                meaning: "degrees by which the valley is turned away from the weights' axes",
                search: None,
            },
        ],
        usage: "what an optimizer with a rate for each weight gains, and loses as the valley turns",
        caution: None,
        source: "ill-conditioned quadratic; Nocedal and Wright, Numerical Optimization, 2nd ed., ch. 3",
        differs: None,
    };
    fn build(pick: &Pick) -> Self {
        let sampling = Sampling::of(pick);
        Self { sampling, condition: pick.number("condition"), angle: pick.number("angle") }
    }
}

impl Generator for Valley {
    const FEATURES: usize = 2;

    fn task(&self) -> Task {
        Task::Values(1)
    }

    fn generate(&self, stream: &mut Stream) -> Dataset {
        let Self { sampling, condition, angle } = *self;
        let (sin, cos) = libm::sincos(angle.to_radians());
        let mut x = Array2::zeros((sampling.samples, 2));
        let mut values = Array2::zeros((sampling.samples, 1));
        for (mut cells, y) in x.rows_mut().into_iter().zip(&mut values) {
            let [u, v] = [(); 2].map(|()| uniform(-1.0, 1.0, stream));
            let narrow = v / libm::sqrt(condition);
            cells[0] = cos * u - sin * narrow;
            cells[1] = sin * u + cos * narrow;
            *y = u + v + sampling.noise * normal(stream);
        }
        let target =
            Target::Values { values, names: vec![TARGET.to_owned()], scaling: vec![Scaling::AsIs] };
        dataset(Self::CARD.key, x, target)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::Kind;
    use crate::rng::{Purpose, stream};

    #[test]
    fn turning_it_turns_the_inputs_and_leaves_the_targets() {
        let make = |text: &str| {
            let pick = Kind::Dataset.parse(text).unwrap();
            let data = Valley::build(&pick).generate(&mut stream(3, Purpose::Data));
            let Target::Values { values, .. } = data.target else { panic!("no values") };
            (data.x, values)
        };
        let (plain, targets) = make("valley:condition=100");
        let (turned, same) = make("valley:condition=100,angle=90");
        assert_eq!(targets, same);
        for ((plain, turned), y) in plain.rows().into_iter().zip(turned.rows()).zip(&targets) {
            assert!((plain[0] + 10.0 * plain[1] - y).abs() < 1e-5);
            assert!((turned[0] + plain[1]).abs() < 1e-6 && (turned[1] - plain[0]).abs() < 1e-6);
        }
    }
}
