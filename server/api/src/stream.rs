//! StreamMessages: whatever has arrived is judged together, and answered in order.

use crate::{
    error::{ApiError, wire_status},
    locale::Locale,
    moderation::{Ask, Moderation, rpc_status},
};
use futures_util::{
    StreamExt,
    stream::{self, BoxStream, ReadyChunks},
};
use std::sync::Arc;
use tokio::sync::watch;
use tonic::{Status, Streaming};
use umpire_proto::v1::{
    StreamMessagesRequest as Asked, StreamMessagesResponse as Answer,
    stream_messages_response::Result as AnswerResult,
};
use umpire_tenancy::Caller;

/// Most messages judged together: enough to share a commit, few enough that the
/// first of them does not wait long for the last.
const CHUNK: usize = 64;

struct Conversation {
    service: Moderation,
    caller: Arc<Caller>,
    locale: Locale,
    asked: ReadyChunks<Streaming<Asked>>,
    draining: watch::Receiver<bool>,
    ended: bool,
}

/// The answers to a stream of questions. The next ones are read only when the
/// answers before have been taken.
pub(crate) fn answers(
    service: Moderation,
    caller: Arc<Caller>,
    locale: Locale,
    asked: Streaming<Asked>,
    draining: watch::Receiver<bool>,
) -> BoxStream<'static, Result<Answer, Status>> {
    let asked = asked.ready_chunks(CHUNK);
    let state = Conversation { service, caller, locale, asked, draining, ended: false };
    stream::unfold(state, |mut state| async move {
        let answers = state.next().await?;
        Some((stream::iter(answers), state))
    })
    .flatten()
    .boxed()
}

impl Conversation {
    /// The next answers; `None` at the end.
    async fn next(&mut self) -> Option<Vec<Result<Answer, Status>>> {
        if self.ended {
            return None;
        }
        let chunk = tokio::select! {
            chunk = self.asked.next() => chunk?,
            _ = self.draining.wait_for(|draining| *draining) => {
                self.ended = true;
                return Some(vec![Err(ApiError::ShuttingDown.status(self.locale))]);
            }
        };
        if let Err(error) = self.service.recheck(&self.caller) {
            self.ended = true;
            return Some(vec![Err(error.status(self.locale))]);
        }
        let (asked, broken) = split(chunk);
        let mut answers: Vec<_> = self.judge(&asked).await.into_iter().map(Ok).collect();
        if let Some(status) = broken {
            self.ended = true;
            answers.push(Err(wire_status(status, self.locale)));
        }
        Some(answers)
    }

    async fn judge(&self, asked: &[Asked]) -> Vec<Answer> {
        let call = match self.service.call(&self.caller, "").await {
            Ok(call) => call,
            Err(error) => {
                let failed = |asked: &Asked| self.answer(asked, Err(error.clone()));
                return asked.iter().map(failed).collect();
            }
        };
        let questions = asked.iter().map(|asked| self.question(asked)).collect();
        let results = self.service.check_all(&call, questions).await;
        asked.iter().zip(results).map(|(asked, result)| self.answer(asked, result)).collect()
    }

    fn question<'a>(&self, asked: &'a Asked) -> Result<(umpire_model::Message<'a>, Ask), ApiError> {
        let missing = |path| ApiError::invalid(path, "must be set");
        let check = asked.check.as_ref().ok_or_else(|| missing("check"))?;
        crate::names::own_tenant(&self.caller, &check.parent)?;
        let message = check.message.as_ref().ok_or_else(|| missing("check.message"))?;
        let message = self.service.message(message, "check.message")?;
        Ok((message, Ask::from_proto(check.mode, check.view, "check.")?))
    }

    fn answer(&self, asked: &Asked, result: Result<umpire_proto::v1::Verdict, ApiError>) -> Answer {
        let result = match result {
            Ok(verdict) => AnswerResult::Verdict(verdict),
            Err(error) => AnswerResult::Status(rpc_status(&error.status(self.locale))),
        };
        Answer { client_seq: asked.client_seq, result: Some(result) }
    }
}

/// The questions before the stream broke, and how it broke.
fn split(chunk: Vec<Result<Asked, Status>>) -> (Vec<Asked>, Option<Status>) {
    let mut asked = Vec::with_capacity(chunk.len());
    for item in chunk {
        match item {
            Ok(question) => asked.push(question),
            Err(status) => return (asked, Some(status)),
        }
    }
    (asked, None)
}
