//! A server and those it tells. A service that takes signed webhooks stands for all of them;
//! it checks everything, and its clock goes with the server's.

use prost_types::FieldMask;
use serde_json::Value;
use std::{
    collections::BTreeSet,
    time::{SystemTime, UNIX_EPOCH},
};
use umpire::Config;
use umpire_fakes::{FakeVendor, Vendor, webhook_sink::WebhookSink};
use umpire_proto::v1::{
    Alert, Conversation, Level, Message, Receiver, Route, Rule, UpdateRuleRequest, Verdict,
};
use umpire_testkit::{
    Clients, Clock, TestServer, alerting_rule, check, deliveries_with, eventually, route, said_by,
    the_alert, webhook_receiver,
};

/// `whsec_` and 24 bytes.
pub(crate) const SECRET: &str = "whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIz";

/// A server with people at the other end.
pub(crate) struct Office {
    pub server: TestServer,
    pub clients: Clients,
    /// Where all its webhooks lead.
    pub sink: FakeVendor,
}

impl Office {
    /// With receivers of these ids.
    pub async fn start(receivers: &[&str]) -> Self {
        Self::start_with(receivers, |_| {}).await
    }

    /// With another configuration.
    pub async fn start_with(receivers: &[&str], configure: impl FnOnce(&mut Config)) -> Self {
        let server = TestServer::start_with(|config| {
            config.outbound.allow_private = true;
            configure(config);
        });
        let server = Box::pin(server).await;
        let sink = on_the_clock_of(&server, WebhookSink::signed_with(SECRET)).await;
        let office = Self { clients: server.clients(), server, sink };
        for id in receivers {
            office.receiver(id, |_| {}).await;
        }
        office
    }

    /// Stops and starts on the same folder.
    pub async fn restart(&mut self) {
        Box::pin(self.server.restart()).await;
        self.clients = self.server.clients();
    }

    /// Another receiver.
    pub async fn receiver(&self, id: &str, change: impl FnOnce(&mut Receiver)) -> Receiver {
        let mut request = webhook_receiver(id, &self.sink.url("/hook"), SECRET);
        change(request.receiver.as_mut().unwrap());
        let made = self.clients.alerts.clone().create_receiver(request).await.unwrap();
        made.into_inner().receiver.unwrap()
    }

    /// Another vendor, whose clock is the server's as of now.
    pub async fn vendor(&self, vendor: impl Vendor) -> FakeVendor {
        on_the_clock_of(&self.server, vendor).await
    }

    /// Another route.
    pub async fn route(
        &self,
        id: &str,
        filter: &str,
        receivers: &[&str],
        change: impl FnOnce(&mut Route),
    ) {
        let mut request = route(id, filter, receivers);
        change(request.route.as_mut().unwrap());
        self.clients.alerts.clone().create_route(request).await.unwrap();
    }

    /// A rule that raises alerts where it finds its own id.
    pub async fn rule(&self, id: &str, level: Level) {
        let rule = alerting_rule(id, &[id], level);
        self.clients.rules.clone().create_rule(rule).await.unwrap();
    }

    /// From now on a rule is so urgent.
    pub async fn set_level(&self, rule: &str, level: Level) {
        let name = format!("tenants/default/rules/{rule}");
        let request = UpdateRuleRequest {
            rule: Some(Rule { name, level: level as i32, ..<_>::default() }),
            update_mask: Some(FieldMask { paths: vec!["level".into()] }),
            ..<_>::default()
        };
        self.clients.rules.clone().update_rule(request).await.unwrap();
    }

    /// Somebody says something somewhere.
    pub async fn say(&self, room: &str, text: &str) -> Verdict {
        check(&self.clients, said_in(room, text)).await.unwrap()
    }

    /// The only alert that meets a filter, once there is one.
    pub async fn alert(&self, filter: &str) -> Alert {
        the_alert(&self.clients, filter).await
    }

    /// Waits until people heard of so many notices, and gives all that were sent so far in
    /// short: `duty P2 FIRST 1 leak` (receiver, level, reason, events it stands for, matter).
    pub async fn heard(&self, count: usize) -> Vec<String> {
        self.sink.wait_for(count).await;
        let (calls, mut seen) = (self.sink.calls(), BTreeSet::new());
        // The same id is the same message, however often it comes.
        let fresh = calls.iter().filter(|call| seen.insert(call.header("webhook-id")));
        fresh.map(|call| told(&call.json().unwrap())).collect()
    }

    /// The same, in the order of the alphabet: receivers do not wait for each other.
    pub async fn heard_by_all(&self, count: usize) -> Vec<String> {
        let mut heard = self.heard(count).await;
        heard.sort();
        heard
    }

    /// Lets time pass, once everything that was queued has come to its end.
    pub async fn pass(&self, seconds: i64) {
        let is_quiet = async || {
            let queued = deliveries_with(&self.clients, "state = QUEUED").await;
            queued.is_empty().then_some(())
        };
        eventually("nothing is queued", is_quiet).await;
        // First the sink: what is sent from then on is signed with the new time.
        self.sink.shift_clock(seconds);
        self.server.clock.advance_seconds(seconds);
    }
}

/// A message of somebody somewhere.
pub(crate) fn said_in(room: &str, text: &str) -> Message {
    let conversation = Conversation { id: room.into(), ..<_>::default() };
    Message { conversation: Some(conversation), ..said_by("u-1", text) }
}

async fn on_the_clock_of(server: &TestServer, vendor: impl Vendor) -> FakeVendor {
    let vendor = FakeVendor::start(vendor).await;
    let real = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
    vendor.shift_clock(server.clock.now().parts().0 - i64::try_from(real).unwrap());
    vendor
}

fn told(body: &Value) -> String {
    let data = &body["data"];
    let text = |field: &str| data[field].as_str().unwrap();
    let receiver = text("receiver").rsplit('/').next().unwrap();
    let stands_for = &data["stands_for"];
    format!("{receiver} {} {} {stands_for} {}", text("level"), text("reason"), text("summary"))
}
