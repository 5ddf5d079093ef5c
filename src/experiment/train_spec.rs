//! The training settings of an experiment.

use crate::spec::Pick;

/// The training settings of an experiment.
#[derive(Clone, Debug, PartialEq)]
pub struct TrainSpec {
    /// The loss function.
    pub loss: Pick,
    /// Samples a step; at least 1.
    pub batch_size: usize,
    /// The budget; at least 1.
    pub steps: u64,
    /// Steps between evaluations on both splits; 0 chooses 1/200 of the budget.
    pub eval_every: u64,
    /// The largest norm of all gradients together; none if 0.
    pub clip_norm: f64,
    /// The largest size of each element of the gradients; none if 0. It comes before
    /// [`TrainSpec::clip_norm`].
    pub clip_value: f64,
    /// λ of a penalty λ·Σ|w| on the weights, not on biases; none if 0. Penalties steer the training:
    /// the losses that are shown are those of the data alone.
    pub l1: f64,
    /// λ of a penalty ½·λ·Σw² on the weights, whose gradient is λ·w as with `weight_decay` in
    /// `torch.optim`, but not on biases; none if 0.
    pub l2: f64,
    /// Share of the weights, times their learning rate, lost at each step whatever the optimizer, as
    /// AdamW has it (Loshchilov & Hutter 2019), but not of the biases; none if 0. It is not called
    /// `weight_decay` since optimizers have a parameter of that name, which in a recipe would be
    /// taken for this one.
    pub decoupled_decay: f64,
    /// η of normal noise of variance η/(1 + t)^0.55 added to the gradients of step t, after clipping
    /// (Neelakantan et al. 2015); none if 0.
    pub gradient_noise: f64,
    /// β of an exponential moving average of all parameters, at which the network is evaluated and
    /// predicts; none if 0.
    pub ema: f64,
    /// The seed of the initial weights, if it is not the experiment's own.
    pub init_seed: Option<u64>,
    /// The seed of batches, dropout and noise, if it is not the experiment's own.
    pub batch_seed: Option<u64>,
}

impl TrainSpec {
    /// Training that lowers `loss`, with the default settings.
    #[must_use]
    pub const fn new(loss: Pick) -> Self {
        Self {
            loss,
            batch_size: 32,
            steps: 10_000,
            eval_every: 0,
            clip_norm: 0.0,
            clip_value: 0.0,
            l1: 0.0,
            l2: 0.0,
            decoupled_decay: 0.0,
            gradient_noise: 0.0,
            ema: 0.0,
            init_seed: None,
            batch_seed: None,
        }
    }

    /// Steps between evaluations: as asked for, or 1/200 of the budget.
    #[must_use]
    pub fn evaluation_interval(&self) -> u64 {
        match self.eval_every {
            0 => self.steps.div_ceil(200).max(1),
            every => every,
        }
    }
}
