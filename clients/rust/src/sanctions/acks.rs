//! What enforcers say to what they are told.

use super::Sanctions;
use crate::{
    Error,
    retry::Retry,
    v1::{
        AckResult, AckSanctionsRequest, EnforcementEvent, Sanction, SanctionState,
        ack_sanctions_request::Ack,
    },
};

/// What enforcers ask of a sanction and say to it.
pub trait SanctionExt {
    /// Id, without its tenant.
    fn id(&self) -> &str;

    /// It holds, or no longer, as was told.
    fn applied(&self) -> Ack;

    /// It could not be carried out; the server tells again, up to three times in all.
    fn failed(&self, error: impl Into<String>) -> Ack;

    /// There is no such player here.
    fn unknown_subject(&self) -> Ack;
}

impl SanctionExt for Sanction {
    fn id(&self) -> &str {
        self.name.rsplit('/').next().unwrap_or_default()
    }

    fn applied(&self) -> Ack {
        ack(self, AckResult::Applied, String::new())
    }

    fn failed(&self, error: impl Into<String>) -> Ack {
        ack(self, AckResult::Failed, error.into())
    }

    fn unknown_subject(&self) -> Ack {
        ack(self, AckResult::UnknownSubject, String::new())
    }
}

fn ack(sanction: &Sanction, result: AckResult, error: String) -> Ack {
    // The sanction is as it was when it was told.
    let event = match sanction.state() {
        SanctionState::Lifted => EnforcementEvent::Lift,
        _ => EnforcementEvent::Apply,
    };
    let sanction = sanction.name.clone();
    Ack { sanction, result: result as i32, error, event: event as i32 }
}

impl Sanctions {
    /// Says what has become of sanctions that the enforcer was told, at most 1,000: all
    /// are taken or none.
    ///
    /// # Errors
    /// NOT_FOUND for the first that is not there or was not sent to this enforcer, and
    /// what any call may fail with.
    pub async fn ack(&self, enforcer: impl Into<String>, acks: Vec<Ack>) -> Result<(), Error> {
        let (parent, enforcer) = (self.0.tenant.parent(), enforcer.into());
        let request = AckSanctionsRequest { parent, enforcer, acks };
        self.0
            .call(Retry::Safe, request, |request| {
                let mut client = self.0.raw_sanctions();
                async move { client.ack_sanctions(request).await }
            })
            .await?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_ack_names_its_sanction() {
        let name = "tenants/default/sanctions/0193a7b2".to_owned();
        let sanction = Sanction { name: name.clone(), ..Sanction::default() };
        assert_eq!(sanction.id(), "0193a7b2");
        let applied = sanction.applied();
        assert_eq!((applied.result(), applied.sanction), (AckResult::Applied, name));
        let failed = sanction.failed("no such shard");
        assert_eq!((failed.result(), failed.error.as_str()), (AckResult::Failed, "no such shard"));
        assert_eq!(sanction.unknown_subject().result(), AckResult::UnknownSubject);
    }
}
