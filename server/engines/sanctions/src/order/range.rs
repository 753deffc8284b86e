use crate::SanctionRule;

/// A rule's range of charge: half-open; an absent end is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct ChargeRange {
    from: Option<i64>,
    to: Option<i64>,
}

impl ChargeRange {
    pub(super) fn of(rule: &SanctionRule) -> Self {
        Self { from: rule.charge_from, to: rule.charge_to }
    }

    /// It holds every sender, those without a known recharge among them.
    pub(super) fn is_open(self) -> bool {
        self.from.is_none() && self.to.is_none()
    }

    /// Whether it holds a sender with this recharge. An unknown one is not zero.
    pub(super) fn holds(self, recharge: Option<i64>) -> bool {
        recharge.map_or(self.is_open(), |recharge| {
            self.from.is_none_or(|from| from <= recharge) && self.to.is_none_or(|to| recharge < to)
        })
    }

    /// Sorts narrower ranges first: by open ends, then by what lies between, counted from
    /// zero where there is no lower end.
    pub(super) fn width(self) -> (u8, i128) {
        let open = u8::from(self.from.is_none()) + u8::from(self.to.is_none());
        let (from, to) = (self.from.unwrap_or(0), self.to.unwrap_or(i64::MAX));
        (open, i128::from(to) - i128::from(from))
    }

    /// The first charge it holds, below every charge when it is open.
    pub(super) fn start(self) -> i128 {
        self.from.map_or(i128::MIN, i128::from)
    }

    /// One past the last charge it holds, beyond every charge when it is open.
    pub(super) fn end(self) -> i128 {
        self.to.map_or(i128::MAX, i128::from)
    }

    /// It holds every sender the other one holds.
    pub(super) fn covers(self, other: Self) -> bool {
        let known = self.start() <= other.start() && other.end() <= self.end();
        known && (self.is_open() || !other.is_open())
    }
}
