//! The first update that a rule would make from the present gradient.

use super::param_group::ParamGroup;
use super::{Engine, squares};
use crate::nn::{Layer, Network, Tensor};
use crate::optim::Dim;
use crate::spec::Pick;

/// The first update of some layers by a rule that remembers nothing yet.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FirstMove {
    /// The learning rate, under the schedule.
    pub lr: f64,
    /// ‖∇L‖ over the layers' parameters, penalties, clipping and noise included.
    pub gradient: f64,
    /// ‖ΔW‖ over the layers' parameters.
    pub update: f64,
    /// ‖change of the weights‖ / ‖weights‖; none where that is not finite.
    pub ratio: Option<f64>,
    /// The cosine between the update and −∇L; none where one of them is 0 or not finite.
    pub cosine: Option<f64>,
}

impl Engine {
    /// Takes the gradient of the next batch and moves `layers` by the rule of `pick` as in its first
    /// step; nothing for one that takes many gradients along a line. The engine is of no use for
    /// training afterwards.
    pub(in crate::train) fn first_move(
        &mut self,
        layers: &[usize],
        pick: &Pick,
    ) -> Option<FirstMove> {
        let entry = crate::catalog::optimizer(pick);
        if entry.needs_full_batch || !self.may_try(layers, pick) {
            return None;
        }
        self.gradients();
        let mut group = ParamGroup::new(pick, layers, &self.network);
        let (network, _, mut objective) = self.parts();
        if group.perturb(network, objective) {
            objective.take(network);
            group.restore(network, objective);
        }
        self.clip_values();
        self.clip();
        self.add_gradient_noise();
        let before = trained(&self.network, layers);
        let factor = self.scheduler.factor(self.step);
        let decay = self.experiment.train.decoupled_decay;
        let (network, _, objective) = self.parts();
        group.update(network, objective, (factor, decay));
        Some(measure(&self.network, layers, &before, pick.number("lr") * factor))
    }
}

impl Engine {
    /// Whether a first step of `layers` by the rule of `pick` takes no more memory than there is any
    /// harm in, nor as much time as matrices that large do.
    fn may_try(&self, layers: &[usize], pick: &Pick) -> bool {
        const STATE: u64 = 64 << 20;
        const SCRATCH: u64 = 4 << 20;
        let rule = crate::catalog::optimizer(pick).build::<f32>(pick);
        let tensors = layers.iter().flat_map(|&layer| self.network.layers()[layer].trained());
        let taken = tensors.map(|tensor| rule.footprint(Dim::of(tensor)));
        let sum = taken.fold((0_u64, 0), |(state, scratch), it| {
            (state.saturating_add(it.state), it.scratch.max(scratch))
        });
        sum.0 <= STATE && sum.1 <= SCRATCH
    }
}

/// The trained tensors of `layers`, one after another.
fn trained(network: &Network<f32>, layers: &[usize]) -> Vec<Vec<f32>> {
    let tensors = layers.iter().flat_map(|&layer| network.layers()[layer].trained());
    tensors.map(|tensor| tensor.values().to_vec()).collect()
}

fn measure(network: &Network<f32>, layers: &[usize], before: &[Vec<f32>], lr: f64) -> FirstMove {
    let layers = || layers.iter().map(|&layer| &network.layers()[layer]);
    let gradient = layers().flat_map(Layer::trained).map(|it| squares(it.grads())).sum::<f64>();
    let (mut update, mut along) = (0.0, 0.0);
    let (mut weights, mut moved) = (0.0, 0.0);
    for (tensor, old) in layers().flat_map(Layer::trained).zip(before) {
        let steps =
            tensor.values().iter().zip(old).map(|(&new, &old)| f64::from(new) - f64::from(old));
        let square: f64 = steps.clone().map(|step| step * step).sum();
        update += square;
        along -= steps.zip(tensor.grads()).map(|(step, &g)| step * f64::from(g)).sum::<f64>();
        if is_weight(tensor) {
            weights += squares(old);
            moved += square;
        }
    }
    let finite = |x: f64| Some(x).filter(|x| x.is_finite());
    FirstMove {
        lr,
        gradient: gradient.sqrt(),
        update: update.sqrt(),
        ratio: finite((moved / weights).sqrt()),
        cosine: finite(along / (update.sqrt() * gradient.sqrt())),
    }
}

fn is_weight(tensor: &Tensor<f32>) -> bool {
    tensor.role == crate::nn::tensor::Role::Weight
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::catalog::Kind;
    use crate::experiment::load;
    use crate::train::Problem;

    fn engine() -> Engine {
        let experiment = load("xor/4-tanh/2").unwrap().experiment;
        let problem = Problem::load(&experiment).unwrap();
        Engine::new(&experiment, problem)
    }

    #[test]
    fn plain_gradient_descent_goes_along_the_gradient() {
        let pick = Kind::Optimizer.parse("sgd:lr=0.5").unwrap();
        let found = engine().first_move(&[0], &pick).unwrap();
        assert!((found.update - 0.5 * found.gradient).abs() < 1e-6 * found.gradient);
        assert!((found.cosine.unwrap() - 1.0).abs() < 1e-6, "{found:?}");
        assert_eq!(found.lr, 0.5);
    }

    #[test]
    fn the_rules_of_all_layers_make_the_engines_own_first_step() {
        for key in ["sgd", "adam", "lion", "muon", "sam", "prodigy", "adafactor"] {
            let pick = Kind::Optimizer.parse(key).unwrap();
            let mut experiment = load("xor/4-tanh/2").unwrap().experiment;
            experiment.optimizer = pick.clone();
            let problem = Problem::load(&experiment).unwrap();
            let mut real = Engine::new(&experiment, Arc::clone(&problem));
            let mut tried = Engine::new(&experiment, problem);
            let (_, motion) = real.step_measured().unwrap();
            tried.first_move(&[0, 1], &pick).unwrap();
            assert_eq!(tried.parameters(), real.parameters(), "{key}");
            let mut one = engine();
            let alone = one.first_move(&[1], &pick).unwrap();
            if !["sam", "prodigy"].contains(&key) {
                let (found, real) = (alone.ratio.unwrap(), motion[1].stats.update_ratio.unwrap());
                assert!((found - real).abs() <= 1e-12 * real, "{key} {found} {real}");
            }
        }
    }

    #[test]
    fn every_rule_can_be_tried() {
        for card in Kind::Optimizer.cards() {
            let found = engine().first_move(&[0], &Pick::new(card));
            assert_eq!(found.is_none(), card.key == "lbfgs", "{}", card.key);
            let Some(found) = found else { continue };
            assert!(found.update.is_finite() && found.gradient > 0.0, "{} {found:?}", card.key);
            assert!(found.cosine.is_none_or(|it| it <= 1.0 + 1e-9), "{} {found:?}", card.key);
        }
    }
}
