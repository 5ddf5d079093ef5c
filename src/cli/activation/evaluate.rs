//! What an activation gives for numbers in any shape.

use serde::Serialize;

use crate::catalog;
use crate::cli::nested::Nested;
use crate::nn::activation::{Activation, Backward, Forward, Shape, curve};
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
    let activation = (entry.f32)(pick);
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
    let shape = Shape { units, columns: samples, batch: samples };
    let outputs = activation.outputs(units);
    let theta = activation.learnable(units);
    let z = transposed(&x.flat(), samples, units);
    let mut a = vec![0.0; outputs * samples];
    activation.forward(Forward { z: &z, a: &mut a, theta: &theta, shape });
    let y = x.shaped(&transposed(&a, outputs, samples));
    let dx = match upstream {
        Some(upstream) => {
            check_shape(upstream, &y)?;
            let da = transposed(&upstream.flat(), samples, outputs);
            let mut dz = vec![0.0; units * samples];
            let mut dtheta = theta.clone();
            activation.backward(Backward {
                z: &z,
                a: &a,
                da: &da,
                dz: &mut dz,
                theta: &theta,
                dtheta: &mut dtheta,
                shape,
            });
            Some(x.shaped(&transposed(&dz, units, samples)))
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

/// A matrix with rows and columns exchanged: networks keep a sample a column.
fn transposed(values: &[f32], rows: usize, columns: usize) -> Vec<f32> {
    (0..columns).flat_map(|c| (0..rows).map(move |r| values[r * columns + c])).collect()
}
