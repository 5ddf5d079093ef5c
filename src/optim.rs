//! Optimizers: how weights move to lower the loss.
//!
//! Every optimizer is a pure rule; what it remembers lives in a [`State`] beside each parameter, so
//! that saving, restoring and showing it is the same for all. Most see one tensor at a time
//! ([`Optimizer`]); a few see all tensors that they move ([`GroupOptimizer`]). To add one: write its file
//! beside these and give it a line in [`TABLE`].

use std::fmt::Debug;
use std::ops::Deref;

use crate::nn::Real;
use crate::nn::simd::{self, Kernel, LANES};
use crate::parallel;
use crate::spec::{Base, Describe, Pick, SearchRange};

mod adabelief;
mod adabound;
mod adadelta;
mod adafactor;
mod adagrad;
mod adam;
mod adamax;
mod adamw;
mod adan;
mod ademamix;
mod adopt;
mod aggmo;
mod asgd;
mod base;
pub mod clip;
mod dim;
mod family;
mod footprint;
mod fromage;
mod lamb;
mod lars;
mod lbfgs;
mod lion;
mod lookahead;
mod matrix;
mod mean;
mod muon;
mod nadam;
mod novograd;
pub mod penalty;
mod prodigy;
mod qhadam;
mod qhm;
mod radam;
mod rmsprop;
mod rprop;
mod rule;
mod sam;
pub mod schedule;
mod schedule_free;
mod sgd;
mod shampoo;
mod share;
mod sign_sgd;
mod signum;
mod sm3;
mod soap;
mod stability;
mod yogi;

pub use dim::Dim;
pub use footprint::Footprint;
pub use rule::{Builders, Group, GroupOptimizer, Part, Precision, Rule};
pub use share::{Reach, Share};
pub use stability::{Present, Stability};

/// Every optimizer that can be picked, in the order in which it is shown.
pub static TABLE: &[Entry] = &[
    entry::<sgd::Sgd>(),
    entry::<adam::Adam>(),
    entry::<adamw::AdamW>(),
    entry::<nadam::NAdam>(),
    entry::<radam::RAdam>(),
    entry::<adamax::Adamax>(),
    entry::<rmsprop::RmsProp>(),
    entry::<adagrad::Adagrad>(),
    entry::<adadelta::Adadelta>(),
    Entry { reach: of_tensor, ..entry::<adafactor::Adafactor>() },
    entry::<lion::Lion>(),
    entry::<adan::Adan>(),
    entry::<adabelief::AdaBelief>(),
    entry::<yogi::Yogi>(),
    entry::<adopt::Adopt>(),
    entry::<ademamix::AdEmaMix>(),
    entry::<adabound::AdaBound>(),
    entry::<qhadam::QhAdam>(),
    entry::<qhm::Qhm>(),
    Entry { reach: of_tensor, ..entry::<lamb::Lamb>() },
    Entry { reach: of_tensor, ..entry::<lars::Lars>() },
    Entry { reach: of_tensor, ..entry::<muon::Muon>() },
    Entry { reach: of_tensor, ..entry::<shampoo::Shampoo>() },
    Entry { reach: of_tensor, ..entry::<soap::Soap>() },
    entry::<sign_sgd::SignSgd>(),
    entry::<signum::Signum>(),
    group::<prodigy::Prodigy, prodigy::Prodigy>(),
    Entry { averages: |_| true, ..entry::<schedule_free::Sgd>() },
    Entry { averages: |_| true, ..entry::<schedule_free::AdamW>() },
    entry::<rprop::Rprop>(),
    entry::<asgd::Asgd>(),
    Entry { reach: of_tensor, ..entry::<novograd::NovoGrad>() },
    Entry { reach: of_tensor, ..entry::<sm3::Sm3>() },
    Entry { reach: of_tensor, ..entry::<fromage::Fromage>() },
    entry::<aggmo::AggMo>(),
    Entry { reevaluates: true, needs_full_batch: true, ..group::<lbfgs::Lbfgs, lbfgs::Lbfgs>() },
    Entry { reach: base::reach, ..group::<lookahead::Lookahead<f32>, lookahead::Lookahead<f64>>() },
    Entry {
        reevaluates: true,
        averages: base::averages,
        ..group::<sam::Sam<f32>, sam::Sam<f64>>()
    },
];

/// A row of [`TABLE`]. Every optimizer has a parameter `lr`.
pub struct Entry {
    base: Base,
    builders: Builders,
    /// Whether it sees each tensor by itself, as the base of another must.
    single: bool,
    /// Whether it takes gradients at points of its own, and so cannot go by given ones.
    pub reevaluates: bool,
    /// Whether it must move the whole network, on all training rows at a time.
    pub needs_full_batch: bool,
    averages: fn(&Pick) -> bool,
    reach: fn(&Pick) -> Reach,
}

const fn of_tensor(_: &Pick) -> Reach {
    Reach::Tensor
}

impl Deref for Entry {
    type Target = Base;
    fn deref(&self) -> &Base {
        &self.base
    }
}

impl Entry {
    /// The rule with the parameters picked.
    #[must_use]
    pub fn build<F: Precision>(&self, pick: &Pick) -> Rule<F> {
        F::build(&self.builders, pick)
    }

    /// Whether parameters are evaluated elsewhere than they are trained, at an average of its own.
    #[must_use]
    pub fn averages(&self, pick: &Pick) -> bool {
        (self.averages)(pick)
    }

    /// Whose gradients bear on how far a weight moves.
    #[must_use]
    pub fn reach(&self, pick: &Pick) -> Reach {
        (self.reach)(pick)
    }
}

const fn entry<O>() -> Entry
where
    O: Describe + Optimizer<f32> + Optimizer<f64> + 'static,
{
    Entry {
        base: Base::of::<O>(),
        builders: Builders {
            f32: |pick| Rule::Tensor(Box::new(O::build(pick))),
            f64: |pick| Rule::Tensor(Box::new(O::build(pick))),
        },
        single: true,
        reevaluates: false,
        needs_full_batch: false,
        averages: |_| false,
        reach: |_| Reach::Element,
    }
}

/// The row of a rule that sees several tensors at once: one type, or two if it holds floats.
const fn group<O, P>() -> Entry
where
    O: Describe + GroupOptimizer<f32> + 'static,
    P: Describe + GroupOptimizer<f64> + 'static,
{
    Entry {
        base: Base::of::<O>(),
        builders: Builders {
            f32: |pick| Rule::Group(Box::new(O::build(pick))),
            f64: |pick| Rule::Group(Box::new(P::build(pick))),
        },
        single: false,
        reevaluates: false,
        needs_full_batch: false,
        averages: |_| false,
        reach: |_| Reach::Group,
    }
}

/// What an optimizer remembers of one parameter.
#[derive(Debug, PartialEq)]
pub struct State<F> {
    /// Updates done.
    pub step: u64,
    /// Named tensors, such as Adam's `m` and `v`.
    pub tensors: Vec<(&'static str, Vec<F>)>,
    /// Named scalars, such as NAdam's product of momenta.
    pub scalars: Vec<(&'static str, f64)>,
}

impl<F: Copy> Clone for State<F> {
    fn clone(&self) -> Self {
        Self { step: self.step, tensors: self.tensors.clone(), scalars: self.scalars.clone() }
    }
    /// In place, as long as both belong to one optimizer.
    fn clone_from(&mut self, source: &Self) {
        self.step = source.step;
        self.scalars.clone_from(&source.scalars);
        self.tensors.resize_with(source.tensors.len(), Default::default);
        for ((name, tensor), (source_name, source)) in self.tensors.iter_mut().zip(&source.tensors)
        {
            *name = source_name;
            tensor.clone_from(source);
        }
    }
}

impl<F: Real> State<F> {
    /// A state of zeros: one tensor of `len` elements for each of `names`.
    #[must_use]
    pub fn zeros(names: &[&'static str], len: usize) -> Self {
        let tensors = names.iter().map(|&name| (name, vec![F::ZERO; len])).collect();
        Self { step: 0, tensors, scalars: Vec::new() }
    }

    /// The tensor of this name, if there is one.
    #[must_use]
    pub fn tensor(&self, name: &str) -> Option<&[F]> {
        self.tensors.iter().find(|(its, _)| *its == name).map(|(_, tensor)| tensor.as_slice())
    }

    /// The tensors, as many as the optimizer asked for.
    ///
    /// # Panics
    /// If the state was made for another optimizer.
    pub fn tensors_mut<const N: usize>(&mut self) -> [&mut [F]; N] {
        let mut tensors = self.tensors.iter_mut();
        std::array::from_fn(|_| match tensors.next() {
            Some((_, tensor)) => tensor.as_mut_slice(),
            None => unreachable!("the state belongs to another optimizer"),
        })
    }

    /// This state with one more scalar.
    fn with_scalar(mut self, name: &'static str, value: f64) -> Self {
        self.scalars.push((name, value));
        self
    }

    /// The scalars, as many as the optimizer asked for.
    fn scalars_mut<const N: usize>(&mut self) -> [&mut f64; N] {
        let mut scalars = self.scalars.iter_mut();
        std::array::from_fn(|_| match scalars.next() {
            Some((_, scalar)) => scalar,
            None => unreachable!("the state belongs to another optimizer"),
        })
    }
}

/// The arguments of [`Optimizer::update`].
#[derive(Debug)]
pub struct Update<'a, F> {
    /// The learning rate of this step.
    pub lr: f64,
    /// The dimensions of the parameter.
    pub dim: Dim,
    /// The parameter, row after row.
    pub param: &'a mut [F],
    /// ∂L/∂param.
    pub grad: &'a [F],
    /// What the optimizer remembers; `step` already counts this update, from 1.
    pub state: &'a mut State<F>,
}

/// An update rule.
pub trait Optimizer<F: Real>: Debug + Send + Sync {
    /// What it remembers of a parameter of these dimensions, before the first update.
    fn state(&self, dim: Dim) -> State<F>;
    /// Moves the parameter by one step.
    fn update(&self, update: Update<'_, F>);
    /// Moves every parameter of a group by one step at the rate `lr`, as [`Optimizer::update`] would; one
    /// whose constants of a step take long works them out once for all.
    fn update_all(&self, lr: f64, group: &mut dyn Group<F>) {
        group.each(&mut |part| self.update(part.update(lr)));
    }
    /// Where the parameter is to be evaluated, if that is not where it is trained.
    fn evaluated<'a>(&self, _state: &'a State<F>) -> Option<&'a [F]> {
        None
    }
    /// How the numbers of the tensor `name` of its state belong to the elements of a parameter of
    /// these dimensions.
    fn share(&self, _name: &str, _dim: Dim) -> Share {
        Share::Element
    }
    /// The bound within which it is stable; none without a theory of that, or before its first step
    /// where it goes by past gradients.
    fn stability(&self, _present: Present<'_, F>) -> Option<Stability> {
        None
    }
    /// Bytes that an update of a parameter of these dimensions takes and gives back, at most.
    fn scratch(&self, _dim: Dim) -> u64 {
        0
    }
}

/// A rule that treats each element by itself and keeps `N` numbers for it. `apply` is marked
/// `#[inline(always)]`, so that the one pass over parameter, gradient and state vectorises.
trait Elementwise<F: Real, const N: usize>: Copy + Send + Sync {
    /// (parameter, gradient, state) → (parameter, state).
    fn apply(self, param: F, grad: F, state: [F; N]) -> (F, [F; N]);
}

/// Elements that are worth another thread.
const GRAIN: usize = 1 << 15;

/// Applies an elementwise rule to a whole parameter in one pass, a large one by all threads of the
/// team.
fn fused<F: Real, const N: usize>(
    rule: impl Elementwise<F, N>,
    param: &mut [F],
    grad: &[F],
    state: [&mut [F]; N],
) {
    if param.len() < 2 * GRAIN {
        simd::run(Fused { rule: &rule, param, grad, state });
    } else {
        fused_by_halves(rule, param, grad, state);
    }
}

/// As [`fused`]. Apart from it, so that small tensors do not pay for its frame.
#[inline(never)]
fn fused_by_halves<F: Real, const N: usize>(
    rule: impl Elementwise<F, N>,
    param: &mut [F],
    grad: &[F],
    state: [&mut [F]; N],
) {
    let half = (param.len() / 2).next_multiple_of(LANES);
    let (param, param_rest) = param.split_at_mut(half);
    let (grad, grad_rest) = grad.split_at(half);
    let mut state_rest = [(); N].map(|()| <&mut [F]>::default());
    let mut slots = state_rest.iter_mut();
    let state = state.map(|tensor| {
        let (tensor, rest) = tensor.split_at_mut(half);
        if let Some(slot) = slots.next() {
            *slot = rest;
        }
        tensor
    });
    parallel::both(
        || fused(rule, param, grad, state),
        || fused(rule, param_rest, grad_rest, state_rest),
    );
}

struct Fused<'a, R, F, const N: usize> {
    /// Lent: it would be copied on its way to the kernel.
    rule: &'a R,
    param: &'a mut [F],
    grad: &'a [F],
    state: [&'a mut [F]; N],
}

impl<R: Elementwise<F, N>, F: Real, const N: usize> Kernel for Fused<'_, R, F, N> {
    type Output = ();
    #[inline(always)]
    fn run(self) {
        let Self { rule, param, grad, state } = self;
        let (rule, len) = (*rule, param.len());
        let grad = &grad[..len];
        let state = state.map(|tensor| &mut tensor[..len]);
        for i in 0..len {
            let mut old = [F::ZERO; N];
            for s in 0..N {
                old[s] = state[s][i];
            }
            let (moved, kept) = rule.apply(param[i], grad[i], old);
            param[i] = moved;
            for s in 0..N {
                state[s][i] = kept[s];
            }
        }
    }
}

/// The decay of one's past that Adam and its kin correct for: 1 − βᵗ.
fn bias_correction(beta: f64, step: u64) -> f64 {
    // βᵗ < exp(−t·(1 − β)), which beyond here is lost beside 1.
    if step as f64 * (1.0 - beta) > 40.0 {
        return 1.0;
    }
    // By squaring: a general power would take longer than the update of a small layer.
    let (mut power, mut square, mut left) = (1.0, beta, step);
    while left > 0 {
        power *= if left & 1 == 1 { square } else { 1.0 };
        square *= square;
        left >>= 1;
    }
    1.0 - power
}

/// The Euclidean norm, summed in order.
fn norm<F: Real>(xs: impl Iterator<Item = F>) -> f64 {
    xs.map(|x| x.f64() * x.f64()).sum::<f64>().sqrt()
}

/// The parameter that every optimizer has.
const fn lr(default: f64) -> crate::spec::Param {
    crate::spec::Param {
        key: "lr",
        default: crate::spec::DefaultValue::Number(default),
        range: crate::spec::Range::AtLeast(0.0),
        meaning: "learning rate: the length of a step",
        search: Some(SearchRange::log(default / 100.0, default * 100.0)),
    }
}

/// Where decay factors of a running mean are searched: on the scale on which Choi et al. 2019 do it.
const MOMENTUM_SEARCH: Option<SearchRange> = Some(SearchRange::one_minus_log(0.0, 0.999));

/// The same where one of them may be of a mean square, whose memory is longer.
const BETAS_SEARCH: Option<SearchRange> = Some(SearchRange::one_minus_log(0.0, 0.9999));

/// Where a penalty that is added to the gradient is searched.
const PENALTY_SEARCH: Option<SearchRange> = Some(SearchRange::log(1e-6, 1e-2));

/// Where decay that is multiplied by the rate is searched.
const DECAY_SEARCH: Option<SearchRange> = Some(SearchRange::log(1e-4, 1.0));

/// Where what is added to a root is searched: at its high end it makes plain momentum of Adam (Choi et
/// al. 2019).
const EPS_SEARCH: Option<SearchRange> = Some(SearchRange::log(1e-10, 1.0));

/// L2 penalty through the gradient, as `torch.optim` has it unless it says "decoupled".
const WEIGHT_DECAY: crate::spec::Param = crate::spec::Param {
    key: "weight_decay",
    default: crate::spec::DefaultValue::Number(0.0),
    range: crate::spec::Range::AtLeast(0.0),
    meaning: "L2 penalty, added to the gradient",
    search: PENALTY_SEARCH,
};

/// Heavy-ball memory.
const fn momentum(default: f64) -> crate::spec::Param {
    crate::spec::Param {
        key: "momentum",
        default: crate::spec::DefaultValue::Number(default),
        range: crate::spec::Range::HalfOpen(0.0, 1.0),
        meaning: "memory of past gradients: 1/(1 − momentum) steps",
        search: MOMENTUM_SEARCH,
    }
}
