//! A copy of what a layer has learnt.

use ndarray::Array2;

use crate::nn::Real;
use crate::nn::network::Layer;

/// The parameters of one layer, with the running statistics that it evaluates with.
#[derive(Clone, Debug, PartialEq)]
pub struct Parameters {
    /// `units × inputs`.
    pub weight: Array2<f32>,
    /// `units` values.
    pub bias: Vec<f32>,
    /// The activation's own, if it has any.
    pub theta: Vec<f32>,
    /// γ of the normalisation, `units` values if it has any.
    pub gamma: Vec<f32>,
    /// β of the normalisation, `units` values if it has any.
    pub beta: Vec<f32>,
    /// The running mean of a normalisation, `units` values if it keeps any; not trained.
    pub running_mean: Vec<f32>,
    /// The running variance of a normalisation, `units` values if it keeps any; not trained.
    pub running_var: Vec<f32>,
}

impl Parameters {
    /// Those of `layer`.
    pub(super) fn of(layer: &Layer<f32>) -> Self {
        let [bias, theta, gamma, beta, running_mean, running_var] =
            layer.vectors().map(<[f32]>::to_vec);
        let weight = layer.weight.value.clone();
        Self { weight, bias, theta, gamma, beta, running_mean, running_var }
    }

    /// Takes those of `layer`, which has the same ones, in place.
    pub(super) fn take(&mut self, layer: &Layer<f32>) {
        self.weight.assign(&layer.weight.value);
        for ((_, to), from) in self.vectors_mut().into_iter().zip(layer.vectors()) {
            to.copy_from_slice(from);
        }
    }

    /// Gives them to `layer`; a vector of another length is left alone.
    pub(super) fn give<F: Real>(&self, layer: &mut Layer<F>) {
        layer.weight.value.zip_mut_with(&self.weight, |to, &from| *to = F::of(f64::from(from)));
        for (to, (_, from)) in layer.vectors_mut().into_iter().zip(self.vectors()) {
            if to.len() == from.len() {
                to.iter_mut().zip(from).for_each(|(to, &from)| *to = F::of(f64::from(from)));
            }
        }
    }

    /// All but the weight, by name; some are empty.
    #[must_use]
    pub const fn vectors(&self) -> [(&'static str, &Vec<f32>); 6] {
        [
            ("bias", &self.bias),
            ("theta", &self.theta),
            ("gamma", &self.gamma),
            ("beta", &self.beta),
            ("running_mean", &self.running_mean),
            ("running_var", &self.running_var),
        ]
    }

    pub(super) const fn vectors_mut(&mut self) -> [(&'static str, &mut Vec<f32>); 6] {
        [
            ("bias", &mut self.bias),
            ("theta", &mut self.theta),
            ("gamma", &mut self.gamma),
            ("beta", &mut self.beta),
            ("running_mean", &mut self.running_mean),
            ("running_var", &mut self.running_var),
        ]
    }

    /// What is trained, in the order of [`Layer::tensors`].
    pub(super) fn trained_mut(&mut self) -> impl Iterator<Item = &mut [f32]> {
        let Self { weight, bias, theta, gamma, beta, .. } = self;
        [weight.as_slice_mut().unwrap_or_default(), bias, theta, gamma, beta]
            .into_iter()
            .filter(|tensor| !tensor.is_empty())
    }
}
