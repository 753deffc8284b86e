#[cfg(test)]
pub(crate) mod samples;
#[cfg(test)]
mod tests;

use crate::{notification::notification, outcome::outcome};
use futures_util::future::BoxFuture;
use umpire_outbound::{Outbound, standard_webhooks::sign};
use umpire_sanctions::{Herald, Settled, Told, Webhook};

/// Tells enforcers by HTTP.
#[derive(Debug, Clone)]
pub struct Webhooks {
    outbound: Outbound,
}

impl Webhooks {
    /// Tells them through this client.
    #[must_use]
    pub fn new(outbound: Outbound) -> Self {
        Self { outbound }
    }

    async fn call(&self, webhook: &Webhook, told: &Told<'_>) -> Settled {
        let Ok(body) = notification(told, webhook.legacy_end_time) else {
            return Settled::Refused { error: "the sanction cannot be written as JSON".into() };
        };
        // The moment is the attempt's: a signature of the first would be too old for the last.
        let seconds = told.time.parts().0;
        let signature = match sign(&webhook.secret, &told.key, seconds, &body) {
            Ok(signature) => signature,
            Err(error) => return Settled::Refused { error: error.to_string() },
        };
        let headers = [
            ("content-type", "application/json".to_owned()),
            ("webhook-id", told.key.clone()),
            ("webhook-timestamp", seconds.to_string()),
            ("webhook-signature", signature),
            ("idempotency-key", told.key.clone()),
        ];
        outcome(self.outbound.post(&webhook.url, &headers, body).await, told.notice)
    }
}

impl Herald for Webhooks {
    fn tell<'a>(&'a self, webhook: &'a Webhook, told: Told<'a>) -> BoxFuture<'a, Settled> {
        Box::pin(async move { self.call(webhook, &told).await })
    }
}
