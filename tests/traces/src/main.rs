//! Looks for secrets where none may be. It is told on its standard input, in JSON, which secrets and where, and answers
//! in JSON what it found; `tests/e2e/support/traces.mjs` shows how it is asked.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "its answer")]

mod files;
mod forms;
mod memory;
mod search;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::ExitCode;

use search::Search;
use serde::{Deserialize, Serialize};

/// What is asked.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Question {
    /// The secrets by name, in hexadecimal.
    secrets: BTreeMap<String, String>,
    /// Processes whose memory is to be searched.
    #[serde(default)]
    memory: Vec<u32>,
    /// Processes whose arguments and environment are to be searched.
    #[serde(default)]
    starts: Vec<u32>,
    /// Files, and folders with all that is in them.
    #[serde(default)]
    files: Vec<PathBuf>,
}

/// What was found.
#[derive(Default, Serialize)]
struct Answer {
    /// Bytes that were looked at.
    bytes: u64,
    /// Processes whose memory was looked at.
    processes: usize,
    /// Shapes of secrets that were looked for.
    patterns: usize,
    /// One entry for each secret, form and place.
    found: Vec<Trace>,
}

/// One secret in one place.
#[derive(Serialize)]
struct Trace {
    secret: String,
    form: &'static str,
    place: String,
    times: u64,
}

fn main() -> ExitCode {
    match answer() {
        Ok(answer) => {
            println!("{answer}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn answer() -> Result<String, Box<dyn std::error::Error>> {
    let question: Question = serde_json::from_reader(std::io::stdin())?;
    let mut patterns = Vec::new();
    for (name, text) in &question.secrets {
        patterns.extend(forms::of(name, &hex::decode(text)?));
    }
    let search = Search::of(patterns);
    let mut answer = Answer { patterns: search.patterns().len(), ..Answer::default() };
    let mut look = |place: &str, bytes: &[u8]| {
        answer.bytes += u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        for (pattern, times) in search.count(bytes) {
            answer.found.push(Trace {
                secret: pattern.secret.clone(),
                form: pattern.form,
                place: place.to_owned(),
                times,
            });
        }
    };
    let mut processes = 0;
    for process in question.memory {
        processes += usize::from(memory::of(process, &mut look)?);
    }
    for process in question.starts {
        files::start_of(process, &mut look)?;
    }
    for path in question.files {
        files::below(&path, &mut look)?;
    }
    answer.processes = processes;
    Ok(serde_json::to_string(&answer)?)
}
