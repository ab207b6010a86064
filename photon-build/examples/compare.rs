//! Tells what has changed between two documents or locks: `cargo run --example compare -- OLD NEW`.

#![allow(clippy::print_stdout, reason = "it is a program")]

use std::process::ExitCode;

fn main() -> ExitCode {
    let mut files = std::env::args().skip(1);
    let (Some(old), Some(new)) = (files.next(), files.next()) else {
        println!("usage: compare OLD NEW");
        return ExitCode::FAILURE;
    };
    match photon_build::compare(old, new) {
        Ok(changes) => {
            println!("{}", changes.text());
            if changes.is_allowed() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
        }
        Err(error) => {
            println!("{error}");
            ExitCode::FAILURE
        }
    }
}
