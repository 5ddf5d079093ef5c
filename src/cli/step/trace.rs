//! What an optimizer does to one parameter, step by step.

use std::io::{self, Write};

use crate::catalog;
use crate::cli::nested::Nested;
use crate::cli::table::rounded;
use crate::cli::text::{Page, column};
use crate::optim::{Dim, State, Update};
use crate::spec::Pick;

/// A parameter and the state beside it, before and after each update.
#[derive(Debug)]
pub struct Trace {
    /// The optimizer.
    pub pick: Pick,
    /// The updates in their order.
    pub steps: Vec<Step>,
    start: Nested<f64>,
    state: State<f64>,
}

/// One update.
#[derive(Debug)]
pub struct Step {
    /// The parameter after it.
    pub value: Nested<f64>,
    grad: Nested<f64>,
    state: State<f64>,
}

impl Trace {
    /// Takes a step for each of `grads`.
    ///
    /// # Errors
    /// If a gradient has not the shape of the start, or the optimizer cannot go by given ones.
    pub fn new(pick: Pick, start: Nested<f64>, grads: &[Nested<f64>]) -> Result<Self, String> {
        let dim = match &start {
            Nested::Scalar(_) => Dim::Vector(1),
            Nested::List(xs) => Dim::Vector(xs.len()),
            Nested::Matrix(_) => {
                let (rows, columns) = start.dim();
                Dim::Matrix(rows, columns)
            }
        };
        let entry = catalog::optimizer(&pick);
        if entry.reevaluates {
            return Err(format!(
                "`{}` takes gradients at points of its own, so it cannot go by given ones; \
                 follow it over a surface: gradlab optimize quadratic --optimizer {pick}",
                pick.key()
            ));
        }
        let optimizer = entry.build::<f64>(&pick);
        let first = optimizer.state(dim);
        let (mut state, mut param) = (first.clone(), start.flat());
        let mut steps = Vec::with_capacity(grads.len());
        for (index, grad) in grads.iter().enumerate() {
            if grad.dim() != start.dim() {
                let (given, wanted) = (grad.kind(), start.kind());
                return Err(format!(
                    "gradient {} is {given}, but the start is {wanted}",
                    index + 1
                ));
            }
            state.step += 1;
            optimizer.update(Update {
                lr: pick.number("lr"),
                dim,
                param: &mut param,
                grad: &grad.flat(),
                state: &mut state,
            });
            let value = start.shaped(&param);
            steps.push(Step { value, grad: grad.clone(), state: state.clone() });
        }
        Ok(Self { pick, steps, start, state: first })
    }

    /// Writes the worked example: before → after, for the state and the parameter (W).
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn write(&self, out: &mut impl Write, page: Page) -> io::Result<()> {
        let mut before = (&self.start, &self.state);
        for (index, Step { value, grad, state }) in self.steps.iter().enumerate() {
            let mut rows = vec![("∇L".to_owned(), show(grad))];
            let remembered = self.named(before.1).into_iter().zip(self.named(state));
            rows.extend(remembered.map(|((name, old), (_, new))| (name, format!("{old} → {new}"))));
            let change: Vec<_> =
                value.flat().iter().zip(before.0.flat()).map(|(new, old)| new - old).collect();
            let change = show(&value.shaped(&change));
            rows.push((
                "W".to_owned(),
                format!("{} → {}  (change {change})", show(before.0), show(value)),
            ));
            let names = column(rows.iter().map(|(name, _)| name.as_str()));
            let title = format!("step {}", index + 1);
            let indent = column([title.as_str()]);
            for (row, (name, text)) in rows.iter().enumerate() {
                let title = if row == 0 { title.as_str() } else { "" };
                let label = format!("{title:indent$}{name}");
                for line in page.beside(&label, indent + names, text) {
                    writeln!(out, "{line}")?;
                }
            }
            before = (value, state);
        }
        Ok(())
    }

    /// Everything in `state` by name, tensors in the shape of the parameter where they have as
    /// many elements.
    fn named(&self, state: &State<f64>) -> Vec<(String, String)> {
        let elements = self.start.flat().len();
        let tensors = state.tensors.iter().map(|(name, tensor)| {
            let nested = if tensor.len() == elements {
                self.start.shaped(tensor)
            } else {
                Nested::List(tensor.clone())
            };
            ((*name).to_owned(), show(&nested))
        });
        let scalars = state.scalars.iter().map(|(name, x)| ((*name).to_owned(), rounded(*x)));
        tensors.chain(scalars).collect()
    }
}

fn show(nested: &Nested<f64>) -> String {
    let list = |xs: &Vec<f64>| {
        let numbers: Vec<_> = xs.iter().copied().map(rounded).collect();
        format!("[{}]", numbers.join(", "))
    };
    match nested {
        Nested::Scalar(x) => rounded(*x),
        Nested::List(xs) => list(xs),
        Nested::Matrix(rows) => {
            format!("[{}]", rows.iter().map(list).collect::<Vec<_>>().join(", "))
        }
    }
}
