use std::time::Duration;

/// A length of time as the contract has it; what is beyond it is too long for any server.
pub(crate) fn length(length: Duration) -> prost_types::Duration {
    let longest = prost_types::Duration { seconds: i64::MAX, nanos: 0 };
    prost_types::Duration::try_from(length).unwrap_or(longest)
}
