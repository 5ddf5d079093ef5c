//! Parameters as numpy reads them.

use std::io::{Seek, Write};

use ndarray::Axis;
use ndarray_npy::{NpzWriter, WriteNpzError};

use crate::nn::tensor::Role;
use crate::train::engine::Parameters;

/// Adds the tensors of `layers`: `layer1.weight` (units × inputs), `layer1.bias` (units) and so on,
/// with `layerN.theta` where an activation learns, and with `layerN.gamma`, `beta`, `running_mean`
/// and `running_var` where a layer is normalised.
///
/// # Errors
/// If `npz` cannot be written to.
pub fn add_parameters<W: Write + Seek>(
    npz: &mut NpzWriter<W>,
    layers: &[Parameters],
) -> Result<(), WriteNpzError> {
    for (number, layer) in (1..).zip(layers) {
        for tensor in layer {
            let name = format!("layer{number}.{}", tensor.name);
            match tensor.role {
                Role::Weight => npz.add_array(name, &tensor.value)?,
                Role::Vector | Role::Buffer => {
                    npz.add_array(name, &tensor.value.index_axis(Axis(0), 0))?;
                }
            }
        }
    }
    Ok(())
}
