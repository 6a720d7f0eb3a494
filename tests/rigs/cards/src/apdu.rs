//! What lies between the reader and the applications: chained commands, and answers in pieces.

use iso7816::command::class::Chain;
use iso7816::command::{Command, CommandView};
use iso7816::{Instruction, Status};

/// The longest command and the longest answer of the applications.
pub const LONGEST: usize = 7609;

/// Puts commands together and cuts answers up.
#[derive(Default)]
pub struct Pieces {
    command: Option<Command<LONGEST>>,
    answer: Vec<u8>,
}

/// What a command comes to.
pub enum Step {
    /// This is the answer.
    Answer(Vec<u8>),
    /// This is for an application.
    Ask(Box<Command<LONGEST>>),
}

impl Pieces {
    /// Takes a command as it came.
    pub fn take(&mut self, bytes: &[u8]) -> Step {
        let Ok(command) = CommandView::try_from(bytes) else {
            return Step::Answer(status(Status::WrongLength));
        };
        if command.instruction() == Instruction::GetResponse {
            return Step::Answer(self.piece(command.expected()));
        }
        self.answer.clear();
        let whole = match self.command.take() {
            None => Command::try_from(bytes).ok(),
            Some(mut begun) => begun.extend_from_command_view(command).is_ok().then_some(begun),
        };
        match (whole, command.class().chain()) {
            (None, _) => Step::Answer(status(Status::NotEnoughMemory)),
            (Some(whole), Chain::NotTheLast) => {
                self.command = Some(whole);
                Step::Answer(status(Status::Success))
            }
            (Some(whole), _) => Step::Ask(Box::new(whole)),
        }
    }

    /// Answers with an application's answer, or its beginning.
    pub fn answer(&mut self, expected: usize, extended: bool, answer: &[u8]) -> Vec<u8> {
        if extended && expected >= answer.len() {
            return [answer, &status(Status::Success)].concat();
        }
        self.answer = answer.to_vec();
        self.piece(expected.min(256))
    }

    fn piece(&mut self, expected: usize) -> Vec<u8> {
        let len = self.answer.len().min(if expected == 0 { 256 } else { expected.min(256) });
        let rest = self.answer.split_off(len);
        let piece = std::mem::replace(&mut self.answer, rest);
        let more = u8::try_from(self.answer.len()).unwrap_or(0);
        let status =
            if self.answer.is_empty() { Status::Success } else { Status::MoreAvailable(more) };
        [piece, self::status(status)].concat()
    }
}

/// The two bytes of a status.
pub fn status(status: Status) -> Vec<u8> {
    let bytes: [u8; 2] = status.into();
    bytes.to_vec()
}
