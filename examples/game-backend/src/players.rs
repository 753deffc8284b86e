use std::{
    collections::{BTreeMap, BTreeSet},
    time::SystemTime,
};
use tokio::sync::watch;

/// Everybody in the game, for all tasks to see and to wait for.
#[derive(Default)]
pub struct Players(watch::Sender<Table>);

#[derive(Default)]
pub struct Table {
    pub online: BTreeSet<String>,
    /// By the sanction's name: lifting one must not lift another.
    pub mutes: BTreeMap<String, Mute>,
}

pub struct Mute {
    pub user: String,
    /// `None`: for good.
    pub end: Option<SystemTime>,
}

impl Table {
    /// An end is data: the mute is over even if nobody says so.
    pub fn is_muted(&self, user: &str) -> bool {
        let lasts = |mute: &Mute| mute.end.is_none_or(|end| SystemTime::now() < end);
        self.mutes.values().any(|mute| mute.user == user && lasts(mute))
    }
}

impl Players {
    pub fn change<T>(&self, change: impl FnOnce(&mut Table) -> T) -> Option<T> {
        let mut changed = None;
        self.0.send_modify(|table| changed = Some(change(table)));
        changed
    }

    pub fn see<T>(&self, look: impl FnOnce(&Table) -> T) -> T {
        look(&self.0.borrow())
    }

    /// Waits until a user is muted or gone.
    pub async fn wait_for(&self, user: &str) {
        let concerned = |table: &Table| table.is_muted(user) || !table.online.contains(user);
        // The sender is here, so the wait cannot fail.
        let _there = self.0.subscribe().wait_for(concerned).await.is_ok();
    }
}
