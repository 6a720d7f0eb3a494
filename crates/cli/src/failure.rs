//! Why a command did not do what was asked.

use keyreeve_app::Error;
use keyreeve_app::api::{ErrorCode, ErrorView};

/// An error as it is printed: a code, what happened, what to do.
#[derive(Debug)]
pub(crate) struct Failure(pub(crate) ErrorView);

impl Failure {
    /// With the usual cure of its code.
    pub(crate) fn of(code: ErrorCode, message: impl Into<String>) -> Self {
        Self::with_cure(code, message, code.cure())
    }

    /// With a cure of its own.
    pub(crate) fn with_cure(
        code: ErrorCode,
        message: impl Into<String>,
        cure: impl Into<String>,
    ) -> Self {
        Self(ErrorView { code, message: message.into(), cure: cure.into() })
    }

    /// A wrong use of the command.
    pub(crate) fn usage(message: impl Into<String>, cure: impl Into<String>) -> Self {
        Self::with_cure(ErrorCode::InvalidRequest, message, cure)
    }

    /// Ctrl-C, or a question answered with no.
    pub(crate) fn cancelled() -> Self {
        Self::of(ErrorCode::Cancelled, "Cancelled.")
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self(error.view())
    }
}
