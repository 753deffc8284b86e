//! Notices to render.

use crate::{
    AlertId, AlertKind, ChannelKind, Language, Notice, Part, Reason, Template,
    render::sample_notice,
};
use std::{collections::BTreeMap, sync::Arc};
use umpire_catalog::{Kept, Shelf};
use umpire_model::{Level, ResourceId, Timestamp};
use uuid::Uuid;

pub(super) const NOW: Timestamp = Timestamp(1_700_000_000_000_000);
pub(super) const LANGUAGES: [Language; 2] = [Language::Chinese, Language::English];

/// Somebody leaks data in a room of a tenant in China.
pub(super) fn leak(level: Level, reason: Reason) -> Notice {
    let mut notice = sample_notice(AlertKind::Text, level, NOW);
    notice.reason = reason;
    notice.title = "数据泄露".to_owned();
    notice.rule = "tenants/games/rules/data-leak".to_owned();
    notice.rule_name = "数据泄露".to_owned();
    notice.keyword = "客户名单".to_owned();
    notice.labels = vec!["泄密".to_owned(), "client-data".to_owned()];
    notice.excerpt = "把客户名单发我 138****0000".to_owned();
    notice.place.scene = "guild".to_owned();
    notice.place.conversation_id = "room-7".to_owned();
    notice.place.conversation_name = "作战指挥室".to_owned();
    notice.sender.display_name = "张三丰".to_owned();
    notice.sender.department = "客服部".to_owned();
    notice.done = vec!["BLOCK".to_owned(), "INTERCEPT".to_owned(), "REVIEW".to_owned()];
    notice.audit_records = vec!["tenants/games/auditRecords/1".to_owned()];
    notice.parts = vec![part(level, "数据泄露", "作战指挥室", 1)];
    notice.time_zone = "Asia/Shanghai".to_owned();
    notice.tenant = "games".to_owned();
    notice
}

/// The same after it went on for a while.
pub(super) fn leaking(level: Level, reason: Reason) -> Notice {
    let mut notice = leak(level, reason);
    (notice.count, notice.stands_for) = (12, 5);
    notice.last_time = NOW.plus_seconds(401);
    notice.urgent = true;
    notice
}

/// Of another kind, with its sample's texts.
pub(super) fn of_kind(kind: AlertKind, level: Level) -> Notice {
    let mut notice = sample_notice(kind, level, NOW);
    notice.reason = Reason::First;
    notice.time_zone = "Asia/Shanghai".to_owned();
    notice
}

/// So many alerts in one.
pub(super) fn many(reason: Reason, listed: u64, more: u64) -> Notice {
    let mut notice = leaking(Level::P1, reason);
    let parts = (0..listed).map(|n| part(Level::P1, &format!("规则{n}"), "大厅", n));
    notice.parts = parts.collect();
    notice.more_parts = more;
    notice
}

pub(super) fn part(level: Level, title: &str, place: &str, stands_for: u64) -> Part {
    let alert = AlertId(Uuid::nil());
    Part { alert, level, title: title.to_owned(), place: place.to_owned(), stands_for }
}

/// All texts of users in a notice are this.
pub(super) fn said(text: &str) -> Notice {
    let mut notice = leak(Level::P1, Reason::First);
    notice.excerpt = text.to_owned();
    notice.keyword = text.to_owned();
    notice.labels = vec![text.to_owned(), text.to_owned()];
    notice.place.scene = text.to_owned();
    notice.place.conversation_id = text.to_owned();
    notice.place.conversation_name = text.to_owned();
    notice.place.camera = text.to_owned();
    notice.sender.user_id = text.to_owned();
    notice.sender.display_name = text.to_owned();
    notice.sender.department = text.to_owned();
    notice.operator = text.to_owned();
    notice
}

/// A template of this body that fits everything.
pub(super) fn template(body: &str) -> Template {
    Template {
        display_name: String::new(),
        channel: None,
        level: None,
        kind: None,
        language: None,
        reason: None,
        urgent: None,
        title: String::new(),
        body: body.to_owned(),
    }
}

/// A tenant's templates.
pub(super) fn shelf(templates: &[(&str, Template)]) -> Shelf<Template> {
    let kept = templates.iter().map(|(id, template)| {
        let id = ResourceId::new(id).expect("an id");
        let kept = Kept {
            id: id.clone(),
            item: template.clone(),
            version: 1,
            create_time: NOW,
            update_time: NOW,
            author: "admin".to_owned(),
        };
        (id, Arc::new(kept))
    });
    Shelf::new(kept.collect::<BTreeMap<_, _>>())
}

/// What a template of this body makes of a notice.
pub(super) fn rendered(body: &str, notice: &Notice, channel: ChannelKind) -> crate::Rendered {
    let shelf = shelf(&[("mine", template(body))]);
    crate::render(Some(&shelf), notice, channel, Language::Chinese)
}
