/// What goes wrong at a command: `EHLO`, `AUTH`, `MAIL`, `RCPT`, `DATA`, at the `.` that ends
/// a mail, or at the start, which is `CONNECT`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SmtpFault {
    /// It is answered with this line.
    Say(&'static str, &'static str),
    /// It is never answered.
    Hang(&'static str),
    /// The connection is closed.
    Close(&'static str),
}

impl SmtpFault {
    /// The command it is about.
    pub(super) fn at(&self) -> &'static str {
        match self {
            Self::Say(at, _) | Self::Hang(at) | Self::Close(at) => at,
        }
    }
}
