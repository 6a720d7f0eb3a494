//! The `keyreeve` command: everything the window does, scriptable.
//!
//! **Architecture invariant.** It decides nothing: it reads arguments and secrets, calls the use
//! cases of `keyreeve-app`, and prints their answers. It links no web view.
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used))]

mod args;
mod commands;
mod context;
mod exit;
mod failure;
mod key_files;
mod output;
mod pad;
mod process;
mod progress;
mod secrets;
mod table;
mod terminal;
mod touch;
mod world;

use std::process::ExitCode;

use clap::Parser as _;

use crate::args::Cli;
use crate::progress::Interrupt;

fn main() -> ExitCode {
    if let Err(error) = process::forbid_core_dumps() {
        output::note(&format!("core dumps could not be switched off: {error}"));
    }
    let interrupt = match Interrupt::on_signals() {
        Ok(interrupt) => interrupt,
        Err(error) => {
            output::note(&format!("Ctrl-C will end the program at once: {error}"));
            Interrupt::default()
        }
    };
    match Cli::try_parse() {
        Ok(cli) => {
            let json = cli.global.json;
            output::finish(json, commands::run(cli, interrupt))
        }
        Err(error) => args::refuse(&error),
    }
}
