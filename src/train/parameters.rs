//! A copy of the tensors of a layer.

use ndarray::Array2;

use crate::nn::tensor::Role;
use crate::nn::transform::Transform;
use crate::nn::{Activation, Layer, Real, norm::Norm};

/// A copy of one tensor.
#[derive(Clone, Debug, PartialEq)]
pub struct Parameter {
    /// Its name, unique within its layer.
    pub name: &'static str,
    /// The part that it plays in training.
    pub role: Role,
    /// Its values; `1 × n` unless it is a matrix of weights.
    pub value: Array2<f32>,
}

/// Copies of all tensors of one layer, trained ones and buffers, in the layer's own order.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Parameters(Vec<Parameter>);

impl Parameters {
    /// Those of `layer`.
    pub(super) fn of(layer: &Layer<f32>) -> Self {
        let tensors = layer.tensors().iter();
        let copy =
            tensors.map(|it| Parameter { name: it.name, role: it.role, value: it.value.clone() });
        Self(copy.collect())
    }

    /// Takes those of `layer`, which has the same ones, in place.
    pub(super) fn take(&mut self, layer: &Layer<f32>) {
        for (to, from) in self.0.iter_mut().zip(layer.tensors()) {
            to.value.assign(&from.value);
        }
    }

    /// Gives them to `layer`; a tensor that it has in another size or not at all is left out.
    pub(super) fn give<F: Real>(&self, layer: &mut Layer<F>) {
        for to in layer.tensors_mut() {
            if let Some(from) = self.get(to.name).filter(|from| from.dim() == to.value.dim()) {
                to.value.zip_mut_with(from, |to, &from| *to = F::of(f64::from(from)));
            }
        }
    }

    /// A layer with these tensors.
    pub(super) fn layer<F: Real>(
        &self,
        transform: Box<dyn Transform<F>>,
        activation: Box<dyn Activation<F>>,
        norm: Option<Box<dyn Norm<F>>>,
    ) -> Layer<F> {
        let find = |name: &str| Some(self.get(name)?.mapv(|x| F::of(f64::from(x))));
        Layer::restored(find, transform, activation, norm)
    }

    /// All of them, in an order that is always the same.
    pub fn iter(&self) -> std::slice::Iter<'_, Parameter> {
        self.0.iter()
    }

    /// As [`Parameters::iter`], to be changed.
    pub(super) fn as_mut_slice(&mut self) -> &mut [Parameter] {
        &mut self.0
    }

    /// The values of the tensor of this name, if there is one.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Array2<f32>> {
        self.iter().find(|it| it.name == name).map(|it| &it.value)
    }

    /// The trained ones.
    pub fn trained(&self) -> impl Iterator<Item = &Parameter> {
        self.iter().filter(|it| it.role != Role::Buffer)
    }

    /// The values of the trained ones, row after row, to be changed.
    pub(super) fn trained_mut(&mut self) -> impl Iterator<Item = &mut [f32]> {
        let trained = self.0.iter_mut().filter(|it| it.role != Role::Buffer);
        trained.filter_map(|it| it.value.as_slice_mut())
    }

    /// All weights, matrix after matrix; no biases.
    pub fn weights(&self) -> impl Iterator<Item = &f32> + Clone {
        self.iter().filter(|it| it.role == Role::Weight).flat_map(|it| &it.value)
    }
}

/// The trained numbers of `layers` in one row: layer after layer, each tensor in its layer's order.
#[must_use]
pub fn trained_numbers(layers: &[Parameters]) -> Vec<f32> {
    let tensors = layers.iter().flat_map(Parameters::trained);
    tensors.flat_map(|tensor| tensor.value.iter().copied()).collect()
}

impl<'a> IntoIterator for &'a Parameters {
    type Item = &'a Parameter;
    type IntoIter = std::slice::Iter<'a, Parameter>;
    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}
