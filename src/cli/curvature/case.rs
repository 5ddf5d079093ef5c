//! A small network with its data from a file.

use std::path::Path;

use ndarray::Array2;

use super::report::{Extra, Report};
use crate::catalog::{self, Kind};
use crate::cli::case::Fields;
use crate::cli::failure::Failure;
use crate::cli::nested::Nested;
use crate::nn::activation::Entry;
use crate::nn::build::Float;
use crate::nn::network::Batch;
use crate::nn::simd::padded;
use crate::nn::{Layer, Network};
use crate::spec::Pick;
use crate::train::curvature::{self, Objective, Preconditioner};

/// What a case may have.
const KNOWN: [&str; 9] =
    ["layers", "activations", "loss", "x", "y", "parameters", "direction", "second_moment", "eps"];
/// What it may say of the result.
const ANSWERS: [&str; 10] = [
    "value",
    "gradient",
    "gradient_norm",
    "hessian_times_direction",
    "largest_eigenvalues",
    "smallest_eigenvalue",
    "trace",
    "preconditioned_largest",
    "name",
    "source",
];
/// The seed of the directions in which curvature is looked for.
const SEED: u64 = 0;
/// Adam's default.
const EPS: f64 = 1e-8;

/// A case that has been read.
pub(super) struct Given {
    objective: Objective,
    at: Vec<f64>,
    direction: Option<Vec<f64>>,
    /// √v + ε.
    divisors: Option<Vec<f64>>,
}

impl Given {
    /// Reads the case in a file.
    pub fn read(path: &Path) -> Result<Self, Failure> {
        let case = Fields::read(path, &KNOWN, &ANSWERS)?;
        let shape = Shape::read(&case)?;
        let at = case.required::<f64>("parameters")?.flat();
        let least = shape.least_parameters();
        if least > at.len() {
            let given = at.len();
            let reason = format!("`parameters` has {given} numbers, but the network has {least}");
            return Err(case.wrong(&reason));
        }
        let (plain, dual) = (shape.network(&at), shape.network(&at));
        let objective = Objective::on_batch((plain, dual), shape.batch(&case)?);
        let count = objective.len();
        let as_many = |key: &str, numbers: Vec<f64>| {
            let given = numbers.len();
            let reason =
                || format!("`{key}` has {given} numbers, but the network has {count} parameters");
            if given == count { Ok(numbers) } else { Err(case.wrong(&reason())) }
        };
        let at = as_many("parameters", at)?;
        let vector = |key: &str| {
            let numbers = case.optional::<f64>(key)?;
            numbers.map(|numbers| as_many(key, numbers.flat())).transpose()
        };
        let (direction, moment) = (vector("direction")?, vector("second_moment")?);
        let eps = match case.optional("eps")? {
            None => EPS,
            Some(Nested::Scalar(eps)) if eps >= 0.0 => eps,
            Some(_) => return Err(case.wrong("`eps` must be a number of 0 or more")),
        };
        if moment.iter().flatten().any(|&v| v < 0.0 || v.sqrt() + eps <= 0.0) {
            return Err(
                case.wrong("`second_moment` must be of numbers of 0 or more, above 0 with `eps`")
            );
        }
        let divisors = moment.map(|v| v.iter().map(|v| v.sqrt() + eps).collect());
        Ok(Self { objective, at, direction, divisors })
    }

    /// Its curvature.
    pub fn report(self) -> Report {
        let Self { mut objective, at, direction, divisors } = self;
        let curvature = curvature::measure(&mut objective, &at, SEED);
        let product = direction.map(|direction| objective.hessian_product(&at, &direction));
        let preconditioned = divisors.and_then(|divisors| {
            let preconditioner = Preconditioner::of_divisors(&divisors);
            preconditioner.largest(&mut objective, &at, SEED).map(|(value, _)| value)
        });
        Report::of_case(&objective, curvature, Extra { product, preconditioned })
    }
}

/// The network of a case.
struct Shape {
    /// Inputs, then the outputs of each layer before its activation.
    sizes: Vec<usize>,
    activations: Vec<Pick>,
    loss: Pick,
}

impl Shape {
    fn read(case: &Fields) -> Result<Self, Failure> {
        let whole = |x: f64| (x >= 1.0 && x.fract() == 0.0 && x < 1e6).then_some(x as usize);
        let sizes = case.required::<f64>("layers")?.flat();
        let sizes: Option<Vec<usize>> = sizes.into_iter().map(whole).collect();
        let sizes = sizes.filter(|sizes| sizes.len() > 1).ok_or_else(|| {
            case.wrong("`layers` must be of two or more whole numbers from 1: inputs, then units")
        })?;
        let activations = case.texts("activations")?;
        if activations.len() + 1 != sizes.len() {
            let (given, wanted) = (activations.len(), sizes.len() - 1);
            return Err(case.wrong(&format!(
                "`activations` has {given} names, but there are {wanted} layers"
            )));
        }
        let parse = |kind: Kind, name: &str| {
            kind.parse(name).map_err(|error| case.wrong(&error.to_string()))
        };
        let activations: Vec<Pick> = activations
            .into_iter()
            .map(|name| parse(Kind::Activation, name))
            .collect::<Result<_, _>>()?;
        let paired = |pick: &&Pick| catalog::activation(pick).pairs;
        if let Some(pick) = activations.iter().find(paired) {
            let reason = format!("`{pick}` halves its units; a case has none of these");
            return Err(case.wrong(&reason));
        }
        let loss = match case.text("loss")? {
            // PyTorch's name.
            "bce_with_logits" => parse(Kind::Loss, "bce")?,
            name => parse(Kind::Loss, name)?,
        };
        Ok(Self { sizes, activations, loss })
    }

    /// The network with these parameters, as far as there are as many.
    /// Its weights and biases.
    fn least_parameters(&self) -> usize {
        let layers = self.sizes.windows(2).map(|sizes| (sizes[0] + 1).saturating_mul(sizes[1]));
        layers.fold(0, usize::saturating_add)
    }

    fn network<F: Float>(&self, parameters: &[f64]) -> Network<F> {
        let entry: &Entry = catalog::activation(&self.activations[self.activations.len() - 1]);
        let fused = catalog::loss(&self.loss).fuses() == Some(entry.card.key);
        let mut numbers = parameters.iter().copied().map(F::of);
        let layers = self.sizes.windows(2).zip(&self.activations).enumerate();
        let layers = layers.map(|(index, (sizes, pick))| {
            let (inputs, units) = (sizes[0], sizes[1]);
            let last = index + 1 == self.activations.len();
            let identity = Pick::new(crate::nn::activation::TABLE[0].card);
            let pick = if last && fused { &identity } else { pick };
            let weight = Array2::from_elem((units, inputs), F::ZERO);
            let activation = catalog::activation(pick).build(pick);
            let mut layer = Layer::new(weight, vec![F::ZERO; units], activation);
            for tensor in layer.trained_mut() {
                for (place, number) in tensor.parts_mut().0.iter_mut().zip(numbers.by_ref()) {
                    *place = number;
                }
            }
            layer
        });
        Network::new(layers.collect(), catalog::loss(&self.loss).build(&self.loss))
    }

    fn batch(&self, case: &Fields) -> Result<Batch<f64>, Failure> {
        let (inputs, outputs) = (self.sizes[0], self.sizes[self.sizes.len() - 1]);
        let rows = |key: &str| -> Result<Vec<Vec<f64>>, Failure> {
            Ok(match case.required::<f64>(key)? {
                // A number a sample.
                Nested::List(xs) => xs.into_iter().map(|x| vec![x]).collect(),
                other => other.rows(),
            })
        };
        let (x, y) = (rows("x")?, rows("y")?);
        if x[0].len() != inputs {
            let given = x[0].len();
            return Err(
                case.wrong(&format!("`x` has {given} columns, but there are {inputs} inputs"))
            );
        }
        if x.len() != y.len() {
            let (x, y) = (x.len(), y.len());
            return Err(case.wrong(&format!("`x` has {x} rows, but `y` has {y}")));
        }
        let target = if y[0].len() == outputs {
            y
        } else if y[0].len() == 1 {
            let one_hot = |row: &Vec<f64>| {
                let class = (0..outputs).find(|&class| class as f64 == row[0])?;
                Some((0..outputs).map(|k| f64::from(u8::from(k == class))).collect())
            };
            let wrong = || case.wrong(&format!("`y` must be of classes from 0 to {}", outputs - 1));
            y.iter().map(one_hot).collect::<Option<_>>().ok_or_else(wrong)?
        } else {
            let given = y[0].len();
            return Err(
                case.wrong(&format!("`y` has {given} columns, but there are {outputs} outputs"))
            );
        };
        let (len, x, target) = (x.len(), by_feature(&x), by_feature(&target));
        Ok(Batch { x, target, len, ..Batch::default() })
    }
}

/// Rows in the network's layout, the padding a copy of the last.
fn by_feature(rows: &[Vec<f64>]) -> Vec<f64> {
    let columns = padded(rows.len());
    let row = |feature: usize| (0..columns).map(move |i| rows[i.min(rows.len() - 1)][feature]);
    (0..rows[0].len()).flat_map(row).collect()
}
