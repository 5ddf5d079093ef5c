//! What an activation gives for numbers in any shape.

use serde::Serialize;

use crate::catalog;
use crate::cli::nested::Nested;
use crate::nn::activation::{Activation, Backward, Forward, Shape, curve};
use crate::nn::simd::padded;
use crate::spec::Pick;

/// The values of an activation, in the shape of its inputs.
#[derive(Debug, Serialize)]
pub struct Evaluated {
    /// The outputs.
    pub y: Nested<f32>,
    /// The derivative at each input, where there is one number for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dy_dx: Option<Nested<f32>>,
    /// ∂L/∂x, where ∂L/∂y was given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dx: Option<Nested<f32>>,
}

/// Evaluates `pick` at `x`: number by number, or sample by sample (the rows of `x`) if it sees a
/// whole sample. `upstream` is ∂L/∂y.
///
/// # Errors
/// If `upstream` has not the shape of y.
pub fn evaluate(
    pick: &Pick,
    x: &Nested<f32>,
    upstream: Option<&Nested<f32>>,
) -> Result<Evaluated, String> {
    let entry = catalog::activation(pick);
    let activation = entry.build::<f32>(pick);
    if entry.rowwise {
        return by_sample(activation.as_ref(), x, upstream);
    }
    let (y, dy_dx) = curve(activation.as_ref(), &x.flat(), 0);
    let y = x.shaped(&y);
    let dx = match upstream {
        Some(upstream) => {
            check_shape(upstream, &y)?;
            let both = upstream.flat().into_iter().zip(&dy_dx);
            Some(x.shaped(&both.map(|(up, slope)| up * slope).collect::<Vec<_>>()))
        }
        None => None,
    };
    Ok(Evaluated { y, dy_dx: Some(x.shaped(&dy_dx)), dx })
}

fn by_sample(
    activation: &dyn Activation<f32>,
    x: &Nested<f32>,
    upstream: Option<&Nested<f32>>,
) -> Result<Evaluated, String> {
    let (samples, units) = x.dim();
    let outputs = activation.outputs(units);
    let gated = activation.outputs(1) == 0;
    if gated && !units.is_multiple_of(2) {
        return Err(format!("a gated activation takes an even number of inputs, not {units}"));
    }
    let shape = Shape { units, columns: padded(samples), batch: samples };
    let theta = activation.learnable(units);
    let z = columns_of(&x.flat(), units);
    let mut a = vec![0.0; outputs * shape.columns];
    activation.forward(Forward { z: &z, a: &mut a, theta: &theta, chance: None, shape });
    let y = x.shaped(&samples_of(&a, shape));
    let dx = match upstream {
        Some(upstream) => {
            check_shape(upstream, &y)?;
            let mut dz = vec![0.0; z.len()];
            activation.backward(Backward {
                z: &z,
                a: &a,
                da: &columns_of(&upstream.flat(), outputs),
                dz: &mut dz,
                theta: &theta,
                dtheta: &mut theta.clone(),
                chance: None,
                shape,
            });
            Some(x.shaped(&samples_of(&dz, shape)))
        }
        None => None,
    };
    Ok(Evaluated { y, dy_dx: None, dx })
}

fn check_shape(upstream: &Nested<f32>, y: &Nested<f32>) -> Result<(), String> {
    if upstream.dim() == y.dim() {
        return Ok(());
    }
    Err(format!("the upstream gradient is {}, but y is {}", upstream.kind(), y.kind()))
}

/// Samples of `width` numbers as networks keep them: a sample a column, the last one repeated until
/// the columns are padded.
fn columns_of(samples: &[f32], width: usize) -> Vec<f32> {
    let count = samples.len() / width;
    let column =
        |unit: usize| (0..padded(count)).map(move |c| samples[c.min(count - 1) * width + unit]);
    (0..width).flat_map(column).collect()
}

/// What [`columns_of`] made of them, back as samples.
fn samples_of(columns: &[f32], shape: Shape) -> Vec<f32> {
    let rows = columns.chunks_exact(shape.columns);
    (0..shape.batch).flat_map(|sample| rows.clone().map(move |row| row[sample])).collect()
}
