//! Stage one, for words written in pieces: what the sender wrote before.

use super::{CheckMode, Context, Moderator, TenantView, moment};
use umpire_model::Message;
use umpire_rules::Scanned;
use umpire_text::Scratch;

impl Moderator {
    /// Adds what is found when a message goes on where its sender stopped before, and
    /// keeps it for the next one. Here and not later: messages of a batch come by in
    /// order, and are concluded together.
    ///
    /// A message that may have been recorded before is not kept again; a dry run keeps
    /// nothing.
    pub(super) fn look_back(
        &self,
        view: &TenantView,
        context: &Context<'_>,
        message: &Message<'_>,
        is_repeated: bool,
        scratch: &mut Scratch,
        scanned: &mut Scanned,
    ) {
        let draft = &view.tenant.draft;
        let Some(limits) = &draft.settings.message_window else { return };
        if !view.rules.looks_across() {
            return;
        }
        let Some(place) = self.windows.place(&view.tenant.id, message) else { return };
        let now = context.receive_time;
        let (preceding, number) = if is_repeated || context.mode == CheckMode::DryRun {
            (self.windows.look(place, limits, message, now), None)
        } else {
            self.windows.enter(place, limits, message, now)
        };
        if preceding.text.is_empty() {
            return;
        }
        view.rules.scan_across(message, &preceding, now, scratch, scanned);
        let Some(number) = number else { return };
        let moment = moment(&view.rules, now, &draft.time_zone);
        if let Some(end) = view.rules.used_across(message, scanned, &moment) {
            self.windows.cut(place, number, end);
        }
    }
}
