//! Templates are edited while the server runs, tried before they are used, and never keep a
//! notice from anybody.

use crate::duty::{Duty, said, status};
use prost_types::FieldMask;
use tonic::{Code, Status};
use umpire_fakes::dingtalk::Robot;
use umpire_proto::v1::{
    CreateTemplateRequest, DeleteTemplateRequest, Level, NoticeReason, PreviewTemplateRequest,
    PreviewTemplateResponse, Template, UpdateTemplateRequest, preview_template_request::Subject,
};
use umpire_testkit::{check, dingtalk_receiver, the_alert, violated};

const MINE: &str = "tenants/default/templates/mine";

fn template(channel: &str, title: &str, body: &str) -> Template {
    let (channel, title, body) = (channel.to_owned(), title.to_owned(), body.to_owned());
    Template { channel, title, body, ..<_>::default() }
}

async fn create(duty: &Duty, template: Template) -> Result<(), Status> {
    let request = CreateTemplateRequest {
        template_id: "mine".into(),
        template: Some(template),
        ..<_>::default()
    };
    duty.clients.alerts.clone().create_template(request).await.map(drop)
}

async fn reword(duty: &Duty, body: &str) {
    let template = Template { name: MINE.into(), body: body.into(), ..<_>::default() };
    let request = UpdateTemplateRequest {
        template: Some(template),
        update_mask: Some(FieldMask { paths: vec!["body".into()] }),
        ..<_>::default()
    };
    duty.clients.alerts.clone().update_template(request).await.unwrap();
}

async fn preview(
    duty: &Duty,
    request: PreviewTemplateRequest,
) -> Result<PreviewTemplateResponse, Status> {
    let answer = duty.clients.alerts.clone().preview_template(request).await?;
    Ok(answer.into_inner())
}

fn kept() -> PreviewTemplateRequest {
    PreviewTemplateRequest { subject: Some(Subject::Template(MINE.into())), ..<_>::default() }
}

fn draft(template: Template) -> PreviewTemplateRequest {
    PreviewTemplateRequest { subject: Some(Subject::Draft(template)), ..<_>::default() }
}

#[tokio::test]
async fn a_template_that_is_changed_words_the_next_notice() {
    let mut duty = Duty::start().await;
    let hook = duty.webhook("hook").await;
    let first = template("webhook", "{{ level }} in {{ room_id }}", "first: {{ rule_name }}");
    create(&duty, first).await.unwrap();
    duty.say("c1", "bad").await;
    assert_eq!(hook.wait_for(1).await[0].text, "P2 in c1\nfirst: bad");
    reword(&duty, "second: {{ keyword }}").await;
    duty.say("c2", "bad").await;
    assert_eq!(hook.wait_for(2).await[1].text, "P2 in c2\nsecond: bad");
    let request = DeleteTemplateRequest { name: MINE.into(), ..<_>::default() };
    duty.clients.alerts.clone().delete_template(request).await.unwrap();
    duty.say("c3", "bad").await;
    let text = &hook.wait_for(3).await[2].text;
    assert!(text.contains("P2 bad") && text.contains("Level: P2 Normal"), "{text}");
}

#[tokio::test]
async fn what_waits_is_told_in_the_words_of_when_it_is_sent() {
    let mut duty = Duty::start().await;
    let hook = duty.webhook("hook").await;
    create(&duty, template("", "", "first")).await.unwrap();
    hook.fail_next([status(500)]);
    duty.say("c", "bad").await;
    let failed = duty.called("hook", 1).await;
    reword(&duty, "second").await;
    duty.pass_until_due(&failed);
    assert!(hook.wait_for(1).await[0].text.ends_with("second"));
}

#[tokio::test]
async fn previews_show_what_would_be_sent() {
    let mut duty = Duty::start().await;
    let hook = duty.webhook("hook").await;
    let mine = template("webhook", "", "{{ rule_name }}, {{ room_id }}, {{ reason }}");
    create(&duty, mine).await.unwrap();
    // With a sample, and with an alert that is there.
    let shown = preview(&duty, kept()).await.unwrap();
    assert_eq!(shown.body, "Sample rule, sample-room, FIRST");
    duty.say("c1", "bad").await;
    let alert = the_alert(&duty.clients, "rule = bad").await.name;
    let shown =
        preview(&duty, PreviewTemplateRequest { alert: alert.clone(), ..kept() }).await.unwrap();
    assert_eq!(shown.body, "bad, c1, FIRST");
    assert_eq!(hook.wait_for(1).await[0].text, format!("{}\n{}", shown.title, shown.body));
    // A draft for another channel, level and reason; nothing comes of it.
    let request = PreviewTemplateRequest {
        channel: "telegram".into(),
        level: Level::P0 as i32,
        reason: NoticeReason::LevelUp as i32,
        ..draft(template("", "", "<b>{{ level }}</b> {{ excerpt }}"))
    };
    let shown = preview(&duty, request).await.unwrap();
    assert!(shown.body.starts_with("<b>P0</b> "), "{shown:?}");
    assert!(shown.plain.contains("P0") && !shown.plain.contains("<b>"), "{shown:?}");
    // Without a body the built-in one.
    let request =
        PreviewTemplateRequest { channel: "dingtalk".into(), alert, ..draft(Template::default()) };
    let shown = preview(&duty, request).await.unwrap();
    assert!(shown.title.contains("P2 bad") && shown.body.starts_with("## "), "{shown:?}");
}

#[tokio::test]
async fn what_is_wrong_with_a_template_is_said() {
    let duty = Duty::start().await;
    for (request, field) in [
        (draft(template("webhook", "", "{{ nobody_knows }}")), "draft.body"),
        (draft(template("webhook", "{% include 'x' %}", "x")), "draft.title"),
        (draft(template("webhook", "", "{% if level %}")), "draft.body"),
        (draft(template("", "", "x")), "channel"),
    ] {
        let status = preview(&duty, request).await.unwrap_err();
        assert_eq!((status.code(), violated(&status)), (Code::InvalidArgument, vec![field.into()]));
    }
    for (made, field) in [
        (template("webhook", "", "{{ nobody_knows }}"), "template.body"),
        (template("webhook", "{{ level", "x"), "template.title"),
        (template("webhook", "x", ""), "template.body"),
    ] {
        let status = create(&duty, made).await.unwrap_err();
        assert_eq!(violated(&status), [field], "{status:?}");
    }
}

#[tokio::test]
async fn a_template_that_fails_keeps_nothing_from_anybody() {
    let mut duty = Duty::start().await;
    let hook = duty.webhook("hook").await;
    // Samples have a label; the alert has none, and there is nothing to say.
    let body = "{% for label in labels %}{{ label }}{% endfor %}";
    create(&duty, template("webhook", "mine", body)).await.unwrap();
    duty.say("c", "bad").await;
    let text = &hook.wait_for(1).await[0].text;
    assert!(text.contains("P2 bad") && text.contains("Rule: bad"), "the built-in one: {text}");
    let alert = the_alert(&duty.clients, "").await.name;
    let status = preview(&duty, PreviewTemplateRequest { alert, ..kept() }).await.unwrap_err();
    assert_eq!(status.code(), Code::InvalidArgument);
}

#[tokio::test]
async fn users_neither_call_anybody_nor_make_links() {
    let mut duty = Duty::start().await;
    let fake = duty.vendor(Robot::new("token")).await;
    let request = dingtalk_receiver("robot", &fake.url("/robot/send"), "token", "");
    duty.receiver(request, |one| one.display_name = "the robot".into()).await;
    let body = "{{ headline }} {{ excerpt }} {{ room_name }}";
    create(&duty, template("dingtalk", "", body)).await.unwrap();
    let hostile = "bad [win](http://evil.example) @all <at>";
    let mut message = said("c", hostile);
    message.conversation.as_mut().unwrap().name = "# [x](http://y) @everybody".into();
    check(&duty.clients, message).await.unwrap();
    let shown = &fake.wait_for(1).await[0];
    assert!(shown.mentions.is_empty(), "{shown:?}");
    for markup in ["](", "@all", "@everybody", "<at>"] {
        assert!(!shown.text.contains(markup), "{markup}: {}", shown.text);
    }
    assert!(shown.text.contains("win"), "it is shown all the same: {}", shown.text);
}
