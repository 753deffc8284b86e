use std::process::ExitCode;
use umpire_client::{Code, Error, v1::ErrorReason};

/// How the program ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Exit(u8);

impl Exit {
    /// Done.
    pub const DONE: Self = Self(0);
    /// Done, and the answer is no: blocked, different, failed, rejected.
    pub const NEGATIVE: Self = Self(1);
    /// The command, a file or a name in it is wrong, or a limit is reached.
    pub const USAGE: Self = Self(2);
    /// The key may not do that.
    pub const FORBIDDEN: Self = Self(3);
    /// The server is away or has too much to do.
    pub const AWAY: Self = Self(4);
    /// Something that should not happen.
    pub const INTERNAL: Self = Self(5);

    /// NEGATIVE if `negative`, else DONE.
    pub fn negative_if(negative: bool) -> Self {
        if negative { Self::NEGATIVE } else { Self::DONE }
    }

    /// What an error of the server means.
    pub fn of(error: &Error) -> Self {
        if error.reason() == ErrorReason::TestsFailed {
            return Self::NEGATIVE;
        }
        // Another server stands where ours should be.
        if error.is_not_grpc() {
            return Self::AWAY;
        }
        match error.code() {
            Code::Ok => Self::DONE,
            Code::InvalidArgument
            | Code::NotFound
            | Code::AlreadyExists
            | Code::FailedPrecondition
            | Code::Aborted
            | Code::OutOfRange => Self::USAGE,
            // Without a time to come back it is a limit, and limits do not pass.
            Code::ResourceExhausted if error.retry_after().is_none() => Self::USAGE,
            Code::Unauthenticated | Code::PermissionDenied => Self::FORBIDDEN,
            Code::Unavailable | Code::ResourceExhausted | Code::DeadlineExceeded => Self::AWAY,
            Code::Internal
            | Code::Unknown
            | Code::Unimplemented
            | Code::Cancelled
            | Code::DataLoss => Self::INTERNAL,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.0)
    }
}
