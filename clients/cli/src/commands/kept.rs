//! What a tenant keeps so that people are told of alerts: shown, set and deleted alike.

mod set;

pub use set::Set;

use crate::{
    context::Context,
    exit::Exit,
    failure::Failure,
    output::{Row, id_of},
};
use umpire_client::{
    Alerts, Error,
    v1::{EscalationPolicy, Receiver, Route, Silence, Template},
};

/// A kind of them.
pub trait Kept: Row + Default {
    /// What people call one.
    const CALLED: &'static str;

    /// Its name.
    fn name(&mut self) -> &mut String;

    /// The one of this id or name.
    async fn find(alerts: &Alerts, name: &str) -> Result<Self, Error>;

    /// Adds it.
    async fn create(self, alerts: &Alerts, id: &str, dry_run: bool) -> Result<Self, Error>;

    /// Makes the one of its name what it is.
    async fn replace(self, alerts: &Alerts, dry_run: bool) -> Result<Self, Error>;

    /// Takes the one of this name away.
    async fn delete(alerts: &Alerts, name: &str) -> Result<(), Error>;
}

/// Says what people call a kind, and which calls are made for it.
macro_rules! kept {
    ($kind:ty, $called:literal: $find:ident, $create:ident, $update:ident, $delete:ident) => {
        impl Kept for $kind {
            const CALLED: &'static str = $called;

            fn name(&mut self) -> &mut String {
                &mut self.name
            }

            async fn find(alerts: &Alerts, name: &str) -> Result<Self, Error> {
                alerts.$find(name).await
            }

            async fn create(self, alerts: &Alerts, id: &str, dry_run: bool) -> Result<Self, Error> {
                alerts.$create(id, self).validate_only(dry_run).await
            }

            async fn replace(self, alerts: &Alerts, dry_run: bool) -> Result<Self, Error> {
                alerts.$update(self).mask(["*"]).validate_only(dry_run).await
            }

            async fn delete(alerts: &Alerts, name: &str) -> Result<(), Error> {
                alerts.$delete(name).await
            }
        }
    };
}

kept!(Receiver, "receiver": receiver, create_receiver, update_receiver, delete_receiver);
kept!(Route, "route": route, create_route, update_route, delete_route);
kept!(Silence, "silence": silence, create_silence, update_silence, delete_silence);
kept!(Template, "template": template, create_template, update_template, delete_template);
kept!(
    EscalationPolicy, "escalation policy":
    escalation_policy, create_escalation_policy, update_escalation_policy,
    delete_escalation_policy
);

/// Prints one.
pub async fn show<K: Kept>(name: &str, context: &Context) -> Result<Exit, Failure> {
    let alerts = context.connect().await?.alerts();
    context.output.one(&K::find(&alerts, name).await?)?;
    Ok(Exit::DONE)
}

/// Takes one away, and shows what it was.
pub async fn delete<K: Kept>(name: &str, context: &Context) -> Result<Exit, Failure> {
    let alerts = context.connect().await?.alerts();
    let mut gone = K::find(&alerts, name).await?;
    K::delete(&alerts, gone.name()).await?;
    let sentence = format!("deleted {} {}", K::CALLED, id_of(gone.name()));
    context.output.changed(&sentence, &gone)?;
    Ok(Exit::DONE)
}
