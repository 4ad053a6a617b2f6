//! The `seaworthy` program: arguments in, exit status out. Everything else is in the library.

use std::process::ExitCode;

use mimalloc::MiMalloc;

/// Questionnaires and records are many small texts, made on several threads.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    seaworthy::cli::run(std::env::args_os())
}
