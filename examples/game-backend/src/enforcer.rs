use crate::{
    players::{Mute, Players},
    setup::ENFORCER,
};
use futures_util::TryStreamExt;
use std::{sync::Arc, time::SystemTime};
use umpire_client::{
    Error, SanctionEvent, SanctionExt, Umpire,
    v1::{Sanction, SanctionKind, watch_sanctions_response::Event},
};

/// Carries out what comes over the stream, and says so. What is not acknowledged comes
/// again, so everything here may be done twice.
///
/// This game keeps nothing on disk: it starts with all that is in force. One that does keeps
/// the `resume_token` of the last event beside it and goes on after that.
pub async fn run(umpire: Umpire, players: Arc<Players>) -> Result<(), Error> {
    let sanctions = umpire.sanctions();
    let mut events = sanctions.watch(ENFORCER, "");
    while let Some(event) = events.try_next().await? {
        let SanctionEvent::Told(told) = event else {
            // A snapshot begins: what is in force comes again in a moment.
            players.change(|table| table.mutes.clear());
            continue;
        };
        match told.event {
            Some(Event::Sanction(sanction)) => {
                carry_out(&players, &sanction);
                sanctions.ack(ENFORCER, vec![sanction.applied()]).await?;
            }
            Some(Event::Lifted(sanction)) => {
                players.change(|table| table.mutes.remove(&sanction.name));
                println!("  to {}: never mind, that is lifted", user(&sanction));
                sanctions.ack(ENFORCER, vec![sanction.applied()]).await?;
            }
            Some(Event::Expired(sanction)) => {
                players.change(|table| table.mutes.remove(&sanction.name));
            }
            Some(Event::SnapshotEnd(_) | Event::Checkpoint(_)) | None => {}
        }
    }
    Ok(())
}

fn carry_out(players: &Players, sanction: &Sanction) {
    let (user, reason) = (user(sanction), because(&sanction.reason));
    match sanction.kind() {
        SanctionKind::Mute => {
            let end = sanction.end_time.and_then(|end| SystemTime::try_from(end).ok());
            let mute = Mute { user: user.into(), end };
            // Said before anybody who waits for it goes on.
            println!("  to {user}: you are muted{reason}");
            players.change(|table| table.mutes.insert(sanction.name.clone(), mute));
        }
        SanctionKind::LoginBan => println!("  to {user}: you are banned{reason}"),
        _ => println!("  to {user}: be warned{reason}"),
    }
    if sanction.kick_online && players.see(|table| table.online.contains(user)) {
        println!("{user} is kicked");
        players.change(|table| table.online.remove(user));
    }
}

fn because(reason: &str) -> String {
    if reason.is_empty() { String::new() } else { format!(": {reason}") }
}

fn user(sanction: &Sanction) -> &str {
    sanction.subject.as_ref().map_or("", |subject| &subject.user_id)
}
