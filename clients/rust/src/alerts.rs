mod deliveries;
mod escalations;
mod kept;
mod receivers;
mod routes;
mod silences;
mod templates;
mod watching;

pub use watching::{AlertEvent, AlertWatch};

use crate::{
    Change, Error, Listing, Umpire,
    length::length,
    listing::{lists_with, paged},
    mutation::{mutation, mutations_with},
    retry::Retry,
    v1::{
        AcknowledgeAlertRequest, Alert, AssignAlertRequest, GetAlertRequest, ListAlertsRequest,
        ResolveAlertRequest,
    },
};
use std::time::Duration;

const ALERTS: &str = "alerts";

/// Alerts, who is told of them, and what has become of that. Role OPS does everything here,
/// and so does ADMIN; MODERATOR and COMPLIANCE read alerts and deliveries, and MODERATOR looks
/// after alerts.
///
/// A console lists what is open and follows what happens to it:
///
/// ```no_run
/// use futures_util::TryStreamExt;
///
/// # async fn example(umpire: umpire_client::Umpire) -> Result<(), umpire_client::Error> {
/// let alerts = umpire.alerts();
/// // Started first, so that nothing falls between list and stream.
/// let mut events = alerts.watch("level >= P1").start().await?;
/// for alert in alerts.list("state = OPEN AND level >= P1").all().await? {
///     println!("{} ({} events)", alert.title, alert.count);
/// }
/// while let Some(event) = events.try_next().await? {
///     println!("{}: {:?} {}", event.alert.title, event.kind, event.cause);
/// }
/// # Ok(())
/// # }
/// ```
///
/// Somebody looks after one for half an hour, and then it is over:
///
/// ```no_run
/// # use std::time::Duration;
/// # async fn example(umpire: umpire_client::Umpire) -> Result<(), umpire_client::Error> {
/// # let alert = "0193a7b2-5c1e-7cc0-8000-000000000001";
/// let alerts = umpire.alerts();
/// alerts.acknowledge(alert).for_(Duration::from_secs(1_800)).note("looking").await?;
/// alerts.resolve(alert).note("a bad word list").await?;
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct Alerts(Umpire);

impl Alerts {
    pub(crate) fn new(umpire: Umpire) -> Self {
        Self(umpire)
    }

    /// One alert, by id or name.
    ///
    /// # Errors
    /// NOT_FOUND, and what any call may fail with.
    pub async fn get(&self, alert: &str) -> Result<Alert, Error> {
        let name = self.0.full_name(ALERTS, alert).await?;
        let answer = self
            .0
            .call(Retry::Safe, GetAlertRequest { name }, |request| {
                let mut client = self.0.raw_alerts();
                async move { client.get_alert(request).await }
            })
            .await?;
        answer.alert.ok_or(Error::Incomplete("alert"))
    }

    /// The tenant's alerts that a filter lets through, `state = OPEN AND level >= P1` say,
    /// newest first; all of them with an empty one.
    pub fn list(&self, filter: impl Into<String>) -> Listing<ListAlertsRequest> {
        let (parent, filter) = (self.0.tenant.parent(), filter.into());
        Listing::new(&self.0, ListAlertsRequest { parent, filter, ..<_>::default() })
    }

    /// Looks after an alert, by id or name: escalation stops, and what is added to it waits,
    /// for an hour or [as long](Change::for_) as is said.
    pub fn acknowledge(&self, alert: impl Into<String>) -> Change<AcknowledgeAlertRequest> {
        Change::new(&self.0, AcknowledgeAlertRequest { name: alert.into(), ..<_>::default() })
    }

    /// Names who looks after an alert; an empty name takes that back.
    pub fn assign(
        &self,
        alert: impl Into<String>,
        assignee: impl Into<String>,
    ) -> Change<AssignAlertRequest> {
        let (name, assignee) = (alert.into(), assignee.into());
        Change::new(&self.0, AssignAlertRequest { name, assignee, ..<_>::default() })
    }

    /// Ends an alert: receivers with `send_resolved` are told, and the next event of its key
    /// starts another.
    pub fn resolve(&self, alert: impl Into<String>) -> Change<ResolveAlertRequest> {
        Change::new(&self.0, ResolveAlertRequest { name: alert.into(), ..<_>::default() })
    }
}

impl Change<AcknowledgeAlertRequest> {
    /// For so long, at most 7 days; the alert is OPEN again after it.
    pub fn for_(mut self, lasting: Duration) -> Self {
        self.request.expire_after = Some(length(lasting));
        self
    }
}

paged!(raw_alerts.list_alerts(ListAlertsRequest) -> alerts: Alert, 200 at once);
lists_with!(Filtered, filter: String; ListAlertsRequest);

mutation!(
    raw_alerts.acknowledge_alert(AcknowledgeAlertRequest) -> Alert,
    |answer| answer.alert,
    |request| Some((&mut request.name, ALERTS))
);
mutation!(
    raw_alerts.assign_alert(AssignAlertRequest) -> Alert,
    |answer| answer.alert,
    |request| Some((&mut request.name, ALERTS))
);
mutation!(
    raw_alerts.resolve_alert(ResolveAlertRequest) -> Alert,
    |answer| answer.alert,
    |request| Some((&mut request.name, ALERTS))
);
mutations_with!(Noted, note: String; AcknowledgeAlertRequest, ResolveAlertRequest);
mutations_with!(
    Guarded, etag: String;
    AcknowledgeAlertRequest, AssignAlertRequest, ResolveAlertRequest
);

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_is_said_is_what_is_sent() {
        let umpire = Umpire::builder("http://127.0.0.1:1").tenant("game-a").connect_lazy();
        let alerts = umpire.expect("an endpoint").alerts();
        let change = alerts.acknowledge("a").for_(Duration::from_secs(90)).note("looking");
        let request = change.etag("e").request;
        assert_eq!((request.note.as_str(), request.etag.as_str()), ("looking", "e"));
        assert_eq!(request.expire_after.map(|lasting| lasting.seconds), Some(90));
        assert!(alerts.resolve("a").request.request_id.len() > 30, "it can be made again");
        let listed = alerts.list("state = OPEN").request;
        assert_eq!(
            (listed.parent.as_str(), listed.filter.as_str()),
            ("tenants/game-a", "state = OPEN")
        );
    }
}
