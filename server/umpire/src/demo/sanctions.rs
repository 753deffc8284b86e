//! Two stories about sanctions: a spammer climbs a ladder, and a wave of mutes is held and
//! undone.

mod stage;

use super::Failure;
use prost_types::Duration;
use stage::{Stage, must};
use tonic::transport::Channel;
use umpire_proto::v1::{
    DrainMode, RiskClass, SafetyState, SafetySwitch, Sanction, SanctionKind, SanctionRule,
    sanction_rule::{Ladder, ladder::Step},
};

const SPAM: &str = "cheap gold at my shop";
const GREETING: &str = "hello everybody";
/// How many greet.
const PLAYERS: i32 = 12;
/// How many of them are muted before the budget is used up.
const MUTED: i32 = 5;

/// Plays both; the first thing that does not come out as it should is the failure.
pub(super) async fn run(channel: Channel, quiet: bool) -> Result<(), Failure> {
    let mut stage = Stage::new(channel, quiet);
    stage.climb().await?;
    stage.wave().await?;
    println!("\nSanctions: a ladder was climbed, a wave was held and undone, all as expected.");
    Ok(())
}

impl Stage {
    /// Three strikes bring a warning, three more a mute, three more a ban.
    async fn climb(&mut self) -> Result<(), Failure> {
        self.keep_rule("demo-spam", SPAM, RiskClass::HighRisk).await?;
        let ladder = Ladder { steps: steps(), memory: seconds(86_400), ..Ladder::default() };
        let rule = SanctionRule {
            risk_class: RiskClass::HighRisk as i32,
            threshold: 3,
            window: seconds(3_600),
            kind: SanctionKind::Warn as i32,
            reason: "spam".into(),
            ladder: Some(ladder),
            ..SanctionRule::default()
        };
        self.keep_sanction_rule("demo-spammers", rule).await?;
        self.tell("\nA spammer climbs a ladder, three strikes within an hour for each step:");
        for kind in [SanctionKind::Warn, SanctionKind::Mute, SanctionKind::LoginBan] {
            let name = self.three_strikes(kind).await?;
            let sanction = self.done(&name).await?;
            self.tell(format!("    {}", shown(&sanction)));
            if kind == SanctionKind::Mute {
                self.restrictions("tim", 0).await?;
                self.tell("    tim: the mute is over");
            }
        }
        self.restrictions("tim", 1).await?;
        self.tell("    tim: is not let in again");
        Ok(())
    }

    async fn three_strikes(&mut self, expected: SanctionKind) -> Result<String, Failure> {
        let mut count = 0;
        loop {
            count += 1;
            let verdict = self.check("tim", SPAM).await?;
            let [strike] = &verdict.strikes[..] else { return Err("no strike was counted".into()) };
            must("strikes are counted one by one", strike.count == count)?;
            must("the third reaches the threshold", strike.crossed == (count == 3))?;
            let next = strike.next.as_ref().map_or(SanctionKind::Unspecified, |next| next.kind());
            must("the verdict tells what comes next", next == expected)?;
            self.tell(format!("    tim: {SPAM}   (strike {count} of 3, then {})", called(next)));
            if strike.crossed {
                return verdict.sanctions.into_iter().next().ok_or("no sanction was made".into());
            }
        }
    }

    /// A rule that should not be mutes whoever greets, until the budget is used up.
    async fn wave(&mut self) -> Result<(), Failure> {
        let used = self.switch().await?.budget_used;
        let budget_per_minute = used + MUTED;
        self.set(SafetySwitch { budget_per_minute, ..<_>::default() }, "to show a wave").await?;
        self.keep_rule("demo-greeting", GREETING, RiskClass::Sensitive).await?;
        let rule = SanctionRule {
            risk_class: RiskClass::Sensitive as i32,
            threshold: 1,
            kind: SanctionKind::Mute as i32,
            duration: seconds(86_400),
            reason: "greeting".into(),
            ..SanctionRule::default()
        };
        self.keep_sanction_rule("demo-greeters", rule).await?;
        self.tell(format!("\nA rule goes wrong: {PLAYERS} players greet and would be muted:"));
        for number in 0..PLAYERS {
            self.check(&format!("player-{number}"), GREETING).await?;
        }
        self.is_held().await?;
        self.undo().await
    }

    async fn is_held(&mut self) -> Result<(), Failure> {
        let switch = self.switch_with(PLAYERS - MUTED).await?;
        must("the switch is on HOLD", switch.state() == SafetyState::Hold)?;
        let surged = switch.surged_rule.ends_with("/demo-greeters");
        must("the rule that surged is named", surged)?;
        self.tell(format!("    {MUTED} are muted, {} are held: {}", switch.held, switch.reason));
        self.tell(format!("    the rule that surged: {}", switch.surged_rule));
        Ok(())
    }

    async fn undo(&mut self) -> Result<(), Failure> {
        let shown = self.drain(DrainMode::Drop, true).await?;
        let dropped = self.drain(DrainMode::Drop, false).await?;
        let held = i64::from(PLAYERS - MUTED);
        must("what is held is dropped as it was shown", (shown, dropped) == (held, held))?;
        self.tell(format!("    {dropped} are dropped before anybody hears of them"));
        let shown = self.lift("sanction_rule = demo-greeters", true).await?;
        let lifted = self.lift("sanction_rule = demo-greeters", false).await?;
        let muted = i64::from(MUTED);
        let counts = (shown.count, lifted.count);
        must("what is out is lifted as it was shown", counts == (muted, muted))?;
        self.tell(format!("    {} are lifted, {} of payers", lifted.count, lifted.payers));
        for number in 0..PLAYERS {
            self.restrictions(&format!("player-{number}"), 0).await?;
        }
        let on = SafetySwitch { state: SafetyState::On as i32, ..<_>::default() };
        let switch = self.set(on, "the rule is gone").await?;
        must("it is armed again", switch.state() == SafetyState::On)?;
        self.tell(format!("    everybody may speak; armed again by {}", switch.operator));
        Ok(())
    }
}

/// A warning, a mute so short that the demo can wait for its end, and a ban for good.
fn steps() -> Vec<Step> {
    vec![
        Step { kind: SanctionKind::Warn as i32, ..<_>::default() },
        Step { kind: SanctionKind::Mute as i32, duration: seconds(2), permanent: false },
        Step { kind: SanctionKind::LoginBan as i32, duration: None, permanent: true },
    ]
}

fn seconds(seconds: i64) -> Option<Duration> {
    Some(Duration { seconds, nanos: 0 })
}

fn called(kind: SanctionKind) -> &'static str {
    match kind {
        SanctionKind::Unspecified => "nothing",
        SanctionKind::Warn => "a warning",
        SanctionKind::Mute => "a mute",
        SanctionKind::LoginBan => "a ban",
    }
}

fn shown(sanction: &Sanction) -> String {
    let user = sanction.subject.as_ref().map_or("", |subject| &subject.user_id);
    let lasts = match (sanction.permanent, sanction.end_time, sanction.start_time) {
        (true, ..) => " for good".into(),
        (_, Some(end), Some(start)) => format!(" for {} s", end.seconds - start.seconds),
        _ => String::new(),
    };
    format!("{user}: {}{lasts}, step {}", called(sanction.kind()), sanction.step)
}
