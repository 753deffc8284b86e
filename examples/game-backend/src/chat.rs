use crate::players::Players;
use std::{
    sync::Arc,
    time::{SystemTime, UNIX_EPOCH},
};
use umpire_client::{
    Error, Umpire, VerdictExt, chat, subject,
    v1::{SanctionKind, StrikeStatus},
};

/// What players do.
pub struct Chat {
    umpire: Umpire,
    pub players: Arc<Players>,
    /// Begins every message id: none may come again for a day.
    started: u128,
    said: u32,
}

impl Chat {
    pub fn new(umpire: Umpire, players: Arc<Players>) -> Self {
        let started = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Self { umpire, players, started: started.as_micros(), said: 0 }
    }

    /// Asks whether the player may come in: answered from the server's memory.
    /// While the server is away everybody may: no game waits for its moderation.
    pub async fn log_in(&self, name: &str) {
        let answer = self.umpire.sanctions().check_subject(subject(name)).await;
        let answer = answer.unwrap_or_else(|error| away(&error));
        let is_ban = |kind| kind == SanctionKind::LoginBan;
        if let Some(ban) = answer.restrictions.iter().find(|found| is_ban(found.kind())) {
            println!("{name} is not let in: {}", ban.reason);
        } else {
            self.players.change(|table| table.online.insert(name.into()));
            println!("{name} is in");
        }
    }

    pub fn log_out(&self, name: &str) {
        self.players.change(|table| table.online.remove(name));
        println!("{name} is out");
    }

    /// Has a message checked, shows what may be shown, and tells the player of strikes.
    pub async fn say(&mut self, name: &str, text: &str) {
        if !self.players.see(|table| table.online.contains(name)) {
            println!("({name} is not in)");
        } else if self.players.see(|table| table.is_muted(name)) {
            println!("({name} is muted)");
        } else {
            self.said += 1;
            // With an id a check can be repeated, and its strikes count once.
            let id = format!("{}-{}", self.started, self.said);
            let message = chat(text).scene("world-chat").sender(name).message_id(id);
            let verdict = self.umpire.check(message).await;
            let verdict = verdict.unwrap_or_else(|error| away(&error));
            match verdict.text_to_show(text) {
                Some(text) => println!("{name}: {text}"),
                None => println!("({name} is not heard)"),
            }
            verdict.nearest_strike().into_iter().for_each(|strike| warn(name, strike));
        }
    }
}

/// Nothing against anybody, when nobody can be asked.
fn away<T: Default>(error: &Error) -> T {
    println!("(nobody looks: {})", error.message());
    T::default()
}

fn warn(name: &str, strike: &StrikeStatus) {
    let which = match strike.count {
        1 => "first".into(),
        2 => "second".into(),
        3 => "third".into(),
        more => format!("{more}th"),
    };
    let next = match strike.next.as_ref().map(|next| next.kind()) {
        Some(SanctionKind::LoginBan) => "a ban",
        Some(SanctionKind::Mute) => "a mute",
        _ => "a warning",
    };
    println!("  to {name}: that was the {which} of {}; then comes {next}", strike.threshold);
}
