//! What the table builds: a rule for each tensor by itself, or one for a group of them.

use std::fmt::Debug;

use super::{Dim, Optimizer, Present, Share, Stability, State, Update};
use crate::nn::Real;
use crate::spec::Pick;

/// An optimizer, ready to move something.
#[derive(Debug)]
pub enum Rule<F> {
    /// Sees one tensor at a time.
    Tensor(Box<dyn Optimizer<F>>),
    /// Sees all tensors of the layers that share it.
    Group(Box<dyn GroupOptimizer<F>>),
}

/// The functions that build a rule.
#[derive(Debug)]
pub struct Builders {
    /// For training.
    pub f32: fn(&Pick) -> Rule<f32>,
    /// For test surfaces and worked examples.
    pub f64: fn(&Pick) -> Rule<f64>,
}

/// The floats that optimizers move.
pub trait Precision: Real {
    /// The rule that `pick` describes.
    fn build(builders: &Builders, pick: &Pick) -> Rule<Self>;
}

impl Precision for f32 {
    fn build(builders: &Builders, pick: &Pick) -> Rule<Self> {
        (builders.f32)(pick)
    }
}

impl Precision for f64 {
    fn build(builders: &Builders, pick: &Pick) -> Rule<Self> {
        (builders.f64)(pick)
    }
}

/// An update rule that looks at several tensors at once: one estimate for all of them, or gradients
/// of the present batch at points of its own choosing. It too is a pure rule, and what it remembers
/// is a [`State`] beside each tensor; what belongs to all of them stands in the first.
pub trait GroupOptimizer<F: Real>: Debug + Send + Sync {
    /// What it remembers of a parameter of these dimensions, before the first update.
    fn state(&self, dim: Dim) -> State<F>;
    /// Whether states that were read from a file are such as it leaves behind, beyond what the
    /// lengths of their tensors tell.
    fn accepts(&self, _states: &[State<F>]) -> bool {
        true
    }
    /// Moves the group by one step at the rate `lr`; the states already count this update, from 1.
    fn update(&self, lr: f64, group: &mut dyn Group<F>);
    /// Moves aside, to where the gradients of this step are to be taken anew. Whether it did: then
    /// [`GroupOptimizer::restore`] is called before anything else.
    fn perturb(&self, _group: &mut dyn Group<F>) -> bool {
        false
    }
    /// Moves back to where [`GroupOptimizer::perturb`] began.
    fn restore(&self, _group: &mut dyn Group<F>) {}
    /// Where the parameter is to be evaluated, if that is not where it is trained.
    fn evaluated<'a>(&self, _state: &'a State<F>) -> Option<&'a [F]> {
        None
    }
    /// How the numbers of the tensor `name` of its state belong to the elements of a parameter of
    /// these dimensions.
    fn share(&self, _name: &str, _dim: Dim) -> Share {
        Share::Element
    }
    /// Elements by which the state of a parameter of these dimensions grows in updates, at most.
    fn growth(&self, _dim: Dim) -> u64 {
        0
    }
    /// Bytes that an update of a parameter of these dimensions takes and gives back, at most.
    fn scratch(&self, _dim: Dim) -> u64 {
        0
    }
}

/// The tensors that a [`GroupOptimizer`] rule moves, with their gradients of the present batch.
pub trait Group<F> {
    /// The loss of the present batch, penalties included, as long as the parameters are where its
    /// gradients were taken.
    fn loss(&self) -> f64;
    /// What is remembered of the tensors, in their order; never empty.
    fn states(&mut self) -> &mut [State<F>];
    /// Shows every tensor, in an order that is always the same.
    fn each(&mut self, visit: &mut dyn FnMut(Part<'_, F>));
    /// Takes loss and gradients of the present batch where the parameters are now, by the same
    /// chance in dropout; gives the loss.
    fn reevaluate(&mut self) -> f64;
}

/// One tensor of a [`Group`].
#[derive(Debug)]
pub struct Part<'a, F> {
    /// The dimensions of the parameter.
    pub dim: Dim,
    /// The parameter, row after row.
    pub param: &'a mut [F],
    /// ∂L/∂param.
    pub grad: &'a [F],
    /// What is remembered of it.
    pub state: &'a mut State<F>,
}

impl<'a, F> Part<'a, F> {
    /// As a rule for single tensors takes it.
    pub(super) const fn update(self, lr: f64) -> Update<'a, F> {
        let Self { dim, param, grad, state } = self;
        Update { lr, dim, param, grad, state }
    }
}

/// The sum of what `term` gives for each tensor, in their order.
pub(super) fn sum<F>(group: &mut dyn Group<F>, mut term: impl FnMut(Part<'_, F>) -> f64) -> f64 {
    let mut sum = 0.0;
    group.each(&mut |part| sum += term(part));
    sum
}

impl<F: Real> Rule<F> {
    /// What it remembers of a parameter of these dimensions, before the first update.
    #[must_use]
    pub fn state(&self, dim: Dim) -> State<F> {
        match self {
            Self::Tensor(rule) => rule.state(dim),
            Self::Group(rule) => rule.state(dim),
        }
    }

    /// Whether states that were read from a file are such as it leaves behind.
    #[must_use]
    pub fn accepts(&self, states: &[State<F>]) -> bool {
        match self {
            Self::Tensor(_) => true,
            Self::Group(rule) => rule.accepts(states),
        }
    }

    /// Where the parameter is to be evaluated, if that is not where it is trained.
    #[must_use]
    pub fn evaluated<'a>(&self, state: &'a State<F>) -> Option<&'a [F]> {
        match self {
            Self::Tensor(rule) => rule.evaluated(state),
            Self::Group(rule) => rule.evaluated(state),
        }
    }

    /// The bound within which it is stable; none without a theory of that.
    #[must_use]
    pub fn stability(&self, present: Present<'_, F>) -> Option<Stability> {
        match self {
            Self::Tensor(rule) => rule.stability(present),
            Self::Group(_) => None,
        }
    }

    /// How the numbers of the tensor `name` of its states belong to the elements of a parameter of
    /// these dimensions.
    #[must_use]
    pub fn share(&self, name: &str, dim: Dim) -> Share {
        match self {
            Self::Tensor(rule) => rule.share(name, dim),
            Self::Group(rule) => rule.share(name, dim),
        }
    }

    /// Moves one parameter by a given gradient, which is taken to be the same everywhere: a rule that
    /// takes gradients at points of its own is moved as it is meant by [`Rule::descend`] only.
    pub fn update(&self, update: Update<'_, F>) {
        let Update { lr, dim, param, grad, state } = update;
        match self {
            Self::Tensor(rule) => rule.update(Update { lr, dim, param, grad, state }),
            Self::Group(rule) => {
                rule.update(lr, &mut Given { part: Part { dim, param, grad, state } });
            }
        }
    }

    /// Moves one parameter down a slope: `slope` gives height and gradient anywhere, `grad` is
    /// memory for the latter. Counts the step in the state; gives the height that it saw.
    pub fn descend(
        &self,
        lr: f64,
        dim: Dim,
        (param, grad): (&mut [F], &mut [F]),
        state: &mut State<F>,
        objective: &mut dyn FnMut(&[F], &mut [F]) -> f64,
    ) -> f64 {
        let loss = objective(param, grad);
        match self {
            Self::Tensor(rule) => {
                state.step += 1;
                rule.update(Update { lr, dim, param, grad, state });
            }
            Self::Group(rule) => {
                let mut single = SingleTensor { dim, param, grad, state, objective, loss };
                if rule.perturb(&mut single) {
                    single.loss = single.reevaluate();
                    rule.restore(&mut single);
                }
                single.state.step += 1;
                rule.update(lr, &mut single);
            }
        }
        loss
    }
}

/// A tensor of which nothing but a gradient is known.
struct Given<'a, F> {
    part: Part<'a, F>,
}

impl<F> Group<F> for Given<'_, F> {
    fn loss(&self) -> f64 {
        0.0
    }
    fn states(&mut self) -> &mut [State<F>] {
        std::slice::from_mut(self.part.state)
    }
    fn each(&mut self, visit: &mut dyn FnMut(Part<'_, F>)) {
        let Part { dim, param, grad, state } = &mut self.part;
        visit(Part { dim: *dim, param, grad, state });
    }
    fn reevaluate(&mut self) -> f64 {
        0.0
    }
}

/// A tensor by itself, on a slope.
struct SingleTensor<'a, F> {
    dim: Dim,
    param: &'a mut [F],
    grad: &'a mut [F],
    state: &'a mut State<F>,
    objective: &'a mut dyn FnMut(&[F], &mut [F]) -> f64,
    loss: f64,
}

impl<F> Group<F> for SingleTensor<'_, F> {
    fn loss(&self) -> f64 {
        self.loss
    }
    fn states(&mut self) -> &mut [State<F>] {
        std::slice::from_mut(self.state)
    }
    fn each(&mut self, visit: &mut dyn FnMut(Part<'_, F>)) {
        visit(Part { dim: self.dim, param: self.param, grad: self.grad, state: self.state });
    }
    fn reevaluate(&mut self) -> f64 {
        (self.objective)(self.param, self.grad)
    }
}
