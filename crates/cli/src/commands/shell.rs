//! Completion scripts and manual pages, made from the command line's own definition.

use std::path::PathBuf;

use clap::{Args, CommandFactory as _, ValueEnum as _};
use clap_complete::Shell;
use keyreeve_app::api::ErrorCode;
use serde_json::json;

use crate::args::Cli;
use crate::failure::Failure;
use crate::output::Answer;

const NAME: &str = "keyreeve";

/// Prints a completion script.
#[derive(Debug, Args)]
pub(crate) struct CompletionsArgs {
    /// The shell
    shell: Shell,
}

/// Writes files into a folder.
#[derive(Debug, Args)]
pub(crate) struct FolderArgs {
    /// The folder, which must be there
    #[arg(value_name = "DIR")]
    folder: PathBuf,
}

pub(crate) fn completions(args: &CompletionsArgs) -> Result<Answer, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), NAME, &mut script);
    let script = String::from_utf8_lossy(&script).into_owned();
    Answer::new(&json!({ "shell": args.shell.to_string(), "script": script }), script)
}

pub(crate) fn generate_man(args: &FolderArgs) -> Result<Answer, Failure> {
    clap_mangen::generate_to(Cli::command(), &args.folder)
        .map_err(|error| refused(args, &error))?;
    written(args)
}

pub(crate) fn generate_completions(args: &FolderArgs) -> Result<Answer, Failure> {
    for shell in Shell::value_variants() {
        clap_complete::generate_to(*shell, &mut Cli::command(), NAME, &args.folder)
            .map_err(|error| refused(args, &error))?;
    }
    written(args)
}

fn written(args: &FolderArgs) -> Result<Answer, Failure> {
    let folder = args.folder.display().to_string();
    Answer::new(&json!({ "folder": folder }), folder.as_str())
}

fn refused(args: &FolderArgs, error: &std::io::Error) -> Failure {
    let message = format!("{} could not be written into: {error}.", args.folder.display());
    Failure::with_cure(
        ErrorCode::Io,
        message,
        "Name a folder that is there and that you may write.",
    )
}
