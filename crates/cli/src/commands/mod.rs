//! The commands, one file for each group.

pub(crate) mod audit;
pub(crate) mod backup;
pub(crate) mod byok;
pub(crate) mod card;
pub(crate) mod cert;
pub(crate) mod describe;
pub(crate) mod examine;
pub(crate) mod init;
pub(crate) mod inventory;
pub(crate) mod key;
mod lock;
pub(crate) mod public;
mod run_due;
pub(crate) mod shell;
pub(crate) mod slot;
pub(crate) mod status;

use crate::args::{Cli, Command};
use crate::context::Context;
use crate::failure::Failure;
use crate::output::Answer;
use crate::progress::Interrupt;

/// Runs a command.
pub(crate) fn run(cli: Cli, interrupt: Interrupt) -> Result<Answer, Failure> {
    let context = &Context::new(cli.global, interrupt)?;
    match cli.command {
        Command::Init(args) => init::run(context, &args),
        Command::Status(args) => status::run(context, &args),
        Command::Key(command) => key::run(context, *command),
        Command::Audit(command) => audit::run(context, command),
        Command::Inventory(args) => inventory::run(context, args),
        Command::Byok(args) => byok::run(context, args),
        Command::Cert(command) => cert::run(context, command),
        Command::Public(command) => public::run(context, command),
        Command::Card(command) => card::run(&command),
        Command::Examine(args) => examine::run(context, args),
        Command::Backup(command) => backup::run(context, command),
        Command::Slot(command) => slot::run(context, command),
        Command::RunDue => run_due::run(context),
        Command::Lock => lock::run(),
        Command::Completions(args) => shell::completions(&args),
        Command::GenerateMan(args) => shell::generate_man(&args),
        Command::GenerateCompletions(args) => shell::generate_completions(&args),
    }
}
