//! Templates.

use super::{
    enums::{self, known},
    route::NamedField,
    time,
};
use crate::{
    mask::Writable,
    resources::{Resource, Writing},
};
use umpire_catalog::Kept;
use umpire_model::{TenantId, Violation};
use umpire_notify::{ChannelKind, Template};
use umpire_proto::v1 as pb;
use umpire_query::Term;

impl Resource for Template {
    type Proto = pb::Template;
    type Filter = NamedField;
    const FIELD: &'static str = "template";
    const WRITABLE: Writable = Writable {
        message: "umpire.v1.Template",
        fields: &[
            "display_name",
            "channel",
            "level",
            "kind",
            "language",
            "reason",
            "urgent",
            "title",
            "body",
        ],
        deep: &[],
    };

    fn from_proto(template: &pb::Template, _: &Writing<'_, Self>) -> Result<Self, Vec<Violation>> {
        let refused = &mut Vec::new();
        let made = Self {
            display_name: template.display_name.clone(),
            channel: channel(&template.channel, "template.channel", refused),
            level: known(enums::level_from(template.level), "template.level", refused),
            kind: known(enums::alert_kind_from(template.kind), "template.kind", refused),
            language: known(enums::language_from(template.language), "template.language", refused),
            reason: known(enums::notice_reason_from(template.reason), "template.reason", refused),
            urgent: template.urgent,
            title: template.title.clone(),
            body: template.body.clone(),
        };
        if refused.is_empty() { Ok(made) } else { Err(std::mem::take(refused)) }
    }

    fn to_proto(&self, _tenant: &TenantId) -> pb::Template {
        pb::Template {
            display_name: self.display_name.clone(),
            channel: self.channel.map_or("", ChannelKind::name).into(),
            level: self.level.map_or(0, enums::level),
            kind: self.kind.map_or(0, enums::alert_kind),
            language: self.language.map_or(0, enums::language),
            reason: self.reason.map_or(0, enums::notice_reason),
            urgent: self.urgent,
            title: self.title.clone(),
            body: self.body.clone(),
            ..pb::Template::default()
        }
    }

    fn kept_to_proto(kept: &Kept<Self>, tenant: &TenantId) -> pb::Template {
        pb::Template {
            name: format!("tenants/{tenant}/templates/{}", kept.id),
            etag: kept.etag(),
            create_time: Some(time::to_proto(kept.create_time)),
            update_time: Some(time::to_proto(kept.update_time)),
            ..kept.item.to_proto(tenant)
        }
    }

    fn named(template: &pb::Template) -> (&str, &str) {
        (&template.name, &template.etag)
    }

    fn test(kept: &Kept<Self>, term: &Term<NamedField>) -> bool {
        term.field.test(term, kept.id.as_str(), &kept.item.display_name)
    }
}

/// The channel in field `path`; `None` when it is empty, or none, which is noted.
pub(crate) fn channel(name: &str, path: &str, refused: &mut Vec<Violation>) -> Option<ChannelKind> {
    let found = ChannelKind::from_name(name);
    if found.is_none() && !name.is_empty() {
        let names = ChannelKind::ALL.map(ChannelKind::name).join(", ");
        refused.push(Violation::invalid(path, format!("must be one of {names}")));
    }
    found
}
