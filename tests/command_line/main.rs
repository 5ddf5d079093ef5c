//! The real program as it is typed: its output, messages, files and exit codes.

mod cli;
mod compare;
mod curvature;
mod data;
mod edits;
mod inputs;
mod landscape;
mod layer;
mod predict;
mod program;
mod rank;
mod resume;
mod run;
mod stress;
mod untrusted;
