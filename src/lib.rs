//! A laboratory for neural networks in a terminal.
//!
//! Arrows between the rooms point one way only:
//! `rng, spec, parallel, hash, file, text, machine, aligned ← nn, data, surface ← optim ← catalog ← experiment ← train ← compare ← export ←
//! tui, cli`.
//! `docs/ARCHITECTURE.md` says what lives where and what never enters.

// Text goes through `cli::output`.
#![warn(clippy::print_stdout, clippy::print_stderr)]

pub mod aligned;
pub mod catalog;
pub mod cli;
pub mod compare;
pub mod data;
pub mod experiment;
pub mod export;
pub mod file;
pub mod hash;
pub mod machine;
pub mod nn;
pub mod optim;
pub mod parallel;
pub mod rng;
pub mod spec;
pub mod surface;
pub mod text;
pub mod train;
pub mod tui;
