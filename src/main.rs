//! The `gradlab` program: see [`gradlab::cli`].

fn main() {}
