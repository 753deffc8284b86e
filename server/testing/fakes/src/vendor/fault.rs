use std::time::Duration;

/// What goes wrong with a call. The vendor does what it was asked only where that is said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// The vendor does its work, but answers so much later.
    Delay(Duration),
    /// The call is read and never answered.
    Hang,
    /// The connection is closed when the call starts to come in; it is not among
    /// [`calls`](super::FakeVendor::calls).
    CloseBeforeRead,
    /// The vendor does its work, but the answer is lost: the connection is closed.
    CloseAfterRead,
    /// This status, with these headers and this body.
    Status(u16, Vec<(String, String)>, String),
    /// 200, and the beginning of JSON.
    GarbageJson,
    /// 200, and no body.
    Empty200,
    /// 302 to there.
    Redirect(String),
    /// The vendor does its work, and answers a byte each second.
    SlowDrip,
    /// 200, and a body of so many bytes.
    HugeBody(usize),
}
