use crate::demo::Failure;
use serde_json::Value;
use std::time::Duration;
use tokio::time::timeout;
use umpire_fakes::{Call, FakeVendor, dingtalk, feishu, webhook_sink::WebhookSink, wecom};
use umpire_proto::v1::receiver::{Channel, Dingtalk, Feishu, Webhook, WecomRobot};

/// How long a vendor may wait for what it should be told.
const PATIENCE: Duration = Duration::from_secs(30);
const TOKEN: &str = "demo-token";
const SECRET: &str = "SECdemo-secret";
/// `whsec_` and 24 bytes.
const SIGNING_SECRET: &str = "whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIz";

/// Vendors on this machine that refuse what the real ones would.
pub(super) struct Vendors {
    dingtalk: FakeVendor,
    feishu: FakeVendor,
    wecom: FakeVendor,
    webhook: FakeVendor,
}

impl Vendors {
    pub async fn start() -> Self {
        let robot = dingtalk::Robot::new(TOKEN).signed_with(SECRET);
        Self {
            dingtalk: FakeVendor::start(robot).await,
            feishu: FakeVendor::start(feishu::Bot::new(TOKEN).signed_with(SECRET)).await,
            wecom: FakeVendor::start(wecom::Robot::new(TOKEN)).await,
            webhook: FakeVendor::start(WebhookSink::signed_with(SIGNING_SECRET)).await,
        }
    }

    /// A receiver for each, by id.
    pub fn channels(&self) -> [(&'static str, Channel); 4] {
        let (token, secret) = (TOKEN.to_owned(), SECRET.to_owned());
        let dingtalk = Dingtalk {
            url: self.dingtalk.url("/robot/send"),
            access_token: token.clone(),
            secret: secret.clone(),
            at_user_ids: vec!["duty-manager".into()],
            at_all: true,
            ..<_>::default()
        };
        let url = self.feishu.url(&format!("/open-apis/bot/v2/hook/{TOKEN}"));
        let feishu = Feishu { url, secret, ..<_>::default() };
        let url = self.wecom.url("/cgi-bin/webhook/send");
        let wecom = WecomRobot { url, key: token, ..<_>::default() };
        let (url, secret) = (self.webhook.url("/hook"), SIGNING_SECRET.to_owned());
        let webhook = Webhook { url, secret, ..<_>::default() };
        [
            ("dingtalk", Channel::Dingtalk(dingtalk)),
            ("feishu", Channel::Feishu(feishu)),
            ("wecom", Channel::WecomRobot(wecom)),
            ("webhook", Channel::Webhook(webhook)),
        ]
    }

    /// What the group in DingTalk saw, once that is so much: titles, and whom each calls.
    pub async fn shown(&self, count: usize) -> Result<Vec<(String, String)>, Failure> {
        let waited = timeout(PATIENCE, self.dingtalk.wait_for(count)).await;
        let shown = waited.map_err(|_| "alerts: DingTalk is not told")?;
        let titles = self.dingtalk.calls();
        let titles = titles.iter().filter_map(Call::json).map(|body| title(&body));
        Ok(titles.zip(shown.into_iter().map(|shown| shown.mentions.join(" "))).collect())
    }
}

fn title(body: &Value) -> String {
    body["markdown"]["title"].as_str().unwrap_or_default().to_owned()
}
