//! The optimizers of a run and what they move.

use super::{Parameters, regularize};
use crate::catalog;
use crate::experiment::Experiment;
use crate::nn::network::{Batch, Network};
use crate::optim::{Dim, Group, Part, Rule, State};
use crate::spec::Pick;

/// An optimizer with the layers that it moves, which are all of the same settings, and what it remembers
/// of each tensor.
pub(super) struct ParamGroup {
    /// The optimizer's name.
    pub key: &'static str,
    pub rule: Rule<f32>,
    lr: f64,
    /// From 0; never empty.
    layers: Vec<usize>,
    /// Layer and name of each tensor.
    pub tensors: Vec<(usize, &'static str)>,
    pub states: Vec<State<f32>>,
}

/// A batch on which loss and gradients can be taken again.
#[derive(Clone, Copy)]
pub(super) struct Objective<'a> {
    pub batch: &'a Batch<f32>,
    /// Its loss where the gradients were last taken.
    pub loss: f64,
    /// λ of L1 and L2.
    pub penalties: (f64, f64),
}

impl Objective<'_> {
    /// Takes loss and gradients where the parameters are now, penalties included.
    pub fn take(&mut self, network: &mut Network<f32>) {
        self.loss = network.loss_and_gradients(self.batch);
        regularize::penalize(network, self.penalties);
    }
}

impl ParamGroup {
    /// The optimizers that `experiment` gives to the layers of `network`, with nothing to remember.
    pub fn all(experiment: &Experiment, network: &Network<f32>) -> Vec<Self> {
        let mut groups: Vec<Self> = Vec::new();
        for (index, layer) in network.layers().iter().enumerate() {
            let pick = experiment.optimizer_of(index);
            let rule = catalog::optimizer(pick).build::<f32>(pick);
            let together = |group: &Self| experiment.optimizer_of(group.layers[0]) == pick;
            let place = groups.iter().position(together).unwrap_or_else(|| {
                let (key, lr) = (pick.key(), pick.number("lr"));
                let (layers, tensors, states) = (Vec::new(), Vec::new(), Vec::new());
                groups.push(Self { key, rule, lr, layers, tensors, states });
                groups.len() - 1
            });
            let group = &mut groups[place];
            group.layers.push(index);
            for tensor in layer.trained() {
                group.tensors.push((index, tensor.name));
                group.states.push(group.rule.state(Dim::of(tensor)));
            }
        }
        groups
    }

    /// The rate that was set, before the schedule.
    pub const fn lr(&self) -> f64 {
        self.lr
    }

    /// Whether it moves this layer, counted from 0.
    pub fn moves(&self, layer: usize) -> bool {
        self.layers.contains(&layer)
    }

    /// The name of each tensor of a layer, with what is remembered of it.
    pub fn memory_of(&self, layer: usize) -> impl Iterator<Item = (&'static str, &State<f32>)> {
        let memory = self.tensors.iter().zip(&self.states);
        memory.filter(move |((its, _), _)| *its == layer).map(|((_, name), state)| (*name, state))
    }

    /// The rule of `pick` for `layers` of `network`, with nothing to remember.
    pub fn new(pick: &Pick, layers: &[usize], network: &Network<f32>) -> Self {
        let rule = catalog::optimizer(pick).build::<f32>(pick);
        let (key, lr, layers) = (pick.key(), pick.number("lr"), layers.to_vec());
        let (mut tensors, mut states) = (Vec::new(), Vec::new());
        for &index in &layers {
            for tensor in network.layers()[index].trained() {
                tensors.push((index, tensor.name));
                states.push(rule.state(Dim::of(tensor)));
            }
        }
        Self { key, rule, lr, layers, tensors, states }
    }

    /// Takes over what `old` remembers of the same tensors, where that means the same.
    pub fn inherit(&mut self, old: &mut Self) {
        if self.key != old.key {
            return;
        }
        for (new, tensor) in self.states.iter_mut().zip(&self.tensors) {
            let Some(index) = old.tensors.iter().position(|other| other == tensor) else {
                continue;
            };
            let old = &mut old.states[index];
            if same_layout(new, old) {
                std::mem::swap(new, old);
            }
        }
    }

    /// Puts into `params` where its tensors are to be evaluated, if that is elsewhere.
    pub fn give_evaluated(&self, params: &mut [Parameters]) {
        let mut states = self.states.iter();
        for &layer in &self.layers {
            for (tensor, state) in params[layer].trained_mut().zip(states.by_ref()) {
                if let Some(averaged) = self.rule.evaluated(state) {
                    tensor.copy_from_slice(averaged);
                }
            }
        }
    }

    /// Whether a tensor of it is to be evaluated elsewhere.
    pub fn averages(&self) -> bool {
        self.states.iter().any(|state| self.rule.evaluated(state).is_some())
    }

    /// Moves its layers to where the gradients are to be taken anew; whether it did.
    pub fn perturb(&mut self, network: &mut Network<f32>, objective: Objective<'_>) -> bool {
        let Rule::Group(rule) = &self.rule else { return false };
        rule.perturb(&mut BoundGroup {
            network,
            objective,
            layers: &self.layers,
            states: &mut self.states,
        })
    }

    /// Moves its layers back to where [`ParamGroup::perturb`] began.
    pub fn restore(&mut self, network: &mut Network<f32>, objective: Objective<'_>) {
        if let Rule::Group(rule) = &self.rule {
            rule.restore(&mut BoundGroup {
                network,
                objective,
                layers: &self.layers,
                states: &mut self.states,
            });
        }
    }

    /// Moves its layers by one step at `factor` times its rate, after they have shrunk by `decay`.
    pub fn update(
        &mut self,
        network: &mut Network<f32>,
        objective: Objective<'_>,
        (factor, decay): (f64, f64),
    ) {
        let lr = self.lr * factor;
        for &index in &self.layers {
            regularize::shrink(&mut network.layers_mut()[index], lr, decay);
        }
        for state in &mut self.states {
            state.step += 1;
        }
        let mut bound =
            BoundGroup { network, objective, layers: &self.layers, states: &mut self.states };
        match &self.rule {
            Rule::Group(rule) => rule.update(lr, &mut bound),
            Rule::Tensor(rule) => rule.update_all(lr, &mut bound),
        }
    }
}

/// Whether two states have the same tensors and scalars; one that has yet to grow is of any length.
fn same_layout(new: &State<f32>, old: &State<f32>) -> bool {
    fn scalars(state: &State<f32>) -> impl Iterator<Item = &'static str> {
        state.scalars.iter().map(|(name, _)| *name)
    }
    let same = |((name, new), (other, old)): (&(_, Vec<f32>), &(&str, Vec<f32>))| {
        name == other && (new.is_empty() || new.len() == old.len())
    };
    new.tensors.len() == old.tensors.len()
        && new.tensors.iter().zip(&old.tensors).all(same)
        && scalars(new).eq(scalars(old))
}

/// The layers of a group, on the present batch.
struct BoundGroup<'a> {
    network: &'a mut Network<f32>,
    objective: Objective<'a>,
    layers: &'a [usize],
    states: &'a mut [State<f32>],
}

impl BoundGroup<'_> {
    fn visit(&mut self, mut visit: impl FnMut(Part<'_, f32>)) {
        let mut states = self.states.iter_mut();
        for &index in self.layers {
            let tensors = self.network.layers_mut()[index].trained_mut();
            for (tensor, state) in tensors.zip(states.by_ref()) {
                let dim = Dim::of(tensor);
                let (param, grad) = tensor.parts_mut();
                visit(Part { dim, param, grad, state });
            }
        }
    }
}

impl Group<f32> for BoundGroup<'_> {
    fn loss(&self) -> f64 {
        self.objective.loss + regularize::penalty(self.network, self.objective.penalties)
    }
    fn states(&mut self) -> &mut [State<f32>] {
        self.states
    }
    fn each(&mut self, visit: &mut dyn FnMut(Part<'_, f32>)) {
        self.visit(visit);
    }
    fn reevaluate(&mut self) -> f64 {
        self.objective.take(self.network);
        self.loss()
    }
}
