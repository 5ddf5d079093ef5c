//! Networks: layers, dense and recurrent, activations, losses, initializers and the kernels under them.
//!
//! Knows nothing of threads, clocks, files or printing. Every matrix of a batch is stored features
//! by samples (`[units][columns]`), the samples padded to a whole number of [`simd::LANES`], so
//! that the innermost loop always runs over adjacent samples.

pub mod activation;
mod buffer;
pub mod build;
pub mod chance;
pub mod dual;
mod flow;
pub mod init;
pub mod kernel;
pub mod layer;
pub mod loss;
mod math;
pub mod network;
pub mod norm;
pub mod real;
pub mod simd;
pub mod tensor;
pub mod transform;

pub use activation::Activation;
pub use dual::Dual;
pub use layer::Layer;
pub use loss::Loss;
pub use network::Network;
pub use real::Real;
pub use tensor::Tensor;
