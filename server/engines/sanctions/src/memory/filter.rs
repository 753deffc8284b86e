use crate::{Sanction, SanctionField};
use umpire_model::ResourceId;
use umpire_query::Term;

/// Whether a sanction meets one comparison of a filter. There is no clock here, so
/// what is open is `active`.
pub(super) fn meets(sanction: &Sanction, term: &Term<SanctionField>) -> bool {
    let subject = &sanction.subject;
    match term.field {
        SanctionField::State => term.test_number(sanction.state as i64),
        SanctionField::Kind => term.test_number(sanction.kind as i64),
        SanctionField::Origin => term.test_number(sanction.origin as i64),
        SanctionField::UserId => term.test_text(&subject.user_id),
        SanctionField::ServerId => term.test_text(&subject.server_id),
        SanctionField::Channel => term.test_text(&subject.channel),
        SanctionField::Category => term.test_text(&subject.category),
        SanctionField::RoleId => term.test_text(&subject.role_id),
        SanctionField::Operator => term.test_text(&sanction.operator),
        SanctionField::Rule => meets_rule(sanction, term),
        SanctionField::Revision => {
            term.test_number(i64::try_from(sanction.revision).unwrap_or(i64::MAX))
        }
        SanctionField::StartTime => term.test_number(sanction.start_time.0),
        SanctionField::EndTime => sanction.end_time.is_some_and(|end| term.test_number(end.0)),
        SanctionField::Permanent => term.test_number(i64::from(sanction.permanent)),
        SanctionField::Suppressed => term.test_number(i64::from(sanction.suppressed_by.is_some())),
        SanctionField::Active => term.test_number(i64::from(sanction.is_open())),
    }
}

/// A rule is asked for by id or by name.
fn meets_rule(sanction: &Sanction, term: &Term<SanctionField>) -> bool {
    let wanted = term.value.as_text().rsplit('/').next().unwrap_or_default();
    let rule = sanction.sanction_rule.as_ref().map_or("", ResourceId::as_str);
    term.op.holds(&rule, &wanted)
}
