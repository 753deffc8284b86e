//! The nouns every engine shares: names, times, messages, levels, spans, verdicts.
//!
//! Nothing here decides anything. Strings that come from callers are borrowed
//! ([`Message`]) until a decision is worth keeping.

mod action;
mod clock;
mod crash;
mod level;
mod localized;
mod mask;
mod message;
mod names;
mod outcome;
mod secret;
mod span;
mod store;
mod strike;
mod time;
mod transformation;
mod verdict;
mod violation;
mod web;
mod window;

pub use action::{Action, ActionKind};
pub use clock::{Clock, SystemClock};
pub use crash::crash_point;
pub use level::{Decision, Level, RiskClass};
pub use localized::LocalizedText;
pub use mask::{Cover, Mask, MaskStrategy};
pub use message::{
    Attachment, AttachmentText, Conversation, ConversationKind, FieldId, Message, Sender,
};
pub use names::{InvalidId, RecordId, ResourceId, TenantId, new_uuid};
pub use outcome::Outcome;
pub use secret::Secret;
pub use span::{ByteRange, EarlierSpan, Span};
pub use store::{
    REQUEST_MEMORY_SECONDS, RequestIdReused, RequestKey, RequestRecord, StoreError, StoreFuture,
};
pub use strike::{Judged, NextStep, SanctionId, SanctionKind, StrikeStatus};
pub use time::{Timestamp, WallTime, rfc3339};
pub use transformation::{Transformation, Transformations};
pub use verdict::{
    AuditState, CancelCause, Cancelled, Degraded, Match, Raised, Timings, Unchecked, Verdict,
};
pub use violation::{Violation, ViolationKind};
pub use web::{MAX_URL_BYTES, is_web_address, is_webhook_secret};
pub use window::ActiveWindow;
