//! The `gradlab` program: see [`gradlab::cli`].

use std::process::ExitCode;

use gradlab::aligned::Aligned;

#[global_allocator]
static ALLOCATOR: Aligned = Aligned;

fn main() -> ExitCode {
    gradlab::cli::main()
}
