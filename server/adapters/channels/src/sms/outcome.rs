use super::account::Account;
use crate::{Channels, report::Said};
use umpire_notify::Outcome;
use umpire_outbound::Answer;

/// What a code other than success means. One that no table knows is a refusal, unless the
/// provider says that it is in trouble itself.
pub(super) fn outcome(
    channels: &Channels,
    account: &Account<'_>,
    answer: &Answer,
    said: &Said,
) -> Outcome {
    let known = channels.codes.outcome(account.channel, &said.code, &said.text);
    let unknown = if answer.status >= 500 { Outcome::Transient } else { Outcome::Permanent };
    known.unwrap_or(unknown)
}
