//! What is computed: held to reference numbers, to finite differences and to itself.

mod branches;
mod checkpoints;
mod curvature;
mod diagnosis;
mod golden;
mod gradients;
mod initializers;
mod instruction_sets;
mod landscape;
mod live_edits;
mod norms;
mod optimizers;
mod pytorch;
mod reference;
mod regularization;
mod resume;
mod schedules;
mod scripts;
mod seeds;
mod state_at_a_step;
mod surfaces;
mod sweep;
mod targets;
mod training;
mod walks;
mod whole;
