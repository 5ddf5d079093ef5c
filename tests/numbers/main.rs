//! What is computed: held to reference numbers, to finite differences and to itself.

mod golden;
mod gradients;
mod initializers;
mod instruction_sets;
mod norms;
mod optimizers;
mod pytorch;
mod reference;
mod regularization;
mod schedules;
mod surfaces;
mod sweep;
mod training;
mod whole;
