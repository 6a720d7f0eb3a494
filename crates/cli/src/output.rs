//! What goes to stdout and stderr, and the exit code.

use std::io::{self, ErrorKind, Write as _};
use std::process::ExitCode;

use keyreeve_app::api::{ErrorCode, ErrorView};
use serde::Serialize;

use crate::exit;
use crate::failure::Failure;

/// What a command has to say, in both forms.
pub(crate) struct Answer {
    json: String,
    text: String,
    exit: u8,
}

impl Answer {
    /// `view` for programs, `text` for people.
    pub(crate) fn new(view: &impl Serialize, text: impl Into<String>) -> Result<Self, Failure> {
        let json = serde_json::to_string(view)
            .map_err(|error| Failure::of(ErrorCode::Internal, error.to_string()))?;
        Ok(Self { json, text: text.into(), exit: 0 })
    }

    /// The same with an exit code: what was asked was done, but not all was well.
    pub(crate) fn with_exit(mut self, exit: u8) -> Self {
        self.exit = exit;
        self
    }
}

/// Prints what came of a command and says with what the process ends.
pub(crate) fn finish(json: bool, outcome: Result<Answer, Failure>) -> ExitCode {
    match outcome {
        Ok(answer) => print(if json { &answer.json } else { &answer.text }, answer.exit),
        Err(failure) => refuse(json, &failure.0),
    }
}

/// Prints an error: on stdout as JSON, or on stderr in words.
pub(crate) fn refuse(json: bool, error: &ErrorView) -> ExitCode {
    let code = exit::code(error.code);
    if json {
        return print(&error_json(error), code);
    }
    note(&format!("{}\n{}", error.message, error.cure));
    ExitCode::from(code)
}

/// Prints to stdout. A reader that went away is no error; a full disk is.
pub(crate) fn print(text: &str, code: u8) -> ExitCode {
    match write_out(text) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            note(&format!("The answer could not be written: {error}."));
            ExitCode::from(if code == 0 { exit::IO } else { code })
        }
        _ => ExitCode::from(code),
    }
}

/// Prints a line to stderr, as far as there is one.
pub(crate) fn note(text: &str) {
    // Where stderr is closed there is nobody to tell.
    _ = writeln!(io::stderr().lock(), "{text}");
}

fn write_out(text: &str) -> io::Result<()> {
    if text.is_empty() {
        return Ok(());
    }
    let mut out = io::stdout().lock();
    out.write_all(text.as_bytes())?;
    if !text.ends_with('\n') {
        out.write_all(b"\n")?;
    }
    out.flush()
}

fn error_json(error: &ErrorView) -> String {
    serde_json::json!({ "error": error }).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_is_one_json_document_with_code_message_and_cure() {
        let failure = Failure::usage("“x” is no key.", "Name one.");
        assert_eq!(
            error_json(&failure.0),
            r#"{"error":{"code":"invalid_request","cure":"Name one.","message":"“x” is no key."}}"#
        );
    }
}
