//! Silences.

use super::time;
use crate::{
    mask::Writable,
    resources::{Resource, Writing},
};
use umpire_catalog::Kept;
use umpire_model::{TenantId, Violation};
use umpire_notify::Silence;
use umpire_proto::v1 as pb;
use umpire_query::{Field, Kind, Term};

impl Resource for Silence {
    type Proto = pb::Silence;
    type Filter = SilenceField;
    const FIELD: &'static str = "silence";
    const WRITABLE: Writable = Writable {
        message: "umpire.v1.Silence",
        fields: &["match", "reason", "start_time", "end_time"],
        deep: &[],
    };

    fn from_proto(
        silence: &pb::Silence,
        writing: &Writing<'_, Self>,
    ) -> Result<Self, Vec<Violation>> {
        let mut refused = Vec::new();
        let start = silence.start_time.as_ref();
        let start_time = time::optional(start, "silence.start_time", &mut refused);
        let end = silence.end_time.as_ref();
        let end_time = time::optional(end, "silence.end_time", &mut refused);
        if end.is_none() {
            refused.push(Violation::invalid("silence.end_time", "must be set"));
        }
        let Some(end_time) = end_time.filter(|_| refused.is_empty()) else { return Err(refused) };
        Ok(Self {
            matches: silence.r#match.clone(),
            reason: silence.reason.clone(),
            start_time: start_time.unwrap_or(writing.now),
            end_time,
        })
    }

    fn to_proto(&self, _tenant: &TenantId) -> pb::Silence {
        pb::Silence {
            r#match: self.matches.clone(),
            reason: self.reason.clone(),
            start_time: Some(time::to_proto(self.start_time)),
            end_time: Some(time::to_proto(self.end_time)),
            ..pb::Silence::default()
        }
    }

    fn kept_to_proto(kept: &Kept<Self>, tenant: &TenantId) -> pb::Silence {
        pb::Silence {
            name: format!("tenants/{tenant}/silences/{}", kept.id),
            author: kept.author.clone(),
            etag: kept.etag(),
            create_time: Some(time::to_proto(kept.create_time)),
            update_time: Some(time::to_proto(kept.update_time)),
            ..kept.item.to_proto(tenant)
        }
    }

    fn named(silence: &pb::Silence) -> (&str, &str) {
        (&silence.name, &silence.etag)
    }

    fn test(kept: &Kept<Self>, term: &Term<SilenceField>) -> bool {
        match term.field {
            SilenceField::Id => term.test_text(kept.id.as_str()),
            SilenceField::Author => term.test_text(&kept.author),
            SilenceField::EndTime => term.test_number(kept.item.end_time.0),
        }
    }
}

/// What silences can be filtered by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SilenceField {
    Id,
    Author,
    EndTime,
}

impl Field for SilenceField {
    fn from_path(path: &str) -> Option<Self> {
        match path {
            "id" => Some(Self::Id),
            "author" => Some(Self::Author),
            "end_time" => Some(Self::EndTime),
            _ => None,
        }
    }

    fn kind(self) -> Kind {
        match self {
            Self::Id | Self::Author => Kind::Text,
            Self::EndTime => Kind::Time,
        }
    }
}
