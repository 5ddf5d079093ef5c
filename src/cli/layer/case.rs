//! A recurrent layer with a sequence from a file.

use std::path::Path;

use ndarray::Array2;
use serde_json::{Map, Value, json};

use crate::catalog::{self, Kind};
use crate::cli::case::Fields;
use crate::cli::failure::Failure;
use crate::cli::nested::Nested;
use crate::machine::{self, Bytes};
use crate::nn::simd::padded;
use crate::nn::tensor::{Role, Tensor};
use crate::nn::transform::{Backward, Forward, InputGradient, Inputs, Samples, Scratch};
use crate::spec::{self, Pick};

/// What a case may have.
const KNOWN: [&str; 9] = [
    "name",
    "params",
    "x",
    "weight_ih",
    "weight_hh",
    "bias_ih",
    "bias_hh",
    "upstream_last",
    "upstream_all",
];
/// What it may say of the result.
const ANSWERS: [&str; 4] = ["output", "gradients_last", "gradients_all", "source"];
/// The words for parameters in such cases, and the parameters' own names.
const RENAMED: [(&str, &str); 1] = [("activation", "nonlinearity")];
/// Numbers that are kept of a unit and step, at most, with the state and its copies.
const KEPT: usize = 10;

/// A matrix for each sample, a step a row.
type Sequences = Vec<Vec<Vec<f32>>>;

/// A case that has been read.
pub(super) struct Given {
    pick: Pick,
    x: Sequences,
    tensors: Vec<Tensor<f32>>,
    /// Of one step.
    last: Option<Sequences>,
    all: Option<Sequences>,
    units: usize,
}

impl Given {
    /// Reads the case in a file.
    pub fn read(path: &Path) -> Result<Self, Failure> {
        let case = Fields::read(path, &KNOWN, &ANSWERS)?;
        let pick = case.entry(Kind::Layer, "name", &RENAMED)?;
        let Some(recurrence) = catalog::layer(&pick).recurrence else {
            let reason = format!("`{}` takes no sequence: use rnn, gru or lstm", pick.key());
            return Err(case.wrong(&reason));
        };
        let x = sequences(&case, "x")?;
        let (steps, features) = (x[0].len(), x[0][0].len());
        let units = case.required::<f32>("weight_hh")?.dim().1;
        let rows = recurrence.gates * units;
        let tensors = [
            ("weight_ih", Role::Weight, (rows, features)),
            ("weight_hh", Role::Weight, (rows, units)),
            ("bias_ih", Role::Vector, (1, rows)),
            ("bias_hh", Role::Vector, (1, rows)),
        ];
        let tensors = tensors.into_iter().map(|it| tensor(&case, it)).collect::<Result<_, _>>()?;
        let last = case.optional::<f32>("upstream_last")?;
        let last = last.map(|last| last.rows().into_iter().map(|row| vec![row]).collect());
        let all = case.count("upstream_all").map(|_| sequences(&case, "upstream_all"));
        let (last, all) = (
            last.map(|it| shaped(&case, "upstream_last", it, (x.len(), 1, units))).transpose()?,
            all.transpose()?
                .map(|it| shaped(&case, "upstream_all", it, (x.len(), steps, units)))
                .transpose()?,
        );
        let numbers = (KEPT * units).saturating_add(4 * features).saturating_mul(steps);
        let bytes = numbers.saturating_mul(padded(x.len())).saturating_mul(size_of::<f32>());
        if bytes as u64 > machine::limit() {
            let bytes = Bytes(bytes as f64);
            let reason = format!("about {bytes} of memory would be needed: use fewer steps");
            return Err(case.wrong(&reason));
        }
        Ok(Self { pick, x, tensors, last, all, units })
    }

    /// Outputs and gradients.
    pub fn answer(mut self) -> Value {
        let mut answer = Map::new();
        let (output, _) = self.pass(true, None);
        answer.insert("output".to_owned(), output);
        for (key, upstream, sequences) in
            [("gradients_last", self.last.take(), false), ("gradients_all", self.all.take(), true)]
        {
            if let Some(upstream) = upstream {
                answer.insert(key.to_owned(), self.pass(sequences, Some(&upstream)).1);
            }
        }
        Value::Object(answer)
    }

    /// The outputs, and the gradients of their product with `upstream`, where there is one.
    fn pass(&mut self, sequences: bool, upstream: Option<&Sequences>) -> (Value, Value) {
        let (samples, steps) = (self.x.len(), self.x[0].len());
        let columns = padded(samples);
        let mut pick = self.pick.clone();
        // Every recurrent layer has it.
        let _ = pick.set("return_sequences", spec::Value::Flag(sequences));
        let transform = catalog::layer(&pick).build::<f32>(&pick, steps);
        let x = columns_of(&self.x, columns);
        let handed_on = if sequences { steps } else { 1 };
        let mut z = vec![0.0; handed_on * self.units * columns];
        let mut scratch = Scratch::default();
        let (tensors, pass) = (&mut self.tensors[..], &mut scratch);
        transform.forward(Forward { tensors, x: &x, z: &mut z, scratch: pass, columns });
        let output = samples_of(&z, (samples, handed_on, self.units), columns);
        let Some(upstream) = upstream else { return (output, Value::Null) };
        // Padding gets no gradient.
        let mut dz = columns_of(upstream, columns);
        for row in dz.chunks_exact_mut(columns) {
            row[samples..].fill(0.0);
        }
        let (inputs, batch) = (Inputs { x: &x, xt: None }, samples);
        let of = Samples { batch, columns };
        let (pass, gradient) = (&mut scratch, &mut dz);
        transform.backward(Backward { tensors, inputs, dz: gradient, scratch: pass, samples: of });
        let mut dx = vec![0.0; x.len()];
        let (tensors, scratch, dz) = (&*tensors, &scratch, &dz[..]);
        transform.input_gradient(InputGradient { tensors, dz, scratch, dx: &mut dx, columns });
        let features = self.x[0][0].len();
        let mut gradients = Map::new();
        gradients.insert("x".to_owned(), samples_of(&dx, (samples, steps, features), columns));
        for tensor in tensors {
            let rows: Vec<_> = tensor.grad.rows().into_iter().map(|row| row.to_vec()).collect();
            let value =
                if tensor.role == Role::Weight { json!(rows) } else { json!(rows.concat()) };
            gradients.insert(tensor.name.to_owned(), value);
        }
        (output, Value::Object(gradients))
    }
}

/// The matrices in the list `key`, of one shape.
fn sequences(case: &Fields, key: &str) -> Result<Sequences, Failure> {
    let samples: Sequences = case.each::<f32>(key)?.iter().map(Nested::rows).collect();
    let dim = |sample: &Vec<Vec<f32>>| (sample.len(), sample.first().map_or(0, Vec::len));
    let Some(first) = samples.first().map(dim) else {
        return Err(case.wrong(&format!("`{key}` is empty")));
    };
    if let Some(at) = samples.iter().position(|sample| dim(sample) != first) {
        let ((steps, numbers), (first, of_first)) = (dim(&samples[at]), first);
        let reason = format!(
            "`{key}[{at}]` has {steps} steps of {numbers}, but `{key}[0]` has {first} of {of_first}"
        );
        return Err(case.wrong(&reason));
    }
    Ok(samples)
}

/// `sequences` of the field `key`, if they are so many samples of so many steps and numbers.
fn shaped(
    case: &Fields,
    key: &str,
    sequences: Sequences,
    (samples, steps, numbers): (usize, usize, usize),
) -> Result<Sequences, Failure> {
    let fits = sequences.len() == samples
        && sequences.iter().all(|it| it.len() == steps && it.iter().all(|it| it.len() == numbers));
    if fits {
        return Ok(sequences);
    }
    let of = if steps == 1 { String::new() } else { format!("{steps} × ") };
    Err(case.wrong(&format!("`{key}` must be {samples} × {of}{numbers}")))
}

/// The tensor in the field of its name.
fn tensor(
    case: &Fields,
    (name, role, dim): (&'static str, Role, (usize, usize)),
) -> Result<Tensor<f32>, Failure> {
    let given = case.required::<f32>(name)?;
    let wanted = format!("{} × {}", dim.0, dim.1);
    let value = Array2::from_shape_vec(dim, given.flat());
    match value {
        Ok(value) if given.dim() == dim => Ok(match role {
            Role::Weight => Tensor::weight(name, value),
            Role::Vector | Role::Buffer => Tensor::vector(name, given.flat()),
        }),
        _ => {
            let wanted = if dim.0 == 1 { format!("a list of {}", dim.1) } else { wanted };
            Err(case.wrong(&format!("`{name}` is {}, but must be {wanted}", given.kind())))
        }
    }
}

/// Step after step, each features × columns: a sample a column, the last one repeated.
fn columns_of(samples: &Sequences, columns: usize) -> Vec<f32> {
    let last = samples.len() - 1;
    let (steps, numbers) = (samples[0].len(), samples[0][0].len());
    let row = |step: usize, number: usize| {
        (0..columns).map(move |column| samples[column.min(last)][step][number])
    };
    (0..steps).flat_map(|step| (0..numbers).flat_map(move |number| row(step, number))).collect()
}

/// What [`columns_of`] made, back as samples.
fn samples_of(
    values: &[f32],
    (samples, steps, numbers): (usize, usize, usize),
    columns: usize,
) -> Value {
    let at = |sample, step, number| values[(step * numbers + number) * columns + sample];
    let rows = |sample| -> Vec<Vec<f32>> {
        (0..steps)
            .map(|step| (0..numbers).map(|number| at(sample, step, number)).collect())
            .collect()
    };
    json!((0..samples).map(rows).collect::<Vec<_>>())
}
