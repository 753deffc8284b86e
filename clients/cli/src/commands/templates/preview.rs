use crate::{
    commands::{alerts::Kind, level::Level},
    context::Context,
    exit::Exit,
    failure::Failure,
    input,
    output::{Row, safe},
};
use clap::{Args, ValueEnum};
use std::path::PathBuf;
use umpire_client::v1::{
    NoticeLanguage, NoticeReason, PreviewTemplateRequest, PreviewTemplateResponse, Template,
    preview_template_request::Subject,
};

/// Which words, and what they are about.
#[derive(Args)]
pub struct Preview {
    /// Id or name of a template; the built-in one when neither this nor a file is given
    #[arg(conflicts_with = "file")]
    template: Option<String>,

    /// YAML or JSON: a template that is not kept yet; `-` is standard input
    #[arg(long, short)]
    file: Option<PathBuf>,

    /// For this channel: dingtalk, email; the template's own when absent
    #[arg(long, default_value = "", hide_default_value = true)]
    channel: String,

    /// In this language; the template's own when absent
    #[arg(long)]
    language: Option<Language>,

    /// Filled with this alert, by id or name; with a sample when absent
    #[arg(long, conflicts_with_all = ["kind", "level"])]
    alert: Option<String>,

    /// What the sample is about
    #[arg(long)]
    kind: Option<Kind>,

    /// Level of the sample
    #[arg(long, ignore_case = true)]
    level: Option<Level>,

    /// Why people are told
    #[arg(long)]
    reason: Option<Reason>,
}

/// What a notice is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Language {
    /// Chinese.
    ZhCn,
    /// English.
    En,
}

/// Why people are told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Reason {
    /// It is new.
    First,
    /// More happened, or time passed.
    Repeated,
    /// It became more urgent.
    LevelUp,
    /// Nobody acknowledged it.
    Escalated,
    /// Nobody looks after it any more.
    AckExpired,
    /// It is over.
    Resolved,
    /// Many are told of in one message.
    Digest,
    /// A test.
    Test,
}

impl Language {
    fn proto(self) -> NoticeLanguage {
        match self {
            Self::ZhCn => NoticeLanguage::ZhCn,
            Self::En => NoticeLanguage::En,
        }
    }
}

impl Reason {
    fn proto(self) -> NoticeReason {
        match self {
            Self::First => NoticeReason::First,
            Self::Repeated => NoticeReason::Repeated,
            Self::LevelUp => NoticeReason::LevelUp,
            Self::Escalated => NoticeReason::Escalated,
            Self::AckExpired => NoticeReason::AckExpired,
            Self::Resolved => NoticeReason::Resolved,
            Self::Digest => NoticeReason::Digest,
            Self::Test => NoticeReason::Test,
        }
    }
}

impl Preview {
    /// Asks, and prints it.
    pub async fn run(self, context: &Context) -> Result<Exit, Failure> {
        let request = self.request()?;
        let alerts = context.connect().await?.alerts();
        let shown = alerts.preview(request).await?;
        if !context.output.is_table() {
            context.output.one(&shown)?;
            return Ok(Exit::DONE);
        }
        for line in lines(&shown) {
            context.output.line(&safe(line))?;
        }
        Ok(Exit::DONE)
    }

    fn request(self) -> Result<PreviewTemplateRequest, Failure> {
        let draft = self.file.as_deref().map(|path| {
            // A draft needs no name; what it is called is not looked at.
            input::messages::<Template>(path, Template::NAME, Some("draft"))
        });
        let draft = draft.transpose()?.and_then(|drafts| drafts.into_iter().next());
        let subject = draft.map(Subject::Draft).or(self.template.map(Subject::Template));
        Ok(PreviewTemplateRequest {
            subject,
            channel: self.channel,
            language: self.language.map_or(0, |language| language.proto() as i32),
            alert: self.alert.unwrap_or_default(),
            kind: self.kind.map_or(0, |kind| kind.proto() as i32),
            level: self.level.map_or(0, |level| level.proto() as i32),
            reason: self.reason.map_or(0, |reason| reason.proto() as i32),
            ..PreviewTemplateRequest::default()
        })
    }
}

/// The title, the body, and below a line what stands beside the body without markup.
fn lines(shown: &PreviewTemplateResponse) -> Vec<&str> {
    let mut lines = vec![shown.title.as_str(), ""];
    lines.extend(shown.body.lines());
    if !shown.plain.is_empty() {
        lines.extend(["", "----", ""]);
        lines.extend(shown.plain.lines());
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::Parser;
    use umpire_client::v1;

    #[derive(Parser)]
    struct Line {
        #[command(flatten)]
        preview: Preview,
    }

    #[test]
    fn flags_become_a_request() {
        let parsed = |flags: &str| {
            let words = std::iter::once("preview").chain(flags.split_whitespace());
            Line::try_parse_from(words).ok().and_then(|line| line.preview.request().ok())
        };
        let request = parsed("night --channel email --level P1 --reason level-up --language zh-cn");
        let request = request.expect("flags");
        assert_eq!(request.subject, Some(Subject::Template("night".into())));
        assert_eq!((request.channel.as_str(), request.level()), ("email", v1::Level::P1));
        let told = (request.reason(), request.language());
        assert_eq!(told, (NoticeReason::LevelUp, NoticeLanguage::ZhCn));
        assert_eq!(parsed("--channel sms").and_then(|request| request.subject), None);
        assert!(parsed("night --file x.yaml").is_none());
        assert!(parsed("--alert 0193 --level p0").is_none());
    }

    #[test]
    fn plain_text_stands_below() {
        let [title, body, plain] = ["T", "<b>a</b>\nb", "a\nb"].map(str::to_owned);
        let mut shown = PreviewTemplateResponse { title, body, plain };
        assert_eq!(lines(&shown), ["T", "", "<b>a</b>", "b", "", "----", "", "a", "b"]);
        shown.plain.clear();
        assert_eq!(lines(&shown), ["T", "", "<b>a</b>", "b"]);
    }
}
