//! The next step of a run, watched at one of its parameters: the very step that [`Engine::step`]
//! makes, with the numbers that it goes by on the way.

use super::{Engine, ParamGroup, set_parameters};
use crate::nn::network::{Batch, Network};
use crate::nn::tensor::Tensor;
use crate::optim::{Dim, Share, State};

/// One trained number of a network.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Element {
    /// Its layer, from 0.
    pub layer: usize,
    /// The name of its tensor.
    pub tensor: &'static str,
    /// Its place in the tensor, row after row.
    pub index: usize,
}

/// A form that gradients take on their way to the optimizers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// ∂L/∂w, the mean over the batch.
    Loss,
    /// With the gradients of the L1 and L2 penalties.
    Penalised,
    /// Taken anew where the optimizers have moved aside to.
    Elsewhere,
    /// Each clipped by itself.
    ValueClipped,
    /// All scaled down to a norm.
    NormClipped,
    /// With noise.
    Noisy,
}

/// What an optimizer remembers, before and after the step, as far as it bears on one weight.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Memory {
    /// A number of this weight's own.
    Own((f32, f32)),
    /// A number of its row of the matrix: of all weights into its unit.
    Row((f32, f32)),
    /// A number of its column of the matrix: of all weights of its input.
    Column((f32, f32)),
    /// Many numbers, none of which is of one weight alone.
    Whole {
        /// How many, after the step.
        len: usize,
        /// Their norm before and after.
        norms: (f64, f64),
    },
    /// One number for the whole tensor, or for all tensors of the optimizer.
    Scalar((f64, f64)),
}

/// What one step does to one parameter.
#[derive(Clone, Debug, PartialEq)]
pub struct Trace {
    /// Mean loss of the batch before the update, as [`Engine::step`] returns it.
    pub loss: f64,
    /// The parameter's gradient in each form that it takes, the last of which its optimizer is given.
    pub gradients: Vec<(Stage, f32)>,
    /// The optimizer's rate in this step, under the schedule.
    pub rate: f64,
    /// What the schedule multiplies the rate by.
    pub factor: f64,
    /// Updates that the optimizer has made of it, with this one.
    pub updates: u64,
    /// The parameter before and after.
    pub values: (f32, f32),
    /// What its optimizer remembers, by name.
    pub memory: Vec<(&'static str, Memory)>,
}

impl Trace {
    /// The gradient that the optimizer is given.
    #[must_use]
    pub fn gradient(&self) -> f32 {
        self.gradients.last().map_or(0.0, |it| it.1)
    }
}

impl Engine {
    /// Makes the next step and tells what it does to `element`; none if there is no such parameter.
    /// `read` sees the network in between: after the batch went forward and back, before it moves.
    /// A loss that is not finite is a number as any other here.
    pub fn trace<T>(
        &mut self,
        element: Element,
        read: impl FnOnce(&Network<f32>, &Batch<f32>) -> T,
    ) -> Option<(Trace, T)> {
        self.feed_schedule();
        let dim = Dim::of(tensor(&self.network, element)?);
        let value = |network: &Network<f32>| {
            tensor(network, element).and_then(|it| it.values().get(element.index)).copied()
        };
        let before = value(&self.network)?;
        let (group, place) = self.optimizer(element)?;
        let old = self.groups[group].states[place].clone();
        let (loss, mut gradients) = self.traced_gradients(element)?;
        let read = read(&self.network, &self.batch);
        self.prepare(&mut |stage, network| {
            gradients.extend(gradient(network, element).map(|grad| (stage, grad)));
        });
        let factor = self.scheduler.factor(self.step);
        self.move_parameters();
        let group = &self.groups[group];
        let trace = Trace {
            loss,
            gradients,
            rate: group.lr() * factor,
            factor,
            updates: group.states[place].step,
            values: (before, value(&self.network)?),
            memory: memory(group, (&old, &group.states[place]), dim, element.index),
        };
        Some((trace, read))
    }

    /// Takes the next batch's gradients; gives its loss, and the gradient of `element` by the loss
    /// alone and with the penalties, if there are any.
    fn traced_gradients(&mut self, element: Element) -> Option<(f64, Vec<(Stage, f32)>)> {
        let loss = self.gradients();
        let taken = gradient(&self.network, element)?;
        let train = &self.experiment.train;
        if train.l1 == 0.0 && train.l2 == 0.0 {
            return Some((loss, vec![(Stage::Loss, taken)]));
        }
        // Once more without the penalties, and then as it was.
        self.network.loss_and_gradients(&self.batch);
        let plain = gradient(&self.network, element)?;
        let (network, _, mut objective) = self.parts();
        objective.take(network);
        Some((loss, vec![(Stage::Loss, plain), (Stage::Penalised, taken)]))
    }

    /// The training rows of the next batch.
    pub(in crate::train) fn next_rows(&self) -> Vec<usize> {
        self.batcher.clone().next().to_vec()
    }

    /// The group of parameters that has the tensor of `element`, and its place there.
    fn optimizer(&self, element: Element) -> Option<(usize, usize)> {
        let wanted = (element.layer, element.tensor);
        let place = |group: &ParamGroup| group.tensors.iter().position(|it| *it == wanted);
        self.groups.iter().enumerate().find_map(|(index, group)| Some((index, place(group)?)))
    }

    /// The losses of the latest batch, by the same dropout, where `element` has each of `values` and
    /// all other parameters are as in `at`, which it leaves behind.
    pub(in crate::train) fn losses_along(
        &mut self,
        element: Element,
        values: &[f32],
        at: &[super::Parameters],
    ) -> Vec<f64> {
        set_parameters(&mut self.network, at);
        let Some(before) = self.set(element, None) else { return Vec::new() };
        let mut loss = |value: &f32| {
            self.set(element, Some(*value));
            self.network.training_loss(&self.batch)
        };
        let losses = values.iter().map(&mut loss).collect();
        self.set(element, Some(before));
        losses
    }

    /// Sets a parameter, if it is given a value; gives the value that it had.
    fn set(&mut self, element: Element, value: Option<f32>) -> Option<f32> {
        let layer = self.network.layers_mut().get_mut(element.layer)?;
        let tensor = layer.trained_mut().find(|it| it.name == element.tensor)?;
        let cell = tensor.parts_mut().0.get_mut(element.index)?;
        let before = *cell;
        *cell = value.unwrap_or(before);
        Some(before)
    }
}

fn tensor(network: &Network<f32>, element: Element) -> Option<&Tensor<f32>> {
    let layer = network.layers().get(element.layer)?;
    layer.get(element.tensor).filter(|it| it.is_trained() && element.index < it.value.len())
}

fn gradient(network: &Network<f32>, element: Element) -> Option<f32> {
    tensor(network, element)?.grads().get(element.index).copied()
}

/// What is remembered of element `index`, before and after.
fn memory(
    group: &ParamGroup,
    (old, new): (&State<f32>, &State<f32>),
    dim: Dim,
    index: usize,
) -> Vec<(&'static str, Memory)> {
    let norm = |values: &[f32]| super::squares(values).sqrt();
    let mut memory = Vec::new();
    for (place, (name, after)) in new.tensors.iter().enumerate() {
        // One that has yet to grow has no numbers before.
        let before = old.tensors.get(place).map_or(&[][..], |it| &it.1);
        let share = group.rule.share(name, dim);
        let own = share.place(dim, index).and_then(|at| Some((*before.get(at)?, *after.get(at)?)));
        match own {
            Some(values) => memory.push((
                *name,
                match share {
                    Share::Row => Memory::Row(values),
                    Share::Column => Memory::Column(values),
                    Share::Element | Share::Whole => Memory::Own(values),
                },
            )),
            None if after.is_empty() => {}
            None => {
                let norms = (norm(before), norm(after));
                memory.push((*name, Memory::Whole { len: after.len(), norms }));
            }
        }
    }
    let scalars = old.scalars.iter().zip(&new.scalars);
    memory.extend(scalars.map(|((name, old), (_, new))| (*name, Memory::Scalar((*old, *new)))));
    memory
}

#[cfg(test)]
mod tests;
