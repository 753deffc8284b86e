use crate::{Candidate, HistoryEntry, Offence, Origin, Sanction, State};
use umpire_model::{NextStep, SanctionId};

/// The sanction that a crossing brings, or would if nothing suppressed it: then it is
/// DONE at once, and nobody is told.
pub(super) fn sanction(
    offence: &Offence,
    candidate: &Candidate,
    id: SanctionId,
    next: NextStep,
    suppressed_by: Option<String>,
) -> Sanction {
    let rule = &candidate.rule;
    let start_time = offence.time;
    let seconds = next.seconds.map(|seconds| i64::try_from(seconds).unwrap_or(i64::MAX));
    let first = first_state(candidate, offence, suppressed_by.as_deref());
    Sanction {
        id,
        tenant: offence.tenant.clone(),
        subject: offence.subject.clone(),
        kind: next.kind,
        state: first.state,
        origin: Origin::Automatic,
        operator: String::new(),
        start_time,
        end_time: seconds.map(|seconds| start_time.plus_seconds(seconds)),
        permanent: next.permanent,
        kick_online: rule.kick_online,
        reason: rule.reason.clone(),
        player_message: rule.player_message.clone(),
        remark: rule.remark.clone(),
        content: offence.content.clone(),
        ip: offence.ip.clone(),
        callback_info: offence.callback_info.clone(),
        sanction_rule: Some(candidate.id.clone()),
        revision: offence.revision,
        audit_records: vec![offence.record.clone()],
        deliveries: Vec::new(),
        history: vec![first],
        suppressed_by,
        version: 1,
        step: 1,
        total_recharge: offence.total_recharge,
        cleared: Vec::new(),
        held_since: None,
        held_micros: 0,
        dispatch_time: None,
        released: false,
    }
}

fn first_state(
    candidate: &Candidate,
    offence: &Offence,
    suppressed_by: Option<&str>,
) -> HistoryEntry {
    let (state, cause) = match suppressed_by {
        Some(cause) => (State::Done, format!("suppressed by {cause}")),
        None => (State::Pending, format!("the threshold of `{}` was reached", candidate.id)),
    };
    HistoryEntry { state, time: offence.time, cause }
}

/// What a sanction brought.
pub(super) fn brought(sanction: &Sanction) -> NextStep {
    let length = sanction.end_time.map(|end| end.micros_since(sanction.start_time));
    let seconds = length.map(|micros| micros / 1_000_000);
    NextStep { kind: sanction.kind, seconds, permanent: sanction.permanent }
}
