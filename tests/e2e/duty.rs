//! People on duty: a server whose clock is set by hand, and vendors that go by it.

use serde_json::Value;
use std::{
    sync::Arc,
    time::{Duration, SystemTime, UNIX_EPOCH},
};
use umpire::Config;
use umpire_fakes::{Call, FakeVendor, Fault, Vendor, webhook_sink::WebhookSink};
use umpire_proto::v1::{
    Conversation, CreateReceiverRequest, Delivery, GetReceiverRequest, Level, Message, Receiver,
    receiver::Health,
};
use umpire_testkit::{
    Clients, Clock, TestServer, alerting_rule, check, deliveries_with, eventually, message,
    receiver_name, route, webhook_receiver,
};

/// `whsec_` and 24 bytes.
pub(crate) const SECRET: &str = "whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIz";
/// How much time passes at once where nobody says, in seconds.
const STEP: i64 = 5;
/// How often it does before a test fails.
const STEPS: u32 = 5_000;
/// How long the server is given for each.
const POLL: Duration = Duration::from_millis(20);

/// A server and the vendors that it calls.
pub(crate) struct Duty {
    pub server: TestServer,
    pub clients: Clients,
    vendors: Vec<Arc<FakeVendor>>,
}

impl Duty {
    /// With a rule at each of three levels: `urgent` P0, `grave` P1, `bad` P2.
    pub async fn start() -> Self {
        Self::start_with(|_| {}).await
    }

    /// The same, configured otherwise.
    pub async fn start_with(configure: impl FnOnce(&mut Config)) -> Self {
        let server = TestServer::start_with(|config| {
            config.outbound.allow_private = true;
            configure(config);
        });
        let server = Box::pin(server).await;
        let clients = server.clients();
        for (word, level) in [("urgent", Level::P0), ("grave", Level::P1), ("bad", Level::P2)] {
            let rule = alerting_rule(word, &[word], level);
            clients.rules.clone().create_rule(rule).await.unwrap();
        }
        Self { server, clients, vendors: Vec::new() }
    }

    /// A vendor at work, whose clock goes by the server's.
    pub async fn vendor(&mut self, vendor: impl Vendor) -> Arc<FakeVendor> {
        let fake = Arc::new(FakeVendor::start(vendor).await);
        let real = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
        fake.shift_clock(self.server.clock.now().parts().0 - i64::try_from(real).unwrap());
        self.vendors.push(fake.clone());
        fake
    }

    /// A service that is told by webhooks, and the receiver that leads there.
    pub async fn webhook(&mut self, id: &str) -> Arc<FakeVendor> {
        self.webhook_with(id, |_| {}).await
    }

    /// The same, the receiver changed.
    pub async fn webhook_with(
        &mut self,
        id: &str,
        change: impl FnOnce(&mut Receiver),
    ) -> Arc<FakeVendor> {
        let fake = self.vendor(WebhookSink::signed_with(SECRET)).await;
        self.receiver(webhook_receiver(id, &fake.url("/hook"), SECRET), change).await;
        fake
    }

    pub async fn receiver(
        &self,
        mut request: CreateReceiverRequest,
        change: impl FnOnce(&mut Receiver),
    ) {
        change(request.receiver.as_mut().unwrap());
        self.clients.alerts.clone().create_receiver(request).await.unwrap();
    }

    /// A route that leads those that meet a filter to these receivers.
    pub async fn route(&self, id: &str, filter: &str, receivers: &[&str]) {
        let request = route(id, filter, receivers);
        self.clients.alerts.clone().create_route(request).await.unwrap();
    }

    /// Somebody says something in a conversation.
    pub async fn say(&self, conversation: &str, text: &str) {
        check(&self.clients, said(conversation, text)).await.unwrap();
    }

    /// Lets time pass.
    pub fn pass(&self, seconds: i64) {
        // For vendors first, so that their windows are no shorter than the server takes
        // them for.
        self.vendors.iter().for_each(|vendor| vendor.shift_clock(seconds));
        self.server.clock.advance_seconds(seconds);
    }

    /// Lets time pass until there is an answer.
    pub async fn in_time<T>(&self, what: &str, ask: impl AsyncFnMut() -> Option<T>) -> T {
        self.in_steps_of(STEP, what, ask).await
    }

    /// The same, so many seconds at once.
    pub async fn in_steps_of<T>(
        &self,
        seconds: i64,
        what: &str,
        mut ask: impl AsyncFnMut() -> Option<T>,
    ) -> T {
        for _ in 0..STEPS {
            if let Some(answer) = ask().await {
                return answer;
            }
            self.pass(seconds);
            tokio::time::sleep(POLL).await;
        }
        panic!("not within {STEPS} times {seconds} s: {what}");
    }

    /// What is known of a receiver.
    pub async fn health(&self, id: &str) -> Health {
        let request = GetReceiverRequest { name: receiver_name(id) };
        let answer = self.clients.alerts.clone().get_receiver(request).await.unwrap();
        answer.into_inner().receiver.unwrap().health.unwrap()
    }

    /// The first delivery to a receiver, once so many calls were made for it.
    pub async fn called(&self, receiver: &str, calls: usize) -> Delivery {
        eventually(&format!("{calls} calls of {receiver}"), async || {
            let all = deliveries_with(&self.clients, &format!("receiver = {receiver}")).await;
            all.into_iter().next_back().filter(|first| first.log.len() == calls)
        })
        .await
    }

    /// Deliveries that meet a filter, newest first, once there are so many.
    pub async fn so_many(&self, filter: &str, count: usize) -> Vec<Delivery> {
        eventually(&format!("{count} deliveries with {filter}"), async || {
            let found = deliveries_with(&self.clients, filter).await;
            (found.len() == count).then_some(found)
        })
        .await
    }

    /// Microseconds until a moment.
    pub fn until(&self, moment: Option<prost_types::Timestamp>) -> i64 {
        let moment = moment.expect("a moment");
        let micros = moment.seconds * 1_000_000 + i64::from(moment.nanos) / 1_000;
        micros - self.server.clock.now().0
    }

    /// Lets so much time pass that a delivery is due.
    pub fn pass_until_due(&self, delivery: &Delivery) {
        self.pass(self.until(delivery.next_attempt_time) / 1_000_000 + 1);
    }
}

/// A message in a conversation.
pub(crate) fn said(conversation: &str, text: &str) -> Message {
    let conversation = Conversation { id: conversation.into(), ..<_>::default() };
    Message { conversation: Some(conversation), ..message(text) }
}

/// What a service answers when it is not well.
pub(crate) fn status(status: u16) -> Fault {
    Fault::Status(status, Vec::new(), String::new())
}

/// What a service answers that wants to be left alone for so many seconds.
pub(crate) fn wait(status: u16, seconds: u32) -> Fault {
    Fault::Status(status, vec![("retry-after".into(), seconds.to_string())], String::new())
}

/// What webhooks tell of.
pub(crate) fn data(call: &Call) -> Value {
    call.json().unwrap()["data"].take()
}

/// The conversations that webhooks tell of, in the order they came.
pub(crate) fn conversations(calls: &[Call]) -> Vec<String> {
    let id = |call: &Call| data(call)["place"]["conversation_id"].as_str().unwrap().to_owned();
    calls.iter().map(id).collect()
}

/// Their ids.
pub(crate) fn webhook_ids(calls: &[Call]) -> Vec<String> {
    calls.iter().map(|call| call.header("webhook-id").unwrap().to_owned()).collect()
}

/// The id that a delivery has as a webhook.
pub(crate) fn webhook_id(delivery: &Delivery) -> String {
    format!("msg_{}", delivery.name.rsplit('/').next().unwrap())
}
