use crate::v1::{Decision, Match, StrikeStatus, Verdict};
use std::ops::Range;

/// What callers ask a verdict.
pub trait VerdictExt {
    /// Not to be delivered; to be recalled if it was.
    fn is_blocked(&self) -> bool;

    /// To be looked at by a moderator.
    fn needs_review(&self) -> bool;

    /// The text to deliver: `original`, or the masked one where a rule masks. Nothing
    /// when the message is blocked.
    fn text_to_show<'a>(&'a self, original: &'a str) -> Option<&'a str>;

    /// Matches of rules in force, without those of rules that are only tried out.
    fn enforced_matches(&self) -> impl Iterator<Item = &Match>;

    /// The strike that is nearest to its consequence, to warn the sender with: "second of
    /// three". Nothing when none was counted, or all that were had their consequence.
    fn nearest_strike(&self) -> Option<&StrikeStatus>;

    /// The message brought its sender a sanction that is carried out.
    fn is_sanctioned(&self) -> bool;
}

impl VerdictExt for Verdict {
    fn is_blocked(&self) -> bool {
        self.decision() == Decision::Block
    }

    fn needs_review(&self) -> bool {
        self.decision() == Decision::Review
    }

    fn text_to_show<'a>(&'a self, original: &'a str) -> Option<&'a str> {
        if self.is_blocked() {
            return None;
        }
        Some(if self.masked_text.is_empty() { original } else { &self.masked_text })
    }

    fn enforced_matches(&self) -> impl Iterator<Item = &Match> {
        self.matches.iter().filter(|found| !found.shadow)
    }

    fn nearest_strike(&self) -> Option<&StrikeStatus> {
        self.strikes.iter().filter(|strike| !strike.crossed).min_by_key(|strike| strike.left())
    }

    fn is_sanctioned(&self) -> bool {
        !self.sanctions.is_empty()
    }
}

/// What callers ask a match.
pub trait MatchExt {
    /// Where it was found: bytes of the text that `field` names, ascending. What lies in
    /// earlier messages is left out.
    fn ranges(&self) -> impl Iterator<Item = Range<usize>>;

    /// Id of the rule, without its tenant.
    fn rule_id(&self) -> &str;
}

impl MatchExt for Match {
    fn ranges(&self) -> impl Iterator<Item = Range<usize>> {
        // Offsets are never negative.
        let offset = |value: i32| usize::try_from(value).unwrap_or_default();
        let here = self.spans.iter().filter(|span| span.message_id.is_empty());
        here.map(move |span| offset(span.byte_start)..offset(span.byte_end))
    }

    fn rule_id(&self) -> &str {
        self.rule.rsplit('/').next().unwrap_or_default()
    }
}

/// What callers ask a strike.
pub trait StrikeExt {
    /// Id of the sanction rule, without its tenant.
    fn rule_id(&self) -> &str;

    /// How many strikes are left before the sanction; 0 when this was the last.
    fn left(&self) -> u32;
}

impl StrikeExt for StrikeStatus {
    fn rule_id(&self) -> &str {
        self.sanction_rule.rsplit('/').next().unwrap_or_default()
    }

    fn left(&self) -> u32 {
        // More than the threshold may be counted, when it was lowered.
        u32::try_from(self.threshold.saturating_sub(self.count)).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::v1::Span;

    fn decided(decision: Decision, masked: &str) -> Verdict {
        Verdict { decision: decision as i32, masked_text: masked.into(), ..Verdict::default() }
    }

    #[test]
    fn what_to_show_follows_from_decision_and_mask() {
        assert_eq!(decided(Decision::Pass, "").text_to_show("bad"), Some("bad"));
        assert_eq!(decided(Decision::Review, "***").text_to_show("bad"), Some("***"));
        assert_eq!(decided(Decision::Block, "***").text_to_show("bad"), None);
        assert!(decided(Decision::Review, "").needs_review());
    }

    #[test]
    fn ranges_cut_the_text() {
        let text = "买 gold 吗";
        let span = Span { byte_start: 4, byte_end: 8, ..Span::default() };
        let rule = "tenants/default/rules/gold".into();
        let before = Span { message_id: "m1".into(), byte_end: 3, ..Span::default() };
        let found = Match { rule, spans: vec![before, span], ..Match::default() };
        let cut: Vec<_> = found.ranges().map(|range| &text[range]).collect();
        assert_eq!((cut, found.rule_id()), (vec!["gold"], "gold"));
    }

    #[test]
    fn the_nearest_strike_is_told() {
        let strike = |rule: &str, count, threshold| StrikeStatus {
            sanction_rule: format!("tenants/default/sanctionRules/{rule}"),
            count,
            threshold,
            crossed: count >= threshold,
            ..StrikeStatus::default()
        };
        let strikes = vec![strike("a", 1, 5), strike("b", 2, 3), strike("c", 3, 3)];
        let verdict = Verdict { strikes, ..Verdict::default() };
        let nearest = verdict.nearest_strike().map(|strike| (strike.rule_id(), strike.left()));
        assert_eq!(nearest, Some(("b", 1)));
        assert_eq!((verdict.strikes[2].left(), verdict.is_sanctioned()), (0, false));
        assert!(Verdict::default().nearest_strike().is_none());
    }
}
