//! The `gradlab` program: see [`gradlab::cli`].

use std::process::ExitCode;

fn main() -> ExitCode {
    gradlab::cli::main()
}
