use super::{enums, sanction, strike, time::duration};
use std::time::Duration;
use umpire_model::{
    Action, CancelCause, Cancelled, FieldId, Match, Message, Span, TenantId, Timings, Verdict,
};
use umpire_proto::v1::{self as pb, VerdictView};

/// How a verdict is shown.
#[derive(Debug, Clone, Copy)]
pub(crate) struct View {
    matches: bool,
    pub trace: bool,
}

impl View {
    pub fn of(view: VerdictView) -> Self {
        Self { matches: view != VerdictView::Basic, trace: view == VerdictView::Trace }
    }
}

/// The verdict on `message`, as the caller asked to see it.
pub(crate) fn to_proto(
    verdict: Verdict,
    tenant: &TenantId,
    message: &Message<'_>,
    view: View,
    elapsed: Duration,
) -> pb::Verdict {
    let record = verdict.record.map(|id| format!("tenants/{tenant}/auditRecords/{id}"));
    let mask = verdict.mask_of(FieldId::Text);
    let masked_text =
        if mask.is_empty() { String::new() } else { umpire_text::mask(message.text, mask) };
    let (strikes, sanctions) = (verdict.strikes.iter(), verdict.sanctions.iter());
    pb::Verdict {
        audit_record: record.unwrap_or_default(),
        audit_state: enums::audit_state(verdict.audit_state),
        decision: enums::decision(verdict.decision),
        level: verdict.level.map_or(0, enums::level),
        risk_class: verdict.risk_class.map_or(0, enums::risk_class),
        labels: texts(&verdict.labels),
        masked_text,
        actions: verdict.actions.iter().map(action).collect(),
        strikes: strikes.map(|status| strike::status_to_proto(status, tenant)).collect(),
        sanctions: sanctions.map(|id| sanction::name(tenant, *id)).collect(),
        revision: i64::try_from(verdict.revision).unwrap_or(i64::MAX),
        engine_version: verdict.engine_version.as_ref().into(),
        models: Vec::new(),
        degraded: verdict.degraded.iter().copied().map(enums::degraded).collect(),
        reason: verdict.unchecked.map_or(0, enums::unchecked),
        replayed: verdict.replayed,
        callback_info: message.callback_info.into(),
        elapsed: Some(duration(elapsed)),
        matches_truncated: verdict.matches_truncated,
        included_revisions: texts(&verdict.included_revisions),
        trace: view.trace.then(|| trace(&verdict.timings, &verdict.cancelled)),
        matches: if view.matches {
            verdict.matches.iter().map(found).collect()
        } else {
            Vec::new()
        },
    }
}

pub(crate) fn found(found: &Match) -> pb::Match {
    pb::Match {
        rule: found.rule.as_ref().into(),
        word: found.word.as_ref().into(),
        labels: texts(&found.labels),
        level: enums::level(found.level),
        risk_class: found.risk_class.map_or(0, enums::risk_class),
        field: found.field.to_string(),
        spans: spans(found),
        shadow: found.shadow,
        transformations: found.transformations.iter().copied().map(enums::transformation).collect(),
    }
}

pub(crate) fn texts(texts: &[std::sync::Arc<str>]) -> Vec<String> {
    texts.iter().map(|text| text.as_ref().into()).collect()
}

/// Those of earlier messages first.
fn spans(found: &Match) -> Vec<pb::Span> {
    let earlier = found
        .earlier
        .iter()
        .map(|earlier| pb::Span { message_id: earlier.message_id.clone(), ..span(&earlier.span) });
    earlier.chain(found.spans.iter().map(span)).collect()
}

fn span(span: &Span) -> pb::Span {
    let signed = |offset| i32::try_from(offset).unwrap_or(i32::MAX);
    pb::Span {
        byte_start: signed(span.byte_start),
        byte_end: signed(span.byte_end),
        utf16_start: signed(span.utf16_start),
        utf16_end: signed(span.utf16_end),
        message_id: String::new(),
    }
}

pub(crate) fn action(action: &Action) -> pb::Action {
    pb::Action {
        kind: enums::action_kind(action.kind),
        target: action.target.clone(),
        text: action.text.clone(),
        mask: action.mask.map_or(0, enums::mask_strategy),
    }
}

fn trace(timings: &Timings, cancelled: &[Cancelled]) -> pb::VerdictTrace {
    let cancelled = cancelled.iter().map(|cancelled| pb::verdict_trace::Cancelled {
        rule: cancelled.rule.as_ref().into(),
        cause: match cancelled.cause {
            CancelCause::Exception => "exception".into(),
            CancelCause::Scope => "scope".into(),
            CancelCause::Exemption => "exemption".into(),
            CancelCause::Window => "window".into(),
            CancelCause::Failed => "failed".into(),
        },
    });
    pb::VerdictTrace {
        scan: Some(duration(timings.scan)),
        gather: Some(duration(timings.gather)),
        evaluate: Some(duration(timings.evaluate)),
        commit: Some(duration(timings.commit)),
        cancelled: cancelled.collect(),
    }
}
